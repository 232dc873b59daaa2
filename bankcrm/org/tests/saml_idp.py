"""A real SAML identity provider (pysaml2) as a process: `python saml_idp.py PORT FOLDER`.

The folder holds server.pem, server.key and sp.xml, the metadata of who asks. `/sso` answers a request at once, for the
`user` of its query, as JSON of what a browser would post; `unsigned=1` and `audience=…` make bad answers.
"""

import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_UNSPECIFIED, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256


def config(base, folder):
    return {
        "entityid": f"{base}/metadata",
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "key_file": f"{folder}/server.key",
        "cert_file": f"{folder}/server.pem",
        "metadata": {"local": [f"{folder}/sp.xml"]},
        "service": {
            "idp": {
                "endpoints": {"single_sign_on_service": [(f"{base}/sso", BINDING_HTTP_REDIRECT)]},
                "policy": {
                    "default": {
                        "lifetime": {"minutes": 5},
                        "attribute_restrictions": None,
                        "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
                    }
                },
                "sign_response": False,
            }
        },
    }


def answer(server, query):
    asked = server.parse_authn_request(query["SAMLRequest"][0], BINDING_HTTP_REDIRECT).message
    where = server.response_args(asked, [BINDING_HTTP_POST])
    if "audience" in query:
        where["sp_entity_id"] = query["audience"][0]
    user = query["user"][0]
    made = server.create_authn_response(
        {"uid": [user]},
        in_response_to=where["in_response_to"],
        destination=where["destination"],
        sp_entity_id=where["sp_entity_id"],
        name_id=NameID(format=NAMEID_FORMAT_UNSPECIFIED, text=user),
        authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "authn_auth": server.config.entityid},
        sign_assertion="unsigned" not in query,
        sign_response=False,
        sign_alg=SIG_RSA_SHA256,
        digest_alg=DIGEST_SHA256,
    )
    encoded = base64.b64encode(str(made).encode()).decode()
    return {"SAMLResponse": encoded, "RelayState": query.get("RelayState", [""])[0]}


def main():
    port, folder = int(sys.argv[1]), sys.argv[2]
    loaded = IdPConfig()
    loaded.load(config(f"http://127.0.0.1:{port}", folder))
    server = Server(config=loaded)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(answer(server, parse_qs(urlsplit(self.path).query))).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

    HTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()

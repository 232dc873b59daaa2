/* Security keys: a button with data-webauthn="create" or "get" asks the browser for what stands in #webauthn-options and
   sends the answer with its form. Plain functions that browsers of 2021 know. */
(function () {
  "use strict";
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function listed(items) {
    return (items || []).map(function (one) { return { type: one.type, id: bytes(one.id) }; });
  }
  function asked(kind) {
    var options = JSON.parse(document.getElementById("webauthn-options").textContent).publicKey;
    options.challenge = bytes(options.challenge);
    if (kind === "create") {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = listed(options.excludeCredentials);
    } else {
      options.allowCredentials = listed(options.allowCredentials);
    }
    return { publicKey: options };
  }
  function answer(made) {
    var parts = { clientDataJSON: text(made.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (made.response[name]) parts[name] = text(made.response[name]);
    });
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response: parts, clientExtensionResults: {}
    });
  }
  document.querySelectorAll("[data-webauthn]").forEach(function (button) {
    if (!window.PublicKeyCredential) {
      button.disabled = true;
      document.getElementById("webauthn-missing").hidden = false;
      return;
    }
    button.addEventListener("click", function () {
      var kind = button.dataset.webauthn;
      document.getElementById("webauthn-failed").hidden = true;
      navigator.credentials[kind](asked(kind)).then(function (made) {
        button.form.elements.answer.value = answer(made);
        button.form.submit();
      }).catch(function () { document.getElementById("webauthn-failed").hidden = false; });
    });
  });
})();

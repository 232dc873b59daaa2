"""Fetches the browser's libraries named in package-lock.json into bankcrm/core/static/vendor, without Node.

The lock file holds names, versions and SHA-512 sums but no addresses: the address of a package is built from its
name and version through the configured registry (`npm_config_registry`, `.npmrc`, else npm's own), because banks
install from their own mirror. Nothing but the files of `FILES` is unpacked. Standard library only.
"""

import argparse
import base64
import configparser
import hashlib
import io
import json
import os
import re
import sys
import tarfile
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "bankcrm" / "core" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
PUBLIC_REGISTRY = "https://registry.npmjs.org"

# package: {file in the package: file in vendor/}
FILES = {
    "@alpinejs/csp": {"dist/cdn.min.js": "alpine/alpine-csp.min.js"},
    "@tabler/core": {
        "dist/css/tabler.min.css": "tabler/tabler.min.css",
        "dist/js/tabler.min.js": "tabler/tabler.min.js",
    },
    "@tabler/icons-webfont": {
        "dist/tabler-icons.min.css": "tabler-icons/tabler-icons.min.css",
        "dist/fonts/tabler-icons.woff2": "tabler-icons/fonts/tabler-icons.woff2",
        "dist/fonts/tabler-icons.woff": "tabler-icons/fonts/tabler-icons.woff",
        "dist/fonts/tabler-icons.ttf": "tabler-icons/fonts/tabler-icons.ttf",
    },
    "cytoscape": {"dist/cytoscape.min.js": "cytoscape/cytoscape.min.js"},
    "echarts": {"dist/echarts.min.js": "echarts/echarts.min.js"},
    "htmx.org": {"dist/htmx.min.js": "htmx/htmx.min.js"},
    "tom-select": {
        "dist/css/tom-select.bootstrap5.min.css": "tom-select/tom-select.bootstrap5.min.css",
        "dist/js/tom-select.complete.min.js": "tom-select/tom-select.complete.min.js",
    },
}

# The maps are not shipped, and the manifest of static files would look for them.
SOURCE_MAP = re.compile(rb"\n?(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]*\*/)\s*")


class AssetError(Exception):
    """An asset could not be had; the message says what to do."""


def registry() -> str:
    """The npm registry configured on this machine, without a trailing slash."""
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        if os.environ.get(name):
            return os.environ[name].rstrip("/")
    for path in (ROOT / ".npmrc", Path.home() / ".npmrc", Path("/etc/npmrc")):
        try:
            text = path.read_text(encoding="utf-8")
        except OSError:
            continue
        settings = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True, delimiters=("=",))
        settings.read_string("[npm]\n" + text)
        if value := settings["npm"].get("registry"):
            return value.strip().strip("\"'").rstrip("/")
    return PUBLIC_REGISTRY


def locked(lock: Path) -> dict[str, tuple[str, str]]:
    """Name → (version, integrity) of each package of the lock file."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {
        path.removeprefix("node_modules/"): (entry["version"], entry["integrity"])
        for path, entry in packages.items()
        if path
    }


def tarball_name(name: str, version: str) -> str:
    """The file name npm gives a package's archive; the scope is not part of it."""
    return f"{name.rsplit('/', 1)[-1]}-{version}.tgz"


def download(name: str, version: str, offline: Path | None) -> bytes:
    """The archive of a package, from the folder `offline` when given, else from the registry."""
    if offline is not None:
        path = offline / name.replace("/", "__") / tarball_name(name, version)
        try:
            return path.read_bytes()
        except OSError as error:
            raise AssetError(f"{path} is missing: make the bundle again with `make bundle`.") from error
    address = f"{registry()}/{name}/-/{tarball_name(name, version)}"
    last: Exception | None = None
    for _attempt in range(3):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return bytes(answer.read())
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            last = error
    raise AssetError(
        f"cannot fetch {name} {version} from the npm registry ({last}).\n"
        "Check the network, or name your mirror: npm_config_registry=<address>; "
        "with no registry at all use an archive made by `make bundle`."
    ) from last


def check(name: str, content: bytes, integrity: str) -> None:
    """Raises AssetError unless the archive has the locked SHA-512 sum."""
    algorithm, _, expected = integrity.partition("-")
    if algorithm != "sha512":
        raise AssetError(f"package-lock.json has no SHA-512 sum for {name}.")
    actual = base64.b64encode(hashlib.sha512(content).digest()).decode()
    if actual != expected:
        raise AssetError(f"{name} is not the file that was locked (SHA-512 differs). Nothing was unpacked.")


def unpack(name: str, content: bytes) -> None:
    """Writes the wanted files of one archive into the vendor folder."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        for source, target in FILES[name].items():
            try:
                member = archive.extractfile(f"package/{source}")
            except KeyError:
                member = None
            if member is None:
                raise AssetError(f"{name} has no file {source}: its layout has changed; see FILES in tools/assets.py.")
            data = member.read()
            if target.endswith((".js", ".css")):
                data = SOURCE_MAP.sub(b"\n", data)
            path = VENDOR / target
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(path.name + ".part")
            partial.write_bytes(data)
            partial.replace(path)


def fingerprint(lock: Path) -> str:
    """Changes whenever the locked packages or the list of files change."""
    return hashlib.sha256(lock.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def complete() -> bool:
    """Whether every wanted file is there."""
    return all((VENDOR / target).is_file() for files in FILES.values() for target in files.values())


def install(offline: Path | None = None) -> bool:
    """Brings vendor/ up to date. Returns False when there was nothing to do."""
    lock = ROOT / "package-lock.json"
    mark = fingerprint(lock)
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == mark and complete():
        return False
    versions = locked(lock)
    for name in FILES:
        version, integrity = versions[name]
        content = download(name, version, offline)
        check(name, content, integrity)
        unpack(name, content)
    STAMP.write_text(mark, encoding="utf-8")
    return True


def save(folder: Path) -> None:
    """Keeps the checked archives in `folder`, for a bundle that installs with no network."""
    versions = locked(ROOT / "package-lock.json")
    for name in FILES:
        version, integrity = versions[name]
        content = download(name, version, None)
        check(name, content, integrity)
        path = folder / name.replace("/", "__") / tarball_name(name, version)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def main() -> int:
    """Command line of this script; exit code 0 or, with a message, 3."""
    parser = argparse.ArgumentParser(description="Fetch the browser's libraries by package-lock.json.")
    parser.add_argument("--offline", type=Path, help="a folder of archives made with --save")
    parser.add_argument("--save", type=Path, help="only keep the archives in this folder")
    arguments = parser.parse_args()
    try:
        if arguments.save:
            save(arguments.save)
        else:
            install(arguments.offline)
    except AssetError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())

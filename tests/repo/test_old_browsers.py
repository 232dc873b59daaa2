"""Branch PCs run Chromium of 2021 (92 to 96) in domestic browsers: our own styles and scripts keep to what that draws.

Each entry says since when a feature is there and what an older browser does with it. Vendored files are judged in
`docs/architecture.md`, not here.
"""

import re

import pytest

from tests.repo.source import ROOT

CSS = {
    r":has\(": "Chromium 105: the whole rule is dropped",
    r"@container\b|container-type\s*:": "Chromium 105: the block is dropped",
    r"@layer\b": "Chromium 99: the block is dropped, and with it the styles in it",
    r"@scope\b": "Chromium 118: the block is dropped",
    r"@starting-style\b": "Chromium 117: the block is dropped",
    r"color-mix\(": "Chromium 111: the declaration is dropped, text may lose its colour",
    r"\b(?:oklch|oklab|lch|lab)\(": "Chromium 111: the declaration is dropped",
    r"\bsubgrid\b": "Chromium 117: the grid's rows or columns are none",
    r"\d(?:dvh|svh|lvh|dvw|svw|lvw)\b": "Chromium 108: the size is dropped",
    r"(?<![\w-])(?:translate|rotate|scale)\s*:": "Chromium 104 as properties of their own: not moved",
    r"accent-color\s*:\s*(?!auto)": "Chromium 93, one of the oldest in use is 92: use own colours",
    r"text-wrap\s*:": "Chromium 114: ignored, headings break elsewhere",
    r"\((?:width|height)\s*[<>]": "Chromium 104: ranges in media queries, the block is dropped",
    r"(?m)^\s*&|[{;]\s*&": "Chromium 112: nested rules are dropped",
}
JS = {
    r"\bstructuredClone\(": "Chromium 98: ReferenceError, the script ends",
    r"\.at\(": "Chromium 92, but domestic builds stand at 86 too: TypeError",
    r"\bObject\.hasOwn\(": "Chromium 93: TypeError",
    r"\.findLast(?:Index)?\(": "Chromium 97: TypeError",
    r"\.(?:toSorted|toReversed|toSpliced|with)\(": "Chromium 110: TypeError",
    r"\bObject\.groupBy\(|\bMap\.groupBy\(": "Chromium 117: TypeError",
    r"\bArray\.fromAsync\(": "Chromium 121: TypeError",
    r"\bPromise\.withResolvers\(": "Chromium 119: TypeError",
    r"\.replaceChildren\(": "Chromium 86, two years before what domestic builds started from: TypeError",
    r"(?m)^\s*(?:static\s+)?#\w+\s*[=;(]": "Chromium 84 fields, 94 static blocks: SyntaxError, the whole file is lost",
    r"\bstatic\s*\{": "Chromium 94: SyntaxError, the whole file is lost",
    r"\?\?=|\|\|=|&&=": "Chromium 85: SyntaxError, the whole file is lost",
    r"\bnavigation\.navigate\(|\bstartViewTransition\(": "Chromium 102, 111: TypeError",
    r"\bpopover\b|\bshowPopover\(": "Chromium 114: nothing opens",
}
COMMENTS = re.compile(r"/\*.*?\*/", re.S)


def own_files(suffix):
    return sorted(
        path for path in ROOT.glob(f"bankcrm/*/static/**/*{suffix}") if "vendor" not in path.relative_to(ROOT).parts
    )


def too_new(text, patterns):
    """The features of a text that an old browser does not know: (line, feature, reason)."""
    bare = COMMENTS.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text)
    return [
        (bare.count("\n", 0, match.start()) + 1, match[0].strip(), reason)
        for pattern, reason in patterns.items()
        for match in re.finditer(pattern, bare)
    ]


@pytest.mark.parametrize(("suffix", "patterns"), [(".css", CSS), (".js", JS)], ids=["css", "js"])
def test_our_own_files_know_nothing_newer_than_2021(suffix, patterns):
    files = own_files(suffix)
    assert len(files) >= 3, "the files have moved: this test looks at nothing"
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what} ({why})"
        for path in files
        for line, what, why in too_new(path.read_text(encoding="utf-8"), patterns)
    ]
    assert not found, "\n".join(found)


NEW_CSS = [
    "a:has(b) {}", "@container (min-width: 1px) {}", ".x { container-type: size }", "@layer a {}", "@scope (a) {}",
    "@starting-style {}", "a { color: color-mix(in srgb, red, blue) }", "a { color: oklch(1 0 0) }",
    "a { grid-template-rows: subgrid }", "a { height: 100dvh }", "a { rotate: 3deg }", "a { accent-color: red }",
    "h1 { text-wrap: balance }", "@media (width >= 600px) {}", "a { &:hover { color: red } }",
]  # fmt: skip
NEW_JS = [
    "structuredClone(a)", "a.at(-1)", "Object.hasOwn(a, b)", "a.findLast(f)", "a.toSorted()", "Object.groupBy(a, f)",
    "Array.fromAsync(a)", "Promise.withResolvers()", "a.replaceChildren()", "class A {\n  #x = 1;\n}",
    "class A { static { } }", "a ??= 1", "document.startViewTransition(f)", "a.showPopover()",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "patterns"),
    [*((text, CSS) for text in NEW_CSS), *((text, JS) for text in NEW_JS)],
    ids=[*NEW_CSS, *NEW_JS],
)
def test_each_feature_is_found_where_it_stands_and_not_in_a_comment(text, patterns):
    assert too_new(text, patterns)
    assert not too_new(f"/* {text} */", patterns)


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("a { transform: rotate(3deg); height: min(100vh, 90%); inset: 0 }", CSS),
        ("@media (max-width: 575px) { .a > .b:not(.c) { gap: 4px } }", CSS),
        ("var a = b.replaceAll('x', 'y'); a.closest('.b').requestSubmit(); c ? d.e : f", JS),
        ("location.hash = '#x'; a = b || c; if (a && b) { d(); }", JS),
    ],
)
def test_what_browsers_of_2021_know_is_let_through(text, patterns):
    assert not too_new(text, patterns)

"""What code names is there: documents with the heading that is cited, and files by their path.

A citation is a path from the root (or from the folder of the module), and for a design page the
heading too: docs/design/security.md, "Budgets". Read are the docstrings and comments of modules,
the scripts that run the gate, and the pages themselves.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    module
    for package in ("bot", "handlers", "storage", "tools", "tests")
    for module in (ROOT / package).rglob("*.py")
)
PAGES = sorted((ROOT / "docs").rglob("*.md"))
SCRIPTS = [ROOT / "Makefile", ROOT / ".ci" / "run"]
DESIGN = "docs/design/"
NAMED = re.compile(
    r"(?<![\w/.<-])(?P<name>(?:docs|bot|handlers|storage|tests|\.ci)/[\w./-]*\w|[\w/.-]*\w\.md)"
    r"(?P<headings>,? \"[^\"]+\"(?:(?:,| and|, and) \"[^\"]+\")*)?"
)
LABELS = re.compile(r"\b[RSI]\d{1,2}\b|\bthreats? [A-Z]\b|\b(?:section|rule) [A-Z]?\d")
"""Numbers of a plan that nobody can look up here."""
WORTH_READING = re.compile(
    r"\.md|(?:docs|bot|handlers|storage|tests|\.ci)/|\b[RSI]\d|\b(?:threat|section|rule)"
)
"""Most modules name nothing; taking them apart costs the time."""
EXAMPLE = re.compile(r"^\s*(?:Example: |Examples: )?privacydesk .*$", re.MULTILINE)
"""A command's help shows file names of its reader."""


def faults_in(text: str, folder: Path) -> list[str]:
    """What is named in a docstring or comment and cannot be found."""
    prose = " ".join(EXAMPLE.sub("", text).split())
    labels = [f"{found[0]}: of which page?" for found in LABELS.finditer(prose)]
    return [
        *labels,
        *(fault for named in NAMED.finditer(prose) for fault in _faults(named, folder)),
    ]


def _faults(named: re.Match[str], folder: Path) -> Iterator[str]:
    name = named["name"]
    page = next((base / name for base in (ROOT, folder) if (base / name).exists()), None)
    if page is None:
        yield f"{name}: no such file"
        return
    headings = re.findall(r'"([^"]+)"', named["headings"] or "") if page.suffix == ".md" else []
    if name.startswith(DESIGN) and not headings:
        yield f"{name}: under which heading?"
    known = headings_of(page) if headings else set()
    yield from (f"{name}: no heading {one!r}" for one in headings if one not in known)


def headings_of(page: Path) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE))


def said_in(source: str) -> Iterator[str]:
    """Every docstring, also of a constant, and every run of comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
    run: list[str] = []
    last = -1
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        if token.start[0] != last + 1:
            yield "\n".join(run)
            run = []
        run.append(token.string.lstrip("# "))
        last = token.start[0]
    yield "\n".join(run)


def test_whatever_a_module_names_exists_with_its_heading():
    missing = [
        f"{module.relative_to(ROOT)}: {fault}"
        for module in MODULES
        if WORTH_READING.search(source := module.read_text(encoding="utf-8"))
        for text in said_in(source)
        for fault in faults_in(text, module.parent)
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_whatever_a_page_names_exists_with_its_heading(page: Path):
    text = page.read_text(encoding="utf-8")
    files = set(re.findall(r"`((?:bot|handlers|storage|tests)/[\w./-]+)", text))
    cited = re.findall(r"\]\(([\w./-]+\.md)\), \"([^\"]+)\"", " ".join(text.split()))

    assert [name for name in files if not (ROOT / name).exists()] == []
    assert [
        (name, heading) for name, heading in cited if heading not in headings_of(page.parent / name)
    ] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_whatever_a_script_names_exists(script: Path):
    text = script.read_text(encoding="utf-8")

    assert faults_in(text, ROOT) == []


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ('"""As docs/design/purse.md says."""', "docs/design/purse.md: no such file"),
        ('"""As counted (security.md)."""', "security.md: no such file"),
        ('"""As docs/design/engine.md says."""', "docs/design/engine.md: under which heading?"),
        (
            '"""See docs/design/engine.md, "Purses"."""',
            "docs/design/engine.md: no heading 'Purses'",
        ),
        (
            '"""See docs/design/security.md, "Codes" and\n"Purses"."""',
            "docs/design/security.md: no heading 'Purses'",
        ),
        ("MOST = 5\n# See\n# docs/decision.md.", "docs/decision.md: no such file"),
        ('MOST = 5\n"""As bot/gone.py says."""', "bot/gone.py: no such file"),
        ('"""No message is lost (R1)."""', "R1: of which page?"),
        ('"""Every approval is void (rule I4)."""', "rule I4: of which page?"),
        ('"""As planned (threat B)."""', "threat B: of which page?"),
        ('"""As planned (section 4)."""', "section 4: of which page?"),
    ],
)
def test_a_planted_citation_of_nothing_is_found(planted: str, fault: str):
    found = [one for text in said_in(planted) for one in faults_in(text, ROOT / "bot")]

    assert fault in found


def test_a_right_citation_is_taken():
    text = (
        'See docs/design/security.md, "Codes" and\n"Budgets", docs/answers.md and storage/keys.py.'
    )

    assert faults_in(text, ROOT) == []


def test_a_page_in_the_modules_own_folder_may_be_named():
    assert faults_in("See data/README.md.", ROOT / "bot" / "answering") == []
    assert faults_in("See data/README.md.", ROOT / "storage") == ["data/README.md: no such file"]

"""The house keeps its shape: directions, sizes, and docs that say what the code does."""

import ast
import importlib
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from storykeep.rescue.meanings import _MEANINGS as MEANINGS
from storykeep.text.lint.codes import CODES

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "storykeep"
FILES = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]


def lengths():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def test_imports_go_one_way():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_functions_are_short():
    sizes = sorted(lengths())
    assert statistics.median(size for size, _ in sizes) <= 10
    assert sizes[int(len(sizes) * 0.9)][0] <= 30
    assert sizes[-1][0] <= 80, sizes[-1]


@pytest.mark.parametrize("word", ["manager", "helper", "util", "utils", "handler", "common", "misc"])
def test_no_room_is_called_by_an_empty_word(word):
    assert [path for path in FILES if path.stem == word] == []


def test_every_module_says_what_it_is_for():
    silent = [
        path.relative_to(ROOT)
        for path in FILES
        if path.stat().st_size and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []


def test_every_command_is_documented():
    from storykeep.cli import COMMANDS

    reference = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    for name in COMMANDS:
        command = importlib.import_module(f"storykeep.cli.{name}").command
        assert f"## storykeep {name}" in reference
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert f"`{option}" in reference, f"{name} {option}"


RULES = re.compile(
    r"document\.|epub\.(?:contents|storykeep)|chapter\.(?:label|number|title)|page\.(?:copyright|posted-by)"
    r"|journal\.(?:community|poster|subject)|mail\.(?:from|list-prefix|newsgroups|part|subject|subject-by)"
)
"""What looks like the code of a finding and is a rule of evidence, or a field."""


def codes_of_findings():
    """Every literal in the rooms that read and rescue whose family is one of the families of findings."""
    families = {code.partition(".")[0] for code in (*MEANINGS, *CODES)}
    for room in ("sources", "text", "rescue", "site/desk"):
        for path in (SOURCE / room).rglob("*.py"):
            if "platforms" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                word = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
                if re.fullmatch(r"[a-z-]+\.[a-z-]+", word) and word.partition(".")[0] in families:
                    yield word


def test_every_finding_is_explained_in_the_reference_and_has_a_heading():
    reference = (ROOT / "docs/reference/findings.md").read_text("utf-8")
    codes = {code for code in codes_of_findings() if not RULES.match(code)}
    assert len(codes) > 100
    assert sorted(code for code in codes if f"`{code}`" not in reference) == []
    assert sorted(code for code in codes if code not in MEANINGS and not code.startswith("gap.")) == []


def test_the_how_tos_name_only_findings_that_exist():
    reference = (ROOT / "docs/reference/findings.md").read_text("utf-8")
    unknown = {
        f"{page.name}: {code}"
        for page in (ROOT / "docs/how-to").glob("rescue-*.md")
        for cell in re.findall(r"^\| (`[^|]+`) \|", page.read_text("utf-8"), re.MULTILINE)
        for code in re.findall(r"`([a-z-]+\.[a-z-]+)`", cell)
        if f"`{code}`" not in reference
    }
    assert unknown == set()


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_tests_that_documents_name_exist():
    named = {
        name
        for page in ROOT.glob("docs/**/*.md")
        for name in re.findall(r"`(tests/[\w/]+\.py::\w+)`", page.read_text("utf-8"))
    }
    assert named
    assert sorted(name for name in named if name not in all_tests()) == []


def all_tests() -> set[str]:
    return {
        f"{path.relative_to(ROOT)}::{name}"
        for path in ROOT.glob("tests/**/test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }


def test_every_test_asserts_something():
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not asserts(node)
    ]
    assert silent == []


def asserts(test):
    """Say whether a test asserts: itself, by pytest.raises, or through something whose name says that it does."""
    named = {name.id for name in ast.walk(test) if isinstance(name, ast.Name)}
    named |= {part.attr for part in ast.walk(test) if isinstance(part, ast.Attribute)}
    said = ("assert", "raises", "expect", "check")
    return any(isinstance(n, ast.Assert) for n in ast.walk(test)) or any(w in n for n in named for w in said)

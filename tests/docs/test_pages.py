"""The pages that are written from the code are current, and what the others claim can be checked."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from pathlib import Path

import click
import pytest

from gouji.cli import cli
from gouji.form.facts import Measure, RelationKind
from gouji.report.rules_page import rules_page
from tools.readme import rewritten

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def test_the_rules_page_is_current() -> None:
    """Run ``python -m gouji.report.rules_page`` after changing a rule's texts."""
    assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == rules_page()


def test_the_readme_shows_what_the_program_says() -> None:
    """Run ``python tools/readme.py`` after changing what a finding says."""
    assert (ROOT / "README.md").read_text(encoding="utf-8") == rewritten()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_and_files_hold(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_a_page_shows_exist(page: Path) -> None:
    for command in re.findall(r"(?:^|\s|`|\$ )gouji ([a-z]+)\b", page.read_text(encoding="utf-8")):
        assert command in cli.list_commands(click.Context(cli)), command


def glossary() -> dict[str, list[tuple[str, str]]]:
    """The (term, name) rows of each section of the glossary."""
    sections: dict[str, list[tuple[str, str]]] = {}
    heading = ""
    for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line
        row = re.match(r"\| ([^|`]+) \| `([^`]+)` \|", line)
        if row:
            sections.setdefault(heading, []).append((row[1], row[2]))
    return sections


def test_a_term_has_one_name_and_a_name_one_term() -> None:
    for heading, rows in glossary().items():
        for column in zip(*rows, strict=True):
            assert len(set(column)) == len(column), heading


@pytest.mark.parametrize("module", ["model.py", "form/facts.py"])
def test_every_class_of_the_vocabulary_is_in_the_glossary(module: str) -> None:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    source = (ROOT / "src/gouji" / module).read_text(encoding="utf-8")
    for name in re.findall(r"^class (\w+)", source, re.MULTILINE):
        assert f"`{name}`" in text, name


def test_every_concept_of_the_lexicon_is_in_the_glossary_and_no_other() -> None:
    lexicon = tomllib.loads((ROOT / "src/gouji/form/lexicon.toml").read_text(encoding="utf-8"))
    by_section = {
        section: {
            name for heading, rows in glossary().items() if f"`[{section}]`" in heading for _, name in rows
        }
        for section in lexicon
    }
    assert by_section == {section: set(concepts) for section, concepts in lexicon.items()}


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("## Measures (`Measure`, 计量内容)", Measure), ("## Relations (`Relation`, 勾稽关系)", RelationKind)],
)
def test_every_member_of_an_enumeration_is_in_the_glossary(heading: str, kind: type[StrEnum]) -> None:
    assert {name for _, name in glossary()[heading]} == {member.value for member in kind}

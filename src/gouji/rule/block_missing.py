"""A block that the form requires and the file does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gouji.form.definition import Block, FormDefinition
from gouji.form.facts import Facts, MoneyTable
from gouji.form.settings import Settings
from gouji.model import Finding, Place, Severity
from gouji.pattern import compiled
from gouji.rule.base import Rule, RuleDoc, finding

__all__ = ["RULE"]

_YEAR = compiled(r"-(20\d\d)$")
# what is printed on one attachment, and often handed in as a file of its own
_ATTACHMENTS = (frozenset({"headcount", "base", "buildings"}), frozenset({"funds", "indicators"}))
_REPORT = 8  # as many paragraphs of prose are a report with its attachments
_PROSE = 40


def _check(facts: Facts, _settings: Settings) -> Iterator[Finding]:
    definition = facts.definition
    if definition is None:
        return
    present = {
        "indicators": bool(facts.indicators),
        "funds": any(t.kind == "funds" for t in facts.money)
        or any(t.column("rate") is not None for t in facts.money)
        or any(_states_the_whole(t) for t in facts.money),
        "lines": any(t.kind == "lines" for t in facts.money),
        "base": any(
            len([c for c in t.columns if c.role == "executed"]) >= 1 and t.kind == "lines"
            for t in facts.money
        ),
        "headcount": any("establishment" in r.slots for r in facts.records),
        "buildings": any("approved_scale" in r.slots for r in facts.records),
    }
    absent = _other_attachment(facts, definition, present)
    if absent:
        named = "”“".join(block.title for block in absent)
        yield finding(
            RULE,
            f"本文件没有“{named}”，即“{definition.title}”的另一张表。另行报送的可以不理会；没有另行报送的请补齐。",
            Place(facts.document.path, label=absent[0].title),
            severity=Severity.INFO,
            basis=definition.basis,
        )
    for block in definition.blocks:
        if block in absent:
            continue
        if block.required and block.kind == "indicators" and not facts.indicators and facts.unfilled:
            yield finding(
                RULE,
                f"“{block.title}”一块一项也没有填。请填报。",
                facts.unfilled[0].place,
                severity=Severity.ERROR,
                basis=definition.basis,
            )
        elif block.required and not present[block.kind]:
            yield finding(
                RULE,
                f"没有找到“{block.title}”一块；“{definition.title}”要求填报。请补齐，或核对报送的文件是否完整。",
                Place(facts.document.path, label=block.title),
                severity=Severity.INFO if _of_another_year(facts) else None,
                basis=definition.basis,
            )


def _other_attachment(
    facts: Facts, definition: FormDefinition, present: Mapping[str, bool]
) -> tuple[Block, ...]:
    """The required blocks of an attachment of which the file has nothing, if it is the other attachment alone and no report."""
    if sum(len(p.text) >= _PROSE for p in facts.document.paragraphs) >= _REPORT or facts.unfilled:
        return ()
    for own, other in (_ATTACHMENTS, _ATTACHMENTS[::-1]):
        printed = tuple(block for block in definition.blocks if block.kind in other and block.required)
        whole = all(
            present[block.kind] for block in definition.blocks if block.kind in own and block.required
        )
        if printed and whole and any(present[k] for k in own) and not any(present[k] for k in other):
            return printed
    return ()


def _of_another_year(facts: Facts) -> bool:
    """Whether the file is about another year than the form as described: what that year's form asks for is not known."""
    described = _YEAR.search(facts.definition.id) if facts.definition is not None else None
    spent = [c.year for t in facts.money for c in t.columns if c.role == "executed" and c.year is not None]
    year = facts.year if facts.year is not None else max(spent, default=None)
    return described is not None and year is not None and year != int(described[1])


def _states_the_whole(table: MoneyTable) -> bool:
    """Whether a block without rate states budget and spending of the department's whole money, by 基本支出 and 项目支出."""
    concepts = {row.concept for row in table.rows}
    budget, spent = table.column("adjusted", "budget", "opening"), table.column("executed")
    return (
        budget is not None
        and spent is not None
        and "total" in concepts
        and bool(concepts & {"basic", "project"})
    )


RULE = Rule(
    code="GJ501",
    name="block-missing",
    group="structure",
    severity=Severity.WARNING,
    basis=None,
    doc=RuleDoc(
        what="认得的表式，其必填的部分（如基础数据、资金、指标）在文件里没有找到；指标一块一项也没有填的报错。"
        "表式分几张表、文件只有其中一张的（如只有基础数据表），不作警告，只提一句。",
        why="缺块的报送材料会被整份退回。",
        example="自评表里没有资金一块，提示。",
        fix_safety="不自动修改。",
    ),
    check=_check,
)

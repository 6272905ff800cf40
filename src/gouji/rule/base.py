"""What a rule is, and the one way to make a finding from it.

A rule is one file in this package that defines ``RULE``; nothing else has to be touched to add one
(:mod:`gouji.rule.registry` finds it). Its texts live with it, so that ``gouji explain`` and docs/rules.md
can never say something else than the code next to them does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from gouji.frozen import frozen
from gouji.model import Alternative, Finding, Fix, Place, Severity

if TYPE_CHECKING:
    from gouji.form.facts import Facts
    from gouji.form.settings import Settings

__all__ = ["GROUPS", "Rule", "RuleDoc", "finding"]

GROUPS = {
    "internal": "程序自身",
    "answers": "填报内容",
    "arithmetic": "加总与比率",
    "scores": "分值与得分",
    "spelling": "写法与格式",
    "structure": "结构与表间关系",
    "narrative": "文字与表格",
}
"""Every group of rules with its name for users; the order is that of the codes (GJ0xx, GJ1xx, …)."""


@frozen
class RuleDoc:
    """The texts of ``gouji explain CODE``, in Chinese that a clerk understands.

    ``what`` says what is compared with what; ``why`` what goes wrong if nobody looks; ``example`` shows one
    faulty and one right case; ``fix_safety`` says what the program may change by itself and what not.
    """

    what: str
    why: str
    example: str
    fix_safety: str


@frozen
class Rule:
    """One check.

    ``code`` (GJ and three digits) and ``name`` are promises to users' scripts. ``severity`` is the usual one;
    a single finding may carry another. ``basis`` names the regulation or form note behind the rule, None
    where plain arithmetic is the basis; a basis nobody re-read in its source says so. ``check`` looks at the
    facts of a document under the settings of its form and yields findings; it never changes anything and
    never raises on odd input (if it does, the run goes on and the crash itself is reported).
    """

    code: str
    name: str
    group: str
    severity: Severity
    basis: str | None
    doc: RuleDoc
    check: Callable[[Facts, Settings], Iterable[Finding]]


def finding(
    rule: Rule,
    message: str,
    location: Place,
    *,
    severity: Severity | None = None,
    observed: str | None = None,
    expected: str | None = None,
    relation: str | None = None,
    related: Iterable[Place] = (),
    basis: str | None = None,
    fix: Fix | None = None,
    alternatives: Iterable[Alternative] = (),
) -> Finding:
    """Makes a finding of ``rule``, which supplies code, name, severity and basis.

    Args:
        rule: the rule that speaks.
        message: one Chinese sentence: where, what is wrong, what to type.
        location: the cell or words judged faulty.
        severity: another severity than the rule's usual one.
        observed: the text as typed; that of ``location`` unless given.
        expected: the text as it should be typed, where that is known.
        relation: the arithmetic written out.
        related: the other places that take part.
        basis: a more specific basis than the rule's own.
        fix: the changes that would mend it.
        alternatives: explanations, most probable first.
    """
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=severity or rule.severity,
        message=message,
        location=location,
        observed=location.text if observed is None else observed,
        expected=expected,
        relation=relation,
        related=tuple(related),
        basis=basis or rule.basis,
        fix=fix,
        alternatives=tuple(alternatives),
    )

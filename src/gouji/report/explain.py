"""What ``gouji explain CODE`` says; docs/rules.md is made of the same texts."""

from __future__ import annotations

from gouji.report.words import SEVERITY
from gouji.rule.base import GROUPS, Rule

__all__ = ["basis_of", "explain_rule"]


def basis_of(rule: Rule) -> str:
    """What the rule rests on, in words."""
    return rule.basis or "算术，不需要文件依据。"


def explain_rule(rule: Rule) -> str:
    """The texts of a rule for a person at a terminal, in Chinese."""
    doc = rule.doc
    parts = [
        f"{rule.code}  {rule.name}  （{GROUPS[rule.group]}，通常为{SEVERITY[rule.severity]}）",
        f"查什么\n{doc.what}",
        f"为什么\n{doc.why}",
        f"例子\n{doc.example}",
        f"修改\n{doc.fix_safety}",
        f"依据\n{basis_of(rule)}",
    ]
    return "\n\n".join(part.strip().replace("\n", "\n  ") for part in parts) + "\n"

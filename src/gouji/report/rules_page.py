"""docs/rules.md, written from the rules themselves: ``python -m gouji.report.rules_page``."""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path

from gouji.report.explain import basis_of
from gouji.report.words import SEVERITY
from gouji.rule.base import GROUPS, Rule
from gouji.rule.registry import all_rules

__all__ = ["rules_page"]

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "rules.md"
_HEAD = """<!-- Written by `python -m gouji.report.rules_page` from src/gouji/rule/; edit those. -->

# 规则

`gouji explain 编号` 显示其中一条；`--select`、`--ignore` 按编号、编号开头、名称或分组选用规则。
“通常”指一般的严重程度；同一条规则在情况较轻时会降为警告或提示。
"""


def rules_page() -> str:
    """The whole page, Markdown."""
    rules = all_rules()
    parts = [_HEAD, _table(rules)]
    for group, members in groupby(rules, key=lambda rule: rule.group):
        parts.append(f"## {GROUPS[group]}（{group}）\n")
        parts += [_section(rule) for rule in members]
    return "\n".join(parts)


def _table(rules: tuple[Rule, ...]) -> str:
    lines = ["| 编号 | 名称 | 分组 | 通常 |", "| --- | --- | --- | --- |"]
    lines += [
        f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {GROUPS[rule.group]} "
        f"| {SEVERITY[rule.severity]} |"
        for rule in rules
    ]
    return "\n".join(lines) + "\n"


def _section(rule: Rule) -> str:
    doc = rule.doc
    return f"""### {rule.code} {rule.name}

通常：{SEVERITY[rule.severity]}

**查什么** {doc.what}

**为什么** {doc.why}

**例** {doc.example}

**修改** {doc.fix_safety}

**依据** {basis_of(rule)}
"""


def main() -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=_PAGE)
    parser.parse_args().output.write_text(rules_page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

"""Puts what the program really says about the example into README.md: ``python tools/readme.py``."""

from __future__ import annotations

import re
from pathlib import Path

import gouji

ROOT = Path(__file__).parents[1]
EXAMPLE = "examples/lusong-2024.xlsx"
SHOWN = ("GJ401", "GJ201", "GJ107")  # one finding of each of these rules
BLOCK = re.compile(r"(?<=what it says:\n\n```\n).*?(?=```)", re.DOTALL)


def excerpt(said: str) -> str:
    """The report's head, its first findings of the rules shown, and its last lines; left-out parts are ⋮."""
    head, *parts = re.split(r"\n(?=〔|  (?:错误|警告|提示)  )", said.rstrip("\n"))
    body, _, end = parts[-1].partition("\n\n")
    parts[-1] = body
    kept = [head.rstrip()]
    missing = set(SHOWN)
    for part in parts:
        code = part.split("\n", 1)[0].rsplit("  ", 1)[-1]
        if part.startswith("〔"):
            kept.append("\n" + part)
        elif code in missing:
            missing.discard(code)
            kept.append(part.rstrip())
        elif kept[-1] != "  ⋮":
            kept.append("  ⋮")
    return "\n".join([*kept, "", end]) + "\n"


def rewritten() -> str:
    """README.md with the excerpt as it is now."""
    report = gouji.check(ROOT / EXAMPLE).to_text().replace(str(ROOT / EXAMPLE), EXAMPLE)
    return BLOCK.sub(lambda _: excerpt(report), (ROOT / "README.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    (ROOT / "README.md").write_text(rewritten(), encoding="utf-8", newline="\n")

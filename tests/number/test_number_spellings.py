"""What every typed spelling means (spellings.yaml), and docs/numbers.md, which is made from the same table.

Run this file to write docs/numbers.md anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from gouji.model import Reading
from gouji.number import read_number

SECTIONS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("spellings.yaml").read_text("utf-8"))
ROWS: list[dict[str, Any]] = [row for section in SECTIONS for row in section["rows"]]
DOCUMENT = Path(__file__).parents[2] / "docs" / "numbers.md"

DEFAULTS: dict[str, Any] = {
    "kind": "number",
    "value": None,
    "decimals": 0,
    "unit": None,
    "comparison": None,
    "upper": None,
    "approximate": False,
    "spelling": "none",
    "normal": None,
    "candidates": [],
}

INTRODUCTION = """\
# What typed numbers mean

How `gouji.number.read_number` understands one typed text (a cell, or a short phrase) as an answer to
“how much?”. This page is made from `tests/number/spellings.yaml`, which the tests check row by row; write it
anew with `python tests/number/test_number_spellings.py`.

- A **number** or **percent** has a certain value. The value counts in the unit as printed (`1.3万人` is 1.3
  万人) and percent in percent points; the printed decimals are its precision. Where it is oddly spelled, the
  spelling is named and the normal spelling given.
- A **malformed** text has no certain value; the values that may have been meant follow, most plausible first.
  Other cells decide between them.
- A **date**, a **word**, a **placeholder** (something was typed that says nothing: 无, ——, /) and a **blank**
  are no amounts. A blank is not a zero.
- 以上, 以下 and 以内 include their end; 大于, 超过, 小于, 低于 do not.

The texts are shown as JSON strings where blanks or invisible characters matter.
"""


def as_row(reading: Reading) -> dict[str, Any]:
    """A reading with the keys and plain values of spellings.yaml."""
    return {
        "kind": reading.kind.value,
        "value": None if reading.value is None else str(reading.value),
        "decimals": reading.decimals,
        "unit": reading.unit,
        "comparison": reading.comparison,
        "upper": None if reading.upper is None else str(reading.upper),
        "approximate": reading.approximate,
        "spelling": reading.spelling.value,
        "normal": reading.normal,
        "candidates": [str(value) for value in reading.candidates],
    }


def expected(row: dict[str, Any]) -> dict[str, Any]:
    return DEFAULTS | {key: row[key] for key in DEFAULTS if key in row}


@pytest.mark.parametrize("row", ROWS, ids=[json.dumps(row["text"], ensure_ascii=False) for row in ROWS])
def test_what_a_typed_text_means(row: dict[str, Any]) -> None:
    reading = read_number(row["text"])
    assert as_row(reading) == expected(row)
    assert reading.text == row["text"]


def test_every_row_is_spelled_out_once() -> None:
    texts = [row["text"] for row in ROWS]
    assert len(texts) >= 150
    assert len(set(texts)) == len(texts)
    assert not {key for row in ROWS for key in row} - {*DEFAULTS, "text", "why"}


def test_the_page_in_the_documentation_is_current() -> None:
    assert DOCUMENT.read_text("utf-8") == page()


def page() -> str:
    """docs/numbers.md as it should be."""
    parts = [INTRODUCTION]
    for section in SECTIONS:
        parts += [
            f"## {section['section']}\n",
            f"{section['about']}\n",
            "| typed | means | spelling |",
            "| --- | --- | --- |",
        ]
        parts += [_line(row) for row in section["rows"]]
        parts.append("")
    return "\n".join(parts).rstrip("\n") + "\n"


def _line(row: dict[str, Any]) -> str:
    full = expected(row)
    odd = "" if full["spelling"] == "none" else full["spelling"]
    if full["normal"] is not None:
        odd += f", normally {_code(full['normal'])}"
    if "why" in row:
        odd += f"{'; ' if odd else ''}{row['why']}"
    return f"| {_code(row['text'])} | {_meaning(full)} | {odd} |"


def _meaning(full: dict[str, Any]) -> str:
    unit = f" {full['unit']}" if full["unit"] else ""
    if full["kind"] == "malformed":
        values = " or ".join(full["candidates"])
        return f"**malformed**: {values}{unit}"
    if full["value"] is None:
        return f"**{full['kind']}**"
    about = "about " if full["approximate"] else ""
    comparison = f"{full['comparison']} " if full["comparison"] else ""
    upper = f" to {full['upper']}" if full["upper"] is not None else ""
    return f"{full['kind']}: {comparison}{about}{full['value']}{upper}{unit}"


def _code(text: str) -> str:
    plain = text.isprintable() and text == text.strip() and text
    shown = (
        text
        if plain
        else json.dumps(text, ensure_ascii=not text.strip().isprintable()).replace("\u3000", "\\u3000")
    )
    return f"`{shown}`".replace("|", "\\|")


if __name__ == "__main__":
    DOCUMENT.write_text(page(), "utf-8")

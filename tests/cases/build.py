"""Builds every composed case from its case.yaml: the input file, truth.json, places.json and source.md.

usage: python -m tests.cases.build [--office] [CASE ...]      (from the root of the repository)

Each label that states arithmetic is recomputed, and :mod:`tests.cases.audit` reads every form once more for
faults that nobody labelled; the build fails where either disagrees. ``.xls`` inputs that exist are left alone
unless ``--office`` is given, because LibreOffice never writes the same bytes twice.
"""

# ruff: noqa: T201 - a script prints

from __future__ import annotations

import argparse
import json
import re
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import yaml

from tests.cases.audit import unlabelled
from tests.cases.sheetspec import (
    Block,
    Cell,
    cell_range,
    full_width,
    literal_columns,
    parse_grid,
    split_address,
)
from tests.cases.writers import write

__all__ = ["blocks_of", "build", "calculate", "labels_of", "main"]

HERE = Path(__file__).resolve().parent


def calculate(expression: str) -> str:
    """The value of a label's arithmetic: ``+ - * /``, ``pct(part, whole, places)``, ``r(value, places)``.

    Examples:
        >>> calculate("pct(188.5,200,2)")
        '94.25'
    """

    def rounded(value: Decimal, places: Decimal | int) -> Decimal:
        return value.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)

    def percent(part: Decimal, whole: Decimal, places: Decimal) -> Decimal:
        return rounded(100 * part / whole, places)

    code = re.sub(r"\d+(?:\.\d+)?", lambda found: f"D('{found[0]}')", expression)
    names = {"D": Decimal, "pct": percent, "r": rounded}
    value = eval(code, {"__builtins__": {}}, names)  # noqa: S307 - our own label files, names limited
    return f"{value:f}"


def blocks_of(spec: dict[str, Any]) -> list[Block]:
    """The paragraphs and tables of a case."""
    suffix = spec["format"]
    blocks: list[Block] = []
    by_sheet: dict[str, Block] = {}
    tables = 0
    wide = spec.get("punctuation") == "full"
    for part in spec["blocks"]:
        if "p" in part:
            blocks.append(Block(paragraph=full_width(part["p"]) if wide else part["p"]))
            continue
        name = part.get("sheet")
        if suffix not in ("xlsx", "xls"):
            tables += 1
            name = f"表{tables}"
        block = by_sheet.get(name)
        if block is None:
            block = by_sheet[name] = Block(
                sheet=name,
                titles=tuple(full_width(t) if wide else t for t in part.get("titles", ())),
                hidden_rows=tuple(part.get("hidden_rows", ())),
                hidden_cols=tuple(part.get("hidden_cols", ())),
                state=part.get("state", "visible"),
            )
            blocks.append(block)
        parse_grid(part["grid"], block, part.get("at", "A1"), wide=wide)
    return blocks


def _find(reference: str, blocks: list[Block]) -> tuple[Block, list[Cell]]:
    tables = [block for block in blocks if block.is_table]
    if reference.startswith("row:"):
        block, cells = _find(reference[4:], blocks)
        row = cells[0].row
        return block, [
            cell for (r, _), cell in sorted(block.cells.items()) if r == row and cell.rows == 1 and cell.raw
        ]
    if "!" in reference:
        sheet, _, area = reference.partition("!")
        block = next(table for table in tables if table.sheet == sheet)
        first, _, last = area.partition(":")
        top, left = split_address(first)
        bottom, right = split_address(last or first)
        found = block.cells.get((top, left))
        if found is None or last:
            found = Cell(top, left, found.raw if found else "", bottom - top + 1, right - left + 1)
        return block, [found]
    for block in tables:
        if reference in block.tags:
            return block, block.tags[reference]
    raise KeyError(f"no cell is tagged {reference}")


def _areas(references: list[str], blocks: list[Block], suffix: str) -> list[str]:
    out: dict[str, None] = {}
    for reference in references:
        block, cells = _find(reference, blocks)
        for cell in cells:
            out[f"{block.sheet}!{cell.area}"] = None
            if suffix == "txt":
                shift = literal_columns(block, cell.row)
                last = min(cell.col + cell.cols - 1, block.n_cols)
                span = shift[last] - shift[cell.col] + 1
                out[f"{block.sheet}!{cell_range(cell.row, shift[cell.col], cell.rows, span)}"] = None
    return list(out)


def _paragraphs(texts: list[str], blocks: list[Block]) -> list[int]:
    numbers = [
        number
        for number, block in enumerate((b for b in blocks if not b.is_table), start=1)
        for t in texts
        if t in block.paragraph
    ]
    return sorted(set(numbers))


def _place(entry: dict[str, Any], blocks: list[Block], suffix: str, *, wide: bool) -> dict[str, Any]:
    texts = list(entry.get("texts", ()))
    if wide:
        texts = [full_width(text) for text in texts]
    whole = "\n".join([b.paragraph for b in blocks] + [c.text for b in blocks for c in b.cells.values()])
    for text in texts:
        if text not in whole:
            raise ValueError(f"quoted text is nowhere in the form: {text}")
    place: dict[str, Any] = {"cells": _areas(entry.get("at", []), blocks, suffix), "texts": texts}
    numbers = _paragraphs(texts, blocks)
    if numbers:
        place["paragraphs"] = numbers
    return place


def _checked(entry: dict[str, Any], item: dict[str, Any], case: str) -> None:
    if "expr" not in entry:
        return
    value = calculate(str(entry["expr"]))
    if Decimal(value) != Decimal(str(entry.get("value", entry.get("want", "")))):
        raise ValueError(
            f"{case}: {item['id']} {entry['expr']} is {value}, not {entry.get('value', entry.get('want'))}"
        )
    item["check"] = {"expr": str(entry["expr"]), "value": value}


def labels_of(spec: dict[str, Any], blocks: list[Block]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The truth and the places of a case, every stated arithmetic recomputed.

    Raises:
        ValueError: if a label's arithmetic or quotation is wrong.
        KeyError: if a label names a cell that is not there.
    """
    suffix = spec["format"]
    case = spec["case"]
    wide = spec.get("punctuation") == "full"
    wrong, holds = [], []
    places: dict[str, Any] = {
        "_meta": {
            "case": case,
            "input": f"input.{suffix}",
            "report": None,
            "form": spec["form"],
            "truncated": False,
            "tables": {b.sheet: list(b.titles) for b in blocks if b.is_table},
        }
    }
    for number, entry in enumerate(spec.get("wrong") or [], start=1):
        item = {
            "id": f"X{number:02}",
            "kind": entry["kind"],
            "severity": entry["sev"],
            "certainty": entry.get("cert", "certain"),
            "location": entry["where"],
            "reported": str(entry.get("got", "")),
            "expected": str(entry.get("want", "")),
            "why": entry["why"],
        }
        _checked(entry, item, case)
        wrong.append(item)
        place = _place(entry, blocks, suffix, wide=wide)
        fix = entry.get("fix")
        place["fix"] = (
            {"cells": _areas(fix["at"], blocks, suffix), "values": [str(value) for value in fix["values"]]}
            if fix
            else None
        )
        places[item["id"]] = place
    for number, entry in enumerate(spec.get("holds") or [], start=1):
        item = {
            "id": f"H{number:02}",
            "kind": entry["kind"],
            "location": entry["where"],
            "expected": str(entry.get("want", "")),
        }
        _checked(entry, item, case)
        holds.append(item)
        places[item["id"]] = _place(entry, blocks, suffix, wide=wide)
    places["_ignore"] = []
    truth: dict[str, Any] = {
        "schema": 1,
        "case": case,
        "counts": {"inconsistencies": len(wrong)}
        | {
            severity: sum(x["severity"] == severity for x in wrong)
            for severity in ("error", "warning", "info")
        }
        | {"holds": len(holds)},
        "inconsistencies": wrong,
        "holds": holds,
    }
    if spec.get("same_root"):
        truth["same_root"] = [[f"X{number:02}" for number in group] for group in spec["same_root"]]
    return truth, places


def build(folder: Path, *, office: bool) -> list[str]:
    """Build one case; returns what the audit found unlabelled (empty when all is well)."""
    spec: dict[str, Any] = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8"))
    spec["case"] = folder.name
    suffix = spec["format"]
    blocks = blocks_of(spec)
    truth, places = labels_of(spec, blocks)
    target = folder / f"input.{suffix}"
    if suffix != "xls" or office or not target.exists():
        write(blocks, target)
    for name, content in (("truth.json", truth), ("places.json", places)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    source = [f"# {spec['title']}", f"- Composed, not collected: {spec['about']}"]
    source.append(
        "- Names, places and figures are invented; mistakes were put in by hand and labelled before any run."
    )
    (folder / "source.md").write_text("\n".join(source) + "\n", encoding="utf-8")
    return unlabelled(spec, blocks, places)


def main() -> int:
    """Build the cases named on the command line, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--office", action="store_true", help="rebuild the .xls inputs too")
    parser.add_argument("case", nargs="*")
    arguments = parser.parse_args()
    failed = False
    for path in sorted(HERE.glob("*/*/case.yaml")):
        if arguments.case and path.parent.name not in arguments.case:
            continue
        try:
            notes = build(path.parent, office=arguments.office)
        except (KeyError, ValueError, StopIteration) as problem:
            notes = [f"{type(problem).__name__}: {problem}"]
        failed = failed or bool(notes)
        print(f"{path.parent.parent.name}/{path.parent.name}: {'ok' if not notes else ''}")
        for note in notes:
            print(f"  {note}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

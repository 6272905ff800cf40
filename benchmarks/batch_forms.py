"""Workbooks for `gouji batch` by the thousand: three forms, known defects, the same files for the same number.

    uv run python -m benchmarks.batch_forms FOLDER [-n 1000]

A third each of hunan-2024, wuhan-2023 and central-project. The first two are the right examples of the tests, moved about and
named anew, the last is drawn by chance. Half of the files hold one known defect, some
of the others formulas in their calculated cells. ``truth.jsonl`` beside FOLDER says for
each file which places a finding may name (none: the file is right) and, where that is known, exactly which rules.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

from gouji.filling import Fate, Typed, fill_file
from gouji.form import locate
from gouji.source.document import Document, cell_name, cell_position
from tests.forms.change import each_grid, even, moved
from tests.forms.example import document_of, example, with_cells
from tests.forms.synthetic import generate
from tests.forms.synthetic_slips import SLIPS, slip

__all__ = ["make"]

ROOT = Path(__file__).parents[1]
_PLACES = ["城东", "城西", "城南", "城北", "江北", "江南", "河东", "河西", "新城", "开发"]
_BODIES = [
    "民政", "财政", "教育", "审计", "统计", "水利", "林业", "交通", "卫健", "文旅",
    "司法", "人社", "住建", "商务", "应急", "信访", "医保", "农业农村", "市场监管", "自然资源",
]  # fmt: skip


def _known() -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """The mutations of the tests that change cells only, by the example they change."""
    raw = yaml.safe_load((ROOT / "tests" / "forms" / "mutations.yml").read_text(encoding="utf-8"))
    made: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for name, mutation in raw.items():
        if set(mutation) <= {"of", "set", "findings"} and mutation["findings"]:
            made.setdefault(mutation["of"], []).append((name, mutation))
    return made


@cache
def _central_seeds(count: int) -> list[int]:
    """Seeds of drawn workbooks that are of the form central-project, whatever a check says of them."""
    seeds: list[int] = []
    seed = 0
    while len(seeds) < count:
        form = generate(seed)
        if form.sheet and locate(form.document()).form == "central-project":
            seeds.append(seed)
        seed += 1
    return seeds


def _shifted(cell: str, down: int, right: int) -> str:
    row, col = cell_position(cell) or (0, 0)
    return cell_name(row + down, col + right)


def _example(
    name: str, chance: random.Random, mutation: tuple[str, dict[str, Any]] | None
) -> tuple[Document, dict[str, Any]]:
    raw = example(name)
    truth: dict[str, Any] = {"form": raw["form"], "defect": None, "places": [], "codes": []}
    first = next(iter(raw["grids"]))
    if mutation is not None:
        raw = with_cells(raw, mutation[1]["set"])
        truth["defect"] = mutation[0]
    down, right = chance.choice(((0, 0), (0, 0), (1, 0), (3, 1), (0, 2)))
    if mutation is not None and any(text.startswith("=") for text in mutation[1]["set"].values()):
        down, right = 0, 0  # a formula names cells where they are
    if down or right:
        raw = each_grid(raw, lambda rows: moved(even(rows), down=down, right=right))
    if mutation is not None:
        for found in mutation[1]["findings"]:
            truth["codes"].append(found["code"])
            if found.get("cell"):
                sheet = found.get("sheet", first if len(raw["grids"]) == 1 else None)
                truth["places"].append([sheet, _shifted(found["cell"], down, right)])
    return document_of(raw, sheet=True), truth


def _forms(count: int) -> Iterator[tuple[Document, dict[str, Any]]]:
    known = _known()
    central = _central_seeds(-(-count // 3))
    kinds = sorted(SLIPS)
    for number in range(count):
        chance = random.Random(number)
        wrong = number % 6 >= 3
        if number % 3 == 2:
            seed = central[number // 3]
            drawn = next(
                (made for kind in chance.sample(kinds, len(kinds)) if wrong and (made := slip(kind, seed))),
                None,
            )
            form, places = drawn or (generate(seed), frozenset())
            yield (
                form.document(),
                {
                    "form": "central-project",
                    "defect": "slip" if drawn else None,
                    "places": sorted(map(list, places)),
                    "codes": None,
                },
            )
        else:
            name = ("hunan-2024", "wuhan-2023")[number % 3]
            yield _example(name, chance, chance.choice(known[name]) if wrong else None)


def write_workbook(document: Document, path: Path) -> None:
    """A document as a real workbook with the borders, fonts and merged cells that forms have."""
    options = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        formats: dict[str, Any] = {}
        for grid in document.grids:
            sheet = book.add_worksheet(grid.name)
            sheet.set_column(0, grid.n_cols, 14)
            for (row, col), cell in grid.cells.items():
                known = "General" if isinstance(cell.value, str) else cell.number_format
                style = formats.get(known) or formats.setdefault(
                    known,
                    book.add_format(
                        {"border": 1, "font_name": "宋体", "text_wrap": True, "num_format": known}
                    ),
                )
                if cell.rows * cell.cols > 1:
                    sheet.merge_range(row, col, row + cell.rows - 1, col + cell.cols - 1, "", style)
                if cell.formula:
                    sheet.write_formula(row, col, f"={cell.formula}", style, float(Decimal(str(cell.value))))
                elif isinstance(cell.value, Decimal):
                    sheet.write_number(row, col, float(cell.value), style)
                else:
                    sheet.write_string(row, col, str(cell.value or ""), style)


def make(folder: Path, count: int) -> Path:
    """Write the workbooks and the truth about them; the truth's path."""
    truth_file = folder.with_name(f"{folder.name}.truth.jsonl")
    with truth_file.open("w", encoding="utf-8") as stream:
        for number, (document, truth) in enumerate(_forms(count)):
            name = f"{_PLACES[number % 10]}{_BODIES[number // 10 % 20]}局{number:05d}"
            path = folder / f"{number // 500:02d}片" / name / "绩效自评表.xlsx"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_workbook(document, path)
            if truth["defect"] is None and number % 2 == 0:
                filled = fill_file(str(path), typed=Typed.REPLACE_EQUAL)
                if not filled.count(
                    Fate.KEPT, Fate.REFUSED
                ):  # a typed figure among formulas would be a defect
                    path.write_bytes(filled.package.to_bytes())
            truth["path"] = path.relative_to(folder).as_posix()
            stream.write(json.dumps(truth, ensure_ascii=False) + "\n")
    return truth_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-n", "--number", type=int, default=1000)
    options = parser.parse_args()
    print(make(options.folder, options.number))


if __name__ == "__main__":
    main()

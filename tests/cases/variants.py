"""Right forms and their damaged copies: each ``variants:`` entry of a case.yaml puts one labelled mistake in.

usage: python -m tests.cases.variants SET [--case NAME ...] [--misses] [--false-alarms] [--into FOLDER]
                                      (from the root of the repository)

A case with variants is a right form; a variant states what is typed instead (``set:`` a cell to its new
notation, ``say:`` a passage to its new words), and the label of the mistake. The damaged copies are built
when they are scored, into a folder of their own: only the right form is kept in the repository.

    variants:
      - {id: total, set: {E8: "5,507.00"}, kind: sum_mismatch, sev: error, at: [E8], fix: true, why: …}

``at`` lists where a finding may stand: the damaged cells by themselves, and others (a total, a score) that
follow from them. ``fix: true`` wants the old text of the damaged cells back. ``cert: likely`` is for damage
that a reader may or may not call a mistake.
"""

# ruff: noqa: T201 - a script prints

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from tests.cases import score
from tests.cases.build import blocks_of, labels_of
from tests.cases.sheetspec import Block, split_address
from tests.cases.writers import write

__all__ = ["built", "damaged", "main", "variants_of"]

HERE = Path(__file__).resolve().parent


def variants_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The damaged copies that a case describes."""
    return list(spec.get("variants") or [])


def _whole(reference: str, blocks: list[Block]) -> str:
    if "!" in reference:
        return reference
    first = next(block.sheet for block in blocks if block.is_table)
    return f"{first}!{reference}"


def damaged(blocks: list[Block], variant: dict[str, Any]) -> dict[str, str]:
    """Type a variant's mistakes into the blocks; the old notation of every cell changed, by its place.

    Raises:
        KeyError: if a cell is not there.
        ValueError: if a passage does not stand exactly once in the form.
    """
    old: dict[str, str] = {}
    for reference, raw in (variant.get("set") or {}).items():
        place = _whole(reference, blocks)
        sheet, _, name = place.partition("!")
        block = next(b for b in blocks if b.is_table and b.sheet == sheet)
        spot = split_address(name)
        cell = block.cells[spot]
        block.cells[spot] = dataclasses.replace(cell, raw=str(raw).replace(r"\n", "\n"))
        old[place] = cell.text
    for words, new in (variant.get("say") or {}).items():
        hits = 0
        for block in blocks:
            if not block.is_table and words in block.paragraph:
                block.paragraph = block.paragraph.replace(words, new)
                hits += 1
            for spot, cell in block.cells.items():
                if words in cell.raw:
                    block.cells[spot] = dataclasses.replace(cell, raw=cell.raw.replace(words, new))
                    hits += 1
        if hits != 1:
            raise ValueError(f"{words}: stands in {hits} places")
    return old


def built(folder: Path, target: Path) -> list[Path]:
    """Write the damaged copies of a case into ``target``, each a case of its own; the folders written."""
    spec: dict[str, Any] = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8"))
    out: list[Path] = []
    for variant in variants_of(spec):
        name = f"{folder.name}--{variant['id']}"
        blocks = blocks_of(spec)
        old = damaged(blocks, variant)
        label: dict[str, Any] = {
            key: variant[key] for key in ("kind", "sev", "cert", "expr", "value", "texts") if key in variant
        }
        label |= {"where": variant["id"], "why": variant["why"], "want": variant.get("want", "")}
        label["at"] = [_whole(reference, blocks) for reference in variant.get("at", [])]
        label["at"] += [place for place in old if place not in label["at"]]
        if variant.get("fix") is True:
            label["fix"] = {"at": list(old), "values": list(old.values())}
        elif variant.get("fix"):
            label["fix"] = {
                "at": [_whole(reference, blocks) for reference in variant["fix"]["at"]],
                "values": variant["fix"]["values"],
            }
        copy = spec | {
            "case": name,
            "wrong": [label, *(spec.get("wrong") or [])],
            "holds": [],
            "same_root": None,
        }
        truth, places = labels_of(copy, blocks)
        into = target / name
        into.mkdir(parents=True)
        write(blocks, into / f"input.{spec['format']}")
        for file, content in (("truth.json", truth), ("places.json", places)):
            (into / file).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        out.append(into)
    return out


def main() -> int:
    """Build and score the damaged copies of a set."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("set")
    parser.add_argument("--case", nargs="*", default=[])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--false-alarms", action="store_true")
    parser.add_argument("--into", type=Path, help="keep the copies in this folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        target = arguments.into or Path(temporary)
        folders: list[Path] = []
        for path in sorted((HERE / arguments.set).glob("*/case.yaml")):
            if not arguments.case or path.parent.name in arguments.case:
                folders += built(path.parent, target)
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda folder: score.score(folder, None), folders))
    for result in results:
        lines = [f"FAIL {note}" for note in result.failures]
        if arguments.misses:
            lines += [f"miss {note}" for note in result.misses]
        if arguments.false_alarms:
            lines += [f"false error {note}" for note in result.false_errors]
            lines += [f"false warning {note}" for note in result.false_warnings]
        if lines:
            print(result.case, *lines, sep="\n  ")
    print(
        f"{arguments.set}: {len(results)} damaged copies, "
        f"found {sum(r.found for r in results)}/{sum(r.wanted for r in results)}, "
        f"false errors {sum(len(r.false_errors) for r in results)}, "
        f"false warnings {sum(len(r.false_warnings) for r in results)}, "
        f"fix right {sum(r.right for r in results)} offered {sum(r.offered for r in results)} "
        f"of {sum(r.possible for r in results)}, "
        f"safe but wrong {sum(len(r.wrong_safe) for r in results)}, "
        f"failures {sum(bool(r.failures) for r in results)}"
    )
    return 1 if any(r.failures for r in results) else 0


if __name__ == "__main__":
    sys.exit(main())

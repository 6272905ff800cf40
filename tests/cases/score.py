"""Score ``gouji check`` on the composed cases beside this script. Standard library only.

usage: python tests/cases/score.py [SET] [--case NAME ...] [--misses] [--false-alarms] [--json]
                                   [--cmd "gouji check {input} --format json"]

SET is ``dev`` (the default), ``held2`` or a path to a folder of cases (case/input.*, truth.json, places.json).

recall     wanted labels (certain, error or warning) that a finding of error or warning points at;
           labels of one root count once; a finding serves one label (maximum matching)
mechanical the same over kinds that need no judgement
FA, FAw    findings of severity error (warning) that touch the place of no label, whatever its certainty
holds      relations known to be right that such a finding contradicts
fix        right / offered / possible repairs; ``!n`` safe fixes that are wrong
"""

# ruff: noqa: T201 - a script prints

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MECHANICAL = frozenset(
    {
        "sum_mismatch",
        "ratio_wrong",
        "number_format",
        "score_rule",
        "weight_sum",
        "weight_rule",
        "score_sum",
        "missing_reason",
        "missing_value",
        "value_type",
        "over_target_130",
        "over_budget",
        "cross_table",
        "narrative_vs_table",
        "unit_mismatch",
        "unit_missing",
        "stale_prior_year",
        "duplicate_label",
        "rounding",
        "arithmetic",
        "count_mismatch",
        "header_incomplete",
        "template_residue",
        "column_misuse",
    }
)
HEAVY = ("error", "warning")
SHORT_TEXT = 6  # quotations shorter than this must be contained whole
Spot = tuple[int, int]


def squash(text: object) -> str:
    """Text without any white space."""
    return re.sub(r"\s+", "", str(text or ""))


def bare(text: object) -> str:
    """A sheet's or table's name without spaces, quotation marks and brackets."""
    return re.sub(r"[\s《》“”\"'（）()\[\]]+", "", str(text or ""))


def number(text: object) -> float | None:
    """The number a fix writes, percentages as ratios; None where it is not one."""
    found = re.fullmatch(
        r"([-+]?\d+(?:\.\d+)?)(%|万元|元|分|人次|人|个|次|公里)?", re.sub("[,，]", "", squash(text))
    )
    if found is None:
        return None
    return float(found[1]) / (100 if found[2] == "%" else 1)


def spots(reference: str) -> tuple[str | None, set[Spot]]:
    """``Sheet!B3:D5`` as its sheet and its (row, column) pairs."""
    sheet, _, area = reference.replace("$", "").rpartition("!")
    out: set[Spot] = set()
    for part in re.split(r"[,;、，]", area):
        found = re.fullmatch(r"\s*([A-Za-z]{1,3})(\d+)(?::([A-Za-z]{1,3})(\d+))?\s*", part)
        if found is None:
            continue
        left, top = column(found[1]), int(found[2])
        right, bottom = (column(found[3]), int(found[4])) if found[3] else (left, top)
        out |= {
            (r, c)
            for r in range(min(top, bottom), max(top, bottom) + 1)
            for c in range(min(left, right), max(left, right) + 1)
        }
    return sheet.strip("'") or None, out


def column(letters: str) -> int:
    """The number of a column, from 1."""
    out = 0
    for letter in letters.upper():
        out = out * 26 + ord(letter) - 64
    return out


@dataclass
class Place:
    """Where a finding about one label may stand."""

    cells: dict[str | None, set[Spot]]
    texts: list[str]
    paragraphs: set[int]
    tables: dict[str, list[str]]
    workbook: bool

    def same_sheet(self, got: str | None, canon: str | None) -> bool:
        """Whether a finding's sheet is the table this label speaks of (one table: always)."""
        if len(self.tables) <= 1:
            return True
        mine = bare(got)
        if not mine or mine == bare(canon) or self.workbook:
            return bool(mine) and mine == bare(canon)
        return any(
            mine == bare(t) or bare(t) in mine or mine in bare(t) for t in self.tables.get(canon or "", [])
        )

    def hit(self, location: dict[str, Any]) -> bool:
        """Whether a location of a finding (or the cell of a change) lies here."""
        if location.get("cell"):
            sheet, cells = spots(str(location["cell"]))
            sheet = location.get("sheet") or sheet
            return any(cells & mine and self.same_sheet(sheet, canon) for canon, mine in self.cells.items())
        text, paragraph = squash(location.get("text")), location.get("paragraph")
        if not text:
            return False
        for quote in self.texts:
            if quote in text:
                return True
            near = paragraph is None or not self.paragraphs or paragraph in self.paragraphs
            if text in quote and (len(text) >= SHORT_TEXT or near):
                return True
            figures = set(re.findall(r"\d[\d.,]*", quote)) & set(re.findall(r"\d[\d.,]*", text))
            if paragraph is not None and paragraph in self.paragraphs and figures:
                return True
        return False


@dataclass
class Label:
    """One item of the truth."""

    ident: str
    kind: str
    severity: str
    wanted: bool
    where: str
    place: Place
    fix: dict[str, Any] | None


@dataclass
class Result:
    """What one case came to."""

    case: str
    failures: list[str] = field(default_factory=list)
    wanted: int = 0
    found: int = 0
    mechanical: int = 0
    mechanical_found: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    false_errors: list[str] = field(default_factory=list)
    false_warnings: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)
    right: int = 0
    offered: int = 0
    possible: int = 0
    wrong_safe: list[str] = field(default_factory=list)


def load(folder: Path) -> tuple[str, list[Label], list[tuple[str, str, Place]], list[set[str]], list[Place]]:
    """The input's name, labels, holds, groups of one root and places to ignore of a case."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    places = json.loads((folder / "places.json").read_text(encoding="utf-8"))
    meta = places["_meta"]

    def place(entry: dict[str, Any]) -> Place:
        cells: dict[str | None, set[Spot]] = {}
        for reference in entry.get("cells", []):
            sheet, area = spots(reference)
            cells.setdefault(sheet, set()).update(area)
        texts = [squash(text) for text in entry.get("texts", []) if squash(text)]
        book = str(meta["input"]).endswith((".xlsx", ".xls"))
        return Place(cells, texts, set(entry.get("paragraphs", [])), meta.get("tables") or {}, book)

    labels = [
        Label(
            x["id"],
            x["kind"],
            x["severity"],
            x["certainty"] == "certain" and x["severity"] in HEAVY,
            x["location"],
            place(places[x["id"]]),
            places[x["id"]].get("fix"),
        )
        for x in truth["inconsistencies"]
    ]
    holds = [(x["id"], x["kind"], place(places[x["id"]])) for x in truth["holds"]]
    return (
        str(meta["input"]),
        labels,
        holds,
        [set(group) for group in truth.get("same_root", [])],
        [place(entry) for entry in places.get("_ignore", [])],
    )


def run(command: str | None, path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """Run the program on one input: what went wrong, and its findings."""
    if command is None:
        start = "import sys; from gouji.cli import main; sys.exit(main())"
        words = [sys.executable, "-c", start, "check", str(path), "--format", "json"]
    else:
        words = [word.replace("{input}", str(path)) for word in shlex.split(command)]
    try:
        done = subprocess.run(words, capture_output=True, timeout=120, check=False)
        answer = json.loads(done.stdout.decode("utf-8"))
        findings = [f for document in answer["documents"] for f in document["findings"]]
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired) as problem:
        return [f"{type(problem).__name__}: {problem}"[:200]], []
    failures = [] if done.returncode in (0, 1) else [f"exit status {done.returncode}"]
    errors = any(f["severity"] == "error" for f in findings)
    if done.returncode in (0, 1) and errors != bool(done.returncode):
        failures.append(f"exit status {done.returncode} with{'' if errors else 'out'} an error")
    return failures, findings


def match(units: list[list[Label]], findings: list[dict[str, Any]]) -> dict[int, int]:
    """Give each unit (labels of one root) a finding of its own, as many as possible; wanted units first."""
    heavy = [i for i, f in enumerate(findings) if f["severity"] in HEAVY]
    reach = [[i for i in heavy if any(x.place.hit(findings[i]["location"]) for x in unit)] for unit in units]
    owner: dict[int, int] = {}

    def give(unit: int, tried: set[int]) -> bool:
        for i in reach[unit]:
            if i in tried:
                continue
            tried.add(i)
            if i not in owner or give(owner[i], tried):
                owner[i] = unit
                return True
        return False

    for unit in sorted(range(len(units)), key=lambda k: (not any(x.wanted for x in units[k]), len(reach[k]))):
        give(unit, set())
    return {unit: i for i, unit in owner.items()}


def same(value: object, values: list[str]) -> bool:
    """Whether a fix writes one of the right values."""
    mine = number(value)
    close = 1e-9
    return squash(value) in {squash(v) for v in values} or any(
        mine is not None and other is not None and abs(mine - other) < close for other in map(number, values)
    )


def score(folder: Path, command: str | None) -> Result:
    """Run and score one case."""
    name, labels, holds, groups, ignored = load(folder)
    result = Result(folder.name)
    result.failures, findings = run(command, folder / name)
    units = [members for group in groups if (members := [x for x in labels if x.ident in group])]
    units += [[x] for x in labels if not any(x.ident in group for group in groups)]
    got = match(units, findings)
    for k, unit in enumerate(units):
        wanted = [x for x in unit if x.wanted]
        if not wanted:
            continue
        mechanical = any(x.kind in MECHANICAL for x in wanted)
        tally = result.kinds.setdefault(wanted[0].kind, [0, 0])
        tally[1] += 1
        result.wanted += 1
        result.mechanical += mechanical
        if k in got:
            tally[0] += 1
            result.found += 1
            result.mechanical_found += mechanical
        else:
            result.misses.append(
                f"{wanted[0].ident} {wanted[0].kind} {wanted[0].severity}: {wanted[0].where}"
            )
    for finding in findings:
        place = finding["location"]
        if finding["severity"] not in HEAVY or any(x.place.hit(place) for x in labels):
            continue
        if any(p.hit(place) for p in ignored):
            continue
        spot = f"{place.get('sheet')}!{place.get('cell') or place.get('text')}"
        text = f"{finding['code']} {spot}: {finding['message']}"
        (result.false_errors if finding["severity"] == "error" else result.false_warnings).append(text)
        for ident, kind, hold in holds:
            soft = kind in ("trap", "over_target_ok", "round_ok")
            if hold.hit(place) and (finding["severity"] == "error" or soft):
                result.contradicted.append(f"{ident} by {text}")
    repairs(result, labels, units, got, findings)
    return result


def repairs(
    result: Result,
    labels: list[Label],
    units: list[list[Label]],
    got: dict[int, int],
    findings: list[dict[str, Any]],
) -> None:
    """Count right, offered and possible repairs, and safe ones that are wrong."""

    def changes(finding: dict[str, Any]) -> list[dict[str, Any]]:
        fix = finding.get("fix")
        return list(fix["changes"]) if fix and fix["applicability"] != "display" else []

    def at(label: Label, change: dict[str, Any]) -> bool:
        assert label.fix is not None
        cells: dict[str | None, set[Spot]] = {}
        for reference in label.fix["cells"]:
            sheet, area = spots(reference)
            cells.setdefault(sheet, set()).update(area)
        return Place(cells, [], set(), label.place.tables, label.place.workbook).hit(change)

    fixable = [x for x in labels if x.fix and x.wanted]
    for label in fixable:
        own = next(k for k, unit in enumerate(units) if label in unit)
        here = [c for f in findings for c in changes(f) if at(label, c)]
        matched = own in got and bool(changes(findings[got[own]]))
        result.possible += 1
        result.offered += bool(here) or matched
        result.right += any(same(c["new"], label.fix["values"]) for c in here if label.fix)
    for finding in findings:
        for change in changes(finding):
            if finding["fix"]["applicability"] != "safe" or number(change["new"]) is None:
                continue
            if number(change["new"]) == number(change["old"]):
                continue  # spelling only
            if any(same(change["new"], x.fix["values"]) for x in labels if x.fix and at(x, change)):
                continue
            if any(x.place.hit(change) for x in labels if not x.fix):
                continue
            result.wrong_safe.append(
                f"{finding['code']} {change['cell']}: {change['old']} -> {change['new']}"
            )


def rate(found: int, of: int) -> str:
    """``17/20 85%``."""
    return f"{found}/{of} {100 * found // of}%" if of else "0/0"


def main() -> int:
    """Score a set and print a table, or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set", nargs="?", default="dev")
    parser.add_argument("--case", action="append")
    parser.add_argument("--cmd")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--false-alarms", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    base = HERE / options.set if (HERE / options.set).is_dir() else Path(options.set)
    folders = [
        p.parent
        for p in sorted(base.glob("*/places.json"))
        if not options.case or p.parent.name in options.case
    ]
    results = [score(folder, options.cmd) for folder in folders]
    if options.json:
        print(json.dumps([vars(r) for r in results], ensure_ascii=False, indent=1))
        return 0
    kinds: dict[str, list[int]] = {}
    print(f"{'case':28} {'recall':>12} {'mechanical':>12} {'FA':>3} {'FAw':>3} {'holds':>5} {'fix':>8}")
    for r in results:
        for kind, (found, of) in r.kinds.items():
            tally = kinds.setdefault(kind, [0, 0])
            tally[0] += found
            tally[1] += of
        line(r, f"{'' if not r.failures else ' FAIL ' + r.failures[0]}")
        if options.misses:
            print("".join(f"    miss {text}\n" for text in r.misses), end="")
        if options.false_alarms:
            alarms = r.false_errors + r.false_warnings
            print("".join(f"    false {text}\n" for text in alarms), end="")
            print("".join(f"    contradicts {text}\n" for text in r.contradicted), end="")
            print("".join(f"    wrong safe fix {text}\n" for text in r.wrong_safe), end="")
    total = Result("total")
    for r in results:
        for key, value in vars(r).items():
            if isinstance(value, (int, list)):
                setattr(total, key, getattr(total, key) + value)
    line(total, f" {sum(bool(r.failures) for r in results)} failures in {len(results)} cases")
    order = sorted(kinds.items(), key=lambda item: -item[1][1])
    print("by kind: " + ", ".join(f"{kind} {found}/{of}" for kind, (found, of) in order))
    return 0


def line(r: Result, tail: str) -> None:
    """Print one row of the table."""
    fix = f"{r.right}/{r.offered}/{r.possible}" + (f"!{len(r.wrong_safe)}" if r.wrong_safe else "")
    print(
        f"{r.case:28} {rate(r.found, r.wanted):>12} {rate(r.mechanical_found, r.mechanical):>12} "
        f"{len(r.false_errors):3} {len(r.false_warnings):3} {len(r.contradicted):5} {fix:>8}{tail}"
    )


if __name__ == "__main__":
    sys.exit(main())

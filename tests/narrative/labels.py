"""The hand-labelled texts, read; and what the program found held against them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from gouji.model import Confidence
from gouji.narrative import Figure, FigurePair, PairKind, StatedRelation, TextPiece
from gouji.narrative.phrase import joined, key_of, similarity
from gouji.number.unit import normal_unit

FOLDER = Path(__file__).parent / "labelled"
_MARKUP = re.compile(
    r"\{(?:#(?P<id>\w+) )?(?P<typed>[^|{}]+)\|(?P<concept>[^|{}]+)\|(?P<measure>\w+)(?:\|(?P<year>\d{4}))?\}"
)
_UNIT = re.compile(
    r"^(?:[≥≤>＞<＜]|超过|不[低高]于|不少于|不超过|[低高]于|控制在|近|约)?[\d一二三四五六七八九十两,.，\s]+(?P<multiplier>[万亿]?)(?:余|多)?(?P<unit>[^\d余]*?)(?:以上|以下|以内|左右)?$"
)
_PARTS = {"千分之": "‰", "万分之": "‱"}
_SAME = {
    "actual": {"actual", "unknown", "executed"},
    "unknown": {"unknown", "executed", "actual", "income"},
    "rate": {"rate", "actual"},
    "executed": {"executed", "unknown"},
}
"""Measures that mean the same for matching: a count reached is an actual and money given is spent, whether or not
the sentence says 实际 or 支出."""


@dataclass(frozen=True)
class Label:
    """One labelled figure: its place, and what a careful reader says it states."""

    paragraph: int
    start: int
    end: int
    typed: str
    concept: str
    measure: str
    year: int
    name: str | None

    @property
    def unit(self) -> str | None:
        """The printed unit without its number."""
        if self.typed[:3] in _PARTS:
            return _PARTS[self.typed[:3]]
        found = _UNIT.match(self.typed)
        if found is None:
            return None
        return (found["multiplier"] + found["unit"]) or None


@dataclass(frozen=True)
class LabelledText:
    """One labelled report."""

    name: str
    part: str
    year: int
    pieces: tuple[TextPiece, ...]
    labels: tuple[Label, ...]
    relations: tuple[tuple[tuple[Decimal, ...], str], ...]
    pairs: tuple[tuple[str, str, str], ...]
    observations: tuple[tuple[str, str], ...]


def read(path: Path) -> LabelledText:
    """Read one labelled text."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    pieces: list[TextPiece] = []
    labels: list[Label] = []
    for number, marked in enumerate(raw["paragraphs"], 1):
        text, at = "", 0
        for found in _MARKUP.finditer(marked):
            text += marked[at : found.start()]
            start = len(text)
            text += found["typed"]
            year = int(found["year"] or raw["year"])
            labels.append(
                Label(
                    number,
                    start,
                    len(text),
                    found["typed"],
                    found["concept"],
                    found["measure"],
                    year,
                    found["id"],
                )
            )
            at = found.end()
        text += marked[at:]
        assert "|" not in text, (path, text)
        pieces.append(TextPiece(path.stem, text, number))
    return LabelledText(
        name=path.stem,
        part=path.parent.name,
        year=raw["year"],
        pieces=tuple(pieces),
        labels=tuple(labels),
        relations=tuple(_relation(line) for line in raw.get("relations") or ()),
        pairs=tuple((str(a), str(b), str(kind)) for a, b, kind in raw.get("pairs") or ()),
        observations=tuple(tuple(line.split(" ", 1)) for line in raw.get("observations") or ()),
    )


def _relation(line: str) -> tuple[tuple[Decimal, ...], str]:
    arithmetic, standing = line.rsplit(" ", 1)
    return tuple(Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", arithmetic)), standing


def texts(part: str) -> Iterator[LabelledText]:
    """The labelled texts of one part, by name."""
    for path in sorted((FOLDER / part).glob("*.yaml")):
        yield read(path)


def concept_fits(label: Label, figure: Figure) -> bool:
    """Whether the concept found names what the label names.

    The label's words must be found, three characters in four and in order, in what the program calls the
    quantity: its concept, alone or with the line item it says the figure belongs to.
    """
    names = [figure.concept, joined(figure.owner or "", figure.concept)]
    names.extend(joined(subject, figure.concept) for subject in figure.subject[-1:])
    for concept in label.concept.split("/"):
        wanted = key_of(concept)
        for name in names:
            key = key_of(name)
            if similarity(key, wanted) >= 0.75 or (len(wanted) >= 2 and wanted in key) or concept in name:
                return True
        if concept in ("支出", "部门整体支出", "部门预算") and figure.line == "total":
            return True
    return False


def _plain_unit(unit: str | None) -> str | None:
    return normal_unit(unit.replace("（", "(").replace("）", ")")) if unit else None


@dataclass
class Score:
    """Counts of right and wrong, added up over texts; ``wrong`` holds a line for each mistake."""

    labelled: int = 0
    found: int = 0
    spans: int = 0
    attributes: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("concept", "measure", "year", "unit"), 0)
    )
    all_right: int = 0
    pairs_labelled: int = 0
    pairs_found: int = 0
    pairs_right: int = 0
    relations_labelled: int = 0
    relations_right: int = 0
    failures_found: int = 0
    failures_right: int = 0
    confusion: dict[tuple[str, str], int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def score_figures(text: LabelledText, figures: tuple[Figure, ...], score: Score) -> None:
    """Hold the figures found against the labels."""
    by_span = {(figure.piece.paragraph, figure.start): figure for figure in figures}
    score.labelled += len(text.labels)
    score.found += len(figures)
    seen: set[int] = set()
    for label in text.labels:
        figure = by_span.get((label.paragraph, label.start))
        if figure is None or figure.typed.strip() != label.typed.strip():
            near = [
                f.typed
                for f in figures
                if f.piece.paragraph == label.paragraph and f.start < label.end and f.end > label.start
            ]
            score.wrong.append(f"{text.name}: span {label.typed} {label.concept}: {near}")
            if not near:
                continue
            figure = next(
                f
                for f in figures
                if f.piece.paragraph == label.paragraph and f.start < label.end and f.end > label.start
            )
        else:
            score.spans += 1
        seen.add(id(figure))
        right = {
            "concept": concept_fits(label, figure),
            "measure": figure.measure in _SAME.get(label.measure, {label.measure}),
            "year": figure.period.year == label.year,
            "unit": _plain_unit(figure.unit) == _plain_unit(label.unit),
        }
        for name, value in right.items():
            score.attributes[name] += value
        score.all_right += all(right.values())
        pair = (label.measure, str(figure.measure))
        score.confusion[pair] = score.confusion.get(pair, 0) + 1
        bad = [name for name, value in right.items() if not value]
        if bad:
            score.wrong.append(
                f"{text.name}: {label.typed} {'/'.join(bad)}: labelled {label.concept}|{label.measure}|{label.year}|{label.unit}"
                f" found {figure.concept}|{figure.measure}|{figure.period.year}|{figure.unit} own={figure.owner}"
            )
    for figure in figures:
        if id(figure) not in seen:
            score.wrong.append(f"{text.name}: not labelled: {figure.typed} {figure.concept}")


_KIND = {"agrees": PairKind.AGREES, "differs": PairKind.DIFFERS, "unit": PairKind.UNIT_DIFFERS}


def score_pairs(text: LabelledText, pairs: tuple[FigurePair, ...], score: Score) -> None:
    """Hold the pairs found against the labelled ones.

    A pair that agrees, or is only possible (which no rule tells), may be left unlabelled without harm.
    """
    names = {(label.paragraph, label.start): label.name for label in text.labels if label.name}
    wanted = {frozenset((a, b)): _KIND[kind] for a, b, kind in text.pairs}
    score.pairs_labelled += len(wanted)
    hit: set[frozenset[str]] = set()
    for pair in pairs:
        ends = [names.get((f.piece.paragraph or 0, f.start)) for f in (pair.first, pair.second)]
        key = frozenset(name for name in ends if name)
        told = f"{pair.first.typed} {pair.first.concept} / {pair.second.typed} {pair.second.concept}"
        if len(key) == 2 and wanted.get(key) is pair.kind:
            hit.add(key)
            score.pairs_found += 1
            score.pairs_right += 1
        elif pair.kind is not PairKind.AGREES and pair.confidence is not Confidence.POSSIBLE:
            score.pairs_found += 1
            score.wrong.append(f"{text.name}: pair {pair.kind} {pair.confidence}: {told}")
    for key in wanted.keys() - hit:
        score.wrong.append(f"{text.name}: pair missed: {sorted(key)}")
        score.pairs_found += 0


def score_relations(text: LabelledText, relations: tuple[StatedRelation, ...], score: Score) -> None:
    """Hold the relations found against the labelled ones, by their printed numbers."""
    found: dict[tuple[Decimal, ...], StatedRelation] = {}
    for relation in relations:
        printed = sorted(abs(term.figure.value or Decimal(0)) for term in relation.terms)
        found[tuple(printed)] = relation
        if relation.kind == "change":
            now, change, rate = (relation.terms[1].figure, relation.terms[0].figure, relation.whole)
            values = [f.value or Decimal(0) for f in (change, now, rate)]
            for earlier in (values[1] - values[0], values[1] + values[0]):
                found[tuple(sorted((values[0], earlier, values[2])))] = relation
    score.relations_labelled += len(text.relations)
    fails = {tuple(sorted(numbers)) for numbers, standing in text.relations if standing == "fails"}
    for numbers, standing in text.relations:
        match = found.get(tuple(sorted(numbers)))
        if match is not None and match.standing == standing:
            score.relations_right += 1
        else:
            told = match.standing if match else "not found"
            score.wrong.append(f"{text.name}: relation {[str(n) for n in numbers]} {standing}: {told}")
    for numbers, relation in found.items():
        if relation.standing == "fails" and relation.certainty != "possible":
            score.failures_found += 1
            if numbers in fails:
                score.failures_right += 1
            else:
                score.wrong.append(f"{text.name}: wrong failure: {relation.arithmetic}")

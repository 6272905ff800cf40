"""Precision and recall of the narrative on the hand-labelled texts, alone and beside tables, and its speed.

usage: python benchmarks/narrative.py [--part dev|held] [--mistakes] [--speed]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "narrative"))

from labels import Score, score_figures, score_pairs, score_relations, texts

from gouji.narrative import TextPiece, extract, observations, pairs, statements
from tests.narrative import tying


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {100 * part / whole:.1f}%" if whole else "-"


def _report(part: str, *, mistakes: bool) -> None:
    score = Score()
    count = 0
    for text in texts(part):
        count += 1
        figures = extract(text.pieces)
        score_figures(text, figures, score)
        score_pairs(text, pairs(figures), score)
        score_relations(text, statements(figures), score)
    print(f"{part}: {count} texts, {score.labelled} figures labelled, {score.found} found")
    print(
        f"  figures: precision {_share(score.spans, score.found)}, recall {_share(score.spans, score.labelled)}"
    )
    for name, right in score.attributes.items():
        print(f"  {name}: {_share(right, score.labelled)}")
    print(f"  concept, measure, year and unit all right: {_share(score.all_right, score.labelled)}")
    print(
        f"  pairs: precision {_share(score.pairs_right, score.pairs_found)}, recall {_share(score.pairs_right, score.pairs_labelled)}"
    )
    print(f"  stated arithmetic found and judged: {_share(score.relations_right, score.relations_labelled)}")
    print(f"  arithmetic called wrong that is: {_share(score.failures_right, score.failures_found)}")
    print("  measures confused (labelled, found, times):")
    for (wanted, got), times in sorted(score.confusion.items(), key=lambda item: -item[1]):
        if wanted != got:
            print(f"    {wanted:14}{got:14}{times}")
    if mistakes:
        for line in score.wrong:
            print("   ", line)


def _ties(part: str, *, mistakes: bool) -> None:
    tally = tying.Tally()
    count = 0
    for text in tying.texts(part):
        count += 1
        tying.score_ties(text, tally)
    print(f"{part}, beside tables: {count} texts, {tally.stating} figures state a cell, {tally.alone} none")
    print(f"  ties: precision {_share(tally.right, tally.tied)}, recall {_share(tally.right, tally.stating)}")
    if mistakes:
        for line in tally.wrong:
            print("   ", line)


def _speed() -> None:
    pieces: list[TextPiece] = []
    for text in [*texts("dev"), *texts("held")]:
        pieces.extend(text.pieces)
    size = sum(len(piece.text) for piece in pieces)
    pages = 1000
    for factor in (1, 2, 4, 8):
        many = [
            TextPiece(f"{piece.document}{copy}", piece.text, piece.paragraph)
            for copy in range(factor)
            for piece in pieces
        ]
        start = time.process_time()
        figures = extract(many)
        statements(figures)
        pairs(figures)
        observations(many, figures)
        took = time.process_time() - start
        print(
            f"  {factor * size} characters (about {factor * size // pages} pages), {len(figures)} figures: {took:.3f} s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("dev", "held"))
    parser.add_argument("--mistakes", action="store_true")
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    for part in (options.part,) if options.part else ("dev", "held"):
        _report(part, mistakes=options.mistakes)
        _ties(part, mistakes=options.mistakes)
    if options.speed:
        _speed()


if __name__ == "__main__":
    main()

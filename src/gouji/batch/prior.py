"""Last year's files of the same department, in a folder like this year's; matched by folder and name, with a confidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from gouji.batch.discover import Submission
from gouji.batch.names import core, is_numbering
from gouji.frozen import frozen
from gouji.model import Confidence

__all__ = ["Matched", "match"]

_LIKE = 0.75  # least likeness of two departments' names
_CLEARLY = 0.1  # by how much the best must lead


@frozen
class Matched:
    """Last year's submission of a department, and how sure it is that it is the same department."""

    submission: Submission
    confidence: Confidence


def match(now: Iterable[Submission], earlier: Iterable[Submission]) -> dict[str, Matched]:
    """Last year's submission for each of this year's that has one, by the id of this year's; each is given once."""
    now, earlier = tuple(now), tuple(earlier)
    found: dict[str, Matched] = {}
    taken: set[str] = set()
    for key, confidence in ((_place, Confidence.CERTAIN), (_known, Confidence.CERTAIN)):
        ours, theirs = _unique(now, key), _unique(earlier, key)
        for known, one in ours.items():
            other = theirs.get(known)
            if other is not None and one.id not in found and other.id not in taken:
                found[one.id] = Matched(other, confidence)
                taken.add(other.id)
    for one in now:
        if one.id in found or not _known(one):
            continue
        other = _likest(one, [each for each in earlier if each.id not in taken and _known(each)])
        if other is not None:
            found[one.id] = Matched(other, Confidence.LIKELY)
            taken.add(other.id)
    return found


def _place(one: Submission) -> tuple[str, str] | None:
    return (one.folder, one.name) if _known(one) else None


def _known(one: Submission) -> str | None:
    """The department's name, where the submission's name is one."""
    known = core(one.name)
    return known if known and not is_numbering(known) else None


def _unique(given: Iterable[Submission], key: object) -> dict[object, Submission]:
    """The submissions by a key that only one of them has."""
    groups: dict[object, list[Submission]] = defaultdict(list)
    for one in given:
        known = key(one)  # type: ignore[operator]  # None was left out above
        if known is not None:
            groups[known].append(one)
    return {known: ones[0] for known, ones in groups.items() if len(ones) == 1}


def _likest(one: Submission, others: Iterable[Submission]) -> Submission | None:
    """The submission whose department's name is clearly the likest: 市民政局 for 民政局."""
    ours = _known(one) or ""
    ranked = sorted(
        ((_likeness(ours, _known(other) or ""), other.id, other) for other in others),
        key=lambda each: (-each[0], each[1]),
    )
    if not ranked or ranked[0][0] < _LIKE:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _CLEARLY:
        return None
    return ranked[0][2]


def _likeness(one: str, other: str) -> float:
    if one in other or other in one:
        return 0.8 + 0.2 * min(len(one), len(other)) / max(len(one), len(other))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()

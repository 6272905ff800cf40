"""Numbering of items and attachments announced against attachments present."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.model import Confidence
from gouji.narrative.figures import Observation, ObservationKind, TextPiece
from gouji.narrative.outline import item_mark
from gouji.narrative.phrase import similarity
from gouji.number.find import Role, find_numbers
from gouji.pattern import compiled

__all__ = ["attachments", "numbering"]

_NUMERALS = "零一二三四五六七八九十"
_TITLE_MARKS = compiled(r"[\s《》“”（）()\d年度.．、]+")


def numbering(pieces: Sequence[TextPiece]) -> list[Observation]:
    """Gaps and repetitions in item numbers: 一、二、四; 1. 2. 2.

    A sequence that starts anew is fine, and so is one whose first numbers Word writes by itself.
    """
    found: list[Observation] = []
    last: dict[str, tuple[int, TextPiece]] = {}
    document: str | None = None
    for piece in pieces:
        if piece.document != document:
            document, last = piece.document, {}
        mark = item_mark(piece.text)
        if mark is not None:
            before = last.get(mark.level)
            for level in [level for level in last if level > mark.level]:
                del last[level]
            if before is not None and mark.number != 1:
                step = mark.number - before[0]
                if step >= 2 or step == 0:
                    found.append(_jump(piece, mark.end, before[0], mark.number, step))
            last[mark.level] = (mark.number, piece)
        found.extend(_inline(piece))
    return found


def _jump(piece: TextPiece, end: int, before: int, now: int, step: int) -> Observation:
    typed = piece.text[:end].strip()
    what = f"编号重复：前一项也是第{before}项" if step == 0 else f"编号不连续：第{before}项之后是第{now}项"
    return Observation(
        ObservationKind.NUMBERING,
        piece,
        0,
        min(len(piece.text), end + 16),
        what,
        observed=typed,
        certainty=Confidence.LIKELY,
    )


def _inline(piece: TextPiece) -> list[Observation]:
    """Item numbers inside one paragraph: 1.…。2.…。4.…."""
    text = piece.text
    if len(text) < 20:
        return []
    marks: list[tuple[int, int, int, str]] = []
    for found in find_numbers(text):
        if found.role is not Role.NUMBERING:
            continue
        mark = item_mark(text, found.start)
        if mark is not None and mark.level in "cde":
            marks.append((found.start, mark.end, mark.number, mark.level))
    result: list[Observation] = []
    last: dict[str, int] = {}
    for start, end, number, level in marks:
        before = last.get(level)
        for other in [key for key in last if key > level]:
            del last[other]
        if before is not None and number != 1 and (number - before >= 2 or number == before):
            step = number - before
            what = (
                f"编号重复：有两个第{number}项"
                if step == 0
                else f"编号不连续：第{before}项之后是第{number}项"
            )
            result.append(
                Observation(
                    ObservationKind.NUMBERING,
                    piece,
                    start,
                    min(len(text), end + 12),
                    what,
                    observed=text[start:end].strip(),
                    certainty=Confidence.LIKELY,
                )
            )
        last[level] = number
    return result


_LIST = compiled(r"^\s*附件\s*[：:]\s*")
_ENTRY = compiled(
    r"(?:^|(?<=[\s；;。：:]))(\d{1,2})\s*[.．、]\s*(?!\d{1,2}[.．、])([^\n；;]{2,60}?)(?=\s*(?:\d{1,2}\s*[.．、](?!\d)|[；;\n]|$))"
)
_BODY = compiled(r"^\s*附件\s*([一二三四五六七八九十]|\d{1,2})\s*[：:]?\s*(.{0,60})$")
_REFERENCE = compiled(r"(?:详?见|参见|如)\s*[“（(《]?附件\s*([一二三四五六七八九十]|\d{1,2})")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMERALS.index(text)


def _bare(title: str) -> str:
    return _TITLE_MARKS.sub("", title)


def attachments(pieces: Sequence[TextPiece], titles: Sequence[str]) -> list[Observation]:
    """Attachments announced but not there, there but under another number, or not announced.

    Says nothing about a document that contains none of its attachments: they may be files of their own.
    """
    announced: list[tuple[int, str, TextPiece, int, int]] = []
    bodies: dict[int, tuple[str, TextPiece]] = {}
    reading = False
    for index, piece in enumerate(pieces):
        start = _LIST.match(piece.text)
        body = _BODY.match(piece.text)
        if start:
            reading = True
        elif body and not reading:
            bodies.setdefault(_number(body[1]), (_title(body[2], pieces, index), piece))
            continue
        elif body:
            reading = False
            bodies.setdefault(_number(body[1]), (_title(body[2], pieces, index), piece))
            continue
        if reading:
            entries = list(_ENTRY.finditer(piece.text, start.end() if start else 0))
            if not entries and not start and piece.text.strip():
                reading = False
            announced.extend((int(e[1]), e[2].strip(" 。；;"), piece, e.start(1), e.end()) for e in entries)
    if not bodies:
        return []
    return [*_compared(announced, bodies, titles), *_referred(pieces, bodies, announced)]


def _title(rest: str, pieces: Sequence[TextPiece], index: int) -> str:
    if rest.strip():
        return rest.strip()
    following = (piece.text.strip() for piece in pieces[index + 1 : index + 4])
    return next((text for text in following if text), "")


def _compared(
    announced: Sequence[tuple[int, str, TextPiece, int, int]],
    bodies: dict[int, tuple[str, TextPiece]],
    titles: Sequence[str],
) -> list[Observation]:
    found: list[Observation] = []
    matched: set[int] = set()
    for number, title, piece, start, end in announced:
        alike = [n for n, (name, _) in bodies.items() if similarity(_bare(name), _bare(title)) >= 0.75]
        matched.update(alike)
        if number in alike or (number in bodies and not _bare(bodies[number][0])):
            matched.add(number)
            continue
        if alike:
            what = f"附件清单中这一份是附件{number}，正文之后却标为附件{alike[0]}"
            place = bodies[alike[0]][1]
            found.append(_attachment(piece, start, end, what, related=place))
        elif not any(similarity(_bare(name), _bare(title)) >= 0.75 for name in titles):
            found.append(_attachment(piece, start, end, f"附件清单列有附件{number}，文中没有这一份附件"))
    if announced:
        listed = {number for number, *_ in announced}
        for number, (title, piece) in bodies.items():
            if number not in matched and number not in listed:
                shown = f"（{title}）" if title else ""
                found.append(_attachment(piece, 0, len(piece.text), f"附件{number}{shown}没有列入附件清单"))
    return found


def _referred(
    pieces: Sequence[TextPiece],
    bodies: dict[int, tuple[str, TextPiece]],
    announced: Sequence[tuple[int, str, TextPiece, int, int]],
) -> list[Observation]:
    known = set(bodies) | {number for number, *_ in announced}
    found: list[Observation] = []
    for piece in pieces:
        for reference in _REFERENCE.finditer(piece.text):
            if _number(reference[1]) not in known:
                words = f"文中提到附件{_number(reference[1])}，但没有这一份附件"
                found.append(_attachment(piece, *reference.span(), words))
    return found


def _attachment(
    piece: TextPiece, start: int, end: int, detail: str, related: TextPiece | None = None
) -> Observation:
    return Observation(
        ObservationKind.ATTACHMENT,
        piece,
        start,
        end,
        detail,
        certainty=Confidence.LIKELY,
        related=(related.place(0, len(related.text)),) if related is not None else (),
    )

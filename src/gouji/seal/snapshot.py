"""What every cell and paragraph said when a package was sealed, so that a change can be named and not only noticed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import rfc8785

from gouji.frozen import frozen
from gouji.report.words import shown
from gouji.source.document import Cell, Document, cell_name

__all__ = ["SCHEMA", "Difference", "differences", "read_snapshot", "snapshot"]

SCHEMA = "gouji.cells/1"
_Contents = dict[str, dict[str, list[str | None]]]


@frozen
class Difference:
    """One place that is not what it was; ``before`` and ``now`` are None where there is nothing.

    ``sheet`` is None for running text, where ``place`` is the paragraph in words.
    """

    sheet: str | None
    place: str
    before: str | None
    now: str | None

    def __str__(self) -> str:
        place = shown(self.place)  # also what a snapshot says came from somebody
        where = f"{shown(self.sheet)} 的 {place}" if self.sheet is not None else place
        return f"{where}：封存时{_said(self.before)}，现在{_said(self.now)}"


def _said(text: str | None) -> str:
    return "没有" if text is None else f"“{shown(text)[:80]}”"


def _stored(cell: Cell) -> str:
    if cell.error is not None:
        return cell.error
    return "" if cell.value is None else f"{type(cell.value).__name__} {cell.value}"


def _contents(document: Document) -> _Contents:
    """By sheet and cell: what is shown, what is stored, the formula. Running text stands under the sheet ""."""
    found: _Contents = {}
    for grid in document.grids:
        cells = found.setdefault(grid.name or "?", {})
        for (row, col), cell in sorted(grid.cells.items()):
            if cell.text or cell.value is not None or cell.formula is not None:
                cells[cell_name(row, col)] = [cell.text, _stored(cell), cell.formula]
    if document.paragraphs:
        texts: dict[str, list[str | None]] = {}
        for paragraph in document.paragraphs:
            key = f"第 {paragraph.number} 段" + ("（文本框）" if paragraph.boxed else "")
            texts[key] = [
                "\n".join(filter(None, (*(texts.get(key) or [""])[:1], paragraph.text))),
                None,
                None,
            ]
        found[""] = {key: each for key, each in texts.items() if each[0]}
    return found


def snapshot(documents: Mapping[str, Document]) -> bytes:
    """The contents of a package's documents, by the name of their part; canonical JSON."""
    content = {part: _contents(document) for part, document in documents.items()}
    return _canonical({"schema": SCHEMA, "documents": content})


def _canonical(content: Any) -> bytes:  # noqa: ANN401 - JSON may be anything
    # Half a surrogate pair, which a workbook may hold, is no text that JSON could carry.
    plain = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return rfc8785.dumps(json.loads(plain))


def read_snapshot(data: bytes) -> dict[str, _Contents]:
    """The contents by part.

    Raises:
        ValueError: It is no snapshot.
    """
    try:
        content = json.loads(data)
        if content["schema"] != SCHEMA:
            raise ValueError("another schema")
        found: dict[str, _Contents] = content["documents"]
        sound = all(
            _is_entry(entry)
            for contents in found.values()
            for cells in contents.values()
            for entry in cells.values()
        )
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not sound:
        raise ValueError("cells that say nothing")
    return found


def _is_entry(entry: object) -> bool:
    """Whether this is what is put down of a cell: shown, stored, formula."""
    return (
        isinstance(entry, list)
        and len(entry) == 3
        and all(each is None or isinstance(each, str) for each in entry)
    )


def differences(before: _Contents, document: Document) -> tuple[Difference, ...]:
    """The places where a document is not what it was, in reading order of what is there now."""
    now = json.loads(_canonical(_contents(document)))
    return tuple(_compared(before, now))


def _compared(before: _Contents, now: _Contents) -> Iterator[Difference]:
    for sheet in _both(now, before):
        name = sheet or None
        old, new = before.get(sheet), now.get(sheet)
        if name is not None and (old is None or new is None):
            yield Difference(name, "整张表", None if old is None else "有", None if new is None else "有")
            continue
        old, new = old or {}, new or {}
        for place in _both(new, old):
            one, other = old.get(place), new.get(place)
            if one != other:
                yield Difference(name, place, *_told(one, other))


def _both(first: Iterable[str], second: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*first, *second)))


def _told(before: list[str | None] | None, now: list[str | None] | None) -> tuple[str | None, str | None]:
    """Both contents in the words that tell them apart: as shown, else as stored, else by the formula."""
    if before is None or now is None or before[0] != now[0]:
        return (before[0] if before else None, now[0] if now else None)
    if before[2] != now[2]:
        return (f"={before[2]}" if before[2] else before[0], f"={now[2]}" if now[2] else now[0])
    return before[1], now[1]

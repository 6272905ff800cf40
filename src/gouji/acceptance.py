"""Findings that somebody answers for: explanations in ``gouji.toml`` beside the file, or in a column of the table.

::

    [[accept]]
    file = "自评表.xlsx"
    rule = "GJ107"
    sheet = "自评表"
    cell = "F14"
    observed = "280人"
    reason = "年中追加任务，批复见附件"
    role = "财务科复核"

An entry fits a finding of that rule in that place; ``observed`` ties it to what was typed there, so that another
figure is not accepted unseen. The same in the table itself: a column with the caption ``# 说明``, in the row of the finding
``GJ107 财务科复核：年中追加任务，批复见附件``, one explanation a line. An accepted finding stays in the report with
its reason; it is no error any more. An entry that fits nothing, or that lacks a reason or a role, is itself reported
(GJ001).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

from gouji.frozen import frozen, replace
from gouji.model import Acceptance, Finding, Place, Severity
from gouji.pattern import compiled
from gouji.result import DocumentResult, Status
from gouji.rule.acceptance_not_used import RULE
from gouji.rule.base import finding
from gouji.rule.registry import is_crash
from gouji.source.document import Document, cell_position

__all__ = ["FILE", "NOTHING", "Declared", "Entry", "accepted", "declared_for", "parse", "with_notes"]

FILE = "gouji.toml"
_LARGEST = 1 << 20
_CODES = compiled(r"GJ\d{3}(?:[\s、,，和]+GJ\d{3})*", re.IGNORECASE | re.ASCII)
_ANSWER = compiled(r"[\s、,，:：]*(?P<role>[^:：\n]{1,30}?)\s*[:：]\s*(?P<reason>\S.*)")
_KEYS = frozenset({"file", "rule", "sheet", "cell", "paragraph", "observed", "reason", "role"})


@frozen
class Entry:
    """One explanation: the place and rule it speaks of, the reason, and the role of who answers for it.

    ``rows`` are the first and last row (from 0) that one in the column ``# 说明`` speaks for, and ``note`` is its own
    cell; both are None for one in ``gouji.toml``.
    """

    number: int
    rule: str
    sheet: str | None
    cell: str | None
    paragraph: int | None
    observed: str | None
    reason: str
    role: str
    note: str | None = None
    rows: tuple[int, int] | None = None


@frozen
class Declared:
    """The explanations given for one file, and what is wrong with those that cannot be used."""

    entries: tuple[Entry, ...] = ()
    complaints: tuple[str, ...] = ()


NOTHING = Declared()


def declared_for(path: str) -> Declared:
    """The explanations that the folder of a file gives for it; nothing where there is no ``gouji.toml``."""
    folder, name = os.path.split(path)
    # Not through pathlib: importing it costs a tenth of a cold check, and hardly any folder has explanations.
    place = os.path.join(folder, FILE)  # noqa: PTH118 - see above
    try:
        with open(place, "rb") as stream:  # noqa: PTH123 - see above
            data = stream.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return NOTHING
    except OSError as error:
        return _unusable(f"打不开（{error.strerror or type(error).__name__}）")
    return parse(data, name)


def parse(data: bytes, name: str) -> Declared:
    """The explanations that a ``gouji.toml`` holds for the file of this name.

    Args:
        data: The whole settings file.
        name: The checked file's name without its folder.

    Returns:
        The entries for this file, numbered as they stand in the settings file, and complaints in Chinese. A file that
        is no TOML gives none: nothing is accepted by mistake.
    """
    import tomllib  # noqa: PLC0415  # loaded where there is a settings file

    if len(data) > _LARGEST:
        return _unusable("超过 1 MB")
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return _unusable(f"写法不对（{error}）")
    unknown = sorted(content.keys() - {"accept"})
    listed = content.get("accept", [])
    complaints = [f"{FILE} 里的 {'、'.join(unknown)} 不起作用；这里只能写 [[accept]]。"] if unknown else []
    if not isinstance(listed, list):
        return _unusable("说明应写成 [[accept]]")
    entries = []
    for number, raw in enumerate(listed, 1):
        if not isinstance(raw, dict):
            complaints.append(f"{FILE} 第 {number} 条说明应写成 [[accept]]，没有采用。")
            continue
        wrong = _wrong(raw)
        file = raw.get("file")
        if isinstance(file, str) and file.casefold() != name.casefold():
            continue
        if wrong:
            complaints.append(f"{FILE} 第 {number} 条说明{wrong}，没有采用；请补全或删去。")
        else:
            entries.append(_entry(number, raw))
    return Declared(tuple(entries), tuple(complaints))


def _unusable(why: str) -> Declared:
    return Declared((), (f"{FILE} {why}，其中的说明都没有采用；请改正或删去这个文件。",))


def _wrong(raw: dict[str, Any]) -> str | None:
    """What keeps an entry from being used, in Chinese; None where nothing does."""
    for key, meaning in (("file", "文件名"), ("rule", "规则编号"), ("reason", "理由"), ("role", "岗位")):
        value = raw.get(key)
        if not isinstance(value, str) or not value.strip():
            return f"缺少 {key}（{meaning}）"
    for key in ("sheet", "cell", "observed"):
        if key in raw and not isinstance(raw[key], str):
            return f"的 {key} 应是带引号的文字"
    paragraph = raw.get("paragraph")
    if paragraph is not None and (not isinstance(paragraph, int) or isinstance(paragraph, bool)):
        return "的 paragraph 应是段落号"
    if unknown := sorted(raw.keys() - _KEYS):
        return f"里有不认识的 {'、'.join(unknown)}"
    return None


def with_notes(declared: Declared, document: Document | None) -> Declared:
    """These explanations and those in the columns ``# 说明`` of a document."""
    if document is None:
        return declared
    from gouji.form.notes import notes_of  # noqa: PLC0415  # loaded when a file was read, as all of gouji.form

    entries, complaints = list(declared.entries), list(declared.complaints)
    number = max((each.number for each in entries), default=0)
    for note in notes_of(document):
        for line in filter(str.strip, note.text.splitlines()):
            codes = _CODES.match(line.strip())
            answer = _ANSWER.fullmatch(line.strip()[codes.end() :]) if codes is not None else None
            if codes is None or answer is None:
                complaints.append(
                    f"{note.sheet} {note.cell} 的说明“{line.strip()[:40]}”没有采用："
                    "应写成“规则编号 岗位：理由”，如“GJ107 财务科复核：年中追加任务，批复见附件”。"
                )
                continue
            for code in re.findall(r"GJ\d{3}", codes[0].upper()):
                number += 1
                reason, role = answer["reason"].strip(), answer["role"].strip()
                rows = (note.first_row, note.last_row)
                entries.append(
                    Entry(number, code, note.sheet, None, None, None, reason, role, note.cell, rows)
                )
    return Declared(tuple(entries), tuple(complaints))


def _entry(number: int, raw: dict[str, Any]) -> Entry:
    cell = raw.get("cell")
    return Entry(
        number=number,
        rule=raw["rule"].strip().upper(),
        sheet=raw.get("sheet"),
        cell=cell.strip().upper() if cell is not None else None,
        paragraph=raw.get("paragraph"),
        observed=raw.get("observed"),
        reason=raw["reason"].strip(),
        role=raw["role"].strip(),
    )


def accepted(result: DocumentResult, declared: Declared) -> DocumentResult:
    """The result with the findings that somebody answers for marked as accepted, and idle explanations reported.

    Applying the same explanations again changes nothing. A file that was not checked stays as it is: nothing is known
    of its findings.
    """
    # What an earlier application said of idle entries is said anew.
    found = [each for each in result.findings if each.code != RULE.code]
    if result.status is Status.NOT_CHECKED or (declared == NOTHING and len(found) == len(result.findings)):
        return result
    marked = [_marked(each, declared.entries) for each in found]
    said = () if RULE.code in result.left_out else _idle(result, marked, declared)
    findings = (*said, *marked)
    status = result.status
    if status in (Status.CLEAN, Status.FINDINGS):
        status = Status.FINDINGS if findings else Status.CLEAN
    return replace(result, findings=findings, status=status)


def _marked(found: Finding, entries: Iterable[Entry]) -> Finding:
    if found.accepted is not None or is_crash(found):
        return found
    entry = next((each for each in entries if _fits(each, found)), None)
    if entry is None:
        return found
    acceptance = Acceptance(entry.reason, entry.role, found.severity, entry.number)
    return replace(found, severity=Severity.INFO, fix=None, accepted=acceptance)


def _fits(entry: Entry, found: Finding) -> bool:
    place = found.location
    if entry.rows is not None:
        at = cell_position(place.cell) if place.cell is not None else None
        here = at is not None and entry.rows[0] <= at[0] <= entry.rows[1]
        return here and (entry.rule, entry.sheet) == (found.code, place.sheet)
    return (
        entry.rule == found.code
        and entry.sheet in (None, place.sheet)
        and entry.cell == place.cell
        and entry.paragraph == place.paragraph
        and entry.observed in (None, found.observed, place.text)
    )


def _idle(result: DocumentResult, found: Iterable[Finding], declared: Declared) -> tuple[Finding, ...]:
    """A finding for each explanation that none needs, and for each that cannot be used."""
    used = {each.accepted.entry for each in found if each.accepted is not None}
    place = Place(document=result.path)
    said = [finding(RULE, text, place) for text in declared.complaints]
    for entry in declared.entries:
        if entry.number in used or entry.rule in result.left_out:
            continue
        paragraph = f"第 {entry.paragraph} 段" if entry.paragraph else None
        where = " ".join(filter(None, (entry.sheet, entry.cell, paragraph)))
        typed = f"“{entry.observed}”" if entry.observed is not None else ""
        which = f"{FILE} 第 {entry.number} 条说明（{entry.rule} {where or '整份文件'}{typed}）"
        if entry.note is not None:
            which = f"{entry.sheet} {entry.note} 的说明（{entry.rule}）"
        text = f"{which}没有用上：这次没有发现这个问题；请删去，或核对规则编号、位置和内容。"
        said.append(finding(RULE, text, place))
    return tuple(said)

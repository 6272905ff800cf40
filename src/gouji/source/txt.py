r"""Reports exported to text, where tables survive as lines.

The convention (that of common converters of Word files): a line that starts with a TAB starts a cell, the
lines after it that do not start with one belong to the same cell, an empty line ends a row, and one more ends
the table. Every cell of the original gives one cell here, whatever it spanned; positions covered by a
vertical merge come out blank. Lines outside tables are paragraphs, empty ones included.

What is recovered and what is not: the grid stays as typed, rows of unequal length included (which columns a
short row spanned cannot be known, but for a row of one cell, which spans them all). Blank cells at the left
end of a row, and blank cells of the second row of a header, are taken as covered by the label above. Where
the converter dropped something it left a line of blanks with a TAB behind; a row with such scars is split and
aligned with the rows that follow it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gouji.pattern import compiled
from gouji.source.caption import caption_of, unique_names
from gouji.source.document import Cell, Grid, Paragraph, ReasonCode, SourceRefusedError
from gouji.source.limits import Limits
from gouji.source.merges import Area, spread

__all__ = ["decoded", "read_text"]

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Traces of bookmarks and margin comments that converters leave in the text.
_BOOKMARK = compiled(r"\[bookmark: [^\]\n]{0,60}\] ?")
_COMMENT = compiled(r"\tComment by [^\t\n]*$")
_SCAR = compiled(r"[ \u00a0\u3000]+\t")
#: A cell's text after an empty line inside it is a short remark such as "(40分)".
_REMARK = 60
_DIGIT = compiled(r"\d")


@dataclass(slots=True)
class _Row:
    """The cells of one row as typed, each the lines it has; ``scars`` are the indices of cells in front of which something was lost.

    ``label_lost`` says that the label at its left end is not there: what follows belongs to none above.
    """

    lines: list[list[str]] = field(default_factory=list)
    scars: list[int] = field(default_factory=list)
    label_lost: bool = False

    @property
    def cells(self) -> list[str]:
        """The text of each cell."""
        return ["\n".join(lines) for lines in self.lines]


def decoded(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or GB18030, line ends as newline.

    Raises:
        SourceRefusedError: UNREADABLE where it is none of these or holds binary data.
    """
    text: str | None = None
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _try(data, encoding)
            break
    else:
        start = data[:4096]
        if b"\0" in start:
            # UTF-16 without a mark: the line ends alone have zeros, all on one side.
            text = _try(data, "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be")
        else:
            text = _mostly(data, "utf-8") or _mostly(data, "gb18030")
    if text is None or re.search(r"[\x00-\x06\x0e-\x1a]", text):
        raise SourceRefusedError(
            ReasonCode.UNREADABLE,
            f"“{name}”不是可以识别的文本（文字编码不对或含有二进制内容）；"
            "请用记事本打开确认，另存为 UTF-8 编码后再检查。",
        )
    return re.sub("\r\n?", "\n", text).replace("\x0c", "").replace("\x07", "")


def _broken(text: str) -> int:
    """How many characters could not be decoded."""
    return text.count("\ufffd")


def _mostly(data: bytes, encoding: str) -> str | None:
    """The text if it is of this encoding; a few broken characters, the last one cut off say, are let pass.

    UTF-8 has to be tried first: nearly every text in it is also some nonsense in GB18030.
    """
    text = data.decode(encoding, "replace")
    return text if _broken(text) * 500 <= len(text) else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def read_text(
    data: bytes, name: str, limits: Limits
) -> tuple[tuple[Grid, ...], tuple[Paragraph, ...], tuple[str, ...]]:
    """The tables and paragraphs of an exported text, and notices of what could not be read.

    Args:
        data: The whole file.
        name: The file's name, for messages.
        limits: Caps on text, cells, rows and columns.

    Raises:
        SourceRefusedError: UNREADABLE for an unknown encoding, TOO_LARGE beyond the caps.
    """
    text = decoded(data, name)
    if len(text) > min(limits.text_chars, 10 * limits.prose_chars):
        raise _too_large(name)
    if text.count("\n") > limits.lines:
        raise _too_large(name)
    lines = [_COMMENT.sub("", _BOOKMARK.sub("", line)) for line in text.split("\n")]
    if lines and not lines[-1]:
        lines.pop()
    paragraphs: list[Paragraph] = []
    ahead: list[tuple[str, bool]] = []
    found: list[tuple[list[_Row], int, str | None]] = []
    cells = 0
    at = 0
    while at < len(lines):
        end = at + 1
        if lines[at].startswith("\t"):
            rows, end = _table(lines, at)
            if max(len(row.lines) for row in rows) > 1:
                cells += sum(len(row.lines) for row in rows)
                if cells > limits.cells or len(found) >= limits.tables:
                    raise _too_large(name)
                found.append((rows, len(paragraphs), caption_of(ahead)))
                ahead.clear()
                at = end
                continue
        # A table of one column is a text whose lines are indented.
        for indented in lines[at:end]:
            line = indented.replace("\x0b", "\n")
            paragraphs.append(Paragraph(len(paragraphs) + 1, line))
            ahead.append((line, False))
        at = end
    names = unique_names([title for _, _, title in found])
    grids = [
        _grid(rows, grid_name, title, after, limits)
        for (rows, after, title), grid_name in zip(found, names, strict=True)
    ]
    broken = _broken(text)
    notices = (f"有 {broken} 个文字无法识别，文件可能不完整。",) if broken else ()
    return tuple(grids), tuple(paragraphs), notices


def _too_large(name: str) -> SourceRefusedError:
    return SourceRefusedError(
        ReasonCode.TOO_LARGE, f"“{name}”内容太多，不像自评报告，没有检查；请只留下自评报告的内容再检查。"
    )


def _table(lines: list[str], start: int) -> tuple[list[_Row], int]:
    """The rows of the table that starts here, and the line after it."""
    rows: list[_Row] = []
    row = _Row()
    at = start
    while at < len(lines):
        line = lines[at]
        scar = _SCAR.match(line) if row.lines else None
        if line.startswith("\t"):
            row.lines.append([line[1:]])
        elif scar:
            row.scars.append(len(row.lines))
            row.lines.append([line[scar.end() :]])
        elif line:
            if not row.lines:
                break
            row.lines[-1].append(line)
        else:
            resume = _remark(lines, at, row, rows)
            if resume is not None:
                row.lines[-1].append("")
                at = resume
                continue
            if row.lines:
                rows.append(row)
                row = _Row()
            else:
                # A second empty line: the table is over.
                at += 1
                break
            if not (at + 1 < len(lines) and (lines[at + 1].startswith("\t") or not lines[at + 1])):
                at += 1
                break
        at += 1
    if row.lines:
        rows.append(row)
    return _mended(rows), at


def _remark(lines: list[str], at: int, row: _Row, rows: list[_Row]) -> int | None:
    """Where a cell goes on after the empty line ``at`` inside it, or None where the line ends the row.

    It goes on if a short text follows that leads straight to the next cell, and the row is not yet as long as
    the one before.
    """
    if not row.lines or not rows or len(row.lines) >= len(rows[-1].lines):
        return None
    size = 0
    for ahead in range(at + 1, len(lines)):
        line = lines[ahead]
        if line.startswith("\t"):
            return at + 1 if ahead > at + 1 else None
        size += len(line)
        if not line or size > _REMARK:
            return None
    return None


def _mended(rows: list[_Row]) -> list[_Row]:
    """Split and align rows where the converter lost cells."""
    mended: list[_Row] = []
    for index, row in enumerate(rows):
        below = rows[index + 1 : index + 4]
        if not row.scars:
            mended.append(row)
            continue
        width = len(below[0].lines) if below else 0
        parts = [row.lines[i:j] for i, j in zip([0, *row.scars], [*row.scars, len(row.lines)], strict=True)]
        above = len(mended[-1].lines) if mended else 0
        # The end of a row was lost: what stands in front of the first scar is a row like the one above.
        row_end_lost = len(parts[0]) == above and len(row.lines) - above <= width
        if row_end_lost:
            mended.append(_Row(parts.pop(0)))
        kept = sum(len(part) for part in parts)
        if len(parts) < 2 or kept >= width:
            mended.append(_Row([cell for part in parts for cell in part]))
            continue
        # Captions were lost between the parts: the last part ends where the rows below end. A first column
        # that is blank in every row below belongs to a label over all of them, which was lost as well.
        lead = int(row_end_lost and not any("".join(r.lines[0]).strip() for r in below))
        front = [cell for part in parts[:-1] for cell in part]
        gap = width - lead - kept
        if gap < 0:
            lead, gap = 0, width - kept
        mended.append(_Row([[""]] * lead + front + [[""]] * gap + parts[-1], label_lost=bool(lead)))
    return mended


def _grid(rows: list[_Row], name: str, title: str | None, after: int, limits: Limits) -> Grid:
    kept = rows[: limits.rows]
    table = [[_clean(cell) for cell in row.cells[: limits.cols]] for row in kept]
    cells = {
        (r, c): Cell(r, c, text, text) for r, row in enumerate(table) for c, text in enumerate(row) if text
    }
    # The areas only cover cells that were counted against the limit already.
    whole = spread(
        cells,
        _areas(table, [row.label_lost for row in kept]),
        limits.rows,
        limits.cols,
        limits.rows * limits.cols,
    )
    return Grid(
        name=name,
        cells=whole.cells,
        cover=whole.cover,
        n_rows=max(whole.n_rows, len(table)),
        n_cols=max([whole.n_cols, *(len(row) for row in table)]),
        title=title,
        after_paragraph=after,
    )


def _clean(cell: str) -> str:
    """The cell as typed, without trailing blank lines; a cell of blanks only is blank."""
    lines = cell.replace("\x0b", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)


def _areas(table: list[list[str]], label_lost: list[bool]) -> list[Area]:
    """Titles that span the table, and labels that cover the blank cells below them."""
    spans: list[Area] = []
    areas: dict[tuple[int, int], int] = {}
    # For each column, the row of the label that may still grow, and the width its row had.
    open_labels: dict[int, tuple[int, int]] = {}
    width = max(len(row) for row in table)
    for r, row in enumerate(table):
        if len(row) == 1 and row[0]:
            # The only cell of its row, a title say, can only span all of it.
            spans.append(Area(r, 0, 1, width))
            open_labels.clear()
            continue
        header = r in (1, 2) and _is_second_header(table[r - 1], row)
        prefix = True
        if label_lost[r]:
            open_labels.pop(0, None)
        for c, text in enumerate(row):
            prefix = prefix and not text
            if text:
                if _DIGIT.fullmatch(text.strip()) is None:
                    open_labels[c] = (r, len(row))
                else:
                    open_labels.pop(c, None)
                continue
            top, width = open_labels.get(c, (-1, -1))
            grows = top >= 0 and (prefix or header) and (c == 0 or width == len(row))
            if grows and areas.get((top, c), 1) == r - top:
                areas[top, c] = r - top + 1
            else:
                open_labels.pop(c, None)
    return spans + [Area(top, col, rows, 1) for (top, col), rows in sorted(areas.items())]


def _is_second_header(above: list[str], row: list[str]) -> bool:
    """Whether a row goes on with the captions of the row above (``预算`` over ``调整数``)."""
    return (
        len(above) == len(row)
        and all(above)
        and any(row)
        and not row[0]
        and not any(_DIGIT.search(text) for text in (*above, *row))
    )

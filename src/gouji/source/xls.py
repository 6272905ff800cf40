"""Workbooks of the old binary kind: .xls, and .et, which WPS writes the same way.

Reads the record stream directly. calamine, the fast reader of this format, gives neither number formats
(99.93% would read 0.9993) nor what is hidden nor which cells are formulas, and forged files can bring the
whole process down in it; walking the records in order to check them first is already most of reading them.
Values, formats, formulas, merges and what is hidden are read. Layout: [MS-XLS].
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import error as StructError  # noqa: N812 - an exception's name
from struct import unpack_from

from gouji.frozen import replace
from gouji.source.biff import Record, Strings, packed_number, records, short_text
from gouji.source.biff_formula import UNKNOWN, Formulas
from gouji.source.display import BUILTIN_FORMATS, Format, format_of
from gouji.source.document import Grid, ReasonCode, SourceRefusedError, Visibility
from gouji.source.limits import Limits
from gouji.source.merges import Area
from gouji.source.sheet import Allowance, Sheet, exact, too_large

__all__ = ["read_xls"]

_GENERAL = format_of("General")
_BOF, _EOF = 0x0809, 0x000A
_BIFF8, _BIFF5 = 0x0600, 0x0500
_KINDS = {1: "宏表", 2: "图表", 6: "VBA 模块"}
_VISIBILITY = {1: Visibility.HIDDEN, 2: Visibility.VERY_HIDDEN}
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


@dataclass(slots=True)
class _Book:
    """What the first substream says about the whole workbook."""

    file: str
    limits: Limits
    allowance: Allowance
    codec: str | None = None
    date_1904: bool = False
    codes: dict[int, str] = field(default_factory=lambda: dict(BUILTIN_FORMATS))
    styles: list[int] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    # Name, place in the stream, visibility and kind of each sheet.
    tabs: list[tuple[str, int, int, int]] = field(default_factory=list)
    formulas: Formulas = field(default_factory=Formulas)
    records: int = 0

    def count(self) -> None:
        """One more record was gone through.

        Raises:
            SourceRefusedError: TOO_LARGE where there are more than any honest workbook has.
        """
        self.records += 1
        if self.records > self.limits.tags // 4:
            raise too_large(self.file, "记录太多")

    def shape(self, style: int) -> Format:
        """The number format of a cell style."""
        if style >= len(self.styles):
            return _GENERAL
        return format_of(self.codes.get(self.styles[style], "General"))


def read_xls(stream: bytes, file: str, limits: Limits) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The sheets of a workbook stream in tab order, and notices of what was left out.

    Args:
        stream: The ``Workbook`` (or ``Book``) stream.
        file: The file's name, for messages.
        limits: Caps on cells, text and merges.

    Raises:
        SourceRefusedError: ENCRYPTED, UNSUPPORTED (older than Excel 95), UNREADABLE or TOO_LARGE.
    """
    book = _Book(file, limits, Allowance.of(limits))
    _globals(book, stream)
    grids: list[Grid] = []
    notices: list[str] = []
    for name, at, hidden, kind in book.tabs:
        if kind:
            if kind in _KINDS and kind != 6:
                notices.append(f"“{name}”不是普通工作表（{_KINDS[kind]}），没有检查。")
            continue
        sheet = Sheet(name, file, limits, book.allowance, date_1904=book.date_1904)
        if not _sheet(book, sheet, stream, at):
            notices.append(f"工作表“{name}”的内容缺失或不完整，没有检查完。")
        notices += sheet.notices
        grids.append(sheet.grid(_VISIBILITY.get(hidden, Visibility.VISIBLE)))
    if not grids and not notices:
        raise _broken(file)
    return tuple(grids), tuple(notices)


def _broken(file: str) -> SourceRefusedError:
    return SourceRefusedError(
        ReasonCode.UNREADABLE,
        f"“{file}”里没有完整的工作簿内容，文件已损坏；请用 Excel、WPS 打开并另存后再检查。",
    )


def _globals(book: _Book, stream: bytes) -> None:
    """Read the workbook's own substream."""
    version = unpack_from("<H", stream, 4)[0] if len(stream) >= 8 and stream[:2] == b"\x09\x08" else 0
    if version not in (_BIFF8, _BIFF5):
        if stream[:1] == b"\x09":
            raise SourceRefusedError(
                ReasonCode.UNSUPPORTED,
                f"“{book.file}”是很旧的 Excel 格式（4.0 或更早），不能直接检查；"
                "请用 Excel 打开后另存为 .xlsx 再检查。",
            )
        raise _broken(book.file)
    old = version == _BIFF5
    book.codec = "gb18030" if old else None
    chars = 0
    for record in records(stream):
        kind, data = record.type, record.data
        book.count()
        try:
            if kind == _EOF:
                return
            if kind == 0x002F:  # FILEPASS
                raise SourceRefusedError(
                    ReasonCode.ENCRYPTED,
                    f"“{book.file}”已加密（设置了打开密码，或保护了工作簿），无法检查；"
                    "请在 Excel 或 WPS 中打开，取消密码和保护后另存再检查。",
                )
            if kind == 0x0042 and old:  # CODEPAGE
                book.codec = _codec(unpack_from("<H", data)[0])
            elif kind == 0x0022:  # DATEMODE
                book.date_1904 = data[:2] == b"\x01\x00"
            elif kind == 0x041E:  # FORMAT
                count_bytes = 1 if old else 2
                code = short_text(data, 2, count_bytes=count_bytes, codec=book.codec)
                book.codes[unpack_from("<H", data)[0]] = code
            elif kind == 0x00E0:  # XF
                book.styles.append(unpack_from("<H", data, 2)[0])
            elif kind == 0x0085:  # BOUNDSHEET
                at, hidden, what = unpack_from("<I2B", data)
                name = short_text(data, 6, count_bytes=1, codec=book.codec)
                book.tabs.append((name, at, hidden & 3, what))
                book.formulas.tabs.append(name)
            elif kind == 0x00FC:  # SST
                chars = _shared_strings(book, record)
            elif not old:
                book.formulas.take(kind, data)
        except (StructError, IndexError):
            continue
        if chars > book.limits.text_chars:
            raise too_large(book.file, f"文字超过 {book.limits.text_chars} 个")


def _codec(page: int) -> str:
    import codecs  # noqa: PLC0415 - only for workbooks of Excel 95

    name = {936: "gb18030", 1200: "utf-16-le", 10000: "mac-roman", 32768: "mac-roman"}.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "gb18030"
    return name


def _shared_strings(book: _Book, record: Record) -> int:
    """Read the shared strings as far as the data reaches; gives their characters."""
    count = unpack_from("<I", record.data, 4)[0]
    strings = Strings(record, 8)
    chars = 0
    while len(book.strings) < count and chars <= book.limits.text_chars:
        book.count()
        text = strings.next()
        if text is None:
            break
        chars += len(text) + 1
        book.strings.append(text.replace("\r\n", "\n"))
    return chars


def _sheet(book: _Book, sheet: Sheet, stream: bytes, at: int) -> bool:
    """Read one sheet's substream; False where it is missing or ends too early."""
    if stream[at : at + 2] != b"\x09\x08":
        return False
    depth = 0
    # A formula whose text result stands in a record of its own, waiting for it.
    waiting: tuple[int, int, Format, str] | None = None
    # The cells that share a formula, by the cell that has it; and these formulas.
    sharers: dict[tuple[int, int], tuple[int, int]] = {}
    shared: dict[tuple[int, int], bytes] = {}
    whole = False
    for record in records(stream, at):
        kind, data = record.type, record.data
        book.count()
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            whole = depth == 0
            if whole:
                break
        elif depth == 1:  # deeper is a chart inside the sheet
            try:
                if kind == 0x0006:  # FORMULA
                    waiting = _formula(book, sheet, data, sharers)
                elif kind == 0x0207 and waiting is not None:  # STRING
                    row, col, shape, formula = waiting
                    sheet.text(row, col, _result(book, record), shape, formula)
                    waiting = None
                elif kind in (0x04BC, 0x0221):  # SHRFMLA, ARRAY
                    top, left = unpack_from("<HxxB", data)
                    start = 8 if kind == 0x04BC else 12
                    length = unpack_from("<H", data, start)[0]
                    shared[top, left] = data[start + 2 : start + 2 + length]
                else:
                    _record(book, sheet, record)
            except (StructError, IndexError):
                continue
    for place, master in sharers.items():
        cell = sheet.cells.get(place)
        if cell is not None and master in shared:
            sheet.cells[place] = replace(cell, formula=book.formulas.text(shared[master], *place))
    return whole


def _result(book: _Book, record: Record) -> str:
    """The text that a formula gave."""
    if book.codec is None:
        return Strings(record, 0).next() or ""
    return short_text(record.data, 0, count_bytes=2, codec=book.codec)


def _record(book: _Book, sheet: Sheet, record: Record) -> None:
    """A record of a plain cell, a row, columns or merges."""
    kind, data = record.type, record.data
    if kind == 0x00FD:  # LABELSST
        row, col, style, index = unpack_from("<3HI", data)
        if index < len(book.strings):
            sheet.text(row, col, book.strings[index], book.shape(style), None)
    elif kind == 0x0203:  # NUMBER
        row, col, style, number = unpack_from("<3Hd", data)
        _number(book, sheet, (row, col, style), number)
    elif kind == 0x027E:  # RK
        row, col, style, raw = unpack_from("<3HI", data)
        _number(book, sheet, (row, col, style), packed_number(raw))
    elif kind == 0x00BD:  # MULRK
        row, col = unpack_from("<2H", data)
        for offset in range(4, len(data) - 7, 6):
            style, raw = unpack_from("<HI", data, offset)
            _number(book, sheet, (row, col, style), packed_number(raw))
            col += 1
    elif kind in (0x0204, 0x00D6):  # LABEL, RSTRING
        row, col, style = unpack_from("<3H", data)
        text = short_text(data, 6, count_bytes=2, codec=book.codec)
        sheet.text(row, col, text, book.shape(style), None)
    elif kind == 0x0205:  # BOOLERR
        row, col, style, value, is_error = unpack_from("<3H2B", data)
        if is_error:
            sheet.error(row, col, _ERRORS.get(value, "#N/A"), book.shape(style), None)
        else:
            sheet.boolean(row, col, bool(value), book.shape(style), None)
    elif kind == 0x0208:  # ROW
        if unpack_from("<H", data, 12)[0] & 0x20:
            sheet.hide_row(unpack_from("<H", data)[0])
    elif kind == 0x007D:  # COLINFO
        first, last, width, _, flags = unpack_from("<5H", data)
        if flags & 1 or not width:
            sheet.hide_cols(first, last)
    elif kind == 0x00E5:  # MERGECELLS
        for offset in range(2, len(data) - 7, 8):
            top, bottom, left, right = unpack_from("<4H", data, offset)
            if top <= bottom and left <= right:
                sheet.merge(Area(top, left, bottom - top + 1, right - left + 1))


def _number(
    book: _Book, sheet: Sheet, place: tuple[int, int, int], number: float, formula: str | None = None
) -> None:
    """A number in the cell at row and column, of a style."""
    row, col, style = place
    value = exact(number)
    if value is not None:
        sheet.number(row, col, value, book.shape(style), formula)


def _formula(
    book: _Book, sheet: Sheet, data: bytes, sharers: dict[tuple[int, int], tuple[int, int]]
) -> tuple[int, int, Format, str] | None:
    """A formula cell; where its result is a text, what waits for the record that holds it."""
    row, col, style = unpack_from("<3H", data)
    formula = UNKNOWN
    if book.codec is None:
        tokens = data[22 : 22 + unpack_from("<H", data, 20)[0]]
        if tokens[:1] == b"\x01":  # the formula stands elsewhere
            sharers[row, col] = unpack_from("<2H", tokens, 1)
        else:
            formula = book.formulas.text(tokens, row, col)
    shape = book.shape(style)
    if data[12:14] != b"\xff\xff":
        _number(book, sheet, (row, col, style), unpack_from("<d", data, 6)[0], formula)
    elif data[6] == 0:
        return row, col, shape, formula
    elif data[6] == 1:
        sheet.boolean(row, col, bool(data[8]), shape, formula)
    elif data[6] == 2:
        sheet.error(row, col, _ERRORS.get(data[8], "#N/A"), shape, formula)
    else:
        sheet.text(row, col, "", shape, formula)
    return None

"""Formulas of the old binary workbooks: from the stack of tokens back to the text a person would type.

Layout: [MS-XLS] 2.5.198. What cannot be turned back (array constants, macros, anything unknown) is given as
:data:`UNKNOWN`: that the cell is a formula is then known, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import error as StructError  # noqa: N812 - an exception's name
from struct import unpack_from

from gouji.source.biff import short_text
from gouji.source.document import column_name

__all__ = ["UNKNOWN", "Formulas"]

#: The formula of a cell whose formula could not be read.
UNKNOWN = "…"
_BINARY = {
    0x03: "+", 0x04: "-", 0x05: "*", 0x06: "/", 0x07: "^", 0x08: "&", 0x09: "<", 0x0A: "<=", 0x0B: "=",
    0x0C: ">=", 0x0D: ">", 0x0E: "<>", 0x0F: " ", 0x10: ",", 0x11: ":",
}  # fmt: skip
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
# Functions by number; those with a fixed count of arguments say it.
_FUNCTIONS = """
0 COUNT|1 IF|2 ISNA 1|3 ISERROR 1|4 SUM|5 AVERAGE|6 MIN|7 MAX|8 ROW|9 COLUMN|10 NA 0|11 NPV|12 STDEV|
13 DOLLAR|14 FIXED|15 SIN 1|16 COS 1|17 TAN 1|18 ATAN 1|19 PI 0|20 SQRT 1|21 EXP 1|22 LN 1|23 LOG10 1|
24 ABS 1|25 INT 1|26 SIGN 1|27 ROUND 2|28 LOOKUP|29 INDEX|30 REPT 2|31 MID 3|32 LEN 1|33 VALUE 1|
34 TRUE 0|35 FALSE 0|36 AND|37 OR|38 NOT 1|39 MOD 2|40 DCOUNT 3|41 DSUM 3|42 DAVERAGE 3|43 DMIN 3|
44 DMAX 3|45 DSTDEV 3|46 VAR|47 DVAR 3|48 TEXT 2|49 LINEST|50 TREND|51 LOGEST|52 GROWTH|56 PV|57 FV|
58 NPER|59 PMT|60 RATE|61 MIRR 3|62 IRR|63 RAND 0|64 MATCH|65 DATE 3|66 TIME 3|67 DAY 1|68 MONTH 1|
69 YEAR 1|70 WEEKDAY|71 HOUR 1|72 MINUTE 1|73 SECOND 1|74 NOW 0|75 AREAS 1|76 ROWS 1|77 COLUMNS 1|
78 OFFSET|82 SEARCH|83 TRANSPOSE 1|86 TYPE 1|97 ATAN2 2|98 ASIN 1|99 ACOS 1|100 CHOOSE|101 HLOOKUP|
102 VLOOKUP|105 ISREF 1|109 LOG|111 CHAR 1|112 LOWER 1|113 UPPER 1|114 PROPER 1|115 LEFT|116 RIGHT|
117 EXACT 2|118 TRIM 1|119 REPLACE 4|120 SUBSTITUTE|121 CODE 1|124 FIND|125 CELL|126 ISERR 1|
127 ISTEXT 1|128 ISNUMBER 1|129 ISBLANK 1|130 T 1|131 N 1|140 DATEVALUE 1|141 TIMEVALUE 1|142 SLN 3|
143 SYD 4|144 DDB|148 INDIRECT|162 CLEAN 1|163 MDETERM 1|164 MINVERSE 1|165 MMULT 2|167 IPMT|168 PPMT|
169 COUNTA|183 PRODUCT|184 FACT 1|189 DPRODUCT 3|190 ISNONTEXT 1|193 STDEVP|194 VARP|197 TRUNC|
198 ISLOGICAL 1|199 DCOUNTA 3|205 FINDB|206 SEARCHB|207 REPLACEB 4|208 LEFTB|209 RIGHTB|210 MIDB 3|
211 LENB 1|212 ROUNDUP 2|213 ROUNDDOWN 2|214 ASC 1|216 RANK|219 ADDRESS|220 DAYS360|221 TODAY 0|222 VDB|
227 MEDIAN|228 SUMPRODUCT|229 SINH 1|230 COSH 1|231 TANH 1|235 DGET 3|244 INFO 1|247 DB|252 FREQUENCY 2|
261 ERROR.TYPE 1|269 AVEDEV|276 COMBIN 2|279 EVEN 1|285 FLOOR 2|288 CEILING 2|298 ODD 1|299 PERMUT 2|
303 SUMXMY2 2|304 SUMX2MY2 2|305 SUMX2PY2 2|307 CORREL 2|308 COVAR 2|309 FORECAST 3|311 INTERCEPT 2|
312 PEARSON 2|313 RSQ 2|314 STEYX 2|315 SLOPE 2|318 DEVSQ|319 GEOMEAN|320 HARMEAN|321 SUMSQ|322 KURT|
323 SKEW|325 LARGE 2|326 SMALL 2|327 QUARTILE 2|328 PERCENTILE 2|329 PERCENTRANK|330 MODE|331 TRIMMEAN 2|
336 CONCATENATE|337 POWER 2|342 RADIANS 1|343 DEGREES 1|344 SUBTOTAL|345 SUMIF|346 COUNTIF 2|
347 COUNTBLANK 1|350 ISPMT 4|351 DATEDIF 3|353 NUMBERSTRING 2|354 ROMAN|359 HYPERLINK|361 AVERAGEA|
362 MAXA|363 MINA|364 STDEVPA|365 VARPA|366 STDEVA|367 VARA
"""
_USER_DEFINED = 255
#: Flags in the column of a reference: relative row, relative column.
_ROW_MOVES, _COL_MOVES = 0x8000, 0x4000


def _function_table() -> tuple[dict[int, str], dict[int, int]]:
    names: dict[int, str] = {}
    counts: dict[int, int] = {}
    for entry in _FUNCTIONS.replace("\n", "").split("|"):
        number, name, *count = entry.split()
        names[int(number)] = name
        if count:
            counts[int(number)] = int(count[0])
    return names, counts


_NAMES, _COUNTS = _function_table()


class _UnreadableError(Exception):
    """A token that is not known or does not fit."""


@dataclass(slots=True)
class Formulas:
    """What formulas refer to by number: sheets, defined names, names of other books."""

    tabs: list[str] = field(default_factory=list)
    # Whether each book referred to is this one, and the names it was asked for.
    books: list[tuple[bool, list[str]]] = field(default_factory=list)
    sheets: list[tuple[int, int, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def take(self, kind: int, data: bytes) -> None:
        """A record of the workbook's substream; those that are not about references are passed over."""
        if kind == 0x01AE:  # SUPBOOK
            self.books.append((data[2:4] == b"\x01\x04", []))
        elif kind == 0x0023 and self.books:  # EXTERNNAME
            self.books[-1][1].append(short_text(data, 6, count_bytes=1, codec=None))
        elif kind == 0x0017:  # EXTERNSHEET
            count = unpack_from("<H", data)[0]
            self.sheets += [
                unpack_from("<3H", data, at) for at in range(2, min(2 + 6 * count, len(data) - 5), 6)
            ]
        elif kind == 0x0018:  # NAME
            flags, length = unpack_from("<HxB", data)
            wide = data[14] & 1
            raw = data[15 : 15 + length * (1 + wide)]
            name = raw.decode("utf-16-le" if wide else "latin-1", "replace")
            builtin = flags & 0x20 and len(name) == 1
            self.names.append(
                {"\x06": "Print_Area", "\x07": "Print_Titles"}.get(name, name) if builtin else name
            )

    def text(self, tokens: bytes, row: int, col: int) -> str:
        """The formula of these tokens as typed in the cell at ``row``, ``col``, or :data:`UNKNOWN`.

        Args:
            tokens: The token bytes, array constants cut off.
            row: The cell's row, for the relative references of shared formulas.
            col: The cell's column.
        """
        try:
            return _Stack(self, row, col).run(tokens)
        except (_UnreadableError, StructError, IndexError):
            return UNKNOWN

    def sheet(self, index: int) -> str:
        """The sheet part of a reference to another sheet, with its exclamation mark."""
        book, first, last = self.sheets[index]
        if not self.books[book][0]:
            raise _UnreadableError
        if first >= len(self.tabs) or last >= len(self.tabs):
            return "#REF!"
        label = self.tabs[first] if first == last else f"{self.tabs[first]}:{self.tabs[last]}"
        plain = label.replace("_", "").isalnum() and not label[0].isdigit()
        return f"{label}!" if plain else "'{}'!".format(label.replace("'", "''"))

    def other_name(self, index: int, name: int) -> str:
        """A name that belongs to another book or to an add-in."""
        return self.books[self.sheets[index][0]][1][name - 1].removeprefix("_xlfn.")


class _Stack:
    """Runs the tokens of one formula."""

    def __init__(self, formulas: Formulas, row: int, col: int) -> None:
        self._formulas = formulas
        self._row = row
        self._col = col
        self._items: list[str] = []

    def run(self, tokens: bytes) -> str:
        at = 0
        while at < len(tokens):
            at = self._token(tokens, at)
        if len(self._items) != 1:
            raise _UnreadableError
        return self._items[0]

    def _push(self, text: str) -> None:
        self._items.append(text)

    def _pop(self, count: int) -> list[str]:
        if count > len(self._items):
            raise _UnreadableError
        taken = self._items[len(self._items) - count :]
        del self._items[len(self._items) - count :]
        return taken

    def _token(self, tokens: bytes, at: int) -> int:
        """Take the token at ``at``; gives where the next one starts."""
        code = tokens[at]
        at += 1
        if code in _BINARY:
            left, right = self._pop(2)
            self._push(f"{left}{_BINARY[code]}{right}")
        elif code in (0x12, 0x13):
            self._push(("+" if code == 0x12 else "-") + self._pop(1)[0])
        elif code == 0x14:
            self._push(self._pop(1)[0] + "%")
        elif code == 0x15:
            self._push(f"({self._pop(1)[0]})")
        elif code == 0x16:
            self._push("")
        elif code == 0x17:
            length, wide = tokens[at], tokens[at + 1] & 1
            raw = tokens[at + 2 : at + 2 + length * (1 + wide)]
            text = raw.decode("utf-16-le" if wide else "latin-1", "replace").replace('"', '""')
            self._push(f'"{text}"')
            at += 2 + length * (1 + wide)
        elif code == 0x19:
            return self._attribute(tokens, at)
        elif code == 0x1C:
            self._push(_ERRORS.get(tokens[at], "#N/A"))
            at += 1
        elif code == 0x1D:
            self._push("TRUE" if tokens[at] else "FALSE")
            at += 1
        elif code == 0x1E:
            self._push(str(unpack_from("<H", tokens, at)[0]))
            at += 2
        elif code == 0x1F:
            self._push(repr(unpack_from("<d", tokens, at)[0]).removesuffix(".0"))
            at += 8
        elif code >= 0x20:
            return self._operand(code & 0x1F | 0x20, tokens, at)
        else:
            raise _UnreadableError
        return at

    def _attribute(self, tokens: bytes, at: int) -> int:
        flags, value = unpack_from("<BH", tokens, at)
        if flags & 0x10:
            self._push(f"SUM({self._pop(1)[0]})")
        return at + 3 + (2 * (value + 1) if flags & 0x04 else 0)

    def _operand(self, code: int, tokens: bytes, at: int) -> int:
        """Functions, references and names; they come in three classes that read alike."""
        if code == 0x21:
            number = unpack_from("<H", tokens, at)[0]
            if number not in _COUNTS:
                raise _UnreadableError
            self._call(_NAMES[number], _COUNTS[number])
            return at + 2
        if code == 0x22:
            count, number = unpack_from("<BH", tokens, at)
            number &= 0x7FFF
            if number == _USER_DEFINED:
                name, *arguments = self._pop(count & 0x7F)
                self._push(f"{name.removeprefix('_xlfn.')}({','.join(arguments)})")
            elif number in _NAMES:
                self._call(_NAMES[number], count & 0x7F)
            else:
                raise _UnreadableError
            return at + 3
        if code == 0x23:
            self._push(self._formulas.names[unpack_from("<H", tokens, at)[0] - 1])
            return at + 4
        if code in (0x26, 0x27, 0x28):  # a union or intersection follows as tokens
            return at + 6
        if code == 0x29:
            return at + 2
        if code in (0x24, 0x2C):
            row, col = unpack_from("<2H", tokens, at)
            self._push(self._cell(row, col, moving=code == 0x2C))
            return at + 4
        if code in (0x25, 0x2D):
            self._push(self._range(unpack_from("<4H", tokens, at), moving=code == 0x2D))
            return at + 8
        if code in (0x2A, 0x2B):
            self._push("#REF!")
            return at + (4 if code == 0x2A else 8)
        if code == 0x39:
            sheet, name = unpack_from("<2H", tokens, at)
            self._push(self._formulas.other_name(sheet, name))
            return at + 6
        sheet = self._formulas.sheet(unpack_from("<H", tokens, at)[0]) if 0x3A <= code <= 0x3D else ""
        if code == 0x3A:
            self._push(sheet + self._cell(*unpack_from("<2H", tokens, at + 2), moving=False))
            return at + 6
        if code == 0x3B:
            self._push(sheet + self._range(unpack_from("<4H", tokens, at + 2), moving=False))
            return at + 10
        if code in (0x3C, 0x3D):
            self._push(f"{sheet}#REF!")
            return at + (6 if code == 0x3C else 10)
        raise _UnreadableError

    def _call(self, name: str, count: int) -> None:
        self._push(f"{name}({','.join(self._pop(count))})")

    def _cell(self, row: int, col: int, *, moving: bool) -> str:
        """A reference; in a shared formula a relative one is an offset from the cell."""
        row_name = ("" if col & _ROW_MOVES else "$") + str(self._row_number(row, col, moving=moving) + 1)
        return self._column(col, moving=moving) + row_name

    def _row_number(self, row: int, col: int, *, moving: bool) -> int:
        return (row + self._row) & 0xFFFF if moving and col & _ROW_MOVES else row

    def _column(self, col: int, *, moving: bool) -> str:
        number = col & 0xFF
        if moving and col & _COL_MOVES:
            number = (number + self._col) & 0xFF
        return ("" if col & _COL_MOVES else "$") + column_name(number)

    def _range(self, ends: tuple[int, ...], *, moving: bool) -> str:
        top, bottom, left, right = ends
        if top == 0 and bottom == 0xFFFF and not (moving and left & _ROW_MOVES):
            first, last = (self._column(end, moving=moving) for end in (left, right))
            return f"{first}:{last}"
        if left & 0xFF == 0 and right & 0xFF == 0xFF and not (moving and left & _COL_MOVES):
            first, last = (
                ("" if col & _ROW_MOVES else "$") + str(self._row_number(row, col, moving=moving) + 1)
                for row, col in ((top, left), (bottom, right))
            )
            return f"{first}:{last}"
        return f"{self._cell(top, left, moving=moving)}:{self._cell(bottom, right, moving=moving)}"

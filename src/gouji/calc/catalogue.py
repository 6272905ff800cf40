"""The functions whose results from the built-in engine were compared with Excel's, and what their arguments are.

Each entry gives the kind of every argument, the last one repeated as needed:

* ``r``: a range is taken as it is (SUM);
* ``a``: arrays are computed without an array formula (SUMPRODUCT, LOOKUP);
* ``n``: one number, text is turned into one (ROUND);
* ``l``: one truth value (IF, AND);
* ``t``: one text (LEFT);
* ``v``: one value of any kind, passed on (IFERROR);
* ``c``: a criterion (COUNTIF);
* ``k``: a value looked for (VLOOKUP).

A function that is not here is only believed where a second opinion agrees. How the list came about:
docs/recalc.md.
"""

from __future__ import annotations

__all__ = ["AGGREGATES", "ARGUMENTS", "NEEDS_ARRAY_FORMULA", "READS_TEXT", "UNTRUSTWORTHY", "kind_of"]

# Functions that add up, count or compare what is in their ranges: given an expression over a range they
# compute it cell by cell only in an array formula.
AGGREGATES = frozenset(
    (
        "SUM",
        "AVERAGE",
        "MAX",
        "MIN",
        "COUNT",
        "COUNTA",
        "PRODUCT",
        "MEDIAN",
        "STDEV",
        "STDEVP",
        "STDEV.S",
        "STDEV.P",
        "VAR",
        "VARP",
        "VAR.S",
        "VAR.P",
        "SUMSQ",
        "AVERAGEA",
        "MAXA",
        "MINA",
        "AND",
        "OR",
        "XOR",
        "LARGE",
        "SMALL",
        "CONCAT",
        "TEXTJOIN",
    )
)
# Functions that choose: inside SUMPRODUCT they still look at one cell unless the formula is an array formula.
NEEDS_ARRAY_FORMULA = frozenset(("IF", "IFERROR", "IFNA", "IFS", "CHOOSE", "SWITCH"))

# Functions that the built-in engine and LibreOffice compute alike, and Excel otherwise.
UNTRUSTWORTHY = frozenset(
    (
        "ACCRINT",
        "ACCRINTM",
        "BESSELI",
        "BESSELJ",
        "BESSELK",
        "BESSELY",
        "BETA.INV",
        "BINOM.INV",
        "CRITBINOM",
        "CUMIPMT",
        "CUMPRINC",
        "DAYS360",
        "DB",
        "NEGBINOM.DIST",
        "ODDFPRICE",
        "ODDFYIELD",
        "ODDLPRICE",
        "ODDLYIELD",
        "PRICE",
        "PRICEDISC",
        "PRICEMAT",
        "SYD",
        "TBILLEQ",
        "YIELD",
        "YIELDDISC",
        "XNPV",
        "YIELDMAT",
    )
)

# Functions outside the list that are meant to be given text.
READS_TEXT = frozenset(
    ("ARABIC", "BIN2DEC", "BIN2HEX", "BIN2OCT", "HEX2DEC", "OCT2DEC", "DATEVALUE", "TIMEVALUE")
)

_TABLE = """
SUM r | AVERAGE r | MAX r | MIN r | COUNT r | COUNTA r | COUNTBLANK r | PRODUCT r | SUMSQ r | MEDIAN r
STDEV r | STDEVP r | STDEV.S r | STDEV.P r | VAR r | VARP r | VAR.S r | VAR.P r | AVERAGEA r | MAXA r | MINA r
AVEDEV r | DEVSQ r | SUBTOTAL nr | LARGE rn | SMALL rn | RANK nrn | RANK.EQ nrn | RANK.AVG nrn
PERCENTILE rn | PERCENTILE.INC rn | PERCENTILE.EXC rn | QUARTILE rn | QUARTILE.INC rn | QUARTILE.EXC rn
SUMPRODUCT a | SUMIF rcr | SUMIFS rrc | COUNTIF rc | COUNTIFS rc | AVERAGEIF rcr | AVERAGEIFS rrc
MAXIFS rrc | MINIFS rrc
IF lvv | IFERROR v | IFNA v | IFS lv | SWITCH v | CHOOSE nv | AND l | OR l | XOR l | NOT l | TRUE | FALSE
ROUND n | ROUNDUP n | ROUNDDOWN n | TRUNC n | INT n | ABS n | SIGN n | SQRT n | POWER n | EXP n | LN n | LOG n
LOG10 n | MOD n | PI | EVEN n | ODD n | FACT n | DEGREES n | RADIANS n
VLOOKUP krnl | HLOOKUP krnl | MATCH krn | XLOOKUP krrvnn | XMATCH krnn | LOOKUP kaa | INDEX rnnn | OFFSET rn
INDIRECT tl | ROW r | COLUMN r | ROWS r | COLUMNS r | ADDRESS nnnlt | AREAS r
LEFT tn | RIGHT tn | MID tnn | LEN t | TRIM t | CLEAN t | UPPER t | LOWER t | PROPER t | SUBSTITUTE tttn
REPLACE tnnt | FIND ttn | SEARCH ttn | TEXT vt | VALUE n | EXACT t | REPT tn | CONCATENATE t | CONCAT r
TEXTJOIN tlr | T r | N r | FIXED nnl | CHAR n | CODE t
TEXTBEFORE ttnnnv | TEXTAFTER ttnnnv | UNICHAR n | UNICODE t
DATE n | YEAR n | MONTH n | DAY n | HOUR n | MINUTE n | SECOND n | TIME n | WEEKDAY n | EDATE n | EOMONTH n
DATEDIF nnt | DAYS n | TODAY | NOW | NETWORKDAYS nnr | WORKDAY nnr | WEEKNUM n | ISOWEEKNUM n
RAND | RANDBETWEEN n
ISBLANK v | ISNUMBER v | ISTEXT v | ISNONTEXT v | ISERROR v | ISERR v | ISNA v | ISLOGICAL v | ISODD n
ISEVEN n | ISREF r | NA | TYPE v | ERROR.TYPE v | HYPERLINK tv | ISFORMULA r | SHEET r | SHEETS r
"""

ARGUMENTS: dict[str, str] = {}
for _entry in _TABLE.replace("\n", "|").split("|"):
    if _entry.strip():
        _name, _, _kinds = _entry.strip().partition(" ")
        ARGUMENTS[_name] = _kinds.strip()

# Where the arguments repeat in pairs (range, criterion), the pair starts after this many arguments.
_PAIRS = {"SUMIFS": 1, "AVERAGEIFS": 1, "MAXIFS": 1, "MINIFS": 1, "COUNTIFS": 0, "IFS": 0}


def kind_of(function: str, index: int) -> str:
    """The kind of an argument (0-based) of a function of the list."""
    kinds = ARGUMENTS[function]
    start = _PAIRS.get(function)
    if start is not None and index >= start:
        return kinds[start + (index - start) % 2]
    return kinds[min(index, len(kinds) - 1)] if kinds else "v"

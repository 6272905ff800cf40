"""What a person sees of a stored number: Excel number formats rendered to text.

Covers what forms use: General, digit placeholders with grouping, scaling and literals, percent, scientific,
fractions, dates and times (also elapsed and Chinese weekday ones), sections with signs, conditions and
colours, accounting formats with ``_`` and ``*``. Reference: ECMA-376 part 1, 18.8.31 (numFmts).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from gouji.frozen import frozen
from gouji.source.clock import render_clock
from gouji.source.format_code import BUILTIN_FORMATS, Section, sections_of

__all__ = ["BUILTIN_FORMATS", "Format", "format_of", "general"]

_LONGEST = 255
#: Wide enough for the largest double with as many decimals as a format can ask for.
_WIDE = Context(prec=1000, rounding=ROUND_HALF_UP)
_TEN = Context(prec=10, rounding=ROUND_HALF_UP)
_SIX = Context(prec=6, rounding=ROUND_HALF_UP)


@frozen(eq=False)
class Format:
    """A compiled number format; :func:`format_of` gives the same one for the same code.

    ``is_date`` says that it shows a date or a time of day.
    """

    code: str
    sections: tuple[Section, ...]
    is_date: bool
    is_general: bool

    def number(self, value: Decimal, *, date_1904: bool = False) -> str:
        """The text shown for a number."""
        if self.is_general:
            return general(value)
        return _shown(self, value, date_1904)

    def render(self, value: Decimal, *, date_1904: bool) -> str:
        """The same, worked out anew."""
        section, shown = self._choose(value)
        if section is None:
            return "#" * 8
        text = _render(section, shown, date_1904=date_1904)
        if text.startswith("-") and self._signs_alone and not any(digit in text for digit in "123456789"):
            # A negative number that rounds to zero: Excel leaves its own minus out.
            return text[1:]
        return text

    def text(self, value: str) -> str:
        """The text shown for a text."""
        last = self.sections[-1]
        if last.kind != "text" or (len(self.sections) < 4 and len(self.sections) != 1):
            return value
        return "".join(value if kind == "at" else text for kind, text in last.tokens)

    @property
    def _signs_alone(self) -> bool:
        """Whether one section shows all numbers, so that the minus is Excel's own, no part of the format."""
        return len(self.sections) == 1 or (len(self.sections) == 2 and self.sections[1].kind == "text")

    def _choose(self, value: Decimal) -> tuple[Section | None, Decimal]:
        numeric = self.sections[:3]
        if any(section.condition for section in numeric):
            for section in numeric:
                if section.condition is None or _holds(section.condition, value):
                    return section, value
            return None, value
        if len(numeric) > 1 and numeric[-1].kind == "text" and len(self.sections) < 4:
            numeric = numeric[:-1]
        if value < 0 and len(numeric) > 1:
            return numeric[1], -value
        if value == 0 and len(numeric) > 2:
            return numeric[2], value
        return numeric[0], value


@lru_cache(maxsize=512)
def format_of(code: str) -> Format:
    """The compiled form of a format code; one longer than Excel allows is taken as General."""
    if len(code) > _LONGEST:
        code = "General"
    sections = sections_of(code)
    return Format(
        code=code,
        sections=sections,
        is_date=any(section.kind == "clock" for section in sections),
        is_general=len(sections) == 1 and sections[0].kind == "general" and len(sections[0].tokens) == 1,
    )


# A form shows the same few numbers in the same few formats.
@lru_cache(maxsize=1024)
def _shown(shape: Format, value: Decimal, date_1904: bool) -> str:
    return shape.render(value, date_1904=date_1904)


def general(value: Decimal) -> str:
    """A number as Excel's General format shows it in a wide enough cell: at most 11 characters."""
    plain = str(value)
    if len(plain) <= 11 and "E" not in plain and (plain[-1] != "0" or "." not in plain):
        return plain
    if not value:
        return "0"
    size = value.adjusted()
    if -5 < size < 11:
        if size < 0:
            short = round(value, 9)
        elif size < 10:
            short = _TEN.plus(value)
        else:
            short = _WIDE.quantize(value, Decimal(1))
        text = format(short, "f")
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        if text not in ("0", "-0", ""):
            return text
    mantissa, exponent = f"{_SIX.plus(value):E}".split("E")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    sign = exponent[0] if exponent[0] in "+-" else "+"
    return f"{mantissa}E{sign}{exponent.lstrip('+-').zfill(2)}"


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    sign, bound = condition
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[sign]


def _render(section: Section, value: Decimal, *, date_1904: bool) -> str:
    if section.kind == "clock":
        return render_clock(section.tokens, value, date_1904=date_1904)
    if section.kind == "general":
        return "".join(general(value) if kind == "general" else text for kind, text in section.tokens)
    if section.kind == "text":
        return "".join(general(value) if kind == "at" else text for kind, text in section.tokens)
    sign = "-" if value < 0 and section.condition is None else ""
    if value < 0 and section.condition is not None:
        sign = "-" if not _tells_sign(section) else ""
    value = abs(value)
    if section.kind == "fraction":
        return sign + _fraction(section, value)
    if section.kind == "science":
        return sign + _science(section, value)
    if not any(kind == "digit" for kind, _ in section.tokens):
        body = "".join(text for _, text in section.tokens)
        return sign + body if section.tokens else ""
    value = value.scaleb(section.shift)
    rounded = _WIDE.quantize(value, Decimal(1).scaleb(-section.decimals))
    return sign + _fill(section, rounded)


def _tells_sign(section: Section) -> bool:
    """Whether a conditional section shows negatives only, so that Excel leaves the sign out."""
    condition = section.condition
    return condition is not None and condition[0] in ("<", "<=") and condition[1] <= 0


def _fill(section: Section, rounded: Decimal) -> str:
    """Put the digits of a rounded number into the placeholders."""
    text = format(rounded, "f")
    whole, _, decimals = text.partition(".")
    whole = whole.lstrip("0")
    digits = [text for kind, text in section.tokens if kind == "digit"][: section.whole]
    filled = _whole(whole, digits, grouped=section.grouped)
    out: list[str] = []
    seen = place = 0
    fractional = False
    marks = [text for kind, text in section.tokens if kind == "digit"][section.whole :]
    tail = _tail(decimals, marks)
    for kind, text in section.tokens:
        if kind == "digit" and not fractional:
            out.append(filled[seen])
            seen += 1
        elif kind == "digit":
            out.append(tail[place])
            place += 1
        elif kind == "mark" and text == ".":
            if not seen:
                out.append(whole)
            fractional = True
            out.append(".")
        else:
            out.append(text)
    return "".join(out)


def _whole(whole: str, marks: list[str], *, grouped: bool) -> list[str]:
    """The text for each integer placeholder; the first takes all digits that have none."""
    if not marks:
        return []
    width = len(marks)
    padded = whole.rjust(width, "\0")
    spare = len(padded) - width
    cells = [padded[: spare + 1], *padded[spare + 1 :]]
    # A 0 forces every placeholder to its right to show.
    forced = False
    for i, mark in enumerate(marks):
        forced = forced or mark == "0"
        if cells[i] == "\0":
            cells[i] = "0" if forced else " " if mark == "?" else ""
    if grouped:
        right = 0
        for i in range(width - 1, -1, -1):
            piece = cells[i]
            out = ""
            for char in reversed(piece):
                if char.isdigit():
                    if right and right % 3 == 0:
                        out = "," + out
                    right += 1
                out = char + out
            cells[i] = out
    return cells


def _tail(decimals: str, marks: list[str]) -> list[str]:
    cells = list(decimals.ljust(len(marks), "0"))[: len(marks)]
    for i in range(len(marks) - 1, -1, -1):
        if marks[i] == "0" or cells[i] != "0":
            break
        cells[i] = " " if marks[i] == "?" else ""
    return cells


def _science(section: Section, value: Decimal) -> str:
    at = next(i for i, (kind, _) in enumerate(section.tokens) if kind == "sci")
    head, tail = section.tokens[:at], section.tokens[at + 1 :]
    whole = max(1, sum(1 for kind, _ in head[: _point(head)] if kind == "digit"))
    exponent = value.adjusted() if value else 0
    exponent = exponent - (whole - 1) if whole == 1 else exponent // whole * whole
    step = Decimal(1).scaleb(-section.decimals)
    rounded = _WIDE.quantize(value.scaleb(-exponent), step)
    if rounded >= Decimal(10) ** whole:
        exponent += whole
        rounded = _WIDE.quantize(value.scaleb(-exponent), step)
    mantissa = Section("number", head, None, whole, section.decimals)
    marks = [text for kind, text in tail if kind == "digit"]
    digits = str(abs(exponent)).rjust(sum(1 for mark in marks if mark == "0"), "0")
    plus = "+" if section.tokens[at][1][1] == "+" else ""
    rest = "".join(text for kind, text in tail if kind != "digit")
    return f"{_fill(mantissa, rounded)}E{'-' if exponent < 0 else plus}{digits}{rest}"


def _point(tokens: tuple[tuple[str, str], ...]) -> int:
    return next((i for i, token in enumerate(tokens) if token == ("mark", ".")), len(tokens))


def _fraction(section: Section, value: Decimal) -> str:
    from fractions import Fraction  # noqa: PLC0415 - rare, and costs start-up time

    tokens = section.tokens
    slash = next(i for i, token in enumerate(tokens) if token == ("mark", "/"))
    after = [text for kind, text in tokens[slash + 1 :] if kind == "digit" or text.isdigit()]
    if not after:
        return general(value)
    fixed = "".join(text for _, text in tokens[slash + 1 :] if text.isdigit())
    groups = "".join("d" if kind == "digit" else " " for kind, _ in tokens[:slash]).split()
    mixed = len(groups) > 1
    exact = Fraction(value)
    whole = int(exact) if mixed else 0
    rest = exact - whole
    if fixed and fixed != "0" * len(fixed):
        denominator = int(fixed)
        numerator = int(rest * denominator + Fraction(1, 2))
    else:
        near = rest.limit_denominator(10 ** len(after) - 1)
        numerator, denominator = near.numerator, near.denominator
    if mixed and numerator == denominator:
        whole, numerator = whole + 1, 0
    if not numerator and mixed:
        return str(whole)
    return f"{whole} {numerator}/{denominator}" if mixed and whole else f"{numerator}/{denominator}"

"""Excel serial numbers as dates and times, and the clock letters of number formats."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["date_of", "render_clock", "serial_of"]

_DAY = 86400
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
#: The day after the last date Excel knows (9999-12-31), as a serial of the 1900 system.
_END = 2958466
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAYS_ZH = "一二三四五六日"
_OUT_OF_RANGE = "#" * 8


def date_of(serial: Decimal, *, date_1904: bool = False) -> date | None:
    """The calendar day of a serial number, None where Excel knows none.

    The 1900 system counts a 29 February 1900 that never was: serials 1 to 59 are one day off, 60 is that day
    (given here as 28 February).
    """
    day = int(serial)
    if serial < 0 or day >= _END:
        return None
    if date_1904:
        found = _EPOCH_1904.toordinal() + day
        return date.fromordinal(found) if found <= date.max.toordinal() else None
    return _EPOCH_1900 + timedelta(days=day + 1 if day < 60 else day)


def serial_of(text: str, *, date_1904: bool = False) -> Decimal | None:
    """The serial number of an ISO 8601 date, time or date-time (as Strict workbooks may store), or None."""
    from datetime import datetime  # noqa: PLC0415 - only Strict workbooks need it

    epoch = _EPOCH_1904 if date_1904 else _EPOCH_1900
    clock_only = "-" not in text and ":" in text
    try:
        moment = datetime.fromisoformat(f"{epoch}T{text}" if clock_only else text.rstrip("Z"))
    except ValueError:
        return None
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Decimal(moment.date().toordinal() - epoch.toordinal()) + Decimal(seconds) / _DAY


def render_clock(tokens: tuple[tuple[str, str], ...], value: Decimal, *, date_1904: bool) -> str:
    """The text of a date or time format."""
    if (value < 0 and not date_1904) or abs(value) >= _END:
        return _OUT_OF_RANGE
    places = _second_places(tokens)
    step = Decimal(1).scaleb(-places)
    shows_seconds = any(kind in ("clock", "elapsed") and text[0] == "s" for kind, text in tokens)
    total = (abs(value) * _DAY).quantize(step, ROUND_HALF_UP)
    if not shows_seconds:
        # Excel cuts minutes instead of rounding them, but never by the error of a double.
        total = total.quantize(Decimal(1), ROUND_HALF_UP)
    days, rest = divmod(total, _DAY)
    day = _shown_day(days, date_1904=date_1904)
    if day is None:
        return _OUT_OF_RANGE
    hour, minute, second = int(rest // 3600), int(rest // 60 % 60), rest % 60
    half_day = any(kind == "ampm" for kind, _ in tokens)
    out: list[str] = []
    fraction = False
    for at, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            unit = {"h": total // 3600, "m": total // 60, "s": total // 1}[text[0]]
            out.append(str(int(unit)).rjust(len(text), "0"))
        elif kind == "ampm":
            names = ("上午", "下午") if text[0] == "上" else text.split("/")
            out.append(names[hour >= 12])
        elif kind == "digit":
            if not fraction:
                out.append(text)
            elif tokens[at - 1][1] == ".":
                out.append(str(second % 1)[2:] if places else "")
        elif kind == "mark" and text == "." and tokens[at + 1 : at + 2] and tokens[at + 1] == ("digit", "0"):
            fraction = True
            out.append(".")
        elif kind == "clock":
            letter, width = text[0], len(text)
            if letter == "m" and _is_minute(tokens, at):
                out.append(str(minute).rjust(min(width, 2), "0"))
            elif letter == "h":
                shown = (hour % 12 or 12) if half_day else hour
                out.append(str(shown).rjust(min(width, 2), "0"))
            elif letter == "s":
                out.append(str(int(second)).rjust(min(width, 2), "0"))
            else:
                out.append(_calendar(letter, width, day))
        else:
            out.append(text)
    return "".join(out)


def _shown_day(serial: Decimal, *, date_1904: bool) -> tuple[int, int, int, int] | None:
    """Year, month, day and weekday (Monday is 0) as Excel shows them, days that never were included."""
    number = int(serial)
    if not date_1904 and number in (0, 60):
        # Both stand in Excel's calendar: 0 January 1900 and, after Lotus, 29 February 1900.
        return (1900, 1, 0, 5) if number == 0 else (1900, 2, 29, 2)
    day = date_of(serial, date_1904=date_1904)
    if day is None:
        return None
    weekday = day.weekday() if date_1904 else (number + 5) % 7
    return day.year, day.month, day.day, weekday


def _calendar(letter: str, width: int, shown: tuple[int, int, int, int]) -> str:
    year, month, day, weekday = shown
    if letter in {"y", "e"}:
        return f"{year % 100:02d}" if letter == "y" and width <= 2 else f"{year:04d}"
    if letter == "m":
        name = _MONTHS[month - 1]
        return {1: str(month), 2: f"{month:02d}", 3: name[:3], 5: name[0]}.get(width, name)
    if letter == "d":
        name = _DAYS[weekday]
        return {1: str(day), 2: f"{day:02d}", 3: name[:3]}.get(width, name)
    if letter == "a":
        name = _DAYS_ZH[weekday]
        return name if width == 3 else f"星期{name}"
    # b (Buddhist year) and g (era) do not occur in Chinese forms.
    return str(year + 543) if letter == "b" else ""


def _is_minute(tokens: tuple[tuple[str, str], ...], at: int) -> bool:
    """An m is minutes right after hours or right before seconds."""
    before = next((text[0] for kind, text in reversed(tokens[:at]) if kind in ("clock", "elapsed")), "")
    after = next((text[0] for kind, text in tokens[at + 1 :] if kind in ("clock", "elapsed")), "")
    return len(tokens[at][1]) <= 2 and (before == "h" or after == "s")


def _second_places(tokens: tuple[tuple[str, str], ...]) -> int:
    """How many decimals of seconds the format shows."""
    for at, token in enumerate(tokens):
        if token == ("mark", "."):
            places = 0
            for follower in tokens[at + 1 :]:
                if follower != ("digit", "0"):
                    break
                places += 1
            return places
    return 0

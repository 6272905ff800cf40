"""What the text of a cell may have meant: every figure one slip away from it."""

from __future__ import annotations

from gouji.repair.frame import power_of_ten
from gouji.repair.layout import Layout
from gouji.repair.record import Record
from gouji.repair.slips import POINT_SHARE, SHARE, UNIT_SHARE, Slip, possible_originals

__all__ = ["Nearness"]


class Nearness:
    """The figures one slip away from the texts of a record; every answer is remembered."""

    def __init__(self, record: Record, layout: Layout) -> None:
        self.record = record
        self.layout = layout
        self._originals: dict[int, dict[int, float]] = {}
        self._patterns: dict[tuple[int, int], bool] = {}
        self._near: dict[int, dict[int, float]] = {}

    def originals(self, i: int) -> dict[int, float]:
        """Every value that one slip could have turned into the text of cell ``i``, with rough odds, in fixed order."""
        found = self._originals.get(i)
        if found is None:
            raw = self.near(i)
            if i in self.record.readings:
                return raw
            step, low, x = self.record.quantum[i], self.record.low[i], self.record.values[i]
            found = self._originals[i] = {
                value: raw[value]
                for value in sorted(raw)
                if value % step == 0 and value != x and (low is None or value >= low)
            }
        return found

    def may_be_near(self, i: int, first: int, last: int) -> bool:
        """Whether a value from ``first`` to ``last`` may be one slip away from the text of cell ``i``; False is sure.

        A digit replaced, or two exchanged, change a figure by d·10^k or by d·9…9·10^k; a digit lost or too many in the
        whole part halves or doubles it at least, in the decimals it changes less than one.
        """
        record = self.record
        x = record.values[i]
        if x is None or i in self._near or x <= 0 or first <= 0 or i in record.readings:
            return True
        low, high = first - x, last - x
        about_one = record.one + record.one // 20
        if (low <= about_one and high >= -about_one) or 2 * first <= x or last >= 2 * x:
            return True
        if low < 0:
            low, high = -high, -low
        found = self._patterns.get((low, high))
        if found is None:
            found = self._patterns[low, high] = _slip_sized(low, high)
        if found:
            return True
        values = record.values
        return any((y := values[j]) is not None and first <= y <= last for j in self.layout.row_peers(i))

    def near(self, i: int) -> dict[int, float]:
        """The same in no order and with values that the form could not print: to ask whether one is among them."""
        found = self._near.get(i)
        if found is None:
            found = self._near[i] = self._find_near(i)
        return found

    def _find_near(self, i: int) -> dict[int, float]:
        record = self.record
        if i in record.readings:
            return dict.fromkeys(record.readings[i], SHARE[Slip.SPELLING])
        x = record.values[i]
        core = record.typed[i].core
        if x is None or record.typed[i].blank:
            return {}
        out = {-x: SHARE[Slip.SIGN]} if x < 0 or (low := record.low[i]) is None or -x >= low else {}
        if x >= 0:
            out |= possible_originals(core.lstrip("-"), record.digits)
        for k, share in (*POINT_SHARE.items(), *UNIT_SHARE.items()):
            if k < 0:
                out[x * power_of_ten(-k)] = SHARE[Slip.POINT] * share
            elif not x % power_of_ten(k):
                out[x // power_of_ten(k)] = SHARE[Slip.POINT] * share
        for j in self.layout.row_peers(i):
            value = record.values[j]
            if value and value not in out:
                out[value] = SHARE[Slip.SWAPPED] / 10
        out.pop(x, None)
        return out


def _slip_sized(low: int, high: int) -> bool:
    """Whether a difference from ``low`` to ``high`` is what a digit replaced or two digits exchanged make."""
    step = 1
    while step <= high:
        times = -(-low // step)
        if times * step <= high and any(
            times <= 9 * r and times % r == 0 for r in (1, 9, 99, 999, 9999, 99999)
        ):
            return True
        step *= 10
    return False

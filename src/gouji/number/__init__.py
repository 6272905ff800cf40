"""Texts and cells as exact numbers: value, unit, precision, or a named problem.

:func:`read_number` reads one text, :func:`read_cell` one workbook cell, :func:`find_numbers` every figure of
a sentence; :func:`agree_ratio`, :func:`agree_sum` and :func:`agree_value` compare figures, each printed one
standing for all values that round to it.
"""

from gouji.number.agree import (
    Agreement,
    Comparison,
    agree_ratio,
    agree_sum,
    agree_value,
    interval,
    precision,
    ratio_agreement,
    round_half_up,
    sum_agreement,
)
from gouji.number.alike import resembles
from gouji.number.cell import hides_decimals, read_cell, read_cell_date
from gouji.number.date import TypedDate, read_date, serial_date
from gouji.number.find import Found, Role, find_numbers
from gouji.number.reading import read_amount, read_number
from gouji.number.unit import is_money, known_unit, normal_unit, same_dimension, unit_factor

__all__ = [
    "Agreement",
    "Comparison",
    "Found",
    "Role",
    "TypedDate",
    "agree_ratio",
    "agree_sum",
    "agree_value",
    "find_numbers",
    "hides_decimals",
    "interval",
    "is_money",
    "known_unit",
    "normal_unit",
    "precision",
    "ratio_agreement",
    "read_amount",
    "read_cell",
    "read_cell_date",
    "read_date",
    "read_number",
    "resembles",
    "round_half_up",
    "same_dimension",
    "serial_date",
    "sum_agreement",
    "unit_factor",
]

"""Repair: which figure is wrong, and what it must be.

:func:`solve` takes a :class:`Problem` (cells as typed, relations that ought to tie them) and gives an
:class:`Answer`: the relations that fail and, for each fault, the ranked explanations.
"""

from gouji.repair.engine import solve
from gouji.repair.problem import (
    Answer,
    AtMostRelation,
    CellKind,
    Group,
    LinearRelation,
    Problem,
    ProblemError,
    RatioRelation,
    RelationFinding,
    RepairAlternative,
    RepairCell,
    answer_to_json,
    parse_problem,
)

__all__ = [
    "Answer",
    "AtMostRelation",
    "CellKind",
    "Group",
    "LinearRelation",
    "Problem",
    "ProblemError",
    "RatioRelation",
    "RelationFinding",
    "RepairAlternative",
    "RepairCell",
    "answer_to_json",
    "parse_problem",
    "solve",
]

"""Formula text taken apart: tokens, shifts, trees."""

from __future__ import annotations

import pytest

from gouji.calc.formula import FormulaSyntaxError, TokenKind, function_names, shift, tokens
from gouji.calc.syntax import Area, Array, Call, Literal, Missing, Name, Operation, parse


@pytest.mark.parametrize(
    ("formula", "down", "right", "shifted"),
    [
        ("A1+$B$2", 1, 1, "B2+$B$2"),
        ("SUM(A$1:$B2)", 3, 2, "SUM(C$1:$B5)"),
        ("'表 1'!A1&表!B2", 1, 0, "'表 1'!A2&表!B3"),
        ('"A1"&A1', 1, 0, '"A1"&A2'),
        ("A:B+3:$4", 1, 1, "B:C+4:$4"),
        ("LOG10(A1)+ATAN2(B1,C1)", 1, 0, "LOG10(A2)+ATAN2(B2,C2)"),
        ("表1[[#This Row],[A1]]+A1", 1, 0, "表1[[#This Row],[A1]]+A2"),
        ("项目A1+XFD1048576", 1, 1, "项目A1+A1"),
        ("IF(A1=#REF!,1,2)", 1, 0, "IF(A2=#REF!,1,2)"),
    ],
)
def test_a_shared_formula_reads_shifted_in_its_other_cells(
    formula: str, down: int, right: int, shifted: str
) -> None:
    assert shift(formula, down, right) == shifted


def test_names_that_look_like_cells_are_told_from_cells() -> None:
    kinds = {token.text: token.kind for token in tokens("A1+A1B+LOG10(1)+[1]表!A1+A1#")}
    assert kinds["A1"] is TokenKind.CELL
    assert kinds["A1B"] is TokenKind.NAME
    assert kinds["LOG10"] is TokenKind.FUNCTION
    assert kinds["[1]表!"] is TokenKind.PREFIX


def test_functions_are_named_without_their_prefix_and_not_inside_quotes() -> None:
    assert function_names("_xlfn.IFS(sum(A1),\"MAX(1)\",'MIN(1)'!A1)") == {"IFS", "SUM"}


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("-A1^2", Operation("^", (Operation("u-", (Area("", "A1", single=True),)), Literal("2", TokenKind.NUMBER)))),
        ("A1:B2", Area("", "A1:B2", single=False)),
        ("表!A1:B2", Area("表!", "A1:B2", single=False)),
        ("A1:B2 B1:C9", Operation(" ", (Area("", "A1:B2", single=False), Area("", "B1:C9", single=False)))),
        (
            "IF( A1 ,,{1;2})",
            Call("IF", (Area("", "A1", single=True), Missing(), Array((Literal("1", TokenKind.NUMBER), Literal("2", TokenKind.NUMBER))))),
        ),
        ('"a""b"', Literal('a"b', TokenKind.STRING)),
        ("税率%", Operation("%", (Name("税率"),))),
        ("[1]表!A1", Name("[1]表!A1")),
        ("表1:表3!A1", Area("表1:表3!", "A1", single=False)),
        ("true", Literal("TRUE", TokenKind.NAME)),
    ],
)  # fmt: skip
def test_trees(formula: str, tree: object) -> None:
    assert parse(formula) == tree


def test_precedence_is_excels() -> None:
    text = repr(parse("1+2*3^-4%&5=6"))
    assert text.index("'='") < text.index("'&'") < text.index("'+'") < text.index("'*'") < text.index("'^'")


@pytest.mark.parametrize("formula", ["", "1+", "SUM(1", "A1)", "?", "{1", "a[b", "(" * 300 + "1" + ")" * 300])
def test_what_is_no_formula_is_said_to_be_none(formula: str) -> None:
    with pytest.raises(FormulaSyntaxError):
        parse(formula)

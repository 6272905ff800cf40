"""Which formulas the built-in engine is believed for, told by reading them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gouji.calc.facts import AreaFacts, Rectangle
from gouji.calc.formula import column_letters
from gouji.calc.idioms import suspicion, suspicious_result
from gouji.calc.numbertext import is_ambiguous, is_plain_number
from gouji.calc.plain import is_plain
from gouji.calc.textformat import is_certain_format
from gouji.calc.value import CellError, Value
from gouji.calc.verdict import Verdict

CELLS: dict[str, Value] = {
    "A1": Decimal(1),
    "A2": Decimal(2),
    "A3": Decimal(3),
    "B1": "甲",
    "B2": "",
    "B3": "5",
    "C1": "3-5",
    "D1": CellError("#N/A"),
    "E1": Decimal(3),
    "E2": Decimal(1),
    "E3": Decimal(2),
}


class Sheet:
    """The facts of a small sheet; a cell that is not listed is empty."""

    def area(self, sheet: str, area: Rectangle) -> AreaFacts | None:
        """The values of an area of the one sheet."""
        del sheet
        top, left, bottom, right = area
        if bottom - top > 1000:
            return AreaFacts([None, *CELLS.values()])
        return AreaFacts(
            [
                CELLS.get(f"{column_letters(col)}{row}")
                for row in range(top, bottom + 1)
                for col in range(left, right + 1)
            ]
        )

    @property
    def has_ambiguous_text(self) -> bool:
        """C1 holds one."""
        return True


def verdict(formula: str, *, array: bool = False) -> str | None:
    found = suspicion(formula, "表", Sheet(), array=array)
    return found.verdict.value if found else None


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(A1:A3)",
        "IF(A1=0,0,ROUND(A2/A1*100,2))",
        'IFERROR(A1/A2,"")',
        'SUMIF(B1:B3,"甲",A1:A3)',
        'COUNTIF(A1:A3,">="&A2)',
        'COUNTIF(A1:A3,"<>")',
        "SUMPRODUCT((A1:A3=1)*E1:E3)",
        'SUMPRODUCT(--(B1:B3="甲"),A1:A3)',
        "VLOOKUP(A2,A1:E3,2,FALSE)",
        "VLOOKUP(A2,A1:E3,2)",
        'LOOKUP(A1,{0,60,80},{"差","中","良"})',
        "LOOKUP(1,0/(A1:A3=2),E1:E3)",
        "INDEX(A1:A3,MATCH(2,A1:A3,0))",
        'TEXT(A1,"#,##0.00")&"万元"',
        'AND(A1>0,A2<=100,"TRUE")',
        "SUM(A1:A3,E1:E3)*2",
        "A1:A3*2",
        "SUM(IF(A1=1,A1:A3,E1:E3))",
        "DATE(2024,A1,A2)",
        "'表 2'!A1+其他!B3",
    ],
)
def test_everyday_formulas_are_believed(formula: str) -> None:
    assert verdict(formula) is None


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # DESIGN's list: rows as numbers inside SUMPRODUCT, LARGE over ROW(INDIRECT()), COUNTIF's odd criteria.
        ("SUMPRODUCT((MOD(ROW(A1:A3),2)=1)*A1:A3)", "wrong"),
        ('SUMPRODUCT(LARGE(A1:A3,ROW(INDIRECT("1:2"))))', "wrong"),
        ('COUNTIF(B1:B3,"=")', "wrong"),
        ('COUNTIF(B1:B3,"<>")', "wrong"),
        ('COUNTIF(A1:D1,"#N/A")', "wrong"),
        ('AND("abc",TRUE)', "wrong"),
        # An empty criterion is 0 to Excel; * meets empty texts; <>5 meets the text 5.
        ("COUNTIF(A1:A3,Z9)", "wrong"),
        ("SUMPRODUCT(COUNTIF(A1:A4,A1:A4))", "wrong"),
        ('COUNTIF(B1:B3,"*")', "never"),
        ('SUMIF(B1:B3,"<>5",A1:A3)', "wrong"),
        ('COUNTIF(A1:A3,">a")', "unsure"),
        ("COUNTIF(A1:A3,LEFT(B1,1))", "unsure"),
        ("MAXIFS(A1:D1,A1:D1,1)", "wrong"),
        # Ranges computed cell by cell need an array formula, IF inside SUMPRODUCT too.
        ("SUM(A1:A3*2)", "wrong"),
        ("MAX(IF(A1:A3=1,E1:E3))", "wrong"),
        ("AND(A1:A3>0)", "wrong"),
        ("SUM(IFERROR(A1:A3,0))", "wrong"),
        ("SUMPRODUCT(IF(A1:A3>1,1,0))", "never"),
        ("MATCH(1,(A1:A3=1)*(E1:E3=3),0)", "never"),
        # Lookups with gaps or out of order.
        ("VLOOKUP(0,B1:D9,2,FALSE)", "wrong"),
        ("VLOOKUP(A1*0,B1:D9,2,FALSE)", "unsure"),
        ('MATCH("",B1:B9,0)', "never"),
        ("MATCH(2,E1:E3)", "unsure"),
        ("LOOKUP(9E+307,A1:A9)", "unsure"),
        ("VLOOKUP(2,A1:E3,2,A1)", "unsure"),
        # Texts that depend on the language; functions that do.
        ("C1+1", "never"),
        ("ROUND(C1,2)", "never"),
        ('"１２"*1', "never"),
        ('B1>"乙"', "unsure"),
        ('TEXT(A1,"[DBNum2]")', "never"),
        ('TEXT(46000,"mmmm")', "unsure"),
        ("LENB(B1)", "wrong"),
        ("CODE(B1)", "unsure"),
        ("VALUE(Z9)", "wrong"),
        ("[1]表!A1+1", "never"),
        ("EOMONTH(TRUE,1)", "never"),
        # Functions nobody compared; a function known to differ; what cannot be read.
        ("PMT(0.05,10,1000)", "unsure"),
        ("PMT(B3,10,1000)", "never"),
        ("PRICE(1,2,3,4,5,6)", "never"),
        ("@A1:A3", "unsure"),
        ("A1+", "unsure"),
    ],
)
def test_doubtful_formulas_are_named(formula: str, expected: str) -> None:
    assert verdict(formula) == expected


def test_array_formulas_want_a_second_opinion() -> None:
    assert verdict("SUM(A1:A3*2)", array=True) == "unsure"


@pytest.mark.parametrize(
    ("formula", "result", "doubted"),
    [
        ("没有的名称", CellError("#NAME?"), True),
        ("D1+1", CellError("#N/A"), False),
        ("1/0", CellError("#DIV/0!"), False),
        ("表1[列]", CellError("#REF!"), True),
        ("INDEX(A1:A3,9)", CellError("#REF!"), False),
        ("#REF!+1", CellError("#REF!"), False),
        ("TIME(12,-30,0)", CellError("#NUM!"), True),
        ('1234567890123456&""', "1234567890123450", True),
        ('A1&"号"', "1号", False),
    ],
)
def test_some_results_are_doubted_for_what_they_are(formula: str, result: Value, *, doubted: bool) -> None:
    found = suspicious_result(formula, "表", result, Sheet())
    assert (found is not None and found.verdict is Verdict.UNSURE) is doubted


@pytest.mark.parametrize(
    "formula", ["B5+C5", "SUM(C5:C9)", "ROUND(B5/C5*100,2)", "IF(B5=0,\"\",'表 1'!C5)", "-B5*(1+0.13)"]
)
def test_plain_formulas_are_told_at_a_glance(formula: str) -> None:
    assert is_plain(formula)


@pytest.mark.parametrize(
    "formula", ["A1:A3*2", "SUMPRODUCT(A1:A3)", "COUNTIF(A1:A3,1)", 'A1>"甲"', "税率*2", "ROUND(A1:A3,2)"]
)
def test_others_are_not(formula: str) -> None:
    assert not is_plain(formula)


@pytest.mark.parametrize("text", ["5", " -5.5 ", "1,234.50", "5%", "1E3", "(5)", "2024-01-10", "10:30"])
def test_texts_every_excel_reads_alike(text: str) -> None:
    assert is_plain_number(text)
    assert not is_ambiguous(text)


@pytest.mark.parametrize(
    "text", ["3-5", "1/2", "2024年1月10日", "１２", "¥5", "5-", "Jan 5", "12:", "1 1/2", " 2024-01-10"]
)
def test_texts_they_do_not(text: str) -> None:
    assert is_ambiguous(text)


@pytest.mark.parametrize("text", ["201.5.5", "≥90", "无", "", "项目一", "12人"])
def test_texts_no_excel_reads_as_a_number(text: str) -> None:
    assert not is_plain_number(text)
    assert not is_ambiguous(text)


@pytest.mark.parametrize(
    "code", ["0.00", "#,##0", "0.0%", "yyyy-mm-dd", 'yyyy"年"m"月"', "hh:mm", '0;-0;"零"', '0"万元"']
)
def test_certain_formats(code: str) -> None:
    assert is_certain_format(code)


@pytest.mark.parametrize("code", ["General", "@", "mmm", "dddd", "# ?/?", "[DBNum1]0", "0;0;0;0", "yyyy年"])
def test_uncertain_formats(code: str) -> None:
    assert not is_certain_format(code)

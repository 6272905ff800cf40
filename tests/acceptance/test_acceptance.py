"""Findings that somebody answers for: shown, counted, no error any more; idle explanations are reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from gouji.acceptance import NOTHING, accepted, parse
from gouji.checking import CheckOptions, check_file, declared
from gouji.mending import fix_file
from gouji.model import Severity
from gouji.report.json_ import to_json
from gouji.report.sarif import to_sarif
from gouji.report.text import to_text
from gouji.result import DocumentResult, exit_status
from gouji.write.package import Package

ROOT = Path(__file__).parents[2]
NAME = "自评表.xlsx"
SCHEMA = json.loads((ROOT / "docs/schema/gouji.check-1.json").read_text(encoding="utf-8"))
MALFORMED = {"rule": "GJ401", "sheet": "基础数据表", "cell": "D16", "observed": "201.5.5"}
ANSWERED = {"reason": "原件如此，另附说明", "role": "财务科复核"}


def settings(*entries: dict[str, str]) -> bytes:
    lines = []
    for entry in entries:
        lines += ["[[accept]]", *(f"{key} = {json.dumps(value)}" for key, value in entry.items())]
    return "\n".join(lines).encode()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The example with known faults, in a folder of its own."""
    path = tmp_path / NAME
    path.write_bytes((ROOT / "examples/lusong-2024.xlsx").read_bytes())
    return path


def checked(book: Path, *entries: dict[str, str]) -> DocumentResult:
    (book.parent / "gouji.toml").write_bytes(settings(*entries))
    return check_file(str(book))


def test_an_accepted_finding_stays_in_every_report_with_its_reason_and_is_no_error(book: Path) -> None:
    before = check_file(str(book))
    result = checked(book, {"file": NAME} | MALFORMED | ANSWERED)
    [found] = [each for each in result.findings if each.accepted]
    assert found.code == "GJ401"
    assert (found.severity, found.fix) == (Severity.INFO, None)
    assert found.accepted is not None
    assert found.accepted.severity is Severity.ERROR
    assert result.count(Severity.ERROR) == before.count(Severity.ERROR) - 1
    assert len(result.findings) == len(before.findings)
    text = to_text([result])
    assert "原件如此，另附说明（财务科复核）" in text
    assert "其中 1 处已说明接受" in text
    report = json.loads(to_json([result]))
    jsonschema.validate(report, SCHEMA)
    [shown] = [each for each in report["documents"][0]["findings"] if "accepted" in each]
    assert shown["accepted"] == ANSWERED | {"severity": "error"}
    sarif = json.loads(to_sarif([result]))["runs"][0]["results"]
    assert [each["suppressions"][0]["status"] for each in sarif if "suppressions" in each] == ["accepted"]


def test_a_file_whose_errors_are_all_answered_for_exits_as_one_without_errors(book: Path) -> None:
    errors = [each for each in check_file(str(book)).findings if each.severity is Severity.ERROR]
    entries = [
        {
            "file": NAME,
            "rule": each.code,
            "sheet": each.location.sheet or "",
            "cell": each.location.cell or "",
        }
        for each in errors
    ]
    assert exit_status([checked(book, *(each | ANSWERED for each in entries))]) == 0
    assert exit_status([checked(book)]) == 1


def test_an_accepted_figure_is_not_corrected(book: Path) -> None:
    assert [each.change.cell for each in fix_file(str(book)).applied] == ["D16"]
    (book.parent / "gouji.toml").write_bytes(settings({"file": NAME} | MALFORMED | ANSWERED))
    assert fix_file(str(book)).applied == ()


@pytest.mark.parametrize(
    "entry",
    [
        MALFORMED | ANSWERED | {"observed": "201.5.6"},
        MALFORMED | ANSWERED | {"cell": "D17"},
        MALFORMED | ANSWERED | {"sheet": "自评表"},
        MALFORMED | ANSWERED | {"rule": "GJ402"},
        {"rule": "GJ401"} | ANSWERED,
    ],
)
def test_an_explanation_that_fits_nothing_is_reported_and_accepts_nothing(
    book: Path, entry: dict[str, str]
) -> None:
    result = checked(book, {"file": NAME} | entry)
    assert not any(each.accepted for each in result.findings)
    [said] = [each for each in result.findings if each.code == "GJ001"]
    assert said.severity is Severity.WARNING
    assert "第 1 条" in said.message
    assert "没有用上" in said.message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (settings({"file": NAME} | MALFORMED | {"reason": "有说明"}), "缺少 role"),
        (settings({"file": NAME} | MALFORMED | {"reason": " ", "role": "某科"}), "缺少 reason"),
        (settings(MALFORMED | ANSWERED), "缺少 file"),
        (settings({"file": NAME, "colour": "x"} | MALFORMED | ANSWERED), "colour"),
        (b"[[accept]\n", "写法不对"),
        (b"\xff\xfe", "写法不对"),
        (b"accept = 3", "[[accept]]"),
        (b"accept = [3]", "[[accept]]"),
        (b"[limits]\ncells = 1", "limits 不起作用"),
    ],
)
def test_what_cannot_be_used_accepts_nothing_and_is_named(book: Path, data: bytes, says: str) -> None:
    (book.parent / "gouji.toml").write_bytes(data)
    result = check_file(str(book))
    assert not any(each.accepted for each in result.findings)
    assert [says in each.message for each in result.findings if each.code == "GJ001"] == [True]


def test_an_explanation_for_another_file_is_none_of_this_ones_business() -> None:
    assert parse(settings({"file": "别的.xlsx"} | MALFORMED | ANSWERED), NAME) == NOTHING


def test_a_rule_that_was_not_asked_for_leaves_its_explanation_alone(book: Path) -> None:
    (book.parent / "gouji.toml").write_bytes(settings({"file": NAME} | MALFORMED | ANSWERED))
    result = check_file(str(book), CheckOptions(select=("GJ2",)))
    assert not [each for each in result.findings if each.code == "GJ001"]


def test_applying_explanations_twice_is_applying_them_once(book: Path) -> None:
    entries = ({"file": NAME} | MALFORMED | ANSWERED, {"file": NAME, "rule": "GJ999"} | ANSWERED)
    result = checked(book, *entries)
    assert accepted(result, declared(result, CheckOptions())) == result


def test_explanations_can_be_left_aside(book: Path) -> None:
    (book.parent / "gouji.toml").write_bytes(settings({"file": NAME} | MALFORMED | ANSWERED))
    result = check_file(str(book), CheckOptions(declared=NOTHING))
    assert not any(each.accepted for each in result.findings)


# ---------------------------------------------------------------- the column # 说明


@pytest.fixture
def answered(book: Path) -> Callable[..., DocumentResult]:
    """The example with a column of explanations at the right of 自评表, checked."""

    def check(**answers: str) -> DocumentResult:
        package = Package.open(str(book))
        package.set_values("自评表", {"Z12": "＃ 说明"} | answers)
        book.write_bytes(package.to_bytes())
        return check_file(str(book))

    return check


def test_a_note_in_the_row_of_a_finding_answers_for_it(answered: Callable[..., DocumentResult]) -> None:
    result = answered(Z14="GJ107 财务科复核：年中追加任务，批复见附件", Z15="gj107、GJ105 业务科：另有批复")
    told = {each.location.cell: each.accepted for each in result.findings if each.accepted}
    assert told["F14"] is not None
    assert (told["F14"].role, told["F14"].reason) == ("财务科复核", "年中追加任务，批复见附件")
    assert set(told) == {"F14", "F15"}
    [idle] = [each for each in result.findings if each.code == "GJ001"]
    assert "自评表 Z15 的说明（GJ105）没有用上" in idle.message


def test_the_column_is_no_part_of_the_form(book: Path, answered: Callable[..., DocumentResult]) -> None:
    before = {(each.code, each.location.cell) for each in check_file(str(book)).findings}
    result = answered(Z13="GJ107 财务科：没有这个问题", Z16="偏差原因：目标偏低")
    after = {(each.code, each.location.cell) for each in result.findings}
    assert after - before == {("GJ001", None)}
    assert before <= after
    told = [each.message for each in result.findings if each.code == "GJ001"]
    assert any("Z13" in each for each in told)
    assert any("Z16" in each and "没有采用" in each for each in told)


def test_notes_do_not_count_where_nothing_is_to_be_accepted(
    book: Path, answered: Callable[..., DocumentResult]
) -> None:
    answered(Z14="GJ107 财务科：另有批复")
    plain = check_file(str(book), CheckOptions(declared=NOTHING))
    assert not [each for each in plain.findings if each.accepted or each.code == "GJ001"]

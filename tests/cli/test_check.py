"""``gouji check``: formats, outputs that destroy nothing, exit statuses, wrong usage in Chinese."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from gouji.source.document import Document

Gouji = Callable[..., Any]
Process = Callable[..., subprocess.CompletedProcess[bytes]]
SCHEMA = json.loads(
    Path(__file__).parents[2].joinpath("docs/schema/gouji.check-1.json").read_text(encoding="utf-8")
)


def test_a_faulty_workbook_gives_status_1_and_valid_json(gouji: Gouji, book: Path) -> None:
    run = gouji("check", book, "--format", "json")
    shown = json.loads(run.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(shown)
    document = shown["documents"][0]
    assert (document["form"], document["status"]) == ("hunan-2024", "findings")
    assert document["path"] == str(book)
    assert document["sha256"] == sha256(book.read_bytes()).hexdigest()
    assert document["counts"]["facts"] > 100
    assert document["counts"]["relations"] > 20
    assert any(finding["severity"] == "error" for finding in document["findings"])
    assert run.status == 1
    assert run.err == ""


def test_findings_stand_in_reading_order(gouji: Gouji, book: Path) -> None:
    def key(finding: dict[str, dict[str, str]]) -> tuple[int, int]:
        location = finding["location"]
        return ["基础数据表", "自评表"].index(location["sheet"]), int(location["cell"].lstrip("ABCDEFGHI"))

    findings = json.loads(gouji("check", book, "--format", "json").out)["documents"][0]["findings"]
    placed = [key(finding) for finding in findings if finding["location"]["cell"]]
    assert len(placed) > 1
    assert placed == sorted(placed)


def test_the_bytes_are_equal_each_time(process: Process, book: Path) -> None:
    first, second = (process("check", book, "--format", "json", PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first.stdout == second.stdout
    assert first.stdout.decode("utf-8").endswith("}\n")


def test_json_is_utf8_whatever_the_locale(process: Process, book: Path) -> None:
    run = process("check", book, "--format", "json", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert "基础数据表" in run.stdout.decode("utf-8")


def test_checking_with_json_loads_no_heavy_library(book: Path) -> None:
    code = (
        "import sys; from gouji.cli import main; main(sys.argv[1:]);"
        "heavy = {'pandas', 'openpyxl', 'rich', 'docx', 'numpy', 'lxml', 'cellrune', 'python_calamine'};"
        "print(*sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "check", str(book), "--format", "json"]
    run = subprocess.run(command, capture_output=True, check=True)
    assert json.loads(run.stdout)
    assert run.stderr.split() == []


def test_text_goes_to_the_screen_by_default(gouji: Gouji, book: Path) -> None:
    run = gouji("check", book)
    assert "〔基础数据表〕" in run.out
    assert "已核对" in run.out
    assert run.status == 1


def test_sarif(gouji: Gouji, book: Path) -> None:
    assert json.loads(gouji("check", book, "--format", "sarif").out)["version"] == "2.1.0"


def test_several_files_each_have_their_entry_in_the_order_given(gouji: Gouji, book: Path) -> None:
    report, prior = book.with_suffix(".docx"), book.with_name("caidian-2023.xlsx")
    run = gouji("check", book, "--report", report, "--prior", prior, "--format", "json")
    shown = json.loads(run.out)["documents"]
    assert [document["path"] for document in shown] == [str(book), str(report), str(prior)]
    for document in shown:
        assert {finding["location"]["document"] for finding in document["findings"]} <= {document["path"]}


def test_the_rules_can_be_chosen(gouji: Gouji, book: Path) -> None:
    def codes(*options: str) -> set[str]:
        document = json.loads(gouji("check", book, "--format", "json", *options).out)["documents"][0]
        return {finding["code"] for finding in document["findings"]}

    every = codes()
    assert codes("--select", "GJ2") == {code for code in every if code.startswith("GJ2")}
    assert codes("--ignore", "GJ2") == {code for code in every if not code.startswith("GJ2")}
    assert codes("--select", "GJ3，sum-mismatch", "--select", "gj208", "--ignore", "GJ208") == {
        code for code in every if code.startswith("GJ3") or code == "GJ201"
    }


def test_a_form_can_be_named_instead_of_recognised(gouji: Gouji, book: Path) -> None:
    run = gouji("check", book, "--format", "json", "--form", "generic")
    assert json.loads(run.out)["documents"][0]["form"] == "generic"


def test_output_goes_to_a_file_and_nothing_to_the_screen(gouji: Gouji, book: Path, tmp_path: Path) -> None:
    target = tmp_path / "结果.json"
    run = gouji("check", book, "--format", "json", "--output", target)
    assert run.out == ""
    assert target.read_text(encoding="utf-8") == gouji("check", book, "--format", "json").out
    assert b"\r" not in target.read_bytes()


def test_an_existing_output_is_kept_unless_forced(gouji: Gouji, book: Path, tmp_path: Path) -> None:
    target = tmp_path / "结果.txt"
    target.write_text("旧", encoding="utf-8")
    refused = gouji("check", book, "-o", target)
    assert refused.status == 2
    assert "已经存在" in refused.err
    assert "--force" in refused.err
    assert target.read_text(encoding="utf-8") == "旧"
    assert gouji("check", book, "-o", target, "--force").status == 1
    assert "基础数据表" in target.read_text(encoding="utf-8")


def test_an_input_is_never_the_output(gouji: Gouji, book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "a.xlsx"
    copy.write_bytes(book.read_bytes())
    run = gouji("check", copy, "-o", tmp_path / "." / "a.xlsx", "--force")
    assert run.status == 2
    assert copy.read_bytes() == book.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("没有.xlsx", None, "unreadable"),
        ("空.xlsx", b"", "unreadable"),
        ("坏.xlsx", b"PK\x03\x04" + b"\x00" * 40, "unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_coded_result_with_status_2(
    gouji: Gouji, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    run = gouji("check", path, "--format", "json")
    shown = json.loads(run.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(shown)
    document = shown["documents"][0]
    assert (document["status"], document["reason"]["code"], document["form"]) == ("not_checked", code, None)
    assert (document["sha256"] is None) == (content is None)
    assert run.status == 2
    text = gouji("check", path)
    assert "没有检查：" in text.out
    assert "Traceback" not in text.out + text.err


def test_a_file_without_any_known_table_is_not_called_clean(gouji: Gouji, tmp_path: Path) -> None:
    path = tmp_path / "通讯录.txt"
    path.write_text("姓名\n某甲\n某乙\n", encoding="utf-8")
    run = gouji("check", path, "--format", "json")
    assert json.loads(run.out)["documents"][0]["reason"]["code"] == "nothing-known"
    assert run.status == 2


def test_a_workbook_without_any_known_table_is_not_called_unreadable(gouji: Gouji, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "电话"])
    book.active.append(["某甲", "00000000"])
    book.save(tmp_path / "通讯录.xlsx")
    run = gouji("check", tmp_path / "通讯录.xlsx", "--format", "json")
    assert json.loads(run.out)["documents"][0]["reason"]["code"] == "nothing-known"
    assert run.status == 2


def test_a_sheet_without_any_known_table_does_not_stop_the_others(
    gouji: Gouji, book: Path, tmp_path: Path
) -> None:
    more = openpyxl.load_workbook(book)
    more.create_sheet("通讯录").append(["姓名", "电话"])
    more.save(tmp_path / "自评.xlsx")

    def codes(path: Path) -> list[str]:
        document = json.loads(gouji("check", path, "--format", "json").out)["documents"][0]
        return [finding["code"] for finding in document["findings"]]

    assert codes(tmp_path / "自评.xlsx") == codes(book)


def test_our_own_failure_is_a_coded_result_too(
    gouji: Gouji, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_document: Document, _form: str | None) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("gouji.form.locate", fail)
    run = gouji("check", book, "--format", "json")
    document = json.loads(run.out)["documents"][0]
    assert document["reason"]["code"] == "unreadable"
    assert "IndexError" in document["reason"]["text"]
    assert document["sha256"] == sha256(book.read_bytes()).hexdigest()
    assert run.status == 2
    monkeypatch.setenv("GOUJI_DEBUG", "1")
    with pytest.raises(IndexError):
        gouji("check", book)


def test_an_error_in_one_file_outweighs_another_that_could_not_be_read(
    gouji: Gouji, book: Path, tmp_path: Path
) -> None:
    assert gouji("check", book, tmp_path / "没有.xlsx").status == 1


def test_where_looking_for_causes_fails_the_symptoms_are_still_told(
    gouji: Gouji, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr("gouji.repair.submission.explain", fail)
    document = json.loads(gouji("check", book, "--format", "json").out)["documents"][0]
    codes = [finding["code"] for finding in document["findings"]]
    assert "GJ201" in codes
    assert "GJ000" in codes
    assert document["status"] == "partial"
    assert document["counts"]["unevaluated"] == 1

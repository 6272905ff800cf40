"""The JSON report is a promise: these keys, this order, these bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji import __version__
from gouji.frozen import replace
from gouji.model import Applicability, Change, Finding, Fix, Place, Severity
from gouji.report.json_ import to_dict, to_json
from gouji.result import Counts, DocumentResult, Status
from gouji.source.document import Reason, ReasonCode

SCHEMA = json.loads(
    Path(__file__).parents[2].joinpath("docs/schema/gouji.check-1.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_itself_is_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_report_has_the_keys_and_values_of_the_contract(
    result: DocumentResult, refused: DocumentResult, clean: DocumentResult
) -> None:
    shown = json.loads(to_json([result, refused, clean]))
    VALIDATOR.validate(shown)
    assert shown["tool"] == {"name": "gouji", "version": __version__}
    first, second, third = shown["documents"]
    assert first["counts"] == {"facts": 123, "relations": 45, "unevaluated": 0}
    assert first["findings"][0] == {
        "code": "GJ401",
        "name": "malformed-number",
        "severity": "error",
        "message": "“201.5.5”有两个小数点，不是一个数。",
        "location": {
            "document": "报送/自评表.xlsx",
            "sheet": "基础数据表",
            "cell": "C3",
            "label": "项目支出/201.5.5",
            "paragraph": None,
            "text": "201.5.5",
        },
        "observed": "201.5.5",
        "expected": "201.5",
        "relation": "201.5 + 151.55 + 283.51 = 636.56",
        "related": first["findings"][0]["related"],
        "basis": "表注",
        "fix": {
            "applicability": "safe",
            "changes": [{"sheet": "基础数据表", "cell": "C3", "old": "201.5.5", "new": "201.5"}],
        },
        "alternatives": [
            {
                "confidence": "certain",
                "changes": [{"sheet": "基础数据表", "cell": "C3", "old": "201.5.5", "new": "201.5"}],
                "evidence": "636.56 − 151.55 − 283.51 = 201.5",
            }
        ],
    }
    assert [place["cell"] for place in first["findings"][0]["related"]] == ["C2", "D4"]
    assert first["findings"][1]["location"]["paragraph"] == 12
    assert second["reason"] == {"code": "encrypted", "text": "文件有打开密码。请去掉密码后再检查。"}
    assert third["status"] == "clean"


def test_chinese_stays_readable_and_the_text_ends_with_one_newline(result: DocumentResult) -> None:
    text = to_json([result])
    assert "不是一个数" in text
    assert text.endswith("}\n")


def test_a_change_in_running_text_names_its_paragraph(warning: Finding, result: DocumentResult) -> None:
    change = Change(None, None, "454.02", "546.61", paragraph=12)
    mended = replace(warning, fix=Fix(Applicability.DISPLAY, (change,)))
    shown = to_dict([replace(result, findings=(mended,))])
    VALIDATOR.validate(shown)
    assert shown["documents"][0]["findings"][0]["fix"]["changes"][0]["paragraph"] == 12


def broken(shown: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The report with one thing wrong at a time."""
    for status, reason in (("partial", None), ("clean", {"code": "timeout", "text": "x"})):
        yield shown | {"documents": [shown["documents"][0] | {"status": status, "reason": reason}]}
    yield shown | {"documents": [shown["documents"][0] | {"status": "findings", "findings": []}]}
    for key in shown["documents"][0]["findings"][0]:
        finding = {k: v for k, v in shown["documents"][0]["findings"][0].items() if k != key}
        yield shown | {"documents": [shown["documents"][0] | {"findings": [finding]}]}


def test_the_schema_refuses_a_report_that_breaks_the_contract(result: DocumentResult) -> None:
    for wrong in broken(to_dict([result])):
        with pytest.raises(jsonschema.ValidationError):
            VALIDATOR.validate(wrong)


TEXT = st.one_of(st.none(), st.text(max_size=8))
PLACES = st.builds(
    Place,
    document=st.text(max_size=8),
    sheet=TEXT,
    cell=st.one_of(st.none(), st.from_regex(r"[A-Z]{1,3}[1-9][0-9]{0,3}", fullmatch=True)),
    label=TEXT,
    paragraph=st.one_of(st.none(), st.integers(1, 999)),
    text=TEXT,
)
FINDINGS = st.builds(
    Finding,
    code=st.just("GJ101"),
    name=st.just("empty-answer"),
    severity=st.sampled_from(Severity),
    message=st.text(min_size=1, max_size=8),
    location=PLACES,
    observed=TEXT,
    expected=TEXT,
    relation=TEXT,
    related=st.lists(PLACES, max_size=2).map(tuple),
    basis=TEXT,
    fix=st.none(),
    alternatives=st.just(()),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(FINDINGS, max_size=3), st.integers(0, 9))
def test_any_result_makes_a_valid_report_with_equal_bytes_each_time(
    findings: list[Finding], unevaluated: int
) -> None:
    reason = Reason(ReasonCode.NOT_CALCULATED, "公式没有结果") if unevaluated else None
    status = Status.PARTIAL if unevaluated else Status.FINDINGS if findings else Status.CLEAN
    result = DocumentResult(
        "甲.xlsx", "0" * 64, None, status, reason, Counts(1, 2, unevaluated), tuple(findings)
    )
    text = to_json([result])
    VALIDATOR.validate(json.loads(text))
    assert text == to_json([result])

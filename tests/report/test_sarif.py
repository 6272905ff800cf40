"""SARIF 2.1.0: valid by the standard's own words, cells as logical locations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gouji.frozen import replace
from gouji.model import Finding, Severity
from gouji.report.sarif import to_sarif
from gouji.result import DocumentResult
from gouji.rule.registry import all_rules

# What we use of SARIF 2.1.0 (OASIS standard, sections 3.13 to 3.58), closed against anything else.
SCHEMA = json.loads(Path(__file__).with_name("sarif-used.json").read_text(encoding="utf-8"))


def run_of(*results: DocumentResult) -> dict[str, Any]:
    log = json.loads(to_sarif(results))
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


def test_a_finding_is_a_result_at_its_cell(result: DocumentResult) -> None:
    run = run_of(result)
    first, second = run["results"]
    assert first["ruleId"] == "GJ401"
    assert first["level"] == "error"
    location = first["locations"][0]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "基础数据表!C3"
    assert location["physicalLocation"]["artifactLocation"]["index"] == 0
    assert [each["id"] for each in first["relatedLocations"]] == [1, 2]
    assert first["properties"]["expected"] == "201.5"
    assert second["level"] == "warning"
    assert second["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "段落 12"


def test_info_is_a_note(result: DocumentResult, error: Finding) -> None:
    mild = replace(result, findings=(replace(error, severity=Severity.INFO),))
    assert run_of(mild)["results"][0]["level"] == "note"


def test_a_refused_file_is_a_notification_and_its_run_no_success(refused: DocumentResult) -> None:
    invocation = run_of(refused)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 2
    assert invocation["toolExecutionNotifications"][0]["descriptor"]["id"] == "encrypted"


def test_every_rule_is_described_and_indexed(result: DocumentResult) -> None:
    code = all_rules()[-1].code
    known = replace(result, findings=(replace(result.findings[0], code=code),))
    run = run_of(known)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in all_rules()]
    assert rules[run["results"][0]["ruleIndex"]]["id"] == code


def test_a_fault_keeps_its_fingerprint_when_the_file_is_renamed(result: DocumentResult) -> None:
    def fingerprint(given: DocumentResult) -> str:
        return str(run_of(given)["results"][0]["partialFingerprints"]["goujiPlace/v1"])

    fault = result.findings[0]
    moved = replace(fault, location=replace(fault.location, document="别处.xlsx"))
    other = replace(fault, observed="201..5")
    assert fingerprint(replace(result, path="别处.xlsx", findings=(moved,))) == fingerprint(result)
    assert fingerprint(replace(result, findings=(other,))) != fingerprint(result)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("报送/自评 表.xlsx", "%E6%8A%A5%E9%80%81/%E8%87%AA%E8%AF%84%20%E8%A1%A8.xlsx"),
        ("/tmp/a#b.xlsx", "file:///tmp/a%23b.xlsx"),  # noqa: S108  # a name, not a file
        ("C:\\报送\\a.xlsx", "file:///C:/%E6%8A%A5%E9%80%81/a.xlsx"),
    ],
)
def test_paths_become_uris(result: DocumentResult, path: str, uri: str) -> None:
    run = run_of(replace(result, path=path, findings=()))
    assert run["artifacts"][0]["location"]["uri"] == uri

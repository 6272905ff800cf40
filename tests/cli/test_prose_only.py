"""A report that has no table is checked against itself; a text about something else is not."""

from __future__ import annotations

from pathlib import Path

from gouji.checking import check_file
from gouji.result import Status

REPORT = """某区水务局2023年度部门整体支出绩效自评报告
一、预算执行情况
2023年预算资金1200.5万元，实际支出1100.2万元，其中：基本支出400.1万元，项目支出{project}万元。
二、绩效目标完成情况
维护泵站24座，清淤河道18.6公里，服务对象满意度96%。
"""


def test_stated_arithmetic_that_fails_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(REPORT.format(project="710.1"), encoding="utf-8")
    result = check_file(str(path))
    assert (result.form, result.status) == (None, Status.FINDINGS)
    assert [(f.code, f.location.paragraph) for f in result.findings] == [("GJ601", 3)]


def test_a_right_report_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(REPORT.format(project="700.1"), encoding="utf-8")
    result = check_file(str(path))
    assert (result.status, result.findings) == (Status.CLEAN, ())


def test_another_text_is_not_checked(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(
        "关于召开2024年第3次例会的通知\n定于5月12日下午2点30分在301会议室开会。\n", encoding="utf-8"
    )
    assert check_file(str(path)).status is Status.NOT_CHECKED

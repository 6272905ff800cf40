"""What is odd about a text apart from its arithmetic."""

from __future__ import annotations

import pytest

from gouji.narrative import ObservationKind, TextPiece, extract, observations


def observed(*paragraphs: str) -> list[tuple[ObservationKind, str]]:
    pieces = [TextPiece("报告", text, n) for n, text in enumerate(paragraphs, 1)]
    return [(seen.kind, seen.detail) for seen in observations(pieces, extract(pieces, year=2024))]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("局内设办公室、法制科、财务科、人事科4个科室。",),
        ("在方兴社区、六神山村等12个社区开展活动。",),
        ("主要包括人员经费和公用经费等。",),
        ("一、基本情况", "二、履职情况", "（一）重点工作", "（二）其他工作", "三、问题"),
        ("附件：1.基础数据表 2.自评表",),
        ("工资发放完成率100%；保障服务社正常运转；资金使用率97.23%；员工满意度90%。",),
        ("加强预算管理；提高资金使用率；做好公开。",),
        ("2023年实现目标：培训120人，比上年的100人增加20人。",),
    ],
)
def test_nothing_odd(paragraphs: tuple[str, ...]) -> None:
    assert observed(*paragraphs) == []


@pytest.mark.parametrize(
    ("paragraphs", "kind", "says"),
    [
        (("下设3个二级单位，分别是文化馆、图书馆、博物馆、美术馆。",), ObservationKind.COUNT, "列出的是4个"),
        (
            ("做好以下两项工作：一是提前编制；二是加快支付；三是强化监控。",),
            ObservationKind.COUNT,
            "列出的是3项",
        ),
        (("列举导致年度绩效目标未完成的问题和原因。",), ObservationKind.PROMPT, "填写提示"),
        (("存在问题（500字以内）：无。",), ObservationKind.PROMPT, "填写提示"),
        (("一、概况", "三、问题"), ObservationKind.NUMBERING, "第1项之后是第3项"),
        (("支出589.44其中：项目支出492.91万元。",), ObservationKind.UNIT_MISSING, "没有写单位"),
        (
            ("资金使用率；合规率100%；到位率98%；完成率95%。",),
            ObservationKind.EMPTY,
            "资金使用率",
        ),
        (
            ("2024年支出年初预算100万元，决算支出180万元。", "年初预算执行率偏低，原因是资金不足。"),
            ObservationKind.CLAIM,
            "180%",
        ),
    ],
)
def test_something_odd(paragraphs: tuple[str, ...], kind: ObservationKind, says: str) -> None:
    assert any(seen is kind and says in detail for seen, detail in observed(*paragraphs))

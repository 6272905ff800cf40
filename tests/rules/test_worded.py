"""A result told in a sentence that falls short of a target told in a sentence."""

from __future__ import annotations

import pytest

from gouji.rule.worded import falls_short_in_words


@pytest.mark.parametrize(
    ("target", "actual", "short"),
    [
        ("实施乡镇卫生院改造37个。", "本年度已完成36个乡镇卫生院改造。", True),
        ("实施乡镇卫生院改造37个。", "本年度已完成37个乡镇卫生院改造。", False),
        ("完成培训≥5次", "培训4次", True),
        ("新建改建农村公路12公里", "新建农村公路10.5公里", True),
        ("新建改建农村公路12公里", "新建农村公路12.5公里", False),
        # the very same words around several figures
        ("新建项目5个，改建项目8个", "新建项目5个，改建项目6个", True),
        ("修建公路5条，20公里", "修建公路5条，22公里", False),
        ("修建公路5条，20公里", "修建公路4条，16公里", True),
        ("新建项目5个，改建项目8个", "改建项目5个，新建项目6个", False),
        # another thing, another unit, a part of the year or of the whole
        ("新建农村公路12公里", "维修桥梁涵洞3座", False),
        ("开展执法检查12次，整改问题40个", "整改隐患36处", False),
        ("完成项目37个", "第四季度完成项目10个", False),
        ("完成项目37个", "完成项目37个，其中新建10个", False),
        # less is better, or money, or nothing counted
        ("安全事故不超过3起", "安全事故1起", False),
        ("投入资金20万元", "投入资金18万元", False),
        ("按时完成", "按时完成", False),
        ("2023年完成3个项目建设", "2022年完成3个项目建设", False),
    ],
)
def test_only_a_smaller_number_of_the_same_thing_falls_short(target: str, actual: str, short: bool) -> None:
    assert falls_short_in_words(target, actual) is short

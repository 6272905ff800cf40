"""Words around the figures: goals, prose that repeats the tables, notes, signature."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

from gouji.number import round_half_up
from tests.forms.synthetic_canvas import Block
from tests.forms.synthetic_indicators import Answer, Indicators
from tests.forms.synthetic_money import Line, Money, Style

__all__ = ["goal_texts", "notes_for", "prose_for"]


def _figured(indicators: Indicators) -> list[Answer]:
    return [
        r
        for r in indicators.rows
        if r.state in ("met", "over", "partly") and r.unit not in ("%", "") and r.level2 == "quantity"
    ]


def goal_texts(rng: random.Random, drawn: list[Indicators]) -> list[Block]:
    """Goals planned and done, some with the figures of the indicators."""
    if rng.random() < 0.15:
        return []
    rows = [row for each in drawn for row in _figured(each)][:3]
    named = rng.random() < 0.5
    if rows and named:
        planned = "；".join(f"目标{n}：{_aim(rng, row)}" for n, row in enumerate(rows, 1)) + "。"
        done = "；".join(f"{n}.{_done(rng, row)}" for n, row in enumerate(rows, 1)) + "。"
    else:
        planned = rng.choice(
            (
                "围绕年度重点任务，保障机构正常运转，完成各项业务工作，提升公共服务水平。",
                "落实各项惠民政策，推进项目建设，保障资金安全、规范、高效使用。",
            )
        )
        done = rng.choice(
            (
                "年度各项重点任务已全面完成，机构运转正常，公共服务水平稳步提升。",
                "各项惠民政策落实到位，项目建设按计划推进，资金使用安全规范。",
            )
        )
    block = Block(3, favour=(1, 2))
    block.put(0, 0, rng.choice(("年度总体目标", "年度\n总体\n目标", "总体目标")), rows=2)
    block.put(0, 1, rng.choice(("预期目标", "年初设定目标", "预期目标（年初设定）")))
    block.put(0, 2, rng.choice(("实际完成情况", "全年实际完成情况", "目标实际完成情况")))
    block.put(1, 1, planned, tag="goal:planned")
    block.put(1, 2, done, tag="goal:done")
    return [block]


def _aim(rng: random.Random, row: Answer) -> str:
    bound = {"≥": "不少于", ">": "超过", "不少于": "不少于", "不低于": "不低于"}.get(row.sign, "")
    return rng.choice(
        (
            f"{row.name}{bound}{row.value}{row.unit}",
            f"{row.name}达到{row.value}{row.unit}" + ("以上" if bound in ("不少于", "不低于") else ""),
            f"计划{row.name}{bound}{row.value}{row.unit}",
        )
    )


def _done(rng: random.Random, row: Answer) -> str:
    return rng.choice(
        (
            f"{row.name}{row.actual}{row.unit}",
            f"{row.name}为{row.actual}{row.unit}",
            f"全年{row.name}达{row.actual}{row.unit}",
            f"{row.name}实际完成{row.actual}{row.unit}",
        )
    )


def prose_for(
    rng: random.Random,
    department: str,
    year: int,
    style: Style,
    money: Money | None,
    answers: Mapping[str, Indicators],
    items: list[Line],
) -> list[str]:
    """Paragraphs that state the figures of the tables again, each as a writer would put it."""
    texts = [
        f"{department}{year}年度部门整体支出绩效自评报告",
        "一、部门概况",
        f"{department}是主管全市相关工作的政府组成部门，内设机构6个，下属事业单位2个。",
        "二、预算执行情况",
    ]
    if money is not None and money.total.figures:
        texts += _money_prose(rng, year, style, money)
    if items and rng.random() < 0.7:
        texts.append(_items_prose(rng, year, style, items))
    texts.append("三、绩效目标完成情况")
    for each in answers.values():
        for row in _figured(each)[: rng.randint(0, 3)]:
            texts.append(_indicator_prose(rng, row))
        for row in [r for r in each.rows if r.level2 == "people"][:1]:
            texts.append(
                rng.choice((f"经问卷调查，{row.name}为{row.actual}%。", f"{row.name}达到{row.actual}%。"))
            )
    texts.append("四、存在的问题及改进措施")
    texts += [
        f"{row.name}未达到年度指标值，主要原因是{row.reason}"
        for each in answers.values()
        for row in each.rows
        if row.state == "partly" and rng.random() < 0.3
    ]
    texts.append(
        rng.choice(
            (
                "绩效管理水平有待提高，下一步将加强业务培训，科学设置绩效目标。",
                "预算编制的精细化程度还需加强，下一步将强化预算约束。",
            )
        )
    )
    return texts


def _said(style: Style, value: Decimal) -> str:
    plain = f"{value:.{style.decimals}f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return f"{plain}{style.unit}"


def _rate(rng: random.Random, top: Decimal, bottom: Decimal) -> str:
    decimals = rng.choice((1, 2, 2, 2))
    return f"{round_half_up(top * 100 / bottom, decimals)}%"


def _money_prose(rng: random.Random, year: int, style: Style, money: Money) -> list[str]:
    figures = money.total.figures
    opening, adjusted, spent = (_said(style, figures[k]) for k in ("opening", "adjusted", "executed"))
    rate = _rate(rng, figures["executed"], figures["adjusted"])
    texts = [
        rng.choice((
            f"{year}年度全年预算数{adjusted}，全年执行数{spent}，预算执行率{rate}。",
            f"{year}年，我单位调整后预算数为{adjusted}，实际支出{spent}，执行率为{rate}。",
            f"截至{year}年12月31日，全年预算{adjusted}，支出{spent}，预算执行率达{rate}。",
            f"本年度预算总额{adjusted}，决算支出{spent}，执行率{rate}。",
        ))
    ]  # fmt: skip
    if "opening" in money.roles and rng.random() < 0.6:
        change = figures["adjusted"] - figures["opening"]
        text = f"年初预算数{opening}"
        if change > 0:
            text += rng.choice(
                (
                    f"，年中追加{_said(style, change)}，全年预算数{adjusted}",
                    f"，年中调增{_said(style, change)}，调整后预算数{adjusted}",
                )
            )
        elif change < 0:
            text += f"，年中调减{_said(style, -change)}，全年预算数{adjusted}"
        texts.append(f"{text}。")
    if money.kind == "expenses" and rng.random() < 0.7:
        basic, project = money.total.parts[0].figures, money.total.parts[1].figures
        if basic and project:
            text = rng.choice((
                f"全年支出{spent}，其中：基本支出{_said(style, basic['executed'])}，项目支出{_said(style, project['executed'])}。",
                f"基本支出{_said(style, basic['executed'])}，执行率{_rate(rng, basic['executed'], basic['adjusted'])}；项目支出{_said(style, project['executed'])}，执行率{_rate(rng, project['executed'], project['adjusted'])}。",
                f"基本支出预算{_said(style, basic['adjusted'])}，实际支出{_said(style, basic['executed'])}；项目支出预算{_said(style, project['adjusted'])}，实际支出{_said(style, project['executed'])}。",
            ))  # fmt: skip
            texts.append(text)
    return texts


def _items_prose(rng: random.Random, year: int, style: Style, items: list[Line]) -> str:
    line = rng.choice([i for i in items if i.key != "lines_total"])
    budget, spent = _said(style, line.figures["adjusted"]), _said(style, line.figures["executed"])
    rate = _rate(rng, line.figures["executed"], line.figures["adjusted"])
    return rng.choice(
        (
            f"{line.label}{year}年预算{budget}，实际支出{spent}，执行率{rate}。",
            f"其中，{line.label}支出{spent}。",
            f"{line.label}全年安排{budget}，使用{spent}。",
        )
    )


def _indicator_prose(rng: random.Random, row: Answer) -> str:
    goal, done = f"{row.value}{row.unit}", f"{row.actual}{row.unit}"
    return rng.choice((
        f"{row.name}年初目标值{row.sign}{goal}，实际完成{done}。",
        f"{row.name}：目标值{goal}，完成值{done}。",
        f"全年{row.name}{done}。",
        f"{row.name}计划{goal}，实际{done}。",
    ))  # fmt: skip


def notes_for(rng: random.Random, year: int, style: Style) -> list[Block]:
    """Notes below the table, remarks and the line of signatures; each may be missing."""
    blocks: list[Block] = []
    if rng.random() < 0.2:
        block = Block(2, favour=(1,))
        block.row(
            rng.choice(("其他需要说明的问题", "说明", "其他需要说明事项")),
            rng.choice(("无", "", "无其他需要说明的问题。", "本表数据来源于部门决算。")),
        )
        blocks.append(block)
    if rng.random() < 0.4:
        block = Block(1)
        block.row(rng.choice((
            f"注：1.本表金额单位为{style.unit}；2.执行率=全年执行数÷全年预算数×100%。",
            "备注：定量指标完成值达到指标值的得满分，未达到的按比例得分。",
            "注：其他资金包括与中央财政资金、地方财政资金共同投入到同一项目的自有资金、社会资金等。",
            "注：各地请根据实际情况在表中增加指标。",
        )))  # fmt: skip
        blocks.append(block)
    if rng.random() < 0.5:
        date = rng.choice(
            (
                f"{year + 1}年3月{rng.randint(1, 28)}日",
                f"{year + 1}.3.{rng.randint(10, 28)}",
                f"{year + 1}-02-{rng.randint(10, 28)}",
                f"{year + 1}/4/{rng.randint(1, 9)}",
            )
        )
        block = Block(1)
        block.row(
            rng.choice(
                (
                    f"填表人：某甲　　填报日期：{date}　　联系电话：00000000　　单位负责人签字：某乙",
                    f"填报人：某甲    联系电话：0000-0000000    填报日期：{date}",
                    f"单位负责人：某乙  填表人：某甲  填表日期：{date}",
                )
            )
        )
        blocks.append(block)
    return blocks

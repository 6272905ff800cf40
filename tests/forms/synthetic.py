"""Random self-evaluation forms that are right, and a hunt for findings they do not deserve.

``python -m tests.forms.synthetic --seeds 0-2000`` prints how many of the forms were called wrong, by rule, with an
example each. :mod:`tests.forms.synthetic_slips` puts single mistakes into them.
"""

# ruff: noqa: S311, T201 - forms are drawn by chance; the script prints

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from gouji.form import locate
from gouji.model import Finding, Severity
from gouji.number import round_half_up
from gouji.repair.submission import explain
from gouji.rule.registry import run_rules
from gouji.source.document import Document
from tests.forms.synthetic_canvas import Block, Page, as_document, beside, save_docx, save_xlsx
from tests.forms.synthetic_indicators import SCHEMES, Indicators, indicator_block, make_indicators
from tests.forms.synthetic_money import Line, Money, Style, base_block, funds_block, items_block, make_funds
from tests.forms.synthetic_text import goal_texts, notes_for, prose_for
from tests.forms.synthetic_words import DEPARTMENTS

__all__ = ["Form", "false_alarms", "findings", "generate"]


@dataclass(slots=True)
class Form:
    """A drawn form.

    ``sheet`` says whether it is a workbook or a text; ``answers`` are its indicators by tag prefix; ``money``
    its funds; ``items`` the lines of its detail table.
    """

    seed: int
    year: int
    sheet: bool
    pages: list[Page]
    paragraphs: list[str]
    style: Style
    money: Money | None = None
    answers: dict[str, Indicators] = field(default_factory=dict)
    items: list[Line] = field(default_factory=list)

    def document(self) -> Document:
        """The form as a reader would give it."""
        return as_document(self.pages, self.paragraphs, sheet=self.sheet)

    def save(self, folder: Path) -> Path:
        """The form as a real file, .xlsx or .docx."""
        path = folder / f"合成{self.seed}.{'xlsx' if self.sheet else 'docx'}"
        if self.sheet:
            save_xlsx(self.pages, path)
        else:
            save_docx(self.pages, self.paragraphs, path)
        return path


def _style(rng: random.Random, *, sheet: bool) -> Style:
    unit = rng.choice(("万元", "万元", "万元", "元"))
    decimals = rng.choice((0, 2)) if unit == "元" else rng.choice((0, 1, 2, 2, 2))
    return Style(
        sheet=sheet,
        unit=unit,
        decimals=decimals,
        grouped=rng.random() < (0.5 if unit == "元" else 0.15),
        general=rng.random() < 0.25,
        exact=rng.random() < 0.5,
        rate_decimals=rng.choice((0, 1, 2, 2, 2, 2, 4)),
        rate_style=rng.choice(("percent", "percent", "percent", "percent", "points", "fraction")),
        absent=rng.choice(("", "", "0", "-", "—", "/", "——")),
    )


def generate(seed: int) -> Form:
    """Draw a right form; the same seed gives the same form."""
    rng = random.Random(seed)
    sheet = rng.random() < 0.6
    style = _style(rng, sheet=sheet)
    year = rng.choice((2021, 2022, 2023, 2024))
    form = Form(seed, year, sheet, [], [], style)
    department, project = rng.choice(DEPARTMENTS)
    page = _evaluation(rng, form, department, project)
    form.pages.append(page)
    assert form.money is not None
    if rng.random() < 0.3 and form.money.kind == "expenses":
        form.pages.insert(rng.choice((0, 1)), _base_page(rng, form, department))
    if rng.random() < 0.25:
        _add_items(rng, form)
    if rng.random() < 0.12 and sheet:
        form.pages.append(_instructions(rng))
    if not sheet or rng.random() < 0.1:
        form.paragraphs = (
            prose_for(rng, department, year, style, form.money, form.answers, form.items) if not sheet else []
        )
    for each in form.pages:
        if rng.random() < 0.15:
            each.shift(rng.randint(0, 3), rng.randint(0, 2))
    return form


def _evaluation(rng: random.Random, form: Form, department: str, project: str) -> Page:
    """The self-evaluation table: head, funds, goals, indicators, total, notes, signature."""
    style, year = form.style, form.year
    scored = rng.random() < 0.88
    scheme = dict(rng.choice(SCHEMES))
    inside = "management" in scheme or rng.random() < 0.15
    if not inside and rng.random() < 0.06:
        scheme["output"] += scheme.pop("execution")  # a form without points for execution
    beside_money = scored and not inside and "execution" in scheme
    form.money = make_funds(rng, style, scored=beside_money, weight=Decimal(scheme.get("execution", 10)))
    money = form.money
    goals = rng.choice((1, 1, 1, 1, 2, 3)) if beside_money else 1
    drawn: list[Indicators] = []
    for number_ in range(goals):
        share = scheme if goals == 1 else _shared(scheme, goals, number_)
        taken = {row.name for each in drawn for row in each.rows}
        drawn.append(
            make_indicators(rng, style, money, year, scheme=share, scored=scored, inside=inside, taken=taken)
        )
    weight = sum((d.weight for d in drawn), Decimal(0))
    score = sum((d.score for d in drawn), Decimal(0))
    if beside_money and money.score is not None and money.weight is not None:
        weight += money.weight
        score += money.score if style.exact and style.sheet else round_half_up(money.score, 2)
    top = scored and rng.random() < 0.12
    total = (
        rng.choice(("总分", "合计", "总计", "总得分", "自评总分", "综合得分", "合　计", "总  分")),
        weight,
        score,
    )
    blocks: list[Block] = [*_head(rng, form, department, project, score if top else None)]
    sides = rng.random() < 0.6
    side = (
        f"项目资金\n（{style.unit}）"
        if sides and rng.random() < 0.5
        else f"预算执行情况（{style.unit}）"
        if sides
        else None
    )
    if side is None and (style.unit == "元" or rng.random() < 0.7):
        unit_row = Block(1)
        unit_row.row(f"单位：{style.unit}")
        blocks.append(unit_row)
    blocks.append(funds_block(rng, style, money, side=side))
    blocks += goal_texts(rng, drawn)
    first: Indicators | None = None
    for at, each in enumerate(drawn):
        last = at == goals - 1
        prefix = f"goal{at}"
        form.answers[prefix] = each
        if goals > 1:
            head = Block(2, favour=(1,))
            head.row(
                f"年度绩效目标{at + 1}",
                rng.choice(("推进重点工作任务落实", "提升公共服务质量", "加强队伍和制度建设")),
            )
            blocks.append(head)
        block = indicator_block(
            rng, style, each, prefix, rng.choice(("绩\n效\n指\n标", "绩效指标")) if sides else None,
            total if scored and last and not top else None, first, subtotal=scored and goals > 1 and rng.random() < 0.5,
        )  # fmt: skip
        first = first or each
        blocks.append(block)
    blocks += notes_for(rng, form.year, style)
    page = Page(rng.choice(("自评表", "Sheet1", "绩效自评表", "整体支出绩效自评表")) if form.sheet else "表1")
    width = max(block.cols for block in blocks)
    for block in blocks:
        page.lay(block, width, rng)
        if rng.random() < 0.03:
            page.gap(1)
    return page


def _shared(scheme: dict[str, int], goals: int, at: int) -> dict[str, int]:
    """The points of one of several goals."""
    made = {}
    for name, points in scheme.items():
        if name == "execution":
            continue
        each = points // goals
        made[name] = points - each * (goals - 1) if at == goals - 1 else each
    return made


def _head(
    rng: random.Random, form: Form, department: str, project: str, score: Decimal | None
) -> Iterator[Block]:
    """Title, year, who reports; with ``score`` the total stands here."""
    year = form.year
    by_project = form.money is not None and form.money.kind == "sources"
    title = Block(1)
    what = "项目支出" if by_project else "部门整体支出"
    if rng.random() < 0.5:
        title.row(f"{year}年度{what}绩效自评表")
    else:
        title.row(f"{what}绩效自评表")
        title.row(rng.choice((f"（{year}年度）", f"（ {year} 年度）", f"{year}年度")))
    yield title
    info = Block(4, favour=(1, 3))
    if by_project:
        info.row(
            "项目名称",
            project,
            rng.choice(("项目负责人", "实施单位")),
            department if rng.random() < 0.5 else "某单位",
        )
        info.row("主管部门", department, "实施单位", f"{department}机关")
    else:
        info.row(
            rng.choice(("部门名称", "预算单位", "单位名称", "部门（单位）名称")),
            department,
            *rng.choice((("联系电话", "00000000"), ("填报人", "某甲"))),
        )
    if score is not None:
        info.row("填报年度", f"{year}", rng.choice(("自评总分", "自评得分")), form.style.points(score, 2))
        info.put(info.n_rows - 1, 3, form.style.points(score, 2), tag="total:score")
    yield info


def _base_page(rng: random.Random, form: Form, department: str) -> Page:
    page = Page("基础数据表" if form.sheet else "表2")
    title = Block(1)
    title.row(f"{form.year}年度部门整体支出绩效评价基础数据表")
    title.row(f"填报单位：{department}　　　单位：{form.style.unit}")
    assert form.money is not None
    block = base_block(rng, form.style, form.year, form.money)
    for each in (title, block):
        page.lay(each, block.cols + rng.choice((0, 0, 3)), rng)
    return page


def _add_items(rng: random.Random, form: Form) -> None:
    """The detail table of projects, on a page of its own, below, or to the right."""
    assert form.money is not None
    block, form.items = items_block(rng, form.style, form.year, form.money)
    page = Page("支出明细" if form.sheet else f"表{len(form.pages) + 1}")
    title = Block(1)
    title.row(f"{form.year}年度项目支出明细表")
    title.row(f"单位：{form.style.unit}")
    for each in (title, block):
        page.lay(each, block.cols, rng)
    host = next(each for each in form.pages if "total" not in each.name)
    if form.sheet and rng.random() < 0.25:
        form.pages[form.pages.index(host)] = beside(host, page, rng.randint(1, 2))
    else:
        form.pages.append(page)


def _instructions(rng: random.Random) -> Page:
    page = Page("填报说明")
    block = Block(1)
    block.row("填报说明")
    for text in rng.sample(_INSTRUCTIONS, 3):
        block.row(f"{block.n_rows}.{text}")
    page.lay(block, 1, rng)
    return page


_INSTRUCTIONS = (
    "预算执行率得分=执行率×该项分值，最高不超过该项分值。",
    "定量指标完成值达到指标值的得满分；未达到的按完成比例计分。",
    "定性指标分为达成年度指标、部分达成并具有一定效果、未达成且效果较差三档。",
    "未完成原因分析栏请说明偏差原因及改进措施。",
    "各单位应于次年3月31日前报送自评表，一式两份。",
)


def findings(form: Form, *, as_file: bool = False) -> list[Finding]:
    """Every finding of the whole check; ``as_file`` writes and reads a real .xlsx or .docx."""
    if not as_file:
        facts = locate(form.document())
        return explain(facts, run_rules(facts, facts.settings))
    from gouji.checking import check_file

    with tempfile.TemporaryDirectory() as folder:
        return list(check_file(str(form.save(Path(folder)))).findings)


def false_alarms(form: Form, *, as_file: bool = False) -> list[Finding]:
    """The errors and warnings that the check gives on a right form."""
    return [f for f in findings(form, as_file=as_file) if f.severity is not Severity.INFO]


def _range(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> None:
    """Print the ledger of false alarms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0-500", type=_range)
    parser.add_argument("--files", type=int, default=0, help="every N-th form as a real file")
    parser.add_argument("--show", default="", help="print every alarm of this rule")
    parser.add_argument(
        "--slips", action="store_true", help="put one mistake into each form and count what is found"
    )
    options = parser.parse_args()
    if options.slips:
        from tests.forms.synthetic_slips import print_recall

        print_recall(options.seeds, options.show)
        return
    forms, alarms = Counter[str](), Counter[str]()
    examples: dict[str, str] = {}
    for seed in options.seeds:
        form = generate(seed)
        told = false_alarms(form, as_file=bool(options.files) and seed % options.files == 0)
        for code in {f.code for f in told}:
            forms[code] += 1
        forms["any"] += bool(told)
        for each in told:
            alarms[each.code] += 1
            line = f"{seed} {each.severity.value} {each.location.sheet}!{each.location.cell or each.location.paragraph} {each.message}"
            examples.setdefault(each.code, line)
            if options.show == each.code:
                print(line)
    count = len(options.seeds)
    print(f"{count} forms, {forms['any']} with a false alarm ({forms['any'] * 1000 / count:.1f} per 1,000)")
    for code, wrong in alarms.most_common():
        print(f"{code}  {wrong:5} alarms in {forms[code]:4} forms  {examples[code]}")


if __name__ == "__main__":
    main()

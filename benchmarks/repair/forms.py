"""Twelve structures of form, small and large; each function draws one right submission."""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.repair.more_forms import MORE_FORMS
from benchmarks.repair.sheets import Sheet, grid, mention, money, near, scores, summed


def columns(rng: random.Random, n: int = 3, high: float = 3000) -> list[int]:
    """One line: last year, budget, actual (and so on); at times all zero, or not begun last year."""
    if rng.random() < 0.12:
        return [0] * n
    first = money(rng, 1, high)
    out = [first]
    out += [near(rng, first, 0.5, 1.5) for _ in range(n - 1)]
    if rng.random() < 0.1:
        out[0] = 0
    return out


def base_data(rng: random.Random, *, text: bool) -> Sheet:
    """A base-data table and a self-evaluation of one department, with or without figures in the text."""
    sheet = Sheet("base-data")
    t = "基础数据表"
    car = grid(sheet, rng, t, 2, ["购置", "运行维护"], [columns(rng, high=60) for _ in range(2)], "公务用车")
    three = [
        [sheet.add(x, t, 5 + k, c + 1, v) for c, v in enumerate(columns(rng, high=20))]
        for k, x in enumerate(("出国", "接待"))
    ]
    top = [
        sheet.add(
            "三公经费",
            t,
            1,
            c + 1,
            summed(rng, [sheet.cells[i].value for i in (car[0][c], three[0][c], three[1][c])]),
        )
        for c in range(3)
    ]
    for c in range(3):
        sheet.total(top[c], [car[0][c], three[0][c], three[1][c]], "三公经费")
    n = rng.randint(2, 8)
    lines = [columns(rng, high=800) for _ in range(n)]
    lines[0] = [money(rng, 50, 800), money(rng, 50, 800), money(rng, 50, 800)]
    project, project_lines = grid(sheet, rng, t, 8, [f"专项{k + 1}" for k in range(n)], lines, "项目支出")
    public = [sheet.add("公用经费", t, 30, c + 1, money(rng, 20, 90)) for c in range(3)]
    for c in range(3):
        half = sheet.cells[public[c]].value
        parts = [
            sheet.add(x, t, 31 + k, c + 1, round(half * rng.uniform(0.02, 0.3)))
            for k, x in enumerate(("办公费", "水电费", "会议费"))
        ]
        sheet.at_most([*((i, 1) for i in parts), (public[c], -1)])
    e = "自评表"
    basic = sheet.add("基本支出", e, 4, 2, money(rng, 60, 900))
    item = sheet.add("项目支出", e, 5, 2, sheet.cells[project[2]].value)
    sheet.same(item, project[2])
    spent = sheet.cells[basic].value + sheet.cells[item].value
    actual = sheet.add("全年执行数", e, 2, 3, spent)
    sheet.total(actual, [basic, item], "按支出性质")
    fund = round(spent * rng.uniform(0, 0.3)) if rng.random() < 0.6 else 0
    sources = [
        sheet.add("一般公共预算", e, 4, 1, spent - fund),
        sheet.add("政府性基金", e, 5, 1, fund),
        sheet.add("专户", e, 6, 1, 0),
        sheet.add("其他资金", e, 7, 1, 0),
    ]
    sheet.total(actual, sources, "按收入性质")
    sheet.add("年初预算数", e, 2, 1, money(rng, 100, 3000))
    budget = sheet.add("全年预算数", e, 2, 2, near(rng, round(spent * 1.03), 0.97, 1.3))
    sheet.rate(rng, "执行率", e, 2, 5, actual, budget)
    scores(sheet, rng, e, 12, rng.randint(5, 12))
    if text:
        mention(
            sheet, rng, [*project, actual, budget, basic, item, *top, *(r[2] for r in project_lines)], 0.6
        )
        mention(sheet, rng, [actual, project[2], *(r[2] for r in project_lines)], 0.25)
    return sheet


def project_form(rng: random.Random, *, text: bool) -> Sheet:
    """The small central form: one total, three sources, three columns, a rate a row, scores."""
    sheet = Sheet("project")
    t = "资金"
    lines = [columns(rng) for _ in range(3)]
    lines[0] = [money(rng, 20, 2000)] * 2
    lines[0].append(near(rng, lines[0][1]))
    total, rows = grid(sheet, rng, t, 2, ["财政拨款", "上年结转", "其他资金"], lines, "年度资金总额")
    for n, row in enumerate([total, *rows]):
        sheet.rate(rng, "执行率", t, 2 + n, 5, row[2], row[1])
    scores(sheet, rng, "绩效指标", 1, rng.randint(6, 14))
    if text:
        mention(sheet, rng, [*total, rows[0][1], rows[0][2]], 0.5)
    return sheet


def spending(rng: random.Random, *, text: bool) -> Sheet:
    """A spending statement: opening, adjustment, final, actual and rate a line, two groups under a grand total."""
    sheet = Sheet("spending")
    t = "支出明细"
    row = 2
    groups: list[list[int]] = []
    every: list[list[int]] = []
    for g in range(rng.randint(2, 3)):
        n = rng.randint(2, 6)
        lines = []
        for _ in range(n):
            opening = money(rng, 5, 900)
            change = round(opening * rng.uniform(0, 0.4)) if rng.random() < 0.5 else 0
            lines.append([opening, change, opening + change, near(rng, opening + change, 0.7, 1.0)])
        head, cells = grid(
            sheet, rng, t, row, [f"第{g + 1}类 项目{k + 1}" for k in range(n)], lines, f"第{g + 1}类小计"
        )
        row += n + 1
        groups.append(head)
        every += cells
    total = [
        sheet.add("支出合计", t, 1, k + 1, summed(rng, [sheet.cells[h[k]].value for h in groups]))
        for k in range(4)
    ]
    for k in range(4):
        sheet.total(total[k], [h[k] for h in groups], "支出合计")
    for r in [*every]:
        sheet.total(r[2], [r[0], r[1]], "年初+调整")
    for r in [total, *groups, *every]:
        sheet.rate(rng, "执行率", t, sheet.cells[r[0]].row or 0, 5, r[3], r[2])
    if text:
        mention(
            sheet, rng, [total[0], total[2], total[3], *(h[3] for h in groups), *(r[3] for r in every)], 0.5
        )
    return sheet


def ledger(rng: random.Random, *, text: bool) -> Sheet:
    """A long table: about forty lines in groups with a subset each, and a summary that repeats the subtotals."""
    sheet = Sheet("ledger")
    t = "项目明细"
    row, heads = 2, []
    for g in range(rng.randint(3, 5)):
        n = rng.randint(6, 12)
        lines = [columns(rng, 2, 600) for _ in range(n)]
        head, cells = grid(sheet, rng, t, row, [f"{g + 1}.{k + 1}" for k in range(n)], lines, f"第{g + 1}组")
        inside = [
            sheet.add(
                "其中：政府采购",
                t,
                row + n + 1,
                k + 1,
                round(sheet.cells[head[k]].value * rng.uniform(0, 0.6)),
            )
            for k in range(2)
        ]
        for k in range(2):
            sheet.at_most([(inside[k], 1), (head[k], -1)])
        for r in cells:
            if rng.random() < 0.4:
                sheet.rate(rng, "执行率", t, sheet.cells[r[0]].row or 0, 3, r[1], r[0])
        row += n + 2
        heads.append(head)
    total = [
        sheet.add("总计", t, 1, k + 1, summed(rng, [sheet.cells[h[k]].value for h in heads]))
        for k in range(2)
    ]
    for k in range(2):
        sheet.total(total[k], [h[k] for h in heads], "总计")
    sheet.rate(rng, "执行率", t, 1, 3, total[1], total[0])
    s = "汇总表"
    copies = [
        [sheet.add(f"第{g + 1}组", s, g + 1, k + 1, sheet.cells[h[k]].value) for k in range(2)]
        for g, h in enumerate(heads)
    ]
    for g, h in enumerate(heads):
        for k in range(2):
            sheet.same(copies[g][k], h[k])
    if text:
        mention(sheet, rng, [*total, *(h[1] for h in heads)], 0.6)
    return sheet


def goals(rng: random.Random, *, text: bool) -> Sheet:
    """Several goals, each with its money by source and its own indicators; nothing is repeated."""
    sheet = Sheet("goals")
    spent, scored = [], []
    for g in range(rng.randint(2, 3)):
        t = f"目标{g + 1}"
        total, rows = grid(
            sheet,
            rng,
            t,
            1,
            ["中央", "省级", "县级"],
            [columns(rng, 2, 900) for _ in range(2)] + [[money(rng, 5, 500)] * 2],
            "资金",
        )
        sheet.rate(rng, "执行率", t, 1, 3, total[1], total[0])
        spent.append(total)
        scored.append(scores(sheet, rng, t, 8, rng.randint(3, 7), 80))
        served = [
            sheet.add(x, t, 20 + k, 1, 100 * rng.randint(5, 900), "count") for k, x in enumerate(("男", "女"))
        ]
        people = sheet.add("服务人数", t, 22, 1, sum(sheet.cells[i].value for i in served), "count")
        sheet.total(people, served, "服务人数")
        del rows
    all_money = [
        sheet.add("各目标合计", "汇总", 1, k + 1, summed(rng, [sheet.cells[s[k]].value for s in spent]))
        for k in range(2)
    ]
    for k in range(2):
        sheet.total(all_money[k], [s[k] for s in spent], "各目标合计")
    if text:
        mention(sheet, rng, [*all_money, *(s[1] for s in spent)], 0.6)
    return sheet


def matrix(rng: random.Random, *, text: bool) -> Sheet:
    """Regions by sources, summed both ways, with a rate for each region."""
    sheet = Sheet("matrix")
    t = "分地区"
    n, m = rng.randint(3, 7), rng.randint(2, 4)
    body = [
        [
            sheet.add(
                f"地区{r + 1} 来源{c + 1}", t, r + 2, c + 1, 0 if rng.random() < 0.1 else money(rng, 5, 900)
            )
            for c in range(m)
        ]
        for r in range(n)
    ]
    rows = [
        sheet.add(f"地区{r + 1} 合计", t, r + 2, m + 1, sum(sheet.cells[i].value for i in body[r]))
        for r in range(n)
    ]
    foot = [
        sheet.add(f"来源{c + 1} 合计", t, n + 2, c + 1, sum(sheet.cells[body[r][c]].value for r in range(n)))
        for c in range(m)
    ]
    grand = sheet.add("总计", t, n + 2, m + 1, sum(sheet.cells[i].value for i in rows))
    for r in range(n):
        sheet.total(rows[r], body[r], "行合计")
    for c in range(m):
        sheet.total(foot[c], [body[r][c] for r in range(n)], "列合计")
    sheet.total(grand, rows, "总计")
    sheet.total(grand, foot, "总计")
    used = [
        sheet.add(f"地区{r + 1} 支出", t, r + 2, m + 2, near(rng, sheet.cells[rows[r]].value, 0.6, 1.0))
        for r in range(n)
    ]
    used_all = sheet.add("支出总计", t, n + 2, m + 2, summed(rng, [sheet.cells[i].value for i in used]))
    sheet.total(used_all, used, "支出总计")
    for r in range(n):
        sheet.rate(rng, "支出进度", t, r + 2, m + 3, used[r], rows[r])
    sheet.rate(rng, "支出进度", t, n + 2, m + 3, used_all, grand)
    if text:
        mention(sheet, rng, [grand, used_all, *foot, *rows], 0.4)
    return sheet


def headcount(rng: random.Random, *, text: bool) -> Sheet:
    """Staff and control rates: counts by kind of post, a change against last year, a few amounts."""
    sheet = Sheet("headcount")
    t = "机构人员"
    posts = [[100 * rng.randint(3, 120), 0] for _ in range(rng.randint(2, 4))]
    for line in posts:
        line[1] = 100 * max(1, line[0] // 100 - rng.randint(0, 5))
    heads = ("编制数", "在职人数")
    total = [sheet.add(head, t, 1, k + 1, sum(p[k] for p in posts), "count") for k, head in enumerate(heads)]
    rows: list[list[int]] = []
    for n, line in enumerate(posts):
        rows.append([sheet.add(f"岗位{n + 1}", t, n + 2, k + 1, line[k], "count") for k in range(2)])
        sheet.at_most([(rows[-1][1], 1), (rows[-1][0], -1)])
    for k in range(2):
        sheet.total(total[k], [r[k] for r in rows], "人数合计")
    sheet.rate(rng, "在职人员控制率", t, 1, 3, total[1], total[0])
    m = "经费"
    n = rng.randint(3, 6)
    lines = [[money(rng, 2, 200), 0, 0] for _ in range(n)]
    for line in lines:
        line[1] = near(rng, line[0], 1.0, 1.6)
        line[2] = line[1] - line[0]
    head, cells = grid(
        sheet, rng, m, 1, [f"经费{k + 1}" for k in range(n)], [x[:2] for x in lines], "经费合计"
    )
    for r, line in zip(cells, lines, strict=True):
        more = sheet.add("增加", m, sheet.cells[r[0]].row, 3, line[2])
        sheet.total(r[1], [r[0], more], "上年+增加")
    sheet.rate(rng, "占比", m, 1, 4, head[0], head[1])
    if text:
        mention(sheet, rng, [*total, *head, *(r[1] for r in cells)], 0.5)
    return sheet


FORMS: tuple[Callable[..., Sheet], ...] = (
    base_data,
    project_form,
    spending,
    ledger,
    goals,
    matrix,
    headcount,
    *MORE_FORMS,
)


def draw(rng: random.Random) -> Sheet:
    """One right submission of any structure, typed."""
    sheet = rng.choice(FORMS)(rng, text=rng.random() < 0.6)
    sheet.type_in(rng)
    return sheet

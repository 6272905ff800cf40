"""Five further structures: nested 其中, forty lines with balances and rates, 元 beside 万元, quarters, many goals."""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.repair.sheets import Sheet, grid, mention, money, near, scores, summed


def nested(rng: random.Random, *, text: bool) -> Sheet:
    """Classes, groups and items of spending: last year, this year, the change, each group's share; 其中 within 其中."""
    sheet = Sheet("nested")
    t = "支出决算"
    row, classes = 2, []
    shares: list[tuple[int, int]] = []
    for c in range(rng.randint(2, 3)):
        top, row = row, row + 1
        groups = []
        for g in range(rng.randint(1, 3)):
            n = rng.randint(2, 4)
            lines = []
            for _ in range(n):
                before = money(rng, 2, 400)
                lines.append([before, near(rng, before, 0.7, 1.4)])
            head, cells = grid(
                sheet,
                rng,
                t,
                row,
                [f"{c + 1}.{g + 1}.{k + 1}项" for k in range(n)],
                lines,
                f"{c + 1}.{g + 1}款",
            )
            row += n + 1
            groups.append(head)
            inside = [
                sheet.add(
                    "其中：", t, row, k + 1, round(sheet.cells[cells[0][k]].value * rng.uniform(0.1, 0.9))
                )
                for k in range(2)
            ]
            deeper = sheet.add(
                "其中：其中", t, row + 1, 2, round(sheet.cells[inside[1]].value * rng.uniform(0, 1))
            )
            for k in range(2):
                sheet.at_most([(inside[k], 1), (cells[0][k], -1)])
            sheet.at_most([(deeper, 1), (inside[1], -1)])
            row += 2
        head = [
            sheet.add(f"{c + 1}类", t, top, k + 1, summed(rng, [sheet.cells[h[k]].value for h in groups]))
            for k in range(2)
        ]
        for k in range(2):
            if len(groups) > 1:
                sheet.total(head[k], [h[k] for h in groups], f"{c + 1}类")
            else:
                sheet.cells[head[k]].value = sheet.cells[groups[0][k]].value
                sheet.same(head[k], groups[0][k])
        shares += [(head[1], top), *((h[1], sheet.cells[h[1]].row or 0) for h in groups)]
        classes.append(head)
    total = [
        sheet.add("合计", t, 1, k + 1, summed(rng, [sheet.cells[h[k]].value for h in classes]))
        for k in range(2)
    ]
    for k in range(2):
        sheet.total(total[k], [h[k] for h in classes], "合计")
    for at, (line, r) in enumerate([*((h, sheet.cells[h[0]].row or 0) for h in classes), (total, 1)]):
        more = sheet.cells[line[1]].value - sheet.cells[line[0]].value
        if more >= 0:
            change = sheet.add(f"增加{at}", t, r, 3, more)
            sheet.linear([(line[1], 1), (line[0], -1), (change, -1)], label="本年−上年")
    for part, r in shares:
        sheet.rate(rng, "占比", t, r, 4, part, total[1])
    if text:
        mention(sheet, rng, [*total, *(h[1] for h in classes)], 0.7)
    return sheet


def forty(rng: random.Random, *, text: bool) -> Sheet:
    """About forty projects in one flat list: budget, spent, left over, rate; and the totals of all columns."""
    sheet = Sheet("forty")
    t = "项目清单"
    n = rng.randint(24, 42)
    rows: list[list[int]] = []
    for k in range(n):
        budget = money(rng, 1, 700)
        spent = near(rng, budget, 0.5, 1.0)
        figures = (budget, spent, budget - spent)
        rows.append([sheet.add(f"项目{k + 1}", t, k + 2, c + 1, v) for c, v in enumerate(figures)])
    total = [sheet.add("合计", t, n + 2, c + 1, sum(sheet.cells[r[c]].value for r in rows)) for c in range(3)]
    for c in range(3):
        sheet.total(total[c], [r[c] for r in rows], "合计")
    for r in [*rows, total]:
        sheet.linear([(r[0], 1), (r[1], -1), (r[2], -1)], label="预算−支出=结余")
        sheet.rate(rng, "执行率", t, sheet.cells[r[0]].row or 0, 4, r[1], r[0])
    if text:
        mention(sheet, rng, total, 0.7)
        mention(sheet, rng, total[:2], 0.5)
    return sheet


def units(rng: random.Random, *, text: bool) -> Sheet:
    """Details in 元, a summary of the same in 万元 to two decimals."""
    sheet = Sheet("units")
    t, s = "明细（元）", "汇总（万元）"
    n = rng.randint(3, 8)
    lines = []
    for _ in range(n):
        budget = 10000 * money(rng, 2, 500) + (rng.randint(0, 999_999) if rng.random() < 0.6 else 0)
        lines.append([budget, round(budget * rng.uniform(0.6, 1.0)) if rng.random() < 0.7 else budget])
    total, rows = grid(sheet, rng, t, 1, [f"经费{k + 1}" for k in range(n)], lines, "合计")
    for k in range(2):
        sheet.cells[total[k]].value = sum(sheet.cells[r[k]].value for r in rows)
    short: list[list[int]] = []
    for at, r in enumerate([total, *rows]):
        brief = [
            sheet.add(f"{sheet.cells[i].label}", s, at + 1, k + 1, (sheet.cells[i].value + 5000) // 10000)
            for k, i in enumerate(r)
        ]
        for b, i in zip(brief, r, strict=True):
            sheet.linear([(b, 10000), (i, -1)], label="元与万元", slack=5000)
        sheet.rate(rng, "执行率", s, at + 1, 3, r[1], r[0])
        short.append(brief)
    for k in range(2):
        if abs(sum(sheet.cells[b[k]].value for b in short[1:]) - sheet.cells[short[0][k]].value) <= 1:
            sheet.total(short[0][k], [b[k] for b in short[1:]], "合计")
    if text:
        mention(sheet, rng, [*short[0], *(b[1] for b in short[1:])], 0.6)
    return sheet


def quarters(rng: random.Random, *, text: bool) -> Sheet:
    """Funds by quarter, summed across and down, and a balance brought forward and carried on."""
    sheet = Sheet("quarters")
    t, b = "分季支出", "收支结余"
    n = rng.randint(3, 6)
    body = [
        [sheet.add(f"资金{r + 1} {q + 1}季度", t, r + 2, q + 1, money(rng, 2, 300)) for q in range(4)]
        for r in range(n)
    ]
    year = [
        sheet.add(f"资金{r + 1} 全年", t, r + 2, 5, sum(sheet.cells[i].value for i in body[r]))
        for r in range(n)
    ]
    foot = [
        sheet.add(f"{q + 1}季度合计", t, n + 2, q + 1, sum(sheet.cells[body[r][q]].value for r in range(n)))
        for q in range(4)
    ]
    grand = sheet.add("全年合计", t, n + 2, 5, sum(sheet.cells[i].value for i in year))
    for r in range(n):
        sheet.total(year[r], body[r], "四季合计")
    for q in range(4):
        sheet.total(foot[q], [body[r][q] for r in range(n)], "列合计")
    sheet.total(grand, year, "全年合计")
    sheet.total(grand, foot, "全年合计")
    for r in [*range(n), n]:
        spent = year[r] if r < n else grand
        if r < n:
            before, income = money(rng, 1, 200), round(sheet.cells[spent].value * rng.uniform(0.9, 1.4))
            balance = [("年初结转", before), ("本年收入", income), ("本年支出", sheet.cells[spent].value)]
        else:
            rows = [[c for c in sheet.cells if c.table == b and c.col == k + 1] for k in range(3)]
            balance = [
                (h, sum(c.value for c in row))
                for h, row in zip(("年初结转", "本年收入", "本年支出"), rows, strict=True)
            ]
        line = [sheet.add(h, b, r + 2, k + 1, v) for k, (h, v) in enumerate(balance)]
        left = balance[0][1] + balance[1][1] - balance[2][1]
        if left >= 0:
            end = sheet.add("年末结转", b, r + 2, 4, left)
            sheet.linear([(line[0], 1), (line[1], 1), (line[2], -1), (end, -1)], label="年初+收入−支出=年末")
        sheet.same(line[2], spent)
    for k in range(3):
        column = [i for i, c in enumerate(sheet.cells) if c.table == b and c.col == k + 1]
        sheet.total(column[-1], column[:-1], "合计")
    if text:
        mention(sheet, rng, [grand, *foot, *year], 0.4)
    return sheet


def many_goals(rng: random.Random, *, text: bool) -> Sheet:
    """Three to five goals, each with its budget, spending and points; points add up to a hundred."""
    sheet = Sheet("many-goals")
    n = rng.randint(3, 5)
    weights = [100 // n] * (n - 1)
    weights.append(100 - sum(weights))
    sums, lines = [], []
    for g, weight in enumerate(weights):
        sums.append(scores(sheet, rng, f"目标{g + 1}", 3, rng.randint(2, 4), weight))
        budget = money(rng, 10, 900)
        lines.append([budget, near(rng, budget, 0.7, 1.0)])
    total, rows = grid(sheet, rng, "资金汇总", 1, [f"目标{g + 1}" for g in range(n)], lines, "合计")
    for r in [total, *rows]:
        sheet.rate(rng, "执行率", "资金汇总", sheet.cells[r[0]].row or 0, 3, r[1], r[0])
    for g, r in enumerate(rows):
        for k in range(2):
            copy = sheet.add("目标资金", f"目标{g + 1}", 1, k + 1, sheet.cells[r[k]].value)
            sheet.same(copy, r[k])
    points = [
        sheet.add(x, "资金汇总", 20, k + 1, sum(sheet.cells[s[k]].value for s in sums), "score")
        for k, x in enumerate(("分值总计", "得分总计"))
    ]
    for k in range(2):
        sheet.total(points[k], [s[k] for s in sums], "总分")
    if text:
        for _ in range(rng.randint(1, 3)):
            mention(sheet, rng, [*total, points[1], *(r[1] for r in rows)], 0.4)
    return sheet


MORE_FORMS: tuple[Callable[..., Sheet], ...] = (nested, forty, units, quarters, many_goals)

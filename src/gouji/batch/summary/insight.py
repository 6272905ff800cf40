"""What only a look across departments shows: outliers, one indicator counted in different units, the commonest mistakes.

Robust statistics, so that the outliers looked for do not hide themselves: the modified z-score 0.6745·(x − median)/MAD,
and where more than half the values are equal 0.7979·(x − median)/mean absolute deviation; beyond 3.5 is an outlier
(Iglewicz and Hoaglin 1993, How to Detect and Handle Outliers).
"""

from __future__ import annotations

import math
import unicodedata

import pandas as pd

__all__ = [
    "common_mistakes",
    "cost_outliers",
    "modified_z",
    "per_head_outliers",
    "rate_outliers",
    "unit_conflicts",
]

LIMIT = 3.5
FEWEST = 8
"""Departments needed before one of them can stand out."""
_SHARE = 0.6  # of the departments have to count an indicator in one unit before another is told
_OUTLIERS = ["单位", "内容", "数值", "中位数", "偏离", "单位数"]
_CONFLICTS = ["指标", "多数单位用", "用的单位数", "单位", "这里用", "位置"]
_MISTAKES = ["表式", "规则", "规则名称", "级别", "单位数", "占比", "处数"]


def modified_z(values: pd.Series) -> pd.Series:
    """How far each value is from the median, in robust standard deviations; 0 for all where all are equal."""
    middle = values.median()
    away = (values - middle).abs()
    spread = away.median()
    if spread > 0:
        return 0.6745 * (values - middle) / spread
    mean = away.mean()
    return 0.7979 * (values - middle) / mean if mean > 0 else values * 0.0


def _standing_out(known: pd.DataFrame, column: str, what: str, *, log: bool = False) -> pd.DataFrame:
    """The rows whose figure is an outlier among ``known``."""
    known = known[known[column].notna()]
    if log:
        known = known[known[column] > 0]
    if len(known) < FEWEST:
        return pd.DataFrame(columns=_OUTLIERS)
    values = known[column].map(math.log10) if log else known[column]
    z = modified_z(values.astype(float)).round(2)
    far = known.assign(z=z)[z.abs() > LIMIT]
    return pd.DataFrame(
        {
            "单位": far["单位"],
            "内容": what,
            "数值": far[column].round(4),
            "中位数": round(float(known[column].median()), 4),
            "偏离": far["z"],
            "单位数": len(known),
        },
        columns=_OUTLIERS,
    )


def _ranked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=_OUTLIERS)
    whole = pd.concat(parts, ignore_index=True)
    order = whole["偏离"].abs().rank(ascending=False, method="first")
    return whole.assign(order=order).sort_values(["order"]).drop(columns="order").reset_index(drop=True)


def rate_outliers(departments: pd.DataFrame) -> pd.DataFrame:
    """Departments whose rate of execution is far from that of the others."""
    return _ranked([_standing_out(departments, "执行率", "预算执行率（%）")])


def per_head_outliers(departments: pd.DataFrame) -> pd.DataFrame:
    """Departments whose running costs a head are far from those of the others, in orders of magnitude."""
    known = departments[(departments["在职人数"] > 0) & departments["公用经费万元"].notna()]
    return _ranked(
        [
            _standing_out(
                known.assign(figure=known["公用经费万元"] / known["在职人数"]),
                "figure",
                "人均公用经费（万元）",
                log=True,
            )
        ]
    )


def _bare(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", name) if char.isalnum())


def cost_outliers(indicators: pd.DataFrame) -> pd.DataFrame:
    """Departments whose result of one cost indicator, in one unit, is orders of magnitude from the others'."""
    costs = indicators[(indicators["类别"] == "cost") & (indicators["目标单位"] != "%")]
    costs = costs.assign(bare=costs["指标"].map(_bare), unit=costs["完成单位"].fillna(""))
    parts = [
        _standing_out(group, "完成", f"{group['指标'].iloc[0]}（{unit or '未写单位'}）", log=True)
        for (_, unit), group in costs.groupby(["bare", "unit"], sort=True)
        if len(group) >= FEWEST
    ]
    return _ranked(parts)


def unit_conflicts(indicators: pd.DataFrame) -> pd.DataFrame:
    """Indicators of one name that most departments count in one unit, and those who count in another."""
    known = indicators[indicators["目标单位"].notna()].assign(bare=lambda frame: frame["指标"].map(_bare))
    rows = []
    for _, group in known.groupby("bare", sort=True):
        if group["目标单位"].nunique() < 2:
            continue
        used = group.groupby("目标单位")["单位"].nunique().sort_values(ascending=False, kind="stable")
        usual, many = str(used.index[0]), int(used.iloc[0])
        if many < 3 or many < _SHARE * group["单位"].nunique():
            continue
        others = group[group["目标单位"] != usual]
        rows += [
            (name, usual, many, department, unit, cell)
            for name, department, unit, cell in zip(
                others["指标"], others["单位"], others["目标单位"], others["位置"], strict=True
            )
        ]
    return pd.DataFrame(rows, columns=_CONFLICTS)


def common_mistakes(findings: pd.DataFrame, departments: pd.DataFrame) -> pd.DataFrame:
    """How often each rule finds something, by form: places, departments, and their share of all with that form."""
    if findings.empty:
        return pd.DataFrame(columns=_MISTAKES)
    sizes = departments["表式"].value_counts()
    table = (
        findings.groupby(["表式", "规则", "规则名称", "级别"], sort=True)
        .agg(单位数=("单位", "nunique"), 处数=("单位", "size"))
        .reset_index()
    )
    whole = table["表式"].map(sizes).fillna(table["单位数"]).clip(lower=table["单位数"])
    table["占比"] = (table["单位数"] / whole).round(4)
    ordered = table.sort_values(["单位数", "处数", "表式", "规则"], ascending=[False, False, True, True])
    return ordered[_MISTAKES].reset_index(drop=True)

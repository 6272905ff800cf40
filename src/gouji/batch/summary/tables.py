"""What both forms of the summary show."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gouji.batch.summary.frames import STATES, Frames

__all__ = ["RATE_BANDS", "Tables"]

RATE_BANDS = ("低于60%", "60%～80%", "80%～90%", "90%～95%", "95%～100%", "高于100%")
_EDGES = (60, 80, 90, 95, 100.00005)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a run and what was seen across departments; ``compared`` says whether last year's files were given."""

    title: str
    frames: Frames
    mistakes: pd.DataFrame
    rates: pd.DataFrame
    costs: pd.DataFrame
    heads: pd.DataFrame
    units: pd.DataFrame
    compared: bool

    @property
    def outliers(self) -> pd.DataFrame:
        """All outliers, those of the rate first."""
        parts = [part for part in (self.rates, self.costs, self.heads) if len(part)]
        return pd.concat(parts, ignore_index=True) if parts else self.rates

    def states(self) -> list[tuple[str, int]]:
        """How many departments stand how."""
        known = self.frames.departments["状态"].value_counts()
        return [(state, int(known.get(state, 0))) for state in STATES]

    def rules(self, most: int = 10) -> list[tuple[str, str, int]]:
        """The rules that find something in most departments: code, name, departments."""
        found = self.frames.findings
        if found.empty:
            return []
        table = found.groupby(["规则", "规则名称"], sort=True)["单位"].nunique().reset_index()
        top = table.sort_values(["单位", "规则"], ascending=[False, True]).head(most)
        return [(str(a), str(b), int(c)) for a, b, c in top.itertuples(index=False)]

    def rate_bands(self) -> list[tuple[str, int]]:
        """How many departments spent how much of their budget."""
        rates = self.frames.departments["执行率"].dropna()
        counts = [0] * len(RATE_BANDS)
        for rate in rates:
            counts[sum(rate >= edge for edge in _EDGES)] += 1
        return list(zip(RATE_BANDS, counts, strict=True))

    def matrix(self) -> pd.DataFrame:
        """Departments × rules: how many findings, in the departments' order."""
        found = self.frames.findings
        departments = self.frames.departments["单位"]
        if found.empty:
            return pd.DataFrame(index=departments)
        table = pd.crosstab(found["单位"], found["规则"])
        return table.reindex(departments, fill_value=0).sort_index(axis=1)

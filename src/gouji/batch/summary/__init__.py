"""The summary of a run: a workbook to work with and a page to present, drawn from the same tables."""

from __future__ import annotations

from gouji.batch.output import written_beside
from gouji.batch.run import Batch
from gouji.batch.summary.book import write_book
from gouji.batch.summary.frames import gather
from gouji.batch.summary.insight import (
    common_mistakes,
    cost_outliers,
    per_head_outliers,
    rate_outliers,
    unit_conflicts,
)
from gouji.batch.summary.page import page
from gouji.batch.summary.tables import Tables

__all__ = ["BOOK", "PAGE", "write_summary"]

BOOK, PAGE = "汇总.xlsx", "汇总.html"


def write_summary(done: Batch) -> None:
    """Write both into the output folder.

    Raises:
        OSError: They cannot be written.
    """
    frames = gather(done.records, done.found.skipped)
    title = f"{done.options.root.resolve().name} 绩效自评核对汇总"
    tables = Tables(
        title,
        frames,
        common_mistakes(frames.findings, frames.departments),
        rate_outliers(frames.departments),
        cost_outliers(frames.indicators),
        per_head_outliers(frames.departments),
        unit_conflicts(frames.indicators),
        compared=done.options.prior is not None,
    )
    out = done.options.out
    with written_beside(out / BOOK) as stream:
        write_book(tables, stream)
    with written_beside(out / PAGE) as stream:
        stream.write(page(tables).encode())

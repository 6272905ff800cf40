"""One piece of work: what it is about, what is asked, and the record that comes of it. Plain data, sent between processes."""

from __future__ import annotations

import json
from typing import Any

from gouji.batch.discover import Submission
from gouji.frozen import frozen

__all__ = ["FORMATS", "Asked", "Job", "line_of"]

FORMATS = 2
"""The number of the record's own layout; a ledger of another is not resumed from."""


@frozen
class Asked:
    """What the user asked for, for every submission alike: what a record's validity depends on besides the files."""

    form: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    annotate: bool = False
    recalc: bool = False
    fix: bool = False
    no_accept: bool = False

    @property
    def writes(self) -> bool:
        """Whether copies of workbooks are written."""
        return self.annotate or self.recalc or self.fix


@frozen
class Job:
    """A submission to be worked on.

    ``root`` is the folder its paths start from, ``prior`` holds last year's files by paths from there too, ``out`` is
    the folder for copies. ``seconds`` is what each file may take, ``megabytes`` the memory of the process.
    """

    submission: Submission
    root: str
    out: str
    asked: Asked
    prior: tuple[str, ...] = ()
    seconds: float = 60.0
    megabytes: int = 1024

    def to_line(self) -> str:
        """The job as one line of JSON, for a process of its own."""
        given = self.submission
        return json.dumps(
            {
                "submission": [given.id, given.name, given.folder, given.forms, given.texts],
                "root": self.root,
                "out": self.out,
                "asked": [
                    self.asked.form,
                    self.asked.select,
                    self.asked.ignore,
                    self.asked.annotate,
                    self.asked.recalc,
                    self.asked.fix,
                    self.asked.no_accept,
                ],
                "prior": self.prior,
                "seconds": self.seconds,
                "megabytes": self.megabytes,
            }
        )

    @staticmethod
    def from_line(line: str | bytes) -> Job:
        """The job of a line that :meth:`to_line` made."""
        raw = json.loads(line)
        name_id, name, folder, forms, texts = raw["submission"]
        form, select, ignore, *actions = raw["asked"]
        return Job(
            Submission(name_id, name, folder, tuple(forms), tuple(texts)),
            raw["root"],
            raw["out"],
            Asked(form, tuple(select), tuple(ignore), *actions),
            tuple(raw["prior"]),
            raw["seconds"],
            raw["megabytes"],
        )


def line_of(record: dict[str, Any]) -> bytes:
    """A record as one line of JSON, the same bytes for the same record."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"

"""A run over a tree of files: what is not done yet is handed to an executor, what comes back is kept at once.

Whatever the number of workers and however often it was broken off, the finished output is the same, byte for byte: records
stand in the order of the files' paths, and nothing in them depends on time or place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from pathlib import Path
from typing import Any

from gouji.batch.discover import Found, Submission, discover, is_package_name
from gouji.batch.executors import ClusterError, executor_for
from gouji.batch.guard import StoppedError, UnseenFolderError, guarded, lost
from gouji.batch.job import Asked, Job
from gouji.batch.ledger import LEDGER, Ledger, basis_of
from gouji.batch.output import written_beside
from gouji.batch.prior import Matched, match
from gouji.batch.progress import Progress, shown_on
from gouji.frozen import frozen
from gouji.version import __version__

__all__ = ["RESULTS", "SCHEMA", "Batch", "Options", "OutputTakenError", "run"]

SCHEMA = "gouji.batch/1"
RESULTS = "结果.json"


class OutputTakenError(Exception):
    """The output folder holds something; the message is a Chinese sentence."""


@frozen
class Options:
    """A run: the folder, where the output goes, what is asked, and by whom it is done.

    ``prior`` is a folder of last year's files. ``resume`` goes on with what is in the output folder, ``force`` begins anew.
    """

    root: Path
    out: Path
    asked: Asked = Asked()
    prior: Path | None = None
    workers: int = 1
    scheduler: str | None = None
    resume: bool = False
    force: bool = False
    seconds: float = 60.0
    megabytes: int = 1024
    quiet: bool = False


@frozen
class Batch:
    """A finished run. Records are read from disk as they are asked for, in the order of the submissions."""

    options: Options
    found: Found
    matched: dict[str, Matched]
    kept: int

    def records(self) -> Iterator[dict[str, Any]]:
        """Every submission's record."""
        with (self.options.out / LEDGER).open("rb") as stream:
            for line in stream:
                yield json.loads(line)["record"]


def run(options: Options) -> Batch:
    """Do whatever is not done yet, and write the results.

    Raises:
        OutputTakenError: The output folder is not empty, and neither ``resume`` nor ``force`` is set.
        LedgerBusyError: Another run writes there.
        ClusterError: The cluster cannot be reached, or was lost.
        OSError: The folder cannot be read, or the output not written.
        KeyboardInterrupt: The user broke off; what is done is kept.
    """
    root = options.root.resolve()
    found = discover(root, [options.out])
    matched = _earlier(options, found)
    _require_output(options)
    options.out.mkdir(parents=True, exist_ok=True)
    folders = {(root / path).parent for each in found.submissions for path in each.files}
    others = _trust_list() if any(is_package_name(each.id) for each in found.submissions) else []
    with Ledger(options.out, basis_of(options.asked, folders, others), fresh=not options.resume) as ledger:
        waiting = [
            job
            for each in found.submissions
            if not ledger.holds(
                (job := _job(options, root, each, matched.get(each.id))).submission.id,
                root,
                each.files,
                job.prior,
            )
        ]
        kept = len(found.submissions) - len(waiting)
        if waiting:
            with (
                shown_on(len(waiting), quiet=options.quiet) as progress,
                executor_for(options.workers, options.scheduler) as (executor, ahead),
            ):
                _work(executor, ahead, waiting, ledger, progress)
        order = [each.id for each in found.submissions]
        ledger.sync()
        _write_results(options.out / RESULTS, ledger, order, found)
        ledger.settle(order)
    return Batch(options, found, matched, kept)


def _trust_list() -> list[Path]:
    from gouji.seal.keys import default_trust  # noqa: PLC0415  # signatures are loaded for packages

    return [default_trust()]


def _require_output(options: Options) -> None:
    out = options.out
    if options.resume or options.force or not out.exists():
        return
    if not out.is_dir():
        raise OutputTakenError(f"{out} 是一个文件；请给 --output 一个文件夹。")
    if (out / LEDGER).exists():
        raise OutputTakenError(
            f"{out} 里有以前核对的结果。接着做、只核对有变化的文件，请加 --resume；从头再来，请加 --force。"
        )
    if any(out.iterdir()):
        raise OutputTakenError(f"输出文件夹 {out} 不是空的；请换一个，或加 --force。")


def _earlier(options: Options, found: Found) -> dict[str, Matched]:
    if options.prior is None:
        return {}
    earlier = discover(options.prior.resolve()).submissions
    return match(found.submissions, tuple(each for each in earlier if not is_package_name(each.id)))


def _job(options: Options, root: Path, submission: Submission, matched: Matched | None) -> Job:
    prior: tuple[str, ...] = ()
    if matched is not None and options.prior is not None:
        base = options.prior.resolve()
        prior = tuple(_from(root, base / path) for path in matched.submission.forms)
    return Job(
        submission,
        str(root),
        str(options.out.resolve()),
        options.asked,
        prior,
        options.seconds,
        options.megabytes,
    )


def _from(root: Path, path: Path) -> str:
    """A path as seen from the root, so that results do not tell where the folders are; absolute on another drive."""
    try:
        return os.path.relpath(path, root).replace(os.sep, "/")
    except ValueError:
        return str(path)


def _work(executor: Executor, ahead: int, jobs: list[Job], ledger: Ledger, progress: Progress) -> None:
    """Hand out the jobs, a few ahead of those under way, and keep what comes back."""
    coming = iter(jobs)
    pending: dict[Future[bytes], Job] = {}
    try:
        while True:
            while len(pending) < ahead and (job := next(coming, None)) is not None:
                pending[executor.submit(guarded, job)] = job
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                job = pending.pop(future)
                ledger.add(_came_back(future, job))
                progress.done()
    finally:
        for future in pending:
            future.cancel()


def _came_back(future: Future[bytes], job: Job) -> bytes:
    """The record of a finished job; a file that takes whole workers of a cluster down is told as unreadable.

    Raises:
        ClusterError: The cluster is lost.
        StoppedError: The run is being given up.
    """
    try:
        return future.result()
    except StoppedError:
        raise
    except UnseenFolderError as error:
        raise ClusterError(str(error)) from error
    except (CancelledError, OSError) as error:
        raise ClusterError("与调度器的连接断了，已完成的结果都在；恢复后加 --resume 接着做。") from error
    except Exception as error:
        if type(error).__name__ != "KilledWorker":
            raise
        return lost(job)


def _write_results(target: Path, ledger: Ledger, order: list[str], found: Found) -> None:
    """All records as one JSON object, one line a submission."""
    head = {"schema": SCHEMA, "tool": {"name": "gouji", "version": __version__}}
    skipped = [{"path": one.path, "reason": one.reason} for one in found.skipped]
    with written_beside(target) as stream:
        stream.write(json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "submissions": [')
        for number, line in enumerate(ledger.lines(order)):
            stream.write((b",\n" if number else b"\n") + line)
        stream.write(b'\n], "skipped": ' + json.dumps(skipped, ensure_ascii=False).encode() + b"}\n")

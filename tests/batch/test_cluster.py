"""A real cluster of two workers on the loopback: one is killed in the middle, and nothing is lost or done twice."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gouji.batch.ledger import LEDGER
from gouji.batch.run import RESULTS, Options, run

if os.environ.get("GOUJI_REQUIRE_OFFICE") == "1":  # CI: nothing is skipped there
    import distributed
else:
    distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills a process by signal")


@contextmanager
def _cluster() -> Iterator[Any]:
    settings = {"distributed.worker.daemon": False, "distributed.admin.large-graph-warning-threshold": "10MB"}
    import dask

    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        ) as cluster,
    ):
        yield cluster


@pytest.mark.usefixtures("misbehaving")
def test_a_worker_killed_midway_costs_nothing(tree: Callable[..., Path], tmp_path: Path) -> None:
    root = tree(*(f"慢{number}局.xlsx" for number in range(6)))
    out, here = tmp_path / "cluster", tmp_path / "here"

    with _cluster() as cluster:
        victim = next(iter(cluster.workers.values())).pid

        def kill_midway() -> None:
            end = time.monotonic() + 30
            while time.monotonic() < end:
                if (out / LEDGER).exists() and (out / LEDGER).read_bytes().count(b"\n") >= 2:
                    os.kill(victim, signal.SIGKILL)
                    return
                time.sleep(0.01)

        killer = threading.Thread(target=kill_midway)
        killer.start()
        run(Options(root, out, scheduler=cluster.scheduler_address, quiet=True))
        killer.join()
    run(Options(root, here, workers=2, quiet=True))
    assert (out / RESULTS).read_bytes() == (here / RESULTS).read_bytes()
    ids = [one["id"] for one in json.loads((out / RESULTS).read_bytes())["submissions"]]
    assert ids == sorted(f"慢{number}局.xlsx" for number in range(6))

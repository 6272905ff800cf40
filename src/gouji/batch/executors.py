"""Who does the work: threads of this machine that each guard a child process, or a dask cluster that does the same."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from gouji.batch.guard import stop_all, work_again

__all__ = ["ClusterError", "executor_for"]

_AHEAD = 4  # pieces of work handed out beyond those under way, so that nobody waits
_CONNECT_SECONDS = 10


class ClusterError(Exception):
    """The cluster cannot be used; the message is a Chinese sentence."""


@contextmanager
def executor_for(workers: int, scheduler: str | None = None) -> Iterator[tuple[Executor, int]]:
    """An executor, and how many pieces of work to have handed out at a time.

    Args:
        workers: How many files at once on this machine.
        scheduler: The address of a dask scheduler instead; its workers see the same folders by the same paths.

    Raises:
        ClusterError: dask is not installed, or nobody answers at the address.
    """
    if scheduler is None:
        work_again()
        local = ThreadPoolExecutor(workers, thread_name_prefix="gouji")
        try:
            yield local, workers + _AHEAD
        except BaseException:
            stop_all()
            raise
        finally:
            local.shutdown(wait=True, cancel_futures=True)
        return
    try:
        from distributed import Client  # noqa: PLC0415  # an extra, loaded when asked for
    except ImportError as error:
        raise ClusterError(
            "没有安装 dask.distributed，不能用 --scheduler；请先 pip install gouji[cluster]。"
        ) from error
    try:
        client = Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"连不上调度器 {scheduler}；请检查地址，以及调度器是否已启动。") from error
    with client:
        # not pure: the files behind equal jobs may have changed; retries: a worker that was lost is no fault of a file
        cluster = client.get_executor(pure=False)
        try:
            yield cluster, max(2, sum(client.nthreads().values())) * _AHEAD
        finally:
            cluster.shutdown(wait=False)

"""Work spread over the machines of a Dask cluster, or over workers started for it on this one. The only door to distributed.

A job that was on a worker that died is done again by another. What the client and a worker must have in common for the same bytes is
held together before anything is done, and again with each job, for workers come and go.
"""

import gc
import logging
import signal
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from corpus.problems import CorpusError
from corpus.release.spreading import Spread, default_workers, spread, stop_when
from corpus.release.versions import PACKAGES, differing, versions
from corpus.storage import Place

LOCAL = "local"
_KEY = "corpus-"
_AHEAD = 256  # jobs given to the scheduler ahead of time
_CONNECTING = 10  # seconds
_ALONE = 60  # seconds without any worker after which the work is given up
_SETTINGS: Mapping[str, Any] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.admin.large-graph-warning-threshold": "1GB",  # jobs name their documents, and there may be many
    "distributed.comm.timeouts.connect": f"{_CONNECTING}s",
}


@contextmanager
def chosen(address: str | None, workers: int | None, documents: int, needed: Sequence[Place], *, ahead: bool = False) -> Iterator[Spread]:
    """A way to work: over the cluster at an address (or "local"), or without one in the processes of this machine.

    `needed` are the files and folders that each worker must see under the same name. Processes are started `ahead` of the work.
    """
    if address is None:
        with spread(workers or default_workers(documents), ahead=ahead) as spreading:
            yield spreading
    else:
        with _clustered(address, workers, needed) as spreading:
            yield spreading


@contextmanager
def _clustered(address: str, workers: int | None, needed: Sequence[Place]) -> Iterator[Spread]:
    try:
        import dask
        import distributed
    except ImportError:
        raise CorpusError('--cluster needs what is not installed: pip install "cda-corpus[cluster]"') from None
    with (
        tempfile.TemporaryDirectory(prefix="corpus-") as scratch,
        dask.config.set({**_SETTINGS, "temporary-directory": scratch}),
        _silent(),
    ):
        try:
            with _started(workers or default_workers(1 << 20), scratch) if address == LOCAL else _met(address, workers) as client:
                _same_versions(client)
                _seen(client, needed)
                yield _over(client)
        except distributed.scheduler.KilledWorker as error:
            where = error.last_worker.address
            raise CorpusError(
                f"a part of the build ended {error.allowed_failures + 1} workers, the last at {where}, perhaps for want of memory; "
                "nothing was built"
            ) from None
        except (CancelledError, distributed.comm.core.CommClosedError):
            raise CorpusError(f"the scheduler of the cluster ({address}) was lost; nothing was built") from None


@contextmanager
def _silent() -> Iterator[None]:
    """What is wrong is told in a sentence, and a worker that comes back is nothing to tell."""
    levels = {name: one.level for name, one in _loggers().items()}
    for one in _loggers().values():
        one.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _loggers() -> dict[str, logging.Logger]:
    """Dask gives a level of its own to many of them."""
    named = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in ("distributed", "tornado")]
    return {name: logging.getLogger(name) for name in named}


@contextmanager
def _started(workers: int, scratch: str) -> Iterator[Any]:
    """A scheduler and workers on this machine's own address, which nobody but this process may speak to."""
    from distributed import Client, LocalCluster, Security

    loopback = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            security=Security.temporary(),
            dashboard_address=None,
            scheduler_kwargs=loopback,
            memory_limit=0,
            local_directory=scratch,
            preload=[__name__],
        ) as cluster,
        Client(cluster, timeout=_CONNECTING) as client,
    ):
        yield client


def dask_setup(_: Any) -> None:
    """In a worker on this machine: Ctrl-C is for the process that started it. Dask calls this by its name."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for one in _loggers().values():
        one.setLevel(logging.CRITICAL)


@contextmanager
def _met(address: str, workers: int | None) -> Iterator[Any]:
    """A client of a scheduler that runs somewhere, once it has as many workers as are asked for."""
    from distributed import Client

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=Warning, module="distributed")  # of versions, which are held together here
        try:
            client = Client(address, timeout=_CONNECTING, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            told = " ".join(str(error).split())
            raise CorpusError(f"no scheduler answers at {address}: {told}") from None
    with client:
        try:
            client.wait_for_workers(workers or 1, timeout=_ALONE)
        except TimeoutError:
            raise CorpusError(f"the cluster at {address} has fewer than {workers or 1} workers after {_ALONE} seconds") from None
        yield client


@dataclass(frozen=True, slots=True)
class _Task:
    """A job with its work, and the versions that its result is to come from."""

    work: Callable[[Any], Any]
    job: Any
    versions: Mapping[str, str]

    def __call__(self) -> Any:
        strange = differing(self.versions, versions())
        if strange:
            raise CorpusError(f"a worker of the cluster has {strange}; the bytes would differ, so nothing was built")
        stop_when(_GivenUp())
        collecting = gc.isenabled()
        gc.disable()
        try:
            return self.work(self.job)
        except FileNotFoundError as error:
            raise CorpusError(f"a worker of the cluster does not see {error.filename}; nothing was built") from None
        finally:
            if collecting:
                gc.enable()


class _GivenUp:
    """Whether nobody waits any longer for what this thread of a worker works on."""

    def is_set(self) -> bool:
        from dask.context import thread_state
        from distributed import Status, get_worker

        try:
            worker = get_worker()
        except ValueError:  # a later piece of work in this process, which is not Dask's
            return False
        task = worker.state.tasks.get(thread_state.key)
        return worker.status != Status.running or task is None or task.state in ("cancelled", "resumed", "released", "forgotten")


def _over(client: Any) -> Spread:
    def over(work: Callable[[Any], Any], jobs: Iterable[Any]) -> Iterator[Any]:
        done: Queue[Any] = Queue()
        given: set[Any] = set()
        rest = (_Task(work, job, versions()) for job in jobs)
        try:
            while True:
                while len(given) < _AHEAD and (task := next(rest, None)) is not None:
                    future = client.submit(task, pure=False, key=f"{_KEY}{uuid.uuid4().hex}")
                    given.add(future)
                    future.add_done_callback(done.put)
                if not given:
                    return
                future = _next(done, client)
                given.remove(future)
                yield future.result()
        finally:
            for future in given:
                future.release()  # its worker is told so, and ends
            if given:
                _await_quiet(client)

    return over


def _await_quiet(client: Any) -> None:
    """Until workers have given up what nobody waits for, since what they write meanwhile would stand where it is cleared away."""
    until = time.monotonic() + _CONNECTING
    with suppress(OSError, CancelledError):
        while client.status == "running" and time.monotonic() < until and any(client.run(_is_at_work).values()):
            time.sleep(0.1)


def _is_at_work(dask_worker: Any) -> bool:
    """Whether a worker still has one of our jobs. Dask gives the worker by the name of the parameter."""
    return any(str(task.key).startswith(_KEY) for task in dask_worker.state.all_running_tasks)


def _next(done: "Queue[Any]", client: Any) -> Any:
    """The next job that is done; an error where there has been nobody to do one for a while."""
    last = time.monotonic()
    while True:
        try:
            return done.get(timeout=1)
        except Empty:
            if client.status not in ("running", "connecting"):
                raise CancelledError from None
            if _has_workers(client):
                last = time.monotonic()
            if time.monotonic() - last > _ALONE:
                raise CorpusError(f"the cluster has had no worker for {_ALONE} seconds; nothing was built") from None


def _has_workers(client: Any) -> bool:
    try:
        return bool(client.scheduler_info(n_workers=1)["workers"])
    except OSError:
        raise CancelledError from None


def _same_versions(client: Any) -> None:
    """First by what Dask itself can tell, for a worker may know nothing of this package, nor the scheduler, which unpacks jobs, too."""
    own = versions()
    wanted = {("python" if name == "Python" else name): told for name, told in own.items() if name in ("Python", *PACKAGES)}
    told = client.get_versions(packages=PACKAGES)
    package = {"cda-corpus": own["cda-corpus"]}
    _refuse("the scheduler", differing(package, told["scheduler"]["packages"]))
    for where, held in told["workers"].items():
        packages = held["packages"] | {"python": held["host"]["python"].rsplit(".", 2)[0]}
        _refuse(f"the worker at {where}", differing(wanted, packages))
    for where, held in client.run(versions).items():
        _refuse(f"the worker at {where}", differing(own, held))


def _refuse(who: str, strange: str) -> None:
    if strange:
        raise CorpusError(f"{who} has {strange}; the bytes would differ, so nothing was built")


def _seen(client: Any, needed: Sequence[Place]) -> None:
    """Every worker sees the same files, and the place where shards go."""
    paths = [one.absolute() for one in needed if isinstance(one, Path)]
    for where, missing in client.run(_unseen, paths).items():
        if missing is not None:
            raise CorpusError(f"the worker at {where} does not see {missing}; a cluster needs a disk that all share, or s3://")


def _unseen(paths: Sequence[Path]) -> Path | None:
    """The first that is not there."""
    return next((one for one in paths if not one.exists()), None)

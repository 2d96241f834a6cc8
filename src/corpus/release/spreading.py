"""Work spread over processes, or done in this one. Knows nothing of the work but that it is a function of one picklable value.

Ctrl-C and a process that dies end all of them; so does the end of the process that started them. They are started anew, or come out of
this one with all that it has imported, where `ready` was asked for them.
"""

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Protocol, TypeVar

from corpus.absence import leave_out
from corpus.problems import CorpusError

T = TypeVar("T")
R = TypeVar("R")
FEW = 1000  # documents that are sooner read here than by processes that have to be started
_WAITING = 3  # jobs given to each process ahead of time
_THREADS = Path("/proc/self/task")


class Flag(Protocol):
    """What tells that work is to be given up."""

    def is_set(self) -> bool:
        """Whether it is."""
        ...


_stop: Flag | None = None
_ready: "_Processes | None" = None


@dataclass(frozen=True, slots=True)
class _Processes:
    number: int
    pool: ProcessPoolExecutor
    stop: Event


class Spread(Protocol):
    """How work is done: results come as they are ready, in any order."""

    def __call__(self, work: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
        """The result of each job."""
        ...


def default_workers(documents: int) -> int:
    """As many processes as there are processors, where there is enough to do to pay for starting them."""
    return min(os.cpu_count() or 1, 8) if documents >= FEW else 1


def few_here(spreading: Spread, documents: int) -> Spread:
    """The same way to work, or this process alone where there is too little to do to start others."""
    return spreading if documents >= FEW else _here


def stopped() -> bool:
    """Whether the work is to be given up; asked between batches by whoever works."""
    return _stop is not None and _stop.is_set()


def stop_when(flag: Flag) -> None:
    """From now on `stopped` asks this flag in this process."""
    global _stop
    _stop = flag


@contextmanager
def spread(workers: int, *, ahead: bool = False) -> Iterator[Spread]:
    """A way to work in that many processes; one works in this process itself. `ahead` starts them at once, before there is work."""
    if workers == 1:
        yield _here
        return
    processes = _taken(workers) or _started("spawn", workers)
    for _ in range(workers if ahead else 0):
        processes.pool.submit(int)
    try:
        yield _over(processes.pool, workers)
    except BrokenProcessPool:
        raise CorpusError("a process of the build was killed, perhaps for want of memory; nothing was built (try --workers 1)") from None
    except BaseException:
        processes.stop.set()
        raise
    finally:
        processes.pool.shutdown(cancel_futures=True)


def ready(workers: int) -> None:
    """Have the processes of the next `spread` over that many come out of this one now, which spares them every import.

    For a process that does nothing but one build. Where this one has several threads nothing is done, and `spread` starts them anew: a copy
    of a process has none of its threads, and what such a thread held locked stays so for ever.
    """
    global _ready
    if workers == 1 or _ready is not None or not _THREADS.is_dir() or len(list(_THREADS.iterdir())) > 1:
        return
    _ready = _started("fork", workers)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # for ever in them; in this one Ctrl-C waits until they are there
    try:
        _ready.pool.submit(int)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _taken(workers: int) -> _Processes | None:
    """The processes that are ready, once. If they are not as many as are asked for they end."""
    global _ready
    held, _ready = _ready, None
    if held is not None and held.number != workers:
        held.pool.shutdown()
        return None
    return held


def _started(how: str, workers: int) -> _Processes:
    context = get_context(how)
    stop = context.Event()
    return _Processes(workers, ProcessPoolExecutor(workers, mp_context=context, initializer=_be_a_worker, initargs=(stop,)), stop)


def _here(work: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
    collecting = gc.isenabled()
    gc.disable()  # it finds nothing among values without cycles, and takes a third of the time
    try:
        yield from map(work, jobs)
    finally:
        if collecting:
            gc.enable()


def _over(pool: ProcessPoolExecutor, workers: int) -> Spread:
    def over(work: Callable[[Any], Any], jobs: Iterable[Any]) -> Iterator[Any]:
        rest = iter(jobs)
        given: set[Future[Any]] = set()
        while True:
            while len(given) < workers * _WAITING and (job := next(rest, None)) is not None:
                given.add(pool.submit(work, job))
            if not given:
                return
            done, given = wait(given, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)

    return over


def _be_a_worker(stop: Flag) -> None:
    """Ctrl-C is for the first process, which tells the others; where that one is gone, so are they."""
    stop_when(stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    leave_out("pandas")
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

"""Exported tasks become files of annotations/: read as layers, held to the checks, set against what is here. Prints nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import checks, codec, drafts, export, merge, store
from corpus.export import Returned
from corpus.model import GOLD, AnnotationSet, Holdings
from corpus.problems import CorpusError, Problem
from corpus.store import Stored
from corpus.tasks import Task

WRITERS = 4  # files at once: each waits for the disk, not for the processor


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A task and where it came from: a file with the JSON pointer of the task in it, or words for a task of a server."""

    where: str
    pointer: str
    task: Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of so many tasks: a decision for each layer's path, problems, what was trimmed, and what both sides now agree on."""

    tasks: int
    decisions: tuple[tuple[str, merge.Decision], ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    met: Mapping[str, str]


def arrived_in(data: bytes, where: str) -> tuple[list[Arrived], list[Problem]]:
    """The tasks of an exported file, or what keeps it from being read."""
    value, problems = codec.read_json(data, where, largest=None)
    if problems:
        return [], problems
    if not isinstance(value, list):
        message = "no Label Studio JSON export: it is not a list of tasks"
        return [], [Problem(where=where, pointer="", check="matches-schema", message=message)]
    return [Arrived(where=where, pointer=f"/{at}", task=task) for at, task in enumerate(value)], []


def of_files(paths: Iterable[Path]) -> Iterator[Arrived]:
    """The tasks of exported files; one that cannot be read at all is refused in a sentence."""
    for path in paths:
        if not path.is_file():
            raise CorpusError(f"{path} is no file")
        arrived, problems = arrived_in(path.read_bytes(), str(path))
        if problems:
            raise CorpusError(f"{path} is refused: {problems[0].message} [{problems[0].check}]")
        yield from arrived


def faults(stored: Stored, arrived: Iterable[Arrived]) -> tuple[Problem, ...]:
    """What is wrong with the tasks, whatever is here; nothing is written."""
    return take(stored, arrived, {}, overwrite=True, write=_nowhere).problems


def take(
    stored: Stored,
    arrived: Iterable[Arrived],
    met: Mapping[str, str],
    *,
    overwrite: bool,
    write: Callable[[Path, AnnotationSet], bool] = store.write_layer,
) -> Taken:
    """Write every sound layer that changed on the server only, or also here with `overwrite`.

    `met` tells the fingerprint that each task's layer had when the two sides last agreed. Gold comes last: it names the other layers as
    they have become.
    """
    layers, agreed = dict(stored.holdings.layers), dict(met)
    holdings = replace(stored.holdings, layers=layers)
    decisions: list[tuple[str, merge.Decision]] = []
    read = list(_read(arrived, holdings))
    prints = {id(returned): codec.fingerprint(returned.layer) for _, returned, _ in read if returned.layer is not None}
    rivals = _rivals((returned.layer, prints[id(returned)]) for _, returned, _ in read if returned.layer is not None)
    problems = [problem for _, returned, _ in read for problem in returned.problems]
    with ThreadPoolExecutor(WRITERS) as writers:
        writing = []
        for one, returned, early in read:
            layer = returned.layer
            found = _faults(one, returned, holdings) if early is None else early
            faults = [] if layer is None else [*found, *_rivalry(one, layer, rivals)]
            problems += faults
            if layer is None or faults:
                continue
            path = store.layer_path(layer.document, layer.annotator)
            met_last = agreed.get(_place(path, one)) or one.task["data"].get("layer_sha256")
            decision = _decide(stored, path, prints[id(returned)], met_last, overwrite=overwrite)
            decisions.append((path, decision))
            if decision == "changed":
                writing.append(writers.submit(write, stored.root, layer))
                layers[path] = layer
            if decision == "conflict":
                problems.append(_conflict(one, path))
            else:
                agreed[_place(path, one)] = prints[id(returned)]
        for written in writing:
            written.result()
    notes = tuple(
        f"{one.where}{one.pointer} {note}" for one, returned, _ in read for note in (*_left_behind(one, returned), *returned.notes)
    )
    return Taken(tasks=len(read), decisions=tuple(decisions), problems=tuple(problems), notes=notes, met=agreed)


def _read(arrived: Iterable[Arrived], holdings: Holdings) -> Iterator[tuple[Arrived, Returned, list[Problem] | None]]:
    """Each task with what it gave and its faults, as they arrive, for the server makes the next meanwhile.

    Gold comes last and unchecked: it is held to the other layers as they have become.
    """
    gold = []
    for one in arrived:
        if _is_gold(one):
            gold.append(one)
        else:
            returned = export.from_export(one.task, one.where, holdings, base=one.pointer)
            yield one, returned, _faults(one, returned, holdings)
    for one in gold:
        yield one, export.from_export(one.task, one.where, holdings, base=one.pointer), None


def _place(path: str, one: Arrived) -> str:
    """A layer on one server: the same on another, or in a project that was made anew, is another's side of the story."""
    return f"{path} {one.task.get('project')}/{one.task.get('id')} {one.task.get('created_at')}"


def _nowhere(root: Path, layer: AnnotationSet) -> bool:
    return False


def _left_behind(one: Arrived, returned: Returned) -> Iterable[str]:
    """Asked where the task has the right shape."""
    return () if returned.problems else drafts.left_behind(one.task)


def _is_gold(one: Arrived) -> bool:
    data = one.task.get("data") if isinstance(one.task, dict) else None
    return isinstance(data, dict) and data.get("annotator") == GOLD


def _faults(one: Arrived, returned: Returned, holdings: Holdings) -> list[Problem]:
    """Faults of a layer that could be read, at the place of its task."""
    layer = returned.layer
    if layer is None:
        return []
    return checks.of_layer(f"{one.where}{one.pointer} as {store.layer_path(layer.document, layer.annotator)}", layer, holdings)


def _rivals(read: Iterable[tuple[AnnotationSet, str]]) -> set[str]:
    """The layers of which two tasks give different readings, for the server takes an article twice without a word."""
    readings = Counter(path for path, _ in {(store.layer_path(one.document, one.annotator), sha256) for one, sha256 in read})
    return {path for path, different in readings.items() if different > 1}


def _rivalry(one: Arrived, layer: AnnotationSet, rivals: set[str]) -> list[Problem]:
    path = store.layer_path(layer.document, layer.annotator)
    message = f"another task gives another reading as {path}"
    return [Problem(where=one.where, pointer=one.pointer, check="one-layer-per-annotator", message=message)] if path in rivals else []


def _decide(stored: Stored, path: str, server: str, met: str | None, *, overwrite: bool) -> merge.Decision:
    known = stored.holdings.layers.get(path)
    unreadable = "unreadable" if (stored.root / path).exists() else None  # somebody's work all the same
    decision = merge.decide(here=codec.fingerprint(known) if known is not None else unreadable, server=server, met=met)
    return "changed" if decision == "conflict" and overwrite else decision


def _conflict(one: Arrived, path: str) -> Problem:
    message = f"{path} changed here and on the server"
    hint = "corpus pull --overwrite takes the server's; to keep yours, leave it"
    return Problem(where=one.where, pointer=one.pointer, check="both-sides-unchanged", message=message, hint=hint)

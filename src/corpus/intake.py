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
    rivals = _rivals(read)
    problems = [problem for one in read for problem in one.problems]
    with ThreadPoolExecutor(WRITERS) as writers:
        writing = []
        for one in read:
            if one.layer is None:
                continue
            faults = [*(_faults(one, holdings) if one.faults is None else one.faults), *_rivalry(one, rivals)]
            problems += faults
            if faults:
                continue
            met_last = agreed.get(f"{one.path} {one.place}") or one.sent
            decision = _decide(stored, one.path, one.sha256, met_last, overwrite=overwrite)
            decisions.append((one.path, decision))
            if decision == "changed":
                writing.append(writers.submit(write, stored.root, one.layer))
            if decision in ("changed", "unchanged"):
                layers[one.path] = one.layer
            if decision == "conflict":
                problems.append(_conflict(one))
            else:
                agreed[f"{one.path} {one.place}"] = one.sha256
        for written in writing:
            written.result()
    notes = tuple(f"{one.where}{one.pointer} {note}" for one in read for note in one.notes)
    return Taken(tasks=len(read), decisions=tuple(decisions), problems=tuple(problems), notes=notes, met=agreed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What is kept of a task: its layer, if it gave one, and no row of it, for ten thousand tasks would fill the memory.

    `place` tells the task on one server from the same on another, or in a project that was made anew: another's side of the story.
    `sent` is the fingerprint that the layer was sent with; `faults` are None where they are to be asked for later.
    """

    where: str
    pointer: str
    layer: AnnotationSet | None
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    path: str = ""
    sha256: str = ""
    place: str = ""
    sent: str | None = None
    faults: tuple[Problem, ...] | None = None


def _read(arrived: Iterable[Arrived], holdings: Holdings) -> Iterator[_Read]:
    """Each task with what it gave and its faults, as they arrive, for the server makes the next meanwhile.

    Gold comes last and unchecked: it is held to the other layers as they have become.
    """
    gold = []
    for one in arrived:
        if _is_gold(one):
            gold.append(one)
        else:
            read = _reading(one, holdings)
            yield replace(read, faults=tuple(_faults(read, holdings)))
    for one in gold:
        yield _reading(one, holdings)


def _reading(one: Arrived, holdings: Holdings) -> _Read:
    returned = export.from_export(one.task, one.where, holdings, base=one.pointer)
    layer, notes = returned.layer, (*_left_behind(one, returned), *returned.notes)
    read = _Read(where=one.where, pointer=one.pointer, layer=layer, problems=returned.problems, notes=notes)
    if layer is None:
        return read
    return replace(
        read,
        path=store.layer_path(layer.document, layer.annotator),
        sha256=codec.fingerprint(layer),
        place=f"{one.task.get('project')}/{one.task.get('id')} {one.task.get('created_at')}",
        sent=one.task["data"].get("layer_sha256"),
    )


def _nowhere(root: Path, layer: AnnotationSet) -> bool:
    return False


def _left_behind(one: Arrived, returned: Returned) -> Iterable[str]:
    """Asked where the task has the right shape."""
    return () if returned.problems else drafts.left_behind(one.task)


def _is_gold(one: Arrived) -> bool:
    data = one.task.get("data") if isinstance(one.task, dict) else None
    return isinstance(data, dict) and data.get("annotator") == GOLD


def _faults(one: _Read, holdings: Holdings) -> list[Problem]:
    """Faults of a layer that could be read, at the place of its task."""
    return [] if one.layer is None else checks.of_layer(f"{one.where}{one.pointer} as {one.path}", one.layer, holdings)


def _rivals(read: Iterable[_Read]) -> set[str]:
    """The layers of which two tasks give different readings, for the server takes an article twice without a word."""
    readings = Counter(path for path, _ in {(one.path, one.sha256) for one in read if one.layer is not None})
    return {path for path, different in readings.items() if different > 1}


def _rivalry(one: _Read, rivals: set[str]) -> list[Problem]:
    message = f"another task gives another reading as {one.path}"
    return [Problem(where=one.where, pointer=one.pointer, check="one-layer-per-annotator", message=message)] if one.path in rivals else []


def _decide(stored: Stored, path: str, server: str, met: str | None, *, overwrite: bool) -> merge.Decision:
    known = stored.holdings.layers.get(path) or _appeared(stored.root / path)
    unreadable = "unreadable" if known is None and (stored.root / path).exists() else None  # somebody's work all the same
    decision = merge.decide(here=codec.fingerprint(known) if known is not None else unreadable, server=server, met=met)
    return "changed" if decision == "conflict" and overwrite else decision


def _appeared(path: Path) -> AnnotationSet | None:
    """A layer that another pull has written since the repository was read."""
    return store.read_layer(path.read_bytes(), path.name)[0] if path.is_file() else None


def _conflict(one: _Read) -> Problem:
    message = f"{one.path} changed here and on the server"
    hint = "corpus pull --overwrite takes the server's; to keep yours, leave it"
    return Problem(where=one.where, pointer=one.pointer, check="both-sides-unchanged", message=message, hint=hint)

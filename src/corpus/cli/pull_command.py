"""Bring annotations back, from Label Studio or from an export.

examples:  corpus pull
           corpus pull export.json
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

from corpus import checks, codec, export, merge, store
from corpus.cli.connecting import connection
from corpus.cli.studio_command import home_of
from corpus.cli.terminal import count, report, say, waiting
from corpus.export import Returned
from corpus.locate import all_located
from corpus.model import GOLD, AnnotationSet, Holdings
from corpus.problems import CorpusError, Problem
from corpus.store import Stored
from corpus.studio import client, memory
from corpus.tasks import Task

Arrived = tuple[str, str, Task]  # where it came from, JSON pointer of the task, the task


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a JSON export (default: ask the server)")
    command.add_argument("--overwrite", action="store_true", help="where a layer changed here and there, take the server's")


def run(args: argparse.Namespace) -> int:
    """Write what passes the checks; report the rest."""
    stored = store.read(store.find_root(args.root))
    home = home_of(stored.root)
    arrived = list(_of_files(args.files)) if args.files else _of_server(args, stored.root)
    problems: list[Problem] = []
    met, tally = memory.read(home), Counter[str]()
    layers = dict(stored.holdings.layers)
    holdings = replace(stored.holdings, layers=layers)
    arrived = sorted(arrived, key=_is_gold)
    read = [export.from_export(task, where, holdings, base=pointer) for where, pointer, task in arrived]
    rivals = _rivals(read)
    for (where, pointer, task), returned in zip(arrived, read, strict=True):
        faults = [*_faults(where, pointer, returned, holdings), *_rivalry(where, pointer, returned, rivals)]
        problems += [*returned.problems, *faults]
        for note in returned.notes:
            say(args, f"{where} {note}")
        if returned.layer is not None and not faults:
            decision = _settle(args, stored, returned.layer, task, met)
            problems += [_conflict(where, pointer, returned.layer)] if decision == "conflict" else []
            tally[decision] += 1
            if decision == "changed":
                layers[store.layer_path(returned.layer.document, returned.layer.annotator)] = returned.layer
    memory.write(home, met)
    outcome = ", ".join(f"{tally[decision]} {decision}" for decision in get_args(merge.Decision) if tally[decision])
    say(args, f"{count(len(arrived), 'task')}: {outcome or 'no finished annotation'}")
    return report(all_located(problems, lambda where: Path(where).read_bytes() if where in map(str, args.files) else None))


def _of_server(args: argparse.Namespace, root: Path) -> list[Arrived]:
    reached = connection(root)
    with waiting(args, f"pulling from {reached.url}"):
        projects = list(client.pull(reached))
    return [(f"project {client.TITLE}{annotator}, task {task.get('id')}", "", task) for annotator, tasks in projects for task in tasks]


def _is_gold(one: Arrived) -> bool:
    """Gold comes last: it names the layers it was made from as they are now."""
    data = one[2].get("data") if isinstance(one[2], dict) else None
    return isinstance(data, dict) and data.get("annotator") == GOLD


def _of_files(paths: list[Path]) -> Iterator[Arrived]:
    for path in paths:
        if not path.is_file():
            raise CorpusError(f"{path} is no file")
        value, problems = codec.read_json(path.read_bytes(), str(path), largest=None)
        if problems:
            raise CorpusError(f"{path} is refused: {problems[0].message} [{problems[0].check}]")
        if not isinstance(value, list):
            raise CorpusError(f"{path} is no Label Studio JSON export: it is not a list of tasks [matches-schema]")
        yield from ((str(path), f"/{at}", task) for at, task in enumerate(value))


def _faults(where: str, pointer: str, returned: Returned, holdings: Holdings) -> list[Problem]:
    """Faults of a layer that could be read, at the place of its task."""
    if returned.layer is None:
        return []
    name = store.layer_path(returned.layer.document, returned.layer.annotator)
    return checks.of_layer(f"{where}{pointer} as {name}", returned.layer, holdings)


def _rivals(read: list[Returned]) -> set[str]:
    """The layers of which two tasks give different readings, for the server takes an article twice without a word."""
    layers = [one.layer for one in read if one.layer is not None]
    readings = Counter(path for path, _ in {(store.layer_path(one.document, one.annotator), codec.fingerprint(one)) for one in layers})
    return {path for path, different in readings.items() if different > 1}


def _rivalry(where: str, pointer: str, returned: Returned, rivals: set[str]) -> list[Problem]:
    name = store.layer_path(returned.layer.document, returned.layer.annotator) if returned.layer is not None else ""
    message = f"another task gives another reading as {name}"
    return [Problem(where=where, pointer=pointer, check="one-layer-per-annotator", message=message)] if name in rivals else []


def _settle(args: argparse.Namespace, stored: Stored, layer: AnnotationSet, task: Task, met: dict[str, str]) -> merge.Decision:
    """Write, keep or leave the file here, and remember on what the two sides agree."""
    path = store.layer_path(layer.document, layer.annotator)
    known, server = stored.holdings.layers.get(path), codec.fingerprint(layer)
    here = codec.fingerprint(known) if known is not None else None
    decision = merge.decide(here=here, server=server, met=met.get(path) or task["data"].get("layer_sha256"))
    if decision == "conflict" and args.overwrite:
        decision = "changed"
    if decision == "changed":
        store.write_layer(stored.root, layer)
    if decision != "conflict":
        met[path] = server
    if decision in ("changed", "kept"):
        say(args, f"{decision} {path}" + (": it changed here, not on the server" if decision == "kept" else ""))
    return decision


def _conflict(where: str, pointer: str, layer: AnnotationSet) -> Problem:
    message = f"{store.layer_path(layer.document, layer.annotator)} changed here and on the server"
    hint = "corpus pull --overwrite takes the server's; to keep yours, leave it"
    return Problem(where=where, pointer=pointer, check="both-sides-unchanged", message=message, hint=hint)

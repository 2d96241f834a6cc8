"""Bring annotations back, from Label Studio or from an export.

examples:  corpus pull
           corpus pull export.json
It asks the local Label Studio, or the one that LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY name. Only what was submitted comes
back, and only what passes the checks is written; a layer that changed here stays.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from corpus import store
from corpus.cli.connecting import connection
from corpus.cli.studio_command import home_of
from corpus.cli.terminal import count, detail, report, say, waiting
from corpus.intake import Arrived, of_files, take
from corpus.locate import all_located
from corpus.merge import Decision
from corpus.pseudonyms import by_user
from corpus.store import Stored
from corpus.studio import client, memory


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a JSON export (default: ask the server)")
    command.add_argument(
        "--by-user", action="store_true", help="several people share a project: each user is an annotator, by a keyed pseudonym"
    )
    command.add_argument("--overwrite", action="store_true", help="where a layer changed here and there, take the server's")


def run(args: argparse.Namespace) -> int:
    """Write what passes the checks; report the rest."""
    stored = store.read(store.find_root(args.root))
    arrived = of_files(args.files) if args.files else _of_server(args, stored.root)
    return take_in(args, stored, by_user(list(arrived), memory.pseudonym_key(home_of(stored.root))) if args.by_user else arrived)


def take_in(args: argparse.Namespace, stored: Stored, arrived: Iterable[Arrived]) -> int:
    """Store sound layers and tell what became of each; the exit code."""
    home = home_of(stored.root)
    taken = take(stored, arrived, memory.read(home), overwrite=args.overwrite)
    memory.write(home, taken.met)
    for note in taken.notes:
        say(args, note)
    for path, decision in taken.decisions:
        _tell(args, path, decision)
    tally = Counter(decision for _, decision in taken.decisions)
    outcome = ", ".join(f"{tally[decision]:,} {decision}" for decision in get_args(Decision) if tally[decision])
    say(args, f"{count(taken.tasks, 'task')}: {outcome or 'no finished annotation'}")
    return report(all_located(taken.problems, lambda where: Path(where).read_bytes() if where in map(str, args.files) else None))


def _tell(args: argparse.Namespace, path: str, decision: Decision) -> None:
    if decision in ("changed", "kept"):
        say(args, f"{decision} {path}" + (": it changed here, not on the server" if decision == "kept" else ""))
    elif decision == "unchanged":
        detail(args, f"unchanged {path}")


def _of_server(args: argparse.Namespace, root: Path) -> Iterator[Arrived]:
    reached = connection(root)
    with waiting(args, f"pulling from {reached.url}"):
        for annotator, tasks in client.pull(reached):
            for task in tasks:
                yield Arrived(where=f"project {client.TITLE}{annotator}, task {task.get('id')}", pointer="", task=task)

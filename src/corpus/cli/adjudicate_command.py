"""Make gold from two or more readings of an article, point by point and rule by rule.

examples:  corpus adjudicate push                       what has two readings and no gold, to Label Studio
           corpus adjudicate push lee_0042 --annotators a3f1 4b22
           corpus adjudicate pull                       settled articles become annotations/<article>/gold.json
           corpus adjudicate push --out tasks.json      for a server of your own; then: corpus adjudicate pull export.json
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus import codec, intake, store
from corpus.adjudication import page
from corpus.adjudication.comparison import Comparison, compared
from corpus.cli.connecting import connection
from corpus.cli.pull_command import take_in
from corpus.cli.push_command import write_tasks
from corpus.cli.terminal import count, progress, report, say, waiting, with_examples_of
from corpus.intake import Arrived
from corpus.locate import all_located
from corpus.model import GOLD, AnnotationSet, Holdings
from corpus.problems import CorpusError, Problem
from corpus.studio import client
from corpus.tasks import Task


def register(command: argparse.ArgumentParser) -> None:
    """Declare the two steps and their options."""
    steps = command.add_subparsers(dest="step", metavar="STEP", required=True, parser_class=with_examples_of(command))
    push = steps.add_parser("push", help="send articles with two or more readings to be adjudicated")
    push.add_argument("ids", nargs="*", metavar="ID", help="documents (default: all that have two readings and no gold)")
    push.add_argument(
        "--annotators", nargs="+", metavar="A", help="whose readings (default: all that follow gold's version of the guidelines)"
    )
    push.add_argument("--out", type=Path, metavar="FILE", help="write the tasks to a file instead")
    pull = steps.add_parser("pull", help="bring settled articles back as gold")
    pull.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a JSON export (default: ask the server)")
    pull.add_argument("--overwrite", action="store_true", help="where gold changed here and there, take the server's")


def run(args: argparse.Namespace) -> int:
    """Push or pull."""
    return _push(args) if args.step == "push" else _pull(args)


def _push(args: argparse.Namespace) -> int:
    root = store.find_root(args.root)
    holdings = store.read(root).holdings
    guidelines = root / store.GUIDELINES
    titles = page.rules(guidelines.read_text(encoding="utf-8")) if guidelines.is_file() else ""
    made = [_task(comparison, holdings, titles) for comparison in _comparisons(args, holdings)]
    if not made:
        say(args, "nothing to adjudicate: no article has two readings, its text here, and no gold yet")
        return 0
    if args.out:
        return write_tasks(args, made)
    with progress(args, "pushing", len(made)) as told:
        done = client.push(connection(root), page.PROJECT, made, page.labelling_page(), told)
    say(args, f"{count(len(done.sent), 'article')} sent, {len(done.there)} there already")
    for note in done.notes:
        say(args, note)
    return 0


def _pull(args: argparse.Namespace) -> int:
    root = store.find_root(args.root)
    stored = store.read(root)
    arrived = list(intake.of_files(args.files)) if args.files else _of_server(args, root)
    settled, problems = _settled(arrived, stored.holdings)
    code = take_in(args, stored, settled)
    return max(code, report(all_located(problems, lambda where: Path(where).read_bytes() if where in map(str, args.files) else None)))


def _comparisons(args: argparse.Namespace, holdings: Holdings) -> Iterator[Comparison]:
    unknown = next((id for id in args.ids if id not in holdings.documents), None)
    if unknown is not None:
        raise CorpusError(f"there is no document {unknown!r}; corpus stats says what there is")
    if GOLD not in holdings.annotators:
        raise CorpusError("no adjudicator is declared: annotations/annotators.json needs an entry with the id gold")
    for name in args.ids or sorted({layer.document for layer in holdings.layers.values()}):
        layers = holdings.of(name)
        readings = [one for one in layers if _is_wanted(args, one, holdings)]
        if len(readings) > 1 and holdings.documents[name].text is not None and (args.ids or all(one.annotator != GOLD for one in layers)):
            yield compared(readings)


def _is_wanted(args: argparse.Namespace, layer: AnnotationSet, holdings: Holdings) -> bool:
    if args.annotators:
        return layer.annotator in args.annotators
    return layer.annotator != GOLD and layer.guidelines == holdings.annotators[GOLD].guidelines


def _task(comparison: Comparison, holdings: Holdings, titles: str) -> Task:
    document = holdings.documents[next(iter(comparison.layers.values())).document]
    return page.to_task(document, comparison, holdings.annotators[GOLD].guidelines, titles)


def _of_server(args: argparse.Namespace, root: Path) -> list[Arrived]:
    reached = connection(root)
    with waiting(args, f"pulling from {reached.url}"):
        projects = list(client.pull(reached, lambda name: name == page.PROJECT))
    return [Arrived(where=f"adjudication, task {task.get('id')}", pointer="", task=task) for _, tasks in projects for task in tasks]


def _settled(arrived: Iterable[Arrived], holdings: Holdings) -> tuple[list[Arrived], list[Problem]]:
    """Finished tasks as tasks of gold; what is still open or has changed underneath is told."""
    ready, problems = [], []
    for one in arrived:
        layers = _named(one.task, holdings)
        if layers is None or not any(not annotation.get("was_cancelled") for annotation in one.task.get("annotations", ())):
            ready += [one] if layers is None else []  # the checks say what is wrong with it
            continue
        task, found = page.settled(one.task, one.where, one.pointer, compared(layers))
        problems += found
        ready += [] if found else [Arrived(where=one.where, pointer=one.pointer, task=task)]
    return ready, problems


def _named(task: Task, holdings: Holdings) -> list[AnnotationSet] | None:
    """The layers that the task was made from, if they stand as they stood."""
    data = task.get("data", {})
    stands = {(one.annotator, codec.fingerprint(one)): one for one in holdings.of(str(data.get("document")))}
    named = [stands.get((one.get("annotator"), one.get("sha256"))) for one in data.get("made_from", ())]
    return [one for one in named if one is not None] if named and all(named) else None

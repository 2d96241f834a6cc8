"""Send documents to Label Studio, with the layers that are stored.

examples:  corpus push                          every stored layer, each to its annotator's project
           corpus push lee_0042 --annotator 4b22   one article, for 4b22 to annotate
           corpus push --annotator a3f1 --suggest c1a0   with what c1a0 marked as suggestions
           corpus push --annotator a3f1 --suggest dist/suggested   with what corpus suggest wrote there
           corpus push --out tasks.json         write the tasks, for a server of your own
It sends to the local Label Studio, or to the one that LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY name. What is there already is
not sent again; an older labelling page of ours is replaced by today's.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from corpus import audit, checks, codec, schema, splits, store, submissions, tasks
from corpus.cli.connecting import connection
from corpus.cli.terminal import count, progress, report, say
from corpus.model import GOLD, AnnotationSet, Annotator, Document, Holdings, Layer
from corpus.problems import CorpusError
from corpus.studio import client
from corpus.studio.connection import Connection


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("ids", nargs="*", metavar="ID", help="documents (default: all that have a layer or are given out)")
    command.add_argument("--annotator", metavar="A", help="send to this annotator only, also what is not annotated yet")
    command.add_argument(
        "--suggest",
        metavar="B",
        help="show this annotator's layers, or those in this folder, as suggestions; never in the test split, nor in one of five",
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="write the tasks to a file instead")


def run(args: argparse.Namespace) -> int:
    """Send what is not there yet."""
    stored = store.read(store.find_root(args.root))
    problems = sorted(set(audit.of_layers_and_records(stored)))
    if problems:
        report(problems)
        raise CorpusError(f"{count(len(problems), 'problem')} in the repository; nothing was sent")
    hints = _hints(args, stored.holdings)
    wanted = _wanted(args, stored.holdings)
    by_annotator: dict[str, list[tasks.Task]] = {}
    for document, who, layer in wanted:
        by_annotator.setdefault(who.id, []).append(_task(document, who, layer, stored.holdings, hints.get(document.id)))
    _say_suggested(args, [task for group in by_annotator.values() for task in group])
    if args.out:
        return write_tasks(args, [task for group in by_annotator.values() for task in group])
    if not by_annotator:
        say(args, "nothing to send: no document has a layer yet; name an annotator with --annotator")
        return 0
    reached = connection(stored.root)
    for annotator, group in sorted(by_annotator.items()):
        _send(args, reached, annotator, group)
    return 0


def _send(args: argparse.Namespace, reached: Connection, annotator: str, group: list[tasks.Task]) -> None:
    with progress(args, f"pushing to {annotator}", len(group)) as told:
        done = client.push(reached, annotator, group, schema.labelling_page(), told)
    say(args, f"{annotator}: {count(len(done.sent), 'task')} sent, {len(done.there)} there already")
    for note in done.notes:
        say(args, note)


def write_tasks(args: argparse.Namespace, made: list[tasks.Task], noun: str = "task") -> int:
    """Write tasks to the file of `--out`; the exit code."""
    store.write(args.out, codec.canonical(made))
    say(args, f"{args.out}: {count(len(made), noun)}; it holds texts, so keep it out of the repository")
    return 0


def _wanted(args: argparse.Namespace, holdings: Holdings) -> list[tuple[Document, Annotator, AnnotationSet | None]]:
    unknown = next((id for id in args.ids if id not in holdings.documents), None)
    if unknown is not None:
        raise CorpusError(f"there is no document {unknown!r}; corpus stats says what there is")
    if args.annotator and args.annotator not in holdings.annotators:
        raise CorpusError(f"{args.annotator!r} is not in annotations/annotators.json")
    chosen = [(d, a, layer) for d, a, layer in _pairs(args, holdings) if not args.ids or d.id in args.ids]
    blind = sorted({document.id for document, _, _ in chosen if document.text is None})
    if blind and args.ids:
        raise CorpusError(f"{blind[0]} has no text here; run corpus hydrate {holdings.documents[blind[0]].source}")
    if blind:
        say(args, f"left out, for their text is not here (corpus hydrate): {', '.join(blind[:5])}{' …' if len(blind) > 5 else ''}")
    return [one for one in chosen if one[0].text is not None]


def _pairs(args: argparse.Namespace, holdings: Holdings) -> Iterator[tuple[Document, Annotator, AnnotationSet | None]]:
    """Document, annotator and the layer that is stored, if there is one: what is annotated, and what was given out to be."""
    stored = {(layer.document, layer.annotator): layer for layer in holdings.layers.values()}
    roster = holdings.assignments.roster if holdings.assignments else {}
    meant = {*stored, *((name, who) for name, whos in roster.items() for who in whos)}
    if args.annotator and not any(who == args.annotator for whos in roster.values() for who in whos):
        read = {name for name, _ in stored}  # what nobody has read, nobody can adjudicate
        meant |= {(name, args.annotator) for name in holdings.documents if args.annotator != GOLD or name in read}
    if args.annotator:
        meant |= {(name, args.annotator) for name in args.ids}
    for name, who in sorted(meant):
        if args.annotator in (None, who):
            yield holdings.documents[name], holdings.annotators[who], stored.get((name, who))


def _hints(args: argparse.Namespace, holdings: Holdings) -> dict[str, AnnotationSet]:
    """Document → the layer to suggest: a stored one, or one of a folder or file, whose annotator has to be declared all the same."""
    if args.suggest is None:
        return {}
    if args.suggest in holdings.annotators:
        return {layer.document: layer for layer in holdings.layers.values() if layer.annotator == args.suggest}
    if not Path(args.suggest).exists():
        raise CorpusError(f"{args.suggest!r} is neither in annotations/annotators.json nor a folder or file of layers")
    given = submissions.prediction(Path(args.suggest))
    held = dict(holdings.documents)
    mine = [(where, layer) for where, layer in given.layers if layer.document in held]
    faults = [*given.problems, *(problem for where, layer in mine for problem in checks.of_layer(where, layer, holdings))]
    if faults:
        report(sorted(set(faults)))
        raise CorpusError(f"{count(len(set(faults)), 'problem')} in {args.suggest}; nothing was sent")
    return {layer.document: layer for _, layer in mine}


def _task(
    document: Document, annotator: Annotator, layer: AnnotationSet | None, holdings: Holdings, hint: AnnotationSet | None
) -> tasks.Task:
    if layer is not None:
        return tasks.to_task(document, annotator.id, layer.guidelines, layer, made_from=layer.made_from)
    read = tuple(Layer(annotator=one.annotator, sha256=codec.fingerprint(one)) for one in holdings.of(document.id))
    task = tasks.to_task(document, annotator.id, annotator.guidelines, None, made_from=read if annotator.id == GOLD else None)
    return tasks.with_suggestion(task, document.text or "", hint) if hint is not None and splits.may_be_suggested(document) else task


def _say_suggested(args: argparse.Namespace, made: list[tasks.Task]) -> None:
    if args.suggest:
        without = sum("predictions" not in task and "annotations" not in task for task in made)
        say(
            args,
            f"{count(len(made) - without, 'article')} with a suggestion or a layer, {without} without any: the test split, and one in five",
        )

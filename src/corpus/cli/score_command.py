"""Score a system's layers against gold: mentions, attributions, links, with intervals; two systems: which is better, and how surely.

examples:  corpus score . predictions.jsonl --split test
           corpus score . mine.jsonl theirs.jsonl --split test --by phenomenon --format markdown
           corpus score . . --pred-by c1b1      one of the corpus's own annotators as the system
           corpus score ../PolNeAR brat-project --gold-from polnear --pred-from brat --hubs-as-content --outermost
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from corpus import submissions
from corpus.cli.terminal import count, report, say, table, waiting
from corpus.model import AnnotationSet, Document, Split
from corpus.problems import CorpusError, Problem

if TYPE_CHECKING:
    from corpus.scoring import Contest, Report

WIDTH = 120
Layers = dict[str, AnnotationSet]


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("gold", type=Path, metavar="GOLD", help="a corpus (its readings of record), or a folder or file of layers")
    command.add_argument("predicted", type=Path, nargs="+", metavar="PRED", help="one system's layers, or two systems' to compare")
    command.add_argument("--split", choices=get_args(Split), help="articles of this split only")
    command.add_argument("--only", nargs="+", metavar="ID", default=[], help="these articles only")
    command.add_argument("--by", nargs="+", choices=("split", "phenomenon", "source"), default=[], help="the same for each part")
    command.add_argument("--gold-by", metavar="A", help="this annotator's layers as gold")
    command.add_argument("--pred-by", metavar="A", nargs="+", default=[], help="this annotator's layers of PRED, one for each PRED")
    command.add_argument(
        "--gold-from", metavar="FORMAT", help="GOLD is in this format (corpus convert --list); the first annotator is gold"
    )
    command.add_argument("--pred-from", metavar="FORMAT", help="PRED is in this format")
    command.add_argument(
        "--hubs-as-content", action="store_true", help="claims and denials count as content, which is all that most corpora tell"
    )
    command.add_argument(
        "--outermost", action="store_true", help="leave out hubs inside hubs, on both sides, for corpora that mark no nesting"
    )
    command.add_argument("--check", action="store_true", help="only say whether the submission can be scored")
    command.add_argument("--seed", type=int, metavar="N", help="of resamples and shuffles (default: the one that releases use)")
    command.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="for a person, a program, a card")


def run(args: argparse.Namespace) -> int:
    """Print the figures; exit 1 if what was handed in cannot be scored, saying all that is wrong with it."""
    if len(args.predicted) > 2:
        raise CorpusError("one system is scored, or two are compared; more than two are not")
    if len(args.pred_by) not in (0, len(args.predicted)):
        raise CorpusError("--pred-by takes one annotator for each PRED")
    gold = submissions.gold(args.gold, args.gold_by, form=args.gold_from)
    whos = args.pred_by or [None] * len(args.predicted)
    handed_in = [submissions.prediction(path, who, form=args.pred_from) for path, who in zip(args.predicted, whos, strict=True)]
    wanted = _wanted(args, gold)
    problems = [*gold.problems, *(problem for one in handed_in for problem in _faults(args, one, gold, wanted))]
    if problems:
        return report(problems)
    for one in handed_in:
        _say_left_out(args, one, wanted)
    if args.check:
        say(args, f"{count(len(wanted), 'article')}: can be scored")
        return 0
    _scored(args, wanted, handed_in, gold.documents)
    return 0


def _wanted(args: argparse.Namespace, gold: submissions.Readings) -> Layers:
    """The gold that is asked for, by article."""
    from corpus.scoring import split_of

    held = {layer.document: layer for _, layer in gold.layers}
    if len(held) < len(gold.layers):
        raise CorpusError(f"{gold.name} has several layers of one article; name whose is gold with --gold-by")
    unknown = sorted(set(args.only) - held.keys())
    if unknown:
        raise CorpusError(f"{gold.name} has no reading of record of {unknown[0]}")
    if args.split and not held.keys() <= gold.documents.keys():
        raise CorpusError(f"the split of an article is told by its record, and {gold.name} has none; give the corpus itself as GOLD")
    kept = {name: one for name, one in held.items() if not args.split or split_of(gold.documents[name]) == args.split}
    kept = {name: one for name, one in kept.items() if not args.only or name in args.only}
    if not kept:
        raise CorpusError(f"{gold.name} has no gold for what is asked")
    return kept


def _faults(args: argparse.Namespace, handed_in: submissions.Readings, gold: submissions.Readings, wanted: Layers) -> Iterable[Problem]:
    from corpus.scoring import problems

    held = {layer.document: layer for _, layer in gold.layers}
    yield from handed_in.problems
    layers = handed_in.layers
    if args.only:
        layers = tuple(one for one in layers if one[1].document in wanted or one[1].document not in held)
    yield from problems(layers, held, gold.documents, wanted=wanted, split=args.split)


def _say_left_out(args: argparse.Namespace, handed_in: submissions.Readings, wanted: Layers) -> None:
    beside = sum(layer.document not in wanted for _, layer in handed_in.layers)
    if beside and args.format == "text":
        say(args, f"{handed_in.name}: {count(beside, 'layer')} of other articles left out")


def _scored(args: argparse.Namespace, wanted: Layers, handed_in: Sequence[submissions.Readings], documents: Mapping[str, Document]) -> None:
    from corpus.agreement.bootstrap import SEED
    from corpus.scoring import contest, markdown, tally
    from corpus.scoring import report as reported

    seed = SEED if args.seed is None else args.seed
    with waiting(args, "scoring"):
        wanted = _narrowed(args, wanted)
        layers = [_narrowed(args, {layer.document: layer for _, layer in one.layers if layer.document in wanted}) for one in handed_in]
        tallies = [tally(wanted, one) for one in layers]
        names = [one.name for one in handed_in]
        reports = [reported(held, name, documents, by=args.by, seed=seed) for held, name in zip(tallies, names, strict=True)]
        against = contest(tallies[0], tallies[1], (names[0], names[1]), seed=seed) if len(tallies) == 2 else None
    if args.format == "json":
        told = {"systems": [asdict(one) for one in reports], "contest": asdict(against) if against else None}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    elif args.format == "markdown":
        print(markdown(reports, against), end="")
    else:
        _text(reports, against)


def _narrowed(args: argparse.Namespace, layers: Layers) -> Layers:
    """What of the layers is compared."""
    from corpus.scoring import narrowing

    narrowed = [narrowing.hubs_as_content] if args.hubs_as_content else []
    narrowed += [narrowing.outermost] if args.outermost else []
    for change in narrowed:
        layers = {name: change(one) for name, one in layers.items()}
    return layers


def _text(reports: Sequence["Report"], contest: "Contest | None") -> None:
    from rich.console import Console

    from corpus.scoring import telling

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH  # into a pipe, nothing need be broken
    for one in reports:
        console.print(telling.heading(one), markup=False, style="bold")
        for name, rows in telling.groups(telling.rows(one.whole)):
            console.print(table((name, *telling.HEADS[2:]), rows, left=(0,)))
        for title, heads, rows in telling.sorts(one):
            console.print(f"\n{title}", style="bold", markup=False)
            console.print(table(heads, rows, left=(0,)))
    if contest is not None:
        console.print(f"\n{' and '.join(contest.systems)}", style="bold", markup=False)
        heads, rows = telling.differences(contest)
        for name, held in telling.groups(rows):
            console.print(table((name, *heads[2:]), held, left=(0,)))
        console.print(telling.OF_CONTEST, markup=False, soft_wrap=True)

"""Deal articles out to annotators, so many readings each; what was dealt before stands.

examples:  corpus assign --annotators a3f1 4b22 7c0d --each 2 --seed 7
           corpus assign lee_0042 --annotators a3f1 4b22 --each 2
"""

import argparse

from corpus import codec, store
from corpus.assignment import Item, dealt, loads
from corpus.cli.terminal import count, say
from corpus.model import GOLD, Assignments, Holdings
from corpus.problems import CorpusError


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("ids", nargs="*", metavar="ID", help="documents (default: all, or all of --source)")
    command.add_argument("--annotators", nargs="+", required=True, metavar="A", help="who may be given articles")
    command.add_argument("--each", type=int, default=2, metavar="K", help="readings an article (default: 2)")
    command.add_argument("--seed", type=int, default=0, metavar="N", help="decides where nothing else does (default: 0)")
    command.add_argument("--source", metavar="S", help="only articles of this folder of raw/")


def run(args: argparse.Namespace) -> int:
    """Write annotations/assignments.json and show the loads."""
    root = store.find_root(args.root)
    holdings = store.read(root).to_rewrite(store.ASSIGNMENTS)
    items = _items(args, holdings)
    before = dict(holdings.assignments.roster) if holdings.assignments else {}
    new = dealt(items, _annotators(args, holdings), each=args.each, seed=args.seed, standing=_standing(args, holdings, before))
    roster = before | new
    if roster == before:
        say(args, "nothing to deal: every article has its annotators")
    else:
        value = codec.assignments_to_json(Assignments(seed=args.seed, roster=roster))
        store.write(root / store.ASSIGNMENTS, codec.canonical(value))
        say(args, f"{store.ASSIGNMENTS}: {count(sum(roster[name] != before.get(name) for name in roster), 'article')} dealt")
    for (who, source), (number, length) in loads(roster, items).items():
        say(args, f"{who}  {source:<12} {number:>5} articles  {length:>9,} characters")
    return 0


def _items(args: argparse.Namespace, holdings: Holdings) -> list[Item]:
    unknown = next((id for id in args.ids if id not in holdings.documents), None)
    if unknown is not None:
        raise CorpusError(f"there is no document {unknown!r}; corpus stats says what there is")
    wanted = [
        one for id, one in sorted(holdings.documents.items()) if (not args.ids or id in args.ids) and args.source in (None, one.source)
    ]
    if not wanted:
        raise CorpusError("no article is meant; corpus stats says what there is")
    return [Item(document=one.id, source=one.source, length=one.length) for one in wanted]


def _annotators(args: argparse.Namespace, holdings: Holdings) -> list[str]:
    unknown = next((who for who in args.annotators if who not in holdings.annotators or who == GOLD), None)
    if unknown is not None:
        raise CorpusError(f"{unknown!r} is no annotator of annotations/annotators.json")
    if args.each < 1:
        raise CorpusError("--each is at least 1")
    return sorted(set(args.annotators))


def _standing(args: argparse.Namespace, holdings: Holdings, before: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Who was given an article before, or is named now and has read it."""
    read: dict[str, set[str]] = {name: set(whos) for name, whos in before.items()}
    for layer in holdings.layers.values():
        if layer.annotator in args.annotators:
            read.setdefault(layer.document, set()).add(layer.annotator)
    return {name: tuple(sorted(whos)) for name, whos in read.items()}

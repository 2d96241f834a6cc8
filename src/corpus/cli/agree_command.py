"""How far annotators agree, with intervals: over everything, by source, by pair, against gold.

examples:  corpus agree
           corpus agree --annotators a3f1 4b22 --by source gold --format markdown
"""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from corpus import store
from corpus.cli.terminal import report, table, waiting

if TYPE_CHECKING:
    from corpus.agreement import Summary


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("--annotators", nargs="+", metavar="A", default=[], help="whose readings (default: all but gold)")
    command.add_argument("--source", metavar="S", help="articles of this source only")
    command.add_argument("--by", nargs="+", choices=("source", "pair", "gold"), default=[], help="the same for each part")
    command.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="for a person, a program, a card")


def run(args: argparse.Namespace) -> int:
    """Print the figures; exit 1 if a file could not be read, for then figures may be missing."""
    from corpus.agreement import judged, markdown, of_two_in_words, summary

    stored = store.read(store.find_root(args.root))
    with waiting(args, "resampling"):
        found = summary(stored.holdings, annotators=args.annotators, source=args.source, by=args.by)
    pairs = judged(stored.holdings.judged.values(), args.annotators)
    if args.format == "json":
        told = asdict(found) | ({"judged": [asdict(one) for one in pairs]} if pairs else {})
        print(json.dumps(told, indent=2, ensure_ascii=False))
    elif args.format == "markdown":
        print(markdown(found), end="")
    else:
        _text(found)
        for one in pairs:
            print(f"pairs across articles, {of_two_in_words(one)}")
    return report(stored.problems)


def _text(summary: "Summary") -> None:
    from rich.console import Console

    from corpus.agreement import telling

    console = Console(highlight=False)
    console.print(telling.heading(summary.whole), markup=False, soft_wrap=True)
    console.print(table(telling.HEADS, telling.rows(summary.whole), left=(0, 1, 5)))
    for title, parts in telling.sorts(summary):
        heads, rows = telling.side_by_side(parts)
        console.print(f"\n{title}", style="bold", markup=False)
        console.print(table(heads, rows, left=(0, 1)))
    for confusion in summary.whole.confusions:
        for line in telling.partings(confusion):
            console.print(f"{confusion.of}: {line}", markup=False, soft_wrap=True)

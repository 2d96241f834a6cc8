"""Count what there is: documents, texts, layers, mentions, links.

example:  corpus stats
"""

import argparse
from collections import Counter
from typing import get_args

from corpus import store
from corpus.cli.terminal import report
from corpus.model import Holdings, Label, LinkType


def register(command: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace) -> int:
    """Print two tables: by source and by annotator."""
    stored = store.read(store.find_root(args.root))
    from rich.console import Console

    console = Console()
    console.print(_table("source", ("documents", "texts here", "annotated"), _by_source(stored.holdings)))
    heads, rows = _by_annotator(stored.holdings)
    console.print(_table("annotator", heads, rows))
    return report(stored.problems)


def _by_source(holdings: Holdings) -> list[tuple[object, ...]]:
    annotated = {layer.document for layer in holdings.layers.values()}
    rows: list[tuple[object, ...]] = []
    for source in sorted(holdings.sources):
        of_source = [one for one in holdings.documents.values() if one.source == source]
        rows.append((source, len(of_source), sum(one.text is not None for one in of_source), sum(one.id in annotated for one in of_source)))
    return rows


def _by_annotator(holdings: Holdings) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    judged = Counter({one.annotator: len(one.judgements) for one in holdings.judged.values()})
    names = tuple(sorted({*(layer.annotator for layer in holdings.layers.values()), *judged}))
    layers = {name: [layer for layer in holdings.layers.values() if layer.annotator == name] for name in names}
    marks = {name: Counter(mention.label for one in layers[name] for mention in one.mentions) for name in names}
    links = {name: Counter(link.type for one in layers[name] for link in one.links) for name in names}
    rows: list[tuple[object, ...]] = [
        ("kind", *(holdings.annotators[name].kind if name in holdings.annotators else "undeclared" for name in names)),
        ("documents", *(len(layers[name]) for name in names)),
        *((label, *(marks[name][label] for name in names)) for label in get_args(Label)),
        ("attributions", *(sum(len(one.attributions) for one in layers[name]) for name in names)),
        *((kind, *(links[name][kind] for name in names)) for kind in get_args(LinkType)),
    ]
    return names, [*rows, *([("pairs judged", *(judged[name] for name in names))] if judged else [])]


def _table(first: str, heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> object:
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for at, head in enumerate((first, *heads)):
        table.add_column(head, justify="right" if at else "left")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    return table

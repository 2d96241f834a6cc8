"""Read articles by rules, as a baseline to score and as suggestions to push; layers go to a folder, never to annotations/.

examples:  corpus suggest --split validation
           corpus suggest lee_0042 --out first.jsonl
           corpus suggest && corpus push --annotator a3f1 --suggest dist/suggested
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from corpus import codec, splits, store
from corpus.cli.terminal import count, progress, report, say
from corpus.model import AnnotationSet, Document, Holdings, Split
from corpus.problems import CorpusError


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("ids", nargs="*", metavar="ID", help="documents (default: all whose text is here)")
    command.add_argument("--split", choices=get_args(Split), help="documents of this split only")
    command.add_argument(
        "--out", type=Path, metavar="PATH", help="a folder, or a .jsonl file with a layer a line (default: dist/suggested in the corpus)"
    )


def run(args: argparse.Namespace) -> int:
    """Write what is not there yet as it would be; exit 1 if a file could not be read."""
    stored = store.read(store.find_root(args.root))
    out = args.out or stored.root / "dist" / "suggested"
    if out.resolve().is_relative_to((stored.root / "annotations").resolve()):
        raise CorpusError("suggestions do not stand in annotations/, where they would be taken for a reading of record; name another --out")
    wanted = _wanted(args, stored.holdings)
    layers = _read(args, wanted, stored.holdings)
    if out.suffix == ".jsonl":
        store.write(out, b"".join(codec.compact(_plain(one)) + b"\n" for one in layers))
        say(args, f"{out}: {count(len(wanted), 'layer')}")
    else:
        written = sum(store.write(out / f"{one.document}.json", codec.canonical(_plain(one))) for one in layers)
        say(args, f"{out}: {count(written, 'layer')} written, {len(wanted) - written} there already")
    return report(stored.problems)


def _wanted(args: argparse.Namespace, holdings: Holdings) -> list[Document]:
    unknown = next((id for id in args.ids if id not in holdings.documents), None)
    if unknown is not None:
        raise CorpusError(f"there is no document {unknown!r}; corpus stats says what there is")
    chosen = [one for id, one in sorted(holdings.documents.items()) if not args.ids or id in args.ids]
    chosen = [one for one in chosen if args.split in (None, splits.split_of(one.story or one.id))]
    blind = [one for one in chosen if one.text is None]
    if blind and args.ids:
        raise CorpusError(f"{blind[0].id} has no text here; run corpus hydrate {blind[0].source}")
    if blind:
        names = ", ".join(one.id for one in blind[:5])
        say(args, f"left out, for their text is not here (corpus hydrate): {names}{' …' if len(blind) > 5 else ''}")
    return [one for one in chosen if one.text is not None]


def _read(args: argparse.Namespace, wanted: list[Document], holdings: Holdings) -> Iterator[AnnotationSet]:
    from corpus.suggest import suggested

    with progress(args, "reading", len(wanted)) as told:
        for nth, one in enumerate(wanted, start=1):
            yield suggested(one, withheld=holdings.withheld(one))
            told(nth)


def _plain(layer: AnnotationSet) -> codec.Json:
    return codec.annotations_to_json(layer)

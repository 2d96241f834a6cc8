"""Move the spans of an edited article to its new text.

examples:  corpus reanchor ferry_0001 ferry_0002
           corpus reanchor ferry_0001 ferry_0002 --by a3f1 --partial

An edited article is a new document (corpus add). A span is moved where two ways of finding it agree; every other
mention is shown and waits for a person. A layer with such mentions is written with --partial only, without them.
"""

import argparse

from corpus import checks, store
from corpus.cli.terminal import count, report, say
from corpus.model import Document, Holdings, Mention
from corpus.problems import CorpusError
from corpus.reanchor import Moved, move


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("old", metavar="OLD", help="the document that was annotated")
    command.add_argument("new", metavar="NEW", help="the document with the new text")
    command.add_argument("--by", metavar="ANNOTATOR", help="whose layer (default: every one)")
    command.add_argument("--partial", action="store_true", help="write a layer without the mentions that wait for a person")


def run(args: argparse.Namespace) -> int:
    """Move every layer; write those that are whole and sound."""
    stored = store.read(store.find_root(args.root))
    old, new = (_document(stored.holdings, name) for name in (args.old, args.new))
    layers = [layer for layer in stored.holdings.of(old.id) if args.by in (None, layer.annotator)]
    if not layers:
        raise CorpusError(f"{old.id} has no layer{f' by {args.by}' if args.by else ''} to move")
    waiting = 0
    for layer in layers:
        path = store.layer_path(new.id, layer.annotator)
        if path in stored.holdings.layers:
            raise CorpusError(f"{path} is there already; remove it first if it is to be made anew")
        moved = move(layer, old, new, withheld=stored.holdings.withheld(new))
        waiting += len(moved.queued)
        _tell(args, path, moved, old)
        problems = checks.of_layer(path, moved.layer, stored.holdings)
        if problems:
            return report(problems)
        if args.partial or not moved.queued:
            store.write_layer(stored.root, moved.layer)
            say(args, f"written {path}")
    return int(waiting > 0)


def _document(holdings: Holdings, name: str) -> Document:
    document = holdings.documents.get(name)
    if document is None:
        raise CorpusError(f"there is no document {name!r}; add the new text with corpus add")
    if document.text is None:
        raise CorpusError(f"the text of {name} is not here; run corpus hydrate {document.source}")
    return document


def _tell(args: argparse.Namespace, path: str, moved: Moved, old: Document) -> None:
    waits = f"{count(len(moved.queued), 'mention')} to be marked by a person"
    say(args, f"{path}: {count(len(moved.layer.mentions), 'mention')} moved, {waits}")
    for mention in moved.queued:
        print(f"  waits for a person: {_shown(mention, old)}")
    for mention in moved.dropped:
        print(f"  left out with its statement: {_shown(mention, old)}")


def _shown(mention: Mention, document: Document) -> str:
    words = " … ".join((document.text or "")[span.start : span.end] for span in mention.spans)
    return f"{mention.label} {mention.id} {mention.spans[0].start}-{mention.spans[-1].end} {words!r}"

"""Take an article out for good: text, quotes and annotations go, a tombstone stays.

examples:  corpus withdraw lee_0042 --reason "asked for by its publisher"
"""

import argparse
from datetime import UTC, datetime

from corpus import store
from corpus.cli.terminal import say
from corpus.problems import CorpusError


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("id", metavar="ID", help="the document")
    command.add_argument("--reason", required=True, help="in the corpus's own words, naming nobody")
    command.add_argument("--date", help="the day, YYYY-MM-DD (default: today, UTC)")


def run(args: argparse.Namespace) -> int:
    """Write the tombstone first, then take the files out, so that a stop in between leaves nothing unexplained."""
    root = store.find_root(args.root)
    day = args.date or datetime.now(UTC).date().isoformat()
    if args.id in {one.document for one in store.read(root, ()).holdings.withdrawn}:
        gone = store.remove(root, args.id)
        say(args, f"{args.id} is withdrawn already" + (f"; what was left of it is gone: {', '.join(gone)}" if gone else ""))
        return 0
    document = store.read(root).holdings.documents.get(args.id)
    if document is None:
        raise CorpusError(f"there is no document {args.id!r}; corpus stats says what there is")
    gone = store.withdraw(root, document, date=day, reason=args.reason)
    say(args, f"{args.id} is withdrawn: {', '.join(gone)} gone, the tombstone stands in {store.WITHDRAWN}")
    say(args, "earlier commits and releases still hold it: see the datasheet for what to do about those")
    return 0

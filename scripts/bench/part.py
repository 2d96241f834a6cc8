"""What the smaller measurements share as commands: options, going on with a broken run, printing or writing."""

import argparse
from collections.abc import Callable

from scripts.bench import drawing, recording
from scripts.bench.recording import Record


def run(part: str, words: str | None, documents: int, rounds: int, measure: Callable[[int, int, Record], None]) -> None:
    """Measure what the record does not have, then print the tables or write them."""
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=documents, metavar="N")
    parser.add_argument("--rounds", type=int, default=rounds, metavar="N")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    record = recording.opened(part, {"documents": args.documents, "rounds": args.rounds})
    measure(args.documents, args.rounds, record)
    drawing.finish(part, record, write=args.write)
    record.path.unlink()

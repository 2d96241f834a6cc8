"""Put the texts of withheld sources beside their records.

examples:  corpus hydrate lee
           corpus hydrate seed --from article.txt
"""

import argparse
from pathlib import Path

from corpus import hydrate, store
from corpus.cli.terminal import count, detail, say, waiting
from corpus.problems import CorpusError


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("sources", nargs="*", metavar="SOURCE", help="folders of raw/ (default: all that need no file of yours)")
    command.add_argument("--from", dest="given", type=Path, metavar="PATH", help="your own copy: a text, a folder, the package's archive")


def run(args: argparse.Namespace) -> int:
    """Write the texts whose SHA-256 is the recorded one."""
    root = store.find_root(args.root)
    holdings = store.read(root).holdings
    hydratable = {id: one for id, one in holdings.sources.items() if one.hydrate is not None}
    unknown = next((name for name in args.sources if name not in hydratable), None)
    if unknown is not None:
        raise CorpusError(f"{unknown!r} is no source with withheld texts; there are: {', '.join(sorted(hydratable))}")
    if args.given is not None and len(args.sources) != 1:
        raise CorpusError("--from goes with one source: corpus hydrate SOURCE --from PATH")
    chosen = args.sources or [id for id, one in sorted(hydratable.items()) if one.hydrate and one.hydrate["from"] != "file"]
    missing = 0
    for name in chosen:
        with waiting(args, f"hydrating {name}"):
            done = hydrate.hydrate(root, hydratable[name], holdings.documents.values(), args.given)
        missing += len(done.missing)
        for document in done.there:
            detail(args, f"there already: {document}")
        say(args, f"{name}: {count(len(done.written), 'text')} written, {len(done.there)} there already, {len(done.missing)} missing")
    return int(missing > 0)

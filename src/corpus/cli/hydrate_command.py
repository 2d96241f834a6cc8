"""Put the texts of withheld sources beside their records, or into a release.

examples:  corpus hydrate lee
           corpus hydrate seed --from article.txt
           corpus hydrate dist/cda-corpus-1.0.0     the texts that are here, into a release of your own
"""

import argparse
from pathlib import Path

from corpus import hydrate, store
from corpus.cli.terminal import count, detail, say, waiting
from corpus.problems import CorpusError


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="folders of raw/ (default: all that need no file of yours), or the folder of a release"
    )
    command.add_argument("--from", dest="given", type=Path, metavar="PATH", help="your own copy: a text, a folder, the package's archive")


def run(args: argparse.Namespace) -> int:
    """Write the texts whose SHA-256 is the recorded one."""
    root = store.find_root(args.root)
    if len(args.sources) == 1 and (Path(args.sources[0]) / "manifest.json").is_file():
        return _release(args, root, Path(args.sources[0]))
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


def _release(args: argparse.Namespace, root: Path, folder: Path) -> int:
    from corpus.release.hydrating import hydrated

    texts = {one.id: one.text for one in store.read(root).holdings.hydrated() if one.text is not None}
    with waiting(args, f"hydrating {folder.name}"):
        manifest, lacking = hydrated(folder.absolute(), texts)
    say(args, f"{folder}: version {manifest.version} with its texts, for your own use; {count(len(lacking), 'text')} not here")
    return int(bool(lacking))

"""Build a release: shards, manifest, card.

examples:  corpus build 0.1.0
           corpus build 0.1.0 --text all --out private-release
           corpus build 0.1.0 --buckets 64
           corpus build 0.1.0 --from export.json more.jsonl.zst --source source.json --annotators annotators.json
           corpus build 0.1.0 --from s3://news/export.jsonl.zst --out s3://news/0.1.0 --cluster tcp://10.0.0.5:8786
"""

import argparse
import gc
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import git, manifest, storage, store
from corpus.cli.terminal import count, detail, report, say, waiting
from corpus.problems import CorpusError
from corpus.storage import Place

if TYPE_CHECKING:
    from corpus.cache import Shelf
    from corpus.release import Manifest, Plan

CONFIGS = ("documents", "attributions", "denials", "tokens", "annotations", "claims")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}  # numpy's, and one of pyarrow's allocators


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("version", metavar="VERSION", help="MAJOR.MINOR.PATCH")
    command.add_argument("--out", metavar="DIR", help="where, also s3://BUCKET/KEY (default: dist/cda-corpus-VERSION)")
    command.add_argument("--text", choices=("released", "all"), default="released", help="all: withheld texts too, not to be passed on")
    command.add_argument(
        "--since",
        type=Path,
        metavar="DIR",
        help="the release before, from which VERSION must step far enough for what changed (default: the latest earlier one beside it)",
    )
    command.add_argument("--buckets", type=int, default=4, metavar="N", help="shards a split at the most (default: 4)")
    command.add_argument("--workers", type=int, metavar="N", help="processes (default: one a processor, where that pays); same bytes")
    command.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="work on a Dask cluster: its scheduler, tcp://HOST:PORT, waiting for --workers N of it (default: 1); or local; same bytes",
    )
    command.add_argument(
        "--configs", nargs="+", choices=CONFIGS, default=CONFIGS, metavar="CONFIG", help=f"these only (default: {', '.join(CONFIGS)})"
    )
    caching = command.add_mutually_exclusive_group()
    caching.add_argument(
        "--cache", type=Path, metavar="DIR", help="where is kept what the next build need not do again (default: .corpus-cache)"
    )
    caching.add_argument("--no-cache", action="store_true", help="do all of it again, and keep nothing; same bytes")
    exports = command.add_argument_group("from exports, where there is no tree of files")
    exports.add_argument(
        "--from",
        dest="exports",
        nargs="+",
        metavar="FILE",
        help="Label Studio exports: JSON, or a task a line; also .gz, .zst, s3://BUCKET/KEY",
    )
    exports.add_argument("--source", nargs="+", type=Path, metavar="FILE", help="source.json of each source (default: those of the corpus)")
    exports.add_argument("--annotators", type=Path, metavar="FILE", help="annotators.json: who annotated (default: that of the corpus)")
    exports.add_argument(
        "--stories",
        choices=("near", "given"),
        default="near",
        help="near: near-duplicates without a story share one; given: as they are",
    )


def run(args: argparse.Namespace) -> int:
    """Build, and say what could not be in it."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", args.version):
        raise CorpusError(f"{args.version!r} is no version; write MAJOR.MINOR.PATCH, e.g. 0.1.0")
    for name, value in (("--workers", args.workers), ("--buckets", args.buckets)):
        if value is not None and not 1 <= value <= 10_000:
            raise CorpusError(f"{name} {value} is no number to work with; write 1 or more")
    if args.cluster is not None and not re.fullmatch(r"local|[a-z]+://[^/\s]+", args.cluster):
        raise CorpusError(f"--cluster {args.cluster} is no address; write tcp://HOST:PORT (or tls://…), or local")
    if not args.exports and (args.source or args.annotators):
        raise CorpusError("--source and --annotators describe exports; name those with --from FILE")
    if args.alone:
        _arrange(args)
    from corpus import release
    from corpus.cache import FOLDER, shelf_in
    from corpus.card.terms import licences

    root = args.root if args.exports else store.find_root(args.root)
    out = storage.place(args.out) if args.out else root / "dist" / f"cda-corpus-{args.version}"
    commit, date = (None, None) if args.exports else git.clean_head(root) or (None, None)
    since = args.since or (_before(args, out) if args.text == "released" and not args.exports else None)
    if since is not None and not isinstance(out, Path):
        raise CorpusError("--since is held to shards on this machine; build into a folder, then copy that")
    plan = release.Plan(
        version=args.version,
        all_texts=args.text == "all",
        commit=commit,
        date=date,
        buckets=args.buckets,
        since=since,
        configs=tuple(one for one in release.CONFIGS if one in args.configs),
        workers=args.workers,
        cluster=args.cluster,
    )
    _spares_what_was_released(root, out, plan)
    is_here = args.cluster is None and all(isinstance(one, Path) for one in (out, *map(storage.place, args.exports or ())))
    at = (args.cache or root / FOLDER).absolute()
    shelf = shelf_in(at, tell=lambda line: say(args, line)) if is_here and not args.no_cache else None
    try:
        with waiting(args, f"building {out.name}"):
            at = storage.absolute(out)
            built = _from_exports(args, plan, at, shelf) if args.exports else release.build(root, plan, at, shelf)
    except release.NotClean as error:
        report(error.problems)
        raise
    if shelf is not None:
        shelf.settle()
        detail(args, f"{count(shelf.given['shards'], 'bucket')} as an earlier build kept them in {shelf.folder}")
    for names, why in ((built.without_text, "no text here, so no row in tokens"), (built.undecided, "no gold yet")):
        if names:
            say(args, f"{count(len(names), 'document')} with {why}: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}")
    if built.terms and len(met := licences(built)) > 1:
        say(args, f"different licences meet in every config: {'; '.join(met)}; the card says which source stands under which")
    if built.terms and built.text == "all":
        say(args, "for your own use: it holds what may not be passed on, and corpus publish refuses it")
    shards = [facts["rows"] for facts in built.files.values() if facts["rows"] is not None]
    rows = sum(shards)
    if since is not None:
        say(args, f"the step from {since.name} to {args.version} is large enough")
    say(args, f"{out}: {count(rows, 'row')} in {count(len(shards), 'shard')}, content digest {built.digest[:16]}")
    return 0


def _arrange(args: argparse.Namespace) -> None:
    """Make this process, which does nothing but the build, start as soon as may be: half of a small build would be its start.

    Libraries start no threads, for their waiting costs more than their work here brings, and a process of one thread may be copied.
    """
    gc.disable()
    for name, value in _ONE_THREAD.items():
        os.environ.setdefault(name, value)
    from corpus.release import spreading
    from corpus.release.from_exports import guessed

    files = [storage.place(one) for one in args.exports or ()]
    if args.cluster is None and all(isinstance(one, Path) and one.is_file() for one in files):
        gc.freeze()  # so that processes share the pages of what is loaded
        spreading.ready(args.workers or spreading.default_workers(guessed(storage.stamp(one) for one in files)))


def _before(args: argparse.Namespace, out: Place) -> Path | None:
    from corpus import release

    return release.release_before(args.version, out.absolute()) if isinstance(out, Path) else None


def _from_exports(args: argparse.Namespace, plan: "Plan", out: Place, shelf: "Shelf | None") -> "Manifest":
    from corpus import release

    sources, annotators = args.source, args.annotators
    if not (sources and annotators):
        root = _root(args)
        sources = sources or sorted(root.glob("raw/*/source.json"))
        annotators = annotators or root / store.ANNOTATORS
    about = release.described(sources, annotators)
    files, near = [storage.place(one) for one in args.exports], args.stories == "near"
    return release.build_from(files, about, plan, out, near=near, tell=lambda line: say(args, line), shelf=shelf)


def _root(args: argparse.Namespace) -> Path:
    try:
        return store.find_root(args.root)
    except CorpusError:
        missing = "--source FILE" if not args.source else "--annotators FILE"
        raise CorpusError(f"what describes these exports? name it with {missing}, or run this in a corpus (-C DIR)") from None


def _spares_what_was_released(root: Path, out: Place, plan: "Plan") -> None:
    """A release that a tag names stays as it is: what another commit or plan gives would take its place under its name."""
    held = manifest.read([out]).get(out) if isinstance(out, Path) and out.is_dir() else None
    if not isinstance(held, manifest.Manifest) or held.commit is None or held.commit != git.tagged(root, f"v{held.version}"):
        return
    same = (held.version, held.commit, held.text == "all", held.buckets) == (plan.version, plan.commit, plan.all_texts, plan.buckets)
    if not same or set(plan.configs) != set(CONFIGS):
        raise CorpusError(
            f"{out} is version {held.version} as v{held.version} names it, and would become something else; "
            "give the next version, or another folder with --out"
        )

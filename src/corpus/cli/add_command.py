"""Take articles into raw/, once, in normal form.

examples:  corpus add ferry.txt --source original --outlet "Harrow Courier" --date 2026-11-20
           corpus add article.txt --source seed --id seed_0001 --furniture Login
"""

import argparse
import re
from pathlib import Path
from typing import get_args

from corpus import checks, ingest, store
from corpus.cli.terminal import report, say
from corpus.model import Document, Holdings, Phenomenon
from corpus.problems import CorpusError, Problem


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="plain text, UTF-8")
    command.add_argument("--source", required=True, metavar="S", help="the folder of raw/ it belongs to; must have a source.json")
    command.add_argument("--id", help="id of the document (default: the source and the next number)")
    for name, what in (("outlet", "who published it"), ("date", "YYYY-MM-DD"), ("url", "where"), ("story", "id shared by retellings")):
        command.add_argument(f"--{name}", help=what)
    command.add_argument("--language", default="en", help="ISO 639 code (default: en)")
    command.add_argument(
        "--phenomenon", action="append", choices=get_args(Phenomenon), metavar="P", help="what a diagnostic article exercises"
    )
    command.add_argument("--furniture", action="append", default=[], metavar="LINE", help="a line that is no part of the article")


def run(args: argparse.Namespace) -> int:
    """Read and check every file first; write only if all are sound."""
    root = store.find_root(args.root)
    holdings = store.read(root).holdings
    if args.source not in holdings.sources:
        raise CorpusError(f"there is no raw/{args.source}/source.json; sources are: {', '.join(sorted(holdings.sources)) or 'none yet'}")
    if args.id and len(args.files) > 1:
        raise CorpusError("--id goes with one file")
    known = {one.text_sha256: one.id for one in holdings.documents.values() if one.source == args.source}
    added: list[Document] = []
    for path in args.files:
        document = _document(args, path, holdings, len(added))
        if document.text_sha256 in known:
            say(args, f"{path}: there already, as {known[document.text_sha256]}")
        else:
            added.append(document)
            known[document.text_sha256] = document.id
    problems = [problem for one in added for problem in _problems(one, holdings)]
    if problems:
        return report(problems)
    for document in added:
        store.write_document(root, document)
        say(args, f"added {store.record_path(document)}")
    return 0


def _document(args: argparse.Namespace, path: Path, holdings: Holdings, before: int) -> Document:
    if not path.is_file():
        raise CorpusError(f"{path} is no file")
    words = ingest.article(path.read_bytes(), str(path))
    furniture = ingest.furniture_of(words, tuple(args.furniture))
    facts = {name: getattr(args, name) for name in ("outlet", "date", "url", "story")}
    name = args.id or _next_id(args.source, holdings, before)
    given = {"language": args.language, "furniture": furniture, "phenomena": tuple(args.phenomenon) if args.phenomenon else None}
    return ingest.document(words, id=name, source=args.source, **given, **facts)


def _next_id(source: str, holdings: Holdings, before: int) -> str:
    taken = [int(found[1]) for id in holdings.documents if (found := re.fullmatch(rf"{re.escape(source)}_(\d+)", id))]
    return f"{source}_{max(taken, default=0) + 1 + before:04d}"


def _problems(document: Document, holdings: Holdings) -> list[Problem]:
    where = store.record_path(document)
    if document.id in holdings.documents:
        raise CorpusError(f"{document.id} is there already, with another text; an edited article is a new document")
    return [*store.shape_problems(document), *checks.of_document(where, document, holdings)]

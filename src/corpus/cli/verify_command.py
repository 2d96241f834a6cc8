"""Is a release whole and unchanged? Every byte is accounted for.

examples:  corpus verify dist/cda-corpus-1.0.0
           corpus verify dist/cda-corpus-1.0.0 --format json
           corpus verify s3://news/1.0.0
"""

import argparse
import sys
from pathlib import Path
from typing import get_args

from corpus import storage
from corpus.cli.terminal import count, report, say, waiting
from corpus.problems import CorpusError, Format


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("folder", metavar="DIR", help="the release; one at s3://BUCKET/KEY is fetched first")
    command.add_argument("--format", choices=get_args(Format), default="text", help="for a person, a program, a pull request")


def run(args: argparse.Namespace) -> int:
    """Report what does not fit the manifest."""
    where = storage.place(args.folder)
    if isinstance(where, Path):
        return _verified(args, where)
    with storage.fetched(where) as folder:
        return _verified(args, folder)


def _verified(args: argparse.Namespace, folder: Path) -> int:
    if not folder.is_dir():
        raise CorpusError(f"{args.folder} is no folder")
    from corpus import release

    with waiting(args, f"verifying {folder.name}"):
        manifest, problems = release.verified(folder)
    code = report(problems, args.format)
    if args.format == "text" and problems:
        print(f"{count(len(problems), 'problem')}: this is not the release as it was built", file=sys.stderr)
    elif args.format == "text" and manifest is not None:
        rows = sum(facts["rows"] or 0 for facts in manifest.files.values())
        say(
            args,
            f"version {manifest.version}: {count(len(manifest.files) + 1, 'file')}, {count(rows, 'row')}, digest {manifest.digest[:16]}",
        )
    return code

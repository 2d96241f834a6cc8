"""Is a release whole and unchanged? Every byte is accounted for.

examples:  corpus verify dist/cda-corpus-1.0.0
           corpus verify dist/cda-corpus-1.0.0 --format json
"""

import argparse
import sys
from pathlib import Path
from typing import get_args

from corpus.cli.terminal import count, report, say, waiting
from corpus.problems import CorpusError, Format


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("folder", type=Path, metavar="DIR", help="the release")
    command.add_argument("--format", choices=get_args(Format), default="text", help="for a person, a program, a pull request")


def run(args: argparse.Namespace) -> int:
    """Report what does not fit the manifest."""
    if not args.folder.is_dir():
        raise CorpusError(f"{args.folder} is no folder")
    from corpus import release

    with waiting(args, f"verifying {args.folder.name}"):
        manifest, problems = release.verified(args.folder)
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

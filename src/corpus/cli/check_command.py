"""Find everything that is wrong, and say how to cure it.

examples:  corpus check
           corpus check annotations/lee_0042/a3f1.json --format json
           corpus check export.json
           corpus check --explain quote-matches-text
"""

import argparse
import sys
from pathlib import Path
from typing import get_args

from corpus import audit, store
from corpus.cli.terminal import count, report
from corpus.problems import CorpusError, Format


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="files or folders, or a Label Studio export from elsewhere (default: the whole corpus)",
    )
    command.add_argument("--format", choices=get_args(Format), default="text", help="for a person, a program, a pull request")
    command.add_argument("--explain", metavar="ID", help="what a check asks, why, and what cures it; `all` lists every check")


def run(args: argparse.Namespace) -> int:
    """Report the problems."""
    if args.explain:
        return _explain(args.explain)
    root = store.find_root(args.root)
    missing = next((path for path in args.paths if not path.exists()), None)
    if missing is not None:
        raise CorpusError(f"{missing} does not exist")
    problems = audit.audit(root, args.paths)
    code = report(problems, args.format)
    if args.format == "text" and not args.quiet:
        files = len({problem.where for problem in problems})
        found = f"{count(len(problems), 'problem')} in {count(files, 'file')}" if problems else "no problems"
        print(found + _unread(root, args.paths), file=sys.stderr if problems else sys.stdout)
    return code


def _unread(root: Path, paths: list[Path]) -> str:
    """Texts that are not here could not be asked; silence about it would look like approval."""
    blind = 0 if paths else store.number_without_text(root)
    return f" ({count(blind, 'text')} not here, so not held to: corpus hydrate)" if blind else ""


def _explain(name: str) -> int:
    from corpus.checks.catalogue import catalogue  # it reads every check's docstring, and only this asks for them

    entries = catalogue()
    if name == "all":
        for held in entries.values():
            print(f"{held[0].id:<34} {held[0].level:<10} {held[0].title}")
        return 0
    if name not in entries:
        raise CorpusError(f"there is no check {name!r}; corpus check --explain all lists them")
    for one in entries[name]:
        print("\n".join(line for line in (f"{one.id} (level {one.level})", one.title, one.explanation, f"Cure: {one.cure}") if line))
    return 0

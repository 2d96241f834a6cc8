"""What changed between two releases, and which step of the version that asks for.

examples:  corpus diff dist/cda-corpus-1.0.0 dist/cda-corpus-1.1.0
           corpus diff dist/cda-corpus-1.0.0 dist/cda-corpus-1.1.0 --format markdown
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.cli.terminal import count

if TYPE_CHECKING:
    from corpus.release.comparing import Changes


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("old", type=Path, metavar="OLD", help="the earlier release")
    command.add_argument("new", type=Path, metavar="NEW", help="the later one")
    command.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="for a person, a program, a change log")


def run(args: argparse.Namespace) -> int:
    """Print the changes; exit 0 whether there are any or not."""
    from corpus.release.comparing import compared

    changes = compared(args.old, args.new)
    if args.format == "json":
        print(json.dumps(asdict(changes), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_text(changes) if args.format == "text" else _markdown(changes)))
    return 0


def _text(changes: "Changes") -> Iterator[str]:
    from corpus.release.comparing import least_version

    yield from (f"{one.document or '(all)'} {one.annotator or '-'} [{one.what}] {one.words}" for one in changes.changes)
    yield f"{count(len(changes.changes), 'change')} from {changes.old}; step: {changes.step}, so at least {least_version(changes)}"


def _markdown(changes: "Changes") -> Iterator[str]:
    """A change log: numbers first, then each document with what changed in it."""
    yield f"## {changes.new}\n"
    numbers = Counter(one.what for one in changes.changes)
    yield f"Changes from {changes.old} ({changes.step}):\n"
    yield from (f"- {what.replace('-', ' ')}: {number}" for what, number in sorted(numbers.items()))
    for document, held in groupby(changes.changes, key=lambda one: one.document):
        yield f"\n### {document or 'All documents'}\n"
        yield from (f"- {one.words}" + (f" ({one.annotator})" if one.annotator else "") for one in held)

"""What changed between two releases, and which step of the version that asks for.

examples:  corpus diff dist/cda-corpus-1.0.0 dist/cda-corpus-1.1.0
           corpus diff dist/cda-corpus-1.0.0 dist/cda-corpus-1.1.0 --format changelog
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.cli.terminal import count, visible

if TYPE_CHECKING:
    from corpus.release.comparing import Changes


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("old", type=Path, metavar="OLD", help="the earlier release")
    command.add_argument("new", type=Path, metavar="NEW", help="the later one")
    forms = ("text", "json", "markdown", "changelog")
    command.add_argument("--format", choices=forms, default="text", help="a line each, for a program, by article, an entry of CHANGELOG.md")


def run(args: argparse.Namespace) -> int:
    """Print the changes; exit 0 whether there are any or not."""
    from corpus.release import change_log
    from corpus.release.comparing import compared

    changes = compared(args.old, args.new)
    if args.format == "json":
        print(json.dumps(asdict(changes), indent=2))
        return 0
    forms = {"text": _text, "markdown": change_log.markdown, "changelog": change_log.drafted}
    print("\n".join(visible(line) for line in forms[args.format](changes)))
    return 0


def _text(changes: "Changes") -> Iterator[str]:
    from corpus.release.comparing import least_version

    for one in changes.changes:
        yield f"{one.document or '(all)'} {one.annotator or '-'} [{one.what}] {' '.join(one.words.split())}"
    yield f"{count(len(changes.changes), 'change')} from {changes.old}; step: {changes.step}, so at least {least_version(changes)}"

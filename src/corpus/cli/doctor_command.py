"""Ask whether this installation is whole and Label Studio is safe.

examples:  corpus doctor
           corpus doctor --format json
           LABEL_STUDIO_URL=https://studio.example.org LABEL_STUDIO_API_KEY=… corpus doctor     a server of others

It changes nothing. Exit 0: nothing is bad; 1: something is; 2: a server that was named does not answer to the token.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from corpus import health, installation, store
from corpus.cli.connecting import TOKEN, URL, connection
from corpus.cli.studio_command import home_of
from corpus.cli.terminal import count, waiting
from corpus.health import Finding
from corpus.studio import examination, safety, server, upkeep


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("--format", choices=("text", "json"), default="text", help="for a person or a program")


def run(args: argparse.Namespace) -> int:
    """Print what was found."""
    root = store.find_root(args.root)
    found = [*installation.findings(root), *upkeep.findings(home_of(root)), *_of_server(args, root)]
    bad = sum(one.state == "bad" for one in found)
    if args.format == "json":
        print(health.as_json(found))
        return int(bad > 0)
    words = health.shown(found, every=not args.quiet)
    if words:
        print(words)
    unknown = sum(one.state == "unknown" for one in found)
    if not args.quiet:
        told = f"{count(len(found), 'question')}: {bad} bad, {unknown} unknown"
        print(told, file=sys.stderr if bad else sys.stdout)
    return int(bad > 0)


def _of_server(args: argparse.Namespace, root: Path) -> Iterator[Finding]:
    """Of the server that the environment names, or the local one if it runs."""
    named = os.environ.get(URL) or os.environ.get(TOKEN)
    ours = None if named else server.running(home_of(root))
    if not named and ours is None:
        yield Finding(subject="server", question="server-is-safe", state="unknown", found=f"none runs here and {URL} names none")
        return
    asked = connection(root)
    with waiting(args, f"examining {asked.url}"):
        read = examination.read(asked, email=ours.email if ours else None, password=ours.password if ours else None)
    yield from safety.findings(asked.url, read)

"""How to cite a release: version, commit and content digest.

examples:  corpus cite dist/cda-corpus-1.0.0
           corpus cite dist/cda-corpus-1.0.0 --format bibtex
"""

import argparse
import sys
from pathlib import Path

from corpus.manifest import manifest_of

FORMS = ("apa", "bibtex", "csl", "cff", "zenodo")


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("folder", type=Path, metavar="DIR", help="the release")
    command.add_argument("--format", choices=FORMS, default="apa", help="in words (default), or for a program")


def run(args: argparse.Namespace) -> int:
    """Print the citation."""
    from corpus.card import citation

    written = {"apa": citation.in_words, "bibtex": citation.bibtex, "csl": citation.csl, "cff": citation.cff, "zenodo": citation.zenodo}
    manifest = manifest_of(args.folder)
    print(written[args.format](manifest).rstrip("\n"))
    if manifest.text == "all":
        why = "the release that it was made from is cited" if manifest.released_digest else "nobody else can get it, cite a release"
        print(f"{args.folder} holds texts for your own use; {why}", file=sys.stderr)
    return 0

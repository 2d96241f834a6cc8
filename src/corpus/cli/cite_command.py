"""How to cite a release: version, commit and content digest.

examples:  corpus cite dist/cda-corpus-1.0.0
           corpus cite dist/cda-corpus-1.0.0 --format bibtex
"""

import argparse
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
    print(written[args.format](manifest_of(args.folder)).rstrip("\n"))
    return 0

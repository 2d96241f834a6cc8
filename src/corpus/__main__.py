"""`python -m corpus` is the command `corpus`."""

import sys

from corpus.cli import process

sys.exit(process())

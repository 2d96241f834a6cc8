"""What was reckoned once and need not be again: entries on disk, hashes of unchanged files, the version of the code.

Knows nothing of a corpus. All of it may be removed at any time; without it the answers are the same, only later.
"""

from corpus.cache.code import fingerprint, of_code, of_files
from corpus.cache.ledger import Ledger
from corpus.cache.shelf import FOLDER, Shelf, shelf_in

__all__ = ["FOLDER", "Ledger", "Shelf", "fingerprint", "of_code", "of_files", "shelf_in"]

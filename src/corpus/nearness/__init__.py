"""Near-duplicates among articles, by MinHash and locality-sensitive hashing, then by exact Jaccard.

Retellings copied from each other must share a story, or the same words stand in training and in test data. A text is held as its
sketch alone, half a kilobyte; it is asked for again only where the sketches say that it is like another. Where even these are too many
(`shuffling`), what each process has to hold is a part of them, and the pairs are the same.
"""

from corpus.nearness.grouping import Clusters
from corpus.nearness.meeting import HASH, SIMILAR, Near, bridges, likely, near
from corpus.nearness.sketching import SKETCH, WORDS, share_of, shingles, sketch

__all__ = ["HASH", "SIMILAR", "SKETCH", "WORDS", "Clusters", "Near", "bridges", "likely", "near", "share_of", "shingles", "sketch"]

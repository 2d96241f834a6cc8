"""Write the records of raw/lee/ from the file of the gensim package that holds the articles, one a line.

usage: scripts/record_lee.py [WHEEL]     (without it, the pinned wheel is downloaded)

Articles with equal texts are one story, so that they stay in one split. The texts are written beside the records and stay out of git.
"""

import sys
from pathlib import Path

from corpus import hydrate, ingest, store, text

OUTLET = "Australian Broadcasting Corporation"  # its news mail service; the file gives no dates


def main() -> None:
    """Write 300 records; a second run changes nothing."""
    root = store.find_root(Path())
    source = store.read(root).holdings.sources["lee"]
    lines = hydrate.lines_of_package(source.hydrate or {}, Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    first = {}
    changed = 0
    for nth, words in enumerate(lines, start=1):
        name = f"lee_{nth:04d}"
        story = first.setdefault(text.sha256(words), name)
        twins = lines.count(words) > 1
        document = ingest.document(words, id=name, source="lee", outlet=OUTLET, story=story if twins else None)
        changed += store.write_document(root, document)
    print(f"{len(lines)} articles, {changed} records written")


if __name__ == "__main__":
    main()

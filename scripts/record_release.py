"""Record what the release just published holds, as the floor of the next: annotations/released.json.

usage: scripts/record_release.py VERSION     (after publishing; commit the file with the tag)
"""

import sys
from pathlib import Path

from corpus import codec, store
from corpus.checks.of_corpus import census
from corpus.model import Released
from corpus.splits import split_of


def main() -> None:
    """Write the file; a second run changes nothing."""
    root = store.find_root(Path())
    holdings = store.read(root).to_rewrite(store.RELEASED)
    stories = {layer.document: holdings.documents[layer.document].story or layer.document for layer in holdings.layers.values()}
    splits = {name: split_of(story) for name, story in stories.items()}
    released = Released(version=sys.argv[1], splits=splits, counts=census(holdings).counts)
    changed = store.write(root / store.RELEASED, codec.canonical(codec.released_to_json(released)))
    print(f"{store.RELEASED} {'written' if changed else 'unchanged'}")


if __name__ == "__main__":
    main()

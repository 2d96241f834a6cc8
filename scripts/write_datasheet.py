"""Write the figures of DATASHEET.md and the pictures, from the repository as it is.

usage: scripts/write_datasheet.py [--check]

With --check nothing is written; exit 1 names what is not as it would be written. Token figures need the withheld texts (corpus hydrate).
"""

import json
import sys
from pathlib import Path

from corpus import agreement, datasheet, pictures, store
from corpus.agreement import Summary
from corpus.model import Holdings
from corpus.problems import CorpusError


def main() -> int:
    """Write, or compare."""
    root = store.find_root(Path())
    wanted = written(root, store.read(root).holdings)
    stale = [
        where for where, words in wanted.items() if not (root / where).is_file() or (root / where).read_text(encoding="utf-8") != words
    ]
    if "--check" in sys.argv:
        print("\n".join(f"{where} is not current; scripts/write_datasheet.py writes it" for where in stale) or "all is current")
        return int(bool(stale))
    for where in stale:
        store.write(root / where, wanted[where].encode("utf-8"))
        print(f"{where} written")
    return 0


def written(root: Path, holdings: Holdings) -> dict[str, str]:
    """Path → what stands there."""
    found = agreement.of_gold(holdings, by=("source",))
    if found is None:
        raise CorpusError("there is no gold made from two readings yet")
    peers = root / "annotations" / "peers.json"
    rows = json.loads(peers.read_text(encoding="utf-8"))["rows"] if peers.is_file() else []
    page = (root / "DATASHEET.md").read_text(encoding="utf-8")
    return {"DATASHEET.md": datasheet.filled(page, datasheet.blocks(holdings, found, rows)), **drawn(holdings, found)}


def drawn(holdings: Holdings, found: Summary) -> dict[str, str]:
    """The pictures by path."""
    kinds = ("person_named", "person_unnamed", "organisation", "document_media", "collective", "author_outlet")
    made = {
        "labels": pictures.labels(datasheet.labels_by_source(holdings)),
        "agreement": pictures.agreement(found.whole),
        "lengths": pictures.lengths(datasheet.lengths_by_source(holdings)),
        "who-denies-whom": pictures.who_denies_whom(datasheet.who_denies_whom(holdings, "original"), kinds),
    }
    return {f"docs/pictures/{name}.svg": words for name, words in made.items()}


if __name__ == "__main__":
    sys.exit(main())

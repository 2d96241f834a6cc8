"""Turn readings written with quoted words (corpus.notation) into annotation files.

usage: scripts/import_readings.py ANNOTATOR [--dry-run] NOTES…

Each article of each file becomes a layer of the annotator if it passes all checks; the others are reported. With --dry-run nothing is
written. Notes hold words of the texts, so those of withheld texts never enter the repository.
"""

import sys
from pathlib import Path

from corpus import checks, codec, notation, schema, store
from corpus.checks.of_corpus import ORIGINS
from corpus.model import AnnotationSet, Holdings
from corpus.notation import Note
from corpus.problems import CorpusError, show


def main() -> int:
    """Write every layer that passes the checks; report the others."""
    dry = "--dry-run" in sys.argv
    annotator, *paths = (one for one in sys.argv[1:] if one != "--dry-run")
    root = store.find_root(Path())
    holdings = store.read(root).holdings
    read = failed = 0
    for path in map(Path, paths):
        for note in notation.notes(path.read_text(encoding="utf-8")):
            read += 1
            problems = taken(root, note, annotator, holdings, dry=dry)
            failed += bool(problems)
            print(problems or f"{note.document}: sound", flush=True)
    print(f"{read} readings, {failed} with faults")
    return int(failed > 0)


def taken(root: Path, note: Note, annotator: str, holdings: Holdings, *, dry: bool) -> str:
    """What is wrong with a reading, in lines; nothing if it is sound, and then it is stored."""
    try:
        layer = reading(note, annotator, holdings)
    except CorpusError as error:
        return str(error)
    broken = schema.problems("annotation", codec.annotations_to_json(layer), note.document)
    problems = broken or checks.of_layer(note.document, layer, holdings)
    if not problems and not dry:
        store.write_layer(root, layer)
    return show(problems, "text")


def reading(note: Note, annotator: str, holdings: Holdings) -> AnnotationSet:
    """One reading as a layer of the annotator."""
    document, who = holdings.documents.get(note.document), holdings.annotators.get(annotator)
    if document is None:
        raise CorpusError(f"{note.document} has no record in raw/")
    if who is None:
        raise CorpusError(f"{annotator!r} is not in annotations/annotators.json")
    head = {"annotator": annotator, "origin": ORIGINS[who.kind][0], "guidelines": who.guidelines}
    return notation.layer_of(note, document, head, withheld=holdings.withheld(document))


if __name__ == "__main__":
    sys.exit(main())

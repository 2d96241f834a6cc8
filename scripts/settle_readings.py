"""Turn adjudications in words (corpus.adjudication.sheet) into gold.

usage: scripts/settle_readings.py --show ANNOTATOR ANNOTATOR DOCUMENT…      print the sheets of these articles
       scripts/settle_readings.py ANNOTATOR ANNOTATOR [--dry-run] NOTES…    write the gold of each article whose answers pass the checks

The layers of the two annotators must lie in annotations/. Sheets hold words of the texts, so those of withheld texts never enter the
repository.
"""

import sys
from pathlib import Path

from corpus import checks, codec, notation, schema, store
from corpus.adjudication import sheet
from corpus.adjudication.comparison import Comparison, compared
from corpus.model import AnnotationSet, Holdings
from corpus.notation import Note
from corpus.problems import CorpusError, show


def main() -> int:
    """Show sheets, or settle them."""
    dry, asked = "--dry-run" in sys.argv, "--show" in sys.argv
    first, second, *rest = (one for one in sys.argv[1:] if not one.startswith("--"))
    root = store.find_root(Path())
    holdings = store.read(root).holdings
    if asked:
        for name in rest:
            print(sheet.written(holdings.documents[name], laid_side_by_side(name, (first, second), holdings)))
        return 0
    notes = [note for path in rest for note in notation.notes(Path(path).read_text(encoding="utf-8"))]
    told = [problems for note in notes if (problems := settled(root, note, (first, second), holdings, dry=dry))]
    print("\n".join([*told, f"{len(notes)} articles, {len(told)} with faults"]))
    return int(bool(told))


def laid_side_by_side(name: str, annotators: tuple[str, str], holdings: Holdings) -> Comparison:
    """The two readings of an article."""
    layers = [holdings.layers.get(store.layer_path(name, who)) for who in annotators]
    if name not in holdings.documents or None in layers:
        raise CorpusError(f"{name} has no record, or not both layers")
    return compared([one for one in layers if one is not None])


def settled(root: Path, note: Note, annotators: tuple[str, str], holdings: Holdings, *, dry: bool) -> str:
    """What is wrong with the answers of an article, in lines; nothing if its gold is sound, and then it is stored."""
    try:
        gold = gold_of(note, annotators, holdings)
    except CorpusError as error:
        return str(error)
    broken = schema.problems("annotation", codec.annotations_to_json(gold), note.document)
    problems = broken or checks.of_layer(note.document, gold, holdings)
    if not problems and not dry:
        store.write_layer(root, gold)
    return show(problems, "text")


def gold_of(note: Note, annotators: tuple[str, str], holdings: Holdings) -> AnnotationSet:
    """The gold of one article."""
    comparison = laid_side_by_side(note.document, annotators, holdings)
    document = holdings.documents[note.document]
    guidelines = holdings.annotators["gold"].guidelines
    return sheet.settled(note, document, comparison, guidelines=guidelines, withheld=holdings.withheld(document))


if __name__ == "__main__":
    sys.exit(main())

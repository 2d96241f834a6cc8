"""Correct gold after a later look at it, each point by a rule (corpus.adjudication.sheet).

usage: scripts/review_gold.py --show DOCUMENT…        print each article with what its gold holds
       scripts/review_gold.py [--dry-run] NOTES…      write the corrected gold of each article whose answers pass the checks

Answers are those that overrule or add on a sheet; an article without answers is left as it stands. Sheets hold words of the texts, so those
of withheld texts never enter the repository.
"""

import sys
from pathlib import Path

from corpus import checks, codec, notation, schema, store
from corpus.adjudication import sheet
from corpus.adjudication.comparison import compared
from corpus.model import GOLD, AnnotationSet, Holdings
from corpus.notation import Note
from corpus.problems import CorpusError, show


def main() -> int:
    """Show gold, or correct it."""
    names = [one for one in sys.argv[1:] if not one.startswith("--")]
    root = store.find_root(Path())
    holdings = store.read(root).holdings
    if "--show" in sys.argv:
        for name in names:
            print(sheet.written(holdings.documents[name], compared([gold_of(name, holdings)])))
        return 0
    notes = [note for path in names for note in notation.notes(Path(path).read_text(encoding="utf-8")) if note.lines]
    told = [problems for note in notes if (problems := corrected(root, note, holdings, dry="--dry-run" in sys.argv))]
    print("\n".join([*told, f"{len(notes)} articles corrected, {len(told)} with faults"]))
    return int(bool(told))


def gold_of(name: str, holdings: Holdings) -> AnnotationSet:
    """The gold of an article as it stands."""
    found = holdings.layers.get(store.layer_path(name, GOLD))
    if found is None or name not in holdings.documents:
        raise CorpusError(f"{name} has no gold")
    return found


def corrected(root: Path, note: Note, holdings: Holdings, *, dry: bool) -> str:
    """What is wrong with the answers of an article, in lines; nothing if the corrected gold is sound, and then it is stored."""
    try:
        gold, document = gold_of(note.document, holdings), holdings.documents[note.document]
        again = sheet.reviewed(note, document, gold, guidelines=holdings.annotators[GOLD].guidelines, withheld=holdings.withheld(document))
    except CorpusError as error:
        return str(error)
    broken = schema.problems("annotation", codec.annotations_to_json(again), note.document)
    problems = broken or checks.of_layer(note.document, again, holdings)
    if not problems and not dry:
        store.write_layer(root, again)
    return show(problems, "text")


if __name__ == "__main__":
    sys.exit(main())

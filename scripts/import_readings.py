"""Turn readings written with quoted words into annotation files.

usage: scripts/import_readings.py ANNOTATOR READING.json…

An annotator who works outside Label Studio writes words instead of offsets, which nobody counts reliably by hand:

    {"document": "toy_0001",
     "mentions": [{"id": "m1", "label": "source", "spans": ["the mayor"], "source_kind": "person_unnamed", "canonical_source": null}, …],
     "attributions": [{"hub": "m3", "sources": ["m1"], "cues": ["m2"], "quote_type": "indirect", …}, …],
     "links": [{"type": "denies", "from": "m7", "to": "m3"}, …]}

A span that stands more than once is written {"quote": "it", "in": "denied it"} with words around it that stand once. Nothing is
guessed: words that stand nowhere or in several places are refused. Readings of withheld texts never enter the repository.
"""

import json
import re
import sys
from pathlib import Path

from corpus import checks, codec, store, text
from corpus.checks.of_corpus import ORIGINS
from corpus.model import GOLD, AnnotationSet, Document, Holdings
from corpus.problems import CorpusError, show


def main() -> int:
    """Write every layer that passes the checks; report the others."""
    annotator, *paths = sys.argv[1:]
    root = store.find_root(Path())
    holdings = store.read(root).holdings
    failed = 0
    for path in map(Path, paths):
        try:
            layer = reading(json.loads(path.read_text(encoding="utf-8")), annotator, holdings)
        except CorpusError as error:
            print(f"{path}: {error}")
            failed += 1
            continue
        problems = checks.of_layer(str(path), layer, holdings)
        failed += bool(problems)
        print(show(problems, "text") if problems else f"{path}: {'written' if store.write_layer(root, layer) else 'unchanged'}")
    return int(failed > 0)


def reading(value: dict, annotator: str, holdings: Holdings) -> AnnotationSet:
    """One reading as a layer of the annotator."""
    document = holdings.documents.get(value["document"])
    if document is None or document.text is None:
        raise CorpusError(f"{value['document']} has no record or no text here")
    who = holdings.annotators.get(annotator)
    if who is None:
        raise CorpusError(f"{annotator!r} is not in annotations/annotators.json")
    withheld = holdings.withheld(document)
    return codec.annotations_from_json(
        {
            "document": document.id,
            "text_sha256": document.text_sha256,
            "annotator": annotator,
            "origin": ORIGINS[who.kind][0],
            "guidelines": who.guidelines,
            **made_from(annotator, document, holdings),
            "mentions": [one | {"spans": spans(one["spans"], document, withheld=withheld)} for one in value["mentions"]],
            "attributions": [{"id": f"a-{one['hub']}", **one} for one in value["attributions"]],
            "links": value["links"],
        }
    )


def made_from(annotator: str, document: Document, holdings: Holdings) -> dict:
    """What gold names: every layer of the article as it stands."""
    layers = [one for one in holdings.of(document.id) if one.annotator != GOLD]
    named = [{"annotator": one.annotator, "sha256": codec.fingerprint(one)} for one in layers]
    return {"made_from": named} if annotator == GOLD else {}


def spans(written: list, document: Document, *, withheld: bool) -> list[dict]:
    """The spans of a mention, in order."""
    whole = document.text or ""
    places = sorted(place(one, whole) for one in written)
    return [
        {"start": start, "end": end, "quote": None if withheld else whole[start:end], "check": text.slice_check(whole, start, end)}
        for start, end in places
    ]


def place(written: str | dict, whole: str) -> tuple[int, int]:
    """Where the words stand, in code points; whole words only."""
    quote, around = (written, whole) if isinstance(written, str) else (written["quote"], written["in"])
    base = once(re.escape(around), whole, around) if around is not whole else 0
    left, right = (r"(?<!\w)" if re.match(r"\w", quote) else ""), (r"(?!\w)" if re.search(r"\w\Z", quote) else "")
    start = base + once(left + re.escape(quote) + right, around, quote)
    return start, start + len(quote)


def once(pattern: str, whole: str, words: str) -> int:
    """Where a pattern stands, if it stands once."""
    found = [match.start() for match in re.finditer(pattern, whole)]
    if len(found) != 1:
        raise CorpusError(f"{words!r} stands {len(found)} times; give it with words around it that stand once")
    return found[0]


if __name__ == "__main__":
    sys.exit(main())

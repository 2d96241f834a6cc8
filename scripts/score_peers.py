"""How the annotators of this corpus read articles of PolNeAR and GUM, held against the people who annotated those.

usage: scripts/score_peers.py FOLDER READINGS…

FOLDER holds polnear/text, polnear/attributions and gum-news as their corpora publish them; READINGS are corpora (folders with raw/ and
annotations/) with the annotators' layers over the same texts. Writes annotations/peers.json: figures only, no words. The texts are other
people's and stay where they are.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus import codec, formats, store
from corpus.agreement import Agreement, summary
from corpus.formats.converted import Given
from corpus.model import AnnotationSet, Annotator, Document, Holdings, Source
from corpus.scoring import narrowing

PEOPLE = "0000"
PEERS = {"polnear": "polnear", "gum": "gum-news"}
TITLES = {"polnear": "PolNeAR, of its development part", "gum": "GUM, news"}
# Two people over PolNeAR's 20 shared articles, as reckoned from that corpus; its own paper gives .754 for token alpha (Newell et al. 2018).
PAIR = {"corpus": "PolNeAR, its 20 shared articles", "articles": 20, "who": "two people, the mean over pairs"} | dict(
    zip(("source", "cue", "content"), (0.777, 0.705, 0.659), strict=True)
)
PAIR |= dict(zip(("source_overlap", "cue_overlap", "content_overlap"), (0.841, 0.815, 0.877), strict=True)) | {"token_alpha": 0.774}


def main() -> int:
    """Write the figures."""
    folder, *roots = map(Path, sys.argv[1:])
    rows = [PAIR]
    for root in roots:
        read = store.read(root).holdings
        people = dict(_people(folder, read))
        for source in sorted(read.sources, reverse=True):
            of_source = {name: layer for name, layer in people.items() if read.documents[name].source == source}
            for who in sorted({layer.annotator for layer in read.layers.values()}):
                for name, narrowed in (("all hubs", _as_it_is), ("outermost hubs only", narrowing.outermost)):
                    rows.append(_row(f"{who} against people, {name}", read, who, of_source, narrowed))
    store.write(store.find_root(Path()) / "annotations" / "peers.json", codec.canonical({"schema": "cda-peers/1", "rows": rows}))
    return 0


def _people(folder: Path, read: Holdings) -> Iterator[tuple[str, AnnotationSet]]:
    """Document → what a person marked in it; of several people the first. Articles are the same by their words, whatever their id."""
    names = {(one.text or "").strip(): one.id for one in read.documents.values()}
    for name, place in PEERS.items():
        for article in formats.reader(name)(folder / place, Given()).articles:
            found = names.get((article.document.text or "").strip())
            if found is not None:
                yield found, replace(article.layers[0], document=found, annotator=PEOPLE)


def _row(told: str, read: Holdings, who: str, people: dict[str, AnnotationSet], narrowed: Any) -> dict[str, Any]:
    ours = {
        one.document: narrowed(narrowing.hubs_as_content(one))
        for one in read.layers.values()
        if one.annotator == who and one.document in people
    }
    documents = [read.documents[name] for name in sorted(ours)]
    found = summary(_holdings(documents, [*ours.values(), *(people[name] for name in ours)]), resamples=0).whole
    (source,) = {one.source for one in documents}
    return {"corpus": TITLES.get(source, source), "articles": len(ours), "who": told} | dict(_figures(found))


def _figures(found: Agreement) -> Iterator[tuple[str, float | None]]:
    for role in ("source", "cue", "content"):
        yield role, found.figure("mention_f1_exact", role).value
    for role in ("source", "cue", "content"):
        yield f"{role}_overlap", found.figure("mention_f1_overlap", role).value
    yield "token_alpha", found.figure("token_alpha", "role").value


def _as_it_is(layer: AnnotationSet) -> AnnotationSet:
    return layer


def _holdings(documents: Iterable[Document], layers: Iterable[AnnotationSet]) -> Holdings:
    held = {one.id: one for one in documents}
    names = {one.source for one in held.values()}
    sources = {name: Source(id=name, title=name, description="", licence="", text="withheld", hydrate=None) for name in names}
    laid = {f"{one.document}/{one.annotator}": one for one in layers}
    whos = {one.annotator for one in laid.values()}
    annotators = {who: Annotator(id=who, kind="human", guidelines="1.0", model=None, note=None) for who in whos}
    return Holdings(sources=sources, documents=held, annotators=annotators, layers=laid)


if __name__ == "__main__":
    sys.exit(main())

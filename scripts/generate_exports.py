"""Label Studio exports of any size, from a seed: invented texts of about 2.5 kB with 24 marks each, a task of some 13.7 kB.

The corpus's own gold is denser: 29 marks, 10 attributions and 6 links on 1.3 kB.

usage: scripts/generate_exports.py DOCUMENTS FOLDER [--seed N] [--lines] [--twice N] [--copies N]

Writes export.json (with --lines export.jsonl, a task a line), source.json and annotators.json into FOLDER. Every document has one
reading by a model; the first --twice documents (default 20) have a second one and gold, and every --copies-th one (default: none) is
an earlier article again with a few words changed.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import orjson

from corpus import codec, ingest, text
from corpus.model import AnnotationSet, Attribution, Document, Layer, Link, Mention, Source, Span
from corpus.tasks import to_task

LENGTH = 2500
SOURCE = Source(
    id="made", title="Made texts", description="Invented sentences, from a seed.", licence="CC0-1.0", text="included", hydrate=None
)
NAMES = (
    "Ilse Varn",
    "Tomas Quell",
    "Mara Ostrey",
    "the Harrow Front",
    "the Vell Dockers' Union",
    "Pell Council",
    "a spokeswoman",
    "the ministry",
)
CUES = ("said", "told reporters", "announced", "stated", "added", "wrote")
DENYING = ("denied", "rejected", "disputed", "dismissed")
NOUNS = (
    "ferry",
    "dam",
    "mill",
    "harbour",
    "bridge",
    "clinic",
    "granary",
    "tunnel",
    "depot",
    "school",
    "quarry",
    "mast",
    "orchard",
    "canal",
)
VERBS = ("closed", "opened", "burned", "flooded", "moved", "leaked", "failed", "reopened", "sank", "collapsed", "shifted", "stalled")
WHEN = ("on Monday", "in the spring", "before dawn", "last week", "during the storm", "at noon", "after the vote", "in the night")
FILL = (
    "north",
    "river",
    "old",
    "eastern",
    "upper",
    "small",
    "new",
    "stone",
    "iron",
    "winter",
    "grain",
    "salt",
    "glass",
    "tide",
    "slate",
    "copper",
)


class Page:
    """A text that grows sentence by sentence, with what is marked in it."""

    def __init__(self, random: Random) -> None:
        self.random, self.text = random, ""
        self.mentions: list[Mention] = []
        self.attributions: list[Attribution] = []
        self.links: list[Link] = []

    def add(self, words: str) -> Span:
        """Words at the end; where they stand."""
        start = len(self.text)
        self.text += words
        return Span(start=start, end=len(self.text), quote=words, check=text.slice_check(self.text, start, len(self.text)))

    def mention(self, label: str, words: str, **facts: str | None) -> str:
        """A marked stretch at the end; its id."""
        id = f"m{len(self.mentions) + 1}"
        self.mentions.append(Mention(id=id, label=label, spans=(self.add(words),), **facts))  # type: ignore[arg-type]
        return id

    def event(self) -> str:
        """Something that may have happened."""
        pick = self.random.choice
        place = f"near the {pick(FILL)} {pick(NOUNS)} no. {self.random.randrange(9000)}"
        return f"the {pick(FILL)} {pick(FILL)} {pick(NOUNS)} {pick(VERBS)} {pick(WHEN)} {place}"

    def said(self, label: str) -> str:
        """A sentence with its source and cue; the id of its hub."""
        denial = label == "denial"
        source = self.mention("source", self.random.choice(NAMES), source_kind=None, canonical_source=None)
        self.add(" ")
        cue = self.mention("cue", self.random.choice(DENYING if denial else CUES))
        self.add(" that ")
        facts: dict[str, Any] = {"responsibility": "none"} if label != "content" else {}
        hub = self.mention(label, self.event(), **facts, **({"denial_scope": "full"} if denial else {}))
        self.add(". ")
        self.attributions.append(
            Attribution(
                id=f"a-{hub}", hub=hub, sources=(source,), cues=(cue,), quote_type="indirect", polarity="positive", certainty="certain"
            )
        )
        return hub


def article(nth: int, seed: int) -> tuple[Document, AnnotationSet]:
    """The nth article with its reading."""
    page = Page(Random(f"{seed} {nth}"))  # noqa: S311 - made, not secret
    for part in range(3):
        claim = page.said("claim")
        denial = page.said("denial")
        page.links.append(Link(type="denies", from_=denial, to=claim))
        if part:
            page.said("content")
        while len(page.text) < LENGTH * (part + 1) // 3 and page.random.random() < 0.9:
            page.add(page.event().capitalize() + ". ")
    while len(page.text) < LENGTH - 100:
        page.add(page.event().capitalize() + ". ")
    page.add(f"The {nth}th notice ends here.")
    return document(page.text, nth), layer(page, nth)


def document(words: str, nth: int) -> Document:
    """The record of a text."""
    return ingest.document(words, id=f"made_{nth:07d}", source=SOURCE.id)


def layer(page: Page, nth: int) -> AnnotationSet:
    """What is marked on a page."""
    held = AnnotationSet(
        document=f"made_{nth:07d}",
        text_sha256=text.sha256(page.text),
        annotator="4b22",
        origin="model",
        guidelines="1.1",
        mentions=tuple(page.mentions),
        attributions=tuple(page.attributions),
        links=tuple(page.links),
    )
    return codec.in_order(held)


def tasks(documents: int, seed: int, twice: int, copies: int) -> Iterator[dict[str, Any]]:
    """The tasks of an export, as the server gives them."""
    for nth in range(documents):
        if copies and nth % copies == copies - 1:
            article_, reading = article(nth - copies + 1, seed)
            words = (article_.text or "") + f" Told again as the {nth}th."
            article_ = document(words, nth)
            reading = replace(reading, document=article_.id, text_sha256=article_.text_sha256)
        else:
            article_, reading = article(nth, seed)
        yield exported(article_, reading)
        if nth < twice:
            second = replace(reading, annotator="c1b1")
            named = tuple(Layer(annotator=one.annotator, sha256=codec.fingerprint(one)) for one in (reading, second))
            yield exported(article_, second)
            yield exported(article_, replace(reading, annotator="gold", origin="adjudicated", made_from=named))


def exported(article_: Document, reading: AnnotationSet) -> dict[str, Any]:
    """What is pushed, with what the server adds to it."""
    number = int(article_.id.partition("_")[2]) + 1
    task = to_task(article_, reading.annotator, reading.guidelines, reading, made_from=reading.made_from)
    for one in task["annotations"]:
        one |= {"id": number, "completed_by": 1, "was_cancelled": False, "lead_time": 12.5, "created_at": "2026-01-02T03:04:05.000000Z"}
    return {"id": number, **task, "drafts": [], "predictions": [], "meta": {}, "comment_count": 0}


def annotators() -> dict[str, Any]:
    """Who annotated."""
    model = {"name": "No model", "developer": "Nobody", "version": None, "date": None, "setting": "Invented."}
    whos = [{"id": id, "kind": "model", "guidelines": "1.1", "model": model, "note": None} for id in ("4b22", "c1b1")]
    gold = {"id": "gold", "kind": "adjudicator", "guidelines": "1.1", "model": None, "note": None}
    return {"schema": "cda-annotators/1", "annotators": [*whos, gold]}


def write(folder: Path, documents: int, *, seed: int = 1, lines: bool = False, twice: int = 20, copies: int = 0) -> Path:
    """Write an export and what describes it; the export's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.json").write_bytes(codec.canonical(codec.source_to_json(SOURCE)))
    (folder / "annotators.json").write_bytes(codec.canonical(annotators()))
    path = folder / ("export.jsonl" if lines else "export.json")
    with path.open("wb") as file:
        for nth, task in enumerate(tasks(documents, seed, twice, copies)):
            file.write(b"\n" if lines and nth else b"" if lines else b"," if nth else b"[")
            file.write(orjson.dumps(task))
        file.write(b"\n" if lines else b"]")
    return path


def main() -> None:
    """Write, and say how much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", action="store_true")
    parser.add_argument("--twice", type=int, default=20)
    parser.add_argument("--copies", type=int, default=0)
    args = parser.parse_args()
    path = write(args.folder, args.documents, seed=args.seed, lines=args.lines, twice=args.twice, copies=args.copies)
    print(json.dumps({"file": path.name, "documents": args.documents, "megabytes": round(path.stat().st_size / 1e6, 1)}))


if __name__ == "__main__":
    main()

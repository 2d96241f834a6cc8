"""Fifty sound Label Studio exports to damage: the toy layers and generated ones over awkward text, each with a corpus it fits.

An export is one file of two or three tasks. One of them is the target; the others must survive what is done to it.
"""

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from corpus import codec, ingest, store, tasks, text
from corpus.model import HUBS, AnnotationSet, Attribution, Document, Layer, Link, Mention, Source, Span, Stretch
from tests.conftest import TOY

EXPORTS = 50

# Each is safe at the start of a word: none composes with a blank, none is a blank.
TOKENS = (
    "Ilse", "Ostermark", "Café", "Harrow", "q\u0301x", "😀", "👩‍👩‍👧", "𝒳", "אב", "ب", "\u202eb", "a\u200bb",
    "<b>", "{{x}}", "’tis", "&amp;", "🇩🇪",
)  # fmt: skip
GAPS = (" ", "\n", ", ", " — ", "\u00a0", "  ", "\u2028", ". ", "\t", " \\n ", "\n\n", "; ")
OPEN = Source(id="toy", title="Toy", description="Invented.", licence="CC-BY-4.0", text="included", hydrate=None)
CLOSED = Source(id="held", title="Held", description="Invented.", licence="All rights reserved", text="withheld", hydrate={"from": "file"})
ORIGINS = {"a3f1": ("by_hand", "from_suggestion"), "4b22": ("model",), "gold": ("adjudicated",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """A sound export: the layer that its target task holds, and what its corpus holds beside it."""

    name: str
    documents: tuple[Document, ...]
    others: tuple[AnnotationSet, ...]
    layer: AnnotationSet
    companions: tuple[AnnotationSet, ...]
    packed: bytes  # the export itself
    at: int

    @property
    def document(self) -> Document:
        return next(one for one in self.documents if one.id == self.layer.document)

    def fresh(self) -> list[dict[str, Any]]:
        """The tasks, for one mutation to damage."""
        value: list[dict[str, Any]] = json.loads(self.packed)
        return value

    def lay(self, root: Path) -> None:
        """The corpus that the export comes back to: records, texts, annotators and the layers that gold was made from."""
        for source in (OPEN, CLOSED):
            store.write(root / store.source_path(source), codec.canonical(codec.source_to_json(source)))
        store.write(root / store.ANNOTATORS, (TOY / store.ANNOTATORS).read_bytes())
        for document in self.documents:
            store.write_document(root, document)
        for layer in self.others:
            store.write_layer(root, layer)


def written(value: Any) -> bytes:
    """As the server writes it."""
    return json.dumps(value, ensure_ascii=False).encode()


@cache
def clean_exports() -> tuple[Clean, ...]:
    stored = store.read(TOY).holdings
    toys = [(stored.documents[one.document], one, tuple(stored.of(one.document))) for _, one in sorted(stored.layers.items())]
    made = [_generated(nth) for nth in range(EXPORTS - len(toys))]
    return tuple(_clean(nth, *one) for nth, one in enumerate([*toys, *made]))


def _clean(nth: int, document: Document, layer: AnnotationSet, standing: tuple[AnnotationSet, ...]) -> Clean:
    random = Random(1000 + nth)  # noqa: S311
    beside = [_generated(500 + 2 * nth + more, annotator="a3f1") for more in range(random.choice([1, 1, 2]))]
    pairs = [(one, held) for one, held, _ in beside]
    at = random.randrange(len(pairs) + 1)
    pairs.insert(at, (document, layer))
    named = {one.annotator for one in layer.made_from or ()}
    return Clean(
        name=f"{nth:02d} {layer.document} {layer.annotator}",
        documents=tuple(one for one, _ in pairs),
        others=tuple(one for one in standing if one.annotator in named),
        layer=layer,
        companions=tuple(held for _, held in pairs if held is not layer),
        packed=written([_as_exported(number + 1, *one) for number, one in enumerate(pairs)]),
        at=at,
    )


def _as_exported(number: int, document: Document, layer: AnnotationSet) -> dict[str, Any]:
    """What is pushed, with what the server needs to add to it."""
    task = tasks.to_task(document, layer.annotator, layer.guidelines, layer, made_from=layer.made_from)
    for annotation in task["annotations"]:
        annotation.update({"id": number, "completed_by": 1, "was_cancelled": False, "lead_time": 12.5})
    plain: dict[str, Any] = json.loads(json.dumps({"id": number, **task}))
    return plain


def _generated(nth: int, *, annotator: str | None = None) -> tuple[Document, AnnotationSet, tuple[AnnotationSet, ...]]:
    random = Random(nth)  # noqa: S311
    source = random.choice([OPEN, OPEN, CLOSED])
    annotator = annotator or random.choice(["a3f1", "a3f1", "4b22", "gold"])
    page = _Page(random)
    mentions = page.written_out(withheld=source.text == "withheld")
    words = page.text
    furniture = (Stretch(start=words.rindex("\n") + 1, end=len(words)),)
    document = ingest.document(words, id=f"{source.id}_{1000 + nth}", source=source.id, furniture=furniture)
    layer = _layer(random, document, mentions, "a3f1" if annotator == "gold" else annotator)
    if annotator != "gold":
        return document, layer, ()
    named = (Layer(annotator="a3f1", sha256=codec.fingerprint(layer)),)
    return document, replace(layer, annotator="gold", origin="adjudicated", made_from=named), (layer,)


class _Page:
    """A text that grows word by word, each word with a number of its own, so that no stretch stands twice."""

    def __init__(self, random: Random) -> None:
        self.random, self.words, self.text = random, 0, "😀 "

    def written_out(self, *, withheld: bool) -> dict[str, Mention]:
        plan = {"s1": 1, "q1": 1, "c1": 2, "s2": 1, "q2": 1, "d1": self.random.choice([1, 2, 3]), "c2": 1, "s3": 1, "q3": 1}
        plan |= {"k1": 2, "s4": 1, "q4": 1, "d2": 1, "c3": 1}
        places = {name: [self.piece(name) for _ in range(spans)] for name, spans in plan.items()}
        self.text = self.text.rstrip() + "\nSign in 7"
        if self.random.random() < 0.5:  # a claim inside a claim
            start, _ = places["c3"][0]
            places["c4"] = [(start, start + 1)]
        assert text.normal_form(self.text) == self.text
        return {name: self.mention(name, held, withheld=withheld) for name, held in places.items()}

    def piece(self, name: str) -> tuple[int, int]:
        """Some words to mark, and some before and after them."""
        self.text += " ".join(self.word() for _ in range(self.random.choice([1, 2]))) + self.random.choice(GAPS)
        start = len(self.text)
        inner = ["\n" if name == "c1" else self.random.choice(GAPS), *self.random.choices(GAPS, k=2)]
        self.text += "".join(self.word() + gap for gap in inner[: self.random.choice([1, 2, 3])]) + self.word()
        end = len(self.text)
        self.text += self.random.choice(GAPS)
        return start, end

    def word(self) -> str:
        self.words += 1
        return f"{self.random.choice(TOKENS)}{self.words}"

    def mention(self, name: str, places: list[tuple[int, int]], *, withheld: bool) -> Mention:
        label = {"s": "source", "q": "cue", "c": "claim", "d": "denial", "k": "content"}[name[0]]
        prefix = self.random.choice(["m", "R_", "a-b-", "0", "x" * 37])
        facts: dict[str, Any] = {attribute: self._value(attribute, name) for attribute in codec.ATTRIBUTES[label]}
        spans = tuple(self._span(*place, withheld=withheld) for place in places)
        return Mention(id=f"{prefix}{name}", label=label, spans=spans, **facts)  # type: ignore[arg-type]

    def _span(self, start: int, end: int, *, withheld: bool) -> Span:
        return Span(start=start, end=end, quote=None if withheld else self.text[start:end], check=text.slice_check(self.text, start, end))

    def _value(self, attribute: str, name: str) -> str | None:
        if attribute == tasks.WORDS:
            return "Ilse Varn 😀" if name == "s1" else self.random.choice([None, "Harrow Front", "Café\nowner"])
        chosen = self.random.choice(tasks.CHOICES[attribute])
        return chosen if name[1] == "1" else self.random.choice([None, chosen])


def _layer(random: Random, document: Document, mentions: dict[str, Mention], annotator: str) -> AnnotationSet:
    ids = {name: mention.id for name, mention in mentions.items()}
    hubs = {"c1": ("s1", "q1"), "d1": ("s2", "q2"), "c2": ("s1",), "k1": ("s3", "q3"), "d2": ("s4", "q4")}
    links = [("denies", "d1", "c1"), ("same_claim", "c2", "c1"), ("same_source", "s3", "s1"), ("denies", "d2", "k1")]
    links += random.sample([("affirms", "c3", "c2"), ("embedded_in", "k1", "c3"), ("affirms", "k1", "c1")], k=random.randrange(4))
    facts: dict[str, Any] = {"document": document.id, "text_sha256": document.text_sha256, "annotator": annotator, "guidelines": "0.1"}
    layer = AnnotationSet(
        **facts,
        origin=random.choice(ORIGINS[annotator]),  # type: ignore[arg-type]
        mentions=tuple(mentions.values()),
        attributions=tuple(_attribution(random, hub, parts, mentions) for hub, parts in hubs.items()),
        links=tuple(Link(type=kind, from_=ids[first], to=ids[second]) for kind, first, second in links),  # type: ignore[arg-type]
    )
    return codec.in_order(layer)


def _attribution(random: Random, hub: str, parts: tuple[str, ...], mentions: dict[str, Mention]) -> Attribution:
    assert mentions[hub].label in HUBS
    held: dict[str, Any] = {name: random.choice(tasks.CHOICES[name]) for name in tasks.OF_ATTRIBUTION}
    sources, cues = (tuple(mentions[one].id for one in parts if one[0] == letter) for letter in "sq")
    return Attribution(id=f"a-{mentions[hub].id}", hub=mentions[hub].id, sources=sources, cues=cues, **held)

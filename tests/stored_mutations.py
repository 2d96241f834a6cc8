"""Named ways to damage a stored layer of the toy corpus, each with the faults that an audit must tell: check ids and places, and no other.

Most damage annotations/toy_0001/a3f1.json: mentions m1 to m9 in this order, attributions of m3, m6 and m7, links from m6 and m7 to m3.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from corpus import codec, text

LAYER, GOLD = "annotations/toy_0001/a3f1.json", "annotations/toy_0003/gold.json"
Fault = tuple[str, str]  # pointer, check id


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A way to damage a file: what is done to its bytes, and the faults that follow, all in one file."""

    name: str
    spoil: Callable[[bytes], bytes]
    faults: frozenset[Fault]
    damaged: str = LAYER
    told_of: str | None = None  # where the fault shows in another file

    @property
    def where(self) -> str:
        return self.told_of or self.damaged


def _of_value(edit: Callable[[Any], object]) -> Callable[[bytes], bytes]:
    def spoil(data: bytes) -> bytes:
        value = json.loads(data)
        edit(value)
        return codec.canonical(value)

    return spoil


def _put(*steps: str | int, to: Any) -> Callable[[Any], object]:
    """Put a value, or what a function makes of the one that stands there."""

    def edit(value: Any) -> None:
        for step in steps[:-1]:
            value = value[step]
        value[steps[-1]] = to(value[steps[-1]]) if callable(to) else to

    return edit


def _cut(*steps: str | int) -> Callable[[Any], object]:
    def edit(value: Any) -> None:
        for step in steps[:-1]:
            value = value[step]
        del value[steps[-1]]

    return edit


def _span(start: int, end: int, words: str) -> dict[str, Any]:
    return {"start": start, "end": end, "quote": words, "check": text.sha256(words)[:12]}


def _claim(start: int, end: int, words: str) -> Callable[[Any], object]:
    mention = {"id": "m10", "label": "claim", "spans": [_span(start, end, words)], "responsibility": None}
    return lambda value: value["mentions"].append(mention)


def _link(kind: str, first: str, second: str) -> Callable[[Any], object]:
    return lambda value: value["links"].append({"type": kind, "from": first, "to": second})


def _again(part: str, at: int) -> Callable[[Any], object]:
    return lambda value: value[part].append(copy.deepcopy(value[part][at]))


def _emptied(value: Any) -> None:
    value["attributions"][0].update({"sources": [], "cues": [], "quote_type": None, "polarity": None, "certainty": None})


FIRST = ("mentions", 0, "spans", 0)
SPAN, UNUSED = "/mentions/0/spans/0", "source-and-cue-are-used"
_VALUES: tuple[tuple[Any, ...], ...] = (
    ("start-plus-one", _put(*FIRST, "start", to=1), (SPAN, "quote-matches-text")),
    ("end-minus-one", _put(*FIRST, "end", to=14), (SPAN, "quote-matches-text")),
    ("end-past-the-text", _put(*FIRST, "end", to=217), (SPAN, "offsets-are-in-text")),
    ("zero-length", _put("mentions", 1, "spans", 0, "end", to=16), ("/mentions/1/spans/0", "offsets-are-in-text")),
    ("reversed", _put("mentions", 1, "spans", 0, "start", to=30), ("/mentions/1/spans/0", "offsets-are-in-text")),
    ("start-is-a-float", _put(*FIRST, "start", to=0.0), (f"{SPAN}/start", "matches-schema")),
    ("start-is-false", _put(*FIRST, "start", to=False), (f"{SPAN}/start", "matches-schema")),
    ("end-is-true", _put(*FIRST, "end", to=True), (f"{SPAN}/end", "matches-schema")),
    ("end-is-a-string", _put(*FIRST, "end", to=str), (f"{SPAN}/end", "matches-schema")),
    ("start-is-negative", _put(*FIRST, "start", to=-1), (f"{SPAN}/start", "matches-schema")),
    ("quote-of-other-words", _put(*FIRST, "quote", to="Mayor Orla Penk"), (SPAN, "quote-matches-text")),
    ("quote-in-another-case", _put(*FIRST, "quote", to=str.upper), (SPAN, "quote-matches-text")),
    ("quote-taken-out", _put(*FIRST, "quote", to=None), (f"{SPAN}/quote", "quote-follows-licence")),
    ("quote-missing", _cut(*FIRST, "quote"), (SPAN, "matches-schema")),
    ("check-of-other-words", _put(*FIRST, "check", to="0" * 12), (SPAN, "quote-matches-text")),
    ("check-with-a-digit-changed", _put(*FIRST, "check", to="e13f36b4c3a7"), (SPAN, "quote-matches-text")),
    ("check-in-capitals", _put(*FIRST, "check", to=str.upper), (f"{SPAN}/check", "matches-schema")),
    ("hash-of-another-text", _put("text_sha256", to="0" * 64), ("/text_sha256", "text-unchanged")),
    ("document-of-another-article", _put("document", to="toy_0002"), ("", "path-matches-content"), ("/text_sha256", "text-unchanged")),
    ("document-unknown", _put("document", to="toy_0009"), ("", "path-matches-content"), ("/document", "document-is-known")),
    ("annotator-of-another-kind", _put("annotator", to="4b22"), ("", "path-matches-content"), ("/origin", "origin-fits-annotator")),
    ("annotator-unknown", _put("annotator", to="dead"), ("", "path-matches-content"), ("/annotator", "annotator-is-known")),
    ("annotator-with-line-end", _put("annotator", to="a3f1\n"), ("/annotator", "matches-schema")),
    ("origin-of-a-model", _put("origin", to="model"), ("/origin", "origin-fits-annotator")),
    ("origin-unknown", _put("origin", to="guessed"), ("/origin", "matches-schema")),
    ("guidelines-without-number", _put("guidelines", to="newest"), ("/guidelines", "matches-schema")),
    ("version-of-tomorrow", _put("schema", to="cda-annotation/2"), ("/schema", "matches-schema")),
    ("key-unknown", _put("comment", to="checked"), ("", "matches-schema")),
    ("links-missing", _cut("links"), ("", "matches-schema")),
    ("mentions-null", _put("mentions", to=None), ("/mentions", "matches-schema")),
    ("made-from-without-gold", _put("made_from", to=[{"annotator": "4b22", "sha256": "0" * 64}]), ("/made_from", "matches-schema")),
    ("id-with-dot", _put("mentions", 0, "id", to="m1.2"), ("/mentions/0/id", "matches-schema")),
    ("id-twice", _put("mentions", 1, "id", to="m1"), ("/mentions/1/id", "id-is-unique"),
     ("/attributions/0/cues/0", "attribution-resolves"), ("/attributions/0/sources/0", "attribution-joins-right-labels")),
    ("label-unknown", _put("mentions", 1, "label", to="verb"), ("/mentions/1/label", "matches-schema")),
    ("label-that-bears-less", _put("mentions", 2, "label", to="content"), ("/mentions/2/responsibility", "matches-schema")),
    ("label-of-a-cue-changed", _put("mentions", 1, "label", to="content"), ("/mentions/1", "hub-is-attributed"),
     ("/attributions/0/cues/0", "attribution-joins-right-labels")),
    ("spans-empty", _put("mentions", 0, "spans", to=[]), ("/mentions/0/spans", "matches-schema")),
    ("name-of-blanks", _put("mentions", 3, "canonical_source", to="  "), ("/mentions/3/canonical_source", "matches-schema")),
    ("span-on-its-own-words", _put("mentions", 1, "spans", to=lambda held: held * 2), ("/mentions/1/spans/1", "spans-do-not-overlap")),
    ("blank-at-the-end", _put("mentions", 1, "spans", 0, to=_span(16, 21, "said ")), ("/mentions/1/spans/0", "span-has-clean-edges")),
    ("mark-in-furniture", _claim(209, 216, "Sign in"), ("/mentions/9/spans/0", "furniture-is-unmarked")),
    ("mention-twice", _claim(31, 86, "that the Harrow Front had set the Ostermark mill alight"), ("/mentions/9", "mention-is-unique")),
    ("attribution-removed", _cut("attributions", 1), ("/mentions/5", "hub-is-attributed"),
     ("/mentions/3", UNUSED), ("/mentions/4", UNUSED)),
    ("attribution-twice", _again("attributions", 0), ("/attributions/3/hub", "hub-has-one-attribution")),
    ("attribution-emptied", _emptied, ("/attributions/0", "attribution-is-not-empty"), ("/mentions/0", UNUSED), ("/mentions/1", UNUSED)),
    ("attribution-under-another-id", _put("attributions", 0, "id", to="a-1"), ("/attributions/0/id", "attribution-id-follows-hub")),
    ("source-dangling", _put("attributions", 0, "sources", to=["m1", "m99"]), ("/attributions/0/sources/1", "attribution-resolves")),
    ("source-twice", _put("attributions", 0, "sources", to=["m1", "m1"]), ("/attributions/0/sources", "matches-schema")),
    ("cue-as-source", _put("attributions", 0, "sources", to=["m1", "m2"]), ("/attributions/0/sources/1", "attribution-joins-right-labels")),
    ("polarity-unknown", _put("attributions", 0, "polarity", to="neutral"), ("/attributions/0/polarity", "matches-schema")),
    ("mention-removed", _cut("mentions", 2), ("/attributions/0/hub", "attribution-resolves"),
     ("/links/0/to", "link-resolves"), ("/links/1/to", "link-resolves")),
    ("link-to-nothing", _put("links", 0, "to", to="m99"), ("/links/0/to", "link-resolves")),
    ("link-from-nothing", _put("links", 1, "from", to="m99"), ("/links/1/from", "link-resolves")),
    ("link-reversed", _put("links", 0, to={"type": "denies", "from": "m3", "to": "m6"}), ("/links/0/from", "link-joins-right-labels")),
    ("link-to-a-source", _put("links", 0, "to", to="m1"), ("/links/0/to", "link-joins-right-labels")),
    ("link-to-itself", _put("links", 0, "to", to="m6"), ("/links/0", "link-is-not-to-itself")),
    ("link-twice", _again("links", 0), ("/links/2", "pair-has-one-link")),
    ("link-of-another-kind-besides", _link("affirms", "m6", "m3"), ("/links/2", "pair-has-one-link")),
    ("link-kind-unknown", _put("links", 0, "type", to="contradicts"), ("/links/0/type", "matches-schema")),
    ("mentions-in-another-order", _put("mentions", to=lambda held: held[::-1]), ("", "form-is-canonical")),
    ("keys-in-another-order", _put("links", to=lambda held: [dict(reversed(one.items())) for one in held]), ("", "form-is-canonical")),
)  # fmt: skip
_BYTES: tuple[tuple[str, str, Callable[[bytes], bytes]], ...] = (
    ("byte-order-mark", "bytes-are-utf8", lambda data: b"\xef\xbb\xbf" + data),
    ("utf-16", "bytes-are-utf8", lambda data: data.decode().encode("utf-16")),
    ("nul", "no-nul", lambda data: data.replace(b"said", b"sa\0d")),
    ("lone-surrogate", "no-lone-surrogate", lambda data: data.replace(b'"said"', rb'"\ud83d"')),
    ("key-twice", "keys-are-unique", lambda data: data.replace(b'"start": 16', b'"start": 16, "start": 16')),
    ("not-a-number", "numbers-are-finite", lambda data: data.replace(b'"start": 16', b'"start": NaN')),
    ("huge-integer", "integers-are-small", lambda data: data.replace(b'"start": 16', b'"start": 9007199254740993')),
    ("emptied", "file-is-not-empty", lambda data: b""),
    ("cut-in-the-middle", "json-is-well-formed", lambda data: data[: len(data) // 2]),
    ("conflict-of-git", "json-is-well-formed", lambda data: b"<<<<<<< HEAD\n" + data),
    ("crlf", "form-is-canonical", lambda data: data.replace(b"\n", b"\r\n")),
    ("no-final-line-end", "form-is-canonical", lambda data: data[:-1]),
    ("one-line", "form-is-canonical", lambda data: json.dumps(json.loads(data), ensure_ascii=False).encode()),
    ("escapes", "form-is-canonical", lambda data: data.replace(b"Ilse", rb"\u0049lse")),
)  # fmt: skip


def _undecided(value: Any) -> None:
    """A sound edit of a layer that gold was made from."""
    value["mentions"][0]["source_kind"] = None


STORED = (
    *(Stored(name=name, spoil=_of_value(edit), faults=frozenset(faults)) for name, edit, *faults in _VALUES),
    *(Stored(name=f"bytes-{name}", spoil=spoil, faults=frozenset({("", check)})) for name, check, spoil in _BYTES),
    Stored(
        name="gold-of-an-older-layer",
        spoil=_of_value(_put("made_from", 1, "sha256", to="0" * 64)),
        faults=frozenset({("/made_from/1/sha256", "gold-is-made-from-its-layers")}),
        damaged=GOLD,
    ),
    Stored(
        name="gold-of-nothing", spoil=_of_value(_cut("made_from")), faults=frozenset({("", "matches-schema")}), damaged=GOLD
    ),
    Stored(
        name="layer-changed-after-gold",
        spoil=_of_value(_undecided),
        faults=frozenset({("/made_from/1/sha256", "gold-is-made-from-its-layers")}),
        damaged="annotations/toy_0003/a3f1.json",
        told_of=GOLD,
    ),
)  # fmt: skip

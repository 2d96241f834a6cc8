r"""A reading written with quoted words, one mark a line, for annotators who work outside Label Studio. Nobody counts offsets by hand.

    document toy_0001
    s1 person_unnamed "the mayor" = "Ilse Varn"
    k2 "said"
    c3 none "The bridge" + "is closed"
    a c3 : s1 : k2 : indirect positive certain
    d4 denied full "it" @ "denied it"
    l denies d4 c3

Ids begin with the label: s source, k cue, c claim, d denial, x content. `+` joins the spans of a mention, `@` gives words around a span
that stands more than once, `=` the canonical source. Guesses nothing: words that stand nowhere or several times are refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus import codec, text
from corpus.codec import ATTRIBUTES, Json
from corpus.model import AnnotationSet, Document, Label, Mention
from corpus.problems import CorpusError

LETTERS: Mapping[str, Label] = {"s": "source", "k": "cue", "c": "claim", "d": "denial", "x": "content"}
OF_LETTER = {label: letter for letter, label in LETTERS.items()}

_STRING = r'"(?:[^"\\]|\\.)*"'
_SPAN = rf"{_STRING}(?:\s*@\s*{_STRING})?"
_MENTION = re.compile(rf"([skcdx][0-9]+)((?:\s+[a-z_-]+)*)\s+({_SPAN}(?:\s*\+\s*{_SPAN})*)(?:\s*=\s*({_STRING}|-))?")
_ATTRIBUTION = re.compile(r"a ([cdx][0-9]+)\s*:\s*([s0-9, -]*?)\s*:\s*([k0-9, -]*?)\s*:\s*(\S+) (\S+) (\S+)")
_LINK = re.compile(r"l (\w+) (\w+) (\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The lines of one article: document "toy_0001", each line with its number in the file."""

    document: str
    lines: tuple[tuple[int, str], ...]


def notes(written: str) -> Iterator[Note]:
    """The articles of a file of notes, in its order."""
    name: str | None = None
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(written.split("\n"), start=1):
        words = line.strip()
        if words.startswith("document "):
            if name is not None:
                yield Note(document=name, lines=tuple(lines))
            name, lines = words.removeprefix("document ").strip(), []
        elif words and not words.startswith("#"):
            lines.append((number, words))
    if name is not None:
        yield Note(document=name, lines=tuple(lines))


def layer_of(note: Note, document: Document, head: Json, *, withheld: bool) -> AnnotationSet:
    """The layer that the lines write down; `head` holds annotator, origin, guidelines and, of gold, made_from."""
    if document.text is None:
        raise CorpusError(f"{document.id} has no text here; run corpus hydrate {document.source}")
    parts: dict[str, list[Json]] = {"mentions": [], "attributions": [], "links": []}
    for number, line in note.lines:
        try:
            part, value = _line(line, document.text, withheld=withheld)
        except CorpusError as error:
            raise CorpusError(f"{document.id}, line {number}: {error}") from None
        parts[part].append(value)
    facts = {"document": document.id, "text_sha256": document.text_sha256}
    return codec.annotations_from_json(facts | head | parts)


def parts_of(note: Note, document: Document, *, withheld: bool) -> AnnotationSet:
    """Marks that are not a layer yet, and may name others that stand elsewhere."""
    return layer_of(note, document, {"annotator": "gold", "origin": "adjudicated", "guidelines": "0", "made_from": []}, withheld=withheld)


def mention_of(line: str, whole: str, *, withheld: bool) -> Mention:
    """One mention: 'c3 none "The bridge"'."""
    part, value = _line(line, whole, withheld=withheld)
    if part != "mentions":
        raise CorpusError(f"is no mention: {line[:80]}")
    facts = {"document": "", "text_sha256": "", "annotator": "gold", "origin": "adjudicated", "guidelines": "0", "made_from": []}
    (mention,) = codec.annotations_from_json(facts | {"mentions": [value], "attributions": [], "links": []}).mentions
    return mention


def is_line(line: str) -> bool:
    """Whether it could be a line of notation."""
    return any(pattern.fullmatch(line) for pattern in (_MENTION, _ATTRIBUTION, _LINK))


def words_of(layer: AnnotationSet, whole: str) -> str:
    """A layer in this notation, which `layer_of` reads back to the same marks."""
    names = {one.id: f"{OF_LETTER[one.label]}{nth}" for nth, one in enumerate(layer.mentions, start=1)}
    lines = [f"document {layer.document}", *(_mention_line(names[one.id], one, whole) for one in layer.mentions)]
    for said in layer.attributions:
        sources, cues = (" ".join(names[name] for name in ids) or "-" for ids in (said.sources, said.cues))
        values = " ".join(value or "-" for value in (said.quote_type, said.polarity, said.certainty))
        lines.append(f"a {names[said.hub]} : {sources} : {cues} : {values}")
    lines += [f"l {link.type} {names[link.from_]} {names[link.to]}" for link in layer.links]
    return "\n".join(lines) + "\n"


def place(written: str, around: str | None, whole: str) -> tuple[int, int]:
    """Where the words stand, in code points; whole words only.

    >>> place("it", "denied it", "it was he who denied it")
    (21, 23)
    """
    base = 0 if around is None else _once(re.escape(around), whole, around)
    held = whole if around is None else around
    left, right = (r"(?<!\w)" if re.match(r"\w", written) else ""), (r"(?!\w)" if re.search(r"\w\Z", written) else "")
    start = base + _once(left + re.escape(written) + right, held, written)
    return start, start + len(written)


def _line(line: str, whole: str, *, withheld: bool) -> tuple[str, Json]:
    if found := _MENTION.fullmatch(line):
        return "mentions", _mention(*found.groups(), whole=whole, withheld=withheld)
    if found := _ATTRIBUTION.fullmatch(line):
        hub, sources, cues, *values = found.groups()
        held = dict(zip(("quote_type", "polarity", "certainty"), map(_value, values), strict=True))
        return "attributions", {"id": f"a-{hub}", "hub": hub, "sources": _names(sources), "cues": _names(cues), **held}
    if found := _LINK.fullmatch(line):
        return "links", dict(zip(("type", "from", "to"), found.groups(), strict=True))
    raise CorpusError(f"cannot be read: {line[:80]}")


def _mention(name: str, values: str, spans: str, canonical: str | None, *, whole: str, withheld: bool) -> Json:
    label = LETTERS[name[0]]
    given: list[str | None] = [_value(value) for value in values.split()]
    given += [_unquoted(canonical) if canonical not in (None, "-") else None] if label == "source" else []
    if len(given) != len(ATTRIBUTES[label]) or (label != "source" and canonical is not None):
        raise CorpusError(f"{name} has {len(given)} values; a {label} has: {', '.join(ATTRIBUTES[label]) or 'none'}")
    places = sorted(place(*_quote(one), whole) for one in re.findall(_SPAN, spans))
    marked = [_span(whole, start, end, withheld=withheld) for start, end in places]
    return {"id": name, "label": label, "spans": marked, **dict(zip(ATTRIBUTES[label], given, strict=True))}


def _span(whole: str, start: int, end: int, *, withheld: bool) -> Json:
    return {"start": start, "end": end, "quote": None if withheld else whole[start:end], "check": text.slice_check(whole, start, end)}


def _quote(written: str) -> tuple[str, str | None]:
    quote, *around = (_unquoted(one) for one in re.findall(_STRING, written))
    return quote, around[0] if around else None


def _unquoted(written: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], written[1:-1])


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _value(written: str) -> str | None:
    return None if written == "-" else written


def _names(written: str) -> list[str]:
    return re.findall(r"[sk][0-9]+", written)


def _mention_line(name: str, one: Mention, whole: str) -> str:
    values: Sequence[Any] = [getattr(one, key) or "-" for key in ATTRIBUTES[one.label] if key != "canonical_source"]
    spans = " + ".join(_shortest(whole, span.start, span.end) for span in one.spans)
    canonical = f" = {_quoted(one.canonical_source)}" if one.canonical_source else ""
    return " ".join([name, *values, spans]) + canonical


def _shortest(whole: str, start: int, end: int) -> str:
    """The words, with just as many around them as make them stand once."""
    quote = whole[start:end]
    for more in range(len(whole) + 1):
        around = whole[max(0, start - more) : end + more]
        try:
            if place(quote, around if more else None, whole) == (start, end):
                return _quoted(quote) + (f" @ {_quoted(around)}" if more else "")
        except CorpusError:
            continue
    raise CorpusError(f"{quote!r} at {start}-{end} cannot be told from its other places")


def _once(pattern: str, whole: str, words: str) -> int:
    found = [match.start() for match in re.finditer(pattern, whole)]
    if len(found) != 1:
        raise CorpusError(f'{words!r} stands {len(found)} times; give it with words around it that stand once: "…" @ "… …"')
    return found[0]

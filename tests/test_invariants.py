"""What holds of every text and every sound layer, as properties over the awkward alphabet: offsets, forms, shifts, orders, near misses."""

import json
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from corpus import checks, codec, export, merge, store, text
from corpus.model import AnnotationSet, Document, Holdings, Span
from corpus.problems import Problem
from corpus.tasks import Task, to_task
from tests.clean_exports import CLOSED, OPEN, Clean, clean_exports
from tests.conftest import TOY
from tests.test_text import AWKWARD, awkward

layers = st.sampled_from(range(len(clean_exports()))).map(lambda nth: clean_exports()[nth])
seeds = st.integers(0, 10**6)
ANNOTATORS = store.read(TOY).holdings.annotators
sides = st.sampled_from([None, "a", "b", "c"])
PARTS = ("mentions", "attributions", "links")


def holdings(clean: Clean, document: Document | None = None) -> Holdings:
    """A corpus that the layer fits, with the texts and the layers it needs."""
    documents = {one.id: one for one in (*clean.documents, *([document] if document else []))}
    named = {store.layer_path(one.document, one.annotator): one for one in clean.others}
    return Holdings(sources={one.id: one for one in (OPEN, CLOSED)}, documents=documents, annotators=ANNOTATORS, layers=named)


def problems(layer: AnnotationSet, held: Holdings) -> list[Problem]:
    return checks.of_layer("x.json", layer, held)


def utf16(words: str, at: int) -> int:
    return len(words[:at].encode("utf-16-le")) // 2


def from_utf16(words: str, at: int) -> int:
    return len(words.encode("utf-16-le")[: 2 * at].decode("utf-16-le", errors="ignore"))


def in_bytes(words: str, at: int) -> int:
    return len(words[:at].encode())


def from_bytes(words: str, at: int) -> int:
    return len(words.encode()[:at].decode(errors="ignore"))


# --- forms


@given(layers, seeds)
def test_writing_is_canonical_and_reading_undoes_it(clean: Clean, seed: int) -> None:
    random, layer = Random(seed), clean.layer  # noqa: S311
    mixed: dict[str, Any] = {name: tuple(random.sample(held, len(held))) for name in PARTS if (held := getattr(layer, name))}
    data = codec.canonical(codec.annotations_to_json(replace(layer, **mixed)))
    value, found = codec.read_json(data, "x.json")
    assert found == []
    assert codec.annotations_from_json(value) == codec.in_order(layer)
    assert codec.canonical(codec.annotations_to_json(codec.annotations_from_json(value))) == data


@given(awkward, awkward)
def test_normal_form_is_idempotent_for_whole_and_parts(first: str, second: str) -> None:
    whole = text.normal_form(first + "\n" + second)
    assert text.normal_form(whole) == whole
    parts = text.normal_form(first), text.normal_form(second)
    assert text.normal_form("\n".join(parts)) == text.normal_form(f"{parts[0]}\n{second.strip()}")


# --- offsets


@given(layers)
def test_a_span_lies_in_the_text_and_reads_its_quote(clean: Clean) -> None:
    words = clean.document.text or ""
    for span in spans(clean.layer):
        assert 0 <= span.start < span.end <= len(words) == clean.document.length
        assert span.quote in (None, words[span.start : span.end])
        assert span.check == text.sha256(words[span.start : span.end])[:12]


def spans(layer: AnnotationSet) -> list[Span]:
    return [span for mention in layer.mentions for span in mention.spans]


@given(awkward, st.data())
def test_code_points_go_to_other_units_and_back(words: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words)))
    assert from_utf16(words, utf16(words, at)) == at
    assert from_bytes(words, in_bytes(words, at)) == at
    assert at <= utf16(words, at) <= in_bytes(words, at)


@given(layers, st.sampled_from([utf16, in_bytes]), seeds)
def test_offsets_in_other_units_are_refused_where_they_differ(clean: Clean, count: Any, seed: int) -> None:
    words = clean.document.text or ""
    at = Random(seed).randrange(len(clean.layer.mentions))  # noqa: S311
    first, *rest = clean.layer.mentions[at].spans
    moved = replace(first, start=count(words, first.start), end=count(words, first.end))
    layer = with_mention(clean.layer, at, spans=(moved, *rest))
    found = problems(layer, holdings(clean))
    assert (found == []) == (moved == first)
    assert {one.check for one in found} <= {"quote-matches-text", "offsets-are-in-text", "spans-do-not-overlap"}


def with_mention(layer: AnnotationSet, at: int, **facts: Any) -> AnnotationSet:
    return replace(layer, mentions=tuple(replace(one, **facts) if nth == at else one for nth, one in enumerate(layer.mentions)))


@given(layers, st.lists(st.sampled_from([*AWKWARD, "Ilse", "said"]), min_size=1, max_size=6).map("".join))
def test_a_prefix_shifts_every_span(clean: Clean, prefix: str) -> None:
    longer = prefix + " " + (clean.document.text or "")
    assume(text.normal_form(longer) == longer)
    moved = len(prefix) + 1
    document = shifted(clean.document, longer, moved)
    layer = replace(clean.layer, text_sha256=document.text_sha256, made_from=None)
    right = replace(layer, mentions=tuple(replace(one, spans=tuple(_moved(span, moved) for span in one.spans)) for one in layer.mentions))
    held = replace(holdings(clean), documents={document.id: document})
    assert problems(right, held) == []
    wrong = {one.pointer for one in problems(layer, held)}
    assert wrong == {place for place, span in placed(layer) if text.slice_check(longer, span.start, span.end) != span.check}
    assert wrong


def _moved(span: Span, by: int) -> Span:
    return replace(span, start=span.start + by, end=span.end + by)


def shifted(document: Document, words: str, by: int) -> Document:
    furniture = tuple(replace(one, start=one.start + by, end=one.end + by) for one in document.furniture)
    return replace(document, text=words, text_sha256=text.sha256(words), length=len(words), furniture=furniture)


def placed(layer: AnnotationSet) -> list[tuple[str, Span]]:
    return [(f"/mentions/{at}/spans/{nth}", span) for at, one in enumerate(layer.mentions) for nth, span in enumerate(one.spans)]


# --- through Label Studio


@given(layers, seeds)
def test_out_and_back_is_the_identity_in_any_order_of_rows(clean: Clean, seed: int) -> None:
    task = exported(clean)
    Random(seed).shuffle(task["annotations"][0]["result"])  # noqa: S311
    returned = export.from_export(task, "x.json", holdings(clean))
    assert (returned.layer, returned.problems, returned.notes) == (codec.in_order(clean.layer), (), ())
    assert exported(replace_layer(clean, returned.layer)) == exported(clean)


def exported(clean: Clean) -> Task:
    task = to_task(clean.document, clean.layer.annotator, clean.layer.guidelines, clean.layer, made_from=clean.layer.made_from)
    plain: Task = json.loads(json.dumps(task))
    plain["annotations"][0]["was_cancelled"] = False
    return plain


def replace_layer(clean: Clean, layer: AnnotationSet | None) -> Clean:
    assert layer is not None
    return replace(clean, layer=layer)


@given(sides, sides.filter(bool), sides)
def test_a_merge_treats_both_sides_alike(here: str | None, server: str, met: str | None) -> None:
    """What is kept here for one is taken from the server for the other; equal and conflicting stay so from either side."""
    decision = merge.decide(here=here, server=server, met=met)
    turned = {"changed": "kept", "kept": "changed"}.get(decision, decision)
    assert (here is None) or merge.decide(here=server, server=here, met=met) == turned
    assert merge.decide(here=server, server=server, met=met) == "unchanged"


# --- relations


@given(layers)
def test_relations_close_over_the_mentions(clean: Clean) -> None:
    known = set(clean.layer.by_id())
    said = {name for one in clean.layer.attributions for name in (one.hub, *one.sources, *one.cues)}
    linked = {name for one in clean.layer.links for name in (one.from_, one.to)}
    assert said | linked <= known


@given(layers, seeds)
def test_a_mention_taken_out_leaves_no_relation_unnoticed(clean: Clean, seed: int) -> None:
    gone = Random(seed).choice(clean.layer.mentions)  # noqa: S311
    layer = replace(clean.layer, mentions=tuple(one for one in clean.layer.mentions if one is not gone))
    found = Counter(one.check for one in problems(layer, holdings(clean)))
    assert found["attribution-resolves"] == sum((one.hub, *one.sources, *one.cues).count(gone.id) for one in layer.attributions)
    assert found["link-resolves"] == sum((one.from_, one.to).count(gone.id) for one in layer.links)


# --- checks


def spoil(layer: AnnotationSet, random: Random) -> AnnotationSet:
    """A layer with some faults at once."""
    at = random.randrange(len(layer.mentions))
    first = layer.mentions[at].spans[0]
    return random.choice([
        with_mention(layer, at, spans=(replace(first, start=first.start + 1),)),
        with_mention(layer, at, label=random.choice(["claim", "source", "cue", "denial"])),
        replace(layer, attributions=layer.attributions[1:], links=(*layer.links, *layer.links[:1])),
        replace(layer, mentions=(*layer.mentions[:at], *layer.mentions[at + 1 :])),
    ])  # fmt: skip


@given(layers, seeds)
def test_checks_do_not_mind_the_order(clean: Clean, seed: int) -> None:
    """The same faults in the same words; only of two equal things it is the second that is told, wherever it stands."""
    random = Random(seed)  # noqa: S311
    layer = spoil(clean.layer, random)
    mixed = replace(layer, **{name: tuple(random.sample(held, len(held))) for name in PARTS if (held := getattr(layer, name))})
    told, again = (Counter((one.check, one.message) for one in problems(one, holdings(clean))) for one in (layer, mixed))
    assert told == again


@given(layers)
def test_near_misses_pass(clean: Clean) -> None:
    """A claim on the first character, on the last, or on the whole text is no fault."""
    document, held = clean.document, holdings(clean)
    words = document.text or ""
    free = replace(held, documents={**held.documents, document.id: replace(document, furniture=())})
    taken = {tuple((span.start, span.end) for span in one.spans) for one in clean.layer.mentions if one.label == "claim"}
    withheld = held.withheld(document)
    for start, end in ((0, 1), (len(words) - 1, len(words)), (0, len(words))):
        if ((start, end),) not in taken:
            span = Span(start=start, end=end, quote=None if withheld else words[start:end], check=text.slice_check(words, start, end))
            more = replace(clean.layer.mentions[0], id="near", label="claim", spans=(span,), **NOTHING, responsibility="none")
            assert problems(replace(clean.layer, mentions=(*clean.layer.mentions, more)), free) == []


NOTHING: dict[str, Any] = {"denial_scope": None, "source_kind": None, "canonical_source": None}

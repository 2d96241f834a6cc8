"""A pair as a Label Studio task of two texts and one choice, and the answered task as a judgement. Knows no server and no file.

The texts go to the page only: what comes back names mentions, and no word of an article.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Any

from corpus import codec, schema
from corpus.judgement import Hub, Judgement, Pair
from corpus.model import Document, Holdings, Mention
from corpus.problems import Problem
from corpus.tasks import Task

PROJECT = "pairs "  # and the annotator's pseudonym: the rest of a project's title


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one exported task gave: whose judgement it is, the judgement or none yet, and what is wrong with the task."""

    annotator: str
    judgement: Judgement | None
    problems: tuple[Problem, ...] = ()


def labelling_page() -> str:
    """Two texts side by side, and the question."""
    return schema.page("pair")


def to_task(pair: Pair, holdings: Holdings, annotator: str) -> Task:
    """The task of a pair whose texts are at hand and whose mentions stand. A push knows it by its name and its texts, as any other."""
    sides = {"statement": pair.statement, "claim": pair.claim}
    documents = {name: holdings.documents[hub.document] for name, hub in sides.items()}
    texts = "".join(documents[name].text_sha256 + hub.check for name, hub in sides.items())
    data: dict[str, Any] = {"document": pair.name, "text_sha256": sha256(texts.encode()).hexdigest()}
    data |= {"annotator": annotator, "guidelines": holdings.annotators[annotator].guidelines, **codec.pair_to_json(pair)}
    for name, hub in sides.items():
        data |= {f"{name}_{part}": held for part, held in _shown(documents[name], _mention(hub, holdings)).items()}
    return {"data": data}


def answered(task: Task, where: str, pointer: str) -> Answered:
    """The judgement of one exported task; `pointer` is the task's place in its file, e.g. "/17"."""
    broken = schema.problems("judged", task, where)
    if broken:
        told = (Problem(where=where, pointer=pointer + one.pointer, check=one.check, message=one.message) for one in broken)
        return Answered(annotator="", judgement=None, problems=tuple(told))
    data = task["data"]
    done = [(at, one["result"][0]["value"]["choices"][0]) for at, one in enumerate(task["annotations"]) if not one["was_cancelled"]]
    if len(done) > 1:
        message = f"{len(done)} answers by {data['annotator']} to one pair"
        at = f"{pointer}/annotations/{done[1][0]}"
        problem = Problem(where=where, pointer=at, check="one-layer-per-annotator", message=message)
        return Answered(annotator=data["annotator"], judgement=None, problems=(problem,))
    stated = [codec.judgement_from_json(dict(data) | {"answer": answer}) for _, answer in done]
    return Answered(annotator=data["annotator"], judgement=stated[0] if stated else None)


def marked(text: str, mention: Mention) -> str:
    """An article as HTML with one mention marked; whatever looks like HTML in it is shown as it stands.

    >>> from corpus.model import Span
    >>> marked("a <b> c", Mention(id="m1", label="claim", spans=(Span(start=2, end=5, quote=None, check="0" * 12),)))
    'a <mark>&lt;b&gt;</mark> c'
    """
    return "".join(_pieces(text, mention))


def _pieces(text: str, mention: Mention) -> Iterator[str]:
    at = 0
    for span in mention.spans:
        yield escape(text[at : span.start])
        yield f"<mark>{escape(text[span.start : span.end])}</mark>"
        at = span.end
    yield escape(text[at:])


def _shown(document: Document, mention: Mention) -> Mapping[str, str]:
    text = document.text or ""
    words = " … ".join(" ".join(text[span.start : span.end].split()) for span in mention.spans)
    facts = " · ".join(fact for fact in (mention.label, document.id, document.outlet, document.date) if fact)
    return {"facts": facts, "words": f"“{words}”", "text": marked(text, mention)}


def _mention(hub: Hub, holdings: Holdings) -> Mention:
    layer = holdings.of_record(hub.document)
    return {one.id: one for one in (layer.mentions if layer is not None else ())}[hub.mention]

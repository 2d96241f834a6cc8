"""Is a submission what can be scored: the articles asked for, each once, on the text of record, with whole readings that are not gold?

What a layer must hold to is asked by the same functions as of any layer; what only the corpus itself asks of its own files (clean edges,
rules of the guidelines) is not asked of a system.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from corpus import splits
from corpus.checks import check_id, of_relations, of_text
from corpus.model import GOLD, AnnotationSet, Document, Split
from corpus.problems import Problem

Placed = tuple[str, AnnotationSet]  # where it was read, and the layer
TEXT: tuple[Callable[..., Any], ...] = (
    of_text.text_unchanged,
    of_text.offsets_are_in_text,
    of_text.spans_do_not_overlap,
    of_text.quote_matches_text,
)
RELATIONS: tuple[Callable[..., Any], ...] = (
    of_relations.id_is_unique,
    of_relations.mention_is_unique,
    of_relations.attribution_resolves,
    of_relations.attribution_joins_right_labels,
    of_relations.hub_has_one_attribution,
    of_relations.link_resolves,
    of_relations.link_joins_right_labels,
    of_relations.link_is_not_to_itself,
    of_relations.pair_has_one_link,
)


def problems(
    predicted: Iterable[Placed],
    gold: Mapping[str, AnnotationSet],
    documents: Mapping[str, Document],
    *,
    wanted: Iterable[str],
    split: Split | None = None,
) -> list[Problem]:
    """Everything that keeps a submission from being scored. `gold` is all there is; `wanted` are the articles that are to be scored."""
    placed = list(predicted)
    found = [problem for where, layer in placed for problem in _of_layer(where, layer, gold, documents, split)]
    found += _several(placed)
    missing = sorted(set(wanted) - {layer.document for _, layer in placed})
    found += [
        Problem(where=name, pointer="", check="article-is-predicted", message="there is no prediction for this article", hint=_MISSING)
        for name in missing
    ]
    return sorted(set(found))


_MISSING = "add a layer for it; one without mentions says that nothing was found"


def split_of(document: Document) -> Split:
    """The split of an article."""
    return splits.split_of(document.story or document.id)


def _of_layer(
    where: str, layer: AnnotationSet, gold: Mapping[str, AnnotationSet], documents: Mapping[str, Document], split: Split | None
) -> list[Problem]:
    known, document = gold.get(layer.document), documents.get(layer.document)
    if known is None:
        return [_refusal(where, "/document", "prediction-is-of-gold", f"{layer.document} has no gold reading")]
    if document is not None and split not in (None, "test") and split_of(document) == "test":
        message = f"{layer.document} is in the test split, and {split} is to be scored"
        return [_refusal(where, "/document", "prediction-is-in-split", message)]
    if layer.annotator == GOLD or layer.origin == "adjudicated" or layer.made_from:
        message = f"the annotator is {layer.annotator!r}, the origin {layer.origin!r}"
        return [_refusal(where, "/annotator", "prediction-is-no-gold", message)]
    return _first_faults(where, layer, document or _stand_in(layer.document, known))


def _first_faults(where: str, layer: AnnotationSet, document: Document) -> list[Problem]:
    """The checks of the text build on each other; those of relations do not."""
    for check in TEXT:
        if found := _asked(check, where, document, layer):
            return found
    return [problem for check in RELATIONS for problem in _asked(check, where, document, layer)]


def _asked(check: Callable[..., Any], where: str, document: Document, layer: AnnotationSet) -> list[Problem]:
    found = check(document, layer)
    return [Problem(where=where, pointer=pointer, check=check_id(check), message=message, hint=hint) for pointer, message, hint in found]


def _several(placed: Iterable[Placed]) -> Iterator[Problem]:
    held: Counter[str] = Counter(layer.document for _, layer in placed)
    seen: dict[str, str] = {}
    for where, layer in placed:
        if held[layer.document] > 1 and layer.document in seen:
            message = f"{layer.document} is predicted in {seen[layer.document]} already"
            yield _refusal(where, "/document", "article-is-predicted-once", message)
        seen.setdefault(layer.document, where)


def _refusal(where: str, pointer: str, check: str, message: str) -> Problem:
    return Problem(where=where, pointer=pointer, check=check, message=message)


def _stand_in(name: str, gold: AnnotationSet) -> Document:
    """What gold alone tells of an article whose record is not here: the hash of its text, and no end of it."""
    return Document(
        id=name, source="", outlet=None, date=None, url=None, language="", story=None, text_sha256=gold.text_sha256,
        length=2**53, furniture=(),
    )  # fmt: skip

"""The rules a repository keeps: levels of checks, each asked only where the one before holds. Data in, Problems out.

One check is one generator function in one tuple; its name is its id, its docstring the entry in the catalogue.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from corpus.checks import of_corpus, of_judgements, of_registry, of_relations, of_text
from corpus.checks.of_text import Finding
from corpus.judgement import Judgements
from corpus.model import AnnotationSet, Census, Document, Holdings, RegisteredClaim, Source
from corpus.problems import Problem

TEXT = (
    of_text.text_unchanged,
    of_text.offsets_are_in_text,
    of_text.spans_do_not_overlap,
    of_text.quote_follows_licence,
    of_text.quote_matches_text,
    of_text.span_has_clean_edges,
    of_text.furniture_is_unmarked,
)
RELATIONS = (
    of_relations.id_is_unique,
    of_relations.mention_is_unique,
    of_relations.attribution_resolves,
    of_relations.attribution_joins_right_labels,
    of_relations.attribution_id_follows_hub,
    of_relations.hub_has_one_attribution,
    of_relations.attribution_is_not_empty,
    of_relations.hub_is_attributed,
    of_relations.source_and_cue_are_used,
    of_relations.link_resolves,
    of_relations.link_joins_right_labels,
    of_relations.link_is_not_to_itself,
    of_relations.mutual_link_runs_backwards,
    of_relations.pair_has_one_link,
    of_relations.embedding_is_not_shown_already,
)
DOCUMENT = (
    of_corpus.source_is_known,
    of_corpus.text_matches_record,
    of_corpus.text_is_in_normal_form,
    of_corpus.furniture_is_in_text,
    of_corpus.included_text_is_there,
)
LAYER = (
    of_corpus.annotator_is_known,
    of_corpus.origin_fits_annotator,
    of_corpus.gold_is_made_from_its_layers,
    of_corpus.decision_is_in_text,
    of_corpus.difference_is_decided,
)
REGISTRY = (
    of_registry.member_resolves,
    of_registry.member_matches_mention,
    of_registry.stance_fits_label,
    of_registry.member_is_unique,
)
JUDGEMENTS = (
    of_judgements.pair_resolves,
    of_judgements.pair_matches_mentions,
    of_judgements.pair_joins_two_articles,
    of_judgements.pair_is_judged_once,
)
SOURCE = (of_corpus.licence_allows_text,)
CENSUS = (of_corpus.split_is_stable, of_corpus.nothing_released_is_lost)


def check_id(check: Callable[..., Any]) -> str:
    """The id of a check: its function's name with dashes.

    >>> check_id(of_text.quote_matches_text)
    'quote-matches-text'
    """
    name: str = check.func.__name__ if isinstance(check, partial) else check.__name__
    return name.replace("_", "-")


def of_layer(where: str, layer: AnnotationSet, holdings: Holdings) -> list[Problem]:
    """Everything wrong with a layer, level by level; a layer of an unknown document is asked nothing more."""
    document = holdings.documents.get(layer.document)
    if document is None:
        message = f"no record raw/*/{layer.document}.json"
        return [Problem(where=where, pointer="/document", check="document-is-known", message=message)]
    follows_licence = partial(of_text.quote_follows_licence, withheld=holdings.withheld(document))
    of_this_text = [follows_licence if check is of_text.quote_follows_licence else check for check in TEXT]
    if document.source not in holdings.sources:  # nobody knows what it allows, and its record is faulty already
        of_this_text.remove(follows_licence)
    on_sound_text = _stop_early(of_this_text, where, document, layer)
    return on_sound_text or _all(RELATIONS, where, document, layer) or _all(LAYER, where, layer, holdings)


def of_document(where: str, document: Document, holdings: Holdings) -> list[Problem]:
    """Everything wrong with the record of an article and its text."""
    return _all(DOCUMENT, where, document, holdings)


def of_source(where: str, source: Source, holdings: Holdings) -> list[Problem]:
    """Everything wrong with the facts of a source."""
    return _all(SOURCE, where, source, holdings)


def of_claim(where: str, claim: RegisteredClaim, holdings: Holdings) -> list[Problem]:
    """Everything wrong with a claim of the registry."""
    return _all(REGISTRY, where, claim, holdings)


def of_judged(where: str, judgements: Judgements, holdings: Holdings) -> list[Problem]:
    """Everything wrong with an annotator's judgements of pairs."""
    return _all((of_corpus.annotator_is_known, *JUDGEMENTS), where, judgements, holdings)


def of_census(holdings: Holdings, census: Census) -> list[Problem]:
    """What is wrong with the whole, beside the last release and the assignments; of the holdings only what is common is asked."""
    found = [problem for check in CENSUS for problem in check(holdings.released, census)] if holdings.released else []
    given = holdings.assignments
    found += of_corpus.withdrawn_stays_out(holdings.withdrawn, census)
    return found + (list(of_corpus.assigned_are_known(given, census, holdings.annotators)) if given else [])


def _stop_early(checks: list[Any], where: str, *asked: Any) -> list[Problem]:
    """The checks of the text build on each other: without sound offsets there is no slice to compare."""
    return next((found for check in checks if (found := list(_run(check, where, *asked)))), [])


def _all(checks: tuple[Any, ...], where: str, *asked: Any) -> list[Problem]:
    return [problem for check in checks for problem in _run(check, where, *asked)]


def _run(check: Any, where: str, *asked: Any) -> Iterator[Problem]:
    found: Iterator[Finding] = check(*asked)
    for pointer, message, hint in found:
        yield Problem(where=where, pointer=pointer, check=check_id(check), message=message, hint=hint)

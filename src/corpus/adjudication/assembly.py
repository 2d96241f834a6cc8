"""Gold from a comparison and the choices of an adjudicator. What all layers share is taken; every other point needs a choice with a rule.

Refuses to choose by itself: a difference without a choice is an error that names it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus import codec
from corpus.adjudication.comparison import OF_ATTRIBUTION, Cluster, Comparison, Difference
from corpus.codec import ATTRIBUTES, in_order
from corpus.model import ENDS, GOLD, HUBS, About, AnnotationSet, Attribution, Decision, Layer, Link, Mention
from corpus.problems import CorpusError
from corpus.tasks import from_later_to_earlier

Point = tuple[str, str, str | None]  # what it is about, the cluster, what it asks
UNUSED = "7.1"  # the rule by which a source or cue that no statement keeps is not marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What an adjudicator settles: whose reading is taken ("c1a0"), or a value of the adjudicator's own, and by which rule ("2.3").

    An own value is a Mention for a mention (None drops it), a value for an attribute, (sources, cues) by cluster for an attribution,
    true or false for a link.
    """

    rule: str
    annotator: str | None = None
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What no annotator marked and the adjudicator adds, by one rule. Attributions and links may name clusters beside these mentions."""

    rule: str
    mentions: tuple[Mention, ...]
    attributions: tuple[Attribution, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overruling:
    """What all annotators hold and the adjudicator does not, by one rule: cluster "c4", and the value in its place.

    `asks` is None for the mention itself (a value of None drops it), the name of an attribute, "parts" for (sources, cues) by cluster, or
    "type c5" for a link to cluster c5.
    """

    cluster: str
    asks: str | None
    value: Any
    rule: str

    @property
    def about(self) -> About:
        """What a decision says that it was about."""
        if self.asks is None or self.asks == "parts":
            return "mention" if self.asks is None else "attribution"
        return "link" if " " in self.asks else "attribute"

    @property
    def point(self) -> Point:
        """Its place among the settled values."""
        return self.about, self.cluster, None if self.asks == "parts" else self.asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What holds at a point, after the choices: difference → its value; and whose side each cluster is on."""

    values: Mapping[Point, Any]
    mentions: dict[str, Mention]


def assembled(
    comparison: Comparison,
    choices: Mapping[str, Choice],
    *,
    guidelines: str,
    added: Sequence[Addition] = (),
    overruled: Sequence[Overruling] = (),
) -> AnnotationSet:
    """The gold layer. `choices` names each difference by its id."""
    missing = [one.id for one in comparison.differences if one.id not in choices]
    if missing:
        raise CorpusError(f"{_document(comparison)}: no choice for {', '.join(missing)}")
    settled = _settled(comparison, choices, overruled)
    mentions = settled.mentions | {one.id: one for addition in added for one in addition.mentions}
    attributions = [one for cluster in comparison.clusters if (one := _attribution(comparison, cluster, settled, mentions))]
    attributions += [one for addition in added for one in addition.attributions]
    used = {name for one in attributions for name in (*one.sources, *one.cues)}
    idle = [name for name, one in mentions.items() if one.label in ("source", "cue") and name not in used]
    kept = {name: one for name, one in mentions.items() if name not in idle}
    links = [*_links(comparison, settled, kept), *(link for addition in added for link in addition.links)]
    any_layer = next(iter(comparison.layers.values()))
    gold = AnnotationSet(
        document=any_layer.document,
        text_sha256=any_layer.text_sha256,
        annotator=GOLD,
        origin="adjudicated",
        guidelines=guidelines,
        made_from=tuple(Layer(annotator=who, sha256=codec.fingerprint(layer)) for who, layer in comparison.layers.items()),
        decisions=tuple(
            sorted(
                {*_decisions(comparison, choices), *_consequences(comparison, idle), *_additions(added), *_overruled(comparison, overruled)}
            )
        ),
        mentions=tuple(kept.values()),
        attributions=tuple(attributions),
        links=tuple(from_later_to_earlier(link, kept) for link in links),
    )
    return _renamed(in_order(gold))


def _document(comparison: Comparison) -> str:
    return next(iter(comparison.layers.values())).document


def _settled(comparison: Comparison, choices: Mapping[str, Choice], overruled: Sequence[Overruling]) -> Settled:
    values = {_point(one): _value(one, choices[one.id]) for one in comparison.differences if one.about != "mention"}
    values |= {one.point: one.value for one in overruled}
    chosen = {one.cluster.id: _mention(one, choices[one.id]) for one in comparison.differences if one.about == "mention"}
    chosen |= {one.cluster: one.value for one in overruled if one.asks is None}
    shared = {one.id: next(iter(one.mentions.values())) for one in comparison.clusters}
    taken = {name: one for name, held in shared.items() if (one := chosen.get(name, held)) is not None}
    mentions = {name: _with_attributes(name, one, values) for name, one in taken.items()}
    return Settled(values=values, mentions=mentions)


def _point(one: Difference) -> Point:
    return one.about, one.cluster.id, one.asks


def _value(one: Difference, choice: Choice) -> Any:
    if choice.annotator is None:
        return choice.value
    if choice.annotator not in one.held:
        raise CorpusError(f"{one.id}: {choice.annotator} holds nothing there; name one of {', '.join(one.held)}, or give a value")
    return one.held[choice.annotator]


def _mention(one: Difference, choice: Choice) -> Mention | None:
    return one.cluster.mentions.get(choice.annotator) if choice.annotator is not None else choice.value


def _with_attributes(name: str, mention: Mention, values: Mapping[Point, Any]) -> Mention:
    """The mention under its cluster's name, with what was settled of its attributes."""
    settled = {key: values["attribute", name, key] for key in ATTRIBUTES[mention.label] if ("attribute", name, key) in values}
    return replace(mention, id=name, **settled)


def _attribution(comparison: Comparison, cluster: Cluster, settled: Settled, kept: Mapping[str, Mention]) -> Attribution | None:
    """As settled, or as all who marked the hub have it; what was dropped falls out of it."""
    if cluster.id not in kept or kept[cluster.id].label not in HUBS:
        return None
    said = [one for who, mention in cluster.mentions.items() for one in comparison.layers[who].attributions if one.hub == mention.id]
    own = settled.values.get(("attribution", cluster.id, None))
    sources, cues = own if own is not None else _shared_parts(comparison, cluster)
    facts = {name: settled.values.get(("attribute", cluster.id, name), getattr(said[0], name) if said else None) for name in OF_ATTRIBUTION}
    sources, cues = (tuple(name for name in names if name in kept) for names in (sources, cues))
    if not (sources or cues) and kept[cluster.id].label == "claim" and (own is not None or not said):
        return None  # settled to be in the writer's own voice
    return Attribution(id=f"a-{cluster.id}", hub=cluster.id, sources=sources, cues=cues, **facts)


def _shared_parts(comparison: Comparison, cluster: Cluster) -> tuple[Sequence[str], Sequence[str]]:
    who, mention = next(iter(cluster.mentions.items()))
    said = next((one for one in comparison.layers[who].attributions if one.hub == mention.id), None)
    if said is None:
        return (), ()
    return [comparison.at[who, name].id for name in said.sources], [comparison.at[who, name].id for name in said.cues]


def _links(comparison: Comparison, settled: Settled, kept: Mapping[str, Mention]) -> list[Link]:
    """Drawn by all who could, or settled so; both ends must have been kept."""
    found: dict[tuple[str, str, str], Link] = {}
    for who, layer in comparison.layers.items():
        for link in layer.links:
            first, second = comparison.at[who, link.from_].id, comparison.at[who, link.to].id
            stands = settled.values.get(("link", first, f"{link.type} {second}"), True)
            if stands and first in kept and second in kept and first != second and _fit(link, kept[first], kept[second]):
                found[link.type, first, second] = Link(type=link.type, from_=first, to=second)
    return list(found.values())


def _fit(link: Link, first: Mention, second: Mention) -> bool:
    """A link falls with the label that it needs: a claim that was settled to be no denial denies nothing."""
    starts, ends = ENDS[link.type]
    return first.label in starts and second.label in ends


def _decisions(comparison: Comparison, choices: Mapping[str, Choice]) -> Iterable[Decision]:
    for one in comparison.differences:
        yield Decision(start=one.cluster.start, end=one.cluster.end, about=one.about, rule=choices[one.id].rule)


def _consequences(comparison: Comparison, idle: Iterable[str]) -> Iterable[Decision]:
    """A source or cue that all had marked, and that no statement keeps."""
    by_id = {one.id: one for one in comparison.clusters}
    told = {one.cluster.id for one in comparison.differences if one.about == "mention"}
    for name in idle:
        if name not in told:
            yield Decision(start=by_id[name].start, end=by_id[name].end, about="mention", rule=UNUSED)


def _additions(added: Iterable[Addition]) -> Iterable[Decision]:
    for addition in added:
        for one in addition.mentions:
            yield Decision(start=one.spans[0].start, end=one.spans[-1].end, about="mention", rule=addition.rule)


def _overruled(comparison: Comparison, overruled: Iterable[Overruling]) -> Iterable[Decision]:
    by_id = {one.id: one for one in comparison.clusters}
    for one in overruled:
        yield Decision(start=by_id[one.cluster].start, end=by_id[one.cluster].end, about=one.about, rule=one.rule)


def _renamed(gold: AnnotationSet) -> AnnotationSet:
    """Mentions as m1, m2, … in the order of the text."""
    names = {one.id: f"m{nth}" for nth, one in enumerate(gold.mentions, start=1)}
    return in_order(
        replace(
            gold,
            mentions=tuple(replace(one, id=names[one.id]) for one in gold.mentions),
            attributions=tuple(
                replace(
                    one,
                    id=f"a-{names[one.hub]}",
                    hub=names[one.hub],
                    sources=tuple(names[name] for name in one.sources),
                    cues=tuple(names[name] for name in one.cues),
                )
                for one in gold.attributions
            ),
            links=tuple(Link(type=one.type, from_=names[one.from_], to=names[one.to]) for one in gold.links),
        )
    )

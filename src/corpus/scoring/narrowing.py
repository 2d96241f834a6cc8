"""Layers without what another corpus does not tell: labels of hubs, hubs inside hubs. So two schemes can be compared."""

from dataclasses import replace
from typing import Any

from corpus.checks.of_relations import contains
from corpus.model import HUBS, AnnotationSet, Mention


def hubs_as_content(layer: AnnotationSet) -> AnnotationSet:
    """Claims and denials as contents; a hub marked twice under two labels once. Links go, for they join labels."""
    seen: dict[tuple[Any, ...], Mention] = {}
    for one in layer.mentions:
        plain = replace(one, label="content", responsibility=None, denial_scope=None) if one.label in HUBS else one
        seen.setdefault((plain.label, plain.spans), plain)
    kept = {one.id for one in seen.values()}
    said = tuple(one for one in layer.attributions if one.hub in kept)
    return replace(layer, mentions=tuple(seen.values()), attributions=said, links=())


def outermost(layer: AnnotationSet) -> AnnotationSet:
    """Without hubs that lie in another one, and without the sources and cues that only those have."""
    hubs = [one for one in layer.mentions if one.label in HUBS]
    inner = {one.id for one in hubs for other in hubs if one is not other and _size(other) > _size(one) and contains(other, one)}
    said = tuple(one for one in layer.attributions if one.hub not in inner)
    kept = {name for one in said for name in (one.hub, *one.sources, *one.cues)}
    links = tuple(one for one in layer.links if {one.from_, one.to} <= kept)
    return replace(layer, mentions=tuple(one for one in layer.mentions if one.id in kept), attributions=said, links=links)


def _size(mention: Mention) -> int:
    return sum(span.end - span.start for span in mention.spans)

"""A comparison as a Label Studio task for an adjudicator, and the settled task as one of gold. Knows rows and relations, not the server.

What all hold is drawn as it stands, under the cluster's id ("c4"); where they part each reading is offered beside the others
("c4-4b22"), to be kept or dropped by a rule.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from corpus import schema, tasks
from corpus.adjudication.comparison import Cluster, Comparison, Difference
from corpus.codec import fingerprint
from corpus.model import GOLD, About, Decision, Document, Layer
from corpus.problems import Problem
from corpus.tasks import Row, Task

PROJECT = "adjudication"  # its title on the server has the same prefix as those of annotators
_TITLE = re.compile(r"^\*\*([0-9]+\.[0-9]+) (.+?)\*\*", re.MULTILINE)
_RULE = re.compile(r"(?:(mention|attribute|attribution|link)\s+)?([0-9]+\.[0-9]+)")


def labelling_page() -> str:
    """The annotators' page with the verdict, the rule and the list of differences."""
    page = schema.labelling_page().rstrip().removesuffix("</View>")
    return page + schema.page("adjudication") + "</View>\n"


def rules(guidelines: str) -> str:
    r"""The rules of GUIDELINES.md by number and title, a line each.

    >>> rules("# Guidelines\n\n**1.1 Only the words count.** Read it first.")
    '1.1 Only the words count.'
    """
    return "\n".join(f"{number} {title.replace('`', '')}" for number, title in _TITLE.findall(guidelines))


def to_task(document: Document, comparison: Comparison, guidelines: str, titles: str = "") -> Task:
    """The task: text, both readings as one suggestion, the differences in words, the titles of the rules."""
    made_from = tuple(Layer(annotator=who, sha256=fingerprint(layer)) for who, layer in comparison.layers.items())
    task = tasks.to_task(document, GOLD, guidelines, None, made_from=made_from)
    told = "\n".join(_told(one, document.text or "") for one in comparison.differences)
    offered = list(_rows(document.text or "", comparison))
    task["data"] |= {"differences": told or "The readings are the same.", "rules": titles or "They stand in annotations/GUIDELINES.md."}
    return task | {"predictions": [{"model_version": " and ".join(comparison.layers), "result": offered}]}


def settled(task: Task, where: str, pointer: str, comparison: Comparison) -> tuple[Task, list[Problem]]:
    """The task as one of gold: what was dropped is gone, every difference has its rule; or what is still open."""
    annotations, problems = [], []
    for at, annotation in enumerate(task["annotations"]):
        rows: list[Row] = annotation.get("result", [])
        base = f"{pointer}/annotations/{at}/result"
        if not annotation.get("was_cancelled"):
            problems += list(_undecided(rows, where, base, comparison))
        annotations.append(annotation | {"result": list(_kept(rows))})
    rules = [row for one in task["annotations"] if not one.get("was_cancelled") for row in one["result"] if row.get("from_name") == "rule"]
    decisions = [tasks.decision(one) for one in sorted(set(_decisions(rules, comparison)))]
    data = {key: value for key, value in task["data"].items() if key not in ("differences", "rules")} | {"decisions": decisions}
    return task | {"data": data, "annotations": annotations}, problems


def _rows(text: str, comparison: Comparison) -> Iterator[Row]:
    parted = {one.cluster.id for one in comparison.differences if one.about == "mention"}
    open_ = {(one.cluster.id, one.asks) for one in comparison.differences if one.about == "attribute"}
    drawn: set[tuple[str, str, str]] = set()
    for who, layer in comparison.layers.items():
        said = {one.hub: one for one in layer.attributions}
        for mention in layer.mentions:
            cluster = comparison.at[who, mention.id]
            if cluster.id in parted or next(iter(cluster.mentions)) == who:
                name = _region(cluster, who, parted)
                values = tasks.attributes(mention, said.get(mention.id))
                shown = {key: value for key, value in values.items() if cluster.id in parted or (cluster.id, key) not in open_}
                yield from tasks.mention_rows(text, name, mention, shown)
                yield from tasks.continuations(name, mention)
        for first, second, kind in _joined(comparison, who):
            ends = (_region(comparison.at[who, first], who, parted), _region(comparison.at[who, second], who, parted), kind)
            if ends not in drawn and not _open_link(comparison, who, first, second, kind):
                drawn.add(ends)
                yield tasks.relation(*ends)


def _region(cluster: Cluster, who: str, parted: Iterable[str]) -> str:
    return f"{cluster.id}-{who}" if cluster.id in parted else cluster.id


def _joined(comparison: Comparison, who: str) -> Iterator[tuple[str, str, str]]:
    layer = comparison.layers[who]
    for one in layer.attributions:
        yield from ((one.hub, name, "has_source") for name in one.sources)
        yield from ((one.hub, name, "has_cue") for name in one.cues)
    yield from ((link.from_, link.to, link.type) for link in layer.links)


def _open_link(comparison: Comparison, who: str, first: str, second: str, kind: str) -> bool:
    """Drawn by one and not by another: told in words, for a relation can be neither kept nor dropped on the page."""
    asked = (comparison.at[who, first].id, f"{kind} {comparison.at[who, second].id}")
    return any(one.about == "link" and (one.cluster.id, one.asks) == asked for one in comparison.differences)


def _told(one: Difference, text: str) -> str:
    held = "; ".join(f"{who}: {_value(value, text)}" for who, value in one.held.items())
    return f"{one.cluster.id} {one.about}{' ' + one.asks if one.asks else ''}: {held}"


def _value(value: Any, text: str) -> str:
    match value:
        case (str() as label, tuple() as stretches):
            return f"{label} “{' … '.join(text[start:end] for start, end in stretches)}”"
        case (tuple() as sources, tuple() as cues):
            return f"{' '.join(sources) or 'no source'}, {' '.join(cues) or 'no cue'}"
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
    return str(value)


def _kept(rows: Iterable[Row]) -> Iterator[Row]:
    """Without what the page adds, and without what was dropped."""
    rows = list(rows)
    dropped = {row["id"] for row in rows if row.get("from_name") == "verdict" and row["value"]["choices"] == ["drop"]}
    heads = {row["from_id"]: row["to_id"] for row in rows if row["type"] == "relation" and "continues" in row.get("labels", ())}
    gone = dropped | {fragment for fragment, head in heads.items() if head in dropped}
    for row in rows:
        ends = {row.get("id"), row.get("from_id"), row.get("to_id")}
        if row.get("from_name") not in ("verdict", "rule") and not ends & gone:
            yield row


def _undecided(rows: list[Row], where: str, base: str, comparison: Comparison) -> Iterator[Problem]:
    verdicts = {row["id"] for row in rows if row.get("from_name") == "verdict"}
    for at, row in enumerate(rows):
        if row["type"] == "labels" and re.fullmatch(r"c\d+-(?:[0-9a-f]{4})", row["id"]) and row["id"] not in verdicts:
            message = f"the reading {row['id']} is neither kept nor dropped"
            yield Problem(where=where, pointer=f"{base}/{at}", check="difference-is-decided", message=message)
    ruled = _rules(row for row in rows if row.get("from_name") == "rule")
    for one in comparison.differences:
        if not {(one.cluster.id, one.about), (one.cluster.id, None)} & set(ruled):
            message = f"no rule for the {one.about} at {one.cluster.id}; name one on a region of it"
            yield Problem(where=where, pointer=base, check="difference-is-decided", message=message)


def _decisions(rows: Iterable[Row], comparison: Comparison) -> Iterator[Decision]:
    ruled = _rules(rows)
    for one in comparison.differences:
        rule = ruled.get((one.cluster.id, one.about)) or ruled.get((one.cluster.id, None))
        if rule is not None:
            yield Decision(start=one.cluster.start, end=one.cluster.end, about=one.about, rule=rule)


def _rules(rows: Iterable[Row]) -> Mapping[tuple[str, About | None], str]:
    """Cluster and what it is about (None for all) → rule, as written on the regions."""
    found: dict[tuple[str, Any], str] = {}
    for row in rows:
        for line in "\n".join(row["value"]["text"]).split("\n"):
            written = _RULE.fullmatch(line.strip())
            if written is not None:
                found[row["id"].partition("-")[0].partition(".")[0], written[1]] = written[2]
    return found

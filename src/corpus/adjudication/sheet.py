r"""Adjudication in words, for who settles differences outside Label Studio: a sheet of what the readings hold, and the answers to it.

Answers are one a line, with the rule at the end; marks of one's own are in corpus.notation, with numbers from 901 on.

    document toy_0001
    d1 4b22 1.6                      that reading is taken (nothing, where it marked nothing)
    d2 value hedged 5.3              an attribute
    d3 mark c901 none "the mill" 1.7 a mention of one's own
    d4 parts s4 : k5 7.1             sources and cues, as the sheet names them
    d5 yes 6.1                       a link stands; or no
    h7 drop 1.9                      overruled, though all hold it; also: mark, parts, set certainty hedged, unlink denies h3
    + 2.8                            what nobody marked: lines of notation follow, which may name what the sheet names
    l denies h6 h3
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from corpus import notation
from corpus.adjudication.assembly import Addition, Choice, Overruling, assembled
from corpus.adjudication.comparison import Cluster, Comparison, Difference, compared, kind_of
from corpus.codec import ATTRIBUTES
from corpus.model import AnnotationSet, Attribution, Document, Link, Mention
from corpus.notation import Note
from corpus.problems import CorpusError

_LETTER = {"hub": "h", "source": "s", "cue": "k"}
_NAME = r"[hsk][0-9]+"
_ANSWER = re.compile(rf"(d[0-9]+|{_NAME})\s+(.+?)\s+([0-9]+\.[0-9]+)")
_ADDED = re.compile(r"\+\s*([0-9]+\.[0-9]+)")
_OWN = 901  # numbers from here on are the adjudicator's own marks
YES_NO = {"yes": True, "no": False}


@dataclass(kw_only=True)
class _Answers:
    """What has been read of an article so far."""

    choices: dict[str, Choice] = field(default_factory=dict)
    overruled: list[Overruling] = field(default_factory=list)
    added: list[tuple[str, list[str]]] = field(default_factory=list)
    in_place_of: dict[str, str] = field(default_factory=dict)  # an own mark → the cluster whose place it takes


def written(document: Document, comparison: Comparison) -> str:
    """The sheet: the text, what every reading holds, and where they part."""
    text = document.text or ""
    held = "\n".join(_held(comparison, one, text) for one in comparison.clusters)
    drawn = "\n".join(_drawn(comparison))
    parted = "\n".join(_told(comparison, one, text) for one in comparison.differences) or "none"
    head = f"===== document {document.id} =====\n{text.rstrip()}\n"
    return f"{head}----- marks\n{held}\n{drawn}\n----- differences\n{parted}\n"


def settled(note: Note, document: Document, comparison: Comparison, *, guidelines: str, withheld: bool) -> AnnotationSet:
    """Gold of an article, from the answers to its sheet."""
    answers = _Answers()
    for number, line in note.lines:
        try:
            _take(answers, line, comparison, document.text or "", withheld=withheld)
        except CorpusError as error:
            raise CorpusError(f"{document.id}, line {number}: {error}") from None
    added = [_addition(rule, lines, document, answers.in_place_of, withheld=withheld) for rule, lines in answers.added]
    return assembled(comparison, answers.choices, guidelines=guidelines, added=added, overruled=answers.overruled)


def reviewed(note: Note, document: Document, gold: AnnotationSet, *, guidelines: str, withheld: bool) -> AnnotationSet:
    """Gold after a later look at it: the answers overrule or add, each by a rule, and stand beside the decisions made before."""
    again = settled(note, document, compared([gold]), guidelines=guidelines, withheld=withheld)
    decisions = {*(gold.decisions or ()), *(again.decisions or ())}
    return replace(again, made_from=gold.made_from, decisions=tuple(sorted(decisions)))


def _take(answers: _Answers, line: str, comparison: Comparison, text: str, *, withheld: bool) -> None:
    if opened := _ADDED.fullmatch(line):
        answers.added.append((opened[1], []))
    elif (found := _ANSWER.fullmatch(line)) and not (answers.added and notation.is_line(line)):
        _answer(answers, *found.groups(), comparison=comparison, text=text, withheld=withheld)
    elif answers.added:
        answers.added[-1][1].append(line)
    else:
        raise CorpusError(f"cannot be read: {line[:80]}")


def _answer(answers: _Answers, name: str, words: str, rule: str, *, comparison: Comparison, text: str, withheld: bool) -> None:
    by_id: Mapping[str, Difference] = {one.id: one for one in comparison.differences}
    if name.startswith("d"):
        if name not in by_id:
            raise CorpusError(f"there is no difference {name}")
        answers.choices[name] = _choice(by_id[name], words, rule, text, withheld=withheld)
        cluster = by_id[name].cluster
    else:
        cluster = _cluster(name, comparison)
        answers.overruled.append(_overruling(cluster, words, rule, text, withheld=withheld))
    if own := re.match(r"mark ([a-z]+[0-9]+) ", words):
        answers.in_place_of[f"own-{own[1]}"] = cluster.id


def _choice(difference: Difference, words: str, rule: str, text: str, *, withheld: bool) -> Choice:
    if words in difference.held:
        return Choice(rule=rule, annotator=words)
    if words in YES_NO and difference.about == "link":
        return Choice(rule=rule, value=YES_NO[words])
    if words == "none" and difference.about == "mention":
        return Choice(rule=rule, value=None)
    return Choice(rule=rule, value=_value(difference.about, words, text, withheld=withheld))


def _value(about: str, words: str, text: str, *, withheld: bool) -> Any:
    how, _, rest = words.partition(" ")
    match about, how:
        case "mention", "mark":
            return notation.mention_of(rest, text, withheld=withheld)
        case "attribute", "value":
            return None if rest == "-" else rest.strip('"')
        case "attribution", "parts":
            sources, _, cues = rest.partition(":")
            return tuple(tuple(f"c{one[1:]}" for one in re.findall(_NAME, names)) for names in (sources, cues))
    raise CorpusError(f"{words[:60]!r} is no answer about a difference of {about}")


def _overruling(cluster: Cluster, words: str, rule: str, text: str, *, withheld: bool) -> Overruling:
    how, _, rest = words.partition(" ")
    match how:
        case "drop":
            return Overruling(cluster=cluster.id, asks=None, value=None, rule=rule)
        case "mark":
            return Overruling(cluster=cluster.id, asks=None, value=_value("mention", words, text, withheld=withheld), rule=rule)
        case "parts":
            return Overruling(cluster=cluster.id, asks="parts", value=_value("attribution", words, text, withheld=withheld), rule=rule)
        case "set":
            name, _, value = rest.partition(" ")
            return Overruling(
                cluster=cluster.id, asks=name, value=_value("attribute", f"value {value}", text, withheld=withheld), rule=rule
            )
        case "unlink":
            kind, _, other = rest.partition(" ")
            return Overruling(cluster=cluster.id, asks=f"{kind} c{other[1:]}", value=False, rule=rule)
    raise CorpusError(f"{words[:60]!r} overrules nothing: drop, mark, parts, set, unlink")


def _addition(rule: str, lines: Sequence[str], document: Document, in_place_of: Mapping[str, str], *, withheld: bool) -> Addition:
    """Marks in notation; names below 901 are clusters of the sheet."""

    def named(name: str) -> str:
        return in_place_of.get(_named(name), _named(name))

    numbered = tuple(enumerate((re.sub(r'\bh(\d+)\b(?=[^"]*(?:"[^"]*"[^"]*)*$)', r"x\1", one) for one in lines), start=1))
    read = notation.parts_of(Note(document=document.id, lines=numbered), document, withheld=withheld)
    return Addition(
        rule=rule,
        mentions=tuple(replace(one, id=named(one.id)) for one in read.mentions),
        attributions=tuple(
            replace(one, hub=named(one.hub), sources=tuple(map(named, one.sources)), cues=tuple(map(named, one.cues)))
            for one in read.attributions
        ),
        links=tuple(Link(type=one.type, from_=named(one.from_), to=named(one.to)) for one in read.links),
    )


def _named(name: str) -> str:
    """A cluster's id, or that of an own mark, which no cluster has."""
    return f"own-{name}" if int(name[1:]) >= _OWN else f"c{name[1:]}"


def _cluster(name: str, comparison: Comparison) -> Cluster:
    found = next((one for one in comparison.clusters if _name(one) == name), None)
    if found is None:
        raise CorpusError(f"the sheet has no {name}")
    return found


def _name(cluster: Cluster) -> str:
    return _LETTER[kind_of(next(iter(cluster.mentions.values())))] + cluster.id[1:]


def _held(comparison: Comparison, cluster: Cluster, text: str) -> str:
    """Who marked it, and all that hangs on it in the first of the readings that did."""
    who, mention = next(iter(cluster.mentions.items()))
    alone = "" if len(cluster.mentions) == len(comparison.layers) else f"   (only {who})"
    said = next((one for one in comparison.layers[who].attributions if one.hub == mention.id), None)
    return f"{_name(cluster)} {_words(mention, text)}{_parts(comparison, who, said)}{alone}"


def _words(mention: Mention, text: str) -> str:
    values = [str(getattr(mention, key) or "-") for key in ATTRIBUTES[mention.label]]
    quoted = " + ".join(f'"{text[span.start : span.end]}"' for span in mention.spans)
    return " ".join([mention.label, *values, quoted])


def _parts(comparison: Comparison, who: str, said: Attribution | None) -> str:
    if said is None:
        return ""
    sources, cues = (" ".join(_name(comparison.at[who, one]) for one in names) or "-" for names in (said.sources, said.cues))
    return f" : {sources} : {cues} : {said.quote_type} {said.polarity} {said.certainty}"


def _drawn(comparison: Comparison) -> Iterator[str]:
    """Each link once, with who drew it if not all did."""
    found: dict[str, list[str]] = {}
    for who, layer in comparison.layers.items():
        for link in layer.links:
            first, second = _name(comparison.at[who, link.from_]), _name(comparison.at[who, link.to])
            found.setdefault(f"l {link.type} {first} {second}", []).append(who)
    for line, drawers in found.items():
        yield line if len(drawers) == len(comparison.layers) else f"{line}   (only {', '.join(drawers)})"


def _told(comparison: Comparison, one: Difference, text: str) -> str:
    return f"{one.id} {one.about} {_name(one.cluster)}{_asked(one, comparison)}: {'; '.join(_sides(comparison, one, text))}"


def _asked(one: Difference, comparison: Comparison) -> str:
    if one.asks is None:
        return ""
    kind, _, other = one.asks.partition(" ")
    return f" {kind}" + (f" {_name(next(each for each in comparison.clusters if each.id == other))}" if other else "")


def _sides(comparison: Comparison, one: Difference, text: str) -> Iterable[str]:
    names = {each.id: _name(each) for each in comparison.clusters}
    for who, value in one.held.items():
        match value:
            case (str(), tuple()):
                yield f"{who} {_words(one.cluster.mentions[who], text)}"
            case (tuple() as sources, tuple() as cues):
                yield f"{who} {' '.join(names[each] for each in sources) or '-'} : {' '.join(names[each] for each in cues) or '-'}"
            case None:
                yield f"{who} {'nothing' if one.about == 'mention' else '-'}"
            case _:
                yield f"{who} {value}"

"""The card of a release as a person reads it: who annotated, how to load and cite, counts, licences, fields, limits.

What words measures is loaded where there are some.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from corpus import schema
from corpus.card import terms
from corpus.card.citation import in_words
from corpus.card.facts import Facts
from corpus.model import Label, LinkType

_ABOUT: Mapping[str, str] = {
    "documents": "one row an article: its facts and its reading of record (mentions, attributions, links)",
    "attributions": "one row a reported statement, with its sources and cues",
    "denials": "one row a denial, with its sources and the claims it denies",
    "tokens": "one row an article: tokens and a BIO tag for each label",
    "claims": "one row a place where a claim of the registry stands: the claim in the corpus's words, and who asserts or denies it there",
    "annotations": "one row a layer: every annotator's own reading",
}


_WITHHELD = "Where a text is withheld, `text` and `quote` are null; the offsets and fingerprints stand, and"


def body(facts: Facts) -> str:
    """All below the head."""
    return "\n".join(_body(facts)) + "\n"


def _body(facts: Facts) -> Iterator[str]:
    release = facts.manifest
    yield f"# {terms.title(release)}\n"
    if release.text == "all":
        yield "**This was built on its reader's machine, with texts that may not be passed on. It is no release;"
        yield "cite one that others can get.**\n"
    yield from _who_annotated(facts)
    yield "News articles in which every reported statement is marked: what is claimed, what is denied, who says so, and which claim"
    yield "each denial denies. The corpus records who says what; it never says what is true.\n"
    commit = f", commit `{release.commit}`" if release.commit else ""
    yield f"Version {release.version}{commit}, content digest `{release.digest}`.\n"
    yield "## Load\n"
    yield f'```python\nfrom datasets import load_dataset\n\ndenials = load_dataset("dist/cda-corpus-{release.version}", "denials")\n```\n'
    yield "`corpus.load` gives the same, and refuses a changed file, or another version than the one asked for"
    yield f'(`load("{release.version}", …)`):\n'
    yield f'```python\nimport corpus\n\ndenials = corpus.load("dist/cda-corpus-{release.version}", "denials")\n```\n'
    yield _table(("config", "holds", "rows"), [(f"`{one}`", _ABOUT[one], facts.tally["rows", one]) for one in facts.configs])
    yield from _judged(facts)
    yield "\nSplits are a function of the story alone; a split without rows is left out."
    yield "Offsets count Unicode code points; the end is exclusive.\n"
    yield "## Counts\n"
    yield _table(("what", "number"), list(_counts(facts)))
    yield from _agreement(facts)
    yield from _systems(facts)
    yield "\n## Texts and licences\n"
    yield from _of_licences(facts)
    yield "`corpus hydrate` puts the text there from your own copy.\n"
    yield "## Fields of a reading\n"
    yield _table(("field", "meaning"), list(_fields()))
    yield "\n## Cite\n"
    yield in_words(release) + "\n"
    yield "CITATION.cff, CITATION.bib and citation.json (CSL) say the same to programs; croissant.json and ro-crate-metadata.json describe"
    yield "the release to them. A version names one content digest for good."
    if release.withdrawn:
        yield "\n## Withdrawn\n"
        yield _table(("document", "day", "reason"), [(one["document"], one["date"], one["reason"]) for one in release.withdrawn])


def _who_annotated(facts: Facts) -> Iterator[str]:
    if all(one.kind != "human" for one in facts.annotators):
        yield "**No person has verified these annotations yet: all were made by a language model and are to be read as such.**\n"
    for one in facts.annotators:
        model = f", {one.model['name']} by {one.model['developer']}" if one.model else ""
        yield f"- annotator `{one.id}`: {one.kind}{model}, guidelines {one.guidelines}"
    yield ""


def _judged(facts: Facts) -> Iterator[str]:
    """That the answers of annotators, by which the registry may grow, are no part of the release, and how many there are."""
    if facts.tally["rows", "claims"] or facts.judged:
        from corpus import agreement

        yield "\nAnnotators' answers to pairs across articles, by which the registry of claims may grow, are not in this release."
        judged = agreement.judged_in_words(facts.judged)
        yield f"They stand in the repository (`annotations/claims/judgements/`). {judged}"


def _counts(facts: Facts) -> Iterator[tuple[str, int]]:
    tally = facts.tally
    yield "documents with a reading of record", tally["documents", "read"]
    yield from ((f"mentions: {label}", tally["mentions", label]) for label in get_args(Label))
    yield "attributions", tally["attributions", "read"]
    yield from ((f"links: {kind}", tally["links", kind]) for kind in get_args(LinkType))
    yield "denials linked to what they deny", tally["denials", "linked"]


def _agreement(facts: Facts) -> Iterator[str]:
    if facts.agreement is None:
        return
    from corpus import agreement

    yield "\n## Agreement\n"
    who = [one for one in facts.annotators if one.id in facts.agreement.whole.annotators]
    if len({one.model["name"] for one in who if one.model}) == 1 and all(one.model for one in who):
        yield "**The annotators are instances of one model: what one misreads the other is likely to misread, too. The figures say how far"
        yield "the guidelines settle a reading. They say nothing of how a person would read, and do not compare with those of people.**\n"
    yield agreement.figures(facts.agreement).rstrip()
    yield "\n`corpus agree` gives the same by source, and where the readings part."


def _systems(facts: Facts) -> Iterator[str]:
    if facts.leaderboard:
        from corpus.scoring import board

        yield "\n## Systems\n"
        yield "How well systems find what gold holds, beside people where their figures are known. Figures as they were measured: the"
        yield "hashes say on which gold. `corpus score` measures another system.\n"
        yield board.markdown(facts.leaderboard).rstrip()


def _of_licences(facts: Facts) -> Iterator[str]:
    """The table, and in words what holds for all; where annotations are not ours, whose they are, and that licences meet in a config."""
    heads, rows = ("source", "documents", "text in this release", "licence"), list(_licences(facts))
    told = facts.manifest.terms
    if told is None:
        yield _table(heads, rows)
        yield f"\nThe annotations are CC BY 4.0. {_WITHHELD}"
        return
    named = [(*row, told[id]["annotations"]) for row, id in zip(rows, sorted(told), strict=True)]
    yield _table((*heads, "licence of the annotations"), named)
    yield ""
    if len(met := terms.licences(facts.manifest)) > 1:
        yield f"**Different licences meet in every config of this release: {'; '.join(met)}.**"
        yield "**The column `source` of `documents` says which article stands under which.**\n"
    yield "The annotations are their makers', converted by `corpus convert`; what the scheme has no place for was left out."
    yield _WITHHELD


def _licences(facts: Facts) -> Iterator[tuple[str, int, str, str]]:
    for id, number in facts.told("source").items():
        source = facts.sources[id]
        text = "yes" if facts.manifest.text == "all" or source.text == "included" else "withheld"
        yield f"{id} ({source.title})", number, text, source.licence


def _fields() -> Iterator[tuple[str, str]]:
    defs = schema.load("annotation")["$defs"]
    for kind in ("mention", "span", "attribution", "link"):
        for name, held in defs[kind]["properties"].items():
            values = ", ".join(str(value) for value in held.get("enum", []) if value is not None)
            yield f"`{kind}.{name}`", held["description"] + (f" ({values})" if values else "")


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: Any) -> str:
    """A cell can neither end its row, nor open a tag."""
    return " ".join(str(value).replace("|", "\\|").replace("<", "&lt;").split())

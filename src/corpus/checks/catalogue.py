"""Every check by its id: level, title, explanation, cure. Read from the checks' own docstrings, so the two cannot part."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from corpus import checks, policy
from corpus.checks import of_corpus

Level = Literal["bytes", "schema", "text", "relations", "corpus", "export", "release", "policy", "submission", "conversion"]

_ABOUT_LEVELS: Mapping[Level, str] = {
    "bytes": "Asked first, of every file: can it be read at all, and in one way only?",
    "schema": "Does it have the shape that `schema/` gives to its kind?",
    "text": "Does a layer fit the text of record? Each is asked only if the one before it holds.",
    "relations": "Do the ids, attributions and links of a layer hang together?",
    "corpus": "Do the files fit each other, the last release, and what may be passed on?",
    "export": "Can a task that comes back from Label Studio be read as a layer? Its text and relations are then asked as above.",
    "release": "Is a release what its manifest says? Asked by `corpus verify`.",
    "policy": "May a pull request from outside change this?",
    "submission": "Can a system's layers be scored? Asked by `corpus score`, with those of text and relations that `docs/task.md` names.",
    "conversion": "Can an article of another corpus be taken? Asked by `corpus convert` and `corpus.load`, with those of text and relations.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An entry of the catalogue: id "quote-matches-text", level "text", and what a person needs to know."""

    id: str
    level: Level
    title: str
    explanation: str
    cure: str


# Checks that are no function of their own: the strict reader's, the schema's, the paths' and the importer's.
_WRITTEN: tuple[tuple[Level, str, str, str, str], ...] = (
    ("bytes", "bytes-are-utf8", "A file is UTF-8 without a byte order mark.", "Other encodings move every offset.", "Save it as UTF-8."),
    ("bytes", "no-nul", "No file holds the character NUL.", "The labelling page drops it and shifts all later offsets.", "Remove it."),
    (
        "bytes",
        "no-lone-surrogate",
        "No string holds half of a surrogate pair.",
        "It makes Label Studio's export fail.",
        "Write the character.",
    ),
    ("bytes", "file-is-not-empty", "A file holds something.", "An empty file is most often a failed write.", "Restore it from git."),
    (
        "bytes",
        "file-is-not-huge",
        "A file has at most 4 MiB.",
        "Articles and layers are far smaller.",
        "Remove what does not belong there.",
    ),
    ("bytes", "json-is-well-formed", "A .json file is JSON.", "The message gives line and column.", "Correct the spelling there."),
    ("bytes", "keys-are-unique", "No object has a key twice.", "Readers differ in which one they take.", "Keep one of them."),
    (
        "bytes",
        "numbers-are-finite",
        "NaN and infinity are not JSON.",
        "Readers differ in what they make of them.",
        "Write a number or null.",
    ),
    ("bytes", "integers-are-small", "An integer is at most 2**53 - 1.", "Beyond that readers round.", "Correct the number."),
    ("bytes", "nesting-is-shallow", "Values are nested at most 64 deep.", "No file needs ten.", "Restore the file from git."),
    (
        "schema",
        "matches-schema",
        "A file holds to its schema.",
        "The schemas in schema/ are the contract of every stored file.",
        "As said.",
    ),
    (
        "corpus",
        "document-is-known",
        "A layer is of an article that has a record.",
        "raw/ says what there is.",
        "Correct the id, or add the article.",
    ),
    (
        "corpus",
        "document-id-is-unique",
        "No two articles have one id.",
        "Layers, splits and releases name articles by id, whatever their source.",
        "Give the later one an id of its own.",
    ),
    ("corpus", "annotator-is-declared-once", "No two annotators have one pseudonym.", "Layers name them by it.", "Keep one declaration."),
    (
        "corpus",
        "path-matches-content",
        "A path says what its file says.",
        "A layer is annotations/<document>/<annotator>.json.",
        "Move or correct it.",
    ),
    ("corpus", "form-is-canonical", "A file is in canonical form.", "So that a change shows only what changed.", "Run corpus format."),
    ("export", "text-unchanged", "A task was made on the text of record.", "Its offsets count in no other.", "Push the article again."),
    (
        "export",
        "region-id-is-unique",
        "No two regions of an annotation have one id.",
        "Relations name regions by id.",
        "Draw one of them anew.",
    ),
    ("export", "row-belongs-to-region", "A choice or a name belongs to a region.", "It says something of nothing otherwise.", "Remove it."),
    ("export", "attribute-fits-label", "An attribute stands on a label that has it.", "The page offers it nowhere else.", "Remove it."),
    (
        "export",
        "attribute-has-one-value",
        "A region has one value of an attribute.",
        "Of two, one would be lost.",
        "Choose again on the page.",
    ),
    ("export", "value-is-in-scheme", "A choice is one of the scheme's values.", "The server checks nothing.", "Choose again on the page."),
    (
        "export",
        "relation-has-direction",
        "A relation that is not mutual runs one way.",
        "denies is not mutual.",
        "Draw it anew, from the denial.",
    ),
    (
        "export",
        "relation-resolves",
        "Both ends of a relation are regions.",
        "A relation to nothing blanks the page.",
        "Remove the relation.",
    ),
    (
        "export",
        "fragment-continues-one-mention",
        "A fragment continues exactly one mention.",
        "It is a piece of it.",
        "Draw continues to the head.",
    ),
    (
        "export",
        "relation-joins-right-labels",
        "A relation joins the labels it is for.",
        "As in the scheme; links end at heads.",
        "Draw it from hub or fragment.",
    ),
    ("export", "one-layer-per-annotator", "An annotator submits one reading of an article.", "Two cannot both be it.", "Delete one."),
    (
        "export",
        "both-sides-unchanged",
        "A layer has not changed here and there.",
        "One would be lost.",
        "Keep one: corpus pull --overwrite takes the server's.",
    ),
    (
        "conversion",
        "article-is-readable",
        "An article of another corpus can be read, and each of its files belongs to one.",
        "Asked by `corpus convert` and `corpus.load` of files in a format of others; the message says what is wrong.",
        "Correct or leave away the file that it names, or convert the others with --keep-going.",
    ),
)


_OF_RELEASES: tuple[tuple[str, str, str, str], ...] = (
    ("manifest-is-whole", "A release has a manifest that hashes itself.", "Everything else is held to it.", "Fetch the release again."),
    ("file-is-named", "Every file of a release is named in its manifest.", "What nobody accounts for may be anything.", "Take it out."),
    ("file-is-there", "Every file that a manifest names is there.", "A link to elsewhere does not count.", "Fetch the release again."),
    ("file-is-unchanged", "Every file has the hash that the manifest names.", "One flipped bit is found.", "Fetch the release again."),
    ("shard-has-its-schema", "A shard has the columns of its config.", "A missing one would be read as null.", "Build the release again."),
    ("rows-are-counted", "A shard has as many rows as named.", "A part of a shard reads like a whole one.", "Build the release again."),
    (
        "rows-are-in-their-split",
        "Rows stand in the split of their document.",
        "Test data may not be trained on.",
        "Build the release again.",
    ),
    (
        "near-duplicates-share-a-story",
        "Articles that share half of their runs of five words share a story.",
        "Else the same words stand in training and in test data. Asked by `corpus build`, of the texts that are at hand.",
        "Give both records one story.",
    ),
    ("digest-is-that-of-the-rows", "The content digest is that of the rows.", "It is what is cited.", "Build the release again."),
    (
        "card-fits-the-shards",
        "The card names the rows and columns there are.",
        "load_dataset believes the card.",
        "Build the release again.",
    ),
)


_OF_SUBMISSIONS: tuple[tuple[str, str, str, str], ...] = (
    ("prediction-is-of-gold", "A prediction is of an article that gold has.", "There is nothing to score it by.", "Leave it out."),
    (
        "prediction-is-in-split",
        "Where training or validation is scored, no article of the test split is handed in.",
        "A system is measured on test once, not chosen by it.",
        "Leave it out, or ask for the test split.",
    ),
    (
        "prediction-is-no-gold",
        "A prediction is a system's or an annotator's own.",
        "The adjudicated reading is what is scored against.",
        "Hand in the system's layer, with its own annotator and origin.",
    ),
    ("article-is-predicted-once", "An article has one prediction.", "Of two nobody could say which counts.", "Keep one."),
    (
        "article-is-predicted",
        "Every article that is scored is predicted.",
        "What is left out would count as nothing or not at all, and nobody could tell.",
        "Add a layer; one without mentions says that nothing was found.",
    ),
)


def catalogue() -> dict[str, list[Check]]:
    """The entries by id; an id has several where a level asks the same rule of another kind of file."""
    groups: tuple[tuple[Level, tuple[Callable[..., Any], ...]], ...] = (
        ("text", checks.TEXT),
        ("relations", checks.RELATIONS),
        (
            "corpus",
            (
                *checks.SOURCE,
                *checks.DOCUMENT,
                *checks.LAYER,
                *checks.REGISTRY,
                *checks.JUDGEMENTS,
                *checks.CENSUS,
                of_corpus.assigned_are_known,
                of_corpus.withdrawn_stays_out,
                of_corpus.withheld_text_stays_out,
            ),
        ),
        ("policy", policy.CHECKS),
    )
    entries = [Check(id=name, level=level, title=title, explanation=why, cure=cure) for level, name, title, why, cure in _WRITTEN]
    entries += [Check(id=name, level="release", title=title, explanation=why, cure=cure) for name, title, why, cure in _OF_RELEASES]
    entries += [Check(id=name, level="submission", title=title, explanation=why, cure=cure) for name, title, why, cure in _OF_SUBMISSIONS]
    entries += [_entry(check, level) for level, group in groups for check in group]
    return {name: [one for one in entries if one.id == name] for name in sorted({one.id for one in entries})}


def _entry(check: Callable[..., Any], level: Level) -> Check:
    title, _, rest = inspect.cleandoc(check.__doc__ or "").partition("\n\n")
    explanation, _, cure = ("\n" + rest).partition("\nCure: ")
    return Check(id=checks.check_id(check), level=level, title=title, explanation=explanation.strip(), cure=cure.strip())


def page() -> str:
    """The catalogue as a page of Markdown, level by level; written by scripts/write_catalogue.py."""
    lines = ["# The checks\n", "Written by `scripts/write_catalogue.py` from the code; `corpus check --explain ID` shows one entry.\n"]
    entries = [one for held in catalogue().values() for one in held]
    for level in get_args(Level):
        lines.append(f"## {level}\n\n{_ABOUT_LEVELS[level]}\n")
        lines += [*(_paragraph(one) for one in entries if one.level == level), ""]
    return "\n".join(lines).rstrip() + "\n"


def _paragraph(one: Check) -> str:
    words = " ".join(f"{one.explanation} Cure: {one.cure}".split())
    return f"- **`{one.id}`**: {one.title} {words}"

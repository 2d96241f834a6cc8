"""Rules of a request's size and of paths: which files may be there at all. Knows nothing of what a file holds.

A check yields (JSON pointer, what is wrong).
"""

import re
import unicodedata
from collections.abc import Iterator
from fnmatch import fnmatchcase

from corpus.model import GOLD
from corpus.policy.change import LAYER, LONGEST_DOCUMENT, LONGEST_PATH, MOST_FILES, Change, Finding, Request, hidden, shown

MAINTAINED = (
    *(
        f"annotations/*/{GOLD}.json",
        "annotations/annotators.json",
        "annotations/released.json",
        "annotations/assignments.json",
        "annotations/withdrawn.json",
        "annotations/claims/*",
        "raw/*",
        "schema/*",
    ),
    *("src/*", "tests/*", "scripts/*", "requirements/*", ".ci/*", ".git?*", "*/.git?*"),
    *("Makefile", "LICENSE*", "*.md", "*.toml", "*.lock", "*.cff"),
)

_PORTS = {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$", *_PORTS}
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]|[ .]\Z')
_LOOKALIKES = str.maketrans("01аеорсухіјѕԁһӏгνοαικρτυ", "olaeopcyxijsdhlrvoaikptu")  # Cyrillic, Greek


def request_is_small(change: Change, request: Request) -> Iterator[Finding]:
    """A request changes at most 500 files.

    Nobody can look through more, and a flood hides what matters.
    Cure: send it in parts.
    """
    if len(request.changes) > MOST_FILES:
        yield "", f"more than {MOST_FILES} files are changed"


def path_has_no_hidden_character(change: Change, request: Request) -> Iterator[Finding]:
    """A path holds no control character and none that cannot be seen.

    Bidirectional controls and zero-width characters make a path look like another one.
    Cure: type the name anew, in ASCII.
    """
    if unseen := hidden(change.path):
        yield "", f"the path holds {unseen}"


def path_stays_inside(change: Change, request: Request) -> Iterator[Finding]:
    """A path names one place inside the repository, with slashes.

    An absolute path, a step upwards or a backslash may be written outside of it, and .git is git's own.
    Cure: name the file annotations/<document>/<annotator>.json.
    """
    steps = change.path.casefold().split("/")
    if "\\" in change.path or not {"", ".", "..", ".git"}.isdisjoint(steps):
        yield "", "the path is absolute, or holds an empty step, a step upwards, a backslash or .git"


def path_is_short(change: Change, request: Request) -> Iterator[Finding]:
    """A path has at most 200 characters.

    Some systems cannot check out a longer one.
    Cure: use the id of the article, which has at most 80.
    """
    if len(change.path) > LONGEST_PATH:
        yield "", f"the path has {len(change.path)} characters"


def path_works_everywhere(change: Change, request: Request) -> Iterator[Finding]:
    """A path is one that every system can write.

    Windows keeps names such as con, nul and aux for devices, and drops a blank or a dot at the end of a name.
    Cure: ask a maintainer for another id of the article.
    """
    for step in change.path.split("/"):
        if step.partition(".")[0].strip().casefold() in _DEVICES or _NOT_ON_WINDOWS.search(step):
            yield "", f"Windows cannot write {shown(step)!r}"


def path_has_no_twin(change: Change, request: Request) -> Iterator[Finding]:
    """No two paths differ only in case, in Unicode form or in letters that look alike.

    Some systems take them for one file, and people do, too.
    Cure: use the name that is there already.
    """
    if change.kind == "deleted":
        return
    twins = sorted({twin for part in beginnings(change.path) for twin in request.spellings[folded(part)] - {part}})
    if twins:
        yield "", f"too like {', '.join(map(shown, twins[:3]))}"
    elif sum(one.path == change.path and one.kind != "deleted" for one in request.changes) > 1:
        yield "", "the path stands in the request twice"


def maintained_file_is_unchanged(change: Change, request: Request) -> Iterator[Finding]:
    """Adjudicated readings, texts, annotators, guidelines, schemas, code and settings are changed by maintainers.

    What they say holds for everyone, and what they run runs with rights.
    Cure: take the file out of the request, and say in an issue what should change.
    """
    if any(fnmatchcase(change.path, pattern) for pattern in MAINTAINED):
        yield "", f"{change.kind}, but this file is for maintainers"


def path_is_of_a_layer(change: Change, request: Request) -> Iterator[Finding]:
    """A request changes layers alone: annotations/<document>/<annotator>.json.

    Ids are lower-case ASCII as in the schema. Whatever is not asked for has no place.
    Cure: name the file after article and annotator, and take other files out of the request.
    """
    layer = LAYER.fullmatch(change.path)
    if layer is None or len(layer["document"]) > LONGEST_DOCUMENT:
        yield "", "not of the form annotations/<document>/<annotator>.json"


def beginnings(path: str) -> Iterator[str]:
    """The folders that a path lies in, and the path.

    >>> list(beginnings("raw/lee/lee_0001.txt"))
    ['raw', 'raw/lee', 'raw/lee/lee_0001.txt']
    """
    steps = path.split("/")
    return ("/".join(steps[: at + 1]) for at in range(len(steps)))


def folded(path: str) -> str:
    """What a path looks like: one spelling for all that a person or a system may take for the same.

    >>> folded("Annotations/toy_0001") == folded("annotations/tоу_ooo1")
    True
    """
    for _ in range(2):  # folding case may leave the normal form
        path = unicodedata.normalize("NFKC", path).casefold()
    return path.translate(_LOOKALIKES)

"""The bytes of an article become a Document with its text in normal form, once. Knows what no article looks like; knows no folder."""

import re
from collections.abc import Mapping

from corpus import codec, text
from corpus.model import Document, Phenomenon, Stretch
from corpus.problems import CorpusError

LEAST_WORDS = 10

_FACTS: Mapping[str, str | None] = {"outlet": None, "date": None, "url": None, "story": None}
_MARKUP = re.compile(r"\s*(?:<!doctype\b|<\?xml\b|<html\b|%PDF-|\{\\rtf)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def article(data: bytes, name: str) -> str:
    r"""The text of record in normal form.

    >>> article(b"The ferry to Harrow Isle will not sail today, its owner said.\r\n", "ferry.txt")[-11:]
    'owner said.'
    """
    words, problems = codec.read_text(data, name)
    if words is None:
        raise CorpusError(f"{name} is not taken: {problems[0].message}")
    if _MARKUP.match(words) or _CONTROL.search(words):
        raise CorpusError(f"{name} is not plain text; save the article's words as a .txt file")
    if len(text.tokens(words)) < LEAST_WORDS:
        raise CorpusError(f"{name} is not an article: it has fewer than {LEAST_WORDS} words")
    return text.normal_form(words)


def document(
    words: str,
    *,
    id: str,
    source: str,
    language: str = "en",
    furniture: tuple[Stretch, ...] = (),
    phenomena: tuple[Phenomenon, ...] | None = None,
    **facts: str | None,
) -> Document:
    """The record of a text in normal form; facts not given stay unknown.

    >>> document("The dam is safe.", id="lee_0001", source="lee").length
    16
    """
    return Document(
        id=id,
        source=source,
        language=language,
        text_sha256=text.sha256(words),
        length=len(words),
        furniture=furniture,
        phenomena=phenomena,
        text=words,
        **{**_FACTS, **facts},
    )


def furniture_of(words: str, lines: tuple[str, ...]) -> tuple[Stretch, ...]:
    r"""Where whole lines stand that are no part of the article, in code points.

    >>> furniture_of("The dam is safe.\nLogin", ("Login",))
    (Stretch(start=17, end=22),)
    """
    found = []
    for line in lines:
        places = [m.span() for m in re.finditer(rf"(?m)^{re.escape(line)}$", words)]
        if len(places) != 1:
            raise CorpusError(f"the furniture line {line!r} stands {len(places)} times in the article; it must stand once")
        found.append(Stretch(start=places[0][0], end=places[0][1]))
    return tuple(sorted(found, key=lambda one: one.start))

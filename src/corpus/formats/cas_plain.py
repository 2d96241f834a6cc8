"""CAS files of others, as INCEpTION exports them: spans and relations of any layer, known by name, the rest kept in extra.

What a span is called is its feature label, value or role, else the name of its layer. Tokens, sentences and document facts are left out.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cassis import Cas, TypeSystem

from corpus import ingest
from corpus.formats.assembling import Sheet
from corpus.formats.brat_plain import GUIDELINES, annotator_of, article_of, draw, source_of
from corpus.formats.converted import Article, Articles, Converted, Given, distinct, document_id, pseudonym
from corpus.formats.placing import placed
from corpus.formats.standoff import Bond, Fact, Mark, Standoff
from corpus.model import Source
from corpus.problems import CorpusError

_NAMES = ("label", "value", "role", "Role", "Label")
_OF_UIMA = ("xmiID", "type", "sofa", "begin", "end", "Governor", "Dependent")
_LEFT_OUT = ("Token", "Sentence", "DocumentAnnotation", "DocumentMetaData", "Paragraph")
Load = Callable[[Path, TypeSystem], Cas]


def read(path: Path, given: Given, ending: str, load: Load) -> Converted:
    """All files of the form in a folder, or one file; who annotated is told by the name of the file where several lie in one folder."""
    files = [path] if path.is_file() else sorted(path.rglob(f"*.{ending}"))
    texts = {one: id for one in files if given.takes(id := document_id(one.stem if path.is_file() else _name(one, path)))}
    if not texts:
        raise CorpusError(f"{path} holds no .{ending} file")
    distinct([*texts.values()], "this project")
    source = source_of(given, f"cas-{ending}")
    return Converted(
        sources=(source,),
        annotators=(annotator_of(f"cas-{ending}", f"cas-{ending}"),),
        total=len(texts),
        articles=Articles(_article, ((one.name, (one, id, load, source, given, pseudonym(f"cas-{ending}"))) for one, id in texts.items())),
    )


def _name(file: Path, root: Path) -> str:
    return "_".join(file.relative_to(root).with_suffix("").parts)


def _article(path: Path, id: str, load: Load, source: Source, given: Given, who: str) -> Article:
    try:
        made = load(path, TypeSystem())
    except (ValueError, KeyError, AttributeError, SyntaxError) as error:
        raise CorpusError(f"{path.name} is no CAS that can be read: {type(error).__name__} {error}") from None
    whole = made.sofa_string or ""
    words = placed(whole)
    document = ingest.document(words.text, id=id, source=source.id, language=given.language or "en")
    sheet = Sheet(document, who, withheld=source.text == "withheld", guidelines=GUIDELINES)
    found = Standoff()
    names: dict[int, str] = {}
    for at, one in enumerate(_spans(made, sheet), start=1):
        names[id_of(one)] = f"T{at}"
        kind, used = _kind(one)
        found.marks[f"T{at}"] = Mark(id=f"T{at}", kind=kind, places=(words.place(one.begin, one.end),))
        found.facts += [Fact(id=f"T{at}", kind=name, of=f"T{at}", value=value) for name, value in _facts(one) if name != used]
    found.bonds = [*_bonds(made, names)]
    draw(sheet, found)
    return article_of(document, {who: (sheet, sheet.layer())})


def id_of(one: Any) -> int:
    """Cassis gives one object for one feature structure, so its identity is that of the span."""
    return id(one)


def _spans(made: Cas, sheet: Sheet) -> Iterator[Any]:
    for one in made.select_all_annotations():
        if hasattr(one, "Governor"):
            continue
        if not isinstance(getattr(one, "begin", None), int) or _short(one) in _LEFT_OUT or one.begin == one.end:
            sheet.note(f"{_short(one)}, which marks no statement, source or cue")
        else:
            yield one


def _short(one: Any) -> str:
    return str(one.type.name).rpartition(".")[2]


def _kind(one: Any) -> tuple[str, str | None]:
    named = next(((str(value), name) for name in _NAMES if isinstance(value := getattr(one, name, None), str) and value), None)
    return named or (_short(one), None)


def _facts(one: Any) -> Iterator[tuple[str, str]]:
    for feature in one.type.all_features:
        value = getattr(one, feature.name, None)
        if feature.name not in _OF_UIMA and isinstance(value, str | bool | int | float) and value not in ("", None):
            yield feature.name, str(value)


def _bonds(made: Cas, names: dict[int, str]) -> Iterator[Bond]:
    for at, one in enumerate((one for one in made.select_all_annotations() if hasattr(one, "Governor")), start=1):
        first, second = names.get(id_of(one.Governor)), names.get(id_of(one.Dependent))
        if first and second:
            yield Bond(id=f"R{at}", kind=_kind(one)[0], first=first, second=second)

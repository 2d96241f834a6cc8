"""UIMA CAS JSON 0.4, the newer form, with the type system in each file."""

from functools import partial
from pathlib import Path

from cassis import Cas, TypeSystem, load_cas_from_json

from corpus.formats import cas


def _load(path: Path, types: TypeSystem) -> Cas:
    with path.open("rb") as file:
        return load_cas_from_json(file)


FORM = cas.FileForm(name="cas-json", ending="json", dump=lambda made: str(made.to_json()), load=_load)
read = partial(cas.read, form=FORM)
write = partial(cas.write, form=FORM)

"""UIMA CAS XMI, the older form, with its type system in a file beside. XML holds no control characters."""

from functools import partial
from pathlib import Path

from cassis import Cas, TypeSystem, load_cas_from_xmi, load_typesystem

from corpus.formats import cas


def _load(path: Path, types: TypeSystem) -> Cas:
    """With the type system that lies nearest: beside the file, or above it."""
    beside = next((one for one in (path.parent / cas.TYPES, path.parent.parent / cas.TYPES) if one.is_file()), None)
    with path.open("rb") as file:
        return load_cas_from_xmi(file, typesystem=types if beside is None else load_typesystem(beside), lenient=True)


FORM = cas.FileForm(name="cas-xmi", ending="xmi", dump=lambda made: str(made.to_xmi()), load=_load)
read = partial(cas.read, form=FORM)
write = partial(cas.write, form=FORM)

"""The program that tests/test_fuzz.py starts under atheris: bytes through the strict reader, the schema and the importer.

usage: python -m tests.fuzz_reader CORPUS_FOLDER [options of libFuzzer]
A sound refusal is a Problem. Any exception ends the program with another code than 0, and libFuzzer keeps the bytes.
"""

import sys

import atheris

with atheris.instrument_imports(include=["corpus", "json"]):
    from corpus import codec, export, schema, store

from tests.conftest import TOY

HOLDINGS = store.read(TOY).holdings


def once(data: bytes) -> None:
    value, problems = codec.read_json(data, "fuzz.json")
    assert value is None or not problems
    if problems:
        return
    schema.problems("annotation", value, "fuzz.json")
    for at, task in enumerate(value if isinstance(value, list) else [value]):
        returned = export.from_export(task, "fuzz.json", HOLDINGS, base=f"/{at}")
        assert returned.layer is None or not returned.problems
        if returned.layer is not None:
            codec.canonical(codec.annotations_to_json(returned.layer))


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()

"""Rows and what is derived in them: parents, depth, source chains, BIO tags."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus import codec, tables, text
from corpus.model import Holdings, Mention, Span
from corpus.release.digest import of_document
from corpus.tables.parts import parents
from corpus.tables.tokens import bio, placed
from tests.strategies import Case, cases
from tests.test_text import awkward


def mention(id: str, label: str, *stretches: tuple[int, int]) -> Mention:
    spans = tuple(Span(start=start, end=end, quote=None, check="0" * 12) for start, end in stretches)
    return Mention(id=id, label=label, spans=spans)  # type: ignore[arg-type]


def test_the_smallest_container_is_the_parent() -> None:
    found = parents(
        [
            mention("a", "claim", (0, 50)),
            mention("b", "content", (5, 40)),
            mention("c", "denial", (10, 20)),
            mention("s", "source", (0, 60)),
        ]
    )
    assert found == {"a": None, "b": "a", "c": "b"}


def test_equal_stretches_have_no_parent_in_each_other() -> None:
    assert parents([mention("a", "claim", (0, 9)), mention("b", "denial", (0, 9))]) == {"a": None, "b": None}


def test_a_piece_outside_is_no_child() -> None:
    assert parents([mention("a", "claim", (0, 20)), mention("b", "denial", (5, 9), (30, 40))]) == {"a": None, "b": None}


@given(awkward)
@example("a-.b a.b.c _x_ 3.5’s \U0001d4b3\u0301. 한국-말")
def test_tokens_are_placed_where_the_text_has_them(words: str) -> None:
    [found] = placed([words])
    assert list(zip(found.starts.tolist(), found.ends.tolist(), strict=True)) == text.tokens(words)
    assert found.spelt() == codec.compact([words[start:end] for start, end in text.tokens(words)])


@given(st.lists(awkward))
def test_texts_do_not_touch_each_other(texts: list[str]) -> None:
    for one, words in zip(placed(texts), texts, strict=True):
        [alone] = placed([words])
        assert (one.spelt(), one.starts.tolist(), one.ends.tolist()) == (alone.spelt(), alone.starts.tolist(), alone.ends.tolist())
        assert (one.octets.tobytes(), one.sizes.tolist()) == (alone.octets.tobytes(), alone.sizes.tolist())


def test_bio_marks_whole_tokens() -> None:
    assert bio([(2, 5)], [(0, 3), (4, 8), (9, 10)]) == ["B", "I", "O"]
    assert bio([], [(0, 3)]) == ["O"]


def reading(holdings: Holdings, where: str, *, open: bool = True) -> tables.Reading:
    layer = holdings.layers[where]
    document = holdings.documents[layer.document]
    source, annotator = holdings.sources[document.source], holdings.annotators[layer.annotator]
    return tables.Reading(document=document, source=source, annotator=annotator, layer=layer, open=open)


def test_every_row_survives_arrow_and_parquet(toy_holdings: Holdings, tmp_path: Path) -> None:
    readings = [reading(toy_holdings, where) for where in sorted(toy_holdings.layers)]
    for config in tables.CONFIGS:
        rows = tables.rows_of(config, readings)
        assert tables.table(config, rows).to_pylist() == rows
        tables.parquet(config, rows, tmp_path / f"{config}.parquet")
        assert tables.rows_in(config, tmp_path / f"{config}.parquet") == rows


@given(st.lists(cases(), max_size=4), st.sampled_from([get_args(tables.Config), *((one,) for one in get_args(tables.Config))]))
def test_columns_and_digest_are_those_of_the_plain_rows(some: list[Case], configs: tuple[tables.Config, ...]) -> None:
    """What is shared among rows, or made for a whole batch, has the values that each row has alone."""
    readings = [reading_of(one) for one in some]
    batch = tables.Batch(configs, (one.words for one in map(tables.parts_of, readings) if one.words is not None))
    shared = [batch.add(tables.parts_of(one), configs) for one in readings]
    for one, rows in zip(readings, shared, strict=True):
        plain = {config: tables.rows_of(config, [one]) for config in configs}
        assert of_document(rows) == of_document(plain)
    columns = batch.columns()
    for config in configs:
        plain_rows = tables.rows_of(config, readings)
        assert (columns[config].to_pylist() if config in columns else []) == plain_rows
        assert config not in columns or columns[config].validate(full=True) is None


def reading_of(one: Case) -> tables.Reading:
    source, annotator = one.holdings.sources[one.document.source], one.holdings.annotators[one.layer.annotator]
    return tables.Reading(document=one.document, source=source, annotator=annotator, layer=one.layer, open=source.text == "included")


def test_the_places_of_tokens_are_kept_as_differences(toy_holdings: Holdings, tmp_path: Path) -> None:
    rows = tables.rows_of("tokens", [reading(toy_holdings, "annotations/toy_0001/a3f1.json")])
    tables.parquet("tokens", rows, tmp_path / "tokens.parquet")
    held = pq.ParquetFile(tmp_path / "tokens.parquet").metadata.row_group(0)
    encodings = {(one := held.column(nth)).path_in_schema.split(".")[0]: one.encodings for nth in range(held.num_columns)}
    assert {name for name, used in encodings.items() if "DELTA_BINARY_PACKED" in used} == {"starts", "ends"}
    assert {name for name, used in encodings.items() if "RLE_DICTIONARY" in used} == encodings.keys() - {"starts", "ends"}


def test_a_flipped_bit_is_found(toy_holdings: Holdings, tmp_path: Path) -> None:
    rows = tables.rows_of("documents", [reading(toy_holdings, "annotations/toy_0001/a3f1.json")])
    path = tmp_path / "documents.parquet"
    tables.parquet("documents", rows, path)
    data = path.read_bytes()
    flipped = bytearray(data)
    flipped[data.index(b"toy_0001") + 2] ^= 1
    path.write_bytes(flipped)
    with pytest.raises(OSError, match="CRC"):
        tables.rows_in("documents", path)


def test_source_chain_runs_from_the_writer_inwards(toy_holdings: Holdings) -> None:
    rows = {row["attribution"]: row for row in tables.rows_of("attributions", [reading(toy_holdings, "annotations/toy_0002/4b22.json")])}
    assert rows["a-m1"]["source_chain"] == ["AUTHOR", "m2"]
    assert rows["a-m4"]["source_chain"] == ["AUTHOR", "?"]


def test_words_stand_in_open_rows_only(toy_holdings: Holdings) -> None:
    shut = reading(toy_holdings, "annotations/toy_0001/a3f1.json", open=False)
    row = tables.rows_of("documents", [shut])[0]
    assert row["text"] is None
    assert {span["quote"] for one in row["mentions"] for span in one["spans"]} == {None}
    assert tables.rows_of("tokens", [shut])[0]["tokens"] is None
    assert tables.rows_of("tokens", [replace(shut, document=replace(shut.document, text=None))]) == []

"""Readings as rows and columns, some at a time: what they share is made once for all configs."""

from collections.abc import Iterable

import pyarrow as pa

from corpus.tables.arrays import Made
from corpus.tables.columns import MENTION, Config
from corpus.tables.parts import Parts, Row
from corpus.tables.rows import alone, rows, stands
from corpus.tables.tokens import placed

_ALONE: tuple[set[Config], ...] = ({"documents"}, {"annotations"}, {"tokens"})  # no mention stands in two rows: nothing is to be shared


class Batch:
    """The rows of some readings in each config that they are asked for, and these rows as columns.

    `texts` are the texts whose tokens will be asked for: they are found at once.
    """

    def __init__(self, configs: Iterable[Config], texts: Iterable[str] = ()) -> None:
        self._alone = {*configs} in _ALONE
        self._rows: dict[Config, list[Row]] = {}
        self._mentions: list[Row] = []
        apart = list(dict.fromkeys(texts))
        self._tokens = dict(zip(apart, placed(apart), strict=True))

    def add(self, parts: Parts, configs: Iterable[Config]) -> dict[Config, list[Row]]:
        """Take in a reading; its rows in the configs."""
        known = alone(parts) if self._alone else stands(parts, len(self._mentions))
        self._mentions += parts.known.values()
        tokens = self._tokens.get(parts.words or "")
        made = {config: list(rows(config, parts, known, tokens)) for config in configs}
        for config, some in made.items():
            self._rows.setdefault(config, []).extend(some)
        return made

    def columns(self) -> dict[Config, pa.RecordBatch]:
        """All rows of each config that has some."""
        made = Made(None if self._alone else pa.array(self._mentions, MENTION))
        return {config: made.batch(config, some) for config, some in self._rows.items() if some}

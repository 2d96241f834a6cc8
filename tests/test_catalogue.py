"""The catalogue of checks is public: complete, current on its page, and in words."""

import re

import pytest

from corpus.checks import catalogue
from tests.conftest import ROOT

ENTRIES = [one for held in catalogue.catalogue().values() for one in held]


def test_page_is_current() -> None:
    written = (ROOT / "schema" / "CHECKS.md").read_text(encoding="utf-8")
    assert written == catalogue.page(), "the page is not current; run scripts/write_catalogue.py"


@pytest.mark.parametrize("one", ENTRIES, ids=lambda one: f"{one.level} {one.id}")
def test_every_entry_says_rule_and_cure(one: catalogue.Check) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", one.id)
    assert re.fullmatch(r"[A-Za-z.].+[.?]", one.title), one.title
    assert one.cure
    assert one.cure[-1] == "."


def test_every_check_id_used_in_the_code_is_in_the_catalogue() -> None:
    known = set(catalogue.catalogue())
    for path in (ROOT / "src" / "corpus").rglob("*.py"):
        used = re.findall(r'check="([a-z-]+)"|_Refused\("([a-z-]+)"|fault\([^,]+, "([a-z-]+)"', path.read_text(encoding="utf-8"))
        assert {name for groups in used for name in groups if name} <= known, path

"""Problems as a person, a program and a pull request read them."""

import json
from dataclasses import fields, replace

from jsonschema import Draft202012Validator

from corpus.problems import Problem, show
from tests.conftest import ROOT

PROBLEM = Problem(where="a:b,c.json", pointer="/mentions/0", check="quote-matches-text", message="100 % 'x\n::error::y'\x1b[31m", hint="do")


def test_text_is_one_line_and_a_cure_without_control_characters() -> None:
    words = show([PROBLEM], "text")
    assert words == "a:b,c.json /mentions/0 [quote-matches-text] 100 % 'x\\n::error::y'\\x1b[31m\n    cure: do"


def test_github_commands_cannot_be_broken_out_of() -> None:
    line = show([PROBLEM], "github")
    assert line.count("\n") == 0
    assert line.startswith("::error file=a%3Ab%2Cc.json,title=quote-matches-text::/mentions/0: 100 %25 'x%0A")


def test_json_holds_to_its_schema() -> None:
    held = json.loads((ROOT / "schema" / "problems.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(held)
    Draft202012Validator(held).validate(json.loads(show([PROBLEM, replace(PROBLEM, hint=None, line=3, column=1)], "json")))
    assert list(held["items"]["properties"]) == [field.name for field in fields(Problem)]


def test_json_holds_everything() -> None:
    assert json.loads(show([PROBLEM], "json"))[0]["message"] == PROBLEM.message
    assert json.loads(show([], "json")) == []

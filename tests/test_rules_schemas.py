"""The schemas and the page of the rule language are those of the models, fit every file of a
rulebook, and refuse mistakes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, FormatChecker

from rules.editor import SCHEMAS, schema_kind, schema_line, with_schema_line
from rules.load import OWN_BOOK, yaml_files
from tests.rule_schemas import KINDS, PAGE, page, schema_text, value_words
from tests.support.needs import ROOT
from tests.test_rules_bad import BASE, BROKEN, edited

AGAIN = "Run python -m tests.rule_schemas"


@cache
def schema(kind: str) -> dict[str, Any]:
    text = (SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@cache
def validator(kind: str) -> Draft7Validator:
    Draft7Validator.check_schema(schema(kind))
    return Draft7Validator(schema(kind), format_checker=FormatChecker(["date"]))


class EditorLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads yes, no and dates as texts, as the parsers of YAML 1.2 in editors do."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, expression) for tag, expression in each if tag.endswith((":int", ":float"))]
        for first, each in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def refused(kind: str, data: bytes) -> list[str]:
    """What the schema of that kind refuses in a file."""
    value = yaml.load(data, Loader=EditorLoader)
    return [f"{list(e.absolute_path)}: {e.message}" for e in validator(kind).iter_errors(value)]


# The files are current ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_that_of_the_model(kind: str) -> None:
    written = (SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(kind), AGAIN


def test_the_page_is_made_from_the_descriptions() -> None:
    """A new duty changes nothing on it, but it may name a file that no longer has the key."""
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(written), AGAIN


# Descriptions ------------------------------------------------------------------------------------


def _properties() -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    for kind in KINDS:
        models = {kind: schema(kind), **schema(kind)["definitions"]}
        for model, table in models.items():
            for key, value in table["properties"].items():
                yield f"{model}: {key}", value, schema(kind)["definitions"]


PROPERTIES = {name: (value, definitions) for name, value, definitions in _properties()}
#: Values that need an example: all others are one of a few words, or keys of their own.
SHOWN = {"a date", "a length of time", "a whole number", "text", "a list: text"}


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_key_is_described(name: str) -> None:
    """By sentences below the field of its model, with an example if its value is not obvious."""
    value, definitions = PROPERTIES[name]
    text = value.get("description", "")
    assert text.endswith("."), f"{name} has no description: write it below the field"
    assert "`" not in text
    assert "|" not in text
    examples = value.get("examples", [])
    assert examples or value_words(dict(value)) not in SHOWN, f"{name} has no example"
    own = Draft7Validator({**value, "definitions": definitions})
    assert [error.message for example in examples for error in own.iter_errors(example)] == []


# Files ------------------------------------------------------------------------------------------

BOOKS = (OWN_BOOK, ROOT / "tests" / "small_book", ROOT / "tests" / "bad_rules" / "base")
OFFICES = [*(ROOT / "tests").rglob("office.yaml"), *(ROOT / "examples").rglob("office.yaml")]


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_every_file_of_a_rulebook_fits_its_schema(book: Path) -> None:
    found = {
        (name := path.relative_to(book).as_posix()): refused(schema_kind(name), path.read_bytes())
        for path in yaml_files(book)
    }
    assert len(found) > 4
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_every_office_file_fits_its_schema() -> None:
    found = {str(path): refused("office", path.read_bytes()) for path in OFFICES}
    assert found
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_the_first_line_names_the_schema() -> None:
    for path in yaml_files(OWN_BOOK):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        named = os.path.relpath(SCHEMAS / f"{schema_kind(path.name)}.schema.json", path.parent)
        assert first == f"# yaml-language-server: $schema={Path(named).as_posix()}", path


# Mistakes ---------------------------------------------------------------------------------------

#: What only the program can know: which lists of codes there are, and what is in quotes.
UNSEEN = {
    "keys: A list of codes that is not there",
    "keys: Text where yes is read",
    "keys: Yes as a text",
    "keys: A yes or no in quotes",
}
MISTAKES = [name for name in BROKEN if name.startswith("keys: ")]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused(name: str) -> None:
    """What the models refuse, an editor marks."""
    file = BROKEN[name]["file"]
    kind = schema_kind(file)
    assert refused(kind, BASE[file]) == []
    found = refused(kind, edited(BROKEN[name])[file])
    assert bool(found) == (name not in UNSEEN)


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("cases", "duty: a\ncases: [{name: b, as of: 2025-01-01, expect: {status: dew}}]", "dew"),
        ("cases", "duty: a\ncases: [{name: b, as of: 2025-13-01, expect: {status: due}}]", "-13-"),
        ("cases", "duty: a\ncases: [{name: b, as of: 2025-01-01, expects: {}}]", "expects"),
        ("cases", "duty: a\ncases: [{name: b, as of: 2025-01-01}]", "expect"),
        ("cases", "duty: a\ncases: {}", "array"),
        ("cases", "cases: []", "duty"),
        ("pins", "versions: [{version: a, pins: [{section: 4.10, phrase: a}]}]", "4.1"),
        ("pins", "versions: [{version: a, pins: [{section: a, phrase: b}]}]", "paragraph"),
        ("office", "version: 1\nofice: a", "ofice"),
        ("office", "version: 1\nevidence: a", "array"),
        ("office", "version: one", "integer"),
        ("office", "version: 1\nrecords begin: soon", "soon"),
        ("book", "id: a\nmarking: ''", "''"),
        ("registers", "registers: [{id: a, title: b, about: c, sheets: d, columns: []}]", "array"),
    ],
)  # fmt: skip
def test_a_mistake_in_another_file_is_refused(kind: str, text: str, words: str) -> None:
    assert [error for error in refused(kind, text.encode()) if words in error]


def test_a_file_keeps_the_line_that_names_its_schema() -> None:
    line = b"# yaml-language-server: $schema=../.schemas/duty.schema.json\n"
    assert with_schema_line("1/a.yaml", b"\xef\xbb\xbfid: a\n") == line + b"id: a\n"
    assert with_schema_line("1/a.yaml", line + b"id: a\n") == line + b"id: a\n"
    assert schema_line(line + b"id: a\n") == line
    assert schema_line(b"# pins\n") == b""

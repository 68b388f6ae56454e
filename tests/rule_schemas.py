"""Writes the JSON Schemas of rule files, and docs/rule-language.md from the same descriptions:
``python -m tests.rule_schemas``.

A description is the text below a field of a model. It ends with 'Example: ' and a value as it is
written in YAML, unless the value is one of a few words, or keys of its own.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from engine.cases.case_file import CaseFile
from evidence.register import ColumnSpec, Declared
from record.office.office_file import OfficeFile
from rules.draft import PinsFile, RegistersFile
from rules.editor import SCHEMAS, schema_kind
from rules.load import OWN_BOOK, yaml_files
from rules.model import Book, Duty
from rules.papers import PapersFile
from rules.span import Span
from rules.yaml.source import Value, YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model
from tests.support.needs import ROOT

#: The kinds of file, each with its model and its title in an editor.
KINDS: Mapping[str, tuple[type[Declared], str]] = {
    "duty": (Duty, "The rule of a duty"),
    "cases": (CaseFile, "The cases of a duty"),
    "book": (Book, "book.yaml of a rulebook"),
    "registers": (RegistersFile, "registers.yaml of a rulebook"),
    "pins": (PinsFile, "pins.yaml of a rulebook"),
    "papers": (PapersFile, "papers.yaml of a rulebook"),
    "office": (OfficeFile, "office.yaml of an office's folder"),
}


class Described(NamedTuple):
    """What a field is for, and an example of its value as written in YAML ('': none)."""

    text: str
    example: str

    @property
    def value(self) -> Value:
        """The value of the example."""
        source = read_source("example.yaml", f"key: {self.example}".encode())
        assert isinstance(source, YamlFile), f"{self.example}: {source}"
        return source.value["key"]


@cache
def descriptions(model: type[BaseModel]) -> Mapping[str, Described]:
    """The description of each field of a model, those that it inherits included."""
    found: dict[str, Described] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, Declared) and base is not Declared:
            found |= _own_descriptions(base)
    return found


def _own_descriptions(model: type[Declared]) -> Iterator[tuple[str, Described]]:
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(ast.Constant(str(text))):
                words, _, example = " ".join(text.split()).partition(" Example: ")
                yield name, Described(words, example)


# Schemas ----------------------------------------------------------------------------------------


class _RuleSchema(GenerateJsonSchema):
    """Schemas for YAML as the rules use it: yes and no are words, and so is a date."""

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:  # noqa: ARG002
        return {"enum": ["yes", "no"]}

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        pattern = {"pattern": schema["pattern"]} if "pattern" in schema else {}
        return {"type": "string", "minLength": 1, **pattern}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        if schema["expected"] == [True]:
            return {"const": "yes"}
        return super().literal_schema(schema)

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        json_schema = dict(self.generate_inner(schema["schema"]))
        default = schema.get("default")
        if isinstance(default, bool):
            json_schema["default"] = "yes" if default else "no"
        elif isinstance(default, int):
            json_schema["default"] = default
        elif isinstance(default, str | Span) and default != "":
            json_schema["default"] = str(default)
        return json_schema

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        json_schema = super().tagged_union_schema(schema)
        json_schema.pop("discriminator", None)
        return json_schema

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        json_schema = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        json_schema.pop("description", None)  # an editor would show it in place of the key's
        json_schema.pop("title", None)
        for name, field in model.model_fields.items():
            key = json_schema["properties"][field.alias or name]
            key.pop("title", None)
            about = descriptions(model).get(name)
            if about is not None:
                key["description"] = about.text
                if about.example:
                    key["examples"] = [_plain(about.value)]
        return json_schema


def _plain(value: Value) -> object:
    """A value of a rule file as the parsers of YAML 1.2 in editors read it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | str():
            return value
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case tuple():
            return [_plain(item) for item in value]
    return value.isoformat()


def schema_of(kind: str) -> JsonSchemaValue:
    """The schema of a kind of file."""
    model, title = KINDS[kind]
    schema = model.model_json_schema(
        by_alias=True, ref_template="#/definitions/{model}", schema_generator=_RuleSchema
    )
    definitions = schema.pop("$defs", {})
    if (column := definitions.get(ColumnSpec.__name__)) is not None:
        # The loader puts the list of codes in place of its name.
        codes = column["properties"]["codes"]
        listed = {"type": "object", "additionalProperties": codes.pop("additionalProperties")}
        del codes["type"]
        codes["anyOf"] = [{"type": "string"}, listed]
    draft = "http://json-schema.org/draft-07/schema#"
    return {"$schema": draft, "title": title, **schema, "definitions": definitions}


def schema_text(kind: str) -> str:
    """The text of the schema's file."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=1) + "\n"


# The page ---------------------------------------------------------------------------------------

PAGE = ROOT / "docs" / "rule-language.md"
_HEAD = """\
# The rule language

For whoever writes rules: every key of the files of a rulebook. [For the policy
owner](policy-owner.md) shows how to read and change rules, and [what met, due and overdue
mean](semantics.md) defines what each pattern requires. The keys of `office.yaml` are in [the
command line](command-line.md) and [the mapping](mapping.md).

A key with a star cannot be left out. A length of time is a whole number of days or months, such as
`28 days`. A column is written as in `registers.yaml`, whatever a sheet calls it.

The same descriptions help [in an editor](policy-owner.md#use-an-editor).

`python -m tests.rule_schemas` writes this page and the schemas from the descriptions in the code.
"""
_CHAPTERS = {
    "duty": "A duty",
    "cases": "The cases of a duty",
    "book": "book.yaml",
    "registers": "registers.yaml",
    "pins": "pins.yaml",
    "papers": "papers.yaml",
}
_KEY_ROW = re.compile(r"\| `([^`]+)`.*\]\(\.\./([^)]+)\) \|")


class Table(NamedTuple):
    """The keys of one model on the page: its heading, its name and its schema."""

    heading: str
    model: str
    schema: JsonSchemaValue


def page(old: str) -> str:
    """The page. The file that shows a key stays the one that the old page names, while it has the
    key."""
    shown = dict(_shown(old))
    return _HEAD + "".join(
        _table_text(table, shown) for kind in _CHAPTERS for table in _tables(kind)
    )


def _tables(kind: str) -> Iterator[Table]:
    """The tables of a kind of file: each model after the first key that has it as its value."""
    schema = schema_of(kind)
    yield Table(f"## {_CHAPTERS[kind]}", KINDS[kind][0].__name__, schema)
    definitions = schema["definitions"]
    parents: dict[str, list[str]] = {}
    left = [schema]
    while left:
        for key, value in left.pop(0)["properties"].items():
            for model in _models_in(value):
                if model not in parents:
                    left.append(definitions[model])
                keys = parents.setdefault(model, [])
                keys += [] if key in keys else [key]
    for model, keys in parents.items():
        heading = f"### Under {' or '.join(f'`{key}`' for key in keys)}"
        same = [other for other, other_keys in parents.items() if other_keys == keys]
        if len(same) > 1:
            kind_of = definitions[model]["properties"].get("kind", {}).get("const")
            first = definitions[model]["required"][0]
            heading += f": {f'`kind: {kind_of}`' if kind_of else f'with `{first}`'}"
        yield Table(heading, model, definitions[model])


def _models_in(schema: object) -> Iterator[str]:
    """The models that a part of a schema refers to."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _models_in(part)


def _table_text(table: Table, shown: Mapping[tuple[str, str], str]) -> str:
    lines = ["", table.heading, "", "| key | what it does | value | example | shown in |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for key, value in table.schema["properties"].items():
        star = "*" if key in table.schema.get("required", ()) else ""
        example = _examples()[table.model].get(key, "")
        example = f"`{key}: {example}`" if example else ""
        files = _files_with().get((table.model, key), [])
        before = shown.get((table.heading, key), "")
        file = before if before in files else next(iter(files), "")
        link = f"[{Path(file).name.partition('.')[0]}](../{file})" if file else ""
        cells = (f"`{key}`{star}", value.get("description", ""), value_words(value), example, link)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _shown(old: str) -> Iterator[tuple[tuple[str, str], str]]:
    """The file that a page names for a key under a heading."""
    heading = ""
    for line in old.splitlines():
        heading = line if line.startswith("#") else heading
        if (row := _KEY_ROW.fullmatch(line)) is not None:
            yield (heading, row[1]), row[2]


def value_words(schema: JsonSchemaValue) -> str:
    """What may be written after a key."""
    match schema:
        case {"const": word}:
            return str(word)
        case {"enum": words}:
            return ", ".join(words)
        case {"anyOf": choices}:
            return " or ".join(map(value_words, choices))
        case {"format": "date"}:
            return "a date"
        case {"patternErrorMessage": _}:
            return "a length of time"
        case {"type": "integer"}:
            return "a whole number"
        case {"type": "string"}:
            return "text"
        case {"type": "array", "items": items}:
            return f"a list: {value_words(items)}"
    return "keys"


@cache
def _examples() -> Mapping[str, Mapping[str, str]]:
    """The example of each key, by the name of its model."""
    return {
        model.__name__: {
            field.alias or name: descriptions(model)[name].example
            for name, field in model.model_fields.items()
            if name in descriptions(model)
        }
        for model in declared_models()
    }


@cache
def declared_models() -> Sequence[type[Declared]]:
    """Every model of a declaration."""
    found, left = [], Declared.__subclasses__()
    while left:
        model = left.pop()
        found.append(model)
        left += model.__subclasses__()
    return found


@cache
def _files_with() -> Mapping[tuple[str, str], Sequence[str]]:
    """The files of the rulebook that have each key of a model, the shortest first."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted(yaml_files(OWN_BOOK), key=lambda path: (path.stat().st_size, path)):
        kind = schema_kind(path.name)
        source = read_source(path.name, path.read_bytes())
        if kind in ("duty", "cases") and isinstance(source, YamlFile):
            value = read_model(KINDS[kind][0], YamlNode(source), source.value)
            for key in dict.fromkeys(_keys_of(value)):
                found[key].append(path.relative_to(ROOT).as_posix())
    return found


def _keys_of(value: object) -> Iterator[tuple[str, str]]:
    """The keys that are given in a model and in the models in it, with the names of those."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if name in value.model_fields_set:
                yield type(value).__name__, field.alias or name
                yield from _keys_of(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _keys_of(item)


def main() -> None:
    """Writes the schemas and the page."""
    SCHEMAS.mkdir(exist_ok=True)
    for kind in KINDS:
        (SCHEMAS / f"{kind}.schema.json").write_text(schema_text(kind), encoding="utf-8")
    old = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    PAGE.write_text(page(old), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Writes the JSON Schemas of rule files, and docs/rule-language.md from the same descriptions:
``python -m tests.rule_schemas``.

A description is the text below a field of a model. It ends with 'Example: ' and a value as it is
written in YAML, unless the value is one of a few words, or keys of its own.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from engine.cases.case_file import CaseFile
from evidence.register import ColumnSpec, Declared
from record.office.office_file import OfficeFile
from rules.draft import PinsFile, RegistersFile
from rules.model import Book, Duty
from rules.span import Span
from rules.yaml.source import Value, YamlFile, read_source
from tests.support.needs import ROOT

FOLDER = ROOT / "rules" / "schemas"

#: The kinds of file, each with its model and its title in an editor.
KINDS: Mapping[str, tuple[type[Declared], str]] = {
    "duty": (Duty, "The rule of a duty"),
    "cases": (CaseFile, "The cases of a duty"),
    "book": (Book, "book.yaml of a rulebook"),
    "registers": (RegistersFile, "registers.yaml of a rulebook"),
    "pins": (PinsFile, "pins.yaml of a rulebook"),
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

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": "string", "minLength": 1}

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


def main() -> None:
    """Writes the files."""
    FOLDER.mkdir(exist_ok=True)
    for kind in KINDS:
        (FOLDER / f"{kind}.schema.json").write_text(schema_text(kind), encoding="utf-8")


if __name__ == "__main__":
    main()

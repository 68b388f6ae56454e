"""The assessment as JSON: all of it, the same bytes for the same assessment, and back again."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from engine.assessment import FORMAT, Assessment
from reports import words


def _json_name(field: str) -> str:
    """``from_`` is ``from`` in JSON; its underscore is only there for Python."""
    return field.rstrip("_")


@dataclass(frozen=True, slots=True)
class AssessmentDocument(Assessment):
    """An assessment as it stands in a file, with the sentences that say what 'met' means."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        alias_generator=_json_name, extra="forbid", strict=True
    )

    met_means: str


def to_json(assessment: Assessment) -> bytes:
    """The assessment as UTF-8 JSON, one value a line, in the order of the types, ending in a line
    break. Days are ISO dates. assessment.schema.json beside this module describes it."""
    document = AssessmentDocument(**_values(assessment), met_means=words.MET_MEANS)  # type: ignore[arg-type]
    return _adapter().dump_json(document, indent=1, by_alias=True) + b"\n"


def from_json(data: bytes) -> Assessment | str:
    """The assessment that :func:`to_json` wrote, or a sentence that says why it is not one."""
    try:
        document = _adapter().validate_json(data)
    except ValidationError as error:
        return _other_format(data) or _not_valid(error)
    if document.format != FORMAT:
        return _wrong_format(document.format)
    return Assessment(**_values(document))  # type: ignore[arg-type]


def schema() -> dict[str, object]:
    """The JSON Schema of what :func:`to_json` writes."""
    made = _adapter().json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


@cache
def _adapter() -> TypeAdapter[AssessmentDocument]:
    return TypeAdapter(AssessmentDocument)


def _values(assessment: Assessment) -> dict[str, object]:
    return {field.name: getattr(assessment, field.name) for field in fields(Assessment)}


def _other_format(data: bytes) -> str:
    """Why ``data`` is not even of our format; '' where it says that it is."""
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return "It is not JSON. Give an assessment.json that an earlier check wrote."
    made_as = given.get("format") if isinstance(given, dict) else None
    if made_as is None:
        return "It is JSON, but no assessment. Give an assessment.json that an earlier check wrote."
    return "" if made_as == FORMAT else _wrong_format(made_as)


def _wrong_format(made_as: object) -> str:
    return (
        f"Its format is {made_as!r} and this program reads {FORMAT!r}. "
        "Check the old evidence again with this program."
    )


def _not_valid(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "the whole"
    return (
        f"It is no whole assessment: at {where}: {first['msg']}. "
        "Give an assessment.json as an earlier check wrote it, unchanged."
    )

"""The assessment as JSON: all of it, the same bytes for the same assessment, and back again."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import ClassVar, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from engine.assessment import (
    FORMAT,
    Assessment,
    DutyOutcome,
    HistoryEntry,
    ObligationOutcome,
)
from evidence.regular_file import MEGABYTE
from evidence.visible import visible_lines
from reports import words


def _json_name(field: str) -> str:
    """``from_`` is ``from`` in JSON; its underscore is only there for Python."""
    return field.rstrip("_")


Made = TypeVar("Made")
Entry = TypeVar("Entry")

#: A list that stands where a duty has its obligations.
_Deep = tuple[tuple[tuple[tuple[Entry, ...]]]]

#: The most bytes of an assessment that is read.
LIMIT_BYTES = 512 * MEGABYTE

#: How many obligations and past ones are made at once.
_MOST = 2000

_CONFIG = ConfigDict(alias_generator=_json_name, extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class AssessmentDocument(Assessment):
    """An assessment as it stands in a file, with the sentences that say what 'met' means."""

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    met_means: str


def to_json(assessment: Assessment) -> bytes:
    """The assessment as UTF-8 JSON, one value a line, in the order of the types, ending in a line
    break. Days are ISO dates. assessment.schema.json beside this module describes it.

    Where it is long its lists are made in parts: the whole of a large office, made at once, would
    stand in memory three times.
    """
    many = sum(len(duty.obligations) + len(duty.history) for duty in assessment.duties) > _MOST
    shell = AssessmentDocument(
        **_values(assessment) | ({"duties": ()} if many else {}),  # type: ignore[arg-type]
        met_means=words.MET_MEANS,
    )
    text = _dumped(_adapter(AssessmentDocument), shell)
    return _with_duties(text, assessment.duties) if many else text + b"\n"


def _with_duties(text: bytes, duties: Sequence[DutyOutcome]) -> bytes:
    made = io.BytesIO()
    before, after = text.split(b'\n "duties": [],')
    made.write(before + b'\n "duties": [')
    for at, duty in enumerate(duties):
        made.write(b"," if at else b"")
        _write_duty(made, duty)
    made.write(b"\n ]," + after + b"\n")
    return made.getvalue()


def _write_duty(made: io.BytesIO, duty: DutyOutcome) -> None:
    shell = replace(duty, obligations=(), history=())
    text = _part(_adapter(tuple[tuple[DutyOutcome, ...]]), ((shell,),), 1)
    before, rest = bytes(text).split(b'\n   "obligations": [],')
    between, after = rest.split(b'\n   "history": [],')
    made.write(before + b'\n   "obligations": [')
    _write_list(
        made, _adapter(tuple[tuple[tuple[tuple[ObligationOutcome, ...]]]]), duty.obligations
    )
    made.write(between + b'\n   "history": [')
    _write_list(made, _adapter(tuple[tuple[tuple[tuple[HistoryEntry, ...]]]]), duty.history)
    made.write(after)


def _write_list(
    made: io.BytesIO, adapter: TypeAdapter[_Deep[Entry]], entries: tuple[Entry, ...]
) -> None:
    for at in range(0, len(entries), _MOST):
        made.write(b"," if at else b"")
        made.write(_part(adapter, (((entries[at : at + _MOST],),),), 3))
    made.write(b"\n   ]," if entries else b"],")


def _part(adapter: TypeAdapter[Made], nested: Made, depth: int) -> memoryview:
    """Some entries of a list that stands so deep, without brackets; they come in a list within so
    many others, each its one thing, so that every line begins where it should."""
    text = _dumped(adapter, nested)
    before = len("".join(f"[\n{' ' * each}" for each in range(1, depth + 1)) + "[")
    return memoryview(text)[before : -before - 1]  # behind stands a line break more


def _dumped(adapter: TypeAdapter[Made], value: Made) -> bytes:
    """The JSON, its hidden letters as escapes: it says the same, and no screen obeys it."""
    text = adapter.dump_json(value, indent=1, by_alias=True)
    return text if text.isascii() and b"\x7f" not in text else visible_lines(text.decode()).encode()


def from_json(data: bytes) -> Assessment | str:
    """The assessment that :func:`to_json` wrote, or a sentence that says why it is not one."""
    try:
        document = _adapter(AssessmentDocument).validate_json(data)
    except ValidationError as error:
        return _other_format(data) or _not_valid(error)
    if document.format != FORMAT:
        return _wrong_format(document.format)
    return Assessment(**_values(document))  # type: ignore[arg-type]


def schema() -> dict[str, object]:
    """The JSON Schema of what :func:`to_json` writes."""
    made = _adapter(AssessmentDocument).json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


@cache
def _adapter(type_: type[Made]) -> TypeAdapter[Made]:
    of_document = type_ is AssessmentDocument  # which has its own
    return TypeAdapter(type_, config=None if of_document else _CONFIG)


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
        f"Its format is {_short(made_as)} and this program reads {FORMAT!r}. "
        "Check the old evidence again with this program."
    )


def _short(value: object) -> str:
    """A text as it stands in the file, cut where it is longer than any name of a format."""
    if not isinstance(value, str):
        return "no text"
    return repr(value if len(value) <= 60 else f"{value[:57]}...")


def _not_valid(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "the whole"
    return (
        f"It is no whole assessment: at {where}: {first['msg']}. "
        "Give an assessment.json as an earlier check wrote it, unchanged."
    )

"""The impact as JSON: one value on each line, the same bytes for the same impact."""

from __future__ import annotations

from engine.impact.impact import Impact
from evidence.visible import visible_lines
from reports.json.document import adapter


def impact_json(impact: Impact) -> bytes:
    """The impact as UTF-8 JSON. Days are ISO dates, and a value that is the default of its type is
    left out. reports/impact.schema.json describes it."""
    text = adapter(Impact).dump_json(impact, by_alias=True, exclude_defaults=True, indent=1)
    return visible_lines(text.decode()).encode() + b"\n"


def impact_schema() -> dict[str, object]:
    """The JSON Schema of impact.json."""
    made = adapter(Impact).json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}

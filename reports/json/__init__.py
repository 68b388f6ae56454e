"""The assessment as JSON: each thing once, the same bytes for the same one, and back again."""

from reports.json.document import schema
from reports.json.outline import outline_from_json
from reports.json.read import LIMIT_BYTES, from_json
from reports.json.write import json_body, to_json

__all__ = ["LIMIT_BYTES", "from_json", "json_body", "outline_from_json", "schema", "to_json"]

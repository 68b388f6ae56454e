"""The formats of a report."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: What each format's file is called.
FILES: Mapping[str, str] = MappingProxyType(
    {
        "json": "assessment.json",
        "html": "assessment.html",
        "xlsx": "assessment.xlsx",
        "text": "summary.txt",
    }
)

ALL = tuple(FILES)

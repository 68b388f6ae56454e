"""Texts that would do something if they were ever more than text, and a way to put them in every
field of an assessment."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeVar

from engine.assessment import Assessment

MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "--></style></title></textarea><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#60;&amp;",
    "\\000022;}*{background:url(http://example.invalid/)}",
    "x" * 300,
    "\x00\x1b[2J\u202e",
)

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://example.invalid/")',
    "{=1}",
    "#N/A",
    "#REF!",
    "TRUE",
    "1e5",
)

# Which list a duty is on, and the format: words of the program and never read from anywhere.
_KEPT = ("answers", "format")

_T = TypeVar("_T")


def everywhere(made: Assessment, turned: Callable[[str], str]) -> Assessment:
    """The assessment with every text that was read, or comes from a rulebook, turned."""
    return _turned(made, turned)


def _turned(value: _T, turned: Callable[[str], str]) -> _T:
    new: object = value
    if type(value) is str:
        new = turned(str(value))
    elif isinstance(value, tuple):
        new = tuple(_turned(part, turned) for part in value)
    elif isinstance(value, dict):
        new = {turned(key): number for key, number in value.items()}
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [f.name for f in dataclasses.fields(value) if f.name not in _KEPT]
        parts = {name: _turned(getattr(value, name), turned) for name in names}
        new = dataclasses.replace(value, **parts)
    return new  # type: ignore[return-value]

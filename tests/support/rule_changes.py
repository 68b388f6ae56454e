"""Small changes to a rule file, one at a time: another span or day, one condition or code fewer."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from rules.span import read_span
from rules.yaml.source import Value

#: Keys that a rule can be read without, each of which says something of its own.
OPTIONAL = (
    "accepted before", "already there", "applies", "before", "cancelled", "early", "empty",
    "end needed", "ends", "first deadline", "grace", "lapse", "leaves", "nil return", "no earlier",
    "part", "transition until",
    "re agreed on", "re agreed to", "review by", "review within",
)  # fmt: skip
#: What an item is about, which evidence can be read without.
OPTIONAL_IN_EVIDENCE = ("event", "period", "subject")
#: Keys that decide nothing, or that name what everything else hangs on.
PASSED_OVER = ("id", "title", "bearer", "strength", "citations", "readings", "remarks", "aliases")

Change = tuple[str, Value]


def changes(value: Value, path: str = "", before: Value | None = None) -> Iterator[Change]:
    """Each change to what stands at ``path``, in words, with the value as it is then. What a
    version repeats from the one ``before`` is not changed: the cases of that one notice it."""
    if isinstance(value, dict):
        yield from _of_keys(value, path, before if isinstance(before, dict) else {})
    elif isinstance(value, tuple):
        yield from _of_list(value, path, before if isinstance(before, tuple) else ())
    elif isinstance(value, datetime.date):
        for days in (-1, 1):
            yield f"{path} moved by {days} days", value + datetime.timedelta(days)
    elif isinstance(value, str):
        yield from _of_span(value, path)


def _of_keys(value: dict[str, Value], path: str, before: dict[str, Value]) -> Iterator[Change]:
    for key, held in value.items():
        if key in PASSED_OVER or (key in before and held == before[key]):
            continue
        within = f"{path} > {key}" if path else key
        if key in OPTIONAL or (key in OPTIONAL_IN_EVIDENCE and path.endswith("evidence")):
            yield f"{within} left out", {name: each for name, each in value.items() if name != key}
        for words, changed in changes(held, within, before.get(key)):
            yield words, {**value, key: changed}


def _of_list(value: tuple[Value, ...], path: str, before: tuple[Value, ...]) -> Iterator[Change]:
    at_first: list[Value | None] = [None] * len(value)
    earlier = [None, *value] if path == "versions" else [*before, *at_first]
    if len(value) > 1 or path.endswith("where"):
        for number, held in enumerate(value):
            if held != earlier[number]:
                yield f"{path} without {number + 1}", value[:number] + value[number + 1 :]
    for number, held in enumerate(value):
        if held != earlier[number]:
            for words, changed in changes(held, f"{path} {number + 1}", earlier[number]):
                yield words, (*value[:number], changed, *value[number + 1 :])


def _of_span(value: str, path: str) -> Iterator[Change]:
    try:
        span = read_span(value)
    except ValueError:
        return
    for count in (span.count - 1, span.count + 1):
        if count >= 0:
            yield f"{path} of {count} {span.unit}", f"{count} {span.unit}"

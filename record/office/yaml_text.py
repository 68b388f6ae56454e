"""Values as the YAML of office.yaml: plain to read and edit, and read back as the same values."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import TypeAlias

from rules.yaml.source import read_plain

#: What a mapping is made of, as pydantic dumps it.
YamlValue: TypeAlias = (
    "str | int | bool | datetime.date | tuple[YamlValue, ...] | dict[str, YamlValue]"
)

#: The longest line on which a list, or the keys of a value, are written in brackets.
LINE_LENGTH = 100
#: A longer key has a line of its own after a '? ': YAML takes it only so.
_LONGEST_KEY = 500
#: A text that reads as itself without quotes, whatever it begins with.
_PLAIN = re.compile(r"[^\W_](?:[\w./' ()&+…%-]*[\w./')+…%])?")


def scalar_text(value: object) -> str:
    """A text as YAML, in quotes where it would be read as anything else; a day or number as it is,
    and yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return str(value)
    if _PLAIN.fullmatch(value) and read_plain(value) == value:
        return value
    escaped = value.replace("\\", r"\\").replace('"', r"\"")
    shown = (mark if mark.isprintable() else f"\\U{ord(mark):08x}" for mark in escaped)
    return f'"{"".join(shown)}"'


def key_lines(key: str, value: YamlValue, indent: str, spread: frozenset[str]) -> Iterator[str]:
    """The lines of a key with its value. A list, or a value with keys, is in brackets where it fits
    on the line and its key is not one of ``spread``; inside a column of keys that are spread, every
    value is on one line."""
    name = scalar_text(key)
    if len(name) > _LONGEST_KEY:
        yield f"{indent}? {name}"
        yield f"{indent}: {flow_text(value)}"
        return
    line = f"{indent}{name}: {flow_text(value)}"
    short = key not in spread and len(line) <= LINE_LENGTH
    if short or not value or not isinstance(value, tuple | dict):
        yield line
        return
    yield f"{indent}{name}:"
    yield from _block(value, f"{indent}  ", spread, one_line=key == "columns")


def _block(
    value: YamlValue, indent: str, spread: frozenset[str], *, one_line: bool
) -> Iterator[str]:
    """The lines of a list or of keys, each item or key on lines of its own."""
    if isinstance(value, dict):
        for key, item in value.items():
            if one_line and len(key) <= _LONGEST_KEY:
                yield f"{indent}{scalar_text(key)}: {flow_text(item)}"
            else:
                yield from key_lines(key, item, indent, spread)
        return
    assert isinstance(value, tuple)
    for item in value:
        if isinstance(item, dict):
            lines = list(_block(item, f"{indent}  ", spread, one_line=False))
            yield f"{indent}- {lines[0].lstrip()}"
            yield from lines[1:]
        else:
            yield f"{indent}- {flow_text(item)}"


def flow_text(value: YamlValue) -> str:
    """The value on one line."""
    if isinstance(value, dict):
        items = (f"{_flow_key(key)}: {flow_text(item)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(flow_text, value))}]"
    return scalar_text(value)


def _flow_key(key: str) -> str:
    name = scalar_text(key)
    return f"? {name} " if len(name) > _LONGEST_KEY else name


def without_key(text: str, key: str) -> str:
    """The text of a file without the lines of one of its outermost keys."""
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        if line[:1].isalnum() or line[:1] in "\"'":
            inside = line.startswith(key) and line.removeprefix(key).lstrip().startswith(":")
        if not inside:
            kept.append(line)
    return "".join(kept)

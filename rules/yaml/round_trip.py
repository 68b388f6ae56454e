"""A YAML file changed and written again, with its order, quotes, comments and indents."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
)
from ruamel.yaml.tokens import CommentToken
from ruamel.yaml.util import load_yaml_guess_indent

from rules.yaml.source import Scalar

#: No line is broken that was not broken before.
_WIDTH = 100_000
#: Where a mapping keeps the comment after a value.
_AFTER_VALUE = 2


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A file as a tree that can be changed. Only lists in brackets over several lines are laid out
    anew when it is written."""

    tree: CommentedMap
    line_break: str
    marked: bool
    yaml: YAML

    def data(self) -> bytes:
        """The file as it is now, with the line breaks and the byte order mark that it had."""
        text = io.StringIO()
        self.yaml.dump(self.tree, text)
        made = text.getvalue().replace("\n", self.line_break)
        return made.encode("utf-8-sig" if self.marked else "utf-8")


def round_trip(data: bytes) -> RoundTrip:
    """A file that rules.yaml.source has read without problems."""
    text = data.decode("utf-8-sig")
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    # a value that is set in two places is written out in both
    yaml.representer.ignore_aliases = lambda _: True
    line_break = "\r\n" if "\r\n" in text else "\n"
    tree, indent, offset = load_yaml_guess_indent(text.replace("\r\n", "\n"), yaml=yaml)
    yaml.indent(mapping=2, sequence=indent or 4, offset=2 if offset is None else offset)
    return RoundTrip(tree, line_break, data.startswith(b"\xef\xbb\xbf"), yaml)


def set_after(mapping: CommentedMap, key: str, values: Mapping[str, Scalar]) -> None:
    """Sets keys of a mapping: where one is missing, after the one before it, the first after
    ``key``. Texts are written in quotes. A comment between two keys stays before the second."""
    for name, value in values.items():
        written = DoubleQuotedScalarString(value) if isinstance(value, str) else value
        if name in mapping:
            _end_block(mapping, name)
            mapping[name] = written
        else:
            mapping.insert(list(mapping).index(key) + 1, name, written)
            _move_comment(mapping, key, name)
        key = name


def _end_block(mapping: CommentedMap, key: str) -> None:
    """Puts the comment after a block of text on a line of its own: the block ended its last line
    itself, and what takes its place does not."""
    token = _comment_after(mapping, key)
    if token is not None and isinstance(mapping[key], FoldedScalarString | LiteralScalarString):
        indent = token.start_mark.column if token.value.startswith("#") else 0
        token.value = f"\n{' ' * indent}{token.value}"


def _comment_after(mapping: CommentedMap, key: str) -> CommentToken | None:
    tokens = mapping.ca.items.get(key)
    token = tokens[_AFTER_VALUE] if tokens else None
    return token if isinstance(token, CommentToken) else None


def _move_comment(mapping: CommentedMap, before: str, after: str) -> None:
    """Moves the lines that follow the line of a key to another, which now follows it."""
    token = _comment_after(mapping, before)
    if token is None:
        return
    own, line_break, lines = token.value.partition("\n")
    if not lines:
        return
    moved = CommentToken(line_break + lines, token.start_mark, None)
    mapping.ca.items[after] = [None, None, moved, None]
    if own:
        token.value = own + line_break
    else:
        del mapping.ca.items[before]

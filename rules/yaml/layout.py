"""A rule file in the usual layout: indents of two spaces and lines of at most 100 characters."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from rules.problem import RuleProblem, file_problem
from rules.yaml.round_trip import round_trip
from rules.yaml.source import YamlFile, read_source

WIDTH = 100

#: A line with a value: what comes before the value, and the value.
_LINE = re.compile(
    r"(?P<head>(?P<indent> *(?:- )*)(?:[^\s\"'\[\]{}#&*!|>%@`][^\"#]*?: )?)(?P<value>\S.*)"
)
_TEXT_BEGINS = re.compile(r"(?:^| )[|>][-+1-9]{0,2}(?: +#.*)?$")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_INDENT = 2
_NO_TEXT = 1_000_000  # more than the indent of any line


def lay_out(file: str, data: bytes) -> bytes | tuple[RuleProblem, ...]:
    """The bytes of a rule file in the usual layout, or what is wrong with its form.

    Order, quotes and comments stay as they are, and so does everything that the file means. Text
    below ``|`` and ``>`` keeps its lines.
    """
    before = read_source(file, data)
    if not isinstance(before, YamlFile):
        return before
    trip = round_trip(data)
    trip.yaml.indent(mapping=_INDENT, sequence=2 * _INDENT, offset=_INDENT)
    trip.yaml.brace_single_entry_mapping_in_flow_sequence = True
    ending = trip.line_break.encode()
    lines = trip.data().decode().lstrip().split(trip.line_break)
    made = b"".join(line.encode() + ending for line in _arranged(lines))
    after = read_source(file, made)
    if (
        not isinstance(after, YamlFile)
        or after.value != before.value
        or _comments(made) != _comments(data)
    ):
        message = "The file cannot be laid out anew without a change to what it means."
        return (file_problem(file, message, "Lay it out by hand."),)
    return made


def _arranged(lines: list[str]) -> Iterator[str]:
    """The lines with those that are too long broken, comments above the line that follows them, and
    one blank line where there were more. Texts under ``|`` and ``>`` stay as they are."""
    text_indent = _NO_TEXT
    waiting: list[str] = []  # blank lines and comments
    for line in lines:
        words = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if words and indent > text_indent:
            yield from (*waiting, line)
            waiting = []
        elif not words or words.startswith("#"):
            waiting.append(line)
        else:
            yield from _above(waiting, indent)
            waiting = []
            text_indent = indent if _TEXT_BEGINS.search(line) else _NO_TEXT
            yield from _broken(line.rstrip())
    while waiting and not waiting[-1].strip():
        waiting.pop()
    yield from _above(waiting, None)


def _above(lines: list[str], indent: int | None) -> Iterator[str]:
    """Blank lines and comments, with the indent of the line below them if there is one."""
    blank = False
    for line in lines:
        comment = line.strip()
        if comment:
            yield line.rstrip() if indent is None else " " * indent + comment
        elif not blank:
            yield ""
        blank = not comment


def _broken(line: str) -> Iterator[str]:
    """The line, on several lines where it is too long and can be broken between words."""
    match = _LINE.fullmatch(line)
    if len(line) <= WIDTH or match is None or _COMMENT.search(line):
        yield line
    elif match["value"][0] in "[{":
        yield from _broken_list(match["head"], match["value"])
    elif match["value"][0] in "\"'|>" or "  " in match["value"]:
        yield line
    else:
        indent = " " * (len(match["indent"]) + _INDENT)
        words = textwrap.TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False)
        words.subsequent_indent = indent
        yield from words.wrap(line)


def _broken_list(head: str, value: str) -> Iterator[str]:
    """A list or keys in brackets, each line as full as may be, below the first of them."""
    line = head
    for part in _parts(value):
        if len(line) + len(part.rstrip()) > WIDTH and line != head:
            yield line.rstrip()
            line = " " * (len(head) + 1)
        line += part
    yield line


def _parts(value: str) -> Iterator[str]:
    """The items of a list in brackets, each with its comma, the first with the bracket."""
    depth, start, quote = 0, 0, ""
    for index, letter in enumerate(value):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'" and value[index - 1] in " [{":
            quote = letter
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        elif letter == " " and depth == 1 and value[index - 1] == ",":
            yield value[start : index + 1]
            start = index + 1
    yield value[start:]


def _comments(data: bytes) -> list[str]:
    """The comments of a file, in order; also what looks like one in a text."""
    found = (_COMMENT.search(line) for line in data.decode("utf-8-sig").splitlines())
    return [match[0].strip() for match in found if match is not None]

"""Errors of form in a YAML file: what is wrong where it cannot be parsed, and what may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import yaml

from rules.problem import RuleProblem

# a key whose value begins right after its colon; '//' is an address on the web
_UNSPACED = re.compile(r"\s*(?:- )*(?P<key>[A-Za-z][A-Za-z ]*):(?=[^\s:])(?!//)")
_KEYED = re.compile(r"(?P<key> *(?:- )*(?:[A-Za-z][A-Za-z ]*: +|(?<=- )))(?P<value>\S.*)")
_ANY_KEY = re.compile(r"[ -]*([A-Za-z][A-Za-z ]*):(?: |$)")
_ITEM_KEY = re.compile(r"- [A-Za-z][A-Za-z ]*:")
_ESCAPE = re.compile(r"\\(U[0-9a-fA-F]{8}|.)", re.DOTALL)
_DOUBLE_QUOTED = re.compile(r'[^"]*("(?:[^"\\]|\\.)*")')
# a text in single quotes that ends at an apostrophe
_APOSTROPHE = re.compile(r"[ -]*(?:[A-Za-z][A-Za-z ]*: +)?'[^']*'\w.*")
#: A hyphen with the word of an item right behind it.
HYPHEN = re.compile(r" *-([^\W\d].*)")
_ONLY_KEY = re.compile(r" *([A-Za-z](?:[A-Za-z ]*[A-Za-z])?) *")
#: What a word processor writes in place of a hyphen.
_BULLET = re.compile(r"[\u2022\u00b7\u25aa\u25e6\u2013\u2014*](?=\s)")
_CLOSING = {"[": "]", "{": "}"}
#: The line on which a document begins or ends, and a key of a document itself.
_DOCUMENT = re.compile(r"(?:---|\.\.\.)(?:\s|$)")
_TOP_KEY = re.compile(r"[^\s#:][^:]*(?=:(?:\s|$))")
#: A line with which git separates two edits of one place.
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7})(?: |$)")

_KEY = (
    "The key on this line has no colon.",
    "Write 'key: value', with a space after the colon.",
)
_APOSTROPHE_WORDS = (
    "The apostrophe in this text ends the text in quotes.",
    "Write text that has an apostrophe without quotes, or in double quotes.",
)
_OPEN = ("A quote or a bracket is opened here and never closed.", "Close it.")
_BRACKET = (
    "A bracket is opened here, and the list in it is not complete.",
    "Separate the words of the list with commas, and close the bracket.",
)
_INDENT = (
    "This line does not line up with the lines above it.",
    "Indent it by as many spaces as the other lines at its level.",
)
_SPACE = ("This line begins with a space.", "Delete the space.")
_OTHER = (
    "This line is neither 'key: value' nor an item of a list.",
    "Check the indents, colons, quotes and brackets of this line and the one above.",
)
#: Parts of PyYAML's messages, each with the message for the person who writes rules.
_SYNTAX = {
    "mapping values are not allowed": (
        "There is a second colon on this line.",
        "Put text that contains a colon in quotes, or line this line up with those above it.",
    ),
    "could not find expected ':'": _KEY,
    "end of stream": _OPEN,
    "',' or": _BRACKET,
    "expected key": _INDENT,
    "block end": _INDENT,
    "block entry": _INDENT,
    "sequence entries are not allowed": _INDENT,
    "scanning an alias": (
        "A word on this line begins with '*', which has a special meaning.",
        "Put the word in quotes.",
    ),
    "cannot start any token": (
        "A word on this line begins with a mark that has a special meaning.",
        "Put the word in quotes.",
    ),
}


class Refused(NamedTuple):
    """Why a word needs quotes, and what to write instead; both whole sentences."""

    message: str
    instead: str


def no_space(text: str) -> Refused | None:
    """Why a text that begins as 'key:value' is not a key and its value; None if it does not."""
    match = _UNSPACED.match(text)
    if match is None:
        return None
    message = f"There is no space after the colon of '{match['key']}'."
    return Refused(message, f"Write '{match['key']}: ', and then the value.")


def form_error(file: str, text: str, error: yaml.YAMLError) -> RuleProblem:
    """A problem at the line where PyYAML stopped, or where an unclosed text begins."""
    error_text = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    words = next((words for part, words in _SYNTAX.items() if part in error_text), _OTHER)
    stopped, began = (getattr(error, f"{name}_mark", None) for name in ("problem", "context"))
    mark = (began or stopped) if words in (_KEY, _OPEN, _BRACKET) else (stopped or began)
    line = mark.line + 1 if mark else 0
    lines = dict(enumerate(text.split("\n"), start=1))
    for number in (line, line - 1):  # the fault may be noticed on the line after it
        if _is_indented_alone(lines, number):
            return RuleProblem(file, number, "", *_SPACE)
        own_words = _line_words(lines.get(number, ""), in_quotes=words is not _OTHER)
        if own_words is not None:
            return RuleProblem(file, number, "", *own_words)
    written, below = lines.get(line, ""), lines.get(line + 1, "")
    if "escape" in error_text:
        words = _double_quoted_words(written) or words
    if words == _KEY:
        words = _only_key_words(written, below) or words
    return RuleProblem(file, line, "", *words)


def _is_indented_alone(lines: Mapping[int, str], number: int) -> bool:
    """Whether a line with one key begins with one space, and the key above it does not; or whether
    it is the first line with a key, and the line below it does not."""
    keyed = {n: line for n, line in lines.items() if _KEYED.fullmatch(line)}
    line = keyed.get(number, "")
    before = [n for n in keyed if n < number]
    beside = keyed.get(max(before, default=number + 1), "")
    is_alone = _indent(line) == 1 and bool(beside) and _indent(beside) == 0
    return is_alone and not line.lstrip().startswith("-") and line.count(": ") == 1


def _line_words(line: str, *, in_quotes: bool) -> tuple[str, str] | None:
    """What is wrong with a line, and what to write, as far as the line alone shows it. An
    apostrophe may be what ended a text only ``in_quotes``."""
    if _CONFLICT.match(line):
        message = "Git found two edits of one place, and this line separates them."
        return message, "Keep one of the two texts, and delete this line."
    unspaced = no_space(line)
    if unspaced is not None:
        return unspaced
    if in_quotes and _APOSTROPHE.fullmatch(line.rstrip()):
        return _APOSTROPHE_WORDS
    hyphen = HYPHEN.match(line)
    if hyphen is not None:
        return hyphen_words(hyphen[1])
    bullet = _BULLET.match(line.lstrip(" "))
    if bullet is not None:
        return f"This line begins with '{bullet[0]}', which is not a hyphen.", "Write '- ' instead."
    return None


def _double_quoted_words(line: str) -> tuple[str, str] | None:
    """A problem of a line with a text in double quotes that has a wrong backslash."""
    quoted = _DOUBLE_QUOTED.match(line)
    escape = wrong_escape(quoted[1]) if quoted else None
    return escape_words(escape, quoted[1]) if quoted and escape else None


def _only_key_words(line: str, below: str) -> tuple[str, str] | None:
    """A problem of a line that has only a key without a colon, with its value ``below``."""
    only_key = _ONLY_KEY.fullmatch(line)
    has_value = below.lstrip(" ").startswith("- ") or _indent(below) > _indent(line)
    if only_key is None or not has_value:
        return None
    return f"There is no colon after '{only_key[1]}'.", f"Write '{only_key[1]}:'."


def hyphen_words(item: str) -> tuple[str, str]:
    """A problem of an item that begins right behind its hyphen."""
    return "There is no space after the hyphen on this line.", f"Write '- {item.strip()}'."


def wrong_escape(quoted: str) -> str | None:
    """The first backslash in a text in double quotes, with the letter after it, that stands neither
    for a visible letter nor for itself."""
    escapes = (found for found in _ESCAPE.finditer(quoted) if found[1][0] not in '"/xu\\\n')
    return next((found[0] for found in escapes if len(found[1]) == 1), None)


def escape_words(escape: str, quoted: str) -> tuple[str, str]:
    """A problem of a text in double quotes with a backslash, as in a path of Windows."""
    message = f"In double quotes, \\ is not allowed before {escape[1:]}."
    plain = quoted.strip('"').replace("\\", "/")
    return message, f"Write {plain}, or use single quotes."


def corrections(lines: list[str], number: int) -> Iterator[tuple[list[str], bool]]:
    """The lines of a file with each way to correct an error on one of them, and whether that leaves
    lines out: without what follows a document of its own, without a line of git's, with another
    line in its place, or without the line and those below it that are indented more."""
    if not 0 <= number < len(lines):
        return
    line = lines[number]
    before, after = lines[:number], lines[number + 1 :]
    if _DOCUMENT.match(line):
        # A document of its own, or the rest of the one above behind a stray line.
        apart = _top_keys(before) & _top_keys(after)
        yield [*before, *([""] * (1 + len(after)) if apart else ["", *after])], False
        return
    if _CONFLICT.match(line):
        yield [*before, "", *after], True
        return
    for corrected in _corrected(lines, number):
        yield [*before, corrected, *after], False
    deeper = 0
    while deeper < len(after) and after[deeper].startswith(" " * (_indent(line) + 1)):
        deeper += 1
    yield [*before, *[""] * (1 + deeper), *after[deeper:]], True


def _corrected(lines: list[str], number: int) -> Iterator[str]:
    """What may be meant by a line: with a space after the colon, a colon after a key that the file
    uses elsewhere, a bracket at the end, quotes around the value, the indent of the last item above
    with the same first key, the nearest indent of a line above, or a hyphen before a key."""
    line, before = lines[number], lines[:number]
    unspaced = _UNSPACED.match(line)
    if unspaced is not None:
        yield f"{line[: unspaced.end()]} {line[unspaced.end() :]}"
    keys = {match[1] for match in map(_ANY_KEY.match, lines) if match is not None}
    for key in sorted(keys, key=len, reverse=True):
        if line.lstrip(" -").startswith(f"{key} "):
            yield line.replace(f"{key} ", f"{key}: ", 1)
    keyed = _KEYED.fullmatch(line)
    if keyed is not None:
        closing = _CLOSING.get(keyed["value"][0])
        if closing is not None:
            yield line + closing
        yield keyed["key"] + "'" + keyed["value"].strip("\"'").replace("'", "''") + "'"
    indent = _indent(line)
    words = line[indent:]
    if _BULLET.match(words):
        yield " " * indent + "- " + words[1:].lstrip()
    own_key = _ITEM_KEY.match(words)
    alike = [each for each in before if own_key and each.lstrip(" ").startswith(own_key[0])]
    if alike and _indent(alike[-1]) != indent:
        yield " " * _indent(alike[-1]) + words
    indents = {_indent(each) for each in before if each.strip()}
    if indents and indent not in indents:
        near = min(sorted(indents, reverse=True), key=lambda each: abs(each - indent))
        yield " " * near + words
    if indent > 1 and _ITEM_KEY.match(f"- {words}"):
        yield " " * (indent - 2) + "- " + words


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _top_keys(lines: Iterable[str]) -> set[str]:
    matches = map(_TOP_KEY.match, lines)
    return {match[0] for match in matches if match is not None}


def second_document(data: bytes) -> bytes | None:
    """What follows the line with which a second document begins, with blank lines in place of all
    above; None if there is one document, or if what follows has none of its keys."""
    lines = data.decode("utf-8-sig", "replace").split("\n")
    first = next((i for i, line in enumerate(lines) if _TOP_KEY.match(line)), len(lines))
    starts = (i for i, line in enumerate(lines) if i > first and _DOCUMENT.match(line))
    start = next(starts, len(lines)) + 1
    if _top_keys(lines[:start]).isdisjoint(_top_keys(lines[start:])):
        return None
    return "\n".join([*[""] * start, *lines[start:]]).encode()

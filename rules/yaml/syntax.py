"""What the YAML reader says of a file that it cannot read, in words for who writes rules."""

from __future__ import annotations

import yaml

from rules.problem import RuleProblem

_COLON = (
    "There is a second colon on this line.",
    "Put text that holds a colon in quotes, or line this line up with those above it.",
)
_KEY = (
    "The key on this line has no colon.",
    "Write 'key: value', with a space after the colon.",
)
_OPEN = ("A quote or a bracket is opened here and never closed.", "Close it.")
_BRACKET = (
    "A bracket is opened here and its list does not end well.",
    "Part the words of the list with commas and close the bracket.",
)
_INDENT = (
    "This line does not line up with the lines above it.",
    "Indent it by as many spaces as the lines that belong beside it.",
)
_MARK = (
    "A word on this line begins with a mark that has another meaning.",
    "Put the word in quotes.",
)
_OTHER = (
    "This line does not have the form of a rule file.",
    "Check the indents, colons, quotes and brackets of this line and the one above.",
)
_SAID = (
    ("mapping values are not allowed", _COLON),
    ("could not find expected ':'", _KEY),
    ("end of stream", _OPEN),
    ("',' or", _BRACKET),
    ("expected key", _INDENT),
    ("block end", _INDENT),
    ("block entry", _INDENT),
    ("sequence entries are not allowed", _INDENT),
    ("cannot start any token", _MARK),
)


def syntax_problem(file: str, error: yaml.YAMLError) -> RuleProblem:
    """The reader's error as a problem: at the line where it stopped, or where it began to read
    what was never closed."""
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    words = next((words for part, words in _SAID if part in said), _OTHER)
    stopped, began = (getattr(error, f"{name}_mark", None) for name in ("problem", "context"))
    mark = (began or stopped) if words in (_KEY, _OPEN, _BRACKET) else (stopped or began)
    line = mark.line + 1 if mark is not None else 0
    return RuleProblem(file, line, "", *words)

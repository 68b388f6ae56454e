"""Rule files: strict YAML, read to plain values with the line of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from evidence.visible import first_hidden
from rules.problem import RuleProblem, Spot
from rules.yaml.scalar import Refused, Scalar, read_plain

Value: TypeAlias = "Scalar | tuple[Value, ...] | dict[str, Value]"
Path: TypeAlias = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 12
_MOST_PROBLEMS = 1000  # of one file; behind so many the file is not read on

_KEY = (
    "The key on this line has no colon.",
    "Write 'key: value', with a space after the colon.",
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
_OTHER = (
    "This line does not have the form of a rule file.",
    "Check the indents, colons, quotes and brackets of this line and the one above.",
)
#: Parts of what PyYAML says of an error, each with what is said to whoever writes rules.
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
    "cannot start any token": (
        "A word on this line begins with a mark that has a special meaning.",
        "Put the word in quotes.",
    ),
}


@dataclass(frozen=True, slots=True)
class YamlFile:
    """One file as read: its name from the rulebook's folder, its value, and the line (from 1) of
    each key and each item of a list, by the path to it."""

    file: str
    value: dict[str, Value]
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of that path, or of the nearest thing around it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(frozen=True, slots=True)
class At:
    """A place in a rule file. ``at / 'versions' / 0`` is the place of the first version in it."""

    source: YamlFile
    path: Path = ()

    def __truediv__(self, part: str | int) -> At:
        return At(self.source, (*self.path, part))

    @property
    def spot(self) -> Spot:
        """Its file and line."""
        return Spot(self.source.file, self.source.line(self.path))

    def problem(self, message: str, instead: str, *also: At) -> RuleProblem:
        """A problem at this place, with the other places that it disagrees with."""
        file, line = self.spot.file, self.spot.line
        others = tuple(at.spot for at in also)
        return RuleProblem(file, line, path_in_words(self.path), message, instead, others)


def path_in_words(path: Path) -> str:
    """The way to a place as a person counts: 'versions 1 > evidence > where 2'."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    return " > ".join(words)


def read_source(file: str, data: bytes) -> YamlFile | tuple[RuleProblem, ...]:
    """The bytes of a rule file as a YamlFile, or all that is wrong with its form."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "The file is not saved as UTF-8."
        return (RuleProblem(file, 0, "", message, "Save it again as UTF-8."),)
    return tuple(_unwanted_marks(file, text)) or _YamlReader(file, text).read()


def _unwanted_marks(file: str, text: str) -> Iterator[RuleProblem]:
    """One problem for each kind of mark, at the first line that has it."""
    lines = dict(enumerate((line.removesuffix("\r") for line in text.split("\n")), 1))
    tabs = [number for number, line in lines.items() if "\t" in line]
    if tabs:
        message = f"There is a tab on this line{_and_others(tabs)}."
        yield RuleProblem(file, tabs[0], "", message, "Write spaces instead.")
    hidden = [number for number, line in lines.items() if _unseen(line) is not None]
    if hidden:
        message = (
            f"There is a character on this line{_and_others(hidden)} that cannot be seen "
            f"({_unseen(lines[hidden[0]])}), such as a hard space pasted from a document."
        )
        yield RuleProblem(file, hidden[0], "", message, "Type the line again.")


def _unseen(line: str) -> str | None:
    """The first character that nobody sees, tabs apart: a hidden letter, or a hard space."""
    if line.isprintable():
        return None
    return first_hidden(line.replace("\t", " ")) or ("\\u00a0" if "\xa0" in line else None)


def _and_others(lines: list[int]) -> str:
    others = len(lines) - 1
    return f" and on {others:,} other{'s' * (others > 1)}" if others else ""


class _Stop(Exception):
    """Nothing more can be read of this file."""


class _YamlReader:
    """Reads one file's events to values; keeps lines and problems on the way."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self.lines: dict[Path, int] = {}
        self.problems: list[RuleProblem] = []

    def read(self) -> YamlFile | tuple[RuleProblem, ...]:
        value: Value = {}
        try:
            value = self._document()
        except yaml.YAMLError as error:
            self.problems.append(self._syntax_problem(error))
        except _Stop:
            pass
        if not self.problems and isinstance(value, dict):
            return YamlFile(self.file, value, self.lines)
        no_keys = RuleProblem(
            self.file, 1, "", "The file contains no keys.", "Write 'key: value' lines."
        )
        return tuple(self.problems) or (no_keys,)

    def _document(self) -> Value:
        value: Value = {}
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                value = self._node(event, ())
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._stopped(
                        event, "A second document starts here.", "Keep one in each file."
                    )
        if not documents:
            message = "The file is empty."
            self.problems.append(RuleProblem(self.file, 0, "", message, "Write the rule."))
        return value

    def _node(self, event: yaml.Event, path: Path) -> Value:
        self._refuse_marks(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= _DEEPEST:
            raise self._stopped(
                event, "The lines are indented too deeply.", "Check the indents above."
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        items: list[Value] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*path, len(items))
            self.lines[here] = _line(event)
            items.append(self._node(event, here))
        return tuple(items)

    def _refuse_marks(self, event: yaml.Event, path: Path) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._stopped(
                event, "A '*' refers to another place.", "Write the value out again here."
            )
        if getattr(event, "anchor", None) is not None:
            self._add(event, path, "A '&' names this place.", "Leave it out. Rules do not use it.")
        if getattr(event, "tag", None) is not None:
            self._add(event, path, "A '!' sets a type.", "Leave it out, or put the text in quotes.")

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Value:
        text = str(event.value)
        if event.style:  # quoted, or a block of text
            if not text.strip():
                self._add(event, path, "The text is empty.", "Write it, or leave the key out.")
            self._refuse_hidden(event, path, text)
            return text
        read = read_plain(text)
        if isinstance(read, Refused):
            self._add(event, path, *read)
            return text
        return read

    def _refuse_hidden(self, event: yaml.Event, path: Path, text: str) -> None:
        """Quotes may hold a hidden letter by its number, which would be shown to people."""
        mark = first_hidden("".join(text.splitlines()))
        if mark is not None:
            message = f"The text contains a character that cannot be seen ({mark})."
            self._add(event, path, message, "Leave it out.")

    def _mapping(self, path: Path) -> Value:
        held: dict[str, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, line = self._key(event, path), _line(event)
            here = (*path, key)
            first = self.lines.setdefault(here, line)
            if key in held:
                message = f"The key '{key}' appears twice, on lines {first} and {line}."
                where, also = path_in_words(path), (Spot(self.file, first),)
                twice = RuleProblem(self.file, line, where, message, "Keep one of them.", also)
                self.problems.append(twice)
            held[key] = self._node(next(self.events), here)
        return held

    def _key(self, event: yaml.Event, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._stopped(event, "A key must be a word.", "Write 'key: value'.")
        self._refuse_marks(event, path)
        key = str(event.value)
        if key == "<<" and not event.style:
            self._add(event, path, "'<<' copies keys.", "Write the keys out here.")
        self._refuse_hidden(event, path, key)
        return key

    def _add(self, event: yaml.Event, path: Path, message: str, instead: str) -> None:
        where = path_in_words(path)
        self.problems.append(RuleProblem(self.file, _line(event), where, message, instead))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise _Stop

    def _stopped(self, event: yaml.Event, message: str, instead: str) -> _Stop:
        self._add(event, (), message, instead)
        return _Stop()

    def _syntax_problem(self, error: yaml.YAMLError) -> RuleProblem:
        """At the line where PyYAML stopped, or where it began to read what was never closed."""
        error_text = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
        words = next((words for part, words in _SYNTAX.items() if part in error_text), _OTHER)
        stopped, began = (getattr(error, f"{name}_mark", None) for name in ("problem", "context"))
        mark = (began or stopped) if words in (_KEY, _OPEN, _BRACKET) else (stopped or began)
        return RuleProblem(self.file, mark.line + 1 if mark else 0, "", *words)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0

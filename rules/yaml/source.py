"""Rule files: strict YAML, read to plain values with the line of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from evidence.visible import first_hidden
from rules.problem import RuleProblem, Spot
from rules.yaml.scalar import Refused, Scalar, read_plain
from rules.yaml.syntax import syntax_problem

Value: TypeAlias = "Scalar | tuple[Value, ...] | dict[str, Value]"
Path: TypeAlias = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 12
_MOST_PROBLEMS = 1000  # of one file; behind so many the file is not read on


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
    """The bytes of a rule file as a Source, or all that is wrong with its form."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (_broken(file, 0, "The file is not saved as UTF-8.", "Save it again as UTF-8."),)
    marks = tuple(_unwanted_marks(file, text))
    return marks or _YamlReader(file).read(text)


def _broken(file: str, line: int, message: str, instead: str) -> RuleProblem:
    return RuleProblem(file, line, "", message, instead)


def _unwanted_marks(file: str, text: str) -> Iterator[RuleProblem]:
    """One problem for each kind of mark, at the first line that has it."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    tabs = [number for number, line in enumerate(lines, 1) if "\t" in line]
    if tabs:
        message = f"There is a tab on this line{_and_others(tabs)}."
        yield _broken(file, tabs[0], message, "Write spaces instead.")
    hidden = [number for number, line in enumerate(lines, 1) if _unseen(line) is not None]
    if hidden:
        mark = _unseen(lines[hidden[0] - 1])
        message = (
            f"There is a character on this line{_and_others(hidden)} that cannot be seen ({mark}),"
            " such as a hard space pasted from a document."
        )
        yield _broken(file, hidden[0], message, "Type the line anew.")


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

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[RuleProblem] = []

    def read(self, text: str) -> YamlFile | tuple[RuleProblem, ...]:
        value: Value = ()
        try:
            value = self._document(yaml.parse(text, Loader=_LOADER))
        except yaml.YAMLError as error:
            self.problems.append(syntax_problem(self.file, error))
        except _Stop:
            pass
        if self.problems:
            return tuple(self.problems)
        if not isinstance(value, dict):
            return (_broken(self.file, 1, "The file holds no keys.", "Write 'key: value' lines."),)
        return YamlFile(self.file, value, self.lines)

    def _document(self, events: Iterator[yaml.Event]) -> Value:
        value: Value = {}
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._stopped(
                        event, "A second document starts here.", "Keep one in each file."
                    )
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, events, ())
        if not documents:
            self.problems.append(_broken(self.file, 0, "The file is empty.", "Write the rule."))
        return value

    def _node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], path: Path) -> Value:
        self._refuse_marks(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= _DEEPEST:
            raise self._stopped(
                event, "The lines are indented too deep.", "Check the indents above."
            )
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _refuse_marks(self, event: yaml.NodeEvent, path: Path) -> None:
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            raise self._stopped(
                event, "A '*' refers to another place.", "Write the value out again here."
            )
        if event.anchor is not None:
            self._add(event, path, "A '&' names this place.", "Leave it out; rules have none.")
        if tag is not None:
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
            self._add(event, path, read.message, read.instead)
            return text
        return read

    def _refuse_hidden(self, event: yaml.Event, path: Path, text: str) -> None:
        """Quotes may hold a hidden letter by its number, which would be shown to people."""
        mark = first_hidden("".join(text.splitlines()))
        if mark is not None:
            message = f"The text holds a character that cannot be seen ({mark})."
            self._add(event, path, message, "Leave it out.")

    def _sequence(self, events: Iterator[yaml.Event], path: Path) -> Value:
        items: list[Value] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            if isinstance(event, yaml.NodeEvent):
                here = (*path, len(items))
                self.lines[here] = _line(event)
                items.append(self._node(event, events, here))
        return tuple(items)

    def _mapping(self, events: Iterator[yaml.Event], path: Path) -> Value:
        held: dict[str, Value] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, path)
            here = (*path, key)
            if key in held:
                self._add_twice(event, here)
            self.lines.setdefault(here, _line(event))
            following = next(events)
            if isinstance(following, yaml.NodeEvent):
                held[key] = self._node(following, events, here)
        return held

    def _key(self, event: yaml.Event, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._stopped(event, "A key must be a word.", "Write 'key: value'.")
        self._refuse_marks(event, path)
        if event.value == "<<" and not event.style:
            self._add(event, path, "'<<' copies keys.", "Write the keys out here.")
        self._refuse_hidden(event, path, str(event.value))
        return str(event.value)

    def _add(self, event: yaml.Event, path: Path, message: str, instead: str) -> None:
        where = path_in_words(path)
        self.problems.append(RuleProblem(self.file, _line(event), where, message, instead))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise _Stop

    def _add_twice(self, event: yaml.Event, path: Path) -> None:
        first = self.lines[path]
        message = f"The key '{path[-1]}' stands twice, on lines {first} and {_line(event)}."
        where, also = path_in_words(path[:-1]), (Spot(self.file, first),)
        instead = "Keep one of them."
        self.problems.append(RuleProblem(self.file, _line(event), where, message, instead, also))

    def _stopped(self, event: yaml.Event, message: str, instead: str) -> _Stop:
        self._add(event, (), message, instead)
        return _Stop()


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 0

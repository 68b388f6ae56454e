"""Rule files: strict YAML, read to plain values with the line of each; no value is guessed."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from evidence.visible import first_hidden, without_hidden
from rules.problem import RuleProblem, Spot, file_problem
from rules.span import SPAN
from rules.yaml.form_errors import (
    HYPHEN,
    Refused,
    corrections,
    escape_words,
    form_error,
    hyphen_words,
    wrong_escape,
)

Scalar = str | int | bool | datetime.date
Value: TypeAlias = "Scalar | tuple[Value, ...] | dict[str, Value]"
Path: TypeAlias = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# a number that begins with a nought or a plus sign or is too long, or a fraction
_NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+)")
_COMMENT = re.compile(" +#")
_CURLY = re.compile(r"[\u201c\u201d\u201e\u2018].*[\u201c\u201d\u2019]")
#: The message about a key that is missing, which may be on a line that cannot be read.
MISSING_KEY = re.compile(r"The key '(.*)' is missing\.")
_DEEPEST = 12
_MOST_FAULTS = 20  # behind which a file is read on
_MOST_READ_ON = 200_000  # letters of a file that is read on
_MOST_PROBLEMS = 1000  # of one file, after which the rest of the file is not read

_NEW_ITEM = (
    "Keep one of them, or begin this line with '- ' if the next item of the list begins here."
)
_AS_UTF_8 = "Open it in Notepad, choose File, Save as, and then 'UTF-8' as the encoding."


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file: its name from the rulebook's folder, its value, and the line (from 1) of each key and
    each item of a list, by its path. ``cut`` are the lines with errors of form that were left out.
    ``doubled`` are the paths, in words, of the keys that appear twice. Their last value is read;
    ``first_values`` is the text without it. ``text`` is the whole file."""

    file: str
    value: dict[str, Value]
    lines: Mapping[Path, int]
    cut: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    first_values: str = ""
    text: str = ""

    def line(self, path: Path, words: str = "") -> int:
        """The line of that path, or of the nearest key around it that is in the file. With the
        ``words`` of a value of several lines, the line on which they begin."""
        while path and path not in self.lines:
            path = path[:-1]
        line = self.lines.get(path, 1)
        below = "\n".join(self.text.split("\n")[line - 1 :]) if words else ""
        found = re.search(r"\s+".join(map(re.escape, words.split())), below)
        return line + below.count("\n", 0, found.start()) if found else line


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A place in a rule file: ``at / 'versions' / 0`` is the place of its first version."""

    source: YamlFile
    path: Path = ()

    def __truediv__(self, part: str | int) -> YamlNode:
        return YamlNode(self.source, (*self.path, part))

    @property
    def spot(self) -> Spot:
        """Its file and line."""
        return Spot(self.source.file, self.source.line(self.path))

    def problem(self, message: str, instead: str, *also: YamlNode, words: str = "") -> RuleProblem:
        """A problem at this place, with the other places with which it disagrees. ``words``: those
        of the value that it is about."""
        file, line = self.source.file, self.source.line(self.path, words)
        others = tuple(node.spot for node in also)
        return RuleProblem(file, line, path_in_words(self.path), message, instead, others)


def path_in_words(path: Path) -> str:
    """A path as people count: 'versions 1 > evidence > where 2'."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    return " > ".join(words)


def read_source(
    file: str, data: bytes, *, comments: bool = False
) -> YamlFile | tuple[RuleProblem, ...]:
    """The bytes of a rule file as a YamlFile, or everything that is wrong with its form. In a file
    with ``comments``, a comment may follow a text on its line."""
    source, problems = read_partly(file, data, comments=comments)
    return problems if source is None else problems or source


def read_partly(
    file: str, data: bytes, *, comments: bool = False
) -> tuple[YamlFile | None, tuple[RuleProblem, ...]]:
    """What can be read of a rule file, and everything that is wrong with its form. Behind an error
    of form the file is read on as if the proposed correction had been made, or else without the
    lines of the error. None if nothing can be read."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "The file is not saved as UTF-8."
        return None, (file_problem(file, message, _AS_UTF_8),)
    marks = tuple(_unwanted_marks(file, text))
    if tabbed_lines(text):
        return None, marks  # how deep such a line is cannot be told
    visible = _as_seen(text) if marks else text
    source, problems = _read_on(file, visible, comments=comments)
    lines = zip(text.split("\n"), visible.split("\n"), strict=True)
    marked = {number for number, (line, seen) in enumerate(lines, 1) if line != seen}
    others = (problem for problem in problems if problem.line not in marked)
    return source, tuple(sorted((*marks, *others), key=lambda problem: problem.line))


def _as_seen(text: str) -> str:
    """The text with spaces of every kind as ordinary ones, and without letters that nobody sees."""
    spaced = re.sub(r"[^\S\n\r]", " ", text)
    return re.sub(r"[^\n\r]+", lambda line: without_hidden(line[0]), spaced)


def _read_on(
    file: str, text: str, *, comments: bool
) -> tuple[YamlFile | None, tuple[RuleProblem, ...]]:
    reader = _YamlReader(file, text, comments=comments)
    faults: list[RuleProblem] = []
    cut: list[str] = []
    while reader.fault is not None:
        faults.append(reader.fault)
        line = reader.fault.line
        proposed = corrections(reader.text.split("\n"), line - 1)
        readers = [
            (_YamlReader(file, "\n".join(lines), comments=comments), left_out)
            for lines, left_out in proposed
            if len(faults) <= _MOST_FAULTS and len(text) <= _MOST_READ_ON
        ]
        # Lines are left out only where no correction lets the file be read further.
        further = [each for each in readers if each[0].fault_line > line and not each[1]]
        before = reader.text.split("\n")
        reader, left_out = max(
            further or readers, key=lambda each: each[0].fault_line, default=(reader, True)
        )
        if reader.fault_line <= line:
            return None, tuple(faults)
        if left_out:
            pairs = zip(before, reader.text.split("\n"), strict=True)
            cut += [line for line, read in pairs if line != read]
    spots = {fault.line for fault in faults}
    lines = list(zip(text.split("\n"), reader.text.split("\n"), strict=True))
    problems = faults + [
        problem
        for problem in reader.problems
        if problem.line not in spots
        and not (problem.message == _NOTHING.message and _left_out(lines[problem.line :]))
    ]
    if isinstance(reader.value, dict):
        doubled = tuple(path_in_words(path) for path, _ in reader.doubled)
        return YamlFile(
            file,
            reader.value,
            reader.lines,
            tuple(cut),
            doubled,
            reader.without_doubled(),
            reader.text,
        ), tuple(problems)
    message = "The file contains no keys."
    no_keys = RuleProblem(file, 1, "", message, "Write 'key: value' lines.")
    return None, tuple(problems) or (no_keys,)


def _left_out(lines: Sequence[tuple[str, str]]) -> bool:
    """Whether the first of these lines that is not blank was left out of the second text."""
    return next((not read.strip() for line, read in lines if line.strip()), False)


def has_form(data: bytes) -> bool:
    """Whether a file can be parsed to its end."""
    try:
        return all(True for _ in yaml.parse(data, Loader=_LOADER))
    except yaml.YAMLError:
        return False


def tabbed_lines(text: str) -> set[int]:
    """The numbers, from 1, of the lines with a tab in their indent."""
    lines = enumerate(text.split("\n"), 1)
    return {n for n, line in lines if line.lstrip(" ").startswith("\t") and line.strip()}


def _unwanted_marks(file: str, text: str) -> Iterator[RuleProblem]:
    """A problem for tabs and one for hidden characters, each at the first line with one."""
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
    """The first invisible character, tabs apart: a hidden letter, or a hard space."""
    if line.isprintable():
        return None
    return first_hidden(line.replace("\t", " ")) or ("\\u00a0" if "\xa0" in line else None)


def _and_others(lines: list[int]) -> str:
    others = len(lines) - 1
    return f" and on {others:,} other{'s' * (others > 1)}" if others else ""


class _Stop(Exception):
    """Nothing more can be read of this file."""


class _Faulty(Exception):
    """An error of form that PyYAML does not notice."""

    def __init__(self, fault: RuleProblem) -> None:
        self.fault = fault


class _YamlReader:
    """Reads the events of one file to values, their lines and problems. ``fault`` is the error of
    form at which PyYAML stopped."""

    def __init__(self, file: str, text: str, *, comments: bool) -> None:
        self.file = file
        self.comments = comments
        self.text = text
        self.events = self._events()
        self.lines: dict[Path, int] = {}
        self.problems: list[RuleProblem] = []
        #: Of each key that is there already: its path, and where in the text it and its value are.
        self.doubled: list[tuple[Path, slice]] = []
        self._end = 0  # of the last event
        self.value: Value | None = None
        self.fault: RuleProblem | None = None
        self._read()

    @property
    def fault_line(self) -> float:
        """The line of the fault, or more than any line."""
        return math.inf if self.fault is None else self.fault.line

    def without_doubled(self) -> str:
        """The text with spaces in place of each key that is there already, and of its value."""
        text = self.text
        for _, part in self.doubled:
            text = text[: part.start] + re.sub(r".", " ", text[part]) + text[part.stop :]
        return text

    def _events(self) -> Iterator[yaml.Event]:
        for event in yaml.parse(self.text, Loader=_LOADER):
            self._end = event.end_mark.index if event.end_mark else 0
            yield event

    def _read(self) -> None:
        documents = 0
        try:
            for event in self.events:
                if isinstance(event, yaml.NodeEvent):
                    self.value = self._node(event, ())
                elif isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        message = "A second document starts here."
                        instead = "Keep one in each file."
                        self.fault = RuleProblem(self.file, _line(event), "", message, instead)
                        return
            if not documents:
                instead = "Write 'key: value' lines."
                self.problems.append(file_problem(self.file, EMPTY, instead))
        except yaml.YAMLError as error:
            self.fault = form_error(self.file, self.text, error)
        except _Faulty as error:
            self.fault = error.fault
        except _Stop:
            self.value = None

    def _node(self, event: yaml.Event, path: Path) -> Value:
        self._refuse_marks(event, path)
        if isinstance(event, yaml.AliasEvent):
            return f"*{event.anchor}"
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= _DEEPEST:
            message = "The lines are indented too deeply."
            raise self._stopped(event, message, "Check the indents above.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        items: list[Value] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            child = (*path, len(items))
            self.lines[child] = _line(event)
            items.append(self._node(event, child))
        return tuple(items)

    def _refuse_marks(self, event: yaml.Event, path: Path) -> None:
        if isinstance(event, yaml.AliasEvent):
            message = "A '*' refers to another place."
            self._add(event, path, message, "Write the value out again here.")
            return
        if getattr(event, "anchor", None) is not None:
            self._add(event, path, "A '&' names this place.", "Leave it out. Rules do not use it.")
        if getattr(event, "tag", None) is not None:
            self._add(event, path, "A '!' sets a type.", "Leave it out, or put the text in quotes.")

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Value:
        text = str(event.value)
        if event.style:  # quoted, or a block of text
            escape = wrong_escape(self._raw(event)) if event.style == '"' else None
            if escape is not None:
                self._add(event, path, *escape_words(escape, self._raw(event)))
            elif not text.strip():
                instead = "Write it. Leave the key out only if it is optional."
                self._add(event, path, "The text is empty.", instead)
            if escape is None:
                self._refuse_hidden(event, path, text)
            return text
        if self._hyphen_without_space(event, path):
            return text
        if self.comments and _CURLY.fullmatch(text):
            message = "The quotation marks on this line are not straight."
            self._add(event, path, message, "Use straight quotation marks, or none.")
            return text
        read = read_plain(text)
        # A comment after a date, a number, a length of time, yes or no cannot be meant as words.
        words = isinstance(read, str) and not SPAN.fullmatch(read)
        if not self.comments and (words or not text) and self._comment_follows(event):
            message = "The text ends before '#', because a comment begins there."
            instead = "Write the text in quotes, or the comment on a line of its own."
            self._add(event, path, message, instead)
            return text
        if isinstance(read, Refused):
            self._add(event, path, *read)
            return text
        return read

    def _raw(self, event: yaml.Event) -> str:
        """The text of an event as it is written in the file."""
        start, end = event.start_mark, event.end_mark
        return self.text[start.index : end.index] if start and end else ""

    def _hyphen_without_space(self, event: yaml.Event, path: Path) -> bool:
        """Whether a line of a text below its key begins with a hyphen that nothing separates from
        the word. Reports the first such line."""
        first = _line(event)
        for number, line in enumerate(self._raw(event).splitlines(), first):
            hyphen = HYPHEN.match(line)
            if hyphen is not None and number > self.lines.get(path, first):
                words = hyphen_words(hyphen[1])
                self.problems.append(RuleProblem(self.file, number, path_in_words(path), *words))
                return True
        return False

    def _comment_follows(self, event: yaml.Event) -> bool:
        mark = event.end_mark
        return mark is not None and _COMMENT.match(self.text, mark.index) is not None

    def _refuse_hidden(self, event: yaml.Event, path: Path, text: str) -> None:
        """Text in quotes may contain a hidden letter as an escape, which people would see."""
        mark = first_hidden("".join(text.splitlines()))
        if mark is not None:
            message = f"The text contains a character that cannot be seen ({mark})."
            self._add(event, path, message, "Leave it out.")

    def _mapping(self, path: Path) -> Value:
        values: dict[str, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, line = self._key(event, path), _line(event)
            child = (*path, key)
            first = self.lines.get(child, line)
            again = key in values
            if again:
                apart = first != line
                lines = f"lines {first} and {line}" if apart else "one line"
                message = f"The key '{key}' appears twice, on {lines}."
                where, also = path_in_words(path), (Spot(self.file, first),) if apart else ()
                if path and isinstance(path[-1], int) and key == next(iter(values)) and apart:
                    raise _Faulty(RuleProblem(self.file, line, where, message, _NEW_ITEM, also))
                problem = RuleProblem(self.file, line, where, message, "Keep one of them.", also)
                self.problems.append(problem)
                within = len(child)
                self.lines = {at: n for at, n in self.lines.items() if at[:within] != child}
            self.lines[child] = line
            values[key] = self._node(next(self.events), child)
            if again:
                start = event.start_mark.index if event.start_mark else 0
                self.doubled.append((child, slice(start, self._end)))
            copied = values[key]
            if key == "<<" and isinstance(copied, dict):  # read as if it were written out
                del values[key]
                self.lines.update({(*path, each): self.lines[*child, each] for each in copied})
                values = {**copied, **values}
        return values

    def _key(self, event: yaml.Event, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._add(event, path, "A key must be a word.", "Write 'key: value'.")
            words = self._node(event, path)
            return " ".join(map(str, words)) if isinstance(words, tuple | dict) else str(words)
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


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


EMPTY = "The file is empty."
_NOTHING = Refused(
    "There is no value here.",
    "Write a value after the colon, or indent the lines below that belong to the key. Leave the "
    "key out only if it is optional.",
)


def read_plain(text: str) -> Scalar | Refused:
    """An unquoted word as a day (2024-10-01), whole number, yes or no, or else as text."""
    lower = text.casefold()
    if lower in {"yes", "no"}:
        return lower == "yes"
    if lower in {"", "null", "~"}:
        return _NOTHING
    if lower in {"true", "false", "on", "off"}:
        message = f"'{text}' could be a word, or yes or no."
        return Refused(message, f'Write yes or no, or "{text}" in quotes.')
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DAY.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            instead = "Write a day as year-month-day, such as 2024-10-01."
            return Refused(f"{text} is not a date.", instead)
    if _NUMBER.fullmatch(text):
        message = f"{text} would be read as a number, which would change a section or version."
        return Refused(message, f'Write it in quotes: "{text}".')
    return text

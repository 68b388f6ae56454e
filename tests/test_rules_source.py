"""Rule files are read as they stand: nothing is guessed, and every value keeps its line."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from rules.problem import describe, did_you_mean, nearest
from rules.span import Span, read_span
from rules.yaml.form_errors import Refused
from rules.yaml.source import YamlFile, YamlNode, path_in_words, read_plain, read_source
from rules.yaml.validate import read_model


def _source(text: str) -> YamlFile:
    source = read_source("rule.yaml", text.encode())
    assert isinstance(source, YamlFile), source
    return source


def _told(read: object) -> str:
    """The one problem that was told, in words."""
    assert isinstance(read, tuple)
    (problem,) = read
    return describe(problem)


def test_a_comment_may_follow_what_is_no_text_and_stand_on_its_own() -> None:
    text = """
# of its own
from: 2024-10-01  # the first SOP
every: 12 months # or sooner
needed: 2 # of them
waivable: no # never
readings: # one
  - phrase: "Duty #2"  # in quotes
    reading: >- # on the next line
      twice #2
    say: a#b
where: {kind: staff} # in braces
"""
    assert _source(text).value == {
        "from": datetime.date(2024, 10, 1),
        "every": "12 months",
        "needed": 2,
        "waivable": False,
        "readings": ({"phrase": "Duty #2", "reading": "twice #2", "say": "a#b"},),
        "where": {"kind": "staff"},
    }


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("2024-10-01", datetime.date(2024, 10, 1)),
        ("2024-02-29", datetime.date(2024, 2, 29)),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("yes", True),
        ("No", False),
        ("12 months", "12 months"),
        ("4.1-partnership-group", "4.1-partnership-group"),
        ("1.0.0", "1.0.0"),
        ("2024-1-1", "2024-1-1"),
        ("2025/26", "2025/26"),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("y", "y"),
        ("none", "none"),
    ],
)
def test_an_unquoted_word(word: str, value: object) -> None:
    """Days, whole numbers, yes and no are read as such; all else is text, as it stands."""
    read = read_plain(word)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    "word",
    ["4.10", "4.", ".5", "1e3", "1.5E-3", "+7", "007", "12345678901", "null", "NULL", "~", "",
     "true", "FALSE", "on", "Off", "2023-02-29", "2024-13-01"],
)  # fmt: skip
def test_an_unquoted_word_that_is_refused(word: str) -> None:
    """What YAML would turn into something else is refused, with what to write."""
    read = read_plain(word)
    assert isinstance(read, Refused)
    assert read.message.endswith(".")
    assert read.instead.endswith(".")


def test_quotes_keep_words_as_they_are() -> None:
    """In quotes everything is text."""
    text = 'a: "4.10"\nb: \'yes\'\nc: "2024-10-01"\nd: >-\n  one\n  two\n'
    assert _source(text).value == {"a": "4.10", "b": "yes", "c": "2024-10-01", "d": "one two"}


def test_keys_are_always_words() -> None:
    """A key that YAML would read as something else is the word that stands there."""
    text = "no: 1\non: 2\n4.10: 3\n2024-10-01: 4\n"
    assert list(_source(text).value) == ["no", "on", "4.10", "2024-10-01"]


def test_lines_and_ways() -> None:
    """Every key and every item of a list has its line; what does not stand has that around it."""
    source = _source("a: 1\n\n# a note\nb:\n  - c: 1\n  - {d: 2,\n     e: 3}\nf: [x,\n    y]\n")
    lines = {path: source.lines[path] for path in source.lines}
    assert lines == {
        ("a",): 1, ("b",): 4, ("b", 0): 5, ("b", 0, "c"): 5, ("b", 1): 6, ("b", 1, "d"): 6,
        ("b", 1, "e"): 7, ("f",): 8, ("f", 0): 8, ("f", 1): 9,
    }  # fmt: skip
    assert source.line(("b", 1, "missing", "more")) == 6
    assert source.line(("missing",)) == 1
    assert path_in_words(("versions", 0, "where", 1, "column")) == "versions 1 > where 2 > column"


def test_a_byte_order_mark_and_other_line_ends_change_nothing() -> None:
    """Files saved by Notepad read the same."""
    assert _source("\ufeffa: 1\r\nb: x\r\n").value == {"a": 1, "b": "x"}


def test_a_file_that_is_not_utf_8() -> None:
    """A file in another encoding is refused, not guessed at."""
    assert _told(read_source("rule.yaml", b"title: caf\xe9\n")) == (
        "rule.yaml: The file is not saved as UTF-8. Open it in Notepad, choose File, Save as, and"
        " then 'UTF-8' as the encoding."
    )


def test_everything_wrong_with_the_form_is_told_at_once() -> None:
    """One reading shows all refused words of a file."""
    read = read_source("rule.yaml", b"a: true\nb: 4.10\nc:\nb: 1\n")
    assert not isinstance(read, YamlFile)
    assert [problem.line for problem in read] == [1, 2, 3, 4]


@given(st.text(alphabet=st.sampled_from("ab:-#'\"[]{}|>&*!%@?,. \n\t~0123\u00a0\x00"), max_size=60))
def test_no_text_can_break_the_reader(text: str) -> None:
    """Whatever stands in a file, it is read or refused; nothing is raised."""
    read = read_source("rule.yaml", text.encode())
    assert isinstance(read, YamlFile) or all(problem.message for problem in read)


@given(st.binary(max_size=40))
def test_no_bytes_can_break_the_reader(data: bytes) -> None:
    """The same for bytes."""
    read = read_source("rule.yaml", data)
    assert isinstance(read, YamlFile) or all(problem.instead for problem in read)


def test_what_a_model_refuses_is_never_told_in_its_own_words() -> None:
    """A refusal that has no sentence of its own still has no raw text of the library."""

    class Small(BaseModel):
        size: int = Field(lt=3)

    told = _told(read_model(Small, YamlNode(_source("size: 5\n")), {"size": 5}))
    assert told == (
        "rule.yaml, line 1 (size): 'size' cannot be '5'. Compare it with another rule of this kind."
    )


@pytest.mark.parametrize(
    ("text", "span"),
    [("12 months", Span(12, "months")), ("1 month", Span(1, "months")),
     ("0 days", Span(0, "days")), ("1 day", Span(1, "days"))],
)  # fmt: skip
def test_a_span(text: str, span: Span) -> None:
    """Spans are whole days or months, and are written back as they were."""
    assert read_span(text) == span
    assert read_span(str(span)) == span


@pytest.mark.parametrize(
    "text", ["12", "12months", "2 weeks", "1 year", "-1 days", "1.5 months", 12]
)
def test_what_is_no_span(text: object) -> None:
    """Anything else is refused with how to write one."""
    with pytest.raises(ValueError, match="such as 28 days or 12 months"):
        read_span(text)


def test_hints() -> None:
    """The nearest name is found across capitals, hyphens and a slip; far ones are listed."""
    known = ["meetings", "minutes", "documents"]
    assert nearest("Meeting", known) == "meetings"
    assert nearest("minuets", known) == "minutes"
    assert nearest("zzz", known) is None
    assert did_you_mean("zzz", known) == "Write one of: documents, meetings, minutes."
    assert did_you_mean("zzz", ["one"]) == "There is only 'one'."
    assert did_you_mean("zzz", []) == "There is nothing that can be written here."
    many = [f"name{number:02}" for number in range(20)]
    assert did_you_mean("zzz", many).endswith("name11 and 8 more.")

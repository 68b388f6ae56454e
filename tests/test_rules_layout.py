"""A rule file in the usual layout means what it meant before, and keeps its comments and quotes."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rules.load import OWN_BOOK, is_case_file, yaml_files
from rules.problem import describe
from rules.yaml.layout import lay_out
from rules.yaml.source import YamlFile, read_source
from tests.support.needs import CAMPAIGN

LOOSE = """\

# the rule
id:   a


title: "4.10"
versions:
- from: 2024-10-01   # its day
  # when it must be done
  pattern:
      kind:  rolling
      every: 12 months  # or sooner


  # the rows
  rows:
  - {kind:   'b',
       one of: [x,
        y]}
  - [{c: yes}]
  # the end
"""
NEAT = """\
# the rule
id: a

title: "4.10"
versions:
  - from: 2024-10-01 # its day
    # when it must be done
    pattern:
      kind: rolling
      every: 12 months  # or sooner

    # the rows
    rows:
      - {kind: 'b', one of: [x, y]}
      - [{c: yes}]
  # the end
"""


def laid_out(text: str) -> str:
    made = lay_out("rule.yaml", text.encode())
    assert isinstance(made, bytes), made
    return made.decode()


def test_the_usual_layout() -> None:
    assert laid_out(LOOSE) == NEAT
    assert laid_out(NEAT) == NEAT


LONG = """\
a: [word 0, word 1, word 2, word 3, word 4, word 5, word 6, word 7, word 8, word 9, word 10,
    word 11]
b:
  - name: word 0, word 1, word 2, word 3, word 4, word 5, word 6, word 7, word 8, word 9, word 10,
      word 11
    c: {d: [word 0, word 1, word 2, word 3, word 4, word 5, word 6, word 7, word 8, word 9],
        e: "f, [g"}
"""


def test_long_lines_are_broken_between_words() -> None:
    joined = re.sub(r",\n +", ", ", LONG)
    assert joined.count("\n") == 4
    assert laid_out(joined) == LONG
    assert laid_out(joined.replace(": word 0, ", ": word 0,  ")).count("\n") == 6


def test_text_in_blocks_and_line_ends_stay_as_they_are() -> None:
    text = f"\ufeffa: |\r\n  {'b ' * 60}c\r\n\r\n\r\n  # d  \r\ne: >-\r\n  f\r\n  g\r\n"
    assert laid_out(text) == text


def test_a_file_with_an_error_of_form_is_not_laid_out() -> None:
    made = lay_out("rule.yaml", b"a: [b\n")
    assert isinstance(made, tuple)
    assert "A bracket is opened here" in describe(made[0])


#: The case files, which are longer, only in the long campaign.
OWN = [path for path in yaml_files(OWN_BOOK) if CAMPAIGN or not is_case_file(path.name)]


@pytest.mark.long
def test_the_files_of_the_rulebook_have_the_usual_layout() -> None:
    made = {path: (path.read_bytes(), lay_out(path.name, path.read_bytes())) for path in OWN}
    assert [path.name for path, (old, new) in made.items() if old != new] == []


WORDS = st.sampled_from(
    ["a", "b c", "4.10", "yes", "2024-10-01", "-3", "d - e", "f#g", "it's", '"h"', "[i]", "j: k",
     "word " * 25, "l, m", "# n", "{", "☃", "12 months", " o", "p "]
)  # fmt: skip
VALUES = st.recursive(
    WORDS | st.integers(0, 99) | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


@given(
    st.dictionaries(WORDS, VALUES, min_size=1, max_size=4),
    st.sampled_from([None, True, False]),
    st.integers(1, 6),
    st.integers(20, 200),
)
def test_a_layout_never_changes_what_a_file_means(
    value: dict[str, object], flow: bool | None, indent: int, width: int
) -> None:
    """Whatever the values are, and however they were laid out. With a comment below each line, a
    file may be refused, but no comment is lost."""
    text = yaml.safe_dump(
        value, default_flow_style=flow, indent=indent, width=width, allow_unicode=True
    )
    lines = [f"{line}\n# {number}" for number, line in enumerate(text.split("\n"))]
    for data in (text.encode(), "\n".join(lines).encode()):
        before = read_source("a.yaml", data)
        if not isinstance(before, YamlFile):
            continue
        made = lay_out("a.yaml", data)
        if isinstance(made, tuple):
            assert data != text.encode(), made
            continue
        after = read_source("a.yaml", made)
        assert isinstance(after, YamlFile)
        assert after.value == before.value
        assert lay_out("a.yaml", made) == made
        assert made.count(b"# ") == data.count(b"# ")

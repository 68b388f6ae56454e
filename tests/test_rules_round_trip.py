"""Rule files changed and written again: nothing else in them changes."""

import datetime
from pathlib import Path

import pytest

from rules.load import OWN_BOOK
from rules.yaml.round_trip import round_trip, set_after
from rules.yaml.source import Scalar

RULE = """\
id: a  # an id

versions:
  # the first version
  - from: 2024-10-01  # its first day

    # the pattern
    pattern:
      kind: rolling
      one of: [yes, "no", 'a b']
    readings:
      - phrase: as needed
        reading: >-
          words over
          two lines

  # the second
  - from: 2026-10-01
    # why it is so
    why: 'an older reason'
    pattern: {kind: rolling}
"""
VALUES: dict[str, Scalar] = {
    "changed by": "Policy Officer",
    "why": "yes: # 'é' \\",
    "approved on": datetime.date(2026, 1, 2),
}
CHANGED = """\
id: a  # an id

versions:
  # the first version
  - from: 2024-10-01  # its first day
    changed by: "Policy Officer"
    why: "yes: # 'é' \\\\"
    approved on: 2026-01-02

    # the pattern
    pattern:
      kind: rolling
      one of: [yes, "no", 'a b']
    readings:
      - phrase: as needed
        reading: >-
          words over
          two lines

  # the second
  - from: 2026-10-01
    changed by: "Policy Officer"
    # why it is so
    why: "yes: # 'é' \\\\"
    approved on: 2026-01-02
    pattern: {kind: rolling}
"""
RULES = [path for path in sorted(OWN_BOOK.glob("*/*.yaml")) if ".cases" not in path.name]


def _set(data: bytes) -> bytes:
    document = round_trip(data)
    for version in document.tree["versions"]:
        set_after(version, "from", VALUES)
    return document.data()


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_keys_are_put_in_and_all_else_is_as_it_was(line_break: str, mark: str) -> None:
    before, after = ((mark + text.replace("\n", line_break)).encode() for text in (RULE, CHANGED))
    assert round_trip(before).data() == before
    assert _set(before) == after
    assert _set(after) == after


def test_lists_without_an_indent_keep_theirs() -> None:
    rule = b"id: a\nversions:\n- from: 2024-10-01\n  evidence:\n    where:\n    - column: b\n"
    made = _set(rule)
    assert [line for line in made.splitlines() if line not in rule.splitlines()] == [
        b'  changed by: "Policy Officer"',
        b"  why: \"yes: # '\xc3\xa9' \\\\\"",
        b"  approved on: 2026-01-02",
    ]
    assert [line for line in rule.splitlines() if line not in made.splitlines()] == []


@pytest.mark.parametrize("mark", [">-", ">", "|"])
@pytest.mark.parametrize("blank", ["", "\n"])
def test_a_block_of_text_that_is_replaced_keeps_the_comment_after_it(mark: str, blank: str) -> None:
    rule = (
        f"versions:\n  - from: 2024-10-01\n    why: {mark}\n      a reason\n      and more\n{blank}"
        "    # the pattern\n    pattern: x\n"
    )
    document = round_trip(rule.encode())
    set_after(document.tree["versions"][0], "from", {"why": "a", "approved by": "b"})
    assert document.data().decode() == (
        f'versions:\n  - from: 2024-10-01\n    why: "a"\n    approved by: "b"\n{blank}'
        "    # the pattern\n    pattern: x\n"
    )


@pytest.mark.one_in(8)
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_of_the_rulebook_is_written_as_it_was(path: Path) -> None:
    assert round_trip(path.read_bytes()).data() == path.read_bytes()

"""A version's fingerprint: which edits it notices, and what an approval is."""

from __future__ import annotations

import datetime

import pytest

from rules.approval import (
    Approval,
    approval_of,
    in_rule,
    version_fingerprint,
    version_on,
    versions_behind,
)
from rules.load import read_folder
from rules.model import Duty
from tests.support.desk_office import BOOK
from tests.support.own_book import book_of, own_book

FILE = "1-desk/desk-checked.yaml"
SECOND = """\
  - from: 2026-01-01
    pattern:
      kind: rolling
      every: 6 months
    evidence:
      register: checks
      where:
        - column: kind
          equals: desk
      dated: done on
"""


def desk(*edits: tuple[str, str], more: str = "") -> Duty:
    """The duty of the desk, with words of its file exchanged and more at its end."""
    files = dict(read_folder(BOOK))  # type: ignore[arg-type]  # it can be read
    text = files[FILE].decode()
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    read = book_of(files | {FILE: (text + more).encode()})
    return read.duties["desk-checked"]


FIRST = version_fingerprint(desk(), desk().versions[0])
FROM = "  - from: 2024-10-01\n"
APPROVAL = "".join(
    f"    {line}\n"
    for line in (
        "changed by: Policy Officer",
        "why: The first version",
        "approved by: Chief Executive",
        "approved on: 2024-09-20",
        f'approved version: "{in_rule(FIRST)}"',
    )
)
APPROVED = (FROM, FROM + APPROVAL)


def state(*edits: tuple[str, str], more: str = "") -> Approval:
    duty = desk(*edits, more=more)
    return approval_of(duty, duty.versions[0])


def test_a_version_is_approved_with_its_post_its_day_and_its_fingerprint() -> None:
    assert state() is Approval.NONE
    assert state(APPROVED) is Approval.APPROVED
    assert state((FROM, FROM + APPROVAL.partition("    approved version")[0])) is Approval.NONE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: The desk is looked at", "title: The desk is seen to"),
        ("bearer: Office", "bearer: Council"),
        ("strength: must", "strength: should"),
        ("phrase: the desk yearly", "phrase: the desk"),
        ("every: 12 months", "every: 13 months"),
        ("column: kind\n          equals: desk", "column: kind\n          equals: shown"),
        ("phrase: yearly", "phrase: the desk yearly"),
        ("reading: Within a year", "reading: within a year"),
        ("bearer:", "in brief: Look at the desk.\nbearer:"),
        ("bearer:", "waivable: no\nbearer:"),
        ("versions:", "until: 2030-03-31\nversions:"),
    ],
)
def test_an_edit_of_what_decides_or_is_shown_ends_an_approval(old: str, new: str) -> None:
    assert state(APPROVED, (old, new)) is Approval.EDITED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bearer: Office\nstrength: must", "strength: must\nbearer: Office"),
        ("every: 12 months", 'every: "12 months"'),
        ("strength: must", "# it says 'shall'\nstrength: must"),
        ("      kind: rolling\n      every: 12 months", "      {kind: rolling, every: 12 months}"),
        ("why: The first version", "why: Another reason"),
        ("changed by: Policy Officer", "changed by: Prevent Lead"),
    ],
)
def test_layout_comments_and_the_approval_itself_make_no_difference(old: str, new: str) -> None:
    assert state(APPROVED, (old, new)) is Approval.APPROVED


def test_a_new_version_leaves_the_approval_of_the_one_before() -> None:
    assert state(APPROVED, more=SECOND) is Approval.APPROVED
    duty = desk(APPROVED, more=SECOND)
    assert approval_of(duty, duty.versions[1]) is Approval.NONE


def test_the_end_of_a_duty_is_part_of_its_last_version_alone() -> None:
    until = ("versions:", "until: 2030-03-31\nversions:")
    assert state(APPROVED, until, more=SECOND) is Approval.APPROVED
    open_ended, ended = desk(more=SECOND), desk(until, more=SECOND)
    assert version_fingerprint(open_ended, open_ended.versions[1]) != version_fingerprint(
        ended, ended.versions[1]
    )


def test_the_version_on_a_day() -> None:
    first, second = (duty := desk(more=SECOND)).versions
    days = (datetime.date(2020, 1, 1), datetime.date(2025, 12, 31), datetime.date(2026, 1, 1))
    assert [version_on(duty, day) for day in days] == [first, first, second]


def test_a_content_duty_relies_on_the_version_of_the_duty_that_it_cuts() -> None:
    book = own_book()
    duty = next(duty for duty in book.duties.values() if duty.versions[0].pattern.cuts)
    behind = versions_behind(book, duty.id, duty.in_force_from)
    assert list(behind)[:2] == [duty.id, duty.versions[0].pattern.cuts]


def test_no_two_versions_of_the_rulebook_have_one_fingerprint() -> None:
    duties = own_book().duties.values()
    prints = [in_rule(version_fingerprint(d, v)) for d in duties for v in d.versions]
    assert len(set(prints)) == len(prints)

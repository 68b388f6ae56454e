"""An auditor's view stands beside the outcome: agreed, disagreed, not yet looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from record.ledger.chain import check_of, entries
from record.ledger.checks import Entered, fetch_assessment
from record.ledger.database import LedgerProblem
from record.ledger.entries import digest
from record.ledger.prune import prune
from record.ledger.review import (
    AGREED,
    DISAGREED,
    NOT_LOOKED_AT,
    View,
    review,
    reviews_in,
    states,
)
from record.ledger.store import path_in, store_of
from record.ledger.text import review_words, show_words
from record.ledger.verify import verify
from reports.json import to_json
from tests.support.ledgers import AUDITOR, at, auditor, in_memory, ledger, made

SHA = digest(to_json(made()))


tmp_path = in_memory


def said(path: Path, verdict: str, subject: str = "", *, by: str = AUDITOR, day: int = 1,
         duty: str = "staff-trained", note: str = "seen") -> Entered:  # fmt: skip
    """A view entered of the first assessment."""
    stamp = type(at(0))(auditor(day).at, by)
    return review(path, made(), SHA, View(duty, subject, verdict, note), stamp)  # type: ignore[arg-type]


def state(path: Path) -> dict[str, str]:
    """The state of each duty of the first assessment."""
    return dict(states(made(), reviews_in(entries(path), SHA)))


def test_a_view_changes_nothing_of_the_outcome(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    before = path_in(store_of(path), SHA).read_bytes()
    entered = said(path, "disagree", "S-2")
    assert path_in(store_of(path), SHA).read_bytes() == before
    assert fetch_assessment(path, *check_of(entries(path), 1)) == made()
    assert entered.head == entries(path)[-1].row.hash
    assert verify(path).faults == ()


def test_the_states_of_a_duty(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    assert state(path) == {"staff-trained": NOT_LOOKED_AT, "desk": NOT_LOOKED_AT}
    said(path, "agree", "S-1")
    assert state(path)["staff-trained"] == "not yet looked at as a whole (1 of 2 agreed)"
    said(path, "agree", "S-2")
    assert state(path)["staff-trained"] == AGREED
    said(path, "disagree", "S-2")
    assert state(path)["staff-trained"] == DISAGREED
    said(path, "agree", duty="desk")
    assert state(path) == {"staff-trained": DISAGREED, "desk": AGREED}


def test_a_later_view_of_the_same_auditor_takes_the_earlier_ones_place(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    said(path, "disagree")
    said(path, "agree")
    assert state(path)["staff-trained"] == AGREED
    both = reviews_in(entries(path), SHA)
    assert [each.view.verdict for each in both] == ["disagree", "agree"], "both stay on record"


def test_of_two_auditors_one_who_disagrees_is_enough(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    said(path, "disagree")
    said(path, "agree", by="Another Auditor")
    assert state(path)["staff-trained"] == DISAGREED


def test_once_pruned_the_verdict_stays_and_the_words_go(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    said(path, "disagree", "S-2", note="no certificate")
    (view,) = reviews_in(entries(path), SHA)
    assert review_words(view) == (
        f"{AUDITOR} disagrees about S-2: no certificate. (entry 2, 25 November 2026)"
    )
    prune(path, at(2).at.date(), at(2))
    (view,) = reviews_in(entries(path), SHA)
    assert view.pruned
    assert review_words(view) == "(pruned) disagrees (entry 2, 25 November 2026)"
    assert state(path)["staff-trained"] == DISAGREED


def test_a_pruned_view_of_one_subject_agrees_with_no_whole_duty(tmp_path: Path) -> None:
    """Whether it was about the whole duty, nobody knows any more."""
    path = ledger(tmp_path, 1)
    said(path, "agree", "S-2")
    prune(path, at(2).at.date(), at(2))
    part = "a pruned view agreed with a part or the whole"
    assert state(path)["staff-trained"] == f"not yet looked at as a whole ({part})"
    said(path, "agree", "S-1", day=3)
    assert state(path)["staff-trained"] == f"not yet looked at as a whole (1 of 2 agreed; {part})"
    said(path, "agree", day=3)
    assert state(path)["staff-trained"] == AGREED


def test_a_view_is_of_one_assessment_alone(tmp_path: Path) -> None:
    path = ledger(tmp_path, 2)
    said(path, "agree")
    assert reviews_in(entries(path), digest(to_json(made(1)))) == ()


def test_an_entry_shown_says_what_was_looked_at(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    said(path, "disagree", "S-2", note="no certificate")
    said(path, "agree", "S-1", note="")
    found = entries(path)
    text = show_words(path, found[1], found, made())
    assert (
        text
        == f"""\
Entry 1: check, entered on 24 November 2026 at 09:00 (+00:00) by Les Lead
  As of: 24 November 2026
  Rulebook: made-up-office 1.0.0, SHA-256 {"ab" * 32}
  SOP: not given
  Evidence: registers.xlsx, SHA-256 {0:064x}
  Program: 0.1.0, durable-rules and the plain evaluator
  Assessment: SHA-256 {SHA}, kept as {path_in(store_of(path), SHA)}
  Hash of the entry before: {found[0].row.hash}
  Hash of this entry: {found[1].row.hash}
1 of the office's 2 duties is met. 1 is overdue.
Reviewed, of 2 duties: 0 agreed, 1 disagreed, 1 not yet looked at.
  disagreed: 4.6 Train staff [staff-trained], 2 days overdue
    Ann Auditor disagrees about S-2: no certificate. (entry 2, 25 November 2026)
    Ann Auditor agrees about S-1 (entry 3, 25 November 2026)
  not yet looked at: 4.6 Look at the desk [desk], met"""
    )
    assert show_words(path, found[2], found, None).splitlines()[:5] == [
        "Entry 2: review, entered on 25 November 2026 at 15:00 (+00:00) by Ann Auditor",
        f"  Duty: staff-trained, in the assessment of SHA-256 {SHA}",
        "  Subject: S-2",
        "  Note: no certificate",
        "  Verdict: disagrees",
    ]


@pytest.mark.parametrize(
    ("view", "says"),
    [
        (
            View("staff-traned", "", "agree", ""),
            "The assessment has no duty 'staff-traned'. Write 'staff-trained' if that is what you"
            " mean.",
        ),
        (
            View("staff-trained", "S-3", "agree", ""),
            "The duty staff-trained has no subject 'S-3'. Write one of: S-1, S-2.",
        ),
        (
            View("staff-trained", "S-2", "disagree", " "),
            "Say with --note why you disagree: others have to be able to follow.",
        ),
    ],
)
def test_a_view_of_what_is_not_there(view: View, says: str, tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    with pytest.raises(LedgerProblem) as stop:
        review(path, made(), SHA, view, auditor(1))
    assert str(stop.value) == says
    assert len(entries(path)) == 2


def test_a_view_of_an_assessment_that_was_never_entered(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    view = View("desk", "", "agree", "")
    with pytest.raises(LedgerProblem) as stop:
        review(path, made(1), digest(to_json(made(1))), view, auditor(1))
    assert str(stop.value) == (
        f"This assessment was never entered in the ledger {path}, so no view of it can be. Give the"
        " ledger that it was entered in with --ledger; run.json beside it names that."
    )

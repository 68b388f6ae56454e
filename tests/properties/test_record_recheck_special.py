"""What the verifier calls special cases can be left unread where it does not say that a pack had
them: then what they do is nothing, or what their place in the ordinary course says."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from record.recheck import recheck
from tests.support import needs
from tests.support.alike_generator import alike
from tests.support.case_generator import Case, at_edge
from tests.support.judged_cases import plain_answers
from tests.support.verifier import Told, found, found_in, on_edge
from tests.support.window_generator import changing, one_pattern

SEED = 20_290_000


def _windows(versions: list[recheck.DutyVersion]) -> list[recheck.PeriodicWindow]:
    """The calendar's, up to the duty's end."""
    (version,) = versions
    until = datetime.date.fromisoformat(version.duty["until"])
    return [window for window in recheck.calendar_windows(version) if window.opens <= until]


def _every_key(found: list[tuple[recheck.DutyVersion, recheck.ListEntry]]) -> set[object]:
    return {(version, event.key) for version, event in found}


def _nothing(*_: object) -> list[object]:
    return []


def _none(*_: object) -> None:
    return None


def _yes(*_: object) -> bool:
    return True


def _no(*_: object) -> bool:
    return False


def _last(*given: object) -> object:
    return given[-1]


def _by_the_rule(*given: object) -> tuple[object, int]:
    *_, query, deadline = given
    assert isinstance(query, dict)
    return deadline, query["needed"]


#: The functions of each special case, as they are where there is none.
ORDINARY: Mapping[str, Mapping[str, Callable[..., object]]] = {
    "duties with a condition of their own": {"applies": _yes},
    "joining as an event": {"joining_cases": _nothing},
    "windows that open after the previous event": {"since_previous": _last},
    "deadlines and numbers that rows carry": {"terms_of_row": _by_the_rule},
    "rolling duties that need several items": {"consecutive_items": _nothing},
    "items that must differ": {"distinct_items": _last},
    "registers that are missing, lists that are empty": {
        "not_to_be_judged": _none,
        "empty_list": _none,
    },
    "roles that one at a time holds": {"role_rows": _nothing},
    "changed rules": {
        "not_moved_back": lambda version, deadline_by, *_: deadline_by(version),
        "met_by_version_before": _none,
        "windows": _windows,
        "judges": _yes,
    },
    "cells that could name either of two rows": {"lose_names": _nothing},
    "two rows for one person": {"overlapping_rows": _nothing},
    "two events of one key": {"sole_keys": _every_key},
    "people who cannot be read, asked about events": {"uncertain_people": _nothing},
    "columns that are filled here": {"fill_latest": _nothing},
    "planned events without a day": {"without_a_day_yet": _no},
    "deadlines from before records begin": {"before_records": _no},
    "nil returns": {"nil_returns": _nothing},
    "waivers": {"waive": _nothing},
}


def _plain(given: Case) -> list[Told]:
    """The answers of a case that reads no sheets."""
    return found(given.rulebook, given.evidence, given.as_of, given.records_begin)


def _same_without(
    given: Case, answer: Callable[[Case], list[Told]], monkeypatch: pytest.MonkeyPatch
) -> set[str]:
    """Works a case out with every special case, and without those that it does not have."""
    recheck.SPECIAL.clear()
    answers = answer(given)
    had = set(recheck.SPECIAL)
    with monkeypatch.context() as patched:
        for name in ORDINARY.keys() - had:
            for function, ordinary in ORDINARY[name].items():
                patched.setattr(recheck, function, ordinary)
        assert answer(given) == answers, given
    return had


@pytest.mark.campaign
@pytest.mark.long
def test_what_a_case_does_not_have_changes_nothing_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    had: Counter[str] = Counter()
    count = 5_000 if needs.CAMPAIGN else 120
    for seed in {*range(SEED, SEED + count), *TELLING.values()}:
        had.update(_same_without(on_edge(seed), found_in, monkeypatch))
    for seed in range(SEED, SEED + (1_000 if needs.CAMPAIGN else 30)):
        given = changing(seed)
        if not one_pattern(given):
            continue
        days = {
            day for answer in plain_answers(given) for day in (answer.opens, answer.deadline) if day
        }
        had.update(_same_without(at_edge(given, sorted(days)), _plain, monkeypatch))
    for seed in range(SEED, SEED + 30):
        had.update(_same_without(alike(seed), _plain, monkeypatch))
    assert set(had) == set(ORDINARY)


#: A case of each in which leaving it out changes an answer (of changed rules they are also in
#: test_recheck_windows, of items that must differ in test_engine_distinct; without the columns
#: that are filled here there are no answers).
TELLING = {
    "deadlines and numbers that rows carry": SEED,
    "changed rules": SEED + 2,
    "duties with a condition of their own": SEED + 4,
    "waivers": SEED + 65,
    "registers that are missing, lists that are empty": SEED + 6,
    "joining as an event": SEED + 13,
    "people who cannot be read, asked about events": SEED + 28,
    "deadlines from before records begin": SEED + 42,
    "roles that one at a time holds": SEED + 64,
    "two rows for one person": SEED + 73,
    "windows that open after the previous event": SEED + 112,
    "planned events without a day": SEED + 119,
    "two events of one key": SEED + 126,
    "rolling duties that need several items": SEED + 264,
    "nil returns": SEED + 1_481,
    "cells that could name either of two rows": SEED + 1_552,
}


@pytest.mark.parametrize("name", TELLING)
def test_leaving_it_out_changes_an_answer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the property above is none of nothing."""
    given = on_edge(TELLING[name])
    recheck.SPECIAL.clear()
    answers = found_in(given)
    assert name in recheck.SPECIAL
    for function, ordinary in ORDINARY[name].items():
        monkeypatch.setattr(recheck, function, ordinary)
    assert found_in(given) != answers

"""Sheets that were not given, or cannot be read, as the vectorised evaluator judges them
(semantics.md: An obligation's status at D; Evidence)."""

from __future__ import annotations

import pytest

from engine.needs import needed_registers
from evidence.register import RegisterSpec
from evidence.table import Table
from rules.condition import Applies, Condition
from rules.model import Duty
from rules.patterns import EvidenceQuery
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    ABOUT,
    HIREABLE,
    about,
    complete,
    declared,
    each_person,
    meeting,
    rolling,
    standing,
    triggered,
    yearly,
)
from tests.support.small_check import outcome
from tests.support.vectorised_answers import lines

ON = "2026-03-01"


def _where_it_applies() -> Duty:
    version = yearly().versions[0].model_copy(update={"applies": HIREABLE})
    return make.duty(version)


_MEETINGS = make.table(make.MEETINGS, meeting("M1", "2026-02-20"))


@pytest.mark.parametrize(
    ("duty", "register"),
    [
        (yearly(), make.REVIEWS),
        (rolling(), make.REVIEWS),
        (standing(), make.DOCUMENTS),
        (complete(), make.ACTIONS),
        (triggered(), make.MEETINGS),
        (triggered(), make.REVIEWS),
        (each_person(), make.PEOPLE),
        (each_person(), make.TRAINING),
        (_where_it_applies(), make.VENUES),
    ],
)
def test_a_duty_whose_sheet_is_lacking(duty: Duty, register: RegisterSpec) -> None:
    """Not given: not assessed, once for the duty. Given and not to be read: cannot tell. A waiver
    for all subjects comes before both, one for the office before neither."""
    absent, unread = make.missing(register), make.unreadable(register)
    waived, office = (
        make.table(make.WAIVERS, make.waiver(who, "2026-01-01", "2026-12-31"))
        for who in ("all", "office")
    )
    assert lines(duty, ON, absent) == ["not_assessed"]
    assert lines(duty, ON, unread) == ["cannot_tell"]
    for lacking, status in ((absent, "not_assessed"), (unread, "cannot_tell")):
        assert lines(duty, ON, lacking, waived) == ["waived"]
        assert lines(duty, ON, lacking, office) == [status]


def test_a_sheet_that_was_not_given_comes_before_one_that_cannot_be_read() -> None:
    absent, unread = make.missing(make.REVIEWS), make.unreadable(make.MEETINGS)
    assert lines(triggered(), ON, absent, unread) == ["not_assessed"]


def test_a_sheet_without_rows_was_given() -> None:
    assert lines(yearly(), ON)[-1].startswith("2025/26 due")


# Which registers a rule needs -------------------------------------------------------------------

_NAMED = declared(make.REVIEWS, "about", refers_to_any=("meetings", "documents"))


def _naming(*where: Condition) -> Duty:
    asks = Condition(column="about", filled=True, where=where)
    query = EvidenceQuery(register="reviews", where=(asks,), dated="reviewed on")
    return yearly(query)


def _reviewed(name: str) -> Table:
    return make.table(_NAMED, {"ref": "R1", "subject": "plan", "reviewed on": ON, "about": name})


def test_of_registers_that_serve_in_each_others_place_one_is_enough() -> None:
    duty, row = _naming(), _reviewed("M1")
    met = "2025/26 met 2025-04-01..2026-03-31 +395"
    meetings, documents = make.missing(make.MEETINGS), make.missing(make.DOCUMENTS)
    assert lines(duty, ON, row, _MEETINGS, documents)[-1] == met
    assert lines(duty, ON, row, meetings, documents) == ["not_assessed"]
    unread = make.unreadable(make.DOCUMENTS)
    assert lines(duty, ON, row, meetings, unread) == ["cannot_tell"]
    assert lines(duty, ON, row, _MEETINGS, unread)[-1] == met


def test_what_a_condition_on_a_named_row_looks_up_is_needed_too() -> None:
    nested = make.register(
        "minutes", make.column("of", "key").model_copy(update={"refers_to": "reviews"})
    )
    registers = {register.id: register for register in (*make.REGISTERS, nested)}
    registers["meetings"] = make.register(
        "meetings", make.column("minuted in", "key").model_copy(update={"refers_to": "minutes"})
    )
    the_duty = _naming(Condition(column="minuted in", filled=True))
    one = make.REVIEWS.model_copy(
        update={
            "columns": tuple(
                column.model_copy(update={"refers_to": "meetings"})
                if column.name == "about"
                else column
                for column in make.REVIEWS.columns
            )
        }
    )
    needed = needed_registers(the_duty.versions, {**registers, "reviews": one})
    assert needed == (("reviews",), ("meetings",), ("minutes",))


def test_a_register_that_is_needed_on_its_own_is_no_alternative_and_control_sheets_never_are() -> (
    None
):
    registers = {register.id: register for register in (*make.REGISTERS, _NAMED)}
    applying = (
        _naming()
        .versions[0]
        .model_copy(update={"applies": Applies(register="documents", where=(make.filled("kind"),))})
    )
    assert needed_registers([applying], registers) == (("reviews",), ("documents",))
    control = registers["documents"].model_copy(update={"control": True})
    needed = needed_registers([applying], {**registers, "documents": control})
    assert needed == (("reviews",), ("meetings",))


def test_the_registers_of_every_version_begun_are_needed() -> None:
    first = triggered().versions[0]
    later = make.version(first.pattern, evidence=ABOUT, applies=HIREABLE, begins=make.day(ON))
    duty = make.duty(first, later)
    venues = make.missing(make.VENUES)
    assert lines(duty, "2026-02-28", _MEETINGS, about(), venues) != ["not_assessed"]
    assert lines(duty, ON, _MEETINGS, about(), venues) == ["not_assessed"]


def test_the_sheets_that_are_lacking_are_named() -> None:
    shown = outcome(triggered(), ON, make.missing(make.MEETINGS), make.missing(make.REVIEWS))
    (only,) = shown.obligations
    assert "'meetings'" in only.unmet_reason
    assert "'reviews'" in only.unmet_reason
    assert (shown.status.value, shown.counts.not_assessed, only.subject) == (
        "not_assessed",
        1,
        "office",
    )

"""Which registers a duty needs, known from its rule alone, and which of them were not given."""

from __future__ import annotations

from engine.needs import Group, group_title, needed_registers, not_given, not_readable
from evidence.register import Latest, RegisterSpec
from rules.condition import Condition
from rules.model import Duty
from rules.patterns import EvidenceQuery
from rules.subject import FixedList, Member
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    BY_DATE,
    GROUP,
    HIREABLE,
    YEAR,
    complete,
    each_person,
    standing,
    triggered,
    yearly,
)
from tests.support.engine_builders import equals, filled
from tests.support.small_check import outcome


def naming(spec: RegisterSpec, column: str, *registers: str) -> RegisterSpec:
    """The register with a column whose cells name a row of one of these registers."""
    columns = tuple(
        spec_column.model_copy(update={"type": "key", "refers_to_any": registers})
        if spec_column.name == column
        else spec_column
        for spec_column in spec.columns
    )
    return spec.model_copy(update={"columns": columns})


def needs(duty: Duty, *changed: RegisterSpec) -> tuple[Group, ...]:
    """The registers that the duty needs, where these registers are as changed."""
    registers = {register.id: register for register in (*make.REGISTERS, *changed)}
    return needed_registers(duty.versions, registers)


def asking(*where: Condition) -> Duty:
    """A yearly duty whose evidence must meet these conditions too."""
    return yearly(BY_DATE.model_copy(update={"where": (*BY_DATE.where, *where)}))


def test_lists_come_before_evidence() -> None:
    assert needs(yearly()) == (("reviews",),)
    assert needs(each_person()) == (("people",), ("training",))
    assert needs(triggered()) == (("meetings",), ("reviews",))
    assert needs(standing()) == (("documents",),)
    assert needs(complete()) == (("actions",),)


def test_what_decides_whether_it_applies_is_needed() -> None:
    duty = make.duty(make.version(YEAR, evidence=BY_DATE, applies=HIREABLE))
    assert needs(duty) == (("reviews",), ("venues",))


def test_a_register_is_needed_once_and_by_every_version() -> None:
    first, second = yearly().versions[0], triggered().versions[0]
    both = make.duty(first, second.model_copy(update={"from_": make.day("2026-01-01")}))
    assert needs(both) == (("meetings",), ("reviews",))


def test_a_condition_looks_up_a_row_where_a_key_must_be_filled() -> None:
    reviews = naming(make.REVIEWS, "about", "meetings")
    assert needs(asking(filled("about")), reviews) == (("reviews",), ("meetings",))
    assert needs(asking(filled("about"))) == (("reviews",),)  # a key of no register is a text
    assert needs(asking(equals("about", "SG1")), reviews) == (("reviews",),)


def test_registers_in_each_others_place_are_one_need() -> None:
    reviews = naming(make.REVIEWS, "about", "meetings", "documents")
    assert needs(asking(filled("about")), reviews) == (("reviews",), ("meetings", "documents"))


def test_a_register_needed_by_itself_replaces_its_group() -> None:
    reviews = naming(make.REVIEWS, "about", "meetings", "documents")
    held = filled("about")
    query = BY_DATE.model_copy(update={"where": (held,)})
    assert needs(triggered(query), reviews) == (("meetings",), ("reviews",))


def test_conditions_on_the_named_row_look_up_in_their_turn() -> None:
    reviews = naming(make.REVIEWS, "about", "meetings")
    meetings = naming(make.MEETINGS, "present", "people")
    nested = Condition(column="about", filled=True, where=(filled("present"),))
    needed = needs(asking(nested), reviews, meetings)
    assert needed == (("reviews",), ("meetings",), ("people",))


def test_conditions_of_lists_members_records_and_alternatives_count() -> None:
    meetings = naming(make.MEETINGS, "present", "people")
    held = GROUP.model_copy(update={"any_of": (filled("present"),)})
    assert needs(triggered(events=held), meetings) == (("meetings",), ("reviews",), ("people",))
    reviews = naming(make.REVIEWS, "about", "documents")
    members = FixedList(
        kind="fixed list", members=(Member(id="a", title="A", where=(filled("about"),)),)
    )
    register = make.duty(make.version(YEAR, evidence=BY_DATE, subjects=members))
    assert needs(register, reviews) == (("reviews",), ("documents",))
    actions = naming(make.ACTIONS, "measure", "documents")
    assert needs(complete(), actions) == (("actions",), ("documents",))


def test_a_column_that_the_program_fills_looks_up_the_register_of_the_latest() -> None:
    latest = Latest(
        key="about", within="documents", kind="kind", of="guidance", issued="issued on", by="day"
    )
    filled_in = make.column("about latest", "yes/no").model_copy(update={"latest": latest})
    reviews = make.REVIEWS.model_copy(update={"columns": (*make.REVIEWS.columns, filled_in)})
    needed = needs(asking(make.says("about latest")), reviews)
    assert needed == (("reviews",), ("documents",))


def test_control_registers_are_never_needed_and_stand_for_none() -> None:
    control = make.WAIVERS.model_copy(update={"control": True})
    reviews = naming(make.REVIEWS, "about", "waivers", "meetings")
    assert needs(asking(filled("about")), reviews, control) == (("reviews",), ("meetings",))
    alone = yearly(EvidenceQuery(register="waivers", dated="from"))
    assert needs(alone, control) == ()


# Given or not -----------------------------------------------------------------------------------

NOT_GIVEN = {register.id: make.missing(register) for register in (make.MEETINGS, make.DOCUMENTS)}
UNREADABLE = {
    register.id: make.unreadable(register) for register in (make.MEETINGS, make.DOCUMENTS)
}


def test_one_of_a_group_that_is_given_is_enough() -> None:
    group = ("meetings", "documents")
    tables = NOT_GIVEN | {"documents": make.table(make.DOCUMENTS)}
    assert not_given((group,), NOT_GIVEN) == (group,)
    assert not_given((group,), tables) == ()
    assert not_readable((group,), tables) == ()


def test_a_sheet_that_cannot_be_read_is_given() -> None:
    group = ("meetings", "documents")
    assert not_given((group,), UNREADABLE) == ()
    assert not_readable((group,), UNREADABLE) == (group,)
    assert not_readable((group,), NOT_GIVEN) == ()
    half = UNREADABLE | {"documents": NOT_GIVEN["documents"]}
    assert not_readable((group,), half) == (group,)


def test_a_group_is_named_by_its_titles() -> None:
    assert group_title(("meetings", "documents"), NOT_GIVEN) == "meetings or documents"
    assert group_title(("meetings",), NOT_GIVEN) == "meetings"


def test_a_duty_names_the_sheets_that_it_waits_for() -> None:
    reviews = make.missing(make.REVIEWS)
    assert outcome(triggered(), "2026-05-20", NOT_GIVEN["meetings"], reviews).not_given == (
        "meetings",
        "reviews",
    )
    assert outcome(triggered(), "2026-05-20", reviews).not_given == ("reviews",)
    assert outcome(triggered(), "2026-05-20", make.unreadable(make.REVIEWS)).not_given == ()


def test_a_version_that_has_not_begun_needs_nothing_yet() -> None:
    later = triggered().versions[0].model_copy(update={"from_": make.day("2027-01-01")})
    both = make.duty(*yearly().versions, later)
    result = outcome(both, "2026-05-20", NOT_GIVEN["meetings"])
    assert result.not_given == ()

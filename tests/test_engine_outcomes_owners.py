"""The owner of each duty, from the Owners sheet (engine/outcomes/owners.py)."""

from __future__ import annotations

from engine.assessment import OwnerShown
from record.recheck import recheck
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    yearly,
)
from tests.support.engine_builders import day
from tests.support.one_of_each_status import ON
from tests.support.small_check import checked
from tests.support.verifier import packed_book, tables_with_names


def test_an_owner_is_named_from_the_sheet_of_owners() -> None:
    owners = make.register(
        "owners", make.column("duty", "text"), make.column("owner", "text"), key=None
    )
    duty = yearly().model_copy(update={"aliases": ("an-old-name",)})
    given = make.table(
        owners,
        {"duty": "An-Old-Name", "owner": "Post B"},
        {"duty": "the-duty", "owner": "Post A"},
        {"duty": "another", "owner": "Post C"},
    )
    assessment = checked(make.rulebook((*make.REGISTERS, owners), duty), ON, given)
    assert assessment.duties[0].owner == "Post A, Post B"


def test_names_that_differ_in_spaces_and_capitals_are_one_owner() -> None:
    """Otherwise one person would get three mails, each with a part of the work."""
    names = ("duty", "owner", "email")
    owners = make.register("owners", *(make.column(name, "text") for name in names), key=None)
    given = make.table(
        owners,
        {"duty": "another", "owner": "Head of  Policy", "email": ""},
        {"duty": "the-duty", "owner": "head of policy", "email": "head@example.org"},
        {"duty": "the-duty", "owner": " Head of Policy", "email": ""},
        {"duty": "the-duty", "owner": "  ", "email": "nobody@example.org"},
    )
    book = make.rulebook((*make.REGISTERS, owners), yearly())
    assessment = checked(book, ON, given)
    assert assessment.duties[0].owner == "Head of  Policy"
    assert assessment.owners == (OwnerShown("Head of  Policy", "head@example.org", ("the-duty",)),)
    packed = packed_book(book)
    tables = tables_with_names(make.shown(given), packed)
    *_, latest = recheck.versions_of(packed["duties"][0], tables, day(ON))
    assert recheck.owners_of(latest) == {"Head of  Policy"}

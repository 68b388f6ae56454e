"""What happens in any office: somebody stands in, something is late, a row was not filled in."""

from __future__ import annotations

from examples.office.changes import Change, add, found, named
from examples.office.made import Office, day, table


def stood_in(office: Office) -> None:
    """A deputy went to a meeting of the group, and one for the Commissioner to the Board."""
    named(office, "meetings", "SG-2026-2")["OPCC present"] = "deputy"
    named(office, "meetings", "SWPB-2025-3")["PCC present"] = "deputy"


def another_lead(office: Office) -> None:
    """The Prevent Lead's role went to another post, ten days after the last holder gave it up."""
    named(office, "roles", "ROLE-1")["to"] = day("2026-06-26")
    rows = table(
        "role | post | from | trained on",
        "Prevent Lead | Chief Executive | 2026-07-06 | 2026-07-14",
    )
    add(office, "roles", "ROLE-", rows)


def vice_chairs_overlap(office: Office) -> None:
    """The last vice-chair's end was entered a week after the next one had begun."""
    named(office, "roles", "ROLE-6")["to"] = day("2026-04-05")


def meeting_without_a_day(office: Office) -> None:
    """A meeting is planned, and its day is still to be found."""
    office["meetings"] += table(
        "ref | body | held on",
        "SG-2027-2 | Steering Group | tbc",
    )


def workshop_late(office: Office) -> None:
    """The workshop of January to March was held in April."""
    named(office, "meetings", "WS-2026")["held on"] = day("2026-04-14")


def not_helped(office: Office) -> None:
    """The panel was refused its help once, with reasons, and a referral was out of proportion."""
    found(office, "cases", answered_on=day("2025-12-15"))["answer"] = "refused with reasons"
    found(office, "cases", opened_on=day("2026-05-21"))["proportionate"] = "No"


def actions_late(office: Office) -> None:
    """An action was done a week late, and for another a later date was agreed after the old one
    had passed; it was done since."""
    named(office, "actions", "A-8")["completed on"] = day("2026-04-08")
    named(office, "actions", "A-15").update(
        {
            "re-agreed on": day("2026-10-06"),
            "re-agreed to": day("2026-12-18"),
            "completed on": day("2026-11-13"),
        }
    )


def minutes_that_disagree(office: Office) -> None:
    """Minutes close an action that is open in the plan, and others are of a meeting that is not
    listed."""
    closed, other = table(
        "meeting | item | outcome | minuted on | presented by | action",
        "SG-2026-4 | other item | completed | 2026-11-20 | OPCC | A-13",
        "SG-2026-5 | other item | noted | 2026-08-27 | OPCC |",
    )
    add(office, "minutes", "SG-2026-4/", [closed])
    add(office, "minutes", "SG-2026-5/", [other])


def put_off(office: Office) -> None:
    """The office's contribution was put off once, so that a quarter went without."""
    item = found(office, "minutes", meeting="SG-2025-4", item="OPCC contribution")
    item["outcome"] = "deferred"


def left_undone(office: Office) -> None:
    """The Data Protection Officer found faults in the records, and the summer's engagement is not
    on the group's plan."""
    last = found(office, "reviews", subject="Prevent records", reviewed_on=day("2026-06-30"))
    last["outcome"] = "changes needed"
    found(office, "communications", sent_on=day("2026-06-20"))["on plan"] = "No"


EVERYDAY: tuple[Change, ...] = (
    stood_in,
    another_lead,
    vice_chairs_overlap,
    meeting_without_a_day,
    workshop_late,
    not_helped,
    actions_late,
    minutes_that_disagree,
    put_off,
    left_undone,
)

"""What has gone wrong in the example office, one function for each thing that a check must see.

Each takes the office and changes its rows. A cell that holds the text '#REF!' is an error cell,
and one that begins with '=' a formula whose result is not stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from examples.office.made import AS_OF, IN_FORCE, Cell, Office, Row, day, later, numbered, table
from examples.office.training import day_in

Fault = Callable[[Office], None]


def spoil(office: Office, faults: Sequence[Fault]) -> None:
    """Every fault made in the office, and the rows that came with them put in their places.
    Raises ValueError where the office has too few people for that."""
    if len(_there_all_along(office)) < 7:
        raise ValueError("too few people: the example needs seven who were there all along")
    for fault in faults:
        fault(office)
    office["training"].sort(key=lambda row: str(row["recorded on"]))
    office["checks"].sort(key=lambda row: str(row.get("checked on") or row["event on"]))
    office["reviews"].sort(key=lambda row: str(row.get("recorded on")))


def _there_all_along(office: Office) -> list[Row]:
    """Staff from before the SOP who have not left, hold no special post and make no referrals."""
    return [
        row
        for row in office["people"][13:]
        if row["kind"] == "staff"
        and day_in(row, "starts") < IN_FORCE
        and not row.get("ends")
        and "likely to refer from" not in row
    ]


def _named(office: Office, register: str, ref: str) -> Row:
    return next(row for row in office[register] if row["ref"] == ref)


def _found(office: Office, register: str, **cells: Cell) -> Row:
    """The first row with these cells; an underscore in a name stands for a space."""
    asked = {name.replace("_", " ").strip(): value for name, value in cells.items()}
    return next(
        row for row in office[register] if all(row.get(name) == asked[name] for name in asked)
    )


# Training ---------------------------------------------------------------------------------------


def trained_late(office: Office) -> None:
    """One person's awareness course, and one starter's induction, came after the deadline."""
    person = _there_all_along(office)[0]
    _found(office, "training", person=person["ref"], course="awareness")["completed on"] = day(
        "2025-01-27"
    )
    starts = {row["ref"]: day_in(row, "starts") for row in office["people"]}
    inductions = [row for row in office["training"] if row["course"] == "induction"]
    long_ago = [row for row in inductions if later(starts[row["person"]], 45) < AS_OF]
    long_ago[-1]["completed on"] = later(starts[long_ago[-1]["person"]], 39)


def refresher_of_no_day(office: Office) -> None:
    """A refresher is dated with a month only, so the person's training has lapsed."""
    ref = _there_all_along(office)[1]["ref"]
    _found(office, "training", person=ref, course="awareness")["completed on"] = day("2024-10-22")
    _found(office, "training", person=ref, course="refresher")["completed on"] = "Sept 2026"


def refreshers_not_taken(office: Office) -> None:
    """Three people took no refresher: one had a waiver that has run out, one has a waiver that
    holds, and one has until December and is booked, as if it were done already."""
    rows = office["training"]
    people = _there_all_along(office)[2:5]
    for person, first in zip(people, ("2024-10-29", "2024-11-05", "2024-12-10"), strict=True):
        ref = person["ref"]
        rows.remove(_found(office, "training", person=ref, course="refresher"))
        _found(office, "training", person=ref, course="awareness")["completed on"] = day(first)
    expired, waived, booked = (str(person["ref"]) for person in people)
    _waive(office, f"{expired} | Long-term sick leave | Chief Executive | 2026-05-04 | 2026-10-31")
    _waive(office, f"{waived} | Parental leave | Chief Executive | 2026-08-03 | 2027-04-30")
    booked_row = f"{booked} | Administrator | refresher | 2027-01-19 | Yes | 2026-11-16"
    office["training"] += _training(office, booked_row)


def _training(office: Office, *lines: str) -> list[Row]:
    rows = table("person | role | course | completed on | passed | recorded on", *lines)
    first = len(office["training"]) + 1
    taught: Row = {"level": "basic", "source": "gov.uk"}
    return [taught | row for row in numbered("T", rows, width=5, first=first)]


def _waive(office: Office, line: str) -> None:
    office["waivers"] += table(
        "duty | subject | reason | approved by | from | until", f"refresher-training | {line}"
    )


def odd_training_rows(office: Office) -> None:
    """A course that is none of the list, a row without a person, and one row written twice."""
    ref = _there_all_along(office)[5]["ref"]
    office["training"] += _training(
        office,
        f"{ref} | Administrator | Prevnt awarness | 2026-03-05 | Yes | 2026-03-09",
        "| Policy Officer | awareness | 2026-04-16 | Yes | 2026-04-20",
    )
    office["training"].insert(41, dict(office["training"][40]))


def leaving_day_open(office: Office) -> None:
    """Somebody's leaving date is still to be confirmed."""
    _there_all_along(office)[6]["ends"] = "tbc"


# Documents, submissions, reviews and communications --------------------------------------------


def newer_agreement_ends_earlier(office: Office) -> None:
    """A newer agreement runs out before the one that it stands beside."""
    office["documents"] += table(
        "ref | kind | agreed on | in force from | review by | signed by OPCC",
        "ISA-3 | information sharing agreement | 2026-09-22 | 2026-10-05 | 2027-10-04 | Yes",
    )


def broken_cells(office: Office) -> None:
    """An error cell, and a formula that was never worked out; neither decides anything today."""
    _named(office, "documents", "SA-2024")["priorities"] = "#REF!"
    _named(office, "documents", "GUIDE-1")["review by"] = "=EDATE(F11,12)"


def assurance_without_terms(office: Office) -> None:
    """The force's last assurance says nothing of the national terms, and the office's first
    statement nothing of the filters."""
    last = _found(office, "submissions", given_on=day("2026-09-28"), kind="assurance")
    last["covers"] = "IT filters"
    first = _found(office, "submissions", for_year="2024/25", kind="assurance statement")
    first["covers"] = str(first["covers"]).replace("IT filters; ", "")


def review_of_a_year(office: Office) -> None:
    """A review of referrals that names a year, where the duty asks for a quarter."""
    office["reviews"] += table(
        "ref | subject | reviewed on | for period | by post | recorded on",
        "R-52 | referrals | 2026-04-21 | 2025/26 | Prevent Lead | 2026-04-23",
    )


def days_as_text(office: Office) -> None:
    """Days typed as text: some that can be read, and a column that mixes two orders."""
    texts = {"R-2": "14.01.2025", "R-9": "12 May 2025", "R-20": "Tue 4 November 2025"}
    for ref, text in texts.items():
        row = _named(office, "reviews", ref)
        row["reviewed on"] = text
    rows = [row for row in office["communications"] if row["topic"] == "other topic"]
    rows[4]["sent on"], rows[9]["sent on"] = "10/24/2025", "04/05/2026"


# Actions, checks and control sheets -------------------------------------------------------------


def re_agreed_too_late(office: Office) -> None:
    """A later date was agreed for an action after the old one had passed; it was done since."""
    _named(office, "actions", "A-14").update(
        {
            "re-agreed on": day("2026-10-06"),
            "re-agreed to": day("2026-12-18"),
            "completed on": day("2026-11-13"),
        }
    )


def odd_checks(office: Office) -> None:
    """Awards: on a day that does not exist, checked late, never checked and lapsed, dropped, with a
    concern, in a quarter with a nil return, and so far off that there is time yet."""
    office["checks"] += table(
        "ref | kind | event on | cancelled | checked on | extremism outcome | decided by post",
        "DD-028 | grant | 31/02/2026 | | 2026-01-29 | clear |",
        "DD-029 | commission | 2026-03-16 | | 2026-03-23 | clear |",
        "DD-030 | grant | 2025-05-19 | | | |",
        "DD-031 | contract | 2026-06-15 | Yes | | |",
        "DD-032 | grant | 2026-07-20 | | 2026-07-01 | concern | Chief Executive",
        "DD-033 | grant | 2025-08-18 | | 2025-08-04 | clear |",
        "DD-034 | contract | 2028-01-10 | | | |",
    )


def control_sheets_that_do_nothing(office: Office) -> None:
    """Nil returns without a post or before the quarter was over, and waivers without an approver
    or of no duty that there is."""
    office["nil returns"] += table(
        "list | period | by post | given on",
        "permissive issues | 2026/27 Q1 | | 2026-07-08",
        "referrals | 2026/27 Q3 | Prevent Lead | 2026-11-02",
    )
    office["waivers"] += table(
        "duty | subject | reason | approved by | from | until",
        "it-filter-assurance | office | The force is changing its supplier | | 2026-10-05"
        " | 2027-03-31",
        "prevent-refresher | all | Course being rewritten | Chief Executive | 2026-10-05"
        " | 2027-01-31",
    )


EXAMPLE_FAULTS: tuple[Fault, ...] = (
    trained_late,
    refresher_of_no_day,
    refreshers_not_taken,
    odd_training_rows,
    leaving_day_open,
    newer_agreement_ends_earlier,
    broken_cells,
    assurance_without_terms,
    review_of_a_year,
    days_as_text,
    re_agreed_too_late,
    odd_checks,
    control_sheets_that_do_nothing,
)

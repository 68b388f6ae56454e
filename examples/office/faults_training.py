"""What has gone wrong in the example's record of training."""

from __future__ import annotations

from examples.office.changes import Change, add, found
from examples.office.made import AS_OF, IN_FORCE, Office, Row, day, later, table
from examples.office.training import day_in


def _there_all_along(office: Office) -> list[Row]:
    """Seven of the staff or more who were there before the SOP, have not left, hold no special
    post and make no referrals. Raises ValueError where there are fewer."""
    people = [
        row
        for row in office["people"][13:]
        if row["kind"] == "staff"
        and day_in(row, "starts") < IN_FORCE
        and not row.get("ends")
        and "likely to refer from" not in row
    ]
    if len(people) < 7:
        raise ValueError("too few people: the example needs seven who were there all along")
    return people


def _leavers(office: Office) -> list[Row]:
    """Those who had left two months ago. Raises ValueError where there is nobody."""
    people = [row for row in office["people"] if later(day_in(row, "ends", AS_OF), 60) < AS_OF]
    if not people:
        raise ValueError("too few people: the example needs somebody who has left")
    return people


def trained_late(office: Office) -> None:
    """One person's awareness course, and one starter's induction, came after the deadline."""
    person = _there_all_along(office)[0]
    course = found(office, "training", person=person["ref"], course="awareness")
    course["completed on"] = day("2025-01-27")
    starts = {row["ref"]: day_in(row, "starts") for row in office["people"]}
    inductions = [row for row in office["training"] if row["course"] == "induction"]
    long_ago = [row for row in inductions if later(starts[row["person"]], 45) < AS_OF]
    long_ago[-1]["completed on"] = later(starts[long_ago[-1]["person"]], 39)


def refresher_of_no_day(office: Office) -> None:
    """A refresher is dated with a month only, so the person's training has lapsed."""
    ref = _there_all_along(office)[1]["ref"]
    found(office, "training", person=ref, course="awareness")["completed on"] = day("2024-10-22")
    found(office, "training", person=ref, course="refresher")["completed on"] = "Sept 2026"


def refreshers_not_taken(office: Office) -> None:
    """Three people took no refresher: one had a waiver that has run out, one has a waiver that
    holds, and one has until December and is booked, as if it were done already."""
    rows = office["training"]
    people = _there_all_along(office)[2:5]
    for person, first in zip(people, ("2024-10-29", "2024-11-05", "2024-12-10"), strict=True):
        ref = person["ref"]
        rows.remove(found(office, "training", person=ref, course="refresher"))
        found(office, "training", person=ref, course="awareness")["completed on"] = day(first)
    expired, waived, booked = (str(person["ref"]) for person in people)
    _waive(office, f"{expired} | Long-term sick leave | Chief Executive | 2026-05-04 | 2026-10-31")
    _waive(office, f"{waived} | Parental leave | Chief Executive | 2026-08-03 | 2027-04-30")
    _train(office, f"{booked} | Administrator | refresher | 2027-01-19 | Yes | 2026-11-16")


def _train(office: Office, *lines: str) -> None:
    rows = table("person | role | course | completed on | passed | recorded on", *lines)
    taught: Row = {"level": "basic", "source": "gov.uk"}
    add(office, "training", "T", (taught | row for row in rows), width=5)


def _waive(office: Office, line: str) -> None:
    office["waivers"] += table(
        "duty | subject | reason | approved by | from | until", f"refresher-training | {line}"
    )


def odd_training_rows(office: Office) -> None:
    """A course that is none of the list, a row without a person, and one row written twice."""
    ref = _there_all_along(office)[5]["ref"]
    _train(
        office,
        f"{ref} | Administrator | Prevnt awarness | 2026-03-05 | Yes | 2026-03-09",
        "| Policy Officer | awareness | 2026-04-16 | Yes | 2026-04-20",
    )
    office["training"].insert(41, dict(office["training"][40]))


def trained_and_not_there(office: Office) -> None:
    """Somebody was trained after leaving, and somebody who is not on the list of people."""
    leaver = _leavers(office)[-1]
    after = later(day_in(leaver, "ends"), 40)
    _train(
        office,
        f"{leaver['ref']} | {leaver['post']} | refresher | {after} | Yes | {later(after, 3)}",
        "S9O4 | Caseworker | refresher | 2026-07-09 | Yes | 2026-07-13",
    )


def two_of_one_name(office: Office) -> None:
    """Two of the staff have one name, and a waiver gives it in place of the ref."""
    one, _, _, _, _, other, _ = _there_all_along(office)[:7]
    other["person"] = one["person"]
    _waive(office, f"{one['person']} | Study leave | Chief Executive | 2026-11-02 | 2027-01-31")


def leaving_day_open(office: Office) -> None:
    """Somebody's leaving date is still to be confirmed."""
    _there_all_along(office)[6]["ends"] = "tbc"


FAULTS_OF_TRAINING: tuple[Change, ...] = (
    trained_late,
    refresher_of_no_day,
    refreshers_not_taken,
    odd_training_rows,
    trained_and_not_there,
    two_of_one_name,
    leaving_day_open,
)

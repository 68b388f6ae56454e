"""Makes assessments for the tests of reports: counts and statuses follow from the obligations.

The people are keys, the office is nobody's. tests/support/assessment_sample.py makes a whole one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace

from engine.assessment import (
    FORMAT,
    Assessment,
    BodyStamp,
    CellToWrite,
    CitationShown,
    Counts,
    DutyOutcome,
    EvidenceStamp,
    FailedCount,
    ItemShown,
    ListOutcome,
    ObligationOutcome,
    Overall,
    Program,
    RejectedRow,
    RejectedRows,
    Remedy,
    RowLook,
    RulebookStamp,
    RuleFired,
    SectionOutcome,
)
from engine.outcome import WORST_FIRST, Status
from reports import view

AS_OF = datetime.date(2026, 11, 24)
IN_FORCE = datetime.date(2024, 10, 1)
MARKING = "OFFICIAL-SENSITIVE"


def days(number: int) -> datetime.date:
    """The day so many days after (before, when negative) the as-of date."""
    return AS_OF + datetime.timedelta(days=number)


def item(
    register: str = "training",
    row: int = 14,
    date: datetime.date | None = None,
    **cells: str | None,
) -> ItemShown:
    """One row with its cells, named by column with underscores for spaces."""
    columns = tuple(column.replace("_", " ") for column in cells)
    look = RowLook("registers.xlsx", register, register, tuple("ABCDEFGH"[: len(cells)]), columns)
    return ItemShown(look, row, date, tuple(cells.values()), "", "")


def elsewhere(shown: ItemShown, **place: str) -> ItemShown:
    """The row in another ``file`` or ``sheet``, or of another ``register``."""
    return replace(shown, look=replace(shown.look, **place))  # type: ignore[arg-type]


def near_row(
    row: int, date: datetime.date | None, why: str, state: str = "", text: str | None = "no"
) -> RejectedRow:
    """A row of training that came near: it fails a condition on the column that ``why`` names
    first or, where it names none, is not in time."""
    named = why.split("'")[1] if why.startswith("'") else ""
    shown = item("training", row, date)
    if named and state != "no column":
        letters = {"completed on": "B", "course": "C", "passed": "D"}.get(named, "E")
        look = replace(shown.look, letters=(letters,), columns=(named,))
        shown = replace(shown, look=look, values=(text,))
    return RejectedRow(shown, why, named, state)


def rejected(
    *rows: RejectedRow, silent: str = "", others: Iterable[tuple[int, str]] = ()
) -> RejectedRows:
    """Rows of training that were rejected, and how many others there are, by what they fail."""
    counts = tuple(FailedCount(*each) for each in others)
    return RejectedRows("training", "Training", silent, rows, counts)


def remedy(words: str, register: str, row: int = 0, **cells: str) -> Remedy:
    """A remedy by a new row, or by changes to ``row``."""
    write = tuple(CellToWrite(column.replace("_", " "), value) for column, value in cells.items())
    place = ("registers.xlsx", register) if row else ("", "")
    return Remedy(True, words, register, *place, row, write)


_OBLIGATION = ObligationOutcome(
    subject="office",
    subject_name="",
    window="",
    status=Status.MET,
    late_days=0,
    opens=IN_FORCE,
    deadline=days(127),
    days=127,
    last_done=days(-200),
    version_from=IN_FORCE,
    derivation="Last done on 8 May 2026 + 12 months.",
    rule=RuleFired("made-up.met", {"in_time": 1, "opened": 1}),
    listed_at=None,
    evidence=(),
    unmet_reason="",
    would_be_met_by=(),
    unreadable=(),
    unread_groups=(),
    rejected=(),
    remarks=(),
    too_late=False,
)


def obligation(status: Status, left: int | None = None, **changes: object) -> ObligationOutcome:
    """An obligation with this status and so many days left (negative when over)."""
    rule = RuleFired(f"made-up.{status.value}", {"closed": int(status is Status.OVERDUE)})
    deadline = None if left is None else days(left)
    made = replace(_OBLIGATION, status=status, days=left, deadline=deadline, rule=rule)
    return replace(made, **changes)  # type: ignore[arg-type]


def counts(statuses: Iterable[Status], late: int = 0) -> Counts:
    """How many there are of each status."""
    had = list(statuses)
    numbers = {status.value: had.count(status) for status in WORST_FIRST}
    return Counts(total=len(had), met_late=late, **numbers)


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of some statuses; not applicable for none."""
    return min(statuses, key=WORST_FIRST.index, default=Status.NOT_APPLICABLE)


_DUTY = DutyOutcome(
    id="made-up",
    title="Do the thing",
    in_brief="",
    section="4.6",
    bearer="OPCC",
    answers="office",
    strength="must",
    owner="Head of People",
    status=Status.MET,
    counts=counts(()),
    deadline=None,
    days=None,
    next_due=None,
    last_done=None,
    citations=(CitationShown("4.6", "the thing", "", 0, 0),),
    version_from=IN_FORCE,
    pattern="rolling, every 12 months",
    nothing_to_check="",
    readings=(),
    obligations=(),
    history=(),
    rule_words="From 1 October 2024: Once in every financial year the thing must be done.",
    not_given=(),
    unread_rows=(),
)


def duty(id_: str, title: str, *obligations: ObligationOutcome, **changes: object) -> DutyOutcome:
    """A duty with these obligations: its status, counts and deadline follow from them."""
    statuses = [one.status for one in obligations]
    left = [one for one in obligations if one.status in (Status.OVERDUE, Status.DUE)]
    first = min(left or obligations, key=_left, default=None)
    made = replace(
        _DUTY,
        id=id_,
        title=title,
        status=worst(statuses),
        counts=counts(statuses, sum(one.late_days > 0 for one in obligations)),
        deadline=first.deadline if first else None,
        days=first.days if first else None,
        obligations=obligations,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _left(one: ObligationOutcome) -> int:
    return one.days if one.days is not None else 10**6


def _list(chosen: Iterable[DutyOutcome]) -> ListOutcome:
    had = list(chosen)
    every = [one for d in had for one in d.obligations]
    return ListOutcome(
        worst(d.status for d in had),
        counts((d.status for d in had), sum(d.counts.met_late > 0 for d in had)),
        counts((one.status for one in every), sum(one.late_days > 0 for one in every)),
    )


SECTIONS = (
    ("3", "What the duty asks"),
    ("4.2", "Risk assessment"),
    ("4.4", "Referral pathway"),
    ("4.6", "Training"),
    ("4.7", "Permissive environments"),
    ("4.8", "Communications and engagement"),
)


RULEBOOK = RulebookStamp(
    id="made-up-office",
    title="Prevent duties of a made-up office",
    version="1.0.0",
    sha256="ab" * 32,
    marking=MARKING,
    sop="Prevent duty SOP, version 1.0",
    body=BodyStamp(
        "office",
        "Commissioner",
        "Prevent Lead",
        "This report does not decide whether the office had due regard under section 26 of the "
        "Counter-Terrorism and Security Act 2015. That is for people to judge.",
    ),
    people=("people",),
)


def _section(number: str, title: str, own: list[DutyOutcome]) -> SectionOutcome:
    both = _list(own)
    return SectionOutcome(number, title, both.status, both.duties, both.obligations)


def sections(made: Iterable[DutyOutcome]) -> tuple[SectionOutcome, ...]:
    """The sections of these duties, counted."""
    had = list(made)
    return tuple(
        _section(number, title, [d for d in had if d.section == number])
        for number, title in SECTIONS
    )


def assessment(made: tuple[DutyOutcome, ...], notice: str = "", **changes: object) -> Assessment:
    """A check that found these duties; the counts follow from them."""
    whole = Assessment(
        format=FORMAT,
        as_of=AS_OF,
        known_by=None,
        records_begin=None,
        office="",
        program=Program("dueregard", "0.1.0", "durable-rules and the plain evaluator", notice),
        rulebook=RULEBOOK,
        sop=None,
        evidence=(EvidenceStamp("registers.xlsx", "cd" * 32),),
        status=Overall(
            _list(d for d in made if d.answers == "office"),
            _list(d for d in made if d.answers == "others"),
        ),
        sections=sections(made),
        duties=made,
        not_in_force=(),
        findings=(),
        problems=(),
        readings=tuple(reading for d in made for reading in d.readings),
        waivers=(),
        not_checked=("Whether what the registers record is true.",),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def remedy_words(remedy: Remedy) -> str:
    """A remedy in one line, with its cells."""
    intro, *cells = view.remedy_lines(remedy)
    return f"{intro} {'; '.join(cells)}." if cells else intro


def large(people: int) -> Assessment:
    """One duty with a met obligation for each of so many people, and two that are not met."""
    met = [
        obligation(
            Status.MET, 100, subject=f"P-{number:05}",
            evidence=(item(row=number + 2, date=days(-90), person=f"P-{number:05}"),),
        )
        for number in range(people)
    ]  # fmt: skip
    unmet = [
        obligation(Status.OVERDUE, -2, subject="P-LATE"),
        obligation(Status.DUE, 2, subject="P-SOON"),
    ]
    return assessment((duty("staff-trained", "Train every member of staff", *met, *unmet),))

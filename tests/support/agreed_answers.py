"""Made-up duties and evidence, and the answers on which both evaluators and the verifier agree, as
lines.

A line names the obligation (subject, event and window, or the register and number of a row), and
gives its status, the days on which its window opens and closes, the days left (negative: overdue),
how late it was met, and why it is history: 'ann m1 met 2025-01-10..2025-02-07 late 3 settled'.
"""

from __future__ import annotations

from datetime import date

from engine.outcome import Answer
from engine.plain.evaluate import evaluate_duty
from evidence.register import RegisterSpec
from evidence.table import CellState, Evidence, Table
from rules.condition import Applies, NilReturn
from rules.model import Duty
from rules.patterns import (
    BeforeEvent,
    Carried,
    Completeness,
    Events,
    EvidenceQuery,
    Periodic,
    Rolling,
    Standing,
    Triggered,
)
from rules.span import Span
from rules.subject import FixedList, Member, Population
from tests.support.case_generator import Case
from tests.support.engine_builders import (
    DOCUMENTS,
    REGISTERS,
    REVIEWS,
    TRAINING,
    Row,
    day,
    days,
    duty,
    equals,
    filled,
    months,
    rulebook,
    says,
    shown,
    table,
    version,
)
from tests.support.promise_cases import vectorised_answers
from tests.support.verifier import found, told

NOTHING, BLANK = CellState.NOTHING, CellState.BLANK
UNREADABLE, NO_COLUMN = CellState.UNREADABLE, CellState.NO_COLUMN


def office(*tables: Table) -> Evidence:
    """Evidence of these tables, and of every other register without a row."""
    named = {each.register.id for each in tables}
    return shown(*tables, *(table(spec) for spec in REGISTERS if spec.id not in named))


def declared(spec: RegisterSpec, column: str, **more: object) -> RegisterSpec:
    """The register with more said of one of its columns."""
    columns = [
        each.model_copy(update=more) if each.name == column else each for each in spec.columns
    ]
    return spec.model_copy(update={"columns": tuple(columns)})


def answers_of(
    tested: Duty, on: str, *tables: Table, others: tuple[Duty, ...] = (), records_begin: str = ""
) -> list[Answer]:
    """The plain evaluator's answers about one duty on a day, from these tables; the other registers
    have no row. Fails unless the vectorised evaluator and the verifier give the same answers."""
    specs = {each.id: each for each in (*REGISTERS, *(table.register for table in tables))}
    book = rulebook(specs.values(), tested, *others)
    begin = day(records_begin) if records_begin else None
    case = Case(0, "", book, office(*tables), day(on), begin)
    answers = evaluate_duty(book, case.evidence, case.as_of, tested.id, records_begin=begin)
    assert [
        answer for answer in vectorised_answers(case) if answer.key.duty == tested.id
    ] == answers
    verified = found(book, case.evidence, case.as_of, begin)
    assert [each for each in verified if each["duty"] == tested.id] == told(answers)
    return answers


def answer_line(answer: Answer) -> str:
    """An answer as a line (see the module)."""
    key = answer.key
    names = [name for name in (key.subject, key.event, key.window, key.register) if name]
    parts = [*names, *([f"row {key.row}"] if key.row >= 0 else []), answer.status.value]
    if answer.opens:
        parts.append(f"{answer.opens}..{answer.deadline or ''}")
    if answer.days is not None:
        parts.append(f"{answer.days:+}")
    if answer.late_days:
        parts.append(f"late {answer.late_days}")
    return " ".join([*parts, *([answer.history_reason.value] if not answer.is_current else [])])


def lines(
    tested: Duty, on: str, *tables: Table, others: tuple[Duty, ...] = (), records_begin: str = ""
) -> list[str]:
    """The answers of one duty as lines."""
    return [
        answer_line(answer)
        for answer in answers_of(tested, on, *tables, others=others, records_begin=records_begin)
    ]


_YEAR, _NOTICE = Span(12, "months"), Span(60, "days")
ACTION: Row = {"ref": "A1", "owner": "OPCC", "agreed on": "2025-05-01", "due": "2025-06-01"}
REVIEW: Row = {"ref": "R1", "subject": "model", "reviewed on": "2025-05-01"}


BY_DATE = EvidenceQuery(
    register="reviews", where=(equals("subject", "model"),), dated="reviewed on"
)


NIL = NilReturn(list="referrals", each="quarter")


def reviews(*items: str | tuple[str, str]) -> Table:
    """Reviews by their days, or their days and the periods that they name."""
    pairs = [(item, "") if isinstance(item, str) else item for item in items]
    rows = [
        {"ref": f"R{at}", "subject": "model", "reviewed on": on}
        | ({"for period": period} if period else {})
        for at, (on, period) in enumerate(pairs)
    ]
    return table(REVIEWS, *rows)


def yearly(query: EvidenceQuery = BY_DATE, begins: str = "2024-10-01", **more: object) -> Duty:
    pattern = Periodic.model_validate({"kind": "periodic", "period": "financial year", **more})
    return duty(version(pattern, evidence=query, begins=day(begins)))


YEAR = Periodic(kind="periodic", period="financial year")


def rolling(
    every: Span = _YEAR,
    *,
    first: Span | None = None,
    first_deadline: str | None = None,
    notice: Span = _NOTICE,
    needed: int = 1,
) -> Duty:
    pattern = Rolling(
        kind="rolling",
        every=every,
        first=first,
        first_deadline=day(first_deadline) if first_deadline else None,
        notice=notice,
    )
    return duty(version(pattern, evidence=BY_DATE.model_copy(update={"needed": needed})))


STAFF = Population(
    kind="population",
    register="people",
    where=(equals("kind", "staff"),),
    joins="starts",
    leaves="ends",
)


FLAGGED = STAFF.model_copy(update={"flagged": "flagged from"})


COURSE = EvidenceQuery(
    register="training",
    where=(equals("course", "awareness"), says("passed")),
    dated="completed on",
    subject="person",
)


def person(name: str, starts: str | CellState, **more: str | CellState) -> Row:
    cells = {key.replace("_", " "): cell for key, cell in more.items()}
    return {"person": name, "kind": "staff", "starts": starts, **cells}


def trained(*rows: tuple[str | CellState, str]) -> Table:
    return table(
        TRAINING,
        *(
            {
                "ref": f"T{at}",
                "person": name,
                "course": "awareness",
                "completed on": on,
                "passed": True,
            }
            for at, (name, on) in enumerate(rows)
        ),
    )


def each_person(who: Population = STAFF, **more: Span | date) -> Duty:
    pattern = Rolling.model_validate({"kind": "rolling", "every": months(24), **more})
    return duty(version(pattern, evidence=COURSE, subjects=who))


GROUP = Events(
    register="meetings",
    where=(equals("body", "Steering Group"),),
    dated="held on",
    cancelled="cancelled",
)


ABOUT = EvidenceQuery(
    register="reviews", where=(equals("subject", "model"),), dated="reviewed on", event="about"
)


def meeting(name: str | CellState, held: str | CellState, **more: str | bool | CellState) -> Row:
    cells = {key.replace("_", " "): cell for key, cell in more.items()}
    return {"ref": name, "body": "Steering Group", "held on": held, **cells}


def about(*pairs: tuple[str, str | CellState]) -> Table:
    """Reviews by their days and the meetings that they are about."""
    return table(
        REVIEWS,
        *(
            {"ref": f"R{at}", "subject": "model", "reviewed on": on, "about": name}
            for at, (on, name) in enumerate(pairs)
        ),
    )


def triggered(
    query: EvidenceQuery = ABOUT, *, events: Events = GROUP, lapse: Span | None = None, **more: Span
) -> Duty:
    pattern = Triggered.model_validate(
        {"kind": "triggered", "event": events, "within": days(28), **more}
    )
    return duty(version(pattern, evidence=query, lapse=lapse))


PAIR = FixedList(
    kind="fixed list",
    members=(
        Member(id="first", title="First", where=(equals("note", "first"),)),
        Member(id="quick", title="Quick", where=(equals("note", "quick"),), within=days(7)),
    ),
)


def briefing_each(lapse: Span | None = None) -> Duty:
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    query = EvidenceQuery(
        register="training", dated="completed on", subject="person", where=(says("passed"),)
    )
    return duty(version(pattern, evidence=query, subjects=STAFF, lapse=lapse))


def ahead(query: EvidenceQuery = BY_DATE, **more: Span | bool) -> Duty:
    pattern = BeforeEvent.model_validate({"kind": "before event", "event": GROUP, **more})
    return duty(version(pattern, evidence=query))


HIREABLE = Applies(register="venues", where=(says("hireable"),), begins="from", ends="to")


def standing(**more: Span | str | bool) -> Duty:
    pattern = Standing.model_validate(
        {
            "kind": "standing",
            "begins": "issued on",
            "ends": "ended on",
            "review_by": "review by",
            **more,
        }
    )
    query = EvidenceQuery(register="documents", where=(equals("kind", "pathway"),))
    return duty(version(pattern, evidence=query))


def documents(*rows: tuple[str, Row]) -> Table:
    return table(
        DOCUMENTS,
        *(
            {"ref": f"D{at}", "kind": "pathway", "issued on": issued, **cells}
            for at, (issued, cells) in enumerate(rows)
        ),
    )


RECORDS = Events(
    register="actions",
    where=(equals("owner", "OPCC"),),
    dated="agreed on",
    cancelled="cancelled",
)


def complete(records: Events = RECORDS, *, carried: bool = False, dated: bool = False) -> Duty:
    pattern = Completeness(
        kind="completeness",
        records=records,
        must=(filled("measure"),),
        done_on=("completed on",) if dated or carried else (),
        within=None if carried else days(28),
        deadline=Carried(due="due", re_agreed_to="re-agreed to", re_agreed_on="re-agreed on")
        if carried
        else None,
    )
    return duty(version(pattern))

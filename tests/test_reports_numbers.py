"""Every report counts the duties as the JSON does, whatever the office has lost of its records."""

from __future__ import annotations

import io
import json
import random
import re
from collections import Counter
from collections.abc import Iterable

import pytest
from openpyxl import load_workbook

from engine.assessment import Assessment, DutyOutcome
from engine.outcome import Status
from evidence.read import read_evidence
from evidence.table import CellState, Evidence
from reports import view, words
from reports.brief import NEXT, brief
from reports.by_post import post_tasks
from reports.html.report import to_html
from reports.json import to_json
from reports.next_step import NextSteps
from reports.owners.tasks import OVERDUE, UNTOLD, owner_tasks
from reports.papers.paper import paper_fields
from reports.papers.statement import statement_fields
from reports.places import Places
from reports.text import summary
from reports.without_names import without_names
from reports.xlsx.report import to_xlsx
from rules.load import OWN_BOOK
from rules.papers import PapersFile, read_papers
from tests.support.altered_evidence import kept, with_cells, with_table
from tests.support.example_offices import assessed
from tests.support.html_page import parsed
from tests.support.needs import ROOT
from tests.support.own_book import own_book

Numbers = Counter[Status]
STATUS_OF = {word: status for status, word in words.STATUS.items()}
STATUS_OF["could not be judged"] = Status.CANNOT_TELL  # in a paper
COUNTED = re.compile(rf"([\d,]+) ({'|'.join(STATUS_OF)})\b")


@pytest.fixture(scope="module")
def office() -> Evidence:
    return read_evidence([ROOT / "examples" / "office.xlsx"], own_book().registers)


def disturbed(office: Evidence, seed: int) -> Assessment:
    """The check of the office without some rows of each sheet, and with cells that are blank or
    cannot be read."""
    chance = random.Random(seed)
    tables = []
    for table in office.tables.values():
        size = int(len(table) * chance.choice([0, 0.3, 0.9, 1, 1]))
        left = kept(table, sorted(chance.sample(range(len(table)), size)))
        for row in chance.sample(range(size), min(size, 2)):
            name = chance.choice(list(left.columns))
            left = with_cells(left, row, {name: ("tbc", None, CellState.UNREADABLE)})
        tables.append(left)
    return assessed(with_table(office, *tables))


def counted(texts: Iterable[str]) -> Numbers:
    """The duties of each status in texts such as ``8 duties: 6 met (1 late), 2 overdue.``"""
    numbers = Numbers()
    for text in texts:
        for number, word in COUNTED.findall(text.partition(": ")[2]):
            numbers[STATUS_OF[word]] += int(number.replace(",", ""))
    return numbers


def number_before(text: str, after: str) -> int:
    """``3`` in ``3 are overdue``; 0 where nothing is said."""
    found = re.search(rf"([\d,]+) (?:is|are|was|were|does|do) {after}", text)
    return int(found[1].replace(",", "")) if found else 0


def statuses(duties: Iterable[DutyOutcome]) -> Numbers:
    return Counter(duty.status for duty in duties)


def ids(duties: Iterable[DutyOutcome], status: Status) -> set[str]:
    return {duty.id for duty in duties if duty.status is status}


@pytest.mark.one_in(30)
@pytest.mark.parametrize("seed", range(30))
def test_every_report_counts_the_duties_as_the_json_does(office: Evidence, seed: int) -> None:
    made = disturbed(office, seed)
    written = json.loads(to_json(made))
    said = Counter(Status(duty["status"]) for duty in written["duties"])
    assert said == statuses(made.duties)
    own, others = (view.of_list(made, answers) for answers in (view.OFFICE, view.OTHERS))
    for answers, duties in (("office", own), ("others", others)):
        counts = written["status"][answers]["duties"]
        assert {s: counts[s] for s in Status if counts.get(s)} == statuses(duties)
    nameless = without_names(made)
    assert [(d.id, d.status) for d in nameless.duties] == [(d.id, d.status) for d in made.duties]

    _verdicts_count(made, own, others)
    for each in (made, nameless):
        _brief_lists_all_that_is_not_met(each)
    _papers_count(nameless, own, others)
    _owners_have_all_that_is_not_met(nameless)
    cards = {
        card.attributes["id"]: card for card in parsed(to_html(made)).all("details", class_="duty")
    }
    assert len(cards) == len(made.duties)
    for duty in made.duties:
        card = cards[f"duty-{duty.id}"]
        assert card.attributes["data-status"] == duty.status
        assert view.duty_words(duty) in card.all("summary")[0].text()
    assert _in_workbook(to_xlsx(made, "")) == said


def _verdicts_count(
    made: Assessment, own: Iterable[DutyOutcome], others: Iterable[DutyOutcome]
) -> None:
    parts = brief(made)
    whole = summary(made, 100_000)
    for verdict, duties in ((parts.verdict, own), (parts.partners_verdict, others)):
        numbers = statuses(duties)
        told = {status: number_before(verdict, words.STATUS[status]) for status in Status}
        told[Status.NOT_APPLICABLE] = number_before(verdict, "not apply")
        unclear = re.search(r"For ([\d,]+) the records cannot tell", verdict)
        told[Status.CANNOT_TELL] = int(unclear[1]) if unclear else 0
        if told[Status.NOT_ASSESSED] or told[Status.CANNOT_TELL]:
            assert told == {status: numbers[status] for status in Status}
        else:  # the verdict begins with what is met
            first = int(verdict.partition(" of ")[0])
            assert told | {Status.MET: first} == {status: numbers[status] for status in Status}
        assert verdict.partition(". ")[0] in whole
    overdue, late_ones = statuses(own)[Status.OVERDUE], [d for d in own if d.counts.met_late]
    if overdue:
        assert parts.answer.startswith(f"{overdue} of the office's ")
        each = [int(number) for number in re.findall(r"\b[Ii]n (\d+)[ ,]", parts.answer)]
        assert sum(each) in (overdue, 0), "0 where all have one cause"
    else:
        assert parts.answer.startswith("No duty of the office")
    assert parts.late_number == len(late_ones)
    posts = [*post_tasks(made, parts)]
    assert sum(len(post.overdue) for post in posts) == overdue
    own_untold = sum(post.unclear - post.partners for post in posts)
    assert own_untold == statuses(own)[Status.CANNOT_TELL]
    assert sum(post.not_assessed for post in posts) == statuses(own)[Status.NOT_ASSESSED]
    late = rf"^OVERDUE: ({len(parts.overdue)}) dut"
    assert bool(parts.overdue) == bool(re.search(late, whole, re.MULTILINE))


def _brief_lists_all_that_is_not_met(made: Assessment) -> None:
    parts, own = brief(made), view.of_list(made, view.OFFICE)
    overdue = [*(action.duty for action in parts.overdue), *parts.too_late]
    assert {duty.id for duty in overdue} == ids(own, Status.OVERDUE)
    assert {d.id for group in parts.untold for d in group.duties} == ids(
        made.duties, Status.CANNOT_TELL
    )
    due = {duty.id for duty in (*parts.soon, *parts.next_, *parts.later)}
    assert ids(own, Status.DUE) <= due <= ids(own, Status.DUE) | ids(own, Status.CANNOT_TELL)
    assert {d.id for sheet in parts.missing for d in sheet.listed} == ids(
        made.duties, Status.NOT_ASSESSED
    )
    partners = {*(action.duty.id for action in parts.partners)}
    partners |= {duty.id for duty in parts.partners_later}
    others = view.of_list(made, view.OTHERS)
    assert partners == {duty.id for duty in others if duty.status in view.OUTSTANDING}


def _papers_count(
    nameless: Assessment, own: Iterable[DutyOutcome], others: Iterable[DutyOutcome]
) -> None:
    contents = read_papers(OWN_BOOK, own_book())
    assert isinstance(contents, PapersFile)
    assert contents.statement
    paper = paper_fields(nameless, contents.paper, (), causes=False)
    assert [counted([line]) for line in paper.headline] == [statuses(own), statuses(others)]
    statement = statement_fields(nameless, contents.statement, ())
    assert counted([statement.headline, statement.others]) == statuses(own)
    overdue = [*statement.overdue, *statement.others_overdue]
    assert len(overdue) == statuses(own)[Status.OVERDUE]
    for part in statement.parts:
        met = [fact for fact in part.facts if fact.status.casefold().startswith("met")]
        assert len(met) == counted([part.counted])[Status.MET]


def _owners_have_all_that_is_not_met(nameless: Assessment) -> None:
    groups: dict[str, set[str]] = {}
    for owner in owner_tasks(nameless, NextSteps(nameless, Places(nameless))):
        for task in owner.tasks:
            groups.setdefault(task.duty.id, set()).add(task.group)
    for duty in nameless.duties:
        group = groups.get(duty.id, set())
        if duty.status in (Status.OVERDUE, Status.CANNOT_TELL):
            assert group == {OVERDUE if duty.status is Status.OVERDUE else UNTOLD}
        elif duty.status is Status.DUE and (duty.days or 0) <= NEXT:
            assert len(group) == 1
        elif duty.status is not Status.NOT_ASSESSED:
            assert not group


def _in_workbook(data: bytes) -> Numbers:
    rows = list(load_workbook(io.BytesIO(data))["Duties"].iter_rows(values_only=True))
    heading = next(number for number, row in enumerate(rows) if "Status" in row)
    column = rows[heading].index("Status")
    texts = (str(row[column]) for row in rows[heading + 1 :] if row[column])
    return Counter(STATUS_OF[text.replace("met late", "met")] for text in texts)

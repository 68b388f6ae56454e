"""The papers: what they say to the letter, how long they are, and their bytes."""

from __future__ import annotations

import dataclasses
import datetime
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args, get_type_hints

import docx
import pytest
from docx.oxml.ns import qn

from engine.assessment import Assessment, RowChange, TrendPoint, UnapprovedVersion
from engine.outcome import Status
from reports.compare.changes import compared
from reports.papers.fields import DocumentLink, PaperFields, Picture, StatementFields
from reports.papers.paper import paper_fields
from reports.papers.picture import picture
from reports.papers.shared import cut, more
from reports.papers.statement import statement_fields
from reports.papers.word import filled
from reports.trend import point_of, with_trend
from rules.load import OWN_BOOK
from rules.papers import (
    PAPER,
    STATEMENT,
    PaperContents,
    StatementContents,
    StatementSection,
    template_of,
)
from tests.paper_templates import TEMPLATES
from tests.support.assessment_builders import assessment, duty, item, obligation, remedy
from tests.support.assessment_sample import sample
from tests.support.needs import ROOT

GOLDEN = Path(__file__).parent / "golden"
DAY = datetime.date(2026, 11, 24)
TITLES = PaperContents(title="Position", audience="Steering Group")
STATED = StatementContents(
    title="Yearly statement",
    audience="Steering Group",
    sections=(
        StatementSection(heading="Training", sections=("4.6",), judgement=("Is it enough?",)),
        StatementSection(heading="Others", sections=("4.8",), duties=("referrals-reviewed",)),
    ),
)
SEEN = "Seen by Chief Executive, as Chief Executive, on 25 November 2026 (entry 3)"


def earlier() -> Assessment:
    """The sample as of a month before, in which nothing was overdue."""
    old = sample()
    duties = tuple(replace(duty, status=Status.MET, days=3) for duty in old.duties[:2])
    return replace(old, as_of=datetime.date(2026, 10, 24), duties=(*duties, *old.duties[2:]))


def paper(of: Assessment, *sign_offs: str, causes: bool = True) -> bytes:
    """The paper of an assessment, from the original template."""
    return _filled(PAPER, paper_fields(of, TITLES, sign_offs, causes=causes))


def statement(of: Assessment, *sign_offs: str) -> bytes:
    """The statement of an assessment, from the original template."""
    return _filled(STATEMENT, statement_fields(of, STATED, sign_offs))


def _filled(name: str, fields: PaperFields | StatementFields) -> bytes:
    return filled(template_of(name).read_bytes(), name, fields, DAY)


def lines(data: bytes) -> Iterator[str]:
    """Each paragraph of a document, and each row of a table with its cells between bars."""
    document = docx.Document(io.BytesIO(data))
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            for row in part.rows:
                cells = [" / ".join(p.text for p in cell.paragraphs) for cell in row.cells]
                yield f"| {' | '.join(cells)}"
        elif part.text or part._p.findall(f".//{qn('w:drawing')}"):
            yield from part.text.splitlines() or ["(picture)"]


# Texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["paper", "statement"])
def test_a_paper_to_the_letter(name: str) -> None:
    made = compared(earlier(), sample()) if name == "paper" else sample()
    data = paper(made, SEEN) if name == "paper" else statement(made, SEEN)
    written = "\n".join(lines(data)) + "\n"
    assert written == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_a_paper_with_nothing_to_say() -> None:
    made = assessment((duty("own", "Do the thing", obligation(Status.MET)),))
    texts = list(lines(paper(made)))
    assert not [text for text in texts if "What changed" in text or "earlier check" in text]
    assert "No duty that was assessed is overdue." in texts
    assert "No last day is in this time." in texts
    assert texts[texts.index("The meeting is asked to") + 1] == "note this position."
    assert "Nobody has signed off this report yet." in texts
    unchanged = list(lines(paper(compared(made, made))))
    assert "No duty has another status." in unchanged


def test_a_section_that_was_not_assessed_says_so() -> None:
    missing = obligation(Status.NOT_ASSESSED)
    one, two = duty("a", "A", missing, section="4.6"), duty("b", "B", missing, section="4.6")
    one, two = (replace(each, not_given=("Training",)) for each in (one, two))
    texts = list(lines(statement(assessment((one, two)))))
    assert "None of these duties was assessed, so this section states nothing about them." in texts
    assert any(text.endswith("Not assessed / No 'Training' sheet was provided.") for text in texts)
    met = duty("c", "C", obligation(Status.MET), section="4.6")
    assert "2 of these 3 duties were not assessed." in list(
        lines(statement(assessment((one, two, met))))
    )
    assert "No duty of this section is in force." in texts


def test_without_the_check_before_a_cause_has_no_details() -> None:
    made = compared(earlier(), sample())
    details = [text for text in lines(paper(made)) if "registers.xlsx" in text]
    without = [text for text in lines(paper(made, causes=False)) if "registers.xlsx" in text]
    assert len(without) <= len(details)
    changes = paper_fields(made, TITLES, (), causes=False).changes
    assert all("xlsx" not in line.why for line in changes)


ODD = "<w:t>A & B</w:t> {{ title }} {% if x %} \u202e{_{"


def test_marks_of_word_and_of_templates_are_only_text() -> None:
    shown = ODD.replace("\u202e", "\\u202e").replace("{_{", "{{")
    met = obligation(Status.MET, evidence=(item(course=ODD),))
    overdue = obligation(Status.OVERDUE, -3, unmet_reason=ODD)
    one = replace(duty("own", ODD, overdue, section="4.6"), owner=ODD)
    made = replace(assessment((one, duty("two", ODD, met, section="4.6"))), office=ODD)
    for data in (paper(made, ODD), statement(made, ODD)):
        text = "\n".join(lines(data))
        assert text.count(shown) > 2
        assert "\u202e" not in text


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (
            (7, 2, 42),
            (6, 2, 47),
            "Slightly better than on {}: 6 duties are overdue, 7 then; 2 ",
        ),
        (
            (7, 2, 42),
            (6, 3, 47),
            "Slightly better than on {}: 6 duties are overdue, 7 then; but 3 ",
        ),
        ((7, 0, 42), (2, 0, 47), "Better than on {}: 2 duties are overdue, 7 then."),
        ((2, 0, 42), (7, 0, 40), "Worse than on {}: 7 duties are overdue, 2 then."),
        (
            (2, 1, 9),
            (2, 2, 9),
            "Slightly worse than on {}: 2 duties are overdue, as then; 2 duties ",
        ),
        ((2, 0, 9), (2, 0, 9), "As on {}: 2 duties are overdue, as then; 9 are met, as then."),
    ],
)
def test_the_verdict_compares_numbers(
    then: tuple[int, int, int], now: tuple[int, int, int], said: str
) -> None:
    """Duties overdue, of them for long, and met."""
    made, before = (_position(*numbers) for numbers in (now, then))
    before = replace(before, as_of=datetime.date(2026, 10, 24))
    trend = with_trend(compared(before, made), [point_of(before)])
    text = paper_fields(trend, TITLES, (), causes=True).verdict
    assert text.startswith(said.format("24 October 2026"))


def _position(overdue: int, long: int, met: int) -> Assessment:
    late = [
        duty(f"o{n}", "O", obligation(Status.OVERDUE, -99 if n < long else -9))
        for n in range(overdue)
    ]
    return assessment((*late, *(duty(f"m{n}", "M", obligation(Status.MET)) for n in range(met))))


def test_what_crossed_the_line_is_named() -> None:
    fields = paper_fields(compared(earlier(), sample()), TITLES, (), causes=True)
    assert fields.crossed == (
        "Overdue since then: Refresh each member of staff's Prevent training at set intervals "
        "(55 days overdue); Review the office's own referrals against the local picture (147 "
        "days overdue).",
    )


def test_no_overdue_duty_is_left_out_without_its_name() -> None:
    late = tuple(duty(f"o{n}", f"Duty {n}", obligation(Status.OVERDUE, -9)) for n in range(30))
    fields = paper_fields(assessment(late), TITLES, (), causes=True)
    told = " ".join([*(line.title for line in fields.overdue), fields.more_overdue])
    assert all(re.search(rf"Duty {n}\b", told) for n in range(30))


def test_what_was_done_after_its_event_is_a_breach() -> None:
    event = item("awards", 33, DAY, award_date=DAY.isoformat())
    late = obligation(Status.MET, -30, subject="DD-029", late_days=7, deadline=DAY, listed_at=event)
    one = duty("due-diligence", "Due diligence", late, section="4.6", pattern="before event")
    fields = statement_fields(assessment((one,)), STATED, ())
    assert fields.breaches == (
        "4.6 Due diligence: DD-029 was done 7 days after its award date, so the duty was not kept "
        "in time.",
    )
    assert fields.parts[0].facts[0].reasons[0] == fields.breaches[0].partition(": ")[2]


def test_the_year_is_the_period_of_the_duty_to_make_the_statement() -> None:
    first, last = datetime.date(2026, 4, 1), datetime.date(2027, 3, 31)
    due = obligation(Status.DUE, 127, window="2026/27", opens=first, deadline=last)
    one = duty("yearly", "Yearly statement", due, section="4.6")
    contents = STATED.model_copy(update={"duty": "yearly"})
    fields = statement_fields(assessment((one,)), contents, ())
    assert fields.year == "2026/27, 1 April 2026 to 31 March 2027"


# Lengths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("short", 5, "short"),
        ("one two three", 9, "one two…"),
        ("One is. Two is too long here", 20, "One is. …"),
        ("a" * 30, 10, "aaaaaaaaa…"),
        ("one, two", 6, "one…"),
    ],
)
def test_a_text_is_cut_at_a_sentence_or_a_word(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown
    assert len(shown) <= max(most, len(text[:most]) + 1)


def test_what_a_list_leaves_out_is_counted() -> None:
    assert more("abc", 3) == ""
    assert more("abcd", 3) == "and 1 more; see the report"
    assert more(range(2000), 3) == "and 1,997 more; see the report"


def longest() -> Assessment:
    """An assessment with too much of everything, in long words."""
    long = "Long title of a duty that nobody would ever shorten for a report " * 3
    base = sample()
    remedies = (replace(remedy("What to do about it is long as well. " * 9, "training"), cells=()),)
    overdue = obligation(
        Status.OVERDUE, -400, unmet_reason="A long reason. " * 40, would_be_met_by=remedies
    )
    unclear = obligation(Status.CANNOT_TELL, unmet_reason="Not told. " * 40)
    duties = tuple(
        replace(
            duty(f"d{n}", f"{n} {long}", unclear if n % 9 == 0 else overdue, section="4.6"),
            owner="Owner of duties " * 6,
            bearer="A partner",
            answers="others" if n % 4 == 0 else "office",
            history=base.duties[1].history,
        )
        for n in range(104)
    )
    dates = tuple(replace(base.year_ahead[0], duty=f"d{n}") for n in range(104))
    coming = tuple(replace(base.coming[0], title=long, owner="Owner " * 20) for _ in range(9))
    made = replace(base, duties=duties, year_ahead=dates, coming=coming)
    before = replace(made, duties=tuple(replace(one, status=Status.MET) for one in duties))
    gone = RowChange("row gone", "registers.xlsx", "training", 7, long, (long, long))
    changes = compared(before, made).changes
    assert changes is not None
    points = tuple(TrendPoint(DAY.replace(month=m), m, m, 90 + m, 9 * m) for m in range(1, 12))
    unapproved = tuple(UnapprovedVersion("a", long, "4.6", DAY) for _ in range(9))
    return replace(
        made, changes=replace(changes, rows=(gone,) * 9), trend=points, unapproved=unapproved
    )


def test_the_paper_stays_at_two_pages(
    convert: Callable[[str, Path, list[Path]], None], tmp_path: Path
) -> None:
    (tmp_path / "long.docx").write_bytes(paper(longest(), *[SEEN + " and more words" * 30] * 9))
    (tmp_path / "bars.docx").write_bytes(paper(replace(longest(), trend=())))
    names = [tmp_path / "long.docx", tmp_path / "bars.docx"]
    convert("pdf", tmp_path, names)
    for name in names:
        pages = re.findall(rb"/Type\s*/Page\b", name.with_suffix(".pdf").read_bytes())
        assert len(pages) == 2, name


# Bytes ------------------------------------------------------------------------------------------


def test_the_same_assessment_gives_the_same_bytes() -> None:
    made = sample()
    assert paper(made, SEEN) == paper(sample(), SEEN)
    data = statement(made, SEEN)
    assert data == statement(sample(), SEEN)
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        dates = {member.date_time for member in members.infolist()}
    assert dates == {(2026, 11, 24, 0, 0, 0)}
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert (properties.title, properties.author, properties.last_modified_by) == (
        "Yearly statement",
        "",
        "",
    )
    assert properties.created == properties.modified
    assert properties.created is not None
    assert properties.created.date() == DAY


def test_the_templates_are_those_that_their_module_makes() -> None:
    """Word documents cannot be reviewed: what is reviewed is tests/paper_templates.py."""
    for name, make in TEMPLATES.items():
        with (
            zipfile.ZipFile(OWN_BOOK / "papers" / name) as kept,
            zipfile.ZipFile(io.BytesIO(make())) as made,
        ):
            assert kept.namelist() == made.namelist()
            for part in kept.namelist():
                assert kept.read(part) == made.read(part), (
                    f"python -m tests.paper_templates: {part}"
                )


# The picture ------------------------------------------------------------------------------------


def test_the_picture_is_of_the_sections_until_there_is_a_second_month() -> None:
    made = sample()
    bars = picture(made)
    assert bars == picture(sample())
    assert bars.words.startswith("The duties of the office by section and status: 2 of 9 met")
    points = tuple(TrendPoint(DAY.replace(month=m), 10 - m, m, 20 + m, m) for m in (9, 10, 11))
    trend = picture(replace(made, trend=points))
    assert trend.words == (
        "Between 24 September 2026 and 24 November 2026, the position went from 29 to 31 duties "
        "met, from 9 to 11 due, from 1 to -1 overdue and from 9 to 11 duties overdue for 90 days "
        "or longer."
    )
    assert trend.png != bars.png
    assert picture(replace(made, trend=points[:1])) == bars


def test_the_picture_says_nothing_of_its_making_and_has_words() -> None:
    with zipfile.ZipFile(io.BytesIO(paper(sample()))) as members:
        png = members.read("word/media/image1.png")
        text = members.read("word/document.xml").decode()
    assert b"tEXt" not in png
    assert b"matplotlib" not in png
    assert 'descr="The duties of the office by section and status: 2 of 9 met' in text


# The page ---------------------------------------------------------------------------------------


def _names(fields: type) -> Iterator[str]:
    """The names of all fields, and of those of their lines."""
    for field in dataclasses.fields(fields):
        yield field.name
        for inner in get_args(get_type_hints(fields)[field.name]):
            if dataclasses.is_dataclass(inner):
                yield from _names(inner)  # type: ignore[arg-type]


@pytest.mark.parametrize("fields", [PaperFields, StatementFields])
def test_every_field_is_on_the_page(fields: type) -> None:
    page = (ROOT / "docs" / "papers.md").read_text(encoding="utf-8")
    page = page.partition("## The fields")[2].partition("## What the rulebook says")[0]
    named = set(re.findall(r"`(?:\w+\.)?(\w+)`", page))
    assert set(_names(fields)) <= named
    known = {
        *_names(PaperFields),
        *_names(StatementFields),
        *_names(Picture),
        *_names(DocumentLink),
    }
    assert named - known == {"more_"}


def test_a_link_leads_to_its_document() -> None:
    address = "https://example.org/plan?a=1&b=2"
    linked = item(document=address)
    one = duty("own", "A", obligation(Status.MET, evidence=(linked,)), section="4.6")
    document = docx.Document(io.BytesIO(statement(assessment((one,)))))
    links = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert links == [address]
    (link,) = document.element.body.iter(qn("w:hyperlink"))
    assert "".join(t.text for t in link.iter(qn("w:t"))).startswith("Open ")

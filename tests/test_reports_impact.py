"""The impact of a change to the rules as text, JSON and a page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.impact.impact import Impact
from reports.impact.json import impact_json
from reports.impact.page import impact_html
from reports.impact.text import SAME, impact_text
from rules.model import Reading, Version
from rules.patterns import Rolling
from tests.support import engine_builders as make
from tests.support.agreed_answers import COURSE, STAFF, person, rolling, trained
from tests.support.browser import must_be_accessible
from tests.support.engine_builders import day, months, version
from tests.support.hostile_texts import MARKUP
from tests.test_engine_impact import book, compared

NAMES = [f"p{number}" for number in range(1, 13)]


def courses(every: int, begins: str = "2024-10-01", reading: str = "as it says") -> Version:
    pattern = Rolling(kind="rolling", every=months(every))
    made = version(pattern, evidence=COURSE, subjects=STAFF, begins=day(begins))
    return made.model_copy(update={"readings": (Reading(phrase="often", reading=reading),)})


def of_twelve(reading: str = "as it says") -> Impact:
    """A shorter interval from 1 December 2026 for twelve people, who were trained in each month of
    the year before."""
    people = make.table(make.PEOPLE, *(person(name, "2024-01-01") for name in NAMES))
    passed = trained(*((name, f"2025-{number:02}-15") for number, name in enumerate(NAMES, 1)))
    old = book(make.duty(courses(24)))
    new = book(make.duty(courses(24, reading=reading), courses(12, "2026-12-01")))
    return compared(old, new, people, passed, days=("2026-11-30", "2026-12-01", "2027-01-31"))


PRINTED = """\
Old rulebook: Made up, version 1
New rulebook: Made up, version 1
Their rules differ and their version does not. Give the new rulebook another version in book.yaml.

1 duty differs. Compared on 3 days, 30 November 2026 to 31 January 2027. 1 duty has another status
or deadline, first on 1 December 2026. On the worst of these days, 31 January 2027, it makes 11
obligations overdue (11 people).

1 the-duty (the-duty)
  Version from 1 December 2026, added:
    pattern > every: 24 months, now 12 months
"""


def test_few_lines_say_what_happens_to_many_people() -> None:
    text = impact_text(of_twelve())
    assert text.startswith(PRINTED), text
    made = "  Newly overdue on 31 January 2027: 11 obligations (p2, p3, p4, p5, p6 and 6 more)\n"
    assert made in text
    assert all(len(line) <= 100 for line in text.splitlines())
    assert all(len(line) <= 60 for line in impact_text(of_twelve(), 60).splitlines())


def test_a_rulebook_with_another_version_is_not_asked_for_one() -> None:
    impact = of_twelve()
    renumbered = replace(impact, new=replace(impact.new, version="2"))
    assert "Give the new rulebook another version in book.yaml." in impact_text(impact)
    assert "in book.yaml" not in impact_text(renumbered)


def test_duties_that_differ_only_in_a_register_share_a_block_and_alarm_nobody() -> None:
    specs = [
        spec.model_copy(update={"sheets": ("reviews", "looks")}) if spec.id == "reviews" else spec
        for spec in make.REGISTERS
    ]
    duties = [
        rolling(months(12)).model_copy(update={"id": name, "title": name}) for name in ("a", "b")
    ]
    text = impact_text(compared(book(*duties), make.rulebook(specs, *duties), days=("2026-11-24",)))
    assert text.endswith("""\
2 duties differ. Compared on 1 day, 24 November 2026. No status and no deadline differs on these
days.
2 duties read a register that differs, which changes no status and no deadline on these days.

1 a (a) and 1 b (b)
  Register reviews > sheets: 'looks', added
  No status and no deadline differs on these days."""), text


def test_a_new_version_that_changes_no_status_may_still_have_an_effect() -> None:
    people = make.table(make.PEOPLE, person("p1", "2024-01-01"))
    old, new = courses(24), courses(12, "2026-12-01")  # overdue by both
    books = book(make.duty(old)), book(make.duty(old, new))
    without = compared(*books, people, trained(), days=("2026-12-02",))
    assert SAME in impact_text(without)
    differs = compared(*books, people, trained(("p1", "2025-10-15")), days=("2026-12-02",))
    for made in (impact_text, lambda impact: impact_html(impact).decode()):
        assert "does not mean that the change has no effect" in " ".join(made(without).split())
        assert "does not mean that the change has no effect" not in made(differs)


def test_the_same_impact_gives_the_same_bytes() -> None:
    assert impact_html(of_twelve()) == impact_html(of_twelve())
    assert impact_json(of_twelve()) == impact_json(of_twelve())


def test_the_page_names_each_check_with_its_days() -> None:
    page = impact_html(of_twelve()).decode()
    for name in NAMES:
        assert f"<span>{name}</span></caption>" in page


@pytest.mark.one_in(2)
@pytest.mark.parametrize("width", [1100, 320])
def test_it_is_accessible_at_every_width_and_asks_nothing(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    """Also with markup for texts."""
    page = impact_html(of_twelve(" ".join(MARKUP)))
    must_be_accessible(browser, tmp_path / "impact.html", page, width)

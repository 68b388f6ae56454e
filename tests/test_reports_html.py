"""The HTML report: what it says and in which order, and that no text in it is more than text."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from engine.assessment import Assessment, FindingShown, Remedy, WaiverShown
from engine.outcome import Status
from evidence.visible import visible
from reports import words
from reports.compare.changes import compared
from reports.html.page import css_text
from reports.html.report import to_html
from tests.support.assessment_builders import (
    AS_OF,
    MARKING,
    RULEBOOK,
    assessment,
    days,
    duty,
    large,
    obligation,
)
from tests.support.assessment_sample import sample
from tests.support.assessment_states import two_sheets
from tests.support.hostile_texts import MARKUP, everywhere
from tests.support.html_page import Element, parsed


def page(made: Assessment | None = None, old: Assessment | None = None) -> Element:
    new = made or sample("A notice.")
    return parsed(to_html(compared(old, new) if old else new))


def earlier() -> Assessment:
    """An older check, in which one duty was met that is overdue now, and one was not there."""
    whole = sample(as_of=days(-90))
    first = whole.duties[0]
    met = tuple(replace(one, status=Status.MET) for one in first.obligations)
    was = replace(first, status=Status.MET, obligations=met)
    return replace(whole, duties=(was, *whole.duties[1:-1]))


def table(root: Element, caption: str) -> list[list[str]]:
    """The rows of the table with this caption, the heads first."""
    (found,) = [t for t in root.all("table") if t.one("caption").text() == caption]
    return [
        [cell.text() for cell in row.inside if isinstance(cell, Element)] for row in found.all("tr")
    ]


def test_it_is_a_page_in_british_english_with_its_parts_in_order() -> None:
    root = page(old=earlier())
    assert root.one("html").attributes == {"lang": "en-GB"}
    assert (
        root.one("title").text()
        == "Prevent duties of a made-up office: position at 24 November 2026"
    )
    assert [head.text() for head in root.one("main").all("h2")] == [
        "For the Commissioner",
        "Overdue",
        "Who has something to do within 30 days",
        "What changed since 26 August 2026",
        "Cannot tell",
        "Due",
        "Partners' duties that need action",
        "Who does what",
        "Coming up: the next 12 months",
        "Coming within a year",
        "Missed in the last 12 months",
        "Points to check",
        "Office duties by section",
        "Office duties, one by one",
        "Partners' duties, one by one",
        "Duties that need no action now",
        "What could not be read",
        "Waivers",
        "Acknowledged points",
        "Duties not in force",
        "Limits of this report",
        "How we read the SOP",
        "About this report",
    ]


def test_the_title_begins_with_the_office_where_it_is_known() -> None:
    title = page(replace(sample(), office="Warwickshire OPCC")).one("title").text()
    assert title.startswith("Warwickshire OPCC, Prevent duties of a made-up office: position at ")


def test_every_link_of_the_page_leads_somewhere_in_it() -> None:
    root = page(old=earlier())
    ids = [one.attributes["id"] for one in root.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    links = [one.attributes["href"] for one in root.all("a")]
    assert len(links) > 20
    assert {link[:1] for link in links} == {"#"}
    assert {link[1:] for link in links} <= set(ids)


def test_the_verdict_stands_before_what_is_overdue_and_that_before_what_met_means() -> None:
    text = page().one("main").text()
    order = [
        "Position at 24 November 2026",
        "A notice.",
        "8 of the office's 9 duties were assessed: 2 are met",
        "Why and what to do",
        "1 of the 2 duties of partners is met.",
        words.met_means(RULEBOOK.body),
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "A notice." not in page(sample()).text()


def test_each_status_that_occurs_has_a_tile_from_the_worst() -> None:
    root = page()
    tiles = root.one("ul", class_="tiles").all("a")
    assert [tile.text() for tile in tiles] == [
        "2 overdue",
        "1 cannot tell",
        "1 due",
        "2 met (1 late)",
        "1 not yet due",
        "1 waived",
        "1 not applicable",
    ]
    assert [tile.attributes["data-state"] for tile in tiles][:2] == [
        "list=office&status=overdue",
        "list=office&status=cannot_tell",
    ]
    assert [tile.attributes["class"] for tile in tiles][:2] == [
        "tile tag-overdue",
        "tile tag-cannot_tell",
    ]
    untold = page(two_sheets()).one("a", class_="tile tag-not_assessed")
    assert untold.text().endswith(" not assessed")


def test_the_marking_is_at_the_head_the_foot_and_on_every_printed_page() -> None:
    root = page()
    assert [root.one(tag).text() for tag in ("header", "footer")] == [MARKING, MARKING]
    css = root.one("style").inside[0]
    assert isinstance(css, str)
    assert f'@top-center {{ content: "{MARKING}";' in css
    assert f'@bottom-center {{ content: "{MARKING}";' in css


def test_what_is_overdue_has_its_owner_deadline_cause_and_next_step() -> None:
    assert table(page(), "Overdue duties") == [
        ["Section", "Duty", "Owner", "Deadline", "Why and what to do"],
        ["No record"],
        [
            "4.4",
            "Review the office's own referrals against the local picture",
            "no owner recorded",
            "31 December 2026 147 days overdue overdue since 30 June 2026",
            "Why: No review of referrals for 2026/27 Q1, Q2 or Q3: 2 windows missed. "
            "What to do: A review of referrals; then add a row to the reviews sheet.",
        ],
        ["Record falls short"],
        [
            "4.6",
            "Refresh each member of staff's Prevent training at set intervals",
            "Head of People",
            "30 September 2026 55 days overdue",
            "Why: Training record of 4 November 2026 for P-014 has "
            "'no' under passed, where 'yes' is needed. What to do: If its record shows that "
            "cell D41 of training is wrong, correct it. If not, have it put right, "
            "then record a new training record on the training sheet.",
        ],
    ]
    assert table(page(), "Due within 30 days")[1:] == [
        [
            "4.4",
            "Keep an agreed referral pathway and make it available to all staff",
            "Prevent Lead",
            "24 November 2026 today",
            "",
        ]
    ]
    assert table(page(), "Partners' duties that need action")[1:] == [
        [
            "4.2",
            "Agree a revised Situational Assessment before its financial year begins",
            "Steering Group",
            "Partnership Manager",
            "overdue 31 March 2026 238 days overdue",
            "Why: No record shows that this was done for 2026/27.",
        ]
    ]


def test_what_cannot_be_told_says_why_once_for_its_duties() -> None:
    reason = ("Correct B8.", "Correct C8.")
    unclear = obligation(Status.CANNOT_TELL, to_tell=reason, deadline=None)
    made = assessment((duty("one", "First", unclear), duty("two", "Second", unclear)))
    (section,) = [
        each for each in page(made).all("section") if each.attributes["aria-labelledby"] == "untold"
    ]
    assert section.one("h3").text() == "Cannot tell: 2 duties of the office"
    assert [each.text() for each in section.all("li")] == [
        "4.6 First (Head of People)",
        "4.6 Second (Head of People)",
        "Correct B8.",
        "Correct C8.",
    ]


def test_nothing_to_do_is_said() -> None:
    text = page(assessment((duty("own", "t", obligation(Status.MET)),))).text()
    assert "Nothing that can still be done is overdue." in text
    assert "No duty of the office is due." in text


def test_missed_periods_of_the_last_year_are_listed_once_near_the_top() -> None:
    assert table(page(), "Periods missed in the last 12 months")[1:] == [
        [
            "4.4",
            "Review the office's own referrals against the local picture",
            f"2026/27 {quarter} was missed",
        ]
        for quarter in ("Q2", "Q1")
    ]


def test_findings_are_listed_by_their_importance() -> None:
    findings = [
        FindingShown(kind, "", f"This is {kind}.", ())
        for kind in ("Role still held", "Decision to note", "Waiver expired")
    ]
    root = page(sample(findings=tuple(findings)))
    (section,) = [
        each for each in root.all("section") if each.attributes["aria-labelledby"] == "findings"
    ]
    assert [head.text() for head in section.all("h3")] == [
        "Decisions to note (1)",
        "Effect not known (1)",
        "Tidying up (1)",
    ]


def test_the_abbreviations_of_the_rulebook_are_listed_at_the_end() -> None:
    made = assessment((duty("own", "t", obligation(Status.MET)),))
    abbreviations = (("HOPA", "Home Office Prevent Advisor"),)
    made = replace(made, rulebook=replace(made.rulebook, abbreviations=abbreviations))
    assert [head.text() for head in page(made).all("h2")][-2:] == [
        "Abbreviations",
        "About this report",
    ]
    (section,) = [
        each
        for each in page(made).all("section")
        if each.attributes["aria-labelledby"] == "abbreviations"
    ]
    assert section.one("dt").text() == "HOPA"
    assert section.one("dd").text() == "Home Office Prevent Advisor"


def test_the_reason_of_a_waiver_for_one_subject_is_not_shown() -> None:
    waiver = WaiverShown("own", "S024", "Long leave", "", None, AS_OF, "in force", "a!b!C1")
    made = assessment((duty("own", "t", obligation(Status.MET)),))
    for subject, hidden in (("S024", True), ("office", False), ("all", False)):
        root = page(replace(made, waivers=(replace(waiver, subject=subject),)))
        (row,) = [row for row in root.all("tr") if "by 24 November 2026" in row.text()]
        assert ("Long leave" not in row.text()) is hidden
        assert ("personal; see a!b!C1" in row.text()) is hidden


def test_the_picture_says_in_words_what_it_shows() -> None:
    root = page()
    rows = table(root, "How many duties of each section have each status")
    assert rows[3] == ["4.4 Referral pathway", "", "1 overdue, 1 due"]
    pictures = [one for one in root.all("svg") if one.attributes.get("role") == "img"]
    said = [picture.attributes["aria-label"] for picture in pictures]
    assert said[2] == "Bar: 1 overdue, 1 due"
    assert [f"Bar: {row[2]}" for row in rows[1:]] == said
    bars = [(r.attributes["x"], r.attributes["width"]) for r in pictures[2].all("rect")]
    assert bars == [("0.00%", "50.00%"), ("50.00%", "50.00%")]


def test_what_changed_is_told_for_duties_and_their_obligations() -> None:
    root = page(old=earlier())
    assert table(root, "Duties whose status changed") == [
        ["Duty", "Before", "Now", "Why"],
        [
            "4.6 Refresh each member of staff's Prevent training at set intervals",
            "met",
            "55 days overdue",
            "the day: its deadline, 30 September 2026, passed between the two days",
        ],
        [
            "4.2 Update every Steering Group meeting on caseload, reviews and concerns "
            "Channel Chair",
            "new",
            "met",
            "",
        ],
    ]
    text = root.text()
    assert "2 checks changed: 4.6 Refresh each member" in text
    assert "P-014: met, now 55 days overdue" in text
    assert "No status changed." in page(old=sample(as_of=days(-1))).text()


def one_duty(id_: str) -> Element:
    return page().one("details", id=f"duty-{id_}")


def test_a_duty_unfolds_to_what_is_to_be_done() -> None:
    block = one_duty("refresher-training")
    text = block.text()
    for part in (
        "55 days overdue 4.6 Refresh each member of staff's Prevent training at set intervals "
        "Head of People; deadline 30 September 2026; next due 6 December 2026; "
        "3 of 5 met, 1 overdue, 1 due",
        "Individual checks, most urgent first Add a record only once the work has been done. "
        "55 days overdue P-014 (Caseworker) deadline 30 September 2026",
        "Why Training record of 4 November 2026 for P-014 (training sheet, cell D41) has 'no' "
        "under passed, where 'yes' is needed. What to do If its record shows that cell D41 of "
        "training is wrong, correct it. If not, have it put right, then record a new "
        "training record on the training sheet. "
        "The new row: person: P-014 course: refresher completed on: 24 November 2026 passed: yes",
        "Points to check Dated after the check",
    ):
        assert part in text
    assert text.count("has 'no' under passed") == 1


def test_how_a_duty_was_checked_is_folded_in_it() -> None:
    how = one_duty("refresher-training").one("details", class_="how")
    assert "open" not in how.attributes
    text = how.text()
    for part in (
        "How this was checked",
        "Responsible OPCC (must)",
        "SOP reference 4.6, 'at suitable intervals'; 5, 'training kept up'",
        "Rule refresher-training, in force from 1 October 2024",
        "We took 'suitable intervals' to mean every 24 months.",
        "P-014 (Caseworker): 55 days overdue",
        "Period: 1 October 2024 to 30 September 2026",
        "Deadline: Last done on 30 September 2024 (registers.xlsx, training, C14) + 24 months.",
        "Records that may count once corrected: training sheet, row 52: A52 person: P-014; "
        "B52 completed on: Sept 2026",
    ):
        assert part in text


def test_evidence_is_cited_to_the_cell_with_its_value() -> None:
    text = one_duty("staff-update-annual").one("details", class_="how").text()
    assert (
        "Evidence: communications sheet, row 12: A12 ref: C-12; B12 sent on: 31 March 2026; "
        "C12 audience: all staff; D12 note: (not shown: sensitive)"
    ) in text


def test_history_is_told_apart_from_what_counts() -> None:
    how = one_duty("referrals-reviewed").one("details", class_="how")
    assert how.all("h4")[-1].text() == "Earlier periods (not counted)"
    rows = [
        [cell.text() for cell in row.inside if isinstance(cell, Element)] for row in how.all("tr")
    ]
    assert rows == [
        ["Item", "Period", "Result"],
        ["office, 2026/27 Q2", "1 July 2026 to 30 September 2026", "missed"],
        ["office, 2026/27 Q1", "1 April 2026 to 30 June 2026", "missed"],
        [
            "office, 2025/26 Q4",
            "1 January 2026 to 31 March 2026",
            "met late by 3 days",
        ],
    ]


def test_what_can_no_longer_be_done_does_not_ask_to_be_recorded() -> None:
    text = one_duty("referrals-reviewed").text()
    assert "2026/27 Q1 can no longer be made good." in text
    assert text.count(words.RECORD_ONLY) == 1
    never = Remedy(False, "It can no longer be done.", "checks", "", "", 0, ())
    made = duty("own", "t", obligation(Status.OVERDUE, -1, would_be_met_by=(never,)))
    alone = page(assessment((made,))).text()
    assert "It can no longer be done." in alone
    assert words.RECORD_ONLY not in alone


def test_each_duty_carries_what_the_filters_ask() -> None:
    asked = {"data-section", "data-bearer", "data-owner", "data-status"}
    root = page()
    blocks = root.all("details", class_="duty")
    assert len(blocks) == len(sample().duties)
    assert all(asked <= set(block.attributes) for block in blocks)
    for select in root.all("select"):
        name = f"data-{select.attributes['data-filter']}"
        offered = {one.attributes["value"] for one in select.all("option")}
        assert {block.attributes[name] for block in blocks} | {"*"} <= offered


def test_without_a_script_the_filters_are_hidden() -> None:
    assert "hidden" in page().one(id="filters").attributes


def test_duties_of_others_are_a_second_list() -> None:
    (own, others) = [
        part
        for part in page().all("section")
        if part.attributes["aria-labelledby"] in {"office", "others"}
    ]
    ids = [one.attributes["id"] for one in others.all("details", class_="duty")]
    assert ids == ["duty-situational-assessment-agreed", "duty-channel-update"]
    assert "situational-assessment" not in own.text()
    assert words.partners_mean(RULEBOOK.body) in others.text()


def test_problems_findings_readings_waivers_and_the_rest_are_listed() -> None:
    root = page()
    assert table(root, "What could not be read")[1] == [
        "training sheet, cell C52 completed on",
        "Sept 2026",
        "'Sept 2026' is no whole date. Write day, month and year: 14 September 2026.",
        "4.6 Refresh each member of staff's Prevent training at set intervals",
    ]
    assert table(root, "Could change a result")[2] == [
        "The waiver ended on 31 October 2026 and what it covered is not met. expired waiver",
        "waivers sheet, cell F3; checks sheet, cell B8",
        "4.7 Complete due diligence before each contract, commission or grant is awarded",
    ]
    assert table(root, "How we read the SOP")[1] == [
        "1",
        "'suitable intervals'",
        "every 24 months",
        "4.6 Refresh each member of staff's Prevent training at set intervals",
    ]
    assert table(root, "Waivers as recorded")[2] == [
        "4.7 Complete due diligence before each contract, commission or grant is awarded",
        "incomplete", "all", "New form not ready.", "not recorded",
        "by 31 October 2026", "waivers sheet, row 3",
    ]  # fmt: skip
    text = root.text()
    assert "4.2 Report to the regional hub, not in force until 1 April 2027" in text
    assert all(sentence in text for sentence in sample().not_checked)
    assert "SHA-256 " + "ab" * 32 in text
    assert "registers.xlsx SHA-256 " + "cd" * 32 in text


def test_acknowledged_points_are_counted_and_listed_after_all_others() -> None:
    root = page()
    ids = [each.attributes["aria-labelledby"] for each in root.all("section")]
    assert ids.index("findings") < ids.index("waivers") < ids.index("acknowledged")
    (section,) = (
        each for each in root.all("section") if each.attributes["aria-labelledby"] == "acknowledged"
    )
    assert section.one("p").text() == (
        "1 point set aside until 31 March 2027. This changes no result and no total."
    )
    assert table(root, "Acknowledged points")[1] == [
        "Minute M-7: There is no row on the meetings sheet with the reference 'SG-9'. Reference "
        "not found: M-7",
        "The meeting was before the registers began.",
        "Prevent Lead",
        "31 March 2027",
        "acknowledgements sheet, row 2",
        "none",
    ]
    assert "acknowledged" not in page(sample(acknowledged=())).text()


def test_the_reason_of_an_acknowledgement_is_not_printed() -> None:
    (section,) = (
        each
        for each in page().all("section")
        if each.attributes["aria-labelledby"] == "acknowledged"
    )
    hidden = [each.text() for each in section.all("span", class_="unprinted")]
    assert hidden == ["The meeting was before the registers began."]


def test_how_the_sheets_were_read_is_told_once_for_the_same_note() -> None:
    notes = [f"registers.xlsx, {sheet}: Headings found in row 4." for sheet in ("People", "Roles")]
    root = page(sample(not_checked=("Whether it is true.", *notes)))
    sections = {s.attributes["aria-labelledby"]: s for s in root.all("section")}
    assert sections["limits"].one("p").text() == "It does not check whether it is true."
    assert [each.text() for each in sections["how-read"].all("li")] == [
        "People sheet, Roles sheet: Headings found in row 4."
    ]


def test_over_200_met_obligations_are_counted_and_the_unmet_all_listed() -> None:
    block = page(large(201)).one("details", id="duty-staff-trained")
    assert len(block.all("div", class_="obligation")) == 2
    said = "201 checks met not listed here: assessment.json and assessment.xlsx list all."
    assert said in block.text()
    met = [obligation(Status.MET, subject=f"P-{n}", late_days=n % 200) for n in range(201)]
    text = page(assessment((duty("own", "t", *met),))).text()
    assert "201 checks met (199 late) not listed here" in text


def test_it_is_the_same_bytes_twice() -> None:
    made = compared(earlier(), sample())
    assert to_html(made) == to_html(compared(earlier(), sample()))


def shape(root: Element) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes, which are all that could do something. The
    class of a cell with a long word is left out."""
    return [
        (one.tag, tuple(n for n, v in one.attributes.items() if (n, v) != ("class", "long")))
        for one in root.all()
    ]


@pytest.mark.parametrize("text", MARKUP)
def test_whatever_was_read_is_text_and_nothing_else(text: str) -> None:
    """In every field at once, and the page has the very elements that it has with plain text."""
    calm = everywhere(sample("A notice."), lambda was: f"x{was}")
    wild = everywhere(sample("A notice."), lambda was: f"{text}{was}")
    old = everywhere(earlier(), lambda was: f"{text}{was}")
    calm_old = everywhere(earlier(), lambda was: f"x{was}")
    root = page(wild, old)
    assert shape(root) == shape(page(calm, calm_old))
    assert " ".join(words.shown(text).split()) in root.text()
    assert root.one("title").inside[0] == (
        f"{visible(text)}, {visible(text)}{sample().rulebook.title}: position at 24 November 2026"
    )


@pytest.mark.parametrize("text", MARKUP)
def test_the_marking_ends_neither_its_css_string_nor_the_style_element(text: str) -> None:
    assert re.fullmatch(r"([A-Za-z0-9 -]|\\[0-9a-f]{6})*", css_text(text))
    assert css_text('é"\\<') == "\\0000e9\\000022\\00005c\\00003c"
    made = everywhere(sample(), lambda was: f"{text}{was}")
    css = page(made).one("style").inside
    assert len(css) == 1
    assert f'content: "{css_text(text + MARKING)}"' in str(css[0])


def test_the_policy_allows_its_own_style_and_script_and_nothing_else() -> None:
    root = page()
    (policy,) = [
        one.attributes["content"] for one in root.all("meta", http_equiv="Content-Security-Policy")
    ]

    def hashed(tag: str) -> str:
        text = str(root.one(tag).inside[0])
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashed('style')}'; "
        f"script-src 'sha256-{hashed('script')}'; base-uri 'none'; form-action 'none'"
    )


def test_no_element_fetches_or_runs_anything() -> None:
    root = page(old=earlier())
    names = {name for one in root.all() for name in one.attributes}
    assert names.isdisjoint({"src", "srcset", "style", "action", "background", "ping"})
    assert [name for name in names if name.startswith("on")] == []
    css, script = str(root.one("style").inside[0]), str(root.one("script").inside[0])
    assert re.search(r"url\(|@import", css) is None
    assert re.search(r"fetch|XMLHttp|import|innerHTML|eval|Date", script) is None

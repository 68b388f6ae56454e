"""The assessment as one HTML file that opens by a double click, asks nothing of any network, and
prints on A4. What was read from a cell is only ever text in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Template
from markupsafe import Markup

from engine.assessment import Assessment, DutyOutcome, FindingShown
from reports import provided, rejected, unread, view, words
from reports.changes import changes
from reports.explain.explanation import quoted, second_words
from reports.html.page import environment, page_bytes, part, policy, style
from reports.provided import assessed_words, not_assessed
from reports.records import before_words, records_words

_TITLES = {
    "changes": "What changed",
    "todo": "What the office has to do",
    "too-late": view.TOO_LATE,
    "not-assessed": "Not assessed",
    "sections": "The office's duties by section",
    "office": "The office's duties, one by one",
    "others": "Duties of others",
    "problems": "What could not be read",
    "findings": "Worth a look",
    "readings": "How the SOP was read",
    "waivers": "Waivers",
    "not-in-force": "Duties not in force",
    "not-checked": "What was not checked",
    "made-from": "What this was made from",
}


@dataclass(frozen=True, slots=True)
class SectionOfDuties:
    """The duties of one list in one section."""

    section: str
    title: str
    duties: tuple[DutyOutcome, ...]


@dataclass(frozen=True, slots=True)
class ListOfDuties:
    """The office's list or the others', by section; ``id`` names it in the page."""

    id: str
    title: str
    sections: tuple[SectionOfDuties, ...]


def to_html(
    assessment: Assessment,
    old: Assessment | None = None,
    reviews: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """The whole page as UTF-8; with ``old``, an earlier assessment, also what changed since.
    ``reviews`` says of each duty, by its id, first in a word what auditors think of it and then
    what each of them said."""
    foot = f"As of {words.day(assessment.as_of)}"
    css = style(assessment.rulebook.marking, foot, "report.css")
    js = Markup(part("report.js"))
    text = template().render(
        a=assessment,
        office=view.of_list(assessment, view.OFFICE),
        titles={duty.id for duty in assessment.duties},
        findings_of=_by_duty(assessment.findings),
        lists_of_duties=[_list(assessment, answers) for answers in (view.OFFICE, view.OTHERS)],
        filters=_filters(assessment),
        contents=_contents(assessment, changed=old is not None),
        head=[line for line in (_records(assessment), assessed_words(assessment)) if line],
        provided=provided,
        before_words=before_words,
        changes=changes(old, assessment) if old else None,
        reviews=reviews,
        second=second_words(assessment),
        limit=view.LISTED,
        css=css,
        js=js,
        policy=policy(css, js),
    )
    return page_bytes(text)


@cache
def template() -> Template:
    """The template of the page, with those that it imports: compiling them takes a while."""
    names = {"quoted": quoted, "rejected": rejected, "unread": unread}
    made = environment(view=view, **names)
    for part_of_it in ("lists", "duty", "obligations"):
        made.get_template(f"{part_of_it}.html.jinja")
    return made.get_template("report.html.jinja")


def _contents(assessment: Assessment, *, changed: bool) -> list[tuple[str, str]]:
    """The sections of the page: some only where there is something in them."""
    there = {
        "changes": changed,
        "too-late": bool(view.too_late(assessment.duties)),
        "not-assessed": bool(not_assessed(assessment.duties)),
    }
    return [(id_, title) for id_, title in _TITLES.items() if there.get(id_, True)]


def _records(assessment: Assessment) -> str:
    begin = records_words(assessment)
    return f"{begin}." if begin else ""


def _by_duty(findings: Iterable[FindingShown]) -> dict[str, list[FindingShown]]:
    found: dict[str, list[FindingShown]] = defaultdict(list)
    for finding in findings:
        found[finding.duty].append(finding)
    return found


def _list(assessment: Assessment, answers: str) -> ListOfDuties:
    own = view.of_list(assessment, answers)
    sections = [
        SectionOfDuties(s.section, s.title, tuple(d for d in own if d.section == s.section))
        for s in assessment.sections
    ]
    return ListOfDuties(answers, _TITLES[answers], tuple(s for s in sections if s.duties))


def _filters(assessment: Assessment) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each filter's name, label and choices (what a duty carries, and how it reads)."""
    had = {duty.status for duty in assessment.duties}
    sections = [(s.section, f"{s.section} {s.title}") for s in assessment.sections]
    return [
        ("section", "Section", sections),
        ("bearer", "Borne by", _choices(duty.bearer for duty in assessment.duties)),
        ("owner", "Owner", _choices(duty.owner for duty in assessment.duties)),
        ("status", "Status", [(s.value, word) for s, word in words.STATUS.items() if s in had]),
    ]


def _choices(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(value, value or "no owner recorded") for value in sorted(set(values))]

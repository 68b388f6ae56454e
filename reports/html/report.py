"""The assessment as one HTML file that opens by a double click, asks nothing of any network, and
prints on A4. What was read from a cell is only ever text in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from jinja2 import Template
from markupsafe import Markup

from engine.assessment import Assessment, DutyOutcome, FindingShown
from reports import examined, provided, view, words
from reports.changes import changes
from reports.explain.explanation import quoted, second_words
from reports.html.page import environment, page_bytes, part, policy, style
from reports.provided import assessed_words, not_assessed, records_words

_TITLES = {
    "changes": "What changed",
    "todo": "What the office has to do",
    "too-late": view.TOO_LATE,
    "not-assessed": "Not assessed",
    "sections": "The office's duties by section",
    "office": "The office's duties, one by one",
    "others": "Duties of others",
    "problems": "What could not be read",
    "findings": "Points to check",
    "waivers": "Waivers",
    "not-in-force": "Duties not in force",
    "not-checked": "What was not checked",
    "made-from": "What this was made from",
    "readings": "Annex: how the SOP was interpreted",
}


def to_html(
    assessment: Assessment,
    old: Assessment | None = None,
    reviews: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """The whole page as UTF-8; with ``old``, an earlier assessment, also what changed since.
    ``reviews`` says of each duty, by its id, first in a word what auditors think of it and then
    what each of them said."""
    css = style(assessment.rulebook.marking, f"As of {words.day(assessment.as_of)}", "report.css")
    js = Markup(part("report.js"))
    findings_of = defaultdict[str, list[FindingShown]](list)
    for finding in assessment.findings:
        findings_of[finding.duty].append(finding)
    there = {  # sections of the page that are there only where something is in them
        "changes": old is not None,
        "too-late": bool(view.too_late(assessment.duties)),
        "not-assessed": bool(not_assessed(assessment.duties)),
    }
    begin = records_words(assessment)
    text = template().render(
        a=assessment,
        office=view.of_list(assessment, view.OFFICE),
        duties=_by_list_and_section(assessment.duties),
        titles={duty.id: view.named(duty) for duty in assessment.duties},
        findings_of=findings_of,
        filters=_filters(assessment),
        contents=[(id_, title) for id_, title in _TITLES.items() if there.get(id_, True)],
        head=[line for line in (begin and f"{begin}.", assessed_words(assessment)) if line],
        provided=provided,
        changes=changes(old, assessment) if old else None,
        reviews=reviews,
        second=second_words(assessment),
        settled=view.settled(assessment.duties),
        limit=view.LISTED,
        css=css,
        js=js,
        policy=policy(css, js),
    )
    return page_bytes(text)


@cache
def template() -> Template:
    """The template of the page, with those that it imports: compiling them takes a while."""
    made = environment(view=view, quoted=quoted, examined=examined)
    for part_of_it in ("lists", "duty", "obligations"):
        made.get_template(f"{part_of_it}.html.jinja")
    return made.get_template("report.html.jinja")


def _by_list_and_section(
    duties: Iterable[DutyOutcome],
) -> Mapping[str, dict[str, list[DutyOutcome]]]:
    """The duties of the office's list and of the others', by section."""
    lists: dict[str, dict[str, list[DutyOutcome]]] = {view.OFFICE: {}, view.OTHERS: {}}
    for duty in duties:
        lists[duty.answers].setdefault(duty.section, []).append(duty)
    return lists


def _filters(assessment: Assessment) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each filter's name, label and choices (what a duty carries, and how it reads)."""
    had = {duty.status for duty in assessment.duties}
    sections = [(s.section, f"{words.section(s.section)} {s.title}") for s in assessment.sections]
    return [
        ("section", "Section", sections),
        ("bearer", "Responsible", _choices(duty.bearer for duty in assessment.duties)),
        ("owner", "Owner", _choices(duty.owner for duty in assessment.duties)),
        ("status", "Status", [(s.value, word) for s, word in words.STATUS.items() if s in had]),
    ]


def _choices(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(value, value or "no owner recorded") for value in sorted(set(values))]

"""The assessment as one HTML file that needs no network and prints on A4. What was read from a
cell is only ever text in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from jinja2 import Template
from markupsafe import Markup

from engine.assessment import Assessment, DutyOutcome
from evidence.cells.text import normal_key
from reports import (
    brief,
    coming,
    examined,
    provided,
    trend,
    unknown_names,
    view,
    words,
)
from reports.ahead import lines as ahead
from reports.by_post import TITLE, by_post, holders_of_roles, post_tasks
from reports.compare import change_words
from reports.explain.explanation import quoted, second_words
from reports.html.page import environment, labels, page_bytes, part, policy, style
from reports.names import events_of, is_personal
from reports.next_step import as_recorded
from reports.owners import tasks

#: The headings of each table's columns, by the class of the table.
HEADS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "overdue": ("Section", "Duty", "Owner", "Deadline", "Why and what to do"),
        "due": ("Section", "Duty", "Owner", "Deadline", "What to do"),
        "dated": ("Section", "Duty", "Owner", "Deadline"),
        "partners": (
            "Section",
            "Duty",
            "Responsible",
            "Owner",
            "Status",
            "Why and what to do",
        ),
        "dated-partners": ("Section", "Duty", "Responsible", "Owner", "Deadline"),
        "missed": ("Section", "Duty", "What was missed"),
        "changed": ("Duty", "Before", "Now", "Why"),
        "picture": ("Section", "Chart", "Numbers"),
        "trend": ("Report", *(title for title, _, _ in trend.NUMBERS)),
        "settled": ("Section", "Duty", "Status", "Owner", "Next deadline"),
        "settled-partners": (
            "Section",
            "Duty",
            "Status",
            "Responsible",
            "Owner",
            "Next deadline",
        ),
        "problems": ("Where", "Found", "What is wrong, and what to enter", "Duties that read it"),
        "findings": ("Point", "Where", "Duty"),
        "acknowledged": ("Point", "Reason", "Acknowledged by", "Until", "Where", "Duty"),
        "readings": ("No.", "Phrase", "How we read it", "Duties affected"),
        "waivers": ("Duty", "State", "For", "Reason", "Approved by", "In force", "Where"),
        "history": ("Item", "Period", "Result"),
    }
)

_HEADING = re.compile(r'<h2 id="([^"]+)">([^<]*)</h2>')


def to_html(
    assessment: Assessment,
    reviews: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """The whole page as UTF-8. ``reviews`` has for each duty, by its id, the state of its reviews
    and then each review."""
    foot = f"Position at {words.day(assessment.as_of)}"
    css = style(assessment.rulebook.marking, foot, "report.css", more=labels(HEADS))
    js = Markup(part("report.js"))
    parts = brief.brief(assessment)
    posts = list(post_tasks(assessment, parts))
    held = holders_of_roles(assessment)
    names = {duty.owner for duty in assessment.duties} | {one.name for one in assessment.owners}
    holders = {name: held.get(normal_key(name), "") for name in names}
    owners = sorted(
        tasks.owner_tasks(assessment, parts.next_steps),
        key=lambda owner: by_post(owner.name, holders[owner.name]),
    )
    duties = _by_list_and_section(assessment.duties)
    settled = {
        answers: view.settled(view.of_list(assessment, answers))
        for answers in (view.OFFICE, view.OTHERS)
    }
    text = template().render(
        a=assessment,
        b=parts,
        duties=duties,
        titles={duty.id: view.named(duty) for duty in assessment.duties},
        findings_of=brief.findings_of(assessment),
        point_ids={
            (one.kind, one.message, one.places): f"point-{number}"
            for number, one in enumerate(assessment.findings, 1)
        },
        events=events_of(assessment),
        untold_corrections={
            as_recorded(parts.places.without_names(text))
            for group in parts.untold
            for text in group.corrections
        },
        filters=_filters(assessment),
        begin=provided.records_words(assessment),
        waived=provided.waived_words(assessment),
        changes=assessment.changes,
        names_people=any(
            one.subject_name for duty in assessment.duties for one in duty.obligations
        ),
        owners=owners,
        posts=posts,
        slugs=defaultdict(str, {owner.name: owner.slug for owner in owners}),
        holders=holders,
        reviews=reviews,
        confirmed=second_words(assessment),
        shared_untold={
            duty.id for group in parts.untold if len(group.duties) > 1 for duty in group.duties
        },
        settled=settled,
        without_effect=brief.waivers_without_effect(assessment),
        css=css,
        js=js,
        policy=policy(css, js),
    )
    return page_bytes(text)


@cache
def template() -> Template:
    """The template of the page, with those that it imports: compiling them takes a while."""
    templates = environment(
        ahead=ahead,
        brief=brief,
        title_of_posts=TITLE,
        change_words=change_words,
        coming=coming,
        examined=examined,
        heads=HEADS,
        is_personal=is_personal,
        provided=provided,
        quoted=quoted,
        tasks=tasks,
        trend=trend,
        unknown_names=unknown_names,
        view=view,
    )
    templates.filters.update(headings=_headings)
    for name in ("lists", "duty", "checks"):
        templates.get_template(f"{name}.html.jinja")
    return templates.get_template("report.html.jinja")


def _headings(body: Markup) -> list[tuple[str, Markup]]:
    """The id and the title of each section of a page, for its contents."""
    return [(id_, Markup(title)) for id_, title in _HEADING.findall(body)]


def _by_list_and_section(
    duties: Iterable[DutyOutcome],
) -> Mapping[str, dict[str, list[DutyOutcome]]]:
    """The duties of the office and of partners, by section."""
    lists: dict[str, dict[str, list[DutyOutcome]]] = {view.OFFICE: {}, view.OTHERS: {}}
    for duty in duties:
        lists[duty.answers].setdefault(duty.section, []).append(duty)
    return lists


def _filters(assessment: Assessment) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The name, the label and the choices of each filter; a choice has the value that duties
    carry, and its words."""
    statuses = {duty.status for duty in assessment.duties}
    sections = [(s.section, words.under_section(s.section, s.title)) for s in assessment.sections]
    lists = {duty.answers for duty in assessment.duties}
    whose = ((view.OFFICE, f"the {assessment.rulebook.body.called}"), (view.OTHERS, "partners"))
    return [
        ("list", "Duties of", [(name, word) for name, word in whose if name in lists]),
        ("section", "Section", sections),
        ("bearer", "Responsible", _choices(duty.bearer for duty in assessment.duties)),
        ("owner", "Owner", _choices(duty.owner for duty in assessment.duties)),
        (
            "status",
            "Status",
            [(s.value, word) for s, word in words.STATUS.items() if s in statuses],
        ),
    ]


def _choices(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(value, value or view.NO_OWNER) for value in sorted(set(values))]

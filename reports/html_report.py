"""The assessment as one HTML file that opens by a double click, asks nothing of any network, and
prints on A4. What was read from a cell is only ever text in it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from engine.assessment import Assessment, DutyOutcome, FindingShown
from reports import view, words
from reports.changes import changes
from reports.explain import second_words
from reports.explain_page import rows_of
from reports.quoting import quoted

_TITLES = {
    "changes": "What changed",
    "todo": "What the office has to do",
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
    css, js = _css(assessment), Markup(_part("report.js"))
    page = _environment().get_template("report.html.jinja")
    text = page.render(
        a=assessment,
        office=view.of_list(assessment, view.OFFICE),
        titles={duty.id for duty in assessment.duties},
        findings_of=_by_duty(assessment.findings),
        lists_of_duties=[_list(assessment, answers) for answers in (view.OFFICE, view.OTHERS)],
        filters=_filters(assessment),
        contents=[(id_, title) for id_, title in _TITLES.items() if old or id_ != "changes"],
        changes=changes(old, assessment) if old else None,
        reviews=reviews,
        limit=view.LISTED,
        css=css,
        js=js,
        policy=_policy(css, js),
    )
    return text.encode("utf-8", "replace")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(day=words.day, shown=words.shown, has_long_word=_has_long_word)
    made.globals.update(view=view, words=words, quoted=quoted, rows_of=rows_of, second=second_words)
    return made


def _has_long_word(text: str) -> bool:
    """Whether a part that is never broken is so long that it would widen its table."""
    return any(len(part) > 20 for part in re.split(r"[\s-]+", text))


@cache
def _part(name: str) -> str:
    return (files("reports") / "templates" / name).read_text(encoding="utf-8")


def _css(assessment: Assessment) -> Markup:
    foot = f"As of {words.day(assessment.as_of)}"
    css = _part("report.css").replace("@marking@", css_text(assessment.rulebook.marking))
    return Markup(css.replace("@foot@", css_text(foot)))


def css_text(text: str) -> str:
    """``text`` for between the quotes of a CSS string, all but plain letters, digits, spaces and
    hyphens escaped by number, so that it can end neither the string nor the style element."""
    return re.sub(r"[^A-Za-z0-9 -]", lambda found: f"\\{ord(found[0]):06x}", words.shown(text))


def _policy(css: str, js: str) -> str:
    """Lets the page use its own style and script, by their hashes, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


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

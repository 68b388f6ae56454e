"""Rows to copy into the office's control sheets: a point acknowledged, a duty waived, an owner
named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser.pages.duty import duty_of
from cli.browser.pages.problems import acknowledgeable, finding_of
from cli.browser.pages.reports import assessment_of
from cli.browser.row_form import SENT, RowForm
from cli.browser.row_to_copy import changed_row, own_sheet, row_to_copy, row_with
from cli.browser.site import Site, Visit
from cli.ledger_entry import stamp
from evidence.cells.text import normal_key
from evidence.register import RegisterSpec
from reports import view
from reports.places import Places
from reports.words import day

#: With more subjects than these a person types the one that is meant.
_MOST_SUBJECTS = 50
_ALL, _OFFICE = "all", "office"


def acknowledge(site: Site, visit: Visit) -> Response:
    """A point to check that is to be left off the list until a day."""
    assessment, _ = assessment_of(site, visit)
    finding = finding_of(assessment, visit.names["finding"])
    spec = _register(site, "acknowledgements")
    if not acknowledgeable(finding):
        raise HTTPException(404)
    titles, places = view.names(assessment), Places(assessment)
    rows = "; ".join(finding.rows)
    abouts = [(rows, f"Only this one: {places.without_names(rows)}")] if rows else []
    if finding.duty:
        title = titles.get(finding.duty, finding.duty)
        abouts.append((finding.duty, f"Every point of this kind about {title}, new ones too"))
    form = RowForm(visit.query)
    about = form.choice("about", "What is to be left off?", "", abouts, abouts[0][0])
    reason = form.text(
        "reason",
        "Why does nothing have to change?",
        "In a few words. Do not identify anyone.",
        "Say in a few words why nothing has to change.",
        long=True,
    )
    posts = [(post, post) for post in spec.column("by post").codes]
    by_post = form.choice("by", "Who has looked at it?", "The post, not the name.", posts)
    today = stamp(None).at.date()
    until = form.day("until", "Until which day?", "Such as 31 March 2027.", "", today)
    about_point = f"{finding.kind}: {finding.message}" if finding.message else finding.kind
    return _page(
        site,
        visit,
        form,
        _Purpose(
            "Leave a point off the list",
            (places.without_names(about_point), *map(places.text, finding.places)),
            (f"/reports/{visit.day}/points", "Points to check"),
            "The next check leaves the point off the list until that day. No result changes.",
        ),
        spec,
        {
            "finding": finding.kind,
            "duty or row": about,
            "reason": reason,
            "by post": by_post,
            "until": day(until),
        },
    )


def waive(site: Site, visit: Visit) -> Response:
    """A duty that is not to be due for a time, for everything that it covers or one subject."""
    assessment, _ = assessment_of(site, visit)
    duty, spec = duty_of(assessment, visit), _register(site, "waivers")
    rule = site.rulebook(site.office()).duties.get(duty.id)
    if rule is None or not rule.waivable:
        raise HTTPException(404)
    subjects = dict.fromkeys(one.subject for one in duty.obligations)
    form, subject = RowForm(visit.query), visit.query.get("subject", "")
    if len(subjects) <= _MOST_SUBJECTS:
        called = assessment.rulebook.body.called
        options = [(_ALL, "Everything that this duty covers")]
        options += [(one, f"The {called}" if one == _OFFICE else one) for one in subjects]
        subject = form.choice("subject", "For whom or what?", "", options)
    else:
        hint = "Either all, or the reference of one person, meeting or document of this duty."
        keys = {normal_key(one): one for one in (_ALL, *subjects)}
        known = keys.get(normal_key(subject), "")
        missing = (
            f"This duty has no check of '{subject}'." if subject else "Enter all, or one reference."
        )
        subject = form.text("subject", "For whom or what?", hint, missing)
        if not known:
            form.refuse("subject", missing)
        subject = known
    reason = form.text(
        "reason",
        "Why?",
        "Such as long-term sickness. A report does not show the reason of a waiver for one person.",
        "Say in a few words why.",
        long=True,
    )
    posts = [(post, post) for post in spec.column("approved by").codes]
    approved = form.choice("approved", "Who has approved it?", "The post, not the name.", posts)
    hint = "Such as 1 December 2026. A check for an earlier day does not count the waiver."
    first = form.day("from", "From which day?", hint, day(assessment.as_of))
    until = form.day("until", "Until which day?", "Every waiver ends.", "", first)
    return _page(
        site,
        visit,
        form,
        _Purpose(
            "Prepare a waiver",
            (view.named(duty),),
            _duty_link(visit, view.named(duty)),
            "Put it there only once the waiver has been approved.",
        ),
        spec,
        {
            "duty": duty.id,
            "subject": subject,
            "reason": reason,
            "approved by": approved,
            "from": day(first),
            "until": day(until),
        },
    )


def name_owner(site: Site, visit: Visit) -> Response:
    """The post that is responsible for a duty."""
    assessment, _ = assessment_of(site, visit)
    duty, spec = duty_of(assessment, visit), _register(site, "owners")
    form = RowForm(visit.query)
    owner = form.text(
        "owner", "Who is responsible?", "The job title, not the name.", "Enter a job title."
    )
    return _page(
        site,
        visit,
        form,
        _Purpose(
            "Name an owner",
            (view.named(duty), f"Now: {view.owner_words(duty)}"),
            _duty_link(visit, view.named(duty)),
            "The next report names the owner beside the duty. No result changes.",
        ),
        spec,
        {"duty": duty.id, "title": duty.title, "owner": owner},
        changes="owner",
    )


@dataclass(frozen=True, slots=True)
class _Purpose:
    """What a row is for: the title of its page, lines about what it is about, the page before it,
    and what the row does."""

    title: str
    about: tuple[str, ...]
    back: tuple[str, str]
    effect: str


def _page(
    site: Site,
    visit: Visit,
    form: RowForm,
    purpose: _Purpose,
    spec: RegisterSpec,
    values: Mapping[str, str],
    *,
    changes: str = "",
) -> Response:
    """The form or, once it is filled in, the row to copy; of a duty that has a row already, only
    the column that it ``changes``."""
    if not form.complete:
        return site.show(
            "row_form.html.jinja", purpose=purpose, here=visit.path, fields=form.fields, sent=SENT
        )
    answers = {name: value for name, value in visit.query.items() if name != SENT}
    again = f"{visit.path}?{urlencode(answers)}"
    office = site.office()
    own = own_sheet(site, office, spec) if changes else None
    number = row_with(own, "duty", values["duty"]) if own else None
    if own and number is not None:
        row = changed_row(own, number, values, changes)
    else:
        row = row_to_copy(site, office, spec, values, day(stamp(None).at.date()))
    return site.show("row.html.jinja", purpose=purpose, row=row, again=again)


def _register(site: Site, id_: str) -> RegisterSpec:
    """A register of the rulebook. There is no such page if it has none of that id."""
    spec = site.rulebook(site.office()).registers.get(id_)
    if spec is None:
        raise HTTPException(404)
    return spec


def _duty_link(visit: Visit, title: str) -> tuple[str, str]:
    return f"/reports/{visit.day}/duties/{visit.names['duty']}", title

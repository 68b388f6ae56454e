"""Drafts of mails: for each owner what is overdue, what falls due and what to correct."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from engine.assessment import Assessment
from evidence.cells.mail_address import mail_address
from evidence.visible import visible_lines
from reports import view, words
from reports.ahead.lines import DatedLine, by_words
from reports.html.page import environment
from reports.names import STAFF
from reports.next_step import NextSteps
from reports.owners.tasks import (
    GROUPS,
    NEXT_DATES,
    NO_OWNER,
    OVERDUE,
    TO_CORRECT,
    UNTOLD,
    OwnerTask,
    OwnerTasks,
    owner_tasks,
)
from reports.places import Places
from reports.without_names import without_names

#: Stands after the @ of each Message-ID. No mail can come from such a name.
_DOMAIN = "dueregard.invalid"

_WIDTH = 78

#: A subject is in one line: cut into two, it may begin with a space.
_ONE_LINE = SMTP.clone(max_line_length=998)

WHY = "You get this list because the Owners sheet names you as the owner of these duties."
UNOWNED = (
    "No owner is recorded for these duties. Send this to whoever does them, and name the owners on"
    " an 'Owners' sheet. The blank workbook has one."
)
#: The header with the owner's name, by which a list of drafts calls them.
OWNER_HEADER = "X-Owner"
#: Why there is no draft.
NOTHING_TO_DO = "no duty needs action within 90 days"
LIMIT = (
    "This list comes from the evidence spreadsheets. If anything here is wrong, correct the "
    "spreadsheet."
)
NUMBERS = "The numbers of members of staff count the list of staff from the top, each person once."


def owner_mails(assessment: Assessment) -> dict[str, bytes]:
    """The draft for each owner who has something to do, by the name of its file, and one for the
    duties without an owner. No mail names a person, save the owner to whom it goes."""
    nameless = replace(without_names(assessment), owners=assessment.owners)
    next_steps = NextSteps(nameless, Places(nameless))
    return {
        f"{owner.slug}.eml": _mail(nameless, owner) for owner in owner_tasks(nameless, next_steps)
    }


def _mail(assessment: Assessment, owner: OwnerTasks) -> bytes:
    """The same bytes for the same assessment: what a mail has at random comes from its texts."""
    text = visible_lines("\n".join(_lines(assessment, owner))) + "\n"
    template = environment(view=view).get_template("owner_mail.html.jinja")
    html = template.render(
        a=assessment,
        owner=owner,
        addressee=_for(owner),
        groups=GROUPS,
        title=_title(assessment),
        sentence=_sentence(owner),
        why=WHY if owner.name else UNOWNED,
        dates=[_date(assessment, line) for line in owner.dates],
        next_dates=NEXT_DATES,
        deadline=_deadline,
        step=_step,
        to_correct=TO_CORRECT,
        notes=_notes(owner),
    )
    digest = hashlib.sha256("\0".join((owner.name, owner.email, text, html)).encode()).hexdigest()
    mail = EmailMessage(policy=SMTP)
    mail["X-Unsent"] = "1"  # a mail program opens it as a draft
    if address := _address(owner):
        mail["To"] = address
    mail["Subject"] = words.shown(_subject(assessment, owner))
    mail[OWNER_HEADER] = _for(owner)
    midnight = datetime.datetime.combine(assessment.as_of, datetime.time(), datetime.UTC)
    mail["Date"] = format_datetime(midnight)
    mail["Message-ID"] = f"<{digest[:32]}@{_DOMAIN}>"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(visible_lines(html), subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_{digest[32:]}")
    return mail.as_bytes(policy=_ONE_LINE)


def _address(owner: OwnerTasks) -> Address | None:
    """The address on the Owners sheet; None if there is none, or it is not one."""
    address = mail_address(owner.email)
    return Address(username=address.user, domain=address.domain) if address else None


def _for(owner: OwnerTasks) -> str:
    return words.shown(owner.name) if owner.name else NO_OWNER


def _title(assessment: Assessment) -> str:
    return f"Duties, position at {words.day(assessment.as_of)}"


def _subject(assessment: Assessment, owner: OwnerTasks) -> str:
    """``3 duties need your action (24 November 2026): Duties of the school``."""
    number = len(owner.tasks)
    whose = "your action" if owner.name else "an owner"
    need = f"{words.duties(number)} {'needs' if number == 1 else 'need'} {whose}"
    what = need if number else f"{words.count(len(owner.dates), 'date')} to keep"
    return f"{what} ({words.day(assessment.as_of)}): {assessment.rulebook.title}"


def _sentence(owner: OwnerTasks) -> str:
    """``3 duties need action: 1 overdue, 2 due within 30 days.``"""
    number = len(owner.tasks)
    counted = [
        (words.lower_first(group), len(own)) for group in GROUPS if (own := owner.of_group(group))
    ]
    if not counted:
        return "No duty needs action now."
    if len(counted) == 1:
        status = counted[0][0]
        verb = ("was" if number == 1 else "were") if status.startswith("not ") else ""
        verb = verb or ("is" if number == 1 else "are")
        if status == words.lower_first(UNTOLD):
            return f"For {words.duties(number)} the records cannot tell."
        return f"{words.duties(number)} {verb} {status}."
    groups = ", ".join(f"{own:,} {group}" for group, own in counted)
    return f"{words.duties(number)} need action: {groups}."


def _lines(assessment: Assessment, owner: OwnerTasks) -> Iterator[str]:
    yield from (assessment.rulebook.marking, "", _title(assessment))
    yield from (f"For: {_for(owner)}", "")
    yield from words.wrapped(WHY if owner.name else UNOWNED, _WIDTH)
    yield _sentence(owner)
    for group in GROUPS:
        tasks = owner.of_group(group)
        if tasks:
            yield from ("", group.upper())
        for task in tasks:
            deadline = _deadline(task)
            yield from _item(f"{view.named(task.duty)}{f': {deadline}' if deadline else ''}")
            if step := _step(task):
                yield from words.wrapped(step, _WIDTH, "  ", "  ")
    if owner.dates:
        yield from ("", NEXT_DATES.upper())
    for line in owner.dates:
        yield from _item(_date(assessment, line))
    if owner.corrections:
        yield from ("", TO_CORRECT.upper())
    for correction in owner.corrections:
        yield from _item(correction.words)
    yield ""
    for note in _notes(owner):
        yield from words.wrapped(note, _WIDTH)
    yield from ("", assessment.rulebook.marking)


def _notes(owner: OwnerTasks) -> tuple[str, ...]:
    texts = (*map(_step, owner.tasks), *(correction.words for correction in owner.corrections))
    numbers = (NUMBERS,) if any(STAFF in text.casefold() for text in texts) else ()
    return (words.RECORD_ONLY, *numbers, LIMIT)


def _item(text: str) -> list[str]:
    return words.wrapped(text, _WIDTH, "- ", "  ")


def _date(assessment: Assessment, line: DatedLine) -> str:
    """``by 10 December 2026: 4.1 Attendance: M-4``."""
    bearer = f" (responsible: {line.duty.bearer})" if line.duty.answers == view.OTHERS else ""
    return f"{by_words(assessment, line)}: {line.title}{bearer}"


def _deadline(task: OwnerTask) -> str:
    """``28 September 2026, 57 days overdue``; '' for no deadline."""
    parts = [words.day(task.duty.deadline), words.days_words(task.duty.days)]
    return ", ".join(filter(None, parts))


def _step(task: OwnerTask) -> str:
    """Why it is outstanding and what to do; of what is only due, what to do, unless a record falls
    short."""
    whole = task.group == OVERDUE or (task.group != UNTOLD and task.at_fault)
    return f"{task.why} {task.step}".strip() if whole else task.step

"""What each post has to do within 30 days, in a line."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.assessment import Assessment, DutyOutcome
from evidence.cells.text import listed, normal_key
from reports import view, words
from reports.ahead.lines import by_last_day
from reports.brief import SOON, Brief, one_of, role_holders, waivers_without_effect

TITLE = f"Who has something to do within {SOON} days"

#: So many dates of one post are named, and so many overdue duties.
_DATES, _NAMED = 4, 3


@dataclass(slots=True)
class PostTasks:
    """What a ``post`` has to do, for its own duties and for those of the ``roles`` that it holds:
    which are ``overdue``, of how many of its own and of ``partners`` the records cannot tell, how
    many were ``not_assessed``, for want of which ``sheets``, the ``dates``, each with its duty, the
    roles ``to_confirm``, and how many ``waivers`` that name the post as approver have no effect.
    The post is '' for what nobody owns."""

    post: str
    roles: list[str] = field(default_factory=list)
    overdue: list[str] = field(default_factory=list)
    unclear: int = 0
    partners: int = 0
    not_assessed: int = 0
    sheets: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    to_confirm: list[str] = field(default_factory=list)
    waivers: int = 0

    @property
    def name(self) -> str:
        """The post, and the roles that it holds besides."""
        name = self.post or words.upper_first(view.NO_OWNER)
        return f"{name} (also {listed(self.roles)})" if self.roles else name

    @property
    def counted(self) -> str:
        """``1 overdue (4.7 Gas check), 4 not assessed (no 'Venues' sheet)``."""
        named = f" ({'; '.join(self.overdue)})" if len(self.overdue) <= _NAMED else ""
        return self._counts(named)

    def _counts(self, named: str) -> str:
        number = len(self.sheets)
        missing = (
            f"{number} sheets are missing" if number > 1 else f"no '{''.join(self.sheets)}' sheet"
        )
        partners = f" ({self.partners:,} of them of partners)" if self.partners else ""
        counts = (
            (len(self.overdue), f"overdue{named}"),
            (self.unclear, f"cannot tell{partners}"),
            (self.not_assessed, f"not assessed ({missing})"),
        )
        return ", ".join(f"{number:,} {what}" for number, what in counts if number)

    @property
    def without_effect(self) -> str:
        """``3 waivers approved by this post have no effect``; '' for none."""
        have = "has" if self.waivers == 1 else "have"
        waivers = words.count(self.waivers, "waiver")
        return f"{waivers} approved by this post {have} no effect" if self.waivers else ""

    @property
    def words(self) -> str:
        """``1 overdue (4.7 Gas check); by 8 December 2026: 4.1 Briefing; confirm who is
        Safeguarding Lead``."""
        confirm = f"confirm who is {listed(self.to_confirm)}" if self.to_confirm else ""
        return self._words(self.counted, confirm)

    @property
    def briefly(self) -> str:
        """The same without the names of what is overdue and without roles to confirm, for a
        report that says both above."""
        return self._words(self._counts(""))

    def _words(self, counted: str, confirm: str = "") -> str:
        left = len(self.dates) - _DATES
        more = [words.count(left, "more date")] if left > 0 else []
        parts = (counted, *self.dates[:_DATES], *more, confirm, self.without_effect)
        return "; ".join(filter(None, parts))


def post_tasks(assessment: Assessment, parts: Brief) -> Iterator[PostTasks]:
    """What each owner of the office's duties has to do, by the post; what the owner of a role has
    to do is of the post that holds it. Last what nobody owns."""
    holders = holders_of_roles(assessment)
    tasks = dict[str, PostTasks]()

    def of(owner: str) -> PostTasks:
        holder = holders.get(normal_key(owner), "") if owner else ""
        post = tasks.setdefault(normal_key(holder or owner), PostTasks(holder or owner))
        if holder and normal_key(owner) not in map(normal_key, post.roles):
            post.roles.append(owner)
        return post

    for duty in (*(action.duty for action in parts.overdue), *parts.too_late):
        of(duty.owner).overdue.append(view.named(duty))
    untold = (duty for group in parts.untold for duty in group.duties)
    for duty in untold:
        if duty.owner or _is_own(duty):
            of(duty.owner).unclear += 1
            of(duty.owner).partners += not _is_own(duty)
    for sheet in parts.missing:
        for duty in filter(_is_own, sheet.listed):
            post = of(duty.owner)
            post.not_assessed += 1
            post.sheets = [*dict.fromkeys([*post.sheets, sheet.title])]
    dated = sorted(_dates(assessment, parts), key=lambda each: (str(each[0]), *each[1:]))
    for day, owner, named in dated:
        of(owner).dates.append(f"by {words.day(day)}: {named}")
    for holder in role_holders(assessment):
        if holder.post and not holder.acknowledged:
            of(holder.role).to_confirm.append(holder.role)
    idle = [normal_key(waiver.approved_by) for waiver in waivers_without_effect(assessment)]
    for key, post in tasks.items():
        post.waivers = idle.count(key)
    yield from sorted(tasks.values(), key=lambda each: by_post(each.post, ""))


def _dates(assessment: Assessment, parts: Brief) -> Iterator[tuple[datetime.date | None, str, str]]:
    """The last days within 30 days, each with the owner and the duty in words."""
    for duty in parts.soon:
        yield duty.deadline, duty.owner, view.named(duty)
    for line in parts.soon_dates:
        yield line.date.last_day, line.duty.owner, line.named
    until = assessment.as_of + datetime.timedelta(days=SOON)
    for line in by_last_day(assessment):
        last, of = line.date.last_day, line.duty
        if of.answers != view.OFFICE and of.owner and last and assessment.as_of <= last <= until:
            yield last, of.owner, f"{view.named(of)} (a partner's duty)"
    for also in parts.also_due:
        more = f"{also.number:,} more {one_of(also.things, also.number)}"
        yield also.first, also.duty.owner, f"{view.named(also.duty)} ({more})"


def holders_of_roles(assessment: Assessment) -> Mapping[str, str]:
    """The post that holds each role which the SOP gives to another post, by the role's key."""
    holders = role_holders(assessment)
    return {normal_key(holder.role): holder.post for holder in holders if holder.post}


def by_post(owner: str, holder: str) -> tuple[bool, str, bool, str]:
    """Sorts owners by name, a role after the post that holds it, and last what nobody owns."""
    return not owner, (holder or owner).casefold(), bool(holder), owner


def _is_own(duty: DutyOutcome) -> bool:
    return duty.answers == view.OFFICE

"""What each post has to do within 30 days, in a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.assessment import Assessment, DutyOutcome
from evidence.cells.text import listed, normal_key
from reports import view, words
from reports.brief import SOON, Brief, one_of, role_holders

TITLE = f"Who has something to do within {SOON} days"

#: So many dates of one post are named.
_DATES = 4


@dataclass(slots=True)
class PostTasks:
    """What a ``post`` has to do, for its own duties and for those of the ``roles`` that it holds:
    how many are ``overdue``, are ``unclear`` or were ``not_assessed``, for want of which
    ``sheets``, the ``dates``, each with its duty, and the roles ``to_confirm``. The post is '' for
    what nobody owns."""

    post: str
    roles: list[str] = field(default_factory=list)
    overdue: int = 0
    unclear: int = 0
    not_assessed: int = 0
    sheets: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    to_confirm: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The post, and the roles that it holds besides."""
        name = self.post or words.upper_first(view.NO_OWNER)
        return f"{name} (also {listed(self.roles)})" if self.roles else name

    @property
    def counted(self) -> str:
        """``2 overdue, 4 not assessed (no 'Venues' sheet)``."""
        number = len(self.sheets)
        missing = (
            f"{number} sheets are missing" if number > 1 else f"no '{''.join(self.sheets)}' sheet"
        )
        counts = (
            (self.overdue, "overdue"),
            (self.unclear, "could not be assessed"),
            (self.not_assessed, f"not assessed ({missing})"),
        )
        return ", ".join(f"{number:,} {what}" for number, what in counts if number)

    @property
    def words(self) -> str:
        """``2 overdue; 8 December 2026, 4.1 Briefing; confirm who is Safeguarding Lead``."""
        left = len(self.dates) - _DATES
        more = [words.count(left, "more date")] if left > 0 else []
        confirm = f"confirm who is {listed(self.to_confirm)}" if self.to_confirm else ""
        return "; ".join(filter(None, (self.counted, *self.dates[:_DATES], *more, confirm)))


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
        of(duty.owner).overdue += 1
    untold = (duty for group in parts.untold for duty in group.duties)
    for duty in filter(_is_own, untold):
        of(duty.owner).unclear += 1
    for sheet in parts.missing:
        for duty in filter(_is_own, sheet.listed):
            post = of(duty.owner)
            post.not_assessed += 1
            if sheet.title not in post.sheets:
                post.sheets.append(sheet.title)
    dated = [(duty.deadline, duty.owner, view.named(duty)) for duty in parts.soon]
    dated += [(line.date.last_day, line.duty.owner, line.named) for line in parts.soon_dates]
    for also in parts.also_due:
        more = f"{also.number:,} more {one_of(also.things, also.number)}"
        dated.append((also.first, also.duty.owner, f"{view.named(also.duty)} ({more})"))
    for day, owner, named in sorted(dated, key=lambda each: (str(each[0]), *each[1:])):
        of(owner).dates.append(f"{words.day(day)}, {named}")
    for holder in role_holders(assessment):
        if holder.post and not holder.acknowledged:
            of(holder.role).to_confirm.append(holder.role)
    yield from sorted(tasks.values(), key=lambda each: by_post(each.post, ""))


def holders_of_roles(assessment: Assessment) -> Mapping[str, str]:
    """The post that holds each role which the SOP gives to another post, by the role's key."""
    holders = role_holders(assessment)
    return {normal_key(holder.role): holder.post for holder in holders if holder.post}


def by_post(owner: str, holder: str) -> tuple[bool, str, bool, str]:
    """Sorts owners by name, a role after the post that holds it, and last what nobody owns."""
    return not owner, (holder or owner).casefold(), bool(holder), owner


def _is_own(duty: DutyOutcome) -> bool:
    return duty.answers == view.OFFICE

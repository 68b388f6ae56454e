"""The versions of duties behind an assessment that nobody approved, if the rulebook asks for
approvals."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from engine.assessment import UnapprovedVersion
from engine.evaluated_duty import EvaluatedDuty
from rules.approval import Approval, approval_of, versions_behind
from rules.model import Rulebook


def unapproved(
    rulebook: Rulebook, duties: Iterable[EvaluatedDuty], as_of: datetime.date
) -> tuple[UnapprovedVersion, ...]:
    """The unapproved versions that were in force on the day of the check or judged a window, in the
    order of the rulebook; none if the rulebook does not ask for approvals."""
    if rulebook.book.approvals is None:
        return ()
    behind = {
        (duty_id, version.from_)
        for duty in duties
        for day in {as_of, *(answer.version_from for answer in (*duty.answers, *duty.earlier))}
        for duty_id, version in versions_behind(rulebook, duty.id, day).items()
    }
    return tuple(
        UnapprovedVersion(
            duty.id,
            duty.title,
            rulebook.sections[duty.id],
            version.from_,
            edited=state is Approval.EDITED,
        )
        for duty in rulebook.duties.values()
        for version in duty.versions
        if (duty.id, version.from_) in behind
        and (state := approval_of(duty, version)) is not Approval.APPROVED
    )

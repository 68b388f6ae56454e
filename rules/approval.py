"""Whether a version of a duty was approved, and not edited since."""

from __future__ import annotations

import datetime
import hashlib
import json
from enum import Enum

from rules.model import ABOUT_APPROVAL, Duty, Rulebook, Version
from rules.sop.normal import DIGITS

#: What a version's fingerprint leaves out of its duty. The end belongs to the last version.
_NOT_OF_ALL = {"versions", "until"}


class Approval(Enum):
    """The state of a version."""

    APPROVED = "approved"
    NONE = "not approved"
    EDITED = "edited since it was approved"


def version_fingerprint(duty: Duty, version: Version) -> str:
    """The SHA-256 of all that decides or is shown of one version of a duty: what the duty says of
    itself, its end if this is its last version, and the version without the fields about its
    approval. Neither the layout of the file nor its comments make a difference."""
    whole: dict[str, object] = duty.model_dump(
        mode="json", by_alias=True, exclude=_NOT_OF_ALL, exclude_defaults=True
    )
    # a version without citations has those of the previous version: which is what is approved
    whole["citations"] = [
        citation.model_dump(mode="json", by_alias=True)
        for citation in duty.citations_on(version.from_)
    ]
    whole["version"] = version.model_dump(
        mode="json", by_alias=True, exclude={*ABOUT_APPROVAL, "citations"}, exclude_defaults=True
    )
    if version == duty.versions[-1] and duty.until is not None:
        whole["until"] = duty.until.isoformat()
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def in_rule(fingerprint: str) -> str:
    """The part of a fingerprint that the rule contains; the ledger contains all of it."""
    return fingerprint[:DIGITS]


def approval_of(duty: Duty, version: Version) -> Approval:
    """The state of one version of a duty, from its own fields."""
    if not (version.approved_by and version.approved_on and version.approved_version):
        return Approval.NONE
    same = in_rule(version_fingerprint(duty, version)) == version.approved_version
    return Approval.APPROVED if same else Approval.EDITED


def version_on(duty: Duty, day: datetime.date) -> Version:
    """The duty's own version on a day; the first one on days before it."""
    return ([version for version in duty.versions if version.from_ <= day] or duty.versions[:1])[-1]


def versions_behind(rulebook: Rulebook, duty_id: str, day: datetime.date) -> dict[str, Version]:
    """The duty's version on a day, by the duty's id, and for a content duty also that of the duty
    that it cuts."""
    version = version_on(rulebook.duties[duty_id], day)
    behind = {duty_id: version}
    if version.pattern.cuts is not None:
        behind |= versions_behind(rulebook, version.pattern.cuts, day)
    return behind

"""What stands in the ledger: hashes, days, versions and ids, and never a word about a person.

Whatever names a person (who did it, whom a review is about, the note) stands in the entry's
details, which can be pruned. The entry holds their hash, and they hold a salt, so that no name can
be found by trying names.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

#: What the first entry has in place of the hash of the one before it.
NOTHING_BEFORE = "0" * 64

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class RulebookRef(_Kept):
    """Which rulebook: ``sha256`` over its files."""

    id: str
    version: str
    sha256: Sha256


class ProgramRef(_Kept):
    """Which program, and which engine decided in it."""

    version: str
    engine: str


class _Entry(_Kept):
    """What every entry has. ``previous`` is the hash of the entry before it; ``at`` when it was
    entered, with its offset from UTC; ``details`` the SHA-256 of its details."""

    number: int
    previous: Sha256
    at: AwareDatetime
    details: Sha256


class Begun(_Entry):
    """The first entry, number 0. ``key`` is the SHA-256 of the ledger's key."""

    kind: Literal["begun"] = "begun"
    format: Literal["dueregard-ledger-1"] = "dueregard-ledger-1"
    key: Sha256


class Checked(_Entry):
    """One check. ``records_begin`` is the day from which the office keeps its registers, None where
    it gave none. ``assessment`` is the SHA-256 of its assessment.json, which names its file in the
    store; ``evidence`` those of the files of evidence, in the assessment's order; ``sop`` that of
    the SOP, where one was given."""

    kind: Literal["check"] = "check"
    as_of: datetime.date
    known_by: datetime.date | None
    assessment: Sha256
    rulebook: RulebookRef
    sop: Sha256 | None
    evidence: tuple[Sha256, ...]
    program: ProgramRef
    records_begin: datetime.date | None = None


class Reviewed(_Entry):
    """An auditor's view of one duty in one assessment."""

    kind: Literal["review"] = "review"
    assessment: Sha256
    duty: str
    verdict: Literal["agree", "disagree"]


class Pruned(_Entry):
    """The details and assessments of all earlier entries made before the day ``before`` were
    removed."""

    kind: Literal["prune"] = "prune"
    before: datetime.date


Body = Begun | Checked | Reviewed | Pruned


class Details(_Kept):
    """What an entry says of persons. ``by`` did it; ``subject`` and ``note`` are a review's: ''
    where it is about the whole duty, and where there is none. ``salt`` makes the hash of each
    unlike that of any other."""

    salt: str
    by: str
    subject: str = ""
    note: str = ""


_BODY: TypeAdapter[Body] = TypeAdapter(Annotated[Body, Field(discriminator="kind")])


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it stands in the file: ``hash`` is the SHA-256 of ``body``, and as the head it
    seals all that stands before it too."""

    number: int
    body: str
    hash: str


def canonical(kept: Body | Details) -> str:
    """The one way in which it is written: JSON in ASCII, keys sorted, no spaces. Its hash is over
    these bytes."""
    return _dumped(kept.model_dump(mode="json"))


def is_canonical(text: str) -> bool:
    """Whether a JSON text is written in that way."""
    return _dumped(json.loads(text)) == text


def _dumped(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def body_of(text: str) -> Body:
    """The entry that was written so. Raises ValueError where it is none."""
    return _BODY.validate_json(text)


def details_of(text: str) -> Details:
    """The details that were written so. Raises ValueError where they are none."""
    return Details.model_validate_json(text)


def digest(data: bytes | str) -> str:
    """The SHA-256 of bytes, or of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()

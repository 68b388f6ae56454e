"""The entries of the ledger: hashes, days, versions and ids, and no words about a person.

Whatever names a person (the author, the subject of a review, the note) is in the entry's details,
which can be pruned. The entry contains their hash, and they contain a salt, so that no name can be
found by trying names.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

#: In the first entry, in place of the hash of the entry before it.
NOTHING_BEFORE = "0" * 64

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

#: Who signs off a report: who looks after the duties, or who answers for the office.
Role = Literal["lead", "chief-executive"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class RulebookRef(_Record):
    """A rulebook. ``sha256`` is over its files. ``kept`` is that of the file in the store of
    rulebooks that contains them, or None for an entry that kept none."""

    id: str
    version: str
    sha256: Sha256
    kept: Sha256 | None = None


class SopRef(_Record):
    """A version of the SOP. ``sha256`` is that of its file."""

    version: str
    sha256: Sha256


class ProgramRef(_Record):
    """A version of the program, and the engine that decided in it."""

    version: str
    engine: str


class PositionRef(_Record):
    """The position that a check found, for the trend of later ones, with the name of the office
    (engine.assessment.TrendPoint)."""

    office: str
    overdue: int
    due: int
    met: int
    long_overdue: int


class _Entry(_Record):
    """The fields of every entry. ``previous`` is the hash of the entry before it, ``at`` the time
    of the entry with its offset from UTC, and ``details`` the SHA-256 of its details."""

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
    """One check. ``records_begin`` is the day from which the office keeps its registers, or None.
    ``assessment`` is the SHA-256 of its assessment.json, which names its file in the store;
    ``evidence`` those of the files of evidence, in the assessment's order; ``sop`` that of the SOP,
    or None. ``sop_versions`` are the versions of it that the assessment quotes. ``mapping``
    is that of the mapping with which the office's own sheets were read, or None. ``position`` is
    None for an entry of a program that kept none."""

    kind: Literal["check"] = "check"
    as_of: datetime.date
    known_by: datetime.date | None
    assessment: Sha256
    rulebook: RulebookRef
    sop: Sha256 | None
    evidence: tuple[Sha256, ...]
    program: ProgramRef
    records_begin: datetime.date | None = None
    mapping: Sha256 | None = None
    sop_versions: tuple[SopRef, ...] = ()
    position: PositionRef | None = None


class Reviewed(_Entry):
    """An auditor's view of one duty in one assessment."""

    kind: Literal["review"] = "review"
    assessment: Sha256
    duty: str
    verdict: Literal["agree", "disagree"]


class Approved(_Entry):
    """The approval of one version of a duty. ``version`` is its first day, ``fingerprint`` that of
    its content (rules.approval), and ``on`` the day of the approval. ``rulebook`` contains the
    approval itself, with the post that gave it."""

    kind: Literal["approval"] = "approval"
    duty: str
    version: datetime.date
    fingerprint: Sha256
    on: datetime.date
    rulebook: RulebookRef


class SignedOff(_Entry):
    """A statement about a report: the lead looked through it, or the Chief Executive saw it.
    ``on`` is the day of the statement, ``assessment`` the SHA-256 of the report's
    assessment.json."""

    kind: Literal["sign-off"] = "sign-off"
    assessment: Sha256
    role: Role
    on: datetime.date


class Pruned(_Entry):
    """The details and assessments of all earlier entries made before the day ``before`` were
    removed."""

    kind: Literal["prune"] = "prune"
    before: datetime.date


Body = Begun | Checked | Reviewed | Approved | SignedOff | Pruned


class Details(_Record):
    """The personal part of an entry. ``by`` is its author. ``subject`` and ``note`` belong to a
    review; '' for the whole duty and for no note. The ``subject`` of an approval or a sign-off is
    the post that gave it, and the ``note`` of a sign-off what it says. ``salt`` makes each hash
    unlike any other."""

    salt: str
    by: str
    subject: str = ""
    note: str = ""


_BODY: TypeAdapter[Body] = TypeAdapter(Annotated[Body, Field(discriminator="kind")])


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in the file: ``hash`` is the SHA-256 of ``body``. As the head, it also seals all
    entries before it."""

    number: int
    body: str
    hash: str


def canonical(record: Body | Details) -> str:
    """The canonical text of an entry or its details: JSON in ASCII, keys sorted, no spaces. Hashes
    are over these bytes."""
    return json.dumps(record.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))


def body_of(text: str) -> Body:
    """The entry in a JSON text. Raises ValueError if it contains none."""
    return _BODY.validate_json(text)


def digest(data: bytes | str) -> str:
    """The SHA-256 of bytes, or of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()

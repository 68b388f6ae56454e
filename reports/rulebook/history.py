"""The history of a duty as text: each period with its rule, who changed it and who approved it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType

from reports import words
from rules.approval import Approval, approval_of, version_fingerprint, version_on
from rules.model import Duty, Rulebook, Version
from rules.sop.resolve import SopText, citations
from rules.wording.duty import VersionText, version_texts

#: The entry of each approval in a ledger, by the duty's id and the version's fingerprint.
Logged = Mapping[tuple[str, str], int]
_NO_SOP: Mapping[str, SopText] = MappingProxyType({})


def history_text(
    rulebook: Rulebook,
    duty_id: str,
    width: int,
    sop: Mapping[str, SopText] = _NO_SOP,
    logged: Logged | None = None,
) -> str:
    """The history of one duty, the earliest period first. ``sop`` are the versions of the SOP that
    were given, and ``logged`` the approvals in a ledger, where one was."""
    duty = rulebook.duties[duty_id]
    lines = [f"{words.under_section(rulebook.sections[duty_id], duty.title)} ({duty_id})"]
    texts = version_texts(rulebook, duty_id)
    for number, (text, following) in enumerate(zip_longest(texts, texts[1:])):
        end = following.begins - datetime.timedelta(1) if following else duty.until
        lines += ["", _period(text.begins, end)]
        version = version_on(duty, text.begins)
        if version.from_ == text.begins or not number:
            lines += _about(duty, version, logged)
        else:
            cut = rulebook.duties[version.pattern.cuts or ""]
            lines.append(f"  Changed because the duty '{cut.title}' changed")
        if number:
            lines += _changes(duty, texts[number - 1], text)
        else:
            lines += [f"  {sentence}" for sentence in (text.sentence, *text.also)]
            lines += [f"  {reading}" for reading in _readings(duty, text.begins)]
    for sop_version, given in sop.items():
        if quoted := list(_quoted(rulebook, duty_id, sop_version, given)):
            lines += ["", *quoted]
    return "\n".join(line for text in lines for line in _wrapped(text, width))


def _wrapped(text: str, width: int) -> Sequence[str]:
    margin = " " * (len(text) - len(text.lstrip()))
    return words.wrapped(text.lstrip(), width, margin, margin + "  ") if text else [""]


def _period(begins: datetime.date, end: datetime.date | None) -> str:
    return f"{words.day(begins)} to {words.day(end)}" if end else f"From {words.day(begins)}"


def _about(duty: Duty, version: Version, logged: Logged | None) -> Iterator[str]:
    yield f"  Changed by: {version.changed_by or 'not recorded'}"
    yield f"  Why: {version.why or 'not recorded'}"
    state = approval_of(duty, version)
    if state is Approval.NONE:
        yield "  Approved by: nobody"
        return
    approval = f"{version.approved_by} on {words.day(version.approved_on)}"
    if state is Approval.EDITED:
        yield f"  Approved by: nobody. It was edited since the approval by {approval}"
        return
    entry = (logged or {}).get((duty.id, version_fingerprint(duty, version)))
    place = "" if logged is None else f" (entry {entry})" if entry else " (not in this ledger)"
    yield f"  Approved by: {approval}{place}"


def _changes(duty: Duty, old: VersionText, new: VersionText) -> Iterator[str]:
    """What a version says that the one before it did not, and the other way round."""
    before = [*_sentences(old), *_readings(duty, old.begins)]
    after = [*_sentences(new), *_readings(duty, new.begins)]
    if before == after:  # what its sentences do not say, its columns do
        before, after = list(_columns(old)), list(_columns(new))
    for sentence in before:
        if sentence not in after:
            yield f"  Until then: {sentence}"
    for sentence in after:
        if sentence not in before:
            yield f"  Since then: {sentence}"
    if before == after:
        yield "  Nothing that decides was changed."


def _sentences(text: VersionText) -> Iterator[str]:
    yield text.sentence
    yield from text.also
    yield from text.remarks


def _columns(text: VersionText) -> Iterator[str]:
    for register in text.registers:
        for column in register.columns:
            yield f"{register.title}, column '{column.name}': {column.words}."


def _readings(duty: Duty, day: datetime.date) -> Iterator[str]:
    for reading in version_on(duty, day).readings:
        yield f"We read '{reading.phrase}' as: {reading.reading}"


def _quoted(rulebook: Rulebook, duty_id: str, sop_version: str, given: SopText) -> Iterator[str]:
    several = len(rulebook.book.sop.versions) > 1
    pointers = [p for id_, p in citations(rulebook, sop_version) if id_ == duty_id]
    if pointers:
        yield f"Version {sop_version} of the SOP says:" if several else "The SOP says:"
    lines: dict[str, None] = {}  # two phrases of one paragraph are one quote
    for pointer in pointers:
        quote = given.quotes.get(pointer.cited)
        text = f"'{quote.text}'" if quote else f"'{pointer.phrase}' is not in this SOP"
        lines[f"  {words.section(pointer.found_in or pointer.section)}: {text}"] = None
    yield from lines

"""A rulebook as plain JSON: what recheck.py reads in the place of the YAML files."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from pydantic import BaseModel

from rules.model import Rulebook
from rules.pattern import Content
from rules.resolve import Resolved, ResolvedDuty, resolve
from rules.span import Span

Plain = str | int | bool | list["Plain"] | dict[str, "Plain"]

#: What a rulebook's JSON says that it is.
BOOK_FORMAT = "dueregard-rulebook-1"


def plain_book(rulebook: Rulebook) -> dict[str, Plain]:
    """The whole rulebook: its book, its registers with all codes and synonyms, and its duties in
    their order with their versions resolved (semantics.md, Pattern 7). Keys are those of the YAML
    files; what a file leaves out is written with the value that it then has."""
    return {
        "format": BOOK_FORMAT,
        "sha256": rulebook.sha256,
        "book": plain(rulebook.book),
        "registers": {id_: plain(spec) for id_, spec in rulebook.registers.items()},
        "duties": [
            _duty(resolve(rulebook, id_), rulebook.sections.get(id_, "")) for id_ in rulebook.duties
        ],
    }


def plain(value: object) -> Plain:
    """A declaration as JSON holds it: days as ISO dates, spans as they are written (28 days), and
    nothing for what is not given."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        given = {field.alias or name: getattr(value, name) for name, field in fields.items()}
        return {name: plain(each) for name, each in given.items() if each is not None}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Span):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str | int | bool):
        return value
    raise TypeError(f"a rulebook holds no {type(value).__name__}")


def _duty(found: ResolvedDuty, section: str) -> dict[str, Plain]:
    duty = found.duty
    given = plain(duty.model_copy(update={"versions": ()}))
    assert isinstance(given, dict)
    del given["versions"]
    more: dict[str, Plain] = {"section": section, "kind": duty.versions[-1].pattern.kind}
    return {**given, **more, "versions": [_version(found, each) for each in found.versions]}


def _version(found: ResolvedDuty, resolved: Resolved) -> dict[str, Plain]:
    given = plain(resolved.version)
    assert isinstance(given, dict)
    del given["from"]
    made: dict[str, Plain] = {"begins": resolved.begins.isoformat(), **given}
    written = [each for each in found.duty.versions if each.from_ <= resolved.begins][-1]
    if isinstance(written.pattern, Content):
        made["cuts"] = written.pattern.of
        made["adds"] = plain(written.pattern.where)
    return made

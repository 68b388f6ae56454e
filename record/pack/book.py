"""A rulebook as plain JSON: what recheck.py reads in the place of the YAML files.

It says what decides a status, in the shape that is easiest to follow by hand: every default is
written out, what is not given is null, and the same thing is said in the same way everywhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from evidence.cells.readers import code_words
from evidence.cells.silence import WORDS
from evidence.cells.text import normal_key
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, ColumnSpec, RegisterSpec
from evidence.sheets.headings import column_names, sheet_names
from record.pack.needs import needs
from rules.condition import Ask, Condition, NilReturn, RowsOf
from rules.model import Rulebook, Version
from rules.patterns import (
    BeforeEvent,
    Completeness,
    Events,
    EvidenceQuery,
    Pattern,
    Periodic,
    Rolling,
    Standing,
    Triggered,
)
from rules.resolve import Resolved, resolve
from rules.span import Span
from rules.subject import Member, Population

Plain = str | int | bool | Sequence["Plain"] | Mapping[str, "Plain"] | None

#: What a rulebook's JSON says that it is.
BOOK_FORMAT = "dueregard-rulebook-4"

#: In the place of a column: the row itself.
ITSELF = "*"

_NO_SPAN: Plain = [0, "days"]
_FOR_GOOD = datetime.date(9999, 12, 31)


def plain_book(rulebook: Rulebook) -> dict[str, Plain]:
    """What the whole rulebook is, its registers with all codes and synonyms, and its duties in
    their order with their versions resolved (semantics.md, Pattern 7)."""
    book = rulebook.book
    about = {name: getattr(book, name) for name in ("id", "title", "version", "marking")}
    return {
        "format": BOOK_FORMAT,
        "sha256": rulebook.sha256,
        "book": {**about, "sop": f"{book.sop.title}, version {book.sop.version}"},
        "sections": [
            {"section": section.number, "title": section.title} for section in book.sections
        ],
        "says nothing": plain(WORDS),
        "sheets": sheet_names(rulebook.registers),
        "registers": {id_: _register(spec) for id_, spec in rulebook.registers.items()},
        "latest": _filled(rulebook, "latest"),
        "days of": _filled(rulebook, "day_of"),
        "duties": [_duty(rulebook, id_) for id_ in rulebook.duties],
    }


def _filled(rulebook: Rulebook, rule: str) -> list[Plain]:
    """The columns that are filled here by a rule of that kind."""
    return [
        {"register": id_, "column": column.name, **_fields(declared)}
        for id_, spec in rulebook.registers.items()
        for column in spec.columns
        if (declared := getattr(column, rule))
    ]


def plain(value: object) -> Plain:
    """A declaration as JSON holds it: days as ISO dates, and spans as [28, "days"]."""
    if isinstance(value, BaseModel):
        return _fields(value)
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, Span):
        return [value.count, value.unit]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"a rulebook holds no {type(value).__name__}")


def _fields(declared: BaseModel, *left_out: str) -> dict[str, Plain]:
    """Its fields by the names that they have in the YAML files."""
    fields = type(declared).model_fields.items()
    named = {field.alias or name: getattr(declared, name) for name, field in fields}
    return {name: plain(each) for name, each in named.items() if name not in left_out}


# Registers --------------------------------------------------------------------------------------


def _register(spec: RegisterSpec) -> dict[str, Plain]:
    """A register. ``headings`` are those of the columns that a sheet can have, as headings are
    compared. ``label``: none, where it is sensitive. ``spells``: its rows stand from a day on, so
    that several of one key are no more than one. ``dated`` and ``cancelled``: the columns that say
    from which day on a row may be named as there, and that it may not. ``names``: the registers of
    which a column names rows by their keys."""
    secret = [column.name for column in spec.columns if column.sensitive]
    return {
        "id": spec.id,
        "title": spec.title,
        "control": spec.control,
        "key": spec.key,
        "dated": spec.dated_by,
        "cancelled": spec.cancelled,
        "label": None if spec.label in secret else spec.label,
        "recorded on": spec.recorded_on,
        "spells": spec.begins is not None,
        "sensitive": plain(tuple(secret)),
        "headings": column_names(spec.written),
        "names": {column.name: plain(column.named) for column in spec.columns if column.named},
        "columns": {column.name: plain_column(column) for column in spec.columns},
    }


def plain_column(spec: ColumnSpec) -> dict[str, Plain]:
    """A column. ``blank`` is how a blank cell is read and, where it stands for a word, what it then
    says. ``words`` are those that mean one code, as codes are compared."""
    said: Plain = spec.blank == "yes" if spec.type == "yes/no" else spec.blank
    state = {BLANK_NOTHING: "nothing", BLANK_UNREADABLE: "blank"}.get(spec.blank, "read")
    return {
        "type": spec.type,
        "required": spec.required,
        "blank": [state, said if state == "read" else None],
        "words": dict(sorted(code_words(spec).items())),
        "periods": plain(spec.periods),
    }


# Duties -----------------------------------------------------------------------------------------


def _duty(rulebook: Rulebook, id_: str) -> dict[str, Plain]:
    """A duty. ``names`` are its id and aliases, as keys are compared; ``answers``: who answers for
    it, the office or others; ``pattern`` as it is written, where a version may be of another."""
    found = resolve(rulebook, id_)
    duty = found.duty
    same = ("id", "title", "in_brief", "bearer", "strength", "waivable")
    return {
        **{name: getattr(duty, name) for name in same},
        "section": rulebook.sections.get(id_, ""),
        "names": [normal_key(each) for each in (id_, *duty.aliases)],
        "answers": next(e.list for e in rulebook.book.bearers if e.name == duty.bearer),
        "citations": plain(duty.citations),
        "pattern": duty.versions[-1].pattern.kind,
        "in force": plain(found.in_force),
        "until": plain(duty.until or _FOR_GOOD),
        "versions": [_version(rulebook, version) for version in found.versions],
    }


def _version(rulebook: Rulebook, resolved: Resolved) -> dict[str, Plain]:
    """What a duty asks from a day on: what its pattern says, and beside that whom it asks, a
    ``population``, or the members of a fixed list, or the office; what is ``asked`` of them, of
    each member on its own; and which ``events`` or records it lists, or ``joining`` in their
    place. ``needs``: the registers that it cannot do without (record.pack.needs)."""
    version, pattern = resolved.version, resolved.version.pattern
    people, applies = version.population, version.applies
    asked = {member.id if member else "": member for member in version.members or (None,)}
    return {
        "begins": plain(resolved.begins),
        "population": _list(rulebook, people) if people else None,
        "asked": {id_: _asked(rulebook, version, member) for id_, member in asked.items()},
        "events": _list(rulebook, version.events) if version.events else None,
        "joining": pattern.by_joining,
        "applies": _rows(rulebook, applies) | _fields(applies, *_ROWS) if applies else None,
        "lapse": plain(version.lapse),
        "readings": plain(version.readings),
        "nil return": _nil_return(pattern.nil),
        "needs": plain(needs(rulebook, version)),
        **_pattern(pattern),
    }


def _pattern(pattern: Pattern) -> dict[str, Plain]:
    """What a pattern says of days. ``part``: how far into the year it begins. ``within``: how long
    after an event or a record it is to be done (before an event, less than nothing), and ``early``:
    how long before it may be; null, if ever. ``accepted before``: how long before the event what
    was done counts, although the window has not opened. ``first``: how long after somebody is
    there."""
    told = _fields(pattern, "event", "records", "nil return", "by", "no earlier", *_OF_EVIDENCE)
    if isinstance(pattern, Periodic):
        told["grace"] = told["grace"] or _NO_SPAN
        told["part"] = [3 * int(pattern.part[1]) - 3, "months"] if pattern.part else None
    elif isinstance(pattern, Rolling):
        told["first"] = plain(pattern.first or pattern.every)
    elif isinstance(pattern, Standing):
        told |= {"first": _NO_SPAN, "first deadline": None}
    elif isinstance(pattern, Triggered):
        told |= {"early": told["early"] or _NO_SPAN, "since previous": False, "deadline": None}
    elif isinstance(pattern, BeforeEvent):
        before = [-pattern.by.count, pattern.by.unit] if pattern.by else _NO_SPAN
        told |= {"early": plain(pattern.no_earlier), "within": before, "deadline": None}
        told["accepted before"] = None
    elif isinstance(pattern, Completeness):
        told |= {"early": _NO_SPAN, "within": told["within"] or _NO_SPAN, "since previous": False}
        told["accepted before"] = None
    return told


#: What a pattern says of the evidence, and so is told with that.
_OF_EVIDENCE = (
    "begins", "every", "ends", "review by", "review within", "end needed", "must", "must any",
    "done on",
)  # fmt: skip
_ROWS = ("register", "where", "any of")


def _rows(rulebook: Rulebook, asked: RowsOf) -> dict[str, Plain]:
    return {"register": asked.register, "where": _where(rulebook, asked.register, asked.asks)}


def _list(rulebook: Rulebook, listed: Population | Events) -> dict[str, Plain]:
    """A list of people, or of events or records: whether having no row is a ``fair`` answer, and
    the day columns of which the latest dates a row. ``standing``: what asks for the rows that have
    not been taken back, and for people that have been flagged, where they must be. ``planned``:
    whether planned events are among them, which may have no day yet."""
    where = _where(rulebook, listed.register, listed.asks)
    standing, leaves, planned = list(where), None, False
    if isinstance(listed, Population):
        dated, leaves = [listed.joins], listed.leaves
        if listed.flagged:
            dated.append(listed.flagged)
            standing.append([{"column": listed.flagged, "ask": "nothing", "value": False}])
    else:
        dated = [listed.dated]
        planned = rulebook.registers[listed.register].column(listed.dated).planned
        if listed.cancelled:
            no: Plain = {"column": listed.cancelled, "ask": "is", "value": False}
            nothing: Plain = {"column": listed.cancelled, "ask": "nothing", "value": True}
            standing.append([no, nothing])
    return {
        "register": listed.register,
        "where": where,
        "fair": listed.empty == "fair",
        "nil return": _nil_return(listed.nil_return),
        "dated": dated,
        "standing": standing,
        "leaves": leaves,
        "planned": planned,
    }


def _asked(rulebook: Rulebook, version: Version, member: Member | None) -> dict[str, Plain]:
    """What is asked of a member of a fixed list, or of everybody."""
    within = member.within if member and version.pattern.member_spans else None
    return {
        "title": member.title if member else "",
        "within": plain(within),
        "evidence": _evidence(rulebook, version, member),
    }


def _evidence(rulebook: Rulebook, version: Version, member: Member | None) -> dict[str, Plain]:
    """The evidence of a version, or of one member of its fixed list, with all that is asked of it:
    where the list is named in a column, there the member's id. Of a record, its own row is the
    evidence. ``event`` and ``subject``: the column of the event's or the subject's row, and that of
    the item's, in which the same has to stand. ``role``: which of its conditions say that a row is
    of the role that one row at a time holds; null, where there is no such role."""
    pattern, people, rows = version.pattern, version.population, version.rows
    assert rows is not None
    query = version.evidence or EvidenceQuery(register=rows.register, itself=True)
    asks = (*query.asks, *pattern.asks, *(member.where if member else ()))
    if member and version.named_in:
        many = rulebook.registers[query.register].column(version.named_in).type == "codes"
        asked = {"includes": (member.id,)} if many else {"equals": member.id}
        asks += (Condition.model_validate({"column": version.named_in, **asked}),)
    event: Plain = [ITSELF, ITSELF] if query.itself else None
    if query.event and version.events:
        event = [rulebook.registers[version.events.register].key, query.event]
    subject: Plain = None
    if people and query.named_by_subject:
        subject = [query.named_by_subject, rulebook.registers[query.register].key]
    elif people and query.subject:
        subject = [rulebook.registers[people.register].key, query.subject]
    told = {"register": query.register, "where": _where(rulebook, query.register, asks)}
    role = rulebook.registers[query.register].one_holder_of
    held: Plain = None
    if role and pattern.in_place:
        of_role = [
            ask
            for ask in asks
            if {alternative.column for alternative in ask.alternatives} == {role}
        ]
        held = _where(rulebook, query.register, of_role)
    matched: dict[str, Plain] = {"event": event, "subject": subject, "role": held}
    return told | _more(query) | matched | _days_of_items(pattern, pattern.dating(query, member))


def _more(query: EvidenceQuery) -> dict[str, Plain]:
    """What a query says besides which rows it asks for, and whom or what they must name."""
    return _fields(query, *_ROWS, "dated", "event", "itself", "subject", "named by subject")


def _days_of_items(pattern: Pattern, dated: tuple[str, ...]) -> dict[str, Plain]:
    """``dated``: the day columns of which the latest dates an item. ``each``: the kind of period
    that it may name. It serves until ``every`` so long after its day, or until it ``ends`` or has
    to be reviewed; otherwise for good, unless an end is needed."""
    told: dict[str, Plain] = {"dated": plain(dated or (None,)), "each": pattern.period_kind}
    told |= {"every": None, "ends": None, "review by": None}
    told |= {"review within": None, "end needed": False}
    if pattern.rolls:
        told |= {name: each for name, each in _fields(pattern).items() if name in told}
    return told


def _nil_return(asked: NilReturn | None) -> dict[str, Plain] | None:
    """A nil return, asked for as evidence is: one for the list that is filled in."""
    if asked is None:
        return None
    where: Plain = [
        [{"column": "list", "ask": "one of", "value": [normal_key(asked.list)]}],
        [{"column": "by post", "ask": "none of", "value": []}],
    ]
    query = EvidenceQuery(register="nil returns", period="period")
    days = _days_of_items(Periodic(kind="periodic", period=asked.each), ("given on",))
    return {"register": query.register, "where": where, "role": None} | _more(query) | days


# Conditions -------------------------------------------------------------------------------------


def _where(rulebook: Rulebook, register: str, asks: Sequence[Ask]) -> list[Plain]:
    """All that is asked of a row: of each group of conditions one must hold."""
    groups = [each.alternatives for each in asks]
    return [[_condition(rulebook, register, each) for each in group] for group in groups]


def _condition(rulebook: Rulebook, register: str, asked: Condition) -> dict[str, Plain]:
    """A condition: what it asks of a column, and with which value. Words are given as keys are
    compared; what is ``done`` is filled in, and not with a day to come; what ``names`` a row, one
    that counts, of which all those conditions hold."""
    column = rulebook.registers[register].column(asked.column)
    if asked.filled and column.named:
        where = _where(rulebook, column.named[0], asked.where)
        return {"column": asked.column, "ask": "names", "value": where}
    words = asked.one_of or asked.none_of or ((asked.equals,) if asked.equals is not None else ())
    value: dict[str, Plain] = {
        "one of": [normal_key(word) for word in words],
        "none of": [normal_key(word) for word in words],
        "includes": plain(asked.includes),
        "filled": None,
        "is": asked.is_,
        "at least": asked.at_least,
        "on or before": {"column": asked.on_or_before, "within": plain(asked.within)},
    }
    ask = "one of" if asked.operator == "equals" else asked.operator
    said = "done" if ask == "filled" and not column.planned else ask
    return {"column": asked.column, "ask": said, "value": value[ask]}

"""A rulebook as plain JSON, which recheck.py reads in place of the YAML files.

It contains everything that decides a status, in one form that is easy to follow by hand: every
default is written out, and a value that is not given is null.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from evidence.cells.readers import code_words
from evidence.cells.silence import WORDS
from evidence.cells.text import normal_key
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, NIL_RETURNS, ColumnSpec, RegisterSpec
from evidence.sheets.headings import column_by_heading
from evidence.sheets.rows import shipped_example
from evidence.sheets.sheet_matching import register_by_sheet_name
from record.pack.needs import needs
from rules.condition import Ask, Condition, NilReturn, RowsOf
from rules.model import Duty, Rulebook, Version
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
from rules.sop.resolve import section_in
from rules.span import Span
from rules.subject import Member, Population

Plain = str | int | bool | Sequence["Plain"] | Mapping[str, "Plain"] | None

#: The name of the form.
BOOK_FORMAT = "dueregard-rulebook-6"

#: In place of a column: the row itself.
ITSELF = "*"

_NO_SPAN: Plain = [0, "days"]
_FOR_GOOD = datetime.date(9999, 12, 31)


def plain_book(rulebook: Rulebook) -> dict[str, Plain]:
    """The whole rulebook: its registers with all codes and synonyms, and its duties in their order
    with their versions resolved (semantics.md: Content)."""
    book = rulebook.book
    names = {name: getattr(book, name) for name in ("id", "title", "version", "marking")}
    return {
        "format": BOOK_FORMAT,
        "sha256": rulebook.sha256,
        "book": names,
        "sop": {"title": book.sop.title, "versions": plain(book.sop.versions)},
        "sections": [
            {"section": section.number, "title": section.title} for section in book.sections
        ],
        "says nothing": plain(WORDS),
        "sheets": register_by_sheet_name(rulebook.registers),
        "registers": {id_: _register(spec) for id_, spec in rulebook.registers.items()},
        "latest": _filled(rulebook, "latest"),
        "days of": _filled(rulebook, "day_of"),
        "duties": [_duty(rulebook, id_) for id_ in rulebook.duties],
    }


def _filled(rulebook: Rulebook, rule: str) -> list[Plain]:
    """The columns that the program fills by a rule of a kind."""
    return [
        {"register": id_, "column": column.name, **_fields(declared)}
        for id_, spec in rulebook.registers.items()
        for column in spec.columns
        if (declared := getattr(column, rule))
    ]


def plain(value: object) -> Plain:
    """A declaration as JSON: days as ISO dates, and spans as [28, "days"]."""
    if isinstance(value, BaseModel):
        return _fields(value)
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, Span):
        return [value.count, value.unit]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"a rulebook cannot contain a {type(value).__name__}")


def _fields(declared: BaseModel, *left_out: str) -> dict[str, Plain]:
    """The fields of a declaration under their names in the YAML files."""
    fields = type(declared).model_fields.items()
    values = {field.alias or name: getattr(declared, name) for name, field in fields}
    return {name: plain(value) for name, value in values.items() if name not in left_out}


# Registers --------------------------------------------------------------------------------------


def _register(spec: RegisterSpec) -> dict[str, Plain]:
    """A register. ``headings``: those of the columns that a sheet can have, as headings are
    compared. ``label``: null if it is sensitive. ``spells``: each row is valid from a day, so that
    rows with one key are one. ``dated`` and ``cancelled``: the columns with the day from which a
    row may be named, and with whether it may not. ``example``: the cells, but the key, of the
    example row that the blank workbook has. ``names``: the registers whose rows a column
    names by their keys."""
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
        "headings": column_by_heading(spec.written),
        "example": shipped_example(spec),
        "names": {column.name: plain(column.named) for column in spec.columns if column.named},
        "columns": {column.name: plain_column(column) for column in spec.columns},
    }


def plain_column(spec: ColumnSpec) -> dict[str, Plain]:
    """A column. ``blank``: how a blank cell is read and, if it means a word, with which value.
    ``words``: the code of each word, as codes are compared."""
    value: Plain = spec.blank == "yes" if spec.type == "yes/no" else spec.blank
    state = {BLANK_NOTHING: "nothing", BLANK_UNREADABLE: "blank"}.get(spec.blank, "read")
    return {
        "type": spec.type,
        "required": spec.required,
        "blank": [state, value if state == "read" else None],
        "words": dict(sorted(code_words(spec).items())),
        "periods": plain(spec.periods),
        "ends or undoes": spec.ends_or_undoes,
    }


# Duties -----------------------------------------------------------------------------------------


def _duty(rulebook: Rulebook, id_: str) -> dict[str, Plain]:
    """A duty. ``names``: its id and aliases, as keys are compared. ``answers``: whether the office
    or others answer for it. ``pattern``: as it is written in the rule file."""
    resolved = resolve(rulebook, id_)
    duty = resolved.duty
    same = ("id", "title", "in_brief", "bearer", "strength", "waivable")
    return {
        **{name: getattr(duty, name) for name in same},
        "section": rulebook.sections.get(id_, ""),
        "names": [normal_key(name) for name in (id_, *duty.aliases)],
        "answers": rulebook.book.list_of(duty.bearer),
        "pattern": duty.versions[-1].pattern.kind,
        "in force": plain(resolved.in_force_from),
        "until": plain(duty.until or _FOR_GOOD),
        "versions": [
            _version(rulebook, version) | {"citations": _citations(rulebook, duty, version.begins)}
            for version in resolved.versions
        ],
    }


def _citations(rulebook: Rulebook, duty: Duty, day: datetime.date) -> list[Plain]:
    """The citations of the version of a duty that begins on ``day``, as each version of the SOP
    numbers and calls their sections, with the day on which that comes into force."""
    return [
        {
            "from": plain(sop.in_force),
            "sop version": sop.version,
            "cited": [
                {"section": section_in(rulebook, sop.version, cited), "phrase": cited.phrase}
                for cited in duty.citations_on(day)
            ],
        }
        for sop in rulebook.book.sop.versions
    ]


def _version(rulebook: Rulebook, resolved: Resolved) -> dict[str, Plain]:
    """What a duty requires from a day on: the fields of its pattern; its subjects, a
    ``population``, the members of a fixed list, or the office; the evidence required of each
    (``asked``); and its ``events`` or records, or ``joining`` in their place. ``needs``: the
    registers that it needs (record.pack.needs)."""
    version, pattern = resolved.rule, resolved.rule.pattern
    population, applies = version.population, version.applies
    members = {member.id if member else "": member for member in version.members or (None,)}
    return {
        "begins": plain(resolved.begins),
        "transition until": plain(version.transition_until),
        "population": _list(rulebook, population) if population else None,
        "asked": {id_: _required(rulebook, version, member) for id_, member in members.items()},
        "events": _list(rulebook, version.events) if version.events else None,
        "joining": pattern.by_joining,
        "applies": _rows(rulebook, applies) | _fields(applies, *_ROWS) if applies else None,
        "lapse": plain(version.lapse),
        "readings": plain(version.readings),
        "nil return": _nil_return(pattern.nil),
        "needs": plain(needs(rulebook, version)),
        **_pattern(pattern),
    }


#: The fields of a pattern about the evidence, which are part of it.
_OF_EVIDENCE = (
    "begins", "every", "ends", "review by", "review within", "end needed", "must", "must any",
    "done on",
)  # fmt: skip
#: The fields of a query, or of rows, that say which rows they are.
_ROWS = ("register", "where", "any of")


def _pattern(pattern: Pattern) -> dict[str, Plain]:
    """The days of a pattern. ``part``: the span from the beginning of the year. ``within``: the
    span after an event or a record (negative before an event), and ``early``: the span before it;
    null without a limit. ``accepted before``: the span before the event in which items count
    although the window is not open. ``first``: the span to the first deadline. What is left out is
    written elsewhere: the lists in _version, the evidence in _evidence."""
    fields = _fields(pattern, "event", "records", "nil return", "by", "no earlier", *_OF_EVIDENCE)
    if isinstance(pattern, Periodic):
        fields["grace"] = fields["grace"] or _NO_SPAN
        fields["part"] = [3 * int(pattern.part[1]) - 3, "months"] if pattern.part else None
    elif isinstance(pattern, Rolling):
        fields["first"] = plain(pattern.first or pattern.every)
    elif isinstance(pattern, Standing):
        fields |= {"first": _NO_SPAN, "first deadline": None}
    elif isinstance(pattern, Triggered):
        fields |= {"early": fields["early"] or _NO_SPAN, "since previous": False, "deadline": None}
    elif isinstance(pattern, BeforeEvent):
        before = [-pattern.by.count, pattern.by.unit] if pattern.by else _NO_SPAN
        fields |= {"early": plain(pattern.no_earlier), "within": before, "deadline": None}
        fields["accepted before"] = None
    elif isinstance(pattern, Completeness):
        fields |= {
            "early": _NO_SPAN,
            "within": fields["within"] or _NO_SPAN,
            "since previous": False,
        }
        fields["accepted before"] = None
    return fields


def _rows(rulebook: Rulebook, rows: RowsOf) -> dict[str, Plain]:
    return {"register": rows.register, "where": _where(rulebook, rows.register, rows.asks)}


def _list(rulebook: Rulebook, listing: Population | Events) -> dict[str, Plain]:
    """A list of people, events or records. ``fair``: whether it may be empty. ``dated``: the day
    columns of which the latest dates a row. ``standing``: the conditions ``where``, and a group
    more: that the row was not cancelled, or was flagged. ``planned``: whether it contains planned
    events, which may have no day yet."""
    where = _where(rulebook, listing.register, listing.asks)
    standing, leaves, planned = list(where), None, False
    if isinstance(listing, Population):
        dated, leaves = [listing.joins], listing.leaves
        if listing.flagged:
            dated.append(listing.flagged)
            standing.append([{"column": listing.flagged, "ask": "nothing", "value": False}])
    else:
        dated = [listing.dated]
        planned = rulebook.registers[listing.register].column(listing.dated).planned
        if listing.cancelled:
            no: Plain = {"column": listing.cancelled, "ask": "is", "value": False}
            nothing: Plain = {"column": listing.cancelled, "ask": "nothing", "value": True}
            standing.append([no, nothing])
    return {
        "register": listing.register,
        "where": where,
        "fair": listing.empty == "fair",
        "nil return": _nil_return(listing.nil_return),
        "dated": dated,
        "standing": standing,
        "leaves": leaves,
        "planned": planned,
    }


def _required(rulebook: Rulebook, version: Version, member: Member | None) -> dict[str, Plain]:
    """The evidence required of a member of a fixed list, or of everybody."""
    within = member.within if member and version.pattern.member_spans else None
    return {
        "title": member.title if member else "",
        "within": plain(within),
        "evidence": _evidence(rulebook, version, member),
    }


def _evidence(rulebook: Rulebook, version: Version, member: Member | None) -> dict[str, Plain]:
    """The evidence of a version, or of one member of its fixed list, with all its conditions: if a
    column names the list, it must have the member's id. The evidence of a record is its own row.
    ``event`` and ``subject``: the column of the event's or subject's row, and that of the item,
    which must have the same value. ``role``: the conditions that make a row one of a role with one
    holder at a time; null if there is no such role."""
    pattern, population, rows = version.pattern, version.population, version.rows
    assert rows is not None
    query = version.evidence or EvidenceQuery(register=rows.register, itself=True)
    asks = (*query.asks, *pattern.asks, *(member.where if member else ()))
    if member and version.named_in:
        has_several = rulebook.registers[query.register].column(version.named_in).type == "codes"
        test = {"includes": (member.id,)} if has_several else {"equals": member.id}
        asks += (Condition.model_validate({"column": version.named_in, **test}),)
    event: Plain = [ITSELF, ITSELF] if query.itself else None
    if query.event and version.events:
        event = [rulebook.registers[version.events.register].key, query.event]
    subject: Plain = None
    if population and query.named_by_subject:
        subject = [query.named_by_subject, rulebook.registers[query.register].key]
    elif population and query.subject:
        subject = [rulebook.registers[population.register].key, query.subject]
    where = _where(rulebook, query.register, asks)
    role_column = rulebook.registers[query.register].one_holder_of
    role: Plain = None
    if role_column and pattern.in_place:
        of_role = [ask for ask in asks if {one.column for one in ask.alternatives} == {role_column}]
        role = _where(rulebook, query.register, of_role)
    return {
        "register": query.register,
        "where": where,
        **_other_fields(query),
        "event": event,
        "subject": subject,
        "role": role,
        **_days_of_items(pattern, pattern.dating(query, member)),
    }


def _other_fields(query: EvidenceQuery) -> dict[str, Plain]:
    """The fields of a query other than its conditions, its days, and whom or what it names."""
    return _fields(query, *_ROWS, "dated", "event", "itself", "subject", "named by subject")


def _days_of_items(pattern: Pattern, dated: tuple[str, ...]) -> dict[str, Plain]:
    """``dated``: the day columns of which the latest dates an item. ``each``: the kind of period
    that it may name. It is valid for the span ``every`` after its day, or until it ``ends`` or must
    be reviewed; otherwise for good, unless an end is needed."""
    days: dict[str, Plain] = {"dated": plain(dated or (None,)), "each": pattern.period_kind}
    days |= {"every": None, "ends": None, "review by": None}
    days |= {"review within": None, "end needed": False}
    if pattern.lasting:
        days |= {name: value for name, value in _fields(pattern).items() if name in days}
    return days


def _nil_return(nil: NilReturn | None) -> dict[str, Plain] | None:
    """A nil return, in the form of evidence: one for the list that is filled in."""
    if nil is None:
        return None
    where: Plain = [
        [{"column": "list", "ask": "one of", "value": [normal_key(nil.list)]}],
        [{"column": "by post", "ask": "none of", "value": []}],
    ]
    query = EvidenceQuery(register=NIL_RETURNS, period="period")
    days = _days_of_items(Periodic(kind="periodic", period=nil.each), ("given on",))
    return {"register": query.register, "where": where, "role": None} | _other_fields(query) | days


# Conditions -------------------------------------------------------------------------------------


def _where(rulebook: Rulebook, register: str, asks: Sequence[Ask]) -> list[Plain]:
    """The conditions of a row: of each group one must be true."""
    return [[_condition(rulebook, register, one) for one in ask.alternatives] for ask in asks]


def _condition(rulebook: Rulebook, register: str, condition: Condition) -> dict[str, Plain]:
    """A condition: its column, its test and its value. Words are in the form of keys. ``done``
    means filled in, and not with a future day; ``names`` means that a key names a row that counts
    and meets the conditions of the value."""
    column = rulebook.registers[register].column(condition.column)
    if condition.filled and column.named:
        where = _where(rulebook, column.named[0], condition.where)
        return {"column": condition.column, "ask": "names", "value": where}
    equals = () if condition.equals is None else (condition.equals,)
    words = condition.one_of or condition.none_of or equals
    value: dict[str, Plain] = {
        "one of": [normal_key(word) for word in words],
        "none of": [normal_key(word) for word in words],
        "includes": plain(condition.includes),
        "filled": None,
        "is": condition.is_,
        "at least": condition.at_least,
        "on or before": {"column": condition.on_or_before, "within": plain(condition.within)},
    }
    operator = "one of" if condition.operator == "equals" else condition.operator
    test = "done" if operator == "filled" and not column.planned else operator
    return {"column": condition.column, "ask": test, "value": value[operator]}

"""The empty workbook of a rulebook: its registers, with the duties that each sheet and column is
for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from engine.needs import Group, needed_registers
from engine.outcomes.owners import REGISTER as OWNERS
from evidence.cells.text import listed
from evidence.register import NIL_RETURNS, Registers
from evidence.template.guide import ColumnKey, TemplateGuide
from evidence.template.workbook import template_bytes
from reports import words
from reports.provided import sheets_to_add
from rules.condition import conditions_of, find_column
from rules.model import Duty, Rulebook
from rules.resolve import resolve
from rules.sop.coverage import columns_read
from rules.wording.record import sheets_recorded, where_recorded

#: The sheet of nil returns, and the sheets whose columns offer posts or duties to choose from.
_WAIVERS = "waivers"

#: A note names the duties that read its column where they are so few, and so does a sheet's line.
_MOST_DUTIES = 3

#: So many sheets are to start with.
_START_WITH = 3

#: The heading in the sheet of owners for the sheets on which a duty is recorded.
_WHERE = "where to record it"

_FRONT_PAGE = "front page"

#: What the day on which a row was recorded is for.
_RECORDED = (
    "No duty needs it: without it, a complete row counts as recorded in time. A check of what was"
    " recorded by an earlier date (--known-by) leaves out rows in which it is blank."
)


def template_for(rulebook: Rulebook, file: str = "evidence.xlsx", option: str = "") -> bytes:
    """The template of a rulebook under the name of its file: its registers, with the duties that
    read each column, and every duty in the sheet of owners, if there is one. ``option`` names the
    rulebook in its command."""
    registers = rulebook.registers
    order = sheet_order(rulebook)
    has_owners = OWNERS in registers
    guide = TemplateGuide(
        title=f"Evidence workbook: {rulebook.book.title}",
        file=file,
        option=option,
        purpose=tuple(_purpose(rulebook)),
        order=order,
        start=_judged_first(rulebook, order),
        serves=duties_served(rulebook)
        | {OWNERS: f"Hover over a cell of '{_WHERE}' to see what an entry must say to count."},
        abbreviations=rulebook.book.abbreviations,
        notes=reader_notes(rulebook),
        rows={OWNERS: owner_rows(rulebook)} if has_owners else {},
        row_notes={(OWNERS, _WHERE): record_notes(rulebook)} if has_owners else {},
        suggested=_suggested(registers),
        meanings=option_notes(rulebook) | {(NIL_RETURNS, "list"): nil_meanings(rulebook)},
    )
    return template_bytes(registers, guide)


def _purpose(rulebook: Rulebook) -> Iterator[str]:
    sop, called = rulebook.book.sop, rulebook.book.body.called
    yield (
        f"Use this workbook to record how the {called} meets its duties under the"
        f" {sop.title} (SOP), version {sop.versions[-1].version}."
    )
    if written_for := rulebook.book.written_for:
        yield (
            f"It is written for {written_for}: the organisations and posts in its lists are those"
            f" of that {called} and its partners."
        )
    yield (
        "When you run a check, it tells you which duties are met, due or overdue, and which cells"
        " it relied on."
    )
    if OWNERS in rulebook.registers:
        sheet = rulebook.registers[OWNERS].sheets[0]
        yield (
            f"The {sheet} sheet lists every duty{_whose(rulebook)}, and what has to be done. Every"
            " duty is checked,"
            " whether or not it has an owner. The number in front of a duty is the section of the"
            " SOP."
        )
        yield (
            f"Always record what happened. In {sheet}, hover over a cell of '{_WHERE}' to see what"
            " an entry must say to count."
        )
        if begins := _who_begins(rulebook):
            yield (
                f"Some duties begin with who must do them, such as '{begins}:'. If a duty does not"
                f" say who, it is for the {called}."
            )
        rules = (resolve(rulebook, duty).versions[-1].rule for duty in rulebook.duties)
        if any(rule.pattern.undated for rule in rules):  # of these a complete row is in time
            yield (
                "Some duties must be recorded within a set time, such as 28 days. The check cannot"
                " tell when a row was filled in, so it treats a complete row as being on time,"
                " whatever its 'recorded on' says."
            )


def _whose(rulebook: Rulebook) -> str:
    """``, 72 of the office and 32 of partners``; '' where none is of partners."""
    own = len(_own_needs(rulebook))
    others = len(rulebook.duties) - own
    return f", {own} of the {rulebook.book.body.called} and {others} of partners" if others else ""


def _who_begins(rulebook: Rulebook) -> str:
    """Who must do it, as most of the duties that begin with that say; '' where none does."""
    who = Counter(
        duty.in_brief.partition(": ")[0]
        for duty in rulebook.duties.values()
        if ": " in duty.in_brief
    )
    return who.most_common(1)[0][0] if who else ""


def _own_needs(rulebook: Rulebook) -> list[tuple[Group, ...]]:
    """The registers that each of the body's own duties needs."""
    return [
        needed_registers([resolve(rulebook, duty.id).versions[-1].rule], rulebook.registers)
        for duty in rulebook.duties.values()
        if rulebook.book.list_of(duty.bearer) == "office"
    ]


def sheet_order(rulebook: Rulebook) -> tuple[str, ...]:
    """The registers in the order in which to begin: those that a report on nothing would ask for
    first, then the list of people and the registers that name somebody, because an office has these
    already, and then those that a report on these would ask for, and so on."""
    needs, order = _own_needs(rulebook), dict[str, None]()
    while missing := list(filter(None, ([g[0] for g in _missing(n, order)] for n in needs))):
        order |= dict.fromkeys(register for register, _ in sheets_to_add(missing))
    people = [spec.id for spec in rulebook.registers.values() if spec.lists_people]
    naming = [
        spec.id
        for spec in rulebook.registers.values()
        if any(column.required and {*column.named} & {*people} for column in spec.columns)
    ]
    first = [*order][:_START_WITH]
    there = [register for register in (*people, *naming) if register in order]
    return tuple(dict.fromkeys([*first, *there, *order]))


def _missing(groups: Iterable[Group], provided: Container[str]) -> list[Group]:
    """The groups of which no register is provided."""
    return [group for group in groups if not any(name in provided for name in group)]


def _judged_first(rulebook: Rulebook, order: Sequence[str]) -> str:
    """How many duties can be judged with the first three sheets."""
    needs, first = _own_needs(rulebook), order[:3]
    judged = sum(not _missing(groups, first) for groups in needs)
    return (
        f"With these alone, a check can judge {judged} of the"
        f" {rulebook.book.body.called}'s {words.duties(len(needs))}."
        " Each report names the sheets to add next. A sheet that has only its example has not been"
        " begun: it counts as not provided, and its duties are not assessed. A sheet without rows"
        " says that there is nothing to record, and its duties may then be overdue."
    )


def duties_served(rulebook: Rulebook) -> dict[str, str]:
    """For each register, the duties for which its sheet is filled in, with their sections."""
    duties: dict[str, list[Duty]] = defaultdict(list)
    register_of = {spec.sheets[0]: spec.id for spec in rulebook.registers.values()}
    for duty in rulebook.duties.values():
        version = resolve(rulebook, duty.id).versions[-1].rule
        for sheet in sheets_recorded(version, rulebook.registers):
            duties[register_of[sheet]].append(duty)
    return {register: _served_words(rulebook, served) for register, served in duties.items()}


def _served_words(rulebook: Rulebook, duties: Sequence[Duty]) -> str:
    named = [_with_section(rulebook, duty) for duty in duties[:_MOST_DUTIES]]
    more = len(duties) - len(named)
    named += [f"and {more} more"] if more else []
    served = f"For {words.duties(len(duties))} of the SOP ({_sections(rulebook, duties)})"
    return f"{served}: {'; '.join(named)}."


def _sections(rulebook: Rulebook, duties: Iterable[Duty]) -> str:
    """The sections of duties: ``sections 1, 3 and 4.2``, ``front page and section 1``."""
    sections = dict.fromkeys(_section(rulebook, duty) for duty in duties)
    numbers = [section for section in sections if section != _FRONT_PAGE]
    parts = [_FRONT_PAGE] if _FRONT_PAGE in sections else []
    if numbers:
        parts.append(f"section{'s' if len(numbers) > 1 else ''} {listed(numbers)}")
    return listed(parts)


def _suggested(registers: Registers) -> dict[ColumnKey, ColumnKey]:
    """The column of waivers that offers the duties of the owners."""
    wanted = {(_WAIVERS, "duty"): (OWNERS, "duty")}
    return {
        column: source
        for column, source in wanted.items()
        if all(
            id_ in registers and find_column(registers[id_], name) for id_, name in (column, source)
        )
    }


def owner_rows(rulebook: Rulebook) -> list[Mapping[str, str]]:
    """A row of the sheet of owners for each duty, in the order of the rulebook, with the sheets on
    which it is recorded."""
    rows: list[Mapping[str, str]] = []
    for duty in rulebook.duties.values():
        version = resolve(rulebook, duty.id).versions[-1].rule
        rows.append(
            {
                "title": _with_section(rulebook, duty),
                "owner": "",
                "email": "",
                _WHERE: "; ".join(sheets_recorded(version, rulebook.registers)),
                "what has to be done": duty.in_brief,
                "duty": duty.id,
            }
        )
    return rows


def record_notes(rulebook: Rulebook) -> list[str]:
    """For each duty, in the same order, what to enter on which sheet."""
    return [
        where_recorded(resolve(rulebook, duty).versions[-1].rule, rulebook.registers)
        for duty in rulebook.duties
    ]


def _with_section(rulebook: Rulebook, duty: Duty) -> str:
    """``4.6 Refresher training``; ``(front page) ...`` for a duty of the front page."""
    section = _section(rulebook, duty)
    return f"{f'({_FRONT_PAGE})' if section == _FRONT_PAGE else section} {duty.title}"


def _section(rulebook: Rulebook, duty: Duty) -> str:
    """The number of a duty's section; ``front page`` for that."""
    section = duty.citations[0].section
    if any(heading.front_page for heading in rulebook.book.headings if heading.section == section):
        return _FRONT_PAGE
    return rulebook.sections[duty.id]


def nil_meanings(rulebook: Rulebook) -> dict[str, str]:
    """For each option of a nil return, the sheets that have no entry, and for which period."""
    sheets: dict[str, dict[str, None]] = defaultdict(dict)
    periods: dict[str, str] = {}
    for duty in rulebook.duties:
        version = resolve(rulebook, duty).versions[-1].rule
        events = version.events
        nil = version.pattern.nil or (events.nil_return if events else None)
        if nil is not None:
            register = (events or version.query).register
            sheets[nil.list][rulebook.registers[register].sheets[0]] = None
            periods[nil.list] = nil.each
    return {
        option: f"Nothing to record on {listed(tuple(names), 'or')}, for each {periods[option]}"
        for option, names in sheets.items()
    }


def reader_notes(rulebook: Rulebook) -> dict[ColumnKey, str]:
    """For each column that duties read, the titles of those duties, or their sections if there are
    more than three; and for the day on which a row was recorded, what it is for."""
    recorded = {
        (spec.id, spec.recorded_on): _RECORDED
        for spec in rulebook.registers.values()
        if spec.recorded_on
    }
    where = {(OWNERS, _WHERE): "Hover over a cell to see what an entry must say to count."}
    return (
        recorded
        | where
        | {column: _used_for(rulebook, duties) for column, duties in columns_read(rulebook).items()}
    )


def option_notes(rulebook: Rulebook) -> dict[ColumnKey, dict[str, str]]:
    """For each column of options, the duties for which each option counts, or their sections if
    there are more than three."""
    asking: dict[ColumnKey, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for duty in rulebook.duties:
        version = resolve(rulebook, duty).versions[-1].rule
        for register, asks in version.row_conditions:
            for condition in conditions_of(asks):
                options = (condition.equals, *(condition.one_of or ()), *(condition.includes or ()))
                for option in options:
                    if option is not None:
                        asking[register, condition.column][option][duty] = None
        if version.named_in is not None:
            for member in version.members:
                asking[version.query.register, version.named_in][member.id][duty] = None
    return {
        column: {option: _used_for(rulebook, tuple(duties)) for option, duties in options.items()}
        for column, options in asking.items()
    }


def _used_for(rulebook: Rulebook, duties: Sequence[str]) -> str:
    used = [rulebook.duties[duty] for duty in duties]
    if len(used) > _MOST_DUTIES:
        return f"Used for {words.duties(len(used))} ({_sections(rulebook, used)})."
    return f"Used for: {'; '.join(duty.title for duty in used)}."

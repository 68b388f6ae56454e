"""dueregard template: writes an empty workbook of the registers."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cli.arguments import Commands
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import rulebook_in
from cli.outputs import must_be_free, write_new
from cli.say import say
from engine.outcomes.owners import REGISTER as OWNERS
from evidence.cells.text import listed
from evidence.register import Registers
from evidence.template import ColumnKey, TemplateGuide, template_bytes
from rules.condition import conditions_of, find_column
from rules.model import Duty, Rulebook
from rules.resolve import resolve
from rules.sop.coverage import columns_read
from rules.wording.record import sheets_recorded, where_recorded

#: The sheet of nil returns, and the sheets whose columns offer posts or duties to choose from.
_NIL_RETURNS, _WAIVERS = "nil returns", "waivers"
_APPROVERS = ("documents", "approved by post")

#: A note names the duties that read its column where they are so few.
_MOST_DUTIES = 3

#: What the day on which a row was recorded is for.
_RECORDED = (
    "Not used for any duty: a complete row counts as recorded in time. A check of what was recorded"
    " by an earlier date (--known-by) leaves out rows in which it is blank."
)


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "write an empty workbook, with a sheet for each register"
    command = commands.add_parser("template", help=about)
    command.add_argument("out", metavar="OUT.xlsx", type=Path, help="where to write it")
    command.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Writes the template, never over an existing file."""
    out: Path = options.out
    if out.suffix.lower() != ".xlsx":
        raise Stop(f"{out} would not open in Excel: give a name that ends in .xlsx.")
    must_be_free(out)
    write_new(out, template_for(rulebook_in(options.rulebook), out.name))
    say(f"Saved: {out}")
    return NOTHING_OUTSTANDING


def template_for(rulebook: Rulebook, file: str = "evidence.xlsx") -> bytes:
    """The template of a rulebook under the name of its file: its registers, with the duties that
    read each column, and every duty in the sheet of owners, if there is one."""
    registers = rulebook.registers
    guide = TemplateGuide(
        title=f"Evidence workbook: {rulebook.book.title}",
        file=file,
        purpose=tuple(_purpose(rulebook)),
        start=_first_sheets(registers),
        abbreviations=rulebook.book.abbreviations,
        notes=reader_notes(rulebook),
        rows={OWNERS: owner_rows(rulebook)} if OWNERS in registers else {},
        suggested=_suggested(registers),
        meanings=option_notes(rulebook) | {(_NIL_RETURNS, "list"): nil_meanings(rulebook)},
    )
    return template_bytes(registers, guide)


def _purpose(rulebook: Rulebook) -> Iterator[str]:
    sop = rulebook.book.sop
    yield (
        "Use this workbook to record how the office meets its duties under the"
        f" {sop.title} (SOP), version {sop.version}."
    )
    if written_for := rulebook.book.written_for:
        yield (
            f"It is written for {written_for}: the organisations and posts in its lists are those"
            " of that office and its partners."
        )
    yield (
        "When you run a check, it tells you which duties are met, due or overdue, and which cells"
        " it relied on."
    )
    if OWNERS in rulebook.registers:
        sheet = rulebook.registers[OWNERS].sheets[0]
        yield (
            f"The {sheet} sheet lists every duty and what has to be done. Every duty is checked,"
            " whether or not it has an owner. The number in front of a duty is the section of the"
            " SOP."
        )
        yield (
            "Always record what happened. The column 'where to record it' shows what an entry must"
            " say to count."
        )
        if begins := _who_begins(rulebook):
            yield (
                f"Some duties begin with who must do them, such as '{begins}:'. If a duty does not"
                " say who, it is for the office."
            )
        if _without_day_of_filling(rulebook):
            yield (
                "Some duties must be recorded within a set time, such as 28 days. The check cannot"
                " tell when a row was filled in, so it treats a complete row as being on time,"
                " whatever its 'recorded on' says."
            )


def _who_begins(rulebook: Rulebook) -> str:
    """Who must do it, as most of the duties that begin with that say; '' where none does."""
    who = Counter(
        duty.in_brief.partition(": ")[0]
        for duty in rulebook.duties.values()
        if ": " in duty.in_brief
    )
    return who.most_common(1)[0][0] if who else ""


def _without_day_of_filling(rulebook: Rulebook) -> bool:
    """Whether a complete row of some duty counts as in time."""
    return any(
        resolve(rulebook, duty).versions[-1].rule.pattern.undated for duty in rulebook.duties
    )


def _first_sheets(registers: Registers) -> tuple[str, ...]:
    """The sheets whose rows other sheets name, and which name no rows themselves."""
    named = {
        name for spec in registers.values() for column in spec.columns for name in column.named
    }
    return tuple(
        spec.sheets[0]
        for spec in registers.values()
        if spec.id in named and not any(column.named for column in spec.columns)
    )


def _suggested(registers: Registers) -> dict[ColumnKey, ColumnKey]:
    """The columns of waivers that offer the duties of the owners, and the posts of approvers."""
    wanted = {(_WAIVERS, "duty"): (OWNERS, "duty"), (_WAIVERS, "approved by"): _APPROVERS}
    return {
        column: source
        for column, source in wanted.items()
        if all(_has_column(registers, key) for key in (column, source))
    }


def _has_column(registers: Registers, key: ColumnKey) -> bool:
    return key[0] in registers and find_column(registers[key[0]], key[1]) is not None


def owner_rows(rulebook: Rulebook) -> list[Mapping[str, str]]:
    """A row of the sheet of owners for each duty, in the order of the rulebook."""
    rows: list[Mapping[str, str]] = []
    for duty in rulebook.duties.values():
        version = resolve(rulebook, duty.id).versions[-1].rule
        rows.append(
            {
                "title": _with_section(rulebook, duty),
                "what has to be done": duty.in_brief,
                "where to record it": where_recorded(version, rulebook.registers),
                "sheet": "; ".join(sheets_recorded(version, rulebook.registers)),
                "owner": "",
                "duty": duty.id,
            }
        )
    return rows


def _with_section(rulebook: Rulebook, duty: Duty) -> str:
    """``4.6 Refresher training``; ``(front page) ...`` for a duty of the front page."""
    section = duty.citations[0].section
    if any(heading.front_page for heading in rulebook.book.headings if heading.section == section):
        return f"(front page) {duty.title}"
    return f"{rulebook.sections[duty.id]} {duty.title}"


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
    """For each column that duties read, the titles of those duties, or where to find them if there
    are more than three; and for the day on which a row was recorded, what it is for."""
    recorded = {
        (spec.id, spec.recorded_on): _RECORDED
        for spec in rulebook.registers.values()
        if spec.recorded_on
    }
    return recorded | {
        column: _used_for(rulebook, duties) for column, duties in columns_read(rulebook).items()
    }


def option_notes(rulebook: Rulebook) -> dict[ColumnKey, dict[str, str]]:
    """For each column of options, the duties for which each option counts, or where to find them
    if there are more than three."""
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
    if len(duties) > _MOST_DUTIES:
        registers = rulebook.registers
        owners = f": see {registers[OWNERS].sheets[0]}" if OWNERS in registers else ""
        return f"Used for many duties{owners}."
    return f"Used for: {'; '.join(rulebook.duties[duty].title for duty in duties)}."

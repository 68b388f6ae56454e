"""Where an office records that a duty was done: the sheets, and what to enter on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from evidence.cells.text import listed
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, NIL_RETURNS, Registers, RegisterSpec
from rules.condition import Applies, Ask, Condition, NilReturn, find_column
from rules.model import Version
from rules.patterns.base import PatternBase
from rules.span import Span
from rules.wording.words import predicate_text


def where_recorded(version: Version, registers: Registers) -> str:
    """What to enter on which sheet so that the duty is shown to be met, for a resolved version.

    Each sheet is a line, such as ``Roles:``, and below it is a line for each heading, such as
    ``role: Safeguarding lead`` or ``fill in from``. Cells that may stay blank until something ends
    or is cancelled are left out.
    """
    return "\n".join(_Steps(version, registers).lines())


def sheets_recorded(version: Version, registers: Registers) -> tuple[str, ...]:
    """The sheets that ``where_recorded`` names, in its order."""
    steps = _Steps(version, registers)
    list(steps.lines())
    return tuple(dict.fromkeys(steps.sheets))


@dataclass
class _Step:
    """What to enter in one row of a register, by column: options to choose, words to enter,
    references to other rows and columns to fill in; ``further`` are whole lines about the columns
    in ``described``."""

    spec: RegisterSpec
    options: dict[str, list[str]] = field(default_factory=dict)
    entered: dict[str, str] = field(default_factory=dict)
    refs: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    filled: dict[str, None] = field(default_factory=dict)
    further: list[str] = field(default_factory=list)
    described: set[str] = field(default_factory=set)

    def say(self, line: str, *columns: str) -> None:
        """Adds a whole line about these columns."""
        self.further.append(line)
        self.described.update(columns)

    def fill(self, *names: str | None) -> None:
        """Columns to fill in. One that the program fills needs its column of references."""
        for name in names:
            column = find_column(self.spec, name)
            if column is None or column.day_of:
                continue
            if column.named:
                self.refs.setdefault(column.name, ("", column.named))
            else:
                self.filled[column.name] = None

    def lines(self, registers: Registers) -> list[str]:
        """The lines about the row, one for each heading."""
        lines = [
            f"{self.spec.column(n).usual_heading}: {listed(o)}" for n, o in self.options.items()
        ]
        lines += [
            f"{self.spec.column(n).usual_heading}: {text}" for n, text in self.entered.items()
        ]
        for name, (what, named) in self.refs.items():
            sheets = listed([registers[register].sheets[0] for register in named], "or")
            lines.append(f"{self.spec.column(name).usual_heading}: the ref{what} from {sheets}")
        taken = {*self.options, *self.entered, *self.refs, *self.described}
        lines += [
            f"fill in {self.spec.column(name).usual_heading}"
            for name in self.filled
            if name not in taken
        ]
        return lines + self.further

    def fill_with_any(self) -> None:
        """Adds the columns that require an option, where any option will do."""
        taken = {*self.options, *self.entered, *self.refs, *self.filled, *self.described}
        for column in self.spec.columns:
            required = column.blank == BLANK_UNREADABLE and column.type in ("code", "codes")
            if required and column.name not in taken:
                self.entered[column.name] = "any option"


class _Steps:
    """The steps for a version, in the order of the work: rows that other rows name first."""

    def __init__(self, version: Version, registers: Registers) -> None:
        self._version, self._registers = version, registers
        self._named: dict[str, _Step] = {}
        self._after: list[str] = []
        self._others: list[str] = []
        self.sheets: list[str] = []

    def lines(self) -> Iterator[str]:
        """A line for each sheet and for each of its headings, and then whole sentences."""
        for step in self._steps():
            step.fill_with_any()
            if lines := step.lines(self._registers):
                sheet = step.spec.sheets[0]
                yield f"{sheet}, another row:" if sheet in self.sheets else f"{sheet}:"
                self.sheets.append(sheet)
                yield from lines
        yield from self._after
        self.sheets += self._others

    def _steps(self) -> Iterator[_Step]:
        version, query, events = self._version, self._version.evidence, self._version.events
        own = query is None or query.itself
        lists: list[_Step] = []
        if (people := version.population) is not None:
            step = self._step(people.register, people.asks)
            step.fill(people.joins, people.flagged, query.named_by_subject if query else None)
            lists.append(step)
        if events is not None:
            step = self._step(events.register, events.asks)
            self._date(step, events.dated)
            step.fill(query.needed_from if query else None)
            lists.append(step)
        if query is not None:
            done = lists.pop() if own else self._step(query.register, ())
            self._ask(done, query.asks)
            self._evidence(done)
        else:
            done = lists.pop()
            self._record(done, version.pattern)
        if version.applies is not None:
            self._after.insert(0, _applies(version.applies, self._registers))
            self._others.append(self._registers[version.applies.register].sheets[0])
        nils = (version.pattern.nil, events and events.nil_return, people and people.nil_return)
        self._after += [self._nil(nil) for nil in nils if nil]
        same = {step.spec.id: step for step in lists}
        for register, named in self._named.items():
            if register in same:
                same[register].options |= named.options
                same[register].fill(*named.filled)
        yield from (step for register, step in self._named.items() if register not in same)
        named_there = query is not None and query.named_by_subject is not None
        yield from (done, *lists) if named_there else (*lists, done)

    def _step(self, register: str, asks: Sequence[Ask]) -> _Step:
        step = _Step(self._registers[register])
        self._ask(step, asks)
        return step

    # One row ------------------------------------------------------------------------------------

    def _ask(self, step: _Step, asks: Iterable[Ask]) -> None:
        for ask in asks:
            if isinstance(ask, Condition):
                self._condition(step, ask)
            else:
                self._alternatives(step, ask.alternatives)

    def _condition(self, step: _Step, condition: Condition) -> None:
        spec, name = step.spec, condition.column
        column = spec.column(name)
        if name == spec.cancelled or (column.day_of and not condition.on_or_before):
            return
        if column.latest is not None:
            what = f" of the latest {column.latest.of}"
            step.refs[column.latest.key] = what, (column.latest.within,)
            within = self._naming(column.latest.within)
            within.options[column.latest.kind] = [column.latest.of]
            within.fill(column.latest.issued)
        elif condition.on_or_before is not None:
            self._in_order(step, condition)
        elif condition.filled:
            step.fill(name)
            if condition.where and len(column.named) == 1:
                self._ask(self._naming(column.named[0]), condition.where)
        elif condition.is_ is not None:
            word = "yes" if condition.is_ else "no"
            if column.blank == word:
                step.say(f"{column.usual_heading}: {word} or blank", name)
            else:
                step.entered[name] = word
        elif condition.at_least is not None:
            step.entered[name] = f"{condition.at_least} or more"
        else:
            step.options[name] = _options(condition)

    def _in_order(self, step: _Step, condition: Condition) -> None:
        """Two dates of which one is not after the other."""
        spec, other = step.spec, condition.on_or_before or ""
        day_of = spec.column(condition.column).day_of
        if day_of is not None:
            self._date(step, condition.column)
            first = f"the {spec.column(day_of.key).usual_heading}"
        else:
            step.fill(condition.column)
            first = f"the date in {_heading(spec, condition.column)}"
        column = spec.column(other)
        day = _first_part(column.note) or "the date"
        near = (
            f"no later than {condition.within} after {first}"
            if condition.within
            else f"not before {first}"
        )
        step.say(f"{column.usual_heading}: {day} ({near})", other)

    def _alternatives(self, step: _Step, choices: Sequence[Condition]) -> None:
        spec, names = step.spec, [choice.column for choice in choices]
        required = {name for name in names if name in step.filled}
        if len({*names}) == 1 and all(choice.includes or choice.equals for choice in choices):
            options = [option for choice in choices for option in _options(choice)]
            step.options[names[0]] = [listed(options, "or")]
        elif all(choice.is_ for choice in choices):
            columns = listed([spec.column(name).usual_heading for name in names], "or")
            step.say(f"either {columns}: yes", *names)
        elif len(choices) == 2 and choices[0].equals and names[0] in required:
            others = [code for code in spec.column(names[0]).codes if code != choices[0].equals]
            chose = listed(others, "or") or f"anything but {choices[0].equals}"
            further = self._choice(step, choices[1])
            step.say(f"If you chose {chose} in {_heading(spec, names[0])}: {further}")
        else:
            either = [self._choice(step, choice) for choice in choices]
            step.say(f"either {', or '.join(either)}", *names)

    def _choice(self, step: _Step, condition: Condition) -> str:
        """One alternative, in a line."""
        apart = _Step(step.spec)
        self._condition(apart, condition)
        return listed(apart.lines(self._registers))

    def _date(self, step: _Step, name: str | None) -> None:
        """The column that dates a row; where the program fills it, the row that it is taken
        from."""
        column = find_column(step.spec, name)
        if column is not None and column.day_of is not None:
            step.fill(column.day_of.key)
            self._naming(column.day_of.within).fill(column.day_of.day)
        else:
            step.fill(name)

    def _naming(self, register: str) -> _Step:
        """The row of another register that a row names."""
        if register not in self._named:
            self._named[register] = _Step(self._registers[register])
            self._named[register].fill(self._registers[register].dated_by)
        return self._named[register]

    # The row that shows it ----------------------------------------------------------------------

    def _evidence(self, step: _Step) -> None:
        version, query, pattern = self._version, self._version.query, self._version.pattern
        if version.named_in is not None:
            several = step.spec.column(version.named_in).type == "codes"
            members = listed(_quoted_if_joined([member.id for member in version.members]))
            rows = "on one row or on several" if several else "on a row for each"
            heading = step.spec.column(version.named_in).usual_heading
            step.say(f"{heading}: {members} ({rows})", version.named_in)
        for member in version.members:
            self._ask(step, member.where)
            step.fill(member.dated)
        self._date(step, query.dated)
        for name, rows_of in ((query.event, version.events), (query.subject, version.population)):
            if name is not None and rows_of is not None:
                step.refs[name] = "", (rows_of.register,)
        self._period(step, query.period)
        step.fill(query.distinct)
        if pattern.term is not None:
            self._in_place(step, *pattern.term)
        for remark in version.remarks:
            for condition in remark.where:
                column = step.spec.column(condition.column)
                when, _, what = column.note.partition(": ")
                if condition.filled and what:  # 'If the office refused to help: why'
                    step.say(f"{when}, fill in {column.usual_heading}", column.name)

    def _period(self, step: _Step, name: str | None) -> None:
        """The column of periods: a row that names none goes by its date."""
        column = find_column(step.spec, name)
        if column is not None and column.blank == BLANK_NOTHING:
            kinds = listed([kind.rpartition(" ")[2] for kind in column.periods], "or")
            what = f"the {kinds} that it is for (if it is blank, its date decides)"
            step.entered.setdefault(column.name, what)
        else:
            step.fill(name)

    def _in_place(
        self, step: _Step, begin: str, review_by: str | None, within: Span | None
    ) -> None:
        step.fill(begin)
        if review_by is None:
            return
        column = step.spec.column(review_by)
        step.say(f"{column.usual_heading}: the next review date", column.name)
        begins, sheet = _heading(step.spec, begin), step.spec.sheets[0]
        at_most = f", and for at most {within} from {begins}" if within is not None else ""
        self._after.append(
            f"A row counts until {_heading(step.spec, review_by)}{at_most}. After each review, add"
            f" a row to {sheet}. If the review changed nothing, enter its date in {begins}."
        )
        people, named_by = self._version.population, self._version.query.named_by_subject
        if people is not None and named_by is not None:
            named = self._registers[people.register]
            self._after.append(
                f"Then enter the new ref in {_heading(named, named_by)} on {named.sheets[0]}."
            )

    def _record(self, step: _Step, pattern: PatternBase) -> None:
        """The conditions on a record, and the columns with its dates."""
        step.fill(*pattern.completed_in)
        self._ask(step, pattern.asks)
        if new := [_heading(step.spec, name) for name in pattern.re_agreed_in]:
            self._after.append(f"If a later date is agreed, fill in {listed(new)}.")

    def _nil(self, nil: NilReturn) -> str:
        spec = self._registers.get(NIL_RETURNS)
        if spec is None:
            return ""
        self._others.append(spec.sheets[0])
        list_, period, *others = (
            spec.column(name).usual_heading for name in ("list", "period", "by post", "given on")
        )
        return "\n".join(
            (
                f"If there was nothing in a {nil.each}, add a row to {spec.sheets[0]} instead:",
                f"{list_}: {nil.list}",
                f"{period}: the {nil.each}",
                *(f"fill in {heading}" for heading in others),
            )
        )


def _applies(applies: Applies, registers: Registers) -> str:
    """When the duty applies, by the rows of another register."""
    spec = registers[applies.register]
    conditions = [
        listed([f"{_heading(spec, c.column)} {predicate_text(c)}" for c in ask.alternatives], "or")
        for ask in applies.asks
        if not any(choice.column == spec.cancelled for choice in ask.alternatives)
    ]
    begins = f" from {_heading(spec, applies.begins)}" if applies.begins else ""
    ends = f" to {_heading(spec, applies.ends)}" if applies.ends else ""
    which = f" in which {listed(conditions)}" if conditions else ""
    counts = f" Such a row counts{begins}{ends}." if begins or ends else ""
    return f"Needed only while {spec.sheets[0]} has a row{which}.{counts}"


def _options(condition: Condition) -> list[str]:
    """The words to choose; in one text where any of them will do."""
    if condition.includes:
        return _quoted_if_joined(condition.includes)
    if condition.one_of:
        return [listed(_quoted_if_joined(condition.one_of), "or")]
    if condition.none_of:
        return [f"anything but {listed(_quoted_if_joined(condition.none_of), 'or')}"]
    return [condition.equals or ""]


def _quoted_if_joined(options: Sequence[str]) -> list[str]:
    """The options, all of them in quotes if one of several would read as two."""
    joined = len(options) > 1 and any(" and " in option for option in options)
    return [f"'{option}'" if joined else option for option in options]


def _heading(spec: RegisterSpec, name: str) -> str:
    return f"'{spec.column(name).usual_heading}'"


def _first_part(note: str) -> str:
    """What a column's note says it is, in the middle of a sentence: ``the date on which ...``."""
    first = note.partition(";")[0].partition(",")[0]
    return (first[:1].lower() + first[1:]).replace("the date on which", "the date")

"""Where an office records that a duty was done: the sheets, and what to enter on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from evidence.cells.text import listed
from evidence.register import Registers, RegisterSpec
from rules.condition import Applies, Ask, Condition, NilReturn, find_column
from rules.model import Version
from rules.patterns import Completeness, Standing
from rules.wording.words import predicate_text

_NIL_RETURNS = "nil returns"


def where_recorded(version: Version, registers: Registers) -> str:
    """What to enter on which sheet so that the duty is shown to be met, for a resolved version:
    ``On Roles, choose Prevent Lead in 'role' and fill in 'from'.``

    Each sentence is a line. Cells that may stay blank until something ends or is cancelled are left
    out.
    """
    return "\n".join(_Steps(version, registers).sentences())


@dataclass
class _Step:
    """What to enter in one row of a register, by column: options to choose, words to enter,
    references to other rows and columns to fill in; ``further`` are whole clauses about the columns
    in ``described``."""

    spec: RegisterSpec
    options: dict[str, list[str]] = field(default_factory=dict)
    entered: dict[str, str] = field(default_factory=dict)
    refs: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    filled: dict[str, None] = field(default_factory=dict)
    further: list[str] = field(default_factory=list)
    described: set[str] = field(default_factory=set)

    def say(self, clause: str, *columns: str) -> None:
        """Adds a whole clause about these columns."""
        self.further.append(clause)
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

    def clauses(self, registers: Registers) -> list[str]:
        """The clauses of the sentence about the row, in the imperative."""
        made = {name: listed(options) for name, options in self.options.items()}
        short = {name: text for name, text in made.items() if not _has_and(text)}
        clauses = [f"choose {listed(_in_columns(short, self.spec))}"] if short else []
        clauses += [
            f"choose {text} in {_heading(self.spec, name)}"
            for name, text in made.items()
            if name not in short
        ]
        clauses += [f"enter {text}" for text in _in_columns(self.entered, self.spec)]
        for name, (what, named) in self.refs.items():
            sheets = listed([registers[register].sheets[0] for register in named], "or")
            clauses.append(f"enter the ref{what} from {sheets} in {_heading(self.spec, name)}")
        taken = {*self.options, *self.entered, *self.refs, *self.described}
        if filled := [_heading(self.spec, name) for name in self.filled if name not in taken]:
            clauses.append(f"fill in {listed(filled)}")
        return clauses + self.further


class _Steps:
    """The steps for a version, in the order of the work: rows that other rows name first."""

    def __init__(self, version: Version, registers: Registers) -> None:
        self._version, self._registers = version, registers
        self._named: dict[str, _Step] = {}
        self._after: list[str] = []

    def sentences(self) -> Iterator[str]:
        """The sentences, each with its full stop."""
        steps = [step for step in self._steps() if step.clauses(self._registers)]
        firsts = {1: ("",), 2: ("First, on", "Then, on")}.get(
            len(steps), ("First, on", *["Next, on"] * (len(steps) - 2), "Then, on")
        )
        seen: set[str] = set()
        for step, first in zip(steps, firsts, strict=True):
            sheet = step.spec.sheets[0]
            place = f"another row of {sheet}" if sheet in seen else sheet
            seen.add(sheet)
            yield f"{first or 'On'} {place}, {_joined(step.clauses(self._registers))}."
        yield from self._after

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
                step.say(f"enter {word} in {_heading(spec, name)} or leave it blank", name)
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
            within = self._registers[day_of.within]
            first = f"{_heading(within, day_of.day)} on {within.sheets[0]}"
        else:
            step.fill(condition.column)
            first = _heading(spec, condition.column)
        later = f"one up to {condition.within} later" if condition.within else "a later one"
        step.say(f"enter in {_heading(spec, other)} the date in {first}, or {later}", other)

    def _alternatives(self, step: _Step, choices: Sequence[Condition]) -> None:
        spec, names = step.spec, [choice.column for choice in choices]
        required = {name for name in names if name in step.filled}
        if len({*names}) == 1 and all(choice.includes or choice.equals for choice in choices):
            options = [option for choice in choices for option in _options(choice)]
            step.options[names[0]] = [listed(options, "or")]
        elif all(choice.is_ for choice in choices):
            columns = listed([_heading(spec, name) for name in names], "or")
            step.say(f"enter yes in {columns}", *names)
        elif len(choices) == 2 and choices[0].equals and names[0] in required:
            self._after.append(
                f"If {_heading(spec, names[0])} is not {choices[0].equals}, also"
                f" {self._choice(step, choices[1])}."
            )
        else:
            either = [self._choice(step, choice) for choice in choices]
            step.say(f"either {listed(either, 'or')}", *names)

    def _choice(self, step: _Step, condition: Condition) -> str:
        """One alternative, as a clause."""
        apart = _Step(step.spec)
        self._condition(apart, condition)
        return listed(apart.clauses(self._registers))

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
            members = listed([_quoted_if_joined(member.id) for member in version.members])
            rows = "on one row or on several" if several else "on a row for each"
            heading = _heading(step.spec, version.named_in)
            step.say(f"choose {members} in {heading} ({rows})", version.named_in)
        for member in version.members:
            self._ask(step, member.where)
            step.fill(member.dated)
        self._date(step, query.dated)
        for name, rows_of in ((query.event, version.events), (query.subject, version.population)):
            if name is not None and rows_of is not None:
                step.refs[name] = "", (rows_of.register,)
        step.fill(query.period, query.distinct)
        if isinstance(pattern, Standing):
            self._in_place(step, pattern)

    def _in_place(self, step: _Step, pattern: Standing) -> None:
        step.fill(pattern.begins)
        if pattern.review_by is None:
            return
        heading = _heading(step.spec, pattern.review_by)
        step.say(f"enter the next review date in {heading}", pattern.review_by)
        begins, sheet = _heading(step.spec, pattern.begins), step.spec.sheets[0]
        if pattern.review_within is not None:
            self._after.append(
                f"After each review, add a row to {sheet}: a row counts for at most"
                f" {pattern.review_within} from {begins}."
            )
        else:
            self._after.append(f"After each review, enter the new date in {heading}.")

    def _record(self, step: _Step, pattern: object) -> None:
        """The conditions on a record, and the columns with its dates."""
        if not isinstance(pattern, Completeness):
            return
        step.fill(*pattern.done_on)
        self._ask(step, pattern.asks)
        if (carried := pattern.deadline) is not None:
            step.fill(carried.due)
            if carried.re_agreed_to and carried.re_agreed_on:
                new = [_heading(step.spec, carried.re_agreed_to)]
                new.append(_heading(step.spec, carried.re_agreed_on))
                self._after.append(f"If a later date is agreed, fill in {listed(new)}.")

    def _nil(self, nil: NilReturn) -> str:
        spec = self._registers.get(_NIL_RETURNS)
        if spec is None:
            return ""
        list_, period, *others = (
            _heading(spec, name) for name in ("list", "period", "by post", "given on")
        )
        return (
            f"If there was nothing in a {nil.each}, add a row to {spec.sheets[0]} instead: choose"
            f" {nil.list} in {list_}, enter the {nil.each} in {period}, and fill in"
            f" {listed(others)}."
        )


def _applies(applies: Applies, registers: Registers) -> str:
    """When the duty applies, by the rows of another register."""
    spec = registers[applies.register]
    conditions = [
        listed([f"{_heading(spec, c.column)} {predicate_text(c)}" for c in ask.alternatives], "or")
        for ask in applies.asks
        if not any(choice.column == spec.cancelled for choice in ask.alternatives)
    ]
    whose = f" where {listed(conditions)}" if conditions else ""
    begins = f", from the date in {_heading(spec, applies.begins)}" if applies.begins else ""
    ends = f" until the one in {_heading(spec, applies.ends)}" if applies.ends else ""
    return f"This is needed only while {spec.sheets[0]} has a row{whose}{begins}{ends}."


def _options(condition: Condition) -> list[str]:
    """The words to choose; in one text where any of them will do."""
    if condition.includes:
        return [_quoted_if_joined(option) for option in condition.includes]
    if condition.one_of:
        return [listed([_quoted_if_joined(option) for option in condition.one_of], "or")]
    if condition.none_of:
        return [f"anything but {listed(condition.none_of, 'or')}"]
    return [_quoted_if_joined(condition.equals or "")]


def _quoted_if_joined(option: str) -> str:
    return f"'{option}'" if " and " in option else option


def _has_and(text: str) -> bool:
    return "," in text or " and " in text or " or " in text


def _heading(spec: RegisterSpec, name: str) -> str:
    return f"'{spec.column(name).usual_heading}'"


def _in_columns(texts: dict[str, str], spec: RegisterSpec) -> list[str]:
    """``yes in 'passed' and 'achievable'``: each text with all its columns."""
    columns: dict[str, list[str]] = {}
    for name, text in texts.items():
        columns.setdefault(text, []).append(_heading(spec, name))
    return [f"{text} in {listed(headings)}" for text, headings in columns.items()]


def _joined(clauses: Sequence[str]) -> str:
    """Clauses in one sentence, with a comma before the last 'and' where they have their own."""
    if len(clauses) < 2:
        return "".join(clauses)
    comma = "," if len(clauses) > 2 or any(map(_has_and, clauses)) else ""
    return f"{', '.join(clauses[:-1])}{comma} and {clauses[-1]}"

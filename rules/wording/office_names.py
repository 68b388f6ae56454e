"""Rules with the office's own headings and the names of its sheets, so that sentences about them
use the office's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from evidence.register import Declared, RegisterSpec
from evidence.table import Table
from rules.condition import Ask, Condition, RowsOf
from rules.model import Duty, Rulebook, Version
from rules.patterns.base import PatternBase
from rules.resolve import resolve

_Model = TypeVar("_Model", bound=Declared)

#: The fields that name a column of the rows that a pattern is about; and of rows, their conditions
#: and their subjects.
_OF_PATTERN = frozenset({"begins", "ends", "review_by", "done_on"})
_OF_ROWS = frozenset(
    {"column", "on_or_before", "dated", "cancelled", "period", "event", "subject", "distinct"}
    | {"joins", "leaves", "flagged", "begins", "ends", "named_in"}
    | {"due", "re_agreed_to", "re_agreed_on"}
)


class OfficeNames:
    """What the office calls its registers and their columns. Where it has no such sheet or column,
    the name is that of the rulebook, and the heading that of the blank workbook."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables

    def heading(self, register: str, column: str) -> str:
        """The office's heading of a column. One that the program fills is named after the column
        from which it follows: ``Meeting: Date held``. Of a register without a table, its name."""
        if register not in self._tables:
            return column
        spec = self._tables[register].register.column(column)
        if spec.day_of:
            day = self.heading(spec.day_of.within, spec.day_of.day)
            return f"{self.heading(register, spec.day_of.key)}: {day}"
        if spec.latest:
            return f"{self.heading(register, spec.latest.key)}: latest"
        return self._tables[register].heading_of(column)

    def ask(self, register: str, ask: Ask) -> Ask:
        """A condition on a row of the register."""
        return self._named(ask, register)

    def rulebook(self, rulebook: Rulebook) -> Rulebook:
        """The rulebook; the tables have to be of all its registers."""
        registers = {name: self._register(spec) for name, spec in rulebook.registers.items()}
        duties = {name: self._duty(rulebook, duty) for name, duty in rulebook.duties.items()}
        return rulebook.model_copy(update={"registers": registers, "duties": duties})

    def _register(self, spec: RegisterSpec) -> RegisterSpec:
        columns = tuple(
            column.model_copy(update={"name": self.heading(spec.id, column.name)})
            for column in spec.columns
        )
        role = spec.one_holder_of
        return spec.model_copy(
            update={
                "title": self._tables[spec.id].title if spec.id in self._tables else spec.title,
                "columns": columns,
                "one_holder_of": self.heading(spec.id, role) if role else None,
            }
        )

    def _duty(self, rulebook: Rulebook, duty: Duty) -> Duty:
        resolved = resolve(rulebook, duty.id)
        versions = []
        for version in duty.versions:
            rows = resolved.version_on(version.from_).rule.rows  # of a content duty, the base's
            assert rows is not None, "every pattern has rows that show that it was done"
            versions.append(self._version(version, rows.register))
        return duty.model_copy(update={"versions": tuple(versions)})

    def _version(self, version: Version, register: str) -> Version:
        evidence, events, people = version.evidence, version.events, version.population
        if evidence is not None:
            update = {}
            if evidence.needed_from and events:
                update["needed_from"] = self.heading(events.register, evidence.needed_from)
            if evidence.named_by_subject and people:
                named_by = self.heading(people.register, evidence.named_by_subject)
                update["named_by_subject"] = named_by
            evidence = self._named(evidence, register).model_copy(update=update)
        return version.model_copy(
            update={
                "pattern": self._named(version.pattern, register),
                "evidence": evidence,
                "subjects": version.subjects and self._named(version.subjects, register),
                "applies": version.applies and self._named(version.applies, register),
                "remarks": tuple(self._named(remark, register) for remark in version.remarks),
            }
        )

    def _named(self, model: _Model, register: str) -> _Model:
        """The model with the office's headings; the rows that it is about are of the register,
        unless it says of which."""
        own = model.register if isinstance(model, RowsOf) else register
        names = _OF_PATTERN if isinstance(model, PatternBase) else _OF_ROWS
        update: dict[str, object] = {}
        for field in type(model).model_fields:
            value: object = getattr(model, field)
            if isinstance(value, Declared):
                update[field] = self._named(value, own)
            elif isinstance(value, tuple) and value and isinstance(value[0], Declared):
                inner = self._inner(model, own)
                update[field] = tuple(self._named(cast("Declared", each), inner) for each in value)
            elif field in names and isinstance(value, str):
                update[field] = self.heading(own, value)
            elif field in names and isinstance(value, tuple):
                update[field] = tuple(self.heading(own, str(name)) for name in value)
        return model.model_copy(update=update)

    def _inner(self, model: Declared, register: str) -> str:
        """The register of the conditions inside a model: those of a condition are on the row that
        its cell names."""
        if not isinstance(model, Condition) or register not in self._tables:
            return register
        wanted = {condition.column for condition in model.where}
        named = self._tables[register].register.column(model.column).named
        fitting = (name for name in named if wanted <= self._tables[name].columns.keys())
        return next(fitting, register)

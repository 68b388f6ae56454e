"""The figures of a run, counted in its tables column by column."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow
import pyarrow.dataset

from estate.report.position import BodyPosition, PositionChange
from evidence.visible import visible

#: The tables that a report needs.
_TABLES = ("bodies", "checks", "duties", "duty_outcomes", "problems")

_CHECKED = """
SELECT body, as_of, failure, failure_words,
    CASE WHEN complete THEN duties_overdue END AS overdue,
    CASE WHEN complete THEN duties_cannot_tell + duties_not_assessed END AS not_judged,
    CASE WHEN NOT complete THEN 4 WHEN duties_overdue >= 5 THEN 3 WHEN duties_overdue > 0 THEN 2
        WHEN duties_cannot_tell + duties_not_assessed > 0 THEN 1 ELSE 0 END AS position
FROM checks
"""

_LINES = """
SELECT body, coalesce(name, ''), before.position, now.position, now.overdue, now.not_judged,
    before.overdue, coalesce(now.failure, ''), coalesce(now.failure_words, '')
FROM now FULL JOIN before USING (body) LEFT JOIN bodies USING (body)
ORDER BY now.position DESC NULLS LAST, now.overdue DESC, body
"""

_DUTIES = """
WITH counted AS (
    SELECT duty_key, count(*) FILTER (status <> 'not_applicable') AS applies,
        count(*) FILTER (status = 'overdue') AS overdue, sum(obligations_overdue) AS checks
    FROM duty_outcomes GROUP BY duty_key
), named AS (
    SELECT DISTINCT duty_key, rulebook, duty, section, title FROM duties WHERE answers = 'office'
), books AS (
    SELECT checks.rulebook, min(bodies.rulebook) AS id, min(title) AS book
    FROM checks JOIN bodies USING (body) WHERE complete GROUP BY checks.rulebook
)
SELECT max(book), arg_max(section, (applies, section)), arg_max(title, (applies, title)),
    sum(applies)::BIGINT, sum(overdue)::BIGINT, sum(checks)::BIGINT
FROM counted JOIN named USING (duty_key) JOIN books USING (rulebook)
GROUP BY id, duty
ORDER BY sum(overdue) DESC, sum(applies), id, duty
"""

_PROBLEMS = """
SELECT kind, register, count(DISTINCT body) AS bodies FROM problems
GROUP BY kind, register ORDER BY bodies DESC, kind, register
"""

#: Nothing is fetched from any network.
_CONFIG = MappingProxyType(
    {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
)


class RunProblem(Exception):
    """The tables of a run cannot be read; ``str()`` says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class DutyFigures:
    """In how many bodies a duty of a rulebook applies, in how many it is overdue, and how many of
    its checks are overdue there."""

    rulebook: str
    section: str
    title: str
    applies: int
    overdue: int
    checks: int


@dataclass(frozen=True, slots=True)
class ProblemFigures:
    """How many bodies have a problem of one kind in the sheets for one register."""

    kind: str
    register: str
    bodies: int


@dataclass(frozen=True, slots=True)
class BodyFigures:
    """A body in this run and the run before: its positions, and how many of its duties are overdue
    or not judged; None where it was not checked. ``name`` is that in its office.yaml."""

    body: str
    name: str
    move: PositionChange
    overdue: int | None
    not_judged: int | None
    overdue_before: int | None
    failure: str
    failure_words: str


@dataclass(frozen=True, slots=True)
class RunFigures:
    """The figures of a run, as of a day, and of the run before, as of ``since``. ``bodies`` has
    those that are gone too, and ``failures`` the number of bodies by the kind of failure."""

    as_of: datetime.date
    since: datetime.date | None
    bodies: tuple[BodyFigures, ...]
    failures: Mapping[str, int]
    failures_before: Mapping[str, int]
    duties: tuple[DutyFigures, ...]
    problems: tuple[ProblemFigures, ...]

    @property
    def positions(self) -> Mapping[BodyPosition, int]:
        """The number of bodies in each position."""
        return _counted(figures.move.now for figures in self.bodies)

    @property
    def positions_before(self) -> Mapping[BodyPosition, int]:
        """The number of bodies in each position in the run before."""
        return _counted(figures.move.before for figures in self.bodies)

    @property
    def moves(self) -> Mapping[PositionChange, int]:
        """The number of bodies of each move."""
        return Counter(figures.move for figures in self.bodies)


def read_figures(folder: Path, since: Path | None = None) -> RunFigures:
    """The figures of the run in a folder, and of what changed since the run in another. Raises
    RunProblem if one of the folders has no tables of a run."""
    try:
        return _read(folder, since)
    except (duckdb.Error, pyarrow.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise RunProblem(
            f"The tables in {visible(str(folder))} cannot be read: {visible(reason)}. Run "
            "'dueregard estate' again."
        ) from None


def _read(folder: Path, since: Path | None) -> RunFigures:
    with duckdb.connect(config=dict(_CONFIG)) as now:
        _register(now, folder, _TABLES)
        now.execute(f"CREATE TABLE now AS {_CHECKED}")
        as_of = _as_of(now, "now", folder)
        duties = now.execute(_DUTIES).fetchall()
        since_day = None
        if since is None:
            now.execute("CREATE TABLE before AS FROM now LIMIT 0")
        else:
            _register(now, since, ("checks",))
            now.execute(f"CREATE TABLE before AS {_CHECKED}")
            since_day = _as_of(now, "before", since)
        bodies = tuple(
            BodyFigures(body, name, PositionChange(_position(before), _position(after)), *rest)
            for body, name, before, after, *rest in now.execute(_LINES).fetchall()
        )
        failed_before = now.execute("SELECT failure FROM before WHERE position = 4").fetchall()
        problems = now.execute(_PROBLEMS).fetchall()
        return RunFigures(
            as_of=as_of,
            since=since_day,
            bodies=bodies,
            failures=Counter(figures.failure for figures in bodies if figures.failure),
            failures_before=Counter(kind for (kind,) in failed_before),
            duties=tuple(DutyFigures(*row) for row in duties),
            problems=tuple(ProblemFigures(*row) for row in problems),
        )


def _register(connection: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[str]) -> None:
    """Gives tables of a run their names in SQL, in place of those of another run."""
    for table in tables:
        files = sorted((folder / table).glob("*.parquet"))
        if not files:
            raise RunProblem(
                f"{visible(str(folder))} has no table '{table}'. Give the folder of a run, named "
                "after its day, in the folder that 'dueregard estate' wrote."
            )
        dataset = pyarrow.dataset.dataset(list(map(str, files)), format="parquet")
        connection.register(table, dataset)


def _as_of(connection: duckdb.DuckDBPyConnection, table: str, folder: Path | None) -> datetime.date:
    days = connection.execute(f"SELECT DISTINCT as_of FROM {table}").fetchall()
    if len(days) != 1:
        found = "no body" if not days else f"bodies of {len(days)} days"
        raise RunProblem(f"{visible(str(folder))} has {found}, and a run is of one day.")
    (day,) = days[0]
    assert isinstance(day, datetime.date)
    return day


def _position(number: int | None) -> BodyPosition | None:
    return None if number is None else BodyPosition(number)


def _counted(found: Iterable[BodyPosition | None]) -> dict[BodyPosition, int]:
    counts = Counter(found)
    return {position: counts[position] for position in BodyPosition}

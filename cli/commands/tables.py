"""dueregard tables: writes assessments, or a run over an estate, as flat tables."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import path_words, read_input
from cli.ledger_entry import in_words
from cli.office_folder import must_have_no_copies
from cli.say import say
from engine.assessment import Assessment
from evidence.output_file import replacing
from record.ledger.chain import checks_in, entries
from record.ledger.checks import fetch_data
from record.ledger.database import LEDGER_NAME, size_of
from record.ledger.store import path_in, store_of
from record.office.kept_reports import REPORTS
from reports import words
from reports.json import LIMIT_BYTES, from_json, outline_from_json, to_json
from reports.tables import check_fingerprint, frames
from reports.tables.schema import TABLES
from reports.writing import FILES

if TYPE_CHECKING:
    from reports.tables.writers import TablePart

PARQUET, CSV, DUCKDB = _FORMS = "parquet", "csv", "duckdb"

#: A DuckDB file has these bytes from its ninth on.
_DUCKDB_MARK = b"DUCK"


@dataclass(frozen=True, slots=True)
class _Source:
    """An assessment: where it is, and what reads its bytes, None where they were pruned."""

    path: Path
    read: Callable[[], bytes | None]


@dataclass(frozen=True, slots=True, order=True)
class _FoundCheck:
    """An assessment that was found, by the order of its rows."""

    body: str
    as_of: datetime.date
    id: str
    source: _Source = field(compare=False)


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "write assessments as flat tables, for pandas, DuckDB and spreadsheets"
    add = add_command(commands, "tables", about, run).add_argument
    given = (
        "an assessment.json, a folder with one or with reports, the office's folder (every check "
        "in its ledger), or the folder of a run over an estate"
    )
    add("sources", metavar="ASSESSMENT", type=Path, nargs="+", help=given)
    add("--to", metavar="FORM", required=True, help=f"{', '.join(_FORMS[:-1])} or {DUCKDB}")
    out = f"the folder to write or, for {DUCKDB}, the file"
    add("--out", metavar="OUT", type=Path, required=True, help=out)
    add("--with-names", action="store_true", help="include whom or what each obligation is about")


def run(options: argparse.Namespace) -> int:
    """Writes the tables, all or none."""
    sources: list[Path] = options.sources
    out: Path = options.out
    if options.to not in _FORMS:
        raise Stop(f"--to {options.to}: write {', '.join(_FORMS[:-1])} or {DUCKDB}.")
    try:  # loaded only for this command
        from duckdb import Error as DuckDBError  # noqa: PLC0415

        from reports.tables.run_folder import NoRun, days_of_run, run_parts  # noqa: PLC0415
        from reports.tables.writers import write_tables  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise Stop(
            f"The tables need the package {missing.name}, which is not installed. Install the "
            "program again, with [estate] after the name of its wheel."
        ) from None

    days = [day for path in sources if path.is_dir() for day in days_of_run(path)]
    if days and len(sources) > 1:
        raise Stop("Give the folder of a run over an estate alone, without another argument.")
    if days and options.with_names:
        raise Stop("--with-names: the tables of an estate contain no names.")
    _must_be_replaceable(out, options.to, [f"{table.name}.{options.to}" for table in TABLES])
    notes = list[str]()
    if days:
        parts = run_parts(days)
    else:
        checks = _checks([each for path in sources for each in _sources(path)], notes)
        parts = (_part(check, with_names=options.with_names) for check in checks)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with replacing(out) as fresh:
            counts = write_tables(parts, options.to, fresh)
    except NoRun as problem:
        raise Stop(f"{problem}. Run 'dueregard estate' again, and give its folder.") from None
    except (OSError, DuckDBError) as error:
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise Stop(f"{path_words(out)} could not be written ({reason}).") from None
    bodies = words.count(counts["bodies"], "body", "bodies")
    wrote = f"{words.count(counts['checks'], 'check')} of {bodies}"
    obligations = words.count(counts["obligations"], "obligation")
    say("\n".join([f"Wrote {path_words(out)}: {wrote}, with {obligations}.", *notes]))
    return NOTHING_OUTSTANDING


def _must_be_replaceable(out: Path, form: str, names: Sequence[str]) -> None:
    """Raises Stop if something is at the place that is not the tables of an earlier run."""
    try:
        if form == DUCKDB:
            other = out.is_dir() or (out.is_file() and not _is_duckdb(out))
        else:
            found = {path.name for path in out.iterdir()} if out.is_dir() else set()
            other = out.is_file() or found not in (set(), set(names))
    except OSError as error:
        raise Stop(f"{path_words(out, '--out')}: {error.strerror or error}.") from None
    if other:
        what = "a DuckDB file" if form == DUCKDB else "a folder of such tables alone"
        raise Stop(
            f"Nothing was done: {path_words(out, '--out')} exists, and is not {what}. Give another "
            "name."
        )


def _is_duckdb(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == _DUCKDB_MARK


def _sources(path: Path) -> Iterator[_Source]:
    """The assessments that an argument names. Raises Stop if a folder contains none."""
    name = FILES["json"]
    if not path.is_dir():
        yield _Source(path, partial(read_input, path, LIMIT_BYTES))
    elif (path / name).is_file():
        yield from _sources(path / name)
    elif size_of(ledger := path / LEDGER_NAME):
        must_have_no_copies(path)
        with in_words():
            for entry, check in checks_in(entries(ledger)):
                place = path_in(store_of(ledger), check.assessment)
                yield _Source(place, partial(fetch_data, ledger, entry, check))
    else:
        found = sorted([*path.glob(f"*/{name}"), *path.glob(f"{REPORTS}/*/{name}")])
        if not found:
            raise Stop(
                f"There is no assessment in the folder {path_words(path.absolute())}. Run a check "
                "first, or name the folder of its reports."
            )
        for file in found:
            yield from _sources(file)


def _checks(sources: Sequence[_Source], notes: list[str]) -> list[_FoundCheck]:
    """The checks of assessments, each once, by body and day. Raises Stop if one cannot be read."""
    checks, pruned = dict[str, _FoundCheck](), 0
    for source in sources:
        with in_words():
            data = source.read()
        if data is None:
            pruned += 1
            continue
        outline = outline_from_json(data)
        if isinstance(outline, str):
            raise Stop(f"{path_words(source.path)}: {outline}")
        id_ = check_fingerprint(_compact(data))
        checks[id_] = _FoundCheck(outline.office, outline.as_of, id_, source)
    if not checks:
        raise Stop("Nothing was written: every check of the ledger was pruned.")
    if pruned:
        notes.append(f"Left out: {words.count(pruned, 'pruned check')}.")
    if again := len(sources) - pruned - len(checks):
        notes.append(f"Left out: {words.count(again, 'assessment')} of a check given before.")
    return sorted(checks.values())


def _compact(data: bytes) -> bytes:
    """The bytes of an assessment as a check writes them without --pretty."""
    if data.count(b"\n") <= 1:
        return data
    assessment = from_json(data)
    return to_json(assessment) if isinstance(assessment, Assessment) else data


def _part(check: _FoundCheck, *, with_names: bool) -> TablePart:
    """The tables of a check. Raises Stop if its assessment cannot be read any more."""
    from reports.tables.writers import arrow_part  # noqa: PLC0415  (loaded for this command alone)

    with in_words():
        assessment = from_json(check.source.read() or b"")
    if isinstance(assessment, str):
        raise Stop(f"{path_words(check.source.path)}: {assessment}")
    return arrow_part(frames(assessment, check=check.id, with_names=with_names))

"""dueregard estate: checks many bodies, each in a folder of its own, on a Dask cluster."""

from __future__ import annotations

import argparse
import gc
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cli.arguments import Commands, add_command
from cli.check_steps import today
from cli.commands.estate_report import save_by_name
from cli.estate_body import find_inputs, warm_up
from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, Stop
from cli.ledger_entry import day_of
from cli.progress import Bar
from cli.say import complain, say
from estate.bodies import EstateStop, find_bodies
from evidence.cells.text import some_of
from evidence.visible import visible

if TYPE_CHECKING:
    from estate.run import EstateSummary

OUT = Path("dueregard-estate")
_STORE = "assessments"
_LIMIT_SECONDS = 600
_MOST = 100_000  # of seconds, or of workers
_EXTRA = ("dask", "distributed", "fsspec", "pyarrow", "duckdb")


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "check many bodies, each in its own folder"
    add = add_command(commands, "estate", about, run).add_argument
    folders = "folders with an office.yaml, or folders that contain them"
    add("folders", metavar="FOLDER", type=Path, nargs="+", help=folders)
    add("--as-of", metavar="DAY", help="the day for which the duties are assessed (default: today)")
    out = f"the folder for results (default: {OUT})"
    add("--out", metavar="OUT", type=Path, default=OUT, help=out)
    store = f"where the assessments are kept: a folder or an address (default: {_STORE} in OUT)"
    add("--store", metavar="STORE", help=store)
    workers = "the processes on this computer (default: one for each processor)"
    add("--workers", metavar="N", help=workers)
    scheduler = "the Dask scheduler of a cluster, such as tls://host:8786"
    add("--scheduler", metavar="ADDRESS", help=scheduler)
    for name, what in (("ca", "authority"), ("cert", "certificate"), ("key", "key")):
        text = f"the {what} for tls:// (default: as Dask is configured)"
        add(f"--tls-{name}", metavar="FILE", type=Path, help=text)
    limit = f"the most seconds that one body may take (default: {_LIMIT_SECONDS})"
    add("--limit", metavar="SECONDS", help=limit)


def run(options: argparse.Namespace) -> int:
    """Checks every body and writes the results. Returns 1 if a body failed."""
    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        raise Stop(
            f"An estate needs the package {missing[0]}, which is not installed. Install the "
            "program again, with [estate] after the name of its wheel."
        )
    as_of = today() if options.as_of is None else day_of(options.as_of, "--as-of")
    limit_seconds = _number(options.limit, "--limit") or _LIMIT_SECONDS
    workers = _number(options.workers, "--workers")
    # they take a second to load
    from estate.cluster import ClusterOptions  # noqa: PLC0415
    from estate.run import EstateRequest, run_estate  # noqa: PLC0415

    gc.enable()  # unlike a single check, a run may be long
    try:
        bodies, store = find_bodies(options.folders), options.store or str(options.out / _STORE)
        if bodies.passed_over:
            complain(f"Not read (no office.yaml): {some_of(bodies.passed_over)}")
        request = EstateRequest(
            bodies.found,
            as_of,
            options.out,
            # workers may run in another folder
            store if "://" in store else str(Path(store).absolute()),
            limit_seconds,
            find_inputs,
            warm_up,
            ClusterOptions(
                options.scheduler or "",
                workers,
                options.tls_ca,
                options.tls_cert,
                options.tls_key,
            ),
        )
        with Bar(len(bodies.found)) as bar:
            summary = run_estate(request, lambda outcome: bar.add(failed=bool(outcome.failure)))
    except EstateStop as stop:
        raise Stop(str(stop)) from None
    *lines, last = _lines(summary)
    say("\n".join(lines))
    save_by_name(summary.results)
    say(last)
    return NOTHING_OUTSTANDING if summary.complete else OUTSTANDING


def _number(text: str | None, option: str) -> int | None:
    """The value of an option; None if it was not given."""
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= _MOST):
        raise Stop(f"{option} {visible(text)}: give a whole number from 1 to {_MOST:,}.")
    return int(text)


def _lines(summary: EstateSummary) -> list[str]:
    failed = summary.failures.total()
    lines = [f"{one.body}: {one.failure}. {one.words}" for one in summary.first_failed]
    if failed > len(lines):
        lines.append(f"and {failed - len(lines):,} more: the table checks has them all")
    if summary.again:
        lines.append(f"{summary.again:,} were in the store already")
    lines.append(f"Saved: {summary.results}")
    bodies = f"{summary.bodies:,} {'body' if summary.bodies == 1 else 'bodies'}"
    if summary.complete:
        return [*lines, f"Complete: {bodies}"]
    kinds = ", ".join(f"{kind} {n:,}" for kind, n in sorted(summary.failures.items()))
    return [*lines, f"Not complete: {failed:,} of {bodies} failed ({kinds})"]

"""dueregard estate: checks many bodies, each in a folder of its own, on a Dask cluster."""

from __future__ import annotations

import argparse
import gc
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cli.arguments import Commands
from cli.commands.check import today
from cli.commands.estate_report import save_by_name
from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, Stop
from cli.ledger_entry import day_of
from cli.office_check import find_inputs, warm_up
from cli.progress import Bar
from cli.say import complain, say
from estate.bodies import EstateStop, find_bodies
from evidence.cells.text import some_of

if TYPE_CHECKING:
    from estate.run import EstateSummary

OUT = Path("dueregard-estate")
_STORE = "assessments"
_LIMIT_SECONDS = 600.0
_EXTRA = ("dask", "distributed", "fsspec", "pyarrow", "duckdb")


def add_to(commands: Commands) -> None:
    """Adds the command."""
    command = commands.add_parser("estate", help="check many bodies, each in its own folder")
    add = command.add_argument
    folders = "folders with an office.yaml, or folders that contain them"
    add("folders", metavar="FOLDER", type=Path, nargs="+", help=folders)
    add("--as-of", metavar="DAY", help="the day for which the duties are assessed (default: today)")
    add(
        "--out",
        metavar="OUT",
        type=Path,
        default=OUT,
        help=f"the folder for results (default: {OUT})",
    )
    store = f"where the assessments are kept: a folder or an address (default: {_STORE} in OUT)"
    add("--store", metavar="STORE", help=store)
    add(
        "--workers",
        metavar="N",
        type=int,
        help="workers on this computer (default: as it has processors)",
    )
    add(
        "--scheduler",
        metavar="ADDRESS",
        help="the Dask scheduler of a cluster, such as tls://host:8786",
    )
    for name, what in (("ca", "authority"), ("cert", "certificate"), ("key", "key")):
        text = f"the {what} for tls:// (default: as Dask is configured)"
        add(f"--tls-{name}", metavar="FILE", type=Path, help=text)
    limit = f"the most seconds that one body may take (default: {_LIMIT_SECONDS:g})"
    add("--limit", metavar="SECONDS", type=float, default=_LIMIT_SECONDS, help=limit)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Checks every body and writes the results. Returns 1 if a body failed."""
    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        raise Stop(
            f"This command needs {some_of(missing)}, which "
            f"{'is' if len(missing) == 1 else 'are'} not installed. Run: pip install "
            "'dueregard[estate]'"
        )
    as_of = today() if options.as_of is None else day_of(options.as_of, "--as-of")
    if options.limit <= 0:
        raise Stop("--limit must be more than 0 seconds.")
    if options.workers is not None and options.workers < 1:
        raise Stop("--workers must be at least 1.")
    # they take a second to load
    from estate.cluster import ClusterOptions  # noqa: PLC0415
    from estate.run import EstateRequest, run_estate  # noqa: PLC0415

    gc.enable()  # unlike a single check, a run may be long
    try:
        bodies = find_bodies(options.folders)
        if bodies.passed_over:
            complain(f"Passed over (no office.yaml): {some_of(bodies.passed_over)}")
        request = EstateRequest(
            bodies.found,
            as_of,
            options.out,
            _store_address(options.store or str(options.out / _STORE)),
            options.limit,
            find_inputs,
            warm_up,
            ClusterOptions(
                options.scheduler or "",
                options.workers,
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


def _store_address(store: str) -> str:
    """The address of the store, which workers that run in another folder understand too."""
    return store if "://" in store else str(Path(store).absolute())


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

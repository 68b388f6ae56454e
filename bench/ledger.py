"""How long a ledger of 10,000 checks takes to list, show and verify, beside plain SQLite reads of
the same rows: python -m bench.ledger --entries 10000 --kept 365 --runs 5."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.cases import ROOT
from bench.harness import Run, in_turn, median, run_once

#: Each process by itself; the last two are the least that reading the same rows takes.
_IN_SQLITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
rows = connection.execute({sql!r}).fetchall()
print(len(rows))
"""
_ALL = "SELECT * FROM entries LEFT JOIN details USING (number) ORDER BY number"
_ONE = "SELECT * FROM entries LEFT JOIN details USING (number) WHERE number = 5000"

_BUILD = """
import sys
from bench.ledger import build
build(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Builds the ledger and prints the medians."""
    parser = argparse.ArgumentParser(prog="python -m bench.ledger", description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000, help="checks in it (10000)")
    parser.add_argument("--kept", type=int, default=365, help="assessments not pruned (365)")
    parser.add_argument("--runs", type=int, default=5, help="how often each is timed (5)")
    asked = parser.parse_args(arguments)
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "office.sqlite"
        # in a process of its own: the timed ones begin with the peak memory of this one
        run_once([sys.executable, "-c", _BUILD, str(path), str(asked.entries), str(asked.kept)])
        _say(path, asked.runs)
    return 0


def build(path: str, count: int, kept: int) -> None:
    """A ledger of so many checks of the example office, a day apart, in one transaction; each has
    an assessment of its own, of which all but the last ones are pruned."""
    # here, so that the process that times stays small
    from record.ledger.chain import Stamp, writing  # noqa: PLC0415
    from record.ledger.entries import Checked, ProgramRef, RulebookRef  # noqa: PLC0415
    from record.ledger.prune import prune  # noqa: PLC0415
    from record.ledger.store import put, store_of  # noqa: PLC0415

    ledger, data = Path(path), _assessment(Path(path).parent)
    first = datetime.datetime(2000, 1, 1, 9, tzinfo=datetime.UTC)
    stamps = [Stamp(first + datetime.timedelta(days=n), "Les Lead") for n in range(count)]
    with writing(ledger, stamps[0]) as writer:
        for number, stamp in enumerate(stamps):
            day = f'"as_of":"{stamp.at.date()}"'.encode()
            own = data.replace(b'"as_of":"2026-11-24"', day, 1)
            sha256 = f"{number:064x}" if number < count - kept else put(store_of(ledger), own)
            writer.add(
                Checked,
                stamp,
                as_of=stamp.at.date(),
                known_by=None,
                assessment=sha256,
                rulebook=RulebookRef(id="prevent-opcc", version="1.0.0", sha256="ab" * 32),
                sop=None,
                evidence=("cd" * 32, "ef" * 32),
                program=ProgramRef(version="0.1.0", engine="durable_rules and the second"),
            )
    prune(ledger, stamps[-kept].at.date(), Stamp(stamps[-1].at, "Les Lead"))


def _assessment(folder: Path) -> bytes:
    program = Path(sys.executable).with_name("dueregard")
    book, out = ROOT / "examples" / "office.xlsx", folder / "report"
    options = ["--as-of", "2026-11-24", "--formats", "json", "--ledger", "none"]
    run_once([str(program), "check", str(book), "--out", str(out), *options], (0, 1))
    return (out / "assessment.json").read_bytes()


def _say(path: Path, runs: int) -> None:
    program = str(Path(sys.executable).with_name("dueregard"))
    commands = {
        "list": [program, "ledger", "list", "--ledger", str(path)],
        "show 10000": [program, "ledger", "show", "10000", "--ledger", str(path)],
        "verify": [program, "ledger", "verify", "--ledger", str(path)],
        "program alone": [program, "--help"],
        "SQLite, all rows": [sys.executable, "-c", _IN_SQLITE.format(sql=_ALL), str(path)],
        "SQLite, one row": [sys.executable, "-c", _IN_SQLITE.format(sql=_ONE), str(path)],
    }
    timed = in_turn([_timed(command) for command in commands.values()], runs)
    stored = list(path.with_suffix(".assessments").iterdir())
    size = sum(each.stat().st_size for each in stored) / 1e6
    print(f"{path.stat().st_size / 1e6:.1f} MB, {len(stored)} assessments of {size:.0f} MB in all")
    print(f"medians of {runs} whole processes, in turn")
    for name, each in zip(commands, timed, strict=True):
        run = median(each)
        print(f"{name:18}{run.seconds:>7.2f} s{run.processor:>7.2f} s CPU{run.peak:>6.0f} MB")


def _timed(command: Sequence[str]) -> Callable[[], Run]:
    return lambda: run_once(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

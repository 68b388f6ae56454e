"""A small office whose desk is looked at: the evidence for tests/small_book, and the commands run
on it as processes of their own."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import main
from tests.support import file_builders as made
from tests.support.command_processes import Speaking, Started
from tests.support.file_builders import Cell, Sheet

BOOK = Path(__file__).parent.parent / "small_book"
PROGRAM = Path(sysconfig.get_path("scripts")) / "dueregard"
AS_OF = "2026-11-24"

Rows = Sequence[Sequence[Cell]]


def day(month: int, of_month: int) -> datetime.date:
    """A day of 2026."""
    return datetime.date(2026, month, of_month)


PEOPLE: Rows = [["ref", "name", "starts", "ends"], ["p1", "One", day(1, 5), ""]]
HEADINGS: Sequence[Cell] = ["ref", "person", "done on", "kind"]
DESK: Sequence[Cell] = ["c1", "", day(3, 1), "desk"]
SHOWN: Sequence[Cell] = ["c2", "p1", day(1, 9), "shown"]
COUNCIL: Sequence[Cell] = ["c3", "", day(5, 1), "council"]
CHECKS: Rows = [HEADINGS, DESK, SHOWN, COUNCIL]


def sheet(name: str, rows: Rows) -> Sheet:
    """A sheet of these rows from A1 on; '' leaves a cell out."""
    return Sheet(
        name,
        {
            (number, column): cell
            for number, row in enumerate(rows, 1)
            for column, cell in enumerate(row, 1)
            if cell != ""
        },
    )


def workbook(people: Rows = PEOPLE, checks: Rows = CHECKS) -> bytes:
    """An .xlsx of the two registers; all is met where nothing else is given."""
    return made.xlsx(sheet("People", people), sheet("Checks", checks))


def around(**more: str) -> dict[str, str]:
    """The environment of a command: this one, an output of 100 characters, and ``more``."""
    return {**os.environ, "COLUMNS": "100", **more}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


def ended(command: Sequence[str | Path], folder: Path, **environment: str) -> Ended:
    """A process run in ``folder`` to its end, its output no terminal and 100 characters wide."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=around(**environment),
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def dueregard(folder: Path, *arguments: str | Path) -> Ended:
    """The command as it was installed, run in ``folder``."""
    return ended([PROGRAM, *arguments], folder)


def called(folder: Path, *arguments: str | Path) -> Ended:
    """The same command run in this process, which is quicker; its output no terminal, but 100
    characters wide as that of the others."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as environment,
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        environment.setenv("COLUMNS", "100")
        code = main([str(argument) for argument in arguments])
    return Ended(code, out.getvalue(), err.getvalue())


def copied(
    folder: Path, arguments: Sequence[str], code: str = "", answers: str = "", **environment: str
) -> Ended:
    """The same command, run by a process that begins as a copy of one that has loaded the program;
    before that it runs ``code``, which may alter the program. ``answers`` are typed to it."""
    around_it = around(**environment)
    return Ended(*Started(folder, arguments, around_it, code, answers=answers).end())


def limited(folder: Path, size: int, arguments: Sequence[str]) -> Ended:
    """A command of which no file may grow beyond so many bytes, nor what Python compiles for it."""
    limit = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    process = Speaking(arguments, folder, around(PYTHONDONTWRITEBYTECODE="1"), limit)
    assert process.stdout is not None
    with process.stdout as out, process.stderr as err:
        told = out.read().decode(), err.read().decode()
    return Ended(process.wait(60), *told)


def asked(*evidence: str, out: str = "out", as_of: str = AS_OF, ledger: str = "none") -> list[str]:
    """The arguments of a check of these files by the small rulebook; ``ledger`` is the one to enter
    it in, none if not said, '' for the one that a check enters itself in unasked."""
    where = ["--ledger", ledger] if ledger else []
    return ["check", *evidence, "--rulebook", str(BOOK), "--as-of", as_of, "--out", out, *where]


def altered(code: str, arguments: Sequence[str]) -> list[str]:
    """A command that first runs ``code``, which may alter the program, and then the program."""
    return [
        sys.executable,
        "-c",
        f"import sys\n{code}\nfrom cli.main import main\nsys.exit(main())\n",
        *arguments,
    ]


def reports(folder: Path) -> dict[str, bytes]:
    """Every file of a folder of reports, by its name; {} where there is no such folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def rulebook(folder: Path, edits: Mapping[str, tuple[str, str]] | None = None) -> Path:
    """A copy of the small rulebook in ``folder``; ``edits`` says of a file which words become
    which others."""
    for path in BOOK.rglob("*.yaml"):
        name = path.relative_to(BOOK).as_posix()
        text = path.read_text(encoding="utf-8")
        old, new = (edits or {}).get(name, ("", ""))
        assert old in text, f"{name} does not hold {old!r}"
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder


def edited(folder: Path, old: str, new: str) -> None:
    """Changes office.yaml."""
    path = folder / "office.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")

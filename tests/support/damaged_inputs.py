"""Files that a command is given, changed at random: bytes, lines left out and written twice, keys
misspelt, numbers made huge; and what each command makes of them.

``python -m tests.support.damaged_inputs SEED COUNT [KIND ...]`` changes each kind of file,
or each of those named, COUNT times from SEED on, runs each command in a process of its own, and
prints how they ended, the slowest and the largest of them."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType

import docx

from record.pack import pack as packing
from record.recheck import recheck
from tests.support.desk_office import BOOK, Ended, asked, called, rulebook, workbook
from tests.support.process_measures import Measured, measured
from tests.support.sop_builders import HALL, HALL_TEXT
from tests.support.verifier import files_in, sealed

#: A command that takes longer hangs.
MOST_SECONDS = 60
HALL_RULES = HALL.parent / "rulebook"
DUTY = "desk-checked"

# How files change ---------------------------------------------------------------------------------

ODD = (
    b"\x00", b"\xff\xfe", b"\x1b[2J", "\u202e".encode(), b"\t", b"'", b'"', b"{", b"[", b"- ",
    b": ", b"*a", b"&a ", b"!!", b"%", b"#", b"|", b"<", b"&#0;", b"]]>", b"\r", b"~",
    b"null", b"1e999",
)  # fmt: skip
HUGE = (b"99999999999999999999", b"-1", b"0", b"4294967296", b"1e308", b"00")


def _bytes(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.choice((1, 2, 30, 1000, len(data)))]


def _again(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    part = data[at : at + chance.choice((1, 20, 500))]
    data[at:at] = part * chance.choice((1, 2, 40, 2000))


def _odd(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = chance.choice(ODD) * chance.choice((1, 1, 3, 5000))


def _line_gone(data: bytearray, chance: random.Random) -> None:
    lines = data.split(b"\n")
    del lines[chance.randrange(len(lines))]
    data[:] = b"\n".join(lines)


def _line_again(data: bytearray, chance: random.Random) -> None:
    lines = data.split(b"\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[to:to] = [lines[at]] * chance.choice((1, 1, 2, 300))
    data[:] = b"\n".join(lines)


def _number(data: bytearray, chance: random.Random) -> None:
    numbers = list(re.finditer(rb"[0-9]+", data))
    if numbers:
        found = chance.choice(numbers)
        data[found.start() : found.end()] = chance.choice(HUGE)


def _misspelt(data: bytearray, chance: random.Random) -> None:
    words = list(re.finditer(rb"[a-z]{2,}", data))
    if words:
        found = chance.choice(words)
        other = chance.choice(words)[0]
        data[found.start() : found.end()] = chance.choice((other, found[0] + b"s", other[::-1]))


def _deep(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = chance.choice((b"[", b'{"a":', b"- ", b"<w:p>", b"  ")) * 20_000


CHANGES = (
    _bytes, _cut, _again, _odd, _line_gone, _line_gone, _line_again, _number, _misspelt, _misspelt,
    _deep,
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes after one to three changes."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if made:
            chance.choice(CHANGES)(made, chance)
    return bytes(made)


def unzipped(data: bytes, chance: random.Random) -> bytes:
    """A zip file with one of its members changed, or changed itself."""
    if chance.random() < 0.3:
        return mutated(data, chance)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        names = source.namelist()
        which = chance.choice(names)
        for name in names:
            held = source.read(name)
            target.writestr(name, mutated(held, chance) if name == which else held)
    return made.getvalue()


def resealed(data: bytes, chance: random.Random) -> bytes:
    """A pack with one of its files changed and the hash of it put right."""
    held = files_in(data)
    name = chance.choice([each for each in held if each != "manifest.json"])
    return packing.archive(sealed(held | {name: mutated(held[name], chance)}))


# What is changed ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of file: which file of the folder changes, and the commands that read it."""

    files: tuple[str, ...]
    commands: tuple[Callable[[Path], Ended], ...]
    change: Callable[[bytes, random.Random], bytes] = mutated
    confirms: int = -1
    """The command that ends with 0 only where ``content`` is what it was; -1 for none."""
    content: Callable[[bytes], object] = bytes


def _command(*arguments: str) -> Callable[[Path], Ended]:
    return lambda folder: called(folder, *arguments)


def _recheck(folder: Path) -> Ended:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = recheck.program([str(folder / "pack.zip")])
    return Ended(code, out.getvalue(), err.getvalue())


def _entered(data: bytes) -> object:
    """What a ledger holds in its tables."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        tables = ("entries", "details", "secret")
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]


def _packed(data: bytes) -> object:
    """The files of a pack, and what its manifest says of them."""
    held = files_in(data)
    manifest = json.loads(held.pop("manifest.json"))
    return held, [manifest[name] for name in ("format", "evidence", "files")]


def _decided(data: bytes) -> object:
    """The status of the office and of each duty in the assessment of a pack."""
    made = json.loads(files_in(data)["assessment.json"])
    return made["status"], [(duty["id"], duty["status"]) for duty in made["duties"]]


_RULES = ("rules", "check", "rules")
_CHECK = _command("check", "office.xlsx", "--rulebook", "rules", "--as-of", "24/11/2026")
_LEDGER = ("--ledger", "l.sqlite")
KINDS: Mapping[str, Kind] = {
    "rule": Kind(
        tuple(
            f"rules/{path.relative_to(BOOK).as_posix()}"
            for path in sorted(BOOK.rglob("*.yaml"))
            if path.parent != BOOK
        ),
        (_command(*_RULES), _CHECK, _command("rules", "docs", "page.html", "--rulebook", "rules")),
    ),
    "book": Kind(
        ("rules/book.yaml",),
        (_command(*_RULES), _CHECK, _command("template", "t.xlsx", "--rulebook", "rules")),
    ),
    "registers": Kind(("rules/registers.yaml",), (_command(*_RULES), _CHECK)),
    "pins": Kind(
        ("hall/pins.yaml", "hall/book.yaml"),
        (
            _command("rules", "check", "hall"),
            _command("sop", "pin", "hall.txt", "--rulebook", "hall", "--accept"),
        ),
    ),
    "cases": Kind(("cases/a.yaml",), (_command("rules", "test", "rules", "--cases", "cases"),)),
    "text": Kind(
        ("hall.txt", "hall.md"),
        (
            _command("sop", "coverage", "hall.txt", "--rulebook", "hall"),
            _command("sop", "compare", "hall.txt", "hall.md", "--rulebook", "hall"),
        ),
    ),
    "docx": Kind(
        ("hall.docx",), (_command("sop", "read", "hall.docx", "--rulebook", "hall"),), unzipped
    ),
    "assessment": Kind(
        ("out/assessment.json",),
        (
            _command("explain", "out/assessment.json", DUTY),
            _command("locate", "out/assessment.json", "office.xlsx", "--rulebook", str(BOOK)),
            _command("pack", "new.zip", "out/assessment.json", "--rulebook", str(BOOK)),
            _command("review", "out/assessment.json", DUTY, "--agree"),
        ),
    ),
    "run": Kind(("out/run.json",), (_command("review", "out/assessment.json", DUTY, "--agree"),)),
    "ledger": Kind(
        ("l.sqlite",),
        (
            _command("ledger", "list", *_LEDGER),
            _command("ledger", "verify", *_LEDGER),
            _command("ledger", "show", "1", *_LEDGER),
            _command("ledger", "compare", "1", "2", *_LEDGER),
            _command("ledger", "export", "chain.txt", *_LEDGER),
            _command("review", "out/assessment.json", DUTY, "--agree", *_LEDGER),
        ),
        confirms=1,
        content=_entered,
    ),
    "pack": Kind(("pack.zip",), (_recheck,), unzipped, 0, _packed),
    "sealed": Kind(("pack.zip",), (_recheck,), resealed, 0, _decided),
}

CASES = """\
duty: desk-checked
cases:
  - name: One check of the desk is enough
    as of: 2026-11-24
    evidence:
      checks:
        - {ref: c1, done on: 2026-03-01, kind: desk}
    expect: {status: met}
"""


def office(folder: Path) -> Path:
    """A folder with a file of each kind."""
    (folder / "office.xlsx").write_bytes(workbook())
    rulebook(folder / "rules")
    shutil.copytree(HALL_RULES, folder / "hall")
    for name in ("hall.txt", "hall.md"):
        (folder / name).write_text(HALL_TEXT, encoding="utf-8")
    assert called(folder, "sop", "pin", "hall.txt", "--rulebook", "hall", "--accept").code == 0
    document = docx.Document()
    for line in filter(None, HALL_TEXT.split("\n")):
        document.add_paragraph(line)
    document.save(str(folder / "hall.docx"))
    (folder / "cases").mkdir()
    (folder / "cases" / "a.yaml").write_text(CASES, encoding="utf-8")
    for _ in range(2):
        assert called(folder, *asked("office.xlsx", ledger="l.sqlite")).code == 0
    evidence = ("--evidence", "office.xlsx", *_LEDGER)
    packed = ("pack", "pack.zip", "out/assessment.json", "--rulebook", str(BOOK), *evidence)
    assert called(folder, *packed).code == 0
    return folder


# How it ends --------------------------------------------------------------------------------------

#: What says that a changed file cannot be read as what it was.
_UNREAD = (KeyError, TypeError, ValueError, sqlite3.Error, zipfile.BadZipFile, zlib.error)

#: Makes a call and measures it.
Way = Callable[[Callable[[], Ended], float], Measured[Ended]]


@dataclass(slots=True)
class Tally:
    """How the commands ended, by kind and exit code; what is wrong; and the slowest and the largest
    of them."""

    ends: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")

    @property
    def mutations(self) -> int:
        """How many commands were run on a changed file."""
        return self.ends.total()


def here(call: Callable[[], Ended], most_seconds: float) -> Measured[Ended]:
    """The call made in this process, without its memory, which cannot be told from that before."""
    began = time.perf_counter()
    try:
        with _ended_after(int(most_seconds)):
            return Measured(call(), "", time.perf_counter() - began, 0)
    except Hangs:
        return Measured(None, "it hangs", time.perf_counter() - began, 0)


def run(folder: Path, kind: str, seed: int, count: int, tally: Tally, way: Way = here) -> None:
    """``count`` changes of a kind of file from ``seed`` on, each given to its commands."""
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for number in range(seed, seed + count):
        _one(folder, kind, number, tally, way)
        _restore(folder, files)


def _one(folder: Path, name: str, seed: int, tally: Tally, way: Way) -> None:
    kind, chance = KINDS[name], random.Random(f"{name} {seed}")
    path = folder / chance.choice(kind.files)
    before = path.read_bytes()
    path.write_bytes(after := kind.change(before, chance))
    for at, command in enumerate(kind.commands):
        what = f"{name} {seed}, command {at}"
        made = way(partial(_called, command, folder), MOST_SECONDS)
        tally.slowest = max(tally.slowest, (made.seconds, what))
        tally.largest = max(tally.largest, (made.megabytes, what))
        if made.value is None:
            tally.wrong.append(f"{what}: {made.fault}")
            continue
        code, err = made.value.code, made.value.err
        tally.ends[name, code] += 1
        if code not in {0, 1, 2} or "Traceback" in err:
            tally.wrong.append(f"{what}: {code}: {err[:300]}")
        if at == kind.confirms and code == 0 and not _same(kind, before, after):
            tally.wrong.append(f"{what}: it confirms what was changed")


def _called(command: Callable[[Path], Ended], folder: Path) -> Ended:
    try:
        return command(folder)
    except SystemExit:
        return Ended(2, "", "")


def _same(kind: Kind, before: bytes, after: bytes) -> bool:
    try:
        return kind.content(before) == kind.content(after)
    except _UNREAD:
        return False


def _restore(folder: Path, files: Mapping[Path, bytes]) -> None:
    for path in list(folder.rglob("*")):
        if path.is_file() and path not in files:
            path.unlink()
    for path, data in files.items():
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)


class Hangs(BaseException):
    """A command took too long."""


@contextmanager
def _ended_after(seconds: int) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def main(arguments: list[str]) -> int:
    """Runs a campaign and prints how it went; 1 where something is wrong."""
    seed, count = int(arguments[0]), int(arguments[1])
    faults = 0
    for kind in arguments[2:] or KINDS:
        tally = Tally()
        with tempfile.TemporaryDirectory() as folder:
            office(Path(folder))
            run(Path(folder), kind, seed, 1, Tally())  # here, so that what it needs is loaded
            gc.freeze()
            run(Path(folder), kind, seed, count, tally, measured)
        ends = {code: number for (_, code), number in sorted(tally.ends.items())}
        slowest, largest = (
            "{:.1f} s ({})".format(*tally.slowest),
            "{} MB ({})".format(*tally.largest),
        )
        print(f"{kind}: {count} files, {tally.mutations} commands, ended {ends}")
        print(f"  slowest {slowest}, largest {largest}, wrong {len(tally.wrong)}")
        for each in tally.wrong[:20]:
            print(f"  {each}")
        sys.stdout.flush()
        faults += len(tally.wrong)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

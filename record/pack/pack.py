"""A pack: one archive with everything that an auditor needs to recheck an assessment."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from textwrap import wrap

from engine.assessment import Assessment
from evidence.cells.text import listed
from evidence.files.apart import opened
from evidence.limits import LIMITS
from evidence.mapping.model import OfficeMapping, mapping_json, mapping_sha256
from evidence.raw_cells import RawWorkbook
from evidence.regular_file import FileStop, read_regular
from record.ledger.chain import export_chain
from record.ledger.entries import digest
from record.pack.book import plain_book
from record.pack.cells import cells_of
from reports.json import LIMIT_BYTES as ASSESSMENT_BYTES
from reports.json import from_json
from rules.load import OWN_BOOK, read_book, read_folder, rule_files
from rules.model import Rulebook
from rules.sop_files.read import LIMIT_BYTES as SOP_BYTES

PACK_FORMAT = "dueregard-pack-1"
RECHECK = Path(__file__).parents[1] / "recheck" / "recheck.py"
RECHECK_MAPPING = RECHECK.with_name("recheck_mapping.py")

#: The date of every file in the archive: the earliest that an archive can have.
_NO_DATE = (1980, 1, 1, 0, 0, 0)

_README = """\
A pack of Due Regard
====================

What it is
  An assessment of {title} (version {version}), as of {as_of}{known}{begin}, with
  everything that it was made from. Anybody can work out every status in it again, without the
  program that made it.
  Marking: {marking}{notice}

How to recheck it
  1. Python 3.11 or later is needed, and nothing else. If its library openpyxl is installed, the
     workbooks are compared with cells.csv as well.
  2. Take {verifier} out of the pack, into the folder that contains the pack.
  3. In that folder:                          python recheck.py PACK.zip
     or, if no other pack is in that folder:  python recheck.py
     (On Windows the command may be 'py'.)
  4. It first prints what it does not check. Then it works out every obligation of every duty from
     the raw text of the cells and the rules, and compares the results. It ends with one of these
     codes:

       0  everything is confirmed
       1  there is a difference. The duty, the subject and the cells are named
       2  the pack could not be checked. The reason is given

  Read it before you run it: its sections follow the definitions of met, due and
  overdue. It writes nothing and opens no connection.

Before you trust it
  A pack that was altered as a whole, with its own recheck.py, can say anything. Compare the SHA-256
  of the archive with the one that was recorded when it was made, or take recheck.py from the
  program. A pack contains no date of its own and is not compressed, so the same files always give
  the same pack, byte for byte.

Where to look
  Why does a duty have its status?    assessment.json: unmet_reason and derivation
  Which cells?                        assessment.json: evidence, rejected and unreadable, which cite
                                      rows under sheets (s2.17 is row 17 of the sheet s2)
  Which sentence of the SOP?          assessment.json: citations
  Which version of the rule?          assessment.json: version_from, and rulebook/ by the duty's id
  Who approved it?                    the same file in rulebook/: approved by

What is in it
  assessment.json        the assessment to recheck
  rulebook/              the rule files
  rulebook.json          the same rules in one plain file, which recheck.py reads
  evidence/files/        the files of evidence, unchanged
  evidence/sheets.csv    their sheets, and the register of each
  evidence/cells.csv     every cell that is not empty
  mapping.json           how sheets with other headings were read, if a mapping read them
  sop/                   the SOP, each version that was given
  ledger.txt             the chain of the ledger, if it was given
  manifest.json          the SHA-256 of each file
  recheck.py             the verifier, and recheck_mapping.py where there is a mapping

cells.csv, with one line for each cell
  file, sheet, row, letters   where the cell is
  register, column            how it was read ('' for a column that no register has)
  text                        its raw text. An apostrophe was put before a text that begins with
                              = + - @ ' a tab or a return, so that nothing runs as a formula
  kind                        its kind in the file: text, number, day, day and time, time,
                              yes/no, error (it shows one), formula (its result is not stored)
  merged with                 the cell from which a merge fills it
  hidden                      yes, if its row or column is hidden (hidden cells are read too)
  line                        how its line was read: row (of the register), headings, above (the
                              headings), example (marked so), total, headings again, beside (the
                              register), mapped (read as mapping.json says), not read
  A cell without a line is blank.

Files
{files}
"""


class CannotPack(Exception):
    """The pack cannot be made; ``str()`` is the whole message."""


def pack(
    path: Path,
    evidence: Sequence[Path] = (),
    rulebook: Path = OWN_BOOK,
    sop: Sequence[Path] = (),
    ledger: Path | bytes | None = None,
    mapping: OfficeMapping = (),
) -> bytes:
    """The bytes of the archive of the assessment in a file, the same for the same files. Without
    ``evidence`` no status in it can be rechecked. ``ledger``: its path, or its chain. ``mapping``
    is the one with which the evidence was read. Raises CannotPack if a file cannot be read or is
    not the one that the assessment was made with, and LedgerProblem if the ledger cannot be
    read."""
    data = _read(path, ASSESSMENT_BYTES)
    assessment = from_json(data)
    if isinstance(assessment, str):
        raise CannotPack(f"{path}: {assessment}")
    rules, book = _rules(rulebook, assessment)
    files = {"assessment.json": data, "recheck.py": RECHECK.read_bytes()}
    files |= {f"rulebook/{name}": content for name, content in rules.items()}
    files["rulebook.json"] = _json(plain_book(book))
    members: dict[str, str] = {}  # the names of the files of evidence in the pack
    if evidence:
        checked = _evidence(evidence, assessment)
        for number, (name, (_, content)) in enumerate(checked.items(), 1):
            members[name] = f"evidence/files/{number}-{_plain_name(name)}"
            files[members[name]] = content
        books = _books({name: file for name, (file, _) in checked.items()})
        mapping = _mapping(mapping, assessment)
        sheets, cells = cells_of(books, book.registers, mapping)
        if mapping:
            files["mapping.json"] = mapping_json(mapping).encode()
            files[RECHECK_MAPPING.name] = RECHECK_MAPPING.read_bytes()
        files |= {"evidence/sheets.csv": sheets, "evidence/cells.csv": cells}
    for number, (file, content) in enumerate(_sop(sop, assessment), 1):
        before = f"{number}-" if len(sop) > 1 else ""
        files[f"sop/{before}{_plain_name(file.name)}"] = content
    if ledger is not None:
        files["ledger.txt"] = ledger if isinstance(ledger, bytes) else export_chain(ledger)
    files["README.txt"] = readme(assessment, sorted(files)).encode()
    hashes = {name: digest(files[name]) for name in sorted(files)}
    manifest = {"format": PACK_FORMAT, "evidence": members, "files": hashes}
    return archive(files | {"manifest.json": _json(manifest)})


def archive(files: Mapping[str, bytes]) -> bytes:
    """The files as an archive, by name and with one date. They are not compressed, because
    compressed bytes differ between machines."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as writer:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _NO_DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            writer.writestr(info, files[name])
    return buffer.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"


def _read(path: Path, limit_bytes: int) -> bytes:
    try:
        return read_regular(path, limit_bytes)
    except FileStop as stop:
        raise CannotPack(f"{path} {stop.words}") from None


def _sop(paths: Sequence[Path], assessment: Assessment) -> Iterator[tuple[Path, bytes]]:
    """The documents of the SOP that the assessment quotes, each of which must be given if one is;
    all of them, if it quotes none."""
    contents = {path: _read(path, SOP_BYTES) for path in paths}
    hashes = {path: digest(data) for path, data in contents.items()}
    quoted = assessment.sop_files
    missing = [stamp for stamp in quoted if stamp.sha256 not in hashes.values()]
    if missing and len(paths) == len(quoted) == 1:
        raise CannotPack(
            f"{paths[0]} is not the document that the assessment quotes ({missing[0].file}): its "
            "SHA-256 differs. Give that one with --sop."
        )
    if missing and paths:
        raise CannotPack(
            f"The assessment quotes version {missing[0].version} of the SOP ({missing[0].file}), "
            "and no file given has its SHA-256. Give that file too, with --sop."
        )
    named = {stamp.sha256 for stamp in quoted}
    yield from ((path, contents[path]) for path in paths if not named or hashes[path] in named)


def _rules(folder: Path, assessment: Assessment) -> tuple[dict[str, bytes], Rulebook]:
    """The rule files by name, and the rulebook, which must be the one that the assessment names."""
    contents = read_folder(folder)
    files = {} if isinstance(contents, tuple) else rule_files(contents)
    rulebook = read_book(files)
    if not isinstance(rulebook, Rulebook):
        raise CannotPack(f"{folder} has errors: run 'dueregard rules check' to list them.")
    stamp = assessment.rulebook
    if rulebook.sha256 != stamp.sha256:
        raise CannotPack(
            f"{folder} is not the rulebook that the assessment was made with ({stamp.title}, "
            f"version {stamp.version}): its files differ. Give that one with --rulebook."
        )
    return files, rulebook


def _evidence(paths: Sequence[Path], assessment: Assessment) -> dict[str, tuple[Path, bytes]]:
    """The path and the bytes of each file of evidence, found by its hash, by its name in the
    assessment. Raises CannotPack, naming each file, unless they are exactly those that the
    assessment names."""
    contents = {path: _read(path, LIMITS.file_bytes) for path in paths}
    by_hash: dict[str, list[Path]] = defaultdict(list)
    for path, data in contents.items():
        by_hash[digest(data)].append(path)
    evidence: dict[str, tuple[Path, bytes]] = {}
    missing = []
    for stamp in assessment.evidence:
        if copies := by_hash.get(stamp.sha256):
            path = copies.pop(0) if len(copies) > 1 else copies[0]
            evidence[stamp.file] = path, contents[path]
        else:
            missing.append(stamp.file)
    used = {path for path, _ in evidence.values()}
    others = {path.name: path for path in contents if path not in used}
    lines = []
    for file in missing:
        other = others.pop(PurePosixPath(file).name, None)
        if other is None:
            lines.append(f"  {file} is named in the assessment and was not given.")
        else:
            lines.append(
                f"  {other} is not the file that was checked as {file}: its SHA-256 differs. Give "
                "the file as it was then, or check again."
            )
    lines += [f"  {path} is not a file of this assessment." for path in others.values()]
    if lines:
        raise CannotPack("\n".join(["Nothing was packed.", *lines]))
    return evidence


def _books(paths: Mapping[str, Path]) -> list[RawWorkbook]:
    workbooks = []
    with opened(paths) as books:
        for book in books:
            if not isinstance(book, RawWorkbook):
                raise CannotPack(book.message)
            workbooks.append(book)
    return workbooks


def _mapping(mapping: OfficeMapping, assessment: Assessment) -> OfficeMapping:
    """The mapping of the assessment; none if it was made without one. Raises CannotPack if it was
    made with another than was given."""
    if assessment.mapping is None:
        return ()
    if mapping_sha256(mapping) != assessment.mapping.sha256:
        raise CannotPack(
            "The mapping in office.yaml is not the one with which the assessment was made. Run the"
            " command in the office's folder, with office.yaml as it was then, or check again."
        )
    return mapping


def _plain_name(name: str) -> str:
    """A file's name without characters that some systems do not allow."""
    return re.sub(r"[^A-Za-z0-9._ -]", "_", PurePosixPath(name).name).strip(". ") or "file"


def readme(assessment: Assessment, files: Sequence[str]) -> str:
    """The page for an assessment in a pack of these files."""
    stamp, known = assessment.rulebook, assessment.known_by
    begin, notice = assessment.records_begin, assessment.program.notice
    return _README.format(
        title=stamp.title,
        version=stamp.version,
        marking=stamp.marking,
        notice="".join(f"\n  {line}" for line in wrap(f"Notice: {notice}", 98)) if notice else "",
        as_of=assessment.as_of.isoformat(),
        known=f", counting only what was recorded by {known.isoformat()}" if known else "",
        begin=f", with records that begin on {begin.isoformat()}" if begin else "",
        verifier=verifier_words(files),
        files="\n".join(f"  {name}" for name in files),
    )


def verifier_words(files: Collection[str]) -> str:
    """What to take out of a pack of these files to recheck it."""
    return listed([path.name for path in (RECHECK, RECHECK_MAPPING) if path.name in files])

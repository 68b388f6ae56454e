"""Makes all that a lead needs for a month from one assessment: all of it, or nothing."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.check_inputs import WITHOUT_NAMES, CheckInputs
from cli.check_steps import prepared
from cli.commands import calendar, owners
from cli.commands.month.contents import MONTH, PACK, MonthContents, month_json, read_month
from cli.commands.papers.make import make_papers
from cli.commands.record.pack import pack_of_office
from cli.exits import Stop
from cli.inputs import path_words
from cli.ledger_entry import approvals_not_entered, in_words, stamp
from cli.office_folder import Office
from cli.progress import Progress
from engine.assessment import Assessment
from record.ledger.chain import entries, key_of, new_key
from record.ledger.checks import Entered, entering
from record.ledger.database import size_of
from record.ledger.entries import digest
from record.ledger.run_file import RUN, write_run
from record.ledger.sign_off import sign_offs_once_entered
from record.ledger.text import sign_off_words
from record.office.folder_replacement import FolderInUse, FolderReplacement, replacing
from record.office.kept_reports import REPORTS, days_with_reports
from reports.owners.mail import owner_mails
from reports.writing import ALL, FILES, FORMATS, CannotWrite, write_reports

_UNCHANGED = "Nothing was written, and the ledger is unchanged."
_AGAIN = "Run the command again."


@dataclass(frozen=True, slots=True)
class MadeMonth:
    """What was made. ``files``: the SHA-256 of each, by its name within the folder; ``kept``: the
    names of those that were there before and remain."""

    assessment: Assessment
    entered: Entered
    files: Mapping[str, str]
    kept: tuple[str, ...]
    lines: tuple[str, ...]


def make_month(
    office: Office,
    inputs: CheckInputs,
    as_of: datetime.date,
    options: argparse.Namespace,
    progress: Progress,
) -> MadeMonth:
    """Checks, writes everything beside the folder of the day, enters the check in the ledger and
    puts the folder in place. Raises Stop, with nothing changed, if any of that fails."""
    check = prepared(inputs, as_of, progress, ALL, months=_months_before(office, as_of))
    with in_words(f" {_UNCHANGED}"):
        key = key_of(office.ledger) or new_key()
    assessment, data = check.make(key)
    lines = (*check.lines, *approvals_not_entered(inputs.ledger, check.rulebook))
    try:
        with in_words(), replacing(inputs.out) as folder:
            write_reports(assessment, folder.path, evidence=check.folder, made={"json": data})
            if options.without_names:
                write_reports(
                    check.nameless(assessment),
                    folder.path / WITHOUT_NAMES,
                    formats=[name for name in ALL if not FORMATS[name].always_names],
                    evidence=check.folder,
                )
            progress("write")
            _write_mails_and_calendar(folder, assessment)
            progress("mails")
            recorded = entries(office.ledger) if size_of(office.ledger) else []
            sign_offs = sign_offs_once_entered(recorded, as_of, digest(data))
            folder.write(
                make_papers(
                    assessment,
                    check.old,
                    office.folder,
                    inputs.rulebook,
                    list(map(sign_off_words, sign_offs)),
                    pdf=options.pdf,
                )
            )
            progress("papers")
            with entering(
                office.ledger, assessment, stamp(options.by), key, data, check.rulebook.files
            ) as (entered, ledger):
                if sign_offs and entered.number != recorded[-1].row.number + 1:
                    raise Stop(f"Somebody added to the ledger meanwhile. {_UNCHANGED} {_AGAIN}")
                write_run(folder.path, entered)
                if not options.no_pack:
                    report = folder.path / FILES["json"]
                    folder.write({PACK: pack_of_office(office, report, assessment, ledger.chain())})
                files = _files(folder.path)
                contents = MonthContents(digest(data), files)
                folder.write({MONTH: month_json(contents)})
                kept = _keep(folder, files)
                folder.put_in_place()
        progress("pack")
    except (CannotWrite, OSError) as error:
        cause = error.__cause__ if isinstance(error, CannotWrite) else error
        reason = getattr(cause, "strerror", None) or cause
        raise Stop(
            f"The files for {path_words(inputs.out)} could not be written ({reason}). {_UNCHANGED} "
            "Free some space, or see who may write there, and run the command again."
        ) from None
    except FolderInUse as error:
        files_open = " and ".join(error.open_files) or "what has a file in it open, such as Excel"
        raise Stop(
            f"The folder {path_words(inputs.out)} could not be replaced ({error}). {_UNCHANGED} "
            f"Close {files_open}, and run the command again."
        ) from None
    return MadeMonth(assessment, entered, files, tuple(kept), lines)


def _months_before(office: Office, as_of: datetime.date) -> set[str]:
    """The hashes of the assessments of the months before that were written into the folder."""
    days = [day.isoformat() for day in days_with_reports(office.folder) if day < as_of]
    months = (read_month(office.folder / REPORTS / name) for name in days)
    return {month.assessment for month in months if month}


def _write_mails_and_calendar(folder: FolderReplacement, assessment: Assessment) -> None:
    """Writes the draft for each owner, and the calendar, which counts on from the one before."""
    out = folder.target / calendar.NAME
    before = calendar.calendar_before(out, folder.target / FILES["json"])
    instead = f"Move it out of the folder, or put the calendar that it was back. {_UNCHANGED}"
    mails = owner_mails(assessment)
    folder.write(
        {calendar.NAME: calendar.updated_calendar(assessment, before, instead)}
        | {f"{owners.FOLDER}/{name}": mail for name, mail in mails.items()}
    )


def _files(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file in a folder but run.json, by its name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != RUN)
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in paths}


def _keep(folder: FolderReplacement, files: Mapping[str, str]) -> list[str]:
    """Keeps what the folder before has and no month wrote, and under another name each document
    that somebody has changed since."""
    before = read_month(folder.target)
    old = {} if before is None else before.files
    renamed = {}
    for path in folder.target.glob("*.docx"):
        if digest(path.read_bytes()) not in (old.get(path.name), files.get(path.name)):
            renamed[path.name] = _free_name(path)
    replaced = {*FILES.values(), RUN, MONTH, *old} - renamed.keys()
    return folder.keep(replaced, {name: to for name, to in renamed.items() if name in files})


def _free_name(path: Path) -> str:
    """A name beside the document that nothing has: ``statement (changed by hand).docx``."""
    name, number = f"{path.stem} (changed by hand){path.suffix}", 1
    while path.with_name(name).exists():
        number += 1
        name = f"{path.stem} (changed by hand {number}){path.suffix}"
    return name

"""dueregard start: sets up a folder for the office, in which a check needs no argument."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.ask import ask, ask_yes
from cli.evidence_input import find_files
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import path_words, rulebook_in, rulebook_option
from cli.ledger_entry import stamp
from cli.office_folder import (
    Office,
    allowed_for,
    must_be_folder,
    must_have_no_copies,
    office_in,
    settings_file,
)
from cli.outputs import make_folder, write_new
from cli.say import complain, say
from evidence.cells.day_text import Day, read_day
from record.ledger.database import LEDGER_NAME
from record.office.allowed_paths import allow_paths
from record.office.evidence_files import (
    EvidenceStop,
    find_evidence,
    outside_names,
    outside_words,
    passed_words,
    place_of,
)
from record.office.kept_reports import REPORTS
from record.office.office_file import NAME, VERSION, OfficeFile, office_file_text, separated
from record.office.survey import SurveyedFile, sop_in, sop_problems, survey
from reports.words import day
from rules.model import Rulebook
from rules.sop.problem import describe

_NONE = "none"


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "set up a folder for the office, in which a check needs no file name"
    add = add_command(commands, "start", about, run).add_argument
    folder = "the folder with the office's spreadsheets (default: this one)"
    add("folder", metavar="FOLDER", type=Path, nargs="?", default=Path(), help=folder)
    add("--yes", action="store_true", help="ask nothing, and use only what is certain")
    allow = "a path outside the folder that office.yaml may name on this computer"
    add("--allow", metavar="PATH", type=Path, action="append", default=[], help=allow)
    add("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")


def run(options: argparse.Namespace) -> int:
    """Writes office.yaml, if there is none, and makes the folder for reports. Prints what is there
    and what is missing."""
    folder: Path = options.folder
    must_be_folder(folder)
    make_folder(folder, instead="folder")
    must_have_no_copies(folder)
    there = [name for name in (NAME, REPORTS, LEDGER_NAME) if (folder / name).exists()]
    office = office_in(folder)
    _allow(folder, options.allow)
    if office is None:
        _allow(folder, [options.rulebook] if options.rulebook else [])
        found = _find(folder, options.rulebook)
        file = found.office_file() if options.yes else _ask_all(found)
        write_new(folder / NAME, office_file_text(file).encode())
        say(f"Saved: {folder / NAME}")
        office = Office(folder, file, allowed_for(folder))
    else:
        office = _with_allowed(office, asking=not options.yes)
        if options.rulebook:
            complain(f"--rulebook was not used, because {NAME} is there already: edit it instead.")
    if not (folder / REPORTS).exists():
        make_folder(folder / REPORTS, instead="folder")
        say(f"Saved: {folder / REPORTS}")
    if there:
        verb = "was there already and was" if len(there) == 1 else "were there already and were"
        say(f"{' and '.join(there)} {verb} not changed.")
    say("\n".join(_state(office)))
    return NOTHING_OUTSTANDING


def _allow(folder: Path, paths: Sequence[Path]) -> None:
    """Keeps the permission for those of the paths that lie outside the folder."""
    places = [place_of(path, Path()) for path in paths]
    outside = [path for path in places if outside_names([str(path.absolute())], folder, ())]
    if not outside:
        return
    settings = settings_file()
    try:
        allow_paths(settings, folder, outside)
    except OSError as error:
        reason = error.strerror or error
        raise Stop(f"{path_words(settings)} could not be written ({reason}).") from None
    say("\n".join(f"Allowed on this computer: {path_words(path.resolve())}" for path in outside))


# What is certain --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found in a folder: its spreadsheets, the SOP, and lines on what is not certain."""

    folder: Path
    rulebook: Rulebook
    rulebook_name: str | None
    spreadsheets: tuple[SurveyedFile, ...]
    sop: tuple[str, ...]

    @property
    def certain(self) -> tuple[str, ...]:
        """The names of the spreadsheets with a sheet that is known."""
        return tuple(
            file.name
            for file in self.spreadsheets
            if file.certain and (self.folder / file.name).exists()  # else not every letter shows
        )

    def office_file(self) -> OfficeFile:
        """What is certain, as office.yaml says it."""
        return OfficeFile(
            version=VERSION, rulebook=self.rulebook_name, sop=self.sop, evidence=self.certain
        )


def _find(folder: Path, rulebook_folder: Path | None) -> _Found:
    rulebook = rulebook_in(rulebook_folder)
    name = _from_folder(folder, rulebook_folder) if rulebook_folder else None
    return _Found(folder, rulebook, name, _spreadsheets(folder, rulebook), sop_in(folder, rulebook))


def _from_folder(folder: Path, path: Path) -> str:
    """A path as office.yaml names it: from the folder, or whole if it lies elsewhere."""
    real, root = path.resolve(), folder.resolve()
    return (real.relative_to(root) if real.is_relative_to(root) else real).as_posix()


def _spreadsheets(folder: Path, rulebook: Rulebook) -> tuple[SurveyedFile, ...]:
    try:
        found = find_evidence([Path()], folder, ())
    except EvidenceStop:  # there are none, or too many, or a conflicted copy: a check says which
        return ()
    return survey(found.files, folder, rulebook.registers)


# Questions --------------------------------------------------------------------------------------


def _ask_all(found: _Found) -> OfficeFile:
    """The office's file, from answers. An empty answer takes what is certain, or leaves it out."""
    office = ask(
        "What is the office called? Its name is at the head of each report. (Enter: no name)"
    )
    sop = _ask_sop(found)
    begin = _ask_records_begin()
    evidence = _ask_evidence(found)
    answers = {"office": office or None, "sop": sop, "records_begin": begin, "evidence": evidence}
    return found.office_file().model_copy(update=answers)


def _ask_sop(found: _Found) -> tuple[str, ...]:
    default = "; ".join(found.sop) or "none; the reports then do not quote it"
    question = f"Which file is the SOP? (Enter: {default})"
    while True:
        answer = ask(question)
        if not answer or answer.casefold() == _NONE:
            return () if answer else found.sop
        names = tuple(separated(name.strip()) for name in answer.split(";") if name.strip())
        if _permitted(found.folder, names):
            problems = [
                problem
                for name in names
                for problem in sop_problems(found.folder / name, found.rulebook)
            ]
            if not problems:
                return names
            say("\n".join(describe(problem).rstrip() for problem in problems[:5]))
        question = f"Give the SOP from which the rules were written, or '{_NONE}'."


def _ask_records_begin() -> datetime.date | None:
    question = (
        "From which day has the office kept these sheets, such as 1 April 2025? What was missed "
        "before that day then does not count. (Enter: leave it out)"
    )
    while answer := ask(question):
        begin = read_day(answer)
        if not isinstance(begin, Day):
            question = f"{begin.message} {begin.instruction}"
        elif begin.day > stamp(None).at.date():
            question = f"{day(begin.day)} has not come yet. Give an earlier day."
        else:
            return begin.day
    return None


def _ask_evidence(found: _Found) -> tuple[str, ...]:
    default = "; ".join(found.certain) or "nothing yet"
    question = (
        "Where is the evidence? Give files, folders or patterns such as *.xlsx, separated by "
        f"semicolons. (Enter: {default})"
    )
    if others := len(found.spreadsheets) - len(found.certain):
        question += (
            f"\nThe folder has {others} other spreadsheet{'' if others == 1 else 's'}. 'dueregard"
            " map' asks about each, and adds those that are evidence."
        )
    while answer := ask(question):
        names = [separated(name.strip()) for name in answer.split(";") if name.strip()]
        question = "Give the files of evidence, separated by semicolons."
        if not _permitted(found.folder, names):
            continue
        try:
            files = find_files(list(map(Path, names)), found.folder, allowed_for(found.folder))
        except Stop as stop:
            say(str(stop))
            continue
        missing = [path for path in files.files if not path.exists()]
        if not missing:
            return tuple(names)
        say("\n".join(f"{path_words(path)} was not found." for path in missing))
    return found.certain


def _permitted(folder: Path, names: Sequence[str]) -> bool:
    """Whether all names lie in the folder, or a person allows each that does not."""
    for name in outside_names(names, folder, allowed_for(folder)):
        if not ask_yes(f"{name} is outside the folder. May a check read it on this computer?"):
            return False
        _allow(folder, [folder / name])
    return True


def _with_allowed(office: Office, *, asking: bool) -> Office:
    """The office, with permission for the paths outside its folder if a person gives it."""
    file, folder = office.file, office.folder
    names = [separated(name) for name in (file.rulebook, *file.sop, *file.evidence) if name]
    allowed = allowed_for(folder)
    for name in outside_names(names, folder, allowed):
        if not asking or not _permitted(folder, [name]):
            complain(outside_words(Path(name), folder))
    return replace(office, allowed=allowed_for(folder))


# What is there ----------------------------------------------------------------------------------


def _state(office: Office) -> Iterator[str]:
    """What a check in the folder will take, what it will not, and the next step."""
    file, folder = office.file, office.folder
    rulebook = rulebook_in(office.rulebook)
    yield f"Office: {file.office or 'no name given'}"
    yield f"SOP: {'; '.join(file.sop) or 'not given, so the reports do not quote it'}"
    missed = f"so whatever was missed since {day(rulebook.book.sop.in_force)} counts as missed"
    yield f"Records begin: {day(file.records_begin) or f'not given, {missed}'}"
    if not (file.office and file.sop and file.records_begin):
        yield (
            f"To add what was not given: open {NAME} in Notepad, delete the # in front of its line"
            " and the space after it, and change the example."
        )
    try:
        named = [Path(separated(name)) for name in file.evidence]
        found = find_evidence(named, folder, office.allowed) if named else None
    except EvidenceStop as stop:
        yield str(stop)
        return
    taken = {path.resolve() for path in found.files} if found else set()
    mapping = office.mapping(rulebook.registers)
    checked = survey(found.files, folder, rulebook.registers, mapping) if found else ()
    yield "Evidence:" if checked else f"Evidence: none is named in {NAME}"
    yield from (f"  {_file_words(surveyed)}" for surveyed in checked)
    others = [
        surveyed
        for surveyed in _spreadsheets(folder, rulebook)
        if (folder / surveyed.name).resolve() not in taken
    ]
    yield from [f"Spreadsheets that {NAME} does not name:"] if others else []
    yield from (f"  {_file_words(surveyed)}" for surveyed in others)
    yield from passed_words(found.passed_over) if found else ()
    where = "" if folder == Path() else f" in {path_words(folder)}"
    if any(surveyed.unknown for surveyed in (*checked, *others)):
        yield (
            f"Next: run 'dueregard map'{where} to say what the sheets contain that are not known, "
            f"and then 'dueregard check'{where}."
        )
    elif checked:
        yield f"Next: run 'dueregard check'{where}."
    else:
        yield (
            f"Next: put the office's spreadsheets into the folder and name them in {NAME}, under "
            "'evidence:'. 'dueregard template registers.xlsx"
            f"{rulebook_option(office.rulebook)}' writes an empty workbook to fill in."
        )


def _file_words(file: SurveyedFile) -> str:
    """``Training.xlsx: Staff, Training; not known: Notes``."""
    if file.unopened:
        return file.unopened
    known = ", ".join(file.registers)
    unknown = f"no sheet is known by its name: {', '.join(file.unknown)}"
    if known and file.unknown:
        return f"{file.name}: {known}; not known: {', '.join(file.unknown)}"
    return f"{file.name}: {known or unknown}"

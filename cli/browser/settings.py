"""Saves what a form says in office.yaml, unless it has been changed since the form was shown."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cli.office_folder import Office, locked_for, must_have_no_problems, office_in
from cli.outputs import write_new, write_over
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from record.office.kept_reports import REPORTS
from record.office.office_file import (
    NAME,
    VERSION,
    OfficeFile,
    office_file_of,
    office_file_text,
    with_keys,
)

#: The field of a form that says which office.yaml it was made from.
SEEN = "seen"


def seen(folder: Path) -> str:
    """A digest of office.yaml as it is now; '' if there is none."""
    try:
        return sha256(read_regular(folder / NAME, MEGABYTE)).hexdigest()
    except FileStop:
        return ""


def save_settings(folder: Path, office: Office | None, by: str, /, **values: object) -> None:
    """Writes the values of these fields of OfficeFile into office.yaml, and leaves everything else
    there as it was. Makes the file, and the folder for reports, if there is none. Raises Stop if it
    cannot be written, or somebody else uses the folder."""
    if office is None:
        file = OfficeFile(version=VERSION).model_copy(update=values)
        write_new(folder / NAME, _readable(folder, office_file_text(file)))
        with suppress(OSError):  # a check that cannot make it either says so
            (folder / REPORTS).mkdir(exist_ok=True)
        return
    with locked_for(office, by or None):
        now = office_in(folder) or office
        file = now.file.model_copy(update=values)
        text = read_regular(folder / NAME, MEGABYTE).decode("utf-8-sig")
        keys = [OfficeFile.model_fields[name].alias or name for name in values]
        write_over({folder / NAME: _readable(folder, with_keys(text, file, keys))})


def _readable(folder: Path, text: str) -> bytes:
    """The bytes of office.yaml. Raises Stop, so that nothing is written, if it could not be read
    again, as with a name of a file that contains what cannot be seen."""
    data = text.encode("utf-8", "surrogatepass")
    file = office_file_of(NAME, data)
    if not isinstance(file, OfficeFile):
        must_have_no_problems(folder / NAME, file)
    return data

"""Word documents as PDF, made by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.exits import Stop

#: The time for all documents together; the first run on a computer takes the longest.
SECONDS = 120

_NAMES = ("soffice", "libreoffice")
#: Where it is installed without being among the programs that a command finds.
_PLACES = (
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
)
_LEAVE = "Leave out --pdf, and save the paper as PDF in Word."


def to_pdfs(documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The Word documents with these names as PDF: ``paper.docx`` becomes ``paper.pdf``. Raises Stop
    if LibreOffice is not there, or does not make them in time."""
    program = next(_programs(), None)
    if program is None:
        raise Stop(f"No paper was written: LibreOffice was not found, which makes PDFs. {_LEAVE}")
    with TemporaryDirectory(prefix="dueregard-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for document, data in documents.items():
            (folder / document).write_bytes(data)
        reason = _convert(program, folder, list(documents))
        names = (Path(document).with_suffix(".pdf").name for document in documents)
        pdfs = {pdf: _bytes(folder / pdf) for pdf in names}
    if not all(data.startswith(b"%PDF") for data in pdfs.values()):
        raise Stop(f"No paper was written: LibreOffice made no PDF{reason}. {_LEAVE}")
    return pdfs


def _programs() -> Iterator[Path]:
    """LibreOffice, wherever it is found."""
    yield from (Path(found) for name in _NAMES if (found := shutil.which(name)))
    yield from (path for path in _PLACES if path.is_file())


def _convert(program: Path, folder: Path, names: Sequence[str]) -> str:
    """Runs LibreOffice with settings of its own, so that one that is open is not disturbed. Returns
    why it may have failed, to follow a sentence."""
    settings = (folder / "settings").as_uri()
    command = [str(program), "--headless", "--norestore", f"-env:UserInstallation={settings}"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), *(str(folder / n) for n in names)]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
        )
    except OSError as error:
        return f" ({error.strerror or error})"
    try:
        code = process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return f" within {SECONDS} seconds"
    finally:
        _end(process)
    return f" (it ended with {code})" if code else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it with the processes that it has started, if it still runs."""
    if process.poll() is not None:
        return
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _bytes(path: Path) -> bytes:
    """The bytes of a file; none if it is not there."""
    with suppress(OSError):
        return path.read_bytes()
    return b""

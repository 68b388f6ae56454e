"""The verifier reads no more of a pack than it says, and prints no name of it as it stands."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from evidence.visible import visible
from record.pack import pack as packing
from record.pack.pack import RECHECK
from record.recheck import recheck
from tests.support.desk_office import Ended, ended, workbook
from tests.support.verifier import packed, rechecked, rechecked_files, sealed

ALL = "Everything is confirmed."


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a pack in which everything is confirmed."""
    folder = tmp_path_factory.mktemp("pack")
    (folder / "office.xlsx").write_bytes(workbook())
    return packed(folder, [folder / "office.xlsx"])


pytestmark = pytest.mark.filterwarnings("ignore:Workbook contains no default style")


def alone(folder: Path, *arguments: str) -> Ended:
    return ended([sys.executable, "-I", RECHECK, *arguments], folder)


def test_a_pipe_a_device_and_a_long_name_are_not_packs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    for name in ("pipe.zip", "/dev/zero"):
        done = alone(tmp_path, name)
        assert done.code == 2
        assert f"{name} is not a file, or is larger than 1,024 MB." in done.out
    done = alone(tmp_path, "a" * 256)
    assert (done.code, "File name too long" in done.out) == (2, True)


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="only Linux has /dev/full, a disk that is always full"
)
def test_a_full_disk_below_the_output_is_reported(files: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(packing.archive(files))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-I", RECHECK, "pack.zip"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "The result could not be printed in full (No space left on device).\n",
    )


def test_no_name_in_a_pack_commands_the_terminal_or_makes_a_line(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    assert rechecked_files(files, tmp_path / "pack.zip").out.endswith(f"{ALL}\n")
    odd = f"\x1b[2J\x1b[H\u202e\n{ALL}\n\x1b[8m\x9b"
    manifest = json.loads(files["manifest.json"])
    made = files | {odd: b"", "manifest.json": json.dumps(manifest).encode()}
    ended = rechecked_files(made, tmp_path / "pack.zip")
    assert ended.code == 1
    assert not {"\x1b", "\u202e", "\x9b"} & set(ended.out)
    assert ALL not in ended.out.splitlines()
    assert r"\u001b[2J\u001b[H\u202e\u000aEverything is confirmed.\u000a" in ended.out


def test_letters_are_shown_as_the_program_shows_them() -> None:
    for number in (*range(0x3000), *range(0xD7FF, 0xE001), *range(0xFE00, 0x11100), 0xE0041):
        letter = chr(number)
        assert recheck.visible(letter) == visible(letter)


def test_a_directory_that_says_it_is_longer_than_any_is_not_read(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packing.archive(files)
    (tmp_path / "pack.zip").write_bytes(data)
    monkeypatch.setattr(recheck.Bounded, "most", 400)
    ended = rechecked(tmp_path / "pack.zip")
    assert (ended.code, "its directory is longer than any" in ended.out) == (2, True)
    monkeypatch.setattr(recheck.Bounded, "most", len(data))
    assert rechecked(tmp_path / "pack.zip").code == 0


# Workbooks in a pack ------------------------------------------------------------------------------


def with_sheet(xml: bytes) -> bytes:
    """The small office's workbook with that before the end of its first sheet."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</worksheet>", xml + b"</worksheet>")
            target.writestr(name, data)
    return made.getvalue()


def not_compared(files: dict[str, bytes], data: bytes, path: Path) -> str:
    """Why a workbook was not compared."""
    (name,) = (file for file in files if file.startswith("evidence/files/"))
    ended = rechecked_files(sealed(files | {name: data}), path)
    (line,) = (line for line in ended.out.splitlines() if "was not compared" in line)
    return line.partition("cells.csv: ")[2]


def test_a_merge_over_half_a_sheet_is_not_compared(files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    small = with_sheet(b'<mergeCells count="1"><mergeCell ref="F1:G2"/></mergeCells>')
    assert load_workbook(io.BytesIO(small)).worksheets[0].merged_cells.ranges
    for place in ("A1:XFD524288", "F1:F1000001"):
        huge = with_sheet(f'<mergeCells><mergeCell ref="{place}"/></mergeCells>'.encode())
        assert not_compared(files, huge, path) == (
            "it has more than 2,000,000 cells, or 1,000,000 in merges and links"
        )
    odd = with_sheet(b'<mergeCells><mergeCell ref="A1:\x1b"/></mergeCells>'.replace(b"\x1b", b"?"))
    assert not_compared(files, odd, path) == "'A1:?' is not a place in a sheet"
    link = with_sheet(b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>')
    assert "1,000,000 in merges and links" in not_compared(files, link, path)


def test_a_sheet_of_too_many_places_cells_or_bytes_is_not_compared(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pack.zip"
    book = load_workbook(io.BytesIO(workbook()))
    book.worksheets[0]["XFD1048576"] = "x"
    made = io.BytesIO()
    book.save(made)
    assert not_compared(files, made.getvalue(), path) == (
        "a sheet of it spans more than 20,000,000 cells"
    )
    monkeypatch.setattr(recheck, "MOST_CELLS", 10)
    assert "it has more than 10 cells" in not_compared(files, workbook(), path)
    monkeypatch.setattr(recheck, "MOST_UNFOLDED", 1000)
    assert "it unfolds to more than 0 MB" in not_compared(files, workbook(), path)


@pytest.mark.parametrize(
    ("place", "cells"),
    [("A1", 1), ("A1:B3", 6), ("B3:A1", 6), ("$A$1:$XFD$1048576", 2**34), ("Z9:AA9", 2)],
)
def test_the_cells_of_an_area_are_counted(place: str, cells: int) -> None:
    assert recheck.area_of(place) == cells

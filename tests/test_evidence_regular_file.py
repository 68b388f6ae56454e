"""Files that commands are given are regular, of bounded size, and read once."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from evidence.regular_file import MEGABYTE, FileFault, FileStop, read_regular

LIMIT = 2 * MEGABYTE


def refusal(path: Path) -> FileStop:
    with pytest.raises(FileStop) as stopped:
        read_regular(path, LIMIT)
    return stopped.value


def test_a_file_of_the_largest_size_is_read_and_one_more_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a" * LIMIT)
    assert read_regular(path, LIMIT) == b"a" * LIMIT
    path.write_bytes(b"a" * (LIMIT + 1))
    assert refusal(path).fault is FileFault.TOO_LARGE
    assert refusal(path).words == (
        "is 2.1 MB, and the limit is 2 MB: check that this is the file you mean."
    )
    with pytest.raises(FileStop, match=r"the limit is 2 MB: save a smaller copy\.$"):
        read_regular(path, LIMIT, "save a smaller copy")


def test_an_empty_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert read_regular(tmp_path / "a", LIMIT) == b""


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    stop = refusal(tmp_path / "none")
    assert (stop.fault, stop.words) == (
        FileFault.NOT_FOUND,
        "was not found: check its name and its folder.",
    )
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "none").fault is FileFault.NOT_FOUND


def test_a_folder_is_reported(tmp_path: Path) -> None:
    assert refusal(tmp_path).fault is FileFault.FOLDER
    assert refusal(tmp_path).words == "is a folder: give a file."


def test_a_pipe_a_device_and_a_socket_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        (tmp_path / "link").symlink_to("/dev/zero")
        for path in (tmp_path / "pipe", tmp_path / "s", tmp_path / "link", Path("/dev/zero")):
            stop = refusal(path)
            assert (stop.fault, stop.words) == (
                FileFault.NOT_REGULAR,
                "is a device or a pipe, not a file: give a file.",
            )


def test_a_pipe_that_takes_the_place_of_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    status = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "stat", lambda _: status)
    assert refusal(path).fault is FileFault.NOT_REGULAR


def test_a_file_that_grows_is_read_to_the_limit_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    small = path.stat()
    path.write_bytes(b"a" * (LIMIT + 1))
    monkeypatch.setattr(Path, "stat", lambda _: small)
    monkeypatch.setattr(os, "fstat", lambda _: small)
    assert refusal(path).words.startswith("is larger than 2 MB, and the limit is 2 MB")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "a" * 256,
            "has a longer name than a file can have: check the name, or give it a shorter one.",
        ),
        ("a\0b", "has a name that no file can have: check the name."),
        ("\ud800", "has a name that no file can have: check the name."),
    ],
)
def test_an_impossible_file_name_is_reported(tmp_path: Path, name: str, words: str) -> None:
    stop = refusal(tmp_path / name)
    assert (stop.fault, stop.words) == (FileFault.NAME_UNUSABLE, words)


def test_a_link_to_itself_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("a")
    assert refusal(tmp_path / "a").words == (
        "is a link that leads back to itself: give the file itself."
    )

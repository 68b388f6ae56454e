"""Files are written whole, beside their name, and moved to it."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from evidence import output_file
from evidence.output_file import (
    is_unfinished,
    replacing,
    same_file,
    write_file,
    write_files,
    write_new_file,
)


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_written_over_an_older_one_whose_mode_it_keeps(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_file(path, b"one")
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask
    path.chmod(0o640)
    write_file(path, b"two", durable=True)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"two", 0o640)
    assert names(tmp_path) == ["a"]


def test_a_link_is_replaced_and_what_it_leads_to_is_untouched(tmp_path: Path) -> None:
    (tmp_path / "register.xlsx").write_bytes(b"evidence")
    (tmp_path / "report.html").symlink_to("register.xlsx")
    (tmp_path / "broken").symlink_to("nowhere")
    write_files({tmp_path / "report.html": b"report", tmp_path / "broken": b"b"})
    assert (tmp_path / "register.xlsx").read_bytes() == b"evidence"
    assert not (tmp_path / "report.html").is_symlink()
    assert (tmp_path / "report.html").read_bytes() == b"report"
    assert names(tmp_path) == ["broken", "register.xlsx", "report.html"]


def test_a_second_name_of_a_file_keeps_the_old_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    os.link(tmp_path / "a", tmp_path / "b")
    write_file(tmp_path / "a", b"new")
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()) == (b"new", b"old")


def test_a_device_and_a_pipe_are_refused_also_through_a_link(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to("/dev/null")
    for path in (tmp_path / "pipe", tmp_path / "null", Path("/dev/null")):
        with pytest.raises(OSError, match="it is a device or a pipe, not a file"):
            write_file(path, b"a")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert names(tmp_path) == ["null", "pipe"]


def test_the_longest_name_can_be_written_and_a_longer_one_is_refused(tmp_path: Path) -> None:
    write_file(tmp_path / ("a" * 255), b"a")
    assert (tmp_path / ("a" * 255)).read_bytes() == b"a"
    with pytest.raises(OSError, match="File name too long"):
        write_file(tmp_path / ("a" * 256), b"a")
    with pytest.raises(OSError, match="no file can have this name"):
        write_file(tmp_path / "a\0", b"a")
    assert names(tmp_path) == ["a" * 255]


def test_every_file_is_as_it_was_where_one_cannot_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "link").symlink_to("a")
    replace = Path.replace

    def fails_at_the_last(path: Path, target: Path) -> Path:
        if target.name == "z":
            raise OSError(28, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fails_at_the_last)
    files = {tmp_path / name: b"new" for name in ("a", "link", "m", "z")}
    with pytest.raises(OSError, match="No space left"):
        write_files(files)
    assert names(tmp_path) == ["a", "link"]
    assert (tmp_path / "a").read_bytes() == b"old a"
    assert (tmp_path / "link").is_symlink()


def test_the_names_beside_a_file_cannot_be_guessed_and_are_made_exclusively(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "victim").write_bytes(b"evidence")
    monkeypatch.setattr(secrets, "token_hex", lambda _: "0" * 16)
    (tmp_path / f".dueregard-{'0' * 16}.new").symlink_to("victim")
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "a", b"a")
    assert (tmp_path / "victim").read_bytes() == b"evidence"


def test_a_new_file_is_never_written_over_one_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    write_new_file(path, b"one")
    for _ in range(2):
        with pytest.raises(FileExistsError):
            write_new_file(path, b"two")
        # the second time the file comes only after the look
        monkeypatch.setattr(output_file, "taken", lambda _: False)
    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(FileExistsError):
        write_new_file(path, b"two")
    write_new_file(tmp_path / "b", b"b")
    assert (path.read_bytes(), (tmp_path / "b").read_bytes()) == (b"one", b"b")
    assert names(tmp_path) == ["a", "b"]


def no_links(*_: object, **__: object) -> None:
    raise OSError(1, "Operation not permitted")


def test_a_disk_without_links_keeps_the_old_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_links)
    files = {tmp_path / "a": b"1", tmp_path / "b": b"2"}
    for _ in range(2):
        write_files(files)
    assert names(tmp_path) == ["a", "b"]


def test_what_a_killed_run_left_is_removed_once_it_is_old(tmp_path: Path) -> None:
    old, fresh, other = (
        tmp_path / f".dueregard-{'0' * 16}.new",
        tmp_path / f".dueregard-{'1' * 16}.old",
        tmp_path / ".dueregard-notes.new",
    )
    for path in (old, fresh, other):
        path.touch()
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    write_file(tmp_path / "a", b"a")
    assert names(tmp_path) == [fresh.name, other.name, "a"]
    assert is_unfinished(old.name)


def test_a_folder_that_a_killed_run_left_is_removed_unless_it_is_being_written(
    tmp_path: Path,
) -> None:
    left, busy = (tmp_path / f".dueregard-{digit * 16}.new" for digit in "01")
    for folder in (left, busy):
        folder.mkdir()
        (folder / "a").touch()
        os.utime(folder, (0, 0))
    os.utime(left / "a", (0, 0))
    write_file(tmp_path / "a", b"a")
    assert names(tmp_path) == [busy.name, "a"]


def test_a_folder_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    path = tmp_path / "tables"
    for name in ("one", "two"):
        with replacing(path) as fresh:
            fresh.mkdir()
            (fresh / name).touch()
        assert (names(path), names(tmp_path)) == ([name], ["tables"])


def test_what_is_not_finished_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tables"
    path.mkdir()
    (path / "one").touch()
    with suppress(ValueError), replacing(path) as fresh:
        fresh.mkdir()
        (fresh / "two").touch()
        raise ValueError
    assert (names(path), names(tmp_path)) == (["one"], ["tables"])


def test_a_folder_that_cannot_be_moved_leaves_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tables"
    path.mkdir()
    (path / "one").touch()

    def no_move(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", no_move)
    with suppress(PermissionError), replacing(path) as fresh:
        fresh.mkdir()
    assert (names(path), names(tmp_path)) == (["one"], ["tables"])


def test_a_link_is_replaced_and_not_its_folder(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "one").touch()
    (tmp_path / "tables").symlink_to("kept")
    with replacing(tmp_path / "tables") as fresh:
        fresh.mkdir()
    assert not (tmp_path / "tables").is_symlink()
    assert (names(tmp_path / "kept"), names(tmp_path)) == (["one"], ["kept", "tables"])


def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="a device or a pipe"), replacing(tmp_path / "pipe") as fresh:
        fresh.touch()
    assert names(tmp_path) == ["pipe"]


def test_the_same_file_is_known_under_its_other_names(tmp_path: Path) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    path.touch()
    other.touch()
    os.link(path, tmp_path / "hard")
    (tmp_path / "soft").symlink_to("a")
    for name in ("a", "hard", "soft"):
        assert same_file(tmp_path / name, [tmp_path / "none", other, path]) == path
    assert same_file(tmp_path / "none", [path]) is None
    assert same_file(tmp_path / ("a" * 256), [path]) is None
    assert same_file(path, [tmp_path / "x\0"]) is None


@pytest.fixture
def busy_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in which another run is replacing files."""
    fcntl = pytest.importorskip("fcntl", reason="Windows cannot lock a folder")
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    yield tmp_path
    os.close(handle)


def test_the_files_of_two_runs_do_not_mix(
    busy_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one run replaces several files, another does not begin to."""
    monkeypatch.setattr(output_file, "_TRIES", 2)
    files = {busy_folder / "a": b"new", busy_folder / "b": b"new"}
    (busy_folder / "a").write_bytes(b"old")
    with pytest.raises(OSError, match="another check is writing there"):
        write_files(files)
    assert (names(busy_folder), (busy_folder / "a").read_bytes()) == (["a"], b"old")
    write_file(busy_folder / "a", b"one file is always whole")


def test_a_run_waits_until_another_has_replaced_its_files(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool:
        with output_file._alone_in(tmp_path):
            writing = pool.submit(write_files, {tmp_path / "a": b"new", tmp_path / "b": b"new"})
            with pytest.raises(TimeoutError):
                writing.result(timeout=0.2)
            assert not (tmp_path / "a").exists()
        writing.result(timeout=4)
    assert names(tmp_path) == ["a", "b"]

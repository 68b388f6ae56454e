"""``dueregard open`` as a process of its own: how it starts, what it prints, and how it ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from record.office.launcher import NAMES, launcher
from tests.support.browser_pages import folder_hashes
from tests.support.command_processes import Speaking
from tests.support.desk_office import PROGRAM, around, called
from tests.test_cli_mapping import PEOPLE

LAST_WORDS = "The page is closed. Everything that was saved is in the folder.\n"
NO_BROWSER = "No browser could be opened. Copy the address above into one on this computer.\n"


class OpenProgram:
    """The program, started in a folder, and its address once it has printed it."""

    def __init__(self, process: subprocess.Popen[bytes] | Speaking) -> None:
        self.process = process
        assert process.stdout is not None
        self.printed = ""
        while not (found := re.search(r"http://\S+\n", self.printed)):
            line = process.stdout.readline().decode()
            if not line:
                raise AssertionError(self.end())
            self.printed += line
        self.address = found[0].strip()

    def send(
        self, method: str, path: str, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], str]:
        """The status, the headers and the text of an answer."""
        place = urlsplit(self.address)
        connection = HTTPConnection("127.0.0.1", place.port or 0, timeout=30)
        connection.request(method, path, "", {"Connection": "close", **headers})
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        text = answer.read().decode()
        connection.close()
        return answer.status, names, text

    def enter(self) -> dict[str, str]:
        """Opens the printed address; the cookie that it gives."""
        place = urlsplit(self.address)
        status, headers, _ = self.send("GET", f"{place.path}?{place.query}", {})
        assert (status, headers["location"]) == (303, "/")
        return {"Cookie": headers["set-cookie"].split(";")[0]}

    def end(self) -> tuple[int, str, str]:
        """The exit code, and what was printed since a line was read, once it has ended."""
        out, err = self.process.stdout, self.process.stderr
        assert out is not None
        assert err is not None
        with out, err:  # they have read ahead, of which communicate() knows nothing
            self.printed += out.read().decode()
            return self.process.wait(60), self.printed, err.read().decode()


def opened(
    command: Sequence[str | Path], folder: Path, **environment: str
) -> AbstractContextManager[OpenProgram]:
    """The program, ended at the latest when the test is."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=around(**{"PYTHONUNBUFFERED": "1", **environment}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    return until_the_test_ends(OpenProgram(process))


def copy_opened(
    arguments: Sequence[str], folder: Path, **environment: str
) -> AbstractContextManager[OpenProgram]:
    """The same, begun as a copy of a process that has loaded the program; one at a time."""
    process = Speaking(["open", *arguments], folder, around(**environment))
    return until_the_test_ends(OpenProgram(process))


@contextmanager
def until_the_test_ends(program: OpenProgram) -> Iterator[OpenProgram]:
    """The program, ended at the latest when the test is."""
    try:
        yield program
    finally:
        if program.process.poll() is None:
            os.killpg(program.process.pid, signal.SIGKILL)
            program.end()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office's folder with a name of two words."""
    place = tmp_path / "Our office"
    place.mkdir()
    return place


def test_without_arguments_it_opens_the_folder_it_is_typed_in(folder: Path, tmp_path: Path) -> None:
    """With a browser, which is given the address; Ctrl-C ends it without a traceback."""
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{seen}"\n', encoding="utf-8")
    browser.chmod(0o755)
    with opened([PROGRAM], folder, BROWSER=str(browser)) as program:
        assert program.printed == f"The page of {folder} is open at:\n{program.address}\n"
        cookie = program.enter()
        assert "Our office" in program.send("GET", "/", cookie)[2]
        for _ in range(200):
            if seen.exists() and seen.read_text(encoding="utf-8"):
                break
            time.sleep(0.05)
        assert seen.read_text(encoding="utf-8") == f"{program.address}\n"
        program.process.send_signal(signal.SIGINT)
        code, out, err = program.end()
    assert (code, err) == (0, "")
    assert out == (
        f"The page of {folder} is open at:\n{program.address}\nIt can be reached from this "
        f"computer alone. To close it, press Ctrl-C here.\n{LAST_WORDS}"
    )
    assert folder_hashes(folder) == {}


@pytest.mark.one_in(3)
@pytest.mark.parametrize("way", ["the page", "SIGTERM", "Ctrl-C twice"])
def test_each_way_to_end_it_says_so_and_is_no_failure(folder: Path, way: str) -> None:
    with copy_opened([str(folder), "--no-browser"], folder.parent) as program:
        cookie = program.enter()
        if way == "the page":
            text = program.send("GET", "/", cookie)[2]
            action = re.search(r'action="(/close[^"]*)"', text)
            assert action
            origin = program.address.split("/enter")[0]
            status, _, text = program.send("POST", action[1], {**cookie, "Origin": origin})
            assert (status, "The program is closed" in text) == (200, True)
        elif way == "SIGTERM":
            program.process.terminate()
        else:
            program.process.send_signal(signal.SIGINT)
            program.process.send_signal(signal.SIGINT)
        code, out, err = program.end()
    assert "Traceback" not in out + err
    assert err in ("", "Stopped before the end. No report was left incomplete.\n")
    if way != "Ctrl-C twice":
        assert (code, err, out.endswith(LAST_WORDS)) == (0, "", True)
    with pytest.raises(ConnectionRefusedError):
        program.send("GET", "/", cookie)


def test_ending_it_ends_a_check_that_runs(folder: Path) -> None:
    """Nothing of the program is left behind."""
    (folder / "People.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "office.yaml").write_text("version: 1\nevidence: [People.csv]\n", encoding="utf-8")
    with copy_opened(["--no-browser"], folder) as program:
        cookie = program.enter()
        text = program.send("GET", "/check", cookie)[2]
        action = re.search(r'action="(/check[^"]*)"', text)
        assert action
        origin = program.address.split("/enter")[0]
        assert program.send("POST", action[1], {**cookie, "Origin": origin})[0] == 303
        assert len(of_session(program.process.pid)) > 1
        program.process.terminate()
        program.end()
        deadline = time.monotonic() + 10
        while of_session(program.process.pid):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def of_session(number: int) -> list[str]:
    """The processes of a session that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            text = path.read_text(encoding="utf-8", errors="replace")
            state, _, _, session = text.rpartition(")")[2].split()[:4]
            if int(session) == number and state != "Z":
                found.append(text)
    return found


@pytest.mark.one_in(2)
@pytest.mark.parametrize("environment", [{"BROWSER": "/nonexistent"}, {"PATH": "/nonexistent"}])
def test_where_no_browser_can_be_opened_the_address_is_printed(
    folder: Path, environment: dict[str, str]
) -> None:
    bare = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}
    with copy_opened(["--port", "0"], folder, **{**bare, **environment}) as program:
        assert program.enter()
        assert program.process.stderr is not None
        assert program.process.stderr.readline().decode() == NO_BROWSER
        program.process.terminate()
        code, out, err = program.end()
    assert (code, err) == (0, "")
    assert program.address in out


@pytest.fixture
def running(folder: Path) -> Iterator[OpenProgram]:
    """The program for tests that do not end it; whatever they send it, it says nothing of that."""
    with copy_opened(["--no-browser"], folder) as program:
        yield program
        program.process.terminate()
        code, _, err = program.end()
    assert (code, err) == (0, "")


def test_only_this_computer_can_reach_it(running: OpenProgram) -> None:
    """It listens on 127.0.0.1 alone: every other address of this computer is refused."""
    port = urlsplit(running.address).port or 0
    listening = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text(encoding="ascii").splitlines()[1:]
        if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
    ]
    assert listening == [f"0100007F:{port:04X}"]
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.2", port)):
        pass


def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = called(folder, "open", "--no-browser", "--port", port)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"Port {port} cannot be used (Address already in use). Another program may use it: leave "
        "--port out, and a free one is taken.\n"
    )


@pytest.mark.parametrize("port", ["-1", "65536", "99999999999999999999"])
def test_a_port_that_is_none_is_said(folder: Path, port: str) -> None:
    ended = called(folder, "open", "--no-browser", f"--port={port}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"Port {port} cannot be used (")


def test_the_same_port_again_after_it_was_closed(folder: Path) -> None:
    """Whoever has an old page open finds that it is none any more."""
    with copy_opened(["--no-browser"], folder) as program:
        cookie = program.enter()
        port = urlsplit(program.address).port or 0
        program.process.terminate()
        program.end()
    with copy_opened(["--no-browser", "--port", str(port)], folder) as again:
        status, _, text = again.send("GET", "/", cookie)
        assert (status, text.startswith("This address is not valid any more")) == (403, True)


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for name in ("gone", "file"):
        ended = called(tmp_path, "open", name, "--no-browser")
        assert (ended.code, ended.out) == (2, "")
        assert "is not a folder: give the folder with the spreadsheets." in ended.err


def test_what_is_no_request_is_answered_or_dropped(running: OpenProgram) -> None:
    """Bytes that are no HTTP, a header without an end, a body in parts that never comes."""
    cookie = running.enter()
    port = urlsplit(running.address).port or 0
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST /close HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /close HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        b"\r\n" * 10,
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(1000)
            assert not answer or re.match(rb"HTTP/1\.1 4\d\d ", answer), answer
    assert running.send("GET", "/", cookie)[0] == 200


# The file for a double click --------------------------------------------------------------------


def exec_of(text: str) -> list[str]:
    """The command of a desktop entry, with its quoted words."""
    line = next(line for line in text.splitlines() if line.startswith("Exec="))
    return [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line.removeprefix("Exec="))]


@pytest.mark.campaign
def test_the_file_for_linux_opens_the_folder(folder: Path) -> None:
    """Its command, as a desktop would run it. No desktop was there to try it."""
    made = launcher("linux", sys.executable, folder)
    assert made is not None
    (folder / made.name).write_text(made.text, encoding="utf-8")
    if (checker := shutil.which("desktop-file-validate")) is not None:
        subprocess.run([checker, folder / made.name], check=True, timeout=30)
    no_browser = {"BROWSER": "/nonexistent", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    with opened(exec_of(made.text), folder.parent, **no_browser) as program:
        assert f"The page of {folder} is open at:" in program.printed
        assert "Our office" in program.send("GET", "/", program.enter())[2]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("python", ["here", "missing"])
def test_the_file_for_macos_opens_its_own_folder(folder: Path, python: str) -> None:
    """Run by the shell of this computer; on macOS it was not tried. Where the interpreter of the
    computer that wrote it is missing, the command of this one is used."""
    made = launcher("darwin", sys.executable if python == "here" else "/no/python", folder)
    assert made is not None
    path = folder / made.name
    path.write_text(made.text, encoding="utf-8")
    path.chmod(made.mode)
    moved = folder.rename(folder.parent / "Moved it")
    environment = {
        "BROWSER": "/nonexistent",
        "PATH": f"{PROGRAM.parent}:/usr/bin:/bin",
        "DISPLAY": "",
        "WAYLAND_DISPLAY": "",
    }
    with opened([moved / made.name], folder.parent.parent, **environment) as program:
        assert f"The page of {moved} is open at:" in program.printed


def test_the_file_for_windows_has_its_line_ends_and_its_own_folder() -> None:
    """Read here, and not run: there was no Windows to try it."""
    made = launcher("win32", r"C:\Users\A B\python.exe", Path("unused"))
    assert made is not None
    assert (made.name, made.mode) == (NAMES["win32"], 0o755)
    lines = made.text.split("\r\n")
    assert "\n" not in "".join(lines)
    assert lines[2] == (
        r'if exist "C:\Users\A B\python.exe" ("C:\Users\A B\python.exe" -P -m cli.main open '
        '"%~dp0.") else (dueregard open "%~dp0.")'
    )


@pytest.mark.parametrize("letter", ['"', "%", "\\", "`", "$", "\n"])
def test_a_folder_that_no_such_file_can_name_has_none(letter: str) -> None:
    assert launcher("linux", "/usr/bin/python3", Path(f"/home/a{letter}b")) is None
    assert launcher("linux", f"/usr/{letter}/python3", Path("/home/ab")) is None

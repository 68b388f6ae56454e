"""The pages hold: each command is run, each link leads somewhere, each quotation is true."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.arguments import parser
from cli.exits import FAULT, NOTHING_OUTSTANDING, OUTSTANDING, STOPPED
from engine.proof.phrases import day_words
from evidence.cells.silence import WORDS, says_nothing
from evidence.register import Declared
from record.office.office_file import OfficeFile, read_office_file
from reports.writing import ALL, FILES
from rules.load import OWN_BOOK
from rules.papers import PapersFile
from tests.front import shown
from tests.support import needs
from tests.support.changed_rules import changed_rules
from tests.support.desk_office import called
from tests.support.own_book import book_in

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (
        *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
        *sorted((ROOT / "docs").glob("*.md")),
    )
}
COMMAND_LINE = PAGES["docs/command-line.md"]

# Not in a copy of the project: what git, tools and earlier runs have left beside it.
_LEFT = shutil.ignore_patterns(".git", ".venv*", ".*cache", "__pycache__", ".hypothesis", "build")


def blocks(language: str) -> list[tuple[str, str]]:
    """Every block of that language with its page."""
    return [
        (page, found)
        for page, text in PAGES.items()
        for found in re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]


def commands() -> list[str]:
    """Each line of each block of commands, once."""
    return list(dict.fromkeys(line for _, text in blocks("sh") for line in text.splitlines()))


#: What a month writes beside the reports of its check.
MONTH = ["calendar.ics", "month.json", "pack.zip", "paper.docx", "statement.docx"]

MADE = [line for line in commands() if line.startswith("make ")]
OWN = [line for line in commands() if line.startswith("dueregard ")]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as somebody else would have it, its environment the one that runs the tests."""
    folder = tmp_path_factory.mktemp("copy") / "dueregard"
    shutil.copytree(ROOT, folder, ignore=_LEFT)
    (folder / ".venv").mkdir()
    for path in Path(sys.prefix).iterdir():
        if path.name != "ready":
            (folder / ".venv" / path.name).symlink_to(path)
    (folder / ".venv" / "ready").touch()
    return folder


# Nothing may be installed into the environment that the copy shares with us.
NO_PIP = "PIP=false"


def run(folder: Path, *command: str, answers: str = "") -> subprocess.CompletedProcess[str]:
    """A command run in ``folder``, what it printed of both kinds in ``stdout``."""
    env = {**os.environ, "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"}
    # what make itself was told, when it runs the tests for another interpreter, say
    for name in ("MAKEFLAGS", "PYTHON", "VENV", "LONG", "ARGS"):
        env.pop(name, None)
    return subprocess.run(
        command,
        cwd=folder,
        env=env | {"COLUMNS": "100"},
        input=answers,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=1200,
        check=False,
    )


def test_every_block_says_what_it_is() -> None:
    """So that no command stands in a block that nothing runs."""
    for page, text in PAGES.items():
        opened = re.findall(r"^```(.*)$", text, re.MULTILINE)[::2]
        assert set(opened) <= {"sh", "text", "yaml"}, page


def test_the_commands_are_the_projects_own() -> None:
    assert {line.split()[0] for line in commands()} == {"make", "dueregard"}
    assert MADE == ["make demo", "make test", "make changed"]


@pytest.mark.campaign
def test_the_commands_of_the_pages_do_what_they_say(tmp_path: Path) -> None:
    """One after another in one folder, as a reader would type them: the first four, which make a
    workbook and check it, as processes of their own, and the others called here, which is quicker.
    Whoever is asked something presses Enter."""
    changed_rules(tmp_path / "new-rules")  # as docs/impact.md says
    typed, others = OWN[:4], OWN[4:]
    assert [line.split()[1] for line in typed] == ["template", "start", "map", "check"]
    for line in typed:
        done = run(tmp_path, *shlex.split(line), answers="\n" * 4)
        assert done.returncode <= OUTSTANDING, f"{line}\n{done.stdout}"
    for line in others:
        ended = called(tmp_path, *shlex.split(line)[1:])
        assert ended.code <= OUTSTANDING, f"{line}\n{ended}"
    assert (tmp_path / "registers.xlsx").is_file()
    for folder, more in (("reports/2026-11-24", MONTH), ("report", [])):
        written = sorted(path.name for path in (tmp_path / folder).iterdir())
        assert written == sorted([*FILES.values(), *more, "run.json"])


@pytest.mark.campaign
def test_make_demo_writes_the_report_that_the_docs_show(copy: Path) -> None:
    done = run(copy, "make", NO_PIP, "demo")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("\nOpen this file first: build/demo/assessment.html\n")
    assert sorted(p.name for p in (copy / "build" / "demo").iterdir()) == sorted(FILES.values())
    (quoted,) = [text for page, text in blocks("text") if page == "docs/command-line.md"]
    assert quoted == shown(done.stdout), "make demo, then: python -m tests.front"


@pytest.mark.campaign
def test_make_test_runs_the_tests(copy: Path) -> None:
    """The very recipe, told to look at this one file and run nothing in it."""
    done = run(
        copy,
        "make",
        NO_PIP,
        "test",
        "ARGS=--collect-only -q -p no:cacheprovider tests/test_project_docs.py",
    )
    assert done.returncode == 0, done.stdout
    assert "tests/test_project_docs.py::test_make_demo_sets_itself_up" in done.stdout


@pytest.mark.needs("git")
@pytest.mark.parametrize(
    ("flags", "changed"),
    [
        (["-n"], "docs/limits.md"),
        (["-n"], "rules/prevent-opcc/4.6-training/refresher-training.yaml"),
        pytest.param([], "docs/limits.md", marks=pytest.mark.campaign),
    ],
    ids=["plan", "plan of a rule", "run"],
)
def test_make_changed_runs_the_tests_of_what_changed(
    copy: Path, flags: list[str], changed: str
) -> None:
    """Without the types, which a test of their own checks. A changed rule is compared with the
    changelog, and its own cases are run."""
    git = ("git", "-c", "user.name=A", "-c", "user.email=a@localhost")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "As it was")):
        assert run(copy, *git, *command).returncode == 0
    with (copy / changed).open("a", encoding="utf-8") as page:
        page.write("# One more line.\n")
    collect = "ARGS=--collect-only -q -p no:cacheprovider"
    done = run(copy, "make", *flags, NO_PIP, "changed", "SINCE=HEAD", "MYPY=true", collect)
    assert done.returncode == 0, done.stdout
    collected = "::test_make_changed_runs_the_tests_of_what_changed"
    assert f"tests/test_project_docs.py{'' if flags else collected}" in done.stdout
    assert "tests/test_project_names.py" in done.stdout
    assert "tests/test_engine" not in done.stdout
    cases = "dueregard rules test rules/prevent-opcc refresher-training"
    assert (cases in done.stdout) == ("refresher-training" in changed)


@pytest.mark.long
def test_make_demo_sets_itself_up(tmp_path: Path) -> None:
    """From nothing but the project and Python, at full size; else its plan is looked at."""
    folder = tmp_path / "dueregard"
    shutil.copytree(ROOT, folder, ignore=_LEFT)
    done = run(
        folder, "make", *([] if needs.CAMPAIGN else ["-n"]), "demo", f"PYTHON={sys.executable}"
    )
    assert done.returncode == 0, done.stdout
    if needs.CAMPAIGN:
        assert (folder / "build" / "demo" / "assessment.html").is_file()
        assert (folder / ".venv" / "bin" / "dueregard").is_file()
    else:
        assert "pip" in done.stdout
        assert "--require-hashes -r requirements.lock" in done.stdout


# Links -------------------------------------------------------------------------------------------


def _links() -> Iterator[tuple[str, str]]:
    for page, text in PAGES.items():
        prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            yield page, target


def _anchors(text: str) -> set[str]:
    """What the headings of a page are called in links."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def test_links_lead_somewhere() -> None:
    links = list(_links())
    assert ("README.md", "docs/evidence-states.md") in links
    for page, target in links:
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.is_file(), f"{page}: {target}"
        if anchor:
            assert anchor in _anchors(file.read_text(encoding="utf-8")), f"{page}: {target}"


def test_every_page_is_reached_from_the_front() -> None:
    reached, ahead = {"README.md"}, ["README.md"]
    while ahead:
        page = ahead.pop()
        for source, target in _links():
            found = os.path.normpath(Path(page).parent / target.partition("#")[0])
            if source == page and found in PAGES and found not in reached:
                reached.add(found)
                ahead.append(found)
    assert reached == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_no_place_but_the_project(page: str) -> None:
    """No path of a machine, no address of any kind: not of a registry of packages, nor another,
    save one with a word in capitals in place of the host."""
    text = PAGES[page]
    assert (
        re.findall(
            r"\b\w+://(?![A-Z]{4})\S+|\bwww\.\S+|(?<![\w.])/(?:home|root|work|tmp|usr|opt|mnt)\b",
            text,
        )
        == []
    )
    assert re.findall(r"pypi|pythonhosted|index-url", text, re.IGNORECASE) == []


def test_the_page_lists_every_word_that_says_nothing() -> None:
    """Every word that the program knows and no other, in its order; none fills a cell."""
    section = PAGES["docs/semantics.md"].partition("### Words that say nothing")[2]
    listed = section.partition("holds:")[2].partition("\n## ")[0]
    words = " ".join(listed.split()).split(", ")
    assert words == list(WORDS)
    assert all(says_nothing(f" ({word.upper()}?) ") for word in words)


def test_files_that_the_pages_name_are_there() -> None:
    for page, text in PAGES.items():
        for name in re.findall(r"`([\w.-]+(?:/[\w.-]+)+/?)`", text):
            made = name.startswith("build/")  # by the command that the page gives
            assert made or (ROOT / name).exists(), f"{page}: {name}"


def _named_in_pages() -> Iterator[tuple[str, str, str]]:
    """Each file that a page names with a name in it: ``file``: ``name``, ``name``, in a table, or
    ``name`` in ``file``; as the page, the file and the name."""
    for page, text in PAGES.items():
        for file, names in re.findall(r"`([\w./-]+\.\w+)`: ((?:`[^`]+`(?:, )?)+)", text):
            yield from ((page, file, name) for name in re.findall(r"`([^`]+)`", names))
        for name, file in re.findall(r"`([\w ]+)`\s+in\s+`([\w./-]+\.\w+)`", text):
            yield page, file, name


def _defined_in(path: Path) -> set[str]:
    """The names of a module's functions, classes and their members, and its constants."""
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names.update(each.id for each in targets if isinstance(each, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def test_functions_that_the_pages_name_are_in_their_files() -> None:
    named = list(_named_in_pages())
    assert len([page for page, _, _ in named if page == "CONTRIBUTING.md"]) > 20
    for page, file, name in named:
        path = ROOT / file
        assert path.is_file(), f"{page}: {file}"
        if path.suffix == ".py":
            assert name in _defined_in(path), f"{page}: {name} in {file}"
        else:
            assert name in path.read_text(encoding="utf-8"), f"{page}: {name} in {file}"


def _texts() -> Iterator[str]:
    """Each text in the program that is not a docstring."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_bytes())
            docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and id(node) not in docs:
                    yield str(node.value)


def test_the_messages_that_the_docs_explain_are_in_the_program() -> None:
    page = PAGES["docs/messages.md"].partition("## The check stopped")[2]
    words = re.findall(r"^\| '([^|]+)' \|", page, re.MULTILINE)
    assert len(words) > 20
    texts = "\n".join(_texts())
    assert [word for word in words if word not in texts] == []


# Words ------------------------------------------------------------------------------------------

PACKAGES = ("cli", "estate", "record", "reports", "engine", "rules", "evidence")


def _words() -> Iterator[tuple[str, str]]:
    """Each row of the table of words: the word, and where it appears."""
    for row in re.findall(r"^\| (.+) \|$", PAGES["docs/words.md"], re.MULTILINE)[2:]:
        word, _, where, _ = row.split(" | ")
        yield word, where


def _appearances(kind: str) -> set[str]:
    """The names that the table gives for one kind of place."""
    return {
        name
        for _, where in _words()
        for names in re.findall(rf"\b{kind} ((?:`[^`]+`(?:, )?)+)", where)
        for name in re.findall(r"`([^`]+)`", names)
    }


def _keys(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from _keys(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _keys(part)


def _models(model: type[Declared]) -> Iterator[type[Declared]]:
    for derived in model.__subclasses__():
        yield derived
        yield from _models(derived)


def test_every_word_says_where_it_appears() -> None:
    words = list(_words())
    assert len(words) > 40
    assert all(re.match(r"(YAML|class|folder|JSON|report) ", where) for _, where in words)
    names = [name for word, _ in words for name in word.split(", ")]
    assert len(set(names)) == len(names)


def test_the_words_are_in_the_code() -> None:
    """Keys of rule files, classes, keys of an assessment, and headings of the report."""
    keys = {
        info.alias or name for each in _models(Declared) for name, info in each.model_fields.items()
    }
    assert set(PapersFile.model_fields) <= keys  # its module is imported
    assert _appearances("YAML") <= keys | {"registers", "pins"}
    modules = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    assert _appearances("class") <= set().union(*map(_defined_in, modules))
    schema = json.loads((ROOT / "reports" / "assessment.schema.json").read_text(encoding="utf-8"))
    assert _appearances("JSON") <= set(_keys(schema))
    templates = (ROOT / "reports" / "templates").glob("*.jinja")
    page = "".join(path.read_text(encoding="utf-8") for path in templates)
    headings = [name for _, where in _words() for name in re.findall(r"report '([^']+)'", where)]
    assert headings
    assert all(f">{name}" in page or f'"{name}"' in page for name in headings)


# Quotations --------------------------------------------------------------------------------------


def test_the_rule_that_the_docs_show_is_the_rule() -> None:
    rule = (OWN_BOOK / "4.6-training" / "refresher-training.yaml").read_text(encoding="utf-8")
    assert ("docs/policy-owner.md", rule) in blocks("yaml"), (
        "docs/policy-owner.md shows this rule as it was. Copy the whole of "
        "rules/prevent-opcc/4.6-training/refresher-training.yaml under 'A rule', and change the "
        "paragraph below it."
    )


def test_the_office_file_that_the_docs_show_can_be_read(tmp_path: Path) -> None:
    (shown_file,) = [text for page, text in blocks("yaml") if page == "docs/command-line.md"]
    (tmp_path / "office.yaml").write_text(shown_file, encoding="utf-8")
    office = read_office_file(tmp_path / "office.yaml")
    assert isinstance(office, OfficeFile)
    keys = re.findall(r"^\| `([a-z ]+)` \|", COMMAND_LINE, re.MULTILINE)
    fields = [field.alias for field in OfficeFile.model_fields.values()]
    assert [key for key in keys if key in fields] == fields


def test_the_options_in_the_docs_are_those_of_the_program() -> None:
    told = re.findall(r"^\| `(--[a-z-]+)", COMMAND_LINE, re.MULTILINE)
    (commands_of,) = [a for a in parser()._actions if isinstance(a.choices, dict)]
    assert isinstance(commands_of.choices, dict)
    check = commands_of.choices["check"]
    options = [name for action in check._actions for name in action.option_strings]
    assert sorted(told) == sorted(name for name in options if name not in {"-h", "--help"})
    assert re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", COMMAND_LINE, re.MULTILINE) == list(
        FILES.values()
    )
    assert all(f"`{name}`" in COMMAND_LINE for name in ALL)


def test_the_codes_in_the_docs_are_those_of_the_program() -> None:
    told = re.findall(r"^\| ([0-9]) \|", COMMAND_LINE, re.MULTILINE)
    assert told == [str(c) for c in (NOTHING_OUTSTANDING, OUTSTANDING, STOPPED, FAULT)]


def test_the_changelog_has_every_rule_from_the_day_it_is_asked() -> None:
    book = book_in(OWN_BOOK)
    rules = PAGES["CHANGELOG.md"].partition("## The rules")[2]
    left_out: list[str] = []
    periods = {version.from_ for duty in book.duties.values() for version in duty.versions}
    for period in sorted(periods):
        entry = rules.partition(f"**From {day_words(period)}**")[2].partition("\n**From ")[0]
        for duty in book.duties.values():
            asked = period in {version.from_ for version in duty.versions}
            if asked and f"`{duty.id}`: " not in entry:
                is_first = period == duty.versions[0].from_
                # The title may be true of the older version alone.
                entry_words = duty.title if is_first else "WHAT CHANGES, AND WHAT IT WAS UNTIL THEN"
                section = book.sections[duty.id]
                left_out.append(
                    f"From {day_words(period)}: - {section} `{duty.id}`: {entry_words}."
                )
    assert left_out == [], "Add to CHANGELOG.md, under 'The rules':\n" + "\n".join(left_out)
    named = set(re.findall(r"`([a-z0-9-]+)`:", rules))
    known = {name for duty in book.duties.values() for name in (duty.id, *duty.aliases)}
    assert named <= known
    assert f"### `{book.book.id}` {book.book.version}" in rules


def test_the_picture_is_one_of_a_report() -> None:
    """A PNG of a size to be looked at, and to be fetched: the front page is opened by everybody."""
    data = (ROOT / "docs" / "report.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    assert 800 <= width <= 1600
    assert 600 <= height <= 1600
    assert len(data) < 400_000

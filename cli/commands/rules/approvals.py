"""dueregard rules approve and rules log: who changed and who approved the versions of duties."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.ask import ask
from cli.commands.rules.new_duty import unfinished_line
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import rulebook_in, rulebook_of, rulebook_option
from cli.ledger_entry import (
    A_POST,
    LONGEST_POST,
    LONGEST_REASON,
    chosen_ledger,
    day_of,
    in_words,
    stamp,
    text_of,
)
from cli.office_folder import office_in
from cli.outputs import write_over
from cli.say import say, width
from evidence.cells.text import listed
from record.ledger.approvals import approvals_in, enter_approvals
from record.ledger.chain import writing
from record.ledger.database import LEDGER_NAME
from record.ledger.entries import Row
from reports import words
from reports.rulebook.history import history_text
from rules.approval import in_rule, version_fingerprint
from rules.load import OWN_BOOK, read_book, read_folder
from rules.model import Duty, Rulebook, Version
from rules.problem import describe_all, did_you_mean
from rules.sop.problem import describe
from rules.sop.resolve import SopText, quotes
from rules.yaml.source import Scalar

_NO_ANSWER = (
    "Stopped: there was no answer, and nothing was approved. To be asked nothing, give --by, --on, "
    "--changed-by and --why."
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What an approval writes into a version. ``changed_by`` and ``why`` are '' where each version
    keeps what it says."""

    by: str
    on: datetime.date
    changed_by: str
    why: str

    def keys(self, duty: Duty, version: Version) -> Mapping[str, Scalar]:
        """The keys of a version with their values, in the order of the file."""
        return {
            "changed by": self.changed_by or version.changed_by,
            "why": self.why or version.why,
            "approved by": self.by,
            "approved on": self.on,
            "approved version": in_rule(version_fingerprint(duty, version)),
        }


def add_to(kinds: Commands) -> None:
    """Adds both commands to those of 'rules'."""
    about = "record who approved a version of a duty"
    more = "Posts are recorded, not people's names. What is not given is asked."
    add = add_command(kinds, "approve", about, run_approve, more).add_argument
    add("duties", metavar="DUTY", nargs="+", help="the duty's id")
    add("--version", metavar="DAY", help="the first day of the version (default: the last one)")
    add("--by", metavar="POST", help="the post that approved it, such as Chief Executive")
    add("--on", metavar="DAY", help="the day on which it was approved")
    add("--changed-by", metavar="POST", help="the post that changed the rule")
    add("--why", metavar="TEXT", help="why the rule was changed")
    add("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    place = f"the ledger that records the approval, or none (default: {LEDGER_NAME})"
    add("--ledger", metavar="FILE", help=place)

    about = "show the history of a duty, and who approved it"
    add = add_command(kinds, "log", about, run_log).add_argument
    add("duty", metavar="DUTY", nargs="?", help="the duty's id")
    add("--all", action="store_true", help="every duty of the rulebook")
    add("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    sop = "the SOP, to quote its words; again for each version of it"
    add("--sop", metavar="FILE", type=Path, action="append", default=[], help=sop)
    add("--ledger", metavar="FILE", type=Path, help="a ledger that records approvals")


# rules approve ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ApprovedRules:
    """A rulebook with an approval in it: the versions that were approved, and the changed files as
    they were and as they are to be."""

    rulebook: Rulebook
    versions: Sequence[tuple[Duty, Version]]
    before: Mapping[Path, bytes]
    after: Mapping[Path, bytes]


def run_approve(options: argparse.Namespace) -> int:
    """Writes the approval into the rules, and enters it in the ledger: both, or neither."""
    office = office_in(Path())
    folder: Path = options.rulebook or (office.rulebook if office else None) or OWN_BOOK
    day = day_of(options.version, "--version") if options.version else None
    rulebook = rulebook_in(folder)
    versions = _chosen(rulebook, options.duties, day)
    _must_be_finished(rulebook, [duty for duty, _ in versions])
    moment = stamp(None)
    signature = _signature(options, [version for _, version in versions], moment.at.date())
    ledger = chosen_ledger(options.ledger, Path(), office.ledger if office else None)
    rows: list[Row] = []
    to_restore: Mapping[Path, bytes] = {}
    try:
        with in_words(), writing(ledger, moment) if ledger else nullcontext() as writer:
            # Read again: while the ledger is held, nobody else can approve.
            rules = _approved(folder, options.duties, day, signature)
            if writer and ledger:
                rows = enter_approvals(writer, ledger, rules.rulebook, rules.versions, moment)
            write_over(rules.after)
            to_restore = rules.before
    except BaseException:  # the entry failed after the files were written
        if to_restore:
            write_over(to_restore)
        raise
    for duty, version in rules.versions:
        say(f"Approved: {duty.title}, the version from {words.day(version.from_)}")
    say("\n".join(f"Saved: {path}" for path in rules.after))
    if rows:
        numbers = " to ".join(dict.fromkeys(str(row.number) for row in (rows[0], rows[-1])))
        say(f"Approval logged as number {numbers} in {ledger} (fingerprint {rows[-1].hash})")
    return NOTHING_OUTSTANDING


def _chosen(
    rulebook: Rulebook, duties: Sequence[str], day: datetime.date | None
) -> list[tuple[Duty, Version]]:
    """Each duty with the version from a day, or with its last one. Raises Stop if there is no such
    duty or version."""
    chosen = []
    for name in dict.fromkeys(duties):
        if name not in rulebook.duties:
            raise Stop(f"There is no duty '{name}'. {did_you_mean(name, rulebook.duties)}")
        duty = rulebook.duties[name]
        versions = [version for version in duty.versions if day in (None, version.from_)]
        if not versions:
            known = listed([words.day(version.from_) for version in duty.versions])
            raise Stop(f"{name} has no version from {words.day(day)}. It has: {known}.")
        chosen.append((duty, versions[-1]))
    return chosen


def _must_be_finished(rulebook: Rulebook, duties: Sequence[Duty]) -> None:
    """Raises Stop if the rule of a duty is still as 'rules new' wrote it: its numbers are examples,
    and nobody has compared them with the SOP."""
    names = [rulebook.sources[duty.id] for duty in duties]
    lines = [(name, unfinished_line(rulebook.files[name])) for name in names]
    if unfinished := [f"{name}, line {line}" for name, line in lines if line]:
        are, their = ("are", "their") if len(unfinished) > 1 else ("is", "its")
        raise Stop(
            f"Nothing was approved: {listed(unfinished)} {are} as 'dueregard rules new' wrote it. "
            f"Change {their} numbers, conditions and readings to those of the SOP, and write 'in "
            "brief'."
        )


def _signature(
    options: argparse.Namespace, versions: Sequence[Version], today: datetime.date
) -> Signature:
    """What the options say, and the answers to what they leave out. Raises Stop for a day that has
    not come, or a text that a rule cannot contain."""
    by = text_of(options.by, "--by", A_POST, LONGEST_POST) or _asked(
        f"Which post approved this? {A_POST}.", "--by", LONGEST_POST
    )
    on = day_of(options.on or _asked("On which day, such as 24/11/2026?", "--on", 40), "--on")
    if on > today:
        raise Stop(f"--on: {words.day(on)} has not come yet. Give the day of the approval.")
    changed_by = text_of(options.changed_by, "--changed-by", A_POST, LONGEST_POST)
    if not changed_by and not all(version.changed_by for version in versions):
        question = f"Which post changed the rule? {A_POST}."
        changed_by = _asked(question, "--changed-by", LONGEST_POST)
    why = text_of(options.why, "--why", "Enter the reason", LONGEST_REASON)
    if not why and not all(version.why for version in versions):
        why = _asked("Why was the rule changed?", "--why", LONGEST_REASON)
    return Signature(by, on, changed_by, why)


def _asked(question: str, option: str, longest: int) -> str:
    """The answer to a question, which is asked until there is one."""
    while True:
        answer = ask(question, _NO_ANSWER)
        if answer:
            return text_of(answer, option, question, longest)


def _approved(
    folder: Path, duties: Sequence[str], day: datetime.date | None, signature: Signature
) -> ApprovedRules:
    """The rulebook of a folder with the approval written into it. Raises Stop if it has an error,
    or if writing would change anything else."""
    from rules.yaml.round_trip import round_trip, set_after  # noqa: PLC0415  (only needed here)

    read = read_folder(folder)
    rulebook = rulebook_of(folder, read if isinstance(read, tuple) else read_book(read))
    files = {} if isinstance(read, tuple) else dict(read)
    before, after = {}, {}
    for duty, version in _chosen(rulebook, duties, day):
        name = rulebook.sources[duty.id]
        document = round_trip(files[name])
        number = duty.versions.index(version)
        set_after(document.tree["versions"][number], "from", signature.keys(duty, version))
        before[folder / name], after[folder / name] = files[name], document.data()
        files[name] = after[folder / name]
    made = read_book(files)
    if not isinstance(made, Rulebook) or _fingerprints(made) != _fingerprints(rulebook):
        problems = () if isinstance(made, Rulebook) else made
        lines = "".join(f"\n  {line}" for line in describe_all(problems))
        raise Stop(
            "Nothing was approved: the program cannot write these keys into the rule without "
            f"changing it otherwise.{lines}"
        )
    return ApprovedRules(made, _chosen(made, duties, day), before, after)


def _fingerprints(rulebook: Rulebook) -> list[str]:
    duties = rulebook.duties.values()
    return [version_fingerprint(duty, version) for duty in duties for version in duty.versions]


# rules log --------------------------------------------------------------------------------------


def run_log(options: argparse.Namespace) -> int:
    """Prints the history of one duty, or of all."""
    office = office_in(Path())
    folder = options.rulebook or (office.rulebook if office else None)
    rulebook = rulebook_in(folder)
    if options.all is bool(options.duty):
        other = "refresher-training" if folder is None else next(iter(rulebook.duties))
        raise Stop(
            "Say which duty, by its id, or --all, for example: dueregard rules log "
            f"{options.duty or other}{rulebook_option(options.rulebook)}"
        )
    named = rulebook.duties if options.all else [options.duty]
    duties = [duty.id for duty, _ in _chosen(rulebook, list(named), None)]
    logged = None
    if options.ledger:
        with in_words():
            logged = approvals_in(options.ledger)
    sop = _sop(options.sop, rulebook)
    texts = [history_text(rulebook, duty, width(), sop, logged) for duty in duties]
    say("\n\n".join(texts))
    return NOTHING_OUTSTANDING


def _sop(paths: Sequence[Path], rulebook: Rulebook) -> Mapping[str, SopText]:
    """The versions of the SOP that were given, in their order."""
    if not paths:
        return {}
    # loaded only if a SOP is given
    from cli.commands.sop import document_of  # noqa: PLC0415

    texts = {}
    for path in paths:
        document = document_of(path, rulebook.book)
        if document.no_version:
            raise Stop(describe(document.no_version))
        quoted = quotes(rulebook, document)
        texts[document.version] = SopText(document.file, document.sha256, quoted)
    order = [version.version for version in rulebook.book.sop.versions]
    return {version: texts[version] for version in order if version in texts}

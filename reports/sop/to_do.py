"""The to-do list at the end of the comparison of two versions of the SOP, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from itertools import takewhile, zip_longest

from evidence.cells.text import listed
from reports import words
from reports.sop.text import words_only
from rules.model import Duty, Rulebook
from rules.sop.document import Document, Paragraph, SopSection
from rules.sop.to_do import DutyDraft, Task, ToDo

#: What to do about a paragraph that requires something new.
NEW_DUTY = (
    "It requires something new ({words}). Write a duty ('dueregard rules new'), or list the "
    "sentence under 'exempt' in book.yaml."
)
#: In place of the list, where no changed paragraph needs anything.
NOTHING = "No duty cites a paragraph that changed, and none requires anything new."


def to_do_text(
    rulebook: Rulebook,
    to_do: ToDo,
    old: Document,
    new: Document,
    width: int = 100,
    folder: str = "",
) -> str:
    """The list, then each draft beside the version that it follows, and then the last steps. Their
    commands name the ``folder`` of the rulebook, '' for the program's own."""
    before = f" before {words.day(to_do.begins)}" if to_do.begins else ""
    lines = [f"To do{before}", *([] if to_do.tasks else [f"  {NOTHING}"])]
    for number, task in enumerate(to_do.tasks, 1):
        lines.append(f"{number:>3}. {task_words(task, old, new)}")
        for line in steps(rulebook.duties, to_do, task, old):
            lines += textwrap.wrap(line, width, initial_indent="     ", subsequent_indent="     ")
    if to_do.drafts:
        lines += [
            "",
            "Drafts, to be edited. No command reads them until you put them in the rules",
        ]
    for draft in to_do.drafts:
        lines += ["", f"{draft.file}: {draft_words(draft)}", *_beside(draft, width)]
    lines += ["", "Then"]
    for step in last_steps(to_do, new, folder):
        lines += textwrap.wrap(step, width, initial_indent="  ", subsequent_indent="  ")
    return words_only("\n".join(lines))


def task_words(task: Task, old: Document, new: Document) -> str:
    """A paragraph and what became of it: 'Section 4.1, paragraph 2, now paragraph 3: reworded'."""
    if task.old is None:
        return f"{_place(task.new, new)}: {task.kind}"
    place = _place(task.old, old)
    if task.new is None:
        return f"{place}: {task.kind}"
    section, now = _section(task.old, old), _section(task.new, new)
    if now != section:
        place += f", now section {now}, paragraph {task.new.number}"
    elif task.new.number != task.old.number:
        place += f", now paragraph {task.new.number}"
    return f"{place}: {task.kind}"


def steps(duties: Mapping[str, Duty], to_do: ToDo, task: Task, old: Document) -> Iterator[str]:
    """What is to be done about a paragraph: a sentence for each duty, and for what is new."""
    drafts = {draft.duty: draft for draft in to_do.drafts}
    for id_ in task.duties:
        duty = duties[id_]
        yield f"{duty.title} ({id_}): {_step(duty, to_do, task, drafts.get(id_))}"
    if task.requires:
        yield NEW_DUTY.format(words=", ".join(f"'{word}'" for word in task.requires))
    if task.exempt:
        phrases = listed([f"'{phrase}'" for phrase in task.exempt])
        yield (
            f"Add 'last version: \"{old.version}\"' to what book.yaml has under 'exempt' for"
            f" {phrases}."
        )


def _step(duty: Duty, to_do: ToDo, task: Task, draft: DutyDraft | None) -> str:
    if task.kind == "moved":
        return "its words are the same. Pinning the new version records where they are now."
    if draft is not None and draft.ends:
        return "its sentence is gone. Look at the draft of its last day."
    if draft is not None:
        return "compare the texts, and edit the draft of a new version."
    if duty.id in to_do.unchanged:
        return "the sentence that it cites is the same. Look at the others of the paragraph."
    if duty.until is not None and to_do.begins is not None and duty.until < to_do.begins:
        return f"it ends on {words.day(duty.until)}, so there is nothing to do."
    begins = duty.versions[-1].from_
    if to_do.begins is not None and begins >= to_do.begins:
        return f"it has a version from {words.day(begins)}. Compare the texts with that one."
    return "compare the texts, and write a new version. No draft can be made from its file."


def draft_words(draft: DutyDraft) -> str:
    """What a draft would do."""
    return "the last day of the duty" if draft.ends else "a new version"


def last_steps(to_do: ToDo, new: Document, folder: str = "") -> Iterator[str]:
    """What is to be done after the drafts, in order."""
    option, rules = (f" --rulebook {folder}", f" {folder}") if folder else ("", "")
    if new.states.differing:
        stated = listed(new.states.differing)
        yield f"- {new.file} states {stated} before its first section: find out which is right."
    if to_do.begins is None:
        yield (
            f"- {new.file} does not say from which day it is in force. Write that day wherever a"
            " draft has DAY, and the day before after 'until:'."
        )
    if not to_do.listed:
        version, begins = to_do.version or "VERSION", to_do.begins or "DAY"
        yield (
            "- Add the new version to 'versions' of the SOP in book.yaml: "
            f'version "{version}", in force {begins}.'
        )
    for section in to_do.added:
        number = f', printed "{section.printed}"' if section.printed else ""
        yield (
            "- Add to 'sections' of book.yaml, or to the 'headings' of a section there: section "
            f'"{section.id}", heading "{section.heading}"{number}. Its duties belong in the folder '
            "of its section."
        )
    for section in to_do.renumbered:
        number = section.name.partition(" ")[0]
        yield (
            f'- In book.yaml, section "{section.id}" is now number "{number}", printed'
            f" \"{section.printed}\". Change these two, and leave its 'section' and 'folder':"
            " citations name them."
        )
    if to_do.drafts:
        files = listed([draft.file for draft in to_do.drafts])
        yield f"- Put each edited draft in the place of its rule: {files}."
    file = words.in_command(new.file)
    yield (
        f"- Run 'dueregard sop pin {file}{option}'. Add --accept once no more rule has to"
        " change: it takes the new text of paragraphs whose rules stay as they are."
    )
    yield f"- Run 'dueregard sop coverage {file}{option}' and 'dueregard rules check{rules}'."


def _place(paragraph: Paragraph | None, document: Document) -> str:
    assert paragraph is not None
    return f"Section {_section(paragraph, document)}, paragraph {paragraph.number}"


def _section(paragraph: Paragraph, document: Document) -> str:
    section = document.section(paragraph.section)
    assert isinstance(section, SopSection)
    return section.name


def _beside(draft: DutyDraft, width: int) -> Iterator[str]:
    half = max((width - 5) // 2, 30)
    new = list(_wrapped(draft.new, half))
    comments = takewhile(lambda line: line.lstrip().startswith("#"), new)
    old = [*("" for _ in comments), *_wrapped(draft.old or "(no last day)", half)]
    for left, right in zip_longest(old, new, fillvalue=""):
        yield f"  {left:<{half}} | {right}".rstrip()


def _wrapped(text: str, half: int) -> Iterator[str]:
    """The lines of a rule, with their indents; a line that is too long goes on below."""
    for line in text.split("\n"):
        margin = " " * (len(line) - len(line.lstrip()))
        comment = "# " if line.lstrip().startswith("# ") else "  "
        yield from textwrap.wrap(
            line, half, subsequent_indent=margin + comment, drop_whitespace=True
        ) or [""]

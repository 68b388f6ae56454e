"""The office's own sheets: what each contains, in questions, and check your answers."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.browser.kept_answers import answers_of, keep_answers, kept_answers, key_of, page_key
from cli.browser.settings import save_settings
from cli.browser.site import Site, Visit
from cli.mapping_file import save_mapping
from cli.office_folder import Office
from evidence.cells.text import listed
from evidence.register import Registers
from record.office.interview.own_sheets import OwnSheet, mapped_words, own_columns
from record.office.interview.pages import NO, MapPage, MapQuestion
from record.office.interview.sheet_interview import InterviewState, interview_state
from record.office.office_file import mapping_lines
from rules.not_kept import consequences

#: In the question which lists a sheet is: some of those that are ticked.
LISTS = "lists"
#: What an answer that is changed leads back to.
THEN, CHECK = "then", "check"
#: Kinds of questions that are answered from the columns of the sheet.
_WITH_COLUMNS = ("lists", "column", "missing")


def show(site: Site, _: Visit) -> Response:
    """Every sheet: what it is, or that nobody has said yet."""
    office = site.office()
    contents = site.contents(office)
    answers = kept_answers(site.folder)
    waiting = [(own, key_of(own), len(answers.get(key_of(own), ()))) for own in contents.own_sheets]
    mapped = office.file.mapping if office else ()
    registers = site.rulebook(office).registers
    return site.show(
        "sheets.html.jinja",
        contents=contents,
        waiting=waiting,
        mapped=list(enumerate(mapped)),
        titles=lambda part: (
            listed([registers[item.register_id].sheets[0] for item in part.gives]) or "no evidence"
        ),
    )


def ask(site: Site, visit: Visit) -> Response:
    """A page of questions about a sheet, with the answers given before."""
    _, own, state = _asked(site, visit)
    number = _number(visit)
    pages = (*state.answered, *([state.next_page] if state.next_page else ()))
    if number > len(pages):
        return site.go(_path(own, len(state.answered) + 1 if state.next_page else None))
    return _page(site, own, pages[number - 1], number, visit.query.get(THEN, ""))


def answer(site: Site, visit: Visit) -> Response:
    """Keeps the answers to a page, and leads to the next one."""
    office, own, state = _asked(site, visit)
    number = _number(visit)
    pages = (*state.answered, *([state.next_page] if state.next_page else ()))
    if number > len(pages) or visit.field("page") != page_key(pages[number - 1]):
        site.notices = ["The questions have changed since the page was shown. Answer them again."]
        return site.go(_path(own, min(number, len(pages))))
    page = pages[number - 1]
    given = [_answer(visit, index, question) for index, question in enumerate(page.questions)]
    registers = site.rulebook(office).registers
    before = [answers_of(page) for page in state.answered[: number - 1]]
    after = interview_state(own, registers, [*before, given])
    then = visit.field(THEN)
    if after.next_page is not None and len(after.answered) < number:
        return _page(site, own, after.next_page, number, then, status=422)
    if after.next_page is None and after.mapping is None:
        keep_answers(site.folder, key_of(own), ())
        site.notices = [f"{own.name[:1].upper()}{own.name[1:]} is left for later."]
        return site.go("/sheets")
    after = _with_answers_after(own, registers, after, state.answered[number:])
    keep_answers(site.folder, key_of(own), [answers_of(page) for page in after.answered])
    following = len(after.answered) if then == CHECK else number
    ended = following == len(after.answered) and after.next_page is None
    return site.go(_path(own, None if ended else following + 1, then))


def check_answers(site: Site, visit: Visit) -> Response:
    """All answers about a sheet, before they are saved."""
    office, own, state = _asked(site, visit)
    if state.next_page is not None:
        return site.go(_path(own, len(state.answered) + 1))
    if state.mapping is None:
        return site.go("/sheets")
    registers = site.rulebook(office).registers
    return site.show(
        "answers.html.jinja",
        own=own,
        key=key_of(own),
        pages=list(enumerate(state.answered, 1)),
        read=mapped_words(own, state.mapping, registers),
        lines=mapping_lines(state.mapping)[1:],
        cannot=own.proposal.cannot,
        not_kept=list(consequences(state.mapping, site.rulebook(office))),
        shown=_shown_answer,
    )


def save(site: Site, visit: Visit) -> Response:
    """Saves the answers in office.yaml."""
    office, own, state = _asked(site, visit)
    if state.mapping is None:
        return site.go(_path(own, None))
    if office is None:
        save_settings(site.folder, None, site.by)
    registers = site.rulebook(office).registers
    # the answers are kept, so that 'Answer again' begins with them
    save_mapping(site.folder, site.by or None, state.mapping, registers)
    site.notices = [f"What you said about {own.name} was saved."]
    left = site.contents(site.office()).own_sheets
    return site.go("/sheets" if left else "/")


def forget(site: Site, visit: Visit) -> Response:
    """Takes what was said about a mapped sheet out of office.yaml, so that it is asked again."""
    office = site.office()
    part = visit.field("part")
    mapping = office.file.mapping if office else ()
    if office is None or not part.isdecimal() or int(part) >= len(mapping):
        raise HTTPException(404)
    chosen = mapping[int(part)]
    same = [one for one in mapping if (one.file, one.sheet) != (chosen.file, chosen.sheet)]
    if visit.field("file") != chosen.file or visit.field("sheet") != (chosen.sheet or ""):
        site.notices = ["office.yaml was changed since the page was shown. Choose again."]
        return site.go("/sheets")
    save_settings(site.folder, office, site.by, mapping=tuple(same))
    name = f"the sheet '{chosen.sheet}' of '{chosen.file}'" if chosen.sheet else f"'{chosen.file}'"
    site.notices = [f"What was said about {name} is not used any more. You can answer again."]
    return site.go("/sheets")


def _asked(site: Site, visit: Visit) -> tuple[Office | None, OwnSheet, InterviewState]:
    """The sheet that an address names, and the interview about it so far. Leads to all sheets if
    nobody needs to be asked about it any more, as after a second click on 'Save'."""
    office = site.office()
    for own in site.contents(office).own_sheets:
        if key_of(own) == visit.names["key"]:
            answers = kept_answers(site.folder).get(key_of(own), ())
            return office, own, interview_state(own, site.rulebook(office).registers, answers)
    site.notices = [*site.notices, "Nothing is left to answer about this sheet."]
    raise HTTPException(303, headers={"Location": "/sheets"})


def _with_answers_after(
    own: OwnSheet, registers: Registers, state: InterviewState, pages: Sequence[MapPage]
) -> InterviewState:
    """The interview after one more page was answered, with the answers that were given before to
    the pages that follow. A page with other questions ends them."""
    for page in pages:
        if state.next_page is None or page_key(state.next_page) != page_key(page):
            break
        answers = [answers_of(one) for one in (*state.answered, page)]
        longer = interview_state(own, registers, answers)
        if len(longer.answered) < len(answers):
            break
        state = longer
    return state


def _number(visit: Visit) -> int:
    number = visit.names["number"]
    if not (number.isascii() and number.isdecimal()) or not 0 < int(number[:4]) < 1000:
        raise HTTPException(404)
    return int(number[:4])


def _path(own: OwnSheet, number: int | None, then: str = "") -> str:
    """The address of a page of questions about a sheet; of the answers, for None."""
    query = f"?{THEN}={CHECK}" if number and then == CHECK else ""
    return f"/sheets/{key_of(own)}/{number or 'answers'}{query}"


def _page(
    site: Site, own: OwnSheet, page: MapPage, number: int, then: str, *, status: int = 200
) -> Response:
    registers = site.rulebook(site.office()).registers
    previous = _path(own, number - 1) if number > 1 else "/sheets"
    return site.show(
        "questions.html.jinja",
        status,
        own=own,
        page=page,
        page_key=page_key(page),
        path=_path(own, number),
        back=_path(own, None) if then == CHECK else previous,
        then=then if then == CHECK else "",
        columns=own_columns(own) if page.questions[0].kind in _WITH_COLUMNS else (),
        abouts={
            spec.sheets[0]: spec.about.partition(". ")[0].rstrip(".") for spec in registers.values()
        },
        selected=_selected,
        LISTS=LISTS,
    )


def _answer(visit: Visit, index: int, question: MapQuestion) -> str:
    """The answer to a question of a page, as the form has sent it. What was typed counts."""
    name = f"q{index}"
    if question.kind == "wide":
        return "\n".join(visit.fields.get(name, ())) or NO
    chosen = visit.field(name)
    ticked = visit.fields.get(f"{name}-list", ())
    if question.several and ticked:
        return "; ".join(ticked)
    if chosen == LISTS or (ticked and not chosen):
        return ", ".join(ticked)
    return visit.field(f"{name}-typed").strip() or chosen


def _selected(question: MapQuestion) -> str:
    """The option or choice that a form has selected; '' if none is, or the answer was typed."""
    answer = question.answer or question.default
    options = [option.answer for option in question.options]
    if question.kind == "lists" and answer and answer not in options:
        return LISTS
    return answer if answer in (*options, *question.choices) else ""


def _shown_answer(question: MapQuestion) -> str:
    """An answer in the words of the form."""
    for option in question.options:
        if option.answer == question.answer:
            return option.label or option.answer
    return ", ".join(question.answer.split("\n"))

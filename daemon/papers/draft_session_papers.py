"""Proposal, plan, notice and script of a session, drafted from what the register knows, for the Head to approve."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row

from daemon.base.errors import DoithoaiError
from daemon.base.logs import Log
from daemon.documents.forms.own_forms import Forms, in_form
from daemon.documents.forms.values import as_numbered
from daemon.documents.inputs import (
    BodyAnswer,
    Filing,
    PlanInput,
    PortalNoticeInput,
    ProposalInput,
    RecordInput,
    RunSheetInput,
    ScriptInput,
    ScriptQuestion,
    Step,
    Task,
    board_filing,
    leader_of,
    session_of,
)
from daemon.documents.making import file_stem, files_of, to_json
from daemon.documents.markup import plain
from daemon.documents.model import Document, digest
from daemon.documents.session_papers import (
    article_files,
    build_cards,
    build_minutes,
    build_plan,
    build_portal_notice,
    build_proposal,
    build_record,
    build_run_sheet,
    build_script,
)
from daemon.installation.installation import Installation
from db.register import board_papers, questions, sessions
from db.register import links as desk
from rules.decide.base.facts import AnswerFacts, BoardFacts, MailFacts, QuestionFacts, SessionCase
from rules.decide.base.notices import unit_name
from rules.decide.base.publication import given_answers
from rules.decide.session.orders import papers_ordered
from rules.decide.session.session_day import EVE
from rules.decide.session.session_duties import DRAFTED, may_draft
from rules.law.deadlines import session_duties
from rules.law.session_rules import RECEIVING, Mark, Paper, PaperFacts, PaperFile, PaperKind, SessionFacts
from rules.law.working_days import city_day, short_date
from rules.requester.names import initials
from rules.requester.redaction import blanked, without_signature
from rules.understand.letter_form import asked_alone

log = Log("session_papers")

G = TypeVar("G", ProposalInput, PlanInput, PortalNoticeInput, ScriptInput, RunSheetInput)

WORDLESS = 2
"""A subject of at most this many words (“Hỏi”, “Câu hỏi”) is no heading for a script."""
LEFT_OUT = ("rejected",)


def paper_for(
    installation: Installation,
    session: SessionFacts,
    kind: PaperKind,
    asked: tuple[QuestionFacts, ...],
    now: datetime,
    same_as: Mapping[str, str] | None = None,
    before: Sequence[PaperFacts] = (),
) -> Paper:
    """The current paper, citing those ``before`` it; ``IncompleteDocument`` names every empty field of its norm."""
    forms = installation.forms
    build: Mapping[PaperKind, Callable[[], Document]] = {
        PaperKind.PROPOSAL: lambda: _made(build_proposal, _proposal(installation, session, now), forms),
        PaperKind.PLAN: lambda: _made(build_plan, _plan(installation, session, now, before), forms),
        PaperKind.NOTICE: lambda: _made(build_portal_notice, _notice(installation, session, now, before), forms),
        PaperKind.SCRIPT: lambda: _made(
            build_script, _script(installation, session, asked, now, same_as or {}, before), forms
        ),
        PaperKind.RECORD: lambda: build_record(_record(installation, session, asked, now)),
    }
    made = build[kind]()
    files: tuple[PaperFile, ...] = files_of(made, f"{session.code}-{file_stem(made)}")
    if kind is PaperKind.RECORD:
        files = (*files, *article_files(_record(installation, session, asked, now), session.code))
    return Paper(kind, made.title, digest(made), plain(made), files, documents=to_json([made]))


def _made(build: Callable[[G], Document], given: G, forms: Forms) -> Document:
    """The document built with its Word form."""
    return in_form(build(given), given, forms)


def paper_ordered(
    connection: Connection, installation: Installation, case: SessionCase, kind: PaperKind, now: datetime
) -> Paper | str:
    """The paper that a person orders, or what it lacks, in Vietnamese."""
    try:
        same_as = links(connection, [(question.id, question.code) for question in case.questions])
        return paper_for(installation, case.session, kind, case.questions, now, same_as, case.papers)
    except DoithoaiError as error:
        return lacking(case.session, error)


def with_papers_ordered(
    connection: Connection, installation: Installation, facts: MailFacts, now: datetime
) -> MailFacts:
    """The facts of an officer's mail with the papers that it orders, drafted from the present state."""
    wanted = papers_ordered(facts)
    if not wanted:
        return facts
    drafts = {
        (case.session.id, kind): paper_ordered(connection, installation, case, kind, now) for case, kind in wanted
    }
    return replace(facts, drafts=drafts)


def lacking(session: SessionFacts, error: DoithoaiError) -> str:
    """The empty fields that an ``IncompleteDocument`` names, and how to fill them in by mail."""
    fields = re.findall(r"\(([^()]+)\)", str(error).partition(" (clause")[0])
    if not fields:
        return f"Chưa soạn được văn bản của phiên {session.code}: {error}"
    how = f"xin ghi “Bổ sung phiên {session.code}” rồi mỗi dòng một mục"
    if "câu hỏi được trả lời tại phiên" in fields:  # no line of the form
        how = "xin ghi “(số câu hỏi) trả lời tại phiên (người trả lời): …” cho từng câu đã trả lời"
    return f"Phiên {session.code} còn trống: {', '.join(dict.fromkeys(fields))}; {how}"


def papers_of_the_day(installation: Installation, session: SessionFacts, script: ScriptInput) -> Paper:
    """Run sheet, question cards and minutes as one paper of several files, numbered as the script."""
    given = RunSheetInput(
        filing=script.filing,
        session=script.session,
        questions=as_numbered(script.questions),
        leaders=tuple((one.name, one.body) for one in session.form.leaders),
        phone=installation.config.board.phone,
    )
    made = (build_run_sheet(given), build_cards(given), _made(build_minutes, given, installation.forms))
    files = tuple(file for one in made for file in files_of(one, f"{session.code}-{file_stem(one)}"))
    return Paper(PaperKind.RUN_SHEET, made[0].title, digest(made[0]), plain(made[0]), files)


def draft_for_the_day(
    connection: Connection, installation: Installation, row: Row[Any], now: datetime
) -> Paper | None:
    """The papers of the day, drafted on its eve."""
    session = sessions.load(connection, [row.session_id]).get(row.session_id)
    if session is None or row.stage != EVE or now >= session.starts_at or session.status not in RECEIVING:
        return None
    asked = tuple(questions.load(connection, sessions.question_ids(connection, session.id)).values())
    try:
        same_as = links(connection, [(question.id, question.code) for question in asked])
        return papers_of_the_day(installation, session, _script(installation, session, asked, now, same_as, ()))
    except DoithoaiError as error:
        log.failure("no_run_sheet", error, session=session.code)
        return None


def draft_for(connection: Connection, installation: Installation, row: Row[Any], now: datetime) -> Paper | str | None:
    """The paper of a dated duty, when its day has come and nobody has submitted one; what it lacks, as text.

    Plan and notice come some days before their duty (``[sessions] draft_days_before``), the script on the due day,
    after the units' answers were due (S-3). None when there is nothing to draft.
    """
    kind = DRAFTED.get(row.due["rule"]) if row.kind == "session" else None
    if kind is None or not row.session_id:
        return None
    session = sessions.load(connection, [row.session_id])[row.session_id]
    papers = board_papers.papers_of(connection, session_id=session.id)
    if not may_draft(installation.board.law, session, papers, kind, date.fromisoformat(row.due["on"]), now):
        return None
    asked = tuple(questions.load(connection, sessions.question_ids(connection, session.id)).values())
    if kind is PaperKind.SCRIPT and all(question.status.value in LEFT_OUT for question in asked):
        return None  # nothing to draft; the duty ends when its day has passed
    case = SessionCase(installation.board, session, asked, papers)
    found = paper_ordered(connection, installation, case, kind, now)
    if isinstance(found, str):
        log.warning("no_paper", session=session.code, kind=kind.value)
    return found


def links(connection: Connection, asked: Sequence[tuple[int, str]]) -> dict[str, str]:
    """For each question (id, code) similar to earlier ones of the same session: the code of the first of them."""
    codes = dict(sorted(asked))
    first: dict[int, int] = {}
    for each in codes:
        tied = [one.id for one in desk.links_of(connection, each) if one.id in codes and one.id < each]
        if tied:
            first[each] = min(first.get(one, one) for one in tied)
    return {codes[each]: codes[root] for each, root in first.items()}


def filing_of(installation: Installation, now: datetime) -> Filing:
    """The issuer and signers of the Board's papers, for the city's year."""
    return board_filing(installation.config, installation.board.law.profile, city_day(now).year)


def _proposal(installation: Installation, session: SessionFacts, now: datetime) -> ProposalInput:
    form, board = session.form, installation.board
    decides = "chairman" if form.level == "city" else "unit_leader"
    return ProposalInput(
        filing=filing_of(installation, now),
        session=session_of(session),
        decides=board.law.profile.roles[decides],
        reasons=form.reasons,
        units=tuple(unit_name(board, code) for code in form.units),
        direction=form.direction,
    )


def cited(papers: Sequence[PaperFacts], kind: PaperKind, name: str) -> str:
    """``Kế hoạch số 05/KH-BBT ngày 11/11/2026``: the approved paper of a kind, "" without one that has a number."""
    numbered = [one for one in papers if one.kind is kind and one.status == "approved" and one.number]
    paper = numbered[-1] if numbered else None
    on = f" ngày {short_date(paper.issued_on)}" if paper and paper.issued_on else ""
    return f"{name} số {paper.number}{on}" if paper else ""


def _plan(
    installation: Installation, session: SessionFacts, now: datetime, before: Sequence[PaperFacts]
) -> PlanInput:
    form = session.form
    return PlanInput(
        filing=filing_of(installation, now),
        session=session_of(session),
        purpose=form.purpose,
        requirements=form.requirements,
        manner=form.manner,
        leaders=tuple(leader_of(one) for one in form.leaders),
        coordination=tuple(Task(one.body, one.text, one.by) for one in form.coordination),
        steps=_steps(installation.board, session),
        proposal=cited(before, PaperKind.PROPOSAL, "Tờ trình"),
        decided=form.decided,
        units=tuple(unit_name(installation.board, code) for code in form.units),
    )


def _steps(board: BoardFacts, session: SessionFacts) -> tuple[Step, ...]:
    """The dated duties that the regulation itself names (Article 10)."""
    rules = {one.id: one for one in board.law.profile.session_rules() if one.basis == "text" and not one.at_once}
    dates = session_duties(session.day, board.law.profile, board.law.calendar)
    return tuple(Step(rules[due.rule].duty, due) for due in dates if due.rule in rules)


def _notice(
    installation: Installation, session: SessionFacts, now: datetime, before: Sequence[PaperFacts]
) -> PortalNoticeInput:
    form, config = session.form, installation.config
    ways = form.ways or (
        f"Gửi thư điện tử đến địa chỉ {config.mailbox.address} cho đến khi kết thúc phiên đối thoại.",
    )
    return PortalNoticeInput(
        filing=filing_of(installation, now),
        session=session_of(session),
        manner=form.manner,
        leaders=tuple(leader_of(one) for one in form.leaders),
        ways=ways,
        plan=cited(before, PaperKind.PLAN, "Kế hoạch"),
    )


def _script(
    installation: Installation,
    session: SessionFacts,
    asked: tuple[QuestionFacts, ...],
    now: datetime,
    same_as: Mapping[str, str],
    before: Sequence[PaperFacts],
) -> ScriptInput:
    left = {question.code for question in asked if question.status.value in LEFT_OUT}
    roots = {code: root for code, root in same_as.items() if root not in left}
    return ScriptInput(
        filing=filing_of(installation, now),
        session=session_of(session),
        leaders=tuple(leader_of(one) for one in session.form.leaders),
        questions=tuple(
            _asked(installation.board, one, roots.get(one.code, "")) for one in asked if one.code not in left
        ),
        plan=cited(before, PaperKind.PLAN, "Kế hoạch"),
    )


def _record(
    installation: Installation, session: SessionFacts, asked: tuple[QuestionFacts, ...], now: datetime
) -> RecordInput:
    """The questions answered in the session, without personal data, and those to be answered later."""
    answered = [question for question in asked if question.session_mark == Mark.ANSWERED.value]
    return RecordInput(
        filing=filing_of(installation, now),
        session=session_of(session),
        started=session.started_at or session.starts_at,
        ended=session.ended_at or session.planned_end,
        questions=tuple(_for_everybody(installation.board, question) for question in answered),
        later=tuple(question.code for question in asked if question.session_mark == Mark.LATER.value),
    )


def _asked(board: BoardFacts, question: QuestionFacts, same_as: str) -> ScriptQuestion:
    """The question as it is read out; of who is not to be named as everybody may read it (11.4)."""
    found = _for_everybody(board, question) if question.name_consent is False else _whole(board, question)
    return replace(found, same_as=same_as)


def _whole(board: BoardFacts, question: QuestionFacts) -> ScriptQuestion:
    leads = [unit_name(board, assignment.unit) for assignment in question.assignments if assignment.role == "lead"]
    return ScriptQuestion(
        code=question.code,
        field=question.field or (leads[-1] if leads else "Lĩnh vực khác"),
        unit=leads[-1] if leads else "",
        topic=question.subject if len(question.subject.split()) > WORDLESS else "",
        text=asked_alone(question.content, question.asker, board.source),
        asker=question.asker.name,
        answers=tuple(_body_answer(board, answer) for answer in given_answers(question)),
    )


def _for_everybody(board: BoardFacts, question: QuestionFacts) -> ScriptQuestion:
    """The question for the portal and the press: without personal data, and with initials for the asker."""

    def public(text: str) -> str:
        return without_signature(blanked(text, question.asker, board.source), question.asker, board.source)

    found = _whole(board, question)
    answers = tuple(replace(one, text=public(one.text)) for one in found.answers)
    told = {"text": public(found.text), "topic": public(found.topic), "asker": initials(question.asker.name)}
    return replace(found, **told, answers=answers)


def _body_answer(board: BoardFacts, given: AnswerFacts) -> BodyAnswer:
    text = unsigned(given.text, given.signer, given.signer_title)
    return BodyAnswer(unit_name(board, given.unit), text, given.signer, given.signer_title, given.document)


def unsigned(text: str, signer: str, title: str) -> str:
    """An answer without closing lines that only name the signer: the script has a line of its own for that."""
    signing = {part.casefold() for part in (signer, title) if part}
    lines = text.rstrip().splitlines()
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].strip(" .,").casefold() in signing):
        lines.pop()
    return "\n".join(lines)

"""Break our own code in one line at a time, in a copy, and see that a named test notices.

    python scripts/seeded_faults.py [--list] [--turn 1/4] [NAME ...]

Each fault is a mistake that programs of this kind really make. For each, the tree is copied, one piece of text is
replaced, and the one test that should notice is run: it must fail, and it must pass on the copy as it was.
Exit status 0 when every fault was caught.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.dose import turn as whose_turn  # noqa: E402 - the path is set above

COPIED = (
    *("rules", "db", "daemon", "mail_templates", "tests", "benchmarks", "scripts", "docs"),
    "pyproject.toml",
    "setup.py",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One breakage: in ``file`` the text ``before`` becomes ``after``; ``test`` must notice."""

    name: str
    file: str
    before: str
    after: str
    test: str


BELOW = "tests/faults/test_results_below.py"
KEPT = "tests/faults/test_kept_files.py"
HOSTILE = "tests/faults/test_hostile.py::test_forged_act_changes_nothing"
LOOPS = "tests/faults/test_loops.py"
JOURNEYS = "tests/contract/test_journeys.py"
DATABASE = "tests/contract/test_database.py"
SEEDED = "tests/faults/test_promises.py"
IMAP = "tests/faults/test_faulty_imap.py"
SMTP = "tests/contract/test_smtp_faults.py::test_a_fault_has_its_class_and_the_next_pass_recovers"
SMIME = "tests/faults/test_smime.py"
FILES = "tests/faults/test_files.py"
CLUSTER = "tests/faults/test_cluster.py"
SMTP_TLS = "tests/contract/test_smtp_tls.py"

BYSTANDERS = "tests/contract/test_bystanders.py::test_an_act_leaves_everybody_alone_whom_it_does_not_name"
SESSIONS = "tests/contract/test_sessions.py"
ROUTINES = "tests/contract/test_routines.py"
CHASING = "tests/contract/test_chasing.py"
WHICH = "tests/contract/test_which_question.py"

STANDING_BY = (  # an act that changes more than it names
    Fault(
        "a department's reply to its weekly list answers every question that is quoted below",
        "db/decision/gather_facts.py",
        "return ((), named, meant, begun, owed) if quoted else (named, (), meant, begun, owed)",
        "return (named, (), meant, begun, owed)",
        f"{WHICH}::test_a_reply_to_the_list_without_a_number_is_asked_back",
    ),
    Fault(
        "a forwarding takes the other unit's item along and loses the one that was refused",
        "rules/decide/officer/question_commands.py",
        "    replaced, kept = ((), question.open_leads) if waiting else (question.open_leads, ())\n",
        "    replaced, kept = question.open_leads, ()\n",
        "tests/contract/test_two_in_one.py::test_an_item_that_its_unit_refused_is_forwarded_alone",
    ),
    Fault(
        "the city's word to a unit is no answer to the unit's wish for it",
        "rules/decide/decide.py",
        "    (is_word_of_the_city, decide_word_of_the_city),\n",
        "",
        "tests/contract/test_further_letters.py::test_the_offices_word_reaches_the_unit_that_asked",
    ),
    Fault(
        "what a unit asks of the Board beside its receipt is filed unread",
        "rules/decide/reply/without_answer.py",
        "    return (*actions, *echo, *alert)\n",
        "    return (*actions, *echo)\n",
        "tests/contract/test_acts_by_mail_units.py"
        "::test_officers_hear_of_a_receipt_that_asks_the_board_or_gives_the_question_away",
    ),
    Fault(
        "a held answer to several questions goes whole to one asker",
        "rules/decide/reply/answers.py",
        "own = for_asker(facts, whole, question)",
        "own: Reply | None = whole",
        "tests/contract/test_replies_of_several.py::test_what_cannot_be_cut_is_asked_back_with_a_way_to_go_on",
    ),
    Fault(
        "of two answers that a unit takes back the second leaves",
        "rules/decide/reply/unit_replies.py",
        "    for one in spoken:\n        held = None",
        "    for one in spoken[:1]:\n        held = None",
        "tests/contract/test_acts_by_mail_units.py::test_principle_3_every_answer_that_the_mail_names_is_taken_back",
    ),
    Fault(
        "an answer that may be taken back is told to who sends the letter again",
        "rules/decide/base/publication.py",
        "return question.status in GIVEN and not waits and",
        "return question.status in GIVEN and",
        "tests/contract/test_repeated_letters.py::test_no_answer_that_still_waits_leaves_by_a_side_door",
    ),
    Fault(
        "the earlier of two waiting letters leaves at once though the later corrects it",
        "rules/decide/officer/unit_mail_commands.py",
        "if not surely and (back := sends_earlier(order)):",
        "if surely and (back := sends_earlier(order)):",
        "tests/contract/test_further_letters.py::test_the_earlier_of_two_letters_is_sent_at_a_second_word_alone",
    ),
    Fault(
        "a decision on a question ends the wait of every held mail about it",
        "db/register/duties.py",
        "about.where(~other.exists())",
        "about",
        "tests/unit/db/register/test_duties_left_alone.py"
        "::test_a_held_mail_s_own_review_outlives_a_decision_on_the_question",
    ),
    Fault(
        "nobody hears of a life in danger in the thread of a question",
        "rules/decide/decide.py",
        ", danger_beside, posting_beside)",
        ", posting_beside)",
        "tests/contract/test_citizens_words.py::test_a_life_in_danger_is_heard_in_the_thread_of_a_question_too",
    ),
    Fault(
        "one of several matters given up ends the whole question",
        "rules/decide/decide.py",
        "    (is_part_given_up, decide_part_given_up),\n",
        "",
        "tests/contract/test_withdrawals.py::test_who_gives_up_one_of_several_matters_is_not_let_go_by_a_click",
    ),
    Fault(
        "numbered matters of several units go to one of them",
        "rules/routing/route.py",
        "return items if alone and len(units) > 1 else ()",
        "return ()",
        "tests/contract/test_two_in_one.py::test_each_of_three_numbered_matters_goes_to_its_unit",
    ),
    Fault(
        "a supporting unit that is not waited for goes on writing",
        "rules/decide/reply/answers.py",
        "waiting = [one for one in question.assignments if one.is_open and one.id not in done]",
        "waiting: list[AssignmentFacts] = []",
        "tests/contract/test_two_in_one.py::test_a_support_that_is_not_waited_for_is_told",
    ),
    Fault(
        "an item that its unit has refused is over with the answer to another",
        "rules/decide/reply/answers.py",
        "(*question.open_leads, *refused)",
        "question.open_leads",
        "tests/contract/test_two_in_one.py::test_an_item_that_its_unit_refused_is_not_over_with_the_other",
    ),
    Fault(
        "a number in running text goes before thread and subject",
        "rules/decide/reply/question_meant.py",
        "    elif said.every and around:",
        "    elif said.every and around and said.own:",
        f"{WHICH}::test_a_number_in_running_text_against_the_thread_is_held_and_asked",
    ),
    Fault(
        "a ruling on one denunciation writes its bytes over all stored mails",
        "db/mails/stored_mails.py",
        "update(raw_content).where(raw_content.c.sha256 == digest).values(**back)",
        "update(raw_content).values(**back)",
        f"{BYSTANDERS}[no denunciation]",
    ),
    Fault(
        "to erase one person blanks the whole outbox",
        "db/reports/personal_data.py",
        "gone = (_GONE, *conditions)",
        "gone = (_GONE,)",
        f"{BYSTANDERS}[erased]",
    ),
    Fault(
        "what officers were written of a letter outlives its erasing",
        "db/reports/personal_data.py",
        "        _erase_sent_about(connection, mails)\n"
        "        _erase_raw(connection, mails)\n        duties.close_erasing(connection, some, now)\n"
        "        for each in some:\n"
        '            journal.append(connection, Entry("erased", why, "", actor, question=each), now)\n',
        "        _erase_raw(connection, mails)\n        duties.close_erasing(connection, some, now)\n"
        "        for each in some:\n"
        '            journal.append(connection, Entry("erased", why, "", actor, question=each), now)\n',
        "tests/contract/test_watch.py::"
        "test_what_officers_were_written_of_a_letter_before_its_number_is_erased_with_it",
    ),
    Fault(
        "to send one letter again sends every failed one",
        "db/outbox/undelivered.py",
        '.where(outbox.c.id == outbox_id, outbox.c.status.in_(["failed", "unknown"]), outbox.c.recipient != "")',
        '.where(outbox.c.status.in_(["failed", "unknown"]))',
        f"{BYSTANDERS}[sent again]",
    ),
    Fault(
        "another question's approved text goes to the portal",
        "db/register/publications.py",
        '.where(paper.c.question_id == question_id, paper.c.kind == "answer", paper.c.status == "approved")',
        '.where(paper.c.kind == "answer", paper.c.status == "approved")',
        f"{BYSTANDERS}[shown on the portal]",
    ),
)

LAW = (  # rows of docs/law.md: the rule is broken, the test that the row names must fail
    Fault(
        "law 6.2: a session of any length is taken",
        "rules/law/session_limits.py",
        "    if not rules.minutes_min <= form.minutes <= rules.minutes_max:\n",
        "    if form.minutes < 1:\n",
        f"{SESSIONS}::test_what_6_1_and_6_2_forbid_is_refused",
    ),
    Fault(
        "law 6.1: a session is moved beside the city's",
        "daemon/papers/sessions.py",
        "            self.beside(connection, replace(before.form, start=start), before.code)\n",
        "",
        "tests/contract/test_session_frequency.py::test_a_move_is_refused_as_a_proposal_is",
    ),
    Fault(
        "law 6.1: a period without a session is nobody's duty",
        "daemon/loop/due.py",
        "[*due_routines(law, first, now), *wanted_sessions(law, first, now)]",
        "[*due_routines(law, first, now)]",
        "tests/contract/test_session_frequency.py::test_a_period_without_a_session_is_told_and_stays_on_record",
    ),
    Fault(
        "law 8.1: whoever has no mail is told by nobody",
        "daemon/installation/apply_decision.py",
        "(note, *tell_by_hand(action, board, now)) if is_asker",
        "(note,) if is_asker",
        "tests/contract/test_channels_without_mail.py::test_the_receipt_is_told_by_an_officer_with_the_text_ready",
    ),
    Fault(
        "law 8.1: the website's form is the asker",
        "rules/requester/requester.py",
        "    if len(mail.senders) != 1 or mail.sender.email.lower() not in forms:\n",
        "    if forms:\n",
        "tests/contract/test_web_form.py::test_the_asker_stands_in_a_field",
    ),
    Fault(
        "law 10.1.i: an answer that is not posted meets S+15",
        "rules/decide/session/session_state.py",
        "(test(one) or (posts and is_unposted(one)))",
        "test(one)",
        f"{SESSIONS}::test_an_answer_that_is_never_posted_leaves_s_plus_15_open_and_late",
    ),
    Fault(
        "law 7.1: the Head's word alone opens the plan",
        "rules/decide/session/leaders_decision.py",
        "    if not role:\n",
        "    if role or not role:\n",
        "tests/contract/test_leaders_decision.py::test_the_chairman_decides_by_a_plain_reply",
    ),
    Fault(
        "law 7.1.b: nobody is invited",
        "rules/decide/session/approvals.py",
        "        *summons(board, session, key),\n",
        "",
        "tests/contract/test_invitations.py::test_units_and_chair_are_invited_with_the_plan_and_nobody_else",
    ),
    Fault(
        "law 9.2: a plan without its place is put up",
        "daemon/documents/session_papers.py",
        '            "place (địa điểm)": session.place,\n',
        "",
        f"{SESSIONS}::test_a_plan_with_an_empty_field_is_refused",
    ),
    Fault(
        "law 10.1.đ: the approved script stays in the house",
        "rules/decide/session/approvals.py",
        '        *to_session_units("session_paper", board, session, "10.1.đ", values, key, files, '
        "script_units(facts, asked)),\n",
        "",
        f"{SESSIONS}::test_answers_wait_for_the_script_and_the_script_for_the_head",
    ),
    Fault(
        "law 11.4: who asks not to be named stands by name in the script",
        "daemon/papers/draft_session_papers.py",
        "if question.name_consent is False else _whole(board, question)\n",
        "if question.name_consent is ... else _whole(board, question)\n",
        "tests/contract/test_session_privacy.py::test_who_is_not_to_be_named_stands_by_initials_in_every_paper",
    ),
    Fault(
        "law 10.1.l: the content of a session says who asked",
        "daemon/papers/draft_session_papers.py",
        "        questions=tuple(_for_everybody(installation.board, question) for question in answered),\n",
        '        questions=tuple(_asked(installation.board, question, "") for question in answered),\n',
        "tests/contract/test_session_privacy.py::test_the_content_that_is_posted_says_nothing_of_who_asked",
    ),
    Fault(
        "law 10.2: an approval of an own form binds other words than the form's",
        "daemon/documents/model.py",
        "    if document.form is not None:\n        return",
        "    if document.form is not None and not document.form.text:\n        return",
        "tests/contract/test_word_forms.py::test_the_own_form_is_approved_and_what_was_approved_is_sent",
    ),
    Fault(
        "law 16.2: a late unit is never urged",
        "rules/decide/due/reminders.py",
        "        if event.what is ReminderKind.ESCALATE:\n",
        "        if event.what is ReminderKind.BEFORE:\n",
        f"{CHASING}::test_a_late_unit_is_urged_by_the_office_and_its_leader_after_two_working_days_once",
    ),
    Fault(
        "a unit's answer with its number, in the thread of a session, is taken for a word about the session",
        "rules/decide/session/leaders_decision.py",
        "    return bool(who) and not facts.by_number\n",
        "    return bool(who)\n",
        "tests/contract/test_invitations.py"
        "::test_an_answer_with_its_number_in_the_thread_of_the_session_is_an_answer",
    ),
    Fault(
        "whatever stands behind a cancellation is told to the units as its reason",
        "rules/commands/session_line.py",
        '    return given or (text if command.raw.partition(":")[2].strip() == text else "")\n',
        "    return given or text\n",
        "tests/contract/test_session_by_mail.py::test_what_is_no_reason_is_never_put_into_the_units_mouth",
    ),
    Fault(
        "a unit that goes on supporting is not told who leads now",
        "rules/decide/officer/question_commands.py",
        "    stay = () if kept else supporting_still(question, named)\n",
        "    stay = supporting_still(question, [one.unit for one in question.assignments])\n",
        "tests/contract/test_desk_words.py::test_a_new_lead_and_its_support_hear_of_each_other",
    ),
    Fault(
        "a request for more time is forgotten when something else of its question moves",
        "db/reports/overview.py",
        "one != item if item else about != row.question_id",
        "about != row.question_id",
        "tests/unit/db/reports/test_lists_narrowed.py::test_more_time_is_asked_of_a_lead_and_not_yet_decided",
    ),
    Fault(
        "a day is told to the asker that nobody asks of the unit",
        "rules/decide/base/notices.py",
        '        "until": promised(assignment),\n',
        '        "until": None,\n',
        f"{CHASING}::test_the_day_told_to_the_asker_is_asked_of_the_unit_and_owned_up_to_when_it_breaks",
    ),
    Fault(
        "law 22: the report is drafted on the day it is due",
        "rules/decide/session/routine_reports.py",
        "            if due.on >= since and draft_on <= today:\n",
        "            if due.on >= since and due.on <= today:\n",
        f"{ROUTINES}::test_the_half_year_report_is_drafted_five_working_days_before_and_signed_by_reply",
    ),
    Fault(
        "law 23: a unit that never answered is no case",
        "db/reports/figures.py",
        "    return bool((_answered_at(row, now) or now) >= row.due_at)\n",
        "    return bool(row.answered_at and row.answered_at >= row.due_at)\n",
        f"{ROUTINES}::test_evidence_has_a_file_for_each_unit_that_is_late_and_none_when_nobody_is",
    ),
)

UNITS_ACTS = "tests/contract/test_acts_by_mail_units.py"
OFFICERS_ACTS = "tests/contract/test_acts_by_mail_officers.py"
OPENED_AGAIN = "tests/contract/test_opened_again.py"

PRINCIPLES = (  # the ten principles of acts by mail, each broken once
    Fault(
        "principle 1: a text is an answer however it sounds",
        "rules/reply/evidence.py",
        "        return told and not self.vetoes and self.likely.get(Verb.ANSWER, 0.0) >= least\n",
        "        return not self.vetoes\n",
        f"{UNITS_ACTS}::test_principle_1_evidence_before_effect",
    ),
    Fault(
        "principle 2: its sound outweighs a veto",
        "rules/reply/evidence.py",
        "        return told and not self.vetoes and self.likely.get(Verb.ANSWER, 0.0) >= least\n",
        "        return told and self.likely.get(Verb.ANSWER, 0.0) >= least\n",
        "tests/unit/rules/reply/test_evidence.py::test_no_sound_outweighs_a_veto",
    ),
    Fault(
        "principle 3: an answer leaves at once",
        "rules/decide/reply/answers.py",
        "    return replace(send, notice=replace(send.notice, not_before=now + wait)) if wait else send\n",
        "    return send\n",
        f"{UNITS_ACTS}::test_principle_3_an_answer_waits_and_is_taken_back_in_time",
    ),
    Fault(
        "principle 4: an answer to our mail from elsewhere is a new question",
        "rules/decide/decide.py",
        "    (is_wrong_address, decide_wrong_address),\n",
        "",
        f"{UNITS_ACTS}::test_principle_4_context_never_makes_a_question",
    ),
    Fault(
        "principle 5: the thread outweighs the number in the own words",
        "rules/decide/reply/question_meant.py",
        "    elif said.own:\n",
        "    elif False:\n",
        f"{UNITS_ACTS}::test_principle_5_the_number_in_the_own_words_outweighs_the_thread",
    ),
    Fault(
        "principle 6: the mood of a line is not looked at",
        "rules/commands/mood.py",
        '    if len(line) > LONGEST:\n        return ""\n',
        '    if line:\n        return ""\n',
        f"{OFFICERS_ACTS}::test_a_report_is_kept_with_its_question",
    ),
    Fault(
        "principle 7: the remark beside a forward is dropped",
        "rules/decide/officer/supporting_units.py",
        "    said = order.command.remark.strip()\n",
        '    said = ""\n',
        f"{OFFICERS_ACTS}::test_a_forward_takes_its_remark_and_date_along",
    ),
    Fault(
        "principle 8: what was taken for a receipt is not echoed",
        "rules/decide/reply/without_answer.py",
        "        return (*actions, *echo)\n",
        "        return (*actions, *echo[:0])\n",
        f"{UNITS_ACTS}::test_principle_8_what_was_taken_for_a_receipt_is_echoed_and_confirmed",
    ),
    Fault(
        "principle 9: hints speak of an example's number",
        "rules/decide/officer/rulings.py",
        '    code = f"{question.code} " if question is not None else ""\n    if fixed := ',
        '    code = "HP-2026-000123 " if question is not None else ""\n    if fixed := ',
        f"{OFFICERS_ACTS}::test_who_is_not_understood_is_offered_acts_for_the_number_at_hand",
    ),
    Fault(
        "principle 10: a denunciation leaves without having been asked about",
        "rules/decide/officer/denunciations.py",
        "    if _act(units) not in order.facts.confirmable:\n",
        "    if _act(units) in order.facts.confirmable:\n",
        f"{OFFICERS_ACTS}::test_a_denunciation_leaves_by_a_second_mail_that_names_who_reads_it",
    ),
    Fault(
        "principle 10: a denunciation goes to the unit that it names",
        "rules/decide/officer/denunciations.py",
        "        if unit in named:\n",
        "        if unit in named and False:\n",
        f"{OFFICERS_ACTS}::test_a_denunciation_never_goes_to_the_unit_that_it_names",
    ),
    Fault(
        "principle 10: a denunciation leaves by an order with a question's number",
        "rules/decide/officer/denunciations.py",
        "    return replace(facts, held=None, opinions={})\n",
        "    return facts\n",
        f"{OPENED_AGAIN}::test_no_numbered_order_takes_a_sealed_mail_along",
    ),
    Fault(
        "principle 10: a denunciation from a department's address is taken for its reply",
        "rules/decide/decide.py",
        "    (is_denunciation_by_unit, decide_denunciation_by_unit),\n",
        "",
        "tests/contract/test_kept_apart.py::test_so_it_is_from_a_private_address_or_without_proof_or_by_a_machine",
    ),
)

FAULTS = (
    *STANDING_BY,
    *LAW,
    *PRINCIPLES,
    Fault(
        "the first Authentication-Results wins, wherever it stands",
        "rules/message/authentication.py",
        "                return\n            passed += 1\n",
        "                pass\n            passed += 1\n",
        f"{HOSTILE}[result below our Received]",
    ),
    Fault(
        "any authserv-id counts",
        "rules/message/authentication.py",
        '    if (parsed.authserv_id or "").lower() != authserv_id.lower():\n        return False\n',
        "",
        f"{HOSTILE}[wrong authserv-id]",
    ),
    Fault(
        "a pass for another domain counts",
        "rules/message/authentication.py",
        '.rpartition("@")[2] == domain\n',
        '.rpartition("@")[2] != ""\n',
        f"{HOSTILE}[pass for another domain]",
    ),
    Fault(
        "the first of two From counts",
        "rules/message/authentication.py",
        "if not authserv_id or len(mail.senders) != 1:",
        "if not authserv_id:",
        f"{SEEDED}::test_two_senders_are_nobody",
    ),
    Fault(
        "the tag's MAC is not checked",
        "daemon/letters/mailto_links.py",
        "if hmac.compare_digest(mac, self._mac(kind, target, person)) else None",
        "if mac else None",
        f"{SEEDED}::test_forged_tag_is_none",
    ),
    Fault(
        "the officer's token is not bound to the person",
        "daemon/letters/mailto_links.py",
        'person = sender if kind in {"o", "a"} else ""',
        'person = ""',
        f"{SEEDED}::test_tag_is_bound_to_its_person",
    ),
    Fault(
        "a token serves twice",
        "rules/decide/officer/officer_mail.py",
        "if facts.token_used and not command.question and command.verb not in FREE and not again:",
        "if False:",
        f"{SEEDED}::test_a_spent_token_does_not_turn_back_what_was_decided_since",
    ),
    Fault(
        "the public number and a forged From add to a case",
        "rules/decide/intake/follow_ups.py",
        "named = told if facts.authenticated else ()",
        "named = told",
        f"{SEEDED}::test_forged_from_with_the_number_adds_nothing",
    ),
    Fault(
        "a picture of an asker's identity card goes to the department",
        "rules/decide/intake/attachments.py",
        'recorded = tuple(RecordFile(mail, part, "held", PAPER) for part in sorted(parts))',
        "recorded = ()",
        "tests/contract/test_words_to_the_office.py::test_what_is_said_beside_goes_on_without_number_and_picture",
    ),
    Fault(
        "what is asked of another unit disappears in the old question",
        "rules/decide/decide.py",
        "    (is_maybe_new, decide_maybe_new),\n",
        "",
        "tests/contract/test_citizens_threads.py::test_another_unit_s_matter_in_the_thread_is_put_before_an_officer",
    ),
    Fault(
        "a mail address overwrites the asker's postal address",
        "rules/decide/officer/register_commands.py",
        'if field == "address" and mail_addresses(text):',
        "if not field:",
        "tests/contract/test_changed_addresses.py::test_what_cannot_be_meant_is_asked_back",
    ),
    Fault(
        "who was asked back and answers with a question gets a second number",
        "rules/decide/intake/citizen_replies.py",
        "in OVER else answers_asked(facts, question)",
        "in OVER else not question",
        "tests/contract/test_unforwarded.py::"
        "test_the_reply_to_what_an_officer_asked_is_its_answer_whatever_it_sounds_like",
    ),
    Fault(
        "any unit answers for any other",
        "rules/decide/reply/question_meant.py",
        "        if unit == facts.sender_unit:\n",
        "        if unit:\n",
        f"{HOSTILE}[token and thread of another person]",
    ),
    Fault(
        "moved before stored",
        "daemon/loop/fetch.py",
        '        reached("fetch.before_store")\n',
        '        client.move([one.uid for one in portion], "Archive")\n',
        f"{SEEDED}::test_nothing_is_moved_before_it_is_stored",
    ),
    Fault(
        "\\Seen is the work list",
        "daemon/loop/fetch.py",
        "for portion in portions(Arrived(one.uid, one.raw, one.internaldate) for one in client.fetch(new)):",
        "for portion in portions(Arrived(one.uid, one.raw, one.internaldate) for one in client.fetch(new)"
        ' if "\\\\Seen" not in one.flags):',
        f"{SEEDED}::test_mail_that_a_person_has_read_is_fetched",
    ),
    Fault(
        "the Message-ID is made anew at each sending",
        "daemon/loop/send.py",
        "OutgoingMail(row.id, row.envelope_from, row.recipient, bytes(row.bytes), bare)",
        "OutgoingMail(row.id, row.envelope_from, row.recipient, bytes(row.bytes).replace("
        'b"Message-ID: <", b"Message-ID: <%d." % id(row)), bare)',
        f"{SEEDED}::test_what_is_sent_again_is_the_same_mail",
    ),
    Fault(
        "sent before the attempt is marked",
        "db/outbox/outbox.py",
        "    .values(status=OutboxStatus.SENDING.value, attempts=outbox.c.attempts + 1)\n",
        "",
        f"{SEEDED}::test_an_attempt_is_marked_before_the_server_is_asked",
    ),
    Fault(
        "a time-out past DATA is sent again for ever",
        "db/outbox/outbox.py",
        "outbox.c.attempts < UNKNOWN_ATTEMPTS,",
        "outbox.c.attempts < 1000,",
        f"{DATABASE}::test_unknown_goes_out_once_more_and_not_a_third_time[sqlite]",
    ),
    Fault(
        "a woken worker sends what another took over",
        "db/outbox/outbox.py",
        'outbox.c.claimed_by.in_(bindparam("whose", expanding=True))',
        'or_(outbox.c.claimed_by.in_(bindparam("whose", expanding=True)), outbox.c.id > 0)',
        f"{DATABASE}::test_claim_is_a_fence_until_it_is_old[sqlite]",
    ),
    Fault(
        "the unique index on (mailbox, uidvalidity, uid) is missing",
        "db/migrations/versions/0001_the_first_schema.py",
        'sa.UniqueConstraint("mailbox", "uidvalidity", "uid"',
        'sa.UniqueConstraint("mailbox", "uidvalidity", "uid", "id"',
        f"{DATABASE}::test_same_uid_is_stored_once[sqlite]",
    ),
    Fault(
        "UIDVALIDITY is not looked at",
        "db/mails/ledger.py",
        "                raw_mail.c.uidvalidity == uidvalidity,\n                raw_mail.c.uid.in_",
        "                raw_mail.c.uid.in_",
        f"{DATABASE}::test_same_uid_is_stored_once[sqlite]",
    ),
    Fault(
        "the identity of a mail is its Message-ID",
        "db/mails/identity.py",
        "        digest.update(memoryview(text)[end + 2 : _end(text)])\n",
        "",
        f"{SEEDED}::test_a_repeated_message_id_is_another_mail",
    ),
    Fault(
        "no Auto-Submitted",
        "daemon/letters/compose.py",
        'b"Auto-Submitted',
        'b"X-Submitted',
        f"{SEEDED}::test_every_mail_says_that_it_is_automatic",
    ),
    Fault(
        "automatic mail is answered",
        "rules/decide/intake/known_mails.py",
        "    if facts.understanding.kind is Kind.AUTO_REPLY:\n",
        "    if False:\n",
        f"{SEEDED}::test_automatic_mail_is_not_answered",
    ),
    Fault(
        "a letter that came by a mailing list is put aside unseen",
        "rules/decide/intake/untrusted_mails.py",
        "    return hold(facts, now, BY_A_PERSON)\n",
        "    return (put_marked_aside(facts),)\n",
        "tests/contract/test_marked_by_machines.py::test_a_whole_letter_is_shown_to_an_officer_who_registers_it",
    ),
    Fault(
        "a machine that answers officers brings them the next mail",
        "rules/decide/intake/known_mails.py",
        "(put_marked_aside(facts),) if is_echo(facts) else None",
        "None",
        "tests/contract/test_marked_by_machines.py::test_a_machine_that_repeats_a_mail_to_officers_starts_nothing",
    ),
    Fault(
        "acknowledgements without a cap",
        "rules/decide/base/notices.py",
        "if today >= min(allowed, UNVERIFIED_A_DAY)",
        "if today >= 10_000",
        "tests/contract/test_acknowledgement_caps.py::test_the_cap_for_one_address_holds_among_mails_of_one_pass",
    ),
    Fault(
        "a question about a company becomes its asker's name",
        "rules/requester/vocabulary.py",
        'return "?" in text or ',
        "return ",
        "tests/unit/rules/requester/test_asker.py::test_a_body_that_is_written_about_or_to_is_no_asker",
    ),
    Fault(
        "what was put aside is listed nowhere",
        "db/reports/overview.py",
        'journal.c.act == "fate"',
        'journal.c.act == "fates"',
        "tests/contract/test_put_aside.py::test_the_morning_lists_what_was_put_aside_and_takes_it_up_again",
    ),
    Fault(
        "a note of the Head becomes a citizen's question",
        "rules/decide/intake/new_question.py",
        "    if is_own_peoples(facts):",
        "    if is_own_peoples(facts) and facts.person is None:",
        "tests/contract/test_own_peoples_mails.py::test_it_is_kept_and_its_writer_is_told_what_it_was_taken_for",
    ),
    Fault(
        "an alarm leaves in the language of the log",
        "daemon/monitoring/alarms.py",
        '        return Words(*installation.composer.words(Draft(notice, None, "", "", "", now)))\n',
        "        return Words(alarm.text, alarm.text)\n",
        "tests/contract/test_alarms.py::test_what_leaves_about_a_trouble_is_vietnamese",
    ),
    Fault(
        "the officer's machine is answered for ever",
        "db/outbox/kept_back.py",
        '    "officer_done": Cap(10, DAY, key_has=NOT_UNDERSTOOD),',
        "",
        f"{LOOPS}::test_an_officer_who_says_it_otherwise_each_time_gets_ten_answers_at_most",
    ),
    Fault(
        "an officer's machine is answered as a person is",
        "db/outbox/kept_back.py",
        "        yield Cap(SAME_WORDS, cap.window, key_has=NOT_UNDERSTOOD + same)\n",
        "        pass\n",
        f"{LOOPS}::test_an_officers_machine_gets_three_answers_at_most_and_that_there_are_no_more",
    ),
    Fault(
        "mails are decided on in the order of their arrival",
        "db/mails/ledger.py",
        "    return [each for _, each in sorted(order)]",
        "    return [each for _, each in order]",
        f"{SEEDED}::test_senders_take_turns",
    ),
    Fault(
        "one bad mail blocks those behind it",
        "daemon/loop/decide.py",
        "            if _is_database(error):\n                raise\n",
        "            raise\n",
        f"{SEEDED}::test_one_bad_mail_does_not_block_the_next",
    ),
    Fault(
        "the deadline is a day off",
        "rules/law/working_days.py",
        "datetime.combine(day + ONE_DAY, time(), CITY_ZONE)",
        "datetime.combine(day, time(), CITY_ZONE)",
        f"{SEEDED}::test_late_is_after_the_last_day",
    ),
    Fault(
        "days off are rolled the wrong way",
        "rules/law/day_counting.py",
        "        return calendar.on_or_after(day)\n",
        "        return calendar.on_or_before(day)\n",
        f"{SEEDED}::test_answer_due_rolls_as_the_law_says",
    ),
    Fault(
        "the late notice is keyed by the day it is sent",
        "rules/decide/due/reminders.py",
        'key = f"{assignment.id}:{assignment.due.on}" + (f":{again}" if again else "")',
        'key = f"{assignment.id}:{now:%d%H}"',
        f"{SEEDED}::test_late_notice_is_keyed_by_what_it_is_about",
    ),
    Fault(
        "quoted text is taken for the answer",
        "rules/reply/reply.py",
        "own = fold_strictly(mail.text, source).own",
        "own = mail.text",
        f"{SEEDED}::test_quoted_text_is_no_answer",
    ),
    Fault(
        "a mail that goes to no unit goes along with a question opened again",
        "rules/decide/officer/on_behalf_of_citizens.py",
        '    return any(one["text"].startswith(again) for one in held.acts)\n',
        "    return bool(again)\n",
        f"{OPENED_AGAIN}::test_papers_of_the_asker_do_not_go_with_an_opened_question",
    ),
    Fault(
        "a denunciation is not sealed",
        "db/decision/apply.py",
        "sealed = action.sealed or action.kind is Kind.DENUNCIATION",
        "sealed = False",
        f"{SEEDED}::test_denunciation_is_sealed",
    ),
    Fault(
        "a register number is lost at a rollback",
        "daemon/loop/decide.py",
        "            decide_one(connection, installation, row, restored, alive)\n",
        "            decide_one(connection, installation, row, restored, alive)\n"
        "        except Exception as error:\n            connection.commit()\n            raise error from None\n",
        f"{SEEDED}::test_a_failed_decision_leaves_nothing_behind",
    ),
    Fault(
        "the journal's hash does not cover the reason",
        "db/core/journal.py",
        "return canonical_json(content)",
        'return canonical_json({**content, "why": ""})',
        f"{DATABASE}::test_journal_shows_where_it_was_tampered_with",
    ),
    Fault(
        "commits are not on the disk",
        "db/core/engine.py",
        '"synchronous=FULL"',
        '"synchronous=OFF"',
        f"{DATABASE}::test_sqlite_commits_are_on_the_disk",
    ),
    Fault(
        "two daemons on one SQLite file",
        "db/core/engine.py",
        "        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)\n",
        "        pass\n",
        f"{DATABASE}::test_second_daemon_on_one_file_is_refused_with_a_clear_line",
    ),
    Fault(
        "a mail whose sender dies each time is sent each time",
        "db/outbox/outbox.py",
        'INTERRUPTED, "smtp_text"',
        '0, "smtp_text"',
        f"{DATABASE}::test_a_mail_whose_sender_died_twice_is_not_sent_a_third_time[sqlite]",
    ),
    Fault(
        "the unique index on the outbox's key is missing",
        "db/migrations/versions/0001_the_first_schema.py",
        'sa.UniqueConstraint("key", name=op.f("uq_outbox_key"))',
        'sa.UniqueConstraint("key", "id", name=op.f("uq_outbox_key"))',
        f"{DATABASE}::test_one_key_is_queued_once[sqlite]",
    ),
    Fault(
        "a double is a question of its own",
        "daemon/loop/decide.py",
        "read, first if first != row.id else None, now, alive)",
        "read, None, now, alive)",
        f"{JOURNEYS}::test_second_delivery_of_one_mail_registers_nothing[sqlite]",
    ),
    Fault(
        "a state is overwritten whatever it is",
        "db/register/questions.py",
        ", question.c.status.in_([one.value for one in expect])",
        "",
        f"{SEEDED}::test_a_state_that_another_was_faster_to_change_is_not_overwritten",
    ),
    Fault(
        "the check of the books looks past a gap in the numbers",
        "db/reports/conservation.py",
        '        *(f"register numbers are not 1..n in {gap}" for gap in numbering_gaps(connection)),\n',
        "",
        f"{SEEDED}::test_books_that_do_not_add_up_are_named",
    ),
    Fault(
        "a MOVE is believed",
        "daemon/mailbox/mailbox.py",
        "            self._check_gone(batch)\n",
        "",
        f"{IMAP}::test_a_fault_ends_in_one_clear_error_in_time_and_the_next_pass_recovers[move: lies]",
    ),
    Fault(
        "half a body is taken for a mail",
        "daemon/mailbox/connection.py",
        "    if size is not None and len(raw) != size:\n",
        "    if False:\n",
        f"{IMAP}::test_a_fault_ends_in_one_clear_error_in_time_and_the_next_pass_recovers[fetch: truncated]",
    ),
    Fault(
        "a mail that was not asked for is taken",
        "daemon/mailbox/connection.py",
        "        if not isinstance(uid, int) or uid not in asked:\n",
        "        if not isinstance(uid, int):\n",
        f"{IMAP}::test_a_fault_ends_in_one_clear_error_in_time_and_the_next_pass_recovers[fetch: wrong UID]",
    ),
    Fault(
        "systemd hears nothing while a slow server brings a mail",
        "daemon/mailbox/connection.py",
        "            self._alive()\n            left =",
        "            left =",
        "tests/faults/test_signs_of_life.py::test_a_slow_fetch_does_not_look_like_a_hang",
    ),
    Fault(
        "PREAUTH is taken for a login",
        "daemon/mailbox/login.py",
        "    if connection.logged_in_already:\n",
        "    if False:\n",
        "tests/contract/test_mailbox_tls.py::test_preauth_before_starttls_is_refused",
    ),
    Fault(
        "IMAP goes on in the clear where STARTTLS is not offered",
        "daemon/mailbox/login.py",
        '        raise ConfigurationError(f"IMAP {settings.place}: the server does not offer STARTTLS")\n',
        "        return\n",
        "tests/contract/test_mailbox_tls.py::test_starttls_that_is_not_offered_is_not_done_without",
    ),
    Fault(
        "SMTP takes any certificate",
        "daemon/config/mail.py",
        "        context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)\n",
        "        context = ssl.create_default_context()\n"
        "        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE\n",
        f"{SMTP_TLS}::test_a_bad_certificate_gets_nothing",
    ),
    Fault(
        "SMTP 552 is for good",
        "daemon/smtp/outcomes.py",
        " or code in NOT_FINAL",
        "",
        f"{SMTP}[dot-552 5.2.2 mailbox full-temporary-552-body]",
    ),
    Fault(
        "a reset behind the final dot is tried again like any other",
        "daemon/smtp/connection.py",
        '            outcome = "unknown"  # the server may have the mail (RFC 1047)\n',
        "            pass\n",
        f"{SMTP}[dot-reset-unknown-0-body]",
    ),
    Fault(
        "an export's cell may be a formula",
        "daemon/papers/register_book.py",
        'return f"\'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text',
        "return text",
        "tests/faults/test_output.py::test_exports_have_no_formula_and_no_control_character",
    ),
    Fault(
        "the log tells who wrote about what",
        "daemon/loop/decide.py",
        'log.info("decided", ',
        'log.info("decided", subject=mail.subject, sender=sender.email, ',
        "tests/faults/test_canaries.py",
    ),
    Fault(
        "downtime is passed over in silence",
        "daemon/loop/due.py",
        "        if last is None or now - last < DOWNTIME:\n",
        "        if True:\n",
        f"{JOURNEYS}::test_downtime_of_ten_days_is_caught_up_and_said[sqlite]",
    ),
    Fault(
        "mails leave by a clock that is a year ahead",
        "daemon/loop/due.py",
        "        leapt = last is not None and now - last > LEAP\n",
        "        leapt = False\n",
        "tests/contract/test_desk_overview.py::test_a_clock_a_year_ahead_sends_nothing[sqlite]",
    ),
    Fault(
        "a file with a virus goes on by an officer's mail",
        "rules/decide/intake/attachments.py",
        "    if file.why.startswith(INFECTED):\n",
        "    if not file.why:\n",
        f"{KEPT}::test_a_virus_and_what_was_not_scanned_stay",
    ),
    Fault(
        "a refused file is asked about again, and goes on",
        "db/mails/attachments.py",
        "WAITING = frozenset({HELD, UNSCANNED})\n",
        "WAITING = frozenset({HELD, UNSCANNED, REFUSED})\n",
        f"{KEPT}::test_one_of_several_files_by_name_or_number",
    ),
    Fault(
        "a cell that begins with a line end and then a formula",
        "daemon/papers/register_book.py",
        "text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)",
        "text.startswith(FORMULA)",
        "tests/faults/test_output_files.py::test_no_beginning_makes_a_cell_a_formula",
    ),
    Fault(
        "a signature by anybody proves the sender",
        "daemon/parsing/outside_programs.py",
        "    return len(signers) == 1 and mail.sender.email.lower() in signers[0]\n",
        "    return len(signers) == 1\n",
        f"{SMIME}::test_everything_else_is_no_signature",
    ),
    Fault(
        "a signature counts for what stands beside the signed text",
        "daemon/parsing/outside_programs.py",
        "    if pieces is None or not _says_the_same(pieces, mail):\n",
        "    if pieces is None:\n",
        f"{SMIME}::test_a_mail_that_reads_otherwise_than_what_was_signed_is_not_signed",
    ),
    Fault(
        "a program is known by the first of its endings",
        "rules/message/attachment_policy.py",
        "        before, ending = _endings(file.name)\n",
        "        ending, before = _endings(file.name)\n",
        f"{FILES}::test_what_may_do_harm_is_not_passed_on",
    ),
    Fault(
        "what is read to scan a mail's files may cost any time",
        "daemon/loop/attachments.py",
        "        with costs_at_most(installation.config.limits.max_cpu_seconds, alive):\n",
        "        if True:\n",
        "tests/contract/test_cpu_limit.py::test_with_a_scanner_a_costly_mail_ends_in_quarantine_too",
    ),
    Fault(
        "a scanner that says nonsense has found nothing",
        "daemon/loop/attachments.py",
        '    raise ScanError("clamd: gave no verdict")\n',
        '    return ""\n',
        f"{FILES}::test_a_scanner_that_says_nothing_keeps_files_back_until_it_does",
    ),
    Fault(
        "whoever denounces and wants to stay unknown is read as that wish alone",
        "rules/understand/letter_form.py",
        "    return changed and classify(replace(mail, subject=subject), rest, table).kind not in GRAVE\n",
        "    return changed\n",
        "tests/contract/test_citizens_words.py::test_who_tells_of_a_deed_and_wants_to_stay_unknown_is_kept_apart[0]",
    ),
    Fault(
        "a restored register writes to citizens once more",
        "db/outbox/kept_back.py",
        "    if restored is None or cause > restored:\n",
        "    if True:\n",
        "tests/faults/test_restore.py::test_a_backup_of_every_moment_gives_the_same_register_and_no_second_letter",
    ),
    Fault(
        "a register is laid back before it is marked as restored",
        "daemon/commands/backup.py",
        "        upgrade(engine)\n        _mark(engine, clock.now())\n",
        "        upgrade(engine)\n",
        "tests/faults/test_restore.py::test_a_kill_at_any_moment_leaves_no_register_that_would_send",
    ),
    Fault(
        "what people deleted is told every night",
        "db/reports/conservation.py",
        "    mark_server_state(connection, ids, state)\n",
        "    pass\n",
        "tests/faults/test_reconciliation.py::test_what_people_moved_and_deleted_is_named_once",
    ),
    Fault(
        "the person in whose name an act was forged hears nothing",
        "rules/decide/base/manual_work.py",
        "    if facts.person is None:\n",
        "    if True:\n",
        "tests/faults/test_held_acts.py",
    ),
    Fault(
        "pages answer to any name (DNS rebinding)",
        "daemon/web/app.py",
        '        return is_loopback(name) or name.lower().rstrip(".") in self.hosts\n',
        "        return True\n",
        "tests/contract/test_web.py::test_only_looking_only_by_our_names",
    ),
    Fault(
        "a living daemon's claims are taken for a dead one's",
        "db/outbox/leader.py",
        "    return bool(connection.execute(select(free)).scalar_one())\n",
        "    return free is not None\n",
        f"{CLUSTER}::test_claims_of_the_dead_are_freed_and_of_the_living_are_not",
    ),
    Fault(
        "every daemon polls the mailbox",
        "db/outbox/leader.py",
        " or _locked(\n                connection, wanted\n            )",
        " or True",
        f"{CLUSTER}::test_one_polls_and_another_takes_over_when_it_dies",
    ),
    Fault(
        "nobody looks at the books in production",
        "daemon/commands/run.py",
        '        ticker.every(3600, "conservation", self.service.check_conservation)\n',
        "",
        f"{SEEDED}::test_the_books_are_looked_at_every_hour_and_a_fault_is_an_error",
    ),
    Fault(
        "a sender's result counts below our server's own",
        "rules/message/authentication.py",
        "            yield value\n        if name not in BESIDE:\n            return\n",
        "            yield value\n        elif name not in BESIDE:\n            return\n",
        f"{BELOW}::test_a_result_below_the_servers_own_is_not_believed",
    ),
    Fault(
        "a result below our Received counts though the server was never put to the test",
        "daemon/installation/installation.py",
        "if wanted and counters.get_state(connection, PROVED) == wanted else",
        "if wanted else",
        f"{BELOW}::test_nothing_is_believed_before_the_server_was_put_to_the_test",
    ),
    Fault(
        "a lone CR makes a line of its own in what is believed",
        "daemon/loop/decide.py",
        "trusted = replace(mail, headers=as_written(raw)) if below else mail",
        "trusted = mail",
        f"{BELOW}::test_what_no_filter_takes_for_a_result_is_not_believed",
    ),
    Fault(
        "a citizen's line, broken off a quote, orders what it says",
        "rules/values/model.py",
        "        return self.own if self.apart is None else self.apart\n",
        "        return self.own\n",
        "tests/faults/test_quoted_orders.py::test_a_planted_order_is_not_carried_out",
    ),
    Fault(
        "a mail that kills the process is not counted before it is read",
        "daemon/loop/decide.py",
        "        if raw_mail_id in left_over and _kills(engine, installation, raw_mail_id):\n",
        "        if False:\n",
        "tests/faults/test_killer_mail.py::test_others_are_decided_on_and_the_killer_is_quarantined",
    ),
    Fault(
        "a bomb in the text of a Word file is read",
        "daemon/parsing/file_reader.py",
        '    if len(xml) > _DOCUMENT_BYTES or xml.count(b"<") > _DOCUMENT_TAGS:\n',
        "    if False:\n",
        "tests/unit/daemon/parsing/test_parse_files.py::test_a_bomb_in_the_text_of_a_word_file_is_not_opened",
    ),
    Fault(
        "a question that its asker keeps after all is let go",
        "rules/decide/officer/requests.py",
        "    if later is not None:",
        "    if later is not None and not question:",
        "tests/contract/test_withdrawals.py::test_a_withdrawal_that_was_taken_back_ends_nothing_unless_it_is_confirmed",
    ),
    Fault(
        "opening again takes an open question from its unit",
        "rules/decide/officer/reopening.py",
        'if not goes_on_to(order) and "reopen" not in meant:',
        'if not goes_on_to(order) and "reopen" not in meant and False:',
        "tests/contract/test_acts_by_mail_units.py"
        "::test_what_is_open_at_its_unit_is_not_taken_back_by_opening_it_again",
    ),
    Fault(
        "an order that is for later is carried out now",
        "rules/commands/likely_orders.py",
        "told = (*words.later, *words.then) if waits else words.later",
        "told = ()",
        "tests/contract/test_desk_words.py::test_an_order_that_is_for_later_is_not_carried_out_now",
    ),
    Fault(
        "anger before the due day goes to the department as a supplement",
        "rules/decide/intake/status_requests.py",
        "angry = is_angry(likely, told) or is_late(facts, question)",
        "angry = is_late(facts, question)",
        "tests/contract/test_words_to_the_office.py::test_anger_before_the_due_day_is_no_supplement_either",
    ),
    Fault(
        "a correction in a new mail becomes a question of its own",
        "rules/decide/decide.py",
        "    (is_correction, decide_correction),\n",
        "",
        "tests/contract/test_words_to_the_office.py::test_a_correction_in_a_new_mail_is_no_new_question",
    ),
    Fault(
        "a letter's second part becomes a question of its own",
        "rules/decide/decide.py",
        "    (is_next_part, decide_next_part),\n",
        "",
        "tests/contract/test_words_to_the_office.py::test_a_letter_s_second_part_is_held_with_its_order",
    ),
    Fault(
        "who wants his data off the Portal becomes a department's question",
        "rules/decide/decide.py",
        "    (is_for_the_board, decide_for_the_board),\n",
        "",
        "tests/contract/test_words_to_the_office.py::test_who_wants_his_data_off_the_portal_asks_no_unit",
    ),
    Fault(
        "a letter that asks a unit is held as one for the Board",
        "rules/decide/intake/for_the_board.py",
        "all(text[: mention.start].rstrip().endswith(answered_by(source)) for mention in named)",
        "True",
        "tests/contract/test_words_to_the_office.py::test_what_a_unit_is_asked_is_a_question_whoever_is_cited",
    ),
    Fault(
        "who keeps a question is taken for one who withdraws it",
        "rules/decide/officer/requests.py",
        "if own is None or not may_end(read.text.own, source):",
        "if own is None:",
        "tests/contract/test_changed_addresses.py"
        "::test_who_keeps_a_question_that_nobody_denied_is_not_offered_to_have_it_withdrawn",
    ),
    Fault(
        "a withdrawn consent is a consent",
        "rules/understand/citizen_requests.py",
        'return load_numbered_words(source).short_no.sub("khong", said)',
        "return said",
        "tests/contract/test_citizens_words.py::test_a_name_is_published_only_for_a_yes",
    ),
    Fault(
        "a prepared answer that nobody filled in goes to the citizen",
        "rules/decide/reply/weighing.py",
        "return set(WORD.findall(strip_marks(said))) <= OPENING",
        "return False",
        "tests/contract/test_prepared_links.py::test_the_prepared_answer_of_a_unit_sent_without_an_answer_is_none",
    ),
    Fault(
        "words that only point into our quoted mail leave as the answer",
        "rules/decide/reply/answers.py",
        "lacks = lacks or says_nothing(facts, own.text) or points_below(facts, own.text)",
        "lacks = lacks or says_nothing(facts, own.text)",
        "tests/unit/rules/decide/reply/test_answered_day.py::test_words_that_open_an_answer_or_point_below_are_none",
    ),
    Fault(
        "what only wraps a mail goes to the citizen as a file of the answer",
        "rules/decide/reply/answers.py",
        "if is_wrapping(one))",
        "if False)",
        "tests/contract/test_out_of_sight.py::test_of_a_winmail_with_a_document_the_asker_gets_the_document_alone",
    ),
    Fault(
        "a mail of which only an unreadable wrapping came counts as a document",
        "rules/message/attachment_policy.py",
        "and file.size and not is_wrapping(file))",
        "and file.size)",
        "tests/contract/test_out_of_sight.py::test_an_unreadable_wrapping_goes_to_nobody",
    ),
    Fault(
        "what a unit wrote between the lines of our quoted mail is lost",
        "rules/decide/reply/weighing.py",
        "    if facts.between:\n",
        "    if False:\n",
        "tests/contract/test_out_of_sight.py::"
        "test_an_answer_that_goes_on_between_the_lines_is_looked_at_and_may_leave",
    ),
    Fault(
        "a file leaves as the answer though the words beside it call it something else",
        "rules/decide/reply/weighing.py",
        "note.likely.get(Verb.ANSWER, 0.0) < LEAST_BESIDE",
        "False",
        "tests/contract/test_acts_by_mail_units.py::test_a_file_stays_in_where_no_word_calls_it_the_answer",
    ),
    Fault(
        "a paper is approved beside an order to change it",
        "rules/commands/approval/opinion.py",
        "if _wants_changed(answer, words) or _changes_at_once(answer, words):",
        "if False:",
        "tests/contract/test_acts_by_mail_officers.py::"
        "test_what_the_head_approves_but_for_a_change_comes_back_with_his_words",
    ),
    Fault(
        "an order for one unit is carried out on another that has the question",
        "rules/decide/officer/officer_mail.py",
        "if another := meant_for_another(order):",
        "if (another := meant_for_another(order)) and not another:",
        "tests/contract/test_acts_by_mail_officers.py::"
        "test_an_order_for_a_unit_that_has_not_the_question_is_asked_back",
    ),
    Fault(
        "a unit is urged for a question that came back from its mailbox",
        "rules/decide/due/reminders.py",
        "    if assignment.came_back:\n        return (*actions,",
        "    if not assignment:\n        return (*actions,",
        "tests/contract/test_forwards_that_came_back.py::test_nobody_is_told_that_the_unit_let_the_term_pass",
    ),
    Fault(
        "a late report of the first sending stops the second one",
        "db/outbox/undelivered.py",
        "        once = or_(first, outbox.c.status != OutboxStatus.PENDING.value)\n",
        "        once = or_(first, outbox.c.id > 0)\n",
        "tests/contract/test_forwards_that_came_back.py::test_the_officers_order_sends_the_same_mail_again_once",
    ),
    Fault(
        "a mail from a noreply address is registered and answered",
        "rules/message/automatic.py",
        "    if not mail.form and words.machine_locals",
        "    if mail.form and words.machine_locals",
        "tests/contract/test_marked_by_machines.py::test_a_whole_letter_from_such_an_address_waits_for_an_officer",
    ),
    Fault(
        "systemd ends a long migration at every start",
        "daemon/commands/run.py",
        "                notifier.migrating()\n",
        "                pass\n",
        "tests/contract/test_upgrade.py::test_systemd_is_told_before_a_migration_and_only_then",
    ),
    Fault(
        "a question is posted whose asker has said no",
        "rules/decide/intake/for_the_office.py",
        "notice, *alerts, *stopped), why",
        "notice, *alerts), why",
        "tests/contract/test_opened_again.py::test_who_wants_it_not_posted_stops_it_and_both_hear",
    ),
    Fault(
        "who gets a question after its day is given a day that has passed",
        "rules/law/legal_dates.py",
        "        if due.on >= self.today(now):\n            return due\n",
        "        if due.on:\n            return due\n",
        "tests/contract/test_chasing.py::test_who_gets_a_question_after_its_day_gets_a_day_to_come",
    ),
    Fault(
        "who got the answer to another question is told that nobody answered his",
        "rules/decide/officer/on_behalf_of_citizens.py",
        'left}", (sent, *ends)',
        'left}", (sent,)',
        "tests/contract/test_repeated_letters.py::test_who_got_the_earlier_answer_is_never_told_that_nobody_answered",
    ),
    Fault(
        "a house with another prefix knows none of its numbers",
        "daemon/config/config.py",
        "Source(self.rules.folder, prefix=self.board.prefix)",
        "Source(self.rules.folder)",
        "tests/contract/test_other_prefix.py::test_the_officers_commands_by_number",
    ),
    Fault(
        "a sentence with clear words of a unit is taken for talk",
        "rules/routing/routing_rules.py",
        "if points >= CLEAR}",
        "if points >= 99}",
        "tests/unit/rules/routing/test_talk.py::test_a_sentence_with_clear_words_of_a_field_is_matter",
    ),
    Fault(
        "a line that its writer ended goes on in the next",
        "rules/text/tokens.py",
        'start - text.rfind("\\n", 0, start) in WRAPPED',
        "True",
        "tests/unit/rules/text/test_matching.py::test_finds",
    ),
)


SAID = ("-rA", "--no-header", "--tb=no", "-o", "timeout=900")
"""pytest's options for naming the tests that failed, on a busy machine too."""


def copy_tree(folder: Path) -> None:
    """Copy what the tests need of the tree."""
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "images"))
        elif source.exists():
            shutil.copy2(source, folder / name)


def run_tests(folder: Path, tests: Sequence[str]) -> set[str]:
    """The tests that fail in the copy. A test that cannot be run raises ``RuntimeError``."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *SAID, *tests]
    told = {"PYTHONPATH": str(folder), "DOITHOAI_DOSES": "all"}
    environment = {**os.environ, **told}  # compiled files tell a change by time and size
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):  # 1 is a failed test; anything else says nothing about the fault
        raise RuntimeError(f"could not be run: {(done.stdout + done.stderr)[-600:]}")
    lines = [line.partition(" ") for line in done.stdout.splitlines()]
    passed = [name for word, _, name in lines if word == "PASSED"]
    failed = [name for word, _, name in lines if word in ("FAILED", "ERROR")]
    silent = [test for test in tests if not any(_is_of(name, test) for name in (*passed, *failed))]
    if silent:
        raise RuntimeError(f"not run, but left out: {silent}")
    return {test for test in tests if any(_is_of(name, test) for name in failed)}


def _is_of(name: str, test: str) -> bool:
    """True for the test itself, or for one of its cases or of the tests in it."""
    return name == test or name.startswith((f"{test}[", f"{test}::", f"{test} - "))


def judge(folder: Path, fault: Fault, unsound: set[str]) -> str:
    """What is wrong, or "" when the fault was caught."""
    path = folder / fault.file
    text = path.read_text("utf-8")
    if fault.before not in text:
        return "the text to be broken is not there any more"
    if fault.test in unsound:
        return "the test fails without the fault"
    path.write_text(text.replace(fault.before, fault.after), "utf-8")
    try:
        return "" if run_tests(folder, [fault.test]) else "NOT caught"
    finally:
        path.write_text(text, "utf-8")


def chosen(names: list[str], turn: str = "0/1") -> list[Fault]:
    """The requested faults, or all without a request; a part of a name is enough. ``turn``: "1/4" is each fourth."""
    wanted = [one for one in FAULTS if not names or any(name in one.name for name in names)]
    return list(whose_turn(wanted, turn))


def run(names: list[str], turn: str = "0/1") -> dict[str, str]:
    """Fault name → what is wrong, "" for caught; prints the table as it goes."""
    results: dict[str, str] = {}
    faults = chosen(names, turn)
    with tempfile.TemporaryDirectory(prefix="seeded-") as name:
        copy_tree(Path(name))
        unsound = run_tests(Path(name), sorted({one.test for one in faults}))
        for fault in faults:
            start = time.monotonic()
            try:
                results[fault.name] = judge(Path(name), fault, unsound)
            except RuntimeError as error:
                results[fault.name] = str(error)
            verdict = results[fault.name] or "caught"
            print(f"{verdict:10} {time.monotonic() - start:5.1f} s  {fault.name}  <-  {fault.test}", flush=True)
    return results


def main() -> int:
    """Run the faults, or list them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of names; all when none is given")
    parser.add_argument("--list", action="store_true", help="name the faults and their tests")
    parser.add_argument("--turn", default="0/1", help='"1/4": each fourth of them, from the second on')
    arguments = parser.parse_args()
    if arguments.list:
        for fault in chosen(arguments.names, arguments.turn):
            print(f"{fault.name}  <-  {fault.test}")
        return 0
    results = run(arguments.names, arguments.turn)
    caught = sum(not wrong for wrong in results.values())
    print(f"{caught} of {len(results)} seeded faults caught")
    return 0 if caught == len(results) and results else 1


if __name__ == "__main__":
    sys.exit(main())

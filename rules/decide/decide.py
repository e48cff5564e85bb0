"""Decisions of the daily work: facts and ``now`` in, actions out. No clock, no file, no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from rules.decide.base.actions import Action
from rules.decide.base.facts import DutyFacts, MailFacts
from rules.decide.due.reminders import decide_reminder
from rules.decide.intake.attachments import guarded
from rules.decide.intake.citizen_replies import (
    decide_maybe_new,
    decide_new_in_thread,
    decide_opinion,
    decide_staying_out,
    is_asked_opinion,
    is_maybe_new,
    is_new_in_thread,
    is_opinion,
    is_staying_out,
)
from rules.decide.intake.follow_ups import (
    decide_follow_up,
    decide_repeat,
    is_follow_up,
    is_repeat,
)
from rules.decide.intake.for_the_board import (
    attending_beside,
    decide_asked_after,
    decide_correction,
    decide_for_the_board,
    decide_next_part,
    is_asked_after,
    is_correction,
    is_for_the_board,
    is_mailbox_notice,
    is_next_part,
)
from rules.decide.intake.for_the_office import (
    danger_beside,
    decide_only_papers,
    decide_wish_to_office,
    is_only_papers,
    is_wish_to_office,
    posting_beside,
)
from rules.decide.intake.kept_apart import as_kept_before
from rules.decide.intake.known_mails import bears_our_subject, decide_known, is_marked, unanswered
from rules.decide.intake.new_question import decide_arrival, show_invitation
from rules.decide.intake.question_addresses import (
    decide_denial,
    decide_new_mail_address,
    decide_owned_after_all,
    decide_part_given_up,
    is_denial,
    is_new_mail_address,
    is_owned_after_all,
    is_part_given_up,
    spared_from_now,
    sparing_beside,
)
from rules.decide.intake.registering import named_beside
from rules.decide.intake.status_requests import (
    asks_state_too,
    decide_lookup,
    decide_state_too,
    decide_status_request,
    decide_word_of_delay,
    is_lookup,
    is_status_request,
    is_word_of_delay,
)
from rules.decide.intake.untrusted_mails import (
    absent_unit,
    decide_document_notice,
    decide_marked,
    decide_misdirected,
    decide_two_readings,
    decide_wrong_address,
    has_two_readings,
    is_approval_elsewhere,
    is_document_notice,
    is_misdirected,
    is_wrong_address,
    told_writer,
)
from rules.decide.officer.heads_words import ask_which_paper, is_approval_astray
from rules.decide.officer.officer_mail import decide_loose_order, is_loose_order, is_order
from rules.decide.officer.requests import decide_wanted_again, decide_withdrawal, is_wanted_again, is_withdrawal
from rules.decide.officer.supporting_units import help_goes_on
from rules.decide.reply.question_meant import (
    decide_denunciation_by_unit,
    is_denunciation_by_unit,
    is_denunciation_passed_on,
)
from rules.decide.reply.second_words import decide_word_of_the_city, is_word_of_the_city
from rules.decide.reply.unit_replies import (
    decide_marked_reply,
    decide_reply,
    is_marked_reply,
    is_reply,
    is_units_invitation,
)
from rules.decide.session.approvals import decide_approval, is_approval
from rules.decide.session.leaders_decision import decide_word_on_session, is_word_on_session
from rules.decide.session.orders import decide_officer_order
from rules.decide.session.session_day import decide_invitation_reply, is_invitation_reply
from rules.reply.reply import own_words
from rules.routing.mail_kind import classify
from rules.routing.routing_rules import load_routing
from rules.understand.understand import Understanding, without_requester
from rules.values.model import Kind

WAYS: tuple[tuple[Callable[[MailFacts], bool], Callable[[MailFacts, datetime], tuple[Action, ...]]], ...] = (
    (is_denunciation_by_unit, decide_denunciation_by_unit),
    (is_marked_reply, decide_marked_reply),
    (is_document_notice, decide_document_notice),
    (is_marked, decide_marked),
    (is_units_invitation, show_invitation),
    (has_two_readings, decide_two_readings),
    (is_word_of_the_city, decide_word_of_the_city),
    (is_approval_elsewhere, decide_misdirected),
    (is_approval, decide_approval),
    (is_word_on_session, decide_word_on_session),
    (is_approval_astray, ask_which_paper),
    (is_order, decide_officer_order),
    (is_loose_order, decide_loose_order),
    (is_misdirected, decide_misdirected),
    (is_denunciation_passed_on, decide_denunciation_by_unit),
    (is_mailbox_notice, decide_for_the_board),
    (is_reply, decide_reply),
    (is_staying_out, decide_staying_out),
    (is_wish_to_office, decide_wish_to_office),
    (is_new_mail_address, decide_new_mail_address),
    (is_denial, decide_denial),
    (is_owned_after_all, decide_owned_after_all),
    (is_only_papers, decide_only_papers),
    (is_part_given_up, decide_part_given_up),
    (is_withdrawal, decide_withdrawal),
    (is_wanted_again, decide_wanted_again),
    (is_asked_opinion, decide_opinion),
    (is_new_in_thread, decide_new_in_thread),
    (is_lookup, decide_lookup),
    (is_opinion, decide_opinion),
    (is_status_request, decide_status_request),
    (is_repeat, decide_repeat),
    (is_maybe_new, decide_maybe_new),
    (is_word_of_delay, decide_word_of_delay),
    (asks_state_too, decide_state_too),
    (is_follow_up, decide_follow_up),
    (is_next_part, decide_next_part),
    (is_for_the_board, decide_for_the_board),
    (is_correction, decide_correction),
    (is_wrong_address, decide_wrong_address),
    (is_asked_after, decide_asked_after),
)
"""What a mail may be instead of a new question; the first entry that applies decides."""


def decide_mail(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """The fate of a stored mail and everything that follows from it; contains exactly one ``Finish``."""
    facts = spared_from_now(_past_the_accused(_without_our_words(facts)))
    taken = as_kept_before(facts)
    decided = _decided(facts, now) if taken is facts else _with_what_came_before(taken, now)
    also = (help_goes_on, named_beside, sparing_beside, attending_beside, danger_beside, posting_beside)
    found = (beside(taken, decided) for beside in also)
    return guarded(taken, (*decided[:-1], *(action for actions in found for action in actions), *decided[-1:]))


def _past_the_accused(facts: MailFacts) -> MailFacts:
    """With the Head in place of the officer named for such letters, where one that the mail may follow is about that
    very officer: neither hears of what follows it (1.2)."""
    board = facts.board
    heads = any(board.named_for(mail.mail, mail.understanding, mail.told) is board.head for mail in facts.kept)
    return replace(facts, board=replace(board, complaints=board.head)) if heads else facts


def _with_what_came_before(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """To the officer named for it; its writer hears that it came, an office too; others what any stranger hears."""
    decided = decide_arrival(facts, now)
    if is_marked(facts):
        return unanswered(decided)
    sender = facts.mail.sender.email.lower()
    strange = not facts.sender_unit and any(sent.recipient.lower() != sender for sent in facts.threads[:1])
    return (*told_writer(facts), *unanswered(decided)) if strange else decided


def _decided(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    if is_invitation_reply(facts):
        return decide_invitation_reply(facts, now)
    actions = decide_known(facts)
    if actions is not None:
        return (*absent_unit(facts), *actions)
    facts = _as_denunciation(facts)
    for applies, decide in WAYS:
        if applies(facts):
            return decide(facts, now)
    return decide_arrival(facts, now)


def _as_denunciation(facts: MailFacts) -> MailFacts:
    """Take a citizen's denunciation for one, also where it looks like a reply, whatever thread it stands in (1.2)."""
    alone = facts.understanding.alone
    if alone is None or alone.kind is not Kind.DENUNCIATION or facts.person is not None or facts.sender_unit:
        return facts
    return facts if _only_our_subject_is(facts, alone) else replace(facts, understanding=alone)


def _only_our_subject_is(facts: MailFacts, alone: Understanding) -> bool:
    """Whether only the subject of our mail that it answers sounds like one: no word of its writer does."""
    if alone.sure or not bears_our_subject(facts) or facts.mail.attachments:
        return False
    own = without_requester(alone.text.own, alone.asker)
    classified = classify(replace(facts.mail, subject=""), own, load_routing(facts.board.source))
    return classified.kind is not Kind.DENUNCIATION


def _without_our_words(facts: MailFacts) -> MailFacts:
    """A citizen's reply above which nothing is written: his words are what he wrote within or below our quoted mail,
    and none where he sent a file alone."""
    own = facts.person is None and not facts.sender_unit and facts.threads
    if not own or own_words(facts.mail, facts.board.source).strip():
        return facts
    read, words = facts.understanding, "\n".join(facts.between)
    alone = replace(read.alone, text=replace(read.alone.text, own=words)) if read.alone is not None else None
    return replace(facts, understanding=replace(read, text=replace(read.text, own=words), alone=alone))


def decide_duty(facts: DutyFacts, now: datetime) -> tuple[Action, ...]:
    """What a duty that has come up requires now."""
    return decide_reminder(facts, now)

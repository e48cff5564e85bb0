"""Which function carries out each verb of an officer's mail, and which verbs decide no case.

The verbs about sessions have their own table (``rules.decide.session.orders``).
"""

from __future__ import annotations

from rules.commands.commands import NO_ORDER, UNIT_NAMED
from rules.decide.base.command_result import Handler
from rules.decide.intake import attachments
from rules.decide.officer import (
    citizens_opinions,
    question_commands,
    register_commands,
    requests,
    session_outcomes,
    suggestions,
    unit_mail_commands,
)
from rules.decide.officer.manual_registration import VERB, register_for

CITIZENS = frozenset({"forward", "register", "reject"})
"""Decisions on a citizen's held mail that are not possible on a department's."""
FREE = frozenset(
    {"help", "note", "link", "correct", "sign", "status", "ask", "register_for", "data_done", "data_refused"}
    | {"why_held", "release_files", "refuse_files", NO_ORDER, "told_asker", "amendment", "remind_unit"}
)
"""Commands that decide no case: they use up no token and also work after it is used up."""

RULINGS: dict[str, Handler] = {
    "forward": question_commands.forward,
    "reject": question_commands.reject,
    "ask": question_commands.ask,
    "note": question_commands.note,
    "amendment": register_commands.amendment,
    "not_a_question": question_commands.not_a_question,
    "register": question_commands.register,
    "extend": requests.extend,
    "refuse_extension": requests.refuse_extension,
    NO_ORDER: suggestions.no_order,
    UNIT_NAMED: question_commands.unit_named,
    "handled": citizens_opinions.handled,
    "told_asker": citizens_opinions.told_asker,
    "pass_on": citizens_opinions.pass_on,
    "link": register_commands.link,
    "correct": register_commands.correct,
    "sign": register_commands.sign,
    "status": register_commands.status,
    "close": requests.close,
    "let_go": requests.let_go,
    "keep": requests.keep,
    "data_done": requests.data_done,
    "data_refused": requests.data_refused,
    VERB: register_for,
    "mark_answered": session_outcomes.answered,
    "mark_later": session_outcomes.later,
    "why_held": attachments.why,
    "release_files": attachments.release,
    "refuse_files": attachments.refuse,
    "publish": register_commands.publish,
    "withdraw": register_commands.withdraw_page,
    "unit_answer": unit_mail_commands.is_answer,
    "unit_received": unit_mail_commands.is_receipt,
    "unit_refusal": unit_mail_commands.is_refusal,
    "unit_rewrite": unit_mail_commands.rewrite,
    "to_asker": unit_mail_commands.to_asker,
    "remind_unit": unit_mail_commands.remind,
    "recall": unit_mail_commands.recall,
    "reopen": unit_mail_commands.reopen,
    "supplement": unit_mail_commands.supplement,
}
"""All verbs that :mod:`officer_mail` carries out itself, by their names in ``commands.toml``."""

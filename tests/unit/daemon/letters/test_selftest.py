"""The drafts by which mail out attacks itself hold the attack wherever a mail's words could stand."""

from dataclasses import replace

from daemon.letters import samples
from daemon.letters.selftest import PAYLOADS, TEXTS, spoiled

ATTACK = PAYLOADS[0]


def test_every_text_that_came_from_a_mail_is_spoiled() -> None:
    about = next(one for one in samples.drafts() if one.question is not None)
    before = about.question
    found = spoiled(about, ATTACK).question
    assert found is not None
    assert before == about.question, "the sample itself stays as it is"
    assert {getattr(found, name) for name in TEXTS} == {ATTACK}
    assert {one.text for one in found.items} == {ATTACK}


def test_a_notice_about_no_question_stays_one() -> None:
    alone = replace(next(iter(samples.drafts())), question=None)
    found = spoiled(alone, ATTACK)
    assert found.question is None
    assert found.notice.name == alone.notice.name
    assert [one.name for one in found.attachments] == [ATTACK]

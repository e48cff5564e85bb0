"""A file that was kept back and may go on: to whom its own mail says; one that bears a virus never goes."""

import pytest
from sqlalchemy import delete

from daemon.config.sections import ScanSettings
from daemon.loop import attachments
from db.core.tables import file_check
from tests.installation import SXD, answer_to, files_of, letter
from tests.world import LETTER, World, order, said, vouched

PDF, BAD = (("don.pdf", "application/pdf", b"%PDF-1.4\n"), ("ban-do.pdf", "application/pdf", b"%PDF-1.4 MA-DOC"))
ANSWER = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."
MACRO = ("bang.xlsm", "application/octet-stream", b"x")


def test_a_released_file_goes_where_its_own_mail_says(house: World) -> None:
    """Others' mails and answers lie beside it."""
    house.ask(attachments=[MACRO])
    assert house.house.command("mail", "release", str(house.house.mails[-1]["id"])) == 0
    assert list(files_of(house.last("unit_followup", SXD))) == [MACRO[0]]
    house.answers("unit_forward", SXD, ANSWER, attachments=[MACRO])
    assert house.house.command("mail", "release", str(house.house.mails[-1]["id"])) == 0
    assert list(files_of(house.last("citizen_file", "an@dan.test"))) == [MACRO[0]]


@pytest.mark.world(extra="[scan]\nport = 9\n")
def test_what_bears_a_virus_is_held_and_the_rest_goes_on(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "scan", lambda _, data: "Test.Signature" if b"MA-DOC" in data else "")
    house.store(vouched(letter("an@dan.test", LETTER, attachments=[PDF, BAD, MACRO])))
    assert attachments.scan_stored(house.house.engine, house.house.installation, lambda: None) == 3
    house.arrive()
    found = [(row["status"], "Test.Signature" in row["why"]) for row in house.rows(file_check)]
    assert found == [("clean", False), ("held", True), ("held", False)]
    assert list(files_of(house.last("unit_forward", SXD))) == [PDF[0]]


@pytest.mark.world(extra="[scan]\nport = 9\n")
def test_a_file_of_an_opinion_follows_it_to_the_unit(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "scan", lambda *_: "")
    other, row = house.ask(LETTER.replace("An\n", "Ba\n"), "ba@dan.test"), house.ask()
    house.answers("unit_forward", SXD, ANSWER)
    house.let_pass(hours=2)
    house.store(
        vouched(answer_to(house.last("citizen_answered"), "an@dan.test", "Chưa hài lòng.", attachments=[PDF]))
    )
    house.arrive()
    with house.house.engine.begin() as connection:
        connection.execute(
            delete(file_check).where(file_check.c.raw_mail_id > 0)
        )  # as if it had come before files were scanned
    order(house, f"{row['code']} chuyển ý kiến cho đơn vị", "officer_review")
    assert list(files_of(house.last("unit_opinion", SXD))) == []
    house.let_pass(minutes=10)
    before = house.last_sent()
    assert attachments.scan_stored(house.house.engine, house.house.installation, lambda: None) == 1
    (sent,) = house.house.sent_with(after=before)
    assert (sent["name"], sent["recipient"], sent["question_id"]) == ("unit_followup", SXD, row["id"])
    assert list(files_of(bytes(sent["bytes"]))) == [PDF[0]]
    assert "thuộc ý kiến đã chuyển trước đó" in said(bytes(sent["bytes"]))
    assert "Thời hạn" not in said(bytes(sent["bytes"])), "it owes no answer"
    assert house.of_question(str(other["code"]))[0]["status"] == "forwarded"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "clamd: Connection refused"),
        (TimeoutError("timed out"), "clamd: TimeoutError"),
    ],
)
def test_why_clamd_did_not_answer_is_said(monkeypatch: pytest.MonkeyPatch, error: OSError, words: str) -> None:
    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr(attachments, "_connected", fails)
    with pytest.raises(attachments.ScanError) as raised:
        attachments.scan(ScanSettings(), b"x")
    assert str(raised.value) == words

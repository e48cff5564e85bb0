"""A file that was kept back and may go on: to whom its own mail says; one that bears a virus never goes."""

from __future__ import annotations

import pytest

from daemon.config.sections import ScanSettings
from daemon.loop import attachments
from db.core.tables import file_check
from tests.installation import answer_to, files_of, letter, unit_address
from tests.world import LETTER, World, vouched

SXD = unit_address("SXD")
PDF, BAD = (("don.pdf", "application/pdf", b"%PDF-1.4\n"), ("ban-do.pdf", "application/pdf", b"%PDF-1.4 MA-DOC"))
MACRO = ("bang.xlsm", "application/octet-stream", b"x")


def test_a_released_file_goes_where_its_own_mail_says(house: World) -> None:
    """Others' mails and answers lie beside it."""
    house.ask(attachments=[MACRO])
    assert house.house.command("mail", "release", str(house.house.mails[-1]["id"])) == 0
    assert list(files_of(house.last("unit_followup", SXD))) == [MACRO[0]]
    words = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."
    house.arrive(vouched(answer_to(house.last("unit_forward", SXD), SXD, words, attachments=[MACRO])))
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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "clamd: Connection refused"),
        (TimeoutError("timed out"), "clamd: TimeoutError"),
    ],
)
def test_why_clamd_did_not_answer_is_said_in_words_or_by_its_kind(
    monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr(attachments, "_connected", fails)
    with pytest.raises(attachments.ScanError) as raised:
        attachments.scan(ScanSettings(), b"x")
    assert str(raised.value) == said

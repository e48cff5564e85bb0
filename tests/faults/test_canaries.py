"""Phone numbers, passwords and texts of five hundred mails: in no log line, error, or field of the journal."""

import logging
import os
import random
from pathlib import Path
from typing import Any

import pytest

from daemon.base.logs import LineFormatter, setup_logging
from daemon.config.sections import MetricsSettings
from daemon.monitoring.metrics import Metrics
from db.core.tables import journal
from db.reports.figures import figures
from tests.installation import answer_to, letter, unit_address
from tests.world import World, vouched, world

MAILS = int(os.environ.get("DOITHOAI_CANARY_MAILS", "120"))


def canaries(number: int) -> dict[str, str]:
    """Words that nothing else contains."""
    chance = random.Random(number)
    return {
        "phone": f"09{chance.randrange(10**7, 10**8)}",
        "word": f"canarychu{number:05d}x",
        "password": f"matkhau-{number:05d}-bimat",
        "name": f"Nguyễn Văn Hoàngyến{number:05d}",
        "home": f"Số {number} ngõ Hoàngyến{number:05d}, phường Kiến An, TP Hải Phòng",
        "mailbox": f"hoangyen{number:05d}",
    }


def mail(number: int) -> bytes:
    """Questions, complaints, denunciations, machines' mail, and bytes that nobody can read."""
    own = canaries(number)
    sender, subject = f"{own['mailbox']}@dan.test", f"Hỏi {own['word']}"
    texts = (
        f"Đường trước nhà tôi nhiều ổ gà {own['word']}, bao giờ Sở Xây dựng sửa? Mật khẩu: {own['password']}",
        f"ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định thu hồi đất {own['word']}. {own['password']}",
        f"Tôi tố cáo ông Trần Văn {own['word']} nhận của tôi 30 triệu đồng. {own['password']}",
        f"Cảm ơn Ban Biên tập {own['word']} {own['password']}",
        f"Bổ sung cho câu hỏi HP-2026-000001 {own['word']} {own['password']}",
    )
    text = f"{texts[number % 5]}\n\n{own['name']}\n{own['home']}\n{own['phone']}\n"
    if number % 11 == 0:
        return f"From: {sender}\r\nSubject: {subject}\r\nContent-Type: multipart/x; boundary=\r\n\r\n{text}".encode()
    if number % 7 == 0:
        return letter(sender, text * 30)
    return letter(sender, text, name=own["word"], subject=subject, attachments=[(f"{own['word']}.bin", "a/b", b"x")])


def watched(monkeypatch: pytest.MonkeyPatch, house: World, fails: int) -> None:
    """Reading every so many mails fails, each time, with an error that quotes the mail, as careless libraries do."""
    office = house.house.installation
    known: dict[bytes, int] = {}
    read = type(office).read

    def failing(self: Any, raw: bytes, at: Any, *more: Any, **named: Any) -> Any:
        if known.setdefault(bytes(raw), len(known)) % fails == fails - 1:
            raise ValueError(f"cannot read {raw[:3000]!r}")
        return read(self, raw, at, *more, **named)

    monkeypatch.setattr(type(office), "read", failing)


@pytest.mark.slow
def test_no_canary_sings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("DOITHOAI_DEBUG", "1")  # tracebacks too
    setup_logging("DEBUG")
    metrics = Metrics(MetricsSettings(file=tmp_path / "figures.prom"))
    with world(tmp_path / "house") as house:
        watched(monkeypatch, house, 13)
        for number in range(MAILS):
            house.house.clock.forward(minutes=5)
            house.arrive(mail(number))
        monkeypatch.undo()
        unit = unit_address("SXD")
        reply = answer_to(house.last("unit_forward", unit), unit, "Sở trả lời: canarychu00000x sẽ sửa năm 2027.")
        house.arrive(vouched(reply, "sxd.test"))
        house.house.clock.forward(days=20)
        house.due()
        with house.house.engine.begin() as connection:
            metrics.show(figures(connection, house.house.clock()), healthy=True)
        written = [str(row) for row in _journal(house)]
        reasons = [str(row["reason"]) for row in house.house.mails]
    logged = "".join(capfd.readouterr())
    said = caplog.text + "".join(LineFormatter(journal=False, traces=True).format(one) for one in caplog.records)
    shown = metrics.text().decode() + (tmp_path / "figures.prom").read_text("utf-8") + metrics.word().decode()
    metrics.close()
    assert len(written) > MAILS
    assert "mail_failed" in logged, "the failures were there to be told"
    assert "ValueError, from:" in logged, "with where they came from"
    assert "doithoai_events" in shown
    for number in range(MAILS):
        for kind, secret in canaries(number).items():
            assert secret not in logged, (kind, "log")
            assert secret not in said, (kind, "log of a library")
            assert secret not in shown, (kind, "metrics")
            assert not any(secret in entry for entry in written), (kind, "journal")
            assert not any(secret in reason for reason in reasons), (kind, "reason")


def _journal(house: World) -> list[tuple[Any, ...]]:
    with house.house.engine.begin() as connection:
        return [tuple(row) for row in connection.execute(journal.select())]

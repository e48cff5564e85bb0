"""Each act changes what it names and nobody else: in a town with something of everything."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daemon.loop.due import send_overviews
from daemon.portal.publish import publish
from db.core.tables import answer, assignment, outbox, paper, publication, raw_mail, session
from rules.law.session_rules import PaperKind
from tests.installation import HEAD, OFFICER, SXD, answer_to, letter, text_of
from tests.support.bystanders import Named, hurt, picture, wrong_digests
from tests.town_hall import SECRET, UNSURE, town_hall
from tests.world import World, vouched

TODAY = datetime(2026, 11, 17, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a town that each test takes a copy of."""
    folder = tmp_path_factory.mktemp("town") / "house"
    with town_hall(folder) as house:
        again = World.__new__(World)
        again.house, again._uid = house, 500
        again.arrive(letter("nguoikhac@an-danh.test", f"{SECRET} Việc xảy ra ở nơi khác.", subject="Đơn tố cáo"))
        again.arrive(vouched(letter("vu@dan.test", f"{UNSURE}\n\nHoàng Thị Vu", subject="Hỏi việc khác")))
        for who in ("ba", "tu"):
            raw = answer_to(again.last("citizen_answered"), f"{who}@dan.test", "Việc này chưa rõ, xin xem lại.")
            again.arrive(vouched(raw))
        _second_publication(again)
        send_overviews(house.engine, house.installation)
        lost = [row["id"] for row in house.sent if row["name"] == "citizen_received"][:3]
        with house.engine.begin() as connection:
            failed = {"status": "failed", "smtp_code": 550, "smtp_text": "no such user"}
            connection.execute(outbox.update().where(outbox.c.id.in_(lost)).values(**failed))
            left = {"status": "sent", "sent_at": TODAY}
            connection.execute(outbox.update().where(outbox.c.status == "pending").values(**left))
    return folder


def _second_publication(town: World) -> None:
    """Another answered question, its answer approved, which does not stand on the portal yet."""
    said = "Sở Xây dựng trả lời: hồ sơ gồm đơn và bản vẽ thiết kế, nộp tại Trung tâm phục vụ hành chính công."
    mails = town.house.sent_with(name="unit_forward", recipient=SXD)
    waiting = {row["id"] for row in town.house.questions if row["status"] == "forwarded"}
    mail = next(row for row in mails if row["question_id"] in waiting)
    town.arrive(vouched(answer_to(bytes(mail["bytes"]), SXD, said)))
    town.overviews()
    code = next(row["code"] for row in town.house.questions if row["id"] == mail["question_id"])
    order(town, f"{code} trình đăng")
    town.answers("head_approval", HEAD, "Duyệt")


def order(town: World, text: str) -> None:
    """The officer answers the day's overview."""
    town.answers("officer_digest", OFFICER, text)


@pytest.fixture
def town(built: Path, tmp_path: Path) -> Iterator[World]:
    """A copy of the town; its books add up and its bytes are those of their digests when it is left."""
    folder = tmp_path / "house"
    shutil.copytree(built, folder)
    made = World(folder)
    made._uid = 900
    made.house.clock.at = TODAY
    try:
        yield made
        assert made.house.faults() == []
        assert wrong_digests(made.house.engine) == []
    finally:
        made.house.close()


def one(town: World, status: str, at: int = 0) -> dict[str, Any]:
    """A question in that state; the others in it are bystanders."""
    found = [row for row in town.house.questions if row["status"] == status]
    assert len(found) > 1, f"{status}: nobody stands by"
    return found[at]


def mails_of(town: World, question: int) -> list[int]:
    """What was written about a question, in and out of the ledger."""
    asked = [row["raw_mail_id"] for row in town.house.questions if row["id"] == question]
    answered = [row["raw_mail_id"] for row in town.rows(answer) if row["question_id"] == question]
    return [*asked, *answered, *(row["id"] for row in town.house.mails if row["question_id"] == question)]


def about(town: World, *questions: int, **more: Any) -> Named:
    """The questions with their mails in and out."""
    mails = [mail for each in questions for mail in mails_of(town, each)]
    sent = [row["id"] for row in town.house.sent if row["question_id"] in questions]
    papers = [row["id"] for row in town.rows(paper) if row["question_id"] in questions]
    return Named(questions, mails, sent, papers=papers, **more)


def sealed(town: World) -> list[dict[str, Any]]:
    found = [row for row in town.house.mails if row["sealed"]]
    assert len(found) > 1
    return found


def by_officer(text: str, status: str) -> Callable[[World], Named]:
    """An officer's line about one question in a state."""

    def act(town: World) -> Named:
        row = one(town, status)
        order(town, text.format(row["code"]))
        assert "Chưa làm" not in text_of(town.last("officer_done", OFFICER))
        return about(town, row["id"])

    return act


def by_unit(text: str) -> Callable[[World], Named]:
    """A unit's reply about one of its questions."""

    def act(town: World) -> Named:
        mail = next(
            row for row in town.house.sent if row["name"] == "unit_forward" and row["question_id"] == _open(town)
        )
        raw = answer_to(bytes(mail["bytes"]), str(mail["recipient"]), text)
        town.arrive(vouched(raw, str(mail["recipient"]).partition("@")[2]))
        return about(town, mail["question_id"])

    return act


def _open(town: World) -> int:
    return int(one(town, "forwarded", 1)["id"])


def by_citizen(text: str) -> Callable[[World], Named]:
    """The asker writes again about an open question."""

    def act(town: World) -> Named:
        row = one(town, "forwarded", 1)
        mail = next(m for m in town.house.sent if m["name"] == "citizen_received" and m["question_id"] == row["id"])
        town.arrive(vouched(answer_to(bytes(mail["bytes"]), str(row["asker_email"]), text), "dan.test"))
        return about(town, row["id"])

    return act


def ruled_no_denunciation(town: World) -> Named:
    """In two steps: the act, then its confirmation."""
    first = sealed(town)[0]
    notice = next(m for m in town.house.sent if m["raw_mail_id"] == first["id"] and m["recipient"] == OFFICER)
    town.arrive(vouched(answer_to(bytes(notice["bytes"]), OFFICER, "Chuyển SYT")))
    town.answers("officer_confirm", OFFICER, "Xác nhận chuyển SYT")
    opened = next(row for row in town.house.mails if row["id"] == first["id"])
    assert not opened["sealed"]
    return Named([opened["question_id"]], [first["id"]], digests=[first["sha256"]])


def typed(town: World, *words: str) -> None:
    """A command on the server."""
    assert town.house.command(*words) == 0


def sent_again(town: World) -> Named:
    failed = [row["id"] for row in town.house.sent if row["status"] == "failed"]
    assert len(failed) > 1
    typed(town, "mail", "retry", "--sent", str(failed[0]))
    assert [row["status"] for row in town.house.sent if row["id"] == failed[0]] == ["pending"]
    return Named(sent=failed[:1])


def decided_again(town: World) -> Named:
    asked = {row["raw_mail_id"] for row in town.house.questions}
    held = [row["id"] for row in town.house.mails if row["status"] == "held" and row["id"] not in asked]
    held = [each for each in held if each not in {row["id"] for row in sealed(town)}]
    assert len(held) > 1
    typed(town, "mail", "retry", str(held[0]))
    town.decide()
    return Named(
        mails=held[:1], questions=[row["id"] for row in town.house.questions if row["raw_mail_id"] == held[0]]
    )


def erased(town: World) -> Named:
    row = next(row for row in town.house.questions if row["status"] in {"published", "approved", "answered"})
    named = about(town, row["id"])
    digests = [mail["sha256"] for mail in town.house.mails if mail["id"] in named.mails]
    typed(town, "person", "erase", str(row["asker_email"]), "--apply")
    assert next(now["content"] for now in town.house.questions if now["id"] == row["id"]) == ""
    before = [
        one["id"] for one in town.house.sent if one["question_id"] is None and one["raw_mail_id"] in named.mails
    ]
    return Named(named.questions, named.mails, [*named.sent, *before], papers=named.papers, digests=digests)


def shown_on_the_portal(town: World) -> Named:
    row = next(row for row in town.house.questions if row["status"] == "approved")
    publish(town.house.engine, town.house.installation, town.house.folder / "cong-bo")
    text = next(p for p in town.rows(paper) if p["question_id"] == row["id"] and p["status"] == "approved")
    with town.house.engine.begin() as connection:
        stands = {one.question_id: one.paper_id for one in connection.execute(publication.select())}
    assert stands[row["id"]] == text["id"], "the very text that the Head approved"
    return about(town, row["id"])


def taken_off_the_portal(town: World) -> Named:
    row = next(row for row in town.house.questions if row["status"] == "published")
    order(town, f"{row['code']} gỡ đăng vì đăng nhầm số liệu")
    return about(town, row["id"])


def session_moved(town: World) -> Named:
    moved = town.rows(session)[0]
    town.desk.move(str(moved["code"]), datetime(2026, 12, 8, 1, 30, tzinfo=UTC), "Chủ trì đi công tác")
    concerned = [row["id"] for row in town.house.questions if row["session_id"] == moved["id"]]
    named = about(town, *concerned)
    papers = [row["id"] for row in town.rows(paper) if row["session_id"] == moved["id"]]
    return Named(named.questions, named.mails, named.sent, [moved["id"]], papers)


def script_put_up(town: World) -> Named:
    row = town.rows(session)[0]
    town.desk.put_up(str(row["code"]), PaperKind.SCRIPT)
    return Named(sessions=[row["id"]])


def refused_assignment(town: World) -> Named:
    return by_unit("Việc này không thuộc thẩm quyền của đơn vị chúng tôi.")(town)


ACTS: dict[str, Callable[[World], Named]] = {
    "forwarded": by_officer("{} chuyển SXD", "needs_review"),
    "rejected": by_officer("{} từ chối vì ngoài phạm vi của thành phố", "needs_review"),
    "signed": by_officer("{} ký nhận", "forwarded"),
    "corrected": by_officer("{} sửa địa chỉ: số 9 đường Lạch Tray, phường Gia Viên", "forwarded"),
    "another mail address": by_officer("{} sửa thư điện tử: moi@thu.test", "forwarded"),
    "noted": by_officer("{} ghi chú: đã gọi điện", "forwarded"),
    "asked back": by_officer("{} hỏi lại: xin ông bà cho biết số nhà", "needs_review"),
    "forwarded elsewhere": by_officer("{} chuyển STC", "forwarded"),
    "answered": by_unit("Đơn vị trả lời: mặt đường sẽ được sửa xong trước ngày 20/12/2026, kinh phí 30 triệu đồng."),
    "received": by_unit("Đã nhận"),
    "extension asked": by_unit("Xin gia hạn đến ngày 20/12/2026 vì phải kiểm tra hồ sơ"),
    "refused": refused_assignment,
    "relayed": by_unit("Hỏi người gửi: xin cho biết số nhà"),
    "added to": by_citizen("Tôi bổ sung: đoạn trước số nhà 9 hỏng nặng nhất, đề nghị kiểm tra."),
    "asked something else": by_citizen("Sở Y tế cho biết bệnh viện Việt Tiệp khám ngoài giờ không?"),
    "wants another mail address": by_citizen("Tôi đổi email, từ nay xin gửi câu trả lời vào moi@thu.test"),
    "wants to be unknown": by_citizen("Đề nghị không nêu tên tôi cho Sở biết."),
    "withdrawn": by_citizen("Tôi xin rút câu hỏi này"),
    "no denunciation": ruled_no_denunciation,
    "sent again": sent_again,
    "decided again": decided_again,
    "erased": erased,
    "shown on the portal": shown_on_the_portal,
    "taken off the portal": taken_off_the_portal,
    "session moved": session_moved,
    "script put up": script_put_up,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_leaves_everybody_alone_whom_it_does_not_name(town: World, act: Callable[[World], Named]) -> None:
    before = picture(town.house.engine)
    named = act(town)
    after = picture(town.house.engine)
    assert hurt(before, after, named) == []
    assert after != before, "it did nothing at all"


def test_the_picture_sees_what_an_act_must_not_do(town: World) -> None:
    before = picture(town.house.engine)
    with town.house.engine.begin() as connection:
        connection.execute(assignment.update().where(assignment.c.id == 1).values(unit="STC"))
        connection.execute(raw_mail.update().where(raw_mail.c.id == 2).values(subject="khác"))
    found = hurt(before, picture(town.house.engine), Named(mails=[2]))
    assert [line.partition(":")[0] for line in found] == ["assignment (1,) changed"]


@pytest.mark.world(adds_up=False)
@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE outbox_content SET bytes = x''", "outbox_content"),
        ("UPDATE question SET notes = 'mọi câu hỏi'", "question"),
        ("UPDATE assignment SET acknowledged_at = NULL", "assignment"),
        ("UPDATE outbox SET status = 'pending'", "outbox"),
        ("UPDATE sealed_content SET bytes = x'00'", "sealed_content"),
        ("DELETE FROM file_check", "file_check"),
    ],
)
def test_in_every_world_it_is_told_what_becomes_of_bystanders(house: World, statement: str, table: str) -> None:
    house.ask()
    assert house.faults() == []
    with house.house.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert [line.partition(":")[0] for line in house.faults()] == [table]

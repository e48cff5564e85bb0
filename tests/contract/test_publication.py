"""Approved answers on the portal: without personal data, valid, withdrawn to a notice, the asker told the link."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import html5lib
import pytest
from lxml import etree
from sqlalchemy import Connection, Row, update

from daemon.base.errors import ConfigurationError
from daemon.portal.publish import publish
from db.core.tables import duty, journal, publication, question, raw_mail
from db.register import publications
from db.reports import personal_data
from rules.decide.base.facts import Person
from tests import atom
from tests.installation import HEAD, OFFICER, SXD, answer_to, subject_of
from tests.world import CITIZEN, DEPUTY, SIGNATURE, World, said

URL = "https://portal.test/hoi-dap"
ASKED = (
    "Kính gửi Ban Biên tập, đường trước nhà tôi, số 5 đường Trường Chinh, nhiều ổ gà, mặt đường hư hỏng nặng, bao "
    "giờ Sở Xây dựng sửa? CCCD của tôi 031085001234, thư an.rieng@dan.test." + SIGNATURE
)
SAID = "Sở Xây dựng trả lời ông Nguyễn Văn An (0912.000.111): mặt đường <b>được sửa</b> trong quý I năm 2027."
PRIVATE = ("Nguyễn Văn An", "Nguyen Van An", "0912", "Trường Chinh", "031085", "an.rieng", CITIZEN)

pytestmark = pytest.mark.world(
    both_databases=True, extra=f'[publication]\nfolder = "../cong-bo"\nbase_url = "{URL}/"\n'
)


def folder(town: World) -> Path:
    return town.house.folder.parent / "cong-bo"


def answered(town: World) -> str:
    """A question with its unit's answer; its number."""
    code = str(town.ask(ASKED)["code"])
    town.reply(SXD, SAID)
    assert town.question["status"] == "answered"
    return code


def put_up(town: World, code: str) -> None:
    """An officer puts it before the Head."""
    town.house.clock.forward(days=1)
    town.house.run()  # the morning's overview is a mail that can be answered
    town.reply(OFFICER, f"{code} trình đăng")


def published(town: World) -> str:
    """Answered, put up, approved, on the portal; its number."""
    code = answered(town)
    put_up(town, code)
    town.reply(HEAD, "Duyệt")
    town.house.run()
    return code


def files(town: World) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder(town))): path.read_bytes() for path in folder(town).rglob("*") if path.is_file()
    }


def valid_html(data: bytes) -> str:
    """The text that a reader sees; any parse error is one here."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(data.decode())
    body = tree.find("body")
    assert body.find("main") is not None
    assert tree.get("lang") == "vi"
    assert b"<script" not in data
    assert b"style=" not in data
    return " ".join("".join(body.itertext()).split())


def test_only_what_the_head_has_approved_is_published_and_nothing_personal_is_in_it(town: World) -> None:
    code = answered(town)
    assert [name for name in files(town) if code in name] == [], "answered is not approved"
    put_up(town, code)
    assert "[số điện thoại]" in said(town.last(HEAD)), "the Head sees what will be published"
    assert [name for name in files(town) if code in name] == []
    town.reply(HEAD, "Duyệt")
    town.house.run()
    found = files(town)
    page = found[f"2026/{code}.html"]
    text = valid_html(page)
    assert "N.V.A., phường Kiến An" in text
    assert "quý I năm 2027" in text
    assert "&lt;b&gt;" in page.decode(), "a unit's markup is text"
    for name, data in found.items():
        assert [one for one in PRIVATE if one in data.decode()] == [], name
    assert not [name for name in found if name.endswith(".tmp")]
    link = f"{URL}/2026/{code}.html"
    assert (town.question["status"], town.question["link"]) == ("published", link)
    assert link in said(town.last(CITIZEN))
    assert "đăng tải" in subject_of(town.last(CITIZEN))
    alert = said(town.last("officer_alert", OFFICER))
    assert "không phải đăng tay" in alert
    assert "đã đăng tại" not in alert
    entry = next(row for row in _journal(town) if row.act == "page_written")
    assert (entry.data["link"], entry.clause) == (link, "10.2")


def _journal(town: World) -> list[Row[Any]]:
    with town.house.engine.begin() as connection:
        return list(connection.execute(journal.select().order_by(journal.c.seq)))


def test_every_page_is_html_the_feed_is_atom_the_lists_agree(town: World) -> None:
    code = published(town)
    found = files(town)
    for name in (f"2026/{code}.html", "index.html", "2026/index.html"):
        valid_html(found[name])
    assert atom.faults(found["feed.atom"]) == []
    assert atom.faults(found["feed.atom"].replace(b"<updated>", b"<changed>").replace(b"</updated>", b"</changed>"))
    (entry,) = etree.fromstring(found["feed.atom"]).findall(f"{atom.ATOM}entry")
    assert entry.find(f"{atom.ATOM}link").get("href") == f"{URL}/2026/{code}.html"
    listed = json.loads(found["2026/index.json"])["questions"]
    assert [(one["number"], one["status"], one["path"]) for one in listed] == [
        (code, "published", f"2026/{code}.json")
    ]
    data = json.loads(found[f"2026/{code}.json"])
    assert data["asker"] == "N.V.A., phường Kiến An"
    assert data["parts"][1]["heading"] == "Sở Xây dựng"
    for href in re.findall(r'href="([^"#]+)"', found[f"2026/{code}.html"].decode()):
        assert (folder(town) / "2026" / href).resolve().is_file(), href


def test_a_second_pass_writes_nothing_and_what_was_lost_is_written_again(town: World) -> None:
    code = published(town)
    before = {path: path.stat().st_mtime_ns for path in folder(town).rglob("*") if path.is_file()}
    told = len(town.inbox(CITIZEN))
    for _ in range(2):
        town.house.clock.forward(minutes=5)
        town.house.run()
    assert {path: path.stat().st_mtime_ns for path in before} == before
    whole = files(town)
    (folder(town) / f"2026/{code}.html").unlink()
    (folder(town) / "feed.atom").write_bytes(b"broken")
    assert town.house.command("publish") == 0
    assert files(town) == whole
    assert town.house.command("publish", "--dir", str(town.house.folder / "copy")) == 0
    assert (town.house.folder / "copy" / f"2026/{code}.html").is_file()
    town.house.run()
    assert len(town.inbox(CITIZEN)) == told, "the link is told once"


def test_publish_gives_each_page_the_portals_new_address(town: World) -> None:
    code = published(town)
    new, told = "https://cong-moi.test/qa", len(town.house.sent)
    assert town.question["link"] == f"{URL}/2026/{code}.html"
    town.house.file.write_text(town.house.file.read_text().replace(URL, new))
    assert town.house.command("publish") == 0
    assert town.question["link"] == f"{new}/2026/{code}.html"
    with town.house.engine.begin() as connection:
        connection.execute(update(question).where(question.c.code == code).values(link="https://bao.test/bai"))
    assert town.house.command("publish") == 0
    assert town.question["link"] == "https://bao.test/bai", "what a person wrote stays"
    assert len(town.house.sent) == told


def test_lists_of_other_years_stay_unless_a_year_is_new(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    published(town)
    listed, asked = publications.listed, list[int]()

    def watched(connection: Connection, year: int = 0, limit: int = 0) -> object:
        asked.extend([year] if year else [])
        return listed(connection, year, limit)

    monkeypatch.setattr(publications, "listed", watched)
    monkeypatch.setattr(publications, "years", lambda _: [2026, 2025])
    for expected in ([2026, 2025], [2026]):
        asked.clear()
        publish(town.house.engine, town.house.installation, everything=True)
        assert asked == expected


def test_a_correction_is_called_one_before_the_head_and_on_the_portal(town: World) -> None:
    code = answered(town)
    town.reply(SXD, "Đính chính: mặt đường được sửa trong quý II năm 2027, không phải quý I.")
    put_up(town, code)
    assert "Sở Xây dựng đính chính: mặt đường được sửa trong quý II năm 2027" in said(town.last(HEAD))
    town.reply(HEAD, "Duyệt")
    town.house.run()
    parts = json.loads(files(town)[f"2026/{code}.json"])["parts"]
    assert [one["heading"] for one in parts[1:]] == ["Sở Xây dựng", "Sở Xây dựng đính chính"]


def test_a_withdrawn_one_is_a_notice_under_the_same_address_and_can_come_back(town: World) -> None:
    code = published(town)
    first = etree.fromstring(files(town)["feed.atom"]).find(f"{atom.ATOM}entry")
    put_up(town, code)
    town.reply(OFFICER, f"Gỡ đăng {code}")
    assert "Cần nêu lý do" in said(town.last(OFFICER))
    town.reply(OFFICER, f"Gỡ đăng {code} vì ông An đề nghị")
    assert "Đã gỡ câu hỏi" in said(town.last(OFFICER))
    town.house.run()
    found = files(town)
    text = valid_html(found[f"2026/{code}.html"])
    assert "đã được gỡ" in text
    assert "quý I năm 2027" not in text
    assert "ông An" not in text, "why is the register's business"
    assert json.loads(found[f"2026/{code}.json"])["status"] == "withdrawn"
    assert atom.faults(found["feed.atom"]) == []
    (entry,) = etree.fromstring(found["feed.atom"]).findall(f"{atom.ATOM}entry")
    assert entry.findtext(f"{atom.ATOM}id") == first.findtext(f"{atom.ATOM}id")
    assert entry.findtext(f"{atom.ATOM}updated") > first.findtext(f"{atom.ATOM}updated")
    assert code not in found["index.html"].decode()
    assert (town.question["status"], town.question["link"]) == ("answered", "")
    town.reply(OFFICER, f"{code} trình đăng")
    town.reply(HEAD, "Duyệt")
    town.house.run()
    assert "quý I năm 2027" in valid_html(files(town)[f"2026/{code}.html"])
    assert town.question["status"] == "published"
    (row,) = _publications(town)
    assert row["withdrawn_at"] is None


def _publications(town: World) -> list[dict[str, Any]]:
    with town.house.engine.begin() as connection:
        return [dict(row._mapping) for row in connection.execute(publication.select())]


def test_the_name_is_shown_by_consent_only_and_goes_when_it_is_taken_back(town: World) -> None:
    code = published(town)
    page = f"2026/{code}.html"
    town.reply(CITIZEN, f"Tôi đồng ý công khai họ tên trong câu hỏi {code}")
    town.house.run()
    assert "Nguyễn Văn An, phường Kiến An" in valid_html(files(town)[page])
    town.reply(CITIZEN, f"Tôi không đồng ý công khai họ tên trong câu hỏi {code}")
    town.house.run()
    assert "Nguyễn Văn An" not in files(town)[page].decode()
    with town.house.engine.begin() as connection:
        personal_data.erase_questions(connection, [1], "thử", "console", town.house.clock())
    town.house.run()
    found = files(town)
    assert "đã được gỡ" in valid_html(found[page]), "what was erased is not shown either"
    (line,) = [one for one in json.loads(found["index.json"])["questions"] if one["number"] == code]
    assert (line["status"], line["title"]) == ("withdrawn", "")
    assert json.loads(found[f"2026/{code}.json"])["withdrawn"]
    assert code not in found["index.html"].decode()


@pytest.mark.parametrize("looked_into", [True, False])
def test_a_folder_that_cannot_be_written_publishes_nothing_and_stops_nothing(town: World, looked_into: bool) -> None:
    if looked_into:
        folder(town).write_text("in the way")
    else:
        folder(town).symlink_to("x" * 300)  # as a share that is gone: even to look fails
    put_up(town, answered(town))
    town.reply(HEAD, "Duyệt")
    report = town.house.run()
    assert len(report.problems) == 1
    assert "cong-bo" in report.problems[0]
    assert town.question["status"] == "approved", "nobody is told a link to nothing"
    folder(town).unlink()
    town.house.run()
    assert town.question["status"] == "published"


def test_the_operators_own_templates_are_used_and_a_broken_one_stops_nothing_else(town: World) -> None:
    own = town.house.folder / "own" / "portal"
    own.mkdir(parents=True)
    rules = town.house.config.rules.model_copy(update={"folder": own.parent})
    config = town.house.config.model_copy(update={"rules": rules})
    office = replace(town.house.installation, config=config)
    (own / "list.html.j2").write_text("{{ lines | length }} câu, của {{ house }}", encoding="utf-8")
    publish(town.house.engine, office, folder(town))
    assert files(town)["index.html"].decode().startswith("0 câu, của Ban Biên tập")
    (own / "list.html.j2").write_text("{{ house.__class__.__mro__ }}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"portal/list\.html\.j2: access to attribute '__class__'"):
        publish(town.house.engine, office, folder(town), everything=True)
    (own / "list.html.j2").write_text("{{ nobody_knows }}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"portal/list\.html\.j2: 'nobody_knows' is undefined"):
        publish(town.house.engine, office, folder(town), everything=True)


def test_the_asker_s_held_letter_is_still_reminded_of_when_the_answer_is_approved(town: World) -> None:
    code = answered(town)
    more = "Cảm ơn Sở. Thế còn trường mầm non trong ngõ thu tiền ăn 40.000 đồng một ngày có đúng quy định không?"
    town.reply(CITIZEN, more, about="Trả lời câu hỏi")
    held = town.rows(raw_mail)[-1]
    assert held["status"] == "held"
    waits = next(one for one in town.rows(duty) if one["key"] == f"review:{held['id']}")
    town.reply(OFFICER, f"{code} trình đăng", about="Cần xem xét")
    town.reply(HEAD, "Duyệt")
    town.house.run()
    assert town.question["status"] == "published"
    assert [one["status"] for one in town.rows(duty) if one["id"] == waits["id"]] == ["open"]
    town.house.clock.forward(days=1)
    town.house.service.catch_up()
    town.house.run()
    reminders = [said(one) for one in town.inbox(OFFICER) if f"thư số {held['id']}" in subject_of(one)]
    assert any("trường mầm non" in one for one in reminders), reminders


@pytest.mark.parametrize("taken_back", ["Gỡ đăng {code} vì còn phải hỏi lại", "{code} mở lại vì trả lời chưa đủ"])
def test_the_head_hears_that_a_text_was_taken_back_and_is_offered_nothing(town: World, taken_back: str) -> None:
    """He read that the text had changed, and was offered to take down what was never posted."""
    code = answered(town)
    put_up(town, code)
    town.reply(OFFICER, taken_back.format(code=code))
    town.reply(HEAD, "Duyệt", "Trình phê duyệt")
    told = said(town.last("officer_done", HEAD))
    assert "đã được rút lại sau khi trình" in told
    assert "đã thay đổi" not in told
    for one in (told, said(town.last("officer_alert", OFFICER))):
        assert f"Gỡ đăng {code}" not in one
    assert "không còn chờ ý kiến" in said(town.last("officer_alert", OFFICER))


def test_the_head_who_approves_under_another_mail_is_told_how_and_offered_no_order(town: World) -> None:
    put_up(town, answered(town))
    town.reply(CITIZEN, "Tôi không muốn đăng câu hỏi này lên Cổng.", "Trả lời câu hỏi")
    town.reply(HEAD, "Duyệt cả ba câu.", "Cần chú ý")
    told = said(town.last("officer_done", HEAD))
    assert "Chưa duyệt văn bản nào. Xin trả lời từng thư trình bằng “Duyệt”" in told
    assert "ký nhận" not in told
    assert town.question["status"] == "answered"
    assert "Duyệt cả ba câu." in said(town.last("officer_alert", OFFICER))


def test_who_is_asked_while_the_head_is_away_is_named_to_the_officer(town: World) -> None:
    house, away = town.house, (date(2026, 10, 1), date(2026, 10, 9))
    board = replace(house.installation.board, deputy=Person("Phó Trưởng Ban", DEPUTY, "head"), head_absent=away)
    house.installation = replace(house.installation, board=board)
    house.restart()
    put_up(town, answered(town))
    assert "Đã trình Phó Trưởng Ban duyệt đăng" in said(town.last("officer_done", OFFICER))
    assert town.last("head_approval", DEPUTY)


def test_a_text_that_the_head_returned_before_takes_the_place_of_none(town: World) -> None:
    """A first text came back from him, the second is taken back: his late word approves nothing that is there."""
    code = answered(town)
    put_up(town, code)
    town.reply(HEAD, "Trả lại: ghi rõ ngày", "Trình phê duyệt")
    put_up(town, code)
    town.reply(OFFICER, f"{code} gỡ đăng vì còn phải hỏi lại")
    town.reply(HEAD, "Duyệt", "Trình phê duyệt")
    assert "đã được rút lại sau khi trình" in said(town.last("officer_done", HEAD))


def test_a_text_that_was_put_up_anew_is_said_to_have_changed(town: World) -> None:
    code = answered(town)
    put_up(town, code)
    first = town.last("head_approval", HEAD)
    town.reply(OFFICER, f"Gỡ đăng {code} vì còn phải hỏi lại")
    put_up(town, code)
    town.write(answer_to(first, HEAD, "Duyệt"))
    assert "đã thay đổi sau khi trình" in said(town.last("officer_done", HEAD))
    town.reply(HEAD, "Duyệt", "Trình phê duyệt")
    assert town.question["status"] == "published"


@pytest.mark.parametrize("ordered", [True, False])
def test_whoever_left_office_approves_nothing_and_the_successor_is_asked(town: World, ordered: bool) -> None:
    code, new = answered(town), DEPUTY
    put_up(town, code)
    asked = town.last("head_approval", HEAD)
    board = replace(town.house.installation.board, head=Person("Trưởng Ban mới", new, "head"))
    town.house.installation = replace(town.house.installation, board=board)
    town.house.restart()
    if ordered:
        town.reply(OFFICER, f"{code} trình đăng", "Kết quả")
        assert "Đã trình Trưởng Ban Biên tập" in said(town.last("officer_done", OFFICER))
    else:
        town.write(answer_to(asked, HEAD, "Duyệt", message_id="<1@haiphong.test>"))
        town.let_pass(days=1)
        town.look()
    town.write(answer_to(asked, HEAD, "Duyệt", message_id="<2@haiphong.test>"))
    assert town.question["status"] == "answered"
    assert town.rows(raw_mail)[-1]["reason"] == "Văn bản này nay do người khác phê duyệt"
    assert "nay do người khác phê duyệt; thư được chuyển cán bộ xem" in said(town.last("officer_done", HEAD))
    town.reply(new, "Duyệt", "Trình phê duyệt")
    assert town.question["status"] in {"approved", "published"}
    waited = [(row["status"], row["was_late"]) for row in town.rows(duty) if row["kind"] == "approval"]
    assert waited == [("void", False), ("met", False)], "nobody is late with what he was never shown"
    assert len([one for one in town.inbox(HEAD) if "phê duyệt" in subject_of(one)]) == 1


def test_who_writes_first_is_heard_first_although_he_has_written_before(town: World) -> None:
    """Of one pass the officer's first mail went before the Head's second, which had come earlier."""
    code = answered(town)
    put_up(town, code)
    shown, digest = town.last("head_approval", HEAD), town.inbox(OFFICER)[-1]
    town.store(
        answer_to(shown, HEAD, "Em xem lại giúp chỗ này"),
        answer_to(shown, HEAD, "Duyệt"),
        answer_to(digest, OFFICER, f"Gỡ đăng {code} vì còn phải hỏi lại"),
    )
    town.decide()
    done = [row.act for row in _journal(town) if row.act in {"answer_approved", "back_to_answered"}]
    assert done == ["answer_approved", "back_to_answered"]


def test_the_morning_lists_what_was_approved_and_no_other_question(town: World) -> None:
    """One is approved, and one waits for its unit."""
    codes = [answered(town), str(town.ask(f"{ASKED} Số 7.")["code"])]
    with town.house.engine.connect() as connection, connection.begin() as view:
        change = question.update().where(question.c.code == codes[0]).values(status="approved")
        connection.execute(change)
        listed = publications.to_post(connection, 10)
        view.rollback()
    assert ([one.number for one in listed.rows], listed.count) == ([codes[0]], 1)

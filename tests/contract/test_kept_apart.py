"""Complaints go whole to the officer named for them; of a denunciation nothing goes anywhere (clause 1.2)."""

import base64
import email
import email.policy
import json
import quopri
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import inspect, select, text, update

from daemon.installation.installation import Installation
from db.core.tables import file_check, raw_content, raw_mail, sealed_content
from db.mails import ledger, stored_mails
from rules.understand.understand import Understanding
from rules.values.model import Kind, ParsedMail
from tests.dose import each_third
from tests.installation import (
    HEAD,
    MAILBOX,
    OFFICE,
    OFFICER,
    SXD,
    answer_to,
    letter,
    subject_of,
    text_of,
    unit_address,
)
from tests.world import NEIGHBOUR, SIGNATURE, UNSURE, World, said, vouched, world

NAMED = "tiepdan@haiphong.test"
COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định."
DENUNCIATION = """ĐƠN TỐ CÁO
Tôi là Hoàng Thị Bạchngọc. Tôi tố cáo ông Trần Xuyếnchi, trưởng phòng Sở Xây dựng, nhận hối lộ 50 triệu đồng.
Đề nghị giữ bí mật tên tôi.
0987 654 321
"""
SECRETS = ("Bạchngọc", "Xuyếnchi", "hối lộ", "bachngoc", "0987 654", "987654321", "Sở Xây dựng, nhận")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[World]:
    extra = f'complaints = {{ name = "Cán bộ tiếp dân", email = "{NAMED}" }}'
    with world(tmp_path / "house", extra=extra) as made:
        raw = letter("bachngoc@dan.test", DENUNCIATION, name="Hoàng Thị Bạchngọc", subject="Tố cáo ông Xuyếnchi")
        made.arrive(vouched(raw))
        made.ask()
        yield made


def typed(town: World, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command prints, errors too."""
    capsys.readouterr()
    town.house.command(*words)
    said = capsys.readouterr()
    return said.out + said.err


def silent(told: str) -> None:
    """Nothing of the denunciation is told."""
    for secret in SECRETS:
        assert secret not in told, secret


def test_complaint_goes_whole_to_the_named_officer_alone(town: World) -> None:
    town.arrive(vouched(letter("chi@dan.test", COMPLAINT, subject="Đơn")))
    reviews = town.house.sent_with(name="officer_review")
    assert [row["recipient"] for row in reviews] == [NAMED]
    assert COMPLAINT.split(". ")[1][:40] in " ".join(text_of(bytes(reviews[0]["bytes"])).replace(">", "").split())


def test_of_a_complaints_blocked_file_the_named_officer_alone_hears(town: World) -> None:
    before, files = town.last_sent(), (("Khieu nai ong Binh.exe", "application/octet-stream", b"MZ"),)
    town.arrive(vouched(letter("chi@dan.test", COMPLAINT, subject="Đơn", attachments=files)))
    sent = {(one["name"], one["recipient"]) for one in town.house.sent_with(after=before)}
    assert sent == {("officer_review", NAMED), ("officer_alert", NAMED)}


def test_wrong_in_office_told_without_its_name_goes_to_no_department(town: World) -> None:
    told = (
        "Danh sách nhận hỗ trợ sau bão của thôn tôi có ba tên là em ruột và con dâu ông trưởng thôn, nhà họ mái bằng "
        "nguyên vẹn. Nhà bà cụ bên cạnh bay mất mái thì không có tên. Như thế có phải không ạ?"
    )
    before = town.last_sent()
    row = town.arrive(vouched(letter("chi@dan.test", told, subject="Hỗ trợ sau bão")))
    assert row["status"] == "held"
    gone = [(str(one["name"]), str(one["recipient"])) for one in town.house.sent_with(after=before)]
    assert sorted(gone) == [("citizen_held", "chi@dan.test"), ("officer_denunciation", NAMED)]


def test_named_officer_rules_on_it(town: World) -> None:
    row = town.arrive(vouched(letter("chi@dan.test", COMPLAINT, subject="Đơn")))
    town.answers("officer_review", NAMED, "Không tiếp nhận khiếu nại vì là đơn khiếu nại")
    assert next(one for one in town.house.mails if one["id"] == row["id"])["fate"] == "reject"
    town.answers("officer_review", NAMED, "Không tiếp nhận khiếu nại vì thuộc thẩm quyền của Thanh tra")
    assert f"Thư số {row['id']} đã được báo không tiếp nhận" in said(town.last("officer_done", NAMED))
    assert town.names("chi@dan.test").count("citizen_rejected") == 1


@pytest.mark.parametrize(
    ("text", "to_head"),
    [
        ("Tôi tố cáo bà Nguyễn Thị Lan, cán bộ tiếp nhận, nhận 2 triệu của ông Tám để ưu tiên câu hỏi.", True),
        ("Toi to cao ba Lan can bo tiep nhan cua Ban bien tap nhan tien cua nguoi hoi.", True),
        ("Tôi tố cáo ông Trần Văn Tám, trưởng phòng Sở Xây dựng, nhận hối lộ 50 triệu đồng.", False),
        ("Tôi tố cáo bà Nguyễn Thị Lanh, trưởng phòng Sở Xây dựng, nhận hối lộ 50 triệu đồng.", False),
        ("Tôi tố cáo bà Nguyễn  Thị\nLan, nhận 2 triệu của ông Tám để ưu tiên câu hỏi.", True),
        ("Tôi khiếu nại quyết định số 12/QĐ-UBND. Bà Nguyễn Thị Lan đã ngâm đơn khiếu nại của tôi.", True),
    ],
)
def test_who_a_letter_is_about_neither_gets_nor_ends_it(tmp_path: Path, text: str, to_head: bool) -> None:
    """It lay with the accused alone, and a word of hers ended it."""
    lan = "lan@haiphong.test"
    extra = f'complaints = {{ name = "Nguyễn Thị Lan", email = "{lan}" }}'
    with world(tmp_path / "house", sends=True, extra=extra) as town:
        town.arrive(vouched(letter("chi@dan.test", text, subject="Đơn")))
        named, other = (HEAD, lan) if to_head else (lan, HEAD)
        name = str(town.house.sent_with(recipient=named)[-1]["name"])
        assert town.names(other) == []
        town.at(2026, 10, 6, 8)
        assert "officer_alert" in town.names(named)
        assert lan not in {str(row["recipient"]) for row in town.house.sent} or not to_head
        order = "Không tiếp nhận khiếu nại vì phải gửi cơ quan khác" if name == "officer_review" else "Đã xử lý"
        before = town.house.newest(raw_mail)["id"]
        if to_head and name == "officer_denunciation":
            town.arrive(vouched(answer_to(town.last(name, named), other, order)))
        assert town.house.rows(raw_mail, raw_mail.c.id == before)[0]["status"] == "held"
        town.answers(name, named, order)
        assert town.house.rows(raw_mail, raw_mail.c.id == before)[0]["status"] == "done"


@pytest.mark.parametrize(
    "more", ["Tôi xin bổ sung chứng cứ cho đơn tố cáo trước: có băng ghi âm.", "Tôi xin rút đơn."]
)
def test_what_follows_a_letter_about_the_named_officer_passes_by_her_too(tmp_path: Path, more: str) -> None:
    """She heard that more had come about her, was reminded of it, and a word of hers ended it."""
    lan = "lan@haiphong.test"
    extra = f'complaints = {{ name = "Nguyễn Thị Lan", email = "{lan}" }}'
    with world(tmp_path / "house", sends=True, extra=extra) as town:
        for text in ("Tôi tố cáo bà Nguyễn Thị Lan, cán bộ tiếp nhận, nhận 2 triệu của ông Tám.", more):
            town.arrive(vouched(letter("chi@dan.test", text, subject="Đơn")))
        assert town.names(HEAD) == ["officer_denunciation"] * 2
        town.at(2026, 10, 6, 8)
        assert town.names(HEAD).count("officer_alert") == 2
        assert town.names(lan) == []
        town.arrive(vouched(answer_to(town.last("officer_denunciation", HEAD), lan, "Đã xử lý")))
        assert town.house.rows(raw_mail, raw_mail.c.sealed)[-1]["status"] == "held"


LAN = "lan@haiphong.test"


@pytest.mark.world(extra=f'complaints = {{ name = "Nguyễn Thị Lan", email = "{LAN}" }}')
@pytest.mark.parametrize(("sender", "past_her"), [("chi@dan.test", True), ("khac@dan.test", False)])
def test_a_denunciation_after_a_complaint_of_her_passes_by_her(house: World, sender: str, *, past_her: bool) -> None:
    """She heard by number that the same person had denounced somebody now."""
    complaint = f"{COMPLAINT} Bà Nguyễn Thị Lan đã ngâm đơn khiếu nại của tôi."
    house.arrive(vouched(letter("chi@dan.test", complaint, subject="Đơn")))
    assert house.names(HEAD) == ["officer_review"]
    house.arrive(vouched(letter(sender, DENUNCIATION, subject="Đơn tố cáo")))
    assert house.names(HEAD if past_her else LAN)[-1] == "officer_denunciation"
    assert "officer_denunciation" not in house.names(LAN if past_her else HEAD)


def test_without_a_named_one_the_first_officer_is(house: World) -> None:
    house.arrive(vouched(letter("chi@dan.test", COMPLAINT, subject="Đơn")))
    assert {row["recipient"] for row in house.house.sent if row["name"] == "officer_review"} == {OFFICER}


def test_denunciation_is_told_by_number_to_the_named_officer_alone(town: World) -> None:
    told = town.house.sent_with(raw_mail_id=1)
    assert [(row["name"], row["recipient"]) for row in told] == [("officer_denunciation", NAMED)]
    mail = bytes(told[0]["bytes"])
    silent(text_of(mail) + subject_of(mail) + mail.decode("utf-8", "replace"))
    assert "1" in text_of(mail)


def test_denunciation_is_in_no_mail_of_ours_not_even_days_later(town: World) -> None:
    for _ in range(4):
        town.house.clock.forward(days=1)
        town.house.service.catch_up()
        town.due()
    town.answers("officer_denunciation", NAMED, "Tình trạng")
    assert {str(row["name"]) for row in town.house.sent} >= {"officer_denunciation", "unit_forward"}
    for row in town.house.sent:
        mail = bytes(row["bytes"])
        silent(f"{row['subject']}{text_of(mail)}")
    reached = {str(row["recipient"]) for row in town.house.sent if row["raw_mail_id"] == 1}
    assert reached <= {NAMED, OFFICER, HEAD, OFFICE}
    assert unit_address("SXD") not in reached


def told_by(value: object) -> str:
    """What a column says, to whoever unpacks it too: bytes as they are, and as Base64 and quoted-printable."""
    if not isinstance(value, bytes | memoryview):
        return str(value)
    raw = bytes(value)
    lines = re.findall(rb"^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2,3}={1,2})?(?=\r?$)", raw, re.MULTILINE)
    packed = b"".join(base64.b64decode(line) for line in lines)
    return b" ".join((raw, quopri.decodestring(raw), packed)).decode("utf-8", "replace")


def words_by_table(made: World) -> dict[str, str]:
    """All that each table holds, the search index's own among them."""
    with made.house.engine.begin() as connection:
        names = inspect(connection).get_table_names()
        return {
            name: " ".join(told_by(one) for row in connection.execute(text(f'SELECT * FROM "{name}"')) for one in row)
            for name in names
        }


def test_who_answers_the_mornings_list_from_elsewhere_is_no_denouncer(town: World) -> None:
    """The list of a day with such a mail; its subject is ours, not the writer's."""
    town.at(2026, 10, 6, 1)
    town.overviews()
    listed = town.last("officer_digest", OFFICER)
    assert "thư giữ riêng" in subject_of(listed)
    for order in ("HP-2026-000001 chuyển SNV", "Chuyển SNV"):
        row = town.arrive(vouched(answer_to(listed, "hai@gmail.test", order)))
        assert (row["kind"], row["status"], row["sealed"]) == ("command", "held", False)
        assert town.names("hai@gmail.test")[-1] == "citizen_elsewhere"


@pytest.mark.parametrize(("text", "kept"), [("Chuyển SNV", False), (DENUNCIATION, True)])
def test_who_was_an_officer_is_told_so_and_denounces_like_anybody(town: World, text: str, *, kept: bool) -> None:
    """His order was sealed as a denunciation, by the words of our subject."""
    town.at(2026, 10, 6, 1)
    town.overviews()
    listed, made = town.last("officer_digest", OFFICER), town.house.installation
    now = [replace(one, email="moi@haiphong.test") for one in made.board.officers]
    town.house.installation = replace(made, board=replace(made.board, officers=tuple(now)))
    row = town.arrive(vouched(answer_to(listed, OFFICER, text)))
    assert (row["kind"], row["sealed"]) == (("denunciation", True) if kept else ("command", False))
    assert (town.names(OFFICER)[-1] == "citizen_elsewhere") is not kept
    town.house.installation = made


def test_denunciation_is_in_no_table_but_its_own(town: World) -> None:
    words = words_by_table(town)
    assert {"question_search_marked_content", "question_search_marked"} & words.keys()
    assert all(one in words["sealed_content"] for one in ("Bạchngọc", "Xuyếnchi", "hối lộ", "bachngoc"))
    for name in words.keys() - {"sealed_content"}:
        silent(words[name])


def raw_stores(made: World, row: dict[str, Any]) -> tuple[bytes, bytes | None]:
    """A mail's bytes among everybody's, and apart; None where there is no row."""
    with made.house.engine.begin() as connection:
        found = connection.execute(
            select(raw_content.c.bytes, sealed_content.c.bytes)
            .select_from(raw_content.outerjoin(sealed_content, sealed_content.c.sha256 == raw_content.c.sha256))
            .where(raw_content.c.sha256 == row["sha256"])
        ).one()
    return bytes(found[0]), None if found[1] is None else bytes(found[1])


pytestmark = pytest.mark.world(both_databases=True)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"Xuyen" * 9
FILES = (("a.png", "image/png", PICTURE),)
SECRET = vouched(letter("bachngoc@dan.test", DENUNCIATION, subject="Tố cáo", attachments=FILES))
OTHER_WAY = b"Received: from elsewhere by mx.haiphong.test; Mon, 5 Oct 2026 10:00:00 +0700\r\n" + SECRET


def test_its_bytes_lie_apart_however_often_it_comes(house: World) -> None:
    house.store(SECRET, SECRET, OTHER_WAY)
    house.arrive(SECRET)
    assert [row["sealed"] for row in house.house.mails] == [True] * 4
    assert [raw_stores(house, row) for row in house.house.mails] == [
        (b"", raw) for raw in (SECRET, SECRET, OTHER_WAY, SECRET)
    ]
    with house.house.engine.begin() as connection:
        assert stored_mails.raw_bytes(connection, 2) == b""
        assert stored_mails.raw_bytes(connection, 2, sealed=True) == SECRET


def test_bytes_come_back_when_an_officer_rules_that_it_is_none(house: World) -> None:
    house.arrive(SECRET, SECRET)
    house.answers("officer_denunciation", OFFICER, "Chuyển SYT")
    assert house.house.mails[0]["sealed"], "one mail opens nothing"
    house.answers("officer_confirm", OFFICER, "Xác nhận chuyển SYT")
    first = house.house.mails[0]
    assert (first["fate"], first["sealed"], raw_stores(house, first)) == ("register", False, (SECRET, None))
    forwarded = email.message_from_bytes(house.last("unit_forward"), policy=email.policy.default)
    assert PICTURE in [part.get_content() for part in forwarded.iter_attachments()]
    later = house.arrive(SECRET)
    assert raw_stores(house, later) == (SECRET, None), "the question's mail needs them there"


def taken_for_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today's rules see no denunciation any more."""
    read = Installation.read

    def as_question(
        office: Installation, raw: bytes, at: datetime, *more: Any, **named: Any
    ) -> tuple[ParsedMail, Understanding]:
        mail, understanding = read(office, raw, at, *more, **named)
        return mail, replace(understanding, kind=Kind.QUESTION)

    monkeypatch.setattr(Installation, "read", as_question)


def test_second_delivery_stays_sealed_whatever_rules_say(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    house.arrive(SECRET)
    taken_for_a_question(monkeypatch)
    house.arrive(SECRET, OTHER_WAY)
    assert [(row["sealed"], row["from_email"], row["subject"]) for row in house.house.mails] == [(True, "", "")] * 3
    stores = [raw_stores(house, row) for row in house.house.mails]
    assert stores == [(b"", raw) for raw in (SECRET, SECRET, OTHER_WAY)]


def decide_again(made: World) -> dict[str, Any]:
    with made.house.engine.begin() as connection:
        assert ledger.requeue(connection, 1)
    made.decide()
    return made.house.mails[0]


def test_decided_again_it_is_sealed_or_open_when_none(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    house.arrive(SECRET)
    row = decide_again(house)
    assert (row["kind"], row["status"], raw_stores(house, row)) == ("denunciation", "held", (b"", SECRET))
    taken_for_a_question(monkeypatch)
    row = decide_again(house)
    assert (row["fate"], row["sealed"], raw_stores(house, row)) == ("register", False, (SECRET, None))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM sealed_content", "1 denunciations have lost their bytes"),
        ("UPDATE raw_content SET size = 3, bytes = 'abc'", "1 denunciations are not kept apart"),
    ],
)
def test_verify_finds_what_is_not_where_it_belongs(tmp_path: Path, statement: str, fault: str) -> None:
    made = World(tmp_path / "house", bystanders=False)
    made.arrive(SECRET)
    with made.house.engine.begin() as connection:
        connection.execute(text(statement))
    made.house.books_broken = statement
    try:
        assert made.house.faults() == [fault]
    finally:
        made.house.close()


COMMANDS = (
    ("register", "list"), ("register", "list", "--json"), ("register", "search", "hoi", "lo"), ("register", "export"),
    ("register", "show", "HP-2026-000001"), ("mail", "list"), ("mail", "list", "--json"), ("mail", "show", "1"),
    ("mail", "show", "1", "--json"), ("mail", "list", "--sent"), ("stats",), ("verify", "--offline"),
    ("rules", "replay", "--since", "2026-10-01"), ("rules", "replay", "--since", "2026-10-01", "--json"),
    ("rules", "corrections", "--confirmed"), ("person", "export", "bachngoc@dan.test"),
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_tells_of_it(town: World, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    told = typed(town, capsys, *words)
    for secret in SECRETS:
        if not (words[0] == "person" and secret == "bachngoc"):  # the address that was asked for
            assert secret not in told, secret


def test_its_bytes_are_not_handed_out(town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "kept apart" in typed(town, capsys, "mail", "show", "1", "--raw", str(tmp_path / "raw"))
    assert not (tmp_path / "raw").exists()


def test_a_file_of_it_is_not_released(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    files = (("hối lộ Xuyếnchi.exe", "application/octet-stream", b"MZ"),)
    row = town.arrive(vouched(letter("bachngoc@dan.test", DENUNCIATION, attachments=files)))
    assert town.house.rows(file_check, file_check.c.raw_mail_id == row["id"]), "the file was held"
    told = typed(town, capsys, "mail", "release", str(row["id"]))
    assert "kept apart" in told
    silent(told)


def test_bytes_that_are_apart_are_handed_out_by_no_other_row(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A first delivery that could not be processed lies in quarantine, unsealed; the second one was sealed."""
    with town.house.engine.begin() as connection:
        connection.execute(update(raw_mail).where(raw_mail.c.id == 1).values(sealed=False, status="quarantined"))
    for words in (("show", "1", "--raw", str(tmp_path / "raw")), ("evidence", "1", "--out", str(tmp_path / "zip"))):
        assert "kept apart" in typed(town, capsys, "mail", *words)
    assert not (tmp_path / "raw").exists()
    assert not (tmp_path / "zip").exists()


def test_exports_do_not_hold_it(town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("book.xlsx", "book.csv"):
        typed(town, capsys, "register", "export", "--output", str(tmp_path / name))
    silent((tmp_path / "book.csv").read_text(encoding="utf-8-sig"))
    book = load_workbook(tmp_path / "book.xlsx")
    silent(str([row for sheet in book for row in sheet.iter_rows(values_only=True)]))
    book.close()


def test_explain_routes_it_nowhere(town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mail.eml"
    file.write_bytes(letter("khac@dan.test", DENUNCIATION, subject="Tố cáo"))
    told = json.loads(typed(town, capsys, "explain", "--json", str(file)))
    assert (told["kind"], told["fate"], told["decision"], told["route"]) == ("denunciation", "hold", "none", [])


def test_nothing_of_it_is_logged(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    raw = letter("bachngoc@dan.test", DENUNCIATION + "Lần hai.", name="Hoàng Thị Bạchngọc", subject="Tố cáo Xuyếnchi")
    capsys.readouterr()
    town.arrive(vouched(raw))
    said = capsys.readouterr()
    silent(said.out + said.err)


BY_CLERK = """Tôi là nhân viên Sở Xây dựng. Tôi tố cáo ông Trần Xuyếnchi, trưởng phòng, nhận hối lộ 50 triệu đồng.
Đề nghị giữ bí mật tên tôi.
Hoàng Thị Bạchngọc
"""
UNSAID = "Ở phòng em ông trưởng phòng Xuyếnchi toàn nhận phong bì của nhà thầu. Xin giữ kín tên em Bạchngọc."
CLERK = "bachngoc@sxd.test"
ROADWORKS = "mặt đường sẽ được sửa xong trước ngày 30/11/2026, kinh phí 900 triệu đồng.\n\nPhó Giám đốc\nLê Văn Phó"
DOUBTFUL = (
    "Sở đã kiểm tra, xác minh. Hiệu trưởng đã bị kỷ luật khiển trách vì thu tiền trái quy định, "
    "đã trả lại phụ huynh 300 nghìn đồng mỗi cháu."
)
WITH_DOMAIN = {
    "extra": '[units.SXD]\naddress = "vanthu@sxd.test"\ndomains = ["sxd.test"]\n',
    "units": ("SNV", "CAPNUOC", "SKHCN", "SGDDT", "DIENLUC"),
    "both_databases": False,
}


def sealed_alone(house: World, before: int) -> None:
    """Of the last mail nobody heard but the named officer, by its number; it lies apart, and no table tells of it."""
    row = house.house.mails[-1]
    assert (row["kind"], row["status"], row["sealed"], row["from_email"]) == ("denunciation", "held", True, "")
    sent = house.house.sent_with(after=before)
    assert {(one["name"], one["recipient"]) for one in sent} <= {
        ("officer_denunciation", OFFICER),
        ("citizen_held", CLERK),
    }
    assert "officer_denunciation" in {one["name"] for one in sent}
    words = words_by_table(house)
    for name in words.keys() - {"sealed_content", "outbox", "outbox_content"}:
        silent(words[name])


@pytest.mark.world(**WITH_DOMAIN)
@pytest.mark.parametrize("text", [BY_CLERK, UNSAID])
@pytest.mark.parametrize("sender", [CLERK, "vanthu@sxd.test"])
def test_an_employees_denunciation_is_sealed_like_anybody_elses(house: World, sender: str, text: str) -> None:
    house.ask()
    before = house.last_sent()
    house.write(letter(sender, text, subject="Thư"))
    sealed_alone(house, before)


@pytest.mark.world(**WITH_DOMAIN)
@pytest.mark.parametrize("text", [BY_CLERK, UNSAID])
def test_so_it_is_in_the_thread_of_a_question(house: World, text: str) -> None:
    row = house.ask()
    before = house.last_sent()
    house.arrive(vouched(answer_to(house.last("unit_forward"), CLERK, text)))
    sealed_alone(house, before)
    assert house.question["status"] == "forwarded"
    house.answers("unit_forward", "vanthu@sxd.test", f"Sở Xây dựng trả lời: {ROADWORKS}")
    assert house.of_question(str(row["code"]))[0]["status"] == "answered"


@pytest.mark.world(**WITH_DOMAIN)
def test_so_it_is_from_a_private_address_or_without_proof_or_by_a_machine(house: World) -> None:
    code = house.ask()["code"]
    forwarded = house.last("unit_forward")
    for raw in (
        vouched(answer_to(forwarded, "bachngoc@rieng.test", BY_CLERK)),
        vouched(letter(CLERK, BY_CLERK, subject="Thư"), result="fail"),
        vouched(letter(CLERK, BY_CLERK, subject="Thư 2", headers={"Precedence": "bulk"})),
        vouched(
            letter(
                CLERK, BY_CLERK, subject=f"{code}", headers={"Auto-Submitted": "auto-generated"}, attachments=FILES
            )
        ),
    ):
        before = house.last_sent()
        house.arrive(raw)
        sealed_alone(house, before)


@pytest.mark.world(**WITH_DOMAIN)
def test_what_only_sounds_like_one_is_sealed_from_an_employee_who_answers_nothing(house: World) -> None:
    house.ask()
    before = house.last_sent()
    house.write(letter(CLERK, DOUBTFUL, subject="Báo việc"))
    sealed_alone(house, before)
    for sender in (CLERK, "vanthu@sxd.test"):
        house.arrive(vouched(answer_to(house.last("unit_forward"), sender, DOUBTFUL)))
        assert house.house.mails[-1]["kind"] == "reply"
    house.write(letter("vanthu@sxd.test", DOUBTFUL, subject="Báo việc"))
    assert house.house.mails[-1]["kind"] == "reply"


@pytest.mark.world(**WITH_DOMAIN)
@pytest.mark.parametrize(
    "text",
    [
        "Xin gia hạn đến 15/10/2026 vì đang xác minh đơn tố cáo ông Trần Văn B, trưởng phòng, nhận hối lộ.",
        "Nội dung này là đơn tố cáo, không thuộc phạm vi đối thoại, đề nghị chuyển Thanh tra thành phố.",
        "Sở Xây dựng trả lời ông An: nội dung ông tố cáo nhà thầu bớt xi măng đã được kiểm tra, không có căn cứ.",
    ],
)
def test_what_an_office_says_about_denunciations_is_its_word(house: World, text: str) -> None:
    house.ask()
    house.answers("unit_forward", "vanthu@sxd.test", text)
    row = house.house.mails[-1]
    assert (row["kind"], row["sealed"]) == ("reply", False)


@pytest.mark.parametrize("way", ["foreign", "header", "number", "address", "officer"])
def test_a_denunciation_that_looks_like_a_reply_is_kept_apart(town: World, way: str) -> None:
    """Whatever thread it stands in, and whoever's question it names; the bystander's goes on."""
    code = town.ask(sender=NEIGHBOUR)["code"]
    kept, forwards = town.of_question(code), len(town.inbox(SXD))
    text = "Ông Trần Văn Bình, cán bộ địa chính phường, nhận hối lộ 50 triệu đồng để làm sổ đỏ cho nhà hàng xóm."
    if way == "address":
        raw = answer_to(town.last(NEIGHBOUR), "la@dan.test", text)
    elif way == "officer":
        town.ask(UNSURE)
        raw = answer_to(town.last(OFFICER), "la@dan.test", text)
    else:
        headers = {"In-Reply-To": "<x@cong.test>", "References": "<x@cong.test>"} if way == "header" else None
        subject = f"Re: [{code}] Câu hỏi" if way == "number" else "Re: Thông báo tiếp công dân"
        raw = letter("la@dan.test", text, subject=subject, headers=headers)
    before = len(town.inbox(OFFICER))
    town.write(raw)
    assert town.house.mails[-1]["sealed"]
    assert "Trần Văn Bình" not in "".join(said(one) for one in town.inbox(OFFICER)[before:])
    assert (town.of_question(code), len(town.inbox(SXD))) == (kept, forwards)


WRITER = "bachngoc@dan.test"
LATER = [
    ("new", "Tôi xin rút đơn đã gửi hôm trước."),
    ("new", "Tôi gửi thêm ảnh, nhờ giữ kín."),
    ("new", "Thôi tôi không muốn làm to chuyện nữa."),
    ("unproven", "Cho tôi hỏi thư của tôi đến đâu rồi?"),
    ("unproven", "ong xuyenchi lai den nha toi noi chuyen"),
    ("answered", "Đơn của tôi về ông Xuyếnchi đã chuyển cơ quan nào chưa?"),
    ("answered", "Tôi gọi ông Xuyếnchi nhưng không ai nghe máy, nay đường trước nhà tôi lại hỏng nặng hơn trước."),
    ("answered", "Trưởng phòng Xuyếnchi, tức ông Xuyếnchi, vừa gọi điện cho tôi."),
    ("new", "Ong Xuyenchi – o tren Cau – dao duong truoc nha. Mat duong hong nang, bao gio So Xay dung sua duong?"),
]


@each_third(("way", "text"), LATER)
def test_what_its_writer_sends_later_goes_the_same_way(town: World, way: str, text: str) -> None:
    code = str(town.ask(sender=WRITER)["code"])
    town.answers("unit_forward", SXD, f"Sở Xây dựng trả lời: {ROADWORKS}")
    raw = answer_to(town.last("citizen_answered", WRITER), WRITER, text)
    raw = raw if way == "answered" else letter(WRITER, text, subject="Thư")
    kept, before = town.of_question(code), town.last_sent()
    row = town.arrive(raw if way == "unproven" else vouched(raw))
    assert (row["kind"], row["sealed"], row["from_email"], row["subject"]) == ("denunciation", True, "", "")
    sent = {(one["name"], one["recipient"]) for one in town.house.sent_with(after=before)}
    assert sent == {("officer_denunciation", NAMED), ("citizen_held", WRITER)}
    town.overviews()
    town.answers("officer_digest", OFFICER, f"{code} mở lại")
    assert "Xuyếnchi" not in said(town.last(SXD))
    assert town.of_question(code) != kept, "the officer's order is carried out"
    neighbours = town.arrive(vouched(letter(NEIGHBOUR, text, subject="Thư")))
    assert neighbours["sealed"] is text.startswith("Trưởng phòng"), "of these only that sounds like one from anybody"


ORDINARY = [
    ("new", "Bao giờ có kết quả ạ?", "question"),
    ("new", "Bà con hỏi bao giờ thu phí vỉa hè?", "question"),
    ("new", "Xin hỏi giờ làm việc của bộ phận một cửa?", "question"),
    ("answered", "Tôi chưa hài lòng, đường lại hỏng, đề nghị sửa lại.", "follow_up"),
    ("answered", "Cảm ơn Ban Biên tập.", "follow_up"),
    ("new", "Nước máy nhà tôi yếu và đục ba tuần nay, Công ty Cấp nước bao giờ khắc phục?", "question"),
]


@pytest.mark.parametrize(("way", "text", "kind"), ORDINARY)
def test_what_is_a_matter_of_its_own_goes_on(town: World, way: str, text: str, kind: str) -> None:
    town.ask(sender=WRITER)
    town.answers("unit_forward", SXD, f"Sở Xây dựng trả lời: {ROADWORKS}")
    raw = answer_to(town.last("citizen_answered", WRITER), WRITER, text)
    row = town.arrive(vouched(raw if way == "answered" else letter(WRITER, text, subject="Nước")))
    assert (row["kind"], row["sealed"]) == (kind, False)


def test_a_picture_alone_in_the_thread_of_an_answer_is_about_that(town: World) -> None:
    """Our quoted words are none of his, though they name somebody of that name."""
    town.ask(sender=WRITER)
    town.answers("unit_forward", SXD, f"Sở Xây dựng trả lời: {ROADWORKS} Ông Lê Xuyếnchi là đầu mối.")
    row = town.answers("citizen_answered", WRITER, "", attachments=FILES)
    assert (row["kind"], row["sealed"]) == ("reply", False)


@pytest.mark.parametrize(
    "text",
    [
        "Tôi là bà Hoàng Thị Bạchngọc. Nước máy nhà tôi đục ba tuần nay, Công ty Cấp nước bao giờ khắc phục?",
        "Kính gửi: Ông Lê Tiến Tùngbách, Bí thư Thành ủy.\nNước máy nhà tôi đục, Công ty Cấp nước bao giờ khắc phục?",
    ],
)
def test_writer_and_addressee_of_a_denunciation_may_be_named_in_a_question(house: World, text: str) -> None:
    formal = DENUNCIATION.replace("Tôi là", "Kính gửi: Ông Lê Tiến Tùngbách, Bí thư Thành ủy.\nTôi là bà", 1)
    assert house.arrive(vouched(letter(WRITER, formal, subject="Tố cáo")))["sealed"]
    row = house.arrive(vouched(letter(WRITER, text + SIGNATURE, subject="Nước")))
    assert (row["kind"], row["status"], row["sealed"]) == ("question", "done", False)
    named = text.replace("Nước", "Ông Xuyếnchi gọi tôi. Nước", 1)
    assert house.arrive(vouched(letter(WRITER, named, subject="Nước 2")))["sealed"]


def test_an_address_in_every_denunciation_costs_little(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mailbox's own is in each, as its recipient; the writer's own mail is still found among the newest."""
    house.store(*(letter(f"k{n}@dan.test", f"{DENUNCIATION}{n}", subject=f"Tố cáo {n}") for n in range(25)))
    house.store(letter(WRITER, DENUNCIATION, subject="Tố cáo"))
    house.decide()
    assert [row["sealed"] for row in house.house.mails] == [True] * 26
    read, again = Installation.read, list[bytes]()

    def counted(office: Installation, raw: bytes, *more: Any, **named: Any) -> tuple[ParsedMail, Understanding]:
        again.append(raw)
        return read(office, raw, *more, **named)

    monkeypatch.setattr(Installation, "read", counted)
    house.arrive(letter(MAILBOX, UNSURE, subject="Hỏi"))
    assert len(again) <= stored_mails.MOST_READ + 2
    assert house.arrive(letter(WRITER, "Tôi xin rút đơn đã gửi hôm trước.", subject="Thư"))["sealed"]


def test_what_answers_an_officers_question_is_about_that(town: World) -> None:
    town.ask(UNSURE, sender=WRITER)
    town.answers("officer_review", OFFICER, "Hỏi lại: đã nộp đơn ở phường chưa?")
    row = town.answers("citizen_missing", WRITER, "Tôi đã nộp đơn rồi ạ.")
    assert (row["kind"], row["sealed"]) == ("follow_up", False)
    asked = town.last("citizen_missing", WRITER)
    for words in (DENUNCIATION, "Tôi gửi thêm ảnh, nhờ giữ kín."):  # the second follows the first in one thread
        assert town.arrive(vouched(answer_to(asked, WRITER, words)))["sealed"]


def test_a_denunciation_taken_back_is_one_wherever_the_first_came_from(house: World) -> None:
    text = f"Tôi xin rút đơn tố cáo ông Trần Văn Y đã gửi ngày 05/10.{SIGNATURE}"
    assert house.arrive(vouched(letter("chi@dan.test", text, subject="Xin rút đơn")))["sealed"]


@pytest.mark.parametrize(
    "text",
    ["Phường không trả lời. Tôi hỏi: thời hạn giải quyết lần đầu là bao nhiêu ngày?", "Xin các anh xem lại giúp."],
)
def test_what_answers_the_refusal_of_a_complaint_reaches_who_refused_it(town: World, text: str) -> None:
    row = town.arrive(vouched(letter("chi@dan.test", COMPLAINT, subject="Đơn")))
    town.answers("officer_review", NAMED, "Không tiếp nhận khiếu nại vì là đơn khiếu nại")
    for said_again in ("", " Tôi chờ."):  # and what answers that refusal
        before = town.last_sent()
        later = town.answers("citizen_rejected", "chi@dan.test", text + said_again)
        assert (later["kind"], later["status"]) == ("complaint", "held")
        sent = {(one["name"], one["recipient"]) for one in town.house.sent_with(after=before)}
        assert sent == {("officer_review", NAMED), ("citizen_held", "chi@dan.test")}
        assert f"thư số {row['id']}" in said(town.last("officer_review", NAMED))
        town.answers("officer_review", NAMED, "Không tiếp nhận khiếu nại vì là đơn khiếu nại")
        row = later


def test_an_office_that_answers_the_refusal_of_a_complaint_is_not_sent_to_the_citizens_address(town: World) -> None:
    town.arrive(vouched(letter("chi@dan.test", COMPLAINT, subject="Đơn")))
    town.answers("officer_review", NAMED, "Không tiếp nhận khiếu nại vì là đơn khiếu nại")
    refused, before = town.last("citizen_rejected", "chi@dan.test"), town.last_sent()
    text = "Sở đã nhận đơn của bà Chi do bà chuyển đến và đang xem xét theo quy định."
    row = town.arrive(vouched(answer_to(refused, SXD, text)))
    assert (row["kind"], row["status"]) == ("complaint", "held")
    sent = {(one["name"], one["recipient"]) for one in town.house.sent_with(after=before)}
    assert sent == {("officer_review", NAMED), ("citizen_held", SXD)}


@pytest.mark.world(**WITH_DOMAIN)
def test_an_employee_who_answers_our_line_is_not_taken_for_his_unit(house: World) -> None:
    house.write(letter(CLERK, "Nghe nói anh đăng kiểm viên hay cầm tiền của lái xe để cho qua.", subject="Thư"))
    before = house.last_sent()
    house.answers("citizen_held", CLERK, "Thư của tôi đến đâu rồi?")
    sealed_alone(house, before)

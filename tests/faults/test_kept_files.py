"""Files that are kept back, decided on by mail: why, on, or not; by whom; never what a virus was found in."""

import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import delete, select

from daemon.loop.attachments import scan_stored
from db.core.tables import file_check, journal, raw_mail
from tests.faults.attacks import EVIL, KINDS, Act
from tests.faults.test_files import BAD, DISGUISED, HELD, PDF, arrive, files_of, scanned, sent
from tests.installation import OFFICER, SXD, answer_to, letter, text_of, unit_address
from tests.world import LETTER, ROAD, UNSURE, World, vouched

MACRO = HELD["macro by its ending"]
SCRIPT = HELD["script"]


def say(house: World, words: str, to: bytes | None = None) -> str:
    """The officer's reply to the newest alert, or to another mail; what the officer is told."""
    raw = to or house.last("officer_alert", OFFICER)
    house.arrive(vouched(answer_to(raw, OFFICER, words)))
    return text_of(house.last("officer_done", OFFICER))


def states(house: World) -> list[object]:
    return [row["status"] for row in house.rows(file_check)]


def test_an_officer_sees_why_and_lets_the_file_go_on(house: World) -> None:
    house.ask(attachments=[PDF, DISGUISED])
    assert "nội dung không đúng với đuôi" in say(house, "Vì sao giữ?")
    assert sent(house, "unit_followup") == []
    assert "Đã cho chuyển tệp" in say(house, "Cho chuyển tệp")
    assert files_of(house.last("unit_followup", SXD)) == ["ban-do.pdf"]
    assert states(house) == ["released"]
    with house.house.engine.begin() as connection:
        by = connection.execute(select(journal.c.actor).where(journal.c.act == "file_released")).scalar_one()
    assert by == OFFICER
    assert "Không có tệp nào đang bị giữ lại" in say(house, "cho chuyển tệp")
    assert len(sent(house, "unit_followup")) == 1


def test_one_of_several_files_by_name_or_number(house: World) -> None:
    code = house.ask(attachments=[PDF, DISGUISED, SCRIPT, MACRO])["code"]
    part = house.rows(file_check)[2]["part"]
    assert "Không rõ tệp nào" in say(house, "cho chuyển tệp lạ.doc")
    say(house, "cho chuyển tệp ban-do.pdf")
    say(house, f"{code} không chuyển tệp {part}")
    assert states(house) == ["released", "held", "refused"]
    assert files_of(house.last("unit_followup", SXD)) == ["ban-do.pdf"]
    say(house, f"{code} cho chuyển tệp")
    assert states(house) == ["released", "released", "refused"], "what was refused stays"


@pytest.mark.parametrize(
    ("words", "sent_on"),
    [
        ("cho chuyển tệp 11.pdf", "11.pdf"),
        ("cho chuyển tệp “so do 1.pdf”", "so do 1.pdf"),
        ("cho chuyển tệp 1.pdf và 11.pdf", "1.pdf 11.pdf"),
        ("cho chuyển tệp 111.pdf", ""),
        ("cho chuyển tệp 2.doc", ""),
        ("cho chuyển tệp, riêng 1.pdf giữ lại", ""),
        ("cho chuyển tệp 11.pdf còn 1.pdf thì không", ""),
    ],
)
def test_a_file_whose_name_is_part_of_anothers_stays(house: World, words: str, sent_on: str) -> None:
    """It may be the picture of an identity card."""
    house.ask(attachments=[PDF, *((name, *DISGUISED[1:]) for name in ("1.pdf", "11.pdf", "so do 1.pdf"))])
    told = say(house, words)
    assert (" ".join(files_of(house.last("unit_followup", SXD))) if "Đã cho" in told else "") == sent_on
    assert ("Chưa làm" in told) == (not sent_on)
    assert sum(one == "released" for one in states(house)) == sent_on.count(".pdf")


def test_a_refused_file_never_goes_on(house: World) -> None:
    code = house.ask(attachments=[DISGUISED])["code"]
    assert "không chuyển tệp" in say(house, "không chuyển tệp")
    say(house, "cho chuyển tệp")
    say(house, f"{code} chuyển SNNMT")
    assert states(house) == ["refused"]
    carried = [name for row in house.house.sent if row["role"] == "unit" for name in files_of(row["bytes"])]
    assert carried == []


def test_a_units_file_goes_to_the_asker_and_the_askers_to_the_unit(house: World) -> None:
    """Two mails of one question have files: the answered alert says which is meant."""
    house.ask(attachments=[DISGUISED])
    first = house.last("officer_alert", OFFICER)
    words = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."
    reply = answer_to(house.last("unit_forward", SXD), SXD, words, attachments=[MACRO])
    house.house.clock.forward(minutes=70)
    house.arrive(vouched(reply, "sxd.test"))
    say(house, "cho chuyển tệp")
    assert files_of(house.last("citizen_file", "an@dan.test")) == ["bang.xlsm"]
    assert states(house) == ["held", "released"]
    assert "không còn đơn vị nào đang chờ" in say(house, "cho chuyển tệp", first)


def files_sent(house: World, to: str) -> list[tuple[str, list[str]]]:
    """The files of our mails to somebody that left, each with the mail's name."""
    found = [(str(one["name"]), list(files_of(one["bytes"]))) for one in house.house.sent_with(recipient=to)]
    return [one for one in found if one[1]]


@pytest.mark.parametrize("words", ["Cho chuyển tệp", "HP-2026-000002 cho chuyển tệp"])
def test_each_asker_gets_the_files_of_the_own_answer_alone(asked: World, words: str) -> None:
    asked.ask(f"{LETTER}\nNhà số 9.", sender="ba@dan.test")
    own = [(f"HP-2026-00000{number} phu luc.xlsm", *MACRO[1:]) for number in (1, 2)]
    text = (
        "HP-2026-000001: Sở Xây dựng trả lời: đường Trường Chinh được sửa xong trước ngày 20/12/2026.\n\n"
        "HP-2026-000002: Sở Xây dựng trả lời: vỉa hè trước nhà số 9 được lát lại trước ngày 15/11/2026."
    )
    asked.arrive(vouched(answer_to(asked.last("unit_forward", SXD), SXD, text, attachments=own), "sxd.test"))
    say(asked, words)
    assert files_sent(asked, "ba@dan.test") == [("citizen_file", [own[1][0]])]
    assert files_sent(asked, "an@dan.test") == ([("citizen_file", [own[0][0]])] if words == "Cho chuyển tệp" else [])


@pytest.mark.parametrize("lead_waits", [True, False])
def test_a_supporting_units_file_goes_to_the_lead_and_not_to_the_asker(asked: World, lead_waits: bool) -> None:
    forward = asked.last("unit_forward", SXD)
    asked.overviews()
    asked.answers("officer_digest", OFFICER, "HP-2026-000001 thêm SYT phối hợp")
    said = "Sở Y tế trả lời: trạm y tế phường đã sơ cứu ba người ngã ở hố sâu, số liệu tại phụ lục kèm theo."
    asked.answers("unit_forward", unit_address("SYT"), said, attachments=[MACRO])
    alert = asked.last("officer_alert", OFFICER)
    if not lead_waits:
        asked.arrive(vouched(answer_to(forward, SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.")))
    told = say(asked, "Cho chuyển tệp", alert)
    assert ("chưa gửi đi đâu" in told and "“HP-2026-000001 gửi bổ sung cho người hỏi”" in told) is not lead_waits
    assert files_sent(asked, SXD) == ([("unit_told", ["bang.xlsm"])] if lead_waits else [])
    assert states(asked) == ["released"]
    assert not [*sent(asked, "citizen_file"), *sent(asked, "unit_followup")]
    assert not files_sent(asked, unit_address("SYT"))


def test_a_file_released_by_mail_follows_the_opinion_that_was_passed_on(house: World) -> None:
    code = house.ask()["code"]
    house.answers("unit_forward", SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.")
    house.let_pass(hours=2)
    house.answers("citizen_answered", "an@dan.test", "Chưa hài lòng.", attachments=[MACRO])
    alert = house.last("officer_alert", OFFICER)
    house.answers("officer_review", OFFICER, f"{code} chuyển ý kiến cho đơn vị")
    assert "1 thư mang theo" in say(house, "Cho chuyển tệp", alert)
    assert files_sent(house, SXD) == [("unit_followup", ["bang.xlsm"])]


@pytest.mark.world(extra="[desk]\nanswer_delay_minutes = 30\n", sends=True)
@pytest.mark.parametrize("then", ["Thu hồi", ""])
def test_a_file_leaves_behind_its_answer_and_is_taken_back_with_it(asked: World, then: str) -> None:
    forward = asked.last("unit_forward", SXD)
    words = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027, chi tiết tại phụ lục kèm theo."
    asked.write(vouched(answer_to(forward, SXD, words, attachments=[MACRO])))
    asked.let_pass(minutes=5)
    say(asked, "Cho chuyển tệp")
    asked.let_pass(minutes=5)
    waiting = asked.house.sent_with(recipient="an@dan.test")[-2:]
    assert [(one["name"], one["status"]) for one in waiting] == [
        ("citizen_answered", "pending"),
        ("citizen_file", "pending"),
    ]
    if then:
        asked.write(vouched(answer_to(forward, SXD, then), "sxd.test"))
    asked.let_pass(minutes=60)
    left = {one["status"] for one in asked.house.sent_with(recipient="an@dan.test")[-2:]}
    assert left == {"recalled" if then else "sent"}
    assert sent(asked, "unit_followup") == []


@pytest.mark.world(extra="[desk]\nanswer_delay_minutes = 30\n", sends=True)
@pytest.mark.parametrize("then", ["Thu hồi", ""])
def test_a_file_behind_a_supplement_is_taken_back_with_it_while_the_answer_stands(asked: World, then: str) -> None:
    forward = asked.last("unit_forward", SXD)
    asked.write(vouched(answer_to(forward, SXD, "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.")))
    asked.let_pass(minutes=40)
    words = "Gửi bổ sung: kinh phí sửa đường là 3 tỷ đồng, chi tiết tại phụ lục kèm theo."
    asked.write(vouched(answer_to(forward, SXD, words, attachments=[MACRO]), "sxd.test"))
    asked.let_pass(minutes=5)
    say(asked, "Cho chuyển tệp")
    if then:
        asked.write(vouched(answer_to(forward, SXD, then), "sxd.test"))
    asked.let_pass(minutes=60)
    left = [(one["name"], one["status"]) for one in asked.house.sent_with(recipient="an@dan.test")[-3:]]
    how = "recalled" if then else "sent"
    assert left == [("citizen_answered", "sent"), ("citizen_corrected", how), ("citizen_file", how)]
    assert [one["status"] for one in asked.house.questions] == ["answered"]


@pytest.mark.world(extra="[desk]\nanswer_delay_minutes = 30\n", sends=True)
def test_an_answer_that_has_left_is_not_taken_back_for_its_file(asked: World) -> None:
    forward = asked.last("unit_forward", SXD)
    words = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027, chi tiết tại phụ lục kèm theo."
    asked.write(vouched(answer_to(forward, SXD, words, attachments=[MACRO])))
    asked.let_pass(minutes=40)
    say(asked, "Cho chuyển tệp")
    asked.arrive(vouched(answer_to(forward, SXD, "Thu hồi"), "sxd.test"))
    assert [one["status"] for one in asked.house.questions] == ["answered"]


def test_a_virus_and_what_was_not_scanned_stay(tmp_path: Path) -> None:
    from tests.servers.clamd import FakeClamd

    with FakeClamd() as clamd:
        house = scanned(tmp_path, clamd)
        arrive(house, PDF, BAD)
        assert "không được cho chuyển bằng thư" in say(house, "cho chuyển tệp")
        clamd.mode = "error"
        house.house.clock.forward(minutes=70)
        house.store(vouched(letter("ba@dan.test", LETTER, attachments=[PDF, SCRIPT])))
        scan_stored(house.house.engine, house.house.installation, lambda: None)
        house.arrive()
        assert "chưa quét được mã độc" in say(house, "cho chuyển tệp don.pdf")
        assert "chưa quét được mã độc" in say(house, "cho chuyển tệp xem.js"), "of a forbidden kind, and unseen"
        assert states(house) == ["clean", "held", "unscanned", "held"]
        assert sent(house, "unit_followup") == []
        assert house.house.faults() == []
        house.house.close()


def forget_looks(house: World) -> None:
    """As if the mails had come before such files were checked: nothing is known of them."""
    with house.house.engine.begin() as connection:
        connection.execute(delete(file_check).where(file_check.c.raw_mail_id > 0))


def test_a_file_of_which_nothing_is_known_is_looked_at_before_it_goes_on(house: World) -> None:
    code = house.ask(UNSURE, attachments=[PDF, DISGUISED, SCRIPT])["code"]
    forget_looks(house)
    say(house, f"{code} chuyển SXD", house.last("officer_review", OFFICER))
    assert files_of(house.last("unit_forward", SXD)) == ["don.pdf"]
    assert states(house) == ["held", "held"]


def test_where_files_are_scanned_one_that_was_not_goes_on_behind_its_scan(tmp_path: Path) -> None:
    from tests.servers.clamd import FakeClamd

    with FakeClamd() as clamd:
        house = scanned(tmp_path, clamd)
        house.store(vouched(letter("an@dan.test", UNSURE, attachments=[PDF, DISGUISED, BAD])))
        house.arrive()
        forget_looks(house)
        say(house, "chuyển SXD", house.last("officer_review", OFFICER))
        assert files_of(house.last("unit_forward", SXD)) == []
        assert states(house) == ["unscanned", "held", "unscanned"]
        house.house.clock.forward(minutes=6)
        assert scan_stored(house.house.engine, house.house.installation, lambda: None) == 2
        assert files_of(house.last("unit_followup", SXD)) == ["don.pdf"]
        assert states(house) == ["clean", "held", "held"]
        assert house.house.faults() == []
        house.house.close()


def test_nobody_else_lets_a_file_go_on(house: World) -> None:
    """A stranger with the number, a forger of the officer, a unit."""
    code = str(house.ask(attachments=[DISGUISED])["code"])
    alert = house.last("officer_alert", OFFICER)
    to, thread = re.search(rb"Reply-To: (\S+)", alert), re.search(rb"Message-ID: (\S+)", alert)
    assert to
    assert thread
    act = Act(OFFICER, f"{code} cho chuyển tệp", to[1].decode(), thread[1].decode(), code)
    for kind in KINDS:
        house.arrive(KINDS[kind](act))
    house.arrive(vouched(letter(EVIL, act.text, to=act.to), "evil.test"))
    house.arrive(vouched(answer_to(house.last("unit_forward", SXD), SXD, act.text), "sxd.test"))
    assert states(house) == ["held"]
    assert sent(house, "unit_followup") == []


@pytest.mark.world(bystanders=False)  # the overview is of the whole register
def test_the_morning_mail_names_kept_files_and_its_links_decide(house: World) -> None:
    house.ask(attachments=[DISGUISED])
    house.ask(f"{LETTER}\nNhà số 9.", sender="ba@dan.test", attachments=[SCRIPT, PDF])
    house.house.clock.forward(days=1)
    house.overviews()
    morning = house.last("officer_digest", OFFICER)
    text = text_of(morning)
    assert "TỆP ĐÍNH KÈM ĐANG GIỮ LẠI (2)" in text
    assert "nội dung không đúng với đuôi" in text
    links = re.findall(r"mailto:[^\s\"<>]+", page_of(morning))
    wanted = [one.replace("&amp;", "&") for one in links if "Kh%C3%B4ng%20chuy%E1%BB%83n%20t" in one]
    assert len(wanted) == 2
    press(house, wanted[1])
    assert states(house) == ["held", "refused"]
    press(house, next(one.replace("&amp;", "&") for one in links if "subject=Cho%20chuy" in one))
    assert states(house) == ["released", "refused"]


def page_of(raw: bytes) -> str:
    import email
    import email.policy

    page = email.message_from_bytes(raw, policy=email.policy.default).get_body(("html",))
    assert page is not None
    return str(page.get_content())


def press(house: World, link: str) -> None:
    """The mail that the officer's program writes when the link is pressed."""
    parts = urlsplit(link)
    said = {name: values[0] for name, values in parse_qs(parts.query).items()}
    raw = letter(OFFICER, said["body"], to=unquote(parts.path), subject=said["subject"])
    house.arrive(vouched(raw))


def test_the_alert_has_links_that_mean_its_own_mail(house: World) -> None:
    house.ask(attachments=[DISGUISED])
    links = re.findall(r"mailto:[^\s\"<>]+", page_of(house.last("officer_alert", OFFICER)))
    (release,) = [one.replace("&amp;", "&") for one in links if "subject=" in one and "Cho%20chuy" in one]
    press(house, release)
    assert states(house) == ["released"]


def test_nothing_of_a_denunciation_is_named_or_released(house: World) -> None:
    words = "Tôi tố cáo ông Trần Văn X, cán bộ xã, nhận của tôi 30 triệu đồng."
    house.arrive(letter("to-cao@dan.test", words, attachments=[SCRIPT]))
    assert [row["sealed"] for row in house.rows(raw_mail)] == [True]
    assert "niêm phong" in say(house, "cho chuyển tệp", house.last("officer_denunciation"))
    assert states(house) == ["held"]


@pytest.mark.parametrize("order", ["Đăng ký và chuyển SXD", "Chuyển SXD"])
def test_the_files_of_a_mail_put_aside_stay_when_it_is_taken_up(house: World, order: str) -> None:
    """Its sender is a list, so that nobody was told of them; the officers are when one of them takes it up."""
    as_list = {"List-Id": "<xom5.nhom.test>", "Precedence": "list"}
    row = house.arrive(vouched(letter("la@dan.test", ROAD, attachments=[PDF, MACRO, SCRIPT], headers=as_list)))
    assert (row["fate"], states(house), house.house.sent) == ("ignore", ["held", "held"], [])
    house.at(2026, 10, 6, 1, 30)
    house.overviews()
    assert "bị giữ lại" not in text_of(house.last("officer_digest"))
    tag = house.house.installation.tagger.make("o", row["id"], OFFICER)
    local, _, domain = house.house.config.mailbox.address.rpartition("@")
    house.arrive(vouched(letter(OFFICER, order, subject=order, to=f"{local}+{tag}@{domain}")))
    assert files_of(house.last("unit_forward", SXD)) == ["don.pdf"]
    assert "bang.xlsm" in text_of(house.last("officer_alert", OFFICER))
    assert "Đã cho chuyển tệp" in say(house, f"Cho chuyển tệp bang.xlsm của thư số {row['id']}")
    assert files_of(house.last("unit_followup", SXD)) == ["bang.xlsm"]


def test_what_an_officer_says_to_a_review_is_about_the_mail_whose_file_is_held(house: World) -> None:
    """A later letter to an open question, whose picture is a program: not about the question's first letter."""
    house.ask(UNSURE)
    program = ("can-cuoc.jpg", "image/jpeg", b"MZ\x90\x00" + b"x" * 60000)
    papers = house.answers("citizen_received", "an@dan.test", "Tôi gửi ảnh căn cước của tôi.", attachments=[program])
    say(house, "Không phải câu hỏi", house.last("officer_review", OFFICER))
    assert [row["status"] for row in house.rows(raw_mail) if row["id"] == papers["id"]] == ["done"]
    assert house.statuses() == ["needs_review"]

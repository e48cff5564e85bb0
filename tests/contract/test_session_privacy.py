"""Script and content of a session, read out, sent to units, posted: the question, not where its asker lives (8.3)."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from daemon.documents.forms.own_forms import words
from daemon.papers.sessions import Marking
from daemon.web.views import screen
from db.core.tables import paper, paper_file, question, session
from rules.law.session_rules import Mark, PaperKind
from tests.contract.test_profile_options import ROAD, announced
from tests.installation import HEAD, OFFICER, files_of, text_of, unit_address
from tests.world import CHAIR, CITIZEN, SIGNATURE, UNSURE, World, asker_says, order, said

pytestmark = pytest.mark.world(sends=True)


@pytest.fixture
def code(house: World) -> str:
    return announced(house)


def test_the_script_leaves_the_askers_address_out(house: World, code: str) -> None:
    house.ask(ROAD + SIGNATURE)
    house.desk.put_up(code, PaperKind.SCRIPT)
    text = next(str(row["text"]) for row in house.house.rows(paper) if row["kind"] == "script")
    assert "ổ gà" in text
    assert "0912 000 111" not in text
    assert "Trường Chinh" not in text


def test_the_content_that_is_posted_says_nothing_of_who_asked(house: World, code: str) -> None:
    """Also where the question begins with who asks, as what an officer takes down by telephone does."""
    who = "Họ tên: Nguyễn Văn An\nĐịa chỉ: Số 5 đường Trường Chinh, phường Kiến An\nĐiện thoại: 0912 000 111\n"
    asked = house.ask(f"{who}{ROAD} Xin gọi tôi theo số 0912 000 111.")["code"]
    house.house.clock.at = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
    house.desk.hold(code, datetime(2026, 11, 26, 1, 30, tzinfo=UTC), datetime(2026, 11, 26, 3, 30, tzinfo=UTC))
    house.desk.close(code, [Marking(asked, Mark.ANSWERED)])
    house.desk.put_up(code, PaperKind.RECORD)
    house.look()
    files = files_of(house.inbox(HEAD)[-1])
    posted = [data.decode() for name, data in files.items() if name.endswith((".html", ".txt"))]
    assert len(posted) == 2
    record = next(str(row["text"]) for row in house.house.rows(paper) if row["kind"] == "record")
    set_in_word = "\n".join(words(data) for name, data in files.items() if name.endswith(".docx"))
    assert "N.V.A." in record
    for text in (*posted, record, set_in_word):
        assert "ổ gà" in text
        for private in ("0912 000 111", "Trường Chinh", "Điện thoại", "Nguyễn Văn An"):
            assert private not in text


def test_officers_hear_of_who_takes_back_the_processing_that_no_name_is_read(house: World, code: str) -> None:
    house.ask(f"Vỉa hè Tô Hiệu gạch bong tróc, bao giờ Sở Xây dựng lát lại?{SIGNATURE}", "ba@dan.test")
    own = house.ask(f"{ROAD} Tôi là Nguyễn Văn An.{SIGNATURE}", message_id="<1@dan.test>")["code"]
    told = asker_says(house, "Tôi rút lại sự đồng ý xử lý dữ liệu cá nhân của tôi.", "citizen_received")
    assert sorted(told) == [("citizen_data_request", CITIZEN), *[("officer_alert", OFFICER)] * 2]
    alerts = " ".join(said(one) for one in house.inbox(OFFICER)[-2:])
    assert f"không muốn nêu họ tên (câu hỏi {own}, phiên {code})" in alerts


@pytest.mark.parametrize(
    "wish",
    [
        "Tôi không muốn nêu tên tôi ở buổi đối thoại, ngại người quen.",
        "Đừng đọc tên tôi lên nhé.",
        "Xin đừng công khai họ tên tôi tại phiên, cứ nói là một người dân.",
    ],
)
def test_who_is_not_to_be_named_stands_by_initials_in_every_paper(house: World, code: str, wish: str) -> None:
    """His neighbour, who said nothing of it, goes on by name; the officers hear of the wish."""
    own = house.ask(f"{ROAD} Tôi là Nguyễn Văn An.{SIGNATURE}", message_id="<1@dan.test>")["code"]
    asked = f"Vỉa hè Tô Hiệu gạch bong tróc, bao giờ Sở Xây dựng lát lại?{SIGNATURE.replace('Văn An', 'Thị Ba')}"
    other = house.ask(asked, "ba@dan.test", message_id="<2@dan.test>")["code"]
    assert asker_says(house, wish, "citizen_received") == [("citizen_consent", CITIZEN), ("officer_alert", OFFICER)]
    assert "giấy tờ của phiên đối thoại soạn từ nay cũng chỉ ghi chữ viết tắt" in said(house.last("citizen_consent"))
    alert = said(house.last("officer_alert", OFFICER))
    assert f"không muốn nêu họ tên (câu hỏi {own}, phiên {code})" in alert
    assert f"“Trình kịch bản {code}”" in alert
    assert f"“{own} nhắc đơn vị: người hỏi không muốn nêu họ tên" in alert
    house.desk.put_up(code, PaperKind.SCRIPT)
    script = next(str(row["text"]) for row in house.house.rows(paper) if row["kind"] == "script")
    assert f"{own}; N.V.A." in script
    assert f"{other}; Nguyễn Thị Ba" in script
    house.at(2026, 11, 25, 9, 0)
    assert house.rows(paper)[-1]["kind"] == "run_sheet"
    sheets = files_of(house.last("session_paper", CHAIR))
    shown = "\n".join(words(one) for name, one in sheets.items() if name.endswith(".docx"))
    assert "Tô Hiệu" in shown
    assert "Nguyễn Văn An" not in script
    assert "Nguyễn Văn An" not in shown


def test_the_screen_and_the_chair_see_initials_too(house: World, code: str) -> None:
    house.house.clock.at = datetime(2026, 11, 26, 1, 32, tzinfo=UTC)
    asked = f"{ROAD} Tôi là Nguyễn Văn An, xin không nêu tên tôi.{SIGNATURE}"
    subject = "Nguyễn Văn An, ĐT 0912 000 111, hỏi về đường Trường Chinh"
    house.ask(asked, subject=subject, message_id="<1@dan.test>")
    other = f"Vỉa hè Tô Hiệu gạch bong tróc, bao giờ Sở Xây dựng lát lại?{SIGNATURE.replace('Văn An', 'Thị Ba')}"
    house.ask(other, "ba@dan.test", subject=subject.replace("Văn An", "Thị Ba"), message_id="<2@dan.test>")
    house.let_pass(minutes=12)
    for_chair = text_of(house.last("session_live", CHAIR)).casefold()
    assert "ổ gà" in for_chair
    assert "nguyễn văn an" not in for_chair
    assert "0912 000 111" not in for_chair
    assert "nguyễn thị ba" in for_chair, "who said nothing of it goes on by name"
    assert "0912 000 111" in text_of(house.last("session_live", OFFICER))
    with house.house.engine.connect() as connection:
        shown = screen(connection, house.house.installation.board, code)
    assert shown is not None
    assert [one["name"] for one in shown["questions"]] == ["N.V.A.", "Nguyễn Thị B."]


@pytest.mark.parametrize("by_officer", [False, True])
def test_the_chair_sees_initials_before_the_session_too(house: World, code: str, by_officer: bool) -> None:
    """A question after the script's approval goes to the chair at once, also one that an officer forwards."""
    house.ask(f"{ROAD}{SIGNATURE.replace('Văn An', 'Thị Ba')}", "ba@dan.test", message_id="<1@dan.test>")
    house.desk.put_up(code, PaperKind.SCRIPT)
    house.answers("head_approval", HEAD, "Duyệt")
    wish = "Tôi là Nguyễn Văn An, xin không nêu tên tôi."
    asked = (
        UNSURE.removesuffix(SIGNATURE)
        if by_officer
        else "Vỉa hè Tô Hiệu gạch bong tróc, bao giờ Sở Xây dựng lát lại?"
    )
    own = house.ask(f"{asked} {wish}{SIGNATURE}", message_id="<2@dan.test>")["code"]
    if by_officer:
        order(house, f"{own} chuyển SXD")
    for_chair = said(house.last("officer_alert", CHAIR))
    assert asked in for_chair
    assert "N.V.A." in for_chair
    assert "Nguyễn Văn An" not in for_chair
    assert wish in said(house.last("officer_alert", OFFICER))
    house.ask(f"{asked} Còn ngõ 12?{SIGNATURE.replace('Văn An', 'Thị Ba')}", "ba@dan.test", message_id="<3@dan.test>")
    if by_officer:
        order(house, f"{house.house.questions[-1]['code']} chuyển SXD")
    assert "Nguyễn Thị Ba" in said(house.last("officer_alert", CHAIR)), "who said nothing of it goes on by name"


def test_a_complaint_about_a_list_of_names_notes_no_refusal(house: World) -> None:
    told = "Hôm họp dân, trưởng thôn không đọc tên tôi nên tôi không được nhận tiền hỗ trợ."
    house.ask(f"{ROAD} {told}{SIGNATURE}", message_id="<1@dan.test>")
    house.ask(f"{ROAD} Xin đừng đọc tên tôi.{SIGNATURE}", "ba@dan.test", message_id="<2@dan.test>")
    assert [row["name_consent"] for row in house.house.questions] == [None, False]


def test_the_officers_hear_of_the_wish_in_the_letter_itself(house: World, code: str) -> None:
    """The unit has the name and speaks in the session; of the neighbour's letter nobody hears anything."""
    house.ask(f"{ROAD}{SIGNATURE.replace('Văn An', 'Thị Ba')}", "ba@dan.test", message_id="<1@dan.test>")
    assert "officer_alert" not in house.names(OFFICER)
    own = house.ask(f"{ROAD} Xin không nêu tên tôi.{SIGNATURE}", message_id="<2@dan.test>")["code"]
    alert = said(house.last("officer_alert", OFFICER))
    assert f"Người hỏi không muốn nêu họ tên, câu hỏi mới của phiên {code}" in alert
    assert f"“{own} nhắc đơn vị: người hỏi không muốn nêu họ tên tại phiên đối thoại”" in alert
    order(house, f"{own} nhắc đơn vị: người hỏi không muốn nêu họ tên tại phiên đối thoại", "officer_alert")
    assert "không muốn nêu họ tên" in said(house.inbox(unit_address("SXD"))[-1])


@pytest.mark.world(both_databases=True)
def test_whoever_is_erased_is_in_no_paper_of_the_session_and_the_others_are(
    house: World, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = house.ask(ROAD + SIGNATURE)["code"]
    other_words = "Vỉa hè Tô Hiệu gạch bong tróc, bao giờ Sở Xây dựng lát lại?"
    other = house.ask(other_words + SIGNATURE.replace("Văn An", "Thị Ba"), "ba@dan.test")["code"]
    house.desk.put_up(code, PaperKind.SCRIPT)
    script = next(row for row in house.rows(paper) if row["kind"] == "script")
    assert "Nguyễn Văn An" in script["text"]
    assert "ổ gà" in script["documents"]
    with house.house.engine.begin() as connection:
        connection.execute(question.update().where(question.c.code == own).values(status="closed"))
    assert house.house.command("person", "erase", CITIZEN, "--apply") == 1
    assert f"{own}: its session {code} is not over, not erased" in capsys.readouterr().out
    with house.house.engine.begin() as connection:
        connection.execute(session.update().where(session.c.code == code).values(status="closed"))
    assert house.house.command("person", "erase", CITIZEN, "--apply") == 1
    assert f"{own}: stands in a paper that waits for approval" in capsys.readouterr().out
    with house.house.engine.begin() as connection:
        connection.execute(paper.update().where(paper.c.id == script["id"]).values(status="approved"))
    assert house.house.command("person", "erase", CITIZEN, "--apply") == 0
    left = next(row for row in house.rows(paper) if row["id"] == script["id"])
    told = repr(left)
    assert [word for word in ("Văn An", "ổ gà", "0912 000 111", CITIZEN) if word in told] == []
    assert other_words in left["text"]
    assert "Nguyễn Thị Ba" in left["text"]
    assert (own in left["text"], other in left["text"]) == (True, True)
    with house.house.engine.begin() as connection:
        digests = set(connection.execute(select(paper_file.c.sha256)).scalars())
    assert digests.isdisjoint(one[2] for one in script["files"]), "what was made of it is gone with it"

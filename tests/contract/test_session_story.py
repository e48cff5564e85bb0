"""One whole session by mail alone, as a story: moved once, questions chosen, live ones, results, record, closed.

Bystanders: a citizen whose question belongs to no session, and a unit that is asked nothing.
"""

from datetime import UTC, datetime

from db.core.tables import duty, paper, question
from tests.contract.test_session_by_mail import DECIDED, order, told
from tests.contract.test_session_mail import LABELLED
from tests.hall import Hall
from tests.installation import HEAD, MAILBOX, OFFICER, SXD, answer_to, files_of, letter, subject_of, unit_address
from tests.world import CHAIR, CITIZEN, SIGNATURE, said

BA, CHU, TU = "ba@dan.test", "chu@dan.test", "tu@dan.test"
ROAD = "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
PAVEMENT = "Vỉa hè đường Tô Hiệu hư hỏng, gạch bong tróc, bao giờ Sở Xây dựng lát lại?"
SCHOOL = "Trường tiểu học thu tiền học thêm có đúng quy định không? Sở Giáo dục và Đào tạo trả lời giúp."
ELSEWHERE = ("Xe đỗ kín vỉa hè.", "Cột viễn thông chắn lối.", "Ai chịu trách nhiệm về lô gạch cũ?")
"""Questions of the day that end by the letters g, h and k of 10.1."""
CODE = "P-2026-01"
TELEPHONED = """Đăng ký hộ:
Họ tên: Lê Thị Bốn
Địa chỉ: số 7 đường Trần Phú, phường Ngô Quyền
Điện thoại: 0912 000 444
Hình thức: điện thoại
Đơn vị: SXD
Nội dung: Rãnh thoát nước trước nhà tôi tắc, mặt đường ngập, bao giờ Sở Xây dựng nạo vét?"""


def subjects(hall: Hall, address: str) -> list[str]:
    return [subject_of(raw) for raw in hall.inbox(address)]


def files_sent(hall: Hall, address: str) -> dict[str, bytes]:
    """The files that somebody was sent, by name; real servers do not deliver in the order of sending."""
    return {name: data for raw in hall.inbox(address) for name, data in files_of(raw).items()}


def answers(hall: Hall, code: str, text: str) -> None:
    """The unit answers the mail that brought it the question."""
    hall.write(answer_to(next(raw for raw in hall.inbox(SXD) if code in subject_of(raw)), SXD, text))


def prepared(hall: Hall) -> str:
    """Proposed, its topic approved, and a question from before chosen for it; the numbers of both questions."""
    hall.house.clock.at = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
    early = hall.ask(ROAD + SIGNATURE)["code"]
    hall.ask(SCHOOL + SIGNATURE.replace("An", "Tư"), sender=TU)
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    hall.ask("Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?" + SIGNATURE, sender=TU)
    assert "Chủ đề:" in order(hall, "Đề xuất phiên")
    hall.reply(OFFICER, LABELLED + "Yêu cầu: Trả lời đúng trọng tâm.\nCách thức: Trực tuyến trên Cổng.\n")
    hall.approve()
    asked = told(hall, OFFICER, "TỜ TRÌNH")
    assert f"{CODE} lãnh đạo đã quyết định tại" in asked, "the officer's mail brings the word that records it"
    assert hall.status(CODE) == "proposed", "the plan waits for the city's decision"
    assert "Đã ghi quyết định" in order(hall, DECIDED)
    choice = told(hall, OFFICER, "Chọn câu hỏi cho phiên")
    assert early in choice
    assert "HP-2026-000002" not in choice, "a school is not in the session's fields"
    assert f"Câu hỏi {early} vào phiên {CODE}" in order(hall, f"Đưa {early} vào phiên {CODE}")
    assert "được chọn trả lời tại phiên đối thoại" in said(hall.last(CITIZEN))
    return str(early)


def announced(hall: Hall) -> None:
    """Moved once; plan and notice are drafted by themselves, approved by the Head, posted by the officer's word."""
    answer = order(hall, f"Hoãn phiên {CODE} sang 08:30 ngày 27/11/2026, lý do trùng kỳ họp")
    assert "sang 08:30 ngày 27/11/2026" in answer
    assert "sang" in told(hall, CITIZEN, "Thay đổi thời gian phiên đối thoại")
    hall.at(2026, 11, 5, 1, 0)
    assert "KẾ HOẠCH" in told(hall, HEAD, "Trình phê duyệt"), "drafted by itself seven days before S-15"
    hall.approve()
    assert hall.status(CODE) == "plan_issued"
    assert any(name.endswith("plan.pdf") for name in files_sent(hall, CHAIR)), "the chair has the plan"
    hall.at(2026, 11, 6, 1, 0)
    assert "THÔNG BÁO" in told(hall, HEAD, "Trình phê duyệt")
    hall.approve()
    hall.at(2026, 11, 11, 1, 0)
    day = told(hall, OFFICER, f"[{CODE}] Việc của phiên đối thoại")
    assert f"{CODE} đã đăng tại https://" in day, "the reminder brings the order that fulfils it"
    assert "từ nay nhận câu hỏi" in order(hall, f"{CODE} đã đăng tại https://haiphong.test/thong-bao")
    assert hall.status(CODE) == "announced"


def asked_together(hall: Hall) -> list[str]:
    """The questions of the day, which arrive at once; their numbers."""
    asked = [(PAVEMENT, "Chu", CHU), *((f"{PAVEMENT} {one}", "Ba", BA) for one in ELSEWHERE)]
    for text, name, sender in asked:
        hall.servers.deliver(MAILBOX, letter(sender, text + SIGNATURE.replace("An", name)), hall.house.clock.at)
    hall.house.run()
    rows = hall.house.questions[-len(asked) :]
    of_others = [next(str(row["code"]) for row in rows if one in str(row["content"])) for one in ELSEWHERE]
    return [next(str(row["code"]) for row in rows if row["asker_email"] == CHU), *of_others]


def telephoned(hall: Hall) -> str:
    """An officer writes down what somebody without a mail address asked by telephone; the question's number."""
    order(hall, TELEPHONED)
    code = str(hall.house.questions[-1]["code"])
    assert hall.house.questions[-1]["channel"] == "phone"
    assert "0912 000 444" in told(hall, OFFICER, "Cần báo người hỏi"), "the receipt is told by the officer"
    assert "Đã ghi vào câu hỏi" in order(hall, f"{code} đã báo người hỏi qua điện thoại ngày 16/11")
    return code


def told_by_telephone(hall: Hall, code: str) -> None:
    """Answered in the session; nothing says that the asker was told before the officer's word."""
    order(hall, f"{code} trả lời tại phiên (ông Khánh, Phó Giám đốc): Rãnh được nạo vét trong tháng 12.")
    ready = told(hall, OFFICER, "Cần báo người hỏi")
    assert "nạo vét trong tháng 12" in ready
    assert "Người trả lời tại phiên đối thoại: ông Khánh, Phó Giám đốc" in ready
    assert "Người ký" not in ready
    assert "0912 000 444" in ready
    assert "Đã ghi vào câu hỏi" in order(hall, f"{code} đã báo người hỏi qua điện thoại ngày 27/11")
    assert not [row for row in hall.house.rows(duty) if row["kind"] == "tell" and row["status"] == "open"]


def day_of_the_session(hall: Hall, early: str, second: str) -> str:
    """Begun, a live question in the mail of ten minutes, put in the session, answered there, ended; its number."""
    hall.at(2026, 11, 26, 1, 0)
    assert "tờ điều hành" in said([raw for raw in hall.inbox(CHAIR) if files_of(raw)][-1])
    hall.house.clock.at = datetime(2026, 11, 27, 1, 32, tzinfo=UTC)
    assert "bắt đầu lúc 08:30" in order(hall, f"Bắt đầu phiên {CODE} lúc 8h30")
    hall.house.clock.at = datetime(2026, 11, 27, 1, 45, tzinfo=UTC)
    live, *others = asked_together(hall)
    hall.at(2026, 11, 27, 1, 56)
    brought = told(hall, OFFICER, "câu hỏi mới trong phiên")
    assert f"{live} đưa ra phiên" in brought
    assert f"{live} trả lời sau" in brought
    for_chair = told(hall, CHAIR, "câu hỏi mới trong phiên")
    assert "gạch bong tróc" in for_chair
    assert "0912 000 111" not in for_chair
    assert "được đưa ra phiên" in order(hall, f"{live} đưa ra phiên")
    hall.at(2026, 11, 27, 3, 31)
    assert f"Kết thúc phiên {CODE} lúc" in told(hall, OFFICER, "Phiên đối thoại đã kết thúc chưa?")
    assert "kết thúc lúc 10:30" in order(hall, f"Kết thúc phiên {CODE} lúc 10:30")
    assert f"{second} trả lời sau" in told(hall, OFFICER, "Cần ghi kết quả từng câu hỏi")
    done = order(
        hall,
        f"{live} trả lời tại phiên (bà Lê Thị Bình, Phó Giám đốc Sở Xây dựng): Vỉa hè được lát lại trong tháng 12.\n"
        f"{early} đã trả lời tại phiên\n{second} trả lời sau\n{others[0]} chuyển CATP\n"
        f"{others[1]} từ chối h vì việc này do doanh nghiệp viễn thông quyết định\n"
        f"{others[2]} từ chối k vì đã có kết luận thanh tra được công bố",
    )
    assert done.count("Đã làm") == 6
    said_why = ("Công an thành phố", "doanh nghiệp viễn thông", "kết luận thanh tra")
    for number, words in zip(others, said_why, strict=True):
        assert words in told(hall, BA, number), "g, h and k are told at once"
    assert "Vỉa hè được lát lại trong tháng 12" in said(hall.last(CHU)), "who asked has the answer at once"
    return live


def test_a_session_from_proposal_to_closing_by_mail_alone(hall: Hall) -> None:
    play(hall)


def play(hall: Hall) -> None:
    """The whole story; also on real servers (tests/system/test_session_story_real.py) and for reading."""
    early = prepared(hall)
    bystanders = [hall.house.rows(question)[1], hall.house.rows(question)[2]]
    announced(hall)
    hall.house.clock.at = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
    second = hall.ask(ROAD.replace("sửa", "thảm lại") + SIGNATURE.replace("An", "Ba"), sender=BA)["code"]
    receipt = told(hall, BA, second)
    phone = telephoned(hall)
    assert "ngày 27/11/2026" in receipt
    assert "thong-bao" in receipt, "where to watch"
    answers(hall, early, "Sở Xây dựng trả lời: đường được sửa xong trước ngày 20/12/2026.")
    hall.at(2026, 11, 25, 1, 0)
    assert "KỊCH BẢN" in told(hall, HEAD, "Trình phê duyệt")
    hall.approve()
    assert hall.status(CODE) == "script_approved"
    live = day_of_the_session(hall, early, second)
    told_by_telephone(hall, phone)
    assert "20/12/2026" in said(hall.last(CITIZEN)), "the prepared answer reaches who asked"
    assert "Đã trình nội dung" in order(hall, f"Trình nội dung phiên {CODE}")
    shown = next(data for name, data in files_sent(hall, HEAD).items() if name.endswith(".html")).decode()
    assert "Vỉa hè được lát lại trong tháng 12" in shown, "the Head sees the article that is posted"
    for private in ("0912 000 111", "0912 000 444", "Trần Phú", "Lê Thị Bốn"):
        assert private not in shown, "who asked by telephone is written down with name, address and telephone"
    assert "Rãnh thoát nước trước nhà tôi tắc" in shown
    hall.approve()
    article = next(data for name, data in files_sent(hall, OFFICER).items() if name.endswith(".html"))
    assert article.decode() == shown
    assert "đã báo 2 người hỏi" in order(hall, f"{CODE} đã đăng tại https://haiphong.test/phien-1")
    assert "https://haiphong.test/phien-1" in said(hall.last(CHU))
    posting = [row for row in hall.house.rows(duty) if str(row["key"]).endswith(":post_record")]
    assert [row["status"] for row in posting] == ["met"]
    assert f"Đã đóng phiên {CODE}" in order(hall, f"Đóng phiên {CODE}")
    marks = {row["code"]: row["session_mark"] for row in hall.house.rows(question)}
    alone = {"HP-2026-000002": "", "HP-2026-000003": ""}
    ruled = {early: "answered", second: "i", live: "answered", phone: "answered", **alone}
    assert {code: marks.pop(code) for code in ruled} == ruled
    assert sorted(marks.values()) == ["g", "h", "k"]
    texts = {str(row["kind"]): str(row["text"]) for row in hall.house.rows(paper) if row["status"] == "approved"}
    assert "Công văn số 12/UBND-VX ngày 02/11/2026 về Tờ trình số 01/TTr-BBT" in texts["plan"], "it cites both"
    assert "Phụ lục kèm theo Kế hoạch số 01/KH-BBT" in texts["script"]
    assert "0912 000 444" not in texts["script"]
    assert "Trần Phú" not in texts["script"]
    after = [hall.house.rows(question)[1], hall.house.rows(question)[2]]
    assert [(row["status"], row["session_id"]) for row in after] == [
        (row["status"], row["session_id"]) for row in bystanders
    ]
    assert not any(CODE in one for one in subjects(hall, unit_address("SYT"))), "a unit outside hears nothing"
    assert not any("phiên đối thoại" in one for one in subjects(hall, TU))

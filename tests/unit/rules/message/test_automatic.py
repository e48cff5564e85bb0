"""Automatic answers and people's answers, told apart."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.message.automatic import read_automatic
from rules.text import strip_marks
from rules.values.model import Kind, Mailbox, ParsedMail


def mail(
    subject: str = "", text: str = "", sender: tuple[str, str] = ("Bà Hoa", "hoa@x.test"), **more: Any
) -> ParsedMail:
    headers = tuple((name.lower(), value) for name, value in more.pop("headers", {}).items())
    return ParsedMail("0" * 64, 1, subject, text, (Mailbox(*sender),), headers=headers, **more)


THREADED: dict[str, Any] = {"in_reply_to": ("a@tp.test",)}
AWAY = "Tôi hiện đang vắng mặt tại cơ quan đến hết ngày 24/11. Việc gấp xin liên hệ đồng chí Hùng, 0225 300 0003."
AUTOMATIC = (
    mail("Trả lời tự động: [HP-2026-000123] Đề nghị trả lời", "Tôi đi công tác."),
    mail("Tự động trả lời: câu hỏi", "Xin liên hệ văn thư."),
    mail("Thư trả lời tự động", "Cảm ơn ông bà đã gửi thư."),
    mail("Phản hồi tự động - Sở Xây dựng"),
    mail("Xác nhận đã nhận được thư", "Hệ thống đã ghi nhận."),
    mail("Automatic reply: [HP-2026-000123]", "I am away."),
    mail("Out of Office: hi"),
    mail("Automatic reply: x", "I am out of the office. Please contact https://a.vn/x?id=1"),
    mail("Automatic reply: x", "I am out of the office. Form: https://a.vn/?form or a.vn/x?id=1&b=2"),
    mail("Trả lời tự động: x", "Trường hợp khiếu nại, tố cáo xin gửi về Thanh tra. Hộp thư tự động."),
    mail("Trả lời tự động: x", "Mọi khiếu nại, tố cáo vui lòng liên hệ Ban Tiếp công dân."),
    mail("Vắng mặt", AWAY),
    mail("Thông báo đi vắng", AWAY),
    mail("Ra khỏi văn phòng: [HP-2026-000123]", "Tôi ở ngoài văn phòng đến thứ Hai."),
    mail("Nghỉ phép", "Tôi nghỉ phép từ 20/11 đến 27/11."),
    mail("Re: [HP-2026-000123] Đề nghị trả lời", AWAY, **THREADED),
    mail(
        "Re: x",
        "Kính chào quý vị,\nTôi nghỉ phép từ 05/10 đến hết 14/10/2026, không đọc được thư. Việc gấp xin liên hệ chị "
        "Hòa, phòng Hạ tầng, máy lẻ 112.\nTrân trọng,\nNguyễn Văn Hùng\nPhó Chánh Văn phòng Sở",
        **THREADED,
    ),
    mail("Re: x", "Chị Hoa nghỉ thai sản đến 01/05, xin liên hệ anh Dũng, 0225.3842.333.\nBà Hoa", **THREADED),
    mail("Câu hỏi", "Tự động trả lời: Tôi đang vắng mặt từ ngày 10/9 đến ngày 14/9, xin liên hệ bộ phận văn thư."),
    mail("Re: x", "Đây là thư trả lời tự động, vui lòng không trả lời thư này."),
    mail("Re: x", "Cảm ơn", headers={"Auto-Submitted": "auto-replied"}),
    mail("x", "Cảm ơn", headers={"X-Autoreply": "yes"}),
    mail("x", "Cảm ơn", headers={"X-Autorespond": "Câu hỏi"}),
    mail("x", "Cảm ơn", headers={"Precedence": "auto_reply"}),
    mail("x", "Cảm ơn", headers={"Return-Path": "<>"}),
    mail("Đã đọc: [HP-2026-000123]", "Thư của ông đã được đọc lúc 8:00."),
    mail("Read: [HP-2026-000123]"),
    mail("x", "y", headers={"Content-Type": "multipart/report; report-type=disposition-notification; boundary=a"}),
)
MARKED = (
    mail("Re: x", "Cảm ơn", headers={"Auto-Submitted": "auto-generated (vacation)"}),
    mail("x", "Cảm ơn", headers={"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}),
    mail("x", "Cảm ơn", headers={"Precedence": "bulk"}),
    mail("Bản tin", "Tin mới", headers={"List-Id": "<tin.bao.test>"}),
    mail("Bản tin", "Tin mới", headers={"List-Unsubscribe": "<mailto:bo@bao.test>"}),
    mail("Trả lời câu hỏi", "Sở trả lời: được.", headers={"Auto-Submitted": "auto-generated"}, **THREADED),
    mail("Thư tự động", "Tôi nhận được thư tự động của Ban nhưng chưa thấy trả lời. Bao giờ có?"),
    mail("Trả lời tự động: x", "Tôi tố cáo ông B nhận tiền của dân."),
    mail("Trả lời tự động: x", "Trường hợp khiếu nại của nhà tôi, xin gửi Sở Xây dựng. Tôi khiếu nại ông B."),
    mail("Trả lời tự động: x", "Đường này ai sửa?Xem https://a.vn/x"),
)
PERSONS = (
    mail("Trả lời: [HP-2026-000123] Đề nghị trả lời", "Sở trả lời như sau: được.", **THREADED),
    mail("Trả lời câu hỏi HP-2026-000123", "Sở trả lời như sau: được."),
    mail("Trả lời công dân", "Do cán bộ phụ trách vắng mặt nên trả lời chậm. Hồ sơ nộp tại phường.", **THREADED),
    mail("Re: x", "Tôi vắng mặt hôm họp, xin liên hệ lại với câu trả lời cho HP-2026-000123.", **THREADED),
    mail(
        "Vắng mặt khi kiểm kê đất thì xử lý thế nào?",
        "Nhà tôi vắng mặt khi kiểm kê, xin hỏi có được kiểm kê lại không?",
    ),
    mail("Nghỉ phép: chế độ của công nhân", "Công nhân nghỉ làm mấy ngày một năm?"),
    mail("Hỏi về tổng đài", "Tổng đài trả lời tự động của 1022 không gọi được, xin hỏi vì sao?"),
    mail("Re: [HP-2026-000123]", "Đã nhận.", headers={"Auto-Submitted": "no"}, **THREADED),
    mail("Re: [HP-2026-000123]", "Sở trả lời: được.", headers={"List-Id": "<vanthu.don-vi.test>"}, **THREADED),
    mail("Trả lời HP-2026-000123", "Sở trả lời: được.", headers={"Precedence": "bulk"}),
    mail(
        "Thư bị trả lại",
        "Tôi gửi thư tới phường thì bị trả lại, báo lỗi 550 5.1.1 User unknown. Xin hỏi địa chỉ đúng?",
    ),
    mail("Không thể gửi hồ sơ trực tuyến", "Trang dịch vụ công báo không gửi được tệp, xin hướng dẫn."),
    mail(
        "Fwd: Undelivered Mail Returned to Sender",
        "Nhờ xem giúp vì sao thư bị trả lại",
        headers={"Return-Path": "<>x"},
    ),
    mail("Câu hỏi", "Hộp thư đầy thì làm thế nào?", sender=("Nguyễn Văn A", "a@x.test")),
    mail("Read me", "Xin chào"),
    mail("Nghỉ phép", "Công ty tôi không cho công nhân nghỉ phép năm 12 ngày. Xin hỏi Sở Nội vụ có đúng luật không?"),
    mail("Nghỉ phép", "Công ty đang không cho công nhân nghỉ phép năm"),
    mail("Nghỉ lễ", "Công nhân nghỉ lễ có được trả lương không? Xin Sở Nội vụ trả lời."),
    mail("Vắng mặt", "Cán bộ một cửa phường thường đi vắng, dân đến không có ai. Đề nghị phường giải quyết."),
    mail("Đi vắng - tạm trú", "Tôi đi vắng 6 tháng có phải khai báo tạm vắng không?"),
    mail("Đã xem: đường Trường Chinh hỏng", "Đường trước nhà tôi nhiều ổ gà, ai sửa?"),
    mail("Đã đọc: thông báo", "Tôi đọc thông báo mà không rõ giá nước mới áp dụng từ tháng nào."),
    mail("Hỏi", "Không thể gửi: tôi không thể gửi hồ sơ qua Cổng dịch vụ công, xin hướng dẫn."),
    mail("Re: x", "Tôi là Nguyễn Thị Lan, địa chỉ số 5, đang nghỉ hưu. Liên hệ số 0912 000 111.", **THREADED),
    mail("Re: x", "Giám đốc đi công tác chưa ký được, Sở xin gia hạn đến 15/12, có gì liên hệ văn thư.", **THREADED),
    mail("Re: x", "Sở trả lời: xong trước 30/11, đội thi công nghỉ lễ. Ông vui lòng liên hệ phòng.", **THREADED),
    mail("Re: x", "Chuyển SXD. Em đang nghỉ phép, có gì liên hệ chị Hoa nhé.", **THREADED),
    mail("Re: x", "Em đang nghỉ phép, có gì liên hệ chị Hoa nhé.\nChuyển SXD", **THREADED),
    mail("Re: x", "Tôi xin rút câu hỏi. Tôi đang nghỉ ốm, có gì liên hệ con tôi.", **THREADED),
    mail("Vắng mặt", "Ông Trần Văn B nhận tiền của dân. Ông B đang đi công tác, xin liên hệ tôi."),
    mail("Xin hỏi", "Xin hỏi lịch tiếp công dân"),
)


@pytest.mark.parametrize("one", AUTOMATIC, ids=lambda one: f"{one.subject[:25]}/{one.text[:15]}/{one.headers[:1]}")
def test_automatic(one: ParsedMail) -> None:
    found = read_automatic(one)
    assert found.kind is Kind.AUTO_REPLY
    assert found.signs


@pytest.mark.parametrize("one", AUTOMATIC[:15], ids=lambda one: f"{one.subject[:25]}/{one.text[:15]}")
def test_automatic_without_marks(one: ParsedMail) -> None:
    bare = mail(strip_marks(one.subject), strip_marks(one.text), in_reply_to=one.in_reply_to)
    assert read_automatic(bare).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize("one", PERSONS, ids=lambda one: one.text[:30])
def test_a_person(one: ParsedMail) -> None:
    found = read_automatic(one)
    assert found.kind is None, found.signs
    assert found.original_ids == ()
    assert not found.only_marked


@pytest.mark.parametrize("one", MARKED, ids=lambda one: f"{one.subject[:25]}/{one.headers[:1]}")
def test_where_the_header_alone_says_so_a_person_may_have_written(one: ParsedMail) -> None:
    found = read_automatic(one)
    assert found.kind is None
    assert found.only_marked
    assert found.original_ids == ()


@pytest.mark.parametrize("one", AUTOMATIC, ids=lambda one: f"{one.subject[:25]}/{one.text[:15]}/{one.headers[:1]}")
def test_what_says_so_otherwise_too_is_automatic(one: ParsedMail) -> None:
    both = replace(one, headers=(*one.headers, ("auto-submitted", "auto-generated")))
    assert read_automatic(both).kind is Kind.AUTO_REPLY
    assert not read_automatic(both).only_marked


def test_which_mail_an_automatic_answer_answers() -> None:
    one = mail("Automatic reply: x", in_reply_to=("b@tp.test",), references=("a@tp.test", "b@tp.test"))
    assert read_automatic(one).original_ids == ("b@tp.test", "a@tp.test")


def test_a_bounce_in_words_only() -> None:
    text = "Delivery Status Notification (Failure): Thư của bạn không thể gửi được tới địa chỉ sokhcn@don-vi.test."
    found = read_automatic(mail("Câu hỏi", text, ("Mail Delivery Subsystem", "he-thong@thu.test")))
    assert found.kind is Kind.BOUNCE
    assert found.failed == ("sokhcn@don-vi.test",)
    assert found.permanent


@given(
    st.text(max_size=200),
    st.text(max_size=400),
    st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=4),
)
def test_never_raises(subject: str, text: str, headers: dict[str, str]) -> None:
    read_automatic(mail(subject, text, headers=headers, delivery_status=text))

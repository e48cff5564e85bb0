"""Folding of replies: what a person wrote stays, quotes and signatures go aside, no line is lost."""

import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.message.quote_detection import separator_end
from rules.message.quote_markers import key, load_markers
from rules.message.reply_text import fold, fold_strictly, forwarded_inside
from rules.values.data_file import Source
from rules.values.model import FoldedText

CASES = tomllib.loads((Path(__file__).parents[3] / "data" / "replies" / "folding.toml").read_text("utf-8"))


def spaced(text: str) -> str:
    return " ".join(text.split())


def filled_lines(*texts: str) -> Counter[str]:
    return Counter(line.strip() for text in texts for line in text.split("\n") if line.strip())


def test_own_words() -> None:
    for case in CASES["case"]:
        assert spaced(fold(case["text"]).own) == case["own"], case["client"]


def test_own_words_decomposed_and_with_crlf() -> None:
    for case in CASES["case"]:
        text = unicodedata.normalize("NFD", case["text"]).replace("\n", "\r\n")
        assert unicodedata.normalize("NFC", spaced(fold(text).own)) == case["own"], case["client"]


def test_no_line_is_lost() -> None:
    for case in CASES["case"]:
        folded = fold(case["text"])
        kept = filled_lines(folded.own, folded.signature, folded.quoted)
        assert kept == filled_lines(case["text"]), case["client"]


def test_there_are_enough_of_them() -> None:
    clients = " ".join(case["client"] for case in CASES["case"])
    assert len(CASES["case"]) >= 40
    for client in ("gmail", "outlook", "zimbra", "thunderbird", "roundcube", "apple", "yahoo"):
        assert client in clients


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "",
                "> trích",
                "--",
                "-- ",
                "________________________________",
                "Từ: Ban Biên tập <a@b.test>",
                "Đã gửi: 20/11/2026 08:30",
                "Chủ đề: Câu hỏi",
                "Vào Th 6, 20 thg 11, 2026 vào lúc 08:30 Ban Biên tập",
                "<a@b.test> đã viết:",
                "-----Thư gốc-----",
                "Gửi từ iPhone của tôi",
                "Kính gửi:",
                "| kẻ",
                "Trân trọng",
            ]
        ),
        st.text(alphabet=st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=40),
    ),
    max_size=25,
)


@given(LINES)
@example(["> a", "", "b", "--", "c"])
def test_every_line_is_kept(lines: list[str]) -> None:
    text = "\n".join(lines)
    for folded in (fold(text), fold_strictly(text)):
        assert filled_lines(folded.own, folded.signature, folded.quoted) == filled_lines(text)
    assert bool(fold(text).own.strip()) == bool(text.strip())


@pytest.mark.wide
@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    assert isinstance(fold(text), FoldedText)
    forwarded_inside(text)


def test_an_empty_reply_is_seen_as_such() -> None:
    text = "Vào Th 6, 20 thg 11, 2026 vào lúc 08:30 Ban Biên tập <a@b.test> đã viết:\n\nĐề nghị trả lời câu hỏi"
    assert fold_strictly(text).own == ""
    assert "Đề nghị" in fold(text).own


@pytest.mark.parametrize(
    "head",
    [
        "---------- Forwarded message ---------\nTừ: Phòng <p@don-vi.test>\nDate: Th 6, 20 thg 11, 2026\n",
        "-------- Tin nhắn đã được chuyển tiếp --------\nChủ đề: Trả lời\nTừ: Phòng <p@don-vi.test>\n",
        "Từ: Phòng <p@don-vi.test>\nĐã gửi: 20/11/2026 8:30 SA\nĐến: v@don-vi.test\nChủ đề: Trả lời\n",
    ],
)
def test_the_inside_of_a_forward(head: str) -> None:
    inside = forwarded_inside(f"Kính chuyển.\n\n{head}\nPhòng trả lời.\nTrân trọng")
    assert inside is not None
    assert (inside.text, inside.sender) == ("Phòng trả lời.\nTrân trọng", "p@don-vi.test")
    assert inside.marked == ("---" in head)


@pytest.mark.parametrize("head", ["Từ: Phòng Hạ tầng\nNgày: Th 2, 5 thg 10, 2026\n", "From: Phòng Hạ tầng\nTo: Sở\n"])
def test_a_head_without_an_address_is_no_part_of_what_is_forwarded(head: str) -> None:
    inside = forwarded_inside(f"FYI\n\n---------- Forwarded message ---------\n{head}\nPhòng trả lời: xong.")
    assert inside is not None
    assert inside.text == "Phòng trả lời: xong."
    told = "Từ: ngã tư\nCấm xe: từ 22 giờ"
    kept = forwarded_inside(f"FYI\n\n---------- Forwarded message ---------\n{told}\n\nHết.")
    assert kept is not None
    assert kept.text == f"{told}\n\nHết."


def test_the_inside_of_a_quoted_forward() -> None:
    text = "Kính chuyển.\n\nBegin forwarded message:\n\n> From: Phòng <p@don-vi.test>\n> Date: 20/11\n>\n> Xin chào"
    inside = forwarded_inside(text)
    assert inside is not None
    assert (inside.text, inside.sender, inside.marked) == ("Xin chào", "p@don-vi.test", True)


def test_nothing_is_forwarded() -> None:
    assert forwarded_inside("Kính gửi Ban Biên tập\nTừ: Hoa\nXin hỏi") is None


def test_a_huge_text_takes_linear_time() -> None:
    text = "Từ: a\nVào ngày 1\n" * 20_000 + "x" * 1_000_000
    assert fold(text).own.strip() == text.strip()


SEPARATORS = Source().toml("reply_markers.toml")["separators"]
SEPARATING = [word for words in SEPARATORS.values() for word in words]


@given(st.text("-_=* >x…", max_size=5), st.sampled_from(SEPARATING), st.text("-_=* :x…", max_size=5))
def test_no_separator_is_missed_by_its_first_and_last_letter(before: str, words: str, behind: str) -> None:
    marks, text = load_markers(), key(f"{before}{words}{behind}")
    told = text in marks.separator_lines or marks.original.match(text) or marks.forward.match(text)
    above = marks.above.search(text) and not (text[0].isalnum() or text[0] == "_")
    assert (separator_end([text], 0, marks) == 0) is bool(told or above)


FORM_MAILS = (
    "Mã câu hỏi: 2026-0412\nThời gian gửi: 18/11/2026 09:42:15\nNgười gửi: Lê Thu Hà\nĐịa chỉ: phường An Biên\n"
    "ĐT: 0912000111\n\nNội dung:\nĐèn đường ngõ 12 hỏng đã một tháng, ai sửa?\nTrạng thái: Chờ duyệt",
    "Từ: Lê Thu Hà <ha@dan.test>\nTiêu đề: Câu hỏi gửi chương trình\n\nNội dung tin nhắn:\n"
    "Đèn đường ngõ 12 hỏng đã một tháng, ai sửa?",
)


@pytest.mark.parametrize("text", FORM_MAILS)
def test_the_fields_of_a_websites_form_are_no_quoted_mail(text: str) -> None:
    """Sender and time above the content are the form's own; the citizen's words stay."""
    folded = fold(text)
    assert folded.own == text
    assert not folded.quoted


@pytest.mark.parametrize(
    "text",
    [
        "Sở trả lời như sau.\nThời gian: 22:00 ngày 15/10/2026\nTừ: ngã tư Quán Trữ\nĐến: cầu Niệm\nCấm xe tải.",
        "Tôi hỏi về việc mất điện:\nThời gian: 08:00-17:00 ngày 05/10/2026\nTừ: trạm Trường Chinh 1\nMất cả ngày?",
        "Nhà xe bỏ khách.\nNgay: 05/10/2026 luc 08:00\nTu: ben xe Niem Nghia\nDen: ben xe My Dinh\nXe thu qua gia",
        "Xe bỏ khách.\nGửi lúc: 08:00 05/10/2026\nNgười gửi: số 0912000111\nHọ dọa tôi",
        "Sở trả lời: sẽ sửa.\nVào 08h30 ngày 05/10/2026, đoàn kiểm tra đã ghi:\nNhà số 5 lấn vỉa hè.",
        "Kính gửi Ban.\nLúc 9:30 ngày 5/10/2026, tổ dân phố đã gửi:\n- Phiếu thu\nTổ trưởng nhận tiền.",
        "Kính gửi Ban.\nNgày 05/10/2026 lúc 08:00, phường Kiến An đã trả lời:\nThiếu giấy.\nTôi hỏi giấy gì?",
        "Xin chào\n--\nTôi tố cáo ông Trần Văn B, cán bộ phường, nhận tiền của dân.\nXin giữ bí mật.",
        "Xin chao\n--\nToi to cao ong B, can bo phuong, nhan tien",
        "Kính gửi Ban Biên tập,\n---\nĐèn đường ngõ 12 hỏng",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n-------------\nĐƠN KIẾN NGHỊ\n"
        "Kính gửi: Sở Xây dựng\nĐiện thoại: 0912 000 111\nMặt đường hư hỏng nặng",
        "Sở Xây dựng trả lời:\n---\nMặt đường sửa xong trong tháng 11.",
        "Sở trả lời: sửa trong tháng 11.\n---\nLưu ý: đoạn từ số 5 đến số 9 cấm xe.\nLiên hệ: Phòng Hạ tầng",
        "Sở trả lời: sửa trong tháng 11.\n--\nKhông gửi công dân, nội bộ.",
        "Sở trả lời như sau.\n--\nMặt cầu đã sửa xong",
        "Tôi hỏi về đèn đường.\n--\nCột số 4 đã hỏng ba tháng nay rồi\nBao giờ thay?",
    ],
)
def test_times_places_and_what_stands_below_dashes_are_the_writers(text: str) -> None:
    assert fold(text).own == text == fold_strictly(text).own


def test_a_quoted_mail_whose_text_begins_with_a_content_label_is_folded() -> None:
    text = (
        "Đã rõ, tôi sẽ gửi lại.\n\nTừ: Sở Xây dựng <sxd@tp.test>\nĐã gửi: 18/11/2026 09:42\nTới: ha@dan.test\n"
        "Chủ đề: Trả lời\n\nNội dung: đèn đã được sửa."
    )
    assert fold(text).own == "Đã rõ, tôi sẽ gửi lại."


@pytest.mark.parametrize(
    "below",
    [
        "________________________________\nTừ: Ban <b@tp.test>\nĐã gửi: 06/10/2026 09:30\nĐến: c@dan.test",
        "Từ: Ban <b@tp.test>\nĐã gửi: 06/10/2026 09:30\nĐến: c@dan.test\nChủ đề: HP",
        '----- Thư gốc -----\nTừ: "Ban" <b@tp.test>\nTới: c@dan.test\nĐã gửi: 09:30 ngày 06/10/2026\nTiêu đề: HP',
    ],
)
@pytest.mark.parametrize("own", ["em la Bui Duc Manh, 14 Phu Lien, dt 0904118226 a", "lúc 8h ngày 5/10 đã vá: xong"])
def test_words_that_begin_as_another_languages_attribution_stay(own: str, below: str) -> None:
    assert fold_strictly(f"{own}\n\n{below}\n\nKính gửi Ông/Bà,\nĐã nhận.").own == own


@pytest.mark.parametrize(
    "own",
    [
        "Thư này bảo mật, đề nghị Ban không chuyển cho công dân mà chỉ để các đồng chí nắm được vụ này thôi.",
        "Nếu bà không phải là người nhận trợ cấp hằng tháng thì không phải kê khai, phường rà xong từ đầu năm.",
        "Email này em gửi lại vì hôm qua hệ thống lỗi, nội dung trả lời công dân như bản đã ký hôm thứ Hai vừa rồi.",
        "Nội dung thư của ông, Sở trả lời như sau: giấy mời chỉ gửi người có tên trong danh sách niêm yết.",
        "Thư này chỉ dành cho người nhận.",
    ],
)
def test_what_a_person_writes_of_a_mail_is_no_servers_notice(own: str) -> None:
    assert fold(f"Kính gửi Ban Biên tập,\n\n{own}").own.endswith(own)


def test_a_notice_alone_is_kept() -> None:
    notice = (
        "This e-mail is confidential and intended solely for the addressee. If you are not the intended recipient, "
        "please delete it and tell the sender at once."
    )
    assert fold(notice).own == notice
    assert fold(f"Xong rồi ạ.\n\n{notice}").own == "Xong rồi ạ."
    assert notice in fold(f"Xong rồi ạ.\n\n{notice}").signature


@pytest.mark.parametrize(
    "below",
    [
        "--\nTrần Văn An\nPhó Chánh Văn phòng Sở Xây dựng\nĐT: 0225 3842 111",
        "-- \nTrần An\nGiấy phép số 12/GP-TTĐT cấp ngày 01/02/2020\nHãy bảo vệ môi trường, chỉ in thư này khi cần",
        "--\nTrần An\nCông ty đã được cấp chứng nhận ISO",
        "--\nTrần An\nPhòng phải thu, phải trả",
        "---\nTrần An\nBan Tiếp công dân, giải quyết khiếu nại, tố cáo\nSố 5 đường Trường Chinh, phường Kiến An",
    ],
)
@pytest.mark.parametrize("own", ["Đã nhận.", "Đã sửa xong.\nTrân trọng:", "Kính gửi Ban,\nOk"])
def test_a_signature_below_written_text_stays_one(own: str, below: str) -> None:
    assert (fold(f"{own}\n{below}").own, fold(f"{own}\n{below}").signature) == (own, below)


WRITTEN = "Cầu Niệm hết hạn chế tải trọng từ ngày 3/11/2026.\nNguyễn Văn Hùng, Phó Giám đốc"
OURS = "Kính gửi: Sở Xây dựng\n\nXem tệp đính kèm.\n\nTrân trọng"
HEADS = "Từ: Ban Biên tập <hoidap@tp.test>\nĐã gửi: Thứ Hai, 5 Tháng 10, 2026\nĐến: sxd@so.test\nChủ đề: Hỏi\n"


@pytest.mark.parametrize(
    "mail",
    [
        f"{WRITTEN}\n\n----- Thông điệp gốc -----\n{HEADS}\n{OURS}",
        f"{WRITTEN}\n\n--- Nội dung thư gốc ---\n{HEADS}\n{OURS}",
        f"{WRITTEN}\n\nGửi từ Thư dành cho Windows\n\n{HEADS}\n{OURS}",
        f"{WRITTEN}\n\n---- Bật Th 2, 05 thg 10 2026 09:40:12 +0700 Ban <hoidap@tp.test> đã viết ----\n\n{OURS}",
        f"{WRITTEN}\n\nGửi bằng email bảo mật Proton Mail.\n\n------- Original Message -------\n{HEADS}\n{OURS}",
        f"CẢNH BÁO: Thư này được gửi từ bên ngoài cơ quan. Không bấm vào liên kết lạ.\n\n{WRITTEN}",
        f"Lưu ý: email này đến từ bên ngoài hệ thống. Thận trọng khi mở tệp\nvà bấm đường dẫn.\n\n{WRITTEN}",
        f"[EXTERNAL EMAIL] This message comes from outside the organization. Do not click links.\n{WRITTEN}",
    ],
)
def test_what_clients_and_servers_add_around_an_answer_is_not_the_writer_s(mail: str) -> None:
    assert fold(mail).own.strip() == WRITTEN


@pytest.mark.parametrize(
    "mail",
    [
        "Người lạ từ bên ngoài vào ngõ phá xe, đề nghị công an phường cảnh giác.\nBao giờ có camera?",
        "Thư này tôi gửi từ bên ngoài thành phố: tôi đang ở Lào Cai.\nBao giờ sửa đường?",
    ],
)
def test_a_person_who_speaks_of_what_is_outside_is_no_banner(mail: str) -> None:
    assert fold(mail).own.strip() == mail

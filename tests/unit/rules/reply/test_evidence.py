"""What a department's text is, from what it sounds like, what speaks for it, and what keeps it in the house."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from rules.message.quote_markers import DEFAULT
from rules.reply.about_question import DIVIDED
from rules.reply.evidence import (
    ACTS,
    ASKS,
    FEW_WORDS,
    GAP,
    KEPT,
    LETTER,
    NO_FILE,
    PEOPLE,
    RECALLED,
    SEVERAL,
    SURE_ANSWER,
    SURE_OFFICIAL,
    VETOES,
    Evidence,
    Papers,
    settled,
    weigh,
)
from rules.reply.sentences import content_of
from rules.reply.unit_names import unit_names
from rules.text import strip_marks
from rules.values.data_file import load_units
from rules.values.model import Verb
from tests.mail_tables import ASKED, DATA

NAMES = unit_names(load_units())
ANSWER = "Mặt đường được sửa xong trước ngày 30/11/2026, kinh phí 900 triệu đồng."


OFFICIALLY = "Sở Xây dựng trả lời: "


def weighed(text: str, papers: Papers | None = None) -> Evidence:
    return weigh(text, ASKED["SXD"], papers or Papers(), NAMES)


def sure_of(heard: str, share: float = 0.97) -> Mapping[str, float]:
    others = [one for one in (Verb.ANSWER, Verb.NONE, ASKS, *ACTS) if one != heard]
    return {heard: share} | {one: (1 - share) / len(others) for one in others}


def verb_of(heard: str, share: float = 0.97, *, said: Verb = Verb.ANSWER, **found: object) -> Verb:
    given = {"signs": ("thời gian",), "words": FEW_WORDS, **found}
    return settled(said, "", Evidence(likely=sure_of(heard, share), **given))  # type: ignore[arg-type]


def test_a_text_is_what_it_surely_sounds_like() -> None:
    for said in Verb:
        assert verb_of(Verb.ANSWER, said=said) is Verb.ANSWER
        unheard = Verb.ASKS_CITY if said is Verb.ASKS_CITY else Verb.NONE  # of which the vote knows nothing
        assert verb_of(Verb.NONE, said=said) is unheard
        assert verb_of(ASKS, said=said) is unheard
    for act in ACTS:
        assert verb_of(act) is act
    assert verb_of(Verb.NOT_COMPETENT, said=Verb.FORWARDED) is Verb.FORWARDED


def test_what_is_not_sure_waits_for_a_person() -> None:
    assert verb_of(Verb.ANSWER, SURE_ANSWER) is Verb.ANSWER
    assert verb_of(Verb.ANSWER, SURE_ANSWER - 0.01) is Verb.NONE
    assert verb_of(Verb.ANSWER, SURE_OFFICIAL, official=True) is Verb.ANSWER
    assert verb_of(Verb.ANSWER, SURE_OFFICIAL - 0.01, official=True) is Verb.NONE


def test_an_official_opening_lowers_no_bar_for_words_to_the_board() -> None:
    text = f"{OFFICIALLY}{ANSWER}"
    assert weighed(text).official
    for stray in ("Đây là ý kiến cá nhân em.", "Chỉ là dự kiến nội bộ của phòng.", "Tuyệt đối không để lộ số tiền."):
        assert not weighed(f"{text} {stray}").is_answer


@pytest.mark.parametrize(
    ("head", "official"),
    [
        ("HP-2026-000001: ", True),
        ("Trả lời chung các câu HP-2026-000001, HP-2026-000002: ", True),
        ("Đã nêu tại câu HP-2026-000001: ", False),
        ("Nhờ BBT chuyển cho câu HP-2026-000001: ", False),
        ("HP-2026-000001: em xin ý kiến chị: ", False),
    ],
)
def test_numbers_alone_may_head_an_official_opening(head: str, *, official: bool) -> None:
    """Below its number, a short true answer waited for an officer."""
    assert weighed(f"{head}{OFFICIALLY}đường sẽ sửa xong trước 30/11.").official is official


def test_a_refusal_by_sound_alone_needs_as_much_as_an_answer() -> None:
    assert verb_of(Verb.NOT_COMPETENT, SURE_ANSWER) is Verb.NOT_COMPETENT
    assert verb_of(Verb.NOT_COMPETENT, SURE_ANSWER - 0.01) is Verb.NONE
    assert verb_of(Verb.NOT_COMPETENT, SURE_ANSWER - 0.01, said=Verb.NOT_COMPETENT) is Verb.NOT_COMPETENT
    assert verb_of(Verb.RECEIVED, SURE_ANSWER - 0.01) is Verb.RECEIVED


def test_what_is_told_beside_a_promise_is_no_mere_receipt() -> None:
    promise = "Về rãnh nước, Sở sẽ trả lời sau ạ."
    assert weighed(f"{ANSWER} {promise}").half
    assert not weighed(promise).half
    assert not weighed(f"Sở đã nhận câu hỏi. {promise}").half
    assert verb_of(Verb.RECEIVED, half=True) is Verb.NONE
    assert verb_of(Verb.EXTENSION, half=True) is Verb.EXTENSION


def test_an_act_that_phrases_find_counts_where_the_vote_is_not_sure() -> None:
    unsure: dict[str, float] = {Verb.ANSWER: 0.4, Verb.NONE: 0.4, Verb.EXTENSION: 0.2}
    assert settled(Verb.EXTENSION, "", Evidence(likely=unsure)) is Verb.EXTENSION
    assert settled(Verb.NOT_COMPETENT, "SYT", Evidence(likely={**unsure, Verb.NOT_COMPETENT: 0.05})) is Verb.NONE
    assert settled(Verb.RECEIVED, "", Evidence(likely=unsure)) is Verb.NONE


def test_what_opens_as_an_answer_is_no_wish_for_time_by_sound_alone() -> None:
    assert verb_of(Verb.EXTENSION) is Verb.EXTENSION
    assert verb_of(Verb.EXTENSION, opened=True) is Verb.NONE
    assert verb_of(Verb.EXTENSION, said=Verb.EXTENSION, opened=True) is Verb.EXTENSION
    assert verb_of(Verb.RECEIVED, opened=True) is Verb.RECEIVED


def test_what_is_told_behind_an_opening_is_heard_by_itself() -> None:
    told = "ngày bắt đầu sửa mặt đường là 22/11/2026."
    plain = ("Xin trả lời: ", "Bên em xin trả lời lại: ", "Kính gửi: ông An\nXin trả lời: ")
    for opening in (*plain, "Đi hiện trường về rồi, em trả lời luôn cho kịp nhé: "):
        found = weighed(f"{opening}{told}")
        assert found.opened
        assert found.likely == weighed(told).likely
    for other in ("Xin trả lời BBT: ", "Trả lời ông An vào ", "Ông hỏi thế này: "):
        assert not weighed(f"{other}{told}").opened


def test_few_words_need_a_sign() -> None:
    assert verb_of(Verb.ANSWER, signs=(), words=FEW_WORDS - 1) is Verb.NONE
    assert verb_of(Verb.ANSWER, signs=(), words=FEW_WORDS) is Verb.ANSWER
    assert not weighed("Có ạ").is_answer


def test_no_sound_outweighs_a_veto() -> None:
    for veto in (*VETOES.values(), NO_FILE, SEVERAL, PEOPLE, GAP, LETTER):
        assert verb_of(Verb.ANSWER, 1.0, vetoes=(veto,), official=True) is Verb.NONE


def test_a_question_that_its_unit_answers_in_part_stays_with_it() -> None:
    likely = sure_of(Verb.NOT_COMPETENT)
    assert settled(Verb.NOT_COMPETENT, "SYT", Evidence(likely=likely)) is Verb.NOT_COMPETENT
    assert settled(Verb.NOT_COMPETENT, "SYT", Evidence(likely=likely, partly=True)) is Verb.NONE
    assert settled(Verb.NOT_COMPETENT, "", Evidence(likely=likely, vetoes=(RECALLED,))) is Verb.NONE


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Việc này có thuộc thẩm quyền của Sở Công Thương không, đề nghị BBT cho biết?", Verb.NOT_COMPETENT),
        ("Sở chưa đề nghị chuyển Sở Công Thương.", Verb.NOT_COMPETENT),
        ("Từ 01/01/2027 việc này thuộc thẩm quyền của Sở Công Thương, hiện nay vẫn của sở.", Verb.NOT_COMPETENT),
        ("Đề nghị BBT chuyển Sở Công Thương đường link, Sở Xây dựng vẫn chủ trì.", Verb.NOT_COMPETENT),
        ("Trước đây do Sở Công Thương trả lời, nay Sở Xây dựng trả lời.", Verb.NOT_COMPETENT),
        ("Xin đừng chuyển câu này cho Sở Công Thương, bên em đang làm.", Verb.NOT_COMPETENT),
        ("Sở Xây dựng không từ chối tiếp nhận.", Verb.NOT_COMPETENT),
        ("Sở rút lại ý kiến không thuộc thẩm quyền; Sở sẽ trả lời.", Verb.NOT_COMPETENT),
        ("Sở chưa nhận được câu hỏi.", Verb.RECEIVED),
        ("Đã nhận, nhưng không mở được tệp.", Verb.RECEIVED),
        ("Đã nhận được phiếu chuyển nhưng trang 2 bị mờ, không đọc được.", Verb.RECEIVED),
    ],
)
def test_an_act_that_is_denied_or_asked_about_waits_for_a_person(text: str, act: Verb) -> None:
    for written in (text, strip_marks(text)):
        assert act in weighed(written).doubted, written
        assert settled(act, "SCT", replace(weighed(written), likely=sure_of(act))) is Verb.NONE
    for sure in (
        "Không chuyển Sở Y tế mà chuyển Sở Công Thương.",
        "K thuộc thẩm quyền của SXD",
        "Sở xin rút lại ý kiến hôm trước: câu này không thuộc thẩm quyền của Sở.",
        "Đã nhận được phiếu.",
    ):
        assert not weighed(sure).doubted, sure


def test_without_a_known_word_only_signs_make_an_answer() -> None:
    assert settled(Verb.ANSWER, "", Evidence(("có văn bản đính kèm",))) is Verb.ANSWER
    assert settled(Verb.ANSWER, "", Evidence()) is Verb.NONE
    assert settled(Verb.EXTENSION, "", Evidence()) is Verb.EXTENSION
    foreign = weighed("Prosimy o przesłanie odpowiedzi dotyczącej naprawy nawierzchni drogi.")
    assert settled(Verb.NONE, "", foreign) is Verb.NONE


@pytest.mark.parametrize(
    ("before", "behind", "veto"),
    [
        ("", " Đề nghị BBT không gửi cho công dân.", KEPT),
        ("Thông tin nội bộ: ", "", KEPT),
        ("Gửi nội bộ: ", "", KEPT),
        ("", " Văn bản này không phát hành ra ngoài.", KEPT),
        ("", "\nKhoan gửi.", KEPT),
        ("", "\nGửi sau nhé, chưa gửi bây giờ.", KEPT),
        ("", "\nDừng lại chưa gửi.", KEPT),
        ("", "\nĐề nghị chưa đăng.", KEPT),
        ("", "\nKhông chuyển cho người phản ánh.", KEPT),
        ("", "\nHổng gửi dân nghen.", KEPT),
        ("", "\nTrân trọng cảm ơn.\nThôi khỏi gửi dân.", KEPT),
        ("", "\nĐừng cho công dân biết số tiền.", KEPT),
        ("", "\nRiêng đoạn kinh phí Ban đừng đưa vào.", KEPT),
        ("", "\nĐây chưa phải câu trả lời.", KEPT),
        ("", "\nk gui cho dan", KEPT),
        ("", "\nKhông gửi văn bản này cho họ.", KEPT),
        ("", "\nKhông gửi thư này cho họ nhé.", KEPT),
        ("", "\nKhông công khai cho họ.", KEPT),
        ("", "\nKhông cung cấp cho họ.", KEPT),
        ("", "\nĐừng đưa văn bản này cho họ.", KEPT),
        ("", "\nXin không chuyển nội dung này tới họ.", KEPT),
        ("", "\nDung gui noi dung tra loi cong dan.", KEPT),
        ("", "\nKhong gui noi dung cho dan.", KEPT),
        ("", "\nDe nghi khong chuyen noi dung cho nguoi hoi.", KEPT),
        ("", "\nKhoan gui noi dung cho nguoi dan.", KEPT),
        ("", "\nDung gui noi dung nay cho dan", KEPT),
        ("", "\nKhong dang noi dung cho dan xem.", KEPT),
        ("", "\nCho gui noi dung tra loi cong dan.", KEPT),
        ("", "\nKhông gửi nội dung trả lời công dân.", KEPT),
        ("", "\nKhông báo họ nhé.", KEPT),
        ("", "\nCông ty chưa gửi bản trả lời cho công dân nhé.", KEPT),
        ("", "\nVì đang rà soát nên không gửi nội dung trả lời công dân.", KEPT),
        ("", "\nĐề nghị BBT đừng gửi họ", KEPT),
        ("", "\nTạm thời gửi nội bộ.", KEPT),
        ("", "\nKhông gửi trả lời cho công dân nhé.", KEPT),
        ("", "\nĐề nghị chưa chuyển văn bản trả lời này tới người hỏi.", KEPT),
        ("", "\nKhoan gửi bản trả lời này cho ông Bình.", KEPT),
        ("", "\nCong van den chua gui dan.", KEPT),
        (f"{ANSWER}\n" * 170, "\nĐây là dự thảo, chưa gửi dân.", KEPT),
        ("", "\nMong anh góp ý.", VETOES["draft"]),
        ("Bộ phận một cửa nháp: ", "", VETOES["draft"]),
        ("", "\nNội dung này lãnh đạo Sở chưa thông qua.", VETOES["unsigned"]),
        ("", "\nChưa có chữ ký lãnh đạo.", VETOES["unsigned"]),
        ("", "\nSau khi giám đốc ký sẽ có hiệu lực.", VETOES["unsigned"]),
        ("Dự thảo, BBT xem trước giúp: ", "", VETOES["draft"]),
        ("", " Văn bản này đang chờ Giám đốc ký.", VETOES["unsigned"]),
        ("", "\n\n(Hằng ơi scan lưu hồ sơ rồi nhắc thầu nộp bảo lãnh nhé, anh đi họp)", VETOES["kept"]),
        ("", "\n\nEm Nga ơi nhớ đóng dấu bản này.", VETOES["kept"]),
        ("", "\n(điện thoại tôi 0818.000.427 chỉ để Ban liên hệ, không công bố)", KEPT),
        ("", "\nP/S: bản đồ tuyến ống là để Ban biết.", KEPT),
        ("", "\nRiêng với Ban: số liệu vé chưa chốt.", KEPT),
        ("", "\n0906.000.338 (riêng, xin đừng cho dân)", KEPT),
        ("", "\nBan chờ đến 12h trưa mai hãy đăng.", KEPT),
        ("", "\nBản vẽ gửi kèm không được phát tán vì còn đấu thầu.", KEPT),
        ("", "\nKính đề nghị Ban khi trả lời không để tên lớp.", KEPT),
        ("", "\nChủ tịch bảo không nói số tiền.", KEPT),
        ("", "\nChị cắt giúp em phần hỏi đi cho gọn.", VETOES["draft"]),
        ("", "\nMong ban sửa hộ chính tả.", VETOES["draft"]),
        ("", "\nChị soát lỗi hộ em.", VETOES["draft"]),
        ("", "\nEm trình bày lại cho đẹp rồi gửi người ta.", VETOES["draft"]),
        ("", "\nChị Tươi ơi chị thay tên ông X bằng tên thật của ông ấy.", VETOES["draft"]),
        ("", "\nAnh Tuấn cho đăng bản này thay bản gửi hôm qua nhé.", RECALLED),
        ("", "\nCâu kia em xin lùi đến thứ 6.", VETOES["rest"]),
        ("", "\nCâu 4 thì không thuộc bến chúng tôi, BBT chuyển bên cáp treo nhé.", VETOES["asked"]),
        ("", " Thư này em gửi nhầm, BBT bỏ qua giúp.", RECALLED),
        ("", " Đề nghị BBT thu hồi thư trước.", RECALLED),
        ("", "\nTrân trọng./.\nÀ mà thôi, để Sở xem lại đã.", RECALLED),
        ("", "\nKhoan đã nhé Ban ơi", RECALLED),
        ("", "\nChờ Sở kiểm tra lại đã nhé.", RECALLED),
        ("Kính trình lãnh đạo, em tham mưu trả lời: ", "", VETOES["advised"]),
        ("", " Về kinh phí Sở sẽ trả lời bổ sung trước ngày 15/10.", VETOES["rest"]),
        ("", " Ý còn lại xin phép trả lời sau.", VETOES["rest"]),
        ("", "\n2. Rãnh nước: đang rà soát, trả lời sau.", VETOES["rest"]),
        ("", " Riêng phần đèn, Sở đang kiểm tra và sẽ thông báo sau.", VETOES["rest"]),
        ("", " Riêng nội dung đèn chiếu sáng, Sở sẽ trả lời trước ngày 15/10.", VETOES["rest"]),
        ("", " Phần đèn sẽ trả lời tuần sau.", VETOES["rest"]),
        ("", " Vấn đề thứ hai hiện Sở đang tổng hợp, trả lời sau.", VETOES["rest"]),
        ("", " Phần còn lại sẽ có văn bản riêng.", VETOES["rest"]),
        ("Sở đã có văn bản trả lời bà Bình, xin thông báo để Ban Biên tập được biết. ", "", VETOES["elsewhere"]),
        ("", " Đã trả lời trực tiếp cho công dân qua đường bưu điện.", VETOES["elsewhere"]),
        ("", " Chi tiết theo văn bản gửi kèm.", NO_FILE),
        ("", " Số tiền còn lại là … đồng, chi tiết tại [nội dung].", GAP),
        ("Kính gửi: UBND phường Kiến An\n", "", LETTER),
        ("Gửi các phòng:\n", "", LETTER),
        ("Sở Xây dựng trả lời Hội đồng nhân dân thành phố như sau: ", "", LETTER),
        ("Sở Xây dựng báo cáo các phòng chuyên môn như sau:\n", "", LETTER),
        ("", " BBT kiểm tra hộ xem người hỏi là ai trong 3 người này.", VETOES["asked"]),
        ("", "\nNhờ a tra giúp có phải ông Bảy ở Đồ Sơn", VETOES["asked"]),
        ("", "\nfile đính kèm bị lỗi font k mở đc a ơi, gửi lại bản word nhé", VETOES["unread"]),
        ("", "\nK mở được file a ơi", VETOES["unread"]),
        ("", "\nBạn cho mình xin file word với", VETOES["unread"]),
        ("", "\nAnh chị gửi lại giúp em ảnh hiện trường.", VETOES["unread"]),
        ("", "\nĐề nghị Ban Biên tập cung cấp lại tệp đính kèm.", VETOES["unread"]),
        ("Nguyễn Văn Bảy 031078001234; Lê Thị Sáu 031 180 004 321. ", "", PEOPLE),
        ("Ông Bảy CMND số 031078001, bà Sáu CMND 031180004. ", "", PEOPLE),
        ("Ông Bảy ĐT 0912000111, bà Sáu 0983.000.222, ông Mười 0977 000 333. ", "", PEOPLE),
        ("Trả lời ông An: ", " Trả lời bà Bình: vỉa hè lát xong trong tháng 12/2026.", SEVERAL),
    ],
)
def test_a_veto_holds_whatever_else_is_in_the_mail(before: str, behind: str, veto: str) -> None:
    told = (f"{OFFICIALLY}{ANSWER}{behind}",) if not before else ()
    for text in (f"{before}{ANSWER}{behind}", strip_marks(f"{before}{ANSWER}{behind}"), *told):
        assert veto in weighed(text).vetoes, text
        assert not weighed(text).is_answer
    assert weighed(ANSWER).is_answer


def test_a_number_is_no_name_of_an_office() -> None:
    """Without marks "số" is "Sở": the answer waited as a letter to another body."""
    assert LETTER not in weighed(f"Trả lời số HP-2026-000123: {ANSWER}").vetoes
    assert LETTER in weighed(f"Trả lời Sở Nội vụ: {ANSWER}").vetoes


@pytest.mark.parametrize(
    "behind",
    [
        " Phần hồ sơ nộp tại một cửa, phường sẽ trả lời trong 3 ngày làm việc.",
        " Về phần đường ngõ, phường sẽ lát lại trong tháng tới.",
        " Phần kinh phí hỗ trợ sẽ chi trả trước ngày 15/10.",
        " Nội dung này Sở đã trả lời tại văn bản trước ngày 10/9/2026.",
        " Trường hợp không đồng ý, ông gửi đơn, Sở sẽ trả lời trong thời hạn 15 ngày.",
        " Sở sẽ thông báo lịch sửa sau.",
    ],
)
def test_what_is_done_or_answered_to_others_later_is_no_promise_of_the_rest(behind: str) -> None:
    assert weighed(f"{ANSWER}{behind}").vetoes == ()


def test_a_question_that_came_to_the_wrong_unit_is_no_answer_taken_back() -> None:
    refusal = "Câu này gửi nhầm rồi ạ, bên mình không quản lý mảng ấy"
    for text in (refusal, strip_marks(refusal)):
        assert not weighed(text).taken_back
        assert settled(Verb.NOT_COMPETENT, "", weighed(text)) is Verb.NOT_COMPETENT
    for text in ("Câu này gửi nhầm rồi ạ", f"{refusal}. Bỏ qua thư trước giúp em."):
        assert weighed(text).taken_back


@pytest.mark.parametrize(
    "text",
    [
        "UBND phường ra quyết định thu hồi đất đối với 12 hộ, mỗi hộ được bồi thường 450 triệu đồng.",
        "Phường không trả lời họ tên người nộp đơn, mặt đường sửa xong trước 30/11/2026. Ông liên hệ một cửa.",
        "Đường nội bộ khu tái định cư do chủ đầu tư sửa, mặt đường xong trước 30/11/2026.",
        "Đợt một xong trước 20/10, phần còn lại làm năm 2027. Nếu còn vướng mắc, Sở sẽ tiếp tục trả lời.",
        "Sở đã tham mưu UBND thành phố ban hành Quyết định 15/2025, mặt đường sửa trong quý I/2027.",
        "Ổ gà đã vá xong hôm 5/10. Nhờ BBT gửi giúp công dân câu trả lời.",
        "Sở Xây dựng gửi nội dung trả lời công dân, đồng thời báo cho dân biết: mặt đường xong ngày 30/11/2026.",
        "Nhờ BBT cho gửi nội dung trả lời công dân: ổ gà đã sửa chữa cho dân đi lại, xong ngày 05/10/2026.",
        "Công ty vẫn chưa gửi hồ sơ, chủ nhà đồng ý mới đăng ký được. Đề nghị ông góp ý quy hoạch trước 30/11/2026.",
        "Trình tự: chủ hộ ký đơn, xã duyệt. Giám đốc công ty chưa ký hợp đồng thì bị phạt 10 triệu đồng.",
        "Rác không được đưa ra ngoài vỉa hè trước 18 giờ, xe thu gom lúc 19 giờ hằng ngày.",
        "Khi gửi hồ sơ không ghi tên người nhận thì trả lại, sửa xong lỗi chính tả nộp lại trong 5 ngày.",
        "Bà chờ đến 15/10/2026 rồi mới gửi đơn, tờ rơi không được phát tán nơi công cộng, phạt 2 triệu đồng.",
        "Chủ tịch phường yêu cầu nhà thầu không ghi nợ, đường sửa xong trước 30/11/2026, cắt giúp gia đình cành cây.",
        "Câu 4 không thuộc diện hỗ trợ, mức 500.000 đồng một tháng. Ông thay tên trên sổ bằng tên mới tại một cửa.",
        "Để Sở kiểm tra lại, đã giao Thanh tra xác minh. Khoan đã xong 3 giếng, mặt đường sửa xong trước 30/11/2026.",
        "Sở Xây dựng đã giao Công ty Thoát nước nạo vét, hố ga đầu ngõ xong trước 30/11/2026.",
        "Phường chưa gửi văn bản trả lời ông bà, Sở xin trả lời: mặt đường được sửa xong trước ngày 30/11/2026.",
        "Sở đã phê bình Ban quản lý vì không gửi bản trả lời tới bà con. Mặt đường sửa xong trước 30/11/2026.",
        'Ông nói Sở từng hứa "sẽ xem xét, không gửi cho công dân". Nay mặt đường đã sửa xong ngày 05/10/2026.',
        "Bác An ơi, bác nộp bản photo căn cước tại phường, lệ phí 8.000 đồng, xong ngày 05/10/2026.",
        "Hồ sơ bà nộp bị lỗi file, không mở được, đề nghị bà nộp lại bản PDF trước ngày 20/10/2026.",
        "Liên hệ đồng chí An 0912000111 hoặc đồng chí Bình 0983.000.222; sổ đã in xong ngày 5/10/2026.",
        "Ông An, số định danh 031078001234, ĐT 0912000111: sổ đã in xong ngày 5/10, liên hệ 02253842000, 19001234.",
        "Em gửi lại file hôm trước bị lỗi font, nếu không mở được báo em gửi lại: mặt đường xong ngày 30/11/2026.",
        "Khám thường ..... 150.000 đồng, chọn bác sĩ ......... 200.000 đồng, áp dụng từ 01/9/2026 tại tầng 2.",
    ],
)
def test_a_word_of_a_veto_in_the_matter_is_none(text: str) -> None:
    for written in (text, strip_marks(text)):
        assert weighed(written).vetoes == (), written


def test_what_is_said_beside_a_file_is_heard_with_it() -> None:
    assert weighed("Gửi Ban công văn trả lời ông An.", Papers(files=1)).is_answer
    assert not weighed("Gửi Ban quyết định bổ nhiệm anh Khải.", Papers(files=1)).is_answer
    assert weighed("Chi tiết theo văn bản gửi kèm.", Papers(files=1)).vetoes == ()


def test_the_trace_says_what_it_sounds_like_and_what_speaks_for_and_against() -> None:
    told = weighed(f"{ANSWER} Đừng gửi cho dân.", Papers(document="41/SXD", signed_by="Sở Xây dựng")).trace
    for said in ("Lời thư", "thời gian", "số tiền", "41/SXD", "Sở Xây dựng", "nói không gửi công dân"):
        assert said in told


def test_shares_add_up_and_figures_are_one_word() -> None:
    one = weighed("Mức thu là 30.000 đồng/tháng, nộp trước ngày 15/10.").likely
    assert sum(one.values()) == pytest.approx(1)
    assert one == weighed("Mức thu là 47.500 đồng/tháng, nộp trước ngày 28/11.").likely
    assert weighed("").likely == {}


@pytest.mark.parametrize(
    "whom", ["Hội đồng nhân dân thành phố", "với Sở Nội vụ", "cho các phòng", "Đoàn đại biểu Quốc hội"]
)
def test_an_answer_to_another_body_does_not_open_as_told(whom: str) -> None:
    assert weighed(f"Sở Xây dựng trả lời ông An như sau: {ANSWER}").official
    assert not weighed(f"Sở Xây dựng trả lời {whom} như sau: {ANSWER}").official


def test_a_pair_of_syllables_is_of_weight_by_one_of_them() -> None:
    assert content_of("của xyz của của", DEFAULT) == {"xyz", "cua xyz", "xyz cua"}


def in_part(kind: str) -> list[dict[str, str]]:
    """Departments' mails that answer a part and leave another to another unit (part); their near neighbours."""
    with (DATA / "answers_in_part.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [{**one, "text": one["text"].replace("\\n", "\n")} for one in rows if one["kind"] == kind]


def of_unit(row: Mapping[str, str], text: str) -> Evidence:
    return weigh(text, ASKED.get(row["unit"], ""), Papers(unit=row["unit"]), NAMES)


@pytest.mark.parametrize("row", in_part("part"), ids=lambda row: row["text"][:40])
def test_a_part_left_to_another_unit_is_no_refusal_and_no_whole_answer(row: Mapping[str, str]) -> None:
    """The answer was lost to the asker, or nobody ever handled the rest (10.1.g)."""
    for text in (row["text"], strip_marks(row["text"])):
        found = of_unit(row, text)
        assert DIVIDED in found.vetoes, text
        assert {settled(verb, "SCT", found) for verb in Verb} <= {Verb.NONE, Verb.ASKS_CITY, Verb.EXTENSION}
        names = {NAMES.resolve(codes, date(2026, 10, 6)) for codes in found.left_to}
        assert {*filter(None, row["left_to"].split(","))} <= names


@pytest.mark.parametrize("row", in_part("whole"), ids=lambda row: row["text"][:40])
def test_an_answer_that_tells_where_to_turn_is_whole(row: Mapping[str, str]) -> None:
    for text in (row["text"], strip_marks(row["text"])):
        assert DIVIDED not in of_unit(row, text).vetoes, text


@pytest.mark.parametrize("row", in_part("refusal"), ids=lambda row: row["text"][:40])
def test_a_refusal_beside_which_nothing_is_answered_stays_one(row: Mapping[str, str]) -> None:
    for text in (row["text"], strip_marks(row["text"])):
        found = of_unit(row, text)
        assert DIVIDED not in found.vetoes, text
        assert settled(Verb.NOT_COMPETENT, "", found) is Verb.NOT_COMPETENT


def test_a_unit_leaves_nothing_to_itself() -> None:
    own = f"Phần mặt đường thuộc trách nhiệm của Sở Xây dựng. {ANSWER}"
    assert weigh(own, ASKED["SXD"], Papers(unit="SXD"), NAMES).is_answer
    other = weigh(own, ASKED["SXD"], Papers(unit="SCT"), NAMES)
    assert DIVIDED in other.vetoes
    assert [NAMES.resolve(codes, None) for codes in other.left_to] == ["SXD"]

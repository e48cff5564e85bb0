"""Thanks with a personal touch are thanks; whoever says more, asks or objects is not only thanking.

Also what begins a new question in the thread of an old one.
"""

import pytest

from rules.text import strip_marks
from rules.understand.citizen_replies import (
    Begins,
    Content,
    before_the_new,
    begins_new,
    is_courtesy,
    opinion_in,
    shares_matter,
)

THANKS = (
    "Cảm ơn Ban đã chuyển giúp, tôi chờ tin.",
    "Dạ cháu cảm ơn cô chú nhiều ạ, cháu đợi.",
    "Tôi năm nay 81 tuổi, mắt mờ, nhờ cháu viết hộ. Cảm ơn các đồng chí đã trả lời chu đáo.",
    "Không ngờ gửi tối qua mà sáng nay có thư lại ngay, quý hóa quá!",
    "ok thanks ad nhé :)",
    "Thanks for your reply, very clear.",
    "Bác già rồi mắt kém gõ chậm, bác cảm ơn các cháu nhé, các cháu giữ sức khỏe",
    "Tuyệt vời, hôm qua đã thấy công nhân ra làm rồi. Hoan nghênh các anh chị!",
    "Hoan hô Sở, đường đã vá xong",
    "Bác nhận được thư rồi. Chúc các cháu mạnh khỏe, công tác tốt.",
    "Vâng, biết rồi, cảm ơn cô Hạnh.",
    "Trả lời nhanh thật. Cả nhà tôi mừng lắm, xin cảm ơn.",
    "Tôi cứ tưởng chẳng ai đọc, may quá, cảm ơn BBT",
    "Xin chân thành cảm ơn, tôi không có ý kiến gì thêm.",
)

MORE = (
    "Hoan hô, thế mà cũng gọi là trả lời",
    "Cảm ơn, sửa xong rồi mà ra xem vẫn thế",
    "Hoan nghênh, làm nhanh thế mà bảo 3 tháng",
    "Cảm ơn, nhưng trả lời thế này thì ai hiểu.",
    "Cảm ơn Ban. Nước ngập vào cả nhà số 12 rồi.",
    "Cảm ơn, hố sâu thêm 20 phân rồi nhé.",
    "Cảm ơn đã trả lời, bao giờ thì làm?",
    "Cảm ơn. Mong Sở xuống buổi tối mới thấy.",
    "Cám ơn Sở, còn cái cống trước cổng nữa.",
    "Cảm ơn các anh, đường vẫn hỏng nguyên.",
    "Cảm ơn vì đã không làm gì cả.",
    "Nhanh thật, ba tháng mới trả lời!",
    "Xin bái phục, cảm ơn.",
    "Cảm ơn Ban. Tôi xin tố cáo ông Bình nhận hối lộ.",
    "Cảm ơn, tôi xin rút câu hỏi.",
    "Cảm ơn, số nhà tôi là 15 chứ không phải 51.",
    "Cảm ơn Ban, tôi bổ sung ảnh hiện trường.",
    "Tôi đợi lâu lắm rồi, cảm ơn.",
    "Tôi cho là Sở sai. Cảm ơn.",
    "Thư trả lời tự động: tôi đi vắng, cảm ơn.",
    "Dạ cháu cảm ơn, cháu hổng hiểu đoạn cuối.",
    "Cảm ơn. Sáng nay có cháu học sinh ngã xe gãy tay.",
    "Giá như Sở trả lời sớm hơn. Cảm ơn.",
    "Cảm ơn nếu các anh làm thật.",
    "Cảm ơn. Tôi không đồng ý công khai họ tên.",
    "Cảm ơn đã xóa giúp tôi số điện thoại.",
    "Cảm ơn, chủ đầu tư là phường, biển ghi rõ ràng ở đầu ngõ.",
)

COMPLAINTS = (
    "Rác đã dọn, cảm ơn, hôm qua lại đầy",
    "Không ngờ Sở vô cảm thế.",
    "Không ngờ trả lời cẩu thả thế",
    "Bất ngờ vì Sở vô trách nhiệm quá",
    "Cảm ơn đã trả lời qua loa",
    "Không ngờ Sở trả lời như thế.",
    "Cảm ơn đã đá qua đá lại như quả bóng",
    "Cảm ơn. Tôi chờ hai năm rồi.",
    "Cảm ơn, ba tháng rồi.",
    "Cảm ơn vì không trả lời.",
    "Ghi nhận Sở trả lời thế.",
    "Rõ ràng là chuyển lòng vòng mãi",
    "Tôi chờ câu trả lời của Sở.",
    "Cảm ơn đã bị chuyển",
    "Cảm ơn. Đợi nữa.",
)
NEWS = (
    "Cảm ơn Ban nước ngập rồi",
    "cam on so duong sut roi",
    "Cảm ơn. Tôi nhận được giấy phạt rồi",
    "Cảm ơn, ghi nhận phường đóng cửa",
    "Cảm ơn, tôi chờ cấp cứu",
    "Cảm ơn, nhận được thư người khác",
    "Cảm ơn Sở đèn tắt rồi",
    "cam on ban cong vo roi a",
    "Cảm ơn, nhận được hóa đơn rồi",
    "Cảm Ơn Cô Nước Tràn Vào Nhà",
    "CẢM ƠN ANH MẤT ĐIỆN RỒI",
)
NAMED = (
    "Cảm ơn cô Hạnh nhiều ạ",
    "cam on chi Lan a",
    "Tôi là Nguyễn Văn An. Cảm ơn các anh chị.",
    "Cảm ơn đồng chí Trần Thị Thu Hà đã trả lời tận tình",
    "Không ngờ Sở trả lời tận tình thế, cảm ơn.",
    "Tôi ghi nhận sự nhiệt tình của Sở.",
)


@pytest.mark.parametrize("text", COMPLAINTS + NEWS)
def test_complaints_and_news_in_the_words_of_thanks_are_none(text: str) -> None:
    assert not is_courtesy(text)
    assert opinion_in(text) in {Content.NO, Content.NONE}


@pytest.mark.parametrize("text", NAMED)
def test_a_name_and_well_meant_surprise_are_no_matter(text: str) -> None:
    assert is_courtesy(text)
    assert opinion_in(text) is Content.THANKS


@pytest.mark.parametrize("text", THANKS)
def test_every_clause_thanks_waits_praises_or_says_who_writes(text: str) -> None:
    assert is_courtesy(text)
    assert opinion_in(text) in {Content.THANKS, Content.YES}


@pytest.mark.parametrize("text", MORE)
def test_whoever_says_more_is_not_only_thanking(text: str) -> None:
    assert not is_courtesy(text)
    assert not is_courtesy(strip_marks(text))
    assert opinion_in(text) in {Content.NO, Content.NONE}


@pytest.mark.parametrize(
    "text",
    [
        "Hài lòng gì mà số nhà 5 sao chưa làm",
        "Trước ngõ 5 sao vẫn để ngập",
        "Lần đầu thấy trả lời kiểu này, không hiểu gì cả.",
        "Trả lời ngắn gọn quá, tôi không hiểu.",
        "Nhanh vậy mà sai hết.",
        "Trả lời nhanh vậy chắc chẳng ai đi kiểm tra.",
        "Lần đầu tôi gửi thư thì im, lần này trả lời cho có.",
        "Lần đầu tiên hỏi mà trả lời cụt lủn. Cảm ơn!",
        "Cảm ơn, câu kia trả lời sót ý 2.",
        "Việc kia xong rồi mà vỉa hè lại vỡ tiếp.",
        "Cảm ơn. Việc trước chưa xong đâu ạ.",
        "Lần đầu tiên, lần thứ hai, lần thứ ba đều trả lời như nhau.",
        "Cảm ơn, nhưng thực tế chưa ai động đến viên gạch nào.",
    ],
)
def test_a_house_number_or_the_first_time_is_no_praise(text: str) -> None:
    assert opinion_in(text) in {Content.NO, Content.NONE}


def test_that_something_came_is_a_nod_and_no_thanks() -> None:
    assert not is_courtesy("Tôi nhận được rồi.")
    assert opinion_in("Tôi nhận được rồi.") is Content.THANKS


def test_contented_are_those_who_say_so() -> None:
    assert opinion_in("Tôi đọc thư thấy thấu đáo, rất hài lòng. Cảm ơn các cháu.") is Content.YES
    assert opinion_in("Bác cảm ơn, chúc các cháu công tác tốt, mạnh giỏi quanh năm") is Content.THANKS


@pytest.mark.parametrize(
    "text",
    [
        "Tôi đọc rồi, trả lời như vậy là thỏa đáng. Chúc Ban mạnh khỏe.",
        "Cả xóm tôi phấn khởi lắm, thay mặt bà con xin cảm ơn Sở và Ban Biên tập",
        "Trả lời như thế là rõ, tôi nhất trí với câu trả lời",
        "Câu trả lời hợp tình hợp lý, tôi xin cảm ơn",
        "tra loi the nay la thoa dang, cam on",
        "Em hài lòng ạ, 5 sao ⭐⭐⭐⭐⭐",
        "Hài lòng. Nói trúng điều tôi hỏi, không loanh quanh, không vòng vo.\nCựu binh, 81 tuổi",
        "Rất hài lòng! Sở làm việc có tình người.",
    ],
)
def test_praise_of_an_answer_is_contentment(text: str) -> None:
    assert opinion_in(text) is Content.YES


@pytest.mark.parametrize(
    "text",
    [
        "Tôi không còn gì thắc mắc, cảm ơn Ban",
        "Sở trả lời rất rõ ràng, bà con trong ngõ ai cũng vui",
        "Đọc xong thấy nhẹ cả người, cảm ơn Sở",
        "Đọc thư của Sở tôi thấy thấu đáo, gia đình không còn băn khoăn gì",
        "Câu trả lời có tình có lý, gia đình tôi rất ưng, cảm ơn Sở",
        "Được thế này thì còn gì bằng, bà con khu tôi biết ơn lắm",
        "Rất cảm ơn Ban đã chuyển câu hỏi của tôi đi",
        "Cảm ơn các anh chị đã chuyển câu hỏi sang Sở Xây dựng giúp tôi",
    ],
)
def test_thanks_in_other_words_are_thanks(text: str) -> None:
    assert opinion_in(text) in {Content.YES, Content.THANKS}


@pytest.mark.parametrize(
    "text",
    [
        "Trả lời như vậy là thỏa đáng à?",
        "Hài lòng. Nhưng đường trước nhà vẫn hỏng",
        "Hài lòng hay không thì cũng thế, đèn chưa sáng",
        "Hài lòng, còn việc cây đổ thì sao",
        "Trả lời như vậy là được hả",
        "Trả lời như vậy mà thỏa đáng",
        "Trả lời như vậy là chưa được",
        "Trả lời thế là rõ rồi, còn việc nước thì sao",
        "Cả xóm phấn khởi được một hôm rồi lại hỏng",
        "Cả xóm tôi mất nước ba hôm nay, xin cảm ơn",
        "Thay mặt bà con xin phản ánh thêm",
        "Cảm ơn Ban, trả lời đi",
        "Cảm ơn Ban đã chuyển đi chuyển lại câu hỏi của tôi",
        "Nhất trí, nhưng phải có ngày cụ thể",
        "Trả lời như vậy là đá quả bóng sang năm sau, tôi phản đối",
        "Hứa thì hay lắm, để xem",
        "Cảm ơn, còn gì bằng chứng nữa thì đưa ra",
    ],
)
@pytest.mark.parametrize("waits", [True, False])
def test_praise_turned_round_is_read_by_a_person(text: str, waits: bool) -> None:
    assert opinion_in(text, waits=waits) in {Content.NO, Content.NONE}


def test_who_hopes_for_an_answer_thanks_while_the_question_is_open_only() -> None:
    for text in ("Cảm ơn Ban. Mong Sở trả lời sớm.", "Cảm ơn Ban, rất mong Sở sớm có câu trả lời cho tôi"):
        assert opinion_in(text, waits=True) is Content.THANKS
        assert opinion_in(text) is Content.NONE, "behind an answer it says that there is none"
    assert opinion_in("Mong Sở trả lời sớm.", waits=True) is Content.NONE


@pytest.mark.parametrize(
    "text",
    ["Vâng tôi đã biết, tôi chờ ạ", "Đã nhận được thư, tôi sẽ chờ trả lời", "vang toi biet roi, toi cho tin cua Ban"],
)
def test_who_knows_and_waits_thanks_while_the_question_is_open_only(text: str) -> None:
    assert opinion_in(text, waits=True) is Content.THANKS
    assert is_courtesy(text, waits=True)
    assert not is_courtesy(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vâng tôi chờ, hố sâu lắm rồi",
        "Vâng, tôi chờ, cống vỡ rồi",
        "Tôi chờ",
        "Để xem, tôi chờ",
        "Ok tôi chờ xem các anh làm được gì",
        "Vâng, tôi đã biết các anh sẽ trả lời thế",
        "Vâng, tôi đợi Sở xuống đo",
        "Vâng tôi chờ, số nhà tôi là 15",
        "Vâng, tôi chờ ba tháng rồi",
    ],
)
def test_who_waits_and_says_more_is_heard(text: str) -> None:
    assert opinion_in(text, waits=True) is Content.NONE


@pytest.mark.parametrize(
    "text",
    [
        "Cảm ơn, tôi đã rõ rồi. Lần đầu tôi gửi thư mà thấy trả lời nhanh vậy!",
        "Cảm ơn. Lần đầu tiên tôi được cơ quan nhà nước trả lời.",
        "Trả lời rõ ràng, ngắn gọn, dễ hiểu. Tôi hài lòng.",
        "Câu kia đã xong, cám ơn.",
        "Em đọc rồi ạ, thế là rõ ràng rồi, cảm ơn Sở nhiều",
        "Cảm ơn Sở.\nKính thư\nNguyễn Văn An",
        "Gia đình tôi rất phấn khởi khi được biết đường sẽ làm xong trong quý I sang năm.\n"
        "Nguyễn Văn An, Tổ trưởng tổ dân phố",
        "Bà con khu dân cư mừng lắm vì đường sắp được sửa, cảm ơn Điện lực",
        "Được rồi, tôi hiểu, coi như việc này xong nhé.",
        "Ok, xem như câu hỏi của tôi đã được giải quyết.",
        "Thế là ổn rồi ạ, cảm ơn",
        "Bà con tổ dân phố số 7 vô cùng phấn khởi khi nghe tin con đường sắp được sửa chữa.\nThay mặt tổ\nĐào Văn Lý",
        "Xem thư rồi ạ, mọi điều thắc mắc đã được giải đáp. Cảm ơn Sở Y tế.",
        "Cảm ơn các bác trả lời nhanh gọn, tôi không còn gì thắc mắc",
        "Rõ rồi, khép lại việc này được rồi ạ.",
        "Rất vui vì nước đã mạnh lại, cảm ơn công ty",
    ],
)
def test_who_is_glad_signs_or_lets_it_rest_only_thanks(text: str) -> None:
    assert opinion_in(text) in {Content.THANKS, Content.YES}
    assert opinion_in(strip_marks(text)) in {Content.THANKS, Content.YES}


def test_an_old_man_waits_in_his_own_words() -> None:
    assert opinion_in("Đã nhận được giấy báo, ông chờ.", waits=True) is Content.THANKS
    assert opinion_in("Ông chờ mãi mà chẳng thấy ai", waits=True) in {Content.NO, Content.NONE}


@pytest.mark.parametrize(
    "text",
    [
        "Em đọc rồi ạ, thế là rõ ràng rồi, nhưng bao giờ làm",
        "Thế là rõ ràng các anh không làm",
        "Vậy là xong à?",
        "Thế là rõ rồi, đường vẫn hỏng",
        "Được rồi, tôi hiểu, coi như tôi chưa hỏi",
        "Coi như xong, tôi chán rồi",
        "Được rồi, coi như việc này xong, còn việc cái cống thì sao",
        "Thôi coi như tôi xui",
        "Rất phấn khởi khi biết đường sẽ làm, mong Sở làm cả ngõ 9",
        "Rất vui khi biết đường sẽ làm và xin cho biết ngõ 9 có được làm",
        "Mừng vì đường sẽ làm mà cống thì bị tắc",
        "Bà con rất mừng khi nghe tin đường sẽ làm cả đoạn ngõ 12 nhà tôi",
        "Phấn khởi vì được hứa lần thứ ba",
        "Rất mừng vì Sở sẽ không làm",
        "Phấn khởi khi biết đường sẽ làm. Tổ 9 hỏng 3 cột đèn.",
        "Cảm ơn Sở. Người gây ra là Nguyễn Văn Ba",
        "Cảm ơn sự im lặng của Ban",
        "Vui gì nổi khi đường sẽ làm mà năm nào cũng hứa",
        "Cảm ơn Sở. Gia đình tôi mừng vì đường sẽ làm, song nhà số 8 bị nứt tường do xe tải",
        "Thế là xong, tiền thuế của dân đổ sông đổ bể",
        "Coi như việc này xong nếu tháng 11 các anh làm thật",
        "Tôi hiểu, nhưng coi như xong sao được khi kinh phí chưa nói",
        "Khép lại việc này thì ai chịu trách nhiệm",
        "Thắc mắc của tôi đã được giải đáp một nửa",
        "Cảm ơn công ty, nước mạnh lại được một hôm rồi yếu",
        "Cảm ơn, đường sửa chữa kiểu này thì chịu",
    ],
)
@pytest.mark.parametrize("waits", [True, False])
def test_who_is_glad_and_says_more_is_read_by_a_person(text: str, waits: bool) -> None:
    for said in (text, strip_marks(text)):
        assert opinion_in(said, waits=waits) in {Content.NO, Content.NONE}


def test_a_matter_that_is_over_while_nothing_is_answered_is_no_thanks() -> None:
    assert opinion_in("Được rồi, coi như việc này xong nhé", waits=True) is Content.NONE
    for text in ("Thôi tôi không hỏi nữa, phường đã giải quyết xong rồi, cảm ơn.", "Cảm ơn, đóng câu hỏi giúp tôi"):
        assert opinion_in(text) is Content.THANKS
        assert opinion_in(text, waits=True) is Content.NONE


SAID = (
    "Tôi hỏi thêm một câu mới: mẹ tôi 82 tuổi được hưởng trợ cấp bao nhiêu?",
    "cho e hoi viec khac a, lam can cuoc o dau",
    "Nay xin hỏi một việc khác hẳn, không liên quan câu trước: con tôi học trường nào?",
    "Cho tôi hỏi một việc khác: sao lại chuyển bến xe ra xa thế, bao giờ chuyển lại?",
    "Dạ con cảm ơn. Cho con hỏi chuyện khác: má con muốn đổi thẻ BHYT thì làm sao?",
    "Ban cho tôi gửi thêm một câu hỏi mới, việc khác với câu đã trả lời: bao giờ làm cống?",
)
PASSED_OVER = (
    "Nhân tiện cho em hỏi luôn, mất giấy khai sinh thì xin lại ở đâu ạ?",
    "Sẵn cho con hỏi, làm thẻ bảo hiểm y tế ra đâu",
    "Tôi có câu hỏi khác gửi Sở Y tế, bao giờ có?",
    "Tôi hỏi việc khác cơ, bao giờ trả lời đúng?",
    "Con tôi hỏi chuyện khác thì nộp ở đâu?",
    "Tôi xin hỏi thêm một việc khác tháng trước, bao giờ có?",
    "Tôi muốn hỏi câu khác đã gửi đến đâu rồi?",
    "Tôi hỏi thêm một việc: giấy tờ phải công chứng ở đâu?",
)
OLD = (
    "Tôi hỏi một đằng Sở trả lời việc khác, như thế nào là trả lời?",
    "Cho tôi hỏi thêm về việc này: giấy tờ có phải công chứng không?",
    "Nhân đây cho tôi hỏi rõ thêm: trong câu trả lời nói nộp ở một cửa, thứ bảy có làm việc không?",
    "Tôi bổ sung: ổ gà to nhất ở trước số 7.",
    "Đây không phải câu hỏi mới, bao giờ các anh trả lời câu cũ?",
    "Nhân tiện báo để Sở biết nước lại dâng.",
    "Bao giờ thì tôi có trả lời?",
    "Tôi không có câu hỏi khác, chỉ hỏi bao giờ sửa?",
    "Đây có phải là câu hỏi mới đâu mà bắt tôi khai lại, bao giờ sửa?",
    "Ban gửi nhầm câu hỏi khác cho tôi, bao giờ có câu của tôi?",
    "Hàng xóm tôi hỏi việc khác mà được trả lời, còn tôi thì bao giờ?",
    "Câu hỏi khác của tôi về rác sao chưa thấy gì?",
    "Sở trả lời hoàn toàn không liên quan, bao giờ mới trả lời đúng?",
    "Có phải câu mới đâu, bao giờ các anh làm?",
    "cau hoi khac cua toi bao gio co",
    "Tôi không muốn hỏi câu mới, chỉ hỏi khi nào làm?",
    "Sở chuyển nhầm sang câu hỏi khác rồi, khi nào chuyển lại?",
)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        *((text, Begins.SAID) for text in SAID),
        *((text, Begins.PASSED_OVER) for text in PASSED_OVER),
        *((text, Begins.NO) for text in OLD),
    ],
)
def test_what_begins_something_new_says_so_and_asks(text: str, begins: Begins) -> None:
    assert begins_new(text) is begins


def test_what_stands_before_the_new_question_is_the_old_one_s() -> None:
    text = "Tôi bổ sung: ổ gà ở trước số 7. Nước sâu. Tôi hỏi thêm một câu mới: mẹ tôi 82 tuổi được hưởng gì? Cảm ơn."
    assert before_the_new(text) == "Tôi bổ sung: ổ gà ở trước số 7.\nNước sâu."
    assert before_the_new("Nhân tiện cho tôi hỏi đổi bằng lái ở đâu?") == ""


def test_words_of_weight_tie_a_text_to_what_was_asked() -> None:
    asked = "Đường Trường Chinh nhiều ổ gà, bao giờ sửa?"
    assert shares_matter("Nhân tiện cho hỏi ổ gà ấy ai làm ra?", asked)
    assert not shares_matter("Nhân tiện cho hỏi mất giấy khai sinh thì xin lại ở đâu?", asked)

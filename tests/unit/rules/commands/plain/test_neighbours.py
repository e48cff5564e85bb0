"""Orders in the words of a stranger, and sentences like them that order nothing."""

from __future__ import annotations

from datetime import date

import pytest

from rules.commands.commands import read_commands
from rules.decide.officer.rulings import BY_SOUND

NONE = {"unread", "no_order", "misnumbered", "note", "status"}


def verbs(case: str, text: str) -> list[str]:
    at_hand = "" if case == "desk" else "HP-2026-000123"
    found = read_commands(text, on=date(2026, 10, 6), unread=True, at_hand=at_hand, case=case, fits=BY_SOUND[case])
    return [one.verb for one in found if one.verb not in NONE and (one.unit or one.verb != "forward")]


@pytest.mark.parametrize(
    ("case", "text", "verb"),
    [
        ("extension", "Không đồng ý, cho đến 25/10 thôi", "extend"),
        ("review", "CATP trả lời câu này nhé, chuyển họ luôn hôm nay, dân gọi lên hai lần rồi", "forward"),
        ("review", "Chuyển SNNMT, nhờ Sở phối hợp UBND phường Kiến An xác minh tại chỗ rồi hãy trả lời.", "forward"),
        (
            "review",
            "Không phải câu hỏi đâu em, bác ấy gửi nhầm thư định gửi cho con gái. Bỏ qua thư này.",
            "not_a_question",
        ),
        ("review", "Để em nhận xử lý câu này, ghi tên em vào sổ luôn. Em ký nhận ạ.", "sign"),
        ("review", "Chuyển SXD, anh Dũng hỏi rồi", "forward"),
        (
            "extension",
            "Chấp thuận đề nghị gia hạn của Sở Nông nghiệp và Môi trường. Yêu cầu Sở trả lời đúng hạn mới.",
            "extend",
        ),
        ("review", "Công dân hỏi chuyện cống rãnh: chuyển SXD", "forward"),
        ("review", "Bà con phản ánh: nước yếu. Chuyển Công ty Cấp nước.", "forward"),
        ("review", "Không phải việc của Cấp nước đâu, hệ thống đoán nhầm rồi. Gởi Sở Xây dựng.", "forward"),
        ("review", "Cống là của Sở Xây dựng, gửi về đó.", "forward"),
        ("extension", "Sở Xây dựng: gia hạn đến 28/10", "extend"),
        ("extension", "Gia hạn tới 28/10/2026, nhưng nhắn rõ đây là lần cuối.", "extend"),
        ("extension", "Họ còn phải chờ kết quả khảo sát. Cho thêm đến 26/10.", "extend"),
        ("extension", "Không đồng ý, yêu cầu trả lời trước 20/10", "return"),
        ("held_unit", "Bà con đợi cả tháng nay. Em chuyển nguyên văn cho người hỏi.", "unit_answer"),
        ("review", "Dạ em coi kỹ rồi á. Vụ này bên Sở Xây dựng lo, mình gởi qua bển nghen anh.", "forward"),
        ("review", "hop ca chieu, gio moi doc mail. HP-2026-000123 cho ve sxd nhe e, sr de e doi", "forward"),
        ("held_unit", "Đề nghị gửi trả lời này cho công dân ngay trong sáng nay", "unit_answer"),
        ("extension", "đồng ý gia hạn cho bên điện lực đến ngày hai mươi tám tháng mười", "extend"),
        ("extension", "tu choi cho lui han nhe, nuoc yeu ca thang roi, dan keu lam", "refuse_extension"),
        ("held_unit", "bao da nhan thoi em a, cho van ban sau", "unit_received"),
        ("desk", "Nhắc Sở Xây dựng trả lời HP-2026-000124 giúp em, anh Dũng hỏi rồi", "remind_unit"),
    ],
)
def test_orders(case: str, text: str, verb: str) -> None:
    assert verbs(case, text) == [verb]


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("review", "sở công thươg trả lời câu trước rồi"),
        ("review", "CATP trả lời câu này nhé, chuyển họ luôn hôm nay, dân gọi lên hai lần rồi mà chị chưa quyết"),
        ("review", "CATP trả lời câu này chứ, chuyển họ luôn, dân chưa gọi thì thôi"),
        ("review", "CATP trả lời câu này nhé, chuyển họ luôn hôm nay, họ không nhận đâu"),
        ("review", "CATP hay SXD trả lời câu này, chuyển họ luôn hôm nay, dân gọi lên hai lần rồi"),
        ("review", "Chuyển họ luôn hôm nay, dân gọi lên hai lần rồi"),
        ("review", "CATP trả lời rồi, chuyển họ luôn hôm qua, dân gọi lên hai lần rồi"),
        ("review", "CATP trả lời câu này à, chuyển họ luôn hôm nay, dân gọi lên hai lần rồi"),
        ("review", "chờ CATP trả lời đã, chuyển họ luôn cũng được, dân gọi lên hai lần rồi"),
        ("review", "Chuyển SNNMT thì phải xác minh tại chỗ rồi hãy trả lời chị"),
        ("review", "Chuyển SNNMT, để chị xác minh tại chỗ rồi hãy trả lời"),
        ("review", "Chuyển SNNMT xong rồi, họ đang xác minh"),
        ("review", "Chuyển SNNMT hay không thì xác minh tại chỗ rồi hãy trả lời"),
        ("review", "Xem kỹ rồi hãy chuyển SNNMT"),
        ("review", "Hỏi anh Lâm rồi hãy chuyển SNNMT"),
        ("review", "Chờ phường xác minh tại chỗ rồi hãy chuyển SNNMT trả lời"),
        ("review", "Nếu chuyển SNNMT, nhờ Sở xác minh tại chỗ rồi hãy trả lời"),
        ("review", "Chuyển SNNMT, kiểm tra lại rồi mới chuyển"),
        ("review", "Chuyển SNNMT nhé, à khoan, xác minh rồi hãy trả lời"),
        ("review", "Không phải câu hỏi đâu à, bác ấy gửi nhầm thư?"),
        ("review", "Bác ấy gửi nhầm thư thì bỏ qua"),
        ("review", "Không phải câu hỏi của phường đâu em, bác ấy gửi nhầm, chuyển SXD mới đúng"),
        ("review", "Chắc không phải câu hỏi đâu em, bác ấy gửi nhầm thư"),
        ("review", "Bác ấy gửi nhầm thư, hỏi lại xem có phải câu hỏi không"),
        ("review", "Chưa biết có phải câu hỏi không, bác ấy gửi nhầm thư định gửi cho con"),
        ("review", "Không phải câu hỏi thì bỏ qua thư này"),
        ("review", "Chị gửi nhầm, không phải câu hỏi này, câu kia cơ"),
        ("review", "Không phải bác ấy gửi nhầm thư đâu"),
        ("review", "Em bấm nhầm, không phải câu hỏi mà là câu hỏi thật"),
        ("review", "Để em hỏi lại rồi em ký nhận ạ"),
        ("review", "Để em nhận xử lý thì sợ không kịp, ký nhận sau nhé"),
        ("review", "Để em xem đã rồi ký nhận"),
        ("review", "Để chị Lan nhận xử lý câu này"),
        ("review", "Ai ký nhận câu này đấy"),
        ("review", "Để mai em ký nhận"),
        ("review", "Đừng ký nhận vội, để em làm"),
        ("review", "Em chưa ký nhận đâu ạ, để em xử lý"),
        ("review", "Chuyển SXD, anh Lâm chuyển rồi"),
        ("review", "Chuyển SXD, anh Dũng hỏi rồi à"),
        ("review", "Chuyển SXD chưa, anh Dũng hỏi rồi"),
        ("review", "Định chuyển SXD, anh Dũng hỏi rồi"),
        ("review", "Chuyển SXD, anh Dũng chưa đồng ý"),
        ("review", "Chuyển SXD, anh Dũng nhắc rồi đừng chuyển"),
        ("review", "Đã chuyển SXD, anh Dũng đồng ý rồi"),
        ("review", "Chuyển SXD, chị Hạnh ký rồi"),
        ("review", "Chuyển SXD, anh Dũng đồng ý thì"),
        ("review", "Anh Dũng hỏi rồi"),
        ("desk", "Nhắc Sở Xây dựng HP-2026-000124 rồi, anh Dũng hỏi rồi"),
        ("desk", "Anh Dũng nhắc Sở Xây dựng câu HP-2026-000124 rồi"),
        ("desk", "Đừng nhắc Sở Xây dựng trả lời HP-2026-000124, anh Dũng hỏi rồi"),
        ("desk", "Nhắc Sở Xây dựng trả lời HP-2026-000124 chưa, anh Dũng hỏi đấy"),
        ("desk", "Mai nhắc Sở Xây dựng trả lời HP-2026-000124, anh Dũng hỏi rồi"),
        ("extension", "Chấp thuận đề nghị gia hạn của Sở hay không thì để chị hỏi"),
        ("extension", "Đã chấp thuận đề nghị gia hạn của Sở Nông nghiệp và Môi trường câu trước"),
        ("extension", "Có chấp thuận đề nghị gia hạn của Sở không chị?"),
        ("extension", "Chấp thuận đề nghị gia hạn của Sở là hơi dễ quá"),
        ("extension", "Đề nghị gia hạn của Sở, chị xem chấp thuận được không"),
        ("extension", "Nếu chấp thuận đề nghị gia hạn của Sở thì phải báo dân"),
        ("extension", "Chắc chấp thuận đề nghị gia hạn của Sở thôi, mai chốt"),
        ("extension", "Sở xin lùi đến ngày hai mươi tám tháng mười"),
        ("extension", "đồng ý gia hạn cho bên điện lực đến ngày hai mươi tám tháng mười hay không chị"),
        ("extension", "đã gia hạn cho bên điện lực đến ngày hai mươi tám tháng mười"),
        ("extension", "họp ngày hai mươi tám tháng mười"),
        ("extension", "tu choi cho lui han co duoc khong"),
        ("extension", "co nen tu choi cho lui han khong"),
        ("extension", "chua tu choi cho lui han, de chi hoi"),
        ("extension", "dung tu choi cho lui han voi"),
        ("extension", "Sở yêu cầu trả lời đúng hạn mới được à"),
        ("extension", "Trả lời đúng hạn mới"),
        ("extension", "nhắc họ phải trả lời đúng hạn mới nhé"),
        ("held_unit", "báo đã nhận thôi mà em cứ chờ văn bản sao"),
        ("held_unit", "bao da nhan chua em"),
        ("held_unit", "ho bao da nhan roi a"),
        ("review", "Hỏi bác ấy xem chuyển SXD được không"),
        ("review", "Hỏi bà ấy làm gì, bà ấy có biết đâu"),
        ("review", "Hỏi ông ấy: ông ấy có nhận chủ trì phiên đối thoại không"),
        ("review", "Chờ hỏi bác ấy: nhà ở phường nào rồi mới chuyển"),
        ("review", "Cho về hưu từ năm ngoái rồi hỏi chế độ, Bảo hiểm chưa trả"),
        ("review", "Cho về Sở Công Thương hay giữ lại hả em"),
        ("review", "Cho về cũng được, để chị hỏi Sở Công Thương"),
        ("review", "Bác ấy xin cho về Sở Nội vụ làm việc"),
        ("review", "Chuyển SXD, dân gọi rồi, đợi anh Lâm"),
        ("review", "Chuyển SXD làm gì, báo chí gọi rồi"),
        ("review", "Chưa chuyển SXD, phường giục mãi"),
        ("review", "Chuyển SXD nhưng cử tri hỏi rồi"),
        ("review", "chuyen ben cong an, tru viec dang ky tam tru"),
        ("review", "đã chuyển SXD, dân gọi mãi"),
        ("extension", "cho bên ấy thêm người để làm cho xong"),
        ("extension", "cho bên đó đến họp ngày 12/10"),
        ("extension", "cho bên kia thêm hay không thì chị hỏi anh Dũng"),
        ("extension", "chưa cho bên ấy thêm ngày nào đâu"),
        ("extension", "đã cho bên ấy thêm đến 30/10 rồi"),
        ("extension", "đừng cho bên ấy thêm nữa đến 30/10"),
        ("extension", "nếu làm cho xong thì cho bên ấy thêm đến 30/10"),
        ("extension", "cho bên đó thêm đến bao giờ mới xong"),
        ("held_unit", "Mới báo đã tiếp nhận mà đã đòi lùi hạn à"),
        ("held_unit", "Sở chưa báo đã tiếp nhận"),
        ("held_unit", "Báo đã tiếp nhận chưa em"),
        ("held_unit", "Báo đã tiếp nhận nhưng chờ văn bản chính thức thì lâu quá, chị hỏi lại đã"),
        ("desk", "HP-2026-000124 tới bước nào thì chuyển Sở Y tế"),
        ("review", "Bác ấy đòi chuyển Sở Nội vụ"),
        ("review", "Công dân đề nghị chuyển Sở Xây dựng trả lời"),
        ("review", "Người hỏi muốn gửi Sở Y tế"),
        ("review", "đến lúc nào đó thì chuyển Sở Y tế"),
        ("review", "Người dân yêu cầu được chuyển Sở Tư pháp"),
        ("review", "Bà ấy muốn giao Công an thành phố"),
        ("review", "Họ đề nghị chuyển Sở Tài chính trả lời"),
        ("review", "Sở đề nghị chuyển Sở Tài chính"),
        ("review", "Ông ấy cứ đòi gửi Sở Nội vụ"),
        ("review", "Bác ấy nhờ chuyển Sở Y tế giúp"),
        ("review", "Phường xin chuyển Sở Xây dựng"),
        ("extension", "Sở đề nghị gia hạn đến 30/10"),
        ("extension", "Họ xin lùi đến 30/10"),
        ("extension", "Đơn vị muốn gia hạn đến 30/10 cho chắc"),
        ("held_unit", "Sở nhờ gửi dân giúp"),
        ("held_unit", "Họ muốn coi là câu trả lời"),
        ("review", "Bác ấy đòi đóng câu hỏi"),
        ("review", "Người hỏi đề nghị từ chối theo điểm h"),
        ("review", "Công dân đề nghị: chuyển SXD"),
        ("review", "Đọc rồi. Công dân đề nghị: chuyển SXD"),
        ("review", "Dân: chuyển SXD"),
        ("review", "Sở Y tế: chuyển SXD"),
        ("review", "Hổng gởi Sở Xây dựng nghen"),
        ("review", "Ổng đòi gởi Sở Xây dựng"),
        ("review", "Phường mà chưa vá thì chuyển Sở Xây dựng."),
        ("review", "Chuyển SXD, họ không nhận thì thôi"),
        ("review", "Sở Xây dựng lo việc này, Sở Y tế lo việc kia, gửi về đó."),
        ("desk", "Đến thứ Năm mà HP-2026-000124 vẫn im thì gia hạn cho họ sang 30/10."),
        ("desk", "HP-2026-000124: họ vẫn im thì gia hạn đến 30/10"),
        ("extension", "Công dân đề nghị: không gia hạn"),
        ("extension", "Sở Xây dựng xin: lùi đến 30/10"),
        ("extension", "Không đồng ý kéo dài đến 28/10, chỉ gia hạn đến 23/10 thôi."),
        ("extension", "Gia hạn đến 28/10, nhưng nói rõ là tôi chưa duyệt"),
        ("held_unit", "Sở gửi trả lời này cho công dân rồi"),
        ("held_unit", "Gửi trả lời đó cho công dân thì chết"),
        ("held_unit", "Đừng gửi trả lời này cho công dân"),
        ("held_unit", "Bà con đợi bản chính thức, gửi công dân sau"),
        ("held_unit", "Đợi câu trả lời khác. Em chuyển nguyên văn cho người hỏi."),
        ("held_unit", "Dân chờ lâu, nhưng đừng gửi công dân."),
        ("review", "Em coi chuyển SXD rồi á"),
        ("review", "chuyen sxd, doi e xem lai"),
    ],
)
def test_neighbours_order_nothing(case: str, text: str) -> None:
    assert verbs(case, text) == []


def test_a_unit_that_need_not_answer_gets_nothing() -> None:
    found = read_commands("Chuyển SXD, Sở Y tế khỏi phải trả lời nữa.", on=date(2026, 10, 6), unread=True)
    assert [(one.unit, one.supporting) for one in found] == [("SXD", ())]


def test_a_note_that_only_says_why_it_is_kept_is_the_whole_mail() -> None:
    mail = "Chỉ là lịch khảo sát của Sở. Ghi vào hồ sơ để biết."
    found = read_commands(
        mail,
        on=date(2026, 10, 6),
        unread=True,
        at_hand="HP-2026-000123",
        case="held_unit",
        fits=BY_SOUND["held_unit"],
    )
    assert [(one.verb, one.text) for one in found] == [("note", mail)]

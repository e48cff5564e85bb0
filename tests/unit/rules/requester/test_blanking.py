"""What a published text leaves out, and what it keeps."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.requester.names import initials, shown_requester
from rules.requester.own_data import people_with_data, private_sentences
from rules.requester.redaction import blanked, without_own, without_signature
from rules.values.model import Requester, RequesterKind

AN = Requester(
    RequesterKind.INDIVIDUAL, "Nguyễn Văn An", "Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng", "0912 000 111"
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Tôi là nguyen van an, ở so 5 duong truong chinh, phường Kiến An", "Tôi là N.V.A., ở [địa chỉ]"),
        ("gọi 0912.000.111 hoặc 0225 3842 777", "gọi [số điện thoại] hoặc [số điện thoại]"),
        ("thư an.rieng@dan.test nhé", "thư [thư điện tử] nhé"),
        ("trước nhà số 8/12 Nguyễn Trãi, phường Ngô Quyền", "trước [địa chỉ], phường Ngô Quyền"),
        ("Ông Ba ở số 18 ngõ 45 đường Cái Tắt kiện", "Ông Ba ở [địa chỉ] kiện"),
        ("số 12 đường trường chinh hỏng", "[địa chỉ] trường chinh hỏng"),
        ("CCCD 031085001234 và chứng minh thư của tôi là 031234567", None),
        ("số sổ 031 085 001 234", "số sổ [số giấy tờ]"),
        ("xe 15A-123.45, sinh năm 1960", "xe [biển số xe], sinh năm [ngày sinh]"),
        ("trang https://www.facebook.com/an.nguyen", "trang [trang cá nhân]"),
    ],
)
def test_personal_data_is_left_out(said: str, shown: str | None) -> None:
    text = blanked(said, AN)
    assert text == shown if shown is not None else text.count("[số giấy tờ]") == 2


@pytest.mark.parametrize(
    "said",
    [
        "Theo Quyết định số 1374/2016/QĐ-UBND ngày 13/7/2016, khoản 2 Điều 10",
        "Công văn 123/SXD-QLN ngày 05/10/2026 của Sở Xây dựng",
        "Tuyến cống ngõ 89 phố An Đà, phường Gia Viên ngập 40 cm từ tháng 8 năm 2026",
        "Tổng mức đầu tư 1.500.000.000 đồng, tức 1500000000 đồng, cho 3 tầng và 120 hộ",
        "Đường Trường Chinh đoạn qua phường Kiến An hư hỏng nặng",
        "Văn An là tên một làng",
    ],
)
def test_what_the_answer_is_about_stays(said: str) -> None:
    assert blanked(said, AN) == said


BINH = Requester(RequesterKind.INDIVIDUAL, "Trần Thị Bình", "Số 2 Cát Dài, phường Lê Chân", "0912 000 222")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("đoạn đường trước nhà bà Bình được sửa", "đoạn đường trước nhà bà T.T.B. được sửa"),
        ("Riêng trường hợp mẹ chị Bình đang điều trị", "Riêng trường hợp mẹ chị T.T.B. đang điều trị"),
        ("Bà Bình, bà BÌNH và gia đình Bình", "Bà T.T.B., bà T.T.B. và gia đình T.T.B."),
        ("Trả lời bà Bình: đúng vậy", "Trả lời bà T.T.B.: đúng vậy"),
        ("bà bình tĩnh chờ, cô bình luận", None),
        ("ông Bình Minh, bà Bình Thị Lan", None),
        ("phố Bà Bình, chợ Bà Bình", None),
        ("trung bình một tháng; hòa bình; Bình ga loại mới", None),
        ("bà Bính và chị Binh", None),
    ],
)
def test_the_given_name_behind_a_title_is_left_out(said: str, shown: str | None) -> None:
    once = blanked(said, BINH)
    assert once == (shown or said)
    assert blanked(once, BINH) == once


HUONG = Requester(RequesterKind.INDIVIDUAL, "Nguyễn Thị Thanh Hương", "Số 5/12 đường Trường Chinh, phường Kiến An")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Trả lời chị Thanh Hương: đúng", "Trả lời chị N.T.T.H.: đúng"),
        ("bà Nguyễn Thanh Hương, bà Thị Hương và BÀ THANH HƯƠNG", "bà N.T.T.H., bà N.T.T.H. và BÀ N.T.T.H."),
        ("Thanh Hương thân mến!\nKính gửi bà Thanh Hương", "N.T.T.H. thân mến!\nKính gửi bà N.T.T.H."),
        ("Bà Hương Giang, bà Lê Hương, phố Bà Thanh Hương", None),
        ("Thanh Hương là một làng; hương trầm thanh", None),
        ("bà sinh ngày 05 tháng 10 năm 1960, con sinh tháng 5 năm 1990", "bà sinh ngày @, con sinh tháng @"),
        ("nhà bà ở 5/12 Trường Chinh, tức số 5/12 Trường Chinh", "nhà bà ở #, tức #"),
        ("cống ngõ 5/12 Trường Chinh, trước 15/12 đường Trường Chinh", None),
    ],
)
def test_short_forms_of_name_birthday_and_house_are_left_out(said: str, shown: str | None) -> None:
    once = blanked(said, HUONG)
    assert once == (shown or said).replace("@", "[ngày sinh]").replace("#", "[địa chỉ]")
    assert blanked(once, HUONG) == once


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        (
            "Công ty TNHH Đông Á (người liên hệ: Nguyễn Văn An)",
            "Công ty TNHH Đông Á, sau đây là Công ty Đông Á, xin hỏi. Người liên hệ: nguyen van an (gặp anh An)",
            "C.T.T.Đ.Á., sau đây là C.T.Đ.Á., xin hỏi. Người liên hệ: N.V.A. (gặp anh N.V.A.)",
        ),
        (
            "vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình",
            "Tôi là Nguyễn Văn An, vợ là Trần Thị Bình. Trả lời bà Bình",
            "Tôi là N.V.A., vợ là T.T.B.. Trả lời bà T.T.B.",
        ),
        ("vo chong Nguyen Van An va Tran Thi Binh", "Trần Thị Bình và chồng", "T.T.B. và chồng"),
        ("Nguyễn Văn An (quận Lê Chân)", "Nguyễn Văn An ở Lê Chân", "N.V.A. ở Lê Chân"),
        ("Hộ ông Hồ Bá Nam", "Hồ Bá Nam hỏi về hộ ông Ba", "H.B.N. hỏi về hộ ông Ba"),
        ("Hợp tác xã Hồ Tây (giám đốc Lê Văn Tư)", "hồ Tây cạn, báo ông Lê Văn Tư", "hồ Tây cạn, báo ông L.V.T."),
    ],
)
def test_each_name_within_a_name_is_left_out(name: str, said: str, shown: str) -> None:
    kind = RequesterKind.ORGANISATION if name.startswith(("Công ty", "Hợp tác")) else RequesterKind.INDIVIDUAL
    asker = Requester(kind, name)
    assert blanked(said, asker) == shown
    assert blanked(shown, asker) == shown


def test_each_name_before_a_correction_is_left_out_too() -> None:
    asker = replace(AN, name="Nguyễn Thị Ân", formerly=("Nguyễn Văn An", "Công ty TNHH Đông Á"))
    said = "Nguyen Van An (ông An), nay là Nguyễn Thị Ân, của Công ty Đông Á, hỏi ông Ba"
    assert blanked(said, asker) == "N.V.A. (ông N.V.A.), nay là N.T.Â., của C.T.Đ.Á., hỏi ông Ba"
    signed = "Đường hỏng, bao giờ sửa?\n\nNguyễn Văn An"
    assert without_signature(blanked(signed, asker), asker) == "Đường hỏng, bao giờ sửa?"
    assert without_own(said, asker, "", "…") == "… (ông An), nay là …, của …, hỏi ông Ba"


@pytest.mark.parametrize("name", ["Trưng", "Công ty Bình"])
def test_an_organisation_and_a_lone_name_have_none(name: str) -> None:
    kind = RequesterKind.ORGANISATION if " " in name else RequesterKind.INDIVIDUAL
    assert blanked("bà Trưng, ông Bình", Requester(kind, name)) == "bà Trưng, ông Bình"


def test_who_shares_a_famous_name_does_not_hide_it() -> None:
    asker = Requester(RequesterKind.INDIVIDUAL, "Lê Văn Hồ")
    assert blanked("theo gương Bác Hồ, anh Hồ nên làm", asker) == "theo gương Bác Hồ, anh L.V.H. nên làm"


def test_a_sentence_on_the_askers_own_matters_is_found() -> None:
    own = "Riêng trường hợp mẹ chị T.T.B. đang điều trị tại khoa Nội, bệnh viện đã thu đúng giá."
    said = f"Sở Y tế trả lời: bệnh viện điều trị ngoài giờ từ 17 giờ. {own} Chào bà T.T.B. và gia đình."
    assert private_sentences(said) == (own,)
    assert private_sentences("Đường trước nhà bà T.T.B. được sửa. Bệnh viện điều trị mọi người.") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Con tôi là Nguyễn Gia Bảo, 8 tuổi, bị động kinh, học ở đâu?", 1),
        ("Cháu Bảo bị tự kỷ thì học lớp nào?", 1),
        ("Con trai tôi tên là: Trần Minh. Lớp 2 đông quá. Bao giờ có lớp cho cháu vì cháu khuyết tật?", 1),
        ("Bé gái Lê Thị Na ở xóm bị bạo hành, báo ai?", 1),
        ("Mẹ tôi là bà Trần Thị Hoa đang chạy thận, có thẻ bảo hiểm không?", 1),
        ("Trẻ em tiêm chủng ở đâu, trẻ mắc bệnh có được hoãn không?", 0),
        ("Con tôi 8 tuổi bị động kinh, học ở đâu?", 0),
        ("Con Tôi bị động kinh thì học Trường nào?", 0),
        ("Cháu Nguyễn Gia Bảo tiêm chủng mũi 2 ở đâu?", 0),
        ("Cháu Nguyễn Gia Bảo học lớp hai. Các cháu mắc bệnh thì được nghỉ học.", 0),
        ("Bà con Hải Phòng mắc bệnh gì nhiều? Học sinh Trường Minh Khai bị bệnh.", 0),
        ("Bác sĩ Nguyễn Văn Minh điều trị cho trẻ em Hải Phòng.", 0),
    ],
)
def test_a_child_s_or_a_relative_s_illness_is_found_where_the_text_has_the_name(text: str, told: int) -> None:
    assert len(private_sentences(f"Hỏi: {text}\n\nSở trả lời: đã nhận.")) == told


def test_a_signature_of_nothing_but_what_was_left_out_goes() -> None:
    said = f"Đường hỏng, bao giờ sửa?\n\n{AN.name}\n{AN.address}\nĐT: 0912 000 111\n"
    assert without_signature(blanked(said, AN), AN) == "Đường hỏng, bao giờ sửa?"
    kept = "Tôi ở [địa chỉ].\nĐường trước [địa chỉ] hỏng từ lâu rồi"
    assert without_signature(kept, AN) == kept


def test_a_name_stands_by_consent_only() -> None:
    assert shown_requester(AN, True, "phường Kiến An") == "Nguyễn Văn An, phường Kiến An"
    assert (
        shown_requester(AN, None, "phường Kiến An")
        == shown_requester(AN, False, "phường Kiến An")
        == "N.V.A., phường Kiến An"
    )
    assert shown_requester(Requester(), None, "") == "Người hỏi"
    assert "Hoa Mai" not in shown_requester(Requester(RequesterKind.ORGANISATION, "Công ty TNHH Hoa Mai"), None, "")
    assert initials("Đỗ  Thị-Ánh") == "Đ.T.Á."


@given(st.text(st.sampled_from("số nhà 0123456789/.-@ ngõ đường Trường A\n"), max_size=300))
def test_blanking_twice_is_blanking_once_and_any_text_is_taken(said: str) -> None:
    once = blanked(said, AN)
    assert blanked(once, AN) == once


@pytest.mark.wide
@pytest.mark.parametrize("piece", ["a", "a.a.", "1 ", "số 1 ngõ 1 ", "số nhà 1/1/", "a@a.", "0912 ", "[địa chỉ]\n"])
def test_no_text_takes_long(piece: str) -> None:
    """60,000 characters took half a minute before the patterns had limits."""
    said = piece * (60_000 // len(piece))
    start = time.process_time()
    without_signature(blanked(said, AN), AN)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Bác là Lê Văn Tư, 20 Hàng Kênh, phường Lê Chân.", 1),
        ("Hỏi: ông Trịnh Văn Bảy, 15 Dư Hàng, hỏi lịch thu rác.", 1),
        ("Hỏi: bà Đỗ Thị Hoa, đt [số điện thoại], hỏi lịch thu rác.", 1),
        ("Nhà số 20 đường Nguyễn Đức Cảnh, tổ 5, phường An Biên ngập.", 0),
        ("Vỉa hè Lê Hồng Phong, phường Hải An hỏng. Đường Lê Hồng Phong, tổ 5 cũng vậy.", 0),
        ("Nguyễn Đức Thọ, Phó Giám đốc. Ông Lê Văn Tư, 70 tuổi, được trợ cấp.", 0),
        ("Bà T.T.B., [địa chỉ], hỏi: Theo Nghị định, 15 ngày làm việc.", 0),
    ],
)
def test_a_full_name_with_a_home_or_telephone_is_found(text: str, told: int) -> None:
    assert len(people_with_data(text)) == told

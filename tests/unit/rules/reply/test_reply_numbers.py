"""Register numbers and document numbers, signers, and the units that a text names."""

from datetime import date

import pytest

from rules.reply.details import Signer, document_number, signer
from rules.reply.unit_names import UnitNames, unit_names
from rules.text import squash, strip_marks
from rules.values.data_file import load_units
from rules.values.model import Attachment, Mailbox, ParsedMail
from rules.values.register_number import register_numbers


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("HP-2026-000123", True),
        ("hp-2026-000123", True),
        ("HP 2026 000123", True),
        ("HP-2026-123", True),
        ("HP/2026/000123", True),
        ("HP–2026–000123", True),
        ("HP_2026_000123", True),
        ("HP.2026.000123", True),
        ("HP2026-000123", True),
        ("HP2026000123", True),
        ("[HP-2026-000123] Đề nghị", True),
        ("(HP-2026-000123)", True),
        ("câu HP - 2026 - 000123, xin", True),
        ("HP-2026-000123.", True),
        ("Trả lời HP-2026-000123.pdf", True),
        ("HP-2026-000123_signed.pdf", True),
        ("12_SXD_HP-2026-000123.pdf", True),
        ("TraLoi_HP2026000123_signed.pdf", True),
        ("", False),
        ("HP-26-123", False),
        ("SHP-2026-000123", False),
        ("HP-2026", False),
        ("HP-2026-1234567", False),
        ("doithoai+HP-2026-000123@tp.test", False),
        ("an_HP-2026-000123_b@tp.test", False),
    ],
)
def test_register_number(text: str, there: bool) -> None:
    assert register_numbers(text, "HP") == (("HP-2026-000123",) if there else ())


def test_several_register_numbers_keep_their_order() -> None:
    assert register_numbers("HP-2026-000124, hp-2026-123 và HP-2026-124", "HP") == (
        "HP-2026-000124",
        "HP-2026-000123",
    )


def mail(*attachments: Attachment) -> ParsedMail:
    return ParsedMail("0" * 64, 1, "", "", (Mailbox("", "a@b.test"),), attachments=attachments)


def file(name: str, text: str = "") -> Attachment:
    return Attachment(name, "application/pdf", 1, "0" * 64, 1, text)


LETTER = """ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ XÂY DỰNG                                       Độc lập - Tự do - Hạnh phúc
Số: 123/SXD-QLN                                   Hải Phòng, ngày 25 tháng 11 năm 2026
V/v trả lời câu hỏi HP-2026-000123

Kính gửi: Ban Biên tập Cổng thông tin điện tử
Thực hiện Công văn số 55/CTTĐT-BBT của Ban Biên tập, căn cứ Nghị định số 30/2020/NĐ-CP,
Sở trả lời như sau: được miễn phép.

Nơi nhận:                                         KT. GIÁM ĐỐC
- Như trên;                                       PHÓ GIÁM ĐỐC
- Lưu: VT, QLN.
                                                  (Đã ký)

                                                  Trần Thị Bích Ngọc
"""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Số: 123/SXD-QLN", "123/SXD-QLN"),
        ("Số 123/SXD-QLN ngày 25/11/2026", "123/SXD-QLN"),
        ("Số:  45 / UBND-VP", "45/UBND-VP"),
        ("Sở trả lời tại Công văn số 123/SXD-QLN ngày 25/11/2026 (kèm theo).", "123/SXD-QLN"),
        ("Xin gửi văn bản số: 7/BC-SNV", "7/BC-SNV"),
        ("SỐ: 1204/SNNMT-ĐĐ", "1204/SNNMT-ĐĐ"),
        ("Theo Nghị định số 30/2020/NĐ-CP và Luật số 31/2024/QH15 thì được.", ""),
        ("Căn cứ công văn số 55/CTTĐT-BBT của Ban Biên tập, Sở trả lời.", ""),
        ("Trả lời công văn số 55/VP-TH của Văn phòng: được.", ""),
        ("Sở đã có tờ trình số 388/TTr-SXD ngày 29/9/2026 xin bố trí 4 tỷ đồng.", ""),
        ("Sở đã gửi công văn số 3310/SXD-QLN đề nghị Sở Tài chính thẩm định.", ""),
        ("Sở đã có công văn số 3310/SXD-QLN trả lời ông.", "3310/SXD-QLN"),
        ("Số:      /SXD-QLN", ""),
        ("Số nhà 12/5 phố Lạch Tray", ""),
        (LETTER, "123/SXD-QLN"),
    ],
)
def test_document_number_in_the_text(text: str, wanted: str) -> None:
    assert document_number(mail(), text) == wanted


@pytest.mark.parametrize(
    ("attachment", "wanted"),
    [
        (file("tra loi.pdf", LETTER), "123/SXD-QLN"),
        (file("123_SXD-QLN.signed.pdf"), "123/SXD-QLN"),
        (file("CV 123 SXD-QLN.pdf"), "123/SXD-QLN"),
        (file("123.SXD.QLN_signed.pdf"), "123/SXD-QLN"),
        (file("tra loi HP-2026-000123.pdf"), ""),
        (file("anh 1.jpg"), ""),
    ],
)
def test_document_number_of_an_attachment(attachment: Attachment, wanted: str) -> None:
    assert document_number(mail(attachment), "") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (LETTER, Signer("Trần Thị Bích Ngọc", "Phó Giám đốc")),
        ("Trân trọng,\nNguyễn Văn An\nPhó Giám đốc Sở Xây dựng", Signer("Nguyễn Văn An", "Phó Giám đốc")),
        ("Nội dung.\nGIÁM ĐỐC\n(Đã ký)\nNguyễn Văn An", Signer("Nguyễn Văn An", "Giám đốc")),
        ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nPhạm Văn Bình", Signer("Phạm Văn Bình", "Chủ tịch")),
        ("TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG\nĐỗ Thị Hoa", Signer("Đỗ Thị Hoa", "Chánh Văn phòng")),
        ("Người ký: Nguyễn Văn An - Phó Giám đốc", Signer("Nguyễn Văn An", "Phó Giám đốc")),
        ("Người ký: Phó Giám đốc Nguyễn Văn An", Signer("Nguyễn Văn An", "Phó Giám đốc")),
        ("Ký bởi: Lê Thị Thu Hà, Chánh Thanh tra", Signer("Lê Thị Thu Hà", "Chánh Thanh tra")),
        ("Trân trọng.\nPhó Giám đốc: Lê Văn Cường", Signer("Lê Văn Cường", "Phó Giám đốc")),
        ("KT. GIAM DOC\nPHO GIAM DOC\nTran Thi Binh", Signer("Tran Thi Binh", "Phó Giám đốc")),
        ("GIÁM ĐỐC\nNGUYỄN VĂN AN", Signer("Nguyễn Văn An", "Giám đốc")),
        ("Trân trọng.\nPhó Giám đốc Sở Nguyễn Văn Hùng", Signer("Nguyễn Văn Hùng", "Phó Giám đốc")),
        ("Giám đốc Sở Y Tế\nTrần Văn Bình", Signer("Trần Văn Bình", "Giám đốc")),
        ("GIÁM ĐỐC SỞ Y TẾ\nTRẦN VĂN BÌNH", Signer("Trần Văn Bình", "Giám đốc")),
        ("Giám đốc Sở Giáo Dục Và Đào Tạo\nTrần Văn Bình", Signer("Trần Văn Bình", "Giám đốc")),
        ("Trân trọng,\nNguyễn Văn An\nChuyên viên văn thư", Signer()),
        ("Kính gửi Giám đốc Sở Xây dựng,\nTôi hỏi về sổ đỏ.", Signer()),
        ("", Signer()),
    ],
)
def test_signer(text: str, wanted: Signer) -> None:
    assert signer((text,)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Sở Nông nghiệp và Môi trường", "SNNMT"),
        ("Sở NN&MT", "SNNMT"),
        ("sở nnmt", "SNNMT"),
        ("Sở Tài nguyên và Môi trường", "SNNMT"),
        ("Sở Giao thông vận tải", "SXD"),
        ("Sở GD-ĐT", "SGDDT"),
        ("Sở Giáo dục & Đào tạo", "SGDDT"),
        ("Sở VH,TT&DL", "SVHTTDL"),
        ("Sở LĐTBXH", "SNV"),
        ("Công an TP", "CATP"),
        ("UBND phường Hải An", "UBND_HAIAN"),
        ("UBND P. Hải An", "UBND_HAIAN"),
        ("Uỷ ban nhân dân xã Kiến Thụy", "UBND_KIENTHUY"),
        ("Văn phòng UBND thành phố", "VPUB"),
        ("Điện lực Hải Phòng", "DIENLUC"),
        ("SXD", "SXD"),
        ("UBND_HAIAN", "UBND_HAIAN"),
        ("Bộ Xây dựng", ""),
    ],
)
def test_a_unit_by_its_names(text: str, wanted: str) -> None:
    names = unit_names(load_units())
    for form, bare in ((text, False), (strip_marks(text), True)):
        found = names.find(squash(f"đề nghị chuyển {form} trả lời"), bare=bare)
        assert [names.resolve(one.codes, date(2026, 11, 20)) for one in found] == ([wanted] if wanted else [])


@pytest.mark.parametrize("text", ["sở nnmt", "sở nn và mt", "sở n.n. & m.t."])
def test_initials_pass_over_the_word_and(text: str) -> None:
    names = UnitNames({"SNNMT": load_units()["SNNMT"]}, {})
    assert [one.codes for one in names.find(text, bare=False)] == [("SNNMT",)]


def test_a_unit_of_former_days() -> None:
    names = unit_names(load_units())
    (found,) = names.find(squash("Sở Xây dựng"), bare=False)
    assert names.resolve(found.codes, date(2020, 1, 1)) == "SXD_2016"
    assert names.resolve(found.codes, date(2026, 1, 1)) == "SXD"

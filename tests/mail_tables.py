"""Tables of mails as people write them (id, writer, context, text, expect, note); imports no room."""

import csv
from dataclasses import dataclass
from pathlib import Path

ASKED = {
    "SXD": "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?",
    "SNNMT": "Tôi nộp hồ sơ xin cấp sổ đỏ từ tháng 3. Xin hỏi Sở Nông nghiệp và Môi trường thời hạn bao nhiêu ngày?",
    "SYT": "Bệnh viện Việt Tiệp khám ngoài giờ khi nào, giá khám theo yêu cầu bao nhiêu? Đề nghị Sở Y tế trả lời.",
    "SGDDT": "Trường tiểu học thu tiền học thêm có đúng không? Đề nghị Sở Giáo dục và Đào tạo trả lời.",
    "STC": "Đăng ký hộ kinh doanh thì hồ sơ gồm những gì, lệ phí bao nhiêu? Xin hỏi Sở Tài chính.",
    "SCT": "Cây xăng bán hàng ngắt quãng, chợ tăng giá. Đề nghị Sở Công Thương cho biết kiểm tra thế nào?",
    "STP": "Tôi muốn xin trích lục khai sinh cho con thì làm thủ tục ở đâu? Đề nghị Sở Tư pháp hướng dẫn.",
    "SNV": "Lịch thi tuyển công chức năm nay thế nào, hồ sơ gồm những gì? Đề nghị Sở Nội vụ cho biết.",
    "BHXH": "Tôi đóng bảo hiểm xã hội được 9 năm, nay muốn rút bảo hiểm xã hội một lần thì thủ tục thế nào?",
    "CAPNUOC": "Nước máy nhà tôi chảy yếu cả tháng nay, Công ty Cấp nước Hải Phòng bao giờ khắc phục?",
    "DIENLUC": "Khu nhà tôi mất điện liên tục, điện lực Hải Phòng cho hỏi bao giờ thay trạm biến áp?",
    "THUE": "Tôi bán hàng ăn nhỏ thì kê khai, nộp thuế hộ kinh doanh thế nào? Xin hỏi Thuế thành phố Hải Phòng.",
    "SVHTTDL": "Quán karaoke mở quá giờ thì xử lý ra sao? Đề nghị Sở Văn hóa, Thể thao và Du lịch trả lời.",
    "SKHCN": "Sóng điện thoại khu nhà tôi rất yếu, bao giờ có trạm mới? Đề nghị Sở Khoa học và Công nghệ trả lời.",
    "BQLKKT": "Người nước ngoài làm trong khu công nghiệp xin giấy phép lao động ở đâu? Hỏi Ban Quản lý Khu kinh tế.",
    "CATP": "Tôi mất căn cước, muốn cấp lại thì làm ở đâu, mất bao lâu? Đề nghị Công an thành phố hướng dẫn.",
}
DATA = Path(__file__).parent / "data"


def tables_of(writer: str, pattern: str = "human_mails*.tsv") -> tuple[str, ...]:
    """The names of the tables that have rows of such a writer: a new table is read without being named."""
    return tuple(path.name for path in sorted(DATA.glob(pattern)) if rows_of(path, writer))


@dataclass(frozen=True)
class Row:
    """A line of the table; ``id`` begins with the table's name, since several tables count alike."""

    id: str
    writer: str
    context: str
    text: str
    expect: tuple[str, ...]
    note: dict[str, str]


def rows_of(path: Path, writer: str) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        found = [
            one for one in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if one["writer"] == writer
        ]
    return [
        Row(
            f"{path.stem.removeprefix('human_mails_')}:{one['id']}",
            writer,
            one["context"],
            one["text"].replace("\\n", "\n"),
            tuple(one["expect"].split("|")),
            dict((part.strip() + "=").split("=", 2)[:2] for part in (one["note"] or "").split(";")),
        )
        for one in found
    ]

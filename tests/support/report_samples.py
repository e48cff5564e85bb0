"""Made-up inputs of the script, the reports and the register; see :mod:`tests.support.paper_samples`."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from daemon.documents.inputs import BodyAnswer, ScriptInput, ScriptQuestion, Task
from daemon.documents.report_inputs import (
    EvidenceInput,
    EvidenceRow,
    FieldFigures,
    Figures,
    HeldSession,
    PlannedSession,
    QuarterlyPlanInput,
    RegisterInput,
    ReportInput,
    ReviewInput,
    UnitFigures,
)
from daemon.papers.register_book import ON_PAPER, paper_cells
from db.core.tables import question
from rules.law.deadlines import question_due
from rules.law.profile_file import load_profile
from rules.law.working_days import load_calendar
from tests.support.paper_samples import BOARD, LEADERS, SESSION, due, issued

UNITS = (
    UnitFigures("Sở Nông nghiệp và Môi trường", 184, 151, 22, 11, 3),
    UnitFigures("Sở Xây dựng", 156, 119, 27, 10, 4),
    UnitFigures("Sở Y tế", 61, 58, 2, 1),
    UnitFigures("Sở Giáo dục và Đào tạo", 57, 52, 4, 1, 1),
    UnitFigures("Sở Nội vụ", 48, 45, 1, 2),
    UnitFigures("Công an thành phố", 44, 41, 2, 1),
    UnitFigures("Ủy ban nhân dân phường Lê Chân", 23, 18, 4, 1, 1),
    UnitFigures("Ủy ban nhân dân phường Kiến An", 19, 17, 1, 1),
)
FIELDS = (
    FieldFigures("Đất đai, môi trường", 171, 158, 4, 9),
    FieldFigures("Xây dựng, giao thông", 149, 134, 6, 9),
    FieldFigures("Y tế, bảo hiểm", 58, 56, 1, 1),
    FieldFigures("Giáo dục, đào tạo", 55, 53, 1, 1),
    FieldFigures("Lao động, người có công", 46, 43, 1, 2),
    FieldFigures("An ninh, trật tự, cư trú", 45, 42, 2, 1),
)
FIGURES = Figures(
    date(2026, 1, 1),
    date(2026, 6, 15),
    date(2026, 6, 12),
    UNITS,
    FIELDS,
    (
        HeldSession(date(2026, 3, 19), "unit", "Vệ sinh an toàn thực phẩm", "Giám đốc Sở Y tế", 64, 48, 15),
        HeldSession(date(2026, 5, 7), "city", "Cải cách thủ tục hành chính", "Chủ tịch UBND thành phố", 118, 71, 44),
    ),
)
ANSWER = (
    "Thời hạn cấp giấy chứng nhận lần đầu không quá 20 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ, không kể thời "
    "gian thực hiện nghĩa vụ tài chính.\nHồ sơ còn thiếu bản vẽ trích đo; đề nghị liên hệ bộ phận một cửa."
)


def script() -> ScriptInput:
    """Three entries in two fields, one asked by three people, one not answered yet."""
    land, building = "Đất đai", "Xây dựng"
    answer = BodyAnswer("Sở Nông nghiệp và Môi trường", ANSWER, "Nguyễn Thị Hồng Hạnh", "Giám đốc", "1234/SNNMT-QLĐĐ")
    permit = BodyAnswer(
        "Sở Xây dựng", "Nhà ở riêng lẻ dưới 7 tầng tại khu vực đã có quy hoạch chi tiết 1/500 được miễn giấy phép.",
        "Phạm Quốc Khánh", "Phó Giám đốc", "567/SXD-QLXD",
    )  # fmt: skip
    return ScriptInput(
        filing=issued(9, date(2026, 11, 23)),
        session=SESSION,
        leaders=LEADERS,
        plan="Kế hoạch số 05/KH-BBT ngày 10/11/2026",
        questions=(
            ScriptQuestion(
                "HP-2026-000123", land, "Cấp giấy chứng nhận quyền sử dụng đất",
                "Gia đình tôi nộp hồ sơ từ tháng 3/2026, đến nay chưa có kết quả. Xin hỏi thời hạn giải quyết?",
                "Ông Nguyễn Văn An, phường Lê Chân", "", (answer,),
            ),
            ScriptQuestion("HP-2026-000140", land, "", "Bao lâu thì có sổ đỏ?", same_as="HP-2026-000123"),
            ScriptQuestion("HP-2026-000151", land, "", "Hồ sơ cấp sổ bị chậm.", same_as="HP-2026-000140"),
            ScriptQuestion(
                "HP-2026-000131", land, "Tách thửa", "Diện tích tối thiểu để tách thửa đất ở là bao nhiêu?",
                "Bà Trần Thị Bích Ngọc, phường Kiến An",
            ),
            ScriptQuestion(
                "HP-2026-000129", building, "Cấp phép xây dựng", "Nhà ở 5 tầng có phải xin giấy phép xây dựng không?",
                "Công ty TNHH Ví Dụ", "", (permit,),
            ),
        ),
    )  # fmt: skip


def quarterly_plan() -> QuarterlyPlanInput:
    """A quarter with two sessions."""
    return QuarterlyPlanInput(
        filing=issued(21, date(2026, 12, 18)),
        year=2027,
        quarter=1,
        sessions=(
            PlannedSession(
                "unit", date(2027, 1, 14), "Tuyển sinh đầu cấp năm học 2027 - 2028", "Giám đốc Sở",
                "Sở Giáo dục và Đào tạo", date(2026, 12, 30), date(2026, 12, 31),
            ),
            PlannedSession(
                "city", date(2027, 3, 18), "Nhà ở xã hội", "Phó Chủ tịch UBND thành phố",
                "Sở Xây dựng", date(2027, 3, 3), date(2027, 3, 4),
            ),
        ),
        tasks=(
            Task("Văn phòng Ủy ban nhân dân thành phố", "Theo dõi, báo cáo.", date(2027, 3, 31)),
            Task("Trung tâm Thông tin và Truyền thông", "Chuẩn bị cơ sở vật chất, kỹ thuật, nhân lực."),
        ),
        notes=("Tháng 3 có phiên cấp thành phố nên không tổ chức phiên ở cấp dưới.",),
    )  # fmt: skip


def half_year_report() -> ReportInput:
    return ReportInput(
        filing=issued(14, date(2026, 6, 15)),
        annual=False,
        figures=FIGURES,
        addressee="Ủy ban nhân dân thành phố",
        results=("Toàn bộ câu trả lời được phê duyệt trước khi đăng trên Cổng thông tin điện tử thành phố.",),
        difficulties=("Một số câu hỏi liên quan nhiều đơn vị, việc phối hợp trả lời còn chậm.",),
        proposals=("Đề nghị Ủy ban nhân dân thành phố chỉ đạo các đơn vị còn câu hỏi quá hạn khẩn trương trả lời.",),
    )


def annual_report() -> ReportInput:
    return replace(
        half_year_report(),
        filing=issued(38, date(2026, 12, 15)),
        annual=True,
        figures=replace(FIGURES, last=date(2026, 12, 15), as_of=date(2026, 12, 14)),
    )


def review_pack() -> ReviewInput:
    return ReviewInput(
        filing=issued(40, date(2026, 12, 18)),
        figures=annual_report().figures,
        meeting_at=datetime(2026, 12, 22, 1, 0, tzinfo=UTC),
        place="Phòng họp số 1, trụ sở cơ quan thường trực Ban Biên tập",
        invited=("Các thành viên Ban Biên tập", "Lãnh đạo các Sở, ngành", "Lãnh đạo Ủy ban nhân dân các phường, xã"),
        agenda=(
            "Khai mạc, giới thiệu đại biểu.",
            "Báo cáo sơ kết.",
            "Thảo luận.",
            "Kết luận của Trưởng Ban Biên tập.",
        ),
        discussion=("Nguyên nhân trả lời chậm và biện pháp khắc phục.",),
        directions=("Mỗi quý rà soát bảng phân công lĩnh vực với các đơn vị.",),
    )


def evidence() -> EvidenceInput:
    """A unit with one late and one missing answer."""
    first, second = date(2026, 10, 5), date(2026, 10, 26)
    answered, as_of = date(2026, 10, 27), date(2026, 12, 14)
    rows = (
        EvidenceRow(
            "HP-2026-000071", "Ngập úng đường nội bộ khu dân cư", first, due(first), answered,
            (answered - due(first).on).days, (date(2026, 10, 21), date(2026, 10, 23)), "Chờ kiểm tra hiện trường",
        ),
        EvidenceRow(
            "HP-2026-000088", "Công trình xây dựng sai phép", second, due(second), None,
            (as_of - due(second).on).days, (date(2026, 11, 11), date(2026, 11, 13), date(2026, 11, 17)),
        ),
    )  # fmt: skip
    return EvidenceInput(
        issued(39, date(2026, 12, 15)),
        UnitFigures("Sở Xây dựng", 12, 10, 1, 1, 1),
        date(2026, 10, 1),
        date(2026, 12, 14),
        as_of,
        rows,
    )


def register(rows: int = 24) -> RegisterInput:
    """A register of several pages; every third question is answered."""
    columns = tuple(column.printed for column in ON_PAPER if column.printed)
    made = tuple(paper_cells(*register_row(number), UNIT_NAMES) for number in range(1, rows + 1))
    filing = issued(1, date(2026, 11, 30))
    return RegisterInput(filing, date(2026, 11, 1), date(2026, 11, 30), columns, made, "Bùi Thu Hà")


UNIT_NAMES = {"SNNMT": "Sở Nông nghiệp và Môi trường", "SXD": "Sở Xây dựng"}


def register_row(number: int, **other: Any) -> tuple[Any, Any]:
    """A question and its assignments as the database has them; ``other`` columns of the question in their place."""
    at = datetime(2026, 11, 2, 1, 15, tzinfo=UTC) + timedelta(hours=17 * number)
    forwarded = question_due("forward_no_session", at.date(), load_profile(), load_calendar()).on
    sent_on = datetime.combine(forwarded, time(3), UTC)
    answered = number % 3 == 0
    people = (
        ("Nguyễn Văn An", "individual", "12 phố Ví Dụ, phường Lê Chân", "an.nguyen@example.test"),
        ("Công ty TNHH Thương mại Ví Dụ", "organisation", "Lô A1, khu công nghiệp Mẫu", "vanphong@congtyvidu.test"),
        ("Trần Thị Bích Ngọc", "individual", "45 đường Mẫu, phường Kiến An", "ngoc.tran@example.test"),
    )
    asked = (
        ("Xin hỏi thời hạn cấp giấy chứng nhận quyền sử dụng đất; hồ sơ nộp từ tháng 3/2026.", "Đất đai", "SNNMT"),
        ("Đường nội bộ ngập sâu sau mưa, đề nghị cho biết kế hoạch cải tạo thoát nước.", "Hạ tầng đô thị", "SXD"),
        ("Thủ tục đổi thẻ bảo hiểm y tế khi chuyển nơi làm việc?", "Bảo hiểm y tế", "BHXH"),
        ("Điều kiện mua nhà ở xã hội tại phường Hồng Bàng?", "Nhà ở", "SXD"),
    )
    name, kind, address, email = people[number % 3]
    content, field, unit = asked[number % 4]
    values = {
        "code": f"HP-2026-{number:06d}", "number": number, "received_at": at, "channel": "email", "asker_name": name,
        "asker_kind": kind, "asker_address": address, "asker_phone": "0912 345 678", "asker_email": email,
        "subject": "", "content": content, "field": field, "kind": "question",
        "status": "answered" if answered else "forwarded", "missing": "",
        "answered_at": sent_on + timedelta(days=9) if answered else None,
        "outcome": "Đã trả lời" if answered else "Đang xử lý",
        "told_at": sent_on + timedelta(days=10) if answered else None,
        "link": f"haiphong.test/doithoai/{number}" if answered else "", "officer": "Bùi Thu Hà", "signed_at": None,
        "notes": "",
    }  # fmt: skip
    held = SimpleNamespace(
        unit=unit, role="lead", status="forwarded", forwarded_at=sent_on, due_on=due(forwarded).on, answered_at=None
    )
    return SimpleNamespace(**{**dict.fromkeys(question.c.keys(), ""), **values, **other}), [held]


__all__ = [
    "BOARD",
    "annual_report",
    "evidence",
    "half_year_report",
    "quarterly_plan",
    "register",
    "review_pack",
    "script",
]

"""Made-up inputs, one a kind of document: for the self-test, the pictures in ``docs/images`` and the tests.

Nobody in them exists; every date is counted by the rules.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from daemon.documents.inputs import (
    AskedQuestion,
    Filing,
    ForwardingInput,
    Leader,
    OpenQuestion,
    PlanInput,
    PortalNoticeInput,
    ProposalInput,
    Session,
    Step,
    Task,
    UrgingInput,
    articles_of,
    regulation_of,
)
from daemon.documents.model import Letterhead, Signature
from rules.law.deadlines import question_due, session_duties
from rules.law.profile_file import load_profile
from rules.law.working_days import load_calendar
from rules.values.model import CountedDate

SESSION_DAY = date(2026, 11, 26)
MAILBOX = "doithoai@haiphong.test"
BOARD = "Ban Biên tập Cổng thông tin điện tử thành phố"
CHAIR = Leader("Trần Văn Bình", "Phó Chủ tịch Ủy ban nhân dân thành phố")
LEADERS = (
    Leader("Nguyễn Thị Hồng Hạnh", "Giám đốc", "Sở Nông nghiệp và Môi trường"),
    Leader("Phạm Quốc Khánh", "Phó Giám đốc", "Sở Xây dựng"),
    Leader("Đỗ Mạnh Cường", "Chủ tịch Ủy ban nhân dân", "Phường Lê Chân"),
)
SESSION = Session(
    topic="Cấp giấy chứng nhận quyền sử dụng đất và trật tự xây dựng đô thị",
    start=datetime(2026, 11, 26, 1, 30, tzinfo=UTC),
    minutes=120,
    place="Phòng họp số 2, Trung tâm Hội nghị thành phố",
    chair=CHAIR,
)
MANNER = (
    "Trực tiếp tại địa điểm tổ chức và trực tuyến trên Cổng thông tin điện tử thành phố.",
    "Nội dung được đăng dưới hai hình thức: bài viết có hình ảnh và bản ghi hình có âm thanh.",
)


@cache
def filing() -> Filing:
    """The Board's letterhead and signature on the default profile; no number and no day yet."""
    profile = load_profile()
    return Filing(
        letterhead=Letterhead(
            "Ủy ban nhân dân\nthành phố Hải Phòng", "Ban Biên tập\nCổng thông tin điện tử", "BBT", "Hải Phòng"
        ),
        signature=Signature(("TRƯỞNG BAN",), "Lê Hoàng Nam"),
        regulation=regulation_of(profile),
        committee="Ủy ban nhân dân thành phố",
        board=BOARD,
        year=2026,
        articles=articles_of(profile),
    )


def issued(number: int, day: date) -> Filing:
    """The same with number and day."""
    return replace(filing(), number=number, issued_on=day, year=day.year)


def steps() -> tuple[Step, ...]:
    """The seven dated duties of Article 10 for the sample's session."""
    profile = load_profile()
    rules = {rule.id: rule for rule in profile.session_rules() if rule.basis == "text" and not rule.at_once}
    counted = session_duties(SESSION_DAY, profile, load_calendar())
    return tuple(Step(rules[one.rule].duty, one) for one in counted if one.rule in rules)


def due(forwarded: date) -> CountedDate:
    """The day by which a unit answers a question without session."""
    return question_due("answer_no_session", forwarded, load_profile(), load_calendar())


def answers_due() -> CountedDate:
    """The day by which units answer the questions of the sample's session (10.1.d)."""
    return {step.due.clause: step.due for step in steps()}["10.1.d"]


def proposal() -> ProposalInput:
    """Topic and chair of the sample's session."""
    return ProposalInput(
        filing=issued(2, date(2026, 11, 2)),
        session=SESSION,
        decides="Chủ tịch Ủy ban nhân dân thành phố",
        reasons=(
            "Trong 6 tháng qua, hơn một phần ba số câu hỏi gửi về Ban Biên tập thuộc lĩnh vực đất đai, xây dựng.",
            "Nhiều câu hỏi về thời hạn cấp giấy chứng nhận và xử lý công trình sai phép có nội dung giống nhau.",
        ),
        units=tuple(leader.body for leader in LEADERS),
    )


def plan() -> PlanInput:
    return PlanInput(
        filing=issued(5, date(2026, 11, 10)),
        session=SESSION,
        purpose=(
            "Giải đáp vướng mắc, kiến nghị của cá nhân, tổ chức, doanh nghiệp về cấp giấy chứng nhận quyền sử dụng "
            "đất và trật tự xây dựng đô thị.",
            "Nâng cao trách nhiệm giải trình của các cơ quan, đơn vị.",
        ),
        requirements=(
            "Câu trả lời rõ ràng, đúng pháp luật, đúng thời hạn; có họ tên, chức vụ người ký.",
            "Bảo đảm an toàn, an ninh thông tin; bảo vệ thông tin cá nhân của người hỏi.",
        ),
        manner=MANNER,
        leaders=LEADERS,
        coordination=(
            Task("Văn phòng Ủy ban nhân dân thành phố", "Theo dõi, đôn đốc các đơn vị trả lời câu hỏi.", SESSION_DAY),
            Task("Sở Nông nghiệp và Môi trường", "Trả lời câu hỏi về đất đai.", answers_due().on),
            Task("Sở Xây dựng", "Trả lời câu hỏi về cấp phép, trật tự xây dựng.", answers_due().on),
            Task("Trung tâm Thông tin và Truyền thông", "Chuẩn bị địa điểm, đường truyền, ghi hình.", SESSION_DAY),
        ),
        steps=steps(),
        proposal="Tờ trình số 02/TTr-BBT ngày 02/11/2026",
    )


def portal_notice() -> PortalNoticeInput:
    """The notice of the same session."""
    return PortalNoticeInput(
        filing=issued(7, date(2026, 11, 11)),
        session=SESSION,
        manner=MANNER,
        leaders=LEADERS,
        ways=(
            f"Gửi thư điện tử đến địa chỉ {MAILBOX}.",
            "Gọi điện thoại đến số 0225 3 000 000 trong giờ hành chính.",
            f"Gửi thư đến {BOARD}, số 1 đường Ví Dụ, phường Hồng Bàng, thành phố Hải Phòng.",
        ),
        plan="Kế hoạch số 05/KH-BBT ngày 10/11/2026",
    )


def forwarding() -> ForwardingInput:
    """Two questions for one unit."""
    received = datetime(2026, 11, 12, 2, 5, tzinfo=UTC)
    return ForwardingInput(
        filing=issued(12, date(2026, 11, 13)),
        unit="Sở Nông nghiệp và Môi trường",
        questions=(
            AskedQuestion(
                "HP-2026-000123",
                "Thời hạn cấp giấy chứng nhận",
                "Gia đình tôi nộp hồ sơ đề nghị cấp giấy chứng nhận quyền sử dụng đất từ tháng 3/2026, đến nay chưa "
                "có kết quả.\nXin hỏi thời hạn giải quyết là bao nhiêu ngày?",
                received,
                "Nguyễn Văn An",
                "12 phố Ví Dụ, phường Lê Chân",
                "0912 345 678",
                "an.nguyen@example.test",
                "Đất đai",
                ("don-de-nghi.pdf",),
            ),
            AskedQuestion(
                "HP-2026-000131",
                "Tách thửa đất ở",
                "Diện tích tối thiểu để tách thửa đất ở tại phường Kiến An là bao nhiêu?",
                received + timedelta(hours=5),
                "Trần Thị Bích Ngọc",
                "45 đường Mẫu, phường Kiến An",
                "0987 654 321",
                "ngoc.tran@example.test",
                "Đất đai",
            ),
        ),
        due=answers_due(),
        mailbox=MAILBOX,
        supporting=("Ủy ban nhân dân phường Lê Chân",),
        session=SESSION,
    )


def urging() -> UrgingInput:
    """Two late answers."""
    return UrgingInput(
        filing=replace(
            issued(31, date(2026, 12, 17)),
            letterhead=Letterhead("Ủy ban nhân dân\nthành phố Hải Phòng", "Văn phòng", "VP", "Hải Phòng"),
            signature=Signature(("KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"), "Vũ Đức Thắng"),
            archive="VT",
        ),
        unit="Sở Xây dựng",
        questions=tuple(
            OpenQuestion(code, subject, sent, due(sent), (date(2026, 12, 16) - due(sent).on).days)
            for code, subject, sent in (
                ("HP-2026-000098", "Công trình sai phép tại phường An Biên", date(2026, 11, 19)),
                ("HP-2026-000102", "Ngập úng đường nội bộ khu dân cư", date(2026, 11, 23)),
            )
        ),
        reply_by=date(2026, 12, 21),
        as_of=date(2026, 12, 16),
        mailbox=MAILBOX,
    )

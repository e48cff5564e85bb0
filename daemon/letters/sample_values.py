"""The made-up installation, question and session of the sample mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from daemon.letters.views import LetterHead, QuestionView
from rules.law.profile import load_laws
from rules.law.profile_file import load_profile
from rules.values.model import CountedDate, Recipient

PROFILE = load_profile()

HOUSE = LetterHead(
    name="Ban Biên tập Cổng thông tin điện tử thành phố Hải Phòng",
    mailbox="doithoai@haiphong.test",
    display_name="Ban Biên tập Cổng TTĐT Hải Phòng",
    phone="0225 355 2288",
    website="doithoai.haiphong.test",
    where_to_complain="Ban Tiếp công dân thành phố Hải Phòng, số 7 phố Mẫu, điện thoại 0225 300 0000.",
    privacy_contact="bộ phận bảo vệ dữ liệu cá nhân, riengtu@haiphong.test",
    cited={rule.id: PROFILE.cited(rule.id) for rule in PROFILE.rules},
    laws={law.id: law.name for law in load_laws().values()},
)

NOW = datetime(2026, 11, 12, 1, 30, tzinfo=UTC)

DUE = CountedDate(
    on=date(2026, 11, 23),
    raw=date(2026, 11, 23),
    clause="10.1.d",
    start=date(2026, 11, 26),
    reason="S-3",
    provisional=False,
)
PASSED = date(2026, 11, 10)
"""A due day that is over."""
OVER, SOON, TODAY = (replace(DUE, on=day, raw=day) for day in (PASSED, date(2026, 11, 17), NOW.date()))
LATER = replace(DUE, on=date(2026, 12, 11), raw=date(2026, 12, 11), clause="10.1.i")

CONTENT = (
    "Kính gửi Ban Biên tập,\n\nNgõ 89 phố An Đà, phường Gia Viên từ tháng 8 đến nay cứ mưa 30 phút là ngập đến 40 cm,"
    " nước cống tràn vào nhà. Chúng tôi đã báo tổ dân phố ba lần nhưng chưa thấy ai đến nạo vét.\n\n"
    "Xin hỏi bao giờ thành phố cải tạo cống và ai chịu trách nhiệm nạo vét hằng tháng?"
)

QUESTION = QuestionView(
    code="HP-2026-000123",
    subject="Ngập nước ngõ 89 An Đà",
    content=CONTENT,
    received_at=datetime(2026, 11, 11, 7, 5, tzinfo=UTC),
    asker_name="Nguyễn Thị Hồng Hạnh",
    asker_kind="individual",
    asker_address="Số 12 ngõ 89 phố An Đà, phường Gia Viên, thành phố Hải Phòng",
    asker_phone="0912 345 678",
    email="honghanh@vidu.test",
    field="Hạ tầng đô thị, thoát nước",
)

ANSWER = (
    "Tuyến cống ngõ 89 phố An Đà (đường kính 400 mm, xây dựng năm 1998) nằm trong kế hoạch cải tạo quý I năm 2027."
    "\n\nTrước mắt, Sở Xây dựng đã yêu cầu đơn vị quản lý thoát nước nạo vét toàn tuyến trong tháng 11/2026"
    " và kiểm tra hằng tháng. Người dân báo sự cố thoát nước qua số điện thoại trực 24/24 giờ 0225 300 0000."
)

SESSION = {
    "code": "P-2026-01",
    "topic": "Trật tự xây dựng đô thị",
    "starts_at": datetime(2026, 11, 26, 1, 30, tzinfo=UTC),
    "place": "Phòng họp số 2",
    "chair": "Trần Văn Bình, Phó Chủ tịch UBND thành phố",
}

LATE_ONES = [{"code": QUESTION.code, "subject": QUESTION.subject, "due": PASSED, "days_late": 2, "letter": NOW}]

MAIL = {
    "from_name": QUESTION.asker_name,
    "from_email": QUESTION.email,
    "subject": QUESTION.subject,
    "received_at": QUESTION.received_at,
    "text": CONTENT,
}

_PERHAPS = {"likely": "có thể"}
GUESS = [
    {"unit": "SXD", "unit_name": "Sở Xây dựng", **_PERHAPS, "reasons": ["có cụm từ “ngập”", "có cụm từ “cống”"]},
    {"unit": "UBND_GIAVIEN", "unit_name": "UBND phường Gia Viên", **_PERHAPS, "reasons": ["địa chỉ ở phường đó"]},
]

SECTIONS = [
    {
        "title": "Chờ cán bộ xem xét",
        "count": 12,
        "more": 11,
        "rows": [
            {
                "text": "HP-2026-000123: Ngập nước ngõ 89 An Đà; có thể của Sở Xây dựng",
                "commands": [
                    {"label": "Chuyển Sở Xây dựng", "mailto": "mailto:doithoai@haiphong.test?subject=a&body=b"},
                    {"label": "Hỏi lại", "mailto": "mailto:doithoai@haiphong.test?subject=a&body=c"},
                ],
            }
        ],
    },
]
OWED = [
    {
        "title": "Câu hỏi đang chờ trả lời",
        "count": 1,
        "more": 0,
        "rows": [
            {
                "text": "HP-2026-000123: Ngập nước ngõ 89 An Đà; hạn 23/11/2026",
                "commands": [
                    {"label": "Gửi câu trả lời", "mailto": "mailto:doithoai@haiphong.test?subject=a&body=b"},
                    {"label": "Xin gia hạn", "mailto": "mailto:doithoai@haiphong.test?subject=a&body=c"},
                ],
            }
        ],
    },
]
REGISTERS = [{"label": "Đăng ký là câu hỏi", "text": "Đăng ký"}]
WEEK = [
    {
        "title": "Đơn vị chậm trả lời",
        "count": 1,
        "more": 0,
        "rows": [
            {"text": "Sở Xây dựng: 2 câu hỏi quá hạn, lâu nhất là HP-2026-000098 (hạn 03/11/2026)", "commands": []}
        ],
    },
]
IN_SESSION = (
    "answered",
    "cancelled",
    "taken",
    "left",
    "posted",
    "moved",
    "amended",
    "unmarked",
    "unanswered",
    "calendar",
    "later",
)
"""All that an asker is told about a question of a session."""
PAGE = "https://portal.haiphong.test/hoi-dap/2026/HP-2026-000123.html"
CHANGED_SESSIONS: tuple[dict[str, object], ...] = tuple(
    {"old_start": NOW, "session": SESSION, **one}
    for one in (
        {"what": "cancelled", "reason": "Bão số 9."},
        {"what": "amended", "changes": [{"label": "Địa điểm", "old": "Phòng họp số 1", "new": "Phòng họp số 2"}]},
        {"what": "uninvited"},
        {
            "what": "moved",
            "reason": "Trùng kỳ họp.",
            "lines": [{"duty": "Ban hành kế hoạch", "old": DUE, "new": LATER}],
        },
    )
)
REOPENED: tuple[dict[str, object], ...] = (
    {"unit_name": "Sở Xây dựng", "due": LATER, "answered_at": NOW},
    {
        "unit_name": "Sở Xây dựng",
        "due": LATER,
        "parts": [{"name": "Sở Xây dựng", "day": NOW}],
        "by": ["Sở Xây dựng"],
        "stands": ["Sở Y tế"],
    },
    {"unit_name": "", "due": LATER, "refused": True, "reason": "Thuộc phạm vi của thành phố"},
)
STATES = [
    {
        "code": "HP-2026-000123",
        "received_at": QUESTION.received_at,
        "field": "Hạ tầng đô thị, thoát nước",
        "state": "đã chuyển đơn vị trả lời",
        "units": [{"name": "Sở Xây dựng"}],
        "due": DUE,
        "missing": ("phone",),
    },
    {
        "code": "HP-2026-000098",
        "received_at": QUESTION.received_at,
        "field": "Giao thông",
        "state": "đã đăng tải",
        "units": [],
        "due": None,
        "missing": (),
    },
]

Sample = tuple[str, Mapping[str, Any]]
TO = {
    "leader": Recipient("chutich@haiphong.test", "Nguyễn Văn Cường", "leader"),
    "citizen": Recipient("honghanh@vidu.test", "Nguyễn Thị Hồng Hạnh", "citizen"),
    "unit": Recipient("sxd@haiphong.test", "Sở Xây dựng", "unit"),
    "office": Recipient("vpub@haiphong.test", "Văn phòng Ủy ban nhân dân thành phố", "office"),
    "officer": Recipient("canbo@haiphong.test", "Lê Thị Mai", "officer"),
    "head": Recipient("truongban@haiphong.test", "Lê Hoàng Nam", "head"),
    "session": Recipient("canbo@haiphong.test", "Lê Thị Mai", "officer"),
    "week": Recipient("sxd@haiphong.test", "Sở Xây dựng", "unit"),
    "admin": Recipient("quantri@haiphong.test", "Quản trị hệ thống", "admin"),
}
"""The reader of a sample, by the beginning of the notice's name."""

_ROSE: Mapping[str, Mapping[str, str | int]] = {
    "backup": {"hours": 51},
    "backup_none": {"hours": 52},
    "calendar": {"year": 2027},
    "calendar_amended": {"year": 2027, "day": 30, "month": 4, "basis": "TB 6150"},
    "certificate": {"host": "imap.haiphong.test", "days": 5},
    "certificate_expired": {"host": "smtp.haiphong.test"},
    "clock": {"seconds": 121},
    "clock_ahead": {"days": 365},
    "clock_back": {"minutes": 4320},
    "database": {"minutes": 16},
    "disk": {"folder": "/var/lib/doithoai", "percent": 9},
    "failed": {"number": 3},
    "outbox": {"minutes": 61},
    "poll_never": {},
    "poll": {"minutes": 16},
    "poll_stopped": {"minutes": 3},
    "quarantine": {"number": 2},
    "smtp": {"reply": "rcpt: 553 5.7.1"},
    "token": {"server": "imap", "minutes": 10},
    "token_expired": {"server": "smtp"},
    "token_unreadable": {"server": "imap", "fault": "/run/token: No such file or directory"},
}
"""The kinds of trouble that an alarm may be about, with their facts."""
_ENDED = dict.fromkeys(one.partition("_")[0] for one in _ROSE)
ALARMS: tuple[Sample, ...] = (
    *(("admin_alarm", {"kind": f"{one}_over", "facts": {}, "over": True, "machine": "may-1"}) for one in _ENDED),
    *(("admin_alarm", {"kind": one, "facts": facts, "machine": "may-1"}) for one, facts in _ROSE.items()),
)

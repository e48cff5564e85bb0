"""One made-up draft of every notice: for the self-test at start, for pictures of the mails, for tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from daemon.letters.sample_values import (
    ALARMS,
    ANSWER,
    CHANGED_SESSIONS,
    CONTENT,
    DUE,
    GUESS,
    HOUSE,
    IN_SESSION,
    LATE_ONES,
    LATER,
    MAIL,
    NOW,
    OVER,
    OWED,
    PAGE,
    QUESTION,
    REGISTERS,
    REOPENED,
    SECTIONS,
    SESSION,
    SOON,
    STATES,
    TO,
    TODAY,
    WEEK,
    Sample,
)
from daemon.letters.views import Draft, ItemView, OutAttachment, QuestionView
from rules.decide.intake.known_mails import CALL_UNIT
from rules.values.model import Notice

__all__ = ["DUE", "HOUSE", "NOW", "QUESTION", "draft", "drafts"]

CITIZEN: tuple[Sample, ...] = (
    (
        "citizen_received",
        {
            "missing": ("address", "phone"),
            "forwarded": {"units": [{"name": "Sở Xây dựng"}], "due": DUE},
            "first_mail": True,
        },
    ),
    ("citizen_missing", {"missing": ("phone",), "asked": "Ngõ ngập từ số nhà nào đến số nhà nào?"}),
    ("citizen_forwarded", {"units": [{"name": "Sở Xây dựng"}, {"name": "UBND phường Gia Viên"}], "due": DUE}),
    ("citizen_rejected", {"clause": "10.1.k", "reason": "Thư không nêu câu hỏi cần trả lời.", "in_session": False}),
    ("citizen_rejected", {"clause": "10.1.h", "reason": "Giá cước di động do doanh nghiệp viễn thông quyết định."}),
    (
        "citizen_answered",
        {
            "answers": [
                {
                    "unit_name": "Sở Xây dựng",
                    "text": ANSWER,
                    "document": "123/SXD-HTKT",
                    "signer": "Trần Văn Bình",
                    "signer_title": "Phó Giám đốc",
                    "item_text": "",
                }
            ],
            "files": ["Trả lời câu hỏi số 12.pdf"],
            "remaining": [{"number": 2, "unit_name": "UBND phường Gia Viên"}],
        },
    ),
    (
        "citizen_late",
        {"unit_name": "Sở Xây dựng", "was_due": DUE, "new_due": LATER, "reason": "Cần khảo sát thực địa."},
    ),
    ("citizen_waiting", {"asked": False, "returned": False, "moved": False}),
    ("citizen_waiting", {"asked": False, "returned": False, "moved": True}),
    ("citizen_opinion", {}),
    ("citizen_opinion", {"answered": True}),
    ("citizen_repeated", {"again": True, "other": "HP-2026-000123", "asked_at": NOW, "state": "đã chuyển"}),
    ("citizen_completed", {}),
    ("citizen_completed", {"answered": True, "units": [{"name": "Sở Y tế"}]}),
    ("citizen_completed", {"added": True, "units": [{"name": "Sở Y tế"}]}),
    (
        "citizen_corrected",
        {"kind": "correction", "unit_name": "Sở Xây dựng", "text": "Xong trước ngày 15/12/2026.", "answered_at": NOW},
    ),
    ("citizen_wrong_address", {"received_at": NOW}),
    ("citizen_wrong_address", {"received_at": NOW, "of_another": True}),
    ("citizen_asked", {"unit_name": "Sở Xây dựng", "text": "Đoạn đường nào, gần số nhà bao nhiêu?", "due": DUE}),
    ("citizen_asked", {"unit_name": "Sở Xây dựng", "text": "Đã khảo sát xong.", "due": DUE, "informs": True}),
    *(("citizen_reopened", one) for one in REOPENED),
    *(("citizen_session", {"session": SESSION, "what": one, "due": LATER, "link": PAGE}) for one in IN_SESSION),
)

HELD: Mapping[str, Any] = {
    "reason": "thư không được máy chủ thư xác nhận là gửi từ hộp thư đứng tên",
    "received_at": NOW,
    "mail_number": 45,
}
IS_ANSWER = {"label": "Đây là câu trả lời", "text": "Trả lời"}
UNIT: tuple[Sample, ...] = (
    ("unit_held", {"unit": "Sở Xây dựng", "what": "một thư trả lời câu hỏi HP-2026-000123", **HELD}),
    ("unit_forward", {"unit": "Sở Xây dựng", "due": DUE, "missing": ("phone",), "guessed": True}),
    ("unit_reminder", {"unit": "Sở Xây dựng", "due": SOON, "days": 5}),
    ("unit_due_today", {"unit": "Sở Xây dựng", "due": TODAY}),
    ("unit_overdue", {"unit": "Sở Xây dựng", "due": OVER, "days": 2, "until": DUE.on, "letter": NOW}),
    (
        "unit_followup",
        {"unit": "Sở Xây dựng", "text": "Hôm qua nước đã tràn vào trường mầm non đầu ngõ.", "due": DUE},
    ),
    ("unit_opinion", {"unit": "Sở Xây dựng", "text": "Tôi hỏi đoạn trước cổng trường, chưa được trả lời."}),
    ("unit_extension_granted", {"unit": "Sở Xây dựng", "until": date(2026, 12, 5), "told": False}),
    ("unit_extension_granted", {"unit": "Sở Xây dựng", "until": DUE.on, "instead_of": LATER.on, "told": True}),
    (
        "unit_extension_refused",
        {"unit": "Sở Xây dựng", "until": date(2026, 12, 25), "reason": "Phiên đối thoại không lùi.", "due": DUE},
    ),
    ("unit_new_due", {"unit": "Sở Xây dựng", "until": LATER.on, "old_due": DUE, "reason": "Phiên chuyển ngày."}),
    ("unit_told", {"unit": "Sở Xây dựng", "kind": "receipt", "due": DUE.on, "commands": [IS_ANSWER]}),
    (
        "unit_told",
        {
            "unit": "Sở Xây dựng",
            "kind": "reopened",
            "due": DUE.on,
            "commands": (),
            "wish": "việc chưa làm",
            "asked": "Bao giờ sửa đường?",
            "answered": ANSWER,
            "opinion": "Chưa hài lòng: chưa có ai đến làm.",
        },
    ),
)

AGREES = {"commands": [{"label": "Đồng ý", "text": "Đồng ý"}, {"label": "Trả lại", "text": "Trả lại: "}]}
DECIDING = [{"label": "Duyệt", "text": "Duyệt"}, {"label": "Trả lại", "text": "Trả lại: "}]

BOARD: tuple[Sample, ...] = (
    ("office_asked", {"unit_name": "Sở Xây dựng", "text": "Xin ý kiến về phạm vi cải tạo.", "due": DUE}),
    (
        "officer_tell",
        {
            "about": "câu trả lời",
            "subject": "Trả lời",
            "text": ANSWER,
            "due": DUE,
            "commands": [{"label": "Đã gọi điện", "text": "HP-2026-000123 đã báo người hỏi qua điện thoại ngày "}],
        },
    ),
    (
        "head_approval",
        {
            "kind_name": "kế hoạch tổ chức phiên đối thoại",
            "title": "KẾ HOẠCH Tổ chức phiên đối thoại",
            "text": "I. MỤC ĐÍCH, YÊU CẦU",
            "session_code": "P-2026-01",
            "digest": "0a1b2c3d4e5f",
            "commands": DECIDING,
            "again": True,
            "due": DUE.on,
        },
    ),
    (
        "leader_decision",
        {"session": SESSION, "title": "TỜ TRÌNH Về chủ đề và người chủ trì phiên đối thoại", "due": DUE, **AGREES},
    ),
    (
        "officer_draft",
        {
            "kind_name": "báo cáo kết quả thực hiện Quy chế",
            "title": "BÁO CÁO Kết quả thực hiện Quy chế 6 tháng đầu năm 2026",
            "signer": "Lê Hoàng Nam",
            "due": DUE,
            "commands": [{"label": "Đã ban hành", "text": "Đã ban hành số "}],
        },
    ),
    (
        "session_paper",
        {
            "kind_name": "thông báo về phiên đối thoại",
            "title": "Thông báo phiên đối thoại trực tuyến",
            "session": SESSION,
            "text": "Phiên đối thoại được tổ chức trực tuyến; mời người dân gửi câu hỏi.",
            "ask": "Xin đăng ngay nguyên văn lên Cổng. Đăng xong, xin trả lời thư này: “P-2026-01 đã đăng tại https://…”.",
        },
    ),
    ("session_invitation", {"session": SESSION}),
    *(("session_changed", one) for one in CHANGED_SESSIONS),
    ("session_marks", {"session": SESSION, "questions": LATE_ONES}),
    (
        "session_day",
        {
            "session": SESSION,
            "day": date(2026, 11, 12),
            "lacks": "",
            "lines": [
                {
                    "duty": "Đăng thông báo",
                    "when": "hôm nay",
                    "due": date(2026, 11, 12),
                    "waiting": [],
                    "first": 0,
                    "last": 1,
                }
            ],
            "commands": [{"label": "Đã đăng thông báo", "text": "P-2026-01 đã đăng tại https://"}],
        },
    ),
    (
        "session_choice",
        {
            "session": SESSION,
            "left": 0,
            "questions": [
                {"code": "HP-2026-000123", "subject": "Ngập", "likes": 3, "unit": "SXD", "received_at": NOW}
            ],
            "commands": [{"label": "Đưa vào phiên", "text": "Đưa HP-2026-000123 vào phiên P-2026-01"}],
        },
    ),
    (
        "session_confirm",
        {
            "session": SESSION,
            "reason": "Bão số 9.",
            "question_count": 2,
            "commands": [{"label": "Xác nhận hủy phiên", "text": "Xác nhận hủy phiên P-2026-01 vì bão số 9"}],
        },
    ),
    (
        "session_live",
        {
            "session": SESSION,
            "what": "live",
            "questions": [{"code": "HP-2026-000123", "subject": "Ngập", "text": CONTENT, "unit": "Sở Xây dựng"}],
            "commands": [{"label": "Đưa ra phiên", "text": "HP-2026-000123 đưa ra phiên"}],
        },
    ),
)

OFFICER: tuple[Sample, ...] = (
    ("office_urge", {"unit_name": "Sở Xây dựng", "questions": LATE_ONES}),
    (
        "officer_review",
        {
            "why": "Hai đơn vị cùng có thể trả lời.",
            "decide_by": LATER.on,
            "kind_name": "câu hỏi chưa rõ đơn vị",
            "guess": GUESS,
            "mail": MAIL,
            "like": {"count": 12, "likest": [("HP-2026-000101", "forwarded", 93), ("HP-2026-000088", "closed", 71)]},
        },
    ),
    (
        "officer_alert",
        {
            "what": "Câu hỏi chưa đến được Sở Xây dựng: thư chuyển câu hỏi bị trả lại",
            "details": [
                "Người nhận: vanthu@sxd.haiphong.test",
                "Lý do: không có địa chỉ thư điện tử này.",
                CALL_UNIT,
            ],
            "commands": [{"label": "Gửi lại cho Sở Xây dựng", "text": "{code} gửi lại SXD"}],
        },
    ),
    (
        "officer_done",
        {
            "results": [
                {"command": "Chuyển SXD", "ok": True, "text": "Đã chuyển đến Sở Xây dựng."},
                {"command": "Từ chối h", "ok": False, "text": "Thiếu lý do; xin ghi “Từ chối h vì …”."},
            ]
        },
    ),
    ("citizen_elsewhere", {"former": False}),
    ("citizen_elsewhere", {"former": True}),
    ("officer_kept", {"received_at": QUESTION.received_at, "commands": REGISTERS}),
    ("officer_held", {"what": "một thư ra lệnh xử lý", **HELD}),
    (
        "officer_confirm",
        {
            "mail_number": 45,
            "readers": ["Sở Xây dựng (vanthu@sxd.haiphong.test)"],
            "file_count": 2,
            "commands": [{"label": "Xác nhận chuyển SXD", "text": "Xác nhận chuyển SXD"}],
        },
    ),
    ("officer_denunciation", {"received_at": QUESTION.received_at, "mail_number": "45", "after": "44"}),
    (
        "officer_catch_up",
        {
            "down_from": datetime(2026, 11, 1, 2, 0, tzinfo=UTC),
            "down_to": NOW,
            "cause": "máy chủ mất điện",
            "met": ["HP-2026-000123: Sở Xây dựng trả lời, hạn 23/11/2026"],
            "late": ["HP-2026-000101: chờ cán bộ xem xét, hạn 09/11/2026"],
        },
    ),
)

DESK: tuple[Sample, ...] = (
    ("officer_digest", {"day": date(2026, 11, 12), "sections": (), "unread_since": NOW}),
    ("officer_digest", {"day": date(2026, 11, 12), "sections": SECTIONS, "done": ["3 câu hỏi được đăng ký vào sổ"]}),
    ("week_unit", {"unit": "Sở Xây dựng", "day": date(2026, 11, 9), "sections": OWED}),
    (
        "citizen_status",
        {"state": "đã chuyển đơn vị trả lời", "units": [{"name": "Sở Xây dựng"}], "due": DUE, "missing": ("phone",)},
    ),
    ("citizen_states", {"states": STATES, "more": 5}),
    *(("citizen_withdrawal", {"state": one}) for one in ("received", "closed", "taken_back", "answered")),
    ("citizen_withdrawal", {"state": "kept", "reason": "việc này liên quan đến nhiều hộ dân"}),
    *(("unit_withdrawn", {"unit": "Sở Xây dựng", one: True}) for one in ("owes", "kept")),
    ("citizen_data_request", {"what": "xóa dữ liệu cá nhân", "due": DUE}),
    ("citizen_consent", {"agreed": True}),
    ("citizen_consent", {"agreed": False, "session": True}),
    ("citizen_consent", {"agreed": False, "hidden": True, "units": [{"name": "Sở Y tế"}], "known": ["họ tên"]}),
    ("citizen_file_held", {"times": 2}),
    ("citizen_held", {"received_at": NOW}),
    ("citizen_told", {"received_at": NOW, "text": "Mời bác đến lúc 8 giờ.", "owes": True}),
    ("citizen_address", {"old": True, "same": ""}),
    ("citizen_address", {"old": False, "same": "", "state": "đã chuyển đơn vị trả lời"}),
    ("citizen_address", {"old": False, "same": "state", "state": "đã chuyển đơn vị trả lời"}),
    ("citizen_address", {"old": False, "same": "result", "state": "đã trả lời"}),
    ("citizen_file", {"files": ["Trả lời câu hỏi số 12.pdf"]}),
    ("citizen_published", {"link": PAGE}),
    ("citizen_data_closed", {"agreed": True, "text": "đã gửi", "matter": "xem dữ liệu", "others": "xóa dữ liệu"}),
    ("citizen_data_closed", {"agreed": False, "text": "sổ tiếp nhận phải lưu trữ; dữ liệu đã được khóa"}),
    ("office_week", {"day": date(2026, 11, 9), "sections": WEEK}),
)


def draft(name: str, values: Mapping[str, Any], question: QuestionView | None = QUESTION) -> Draft:
    """A draft of a notice to the sample reader of its kind."""
    to = TO[name.partition("_")[0]]
    notice = Notice(
        name, to, "10.1.g", f"sample:{name}", values, in_reply_to="hoi.1@vidu.test", references=("hoi.0@vidu.test",)
    )
    return Draft(notice, question, "0123456789abcdef0123456789abcdef", "r.4x7q.k2m9pz", "b.4x7q.k2m9pz", NOW)


def drafts() -> Iterator[Draft]:
    """One draft of every notice, in a fixed order."""
    for name, values in (*CITIZEN, *UNIT, *OFFICER, *BOARD, *DESK, *ALARMS):
        yield draft(name, values)


ATTACHMENT = OutAttachment("Trả lời câu hỏi số 12.pdf", "application/pdf", b"%PDF-1.4 mau\n")
ITEMS = (ItemView(1, "Bao giờ cải tạo cống?", "Sở Xây dựng"), ItemView(2, "Ai nạo vét?", "UBND phường Gia Viên"))

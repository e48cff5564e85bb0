"""The pages' words for states, acts and notices."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.papers.register_columns import CHANNELS as CHANNELS

QUESTION_STATES: Mapping[str, str] = {
    "received": "đã tiếp nhận",
    "needs_review": "chờ cán bộ xem xét",
    "rejected": "đã từ chối",
    "forwarded": "đã chuyển đơn vị",
    "answered": "đã trả lời",
    "approved": "đã duyệt để đăng",
    "published": "đã đăng tải",
    "closed": "đã kết thúc",
}
ASSIGNMENT_STATES: Mapping[str, str] = {
    "forwarded": "chờ trả lời",
    "answered": "đã trả lời",
    "refused": "báo không thuộc thẩm quyền",
    "replaced": "không chờ nữa",
}
DUTY_STATES: Mapping[str, str] = {
    "open": "đang chờ",
    "met": "đã xong đúng hạn",
    "late": "đã quá hạn",
    "void": "không còn áp dụng",
}
DUTY_KINDS: Mapping[str, str] = {
    "answer": "Đơn vị trả lời",
    "review": "Cán bộ xem xét",
    "session": "Việc của phiên đối thoại",
    "approval": "Chờ phê duyệt",
    "decision": "Chờ lãnh đạo quyết định",
    "privacy": "Yêu cầu về dữ liệu cá nhân",
}
PAPER_KINDS: Mapping[str, str] = {
    "proposal": "Tờ trình",
    "plan": "Kế hoạch",
    "notice": "Thông báo",
    "script": "Kịch bản",
    "answer": "Câu hỏi và trả lời để đăng",
}
PAPER_STATES: Mapping[str, str] = {
    "shown": "đang trình",
    "approved": "đã duyệt",
    "returned": "trả lại",
    "void": "hết hiệu lực",
    "asked": "đang trình",
    "decide": "đang xin quyết định",
}
MARKS: Mapping[str, str] = {
    "answered": "đã trả lời trong phiên",
    "g": "chuyển cơ quan khác (điểm g)",
    "h": "ngoài phạm vi thành phố (điểm h)",
    "i": "trả lời sau phiên (điểm i)",
    "k": "không trả lời (điểm k)",
    "": "chưa đánh dấu",
}
MAIL_STATES: Mapping[str, str] = {
    "pending": "chờ gửi",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "failed": "không gửi được",
    "recalled": "đã thu hồi",
    "unknown": "chưa rõ đã đến",
}
ROLES: Mapping[str, str] = {
    "citizen": "người hỏi",
    "unit": "đơn vị",
    "officer": "cán bộ",
    "head": "Trưởng Ban Biên tập",
    "office": "Văn phòng",
    "leader": "lãnh đạo đơn vị",
}
MISSING: Mapping[str, str] = {"name": "họ tên", "address": "địa chỉ", "phone": "điện thoại"}
ACTS: Mapping[str, str] = {
    "registered": "Vào sổ",
    "forwarded": "Chuyển đơn vị",
    "answered": "Trả lời",
    "not_waited_for": "Không chờ nữa",
    "refused": "Đơn vị từ chối",
    "routed": "Chọn đơn vị",
    "taken_back": "Lấy lại",
    "rejected": "Từ chối",
    "due_moved": "Đổi hạn",
    "extension_refused": "Không gia hạn",
    "late_told": "Báo chậm trả lời",
    "late": "Quá hạn",
    "nothing_to_script": "Không có kịch bản",
    "queued": "Soạn thư",
    "fate": "Kết quả xử lý thư",
    "settled": "Cán bộ quyết định",
    "noted": "Ghi chú",
    "corrected": "Sửa thông tin",
    "completed": "Bổ sung thông tin",
    "consent": "Ý kiến về họ tên",
    "linked": "Liên kết",
    "signed": "Ký nhận",
    "closed": "Kết thúc",
    "marked": "Kết quả tại phiên",
    "session": "Thuộc phiên",
    "session_left": "Rời phiên",
    "paper_kept": "Soạn văn bản",
    "answer_approved": "Duyệt để đăng",
    "published": "Đăng tải",
    "page_written": "Ghi trang",
    "withdrawn": "Gỡ đăng",
    "back_to_answered": "Rút khỏi việc đăng",
    "bounced": "Thư bị trả lại",
    "data_request": "Yêu cầu về dữ liệu",
    "erased": "Xóa dữ liệu",
    "amendment_proposed": "Đề nghị sửa Quy chế",
}
NOTICES: Mapping[str, str] = {
    "citizen_received": "báo đã tiếp nhận",
    "citizen_missing": "đề nghị bổ sung",
    "citizen_forwarded": "báo đã chuyển",
    "citizen_rejected": "báo từ chối",
    "citizen_answered": "gửi câu trả lời",
    "citizen_late": "báo chậm trả lời",
    "citizen_waiting": "báo chưa chuyển được",
    "citizen_completed": "báo đã bổ sung",
    "citizen_held": "báo thư đã đến",
    "citizen_session": "báo về phiên đối thoại",
    "citizen_status": "báo tình trạng",
    "citizen_states": "báo tình trạng các câu hỏi",
    "citizen_withdrawal": "báo về việc rút câu hỏi",
    "unit_withdrawn": "báo người hỏi đã rút câu hỏi",
    "citizen_data_request": "báo nhận yêu cầu về dữ liệu",
    "citizen_consent": "ghi nhận ý kiến về họ tên",
    "citizen_published": "báo đã đăng tải",
    "unit_forward": "chuyển câu hỏi",
    "unit_reminder": "nhắc trước hạn",
    "unit_due_today": "nhắc ngày đến hạn",
    "unit_overdue": "nhắc quá hạn",
    "unit_followup": "chuyển ý kiến bổ sung",
    "unit_extension_granted": "đồng ý gia hạn",
    "unit_extension_refused": "không đồng ý gia hạn",
    "unit_new_due": "báo hạn mới",
    "unit_told": "báo đơn vị về thư đã nhận",
    "citizen_corrected": "đính chính, bổ sung câu trả lời",
    "citizen_wrong_address": "báo gửi từ đúng địa chỉ",
    "citizen_asked": "đơn vị hỏi thêm người hỏi",
    "citizen_reopened": "báo câu hỏi được mở lại",
    "office_urge": "đề nghị đôn đốc",
    "officer_review": "đề nghị xem xét",
    "officer_alert": "báo việc cần làm",
    "citizen_repeated": "báo câu hỏi đã gửi trước đó",
    "officer_done": "báo kết quả lệnh",
    "officer_kept": "báo thư công việc được giữ lại",
    "session_day": "báo việc của phiên",
    "session_choice": "đề nghị chọn câu hỏi cho phiên",
    "session_confirm": "đề nghị xác nhận hủy phiên",
    "session_live": "báo câu hỏi trong phiên",
    "head_approval": "trình phê duyệt",
}

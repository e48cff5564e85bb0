"""What follows when the nightly comparison finds mails in other folders than those of their fates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.decide.base.actions import Action, Note
from rules.decide.base.facts import BoardFacts
from rules.decide.base.notices import to_people

NAMED = 100
"""One notice names at most this many mails."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A mail that people moved or deleted. ``now_in``: where it is now, "" = nowhere, None = unknown."""

    mail: int
    code: str
    folder: str
    now_in: str | None


def decide_reconciled(
    missing: Sequence[Missing], returned: Sequence[int], board: BoardFacts, day: date
) -> tuple[Action, ...]:
    """Write it to the journal and tell the officers. Fates stay: the register does not follow the mailbox."""
    data = {"missing": [one.mail for one in missing], "returned": list(returned)}
    note = Note("reconciled", "Đối chiếu hộp thư với sổ", data=data)
    if not missing and not returned:
        return (note,)
    details = [_line(one) for one in missing[:NAMED]]
    if len(missing) > NAMED:
        details.append(f"Và {len(missing) - NAMED} thư khác; xem lệnh doithoai verify.")
    if returned:
        numbers = ", ".join(map(str, returned[:NAMED]))
        details.append(f"Máy chủ báo đã chuyển nhưng thư vẫn ở hộp thư đến, sẽ được chuyển lại: thư số {numbers}.")
    details.append("Việc xử lý và sổ theo dõi không thay đổi; bản gốc của mỗi thư vẫn được lưu.")
    values = {"what": "Hộp thư và sổ không khớp", "details": details, "commands": []}
    return (note, *to_people("officer_alert", board.officers, "", values, key=f"reconciled:{day.isoformat()}"))


def _line(one: Missing) -> str:
    about = f"Thư số {one.mail}" + (f" ({one.code})" if one.code else "")
    where = f"nay ở thư mục “{one.now_in}”" if one.now_in else "không còn trong thư mục nào"
    if one.now_in is None:
        where = "chưa rõ nay ở đâu (thư không có Message-ID)"
    return f"{about}: đã bị chuyển khỏi hoặc xóa khỏi thư mục “{one.folder}”, {where}."

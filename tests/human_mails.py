"""Plays a table of mails as people write them (id, writer, context, text, expect, note) against a desk.

The columns are those of ``human_mails.tsv``; ``{Q}`` is the number of a question that waits for an officer, ``{F}``
of one that lies with a department; several expectations are parted by "|". Leaders' mails are no part of it.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from db.core.tables import assignment, raw_mail
from db.core.tables import question as question_table
from tests.installation import OFFICER, answer_to, text_of, unit_address
from tests.mail_tables import ASKED, Row
from tests.world import World, vouched

ANSWERED = {
    "SYT": "Sở Y tế trả lời như sau: Bệnh viện Việt Tiệp khám ngoài giờ từ 17 giờ đến 20 giờ, giá khám theo yêu cầu "
    "là 150.000 đồng một lượt.",
}
UNSURE = "Xin hỏi việc này thì cần làm những gì và bao giờ xong ạ?"
GIVEN = {"answered", "approved", "published", "closed"}
COUNT = itertools.count(1)


class Play:
    """One row: its question, the mail that was written, and what followed from it."""

    def __init__(self, made: World, row: Row) -> None:
        self.made, self.row, self.n = made, row, next(COUNT)
        self.unit = row.note.get("unit", "SXD")

    def ask(self, text: str, name: str = "") -> dict[str, Any]:
        """A question with its asker's data, unless the row says that they are missing."""
        n = next(COUNT)
        own = f"\n\n{name or 'Nguyễn Văn An'}\nSố {n} đường Trường Chinh, phường Kiến An\n0912 000 {n:03d}\n"
        return self.made.ask(f"{text} (lần {n})" + ("" if "noid" in self.row.note else own), f"nguoi{n}@dan.test")

    def forwarded(self) -> dict[str, Any]:
        """A question that lies with the row's department."""
        row = self.ask(ASKED[self.unit], self.row.note.get("asker", ""))
        if row["status"] != "forwarded":
            raw = answer_to(self.made.last("officer_review", OFFICER), OFFICER, f"{row['code']} chuyển {self.unit}")
            self.write(raw, OFFICER)
        return self.now(row)

    def write(self, raw: bytes, sender: str) -> None:
        """The mail comes; what stood before it is kept for comparison."""
        self.before, self.state = self.made.last_sent(), self.made.state()
        self.made.arrive(vouched(raw, sender.rpartition("@")[2]))

    def now(self, row: dict[str, Any]) -> dict[str, Any]:
        return self.made.house.rows(question_table, question_table.c.id == row["id"])[0]

    @property
    def sent(self) -> list[dict[str, Any]]:
        return self.made.house.sent_with(after=self.before)

    def names(self, recipient: object) -> set[str]:
        return {str(one["name"]) for one in self.sent if one["recipient"] == recipient}

    def words(self, recipient: object) -> str:
        return " ".join(" ".join(text_of(one["bytes"]).split()) for one in self.sent if one["recipient"] == recipient)


def unit_row(made: World, row: Row) -> str:
    """What is wrong, "" for nothing."""
    play = Play(made, row)
    question = play.forwarded()
    other = play.forwarded() if row.context == "other" else question
    sender = row.note.get("from", unit_address(play.unit))
    text = row.text.replace("{F}", str(other["code"]))
    mails = made.house.sent_with(name="unit_forward", question_id=question["id"])
    files = (("Tra loi.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n"),) if row.context == "attach" else ()
    play.write(answer_to(mails[-1]["bytes"], sender, text, attachments=files), sender)
    return "" if any(_unit_did(play, one, question, other) for one in row.expect) else _seen(play, question)


def _unit_did(play: Play, wanted: str, question: dict[str, Any], other: dict[str, Any]) -> bool:
    what, _, detail = wanted.partition(":")
    row, asker = play.now(question), question["asker_email"]
    given = row["status"] in GIVEN and "citizen_answered" in play.names(asker)
    officer, asked = play.names(OFFICER), play.names(asker)
    checks: dict[str, Callable[[], bool]] = {
        "answer": lambda: given,
        "other": lambda: play.now(other)["status"] in GIVEN and not asked,
        "received": lambda: row["status"] == "forwarded" and not asked and not officer,
        "extension": lambda: not given and "officer_alert" in officer and "xin gia hạn" in play.words(OFFICER)
        and (not detail or f"{detail[8:10]}/{detail[5:7]}/{detail[:4]}" in play.words(OFFICER)),
        "refusal": lambda: not given and ("citizen_forwarded" in asked or "bị từ chối" in play.words(OFFICER)),
        "relay": lambda: "citizen_asked" in asked or "officer_review" in officer,
        "hold": lambda: not asked and bool(officer | play.names(unit_address(play.unit))),
        "never": lambda: not given and not asked,
    }  # fmt: skip
    return checks[what]()


def _seen(play: Play, question: dict[str, Any]) -> str:
    led_to = [(one["name"], one["recipient"]) for one in play.sent]
    return f"{play.row.id} {play.row.text[:70]!r}: wanted {play.row.expect}, {play.now(question)['status']}, {led_to}"


def _officers_mail(play: Play) -> Iterator[object]:
    """The mail of ours that the officer answers, and the questions {Q} and {F}."""
    made, context = play.made, play.row.context
    if context in {"review", "digest", "bare"}:
        waits = play.ask(UNSURE)
        yield waits
        yield play.forwarded()
        rows = made.house.sent_with(name="officer_review", question_id=waits["id"], recipient=OFFICER)
        yield rows[-1]["bytes"]
        return
    question = play.forwarded()
    mails = made.house.sent_with(name="unit_forward", question_id=question["id"])
    wish = "Xin gia hạn đến 30/10/2026 vì chờ khảo sát"
    said = {"extension": wish, "heldunit": f"Bên em gọi điện cho chú An lúc {play.n} giờ giải thích rồi ạ"}[context]
    sender = unit_address("SXD")
    play.write(answer_to(mails[-1]["bytes"], sender, said), sender)
    yield question
    yield question
    yield made.last("officer_alert" if context == "extension" else "officer_review", OFFICER)


def officer_row(made: World, row: Row) -> str:
    """What is wrong, "" for nothing; notices of sealed denunciations are no part of it."""
    play = Play(made, row)
    question, lies, raw = _officers_mail(play)
    assert isinstance(question, dict)
    assert isinstance(lies, dict)
    assert isinstance(raw, bytes)
    code = str(question["code"])
    short = {
        "{Q}": code,
        "{F}": str(lies["code"]),
        "{q6}": code.rpartition("-")[2],
        "{q}": code.rpartition("-")[2].lstrip("0"),
    }
    text = row.text
    for mark, number in short.items():
        text = text.replace(mark, number)
    play.write(answer_to(raw, OFFICER, text), OFFICER)
    return "" if any(_officer_did(play, one, question) for one in row.expect) else _seen(play, question)


QUIET = {"refuse", "note", "do:note", "do:status"}


def _officer_did(play: Play, wanted: str, question: dict[str, Any]) -> bool:
    what, _, detail = wanted.partition(" ")
    row, asker = play.now(question), question["asker_email"]
    names, told = play.names(asker), play.words(OFFICER)
    if what in QUIET or what.startswith("never:"):
        kept = {name: rows for name, rows in play.state.items() if name not in {"question", "raw_mail", "used_token"}}
        same = all(play.made.state()[name] == rows for name, rows in kept.items()) and not names
        return same and bool(told) and (what != "do:note" or detail in str(row["notes"]))
    units = [one["unit"] for one in play.made.house.rows(assignment, assignment.c.question_id == question["id"])]
    checks: dict[str, Callable[[], bool]] = {
        "do:forward": lambda: all(_is_unit(one, units) for one in detail.split(",")),
        "do:add_support": lambda: "để phối hợp; " in told,
        "do:reject": lambda: row["status"] == "rejected",
        "do:ask": lambda: "citizen_missing" in names,
        "do:extend": lambda: "Đã gia hạn" in told,
        "do:refuse_extension": lambda: "giữ nguyên hạn" in told,
        "do:sign": lambda: "Đã ký nhận" in told or "ký nhận" in told,
        "do:answer": lambda: row["status"] in GIVEN,
        "do:close": lambda: row["status"] == "closed",
    }
    check = checks.get(what)
    return check() if check is not None else "Đã" in told


def _is_unit(code: str, units: list[object]) -> bool:
    return code in units or (code == "PKIENAN" and "UBND_KIENAN" in units)


def citizen_row(made: World, row: Row) -> str:
    """What is wrong, "" for nothing."""
    play = Play(made, row)
    question = play.forwarded()
    asker, sender = str(question["asker_email"]), unit_address(play.unit)
    name = {"received": "citizen_received", "forwarded": "citizen_received", "answered": "citizen_answered"}[
        row.context
    ]
    if row.context == "answered":
        mails = made.house.sent_with(name="unit_forward", question_id=question["id"])
        answer = ANSWERED.get(play.unit, "Mặt đường sẽ được sửa xong trước ngày 30/11/2026, kinh phí 900 triệu đồng.")
        play.write(answer_to(mails[-1]["bytes"], sender, answer), sender)
    files = (("anh.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(64)),) if "photo" in row.note else ()
    play.write(answer_to(made.last(name, asker), asker, row.text, attachments=files), asker)
    return "" if any(_citizen_did(play, one, question) for one in row.expect) else _seen(play, question)


def _citizen_did(play: Play, wanted: str, question: dict[str, Any]) -> bool:
    what, _, detail = wanted.partition(":")
    row, names = play.now(question), play.names(question["asker_email"])
    officer, unit = play.names(OFFICER), play.names(unit_address(play.unit))
    own = [one for one in play.made.house.questions if one["asker_email"] == question["asker_email"]]
    missing = list(row["missing"] or ())
    checks: dict[str, Callable[[], bool]] = {
        "thanks": lambda: not officer and not unit and play.made.house.newest(raw_mail)["status"] != "held",
        "complaint_about_answer": lambda: bool(officer | unit),
        "followup": lambda: bool(officer | unit),
        "new": lambda: bool(officer) or len(own) > 1,
        "status": lambda: bool(names),
        "withdraw": lambda: bool(officer) and bool(names),
        "complete": lambda: not set(detail.split(",")) & set(missing),
        "not_registered": lambda: True,
    }
    return checks[what]()

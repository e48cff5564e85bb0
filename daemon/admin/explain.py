"""``doithoai explain``: the reading of one mail by itself, as the object of the stable interface.

Its trace shows the reading step by step in words that an officer follows: letters, files, requester, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from daemon.base import clock
from daemon.parsing.html_to_text import html_of, text_of
from daemon.parsing.leaves import Leaf
from daemon.parsing.parse import attachment_bytes, body_leaves, parse_mail
from rules.law.working_days import city_day, short_date
from rules.message.attachment_policy import is_scan
from rules.message.quote_markers import DEFAULT
from rules.reply.shown import as_sent
from rules.text import codec_name, decode, has_marks, nfc, repair, squash, untype
from rules.understand.understand import Knowledge, Understanding, understand
from rules.values.model import Attachment, Decision, Fate, Kind, ParsedMail, Reply, Verb

SAMPLE = 60_000
SHOWN = 60
_TRIED = ("ascii", "utf-8-sig", "cp1258", "cp1252", "utf-16")
_CALLED = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "ascii": "ASCII",
    "cp1258": "windows-1258",
    "cp1252": "windows-1252",
}
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "tệp nén ZIP hoặc Office (docx, xlsx)"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"\x89PNG", "ảnh PNG"),
    (b"GIF8", "ảnh GIF"),
    (b"II*\x00", "ảnh TIFF"),
    (b"MM\x00*", "ảnh TIFF"),
    (b"\xd0\xcf\x11\xe0", "tệp Office cũ (doc, xls)"),
    (b"{\\rtf", "RTF"),
    (b"\x78\x9f\x3e\x22", "gói TNEF của Outlook"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"MZ", "chương trình Windows"),
    (b"BEGIN:VC", "lịch hoặc danh thiếp"),
)
_FATES = {
    Fate.REGISTER: "vào sổ ghi chép",
    Fate.ATTACH: "gắn vào câu hỏi có trong sổ; không khớp thì chờ người xem",
    Fate.HOLD: "giữ lại chờ người xem",
    Fate.REJECT: "không tiếp nhận, báo người gửi",
    Fate.IGNORE: "không đăng ký, không trả lời",
    Fate.QUARANTINE: "cách ly, chờ người quản trị",
}
_DECISIONS = {Decision.FORWARD: ", tự chuyển đơn vị", Decision.REVIEW: ", người xem chọn đơn vị", Decision.NONE: ""}
_VERBS = {
    Verb.ANSWER: "trả lời",
    Verb.NOT_COMPETENT: "báo không thuộc thẩm quyền",
    Verb.EXTENSION: "xin gia hạn",
    Verb.RECEIVED: "báo đã nhận",
    Verb.ASKS_CITY: "xin ý kiến UBND thành phố",
    Verb.FORWARDED: "báo đã chuyển nơi khác",
    Verb.FOLLOW_UP: "người hỏi bổ sung",
    Verb.NONE: "không rõ làm gì",
}
_FIELDS = (("name", "họ tên"), ("address", "địa chỉ"), ("phone", "số điện thoại"))
_DEFECTS = (
    ("CloseBoundary", "thư bị đứt ở cuối"),
    ("StartBoundary", "thư thiếu phần đầu của một khối"),
    ("MissingHeaderBodySeparator", "phần đầu và thân thư dính nhau"),
    ("Base64", "tệp hoặc chữ mã hóa Base64 bị hỏng"),
    ("MultipartInvariant", "ghi là thư nhiều phần nhưng chỉ có một"),
    ("NoBoundary", "thư nhiều phần nhưng không ghi ranh giới"),
    ("Undecodable", "có ký tự không đọc được"),
    ("FirstHeaderLine", "dòng đầu của thư sai dạng"),
    ("text read from: ", "thân thư trống, chữ lấy từ tệp "),
    ("parser failed", "bộ đọc thư thất bại, chỉ đọc được phần chính"),
)


def read_steps(raw: bytes, mail: ParsedMail) -> Iterator[str]:
    """How the bytes were read: the letters of the body, then each file. Nothing for a mail read only in part."""
    if mail.minimal:
        yield "Chữ: thư hỏng hoặc quá lớn, chỉ đọc được phần đầu và chữ đầu tiên"
        return
    texts, by_number = body_leaves(raw)
    yield from (_letters(leaf) for leaf in texts[:3])
    for file in mail.attachments:  # its bytes are still kept from the reading
        yield _file(file, attachment_bytes(raw, file.part)[:1024] if file.part in by_number else b"")


def _letters(leaf: Leaf) -> str:
    """The declared character set, the one that was used, and why."""
    data = leaf.head(SAMPLE)
    text = decode(data, leaf.charset)
    taken = _taken(data, text, leaf.charset)
    declared = leaf.charset or "không ghi"
    same = codec_name(leaf.charset) in {taken, "utf-8"} and taken in {"utf-8-sig", "ascii", codec_name(leaf.charset)}
    name = _CALLED.get(taken, taken)
    why = "" if same or taken == "ascii" else "; các byte chỉ đọc ra tiếng Việt theo bảng mã này"
    told = f"Chữ: phần {leaf.type}, bảng mã ghi trong thư: {declared}; đọc theo {name}{why}"
    seen = text_of(html_of(data, leaf.charset)) if leaf.type == "text/html" else text
    mended = repair(seen)
    if mended != seen:
        told += "; đã sửa chữ bị hỏng khi gửi (mã hóa sai hoặc phông chữ cũ)"
    if untype(mended) != mended:
        told += "; hiểu cả chữ gõ Telex/VNI còn sót"
    return told if has_marks(mended) else told + "; gõ không dấu"


def _taken(data: bytes, text: str, declared: str) -> str:
    for name in (*_TRIED[:2], codec_name(declared), *_TRIED[2:]):
        try:
            if name and nfc(data.decode(name)) == text:
                return name
        except (UnicodeError, LookupError):
            continue
    return codec_name(declared) or "bảng mã tiếng Việt cũ (VISCII, TCVN3)"


def _file(file: Attachment, head: bytes) -> str:
    """A file's type by its content, which begins with ``head``, and the text that was read from it."""
    content = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    is_type = f"theo nội dung là {content}" if content else f"ghi là {file.type}"
    place = "đặt trong thân thư" if file.inline else "đính kèm"
    text = f"Tệp “{file.name or 'không tên'}” {place}: {is_type}, {max(1, file.size // 1000)} kB"
    if file.text.strip():
        words = file.text.split()
        return f"{text}; đọc được {len(words)} chữ: “{' '.join(words)[:SHOWN]}”"
    if not file.size:
        return f"{text}; rỗng"
    if is_scan(file):
        return f"{text}; ảnh hoặc bản quét, không có chữ để đọc: người xem"
    return f"{text}; loại này không đọc chữ" if not content.startswith("PDF") else f"{text}; không lấy được chữ"


def body_steps(read: Understanding) -> Iterator[str]:
    """How much the person wrote, and how much is quoted or signature; for a returned mail, which one and why."""
    automatic = read.automatic
    if automatic.kind is None:
        marks = (
            f"chỉ phần đầu thư nói vậy ({automatic.signs[0]}): không trả lời, cán bộ xem" if automatic.signs else ""
        )
        yield f"Thư tự động: {marks or 'không thấy dấu hiệu nào, coi là thư của người'}"
        own, signature, quoted = (
            len(part.split()) for part in (read.text.own, read.text.signature, read.text.quoted)
        )
        folded = f"; gấp lại {quoted} chữ trích dẫn, {signature} chữ ký" if quoted or signature else ""
        yield f"Lời của người gửi: {own} chữ{folded}"
    if automatic.kind is Kind.BOUNCE:
        lasting = "hỏng hẳn" if automatic.permanent else "tạm thời, máy chủ còn gửi lại"
        yield f"Thư bị trả lại: {lasting}, mã {automatic.status or 'không ghi'}"
        if automatic.failed:
            yield f"Thư bị trả lại: không đến được {', '.join(automatic.failed[:3])}"
        if automatic.original_ids:
            yield f"Thư bị trả lại: mã thư gốc {', '.join(automatic.original_ids[:3])}"


def asker_steps(mail: ParsedMail, read: Understanding) -> Iterator[str]:
    """Each datum of clause 21.1 with the line that it comes from, and the missing ones."""
    if read.kind not in {Kind.QUESTION, Kind.OUT_OF_SCOPE, Kind.FOLLOW_UP}:
        return
    asker = read.asker
    for name, called in _FIELDS:
        if value := str(getattr(asker, name)):
            yield f"Người hỏi, {called}: {value} ({_whence(value, mail, read)})"
    if asker.phone and not asker.phone_e164:
        yield "Người hỏi, số điện thoại: không phải số gọi được, xin kiểm tra"
    if asker.missing and read.kind is not Kind.FOLLOW_UP:
        lacking = ", ".join(called for name, called in _FIELDS if name in asker.missing)
        yield f"Người hỏi, còn thiếu: {lacking}; sẽ hỏi lại một lần"


def _whence(value: str, mail: ParsedMail, read: Understanding) -> str:
    wanted = squash(value)
    for number, line in enumerate(f"{read.text.own}\n{read.text.signature}".split("\n"), 1):
        if len(line) >= len(wanted) and wanted in squash(line):
            return f"dòng {number}: “{line.strip()[:SHOWN]}”"
    if wanted in squash(mail.sender.name) or squash(mail.sender.name) in wanted:
        return f"tên hiển thị của người gửi: “{mail.sender.name}”"
    return "ghép từ nhiều dòng của thư"


def reply_steps(reply: Reply | None) -> Iterator[str]:
    """What a reply does, to which questions, and how its text was divided."""
    if reply is None or reply.verb is Verb.NONE:
        return
    asked = f" câu hỏi {', '.join(reply.questions)}" if reply.questions else ""
    more = [f"đơn vị được nêu: {reply.unit}"] if reply.unit else []
    more += [f"đến ngày {short_date(reply.until)}"] if reply.until else []
    more += [f"văn bản số {reply.document}"] if reply.document else []
    yield f"Thư trả lời: {_VERBS[reply.verb]}{asked}" + (f" ({'; '.join(more)})" if more else "")
    for part in reply.parts:
        which = part.question or f"ý thứ {part.number}"
        yield f"Thư trả lời, phần của {which}: {_VERBS[part.verb]}: “{' '.join(part.text.split())[:SHOWN]}”"


def conclusion(read: Understanding) -> str:
    """The last line: the fate of the mail."""
    return f"Kết luận: {_FATES[read.fate]}{_DECISIONS[read.decision] if read.fate is Fate.REGISTER else ''}"


def plainly(step: str) -> str:
    """A step of the reading without a library's jargon."""
    head, colon, rest = step.partition("Lưu ý khi đọc thư: ")
    if not colon:
        return step
    for sign, text in _DEFECTS:
        if sign in rest:
            return f"{head}{colon}{text}{rest.partition(sign)[2] if sign.endswith(': ') else ''}"
    return step


def whole_trace(raw: bytes, mail: ParsedMail, read: Understanding) -> tuple[str, ...]:
    """The whole trace of one mail. For a denunciation only why it counts as one: no personal data, no file."""
    reasons = [plainly(step) for step in read.trace]
    if read.kind is Kind.DENUNCIATION:
        return (*reasons, conclusion(read))
    return (
        *read_steps(raw, mail),
        *body_steps(read),
        *asker_steps(mail, read),
        *reasons,
        *reply_steps(read.reply),
        conclusion(read),
    )


class Explainer:
    """Explains files one after another with the same knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def explain(self, name: str) -> dict[str, Any]:
        """The object of the stable interface for one file."""
        try:
            raw = Path(name).read_bytes()
        except OSError as error:
            return unreadable(name, f"Không đọc được tệp: {error.strerror}")
        mail, read = self.read_raw(raw)
        values = describe(name, mail, read)
        values["trace"] = list(traced(raw, mail, read))
        return values

    def read_raw(self, raw: bytes) -> tuple[ParsedMail, Understanding]:
        """The reading of the mail alone; with a register, by its data too (``daemon.admin.explain_register``)."""
        mail = parse_mail(raw)
        return mail, understand(mail, self.knowledge, city_day(written_at(mail, clock.now())))


def describe(name: str, mail: ParsedMail, read: Understanding) -> dict[str, Any]:
    """The object of the stable interface (docs: explain)."""
    values: dict[str, Any] = {
        "file": name,
        "kind": read.kind.value,
        "fate": read.fate.value,
        "sender": {"name": mail.sender.name, "email": mail.sender.email},
        "asker": {
            "kind": read.asker.kind.value,
            "name": read.asker.name,
            "address": read.asker.address,
            "phone": read.asker.phone,
        },
        "missing": list(read.asker.missing) if read.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE} else [],
        "subject": mail.subject,
        "text": read.text.own,
        "attachments": [{"name": file.name, "type": file.type, "size": file.size} for file in mail.attachments],
        "route": [{"unit": one.unit, "score": round(one.score, 4)} for one in read.route.candidates],
        "decision": read.decision.value,
        "clause": read.clause,
        "trace": list(read.trace),
    }
    if read.reply is not None:
        values["reply"] = _reply(read.reply)
    return values


def traced(raw: bytes, mail: ParsedMail, read: Understanding) -> tuple[str, ...]:
    """The trace with the reading of the bytes; without it where the bytes are too broken to read again."""
    try:
        return whole_trace(raw, mail, read)
    except Exception:
        return read.trace


def unreadable(name: str, why: str) -> dict[str, Any]:
    """The object for a file that cannot be read."""
    return {
        "file": name,
        "kind": Kind.UNREADABLE.value,
        "fate": Fate.QUARANTINE.value,
        "sender": {"name": "", "email": ""},
        "asker": {"kind": "individual", "name": "", "address": "", "phone": ""},
        "missing": [],
        "subject": "",
        "text": "",
        "attachments": [],
        "route": [],
        "decision": Decision.NONE.value,
        "clause": "",
        "trace": [why],
    }


def written_at(mail: ParsedMail, now: datetime) -> datetime:
    """When the mail was written; its day selects units and rules. ``now`` when that is missing or wrong."""
    written = mail.date or now
    return written if date(2016, 7, 23) <= city_day(written) <= city_day(now) else now


def _reply(reply: Reply) -> dict[str, Any]:
    """The reply as an object; ``text`` of an answer: what its asker would be sent."""
    return {
        "verb": reply.verb.value,
        "questions": list(reply.questions),
        "unit": reply.unit,
        "until": reply.until.isoformat() if reply.until else "",
        "document": reply.document,
        "text": as_sent(reply.text, DEFAULT) if reply.verb is Verb.ANSWER else "",
    }

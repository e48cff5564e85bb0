"""Mails as they really arrive: header values, addresses, bodies, attachments."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest

from daemon.parsing.parse import attachment_bytes, parse_mail
from rules.values.model import Mailbox


def mail(head: str, body: str | bytes = "hi", **extra: str) -> bytes:
    """A mail with CR LF line ends; ``head`` is ASCII or not, as it stands."""
    lines = head.strip().splitlines() + [f"{key.replace('_', '-')}: {value}" for key, value in extra.items()]
    raw = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n"
    return raw + (body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode())


def word(text: str, charset: str = "utf-8") -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


FULL = mail(
    """From: =?utf-8?Q?Nguy=E1=BB=85n_V=C4=83n_An?= <An@Dan.Test>
To: "Ban Biên tập" <hoidap@tp.test>, x@tp.test
Cc: y@tp.test
Reply-To: an2@dan.test
Subject: =?utf-8?B?SOG7j2kgduG7gSDEkeG6pXQ=?=
Date: Thu, 26 Nov 2026 09:00:00 +0700
Message-ID: <1.a@dan.test>
In-Reply-To: <r@tp.test>
References: <q@tp.test>
 <r@tp.test>
Received: from a by b
Received: from c by d
Content-Type: text/plain; charset=utf-8
MIME-Version: 1.0""",
    "Kính gửi Sở Xây dựng,\nTôi hỏi.\n",
)


def test_every_field() -> None:
    parsed = parse_mail(FULL)
    assert parsed.sha256 == hashlib.sha256(FULL).hexdigest()
    assert parsed.size == len(FULL)
    assert parsed.senders == (Mailbox("Nguyễn Văn An", "An@dan.test"),)
    assert parsed.to == (Mailbox("Ban Biên tập", "hoidap@tp.test"), Mailbox("", "x@tp.test"))
    assert parsed.cc == (Mailbox("", "y@tp.test"),)
    assert parsed.reply_to == (Mailbox("", "an2@dan.test"),)
    assert parsed.subject == "Hỏi về đất"
    assert parsed.date == datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    assert parsed.message_id == "1.a@dan.test"
    assert parsed.in_reply_to == ("r@tp.test",)
    assert parsed.references == ("q@tp.test", "r@tp.test")
    assert parsed.all_headers("received") == ("from a by b", "from c by d")
    assert parsed.text == "Kính gửi Sở Xây dựng,\nTôi hỏi."
    assert not parsed.minimal
    assert parsed.defects == ()


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (word("Hỏi về đất"), "Hỏi về đất"),
        ("=?utf-8?B?SOG7?= =?utf-8?B?j2k=?=", "Hỏi"),
        ("=?utf-8?Q?H=E1=BB?=\r\n =?utf-8?Q?=8Fi?=", "Hỏi"),
        ("=?windows-1258?Q?H=F2=D2i_v=EA=CC_=F0=E2=ECt?=", None),
        ("=?iso-8859-1?B?SOG7j2kgduG7gQ==?=", "Hỏi về"),
        ("=?utf-8?Q?Ki=CC=81nh?=", "Kính"),
        ("Hỏi về đất", "Hỏi về đất"),
        ("=?ut\x00f-8?Q?=E1=BA=BF?=", "ế"),
        ("=?utf-8?B?SOG7j2k?=", "Hỏi"),
        ("=?utf-8?B?SOG7j2kgdg=?=", "Hỏi v"),
        ("=?x-no-such?Q?H=E1=BB=8Fi?=", "Hỏi"),
        ("=?utf-8?Q?x=0D=0ABcc:_a@b.test?=", "x Bcc: a@b.test"),
        ("=?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3D0Ay=3F=3D?=", "=?utf-8?Q?x=0Ay?="),
        ("a\u202eb\u200bc", "abc"),
        ("=?utf-8?Q?a=00b?=", "ab"),
        ("Re: =?utf-8?Q?H=E1=BB=8Fi?= 5?", "Re: Hỏi 5?"),
        ("KÃ­nh gá»­i", "Kính gửi"),
        ("", ""),
    ],
)
def test_subjects(value: str, right: str | None) -> None:
    parsed = parse_mail(mail("From: a@dan.test", Subject=value))
    assert not parsed.minimal
    if right is not None:
        assert parsed.subject == right
    assert "\n" not in parsed.subject
    assert "\x00" not in parsed.subject


def test_raw_windows_1258_header() -> None:
    raw = b"From: Tr\xe2\xccn Th\xf2\xf2 <b@dan.test>\nSubject: H\xf2\xd2i v\xea\xcc \xf0\xe2\xect\n\nhi"
    # the letters: ô is written o, so build it from the codec instead of by hand
    subject = "Ho\u0309i về đất".replace("ề", "ê\u0300").replace("ấ", "â\u0301").encode("cp1258")
    raw = (
        b"From: " + "Tra\u0300n Thị".replace("ị", "i\u0323").encode("cp1258") + b" <b@dan.test>\nSubject: " + subject
    )
    parsed = parse_mail(raw + b"\n\nhi")
    assert parsed.subject == "Hỏi về đất"
    assert parsed.sender == Mailbox("Tràn Thị", "b@dan.test")


def test_repeated_headers() -> None:
    parsed = parse_mail(mail("From: a@dan.test\nSubject: một\nSubject: hai\nX-A: 1\nX-A: 2"))
    assert parsed.subject == "một"
    assert parsed.all_headers("x-a") == ("1", "2")


def test_a_second_from_is_seen() -> None:
    parsed = parse_mail(mail("From: a@dan.test\nFrom: Sở <so@tp.test>\nSubject: x"))
    assert [box.email for box in parsed.senders] == ["a@dan.test", "so@tp.test"]


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("MAILER-DAEMON (Mail Delivery System)", ("MAILER-DAEMON (Mail Delivery System)", "")),
        ("Mail Delivery Subsystem <MAILER-DAEMON>", ("Mail Delivery Subsystem <MAILER-DAEMON>", "")),
        ("MAILER-DAEMON <>", ("MAILER-DAEMON", "")),
        ('"A.B" <x@y.>', ("A.B", "x@y")),
        ('"Nguyễn, An" <a@DAN.test>', ("Nguyễn, An", "a@dan.test")),
        (f'"{word("Nguyễn Văn An")}" <a@dan.test>', ("Nguyễn Văn An", "a@dan.test")),
        ("=?utf-8?B?Tmd1eeG7?= =?utf-8?B?hW4=?= <a@dan.test>", ("Nguyễn", "a@dan.test")),
        ("=?utf-8?B?abcde?= <a@dan.test>", None),
        ('"=?utf-8?B?a?=" <a@dan.test>', None),
        ("a@dan.test (Nguyễn An)", ("Nguyễn An", "a@dan.test")),
        ('"so@tp.test" <la@dan.test>', ("so@tp.test", "la@dan.test")),
        ("so@tp.test <la@dan.test>", ("so@tp.test", "la@dan.test")),
        (f"{word('so@tp.test, x')} <la@dan.test>", ("so@tp.test, x", "la@dan.test")),
        ("Nguyễn An [tổ 5] <a@dan.test>", None),
        ("<a@dan.test>", ("", "a@dan.test")),
    ],
)
def test_senders(value: str, right: tuple[str, str] | None) -> None:
    parsed = parse_mail(mail(f"From: {value}\nSubject: x"))
    assert not parsed.minimal
    assert len(parsed.senders) == 1
    if right:
        assert (parsed.sender.name, parsed.sender.email) == right
    else:
        assert parsed.sender.email == "a@dan.test"


def test_two_addresses_in_one_from_name_nobody() -> None:
    parsed = parse_mail(mail("From: Sở <so@tp.test> <la@dan.test>\nSubject: x"))
    assert [box.email for box in parsed.senders] == [""]


def test_no_sender_at_all() -> None:
    assert parse_mail(mail("Subject: x")).senders == ()


ALTERNATIVE = """Content-Type: multipart/alternative; boundary=B
From: a@dan.test

--B
Content-Type: text/plain; charset=utf-8

{plain}
--B
Content-Type: text/html; charset=utf-8

{html}
--B--
"""


def parts(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def test_plain_is_preferred() -> None:
    parsed = parse_mail(parts(ALTERNATIVE.format(plain="Tôi hỏi", html="<p>Tôi <b>hỏi</b></p>")))
    assert parsed.text == "Tôi hỏi"
    assert "<b>" in parsed.html
    assert parsed.attachments == ()


@pytest.mark.parametrize("plain", ["", "   ", "Thư này cần trình đọc HTML.", "Your client does not support html"])
def test_html_where_plain_says_nothing(plain: str) -> None:
    page = "<head><style>p{}</style></head><body><p>Tôi hỏi</p><p>về đất&nbsp;ở, thửa số 5 tờ bản đồ 12</p></body>"
    parsed = parse_mail(parts(ALTERNATIVE.format(plain=plain, html=page)))
    assert " ".join(parsed.text.split()) == "Tôi hỏi về đất ở, thửa số 5 tờ bản đồ 12"


def test_html_only() -> None:
    html = (
        '<div style="display:none">ẩn</div><script>x()</script><p>Kính gửi</p>một<br>hai'
        "<table><tr><td>Họ tên</td><td>An</td></tr></table><ul><li>a</li></ul>"
    )
    parsed = parse_mail(mail("From: a@dan.test\nContent-Type: text/html; charset=utf-8", html))
    assert [line.split() for line in parsed.text.splitlines() if line.strip()] == [
        ["Kính", "gửi"],
        ["một"],
        ["hai"],
        ["Họ", "tên", "An"],
        ["-", "a"],
    ]


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        ("font-size:0", False),
        ("FONT-SIZE : 0px; color:red", False),
        ("font-size:0.0pt", False),
        ("opacity:0", False),
        ("font-size:0.9em", True),
        ("font-size:10px", True),
        ("mso-ansi-font-size:0", True),
        ("opacity:0.5", True),
    ],
)
def test_words_too_small_to_see_are_not_read(style: str, seen: bool) -> None:
    """A whole letter in font-size:0 was forwarded, though nobody could read a word of it."""
    page = f'<p>Kính gửi</p><div style="{style}">Đường Lạch Tray hỏng nặng.</div>'
    parsed = parse_mail(mail("From: a@dan.test\nContent-Type: text/html; charset=utf-8", page))
    assert ("Lạch Tray" in parsed.text) is seen


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>HP-2026-000001 <strike>chuyển SXD</strike> chuyển SYT</p>", "HP-2026-000001 chuyển SYT"),
        ('<p>Sửa <s>trong năm 2026</s> <del cite="x">quý I</del> năm 2027</p>', "Sửa năm 2027"),
        (
            '<div>Đồng ý<div style="color:red; text-decoration : underline line-through">không</div>gia hạn</div>',
            "Đồng ý\ngia hạn",
        ),
        ("<p><span style='text-decoration-line:line-through'>chuyển SXD</span></p>", ""),
        ("<p><span style='text-decoration:underline; x:line-through'>chuyển SXD</span></p>", "chuyển SXD"),
    ],
)
def test_what_is_crossed_out_is_not_said(page: str, text: str) -> None:
    assert parse_mail(mail("From: a@dan.test\nContent-Type: text/html; charset=utf-8", page)).text == text


def test_html_says_its_own_character_set() -> None:
    page = "<html><head><meta charset='windows-1258'></head><body>đi\u0323a chi\u0309</body></html>".encode("cp1258")
    assert parse_mail(mail("From: a@dan.test\nContent-Type: text/html", page)).text == "địa chỉ"


ATTACHED = """From: a@dan.test
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/plain; charset=utf-8

Xem tệp
--B
Content-Type: application/octet-stream{type}
Content-Disposition: attachment{disposition}
Content-Transfer-Encoding: base64

AAEC
--B--
"""


@pytest.mark.parametrize(
    ("type_", "disposition", "right"),
    [
        ("", '; filename="Trả lời câu hỏi số 12.pdf"', "Trả lời câu hỏi số 12.pdf"),
        ("", "; filename*=utf-8''Tr%E1%BA%A3%20l%E1%BB%9Di.pdf", "Trả lời.pdf"),
        ("", "; filename*0*=utf-8''Tr%E1%BA%A3;\n filename*1*=%20l%E1%BB%9Di.pdf", "Trả lời.pdf"),
        ("", f'; filename="{word("Trả lời.pdf")}"', "Trả lời.pdf"),
        (f'; name="{word("Trả lời.pdf")}"', "", "Trả lời.pdf"),
        ("", "; filename*=windows-1258''%F0%F3n.doc", "đón.doc"),
        ("", "; filename*=no-such''%C4%91%C6%A1n.doc", "đơn.doc"),
        ("", '; filename="C:\\\\Users\\\\An\\\\don.doc"', "don.doc"),
        ("", '; filename="../../etc/passwd"', "etc-passwd"),
        ("", '; filename="CV 12/SXD.pdf"', "CV 12-SXD.pdf"),
        ("", '; filename="a\u202egpj.exe"', "agpj.exe"),
        ("", f'; filename="{"x" * 500}.pdf"', "x" * 180 + ".pdf"),
        ("", "", ""),
    ],
)
def test_attachment_names(type_: str, disposition: str, right: str) -> None:
    raw = parts(ATTACHED.format(type=type_, disposition=disposition))
    (item,) = parse_mail(raw).attachments
    assert item.name == right
    assert item.size == 3
    assert attachment_bytes(raw, item.part) == b"\x00\x01\x02"
    assert item.sha256 == hashlib.sha256(b"\x00\x01\x02").hexdigest()


IN_PAGE = """--B
Content-Type: text/html

<p>Đường hỏng <img src="cid:Logo%40so"></p>
--B
Content-Type: {fields}
Content-Transfer-Encoding: base64

AAEC
--B--
"""


@pytest.mark.parametrize(
    ("around", "fields", "inline"),
    [
        ("mixed", "application/pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-ID: <f_m1>", False),
        ("mixed", "application/pdf; name=a.pdf\nContent-ID: <f_m1>", False),
        ("related", "application/pdf; name=a.pdf\nContent-Disposition: inline\nContent-ID: <logo@so>", False),
        ("mixed", "application/pdf\nContent-Disposition: inline", False),
        ("mixed", "message/rfc822\nContent-Disposition: attachment; filename=a.eml\nContent-ID: <f_m1>", False),
        ("mixed", "text/plain; name=a.txt\nContent-Disposition: inline", False),
        ("mixed", "image/jpeg; name=a.jpg\nContent-Disposition: inline", False),
        ("mixed", "image/jpeg\nContent-Disposition: attachment; filename=a.jpg\nContent-ID: <f_m1>", False),
        ("mixed", "image/png\nContent-Disposition: attachment; filename=a.png\nContent-ID: <logo@so>", True),
        ("mixed", "image/png\nContent-Disposition: inline", True),
        ("related", "image/png; name=a.png\nContent-ID: <another@so>", True),
        ("related", "image/png; name=a.png\nContent-Disposition: inline", True),
        ("mixed", "text/html\nContent-Disposition: attachment; filename=ATT00001.htm\nContent-ID: <f_m1>", True),
        ("related", "text/css; name=a.css\nContent-ID: <css@so>", True),
    ],
)
def test_what_belongs_to_the_text_is_no_file(around: str, fields: str, inline: bool) -> None:
    head = f"From: a@dan.test\nContent-Type: multipart/{around}; boundary=B"
    (item,) = parse_mail(mail(head, IN_PAGE.format(fields=fields))).attachments
    assert item.inline is inline


def test_no_such_part() -> None:
    assert attachment_bytes(FULL, 7) == b""
    assert attachment_bytes(b"", 0) == b""


BOUNCE = """From: MAILER-DAEMON@relay.test
Content-Type: multipart/report; report-type=delivery-status; boundary=R

--R

Không gửi được.
Message-ID: <in-text@tp.test>
--R
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.test

Final-Recipient: rfc822; x@dan.test
Status: 5.1.1
--R
Content-Type: {type}

From: hoidap@tp.test
Message-ID: <sent.1@tp.test>
Subject: {subject}

cũ
--R--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_bounces(kind: str) -> None:
    parsed = parse_mail(parts(BOUNCE.format(type=kind, subject="x")))
    assert parsed.content_type == "multipart/report"
    assert set(parsed.embedded_ids) == {"sent.1@tp.test", "in-text@tp.test"}
    assert "Status: 5.1.1" in parsed.delivery_status
    assert "Final-Recipient: rfc822; x@dan.test" in parsed.delivery_status
    assert parsed.text.startswith("Không gửi được.")


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
        'Content-Type: application/octet-stream; name="goc.eml"\nContent-Transfer-Encoding: base64',
        "Content-Type: text/plain\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64",
    ],
)
def test_a_returned_message_in_disguise(head: str) -> None:
    inner = b"From: hoidap@tp.test\nMessage-ID: <sent.2@tp.test>\nSubject: x\n\nc\xc5\xa9\n"
    raw = f"From: a@dan.test\nContent-Type: multipart/mixed; boundary=R\n\n--R\n\nhi\n--R\n{head}\n\n".encode()
    raw += base64.encodebytes(inner) + b"--R--\n"
    parsed = parse_mail(raw)
    assert parsed.embedded_ids == ("sent.2@tp.test",)
    assert attachment_bytes(raw, parsed.attachments[0].part).strip() == inner.strip()


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("To: <hoidap@TP.test>", [("", "hoidap@tp.test")]),
        ("To: hoidap@tp.test", [("", "hoidap@tp.test")]),
        ("To: hoidap@tp.test>", [("", "hoidap@tp.test")]),
        ("To: <hoidap@tp.test>\nTo: An <an@dan.test>", [("", "hoidap@tp.test")]),
        ("To: An <an@dan.test>\nTo: <hoidap@tp.test>", [("An", "an@dan.test")]),
        ("To: An <an@dan.test>, <hoidap@tp.test>", [("An", "an@dan.test"), ("", "hoidap@tp.test")]),
    ],
)
def test_recipients(fields: str, found: list[tuple[str, str]]) -> None:
    parsed = parse_mail(f"From: a@dan.test\n{fields}\nCc: c@dan.test\n\nhi\n".encode())
    assert [(box.name, box.email) for box in parsed.to if box.email] == found
    assert [box.email for box in parsed.cc] == ["c@dan.test"]


def test_small_files_are_found_again_without_reading_the_mail_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = parts("--B\nContent-Disposition: attachment; filename=a.bin\nContent-Transfer-Encoding: base64\n\nQUJD\n")
    (item,) = [one for one in parse_mail(raw).attachments if one.name == "a.bin"]
    assert attachment_bytes(bytes(bytearray(raw)), item.part) == b"ABC"
    monkeypatch.setattr("daemon.parsing.parse.opened", None)
    assert attachment_bytes(bytes(bytearray(raw)), item.part) == b"ABC"
    assert attachment_bytes(raw + b" ", item.part) == b""


def test_a_charset_as_rfc_2231_writes_it() -> None:
    raw = b"From: a@dan.test\nContent-Type: text/plain; charset*=utf-8''utf-8\n\n" + "Xin chào".encode()
    parsed = parse_mail(raw)
    assert (parsed.text, parsed.minimal) == ("Xin chào", False)


def test_an_attached_message_keeps_its_bytes_and_tells_who_wrote_what() -> None:
    raw = parts(BOUNCE.format(type="message/rfc822", subject=word("Hỏi đáp")))
    item = parse_mail(raw).attachments[-1]
    assert item.type == "message/rfc822"
    assert "Subject: Hỏi đáp" in item.text
    assert "cũ" in item.text
    assert b"Message-ID: <sent.1@tp.test>" in attachment_bytes(raw, item.part)


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        ("\ufeffFrom: a@dan.test\nSubject: x", "x"),
        ("\n\nFrom: a@dan.test\nSubject: x", "x"),
        ("From a@dan.test Thu Nov 26 09:00:00 2026\nFrom: a@dan.test\nSubject: x", "x"),
        ("From : a@dan.test\nSubject : x", "x"),
        ("From: a@dan.test\nrác không phải tiêu đề\nSubject: x", "x"),
        ("From: a@dan.test\nSubject: x\n y", "x y"),
    ],
)
def test_faults_in_the_header_section(head: str, subject: str) -> None:
    parsed = parse_mail(head.encode() + b"\n\nhi")
    assert parsed.subject == subject
    assert parsed.sender.email == "a@dan.test"
    assert parsed.text == "hi"


def test_text_is_not_taken_for_a_header() -> None:
    parsed = parse_mail("From: a@dan.test\nXin chào\nĐịa chỉ: 12 Lê Lợi\n\nhết".encode())
    assert "Địa chỉ: 12 Lê Lợi" in parsed.text
    assert "Xin chào" in parsed.text


def test_parts_behind_a_wrong_boundary_are_found() -> None:
    text = ATTACHED.format(type="", disposition='; filename="a.bin"').replace("boundary=B", "boundary=other")
    parsed = parse_mail(parts(text))
    assert parsed.text == "Xem tệp"
    assert [item.name for item in parsed.attachments] == ["a.bin"]


@pytest.mark.parametrize(
    "charset", ['"ut\x00f"', "undefined", "no-such", "", '"utf-8', "utf-8; charset=utf-8", "idna"]
)
def test_strange_character_sets(charset: str) -> None:
    head = f"From: a@b.vn\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: quoted-printable"
    assert parse_mail(mail(head, "=E1=BA=BF")).text == "ế"

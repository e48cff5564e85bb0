"""A unit's answer where the program cannot read it: between the lines of our quoted mail, or in a wrapping;
and what is a program's and no answer."""

import email
import email.policy
import textwrap
import time
from email.message import EmailMessage

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from benchmarks.files import pdf
from daemon.parsing.parse import attachment_bytes, parse_mail
from db.outbox import undelivered
from tests.dose import each_third
from tests.faults.test_smime import identity
from tests.installation import MAILBOX, OFFICER, SXD, answer_to, files_of, subject_of, text_of
from tests.unit.daemon.parsing.test_parse_files import tnef_file, word_file
from tests.world import CITIZEN, NEIGHBOUR, ROAD, SIGNATURE, World, order, said

INSIDE = "Đoạn này được vá xong trước ngày 30/11/2026, kinh phí bảo trì 200 triệu đồng."
SIGNED = "Lê Văn Đạt, Phó Giám đốc Sở Xây dựng"
POINTS = (
    "Kính gửi Ban Biên tập,\nSở trả lời bên dưới màu đỏ ạ.",
    "Kính gửi Ban Biên tập,\nSở Xây dựng trả lời trực tiếp vào thư dưới đây, chữ màu xanh.\nTrân trọng./.",
    "Nội dung trả lời em ghi ở phần dưới, chữ in nghiêng nhé.\n\nTrân trọng,\nĐỗ Mạnh Hà\nVăn thư Sở",
    "So tra loi o duoi mau do a",
    "Kính gửi Ban Biên tập,\n\nXin gửi phần trả lời ở cuối thư, bên dưới câu hỏi gốc.",
    "",
)


def asked(house: World) -> str:
    """Two questions with the department; the number of the first."""
    code = str(house.ask(ROAD + SIGNATURE)["code"])
    house.ask(ROAD.replace("đường trước nhà", "ngõ sau nhà") + SIGNATURE, sender=NEIGHBOUR)
    return code


def forwarded(house: World, code: str) -> bytes:
    """The department's mail of that question."""
    return next(raw for raw in house.inbox(SXD) if code in subject_of(raw))


def answered_with(raw: bytes, body: str, kind: str = "plain") -> bytes:
    """An answer to that mail with a body as some mail program writes it."""
    message = email.message_from_bytes(answer_to(raw, SXD, ""), policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    message.set_content(body, subtype=kind, cte="base64")
    return message.as_bytes()


def within(raw: bytes, above: str, *own: str) -> bytes:
    """An answer as Outlook writes it: our mail unmarked below a header block, with the unit's lines behind the
    question in it."""
    lines = text_of(raw).splitlines()
    place = next(at for at, line in enumerate(lines) if "?" in line) + 1
    quoted = "\n".join([*lines[:place], *own, *lines[place:]])
    block = f"Từ: Ban Biên tập <{MAILBOX}>\nĐã gửi: 05/10/2026 9:40\nĐến: {SXD}\nChủ đề: {subject_of(raw)}"
    return answered_with(raw, f"{above}\n\n{block}\n\n{quoted}\n")


def nothing_left(house: World, code: str, before: int) -> bool:
    """The question is still open and neither asker was sent anything."""
    return house.of_question(code)[0]["status"] == "forwarded" and len(house.inbox(CITIZEN)) == before


@pytest.fixture
def code(house: World) -> str:
    return asked(house)


def test_the_text_of_a_mail_of_ours_is_its_own(house: World) -> None:
    """What a unit's mail holds beside the mail that it quotes is found by that mail alone."""
    asked(house)
    with house.house.engine.connect() as connection:
        for row in house.house.sent:
            own = text_of(bytes(row["bytes"]))
            assert undelivered.text_of(connection, row["id"]) == own, row["name"]


@each_third("above", POINTS, ids=lambda text: text[:24] or "nothing above")
def test_an_answer_written_into_our_mail_is_shown_and_asked_for_again(house: World, code: str, above: str) -> None:
    told, others = len(house.inbox(CITIZEN)), len(house.inbox(NEIGHBOUR))
    house.write(within(forwarded(house, code), above, f"Trả lời: {INSIDE}", SIGNED))
    assert nothing_left(house, code, told)
    review = said(house.last("officer_review", OFFICER))
    assert "viết xen vào phần trích thư của Ban Biên tập" in review
    assert "mở thư gốc" in review
    assert INSIDE in review
    assert SIGNED in review
    for untrue in ("gia hạn trả lời", "giống thư", "không giống một câu trả lời", "nhưng không có tệp"):
        assert untrue not in review.partition("XIN QUYẾT ĐỊNH")[0]
    assert "là câu trả lời" not in review
    assert f"{code} nhờ đơn vị viết lại: " in review
    unit = said(house.last("unit_told", SXD))
    assert "phía trên phần trích" in unit
    assert "gửi bằng tệp" in unit
    assert "ghi “Trả lời”" not in unit

    done = order(house, f"{code} là câu trả lời")
    assert "Chưa làm" in done
    assert "viết xen" in done
    assert "Chưa làm" in order(house, f"{code} vẫn là câu trả lời")
    assert "Chưa làm" in order(house, f"{code} chuyển cho người hỏi")
    house.answers("unit_told", SXD, "Trả lời")
    assert nothing_left(house, code, told)
    assert len(house.inbox(NEIGHBOUR)) == others

    house.write(answer_to(forwarded(house, code), SXD, f"Sở Xây dựng trả lời: {INSIDE}\n{SIGNED}"))
    assert house.of_question(code)[0]["status"] == "answered"
    assert INSIDE in said(house.last(CITIZEN))


def test_an_officer_passes_on_what_the_unit_wrote_between_the_lines(house: World, code: str) -> None:
    house.write(within(forwarded(house, code), POINTS[0], f"Trả lời: {INSIDE}"))
    assert "Đã làm" in order(house, f"{code} chuyển cho người hỏi: {INSIDE}")
    assert INSIDE in said(house.last(CITIZEN))


def test_words_that_only_point_below_are_no_answer_where_nothing_is_found_there(house: World, code: str) -> None:
    told = len(house.inbox(CITIZEN))
    house.write(answer_to(forwarded(house, code), SXD, "Sở trả lời bên dưới màu đỏ ạ"))
    review = said(house.last("officer_review", OFFICER))
    assert "nói câu trả lời ở phần trích thư của Ban Biên tập" in review
    assert "là câu trả lời" not in review
    assert "Chưa làm" in order(house, f"{code} là câu trả lời")
    assert nothing_left(house, code, told)


def test_a_long_text_of_such_words_is_read_in_straight_time(house: World, code: str) -> None:
    """One pattern for the words and the phrases made of them took twice as long with each word more."""
    begun = time.process_time()
    house.write(answer_to(forwarded(house, code), SXD, f"Trả lời dưới đây: {'bôi vàng tô đỏ chữ xanh, ' * 200} hàng"))
    assert time.process_time() - begun < 10.0
    assert house.of_question(code)[0]["status"] == "forwarded"


@pytest.mark.parametrize(
    "answer",
    [
        f"Sở Xây dựng trả lời như dưới đây: {INSIDE}\n\n{SIGNED}",
        f"Sở Xây dựng trả lời: {INSIDE}\nBản chữ màu đỏ ở dưới là câu hỏi.\n{SIGNED}",
        "Sở trả lời: đèn đỏ ở ngã tư được sửa xong trước ngày 30/11/2026.",
    ],
)
def test_an_answer_above_an_untouched_quotation_goes_on_being_one(house: World, code: str, answer: str) -> None:
    house.write(within(forwarded(house, code), answer))
    assert house.of_question(code)[0]["status"] == "answered", house.house.mails[-1]["reason"]
    assert "2026" in said(house.last("citizen_answered", CITIZEN))


def test_a_file_is_the_answer_beside_words_that_point_below(house: World, code: str) -> None:
    words = "Sở gửi văn bản trả lời kèm theo ạ, xem thêm ở dưới."
    paper = ("812-SXD-QLN.pdf", "application/pdf", pdf([f"Trả lời: {INSIDE}"], 1))
    house.write(answer_to(forwarded(house, code), SXD, words, attachments=[paper]))
    assert house.of_question(code)[0]["status"] == "answered"


def test_lines_that_a_mail_program_breaks_otherwise_are_not_the_units(house: World, code: str) -> None:
    raw = forwarded(house, code)
    narrow = "\n".join(
        f"> {piece}" for line in text_of(raw).splitlines() for piece in textwrap.wrap(line, 30) or [""]
    )
    body = f"Sở Xây dựng trả lời: {INSIDE}\n{SIGNED}\n\nVào Th 2, 5 thg 10, 2026 Ban Biên tập đã viết:\n{narrow}"
    house.write(answered_with(raw, body))
    assert house.of_question(code)[0]["status"] == "answered"


def test_unmarked_lines_between_marked_ones_go_on_being_the_answer(house: World, code: str) -> None:
    raw = forwarded(house, code)
    lines = [f"> {line}" for line in text_of(raw).splitlines()]
    place = next(at for at, line in enumerate(lines) if "?" in line) + 1
    body = "\n".join([*lines[:place], "", f"Sở Xây dựng trả lời: {INSIDE}", SIGNED, "", *lines[place:]])
    house.write(answered_with(raw, f"Vào Th 2, 5 thg 10, 2026 Ban Biên tập đã viết:\n{body}"))
    assert house.of_question(code)[0]["status"] == "answered"
    assert INSIDE in said(house.last("citizen_answered", CITIZEN))


def test_an_answer_that_goes_on_between_the_lines_is_looked_at_and_may_leave(house: World, code: str) -> None:
    told = len(house.inbox(CITIZEN))
    more = "Vỉa hè hai bên được lát lại trong quý I năm 2027."
    house.write(within(forwarded(house, code), f"Sở Xây dựng trả lời: {INSIDE}\n{SIGNED}", more))
    assert nothing_left(house, code, told)
    review = said(house.last("officer_review", OFFICER))
    assert "còn viết xen vào phần trích thư của Ban Biên tập" in review
    assert more in review
    assert "Đã làm" in order(house, f"{code} là câu trả lời")
    answer = said(house.last("citizen_answered", CITIZEN))
    assert INSIDE in answer
    assert more not in answer


def test_coloured_lines_in_our_quoted_html_are_the_units(house: World) -> None:
    raw = forwarded(house, asked(house))
    part = email.message_from_bytes(raw, policy=email.policy.default).get_body(("html",))
    assert part is not None
    shown = str(part.get_content())
    place = shown.index("</p>", shown.index("nhiều ổ gà")) + 4
    red = f"<p style='color:red'>{INSIDE}</p>"
    fields = (f"Từ: Ban Biên tập &lt;{MAILBOX}&gt;", "Gửi: 5/10/2026", f"Đến: {SXD}", "Chủ đề: x")
    block = f"<p>{'<br>'.join(fields)}</p>"
    body = f"<html><body><p>{POINTS[0]}</p>{block}{shown[:place]}{red}{shown[place:]}</body></html>"
    house.write(answered_with(raw, body, "html"))
    review = said(house.last("officer_review", OFFICER))
    assert "Lời đơn vị viết xen vào phần trích" in review
    assert INSIDE in review
    assert review.partition("viết xen vào phần trích: ")[2].partition(INSIDE)[0].strip(" >") == ""


ENVELOPED = bytes.fromhex("3082010006092a864886f70d010703a0") + bytes(range(256)) * 3
BROKEN = bytes.fromhex("3082010006092a864886f70d010702a0") + bytes(range(256)) * 3
WHO = identity(SXD)
TEXT = f"Sở Xây dựng trả lời: {INSIDE}\n{SIGNED}\n"


def opaque(part: bytes) -> bytes:
    """That part signed as a whole, as Outlook signs unless it is told to send clear text."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(part).add_signer(WHO.certificate, WHO.key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def wrapped(raw: bytes, data: bytes, kind: str, name: str, text: str = "") -> bytes:
    """An answer to that mail of nothing but a wrapping, or with a text beside it."""
    message = email.message_from_bytes(answer_to(raw, SXD, ""), policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    main, _, sub = kind.partition("/")
    if text:
        message.set_content(text)
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    else:
        message.set_content(data, maintype=main, subtype=sub, filename=name, disposition="attachment")
    return message.as_bytes()


def rich_text_only() -> bytes:
    """A winmail.dat without a text that can be read and without a file."""
    return tnef_file()[: 6 + 9 + 8 + 2]


MIME = "application/pkcs7-mime"
WRAPPINGS = {
    "encrypted": (ENVELOPED, MIME, "smime.p7m", "", "được mã hóa", "không mã hóa"),
    "encrypted, of no type": (ENVELOPED, "application/octet-stream", "smime.p7m", "", "được mã hóa", "không mã hóa"),
    "OpenPGP": (
        b"-----BEGIN PGP MESSAGE-----\n",
        "application/octet-stream",
        "encrypted.asc",
        "",
        "được mã hóa",
        "không mã",
    ),
    "signed, broken": (BROKEN, MIME, "smime.p7m", "", "ký số cả khối", "không ký số cả khối"),
    "Outlook": (rich_text_only(), "application/ms-tnef", "winmail.dat", "", "winmail.dat", "không chọn Rich Text"),
    "Outlook, announced": (
        *(rich_text_only(), "application/octet-stream", "winmail.dat", "Sở gửi văn bản trả lời kèm theo."),
        *("winmail.dat", "không chọn Rich Text"),
    ),
}


@each_third("case", WRAPPINGS.values(), ids=WRAPPINGS)
def test_an_unreadable_wrapping_goes_to_nobody(house: World, case: tuple[bytes, str, str, str, str, str]) -> None:
    data, kind, name, text, why, wish = case
    code = asked(house)
    told, others = len(house.inbox(CITIZEN)), len(house.inbox(NEIGHBOUR))
    house.write(wrapped(forwarded(house, code), data, kind, name, text))
    review = said(house.last("officer_review", OFFICER))
    assert why in review
    assert "mở thư gốc" in review
    assert "là câu trả lời" not in review
    assert "không có tệp" not in review
    unit = said(house.last("unit_told", SXD))
    assert why in unit
    assert wish in unit
    assert "ghi “Trả lời”" not in unit
    done = order(house, f"{code} là câu trả lời")
    assert "Chưa làm" in done
    assert why in done
    house.answers("unit_told", SXD, "Trả lời")
    assert nothing_left(house, code, told)
    assert len(house.inbox(NEIGHBOUR)) == others
    house.write(answer_to(forwarded(house, code), SXD, TEXT))
    assert house.of_question(code)[0]["status"] == "answered"


def test_a_mail_signed_as_a_whole_is_read_where_it_can_be(house: World, code: str) -> None:
    part = EmailMessage(policy=email.policy.SMTP)
    part["From"] = "ke-khac@dan.test"
    part["Subject"] = "Việc khác"
    part.set_content(TEXT)
    part.add_attachment(pdf([f"Trả lời: {INSIDE}"], 1), maintype="application", subtype="pdf", filename="812.pdf")
    raw = wrapped(forwarded(house, code), opaque(part.as_bytes()), MIME, "smime.p7m")
    house.write(raw)
    assert house.of_question(code)[0]["status"] == "answered"
    answer = house.last("citizen_answered", CITIZEN)
    assert INSIDE in said(answer)
    assert list(files_of(answer)) == ["812.pdf"]
    mail = parse_mail(raw)
    assert (mail.sender.email, mail.subject) == (SXD, f"Re: {subject_of(forwarded(house, code))}")
    assert attachment_bytes(raw, mail.attachments[0].part).startswith(b"%PDF-")


@pytest.mark.parametrize("text", [TEXT, "Sở gửi văn bản trả lời kèm theo."])
def test_of_a_winmail_with_a_document_the_asker_gets_the_document_alone(house: World, code: str, text: str) -> None:
    packed = tnef_file().replace(b"tra loi.txt\x00", b"tra loi.docx")
    inner = word_file()
    start = packed.index("Trả lời của Sở".encode()) - 4
    data = packed[:start] + len(inner).to_bytes(4, "little") + inner + (sum(inner) & 0xFFFF).to_bytes(2, "little")
    house.write(wrapped(forwarded(house, code), data, "application/ms-tnef", "winmail.dat", text))
    if house.of_question(code)[0]["status"] != "answered":
        assert "Đã làm" in order(house, f"{code} là câu trả lời")
    answer = house.last("citizen_answered", CITIZEN)
    assert list(files_of(answer)) == ["tra loi.docx"]
    assert "winmail" not in said(answer)


@pytest.mark.parametrize(
    ("data", "kind", "name"),
    [
        (rich_text_only(), "application/ms-tnef", "winmail.dat"),
        (BROKEN, "application/pkcs7-signature", "smime.p7s"),
        (b"-----BEGIN PGP SIGNATURE-----\n", "application/pgp-signature", "signature.asc"),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "application/pgp-keys", "OpenPGP_0x1A.asc"),
    ],
    ids=["winmail.dat", "smime.p7s", "signature.asc", "a key"],
)
def test_a_text_beside_an_empty_winmail_or_a_signature_is_the_answer(
    house: World, code: str, data: bytes, kind: str, name: str
) -> None:
    house.write(wrapped(forwarded(house, code), data, kind, name, TEXT))
    assert house.of_question(code)[0]["status"] == "answered"
    answer = house.last("citizen_answered", CITIZEN)
    assert INSIDE in said(answer)
    assert files_of(answer) == {}


READ = (
    "Thư của bạn\n\n   Đến: {to}\n   Chủ đề: {subject}\n   Đã gửi: 05/10/2026 9:40\n\n"
    "đã được đọc vào 05/10/2026 10:02.",
    "Your message\n\n   To: {to}\n   Subject: {subject}\n   Sent: Monday, October 5, 2026 9:40 AM\n\n"
    "was read on Monday, October 5, 2026 10:02:00 AM (UTC+07:00) Bangkok, Hanoi, Jakarta.",
    "Thu cua ban\n\n   Den: {to}\n   Chu de: {subject}\n\nda duoc doc vao 05/10/2026 10:02.",
)


@pytest.mark.parametrize("text", READ, ids=["Vietnamese", "English", "no marks"])
def test_a_read_receipt_in_plain_words_troubles_nobody(house: World, code: str, text: str) -> None:
    raw, before = forwarded(house, code), house.last_sent()
    house.write(answered_with(raw, text.format(to=SXD, subject=subject_of(raw))))
    assert house.last_sent() == before
    assert house.house.mails[-1]["kind"] == "auto_reply"
    assert house.of_question(code)[0]["status"] == "forwarded"
    house.write(answer_to(raw, SXD, f"Thư của bạn: đã được đọc. {TEXT}"))
    assert house.house.mails[-1]["kind"] == "reply"


MEETING = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:h1@sxd.test\r\n"
    "DTSTAMP:20261005T020000Z\r\nDTSTART:20261009T010000Z\r\nDTEND:20261009T030000Z\r\n"
    "SUMMARY:Họp rà soát hạ tầng\r\n"
    "LOCATION:Phòng họp 2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.mark.parametrize("beside", ["", "Mời họp rà soát hạ tầng\nThời gian: 8:00 09/10/2026\nĐịa điểm: Phòng họp 2"])
def test_an_invitation_of_a_unit_is_told_and_no_answer(house: World, beside: str) -> None:
    code, before = asked(house), house.last_sent()
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = SXD, MAILBOX, "Mời họp rà soát hạ tầng"
    message["Message-ID"] = "<moi-hop@sxd.test>"
    if beside:
        message.set_content(beside)
        message.add_alternative(MEETING, subtype="calendar", params={"method": "REQUEST"})
    else:
        message.set_content(MEETING, subtype="calendar", params={"method": "REQUEST"})
    house.write(message.as_bytes())
    after = house.house.sent_with(after=before)
    assert {str(row["name"]) for row in after} == {"officer_review"}
    review = said(house.last("officer_review", OFFICER))
    assert "Thư mời, có ngày giờ" in review
    assert "Phòng họp 2" in review
    assert "09/10/2026" in review
    assert "VCALENDAR" not in review
    assert "là câu trả lời" not in review
    assert house.of_question(code)[0]["status"] == "forwarded"


@pytest.mark.parametrize(
    "word",
    [
        "Kính đề nghị Ban Biên tập không gửi trả lời này cho công dân.",
        "Nhờ BBT khoan gửi, chờ lãnh đạo duyệt trả lời.",
        "Trân trọng,\nLƯU Ý: KHÔNG GỬI CHO CÔNG DÂN - CHỈ NỘI BỘ",
        "Trân trọng,\nNgười soạn: Lê Minh (dự thảo, không gửi cho công dân)",
        "Trân trọng,\nLê Minh\nThư này là thông tin nội bộ, không gửi cho công dân, nghiêm cấm phát tán.",
        "Nơi nhận:\n- Như trên (chưa gửi công dân);\n- Lưu: VT.",
    ],
)
def test_a_word_to_the_board_is_weighed_before_it_is_left_out(house: World, code: str, word: str) -> None:
    house.write(answer_to(forwarded(house, code), SXD, f"Sở Xây dựng trả lời: {INSIDE}\n\n{word}"))
    assert house.house.sent_with(name="citizen_answered") == []


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_of_a_text_longer_than_is_read_nothing_leaves_by_itself(house: World, code: str, kind: str) -> None:
    """Its beginning went to the asker as the whole answer, a citizen's to the department."""
    before, line = (
        len(house.inbox(CITIZEN)),
        "Đoạn số {} được vá xong trước ngày 30/11/2026, kinh phí bảo trì có rồi.",
    )
    lines = [line.format(number) for number in range(2000)]
    end = "<br>\n" if kind == "html" else "\n"
    house.write(answered_with(forwarded(house, code), f"Sở Xây dựng trả lời:{end}{end.join(lines)}", kind))
    assert nothing_left(house, code, before)
    assert "chỉ đọc được phần đầu" in said(house.last("officer_review"))
    house.ask(ROAD + "\n".join(lines) + SIGNATURE, sender="dai@dan.test")
    assert house.question["status"] == "needs_review"
    assert "chỉ đọc được phần đầu" in said(house.last("officer_review"))

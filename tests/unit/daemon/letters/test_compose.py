"""The mails' bytes: headers, folding, parts, attachments; read back with the standard library."""

import email
import email.policy
import html
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.letters import mime, samples
from daemon.letters.compose import FIELDS, Composer, Templates
from daemon.letters.mime import UnsafeMail, ascii_name, safe_name
from daemon.letters.sample_values import TO
from daemon.letters.selftest import decoded, self_test, wrong
from daemon.letters.views import Draft, OutAttachment
from rules.text import clean
from rules.values.model import Notice, Recipient

COMPOSER = Composer(Templates(), samples.HOUSE)


def draft(name: str = "citizen_forwarded", **more: Any) -> Draft:
    return replace({one.notice.name: one for one in samples.drafts()}[name], **more)


def to(recipient: Recipient, **more: Any) -> Draft:
    one = draft()
    values: dict[str, Any] = {"in_reply_to": "", "references": ()} | more
    notice = Notice(one.notice.name, recipient, "10.1.g", "k", one.notice.values, **values)
    return replace(one, notice=notice)


def read(one: Draft) -> EmailMessage:
    message = email.message_from_bytes(COMPOSER.compose(one).raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage, subtype: str = "plain") -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def strip_tags(page: str) -> str:
    """What a browser shows of a page's main part."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page.partition("<main>")[2].partition("</main>")[0]))


def words(text: str) -> list[str]:
    """Letters and digits only, case aside: what is read, not how it is set."""
    return re.findall(r"\w+", text.casefold())


class TestHeaders:
    def test_every_field_of_a_citizen_notice(self) -> None:
        message = read(draft())
        assert [name.encode() for name in message] == list(FIELDS)
        assert str(message["From"]) == "Ban Biên tập Cổng TTĐT Hải Phòng <doithoai@haiphong.test>"
        assert str(message["To"]) == "honghanh@vidu.test"
        assert str(message["Reply-To"]) == "doithoai+r.4x7q.k2m9pz@haiphong.test"
        assert str(message["Subject"]) == "[HP-2026-000123] Câu hỏi đã được chuyển đến đơn vị trả lời"
        assert str(message["Date"]) == "Thu, 12 Nov 2026 08:30:00 +0700"
        assert str(message["Message-ID"]) == "<0123456789abcdef0123456789abcdef@haiphong.test>"
        assert str(message["In-Reply-To"]) == "<hoi.1@vidu.test>"
        assert str(message["References"]).split() == ["<hoi.0@vidu.test>", "<hoi.1@vidu.test>"]
        assert str(message["Auto-Submitted"]) == "auto-replied"
        assert str(message["X-Auto-Response-Suppress"]) == "All"
        assert str(message["X-Doithoai"]) == "0123456789abcdef0123456789abcdef"

    def test_what_answers_nothing_is_auto_generated_and_not_threaded(self) -> None:
        message = read(to(TO["citizen"]))
        assert str(message["Auto-Submitted"]) == "auto-generated"
        assert "In-Reply-To" not in message
        assert "References" not in message
        assert str(read(draft("unit_forward"))["Auto-Submitted"]) == "auto-generated"

    def test_loop_proof_and_never_bulk(self) -> None:
        for one in samples.drafts():
            message = read(one)
            assert str(message["Auto-Submitted"]).startswith("auto-")
            assert not {"Precedence", "List-Id", "Bcc", "Cc", "Sender", "Return-Path"} & set(message.keys())

    def test_a_citizens_name_is_not_put_beside_the_address_a_units_is(self) -> None:
        assert str(read(to(Recipient("a@vidu.test", "Mua ngay tại quangcao.test", "citizen")))["To"]) == "a@vidu.test"
        unit = Recipient("sxd@haiphong.test", "Sở Xây dựng (gồm Giao thông vận tải)", "unit")
        assert str(read(to(unit))["To"]) == "Sở Xây dựng <sxd@haiphong.test>"

    def test_envelope(self) -> None:
        mail = COMPOSER.compose(draft())
        assert mail.envelope_from == "doithoai+b.4x7q.k2m9pz@haiphong.test"
        assert mail.recipient == "honghanh@vidu.test"
        assert mail.message_id == "0123456789abcdef0123456789abcdef@haiphong.test"

    def test_a_server_without_subaddresses(self) -> None:
        mail = Composer(Templates(), replace(samples.HOUSE, subaddress="")).compose(draft())
        assert mail.envelope_from == "doithoai@haiphong.test"
        assert b"\r\nReply-To: doithoai@haiphong.test\r\n" in mail.raw

    def test_same_draft_same_bytes(self) -> None:
        other = Composer(Templates(), samples.HOUSE)
        for one in samples.drafts():
            assert COMPOSER.compose(one).raw == other.compose(one).raw

    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2026, 1, 1, 16, 59, 59, tzinfo=UTC),
            datetime(2026, 2, 28, 17, 0, tzinfo=UTC),
            datetime(2028, 2, 29, 3, 4, 5, tzinfo=UTC),
        ],
    )
    def test_date_is_the_instant_in_the_citys_time(self, moment: datetime) -> None:
        read_back = email.message_from_bytes(mime.date(moment), policy=email.policy.default)["Date"].datetime
        assert read_back == moment
        assert read_back.utcoffset().total_seconds() == 7 * 3600

    @given(st.text(max_size=300))
    def test_any_subject_reads_back_as_it_was_meant_on_short_lines(self, value: str) -> None:
        field = mime.unstructured(b"Subject", value)
        assert mime.names_in(field.removesuffix(b"\r\n")) == (b"Subject",)
        assert all(len(line) <= 78 for line in field.split(b"\r\n"))
        shown = decoded(email.message_from_bytes(field + b"\r\n")["Subject"] or "")
        assert shown == mime.one_line(value)

    @given(st.text(max_size=150))
    def test_any_display_name_leaves_the_address_alone(self, value: str) -> None:
        field = mime.mailbox(b"To", value, "a@vidu.test")
        assert all(len(line) <= 78 for line in field.split(b"\r\n"))
        header = email.message_from_bytes(field + b"\r\n", policy=email.policy.default)["To"]
        assert [one.addr_spec for one in header.addresses] == ["a@vidu.test"]

    def test_a_subject_that_looks_encoded_stays_words(self) -> None:
        value = "=?utf-8?Q?Hoi=0D=0ABcc:_x@xau.test?="
        field = mime.unstructured(b"Subject", value)
        once = decoded(email.message_from_bytes(field + b"\r\n")["Subject"])
        assert decoded(once) == once, "a reader that decodes twice finds nothing to decode"

    def test_a_very_long_subject_ends_at_a_word(self) -> None:
        assert mime.one_line("câu hỏi " * 100).endswith("hỏi…")
        assert mime.one_line("x" * 500) == "x" * 200 + "…"

    def test_long_threads_keep_the_first_and_the_latest(self) -> None:
        chain = tuple(f"id{n}@vidu.test" for n in range(500))
        one = to(TO["citizen"], in_reply_to="cuoi@vidu.test", references=chain)
        kept = str(read(one)["References"]).split()
        assert kept[0] == "<id0@vidu.test>"
        assert kept[-1] == "<cuoi@vidu.test>"
        assert len(kept) == 20

    def test_the_longest_thread_holds_the_mails_own_id_too_where_no_address_bears_a_tag(self) -> None:
        chain = tuple(f"id{n}@vidu.test" for n in range(500))
        one = to(TO["citizen"], in_reply_to="cuoi@vidu.test", references=chain)
        made = Composer(Templates(), replace(samples.HOUSE, subaddress="")).compose(replace(one, reply_tag=""))
        kept = str(email.message_from_bytes(made.raw, policy=email.policy.default)["References"]).split()
        assert (len(kept), kept[0], kept[-2:]) == (
            20,
            "<id0@vidu.test>",
            ["<cuoi@vidu.test>", f"<{made.message_id}>"],
        )

    @pytest.mark.parametrize("bad", ["a b@x", "a>\r\nBcc: x", "<a@b>", "", "ă@vidu.test", "x" * 300, "a\x00b"])
    def test_a_thread_id_that_could_break_the_field_is_left_out(self, bad: str) -> None:
        assert "In-Reply-To" not in read(to(TO["citizen"], in_reply_to=bad, references=(bad,)))


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "", "khong-co-cong", "a@", "@vidu.test", "a b@vidu.test", "a@vi du.test", "a@b@vidu.test", "a@vidu.test>",
            "<a@vidu.test>", "a@vidu.test\r\nRCPT TO:<b@vidu.test>", "a@vidu.test,b@vidu.test", '"a b"@vidu.test',
            "người@vidu.test", "a..b@vidu.test", ".a@vidu.test", "a@-vidu.test", "a@vidu..test", "a@[127.0.0.1]",
            "a@" + "x" * 64 + ".test", "a\x00@vidu.test", "a@vidu.test\u202e", "a@" + "x." * 130 + "vn",
            "x" * 65 + "@vidu.test",
        ],
    )  # fmt: skip
    def test_refused(self, address: str) -> None:
        with pytest.raises(UnsafeMail) as refused:
            COMPOSER.compose(to(Recipient(address, "", "citizen")))
        assert "\n" not in str(refused.value)
        assert len(address) < 3 or address not in str(refused.value), "no address in a message"

    @pytest.mark.parametrize(
        ("address", "written"),
        [
            ("a.b+c_d@vidu.test", "a.b+c_d@vidu.test"),
            ("a@hảiphòng.test", "a@xn--hiphng-6wa8191d.test"),
            ("A-1@Vi-Du.Test", "A-1@Vi-Du.Test"),
        ],
    )
    def test_taken(self, address: str, written: str) -> None:
        assert COMPOSER.compose(to(Recipient(address, "", "citizen"))).recipient == written

    @pytest.mark.parametrize("tag", ["r.1\r\nX: y", "r 1", "r@x", "r>", "r" * 61])
    def test_a_strange_tag(self, tag: str) -> None:
        for more in ({"reply_tag": tag}, {"bounce_tag": tag}):
            with pytest.raises(UnsafeMail):
                COMPOSER.compose(draft(**more))

    @pytest.mark.parametrize("name", ["", "a b", "short", "x" * 65, "abcdefgh\r\nX: y", "../../etc/passwd"])
    def test_a_strange_outbox_id(self, name: str) -> None:
        with pytest.raises(UnsafeMail):
            COMPOSER.compose(draft(outbox_id=name))


class TestBodies:
    def test_plain_and_html_say_the_same(self) -> None:
        for one in samples.drafts():
            message = read(one)
            assert message.get_content_type() == "multipart/alternative"
            plain = text_of(message)
            assert plain.startswith("Kính gửi ")
            assert "Ban Biên tập Cổng thông tin điện tử thành phố Hải Phòng" in plain
            page = text_of(message, "html")
            assert '<html lang="vi">' in page
            title = str(message["Subject"])
            assert words(strip_tags(page)) == words(title) + words(plain.replace("\n>", "\n").replace("\n- ", "\n"))

    def test_lines_are_short_and_the_bytes_seven_bit(self) -> None:
        for one in samples.drafts():
            raw = COMPOSER.compose(one).raw
            assert raw.isascii()
            assert max(map(len, raw.split(b"\r\n"))) <= 78
            assert b"\r\nFrom " not in raw

    def test_a_line_that_begins_with_from_is_masked(self) -> None:
        question = replace(samples.QUESTION, content="Xin hỏi\n\nFrom nay về sau\nFrom: ai\n.\n..")
        notice = Notice(
            "unit_told",
            TO["unit"],
            "",
            "k",
            {"kind": "rewrite", "wish": "From đây\nFrom kia", "due": samples.DUE.on},
        )
        raw = COMPOSER.compose(Draft(notice, question, "a" * 20, "", "", samples.NOW)).raw
        assert b"\r\nFrom " not in raw
        assert "From kia" in text_of(read(Draft(notice, question, "a" * 20, "", "", samples.NOW)))

    def test_no_picture_and_nothing_from_outside(self) -> None:
        for one in samples.drafts():
            page = text_of(read(one), "html")
            for word in ("<img", "<script", "<link", "@import", "url(", "src=", "<form", "<iframe"):
                assert word not in page

    @given(st.text(max_size=400))
    def test_a_citizens_text_arrives_as_it_was_and_as_words_only(self, value: str) -> None:
        one = draft("unit_forward", question=replace(samples.QUESTION, content=value, asker_name=value))
        assert wrong(COMPOSER.compose(one), samples.HOUSE) == ()
        shown = {line[1:].strip() for line in text_of(read(one)).split("\n") if line.startswith(">")}
        assert {line.strip() for line in clean(value).split("\n")} - shown - {""} == set()


class TestAttachments:
    def test_vietnamese_name_and_bytes(self) -> None:
        data = bytes(range(256)) * 300
        message = read(draft(attachments=(OutAttachment("Trả lời câu hỏi số 12.pdf", "application/pdf", data),)))
        assert message.get_content_type() == "multipart/mixed"
        (file,) = message.iter_attachments()
        assert isinstance(file, EmailMessage)
        assert file.get_filename() == "Trả lời câu hỏi số 12.pdf"
        assert file.get_param("name") == "Tra loi cau hoi so 12.pdf"
        assert file.get_content() == data
        assert max(map(len, COMPOSER.compose(draft(attachments=(samples.ATTACHMENT,))).raw.split(b"\r\n"))) <= 78

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\cmd.exe", "cmd.exe"),
            ("a\x00b\r\nX-A: b.pdf", "ab X-A_ b.pdf"),
            ("hoa\u202efdp.exe", "hoafdp.exe"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("", "tep-dinh-kem-1"),
            ("...", "tep-dinh-kem-1"),
            ("   .pdf", "pdf"),
            ('quy"che;a=b.docx', "quy_che_a_b.docx"),
            ("x" * 500 + ".pdf", "x" * 100 + ".pdf"),
            ("Báo cáo quý I.docx", "Báo cáo quý I.docx"),
            ("=cmd|calc.xlsx", "cmd_calc.xlsx"),
        ],
    )
    def test_a_name_is_data(self, name: str, kept: str) -> None:
        assert safe_name(name) == kept
        assert ascii_name(kept).isascii()

    @given(st.text(max_size=600), st.text(max_size=100))
    def test_any_name_and_type(self, name: str, kind: str) -> None:
        one = draft(attachments=(OutAttachment(name, kind, b"x"), OutAttachment(name, kind, b"y")))
        assert wrong(COMPOSER.compose(one), samples.HOUSE, files=2) == ()
        files = list(read(one).iter_attachments())
        assert [file.get_content_disposition() for file in files] == ["attachment"] * 2

    @pytest.mark.parametrize(
        "kind",
        ["text/html", "TEXT/HTML", "image/svg+xml", "application/xhtml+xml", "text/javascript", "message/rfc822",
         "multipart/mixed", "x", "", "a/b; c=d", "a/b\r\nX: y"],
    )  # fmt: skip
    def test_what_a_reader_might_run_travels_as_plain_bytes(self, kind: str) -> None:
        (file,) = read(draft(attachments=(OutAttachment("a.bin", kind, b"x"),))).iter_attachments()
        assert file.get_content_type() == "application/octet-stream"


def test_the_check_before_leaving_can_fail() -> None:
    raw = COMPOSER.compose(draft()).raw
    mime.check(raw, FIELDS)
    broken = {
        "a field more": raw.replace(b"\r\nDate:", b"\r\nBcc: x@xau.test\r\nDate:", 1),
        "a field less": raw.replace(b"Content-Language: vi\r\n", b"", 1),
        "another order": b"X: y\r\n" + raw,
        "bare LF before a field": raw.replace(b"\r\nDate:", b"\nBcc: x\nDate:", 1),
        "bare CR": raw.replace(b"\r\nDate:", b"\rBcc: x\r\nDate:", 1),
        "eight bits": raw + "ă".encode(),
        "NUL": raw + b"\0",
        "bare LF in the body": raw + b"a\nb",
        "a long line": raw + b"x" * 999,
    }
    for what, bad in broken.items():
        assert bad != raw, what
        with pytest.raises(UnsafeMail):
            mime.check(bad, FIELDS)


@pytest.mark.parametrize("before", [0, 1, 998])
@pytest.mark.parametrize("length", [0, 998, 999])
def test_a_line_over_998_characters_is_found_wherever_it_stands(before: int, length: int) -> None:
    raw = COMPOSER.compose(draft()).raw + b"a\r\n" * before + b"x" * length + b"\r\ny"
    if length <= 998:
        mime.check(raw, FIELDS)
    else:
        with pytest.raises(UnsafeMail, match="998"):
            mime.check(raw, FIELDS)


def test_self_test_is_clean_and_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert self_test(COMPOSER) == ()
    monkeypatch.setattr("daemon.letters.compose.mime.check", lambda raw, expected: None)
    monkeypatch.setattr("daemon.letters.mime.clean_line", lambda value: value)
    monkeypatch.setattr("daemon.letters.filters.clean_line", lambda value: value)
    found = self_test(Composer(Templates(), samples.HOUSE))
    assert any("header fields" in line or "subject" in line for line in found)


def test_self_test_is_clean_for_another_mailbox() -> None:
    house = replace(samples.HOUSE, mailbox="hoi-dap@thanhpho.example", website="hoi-dap.thanhpho.example")
    assert self_test(Composer(Templates(), house)) == ()


@pytest.mark.parametrize("sign", ["-", "_", "=", ".", ""])
def test_self_test_is_clean_with_any_sign_before_a_tag(sign: str) -> None:
    assert self_test(Composer(Templates(), replace(samples.HOUSE, subaddress=sign))) == ()


def test_a_fault_is_told_once_however_many_attacks_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.letters.selftest.wrong", lambda *_: ("a link that is not ours",))
    found = self_test(COMPOSER)
    assert len(found) == len(set(found)) == len({one.notice.name for one in samples.drafts()})


def test_composing_is_fast_enough() -> None:
    one = draft()
    COMPOSER.compose(one)
    best = min(_seconds(one) for _ in range(5))
    assert best < 0.003, f"{best * 1000:.2f} ms a plain notice"


def _seconds(one: Draft) -> float:
    start = time.process_time()
    for _ in range(50):
        COMPOSER.compose(one)
    return (time.process_time() - start) / 50


@pytest.mark.parametrize(
    "layout",
    [
        "<main>\n<h1>{{ title }}</h1>\n{{ body }}\n</main>\n",
        "<main><h1>{{ title }}</h1>{{ body }}</main>",
        "{% if 'chuyển' in title %}<main>\n<h1>{{ title | upper }}</h1>\n{% endif %}\n{{ body }}\n</main>",
    ],
    ids=["lines of their own", "all on one line", "with an if"],
)
def test_an_operators_page_is_put_around_the_text_however_it_is_written(tmp_path: Path, layout: str) -> None:
    (tmp_path / "layout.html.j2").write_text(layout, encoding="utf-8")
    own = Composer(Templates(tmp_path), samples.HOUSE)
    for one in (draft(), replace(draft(), question=replace(samples.QUESTION, code="A&B"))):
        message = email.message_from_bytes(own.compose(one).raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        page = text_of(message, "html")
        title = str(message["Subject"])
        assert html.escape(title.upper() if "{%" in layout else title) in page
        inside = text_of(read(one), "html").partition("</h1>\n")[2].partition("\n</main>")[0]
        assert inside in page
        assert page.index("<h1>") < page.index(inside) < page.index("</main>")


def test_no_line_of_a_mail_begins_as_a_mail_in_a_mailbox_file_does() -> None:
    text = "From đầu dòng\n\nFrom giữa\nhai\n" + "a " * 35 + "bcd From sau\n" + "a " * 36 + "bc From sau"
    raw = COMPOSER.compose(draft("citizen_answered", question=replace(samples.QUESTION, content=text))).raw
    answer = {"unit_name": "Sở Y tế"} | dict.fromkeys(("document", "signer", "signer_title", "item_text"), "")
    values = {"answers": [{**answer, "text": text}]}
    one = draft("citizen_answered")
    raw += COMPOSER.compose(replace(one, notice=replace(one.notice, values=values))).raw
    assert raw.count(b"=46rom") >= 3
    assert b"\nFrom " not in raw

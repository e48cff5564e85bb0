"""The templates: complete, in the letters' words, citing the Regulation rightly, saying no more than they may."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta

from daemon.base.errors import ConfigurationError
from daemon.letters import filters, samples
from daemon.letters.compose import Composer, Renderer, Templates, environment
from daemon.letters.mailto_links import DECIDE, UNIT, acts, mailto, prepared
from daemon.letters.mime import UnsafeMail
from daemon.letters.sample_values import MAIL, TO
from daemon.letters.selftest import PAYLOADS, wrong
from daemon.letters.views import DEFAULTS, NOTICES, Draft, OutAttachment
from rules.decide.base.command_result import NOT_SENT, reason_alone
from rules.values.model import CountedDate, Notice, Recipient

TEMPLATES = Templates()
RENDERER = Renderer(TEMPLATES, samples.HOUSE)
COMPOSER = Composer(TEMPLATES, samples.HOUSE)
PIECES = ("<b>", "</div>", "<li>", "## ", "- ", "**", "\n", "&lt;", '"', "'", "x", "<h2>", "\x02", "{{ 1 }}", "<br>")
BY_NAME = {one.notice.name: one for one in samples.drafts()}


def plain(name: str, question: Any = samples.QUESTION, **values: Any) -> str:
    """Subject and text of a sample with some values changed."""
    old = BY_NAME[name].notice
    notice = replace(old, values={**old.values, **values})
    rendered = RENDERER.render(replace(BY_NAME[name], notice=notice, question=question))
    return f"{rendered.subject}\n{rendered.plain}"


class TestCompleteness:
    def test_one_file_a_notice_and_a_sample_for_each(self) -> None:
        files = {name.removesuffix(".txt.j2") for name in TEMPLATES.sources if name.endswith(".txt.j2")}
        partials = {name for name in files if name.startswith("_")} | {"signature", "citation"}
        assert files - partials == set(NOTICES) == set(BY_NAME)

    @pytest.mark.parametrize("name", NOTICES)
    def test_a_template_asks_only_for_known_values(self, name: str) -> None:
        given = {"question", "recipient", "norm", "now", "today", "files", "you", "greeting", "house", "by_mail"}
        asked = meta.find_undeclared_variables(_parsed(f"{name}.txt.j2"))
        assert asked <= given | set(DEFAULTS) | set(NOTICES[name])

    @pytest.mark.parametrize("name", [name for name, needed in NOTICES.items() if needed])
    def test_a_missing_value_is_one_clear_line(self, name: str) -> None:
        draft = BY_NAME[name]
        needed = [one for one in NOTICES[name] if one not in DEFAULTS]
        for one in needed:
            values = {key: value for key, value in draft.notice.values.items() if key != one}
            with pytest.raises(UnsafeMail, match=name) as refused:
                RENDERER.render(replace(draft, notice=replace(draft.notice, values=values)))
            assert "\n" not in str(refused.value)

    def test_an_unknown_notice(self) -> None:
        notice = Notice("khong_co", TO["unit"], "", "k")
        with pytest.raises(UnsafeMail, match="khong_co"):
            RENDERER.render(Draft(notice, None, "a" * 20, "", "", samples.NOW))

    @pytest.mark.parametrize("name", NOTICES)
    def test_each_renders_with_the_fewest_values(self, name: str) -> None:
        values = {
            key: BY_NAME[name].notice.values[key] for key in NOTICES[name] if key in BY_NAME[name].notice.values
        }
        notice = replace(BY_NAME[name].notice, values=values)
        text = RENDERER.render(replace(BY_NAME[name], notice=notice)).plain
        assert text.startswith("Kính gửi ")
        assert not re.search(r"None|Undefined|\(\)|\{\{|\[\]|  ", text), text

    def test_who_has_no_name_is_told_by_the_address_alone(self) -> None:
        nobody = {**MAIL, "from_name": ""}
        assert f"Từ: {samples.QUESTION.email}\n" in plain("officer_review", mail=nobody)
        assert f"Từ: {samples.QUESTION.asker_name} ({samples.QUESTION.email})\n" in plain("officer_review")
        unnamed = replace(samples.QUESTION, asker_name="")
        assert f"Từ: {samples.QUESTION.email}\n" in plain("officer_review", unnamed, mail={})

    def test_a_quotation_looks_the_same_whatever_the_webmail_makes_of_one(self) -> None:
        rule = re.search(r"blockquote,div\{([^}]*)\}", RENDERER.render(BY_NAME["officer_review"]).html)
        assert rule is not None
        assert rule[1].startswith("border:0;border-left:"), "Roundcube draws a line on the right, too"
        assert "color:inherit" in rule[1]

    def test_an_operators_template_wins_and_a_broken_one_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "citizen_completed.txt.j2").write_text("Subject: Riêng\nKính gửi {{ you }},\n", encoding="utf-8")
        own = Renderer(Templates(tmp_path), samples.HOUSE)
        assert own.render(BY_NAME["citizen_completed"]).subject == "Riêng"
        for bad in ("Subject: x\n{% if %}", "Subject: x\n\x01", "Subject: {{ khong_co | bo_loc }}"):
            (tmp_path / "citizen_completed.txt.j2").write_text(bad, encoding="utf-8")
            with pytest.raises(ConfigurationError, match="citizen_completed"):
                Renderer(Templates(tmp_path), samples.HOUSE)

    def test_a_template_without_subject(self, tmp_path: Path) -> None:
        (tmp_path / "citizen_completed.txt.j2").write_text("Kính gửi\n", encoding="utf-8")
        with pytest.raises(UnsafeMail, match="subject"):
            Renderer(Templates(tmp_path), samples.HOUSE).render(BY_NAME["citizen_completed"])

    @pytest.mark.parametrize(
        "code",
        ["{{ ().__class__ }}", "{{ question.__class__.__mro__ }}", "{{ house.tagged.__globals__ }}", "{{ x.y }}"],
    )
    def test_the_sandbox_holds(self, tmp_path: Path, code: str) -> None:
        (tmp_path / "citizen_completed.txt.j2").write_text(f"Subject: x\n{code}\n", encoding="utf-8")
        with pytest.raises(UnsafeMail):
            Renderer(Templates(tmp_path), samples.HOUSE).render(BY_NAME["citizen_completed"])


def _parsed(name: str) -> Any:
    """A template's syntax tree with its partials put in."""
    source = TEMPLATES.sources[name]
    source = re.sub(r'{% include "([^"]+)" %}', lambda found: TEMPLATES.sources[found.group(1)], source)
    return environment(TEMPLATES, samples.HOUSE).parse(source)


WORDS = r'"[^"]*[^ -~][^"]*"'
SENTENCE_READ = re.compile(rf"{WORDS} (not )?in |[!=]= {WORDS}|(startswith|split|replace)\({WORDS}")
"""A template that decides by words of a sentence, or takes them out of one."""


@pytest.mark.parametrize("name", sorted(TEMPLATES.sources))
def test_no_template_reads_its_meaning_out_of_a_sentence(name: str) -> None:
    """Who words a reason anew, or writes an own template, cannot know such a place: flags come with the notice."""
    found = (SENTENCE_READ.search(tag) for tag in re.findall(r"{[{%].*?[%}]}", TEMPLATES.sources[name]))
    assert not [one[0] for one in found if one]


class TestWords:
    @pytest.mark.parametrize("name", NOTICES)
    def test_a_letter_of_an_office(self, name: str) -> None:
        text = plain(name)
        assert "Trân trọng,\nBan Biên tập Cổng thông tin điện tử thành phố Hải Phòng" in text
        assert "Kính gửi " in text
        if "Quy chế" in text:
            assert "Quyết định số 1374/2016/QĐ-UBND ngày 13/7/2016" in text
        assert not re.search(r"\s[,.;]|\.\.\s|[^.]\.\.$|,,|;;| \n", text), text
        assert not re.search(r"[,;:](?=[^\W\d_])(?!//)", re.sub(r"\S*(mailto:|https?:)\S*", "", text)), text

    @pytest.mark.parametrize(
        "name",
        [
            one
            for one in NOTICES
            if one.startswith(("citizen_", "unit_")) and one not in {"citizen_elsewhere", "citizen_held"}
        ],
    )
    def test_number_in_subject_and_text(self, name: str) -> None:
        subject, _, body = plain(name).partition("\n")
        assert subject.startswith("[HP-2026-000123] ") or name == "citizen_states"  # which is about several
        assert "HP-2026-000123" in body

    def test_nobody_is_offered_what_was_refused_or_is_not_there(self) -> None:
        refused = plain("unit_extension_refused")
        assert "Xin gia hạn" not in refused
        assert "Không thuộc thẩm quyền" in refused
        assert "Xin gia hạn" in plain("unit_reminder")
        assert "xin ghi “đưa ra phiên”" in plain("session_live")
        chair = plain("session_live", what="live", commands=())
        assert "xin ghi" not in chair
        assert "không cần trả lời" in chair

    def test_only_what_waits_is_said_to_be_listed_later(self) -> None:
        """Questions that were refused last week are not listed again."""
        assert "Và 11 mục khác, được liệt kê khi các mục trên đã giải quyết." in plain("officer_digest")
        told = [{"title": "Câu hỏi đã từ chối", "count": 40, "more": 10, "rows": [{"text": "x", "commands": []}]}]
        assert "Và 10 mục khác." in plain("office_week", sections=told)

    def test_due_dates_are_written_in_full_with_their_clause(self) -> None:
        wanted = r"hết thứ [^\W\d]+, ngày \d\d/11/2026 \(điểm d khoản 1 Điều 10 Quy chế\)"
        for name in ("citizen_forwarded", "unit_forward", "unit_due_today", "unit_overdue", "unit_reminder",
                     "unit_followup"):  # fmt: skip
            assert re.search(wanted, plain(name)), name

    def test_a_provisional_date_says_so(self) -> None:
        assert "ngày tạm tính" in plain("citizen_forwarded", due=replace(samples.DUE, provisional=True))

    @pytest.mark.parametrize(
        ("clause", "words"),
        [
            (
                "10.1.h",
                "phạm vi, lĩnh vực hoạt động của Ủy ban nhân dân thành phố. Theo điểm h khoản 1",
            ),
            ("10.1.k", "không được trả lời trong phiên đối thoại. Theo điểm k khoản 1 Điều 10"),
            ("1.2", "vụ việc cụ thể; Ban Biên tập không có thẩm quyền giải quyết (khoản 2 Điều 1"),
            ("21.2", "không thuộc các nội dung đối thoại theo khoản 2 Điều 21 Quy chế"),
        ],
    )
    def test_a_rejection_cites_its_clause_and_gives_the_reason(self, clause: str, words: str) -> None:
        text = plain("citizen_rejected", clause=clause, reason="Vì lẽ này.")
        assert words in text
        assert "LÝ DO\n\nVì lẽ này." in text

    def test_a_complaint_is_told_where_to_go(self) -> None:
        assert "Ban Tiếp công dân thành phố Hải Phòng" in plain("citizen_rejected", clause="1.2")
        assert "Chỗ khác" in plain("citizen_rejected", clause="1.2", where_to_turn="Chỗ khác, tầng 2.")
        unregistered = plain("citizen_rejected", question=None, clause="1.2")
        assert "HP-2026" not in unregistered
        assert "thư của Ông/Bà" in unregistered

    def test_what_is_missing_in_the_words_of_article_21(self) -> None:
        person = plain("citizen_received", missing=("name", "address", "phone"))
        assert "còn thiếu họ và tên, địa chỉ thường trú, số điện thoại: xin trả lời thư này" in person
        body = replace(samples.QUESTION, asker_kind="organisation", asker_name="Công ty TNHH Minh Phát")
        organisation = plain("citizen_received", question=body, missing=("name", "address", "phone"))
        assert "tên cơ quan, tổ chức, doanh nghiệp, địa chỉ trụ sở, số điện thoại" in organisation
        assert "của Quý đơn vị" in organisation
        assert "không bị từ chối chỉ vì thiếu" in person

    def test_the_receipt_is_short_and_says_what_to_do(self) -> None:
        shown = plain("citizen_received")
        assert len(shown.split()) < 200
        for words in ("xin giữ lại số này", "chậm nhất thứ Hai, ngày 23/11/2026", "tra cứu", "xem dữ liệu cá nhân"):
            assert words in shown, words

    def test_the_privacy_notice_comes_in_full_when_it_is_asked_for(self) -> None:
        first, later = plain("citizen_data_request"), plain("citizen_received", first_mail=False)
        assert "chỉ đăng lên Cổng khi Ông/Bà đồng ý" in plain("citizen_received")
        for words in (
            "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
            "02 ngày làm việc",
            "10 ngày",
            "15 ngày",
            "20 ngày",
            "riengtu@haiphong.test",
            "khóa lại",
            "khi Ông/Bà đồng ý",
            "khiếu nại về việc xử lý",
        ):
            assert words in first, words
            assert words not in later

    def test_late_before_and_after_the_due_day(self) -> None:
        asked = plain("citizen_late")
        assert "Gia hạn trả lời" in asked
        assert "xin lỗi" not in asked
        late = plain("citizen_late", was_due=replace(samples.DUE, on=date(2026, 11, 11)))
        assert "Thông báo chậm trả lời" in late
        assert "thành thật xin lỗi Ông/Bà" in late
        assert "đã yêu cầu Sở Xây dựng trả lời chậm nhất" in late
        assert "11/12/2026" in late

    def test_answers_signer_document_files_and_what_remains(self) -> None:
        text = plain("citizen_answered")
        assert "TRẢ LỜI CỦA SỞ XÂY DỰNG" in text
        assert "Văn bản số: 123/SXD-HTKT\nNgười ký: Trần Văn Bình, Phó Giám đốc" in text
        assert "- Trả lời câu hỏi số 12.pdf" in text
        assert "Câu hỏi thứ 2: UBND phường Gia Viên đang chuẩn bị trả lời" in text
        answer = {"unit_name": "Sở Y tế"} | dict.fromkeys(
            ("text", "document", "signer", "signer_title", "item_text"), ""
        )
        bare = plain("citizen_answered", answers=[answer], files=["a.pdf"], remaining=[])
        assert "Nội dung trả lời ở văn bản kèm theo thư này." in bare
        assert "Văn bản số" not in bare
        assert "Người ký" not in bare

    def test_lead_and_support(self) -> None:
        assert "**" not in plain("unit_forward")
        support = plain(
            "unit_forward", role="support", lead_unit="Sở Xây dựng", unit={"code": "SYT", "name": "Sở Y tế"}
        )
        assert "Đề nghị phối hợp trả lời" in support
        assert "Sở Y tế phối hợp với Sở Xây dựng là đơn vị chủ trì" in support

    def test_a_unit_is_given_what_it_needs_and_no_more(self) -> None:
        text = plain("unit_forward")
        assert "Nguyễn Thị Hồng Hạnh" in text
        assert "0912 345 678" not in text
        assert "honghanh@vidu.test" not in text

    def test_several_items(self) -> None:
        text = plain("unit_forward", items=[{"number": 2, "text": "Ai nạo vét?"}])
        assert "> 2. Ai nạo vét?" in text
        assert "Toàn văn câu hỏi:" in text
        same = plain("unit_forward", items=[{"number": 1, "text": samples.QUESTION.content}])
        assert "Toàn văn" not in same
        assert same.count("> Ngõ 89 phố An Đà, phường") == 1

    def test_office_and_leader_get_their_own_words(self) -> None:
        assert "theo khoản 2 Điều 16 Quy chế" in plain("office_urge")
        old = BY_NAME["office_urge"]
        leader = replace(old.notice, recipient=Recipient("gd@haiphong.test", "Ông Trần Văn An, Giám đốc", "leader"))
        text = RENDERER.render(replace(old, notice=leader)).plain
        assert text.startswith("Kính gửi Ông Trần Văn An, Giám đốc,")
        assert "lãnh đạo đơn vị chịu trách nhiệm" in text

    @pytest.mark.parametrize(
        ("name", "greeted"),
        [
            ("Lê Thị Mai", "Ông/Bà Lê Thị Mai"),
            ("Cán bộ tiếp nhận", "Cán bộ tiếp nhận"),
            ("Trưởng Ban Biên tập", "Trưởng Ban Biên tập"),
            ("Bà Lê Thị Mai", "Bà Lê Thị Mai"),
            ("Chu Văn Bà", "Ông/Bà Chu Văn Bà"),
        ],
    )
    def test_a_post_is_not_greeted_as_a_person(self, name: str, greeted: str) -> None:
        old = BY_NAME["officer_digest"]
        to = replace(old.notice, recipient=replace(old.notice.recipient, name=name))
        assert RENDERER.render(replace(old, notice=to)).plain.startswith(f"Kính gửi {greeted},\n")

    def test_who_is_named_by_a_held_mail_is_no_unit(self) -> None:
        assert "lấy danh nghĩa của Ông/Bà" in plain("officer_held")
        assert "lấy danh nghĩa của đơn vị" in plain("unit_held")

    def test_a_routines_alarm_names_it_in_the_subject(self) -> None:
        lines = ["Báo cáo sáu tháng", "Thời điểm định kỳ: 15/6."]
        what = "Việc định kỳ đến hạn hôm nay (15/06/2026)"
        text = plain("officer_alert", what=what, duty="Báo cáo sáu tháng", details=lines)
        assert "Cần chú ý: Việc định kỳ đến hạn hôm nay (15/06/2026): Báo cáo sáu tháng\n" in text

    def test_why_a_units_mail_waits_is_told_once(self) -> None:
        text = plain("unit_told", kind="held", reason=reason_alone(f"{NOT_SENT}, vì là câu hỏi"), due=samples.DUE)
        assert text.count("gửi cho người hỏi") == 2, "in the subject and in the text"
        assert "Lý do: là câu hỏi." in text

    def test_results_of_commands(self) -> None:
        text = plain("officer_done")
        assert "Đã làm: “Chuyển SXD”. Đã chuyển đến Sở Xây dựng." in text
        assert "Chưa làm: “Từ chối h”." in text
        assert "Không tìm thấy lệnh nào" in plain("officer_done", results=[])


class TestSecrets:
    def test_an_acknowledgement_repeats_nothing_of_the_sender(self) -> None:
        marks: dict[str, Any] = {one.name: f"DAUHIEU{one.name.upper()}" for one in fields(samples.QUESTION)}
        keep = {"code", "received_at", "asker_kind", "items"}
        question = replace(samples.QUESTION, **{name: mark for name, mark in marks.items() if name not in keep})
        for kind in ("individual", "organisation"):
            draft = replace(BY_NAME["citizen_received"], question=replace(question, asker_kind=kind))
            rendered = RENDERER.render(draft)
            assert "DAUHIEU" not in rendered.subject + rendered.plain + rendered.html

    def test_a_denunciation_is_told_without_sender_and_content(self) -> None:
        question = replace(samples.QUESTION, subject="BIMAT", content="BIMAT", asker_name="BIMAT", email="BIMAT")
        rendered = RENDERER.render(replace(BY_NAME["officer_denunciation"], question=question))
        assert "BIMAT" not in rendered.subject + rendered.plain + rendered.html
        assert "Luật Tố cáo năm 2018" in rendered.plain

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("Nguyễn Văn An", "Ông/Bà Nguyễn Văn An"),
            ("H'Hen Niê", "Ông/Bà H'Hen Niê"),
            ("TS. Lê Thị Bích-Ngọc", "Ông/Bà TS. Lê Thị Bích-Ngọc"),
            ("", "Ông/Bà"),
            ("Mua ngay tại www.quangcao.test", "Ông/Bà"),
            ("Vay tiền gọi 0912345678", "Ông/Bà"),
            ("a@vidu.test", "Ông/Bà"),
            ("https://xau.test/", "Ông/Bà"),
            ("một hai ba bốn năm sáu bảy tám chín mười", "Ông/Bà"),
        ],
    )
    def test_a_name_is_shown_only_if_it_looks_like_one(self, name: str, shown: str) -> None:
        assert filters.greeting(replace(samples.QUESTION, asker_name=name)) == shown

    @pytest.mark.parametrize(
        ("name", "shown", "you"),
        [
            ("Công ty TNHH Minh Phát", "Quý Công ty TNHH Minh Phát", "Quý đơn vị"),
            ("Tập thể hộ dân ngõ 12", "Tập thể hộ dân ngõ 12", "các Ông/Bà"),
            ("", "Quý cơ quan, tổ chức, doanh nghiệp", "Quý đơn vị"),
            ("Công ty www.quangcao.test", "Quý cơ quan, tổ chức, doanh nghiệp", "Quý đơn vị"),
        ],
    )
    def test_organisations(self, name: str, shown: str, you: str) -> None:
        question = replace(samples.QUESTION, asker_name=name, asker_kind="organisation")
        assert (filters.greeting(question), filters.you(question)) == (shown, you)


PLACES = (
    "code", "subject", "content", "asker_name", "asker_address", "asker_phone", "email", "field",
    "item", "value", "recipient", "attachment", "thread",
)  # fmt: skip


def attacked(name: str, place: str, payload: str) -> Draft:
    """The sample with one payload in one place."""
    draft = BY_NAME[name]
    notice, question = draft.notice, samples.QUESTION
    if place == "item":
        question = replace(question, items=tuple(replace(one, text=payload) for one in samples.ITEMS))
        notice = replace(notice, values={**notice.values, "items": [{"number": 1, "text": payload}]})
    elif place == "value":
        answers = [{"unit_name": payload, "text": payload, "document": payload, "signer": payload,
                    "signer_title": payload, "item_text": payload}] * 2  # fmt: skip
        spoilt = {"answers": answers, "files": [payload], "why": payload, "kind_name": payload, "unit": payload,
                  "mail": dict.fromkeys(("from_name", "from_email", "subject", "text"), payload)
                  | {"received_at": samples.NOW}}  # fmt: skip
        notice = replace(notice, values={**notice.values, **spoilt})
    elif place == "recipient":
        notice = replace(notice, recipient=replace(notice.recipient, name=payload))
    elif place == "attachment":
        return replace(draft, attachments=(OutAttachment(payload, payload, b"x"),))
    elif place == "thread":
        notice = replace(notice, in_reply_to=payload, references=(payload, "a@vidu.test"))
    else:
        spoilt_field: dict[str, Any] = {place: payload}
        question = replace(question, **spoilt_field)
    return replace(draft, notice=notice, question=question)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_thirteen_places_times_twelve_payloads(place: str, number: int) -> None:
    assert (len(PLACES), len(PAYLOADS)) == (13, 12)
    for name in ("citizen_answered", "unit_forward", "officer_review"):
        mail = COMPOSER.compose(attacked(name, place, PAYLOADS[number]))
        assert wrong(mail, samples.HOUSE, files=int(place == "attachment")) == ()


class TestActs:
    def test_five_ways_for_a_unit_in_words_and_as_links(self) -> None:
        rendered = RENDERER.render(BY_NAME["unit_forward"])
        assert len(UNIT) == 5
        links = re.findall(r'<a href="(mailto:[^"]+\?[^"]+)">([^<]+)</a>', rendered.html)
        assert [label for _, label in links] == [one.label for one in UNIT]
        for one in UNIT:
            assert f"- {one.label}: {one.say}." in rendered.plain
        assert "mailto:" not in rendered.plain

    def test_a_link_prepares_to_subject_and_body(self) -> None:
        for act in prepared((*UNIT, *DECIDE), BY_NAME["unit_forward"], samples.HOUSE):
            parts = urlsplit(act.mailto)
            query = parse_qs(parts.query, strict_parsing=True)
            assert unquote(parts.path) == "doithoai+r.4x7q.k2m9pz@haiphong.test"
            assert set(query) == {"subject", "body"}
            assert query["subject"][0].startswith("[HP-2026-000123] ")
            assert query["body"][0].strip()
            assert "\n" not in query["body"][0].replace("\r\n", "")

    def test_nothing_breaks_out_of_a_link(self) -> None:
        made = mailto("a+b@vidu.test", 'x&bcc=y@xau.test#"><b>', "a\nb&cc=z")
        assert set(parse_qs(urlsplit(made).query)) == {"subject", "body"}
        assert filters.TARGET.fullmatch(made)
        assert '"' not in made
        for target in ("javascript:alert(1)", "data:text/html,x", "mailto:a b", 'https://x"onclick=', "//xau.test"):
            assert filters.link("x", target) == "x"

    def test_an_officer_may_choose_a_guess_or_register_a_held_mail(self) -> None:
        labels = [one.label for one in acts(BY_NAME["officer_review"], samples.HOUSE)]
        assert labels[:2] == ["Chuyển Sở Xây dựng", "Chuyển UBND phường Gia Viên"]
        held = [one.label for one in acts(replace(BY_NAME["officer_review"], question=None), samples.HOUSE)]
        assert held[0] == "Đăng ký là câu hỏi"
        assert "Hỏi lại người gửi" not in held

    def test_acts_named_by_their_words(self) -> None:
        named = [{"label": "Không đồng ý gia hạn", "text": "HP-2026-000123 không đồng ý gia hạn"},
                 {"label": "Chuyển đơn vị khác", "text": "HP-2026-000123 chuyển "},
                 {"label": "Sẵn", "mailto": "mailto:doithoai@haiphong.test", "say": "ghi gì đó"}]  # fmt: skip
        text = plain("officer_alert", commands=named)
        assert "- Không đồng ý gia hạn: ghi “HP-2026-000123 không đồng ý gia hạn”." in text
        assert "- Chuyển đơn vị khác: ghi “HP-2026-000123 chuyển …”." in text
        assert "- Sẵn: ghi gì đó." in text


class TestFilters:
    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (date(2026, 11, 26), "thứ Năm, ngày 26/11/2026"),
            (date(2026, 9, 5), "thứ Bảy, ngày 05/9/2026"),
            (date(2026, 2, 1), "Chủ nhật, ngày 01/02/2026"),
            (date(2026, 1, 12), "thứ Hai, ngày 12/01/2026"),
            (datetime(2026, 11, 25, 17, 0, tzinfo=UTC), "thứ Năm, ngày 26/11/2026"),
            (datetime(2026, 11, 25, 16, 59, tzinfo=UTC), "thứ Tư, ngày 25/11/2026"),
            (CountedDate(date(2026, 11, 23), date(2026, 11, 24), "10.1.đ", date(2026, 11, 26), ""),
             "thứ Hai, ngày 23/11/2026"),
        ],
    )  # fmt: skip
    def test_dates(self, value: object, words: str) -> None:
        assert filters.vn_date(value) == words

    def test_an_instant_by_the_citys_clock(self) -> None:
        assert filters.vn_datetime(datetime(2026, 11, 25, 18, 5, tzinfo=UTC)) == (
            "01 giờ 05 phút, thứ Năm, ngày 26/11/2026"
        )

    @pytest.mark.parametrize(
        ("text", "begun", "inside", "whole"),
        [
            ("Chưa đủ vốn", "Chưa đủ vốn", "chưa đủ vốn", "Chưa đủ vốn."),
            ("các Ông/Bà", "Các Ông/Bà", "các Ông/Bà", "các Ông/Bà."),
            ("UBND xin thêm. ", "UBND xin thêm. ", "UBND xin thêm. ", "UBND xin thêm."),
            ("vì sao?", "Vì sao?", "vì sao?", "vì sao?"),
            ("theo văn bản “Số 5”", "Theo văn bản “Số 5”", "theo văn bản “Số 5”", "theo văn bản “Số 5”"),
        ],
    )  # fmt: skip
    def test_beginnings_and_ends(self, text: str, begun: str, inside: str, whole: str) -> None:
        assert (filters.upper_first(text), filters.lower_first(text), filters.ended(text)) == (begun, inside, whole)

    def test_what_is_no_date(self) -> None:
        with pytest.raises(TypeError):
            filters.vn_date("26/11/2026")

    @pytest.mark.parametrize(
        ("clause", "words"),
        [
            ("10.1.g", "điểm g khoản 1 Điều 10"),
            ("10.1.đ", "điểm đ khoản 1 Điều 10"),
            ("8.2", "khoản 2 Điều 8"),
            ("22", "Điều 22"),
            ("", ""),
            ("no_session", ""),
            ("10.1.đd", ""),
        ],
    )
    def test_clauses(self, clause: str, words: str) -> None:
        assert filters.clause_short(clause) == words
        whole = filters.clause_name_of(samples.HOUSE.regulation)(clause)
        assert whole == f"{words} {samples.HOUSE.regulation}".strip()

    def test_units(self) -> None:
        assert filters.unit_names(["Sở Y tế"]) == "Sở Y tế"
        assert filters.unit_names([{"name": "A"}, {"name": "B (gồm C)"}, {"name": "D"}]) == "A, B và D"
        assert filters.unit_names([]) == ""


class TestMarkup:
    def test_marks_of_a_template_and_none_of_a_value(self) -> None:
        source = filters.load_marks("## Đầu đề\n- một\n- **hai**\n\nlời") + "\n{{ value }}"
        env = environment(TEMPLATES, samples.HOUSE)
        found = filters.blocks(env.from_string(source).render(value="## x\n- y **z** <b>"))
        assert [one.plain() for one in found] == ["ĐẦU ĐỀ", "- một\n- hai", "lời\n## x - y **z** <b>"]
        assert [one.html() for one in found] == [
            "<h2>Đầu đề</h2>",
            "<ul><li>một</li><li><strong>hai</strong></li></ul>",
            "<p>lời<br>## x - y **z** &lt;b&gt;</p>",
        ]

    def test_quoted_and_block(self) -> None:
        found = filters.blocks(filters.quoted("a\n\n\nb <i>\nc") + "\n" + filters.block("d\n\ne"))
        assert [one.plain() for one in found] == ["> a\n>\n>\n> b <i>\n> c", "d\n\ne"]
        assert [one.html() for one in found] == [
            "<blockquote><p>a</p><p>b &lt;i&gt;<br>c</p></blockquote>",
            "<div><p>d</p><p>e</p></div>",
        ]

    @given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
    def test_no_value_makes_a_tag_or_a_mark(self, value: str) -> None:
        env = environment(TEMPLATES, samples.HOUSE)
        source = filters.load_marks("- {{ value }}\n{{ value | quote }}\n\n{{ value }}")
        for one in filters.blocks(env.from_string(source).render(value=value)):
            assert not re.search(r"<(?!/?(?:p|ul|li|blockquote)>|br>)", one.html())


class TestParts:
    """Parts of templates (``_name.txt.j2``) are included by the others."""

    def test_a_broken_part_is_named_itself(self, tmp_path: Path) -> None:
        (tmp_path / "_acts.txt.j2").write_text("{% for %}\n", encoding="utf-8")
        with pytest.raises(ConfigurationError, match=r"template _acts\.txt\.j2"):
            Renderer(Templates(tmp_path), samples.HOUSE)

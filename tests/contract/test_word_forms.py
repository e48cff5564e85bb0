"""The city's own Word form of a paper: drafted, approved and sent in it; a faulty one is refused."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.base.errors import ConfigurationError
from daemon.documents.forms.own_forms import words
from daemon.monitoring import watch
from db.core.tables import paper
from rules.law.session_rules import PaperKind
from tests.contract.test_first_day import Place
from tests.contract.test_own_texts import place
from tests.contract.test_own_texts import said as told
from tests.hall import Hall
from tests.installation import HEAD, SXD, LiveInstallation, files_of, unit_address
from tests.support.word_files import word
from tests.world import FORM

__all__ = ["place"]
pytestmark = pytest.mark.world(extra='[rules]\nfolder = "../rules"\n')
PLAN = word("{{ so_van_ban }}", "{{ ngay_van_ban }}", "KẾ HOẠCH CỦA RIÊNG THÀNH PHỐ", "Chủ đề: {{ chu_de }}")


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """The plan and the invitation have forms of their own; the notice has none."""
    made = tmp_path / "rules/forms"
    made.mkdir(parents=True)
    (made / "ke-hoach.docx").write_bytes(PLAN)
    (made / "giay-moi.docx").write_bytes(word("Kính mời {{ kinh_gui }} dự {{ chu_de }}"))
    return made


@pytest.fixture
def hall(forms: Path, hall: Hall) -> Hall:
    """Reads them at its start."""
    return hall


def test_the_own_form_is_approved_and_what_was_approved_is_sent(hall: Hall, tmp_path: Path) -> None:
    hall.house.clock.at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    code = hall.desk.propose(FORM)[0].code
    hall.approve()
    hall.decide_topic(code)
    hall.desk.put_up(code, PaperKind.PLAN)
    hall.house.run()
    asked = hall.last(HEAD)
    assert [Path(name).suffix for name in files_of(asked)] == [".docx"]
    row = next(one for one in hall.house.rows(paper) if one["kind"] == "plan")
    drafted = words(next(iter(files_of(asked).values())))
    assert "KẾ HOẠCH CỦA RIÊNG THÀNH PHỐ" in drafted
    assert row["digest"] == hashlib.sha256(drafted.encode()).hexdigest(), "approved is what the form says"
    (tmp_path / "rules/forms/ke-hoach.docx").write_bytes(word("Một mẫu khác {{ chu_de }}"))
    hall.approve()
    plan = next(data for name, data in files_of(hall.last(SXD)).items() if name.endswith(".docx") and "plan" in name)
    sent = words(plan).splitlines()
    assert sent[:2] == ["Số: 01/KH-BBT", "Hải Phòng, ngày 02 tháng 11 năm 2026"]
    assert sent[2:] == drafted.splitlines()[2:], "another form in the folder meanwhile changes nothing"
    hall.desk.put_up(code, PaperKind.NOTICE)
    hall.house.run()
    assert {Path(name).suffix for name in files_of(hall.last(HEAD))} == {".docx", ".pdf"}, "it has no own form"


def test_the_own_letter_goes_with_each_invitation(hall: Hall) -> None:
    hall.announced()
    to_whom = "Sở Xây dựng (gồm Giao thông vận tải)"
    letters = [
        words(data)
        for raw in hall.inbox(SXD)
        for name, data in files_of(raw).items()
        if name == "giay-moi-P-2026-01.docx"
    ]
    assert letters == [f"Kính mời {to_whom} dự {FORM.topic}"]
    assert not any("giay-moi" in name for raw in hall.inbox(unit_address("SYT")) for name in files_of(raw))


def test_a_start_refuses_a_faulty_form(hall: Hall, tmp_path: Path) -> None:
    watch.tested(hall.house.installation)
    (tmp_path / "rules/forms/thong-bao.docx").write_bytes(word("{{ dia_chi }}"))
    hall.house.restart()
    broken = LiveInstallation(
        tmp_path / "other", 1, 1, extra=f'[rules]\nfolder = "{tmp_path}/rules"\n', books_broken="never run"
    )
    with pytest.raises(ConfigurationError, match=r"mẫu thong-bao\.docx: đoạn .*: không có mục"):
        watch.tested(broken.installation)
    broken.close()


def test_check_tries_every_own_form_and_the_example(place: Place) -> None:
    assert "no own forms" in told(place, "check", "--offline")[1]
    assert told(place, "texts", "copy", "forms/ke-hoach.docx")[0] == 0
    assert "CỘNG HÒA" in told(place, "texts", "show", "forms/ke-hoach.docx")[1]
    code, said_then = told(place, "check", "--offline")
    assert (code, "own forms: ke-hoach.docx" in said_then) == (0, True)
    (place.folder / "rules/forms/kich-ban.docx").write_bytes(word("{{ ''.__class__ }}"))
    (place.folder / "rules/forms/kichban.docx").write_bytes(b"")
    code, said_then = told(place, "check", "--offline")
    wrong = [line for line in said_then.splitlines() if line.startswith("bad")]
    assert code == 1
    assert len(wrong) == 1
    assert wrong[0].startswith("bad  forms: mẫu kich-ban.docx: đoạn “{{ ''.__class__ }}”: ")
    assert 'kichban.docx: no paper has a form of this name; did you mean "kich-ban.docx"' in said_then

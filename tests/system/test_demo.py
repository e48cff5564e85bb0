"""``doithoai demo`` from its command line: every story ends, figures come from the stores, no secret shows."""

import csv
import email
import email.policy
import json
import re
import resource
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from daemon.cli import main

pytestmark = [pytest.mark.system, pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[2]
FIGURES = {"registered", "forwarded", "answered", "notified", "rejected", "late", "lost", "duplicated"}

ENDED = ("answered", "approved", "published")


@dataclass(frozen=True, slots=True)
class Demo:
    """One finished demonstration."""

    folder: Path
    code: int
    screen: str
    errors: str
    seconds: float
    """Of CPU: other tests run beside it."""

    @property
    def figures(self) -> dict[str, int]:
        found: dict[str, int] = json.loads(self.screen.splitlines()[-1])
        return found

    def mails(self) -> list[email.message.Message]:
        """Every mail of the folder, parsed."""
        return parsed(self.folder / "mails")


@cache
def parsed(folder: Path) -> list[email.message.Message]:
    """The mails of a folder that nobody writes into any more."""
    files = sorted(folder.glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]


def doithoai(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "daemon", *map(str, words)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=800)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "out"
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = doithoai("demo", "--dir", folder, "--keep", "--json")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime - start.ru_utime - start.ru_stime
    return Demo(folder, done.returncode, done.stdout, done.stderr, seconds)


def test_it_ends_well_and_in_under_a_minute(demo: Demo) -> None:
    assert demo.code == 0, demo.errors
    assert demo.errors == ""
    assert demo.seconds < 60
    assert "problem" not in demo.screen


def test_the_figures_say_that_every_story_ended(demo: Demo) -> None:
    figures = demo.figures
    assert set(figures) >= FIGURES
    assert (figures["lost"], figures["duplicated"], figures["waiting"], figures["quarantined"]) == (0, 0, 0, 0)
    assert figures["registered"] >= 14
    assert figures["forwarded"] == figures["registered"] - 1
    assert figures["answered"] == figures["forwarded"]
    assert figures["rejected"] == 2
    assert figures["late"] == 1
    assert figures["bounced"] == 1


def test_the_figures_agree_with_the_folder(demo: Demo) -> None:
    assert len(demo.mails()) == demo.figures["mails_out"]
    with (demo.folder / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == demo.figures["registered"]
    assert sum(row["status"] in ENDED for row in rows) == demo.figures["answered"]


def test_every_asker_is_told_the_number_and_the_answer(demo: Demo) -> None:
    with (demo.folder / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = [(str(mail["To"]), str(mail["Subject"])) for mail in demo.mails()]
    for row in rows:
        subjects = [subject for to, subject in told if row["asker_email"] in to and row["code"] in subject]
        assert any("Đã tiếp nhận" in subject for subject in subjects), row["code"]
        if row["status"] in ENDED:
            words = ("Trả lời câu hỏi", "đã được trả lời tại phiên")
            assert any(any(word in subject for word in words) for subject in subjects), row["code"]


def test_an_answer_is_asked_for_taken_back_and_corrected(demo: Demo) -> None:
    """One question's mails in their order: asked back, a wrong answer that never left, the right one, corrected."""
    to_ha = [mail for mail in demo.mails() if "ha.vu@dan.test" in str(mail["To"])]
    told = [str(mail["Subject"]).partition("] ")[2] for mail in to_ha]
    wanted = ("Đã tiếp nhận", "Sở Xây dựng hỏi thêm", "Trả lời câu hỏi", "Đã nhận ý kiến", "Đính chính câu trả lời")
    assert [any(one.startswith(word) for one in told) for word in wanted] == [True] * len(wanted), told
    assert not any("30/9/2026" in mail.as_string() for mail in to_ha), "what was taken back has not left"
    officer = [str(mail["Subject"]) for mail in demo.mails() if "canbo@haiphong.test" in str(mail["To"])]
    assert any("Cần xem xét: thư của Sở Xây dựng" in one for one in officer), "an unclear mail of the department"


def test_a_whole_session_is_shown(demo: Demo) -> None:
    """From the proposal to the marks: every duty in time, every paper approved and linked, every question ended."""
    page = (demo.folder / "index.html").read_text("utf-8")
    part = page.split("Phiên đối thoại P-2026-01", 1)[1].split("<h2>", 1)[0]
    for said in (
        "S-15",
        "S-14",
        "S-7",
        "S-3",
        "S-2",
        "S+3",
        "S+15",
        "10.1.đ",
        "09/9/2026",
        "mọi câu hỏi có kết quả",
    ):
        assert said in part, said
    assert part.count("đúng hạn") == part.count("Cách tính")
    assert part.count(": đã duyệt") >= 8  # four papers, and who approved each
    links = re.findall(r'href="papers/([^"]+)"', part)
    papers = (
        "proposal",
        "plan",
        "portal_notice",
        "script",
        "run_sheet",
        "question_cards",
        "minutes",
        "session_record",
    )
    printed = {f"P-2026-01-{name}.{form}" for name in papers for form in ("docx", "pdf")}
    assert set(links) == printed | {"P-2026-01-bai-dang.html", "P-2026-01-thong-cao.txt"}
    for name in printed:
        begins = (demo.folder / "papers" / name).read_bytes()[:4]
        assert begins == (b"%PDF" if name.endswith(".pdf") else b"PK\x03\x04"), name
    for mark in ("trả lời tại phiên", "(điểm i); đã trả lời và đăng", "(điểm g)"):
        assert mark in part, mark
    assert "chưa ghi kết quả" not in part


@pytest.mark.parametrize(
    "notice",
    [
        "Đề nghị trả lời",
        "Nhắc việc",
        "Hôm nay là hạn",
        "Đã quá hạn",
        "Đề nghị đôn đốc",
        "chậm trả lời",
        "Đồng ý gia hạn",
        "Cần xem xét",
        "Nội dung phiên đối thoại đã được đăng",
    ],
)
def test_each_kind_of_notice_goes_out(demo: Demo, notice: str) -> None:
    assert any(notice in str(mail["Subject"]) for mail in demo.mails())


def test_spam_thanks_and_machines_get_no_mail(demo: Demo) -> None:
    addresses = " ".join(str(mail["To"]) for mail in demo.mails())
    for silent in ("vaynhanh.test", "tuan.trinh@", "mailer-daemon", "an-danh.test", "lua-dao.test"):
        assert silent not in addresses


def test_the_denouncer_shows_nowhere(demo: Demo) -> None:
    page = (demo.folder / "index.html").read_text("utf-8")
    everything = page + demo.screen + "".join(str(mail) for mail in demo.mails())
    assert "an-danh.test" not in everything
    assert "nhận hối lộ" not in everything


def test_the_forged_answer_reaches_nobody_but_the_officer(demo: Demo) -> None:
    for mail in demo.mails():
        if "canbo@" not in str(mail["To"]):
            assert "phí thẩm định vào tài khoản" not in mail.as_string()
            body = mail.get_body(("plain",))  # type: ignore[attr-defined]
            assert "phí thẩm định vào tài khoản" not in body.get_content()


def test_what_is_left_can_be_looked_into(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    config = demo.folder / "installation" / "doithoai.toml"
    assert main(["register", "list", "--config", str(config)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == demo.figures["registered"]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    assert main(["demo", "--dir", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "not empty" in said
    assert len(said.splitlines()) == 1
    assert (tmp_path / "mine.txt").read_text() == "keep me"

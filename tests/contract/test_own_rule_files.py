"""Files of words in ``rules.folder`` are what the installation reads mail by, at once after SIGHUP."""

from pathlib import Path

import pytest

from daemon.installation.installation import build_installation
from daemon.monitoring.watch import reloaded
from rules.message.attachment_policy import points_to_file
from rules.requester.redaction import blanked
from rules.values.data_file import SHIPPED, DataFileError
from tests.installation import OFFICER, letter
from tests.world import World, world

UNSURE = "Cái bờ rào sau khu nhà đổ đã lâu, xin hỏi bên nào lo?"


def edited(folder: Path, name: str, old: str, new: str) -> None:
    """A copy of a shipped file with one change."""
    text = (SHIPPED / name).read_text("utf-8")
    assert old in text
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def ruled(made: World, command: str) -> str:
    """The state of the question after an officer's command."""
    made.answers("officer_review", OFFICER, command)
    return str(made.house.questions[-1]["status"])


def test_words_of_commands_and_of_blanking_are_the_operators_after_a_reload(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    with world(tmp_path / "house", extra=f'[rules]\nfolder = "{folder}"\n') as made:
        made.ask(UNSURE)
        assert ruled(made, "Rê bóng SXD") == "needs_review"
        edited(folder, "commands.toml", '"chuyển câu hỏi này cho"', '"rê bóng", "chuyển câu hỏi này cho"')
        edited(folder, "blanking.toml", "[số điện thoại]", "[số máy]")
        made.house.installation = reloaded(made.house.file, made.house.installation)
        assert ruled(made, "Rê bóng Sở Xây dựng") == "forwarded"
        source = made.house.installation.board.source
        assert blanked("Gọi 0912 345 678", source=source) == "Gọi [số máy]"


def test_words_of_asker_reply_and_automatic_mail_are_the_operators(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    edited(folder, "asker.toml", '"ho va ten"', '"ho va ten", "danh xung"')
    edited(folder, "automatic.toml", '"trả lời tự động"', '"trả lời tự động", "robot trả lời"')
    with world(tmp_path / "house", extra=f'[rules]\nfolder = "{folder}"\n') as made:
        question = made.ask(f"{UNSURE}\n\nDanh xưng: Nguyễn Văn An\nSố 5 đường Trường Chinh, phường Kiến An\n")
        assert question["asker_name"] == "Nguyễn Văn An"
        row = made.arrive(letter("may@dan.test", "Tôi đang đi vắng.", subject="Robot trả lời: Hỏi"))
        assert row["kind"] == "auto_reply"


def test_ways_by_which_a_question_is_told_and_words_that_point_to_a_file_are_the_operators(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    edited(folder, "commands.toml", '"bưu điện", "bưu chính"', '"bưu điện", "zalo", "bưu chính"')
    edited(folder, "wishes.toml", 'mentions = ["đính kèm"', 'mentions = ["bản chụp", "đính kèm"')
    with world(tmp_path / "house", extra=f'[rules]\nfolder = "{folder}"\n') as made:
        made.ask(UNSURE)
        told = "Họ tên: Lê Thị Bốn\nĐịa chỉ: số 7 phố Cát Cụt, phường Lê Chân\nĐiện thoại: 0912 000 222"
        asked = "Nội dung: Nước máy yếu ba tuần nay, khi nào Công ty Cấp nước khắc phục?"
        made.answers("officer_review", OFFICER, f"Đăng ký hộ:\n{told}\nHình thức: qua Zalo\n{asked}")
        assert made.house.questions[-1]["channel"] == "post"
        assert points_to_file("Xin xem bản chụp", made.house.installation.board.source)
        assert not points_to_file("Xin xem bản chụp")


def test_a_wrong_file_is_refused_and_told_by_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    with world(tmp_path / "house", extra=f'[rules]\nfolder = "{folder}"\n') as made:
        edited(folder, "blanking.toml", 'phone = "', 'fone = "')
        assert reloaded(made.house.file, made.house.installation) is made.house.installation
        made.house.command("check", "--offline")
        assert "bad  rules: blanking.toml: instead.phone is missing" in capsys.readouterr().out
        assert made.house.command("rules", "check") == 1


def test_a_model_with_a_wrong_row_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Rows are read when a letter first has their feature; an own one that cannot be read waits for no letter."""
    folder = tmp_path / "rules"
    folder.mkdir()
    with world(tmp_path / "house", extra=f'[rules]\nfolder = "{folder}"\n') as made:
        last = (SHIPPED / "model/kinds.tsv").read_text("utf-8").splitlines()[-1]
        edited(folder, "model/kinds.tsv", last, last.partition("\t")[0] + "\t2.1\tquestion=much")
        with pytest.raises(DataFileError, match=r"model/kinds\.tsv: line \d+: no feature with its weights"):
            build_installation(made.house.config, b"k" * 48, made.house.clock)
        with caplog.at_level("ERROR", logger="doithoai"):
            assert reloaded(made.house.file, made.house.installation) is made.house.installation
    assert [record.getMessage() for record in caplog.records] == ["reload_refused"]


def test_a_fault_that_nobody_thought_of_refuses_the_reload_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise IndexError("of a library's own")

    with world(tmp_path / "house") as made, caplog.at_level("ERROR", logger="doithoai"):
        monkeypatch.setattr("daemon.monitoring.watch.build_installation", broken)
        assert reloaded(made.house.file, made.house.installation) is made.house.installation
    assert [record.getMessage() for record in caplog.records] == ["reload_refused"]

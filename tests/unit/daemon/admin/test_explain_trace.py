"""``explain`` tells a layman how a mail was read: letters, files, who asks, verdicts, and what becomes of it."""

import json
from pathlib import Path

import pytest

from daemon.cli import main
from tests.installation import answer_to, letter

ROAD = "Kính gửi Ban Biên tập, đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?"
SIGNED = "\n\nNguyễn Văn An\nSố 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\n"
OWN = "doithoai@haiphong.test"


def trace(folder: Path, capture: pytest.CaptureFixture[str], raw: bytes) -> str:
    """The trace of one mail, a step a line."""
    file = folder / "mail.eml"
    file.write_bytes(raw)
    capture.readouterr()
    assert main(["explain", "--json", str(file)]) == 0
    return "\n".join(json.loads(capture.readouterr().out)["trace"])


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there, missing = tmp_path / "mail.eml", tmp_path / "nofile.eml"
    there.write_bytes(letter("an@dan.test", ROAD))
    assert main(["explain", str(there), str(missing)]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"doithoai: {missing}: no such file\n")
    assert main(["explain", str(tmp_path)]) == 2
    assert "mail.eml" not in capsys.readouterr().err


def test_letters_and_asker_are_told_with_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [
        ("đơn.pdf", "application/octet-stream", b"%PDF-1.4 nothing to read"),
        ("ghi chú.txt", "text/plain", "Ảnh chụp ngày 3/10".encode()),
    ]
    told = trace(tmp_path, capsys, letter("an@dan.test", ROAD + SIGNED, attachments=files))
    assert "bảng mã ghi trong thư: utf-8; đọc theo UTF-8" in told
    assert "Tệp “đơn.pdf” đính kèm: theo nội dung là PDF" in told
    assert "đọc được 4 chữ: “Ảnh chụp ngày 3/10”" in told
    assert "họ tên: Nguyễn Văn An (dòng 3: “Nguyễn Văn An”)" in told
    assert "còn thiếu: số điện thoại; sẽ hỏi lại một lần" in told
    assert "Kết luận: vào sổ ghi chép" in told


@pytest.mark.parametrize(
    ("declared", "charset", "name"),
    [("utf-8", "cp1258", "windows-1258"), ("us-ascii", "utf-8", "UTF-8"), ("windows-1258", "cp1258", "windows-1258")],
)
def test_the_character_set_taken_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], declared: str, charset: str, name: str
) -> None:
    text = ROAD if charset == "utf-8" else "Kính gửi Sở, xin hỏi về chế độ hưu trí, tôi công tác 30 năm"
    from unicodedata import normalize

    body = text.encode(charset) if charset == "utf-8" else _cp1258(normalize("NFC", text))
    head = f"From: an@dan.test\r\nSubject: Hoi\r\nContent-Type: text/plain; charset={declared}\r\n"
    told = trace(tmp_path, capsys, head.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + body)
    assert f"bảng mã ghi trong thư: {declared}; đọc theo {name}" in told


def _cp1258(text: str) -> bytes:
    """windows-1258 writes the tone as a mark of its own behind a letter that has the rest."""
    from unicodedata import normalize

    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = []
    for letter_ in text:
        parts = normalize("NFD", letter_)
        base = normalize("NFC", "".join(one for one in parts if one not in tones))
        letters.append(base + "".join(one for one in parts if one in tones))
    return "".join(letters).encode("cp1258")


def test_reply_is_told_as_divided_and_concluded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours = letter(OWN, ROAD, subject="[HP-2026-000012] Câu hỏi")
    told = trace(tmp_path, capsys, answer_to(ours, "vanthu@sxd.test", "Số: 123/SXD-QLN\nSở trả lời: sửa tháng 12."))
    assert "trả lời câu hỏi HP-2026-000012 (văn bản số 123/SXD-QLN)" in told
    assert "chữ trích dẫn" in told


def test_bounce_says_which_mail_came_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "This is the mail system. I'm sorry to have to inform you that your message could not be delivered.\n"
    text += "<x@sxd.test>: host mx[1.2.3.4] said: 550 5.1.1 User unknown\n\nMessage-ID: <abc@haiphong.test>\n"
    raw = letter("MAILER-DAEMON@haiphong.test", text, subject="Undelivered Mail Returned to Sender")
    told = trace(tmp_path, capsys, raw)
    assert "Thư bị trả lại: hỏng hẳn, mã 5.1.1" in told
    assert "abc@haiphong.test" in told


def test_denunciation_shows_nobodys_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "ĐƠN TỐ CÁO. Tôi tố cáo ông X, trưởng phòng, nhận hối lộ 50 triệu đồng."
    told = trace(tmp_path, capsys, letter("b@dan.test", text + SIGNED, name="Nguyễn Văn An"))
    assert "Nguyễn Văn An" not in told
    assert "Kết luận: giữ lại chờ người xem" in told


def test_an_answer_is_told_as_its_asker_would_get_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "Kính gửi Ban Biên tập, Sở trả lời như sau: đường được sửa xong trước ngày 30/11/2026."
    quoted = "\n\nVào 20/11/2026 8:30 SA, Ban Biên tập đã viết:\n\n> câu hỏi cũ"
    file = tmp_path / "mail.eml"
    file.write_bytes(letter("vanthu@sxd.test", said + quoted, subject="Re: [HP-2026-000123] Đề nghị trả lời"))
    assert main(["explain", "--json", str(file)]) == 0
    reply = json.loads(capsys.readouterr().out)["reply"]
    assert (reply["verb"], reply["text"]) == ("answer", said)
    file.write_bytes(letter("vanthu@sxd.test", "Đã nhận." + quoted, subject="Re: [HP-2026-000123] Đề nghị trả lời"))
    assert main(["explain", "--json", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["reply"]["text"] == ""

"""Every usual line above a quote, wrapped and quoted in every way, below every kind of own text."""

import itertools
import textwrap
import unicodedata
from collections.abc import Iterator

import pytest

from rules.message.reply_text import fold

pytestmark = pytest.mark.wide

NAME, MAIL = "Ban Biên tập Cổng thông tin điện tử", "doithoai+r.k7x2@tp.test"
ATTRIBUTIONS = (
    f"Vào Th 6, 20 thg 11, 2026 vào lúc 08:30 {NAME} <{MAIL}> đã viết:",
    f"Vào Th 6, 20 thg 11, 2026 lúc 08:30 {NAME} <{MAIL}> đã viết:",
    f"Vào Th 6, 20 thg 11 2026 lúc 08:30 {NAME} <{MAIL}> đã viết:",
    f"Vào Thứ 6, 20 thg 11, 2026 lúc 08:30 {NAME} đã viết:",
    f"Vào CN, 22 thg 11, 2026 vào lúc 08:30 {NAME} <{MAIL}> đã viết:",
    f"Vào Chủ Nhật, 22 tháng 11, 2026 lúc 08:30:11 GMT+7, {NAME} <{MAIL}> đã viết:",
    f"Vào Thứ Tư, 18 tháng 11, 2026 lúc 14:03, {NAME} <{MAIL}> đã viết:",
    f"Vào lúc 08:30 20/11/2026, {NAME} đã viết:",
    f"Vào 20/11/2026 08:30, {NAME} đã viết:",
    f"Vào ngày 20/11/2026 lúc 08:30, {NAME} <{MAIL}> đã viết:",
    f"Vào ngày 20 thg 11, 2026, lúc 08:30, {NAME} <{MAIL}> đã viết:",
    f"Vào 08:30 20 thg 11, 2026, {NAME} <{MAIL}> viết:",
    f"Vào 2026-11-20 08:30, {NAME} đã viết:",
    f"Lúc 08:30 ngày 20/11/2026, {NAME} <{MAIL}> đã viết:",
    f"Ngày 20 tháng 11 năm 2026 08:30, {NAME} <{MAIL}> đã viết:",
    f"Ngày 08:30, Thứ Sáu, 20 tháng 11, 2026 {NAME} <{MAIL}> đã viết:",
    f"----- Vào 20/11/2026, lúc 08:30, {NAME} đã viết:",
    f"{NAME} <{MAIL}> đã viết vào lúc 08:30 20/11/2026:",
    f"{NAME} đã viết vào lúc 08:30 20/11/2026:",
    f"{NAME} <{MAIL}> đã viết lúc 08:30, Th 6, 20 thg 11, 2026:",
    f"On Fri, Nov 20, 2026 at 8:30 AM {NAME} <{MAIL}> wrote:",
    f"On Fri, Nov 20, 2026 at 8:30 AM, {NAME} <{MAIL}> wrote:",
    f"On 20 Nov 2026, at 08:30, {NAME} <{MAIL}> wrote:",
    f"On 20/11/2026 08:30, {NAME} wrote:",
    f"On 2026-11-20 08:30, {NAME} wrote:",
    f"On Friday, November 20th, 2026 at 8:30 AM, {NAME} <{MAIL}> wrote:",
    f"On Friday, November 20, 2026 at 08:30:11 AM GMT+7, {NAME} <{MAIL}> wrote:",
    f"On 11/20/26 8:30 AM, {NAME} wrote:",
    f"Le ven. 20 nov. 2026 à 08:30, {NAME} <{MAIL}> a écrit :",
    f"Am Fr., 20. Nov. 2026 um 08:30 Uhr schrieb {NAME} <{MAIL}>:",
    f"El vie, 20 nov 2026 a las 8:30, {NAME} (<{MAIL}>) escribió:",
    f"Em sex., 20 de nov. de 2026 às 08:30, {NAME} <{MAIL}> escreveu:",
    f"Il giorno ven 20 nov 2026 alle ore 08:30 {NAME} <{MAIL}> ha scritto:",
    f"Op vr 20 nov. 2026 om 08:30 schreef {NAME} <{MAIL}>:",
    f"Den fre 20 nov. 2026 kl 08:30 skrev {NAME} <{MAIL}>:",
    f"fre. 20. nov. 2026 kl. 08:30 skrev {NAME} <{MAIL}>:",
    f"pt., 20 lis 2026 o 08:30 {NAME} <{MAIL}> napisał(a):",
    f"пт, 20 нояб. 2026 г. в 08:30, {NAME} <{MAIL}>:",
    f'20.11.2026, 08:30, "{NAME}" <{MAIL}> написал:',
    f"{NAME} <{MAIL}> 于2026年11月20日周五 08:30写道：",
    f"2026年11月20日(金) 8:30 {NAME} <{MAIL}>:",
    f"20 Kas 2026 Cum 08:30 tarihinde {NAME} <{MAIL}> şunu yazdı:",
    f"2026-11-20 8:30 GMT+07:00 {NAME} <{MAIL}>:",
)
OWN = (
    "Đã nhận.",
    "Em gửi 2 ảnh ạ",
    "Kính gửi Ban Biên tập,\n\nSở trả lời như sau: ngày 12/5/2026 đã sửa xong.\n\nTrân trọng,\nTrần Văn An",
    "Vào ngày 12/5 tôi đã nộp hồ sơ",
    "Hồ sơ gồm:\n1. Đơn\n2. Bản vẽ\n> ý kiến khác nhau:\nĐịa chỉ nộp: số 5",
)
QUOTE = ("Kính gửi Sở Xây dựng,", "", "Ban Biên tập chuyển câu hỏi HP-2026-000123:", "nhà tôi ở số 5.", "Trân trọng")


def quoted(style: str) -> str:
    if style == "signs":
        return "\n".join(f"> {line}".rstrip() for line in QUOTE)
    return "\n".join(QUOTE)


def wrapped(line: str, width: int) -> str:
    return "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False))


def variations() -> Iterator[tuple[str, str]]:
    for line, own in itertools.product(ATTRIBUTIONS, OWN):
        styles = ["signs"] if "<" not in line and ":" not in line else ["signs", "plain"]
        for width, style, gap in itertools.product((500, 78, 60, 40), styles, ("\n", "\n\n")):
            yield own, f"{own}{gap}{wrapped(line, width)}{gap}{quoted(style)}\n"


@pytest.mark.parametrize(("form", "step"), [("NFC", 1), ("NFD", 7)])
def test_variations(form: str, step: int) -> None:
    wrong = []
    total = 0
    for own, text in itertools.islice(variations(), 0, None, step):
        total += 1
        got = unicodedata.normalize("NFC", fold(unicodedata.normalize(form, text)).own)  # type: ignore[arg-type]
        kept = own.replace("> ý kiến khác nhau:\n", "")
        if " ".join(got.split()) != " ".join(kept.split()):
            wrong.append(text)
    assert total * step > 3000
    assert not wrong, f"{len(wrong)} of {total} wrong, such as:\n" + "\n-----\n".join(wrong[:3])

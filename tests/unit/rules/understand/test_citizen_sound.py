"""What citizens' replies sound like: the sentences of the tests, and writers whom the vote has not met."""

import csv
from collections.abc import Sequence

import pytest

from rules.message.quote_markers import DEFAULT
from rules.reply.unit_names import unit_names
from rules.requester.secrecy import hides_from_unit, spares_mailbox
from rules.understand import citizen_sound
from rules.understand.citizen_replies import ends_apart
from rules.understand.citizen_sound import SURE, Sound, heard
from rules.values.data_file import load_units
from tests.dose import STEPS, costly
from tests.mail_tables import DATA

NAMES = unit_names(load_units())
CLASSES = {"complaint_about_answer": "complaint", "complete": "data"}
WRITERS = ("A", "C", "D", "F")


def voices(table: str) -> list[tuple[str, bool, set[str]]]:
    """The texts of a table, whether the question had its answer, and what they may be."""
    with (DATA / f"citizens_voices_{table}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    kinds = [{CLASSES.get(kind := one.partition(":")[0], kind) for one in row["expect"].split("|")} for row in rows]
    return [
        (row["text"].replace("\\n", "\n"), row["context"] == "answered", each)
        for row, each in zip(rows, kinds, strict=True)
    ]


def misread(every: Sequence[tuple[str, bool, set[str]]]) -> tuple[list[str], list[str]]:
    """The texts that sound like something else than they are, and those that are surely heard as something else."""
    unlike, wrong = [], []
    for text, over, kinds in every:
        likely = heard(text, NAMES, over=over)
        top = max(likely, key=likely.__getitem__, default="")
        unlike += [] if top in kinds else [text]
        sure = {one for one, share in SURE.items() if likely.get(one, 0.0) >= share}
        wrong += [text] if sure - kinds else []
    return unlike, wrong


@pytest.mark.parametrize("step", STEPS)
def test_the_sentences_of_the_tests_sound_as_they_are_meant(step: int) -> None:
    every = voices("tests")[::step]
    unlike, wrong = misread(every)
    assert len(unlike) <= 0.04 * len(every), unlike
    assert len(wrong) <= 0.01 * len(every), wrong


@pytest.mark.wide
@pytest.mark.parametrize("writer", costly(WRITERS))
def test_a_writer_that_it_never_met_sounds_as_he_means_it(writer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from scripts.training.by_table import voters_without  # scikit-learn takes a second to load
    from scripts.training.citizens import citizen_examples, citizen_mails

    mails = citizen_mails()
    own = {one.id for one in mails if one.table == f"citizens_voices_{writer}"}
    monkeypatch.setattr(citizen_sound, "shares", voters_without(own, {"citizens": mails}, citizen_examples))
    every = voices(writer)
    unlike, wrong = misread(every)
    assert len(unlike) <= 0.2 * len(every), unlike
    assert len(wrong) <= 0.05 * len(every), wrong


def test_the_case_is_heard() -> None:
    text = "Chờ đến quý I năm sau thì lâu quá."
    assert heard(text, NAMES, over=True) != heard(text, NAMES, over=False)
    assert heard("Prosimy uprzejmie przesłać odpowiedź dotyczącą naprawy nawierzchni drogi", NAMES, over=True) == {}
    assert heard("Vâng, cảm ơn cô chú nhiều ạ", NAMES, over=False)[Sound.THANKS] >= SURE[Sound.THANKS]


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Cảm ơn về vụ ổ gà. Cho hỏi làm thẻ căn cước cho con thì ra phường hay lên thành phố?", True),
        ("Cảm ơn về vụ ổ gà. Còn mặt đường trước nhà số 12 thì bao giờ mới sửa xong vậy?", False),
        ("Cảm ơn về vụ ổ gà. Chúc khỏe.", False),
    ],
)
def test_what_follows_may_be_another_matter(text: str, apart: bool) -> None:
    assert ends_apart(text, "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng, bao giờ sửa?", DEFAULT) is apart


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Đường Lê Lợi ổ gà, bao giờ sửa?\nTôi là An, xin không nêu tên tôi.", True),
        ("Bao giờ sửa đèn? Không công khai họ tên của tôi nhé.", True),
        ("Đề nghị Ban trả lời riêng, không đăng tên em lên Cổng", True),
        ("Tôi không đồng ý công khai tên của tôi ở phiên đối thoại", True),
        ("Mong Ban giữ kín tên tôi, ngõ tôi bị mất nước.", True),
        ("khong cong khai ten toi nhe, xin cam on", True),
        ("Ngõ 12 mất nước. Tên tôi xin đừng nêu.", True),
        ("Đường trũng. Họ tên của em thì mong Ban khỏi công bố ạ", True),
        ("ten chau dung dang len mang nhe", True),
        ("Chợ ồn. Xin đừng để tên tôi lên trang.", True),
        ("Chợ ồn quá, nhờ Ban ẩn danh cho tôi", True),
        ("Đường hỏng. Tôi không đồng ý công khai họ tên.", True),
        ("Đường hỏng. Tôi muốn ẩn danh.", True),
        ("Đường hỏng. Xin giữ kín tên và số điện thoại của tôi, tôi sợ bị trả thù.", True),
        ("Đường hỏng. Đừng cho Sở biết tôi là ai.", True),
        ("Đường hỏng. Mong không lộ danh tính của tôi.", True),
        ("Xưởng xả thải. Xin không nêu tên tôi ở bất cứ đâu, ông ấy rất hung dữ.", True),
        ("Xưởng xả thải. Đề nghị không nêu tên cán bộ.", False),
        ("Đường hỏng. Không cần giữ kín tên tôi.", False),
        ("Đường hỏng. Tôi không yêu cầu giữ kín tên tôi.", False),
        ("Tên tôi là Dũng ghi trong sổ sai một chữ, sửa ở đâu?", False),
        ("Tên tôi phường ghi thiếu, không đọc trong buổi họp, vì sao?", False),
        ("Tên em không có trong danh sách được đăng, hỏi ai?", False),
        ("Hôm họp dân, trưởng thôn không đọc tên tôi nên tôi không được nhận tiền hỗ trợ", False),
        ("Tại sao phường không đăng tên tôi trong danh sách nhận tiền?", False),
        ("Xin hỏi vì sao thôn không nêu tên tôi trong danh sách?", False),
        ("Tôi nộp hồ sơ xin hỗ trợ, nhưng phường không đăng tên tôi trong danh sách", False),
        ("Danh sách của phường không nêu tên tôi, đề nghị Ban kiểm tra.", False),
        ("Anh Dũng trưởng thôn không đọc tên tôi", False),
    ],
)
def test_what_others_did_with_a_name_is_no_wish_to_stay_unnamed(text: str, wished: bool) -> None:
    assert citizen_sound.asks_not_to_be_named(text) is wished


@pytest.mark.parametrize(
    ("wish", "hidden"),
    [
        ("Không nêu tên tôi với phường nhé.", True),
        ("Tôi không muốn Ủy ban phường biết tôi là ai.", True),
        ("Xin giữ bí mật danh tính của tôi với đơn vị trả lời.", True),
        ("Tôi không muốn lộ tên cho phường biết.", True),
        ("Em sợ bị lộ tên với Sở.", True),
        ("Tôi không muốn lộ tên trên Cổng.", False),
        ("Tôi không muốn lộ tên với hàng xóm.", False),
        ("Đừng để hàng xóm biết tên tôi.", False),
        ("Đừng cho ai biết số điện thoại của tôi.", False),
        ("Đừng cho công ty ấy biết tôi là ai.", False),
        ("Sở chưa biết tôi là ai.", False),
        ("Đừng cho bên điện lực biết tên tôi.", True),
        ("Đừng cho mấy anh ở phường biết tôi là ai.", True),
        ("Xin giữ kín tên tôi với hàng xóm và phường.", True),
        ("Đừng để hàng xóm trong phường biết tên tôi.", False),
        ("Không muốn nhà thầu của sở biết tôi là ai.", False),
        ("Đừng cho công ty biết số điện thoại của tôi, chỉ cho sở biết.", False),
        ("Xin giữ kín tên tôi, chỉ cho sở biết.", False),
    ],
)
def test_from_whom_a_writer_wants_to_be_hidden(wish: str, hidden: bool) -> None:
    assert hides_from_unit(f"Đường hỏng, bao giờ sửa? {wish}") is hidden


@pytest.mark.parametrize(
    ("wish", "hidden"),
    [
        ("Tôi xin giấu tên với Công ty Cấp nước vì chồng tôi làm ở đó.", True),
        ("toi xin giau ten voi cong ty cap nuoc", True),
        ("Xin giữ kín danh tính của tôi với công ty này.", True),
        ("Đừng cho công ty ấy biết tôi là ai.", True),
        ("Tôi xin ẩn danh với công ty.", True),
        ("Xin giữ kín tên tôi với hàng xóm, chỉ cho công ty biết.", False),
        ("Xin giữ kín tên tôi.", False),
        ("Công ty không gửi hóa đơn cho tôi.", False),
    ],
)
def test_a_company_that_gets_the_letter_is_one_of_whom_its_writer_may_speak(wish: str, hidden: bool) -> None:
    """Of a letter that goes to a department, a company is somebody else."""
    text = f"Nước yếu, bao giờ sửa? {wish}"
    assert hides_from_unit(text, names=["Công ty Cấp nước Hải Phòng"]) is hidden
    assert hides_from_unit(text, names=["Sở Xây dựng"]) is False


@pytest.mark.parametrize(
    ("wish", "spared"),
    [
        ("Xin trả lời riêng qua điện thoại cho tôi, đừng trả lời vào thư này.", True),
        ("Xin đừng trả lời vào hộp thư này (chồng tôi đọc).", True),
        ("Đừng gửi gì về đây nữa.", True),
        ("Xin trả lời riêng qua điện thoại.", True),
        ("xin dung tra loi vao hop thu nay", True),
        ("Xin các anh không trả lời vào email này.", True),
        ("Tôi không muốn nhận thư trả lời ở hộp thư này.", True),
        ("Xin đừng trả lời chung chung.", False),
        ("Xin đừng trả lời vòng vo trong thư này.", False),
        ("Không trả lời thư này thì tôi kiện.", False),
        ("Đề nghị trả lời, không trả lời thư này thì tôi kiện.", False),
        ("Xin trả lời cho đúng, trả lời vào thư này.", False),
        ("Tôi nhận được email ghi vui lòng không trả lời email này.", False),
        ("Phường chỉ trả lời qua điện thoại, không có văn bản.", False),
        ("Xin trả lời qua điện thoại.", False),
        ("Xin gửi kết quả vào hộp thư này.", False),
        ("Đề nghị công ty đừng gửi rác về đây nữa.", False),
    ],
)
def test_who_wants_no_mail_in_the_mailbox_he_writes_from(wish: str, spared: bool) -> None:
    assert spares_mailbox(f"Tôi muốn ly hôn, làm đơn ở đâu? {wish}") is spared


@pytest.mark.parametrize(
    ("wish", "spared"),
    [
        ("Tôi là Nam, con ông Ba. Bố tôi mất rồi, xin dừng gửi thư.", True),
        ("Bố tôi đã báo tử hôm qua. Xin Ban dừng gửi thư.", True),
        ("bo toi mat roi, xin ban dung gui thu nua", True),
        ("Gia đình xin không nhận thư vào hộp thư của bố tôi nữa.", True),
        ("Mẹ cháu mất rồi, xin đừng gửi thư cho mẹ cháu nữa ạ.", True),
        ("Xin đừng trả lời vào hộp thư này, chồng tôi đọc.", True),
        ("Tôi xin dừng gửi thư ở đây, cảm ơn Ban.", False),
        ("Tôi xin không gửi thư nữa, xin chờ.", False),
        ("Xin đừng gửi thư cho phường nữa, họ không làm đâu.", False),
        ("Đề nghị công ty dừng gửi thư rác cho bố tôi.", False),
        ("Ngân hàng không gửi thư cho tôi nữa.", False),
        ("Bố tôi mất rồi, xin gửi thư cho tôi.", False),
        ("Xin đừng gửi thư giấy, chỉ cần thư điện tử.", False),
    ],
)
def test_who_wants_no_more_of_our_mails(wish: str, spared: bool) -> None:
    assert spares_mailbox(wish, threaded=True) is spared
    assert spares_mailbox(wish) is ("hộp thư này" in wish)

"""Like questions: marks, spelling and words differ; precision and recall on our own pairs; time."""

import random
import time

import pytest

from rules.routing.similar import SimilarIndex
from tests.loading import script

report = script("like_report")


def texts() -> list[str]:
    return list(report.texts()[:2000])


@pytest.fixture(scope="module")
def filled() -> SimilarIndex:
    index = SimilarIndex()
    for number, text in enumerate(texts()):
        index.add(number, text)
    return index


def test_precision_and_recall_on_our_pairs(filled: SimilarIndex, capsys: pytest.CaptureFixture[str]) -> None:
    pairs, precision, recall = report.judged(filled)
    with capsys.disabled():
        print(f"\nlike questions: {pairs} pairs, precision {precision:.3f}, recall {recall:.3f}")
    assert pairs >= 150
    assert precision >= 0.8
    assert recall >= 0.85


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Xin hỏi thủ tục tách thửa đất vườn cho con?", "thu tuc tach thua dat vuon cho con the nao"),
        ("Mất căn cước làm lại ở đâu?", "e mất cccd xin cấp lại ở đâu ạ"),
        ("Tuyến xe buýt 02 bỏ chuyến liên tục", "xe bus 02 bỏ chuyến liên tục"),
    ],
)
def test_the_same_in_other_words_is_found(filled: SimilarIndex, stored: str, asked: str) -> None:
    filled.add("wanted", stored)
    found = filled.find(asked)
    assert found
    assert found[0][0] == "wanted"
    assert 0 < found[0][1] <= 1
    assert all(key != "wanted" for key, _ in filled.find(asked, leave_out=["wanted"]))


def test_a_key_holds_its_newest_text() -> None:
    index = SimilarIndex()
    index.add("HP-2026-000001", "Đường vào thôn nhiều ổ gà")
    index.add("HP-2026-000001", "Cấp lại bằng tốt nghiệp ở đâu")
    assert len(index) == 1
    assert index.find("Đường vào thôn nhiều ổ gà") == ()


def test_nothing_is_like_nothing() -> None:
    index = SimilarIndex()
    assert index.find("") == ()
    index.add(1, "")
    assert index.find("Xin chào") == ()


@pytest.mark.wide
def test_a_search_among_many_is_quick() -> None:
    words, chance = [text.split() for text in texts()], random.Random(7)
    index = SimilarIndex()
    for number in range(5_000):
        one, other = chance.choice(words), chance.choice(words)
        index.add(number, " ".join(one[: len(one) // 2] + other[len(other) // 2 :]))
    began = time.process_time()
    for _ in range(20):
        index.find(" ".join(chance.choice(words)))
    assert (time.process_time() - began) / 20 < 0.25


def test_one_letter_of_many_people_is_found_for_each() -> None:
    index = SimilarIndex()
    texts = ["Đường Lê Lợi ngập nước mỗi khi mưa lớn, bao giờ sửa cống?", "Trạm y tế phường thiếu thuốc bảo hiểm"]
    for number in range(30):
        index.add(number, texts[number % 2])
    found = index.find(texts[0], most=50)
    assert {key for key, _ in found} == set(range(0, 30, 2))
    assert {score for _, score in found} == {1.0}

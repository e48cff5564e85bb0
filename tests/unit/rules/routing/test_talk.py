"""What a letter tells of itself is not read when the unit is sought; what its rules know of is never set aside."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.routing.route import load_routing, route
from rules.routing.unit_scores import Evidence, judge, weigh
from rules.text import strip_marks
from rules.text.phrase_matcher import without
from rules.text.statistical_vote import features
from rules.text.tokens import read
from rules.values.data_file import DataFileError, Source
from rules.values.model import Decision, Requester, Route

TABLE = load_routing()
TODAY = date(2026, 11, 10)
ASKED = "Bằng tốt nghiệp cấp ba của tôi bị mất thì xin cấp lại bản sao ở đâu?"
CHATTER = (
    "Tôi ngồi nghĩ mãi mới dám viết mấy dòng này, bà nhà tôi cứ giục. ",
    "Cháu nội tôi gõ máy hộ, có gì sai xin các bác bỏ qua. ",
    "Sáng nay trời se lạnh, tôi pha ấm trà rồi mới bật máy lên. ",
    "hế lô ad, bạn em bảo hỏi ở đây hay được trả lời lắm ạ. ",
)


def routed(text: str) -> Route:
    return route(text, "", Requester(), TABLE, TODAY)


@pytest.mark.parametrize("chatter", CHATTER)
def test_talk_around_a_question_changes_nothing(chatter: str) -> None:
    bare, told = routed(ASKED), routed(chatter + ASKED)
    assert (bare.decision, bare.candidates[0].unit) == (Decision.FORWARD, "SGDDT")
    assert (told.decision, told.candidates[0].unit) == (Decision.FORWARD, "SGDDT")


HINTED = (
    f"Tôi đang nằm viện nên nhờ cháu gõ hộ mấy dòng này, có gì sai xin các bác bỏ qua. {ASKED}",
    f"{CHATTER[2]}{ASKED} Tôi về hưu đã lâu, ngồi nghĩ mãi mới dám viết mấy dòng này, bà nhà tôi cứ giục.",
    f"Bà nhà tôi vừa đi khám bệnh về cứ giục tôi viết mấy dòng này.\n{strip_marks(ASKED)}",
)


@pytest.mark.parametrize("text", HINTED)
def test_the_words_counted_are_those_that_stand_outside_the_talk(text: str) -> None:
    """They are not looked up again without it: a phrase neither goes on in the next sentence nor comes from there."""
    reading = TABLE.reader(text)
    matcher, said = TABLE.lexicon[0], judge(text, "", TABLE, TODAY)
    talk = TABLE.find_talk(reading, {code: one.heard for code, one in _evidence(text).items()})
    assert [reading.quote(start, end) for start, end, _ in talk] == list(said.talk) != []
    matter = without(reading, talk)
    assert said.evidence == weigh(matter, matcher.find(matter), TABLE, TODAY)


def _evidence(text: str) -> Mapping[str, Evidence]:
    reading = TABLE.reader(text)
    return weigh(reading, TABLE.lexicon[0].find(reading), TABLE, TODAY)


def test_an_officer_sees_what_was_not_read() -> None:
    trace = routed(CHATTER[0] + ASKED).trace
    assert trace[0].startswith("Không tính khi tìm đơn vị, vì không nói về việc: “Tôi ngồi nghĩ mãi")
    assert not any("Không tính" in line for line in routed(ASKED).trace)


def test_a_sentence_with_clear_words_of_a_field_is_matter() -> None:
    """However much it sounds like talk: it may be all that tells of the matter."""
    matter = "Kính chúc quý ban mạnh khoẻ, kính mong quý ban quan tâm giải đáp giúp tôi về sổ đỏ"
    text = f"{matter}. Cột thứ hai của bảng kê có bốn dòng."
    assert TABLE.find_talk(TABLE.reader(text), {})
    said = judge(text, "", TABLE, TODAY)
    assert said.talk == ()
    assert said.shares[0][0] == "SNNMT"


def test_words_of_the_dialogue_itself_save_no_talk() -> None:
    praise = "Cảm ơn ban tổ chức đối thoại trực tuyến và lãnh đạo thành phố đã lắng nghe. "
    said = judge(praise + ASKED, "", TABLE, TODAY)
    assert said.talk
    assert said.shares[0][0] == "SGDDT"


def test_a_letter_of_talk_alone_stays_whole() -> None:
    assert judge("".join(CHATTER[:2]), "", TABLE, TODAY).talk == ()


def test_at_a_share_of_one_nothing_is_set_aside() -> None:
    own = replace(TABLE.scoring, threshold={**TABLE.scoring.threshold, "talk": 1.0})
    assert judge(CHATTER[0] + ASKED, "", replace(TABLE, scoring=own), TODAY).talk == ()
    assert judge(CHATTER[0] + ASKED, "", TABLE, TODAY).talk


def test_a_host_that_is_no_unit_is_told(tmp_path: Path) -> None:
    own = tmp_path / "routing" / "scoring.toml"
    own.parent.mkdir()
    own.write_text(TABLE.source.text("routing/scoring.toml").replace('units = ["VPUB"]', 'units = ["VP"]'), "utf-8")
    with pytest.raises(DataFileError, match=r"routing/scoring.toml: \[hosts\]: 'VP' must be the code of a unit"):
        load_routing(Source(tmp_path))


def test_talk_does_not_make_a_brief_letter_long() -> None:
    """Of a brief letter more is wanted before it goes out."""
    assert judge(CHATTER[0] + ASKED, "", TABLE, TODAY).length <= judge(ASKED, "", TABLE, TODAY).length + 1


def test_a_line_typed_without_diacritics_stays_so_beside_one_with_them() -> None:
    """Its words have no diacritics to be known by: with the other line's they would be other words."""
    mixed = read("em ngại gọi điện lắm lun ý\nmat bang tot nghiep thi xin cap lai o dau?")
    assert mixed.is_bare[:2] == (False, True)
    assert ("mbang", "") not in features(mixed)
    assert ("bbang", "") in features(mixed)
    assert any(first.startswith("mngai") for first, _ in features(mixed))


def test_sentences_and_their_parts() -> None:
    reading = read("Xin chào. Đường hỏng rồi! Ai sửa?")
    spans = list(reading.sentences())
    assert [reading.quote(*span) for span in spans] == ["Xin chào", "Đường hỏng rồi", "Ai sửa"]
    last = reading.part(*spans[-1])
    assert (last.words, last.sentence, last.asks, last.is_bare) == (("Ai", "sửa"), (0, 0), (True,), (False,))

"""An act without proof is held, and the person in whose name it came hears of it at the listed address."""

from tests.faults.attacks import acts, build, honest
from tests.installation import text_of
from tests.world import World, vouched


def test_the_true_author_is_told_what_was_held_and_nothing_of_the_forgers_words(house: World) -> None:
    """At the listed address, three times a day at most, whoever wrote."""
    for act in acts(house):
        words = act.text.format(code=act.code).split(":")[-1].strip()
        before = len(house.house.sent)
        row = house.arrive(build(act))
        told = [one for one in house.house.sent[before:] if str(one["name"]).endswith("_held")]
        assert row["status"] == "held"
        assert [one["recipient"] for one in told] == [act.author], act.text
        text = text_of(bytes(told[0]["bytes"]))
        assert words not in text
        assert f"thư số {row['id']}" in text
        assert "gửi lại nội dung ấy từ hộp thư công vụ" in text
        house.house.clock.forward(hours=25)
    about = acts(house)[0]
    for _ in range(7):
        house.arrive(build(about))
    assert len(house.house.sent_with(name="unit_held")) == 4 + 3


def test_a_unit_is_told_when_somebody_outside_answers_with_its_secret(house: World) -> None:
    act = acts(house)[0]
    house.arrive(vouched(build(act, "nhanvien@gmail.test"), "gmail.test"))
    (told,) = house.house.sent_with(name="unit_held")
    assert (told["recipient"], house.house.mails[-1]["status"]) == (act.author, "held")
    assert "gmail.test" not in text_of(bytes(told["bytes"]))
    house.arrive(honest(act))
    assert len(house.house.sent_with(name="unit_held")) == 1

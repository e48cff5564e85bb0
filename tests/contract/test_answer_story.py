"""The day of tests/answer_story.py: what each of the four people reads, and that a bystander reads nothing of it."""

from collections.abc import Iterator

import pytest

from tests.answer_story import NOT_CONTENT, Story
from tests.installation import subject_of, text_of
from tests.world import world


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with world(tmp_path_factory.mktemp("story") / "house", extra="[desk]\nanswer_delay_minutes = 30") as made:
        told = Story(made)
        told.play()
        yield told


def read(story: Story, who: str) -> str:
    """All that a person was sent and that arrived, on one line."""
    arrived = [one.raw for one in story.thread(who) if not one.wrote and not one.taken_back]
    return " ".join(" ".join(f"{subject_of(raw)} {text_of(raw)}".split()) for raw in arrived)


def test_the_asker_reads_the_right_answer_only_and_that_the_opinion_came(story: Story) -> None:
    shown = read(story, "asker")
    assert "trước ngày 15/12/2026" in shown
    assert "30/11/2026" not in shown
    assert sum(one.taken_back for one in story.thread("asker")) == 1
    assert "Chưa hài lòng" in shown


def test_the_department_reads_what_became_of_each_of_its_mails(story: Story) -> None:
    shown = read(story, "department")
    assert "câu trả lời chưa đến người hỏi" in shown
    assert "chưa thấy trả lời" in shown


def test_the_officer_reads_that_it_was_taken_back_and_who_is_not_content(story: Story) -> None:
    shown = read(story, "officer")
    assert "thu hồi câu trả lời" in shown
    assert NOT_CONTENT.partition(": ")[2] in shown
    assert "chuyển ý kiến cho đơn vị" in shown


def test_the_head_reads_the_right_answer_and_approves_it(story: Story) -> None:
    shown = read(story, "head")
    assert "trước ngày 15/12/2026" in shown
    assert "30/11/2026" not in shown
    assert "trả lời: Sở Xây dựng trả lời" not in shown
    row = next(one for one in story.made.house.questions if one["code"] == story.code)
    assert (row["status"], row["content_with_answer"]) == ("approved", "no")


def test_a_bystander_is_left_alone(story: Story) -> None:
    mine = story.made.house.sent_with(recipient="ba@dan.test")
    assert [one["name"] for one in mine] == ["citizen_received"]

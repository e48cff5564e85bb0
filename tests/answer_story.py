"""A day about one answer: wrong, taken back, right, and an asker not content; what each of four people reads."""

from collections.abc import Iterator
from dataclasses import dataclass

from db.core.tables import outbox
from tests.installation import HEAD, OFFICER, answer_to, unit_address
from tests.world import LETTER, World, vouched

ASKER, SXD = "an@dan.test", unit_address("SXD")
WRONG = "Sở Xây dựng trả lời: mặt đường sẽ được sửa xong trước ngày 30/11/2026.\n\nPhó Giám đốc\nNguyễn Văn Hùng"
RIGHT = "Sở Xây dựng trả lời: mặt đường sẽ được sửa xong trước ngày 15/12/2026.\n\nPhó Giám đốc\nNguyễn Văn Hùng"
NOT_CONTENT = "Chưa hài lòng: tôi hỏi cả đoạn trước cổng trường, chưa thấy trả lời."
PEOPLE = {"asker": ASKER, "department": SXD, "officer": OFFICER, "head": HEAD}


@dataclass(frozen=True)
class Letter:
    """One mail of the story as a person sees it; ``wrote`` when it is the person's own."""

    who: str
    wrote: bool
    raw: bytes
    taken_back: bool = False


class Story:
    """Plays the day at a desk whose answers wait half an hour."""

    def __init__(self, made: World) -> None:
        self.made, self.written = made, list[tuple[int, str, bytes]]()

    def play(self) -> None:
        """From the question to the opinion passed on, and the answer put up for the portal."""
        asked = self.made.ask(LETTER, "ba@dan.test")  # a bystander
        assert asked["status"] == "forwarded"
        self.question = self.made.ask(LETTER)
        self.code = str(self.question["code"])
        self._write("department", "unit_forward", WRONG)
        self._later(5)
        self._write("department", "unit_forward", "Thu hồi")
        self._later(20)
        self._write("department", "unit_forward", RIGHT)
        self._later(31)
        self._all_leave()
        self._write("asker", "citizen_answered", NOT_CONTENT)
        self._later(10)
        self._write("officer", "officer_review", f"{self.code} chuyển ý kiến cho đơn vị")
        self._later(60)
        self._write("officer", "officer_done", f"Trình đăng {self.code}")
        self._write("head", "head_approval", "Duyệt")

    def _later(self, minutes: int) -> None:
        self.made.house.clock.forward(minutes=minutes)

    def _all_leave(self) -> None:
        with self.made.house.engine.begin() as connection:
            connection.execute(outbox.update().where(outbox.c.status == "pending").values(status="sent"))

    def _write(self, who: str, name: str, text: str) -> None:
        address = PEOPLE[who]
        rows = [one for one in self.made.house.sent if (one["name"], one["recipient"]) == (name, address)]
        mine = [one for one in rows if one["question_id"] == self.question["id"]] or rows
        raw = answer_to(mine[-1]["bytes"], address, text)
        self.written.append((len(self.made.house.sent), who, raw))
        self.made.arrive(vouched(raw, address.rpartition("@")[2]))

    def thread(self, who: str) -> Iterator[Letter]:
        """What a person wrote and was sent, in order; what was taken back never arrived."""
        sent = self.made.house.sent
        own = [(at, Letter(who, True, raw)) for at, each, raw in self.written if each == who]
        for at, row in enumerate(sent):
            yield from (letter for before, letter in own if before == at)
            if row["recipient"] == PEOPLE[who] and row["question_id"] in {self.question["id"], None}:
                yield Letter(who, False, bytes(row["bytes"]), row["status"] == "recalled")
        yield from (letter for before, letter in own if before == len(sent))

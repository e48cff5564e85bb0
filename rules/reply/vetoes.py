"""Vetoes: what keeps a text from the requester, however much it sounds like an answer.

Each is said in so many words, or shows in the text's form: it must not go out, is a draft, is taken back, waits for a
signature, advises somebody, goes to another body, has a gap or lacks the file that it announces. What merely sounds
like no answer is left to the vote (``rules.reply.vote``).
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.reply.sentences import Sentence, named_parts
from rules.reply.verbs import VerbPhrases
from rules.text import squash, strip_marks

VETOES = {
    "kept": "nói không gửi công dân hoặc chỉ để nội bộ biết",
    "draft": "là dự thảo hoặc nhờ xem trước",
    "recalled": "nói thu hồi, bỏ qua hoặc gửi nhầm",
    "unsigned": "còn chờ ký, chờ duyệt",
    "elsewhere": "báo Ban Biên tập là đã trả lời người hỏi bằng đường khác",
    "advised": "là ý kiến tham mưu",
    "rest": "hứa trả lời tiếp phần còn lại",
}
"""Vetoes by words, with their reasons for the trace."""
KEPT = VETOES["kept"]
RECALLED = VETOES["recalled"]
STOPPING = frozenset({RECALLED, VETOES["unsigned"]})
"""What stops an answer that has been given and waits; the others speak of the mail at hand alone."""
LETTER = "là thư gửi cơ quan khác"
NO_FILE = "nói có tệp kèm theo nhưng không có tệp"
SEVERAL = "trả lời nhiều người hỏi trong một thư, xin gửi riêng từng người"
GAP = "còn chỗ chưa điền"


def vetoes(text: str, sentences: Sequence[Sentence], phrases: VerbPhrases, *, files: int) -> tuple[str, ...]:
    """Reasons why a text may not be sent, () for none."""
    said = [phrases.without("veto.not_these", one) for one in sentences]  # "thu hồi đất" is of the matter
    found = [why for name, why in VETOES.items() if phrases.in_any(f"veto.{name}", said)]
    if not files and phrases.in_any("veto.announced", said):
        found.append(NO_FILE)
    if named_parts(text, phrases.lines)[1]:
        found.append(SEVERAL)
    if phrases.lines.placeholder.search(text.lower()):
        found.append(GAP)
    if phrases.lines.letter.search(_plain_lines(text)):
        found.append(LETTER)
    return tuple(found)


def _plain_lines(text: str) -> str:
    return "\n".join(strip_marks(squash(line)) for line in text.split("\n"))

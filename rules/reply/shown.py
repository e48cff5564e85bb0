"""What of an answer its asker reads: not the head of a document copied into a mail, nor words to the Board, nor what
stands below the end of a letter and is not the office's own signature.

Only what is shown is cut, at the beginning and the end. Whether an answer may leave is judged by the whole, since a
line like these may forbid it. In doubt a line stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.message.quote_detection import Header, headers_of
from rules.message.quote_markers import DATE, MAIL_IN_TEXT, TIME, is_said, key
from rules.reply.answer_lines import LONG, SHORT, WORD, Answer
from rules.text import squash, strip_marks
from rules.values.data_file import Source

NOTES_ABOVE, NOTES_BELOW = 3, 6
"""Within so many filled lines of an answer's beginning and end a clerk writes to the Board."""
LONGEST_NOTE, MOST_BESIDE = 28, 4
"""A sentence to the Board has at most so many words, of which so many are others than those that hand things over."""
LEAST_ANSWER = 6
"""So many words are left of an answer, or nothing is cut above its end."""
HEAD_LINES, BETWEEN = 16, 2
"""A document's head is within so many filled lines; at most so many others stand between two that are known."""
MOST_COPIES = 12
HEADERS, LEAST_ABOVE_QUOTED = 6, 15
"""The head of a quoted mail has at most so many lines, an answer above it at least so many words."""
LONGEST_NAME = 6
"""Words of a person's name with a term of address."""
MOST_LINES = 2000
LONGEST_LINE = 300
"""A longer line is none of a signature."""
SLOGAN_WORDS, SHOUTED_WORDS = 16, 5
"""A motto has at most so many words, and in capitals without other signs more than so many."""
MOST_MOBILES, MOST_NAMES = 2, 4
"""More than so many numbers are a list of whom to call; a line that is a name has at most so many words."""
_QUOTED = re.compile(r"^[\s*_]*(?:“[^“”]+”|\"[^\"]+\"|«[^«»]+»)\W*$")
_PARTED = re.compile(r"\s+[-–—|]+\s+|:\s+")
_SENTENCE = re.compile(r"(?<=[.!])\s+")
_IN_LIST = re.compile(r"^\s*[-+*•]|;\s*$")
_DASHED = re.compile(r"^[-–—_=*]{2,}\s*\w")
_COLUMNS = re.compile(r"(?:\s{3}|\t)\s*(?=\S)")
_AROUND = " \t|,;/–—-"
_ADDRESS = re.compile(r"@|www\.|https?:")


def as_sent(text: str, source: Source) -> str:
    """An answer's text as its asker reads it; one of more than ``MOST_LINES`` lines, as nobody writes, is whole."""
    if text.count("\n") > MOST_LINES:
        return text
    text = _without_whose(text)
    answer = Answer(text, source)
    for find in (_quoted, _head, _copies, _notes):
        for at, row in tuple(find(answer)):
            answer.put(at, row)
    if _left(answer) < LEAST_ANSWER:
        answer = Answer(text, source)
    for at, row in tuple(_below(answer, answer.end())):
        answer.put(at, row)
    return answer.text() or text


def _without_whose(text: str) -> str:
    """The answer without the name that stood behind its number in a common one: "(bà Lê Thị Bình): …"."""
    who, colon, rest = text.partition("):")
    named = who.startswith("(") and len(who.split()) <= LONGEST_NAME and who.split()[-1].istitle()
    return rest.lstrip() if colon and named and rest.strip() else text


def _left(answer: Answer) -> int:
    """How many words stand above the end, beside who is greeted."""
    end = answer.end()
    return sum(answer.told(at) for at in answer.filled() if at < end and not answer.closes(at, LONG))


def _quoted(answer: Answer) -> Iterator[tuple[int, str]]:
    """What is quoted below the end of a letter though no program marked it, unless an answer stands there."""
    headers, above, ended = headers_of(answer.keys, answer.marks), 0, False
    for at in answer.filled():
        if ended and _begins_quotation(answer, headers, at):
            rest = range(at, len(answer.rows))
            replied = any(answer.words.replied.match(answer.keys[place]) for place in rest)
            yield from ((place, "") for place in rest if not replied)
            return
        ended = ended or (above >= LEAST_ABOVE_QUOTED and answer.closes(at, above))
        above += answer.told(at)


def _begins_quotation(answer: Answer, headers: Sequence[Header | None], at: int) -> bool:
    """A head of a mail with names only, without a subject or a time; a question's heading; "BBT, 5/10, đã viết:";
    "--- Thư của BBT ---"."""
    text, head = answer.keys[at], headers[at]
    board = answer.words.board.search(text) is not None
    if answer.words.asked.match(text):
        return True
    if head and head.kind == "from":
        kinds = set[str]()
        for one in headers[at + 1 : at + HEADERS]:
            if one is None:
                break
            kinds.add(one.kind)
        return len(kinds & {"date", "to", "subject"}) > (0 if board else 1)
    who = board or MAIL_IN_TEXT.search(text) is not None
    said = answer.marks.verb.search(text) is not None or TIME.search(text) is not None
    dated = text.endswith(":") and said and DATE.search(text) is not None
    return who and (dated or _DASHED.match(text) is not None)


def _head(answer: Answer) -> Iterator[tuple[int, str]]:
    """The head of a document (Decree 30/2020/NĐ-CP, Annex I), down to "Kính gửi"."""
    top = answer.filled()[:HEAD_LINES]
    first, last, kinds, between = -1, -1, set[str](), 0
    for place, at in enumerate(top):
        if kind := _head_kind(answer, at):
            first, last, between = (place if first < 0 else first), place, 0
            kinds.add(kind)
        elif first >= 0 and not _is_heading(answer, at):
            between += 1
            if between > BETWEEN or answer.is_prose(at) or answer.words.greets.match(answer.keys[at]):
                break
    while first > 0 and _is_heading(answer, top[first - 1]):
        first, kinds = first - 1, kinds | {"unit"}
    if "state" not in kinds and ("number" not in kinds or len(kinds) == 1):
        return
    before = answer.rows[top[first - 1]] if first > 0 else ""
    if not before.rstrip().endswith(":") or _is_note(answer, before, leads=True):  # else it shows a form
        yield from ((at, "") for at in top[first : last + 1])


def _head_kind(answer: Answer, at: int) -> str:
    text = answer.keys[at]
    kinds = (kind for kind, pattern in answer.words.head.items() if pattern.search(text))
    return next(kinds, "") if len(text.split()) <= LONG and text[-1] not in ":;,." else ""


def _is_heading(answer: Answer, at: int) -> bool:
    """True for a line of capitals, or of signs only."""
    row = answer.rows[at]
    short = row.isupper() and len(row.split()) <= SHORT and not answer.words.greets.match(answer.keys[at])
    return short or not WORD.search(row)


def _copies(answer: Answer) -> Iterator[tuple[int, str]]:
    """Who gets copies of a document, below which no more is told; in a second column the signature stays."""
    filled, body = answer.filled(), answer.last_prose()
    above, among = answer.words.copies
    for place, at in enumerate(filled):
        if at < body or not above.match(answer.keys[at]):
            continue
        taken = [at]
        for other in filled[place + 1 : place + MOST_COPIES]:
            if not (_IN_LIST.search(answer.rows[other]) or among.search(answer.keys[other])):
                break
            taken.append(other)
        if body <= taken[-1] and any(among.search(answer.keys[other]) for other in taken):
            beside = ((other, _COLUMNS.search(answer.rows[other].strip()[:LONGEST_LINE])) for other in taken)
            yield from ((other, match.string[match.end() :] if match else "") for other, match in beside)
            return


def _notes(answer: Answer) -> Iterator[tuple[int, str]]:
    """The lines at both ends without the sentences there that only hand the answer to the Board."""
    filled = answer.filled()
    end = answer.end()
    low = dict.fromkeys(filled[-max(NOTES_BELOW, sum(at >= end for at in filled) + 2) :])
    top = filled[:NOTES_ABOVE]
    for at in dict.fromkeys((*top, *low)):
        said = _SENTENCE.split(answer.rows[at].strip())
        first, last = 0, len(said)
        while at in top and first < last and _is_note(answer, said[first], leads=True):
            first += 1
        for place in range(last - 1, first - 1, -1) if at in low else ():
            if _is_note(answer, said[place], leads=False):
                last = place
            elif not answer.words.closing.match(key(said[place])):
                break
        if last - first < len(said):
            yield at, " ".join(said[first:last])


def _is_note(answer: Answer, sentence: str, *, leads: bool) -> bool:
    """``leads``: a colon at the end only leads to the answer."""
    words, text = answer.words, key(sentence)
    head, _, tail = text.partition(":")
    _, comma, rest = sentence.partition(",")
    if words.greets.match(text) and comma:  # "Kính gửi BBT, đường sẽ sửa xong"
        return bool(rest.strip()) and _is_note(answer, rest.strip(), leads=leads)
    if tail and len(head.split()) <= 2 and not words.greets.match(text):  # "T/B: BBT đăng giúp"
        text, tail = tail.strip(), ""
    if tail or "?" in text or len(sentence.split()) > LONGEST_NOTE or not words.never.isdisjoint(text.split()):
        return False
    led, (said, capitals) = leads and text.endswith(":"), _beside(answer, sentence, text)
    if leads and words.speaks.search(text) and words.handed[1].search(text) and (led or said <= MOST_BESIDE):
        return True
    asks = bool(words.posts.search(text)) or all(pattern.search(text) for pattern in words.handed)
    if asks and (led or (said <= MOST_BESIDE and not words.more.search(text))):
        return True
    greets = answer.lines.to_board.match(text) is not None or " " not in text
    return bool(words.board.search(text)) and not said and not capitals and not greets


def _beside(answer: Answer, sentence: str, text: str) -> tuple[int, bool]:
    """How many words a sentence has beside names and those that only hand something over, of which a number counts as
    too many; and whether a name is in capitals, as a body's is."""
    words = answer.words
    capital = {key(one): one for one in WORD.findall(sentence)[1:] if one[0].isupper()}
    said = [one for one in WORD.findall(words.help.sub(" ", text)) if one not in words.fillers]
    numbers = sum(map(str.isdigit, said))
    return (
        sum(one not in capital for one in said) + numbers * MOST_BESIDE,
        any(len(one) > 1 and capital.get(one, "").isupper() for one in said),
    )


def _below(answer: Answer, end: int) -> Iterator[tuple[int, str]]:
    """The lines below the end without what is printed below every mail, mottos, and a clerk's own mobile number."""
    below = [at for at in answer.filled() if at >= end and len(answer.rows[at]) <= LONGEST_LINE]
    mobiles = [at for at in below if answer.words.mobile.search(answer.rows[at])]
    named = (_names_person(answer, answer.rows[at], 1 if at in mobiles else 2) for at in below)
    own = 0 < len(mobiles) <= MOST_MOBILES and any(named)
    dropped, before = -2, ""
    for at in below:
        row = answer.rows[at]
        printed = answer.is_form(at) or (dropped == at - 1 and row.lstrip()[:1].islower())
        if own and at in mobiles and not before.endswith(":"):
            row = _without_mobile(answer, row)
        row = "" if printed else _without_motto(answer, row)
        dropped, before = (at if printed else dropped), answer.keys[at]
        if row != answer.rows[at]:
            yield at, row


def _names_person(answer: Answer, row: str, least: int = 2) -> bool:
    """True for a line that begins with a person's name or is no more than a short one, or in which a whole name
    stands: of no place, and without a title of courtesy ("Ông Nam" is somebody to turn to)."""
    before, run = "", list[str]()
    found = list[tuple[str, list[str]]]()
    for word in (*row.strip(" *_-\t").split()[:LONG], ""):
        if word and word[0].isupper():
            run.append(word.strip("*_,.;:()|/"))
        if run and (not word or not word[0].isupper() or word[-1] in ",.;:)|/"):
            found.append((before, run))
            run = []
        before = word.lower() if not run else before
    return any(_is_person(answer, before, run, row, least) for before, run in found)


def _is_person(answer: Answer, before: str, run: Sequence[str], row: str, least: int) -> bool:
    first, kin = run[0].lower(), answer.words.before_names
    if first in answer.words.selves:
        return len(run) > 1 and not before
    if first in kin or before in kin or before[-1:].isdigit() or answer.words.bodies.match(" ".join(run).lower()):
        return False
    if strip_marks(first) in answer.names.surnames:
        return len(run) >= (least if not before else max(least, 3))
    alone = len(" ".join(run)) == len(answer.words.mobile.sub("", row).strip(_AROUND))
    return alone and least <= len(run) <= MOST_NAMES and not row.isupper()


def _without_mobile(answer: Answer, row: str) -> str:
    """Without its mobile numbers; "" where only labels are left. What is there to be called stays."""
    text, words = key(row), answer.words
    match, left = words.mobile.search(row), words.mobile.sub("", row).strip(_AROUND)
    if (words.calls.search(text) and not words.private.search(text)) or is_said(key(left), answer.marks):
        return row
    if match is None or (not match[1] and row[: match.start()].rstrip().endswith(":")):  # "Trạm Y tế: 0912 …"
        return row
    return left if WORD.search(words.label.sub("", left)) else ""


def _without_motto(answer: Answer, row: str) -> str:
    """Without a motto, alone or behind the name of a body."""
    text = key(row)
    if not row or is_said(text, answer.marks) or len(text.split()) > SLOGAN_WORDS or _ADDRESS.search(text):
        return row
    if any(map(str.isdigit, text)):
        return row
    parted = _PARTED.search(row)
    if parted and _is_motto(answer, row[parted.end() :]) and answer.words.bodies.match(text):
        return row[: parted.start()]
    return "" if _is_motto(answer, row) else row


def _is_motto(answer: Answer, said: str) -> bool:
    """In quotation marks; in capitals; or of several words of mottos. No body, no person and no title."""
    text, words = key(said), answer.words
    if _QUOTED.match(said):
        return True
    if words.no_slogan.search(text) or answer.titles.search(squash(said)):
        return False
    spoken_of, body = len(set(words.slogan.findall(text))), words.bodies.match(text) is not None
    if body or not said.isupper():
        return spoken_of > 1 and said.isupper() is body
    shouted = len(text.split()) > SHOUTED_WORDS or _PARTED.search(said) is not None
    return spoken_of > 0 or (shouted and not _names_person(answer, said, 3))

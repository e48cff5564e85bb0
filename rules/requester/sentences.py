"""What the writer says about himself in sentences: "Tôi là Nguyễn Văn A, trú tại …, số điện thoại …"."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from rules.requester.contact_data import enough, find_phones, run_at, sentence_ends
from rules.requester.names import capitalised, person
from rules.requester.own_data import (
    LIVES,
    MOST_SENTENCES,
    PLACE,
    SELF,
    SIGNS,
    asking_body,
    clause_of,
    elders,
    is_mine,
    organisation_at,
    own_home,
    spoken_for,
)
from rules.requester.unlabelled import Fields, another_at, fields_of, is_beside
from rules.requester.vocabulary import DEFAULT, Words, load_words, plain
from rules.values.data_file import Source

MOST_TOLD = 90
"""What a writer is stands in this many characters before his name."""
REACH = 260
"""Address and phone are looked for within this many characters after the name."""
_OF_ANOTHER = re.compile(r"(?<!\w)(?:cua|bi)(?!\w)")
"""Behind these words whoever is named is somebody else: "học sinh của cô …", "bị …"."""
_NAME_END = re.compile(
    r"[,;:(\n|–—]|\s-\s|\s(?=(?:sinh|sn|hk|hoc (?:lop|truong|sinh)|ban (?:hang|tap hoa|rau|ca|pho|nuoc)|"
    r"con (?:gai|trai|dau|re|ong|ba|cua)|"
    r"vo (?:ong|anh|cua)|chong (?:ba|chi|cua)|tru|o|hien|dang|thuong|la|so|sdt|dt|dia chi|nam nay|que|xin|muon|co|"
    r"cccd|gui|viet|lam|den|cong tac|ngu|song|toi|em|d/c|dc|tai|thuoc|nha|to|thon|xa|phuong|khu|xom|ho khau|"
    r"hktt|a)\b)"
)
_INTRO = re.compile(
    r"(?<!\w)(?=be|c[ho]|e|ho|i\s|m[iy]|ng|ph|t[eou])"  # the beginnings of the alternatives below, for speed
    rf"(?:(?:ho\s+)?ten(?:\s+cua)?\s+{SELF}\s+(?:day\s+du\s+|trong\s+(?:[a-z]+\s+){{1,3}})?(?:la|:)|"
    rf"(?:ho\s+)?ten\s+(?:day\s+du|that|khai\s+sinh)\s+(?:(?:cua\s+)?{SELF}\s+)?(?:la|:)|"
    rf"(?P<self>{SELF})(?:\s+(?:xin\s+)?(?:duoc\s+)?(?:tu\s+)?gioi\s+thieu)?,?\s*"
    rf"(?:(?:co\s+)?(?:ho\s+va\s+)?(?:ho\s+)?ten(?:\s+day\s+du)?(?:\s+la)?|"
    rf"la|laf|(?:ky|ghi)\s+ten\s+duoi\s+day(?:\s+la|\s*(?=:)))|"
    rf"(?P<alone>{SELF})(?:[,:]|\s+[-–—])|(?P<direct>{SELF})(?=\s+[a-z]+\s+[a-z])|"
    r"(?P<english>i\s+am|my\s+(?:full\s+)?name\s+is)|"
    r"(?P<writer>nguoi\s+(?:hoi|gui|viet|phan\s+anh|kien\s+nghi|de\s+nghi)(?:\s+(?:thu|don)(?:\s+nay)?)?(?:\s+la)?|"
    r"ho\s+(?:va\s+)?ten|phu\s+huynh(?:\s+hoc\s+sinh)?(?=:)|cong\s+dan))\s*:?\s+"
)
_IN_STEAD = re.compile(
    rf"(?<!\w){SELF}(?:\s+(?:xin|duoc|viet|gui|hoi|phan\s+anh|kien\s+nghi|lam|thu|don|cau\s+hoi|nay|la\s+nguoi)){{0,6}}"
    rf"\s+(?:thay|ho|giup)(?:\s+(?:mat|cho))?\s+(?P<who>[a-z]+)(?:\s+[a-z]+)?\s+{SELF}\s*,?\s*(?:(?:ho\s+)?ten\s+)?(?:la\b)?\s*:?\s*"
)
"""Who writes for a relative: the relative asks, whose name and home follow."""
_CUE = re.compile(
    r"(?<!\w)(?:tru\s+so(?:\s+chinh)?|dia\s+chi(?:\s+thuong\s+tru)?|tru|thuong\s+tru|tam\s+tru|cu\s+tru|ngu|"
    r"cu\s+ngu|song|sinh\s+song|cu\s+dan|ho\s+dan|thue\s+(?:tro|nha)|tro(?=\s+(?:tai|o)\s)|"
    r"(?:staying|living|live|reside)\s+(?:at|in)|hktt|hk|ho\s+khau(?:\s+thuong\s+tru)?|(?:so\s+)?nha|hien|o|"
    r"d/c|dc|que|nguoi(?=\s+(?:xa|phuong|thon)\s))"
    r"(?:\s+(?:tai|o|la|dang|hien|nay|tro|tru|cu\s+tru|song|sinh\s+song|"
    r"(?:cung|voi|nho)\s+[^,.;:\n\d]{2,25}?\s+(?:tai|o)))*\s*:?\s+"
)
_ASKED = re.compile(
    r"\W*((?:[^\n:()]|\((?:[^()\n]|\([^()\n]{0,12}\)){0,140}\)){4,240}?)\s*+(?:(?:kinh|tran\s+trong|xin)\s+){0,2}"
    r"(?:co\s+(?:cau\s+hoi|y\s+kien)|hoi|phan\s+anh|kien\s+nghi|"
    r"nho\s+(?:[a-z]+\s+){1,3}(?:viet|hoi|gui)\s+(?:ho|giup|thay))"
    r"(?:\s+(?:ve|nhu\s+sau|viec))?\s*:"
)
_TELLS = re.compile(
    rf"(?<!\w){SELF}\s+(?:la|nguoi|dan\s+toc|von|nguyen|nam\s+nay|dang|hien|lam|hoc|o|song|\d{{1,3}}(?=\s+tuoi))\s+"
    rf"(?=(?P<what>[^.;:!?\n]{{2,{MOST_TOLD}}}))"
)
"""Who says first what he is, and then his name."""
_BEHIND_NAME = re.compile(
    r"(?<=\s)(?:toi|em|chau|con|minh)\s+(?:(?:nam\s+)?nay\s+|hien\s+|dang\s+|von\s+)*"
    rf"(?:{LIVES}(?={PLACE}\s|\d)|(?:sinh|la|xin|kinh)\s|\d{{1,3}}\s+tuoi)"
)
"""How a writer goes on behind his name: "Nguyễn Hữu Cường tôi ở số 8 …", "Phạm Thị Xoan em sinh năm …"."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_OWN_WORD = re.compile(rf"(?<!\w)(?:{SELF}|tra\s+loi|lien\s+he|goi|gui)(?!\w)")
"""A sentence with such a word is about the writer or about reaching him."""
_REPORTS = re.compile(
    r"(?<!\w)(?:bảo|nói|hứa|yêu cầu|đòi|thu|bắt|hẹn|đánh|lừa|chửi|lấn|bao|noi|hua|doi|danh|lua)(?!\w)"
)
"""What somebody else does, of whom is told."""
_CLOSES = re.compile(
    rf"(?:.*(?<!\w)(?:gap|nguoi\s+nhan)|\s*ten(?:\s+{SELF})?(?:\s+la)?)\s+"
    r"(?:(?:anh|chi|ong|ba|co|chu|bac)\s+)?(?=[a-z])"
)
"""What leads to the writer's name in the last sentence: "xin gặp …", "người nhận …", "tên …"."""
_GREETS = re.compile(
    r"\W*(?:(?:xin|kinh|gui|loi|chao|chuc|thu|tran\s+trong|cam\s+on|cam\s+on\s+nhieu|kinh\s+trong|than\s+ai|"
    r"(?:me|bo|ba|ong|phu\s+huynh)\s+(?:cua\s+)?(?:chau|be|em)(?:\s+be)?)[\s,]*)+"
)
"""A greeting, or whose mother or father writes, before the name with which a letter ends."""
_PARTICLE = re.compile(r"\s+(?:ạ|nhé|a)$")
_NAMED = re.compile(r"\s*(?:ho\s+)?ten(?:\s+that)?(?:\s+la)?\s+")
_FOR_ME = re.compile(r"(?<!\w)(?:cho|nhu)$")
"""Before oneself, whose name follows: "xin trả lời cho tôi, Lê Văn Ba"."""
_COUPLE = re.compile(r"(?:.*[\W_])?(?:hai\s+)?(?:vo\s+chong|gia\s+dinh)")
"""Words before "tôi là", by which two speak."""
_KIN_OF_SELF = rf"(?:bo|me|ba|ma|cha|vo|chong|con|anh|chi|em|ong)\s+(?:(?:trai|gai|dau|re|noi|ngoai)\s+)?{SELF}"
_OF_KIN = re.compile(rf"(?<!\w){_KIN_OF_SELF}(?!\w)")
_KIN = re.compile(rf"[.;]\s+{_KIN_OF_SELF}\s+(?:la|ten|o)\s")
"""A sentence about a relative, whose home may follow."""
_SPOUSE = re.compile(r"\s+va\s+(?:vo|chong|ong|ba)\s+(?:toi\s+)?(?:la\s+)?")
"""Behind one's name the other of a couple, whose home is the same."""
_LEAD = re.compile(r"\W*+")
MOST_SIGNS = 20
"""At most this many signs and blanks precede the words by which a newspaper names the person who asked."""
_BIRTHPLACE = re.compile(r"(?<!\w)que(?:\s+(?:quan|goc|o|tai|toi|em))*\s*:?\s*$")
"""Before a place of birth, where nobody need live any more."""
_FILLERS = re.compile(r"^(?:\W|\d|sinh|sn|nam|nay|ngay|tuoi|cccd|cmnd|so|la|nguoi|cong\s+dan|dan|can\s+cuoc|nu|\b)*$")


def read_sentences(text: str, source: Source = DEFAULT) -> Fields:
    """The first introduction with a name, and the first home that the writer calls his own."""
    words = load_words(source)
    bare = plain(text)
    found = _asked_by(text, bare, source).over(asking_body(text, bare, source))
    for intro in _INTRO.finditer(bare):
        if (not found.name or found.weak) and not found.organisation and _speaks_of_self(text, bare, intro, words):
            found = found.over(_introduced(text, intro.end(), "ten" in intro.group().split(), source))
    for stead in _IN_STEAD.finditer(bare):
        if not found.name and stead.group("who") in words.sets["sentences", "relatives"]:
            found = found.over(_introduced(text, stead.end(), True, source))
    for at, least in elders(text, words):
        elder = _introduced(text, at, False, source)
        if not (found.name or elder.weak) and bool(elder.address) + bool(elder.phone) >= least:
            found = found.over(elder)
    for hit in islice(_BEHIND_NAME.finditer(bare), MOST_SENTENCES):
        if not found.name and (at := _name_before(text, hit.start(), source)) >= 0:
            found = found.over(_introduced(text, at, True, source))
    for match in islice(_TELLS.finditer(bare), MOST_SENTENCES):
        if not found.name and (at := _name_behind(text, match, source)):
            found = found.over(_introduced(text, at, True, source))
    if not found.name and not found.organisation:
        found = found.over(_closing(text, source))
    if not found.address or _BIRTHPLACE.search(bare[: text.find(found.address)]):
        found = found._replace(address=own_home(text, bare, bool(found.organisation), source) or found.address)
    return found


def _asked_by(text: str, bare: str, source: Source) -> Fields:
    """A newspaper's way, below a greeting too: "Ông Nguyễn Văn A (phường Lê Chân) hỏi: …"."""
    words, at = load_words(source), 0
    while (line := bare.find("\n", at) + 1) and (words.opener.match(bare, at, line) or bare[at:line].isspace()):
        at = line
    lead = _LEAD.match(bare, at)
    head = _ASKED.match(bare, max(at, lead.end() - MOST_SIGNS)) if ":" in bare and lead else None
    found = fields_of(text[head.start(1) : head.end(1)], False, source) if head else None
    return found if found and (found.address or found.organisation or not found.weak) else Fields()


def _speaks_of_self(text: str, bare: str, intro: re.Match[str], words: Words) -> bool:
    """False for "Bố tôi là …", and for words that look like "tôi" only without diacritics."""
    before = bare[max(0, intro.start() - 40) : intro.start()].rstrip(" ")
    named = text[intro.end() : intro.end() + 1].isupper()
    if intro.group("writer"):
        return named and (not before or before[-1] in ".,!?:\n")
    if intro.group("english"):
        return True
    group = next((key for key in ("alone", "direct") if intro.group(key)), "self")
    spoken = text[intro.start(group) : intro.end(group)]
    if group == "direct" and (spoken in {"Minh", "MINH"} or not named or before.endswith(" la")):
        return False
    if spoken and " ".join(spoken.lower().split()) not in words.sets["sentences", "spoken_self"]:
        return False
    if intro.group().startswith("con:"):
        return False  # "Con: Lê Minh Quân" is the writer's child
    for_me = group == "alone" and _FOR_ME.search(before) is not None
    if not before or before[-1] in ".,;:!?\n(-–—…" or _COUPLE.fullmatch(before) or for_me:
        return True
    if words.kin.search(before) and words.calls.fullmatch(clause_of(before)) is None:
        return False  # "Chú cháu tên là …", but not "Chào cô chú cháu tên là …"
    typed = text[intro.start() : intro.start() + 2]
    return (typed.isalpha() and typed.istitle()) or _leads_to_self(clause_of(before), words)


def _name_before(text: str, end: int, source: Source) -> int:
    """Where the whole name begins that ends here, at the head of its sentence or behind a greeting; else -1."""
    start = max(0, end - MOST_TOLD)
    at = max((sign.end() for sign in SIGNS.finditer(text, start, end)), default=start)
    before = text[start:at]
    led = plain(before[max(sentence_ends(before), default=0) :])
    opened = not led.strip() or load_words(source).opener.match(led)
    return at if opened and _is_whole_name(text[at:end].strip(), source) else -1


def _name_behind(text: str, match: re.Match[str], source: Source) -> int:
    """Where the name begins behind the words that say what the writer is: "Tôi là con cả, Lê Văn Ba."; 0 for none.

    Without "tên" it must be all of a clause: of "Tôi là nạn nhân, Lê Văn Ba đã lừa tôi" it is another's.
    """
    words, start = load_words(source), match.start("what")
    for sign in SIGNS.finditer(match["what"]):
        what = text[start : start + sign.start()]
        post = words.others.match(plain(what), len("la ") if plain(what).startswith("la ") else 0)
        rest = plain(what)[post.end() if post else 0 :]
        if words.others.search(rest) or _OF_ANOTHER.search(rest) or another_at(what, words) < len(what):
            return 0
        if _OF_KIN.search(rest, 1):
            return 0  # "Tôi là giáo viên, con trai tôi, tên …", but not "Tôi là mẹ cháu, …"
        at = start + sign.end()
        behind = text[at : at + REACH].lstrip()
        named = _NAMED.match(plain(text[at : at + REACH]))
        if named or person(SIGNS.split(behind)[0], True, source):
            return at + (named.end() if named else text[at : at + REACH].index(behind))
    return 0


def _closing(text: str, source: Source) -> Fields:
    """The name in the last sentence: at its beginning ("Vũ Thị Là, không biết chữ nên nhờ cháu viết."), behind a
    greeting, or behind "tên" and "gặp". Of whom the sentence tells something is somebody else."""
    cuts = [0, *sorted({*sentence_ends(text), *(match.end() for match in re.finditer("\n", text))}), len(text)]
    pieces = ((at, text[at:end]) for at, end in reversed([*pairwise(cuts)]))
    start, last = next((piece for piece in pieces if len(_WORD.findall(piece[1])) > 1), (0, ""))
    if len(last) > REACH or _REPORTS.search(last.lower()) or "?" in last:
        return Fields()
    begin, greeted = 0, True
    for end in (*(sign.start() for sign in SIGNS.finditer(last)), len(last)):
        clause = last[begin:end]
        led = _CLOSES.match(plain(clause))
        name = _PARTICLE.sub("", clause[led.end() if led else 0 :].strip())
        own = greeted or (led and _speaks_of_nobody_else(last[:begin], load_words(source)))
        if own and _is_whole_name(name, source):
            more = _introduced(text, start + last.index(name, begin), True, source)
            office = load_words(source).others.match(plain(last[end:]).lstrip(", "))
            return (
                Fields(name, "", more.address, more.phone) if not office or more.address or more.phone else Fields()
            )
        greeted = greeted and _GREETS.fullmatch(plain(last[: end + 1])) is not None
        begin = end + 1
    return Fields()


def _speaks_of_nobody_else(text: str, words: Words) -> bool:
    """Whether the words speak of the writer and of nobody else."""
    bare = plain(text)
    another = words.others.search(bare) or _OF_ANOTHER.search(bare) or another_at(text, words) < len(text)
    return not another and _OWN_WORD.search(bare) is not None


def _is_whole_name(name: str, source: Source) -> bool:
    """True for a name of three words or more without a title, which would make it another's."""
    title = name.partition(" ")[0].lower()
    return (
        len(name.split()) > 2
        and name[0].isupper()
        and title not in load_words(source).sets["names", "civil_titles"]
        and person(name, True, source) != ""
    )


def _leads_to_self(clause: str, words: Words) -> bool:
    """True for "Dạ", "Kính gửi Ban Biên tập", "Ngày 5/10"; not for "Người đánh", whose "tôi" is another's object."""
    clause = words.before_reason.sub("", words.greeted.sub("", clause))
    if words.others.search(clause):
        return False
    if words.before_self.fullmatch(clause) or words.opener.match(clause):
        return True
    return words.other_first.match(clause) is None


def _introduced(text: str, at: int, named: bool, source: Source) -> Fields:
    """Name, address and phone from an introduction that begins here.

    A name without a family name needs "tên là" before it, or an address or phone after it.
    """
    stretch = text[at : at + REACH]
    stretch = stretch[: next(sentence_ends(stretch), len(stretch))]
    group = organisation_at(stretch, source)
    strong = "" if group else _person_at(stretch, True, source)
    name = strong or ("" if group else _person_at(stretch, False, source))
    if not (group or name):
        return Fields(address=_home_of_unnamed(stretch, source))
    behind = at + _end_of(group or name, stretch)
    ahead = text[behind : behind + REACH]
    group = group or spoken_for(ahead, source)
    words = load_words(source)
    match = words.belongs.match(plain(ahead)) or _SPOUSE.match(plain(ahead))
    own = match.end() if match else 0
    ahead = ahead[: own + another_at(ahead[own:], words)]
    kin = _KIN.search(plain(ahead))
    ahead = ahead[: kin.start()] if kin else ahead
    phone = next((found for found in find_phones(ahead, source) if is_mine(ahead, found)), None)
    found = Fields(name, group, _address_after(ahead, source), phone.typed if phone else "", weak=not strong)
    return found if group or strong or named or found.address or found.phone else Fields()


def _end_of(name: str, stretch: str) -> int:
    """Where a name ends; it may leave out words that stand there ("Nhà giáo hưu trí Trương Công Độ")."""
    match = re.search(r"\W+(?:\w+\W+){0,4}?".join(map(re.escape, name.split())), stretch, re.IGNORECASE)
    return match.end() if match else 0


def _home_of_unnamed(stretch: str, source: Source) -> str:
    """ "Tôi là một phụ huynh, trú tại …": an address after such a word, unless another person is named before it."""
    for cue in _CUE.finditer(plain(stretch)):
        run = run_at(stretch, cue.end(), source)
        if run and enough(run, source):
            return run if stretch[1 : cue.start()].islower() else ""
    return ""


def _person_at(stretch: str, strict: bool, source: Source) -> str:
    ends = (hit for hit in _NAME_END.finditer(plain(stretch)) if _ends_name(stretch, hit, load_words(source)))
    text = stretch[: next((hit.start() for hit in ends), len(stretch))].strip(" .!")
    return person(text, strict, source) or (person(_first_capitals(text), True, source) if strict else "")


def _first_capitals(text: str) -> str:
    """The words with a capital at the beginning, or behind a title: what they name ends there ("Lê Thị Hà vợ …")."""
    title, _, rest = text.partition(" ")
    return capitalised(text) or f"{title} {capitalised(rest)}"


def _ends_name(stretch: str, hit: re.Match[str], words: Words) -> bool:
    """What ends a name: a lower-case word ("Nguyễn Văn Tài ở …"), or among capitals alone one that is in no name."""
    if hit.group().strip() or not stretch[hit.end() : hit.end() + 1].isupper():
        return True
    behind = stretch[hit.end() :].lower().split(None, 2)
    follow = words.sets["sentences", "never_in_names"]
    return stretch.isupper() and (behind[0] in follow or " ".join(behind[:2]) in follow)


def _begins(cue: re.Match[str], ahead: str) -> int:
    """Where the address at a cue begins: "số 6" and "trú số 6" hold its first word, "trụ sở" does not."""
    at = cue.group().find("so ")
    numbered = at in {0, len("tru ")} and ahead[cue.start() + at + 1] != "ở"
    return cue.start() + at if numbered else cue.end()


def _address_after(ahead: str, source: Source) -> str:
    """The first address after a name: after "trú tại" and the like, or as the next part of the sentence."""
    bare = plain(ahead)
    stop = next((end for end in sentence_ends(ahead) if end > 30), len(ahead))
    cues = list(_CUE.finditer(bare, 0, stop))
    starts = [_begins(hit, ahead) for hit in cues if not hit.group().startswith("que")]
    born = [hit.end() for hit in cues if hit.group().startswith("que")]
    words = load_words(source)
    for hit in re.finditer(r"^\s+|[,(;–-]\s*|\stai\s+", bare[:stop]):
        if not all(_FILLERS.match(said) or is_beside(said, words) for said in SIGNS.split(ahead[: hit.start()])):
            break
        starts.append(hit.end())
    runs = (run_at(ahead, start, source) for start in (*sorted(starts), *born))
    return next((run for run in runs if run and enough(run, source)), "")

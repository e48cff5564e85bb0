"""What the writer says about himself in sentences: "Tôi là Nguyễn Văn A, trú tại …, số điện thoại …"."""

from __future__ import annotations

import re

from rules.requester.contact_data import Phone, enough, find_phones, run_at, sentence_ends
from rules.requester.names import organisation, person
from rules.requester.unlabelled import Fields, another_at, fields_of
from rules.requester.vocabulary import DEFAULT, Words, load_words, plain
from rules.values.data_file import Source

REACH = 260
"""Address and phone are looked for within this many characters after the name."""
_SELF = r"(?:chung toi|chung em|toi6?|tooi|tui|em|e|chau|minh|con)"
_NAME_END = re.compile(
    r"[,;:(\n|–—]|\s-\s|\s(?=(?:sinh|tru|o|hien|dang|thuong|la|so|sdt|dt|dia chi|nam nay|que|xin|muon|co|"
    r"cccd|gui|viet|lam|den|cong tac|ngu|song|toi|em|d/c|dc|tai|thuoc|nha|to|thon|xa|phuong|khu|xom|ho khau|"
    r"hktt|a)\b)"
)
_INTRO = re.compile(
    r"(?<!\w)(?=c[ho]|e|ho|i\s|m[iy]|ng|ph|t[eou])"  # the beginnings of the alternatives below, for speed
    rf"(?:(?:ho\s+)?ten(?:\s+cua)?\s+{_SELF}\s+(?:day\s+du\s+)?(?:la|:)|"
    rf"(?P<self>{_SELF})(?:\s+(?:xin\s+)?(?:duoc\s+)?(?:tu\s+)?gioi\s+thieu)?,?\s*"
    rf"(?:(?:co\s+)?(?:ho\s+va\s+)?(?:ho\s+)?ten(?:\s+day\s+du)?(?:\s+la)?|"
    rf"la|laf|ky\s+ten\s+duoi\s+day\s+la)|"
    rf"(?P<alone>{_SELF})[,:]|(?P<direct>{_SELF})(?=\s+[a-z]+\s+[a-z])|"
    r"(?P<english>i\s+am|my\s+(?:full\s+)?name\s+is)|"
    r"(?P<writer>nguoi\s+(?:hoi|gui|viet|phan\s+anh|kien\s+nghi|de\s+nghi)|phu\s+huynh(?:\s+hoc\s+sinh)?(?=:)|cong\s+dan))\s*:?\s+"
)
_HOME = re.compile(
    r"(?P<self>[cemt](?<!\w.)(?:(?<=c)(?:hung toi|hung em|hau|on)|(?<=t)(?:oi6?|ooi|ui)|(?<=e)m?|(?<=m)inh))"
    r"(?:(?=:)|\s+)(?:(?:hien|"
    r"dang|nay|hien\s+tai|thuong|von)\s+)*"
    r"(?:(?:o|owr|tai|tru|thuong\s+tru|tam\s+tru|cu\s+tru|song|sinh\s+song|ngu|cu\s+ngu)(?:\s+(?:tai|o|taji))?\s*:?\s+|"
    r":?\s*(?=(?:so|sn)\s+(?:nha\s+)?\d|\d+[a-z]?/?\d*\s+[a-z]))"
)
_TOGETHER = re.compile(
    r"(?<!\w)(?:chung\s+(?:toi|em)|toi|em)\s+(?:gom|la|co|thay\s+mat|dai\s+dien)\s+(?:[^.,;:\n]{0,40}?\s)?"
    r"(?:ho\s+dan|ba\s+con|nguoi\s+dan|nhan\s+dan|cu\s+dan|cac\s+ho|ho\s+gia\s+dinh|tieu\s+thuong|ngu\s+dan|nong\s+dan)\s+"
    r"(?:[^.,;:\n]{0,30}?\s)?(?:(?:o|tai|thuoc|cua)\s+)?(?=(?:thon|xom|to|khu|ngo|cum|phuong|xa|duong|pho|chung\s+cu)\s)"
)
"""Who writes for many: their place is where an answer reaches them."""
_IN_STEAD = re.compile(
    rf"(?<!\w){_SELF}(?:\s+(?:xin|duoc|viet|gui|hoi|phan\s+anh|kien\s+nghi|lam|thu|don|cau\s+hoi|nay|la\s+nguoi)){{0,6}}"
    rf"\s+(?:thay|ho|giup)(?:\s+(?:mat|cho))?\s+(?P<who>[a-z]+)(?:\s+[a-z]+)?\s+{_SELF}\s*,?\s*(?:(?:ho\s+)?ten\s+)?(?:la\b)?\s*:?\s*"
)
"""Who writes for a relative: the relative asks, whose name and home follow."""
_SEAT = re.compile(
    r"(?<!\w)(?:chung\s+toi|chung\s+em|cong\s+ty\s+(?:toi|em))\b[^.;:\n]{0,80}?"
    r"\btru\s+so(?:\s+chinh)?(?:\s+dat)?\s+(?:tai|o)\s+"
)
_CUE = re.compile(
    r"(?<!\w)(?:tru\s+so(?:\s+chinh)?|dia\s+chi(?:\s+thuong\s+tru)?|tru|thuong\s+tru|tam\s+tru|cu\s+tru|ngu|"
    r"cu\s+ngu|song|sinh\s+song|cu\s+dan|ho\s+dan|thue\s+(?:tro|nha)|(?:staying|living|live|reside)\s+(?:at|in)|hktt|ho\s+khau(?:\s+thuong\s+tru)?|(?:so\s+)?nha|hien|o|d/c|dc|que)"
    r"(?:\s+(?:tai|o|la|dang|hien|nay|tro|tru|cu\s+tru|song|sinh\s+song|so(?=\s+nha)))*\s*:?\s+"
)
_ASKED = re.compile(
    r"\W*((?:[^\n:()]|\((?:[^()\n]|\([^()\n]{0,12}\)){0,140}\)){4,240}?)\s*+(?:(?:kinh|tran\s+trong|xin)\s+){0,2}"
    r"(?:co\s+cau\s+hoi|hoi|phan\s+anh|kien\s+nghi)(?:\s+(?:ve|nhu\s+sau|viec))?\s*:"
)
_LEAD = re.compile(r"\W*+")
MOST_SIGNS = 20
"""At most this many signs and blanks precede the words by which a newspaper names the person who asked."""
_SPEAKS_FOR = re.compile(
    r"[\s,;-]*(?:la\s+)?(?:nguoi\s+)?(?:dai\s+dien(?:\s+(?:theo\s+)?phap\s+luat)?|thay\s+mat|giam\s+doc|pho\s+giam\s+doc|"
    r"chu\s+tich|chu\s+nhiem|truong\s+ban|chu\s+doanh\s+nghiep)(?:\s+(?:cho|cua))?\s+"
)
_FILLERS = re.compile(r"^(?:\W|\d|sinh|nam|nay|ngay|tuoi|cccd|cmnd|so|la|nguoi|cong\s+dan|dan|can\s+cuoc|nu|\b)*$")
_ANOTHER = re.compile(
    r"(?:^|[\s(])(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Oo]ng|[Bb]a|[Cc]hi|[Cc]ông ty|[Cc]ty)\s+[A-ZĐÂÊÔƠƯÁÀẢÃẠ]"
)
_SIGNS = re.compile(r"[.,;:!?\n()–—…]|\s-\s")
_ADDRESS_CUE = re.compile(rf"dia(?<!\wdia)\s+chi\s+(?:cua\s+)?(?:{_SELF}\s+)?(?:la|o|tai)?\s*:?\s*")
_PHONE_CUE = re.compile(
    r"(?:dien\s+thoai|sdt|so\s+dt|\bdt|tel|so\s+may|lien\s+he|lien\s+lac|phone|zalo|di\s+dong|mobile|"
    r"(?:qua|theo|vao|hoac)\s+so|goi\s+(?:cho\s+)?(?:toi|em|lai)|so\s+cua\s+(?:toi|em|minh))(?:[^.\n\d]|\d{1,2}\s*(?:gio|h)\b){0,50}$"
)
_NOT_MINE = re.compile(
    r"(?:cua\s+(?:ong|ba|anh|chi|ho|no|ke|nguoi|cong\s+ty|ben)|doi\s+tuong|so\s+la|ke\s+(?:gian|la|lua|xau)|"
    r"lua\s+dao|duong\s+day\s+nong|hotline|tong\s+dai|truc\s+ban|quang\s+cao|goi\s+den|goi\s+tu|"
    r"nhan\s+tin\s+tu|chu\s+(?:no|tro|nha|tau|quan|xe)|dai\s+ly|ngan\s+hang|"
    r"(?:lien\s+he|goi)\s+(?:(?:cho|voi|toi|den)\s+)?(?:phuong|xa|ubnd|cong\s+an|cong\s+ty|truong|benh\s+vien|dien\s+luc))"
    r"[^.\n]{0,40}$"
)


def read_sentences(text: str, source: Source = DEFAULT) -> Fields:
    """The first introduction with a name, and the first home that the writer calls his own."""
    words = load_words(source)
    bare = plain(text)
    found = _asked_by(text, bare, source)
    for intro in _INTRO.finditer(bare):
        if not found.name and not found.organisation and _speaks_of_self(text, bare, intro, words):
            found = found.over(_introduced(text, intro.end(), "ten" in intro.group().split(), source))
    for stead in _IN_STEAD.finditer(bare):
        if not found.name and stead.group("who") in words.sets["sentences", "relatives"]:
            found = found.over(_introduced(text, stead.end(), True, source))
    if not found.address:
        found = found.over(Fields(address=_home(text, bare, words, source)))
    return found


def _asked_by(text: str, bare: str, source: Source) -> Fields:
    """A newspaper's way: "Ông Nguyễn Văn A (phường Lê Chân) hỏi: …"."""
    lead = _LEAD.match(bare)
    head = _ASKED.match(bare, max(0, lead.end() - MOST_SIGNS)) if ":" in bare and lead else None
    found = fields_of(text[head.start(1) : head.end(1)], False, source) if head else None
    return found if found and (found.address or found.organisation or not found.weak) else Fields()


def _speaks_of_self(text: str, bare: str, intro: re.Match[str], words: Words) -> bool:
    """False for "Bố tôi là …", and for words that look like "tôi" only without diacritics."""
    if intro.group("writer"):
        before = bare[: intro.start()].rstrip(" ")
        return text[intro.end() : intro.end() + 1].isupper() and (not before or before[-1] in ".!?:\n")
    if intro.group("english"):
        return True
    group = next((key for key in ("alone", "direct") if intro.group(key)), "self")
    if group == "alone" and intro.group().rstrip().endswith(":") and intro.group(group) == "con":
        return False  # "Con: Lê Minh Quân" is the writer's child
    given = text[intro.start(group) : intro.end(group)] in {"Minh", "MINH"}
    if group == "direct" and (given or not text[intro.end() : intro.end() + 1].isupper()):
        return False
    if (
        intro.group(group)
        and " ".join(text[intro.start(group) : intro.end(group)].lower().split())
        not in words.sets["sentences", "spoken_self"]
    ):
        return False
    before = bare[max(0, intro.start() - 40) : intro.start()].rstrip(" ")
    if not before or before[-1] in ".,;:!?\n(-–—…":
        return True
    if words.kin.search(before) and words.calls.fullmatch(_clause(before)) is None:
        return False  # "Chú cháu tên là …", but not "Chào cô chú cháu tên là …"
    typed = text[intro.start() : intro.start() + 2]
    return (typed.isalpha() and typed.istitle()) or _leads_to_self(_clause(before), words)


def _clause(before: str) -> str:
    """What stands in the same clause, of plain text that ends here."""
    return _SIGNS.split(before)[-1].strip()


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
    group = _organisation_at(stretch, source)
    strong = "" if group else _person_at(stretch, True, source)
    name = strong or ("" if group else _person_at(stretch, False, source))
    if not (group or name):
        return Fields(address=_home_of_unnamed(stretch, source))
    behind = at + _end_of(group or name, stretch)
    ahead = text[behind : behind + REACH]
    group = group or _spoken_for(ahead, source)
    words = load_words(source)
    known = words.belongs.match(plain(ahead))
    own = known.end() if known else 0
    ahead = ahead[: own + another_at(ahead[own:], words)]
    phone = next((found for found in find_phones(ahead, source) if _mine(ahead, found)), None)
    found = Fields(name, group, _address_after(ahead, source), phone.typed if phone else "", weak=not strong)
    return found if group or strong or named or found.address or found.phone else Fields()


def _end_of(name: str, stretch: str) -> int:
    """Where a name ends; it may leave out words that stand there ("Nhà giáo hưu trí Trương Công Độ")."""
    found = re.search(r"\W+(?:\w+\W+){0,4}?".join(map(re.escape, name.split())), stretch, re.IGNORECASE)
    return found.end() if found else 0


def _home_of_unnamed(stretch: str, source: Source) -> str:
    """ "Tôi là một phụ huynh, trú tại …": an address after such a word, unless another person is named before it."""
    for cue in _CUE.finditer(plain(stretch)):
        run = run_at(stretch, cue.end(), source)
        if run and enough(run, source):
            return run if stretch[1 : cue.start()].islower() else ""
    return ""


def _organisation_at(stretch: str, source: Source) -> str:
    whole = re.match(r"[^,;\n]{3,120}?\([^()\n]{3,60}\)|[^,;\n(]{3,120}", stretch)
    return organisation(whole.group()[0].upper() + whole.group()[1:], source) if whole else ""


def _spoken_for(ahead: str, source: Source) -> str:
    """The organisation that the writer says he represents: "…, đại diện Công ty TNHH Đông Á, …"."""
    lead = _SPEAKS_FOR.match(plain(ahead))
    return _organisation_at(ahead[lead.end() :], source) if lead and lead.end() < len(ahead) else ""


def _person_at(stretch: str, strict: bool, source: Source) -> str:
    ends = (hit for hit in _NAME_END.finditer(plain(stretch)) if _ends_name(stretch, hit))
    end = next(ends, None)
    return person(stretch[: end.start() if end else len(stretch)].strip(" .!"), strict, source)


def _ends_name(stretch: str, hit: re.Match[str]) -> bool:
    """A lower-case word after the name ends it ("Nguyễn Văn Tài ở …"), a capitalised one is part of it."""
    return bool(hit.group().strip()) or not stretch[hit.end() : hit.end() + 1].isupper()


def _mine(ahead: str, phone: Phone) -> bool:
    return not _NOT_MINE.search(plain(ahead[: phone.start][-60:]))


def _address_after(ahead: str, source: Source) -> str:
    """The first address after a name: after "trú tại" and the like, or as the next part of the sentence."""
    bare = plain(ahead)
    stop = next((end for end in sentence_ends(ahead) if end > 30), len(ahead))
    cues = list(_CUE.finditer(bare, 0, stop))
    starts = [
        hit.start() if hit.group().startswith("so") else hit.end()
        for hit in cues
        if not hit.group().startswith("que")
    ]
    born = [hit.end() for hit in cues if hit.group().startswith("que")]
    starts += [hit.end() for hit in re.finditer(r"[,(;–-]\s*", bare[:stop]) if _FILLERS.match(bare[: hit.end()])]
    runs = (run_at(ahead, start, source) for start in (*sorted(starts), *born))
    return next((run for run in runs if run and enough(run, source)), "")


def _home(text: str, bare: str, words: Words, source: Source) -> str:
    """The writer's home, wherever the text states it."""
    for hit in _HOME.finditer(bare):
        spoken = " ".join(text[hit.start("self") : hit.end("self")].lower().split())
        own = spoken in words.sets["sentences", "spoken_self"]
        own = own and not words.others.search(_clause(bare[max(0, hit.start() - 60) : hit.start()]))
        run = run_at(text, hit.end(), source) if own else ""
        if run and enough(run, source):
            return run
    cues = (pattern.search(bare) for pattern in (_ADDRESS_CUE, _TOGETHER, _SEAT))
    runs = (run_at(text, cue.end(), source) for cue in cues if cue)
    return next((run for run in runs if enough(run, source)), "")


def loose_phone(text: str, source: Source = DEFAULT) -> str:
    """A phone number within the story that the writer calls his own; "" for none."""
    for phone in find_phones(text, source):
        stretch = text[max(0, phone.start - REACH) : phone.start]
        sentence = stretch[max(sentence_ends(stretch), default=0) :]
        before = plain(sentence[-60:])
        if _PHONE_CUE.search(before) and not _names_another(sentence, before, source):
            return phone.typed
    return ""


def _names_another(sentence: str, before: str, source: Source) -> bool:
    """True for a sentence whose telephone number is somebody else's."""
    if _NOT_MINE.search(before) or _ANOTHER.search(sentence):
        return True
    return another_at(sentence, load_words(source)) < len(sentence)


_WHERE = r"(?=(?:so|sn|nha|duong|pho|ngo|phuong|xa|thon|xom|to|khu|can|chung\s+cu)\s|\d)"
_LIVES = r"(?:o|tru|song|thuong\s+tru|cu\s+tru|tam\s+tru|dia\s+chi(?:\s+la)?)(?:\s+(?:o|tai))?\s+"
_NOW = r"(?=[,\s]\s*(?:nay|hien|bay\s+gio|gio|toi|em|ma|nhung)\s)"
_DENIED_PLACE = re.compile(
    r"(?<!\w)(?:khong|ko|chua)\s+phai\s+(?:(?:la|o|tai)\s+)?[^;!?\n]{1,90}?\sma\s+(?:la|o|tai|phai\s+la)\s+|"
    rf"(?<!\w)(?:(?:khong|ko|chua)\s+(?:con\s+)?(?:co\s+(?:nha\s+)?)?|truoc(?:\s+(?:day|kia))?\s+(?:{_SELF}\s+)?){_LIVES}"
    rf"{_WHERE}[^.;!?\n]{{1,100}}?(?:{_NOW}|(?=[.;!?\n]|$))"
)
"""A home that the writer denies or has left, up to the one that he names in its place."""
_DENIED_BEFORE = re.compile(
    r"(?P<not>dung)\s+(?:co\s+)?(?:goi|lien\s+he|lien\s+lac|nhan\s+tin)\s+(?:(?:cho|vao|den|toi|em|so|may|theo)\s+){0,4}$|"
    r"(?P<old>(?:so|sdt|dt)(?:\s+(?:dien\s+thoai|dt|may))?\s+cu)\s+(?:cua\s+\w+\s+)?(?:la\s*)?:?\s*$"
)
_CALLED = re.compile(r"(?<!\w)(?:so|sdt|dt|dien\s+thoai|goi|may)(?:\s[^,.;:!?\n\d]{0,30})?$")
_DENIED_BEHIND = re.compile(
    r"[\s,]*(?:(?:thi|nay|do)\s+){0,2}(?:khong|ko|k|chua)\s+(?:phai\s+(?:la\s+)?(?:so\s+)?(?:cua\s+)?(?:toi|em|chau|minh)|"
    r"(?:goi|lien\s+lac|lien\s+he)\s+duoc|(?:duoc|dung)(?:\s+(?:dau|nua))?(?:\s+a)?(?=\s*(?:[.,;!\n]|$))|con\s)"
)


def without_denied(text: str) -> str:
    """The text without homes and telephone numbers that the writer says are not his, or no more."""
    for phone in reversed(find_phones(text)):
        if _is_denied(text, phone):
            called = _CALLED.search(plain(text[max(0, phone.start - 40) : phone.start]))
            behind = _DENIED_BEHIND.match(plain(text[phone.end : phone.end + 40]))
            start = phone.start - (len(called.group()) if called else 0)
            text = f"{text[:start]}…{text[phone.end + (behind.end() if behind else 0) :]}"
    for hit in reversed(list(_DENIED_PLACE.finditer(plain(text)))):
        text = text[: hit.start()] + text[hit.end() :]
    return text


def _is_denied(text: str, phone: Phone) -> bool:
    """True for "đừng gọi số …", "số cũ …" and "… không phải của tôi"; Dung is also a name."""
    at = max(0, phone.start - 40)
    before = _DENIED_BEFORE.search(plain(text[at : phone.start]))
    typed = text[at + before.start("not") : at + before.end("not")] if before and before["not"] else ""
    denied = before is not None and (before["old"] is not None or typed == "dung" or typed.lower() == "đừng")
    return denied or _DENIED_BEHIND.match(plain(text[phone.end : phone.end + 40])) is not None

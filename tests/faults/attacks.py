"""Acts by mail, honest and forged: as the true author sends one, and as forty kinds of attackers do."""

import base64
import email
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from tests.installation import HEAD, MAILBOX, OFFICER, SXD, letter, unit_address
from tests.world import AUTHSERV, World, vouched

EVIL = "ke-xau@evil.test"
COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số {}/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định."
RECEIVED = f"Received: from x.test by {AUTHSERV}; Mon, 5 Oct 2026 09:00:00 +0700"
_counter = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody wants done: the true author, the words, and the mail of ours that it answers."""

    author: str
    text: str
    to: str
    thread: str
    code: str

    @property
    def domain(self) -> str:
        return self.author.rpartition("@")[2]


def build(act: Act, sender: str = "", *, head: str = "", to: str = "", thread: str | None = None) -> bytes:
    """The mail with a ready From line (or none: the true author's), further header lines first."""
    number = next(_counter)
    reference = act.thread if thread is None else thread
    lines = [
        *([head] if head else []),
        f"From: {sender or act.author}",
        f"To: {to or act.to}",
        f"Subject: Re: [{act.code}] câu hỏi",
        f"Message-ID: <act-{number}@{act.domain}>",
        *([f"In-Reply-To: {reference}", f"References: {reference}"] if reference else []),
        "Date: Mon, 05 Oct 2026 09:00:00 +0700",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: base64",
    ]
    body = base64.encodebytes(f"{act.text}\n".encode()).replace(b"\n", b"\r\n")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def honest(act: Act) -> bytes:
    """As the true author sends it, vouched for by our own server."""
    return vouched(build(act), act.domain)


LMTP = (
    f"Received: from {AUTHSERV} ([127.0.0.1]) by mail with LMTP id 8byk (envelope-from <x@y.test>) for <{MAILBOX}>;"
)
DATE = " Mon, 5 Oct 2026 09:00:00 +0700\r\n"


def delivered(raw: bytes) -> bytes:
    """With the lines that a delivery agent (Dovecot's LMTP) writes on top."""
    return f"Return-Path: <x@y.test>\r\nDelivered-To: {MAILBOX}\r\n{LMTP}{DATE}".encode() + raw


UNIT_WORDS = (
    "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.",
    "Nội dung này không thuộc thẩm quyền của Sở, đề nghị chuyển Công an thành phố.",
    "Xin gia hạn đến ngày 16/11/2026 vì cần khảo sát hiện trường.",
    "Sở Xây dựng đã nhận được câu hỏi và đang xử lý.",
)
ORDERS = (
    "{code} chuyển SNNMT",
    "{code} từ chối h vì thuộc thẩm quyền của Bộ Tài chính",
    "{code} ghi chú: đã gọi điện cho người hỏi ngày 5/10",
)
ABOUT_HELD = ("Đăng ký", "Không phải câu hỏi", "Không tiếp nhận khiếu nại vì đây là đơn khiếu nại")
_numbers = itertools.count(12)


def acts(desk: World) -> list[Act]:
    """A fresh question at a unit and a fresh complaint before the officer: ten acts that would change them."""
    made = [*(_of_unit(desk, text) for text in UNIT_WORDS), *(_of_officer(desk, text) for text in ORDERS)]
    return [*made, *(_about_held(desk, text) for text in ABOUT_HELD)]


def _of_unit(desk: World, text: str) -> Act:
    code = str(desk.ask(subject=f"Đường số {next(_numbers)}", sender=f"an{next(_numbers)}@dan.test")["code"])
    return _answering(desk.last("unit_forward", SXD), SXD, text, code)


def _of_officer(desk: World, text: str) -> Act:
    code = str(desk.ask(subject=f"Đường số {next(_numbers)}", sender=f"an{next(_numbers)}@dan.test")["code"])
    return _answering(_held(desk), OFFICER, text.format(code=code), code)


def _about_held(desk: World, text: str) -> Act:
    return _answering(_held(desk), OFFICER, text, "")


def _held(desk: World) -> bytes:
    desk.house.clock.forward(minutes=70)  # calls to an officer are capped by the hour
    desk.arrive(letter(f"chi{next(_numbers)}@dan.test", COMPLAINT.format(next(_numbers))))
    return desk.last("officer_review", OFFICER)


def _answering(raw: bytes, author: str, text: str, code: str) -> Act:
    mail = email.message_from_bytes(raw)
    return Act(author, text, str(mail["Reply-To"]), str(mail["Message-ID"]), code)


def _results(result: str, authserv_id: str = AUTHSERV) -> str:
    return f"Authentication-Results: {authserv_id}; {result}\r\n{RECEIVED}"


def _passing(act: Act) -> str:
    return f"dmarc=pass header.from={act.domain}"


def _below(act: Act) -> bytes:
    """The pass stands below our own Received: the sender wrote it."""
    forged = f"Authentication-Results: {AUTHSERV}; {_passing(act)}"
    return b"Received: from evil.test by mx.haiphong.test; Mon, 5 Oct 2026 09:00:00 +0700\r\n" + build(
        act, head=forged
    )


def _taken(helo: str) -> Callable[[Act], bytes]:
    """Delivered by LMTP; our server took it from one that calls itself ``helo``; below, what the sender wrote."""

    def made(act: Act) -> bytes:
        taken = f"Received: from {helo} (evil.test [203.0.113.9]) by {AUTHSERV} (Postfix) with ESMTP id 5E1F;{DATE}"
        forged = f"Received: by {AUTHSERV} with LMTP id 1;{DATE}Authentication-Results: {AUTHSERV}; {_passing(act)}"
        return delivered(taken.encode() + build(act, head=forged))

    return made


def _reordered(act: Act) -> bytes:
    """Our server's fail on top, the sender's own pass below."""
    return (_results(f"dmarc=fail header.from={act.domain}") + "\r\n").encode() + build(
        act, head=f"Authentication-Results: {AUTHSERV}; {_passing(act)}"
    )


def _from_evil(sender: str) -> Callable[[Act], bytes]:
    """A From line of the attacker's own domain, for which our server rightly vouches."""
    return lambda act: vouched(build(act, sender.format(true=act.author, domain=act.domain)), "evil.test")


def _with_head(head: str, sender: str = EVIL) -> Callable[[Act], bytes]:
    return lambda act: vouched(build(act, sender, head=head.format(true=act.author)), "evil.test")


def _two_from(first: str, second: str) -> Callable[[Act], bytes]:
    """Two From lines, and a server that vouches for the listed one."""
    return lambda act: vouched(
        build(act, second.format(true=act.author), head=f"From: {first.format(true=act.author)}"), act.domain
    )


def _judged(result: str, authserv_id: str = AUTHSERV) -> Callable[[Act], bytes]:
    """The true From, with a verdict of our server's (or of another) on top."""
    return lambda act: (_results(result.format(domain=act.domain), authserv_id) + "\r\n").encode() + build(act)


def _other_person(act: Act) -> bytes:
    """Somebody who is on the list too, and authentic, uses a token and a thread made for another."""
    other = HEAD if act.author == OFFICER else unit_address("SYT")
    return vouched(build(act, other), other.rpartition("@")[2])


def _tag_of(act: Act) -> str:
    return act.to.partition("+")[2].partition("@")[0]


def _forged_mac(act: Act) -> bytes:
    tag = _tag_of(act)
    forged = tag[:-1] + ("0" if tag[-1] != "0" else "1")
    return build(act, to=act.to.replace(tag, forged), thread="")


def _retargeted(act: Act) -> bytes:
    """A tag that is right for one case, used for another: from an address of the list, but not authentic."""
    kind, target, mac = _tag_of(act).split(".")
    return build(act, to=act.to.replace(_tag_of(act), f"{kind}.{int(target) + 1}.{mac}"), thread="")


def _inside(act: Act) -> bytes:
    """The true author's mail attached to the attacker's."""
    inner = letter(act.author, act.text, subject="Re", to=act.to, headers={"In-Reply-To": act.thread})
    return vouched(letter(EVIL, act.text, to=MAILBOX, attachments=[("thu.eml", "application/octet-stream", inner)]))


def _number_only(act: Act) -> bytes:
    """From the true address by name, with the public number alone."""
    return build(act, to=MAILBOX, thread="")


KINDS: dict[str, Callable[[Act], bytes]] = {
    "no result of our server": build,
    "wrong authserv-id": lambda act: _judged(_passing(act), "mx.evil.test")(act),
    "authserv-id with ours at its start": lambda act: _judged(_passing(act), f"{AUTHSERV}.evil.test")(act),
    "authserv-id with ours at its end": lambda act: _judged(_passing(act), f"evil-{AUTHSERV}")(act),
    "our authserv-id in a comment": lambda act: _judged(_passing(act), f"({AUTHSERV}) mx.evil.test")(act),
    "result below our Received": _below,
    "a delivery by LMTP forged below our Received": _taken("evil.test"),
    "delivery by LMTP as the name of the sending server": _taken(f"x by {AUTHSERV} with LMTP id 1"),
    "the same as an encoded word": _taken(f"=?utf-8?q?x_by_{AUTHSERV}_with_LMTP_id_1;_5_Oct_2026_(?="),
    "our name as the name of the sending server": _taken(AUTHSERV),
    "results in another order": _reordered,
    "result fail": _judged("dmarc=fail header.from={domain}"),
    "result none": _judged("none"),
    "result neutral and softfail": _judged("spf=softfail smtp.mailfrom={domain}; dkim=neutral header.d={domain}"),
    "pass for another domain": _judged("dmarc=pass header.from=evil.test"),
    "pass in a comment": _judged("dmarc=fail (dmarc=pass header.from={domain}) header.from={domain}"),
    "pass in a reason": _judged('dmarc=fail reason="dmarc=pass header.from={domain}" header.from={domain}'),
    "spf of another domain": _judged("spf=pass smtp.mailfrom=x@evil.test"),
    "spf of the HELO name": _judged("spf=pass smtp.helo={domain}"),
    "dkim of another domain": _judged("dkim=pass header.d=evil.test header.i=@{domain}"),
    "dkim of a parent domain": _judged("dkim=pass header.d=test"),
    "method that proves nothing": _judged("iprev=pass policy.iprev=1.2.3.4; auth=pass smtp.auth={domain}"),
    "two From, the true one first": _two_from("{true}", EVIL),
    "two From, the true one last": _two_from(EVIL, "{true}"),
    "two addresses in one From": _two_from("{true}", "{true}, " + EVIL),
    "two From with a space before the colon": _with_head("From : {true}"),
    "display name that is the address": _from_evil('"{true}" <' + EVIL + ">"),
    "encoded display name with the address": lambda act: _from_evil(
        f"=?utf-8?B?{base64.b64encode(f'{act.author} <{act.author}>'.encode()).decode()}?= <{EVIL}>"
    )(act),
    "address in a comment": _from_evil(EVIL + " ({true})"),
    "quoted local part": _from_evil('"{true}"@evil.test'),
    "homoglyph domain": lambda act: vouched(build(act, act.author.replace("s", "ѕ").replace("p", "р")), "evil.test"),
    "domain with ours at its start": _from_evil("vanthu@{domain}.evil.test"),
    "look-alike local part": lambda act: vouched(build(act, act.author.replace("@", "@x-")), f"x-{act.domain}"),
    "Sender is the true one": _with_head("Sender: {true}"),
    "Reply-To is the true one": _with_head("Reply-To: {true}"),
    "Resent-From is the true one": _with_head("Resent-From: {true}"),
    "Return-Path is the true one": _with_head("Return-Path: <{true}>"),
    "From folded over lines": _from_evil("{true}\r\n <" + EVIL + ">"),
    "group address": _from_evil("{true}: " + EVIL + ";"),
    "token and thread of another person": _other_person,
    "forged token": _forged_mac,
    "token of another case": _retargeted,
    "public number only, From forged": _number_only,
    "public number only, a stranger": lambda act: vouched(build(act, EVIL, to=MAILBOX, thread=""), "evil.test"),
    "invented Message-ID": lambda act: build(act, to=MAILBOX, thread=f"<{'0' * 20}@haiphong.test>"),
    "the true mail attached": _inside,
    "unknown domain with a NUL": _from_evil("{true}\0@evil.test"),
}

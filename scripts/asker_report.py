"""Compose mails in many layouts from labelled questions and say how often name, address and phone are read right.

Usage: ``python scripts/asker_report.py [-v] [--held-out | --odd] [FILE.tsv ...]``. Without files: our own training
part, or with ``--held-out`` the part for testing only, and ``../shared/domain/labelled_questions.tsv``
where it is present.
``--odd`` measures whole letters with odd signatures instead (``tests/data/asker_signatures.tsv``).
Exits 1 when a field, or a set of layouts, is right in less than 95 %; of the odd ones, in less than 85 %.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rules.message.reply_text import fold  # noqa: E402
from rules.requester.requester import read_requester  # noqa: E402
from rules.text import clean, repair, strip_marks  # noqa: E402
from rules.values.model import Mailbox, ParsedMail, Requester  # noqa: E402

GOAL = 0.95
ODD_GOAL = 0.85
ODD = ROOT / "tests" / "data" / "asker_signatures.tsv"
OWN = ROOT / "scripts" / "training" / "labelled"
SHARED = ROOT.parent / "shared" / "domain" / "labelled_questions.tsv"
NO_MAIL_OF_A_PERSON = ("spam", "auto_reply", "not_a_question")


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled mail, repaired as the text layer repairs it."""

    id: str
    text: str
    name: str
    address: str
    phone: str


# A layout is the text of a mail; {name}, {address}, {phone} and {text} stand for the data. A line or a piece between
# ⟦ and ⟧ is left out when its datum is missing. "From:" is the From display name.
LAYOUTS = {
    "signature lines": "{text}\n\n⟦{name}⟧\n⟦{address}⟧\n⟦{phone}⟧",
    "signature, labels": "{text}\n\nTrân trọng,\n⟦{name}⟧\n⟦Địa chỉ: {address}⟧\n⟦ĐT: {phone}⟧",
    "labels first": "⟦Họ và tên: {name}⟧\n⟦Địa chỉ: {address}⟧\n⟦Điện thoại: {phone}⟧\n\n{text}",
    "labels last, plain": "{text}\n⟦Ho ten: {name}⟧\n⟦Dia chi: {address}⟧\n⟦SDT: {phone}⟧",
    "first sentence": "Kính gửi Ban Biên tập,\n⟦Tôi là {name}⟧"
    "⟦, trú tại {address}⟧⟦, số điện thoại {phone}⟧.\n{text}",
    "name sentence": "⟦Tôi tên là {name}⟧⟦, hiện ở {address}⟧⟦, ĐT {phone}⟧. {text}",
    "one line": "{text}\n⟦{name}⟧ ⟦- {address}⟧ ⟦- {phone}⟧",
    "one line, labels": "{text}\n\n⟦Người gửi: {name}⟧⟦; Địa chỉ: {address}⟧⟦; SĐT: {phone}⟧",
    "web form": "⟦Người gửi: {name}⟧\nEmail: ban.doc@thu.test\n"
    "⟦Số điện thoại: {phone}⟧\n⟦Địa chỉ liên hệ: {address}⟧\nNội dung câu hỏi: {text}",
    "dashed signature": "{text}\n\n--\n⟦{name}⟧\n⟦{phone}⟧\n⟦{address}⟧",
    "From only": "From: {name}\n{text}\n\n⟦Địa chỉ: {address}⟧\n⟦ĐT: {phone}⟧",
}
HELD_OUT_LAYOUTS = {
    "name then phone": "{text}\n\nXin trân trọng cảm ơn!\n⟦{name}⟧\n⟦SĐT {phone}⟧\n⟦Đ/c: {address}⟧",
    "numbered": "ĐƠN ĐỀ NGHỊ\n⟦1. Họ và tên: {name}⟧\n"
    "⟦2. Địa chỉ thường trú: {address}⟧\n⟦3. Số điện thoại liên hệ: {phone}⟧\n4. Nội dung: {text}",
    "em": "Dạ ⟦em tên là {name}⟧⟦, em ở {address}⟧ ạ. {text}\n⟦Liên hệ em qua số {phone}⟧",
    "table": "⟦Họ tên\t{name}⟧\n⟦Địa chỉ\t{address}⟧\n⟦Điện thoại\t{phone}⟧\n\n{text}",
    "parentheses": "{text}\n⟦{name}⟧ ⟦({address}⟧⟦; ĐT: {phone}⟧)",
    "last sentence": "{text} Xin cảm ơn. ⟦{name}⟧⟦, {address}⟧⟦, {phone}⟧.",
    "commas": "{text}\n\nKính thư\n⟦{name}⟧⟦, địa chỉ {address}⟧⟦, điện thoại {phone}⟧",
    "newspaper": "⟦{name}⟧ ⟦({address})⟧ hỏi: {text}\n⟦Tel. {phone}⟧",
    "English labels": "{text}\n\n⟦Name: {name}⟧\n⟦Phone: {phone}⟧\n⟦Address: {address}⟧",
    "bullets": "Thông tin người gửi:\n⟦- Họ tên: {name}⟧\n⟦- Nơi ở: {address}⟧\n⟦- Di động: {phone}⟧\n{text}",
    "iPhone": "⟦{name}⟧\n⟦{address}⟧\n{text}\n⟦{phone}⟧\n\nĐã gửi từ iPhone của tôi",
    "two labels": "{text}\nTrân trọng\n⟦{name}⟧\n⟦Thường trú: {address}⟧ ⟦- Mobile: {phone}⟧",
    "third party": "Người bị phản ánh: ông Trần Văn Xê\nĐịa chỉ: số 1 đường Xê, phường Hải An\n"
    "ĐT: 0900 000 999\n\n⟦Người phản ánh: {name}⟧\n⟦Địa chỉ: {address}⟧\n⟦ĐT: {phone}⟧\n\n{text}",
}


def fill(layout: str, row: Row) -> tuple[str, str]:
    """The From display name and the text of one mail."""
    values = {"name": row.name, "address": row.address, "phone": row.phone}

    def piece(match: re.Match[str]) -> str:
        key = re.search(r"\{(name|address|phone)\}", match.group(1))
        return match.group(1) if key and values[key.group(1)] else ""

    text = re.sub(r"⟦([^⟧]*)⟧", piece, layout)
    shown, text = ("", text) if not text.startswith("From: ") else tuple(text[6:].split("\n", 1))
    for key, value in {**values, "text": row.text}.items():
        shown, text = shown.replace(f"{{{key}}}", value), text.replace(f"{{{key}}}", value)
    return shown, text


def rows(paths: list[Path]) -> Iterator[Row]:
    """People's labelled mails, in the form in which the text layer passes them on."""
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["expected_class"] in NO_MAIL_OF_A_PERSON:
                    continue
                names = ("id", "text", "sender_name", "address", "phone")
                text = repair("\n".join(clean(row[name]).replace("\n", " ") for name in names)).split("\n")
                yield Row(*text)


def expected(row: Row) -> tuple[str, str, str]:
    """What clause 21.1 counts as given: no hidden or empty name, no address at which nobody can be found."""
    nameless = r"ẩn danh|giấu tên|giau ten|không ghi tên|^(?:người dân|nguoi dan|phu huynh|công dân|nhân dân)$"
    name = "" if re.search(nameless, row.name, re.IGNORECASE) else row.name
    findable = re.search(r"phường|xã|đặc khu|phuong|xa |dac khu|\bp\. ", row.address, re.IGNORECASE)
    return name, row.address if findable else "", row.phone


def same(key: str, got: str, wanted: str) -> bool:
    """True when both are equal apart from blanks, end signs, and a courtesy title before a full name."""
    if key == "phone":
        return re.sub(r"\D", "", got) == re.sub(r"\D", "", wanted)
    if key == "name" and wanted and not any(word[0].isupper() for word in wanted.split()[1:] if word[0].isalpha()):
        return True  # a description ("Lái xe", "Một phụ huynh") may count as a name or not
    courtesy = re.compile(r"^(?:Ông|Bà|Cụ|Anh|Chị|Ong|Ba|Cu) (?=\S+ \S+ \S)")
    return courtesy.sub("", got).strip(" .") == courtesy.sub("", " ".join(wanted.split())).strip(" .")


def judge(layout: str, row: Row) -> dict[str, tuple[bool, str, str]]:
    """For each field of one composed mail: right or wrong, the value read, the value wanted."""
    shown, text = fill(layout, row)
    mail = ParsedMail(row.id, len(text), "", text, (Mailbox(shown, "nguyenvana@thu.test"),))
    asker: Requester = read_requester(mail, text)
    wanted = dict(zip(("name", "address", "phone"), expected(row), strict=True))
    return {key: (same(key, getattr(asker, key), value), getattr(asker, key), value) for key, value in wanted.items()}


def report(title: str, layouts: dict[str, str], sample: list[Row], verbose: bool) -> bool:
    """Print a table for one set of layouts; True when every field reaches the goal."""
    totals: Counter[str] = Counter()
    for label, layout in layouts.items():
        right: Counter[str] = Counter()
        for row in sample:
            for key, (good, got, wanted) in judge(layout, row).items():
                right[key] += good
                if verbose and not good:
                    print(f"  {label}: {row.id} {key}: read {got!r}, wanted {wanted!r}")
        totals += right
        print(
            f"{label:20}"
            + "".join(f"{key} {right[key] / len(sample):7.1%}   " for key in ("name", "address", "phone"))
        )
    count = len(sample) * len(layouts)
    shares = {key: totals[key] / count for key in ("name", "address", "phone")}
    print(f"{title} ({count} mails): " + ", ".join(f"{key} {share:.1%}" for key, share in shares.items()) + "\n")
    return all(share >= GOAL for share in shares.values())


def odd_letters() -> Iterator[tuple[str, dict[str, tuple[bool, str, str]]]]:
    """Each letter's id, and for each field right or wrong, read and wanted; the kind of asker counts as a field."""
    lines = [line for line in ODD.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        text = repair(clean(row["text"].replace("\\n", "\n")))
        folded = fold(text)
        own = "\n".join(part for part in (folded.own, folded.signature) if part)
        asker = read_requester(ParsedMail(row["id"], 0, "", text, (Mailbox(row["from"], "x@thu.test"),)), own)
        read = {key: str(getattr(asker, key)) for key in ("name", "address", "phone", "kind")}
        yield row["id"], {key: (_alike(key, read[key], row[key]), read[key], row[key]) for key in read}


def _alike(key: str, got: str, wanted: str) -> bool:
    """True when both are equal apart from case, end signs and titles."""
    if key == "phone":
        return same(key, got, wanted)
    titles = re.compile(r"\b(?:ông|bà|cụ|anh|chị|mr|ms|ths|ks)\.? (?=\S)")
    plain = [titles.sub("", " ".join(text.split()).strip(" .,;").casefold()) for text in (got, wanted)]
    return plain[0] == plain[1]


def report_odd(verbose: bool) -> bool:
    """Print how often each field is right; True when every one reaches the goal."""
    right: Counter[str] = Counter()
    judged = list(odd_letters())
    for letter, fields in judged:
        for key, (good, got, wanted) in fields.items():
            right[key] += good
            if verbose and not good:
                print(f"  {letter} {key}: read {got!r}, wanted {wanted!r}")
    print(f"odd signatures ({len(judged)} letters): " + ", ".join(f"{key} {right[key]}" for key in judged[0][1]))
    return all(count >= ODD_GOAL * len(judged) for count in right.values())


def main() -> int:
    """Report on both sets of layouts over the chosen rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--odd", action="store_true")
    parser.add_argument("files", nargs="*", type=Path)
    args = parser.parse_args()
    if args.odd:
        return 0 if report_odd(args.verbose) else 1
    own = OWN / ("held_out.tsv" if args.held_out else "train.tsv")
    paths = args.files or [path for path in (SHARED, own) if path.exists()]
    sample = list(rows(paths))
    marks_off = [
        Row(r.id, *(strip_marks(getattr(r, k)) for k in ("text", "name", "address", "phone"))) for r in sample[::3]
    ]
    good = [
        report("layouts", LAYOUTS, sample, args.verbose),
        report("held-out layouts", HELD_OUT_LAYOUTS, sample, args.verbose),
        report("without marks", LAYOUTS | HELD_OUT_LAYOUTS, marks_off, False),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

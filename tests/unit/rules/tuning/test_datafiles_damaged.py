"""Data files of an operator, damaged in many ways: a clear line says which file, where and what is wanted."""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest

from rules.message.quote_markers import load_automatic_words, load_markers
from rules.reply.details import load_titles
from rules.requester.redaction import load_blanking
from rules.requester.vocabulary import load_words
from rules.text.statistical_vote import load_vote
from rules.tuning.check_files import file_faults
from rules.values.data_file import SHIPPED, DataFileError, Source, load_units
from tests.dose import each_third

pytestmark = pytest.mark.wide

WORDS = sorted(
    file.relative_to(SHIPPED).as_posix()
    for file in SHIPPED.rglob("*.toml")
    if file.parent.name not in {"labelled", "profiles"}
)
TABLES = ("calendar.tsv", "units.tsv", "wards.tsv")
OF_PYTHON = re.compile(
    r"object|attribute|iterable|argument|Error|NoneType|codec|Errno|index|literal|unhashable|dict\b"
)
"""Words that say something of the program and nothing of the file."""
WRONG: tuple[Any, ...] = (5, "x", [], [""], {"zz": 1})

STRIDE = 1 if os.environ.get("DOITHOAI_DAMAGES") == "all" else 8
"""Every eighth damage in the tests of each change, all at night."""
EDITIONS = count()
"""What was read of a file is kept by its source; each damage is a source of its own."""


def shipped(name: str) -> str:
    return (SHIPPED / name).read_text("utf-8")


def told(folder: Path, name: str, text: str | bytes) -> tuple[str, ...]:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file_faults(Source(folder, edition=next(EDITIONS)))


def is_clear(fault: str, name: str) -> bool:
    return name in fault and "\n" not in fault and not OF_PYTHON.search(fault)


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else repr(value)


def file_of(data: Mapping[str, Any]) -> str:
    return "".join(f"{json.dumps(key)} = {toml(value)}\n" for key, value in data.items())


def damaged(value: Any, deep: int = 0) -> Iterator[Any]:
    """The value with one thing in it wrong: a key missing, strange or of another kind; the first keys and items."""
    if isinstance(value, dict):
        yield {**value, "zzz": 1}
        for key in list(value)[:2]:
            yield {name: one for name, one in value.items() if name != key}
            yield from ({**value, key: one} for one in damaged(value[key], deep + 1))
    elif isinstance(value, list) and value:
        yield from ([one, *value[1:]] for one in damaged(value[0], deep + 1))
    yield from WRONG if deep else ()


@each_third("name", WORDS)
def test_whatever_is_wrong_with_words_is_said_without_words_of_python(name: str, tmp_path: Path) -> None:
    refused = 0
    for data in islice(damaged(tomllib.loads(shipped(name))), 0, None, STRIDE):
        faults = told(tmp_path, name, file_of(data))
        refused += bool(faults)
        assert all(is_clear(fault, name) for fault in faults), (faults, file_of(data)[:300])
    assert refused > 5 // STRIDE


@pytest.mark.parametrize("name", [*WORDS, *TABLES])
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"\n", b"\n\xe9\xff", r"line 2: not UTF-8 text"),
        (b"\n", b"\n\0", r"line 2: a zero byte"),
    ],
)
def test_another_encoding_is_told_with_its_line(name: str, old: bytes, new: bytes, said: str, tmp_path: Path) -> None:
    (fault,) = told(tmp_path, name, shipped(name).encode().replace(old, new, 1))
    assert fault.startswith(f"{name}: ")
    assert re.search(said, fault)


@each_third("name", [*WORDS, *TABLES])
def test_a_mark_of_the_byte_order_and_line_ends_of_windows_are_no_fault(name: str, tmp_path: Path) -> None:
    assert told(tmp_path, name, b"\xef\xbb\xbf" + shipped(name).replace("\n", "\r\n").encode()) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("commands.toml", 'phrases = ["chuyển', 'phrases = 5 # ["chuyển', "command: item 3: phrases must be a list"),
        ("commands.toml", 'takes = "unit"', 'takes = "units"', "takes must be one of ''"),
        ("commands.toml", '"chuyển', '"hỏi lại", "chuyển', "command: “hoi lai” stands for 'forward' and for 'ask'"),
        ("commands.toml", '"chuyển', '"…", "chuyển', "commands.toml: command: a phrase of 'forward' holds no word"),
        ("session_form.toml", 'place = ["', 'place = ["Chủ đề", "', "labels: “Chủ đề” stands for topic"),
        ("asker_phones.toml", "3 = 9", "3 = 90", "asker_phones.toml: lengths.3 must be from 1 to 15, is 90"),
        ("asker_phones.toml", 'place = "Hải Phòng"', 'plase = "x"', "area_2017: item 1: plase: nothing reads"),
        ("asker_phones.toml", '120 = "70"', '120 = "7x"', "asker_phones.toml: mobile_2018: '7x' must be digits"),
        ("session_form.toml", "[labels]", '[lables]\n[labels]\n"x" = []', "labels.x: nothing reads this key"),
        ("session_form.toml", "[labels]", "[labels.x]\n[labels]", "labels.x: nothing reads this key"),
        ("classify/spam.toml", "threshold = 3.0", "treshold = 3.0", "treshold: nothing reads this key; did you mean"),
        ("classify/spam.toml", 'signal = "link"', 'signals = "link"', "sign: item 4: signals: nothing reads"),
        ("classify/spam.toml", 'signal = "link"', 'signal = "lynk"', "có liên kết: unknown signal 'lynk'"),
        ("classify/spam.toml", 'kind = "spam"', 'kind = "complaint"', "kind must be one of 'spam', is the text"),
        ("classify/spam.toml", "doubt = 2.3", "doubt = 3.3", "classify/spam.toml: doubt must be at most threshold"),
        ("classify/denunciation.toml", '"actors", "acts"]', '"actor", "acts"]', "near must name two of the file's"),
        ("classify/vote.toml", "signs = 0.8", "signs = 50", "spam.signs must be from 0 to 10, is 50"),
        ("classify/vote.toml", "signs = 0.8", "signs = 0.8\nquestion = 0.5", "spam.question: nothing reads this key"),
        ("classify/plain.toml", "[neutral]", "[natural]", "natural: nothing reads this key; did you mean neutral?"),
        ("routing/scoring.toml", "forward = 0.55", "forward = 90", "threshold.forward must be from 0 to 1, is 90"),
        ("routing/scoring.toml", "named = 0.3", "named = nan", "weight.named must be finite, is nan"),
        ("routing/places.toml", '"UBQ_HongBang"', '"UBQ_HongBag"', "districts: quận hồng bàng: unknown unit"),
        ("routing/sct.toml", 'unit = "SCT"', "", "(Chợ, siêu thị, thương mại): unit is missing, here or at the top"),
        ("routing/sct.toml", 'unit = "SCT"', 'unit = "SCT"\nuint = 1', "uint: nothing reads this key"),
        ("retention.toml", 'mails = ["spam"]', 'mails = ["spma"]', "[spam]: mails: there is no kind of mail 'spma'"),
        ("retention.toml", '["rejected"]', '["rejectd"]', "questions: there is no state 'rejectd'; they may be"),
        ("retention.toml", "days = 30", "days = 1000000000", "retention.toml: spam.days must be from 1 to 36525"),
        ("attachments.toml", '"exe"', '".exe"', "'.exe' is no ending: small letters without a dot"),
        ("automatic.toml", "[text]", '[text]\nbounces = ["x"]', "text.bounces: nothing reads this key; did you mean"),
        ("automatic.toml", "\nbounce = [", '\nbounce = ["", ', "bounce: item 1 must not be empty"),
        ("verbs.toml", 'term = "[thêm]', 'term = "[thêm', "brackets do not match"),
        ("verbs.toml", "pointers = [", 'pointers = ["…",', "not_competent.pointers: “…” holds no word"),
        ("verbs.toml", "pointers = [", 'pointers = ["gửi {nobody}",', "“gửi {nobody}”: nothing has the name"),
        ("units.tsv", "VPUB\t", "VPUB\tx\ty\tz\tq\t", "units.tsv: line 2 has 13 cells, the header line 9"),
        ("units.tsv", "successor", "succesor", "; successor is missing"),
        ("units.tsv", "basis\n", "basis\tnote\n", "; nothing reads 'note'"),
        ("units.tsv", "2016-07-23", "23/7/2016", "row VPUB: valid_from must be a date (2025-07-01) or a year"),
        ("units.tsv", "2025-02-28", "2015-02-28", "units.tsv: row SKHDT: valid_to lies before valid_from"),
        ("wards.tsv", "Phường Thuỷ Nguyên", "Thuỷ Nguyên", "row 11560: name must begin with Phường, Xã, Đặc khu, is"),
        ("wards.tsv", "11557", "11560", "wards.tsv: code 11560 stands twice"),
        ("wards_before.tsv", "now\n", "nay\n", "; now is missing"),
        ("wards_before.tsv", "Phường Thuỷ Nguyên", "Phường Thuỷ", "now: 'Phường Thuỷ' is in no line of wards.tsv"),
        ("wards_before.tsv", "Xã Bạch Đằng", "Làng Bạch Đằng", "'Làng Bạch Đằng' must begin with phường, xã"),
        ("calendar.tsv", "weekday\t", "day\t", "; weekday is missing"),
    ],
)
def test_the_line_says_file_place_and_wish(name: str, old: str, new: str, fault: str, tmp_path: Path) -> None:
    text = shipped(name)
    assert old in text
    faults = told(tmp_path, name, text.replace(old, new, 1))
    assert any(fault in one for one in faults), faults
    assert all(is_clear(one, name) for one in faults), faults


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_rows_or_head_is_told(name: str, tmp_path: Path) -> None:
    for text in ("", "\n\n", "# a note\n", shipped(name).partition("\n")[2].replace("#", "").strip()):
        (fault,) = told(tmp_path, name, text)
        assert fault.startswith(f"{name}: the header line must name the columns ")


@pytest.mark.parametrize("name", WORDS)
def test_an_empty_file_is_no_file_of_words(name: str, tmp_path: Path) -> None:
    faults = told(tmp_path, name, "# nothing yet\n")
    assert faults
    assert all(fault == f"{name}: is empty" or fault.endswith(" is missing") for fault in faults), faults


def test_a_unit_may_have_no_field_of_work(tmp_path: Path) -> None:
    assert told(tmp_path, "routing/capnuoc.toml", 'unit = "CAPNUOC"\n') == ()


@pytest.mark.parametrize("name", ["units.tsv", "wards.tsv"])
def test_a_list_of_units_with_nobody_in_it_is_told(name: str, tmp_path: Path) -> None:
    head = shipped(name).partition("\n")[0]
    assert told(tmp_path, name, f"{head}\n") == (f"{name}: no row follows the header line",)


def test_a_table_of_units_without_a_column_is_told_to_who_reads_it_without_a_check(tmp_path: Path) -> None:
    """The configuration is checked against the units before anything else looks at the files."""
    (tmp_path / "units.tsv").write_text("code\tname\nA\tB\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"units\.tsv: the header line must name .*; kind is missing"):
        load_units(Source(tmp_path))


def test_a_fault_is_told_of_the_file_that_has_it(tmp_path: Path) -> None:
    """Who reads the kinds reads the routing first."""
    (tmp_path / "classify").mkdir()
    (tmp_path / "classify" / "spam.toml").write_text(shipped("classify/spam.toml"), encoding="utf-8")
    faults = told(tmp_path, "routing/scoring.toml", shipped("routing/scoring.toml").replace("[weight]", "[wait]"))
    assert {fault.partition(":")[0] for fault in faults} == {"routing/scoring.toml"}


MODEL = (
    "# made\nclasses\tquestion\tspam\nbias\t0.5\t-0.5\nsharpness\t3.0\nfeature\trarity\tweights\n"
    "b10h\t2.1\tquestion=-1.20 spam=1.30\n"
)


def test_a_small_model_is_one(tmp_path: Path) -> None:
    assert told(tmp_path, "model/kinds.tsv", MODEL) == ()


def test_each_shipped_model_is_allowed_as_an_own_file(tmp_path: Path) -> None:
    """An operator who trains a vote anew puts a file like the shipped one into the own folder."""
    models = sorted(one.name for one in Source().path("model").iterdir())
    assert {"citizens.tsv", "kinds.tsv", "leaders.tsv", "units.tsv"} <= set(models)
    for file in models:
        vote = load_vote(file.removesuffix(".tsv"), Source())
        assert vote is not None, file
        head = "\t".join(vote.classes), "\t".join("0.1" for _ in vote.classes)
        text = f"# made\nclasses\t{head[0]}\nbias\t{head[1]}\nsharpness\t3.0\nfeature\trarity\tweights\n"
        assert told(tmp_path, f"model/{file}", f"{text}ba\t2.1\t{vote.classes[0]}=1.0\n") == (), file


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("# made\n", "", "line 1"),
        (MODEL, "", "the line classes is missing"),
        ("classes\t", "clases\t", "line 2 must begin with classes or bias or sharpness or feature, each once"),
        ("bias\t0.5\t-0.5\n", "", "line 5 must begin with"),
        ("bias\t0.5\t", "bias\t", "bias: must be 2 numbers, one for each class"),
        ("0.5\t", "nan\t", "bias: must be 2 numbers, one for each class"),
        ("question\tspam", "spam\tspam", "classes: each must be named once"),
        ("\tquestion\t", "\tquestoin\t", "classes: there is no 'questoin'"),
        ("3.0", "0", "sharpness: must be one number above 0"),
        ("b10h\t2.1\tquestion=-1.20 spam=1.30\n", "", "no feature follows the head"),
        ("2.1", "rare", "line 6: no feature with its weights"),
        ("spam=1.30", "spm=1.30", "line 6: no feature with its weights"),
        ("1.30\n", "1.30\nextra line\n", "line 7: no feature with its weights: 'extra line'"),
        ("1.30\n", "1.30\nb10h\t2.0\tspam=1.0\n", "line 7: 'b10h' stands twice"),
        ("spam\n", "spam\nextra\t1\n", "line 3 must begin with"),
    ],
)
def test_a_model_file_is_told_by_its_line(old: str, new: str, fault: str, tmp_path: Path) -> None:
    (said,) = told(tmp_path, "model/kinds.tsv", MODEL.replace(old, new, 1))
    assert said.startswith("model/kinds.tsv: ")
    assert said.endswith("; make the file anew with scripts/train_vote.py")
    if fault != "line 1":
        assert fault in said


def test_a_model_of_units_names_units(tmp_path: Path) -> None:
    text = MODEL.replace("question\tspam", "@ward\tSXDD")
    assert told(tmp_path, "model/units.tsv", text) == (
        "model/units.tsv: classes: there is no 'SXDD'; make the file anew with scripts/train_vote.py",
    )


def test_a_list_without_words_is_found_in_no_text(tmp_path: Path) -> None:
    """Its pattern was empty, which stands in every text: each mail was a returned one."""
    for name in ("automatic.toml", "blanking.toml", "asker.toml", "reply_markers.toml", "verbs.toml"):
        data = tomllib.loads(shipped(name))
        for table in data.values():
            table.update({key: [] for key, value in table.items() if isinstance(value, list)})
        assert told(tmp_path, name, file_of(data)) == (), name
    source = Source(tmp_path)
    words = load_automatic_words(source)
    assert not words.bounce_text.search("đường trước nhà tôi nhiều ổ gà")
    assert not words.automatic_text.search("đường trước nhà tôi nhiều ổ gà")
    assert not load_blanking(source).house.search("số nhà 12 đường Lê Lợi")
    assert not load_blanking(source).paper.search("quyết định 123456789")
    assert not load_markers(source).original.search("--- đường")
    assert not load_markers(source).phone.search("")
    assert not load_words(source).anonymous.search("đường")
    assert not load_titles(source)[1].search("giám đốc")

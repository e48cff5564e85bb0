"""The city's own texts without a fork: listed, copied, in force, and held to the same self-tests."""

import json
from pathlib import Path

import pytest

from daemon.demo.servers import EmbeddedServers
from rules.routing.routing_rules import load_routing
from rules.values.data_file import SHIPPED, Source
from tests.contract.test_first_day import BOX, Place
from tests.dose import each_third
from tests.installation import text_of
from tests.world import world

NEW_UNIT = "SCDS\tSở Chuyển đổi số\tdepartment\t2026-01-01\t\t\tchuyển đổi số\tchuyển đổi số\tthử nghiệm\n"
NEW_RULES = 'unit = "SCDS"\n\n[[field]]\nname = "kho dữ liệu số"\ndecisive = ["kho dữ liệu số của thành phố"]\n'


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Place:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    made = Place(tmp_path, 1, 1, capsys)
    made.make()
    made.add('[rules]\nfolder = "rules"')
    return made


def said(place: Place, *words: str) -> tuple[int, str]:
    code, told, complained = place.says(*words)
    return code, told + complained


def test_listed_shown_copied_and_edited(place: Place) -> None:
    code, told = said(place, "texts", "list", "--json")
    found = {one["name"]: one for one in map(json.loads, told.splitlines())}
    assert code == 0
    wanted = ("citizen_received.txt.j2", "layout.html.j2", "portal/page.html.j2", "routing/sxd.toml", "units.tsv",
              "profiles/hp-1374-2016.toml", "commands.toml")  # fmt: skip
    assert [name for name in wanted if name not in found] == []
    assert not any(one["own"] for one in found.values())
    assert found["citizen_received.txt.j2"]["begins"].startswith("[{{ question.code }}]")
    code, told = said(place, "texts", "copy", "citizen_received.txt.j2")
    copy = place.folder / "rules" / "citizen_received.txt.j2"
    assert (code, f"wrote {copy}" in told) == (0, True)
    assert said(place, "texts", "copy", "citizen_received.txt.j2") == (
        1, f"doithoai: {copy} is there already; nothing was written\n"
    )  # fmt: skip
    copy.write_text(copy.read_text("utf-8").replace("Kính gửi", "Kính thưa"), encoding="utf-8")
    assert "Kính thưa" in said(place, "texts", "show", "citizen_received.txt.j2")[1]
    assert said(place, "check", "--offline")[0] == 0
    code, told = said(place, "texts", "list", "--own")
    assert [line.split()[:2] for line in told.splitlines()[1:]] == [["own", "citizen_received.txt.j2"]]


def test_a_name_that_is_none(place: Place) -> None:
    code, told = said(place, "texts", "copy", "citizen_recieved.txt.j2")
    assert code == 1
    assert 'did you mean "citizen_received.txt.j2"' in told
    assert said(place, "texts", "copy", "../../etc/passwd")[0] == 1


def test_without_a_folder_of_ones_own(place: Place) -> None:
    place.replace('[rules]\nfolder = "rules"', "")
    assert said(place, "texts", "list")[0] == 0
    code, told = said(place, "texts", "copy", "units.tsv")
    assert (code, told) == (
        1, 'doithoai: rules.folder: not set; write folder = "/etc/doithoai/rules" under [rules]\n'
    )  # fmt: skip


@each_third(
    ("name", "old", "new", "what", "words"),
    [
        ("citizen_received.txt.j2", "{{ house.short }}", "{{ hous.short }}", "templates", "citizen_received"),
        (
            "citizen_received.txt.j2",
            "Kính gửi",
            '{% include "nix.j2" %}',
            "templates",
            "citizen_received: nix.j2: missing;",
        ),
        (
            "portal/page.html.j2",
            "{% block main %}",
            '{% block main %}{% include "nix.j2" %}',
            "portal",
            "nix.j2: missing",
        ),
        ("citizen_answered.txt.j2", "Subject: ", "Bcc: x\nSubject: ", "templates", "citizen_answered"),
        ("layout.html.j2", "{{ body }}", "<script>x</script>{{ body }}", "templates", "live HTML: <script>"),
        ("portal/page.html.j2", "{% block main %}", "{% block main %}{{ no_such }}", "portal", "portal/page.html.j2"),
        ("portal/list.html.j2", "{{ line.title }}", "{{ line.title | safe }}", "portal", "portal/list.html.j2"),
        ("portal/layout.html.j2", "{% block", "{% blok", "portal", "portal/layout.html.j2"),
        ("profiles/hp-1374-2016.toml", "[[rule]]", "[[rool]]", "rules", "profiles/hp-1374-2016.toml"),
        ("routing/sxd.toml", 'unit = "SXD"', 'unit = "SXDD"', "rules", "routing/sxd.toml"),
        ("units.tsv", "successor", "sucessor", "rules", "units.tsv"),
        ("commands.toml", "phrases = ", "phrazes = ", "rules", "commands.toml"),
    ],
)
def test_the_broken_is_named_in_one_line(name: str, old: str, new: str, what: str, words: str, place: Place) -> None:
    assert said(place, "texts", "copy", name)[0] == 0
    copy = place.folder / "rules" / name
    text = copy.read_text("utf-8")
    assert old in text
    copy.write_text(text.replace(old, new), encoding="utf-8")
    code, told = said(place, "check", "--offline")
    wrong = [line for line in told.splitlines() if line.startswith("bad")]
    assert code == 1
    assert wrong[0].startswith(f"bad  {what}: "), wrong
    assert words in wrong[0]
    assert "Traceback" not in told


def test_a_new_units_routing_file_is_read(place: Place) -> None:
    units = (SHIPPED / "units.tsv").read_text("utf-8") + NEW_UNIT
    place.own("units.tsv", units)
    place.own("routing/scds.toml", NEW_RULES)
    table = load_routing(Source(place.folder / "rules"))
    assert "kho dữ liệu số" in [field.name for field in table.fields if field.unit == "SCDS"]
    code, told = said(place, "check", "--offline")
    assert code == 0
    assert "scds.toml" not in told


def test_a_routing_file_of_an_unknown_unit(place: Place) -> None:
    place.own("routing/scds.toml", NEW_RULES.replace("SCDS", "KHONG"))
    code, told = said(place, "check", "--offline")
    assert code == 1
    assert "routing/scds.toml: field 1 (kho dữ liệu số): unknown unit 'KHONG'" in told


def test_a_question_goes_to_the_new_unit_with_the_own_words(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    (rules / "routing").mkdir(parents=True)
    (rules / "units.tsv").write_text((SHIPPED / "units.tsv").read_text("utf-8") + NEW_UNIT, encoding="utf-8")
    (rules / "routing" / "scds.toml").write_text(NEW_RULES, encoding="utf-8")
    extra = f'[rules]\nfolder = "{rules}"\n[units.SCDS]\naddress = "vanthu@scds.test"\n'
    with world(tmp_path / "house", extra=extra) as made:
        made.ask("Xin hỏi khi nào người dân được dùng kho dữ liệu số của thành phố?")
        told = [text_of(one["bytes"]) for one in made.house.sent if one["name"] in ("officer_review", "unit_forward")]
        assert any("Sở Chuyển đổi số" in text for text in told), told


def test_the_first_start_refuses_a_broken_page(place: Place) -> None:
    with EmbeddedServers({BOX: "secret"}) as servers:
        place.replace("port = 1\n", f"port = {servers.imap_port}\n")
        place.replace("port = 1\n", f"port = {servers.smtp_port}\n")
        place.own("portal/page.html.j2", "{{ page.no_such }}")
        code, told = said(place, "run", "--once")
    assert code == 2
    assert "portal: portal/page.html.j2: " in told

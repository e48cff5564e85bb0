"""Nobody is fooled: forged acts change nothing, and the same acts from their true authors are carried out."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from db.core.tables import journal
from tests.dose import each_third
from tests.faults.attacks import KINDS, Act, acts, build, delivered, honest
from tests.installation import OFFICER
from tests.support.acts import untouched
from tests.world import World, vouched, world


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[Act]]]:
    with world(tmp_path_factory.mktemp("hostile") / "house") as made:
        yield made, acts(made)


def test_there_are_thirty_kinds_of_ten_mails(attacked: tuple[World, list[Act]]) -> None:
    assert len(KINDS) >= 30
    assert len(attacked[1]) == 10


@each_third("kind", KINDS)
def test_forged_act_changes_nothing(kind: str, attacked: tuple[World, list[Act]]) -> None:
    """A stranger's words may at most be registered as a question of the stranger's own."""
    house, targets = attacked
    for act in targets:
        before = house.state()
        row = house.arrive(KINDS[kind](act))
        new = {"raw_mail"} if row["fate"] != "register" else {"raw_mail", "question", "assignment"}
        assert untouched(before, house.state(), *new), (act.text, row["reason"])
        assert row["status"] in {"held", "done"}
        assert act.author not in actors(house, row["id"]), "the journal names nobody who did nothing"


def actors(house: World, mail: int) -> set[str]:
    with house.house.engine.begin() as connection:
        return set(connection.execute(select(journal.c.actor).where(journal.c.raw_mail_id == mail)).scalars())


def test_their_honest_twins_are_carried_out(house: World) -> None:
    """So that "refuse all" fails: each act by its true author, in a house of its own."""
    for act in acts(house):
        before = house.state()
        row = house.arrive(honest(act))
        assert row["status"] == "done", (act.text, row["reason"])
        assert not untouched(before, house.state(), "raw_mail"), act.text


def test_acts_of_true_authors_that_a_delivery_agent_stamped_are_carried_out(house: World) -> None:
    """Dovecot's LMTP writes its own Received above the result of the mail server."""
    for act in acts(house):
        before = house.state()
        row = house.arrive(delivered(honest(act)))
        assert row["status"] == "done", (act.text, row["reason"])
        assert not untouched(before, house.state(), "raw_mail"), act.text


def test_token_spent_cannot_be_replayed(house: World) -> None:
    """The officer's own mail, authentic, sent again with a header more: it is not the same mail any longer."""
    for act in [one for one in acts(house) if one.author == OFFICER and not one.code]:
        raw = build(act)
        house.arrive(vouched(raw, act.domain))
        before = house.state()
        for number in range(10):
            row = house.arrive(vouched(b"X-Again: %d\r\n" % number + raw, act.domain))
            assert row["status"] == "done"
            assert untouched(before, house.state(), "raw_mail"), act.text


@pytest.mark.world(authserv_id="")
def test_without_our_servers_word_an_officer_still_needs_the_secret(house: World) -> None:
    """No ``authserv_id``: a number or a forged tag commands nothing; the words are a stranger's question at most."""
    for act in [one for one in acts(house) if one.author == OFFICER]:
        for kind in ("public number only, From forged", "forged token", "token and thread of another person"):
            before = house.state()
            row = house.arrive(KINDS[kind](act))
            new = {"raw_mail"} if row["fate"] != "register" else {"raw_mail", "question", "assignment"}
            assert untouched(before, house.state(), *new), (kind, act.text, row["reason"])

"""The server fixtures themselves do what the other system tests rely on."""

from typing import Any

import pytest
import sqlalchemy

from daemon.demo.servers import EmbeddedServers
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.system


def test_mail_travels_through_postfix_into_dovecot(mail_city: Any) -> None:
    city = mail_city({"hopthu@haiphong.test": "mật khẩu"}, ["dan.test"])
    city.deliver(b"Subject: one\r\n\r\nxin chao\r\n", "lan@dan.test", "hopthu+r.123.abc@haiphong.test")
    city.deliver(b"Subject: two\r\n\r\nxin chao\r\n", "hopthu@haiphong.test", "bat.ky.ai@dan.test")
    city.settle()
    (arrived,) = city.mailbox_of("hopthu@haiphong.test")
    assert b"Subject: one" in arrived
    assert b"Delivered-To: hopthu+r.123.abc@haiphong.test" in arrived
    (answer,) = city.mailbox_of("bat.ky.ai@dan.test")
    assert b"Subject: two" in answer


def test_an_unreachable_recipient_bounces_into_the_mailbox(mail_city: Any) -> None:
    with EmbeddedServers({}, sink=False) as elsewhere:
        next_hop = f"smtp:[127.0.0.1]:{elsewhere.smtp_port}"
        city = mail_city({"hopthu@haiphong.test": "x"}, transports={"hong.test": next_hop})
        city.deliver(b"Subject: one\r\n\r\n", "hopthu@haiphong.test", "ai@hong.test")
        city.settle()
    (bounce,) = city.mailbox_of("hopthu@haiphong.test")
    assert b"multipart/report" in bounce
    assert b"Status: 5.1.1" in bounce


def test_postgres_gives_empty_databases(postgres_server: Postgres) -> None:
    engine = sqlalchemy.create_engine(postgres_server.new_url())
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        assert connection.execute(sqlalchemy.text("select 'Hải Phòng'")).scalar() == "Hải Phòng"
    engine.dispose()

"""The nginx sample of docs/operations.md in a real nginx, before the real pages."""

import base64
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.reports.read_only import open_reader
from tests.servers.process import free_ports, is_root, start_process, stop_process, wait_for_port
from tests.town_hall import town_hall
from tests.web_server import WebServer, web_server

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
HANDBOOK = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
PASSWORDS = "canbo:{PLAIN}Hoa-phuong\n"
OFFICER = "Basic " + base64.b64encode(b"canbo:Hoa-phuong").decode()
AROUND = """
daemon off; pid {folder}/pid; error_log stderr;{user}
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{ listen 127.0.0.1:{port}; server_name noibo.test;
{sample}
    }}
}}
"""

pytestmark = [pytest.mark.system, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]


def sample(pages: int, passwords: Path) -> str:
    """The handbook's own lines, with the ports and the file of this test."""
    found = re.search(r"```nginx\n(.*?)```", HANDBOOK.read_text("utf-8"), re.DOTALL)
    assert found
    text = found[1].replace("127.0.0.1:8374", f"127.0.0.1:{pages}")
    return text.replace("/etc/nginx/doithoai.htpasswd", str(passwords))


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    folder = tmp_path_factory.mktemp("proxy")
    (folder / "passwords").write_text(PASSWORDS, encoding="utf-8")
    (port,) = free_ports(1)
    with town_hall(folder / "hall") as house:
        reader = open_reader(house.config.database.full_url().get_secret_value())
        with web_server(
            house.config, reader, house.installation.board, house.clock, "/doithoai", ("noibo.test",)
        ) as pages:
            text = AROUND.format(
                folder=folder, port=port, user=" user root;" if is_root() else "",
                sample=sample(pages.port, folder / "passwords"),
            )  # fmt: skip
            (folder / "nginx.conf").write_text(text, encoding="utf-8")
            command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]
            subprocess.run([*command, "-t"], check=True, capture_output=True)
            process = start_process(command, folder / "log")
            try:
                wait_for_port(port, process, folder / "log")
                yield WebServer(port)
            finally:
                stop_process(process)


def test_a_stranger_sees_nothing(proxy: WebServer) -> None:
    answer = proxy.ask("/doithoai/", Host="noibo.test")
    assert answer.status == 401
    assert "HP-2026" not in answer.text


def test_an_officer_sees_the_board_and_its_links_lead_on(proxy: WebServer) -> None:
    board = proxy.ask("/doithoai/", Host="noibo.test", Authorization=OFFICER)
    assert board.status == 200
    assert "default-src 'none'" in board.headers["content-security-policy"]
    links = set(re.findall(r'(?:href|src)="(/[^"#?]*)', board.text))
    assert len(links) > 5
    for link in sorted(links):
        assert proxy.ask(link, Host="noibo.test", Authorization=OFFICER).status == 200, link


def test_nothing_but_looking(proxy: WebServer) -> None:
    assert proxy.ask("/doithoai/", "POST", Host="noibo.test", Authorization=OFFICER).status == 403


def test_another_name_is_refused(proxy: WebServer) -> None:
    assert proxy.ask("/doithoai/", Host="evil.test", Authorization=OFFICER).status == 421

"""Which Received lines are our own servers' handing on, and which is the border."""

import pytest

from rules.message.authentication import results_of_our_servers

LMTP = "from mx.test ([127.0.0.1]) by vm with LMTP id 8byk (envelope-from <an@dan.test>) for <a@b.test>; Tue, 24 Nov"
TAKEN = "from evil.test (evil.test [203.0.113.9]) by mx.test (Postfix) with ESMTP id 5E1F; Tue, 24 Nov 2026 19:08:26"
SCANNED = "from localhost (localhost [127.0.0.1]) by mx.test (Postfix) with ESMTP id 77; Tue, 24 Nov 2026 19:08:26"
SCANNER = "from mx.test ([10.0.0.7]) by scan (scan [127.0.0.1]) (amavisd-new, port 10024) with ESMTP id 1; Tue, 24"


def believed(*received: str, received_by: tuple[str, ...] = ()) -> int:
    """How many of the results below 0, 1, 2 … Received lines count."""
    headers = [("authentication-results", "0")]
    for number, value in enumerate(received, 1):
        headers += [("received", value), ("authentication-results", str(number))]
    found = list(results_of_our_servers(headers, received_by))
    assert found == [str(number) for number in range(len(found))]
    return len(found)


def test_without_a_list_only_deliveries_by_lmtp_are_passed() -> None:
    assert believed(TAKEN, LMTP) == 1
    assert believed(LMTP, TAKEN, LMTP) == 2
    assert believed(LMTP, LMTP, TAKEN) == 3
    assert believed(LMTP, SCANNED, TAKEN) == 2
    assert believed(*[LMTP] * 9) == 4, "so many deliveries are nobody's set-up"


def test_with_a_list_the_names_come_in_its_order_and_from_our_own_network() -> None:
    way = ("vm", "mx.test", "scan")
    assert believed(LMTP, SCANNED, SCANNER, TAKEN, received_by=way) == 4
    assert believed(LMTP, SCANNER, SCANNED, TAKEN, received_by=way) == 2, "another order"
    assert believed(LMTP, LMTP, received_by=("vm",)) == 2, "no further than the list"
    assert believed(LMTP, received_by=("mail",)) == 1, "another name"
    assert believed(TAKEN, SCANNED, received_by=("mx.test",)) == 1, "a shorter way: the border itself bears the name"


@pytest.mark.parametrize(
    "line",
    [
        "from x by vm with LMTP id 1 (evil.test [203.0.113.9]) by mx.test (Postfix) with ESMTP id 5; Tue",
        "from =?utf-8?q?x_by_vm_with_LMTP?= (evil.test [203.0.113.9]) by mx.test (Postfix) with ESMTP id 5; Tue",
        "from x (with LMTP) by mx.test with ESMTP id 5; Tue",
        "from x by mx.test with ESMTP id LMTP; Tue",
        "from x by mx.test (with LMTP id 5; Tue",
        "by mx.test with LMTP id 5",
        "with LMTP by mx.test id 5; Tue",
        "from [127.0.0.1] (evil.test [203.0.113.9]) by vm with ESMTP id 5; Tue",
        "from x([127.0.0.1]) (evil.test [203.0.113.9]) by vm with ESMTP id 5; Tue",
        "from x (evil.test) by vm with ESMTP id 5; Tue",
        "from x ([127.0.0.1.5]) by vm with ESMTP id 5; Tue",
        "(" * 5000 + "by vm with LMTP id 5; Tue",
        "",
    ],
)
def test_what_only_looks_like_a_hop_is_the_border(line: str) -> None:
    assert believed(line) == 1
    assert believed(line, received_by=("vm",)) == 1

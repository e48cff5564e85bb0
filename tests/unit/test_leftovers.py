"""A look at what tests leave behind sees each kind of it, and is cheap."""

import socket
import subprocess
import sys
import threading
import time

from tests.leftovers import Held


def test_each_kind_is_named_and_gone_when_it_is_ended() -> None:
    before, stop = Held.now(), threading.Event()
    thread = threading.Thread(target=stop.wait, name="forgotten")
    thread.start()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with socket.socket():
        left = " ".join(Held.now().left(before))
        assert "thread forgotten" in left
        assert "process python" in left
        assert "socket:[" in left
    stop.set()
    thread.join()
    child.communicate(b"\n")
    assert Held.now().left(before) == []


def test_a_look_takes_less_than_a_millisecond() -> None:
    begun = time.process_time()
    for _ in range(100):
        Held.now()
    assert time.process_time() - begun < 0.1

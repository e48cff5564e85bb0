"""Long Vietnamese names and subjects in the header: encoded words that end where words end."""

import base64
import re
from email.header import decode_header, make_header

import pytest

from daemon.letters.mime import phrase, unstructured

NAME = "Ban Biên tập Cổng thông tin điện tử Ủy ban nhân dân thành phố Hải Phòng"
ENCODED = re.compile(rb"=\?utf-8\?B\?([^?]+)\?=")


@pytest.mark.parametrize("taken", range(0, 30, 3))
def test_a_word_is_not_cut_where_a_space_is_near(taken: int) -> None:
    """ "thành ph" + "ố Hải" was read "thành ph ố Hải" by Python's parser."""
    pieces = [base64.b64decode(one).decode() for one in ENCODED.findall(phrase(NAME, taken))]
    assert "".join(pieces) == NAME
    assert len(pieces) > 1
    assert all(piece.endswith(" ") for piece in pieces[:-1])


def test_what_has_no_space_is_cut_between_characters() -> None:
    written = unstructured(b"Subject", "ố" * 60)
    assert str(make_header(decode_header(written.decode().partition(": ")[2]))) == "ố" * 60
    assert all(len(line) <= 76 for line in written.splitlines())

"""Who may write in the folder of the published pages does not choose where else the daemon writes."""

from pathlib import Path

import pytest

from daemon.base.atomic_files import replace_file
from daemon.base.errors import TemporaryError
from daemon.portal.publish import place_of


def test_nothing_is_written_through_a_linked_folder(tmp_path: Path) -> None:
    folder, other = tmp_path / "pages", tmp_path / "other"
    folder.mkdir()
    other.mkdir()
    (folder / "2026").symlink_to(other)
    with pytest.raises(TemporaryError, match="is a link"):
        place_of(folder, "2026/index.html")
    (tmp_path / "alias").symlink_to(folder)
    assert place_of(tmp_path / "alias", "2025/index.html"), "the operator's own link is the operator's"
    for path in ("/etc/passwd", "../../x.html"):
        with pytest.raises(TemporaryError):
            place_of(folder, path)


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("as it was")
    (tmp_path / "index.html").symlink_to(secret)
    assert replace_file(tmp_path / "index.html", b"page")
    assert secret.read_text() == "as it was"
    assert not (tmp_path / "index.html").is_symlink()


def test_what_cannot_be_written_leaves_the_target_and_nothing_beside_it(tmp_path: Path) -> None:
    """The name is that of a folder that is not empty, which no file replaces."""
    (tmp_path / "page.html").mkdir()
    (tmp_path / "page.html" / "kept").write_text("as it was")
    with pytest.raises(TemporaryError, match=r"page\.html"):
        replace_file(tmp_path / "page.html", b"new")
    assert [one.name for one in tmp_path.rglob("*")] == ["page.html", "kept"]

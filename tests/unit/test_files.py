"""Files are written whole or not at all."""

from pathlib import Path

import pytest

from kg.errors import OutputError
from kg.files import atomic_file, write_text


def names(folder: Path) -> list[str]:
    """Names in a folder, hidden ones as well."""
    return sorted(path.name for path in folder.iterdir())


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "a.txt"
    write_text(path, "é\nb\r\n")
    assert path.read_bytes() == b"\xc3\xa9\nb\r\n"
    write_text(path, "")
    assert path.read_bytes() == b""
    assert names(path.parent) == ["a.txt"]


@pytest.mark.parametrize("fault", [ValueError("no"), KeyboardInterrupt()])
def test_fault_while_writing_leaves_the_old_file(tmp_path: Path, fault: BaseException) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def write_half() -> None:
        with atomic_file(path) as handle:
            handle.write(b"ne")
            raise fault

    with pytest.raises(type(fault)):
        write_half()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with atomic_file(path) as handle:
        handle.write(b"new")
        handle.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_failed_rename_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def fail(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="Permission denied"):
        write_text(path, "new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_folder_that_is_a_file_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot write") as caught:
        write_text(tmp_path / "a" / "b.txt", "x")
    assert caught.value.exit_code == 3

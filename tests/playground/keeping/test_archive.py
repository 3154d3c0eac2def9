"""What is read back is what was written, or nothing."""

from __future__ import annotations

import hashlib
import io
import tarfile
from contextlib import suppress
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.keeping import archive
from playground.keeping.archive import BadArchive, Member, Writer, read

MEMBERS = [Member("manifest.json", b"{}"), Member("pictures/1/ü.jpeg", b"\x00" * 3000)]


def written(*members: Member) -> bytes:
    stream = io.BytesIO()
    with Writer(stream) as writer:
        for member in members:
            writer.add(member.name, member.content)
    return stream.getvalue()


def by_hand(name: str, content: bytes = b"", **fields: Any) -> bytes:
    """A tar as somebody else would make it, with the right sum."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        info.pax_headers = {"comment": f"sha256 {hashlib.sha256(content).hexdigest()}"}
        for field, value in fields.items():
            setattr(info, field, value)
        tar.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def test_what_was_written_is_read() -> None:
    assert list(read(io.BytesIO(written(*MEMBERS)))) == MEMBERS


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "pictures/../../evil",
        "/etc/passwd",
        "pictures//evil",
        "pictures/./evil",
        "pictures\\..\\evil",
        "C:evil",
        "pictures/evil\n",
        "pictures/\u202egpj.evil",
        "e" * 401,
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_both_ways(name: str) -> None:
    with pytest.raises(BadArchive):
        written(Member(name, b""))
    with pytest.raises(BadArchive, match="which no backup holds"):
        list(read(io.BytesIO(by_hand(name))))


@given(st.text(max_size=30))
def test_a_safe_name_stays_below_its_folder(name: str) -> None:
    if archive.is_safe(name):
        for kind in (PurePosixPath, PureWindowsPath):
            path = kind("/data/pictures") / name
            assert path.is_relative_to("/data/pictures")
            assert ".." not in path.parts


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE],
)
def test_only_files_are_taken(kind: bytes) -> None:
    with pytest.raises(BadArchive, match="which no backup holds"):
        list(read(io.BytesIO(by_hand("pictures/a", type=kind, linkname="/etc/passwd"))))


def test_a_changed_byte_is_noticed_and_so_is_a_missing_sum() -> None:
    changed = bytearray(written(*MEMBERS))
    changed[changed.index(b"\x00" * 3000) + 1500] = 1
    with pytest.raises(BadArchive, match=r"ü\.jpeg in it is not as it was written"):
        list(read(io.BytesIO(bytes(changed))))
    with pytest.raises(BadArchive, match="is not as it was written"):
        list(read(io.BytesIO(by_hand("pictures/a", b"a", pax_headers={}))))


def test_one_that_is_larger_than_any_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = written(*MEMBERS)
    monkeypatch.setattr(archive, "MOST_BYTES", 2999)
    with pytest.raises(BadArchive, match="larger than anything"):
        list(read(io.BytesIO(whole)))


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"not a tar at all" * 100])
def test_what_is_no_tar_holds_nothing_or_is_refused(content: bytes) -> None:
    with suppress(BadArchive):
        assert list(read(io.BytesIO(content))) == []


def test_a_tar_that_is_cut_off_within_a_member_is_refused() -> None:
    whole = written(*MEMBERS)
    with pytest.raises(BadArchive):
        list(read(io.BytesIO(whole[: whole.index(b"\x00" * 3000) + 1000])))

"""The user's comment in an EXIF block, a small TIFF file: read, or put into a copy of the block."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from .texts import TEXT_MAXIMUM, Damaged

PREFIX = b"Exif\0\0"
EXIF_POINTER = 0x8769
USER_COMMENT = 0x9286
UNDEFINED, LONG = 7, 4
UNICODE = b"UNICODE\0"
CODE_LENGTH = 8
ENTRIES_MAXIMUM = 500
BYTE_TYPES = (1, 2, UNDEFINED)


@dataclass
class Directory:
    """One of the block's lists of entries: tag → its twelve bytes, as they stand there."""

    entries: dict[int, bytes] = field(default_factory=dict)
    following: int = 0
    """Where the next list begins; 0 where there is none."""


def directory(block: bytes, order: str, start: int) -> Directory:
    """The list of entries that begins at `start`. Raises Damaged."""
    try:
        (count,) = struct.unpack_from(f"{order}H", block, start)
        if start < 8 or count > ENTRIES_MAXIMUM:
            raise Damaged("This list of EXIF entries cannot be.")
        found = Directory()
        for place in range(start + 2, start + 2 + 12 * count, 12):
            (tag,) = struct.unpack_from(f"{order}H", block, place)
            if place + 12 > len(block):
                raise Damaged("This list of EXIF entries is cut off.")
            found.entries.setdefault(tag, block[place : place + 12])
        (found.following,) = struct.unpack_from(f"{order}I", block, start + 2 + 12 * count)
    except struct.error:
        raise Damaged("This EXIF block is cut off.") from None
    return found


def order_of(block: bytes) -> str:
    """The order of bytes, as `struct` says it. Raises Damaged where this is no EXIF block."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4], "")
    if not order or len(block) < 8:
        raise Damaged("This is no EXIF block.")
    return order


def number_in(entry: bytes, order: str) -> int:
    return int(struct.unpack_from(f"{order}I", entry, 8)[0])


def user_comment(block: bytes) -> str:
    """The user's comment as text; empty where there is none. Raises Damaged."""
    order = order_of(block)
    main = directory(block, order, struct.unpack_from(f"{order}I", block, 4)[0])
    pointer = main.entries.get(EXIF_POINTER)
    if pointer is None:
        return ""
    details = directory(block, order, number_in(pointer, order))
    entry = details.entries.get(USER_COMMENT)
    if entry is None:
        return ""
    kind, count = struct.unpack_from(f"{order}HI", entry, 2)
    if kind not in BYTE_TYPES or not CODE_LENGTH < count <= TEXT_MAXIMUM:
        return ""
    start = number_in(entry, order)
    return decoded(block[start : start + count], order)


def decoded(comment: bytes, order: str) -> str:
    code, text = comment[:CODE_LENGTH], comment[CODE_LENGTH:]
    if code != UNICODE:
        return text.decode("utf-8", "replace").strip("\0")
    # AUTOMATIC1111 writes big-endian into every block, other programs the block's own order. Most
    # characters of an infotext are ASCII, and their zeros tell.
    zeros_first, zeros_second = text[::2].count(0), text[1::2].count(0)
    little = zeros_second > zeros_first or (zeros_first == zeros_second and order == "<")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        little, text = text[:2] == b"\xff\xfe", text[2:]
    return text.decode("utf-16-le" if little else "utf-16-be", "replace").strip("\0")


def with_user_comment(block: bytes, text: str) -> bytes:
    """A copy of the block, or a new one where `block` is empty or damaged, with this comment.

    All that stood there stays in its place, for entries point to where it stands; new lists of
    entries follow at the end, and the block's head points to them.
    """
    try:
        order = order_of(block)
        main = directory(block, order, struct.unpack_from(f"{order}I", block, 4)[0])
        pointer = main.entries.get(EXIF_POINTER)
        details = directory(block, order, number_in(pointer, order)) if pointer else Directory()
    except Damaged:
        order, block, main, details = ">", b"MM\0*\0\0\0\0", Directory(), Directory()
    grown = bytearray(block + bytes(len(block) % 2))
    comment = UNICODE + text.encode("utf-16-be", "replace")
    comment_at = append(grown, comment)
    details.entries[USER_COMMENT] = struct.pack(
        f"{order}HHII", USER_COMMENT, UNDEFINED, len(comment), comment_at
    )
    details_at = append(grown, packed(details, order))
    main.entries[EXIF_POINTER] = struct.pack(f"{order}HHII", EXIF_POINTER, LONG, 1, details_at)
    main_at = append(grown, packed(main, order))
    grown[4:8] = struct.pack(f"{order}I", main_at)
    return bytes(grown)


def append(grown: bytearray, piece: bytes) -> int:
    """Put a piece at the end, at an even place; gives the place."""
    start = len(grown)
    grown += piece + bytes(len(piece) % 2)
    return start


def packed(listed: Directory, order: str) -> bytes:
    entries = [entry for _, entry in sorted(listed.entries.items())]
    head = struct.pack(f"{order}H", len(entries))
    return head + b"".join(entries) + struct.pack(f"{order}I", listed.following)

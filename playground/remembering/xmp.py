"""Our record in an XMP packet. The packet is never parsed as XML: strangers write those too."""

from __future__ import annotations

import html
import re

PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
NAMESPACE = "https://imagepig.com/ns/playground/1.0/"
END = b"</rdf:RDF>"
AS_ATTRIBUTE = re.compile(rb'imagepig:record="([^"<]*)"')
AS_ELEMENT = re.compile(rb"<imagepig:record>([^<]*)</imagepig:record>")
"""Programs that change a packet may turn one into the other."""
OURS = re.compile(
    rb'<rdf:Description rdf:about="" xmlns:imagepig="[^"]*" imagepig:record="[^"]*"/>'
)

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF></x:xmpmeta>\
<?xpacket end="w"?>"""


def with_record(packet: bytes, record: str) -> bytes:
    """A copy of the packet, or a new one where `packet` is empty, with our record.

    `record` is ASCII. A packet of a shape that is not known comes back as it is.
    """
    packet = OURS.sub(b"", packet) or PACKET.encode()
    value = html.escape(record)
    ours = f'<rdf:Description rdf:about="" xmlns:imagepig="{NAMESPACE}" imagepig:record="{value}"/>'
    before, end, after = packet.rpartition(END)
    return before + ours.encode() + end + after if end else packet


def record(packet: bytes) -> str:
    """Our record; empty where there is none."""
    found = AS_ATTRIBUTE.search(packet) or AS_ELEMENT.search(packet)
    if found is None:
        return ""
    return html.unescape(found[1].decode("utf-8", "replace"))

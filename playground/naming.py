"""Names of downloaded files: made here, never taken from what somebody typed."""

from __future__ import annotations

from .models import Generation

EXTENSIONS = {"image/jpeg": "jpeg", "image/png": "png", "image/webp": "webp"}


def file_name(picture: Generation, remark: str = "") -> str:
    """ "image-pig-12-700021.jpeg", or "image-pig-sandbox-…" for what the sandbox painted.

    A `remark` of ours comes before the extension.
    """
    parts = ["image-pig", "sandbox" if picture.in_sandbox else "", str(picture.pk)]
    parts += [picture.seed or picture.sent_seed, remark]
    extension = EXTENSIONS.get(picture.mime_type, "bin")
    return f"{'-'.join(filter(None, parts))}.{extension}"

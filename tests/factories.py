"""Records as the pipeline leaves them, with real files, for tests that begin with them."""

from __future__ import annotations

import hashlib
import io
from base64 import b64encode
from datetime import timedelta
from functools import cache
from itertools import count, product
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import Team, User
from playground.imagepig.endpoints import TABLE
from playground.models import FAILED, Experiment, Generation, State, Submission, Upstream

_seeds = count(700_001)
HUES = 24
"""So many seeds in a row have pictures of their own; each is painted once."""


@cache
def picture_bytes(size: tuple[int, int] = (64, 64), hue: int = 210, kind: str = "JPEG") -> bytes:
    """A small picture: a disc on a plain ground, whose colour is `hue` in degrees."""
    image = Image.new("RGB", size, f"hsl({hue % 360}, 60%, 45%)")
    ImageDraw.Draw(image).ellipse((8, 8, 40, 40), fill=f"hsl({(hue + 40) % 360}, 70%, 80%)")
    written = io.BytesIO()
    image.save(written, kind)
    return written.getvalue()


@cache
def _thumbnail(original: bytes, side: int) -> bytes:
    image = Image.open(io.BytesIO(original))
    image.thumbnail((side, side))
    written = io.BytesIO()
    image.save(written, "WEBP", quality=70)
    return written.getvalue()


def make_submission(team: Team, *, author: User | None = None) -> Submission:
    return Submission.objects.create(team=team, author=author, token=f"token-{next(_seeds):0>20}")


def make_generation(
    team: Team,
    *,
    author: User | None = None,
    state: str = State.SAVED,
    endpoint: str = "default",
    prompt: str = "adorable pig",
    seed: int | None = None,
    **fields: Any,
) -> Generation:
    """A generation in any state, with all that the database demands of that state.

    `fields` are the model's own and win over everything. A saved one gets real files, of the size
    that the endpoint's table entry says.
    """
    sent_seed = next(_seeds) if seed is None else seed
    values: dict[str, Any] = {
        "upstream": Upstream.SANDBOX,
        "endpoint": endpoint,
        "body": {"positive_prompt": prompt, "seed": sent_seed},
        "queued_at": timezone.now(),
        "state": state,
    }
    values["body"] |= fields.pop("body", {})
    values |= _times_and_outcome(state, fields.get("queued_at", values["queued_at"]))
    if state == State.SAVED and "file" not in fields:
        values["seed"] = str(sent_seed)
        hue = sent_seed % HUES * 360 // HUES
        values |= saved_picture(TABLE[endpoint].size(values["body"]), hue=hue)
    values |= fields
    if "calls" not in values:
        in_sandbox = values["upstream"] == Upstream.SANDBOX
        values["calls"] = 0 if in_sandbox else TABLE[endpoint].calls
    if "submission" not in values:
        values["submission"] = make_submission(team, author=author)
    return Generation.objects.create(team=team, author=author, **values)


def make_experiment(
    team: Team,
    *,
    author: User | None = None,
    state: str = State.SAVED,
    prompts: tuple[str, ...] = ("a pig", "a cow"),
    seeds: tuple[int, ...] = (1, 2),
    **fields: Any,
) -> Experiment:
    """An experiment of prompts (down) and seeds (across), all of its cells in one state."""
    written = [
        ("positive_prompt", list(prompts)),
        ("seed", [str(seed) for seed in seeds]),
    ]
    axes = [
        {"name": name, "values": [[value, ""] for value in values]}
        for name, values in written
        if len(values) > 1
    ]
    values: dict[str, Any] = {
        "name": "Pigs and cows",
        "token": f"experiment-{next(_seeds):0>20}",
        "upstream": Upstream.SANDBOX,
        "spec": {
            "kind": "grid",
            "base": {"endpoint": "default"},
            "axes": axes,
            "cells": len(prompts) * len(seeds),
            "same": {},
        },
    }
    experiment = Experiment.objects.create(team=team, author=author, **(values | fields))
    for number, (prompt, seed) in enumerate(product(prompts, seeds)):
        make_generation(
            team,
            author=author,
            state=state,
            prompt=prompt,
            seed=seed,
            submission=None,
            experiment=experiment,
            cell=number,
        )
    return experiment


def _times_and_outcome(state: str, queued_at: Any) -> dict[str, Any]:
    at = {seconds: queued_at + timedelta(seconds=seconds) for seconds in (0.1, 0.2, 1.2, 1.3, 1.4)}
    values: dict[str, Any] = {}
    if state in (State.SENDING, State.RECEIVED, State.SAVED, *FAILED[1:]):
        values |= {"sent_at": at[0.1], "deadline": queued_at + timedelta(seconds=120)}
    if state in (State.RECEIVED, State.SAVED, State.REFUSED, State.UNUSABLE):
        values |= {"started_at": at[0.2], "completed_at": at[1.2], "received_at": at[1.3]}
    if state == State.SAVED:
        values |= {"saved_at": at[1.4]}
    if state in (*FAILED, State.CANCELLED):
        values |= {"ended_at": at[1.4]}
    faults = dict(
        zip(
            FAILED,
            ("connection_refused", "invalid_request", "damaged_image", "connection_broken"),
            strict=True,
        )
    )
    return values | {"fault": faults.get(State(state), "")}


def saved_picture(size: tuple[int, int], *, hue: int = 210, kind: str = "JPEG") -> dict[str, Any]:
    """Store a picture with its thumbnail; gives the fields that describe it."""
    original = picture_bytes(size, hue, kind)
    sha256 = hashlib.sha256(original).hexdigest()
    storage = storages["pictures"]
    placeholder = b64encode(_thumbnail(original, 16)).decode()
    return {
        "file": storage.save(f"made/{sha256}.{kind.lower()}", ContentFile(original)),
        "thumbnail": storage.save(
            f"made/{sha256}.thumbnail.webp", ContentFile(_thumbnail(original, 480))
        ),
        "placeholder": f"data:image/webp;base64,{placeholder}",
        "sha256": sha256,
        "mime_type": f"image/{kind.lower()}",
        "width": size[0],
        "height": size[1],
        "bytes": len(original),
    }

"""The vendor's own clients, as published, run against the sandbox over real HTTP."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import imagepig
import pytest
from PIL import Image

from playground.imagepig.endpoints import TABLE, Body
from playground.imagepig.parameters import SEED_MAXIMUM
from playground.sandbox.server import SandboxApplication, mounted
from tests import needs

from .answers import picture_of
from .serving import served


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The sandbox's address, below a path as on the site."""
    with served(mounted(SandboxApplication(tmp_path / "hosting"), "/sandbox")) as base_url:
        yield f"{base_url}/sandbox"


def plain(address: str, path: str, body: Body) -> bytes:
    """The picture that plain HTTP gets for this request."""
    response = httpx.post(f"{address}/{path}", json=body, headers={"Api-Key": "sandbox"})
    return picture_of(response)


# PyPI's imagepig


@pytest.mark.parametrize("key", TABLE)
def test_the_python_client_draws_at_every_endpoint(address: str, key: str, tmp_path: Path) -> None:
    client = imagepig.ImagePig("sandbox", api_url=address)

    answer = getattr(client, key)("a pig by the sea", seed=SEED_MAXIMUM)

    assert answer.seed == SEED_MAXIMUM
    assert answer.mime_type == "image/jpeg"
    assert answer.url is None
    assert timedelta(0) <= answer.duration < timedelta(minutes=1)
    answer.save(tmp_path / "pig.jpeg")
    picture = Image.open(io.BytesIO((tmp_path / "pig.jpeg").read_bytes()))
    assert (picture.format, picture.size) == ("JPEG", TABLE[key].size({}))
    # What this client sends as the negative prompt on the endpoints that know one.
    mixed_up: Body = {} if key == "flux" else {"negative_prompt": "a pig by the sea"}
    body: Body = {"positive_prompt": "a pig by the sea", "seed": SEED_MAXIMUM, **mixed_up}
    assert answer.data == plain(address, TABLE[key].path, body)


@pytest.mark.parametrize("proportion", imagepig.ImagePig.Proportion)
def test_the_python_client_draws_in_every_proportion(address: str, proportion: Any) -> None:
    client = imagepig.ImagePig("sandbox", api_url=address)

    answer = client.flux("a pig in space", proportion, format="PNG")

    assert answer.mime_type == "image/png"
    picture = Image.open(io.BytesIO(answer.data))
    assert (picture.format, picture.size) == ("PNG", TABLE["flux"].sizes[proportion.value])


def test_the_python_client_fetches_a_stored_picture(address: str) -> None:
    client = imagepig.ImagePig("sandbox", api_url=address)

    stored = client.flux("a stored pig", seed=5, storage_days=1)

    assert stored.url.startswith(f"{address}/files/")
    assert stored.data == client.flux("a stored pig", seed=5).data


@pytest.mark.parametrize(
    ("key", "wish", "words"),
    [
        ("wrong", {}, "HTTP 401: The API key is not valid"),
        ("sandbox", {"seed": 2**64}, "HTTP 422: Enter a whole number from 0 to"),
        ("sandbox", {"format": "GIF"}, "HTTP 422: Choose one of: JPEG, PNG"),
    ],
)
def test_the_python_client_reads_both_shapes_of_error(
    address: str, key: str, wish: dict[str, object], words: str
) -> None:
    client = imagepig.ImagePig(key, api_url=address)

    with pytest.raises(imagepig.api.ImagePigError, match=words):
        client.xl("pig", **wish)


# npm's imagepig


def run_node(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in which `arguments` are at hand and npm's imagepig can be required."""
    folder = needs.node_package("imagepig")
    return subprocess.run(
        [needs.node(), "-e", f"const args = process.argv.slice(1); {script}", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


DRAW = """
const [address, method, prompt, second, wish, path] = args;
const client = require('imagepig')('sandbox', true, address);
client[method](prompt, second, JSON.parse(wish)).then(async (answer) => {
  require('node:fs').writeFileSync(path, await answer.data);
  const { url, seed, mimeType, duration } = answer;
  console.log(JSON.stringify({ url, seed: String(seed), mimeType, duration }));
});
"""


# What the client takes as its second argument, and what else, by endpoint.
NPM_WISHES: dict[str, tuple[str, Body]] = {
    "default": ("negative_prompt", {"negative_prompt": "rain"}),
    "xl": ("negative_prompt", {"negative_prompt": "rain"}),
    "flux": ("proportion", {"proportion": "wide", "format": "PNG"}),
}


@pytest.mark.parametrize("key", TABLE)
@pytest.mark.parametrize("days", [0, 2])
def test_the_npm_client_draws_at_every_endpoint(
    address: str, key: str, days: int, tmp_path: Path
) -> None:
    second, body = NPM_WISHES[key]
    # Below Node.js 22 this client rounds seeds of more than 53 bits.
    wish: Body = {**body, "seed": 2**53 - 1}
    kept = json.dumps({**wish, "storage_days": days})
    file = tmp_path / "picture"

    result = run_node(DRAW, address, key, "a pig's hill", str(body[second]), kept, str(file))

    assert (result.returncode, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    assert answer["seed"] == str(2**53 - 1)
    assert answer["mimeType"] == ("image/png" if key == "flux" else "image/jpeg")
    assert 0 <= answer["duration"] < 60
    assert (answer["url"] is not None) == bool(days)
    expected = plain(address, TABLE[key].path, {**wish, "positive_prompt": "a pig's hill"})
    assert file.read_bytes() == expected


def test_the_npm_client_sees_a_wrong_key(address: str) -> None:
    script = (
        "require('imagepig')('wrong', true, args[0]).xl('pig').catch(e => console.log(String(e)))"
    )

    result = run_node(script, address)

    assert "401" in result.stdout

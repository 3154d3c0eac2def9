"""The code samples send the request to the byte and save the picture, whatever a prompt holds."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.imagepig.endpoints import TABLE, Body, Endpoint
from playground.imagepig.parameters import SEED_MAXIMUM
from playground.imagepig.samples import LANGUAGES, sample
from playground.sandbox.server import SandboxApplication
from tests import needs
from tests.playground.fourth import FOURTH_ENDPOINT
from tests.playground.sandbox.serving import served

API = "https://api.imagepig.com"
EXPECTED = Path(__file__).parent / "expected"

NASTY = [
    "it's \"quoted\" 'twice' \\ back\\\\slash \\n \\\" \\' '\\'' \"'\"'\" !! $(id) ${HOME}",
    "`id` ${1+1} \\` \\${ {{url}} {{body}} {{file}} %s %d {0} #{x} \\u0041 \\x41 \\0",
    "lines\nand\r\nmore\r\tJSON\nJSON;\nEOF\n'''\n\"\"\"\n\x01\x1b[31m\x7f\x85\u2028\u2029\ufeff",
    '</script><!-- --><?php echo 1; ?> <? ?> */ // # "# "## "#"##" r#" -- -@/etc/passwd @x',
    "🐷 👩\u200d👩\u200d👧 café cafe\u0301 \u200fעברית\u202e \U0010ffff \U000e0001 中文",
    "@/etc/passwd",
]

RUNNABLE = [key for key in LANGUAGES if key != "rust"]


def command(language: str, folder: Path) -> list[str]:
    """How to run a sample of this language that stands in `folder`."""
    path = str(folder / "sample")
    if language == "curl":
        needs.curl()
    return {
        "curl": lambda: ["sh", path],
        "python": lambda: [sys.executable, "-W", "error", path],
        "javascript": lambda: [needs.node(), path],
        "php": lambda: [needs.php(), path],
    }[language]()


def run(
    language: str, code: str, folder: Path, *, key: str = "sandbox"
) -> subprocess.CompletedProcess[str]:
    """Run a sample in `folder`, with nothing of this process's environment but the path."""
    (folder / "sample").write_text(code, encoding="utf-8")
    return subprocess.run(
        command(language, folder),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "IMAGEPIG_API_KEY": key, "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass
class Recorder:
    """A server that notes each request and answers with one and the same picture."""

    picture: bytes = b"\x00picture\xff"
    requests: list[tuple[str, str, str, object]] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        content = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.requests.append(
            (
                environ["PATH_INFO"],
                environ["HTTP_API_KEY"],
                environ["CONTENT_TYPE"],
                json.loads(content),
            )
        )
        answer = json.dumps({"image_data": b64encode(self.picture).decode(), "seed": 1})
        start_response("200 OK", [("Content-Type", "application/json")])
        # As some servers write JSON.
        return [answer.replace("/", "\\/").encode()]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def recording(recorder: Recorder) -> Iterator[str]:
    with served(recorder) as base_url:
        yield base_url


# What the code says, read by each language's own rules


def body_in_curl(code: str) -> object:
    words = shlex.split(code, comments=True)
    return json.loads(words[words.index("--data") + 1])


def body_in_python(code: str) -> object:
    call = next(
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "requests.post"
    )
    return ast.literal_eval(next(each.value for each in call.keywords if each.arg == "json"))


def body_in_javascript(code: str) -> object:
    match = re.search(r"String\.raw`([^`]*)`;\n\nasync", code)
    assert match is not None
    assert "${" not in match[1]
    assert "</" not in match[1]
    return json.loads(match[1])


def body_in_php(code: str) -> object:
    match = re.search(r"<<<'JSON'\n(.*?)\n[ \t]*JSON\b", code, re.DOTALL)
    assert match is not None
    return json.loads(match[1])


def body_in_rust(code: str) -> object:
    match = re.search(r'\.body\(r(#+)"(.*?)"\1(.)', code, re.DOTALL)
    assert match is not None
    assert match[3] == ")"
    return json.loads(match[2])


READ_BODY: Mapping[str, Callable[[str], object]] = {
    "curl": body_in_curl,
    "python": body_in_python,
    "javascript": body_in_javascript,
    "php": body_in_php,
    "rust": body_in_rust,
}

texts = st.text(
    # Weighted towards what means something to a language.
    st.sampled_from("'\"\\`$#{}()<>/?!@%&|;*\n\r\t ")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    max_size=80,
)
bodies = st.fixed_dictionaries(
    {"positive_prompt": texts, "seed": st.integers(0, SEED_MAXIMUM)},
    optional={"negative_prompt": texts, "storage_days": st.integers(0, 9)},
)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None)
@given(body=bodies)
def test_the_code_holds_any_body_exactly(language: str, body: Body) -> None:
    code = sample(language, TABLE["xl"], body, base_url=API, file_name="pig.jpeg")

    assert READ_BODY[language](code) == body
    assert str(body["seed"]) in code


@pytest.mark.parametrize("language", LANGUAGES)
@given(prompt=texts)
def test_nothing_unseen_stands_in_the_code(language: str, prompt: str) -> None:
    body: Body = {"positive_prompt": prompt}
    code = sample(language, TABLE["xl"], body, base_url=API, file_name="pig.jpeg")

    assert all(line.isprintable() for line in code.split("\n"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("endpoint", [*TABLE.values(), FOURTH_ENDPOINT], ids=lambda each: each.key)
def test_the_code_names_the_address_and_takes_the_key_from_the_environment(
    language: str, endpoint: Endpoint
) -> None:
    body: Body = {"positive_prompt": "pig", "hardness": 3}
    code = sample(language, endpoint, body, base_url=f"{API}/", file_name="pig.jpeg")

    assert f"{API}/{endpoint.path}" in code.replace('"', "'").split("'")
    assert "IMAGEPIG_API_KEY" in code
    assert READ_BODY[language](code) == body
    assert "{{" not in code


@pytest.mark.parametrize("key", TABLE)
def test_python_says_why_it_is_not_the_package_where_that_mixes_up_the_prompts(key: str) -> None:
    code = sample("python", TABLE[key], {"positive_prompt": "pig"}, base_url=API, file_name="p")

    assert ('"imagepig" package' in code) == (key != "flux")


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        sample("cobol", TABLE["xl"], {}, base_url=API, file_name="pig.jpeg")


# The code, really run


@pytest.mark.parametrize("language", RUNNABLE)
@pytest.mark.parametrize("prompt", NASTY, ids=range(len(NASTY)))
def test_the_request_arrives_as_it_is(
    language: str, prompt: str, recorder: Recorder, recording: str, tmp_path: Path
) -> None:
    body: Body = {"positive_prompt": prompt, "negative_prompt": prompt, "seed": SEED_MAXIMUM}
    file_name = 'the pig\'s $HOME "picture".jpeg'
    code = sample(language, TABLE["xl"], body, base_url=recording, file_name=file_name)

    result = run(language, code, tmp_path, key="a-key")

    assert (result.returncode, result.stderr) == (0, "")
    assert recorder.requests == [("/xl", "a-key", "application/json", body)]
    assert (tmp_path / file_name).read_bytes() == recorder.picture


@pytest.mark.parametrize("language", RUNNABLE)
def test_a_fourth_endpoint_has_code_that_runs(
    language: str, recorder: Recorder, recording: str, tmp_path: Path
) -> None:
    body = FOURTH_ENDPOINT.request({"positive_prompt": "pig", "language": "cs", "hardness": 2})
    code = sample(language, FOURTH_ENDPOINT, body, base_url=recording, file_name="pig.jpeg")

    result = run(language, code, tmp_path)

    assert (result.returncode, result.stderr) == (0, "")
    assert recorder.requests == [("/sketch", "sandbox", "application/json", body)]


BODIES: list[tuple[str, Body]] = [
    ("default", {"positive_prompt": "a pig's hill", "negative_prompt": "rain", "seed": 2**53 + 1}),
    ("xl", {"positive_prompt": "a pig at sea", "format": "PNG", "seed": SEED_MAXIMUM}),
    ("flux", {"positive_prompt": "a pig in space", "proportion": "portrait", "seed": 0}),
    ("default", {"positive_prompt": "kept", "seed": 10**19, "storage_days": 2, "format": "PNG"}),
]


@pytest.mark.parametrize("language", RUNNABLE)
@pytest.mark.parametrize(("key", "body"), BODIES)
def test_the_code_saves_the_bytes_that_the_sandbox_gives_in_process(
    language: str, key: str, body: Body, tmp_path: Path
) -> None:
    application = SandboxApplication(tmp_path / "hosting")
    endpoint = TABLE[key]
    with served(application) as base_url:
        code = sample(language, endpoint, body, base_url=base_url, file_name="pig")
        result = run(language, code, tmp_path)

    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "pig").read_bytes() == in_process(application, endpoint, body)


def in_process(application: SandboxApplication, endpoint: Endpoint, body: Body) -> bytes:
    with httpx.Client(transport=httpx.WSGITransport(application)) as client:
        headers = {"Api-Key": "sandbox"}
        url = f"http://sandbox.test/{endpoint.path}"
        kept = {**body, "storage_days": 1}
        answer = client.post(url, json=kept, headers=headers).json()
        return client.get(answer["image_url"]).content


@pytest.mark.parametrize("language", RUNNABLE)
@pytest.mark.parametrize("days", [0, 1])
def test_a_refusal_is_shown_and_no_picture_written(
    language: str, days: int, tmp_path: Path
) -> None:
    body: Body = {"positive_prompt": "pig", "storage_days": days}
    with served(SandboxApplication(tmp_path / "hosting")) as base_url:
        code = sample(language, TABLE["xl"], body, base_url=base_url, file_name="pig.jpeg")
        result = run(language, code, tmp_path, key="wrong")

    assert result.returncode != 0
    assert "The API key is not valid" in result.stderr
    assert not (tmp_path / "pig.jpeg").exists()


class Late:
    """A sandbox whose hosted pictures are not there at the first request."""

    def __init__(self, application: SandboxApplication) -> None:
        self._application = application
        self.asked: list[tuple[str, str]] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            self.asked.append((environ["HTTP_USER_AGENT"], environ.get("HTTP_API_KEY", "")))
            if len(self.asked) == 1:
                start_response("404 Not Found", [("Content-Type", "text/plain")])
                return [b"not yet"]
        return self._application(environ, start_response)


@pytest.mark.parametrize("language", RUNNABLE)
def test_a_picture_that_takes_its_time_at_its_address_is_asked_for_again_without_the_key(
    language: str, tmp_path: Path
) -> None:
    late = Late(SandboxApplication(tmp_path / "hosting"))
    body: Body = {"positive_prompt": "pig", "seed": 1, "storage_days": 1}
    with served(late) as base_url:
        code = sample(language, TABLE["default"], body, base_url=base_url, file_name="pig.jpeg")
        result = run(language, code, tmp_path)

    assert result.returncode == 0, result.stderr
    assert late.asked == [("Mozilla/5.0", "")] * 2
    assert (tmp_path / "pig.jpeg").read_bytes()[:2] == b"\xff\xd8"


# Rust is held against code that people have read


@pytest.mark.parametrize(("name", "days"), [("sample.rs", 0), ("sample_image_url.rs", 2)])
def test_rust_is_what_was_reviewed(name: str, days: int) -> None:
    body: Body = {
        "positive_prompt": 'the pig\'s "#1" hat\nat \\dusk\\, 🐷 \u202e"##',
        "seed": SEED_MAXIMUM,
        **({"storage_days": days} if days else {}),
    }
    code = sample("rust", TABLE["xl"], body, base_url=API, file_name='the "pig".jpeg')

    assert code == (EXPECTED / name).read_text(encoding="utf-8")

"""What the fake upstream can be told to do with a request, beside answering as documented."""

from __future__ import annotations

import base64
import json
import socket

from .upstream_book import documented_success
from .upstream_exchange import Behaviour, Exchange, error, head

__all__ = ["error"]


def success(**changes: object) -> Behaviour:
    """A documented success with some attributes changed; None takes an attribute out.

    `image=bytes` stands for their image_data.
    """
    image = changes.pop("image", None)
    if isinstance(image, bytes):
        changes["image_data"] = base64.b64encode(image).decode()

    def play(exchange: Exchange) -> None:
        if exchange.wait(exchange.upstream.delay):
            content = documented_success(exchange) | changes
            exchange.answer_json(200, {k: v for k, v in content.items() if v is not None})

    return Behaviour(play)


def hosted(content: bytes | None = None, *before: Behaviour) -> Behaviour:
    """A success whose picture is at the upstream itself, after its address answered `before`."""

    def play(exchange: Exchange) -> None:
        answer = documented_success(exchange)
        data = base64.b64decode(answer.pop("image_data")) if content is None else content
        answer["image_url"] = exchange.upstream.host(data, answer["mime_type"], *before)
        exchange.answer_json(200, answer)

    return Behaviour(play)


def body(content: bytes, content_type: str = "application/json", status: int = 200) -> Behaviour:
    """An answer with exactly these bytes."""
    return Behaviour(lambda exchange: exchange.answer(status, content, content_type))


def invalid(name: str, message: str, status: int = 422) -> Behaviour:
    """An error in the second documented shape: `message` about the attribute `name`."""
    detail = [{"msg": message, "loc": ["body", name], "type": "value_error"}]
    return Behaviour(lambda exchange: exchange.answer_json(status, {"detail": detail}))


def page(status: int, words: str = "nginx") -> Behaviour:
    """An HTML page, as a server in front of the API sends it."""
    html = f"<html><head><title>{status}</title></head><body><h1>{words}</h1></body></html>"
    return body(html.encode(), "text/html; charset=utf-8", status)


def busy(retry_after: str | None = None) -> Behaviour:
    """429, with Retry-After if there is one: seconds or an HTTP date."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return error(429, "Too many requests", headers)


def redirect(location: str, status: int = 307) -> Behaviour:
    """A redirect."""
    headers = {"Location": location}
    return Behaviour(lambda exchange: exchange.answer(status, b"", headers=headers))


def _silence(exchange: Exchange) -> None:
    exchange.wait_for_the_other_side()


def _half_an_answer(exchange: Exchange) -> None:
    whole = json.dumps(documented_success(exchange)).encode()
    exchange.send(head(200, length=len(whole)) + whole[: len(whole) // 2])


def _half_then_close(exchange: Exchange) -> None:
    _half_an_answer(exchange)
    exchange.close()


def _part_then_close(exchange: Exchange) -> None:
    exchange.send(head(200, "image/jpeg", length=1000) + b"abc")
    exchange.close()


def _half_then_reset(exchange: Exchange) -> None:
    _half_an_answer(exchange)
    # Long enough for the half to be read: a reset throws away what is still on its way.
    exchange.wait(0.05)
    exchange.reset()


def _half_then_silence(exchange: Exchange) -> None:
    _half_an_answer(exchange)
    exchange.wait_for_the_other_side()


def _reset_unread(exchange: Exchange) -> None:
    # By the first byte the other side is past connecting, where it would know that nothing left.
    exchange.connection.recv(1, socket.MSG_PEEK)
    exchange.reset()


def _drip_body(exchange: Exchange) -> None:
    exchange.send(head(200, length=1_000_000))
    while exchange.wait(0.01):
        exchange.send(b" ")


def _drip_head(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while exchange.wait(0.01):
        exchange.send(b"x")


def _endless(exchange: Exchange) -> None:
    exchange.send(head(200))
    while not exchange.upstream.stopping.is_set():
        exchange.send(b" " * 65536)


NEVER_ANSWER = Behaviour(_silence)
CLOSE_BEFORE_ANSWER = Behaviour(Exchange.close)
RESET_BEFORE_ANSWER = Behaviour(Exchange.reset)
CLOSE_INSIDE_ANSWER = Behaviour(_half_then_close)
RESET_INSIDE_ANSWER = Behaviour(_half_then_reset)
STALL_INSIDE_ANSWER = Behaviour(_half_then_silence)
DRIP_BODY = Behaviour(_drip_body)
DRIP_HEAD = Behaviour(_drip_head)
ENDLESS_BODY = Behaviour(_endless)
RESET_UNREAD = Behaviour(_reset_unread, early=True)
"""Resets without having read the request, all of which may have left all the same."""
CLOSE_INSIDE_PICTURE = Behaviour(_part_then_close)
"""For a stored picture: its beginning, and no more."""
NOT_HTTP = Behaviour(lambda exchange: exchange.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"))

"""Browsers by the names people know them by."""

from __future__ import annotations

from django import template

register = template.Library()

# Most name others, too, so the first that fits is the right one.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "a Mac",
    "Linux": "Linux",
}


@register.filter
def browser(user_agent: str) -> str:
    """What a session's `User-Agent` tells, in words: "Firefox on Linux"."""
    name = next((BROWSERS[mark] for mark in BROWSERS if mark in user_agent), "")
    system = next((SYSTEMS[mark] for mark in SYSTEMS if mark in user_agent), "")
    if not name:
        return user_agent.partition("/")[0][:40] or "Unknown"
    return f"{name} on {system}" if system else name

"""Which version this is."""

from __future__ import annotations

import tomllib
from functools import cache

from imagepig_site.environment import ROOT


@cache
def version() -> str:
    """The application's version: it runs from its folder and is not installed as a package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])

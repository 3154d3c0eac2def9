"""The vendor's Python client as its users run it: `python -m tests.bench.client URL FOLDER`.

Prints how many seconds 64 pictures took at 32 in flight, from the first call to the last file.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from imagepig import ImagePig

PICTURES = 64
IN_FLIGHT = 32


def main() -> None:
    url, folder = sys.argv[1], Path(sys.argv[2])
    client = ImagePig("pig-canary-4711-abcdefgh", api_url=url)

    def make(number: int) -> None:
        client.default("adorable pig").save(str(folder / f"{number}.jpeg"))

    began = time.monotonic()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(make, range(PICTURES)))
    print(time.monotonic() - began)


if __name__ == "__main__":
    main()

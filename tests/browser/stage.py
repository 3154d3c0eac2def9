"""Sets people and pictures up in the site's own database: `python -m tests.browser.stage`.

Each line of standard input is a wish in JSON, each line of standard output the answer to it:
{"pictures": 3, "api_key": "pig-…", "role": "viewer"} → {"email": …, "session": …, "pictures": […]}
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from importlib import import_module
from itertools import count
from typing import Any

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import services  # noqa: E402
from accounts.models import Membership, NoticeKind, Role, Team, User  # noqa: E402
from accounts.notices import tell  # noqa: E402
from playground.imagepig.endpoints import TABLE  # noqa: E402
from playground.models import (  # noqa: E402
    Generation,
    Spending,
    State,
    Style,
    Upstream,
    WordList,
)
from playground.sharing.links import make as share  # noqa: E402
from playground.talking import write  # noqa: E402

from ..factories import make_experiment, make_generation  # noqa: E402
from ..running import PASSWORD  # noqa: E402
from .hostile import written_everywhere  # noqa: E402

numbers = count(1)
WORDS = ("a pig on a hill", "a lighthouse at dusk", "a city in the rain", "a fox in the snow")


@transaction.atomic
def someone(
    *,
    hashed: str,
    pictures: int = 0,
    minutes_apart: int = 1,
    joins: str = "",
    api_key: str = "",
    role: str = "",
    name: str = "Alice",
    experiments: int = 0,
    notices: int = 0,
    tags: int = 0,
    furnished: bool = False,
    hostile: bool = False,
) -> dict[str, Any]:
    user = User(email=f"{name.lower()}-{next(numbers)}@example.com", name=name, password=hashed)
    team = services.sign_up(user=user)
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    if api_key:
        services.set_api_key(team=team, by=user, label="Ours", secret=api_key)
    if role:
        Membership.objects.filter(user=user).update(role=role)
    if joins:
        team = Membership.objects.get(user__email=joins).team
        team.memberships.create(user=user, role=Role.EDITOR)
    now = timezone.now()
    made = [
        make_generation(
            team,
            author=user,
            prompt=f"{WORDS[number % len(WORDS)]}, number {number}",
            endpoint="flux" if number % 3 else "default",
            queued_at=now - timedelta(minutes=minutes_apart * (pictures - number)),
            seed=number,
        ).pk
        for number in range(1, pictures + 1)
    ]
    for number in range(1, experiments + 1):
        make_experiment(
            team,
            author=user,
            name=f"Experiment {number}",
            prompts=("a red pig on a hill", "a blue pig on a hill"),
            seeds=(7, 8, 9),
        )
    for number in range(1, notices + 1):
        words = f"The API key number {number} needs credit."
        tell(user, team, NoticeKind.KEY_ATTENTION, words, "/team/api-key/")
    for number in range(1, tags + 1):
        team.tags.create(name=f"tag {number:03}")
    ids = furnish(user, team, made[-1]) if furnished else {}
    answer = {"email": user.email, "session": session_of(user), "pictures": made, "ids": ids}
    return answer | (written_everywhere(user, team) if hostile else {})


def furnish(user: User, team: Team, picture: int) -> dict[str, int]:
    """One of everything that has a page of its own; gives their ids."""
    failed = make_generation(team, author=user, prompt="a pig cut off", state=State.UNUSABLE)
    assert failed.submission
    kept = Generation.objects.get(pk=picture)
    write(picture=kept, by=user, text="The best one so far")
    share(kept, by=user, shows_prompt=True, shows_seed=False, days=30)
    team.tags.create(name="pink")
    words = WordList.objects.create(team=team, author=user, name="weather", words="rain\nsnow")
    style = Style.objects.create(
        team=team, author=user, name="Fog", positive_prompt="{prompt}, fog"
    )
    services.create_team(name=f"{user.name}’s other team", by=user)
    team.monthly_calls = 500
    team.save(update_fields=["monthly_calls"])
    for back, endpoint in enumerate(TABLE):
        Spending.objects.create(
            team=team,
            user=user,
            upstream=Upstream.IMAGEPIG,
            endpoint=endpoint,
            day=timezone.localdate() - timedelta(days=back),
            pictures=40,
            calls=40 * TABLE[endpoint].calls,
        )
    return {
        "team": team.pk,
        "failed": failed.pk,
        "submission": failed.submission.pk,
        "words": words.pk,
        "style": style.pk,
    }


def session_of(user: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def main() -> None:
    # One hash for all of them: it is slow on purpose.
    hashed = make_password(PASSWORD)
    for line in sys.stdin:
        print(json.dumps(someone(hashed=hashed, **json.loads(line))), flush=True)


if __name__ == "__main__":
    main()

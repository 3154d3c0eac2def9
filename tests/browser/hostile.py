"""A team in which every text that somebody can type is meant to run as a script."""

from __future__ import annotations

from typing import Any

from accounts import invitations, services
from accounts.models import KeyState, NoticeKind, Role, Team, User
from accounts.notices import tell
from playground.models import Generation, Pick, SavedView, State, Style, WordList
from playground.sharing.links import Thing
from playground.sharing.links import make as share
from playground.talking import pick, write

from ..factories import make_experiment, make_generation

SHORT = "\"'><img src=x onerror=alert(1)>"
SCRIPT = f"{SHORT}<script>alert(2)</script>"


def text(field: str) -> str:
    """What is typed there: its own name first, so that it can be told from the others."""
    # Names of tags and word lists have few signs.
    return f"[{field}]" + (SHORT if field in ("tag", "list") else SCRIPT)


def written_everywhere(user: User, team: Team) -> dict[str, Any]:
    """Write it into every field; gives ids, and the tokens of links for strangers."""
    user.name, team.name = text("person"), text("team")
    user.save()
    team.monthly_calls = 500
    team.save()
    services.create_team(name=text("other team"), by=user)
    key = services.set_api_key(team=team, by=user, label=text("key"), secret="pig-canary-4711-wxyz")
    services.mark_key(key.pk, KeyState.REFUSED, text("said of the key"))
    tell(user, team, NoticeKind.MENTIONED, text("notice"), "/gallery/")
    invitation = invitations.invite(team=team, by=user, role=Role.VIEWER)
    named = invitations.invite(team=team, by=user, role=Role.VIEWER, email="pia@example.com")
    named.invitation.email = text("address")
    named.invitation.save()
    ids = {"team": team.pk, **library_of(user, team), **pictures_of(user, team)}
    picture = Generation.objects.get(pk=ids["picture"])
    things: dict[str, Thing] = {
        "picture": picture,
        "collection": team.collections.get(),
        "experiment": team.experiments.get(),
    }
    told: dict[str, Any] = {"by": user, "shows_prompt": True, "shows_seed": True, "days": None}
    links = {kind: share(thing, **told)[1] for kind, thing in things.items()}
    return {"ids": ids, "links": {**links, "invitation": invitation.token}}


def library_of(user: User, team: Team) -> dict[str, int]:
    words = WordList.objects.create(
        team=team, author=user, name=text("list"), words=f"{text('words')}\nsnow"
    )
    style = Style.objects.create(
        team=team,
        author=user,
        name=text("style"),
        positive_prompt="{prompt}, " + text("wording"),
        negative_prompt=text("avoided"),
    )
    view = SavedView.objects.create(
        team=team, user=user, name=text("view"), query=f"text={text('query')}"
    )
    return {"words": words.pk, "style": style.pk, "view": view.pk}


def pictures_of(user: User, team: Team) -> dict[str, int]:
    body = {"negative_prompt": text("negative")}
    picture = make_generation(
        team, author=user, prompt=text("prompt"), body=body, template=text("template")
    )
    make_generation(team, author=user, prompt="a pig", parent=picture)
    failed = make_generation(
        team,
        author=user,
        prompt=text("failed prompt"),
        state=State.REFUSED,
        said=text("said"),
        field_messages={"seed": text("said of a field")},
    )
    tag = team.tags.create(name=text("tag"))
    tag.tagged.create(generation=picture)
    collection = team.collections.create(name=text("collection"), author=user)
    collection.collected.create(generation=picture)
    write(picture=picture, by=user, text=text("comment"))
    pick(Generation.objects.filter(pk=picture.pk), Pick.PICKED, by=user)
    prompts = (text("cell"), "a cow")
    experiment = make_experiment(team, author=user, name=text("experiment"), prompts=prompts)
    assert failed.submission
    return {
        "picture": picture.pk,
        "cell": experiment.generations.earliest("pk").pk,
        "failed": failed.pk,
        "submission": failed.submission.pk,
        "tag": tag.pk,
        "collection": collection.pk,
        "experiment": experiment.pk,
    }

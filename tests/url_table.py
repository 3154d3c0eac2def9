"""What everybody gets at every address, by GET and by POST.

To add a page, add one line to TABLE: its name, who gets what by GET, and by POST, and where it
takes one, the kind of record whose id stands in the address. The six answers of a tuple are those
to WHO, in this order. `test_url_walk` tries them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WHO = ("anonymous", "outsider", "viewer", "editor", "owner", "former member")
LOGIN = "to the login"
CONFIRM = "to confirm who one is"

Answer = int | str
Answers = tuple[Answer, ...]

PUBLIC: Answers = (200,) * 6
"""For everybody, signed in or not."""
SIGNED_IN: Answers = (LOGIN, 200, 200, 200, 200, 200)
"""About oneself, or the team one works in: whoever left a team works in another."""
SAVE: Answers = (LOGIN, 302, 302, 302, 302, 302)
"""The same, and then on to another page."""
CONFIRMED: Answers = (LOGIN, *(CONFIRM,) * 5)
"""What matters: asked once more for the password."""
READ: Answers = (LOGIN, 404, 200, 200, 200, 404)
"""A record of the team."""
CHANGE: Answers = (LOGIN, 404, 403, 302, 302, 404)
"""A record of the team, by those who may."""
CHANGED_READ: Answers = (LOGIN, 404, 403, 200, 200, 404)
"""A record of the team, for those only who may change it."""
CHANGED_WRONG: Answers = (LOGIN, 404, 403, 422, 422, 404)
"""The same, sent with something that cannot be."""
LOOK: Answers = (LOGIN, 404, 302, 302, 302, 404)
"""A record of the team, by whoever may see it."""
OWN: Answers = (LOGIN, 404, 404, 404, 302, 404)
"""What is the owner's own: nobody else of the team sees it."""
MAKE: Answers = (LOGIN, 302, 403, 302, 302, 302)
"""Something new in the team one works in."""
MANAGE: Answers = (LOGIN, 302, 403, 403, 302, 302)
"""What the owner of the team one works in may do."""
MANAGE_CONFIRMED: Answers = (LOGIN, CONFIRM, 403, 403, CONFIRM, CONFIRM)
OWNED: Answers = (LOGIN, 404, 403, 403, 302, 404)
"""The team itself, or its people: for its owners."""
STRANGERS: Answers = (200, 302, 302, 302, 302, 302)
"""Whoever is signed in already is led on."""
NO: Answers = (LOGIN, 405, 405, 405, 405, 405)
NO_FOR_ALL: Answers = (405,) * 6
AWAY: Answers = (302,) * 6


def always(answer: Answer) -> Answers:
    return (answer,) * 6


@dataclass(frozen=True)
class Page:
    get: Answers
    post: Answers = NO
    of: str = ""
    """The kind of record whose id it takes."""
    query: str = ""
    """`{picture}` and the like stand for ids."""
    data: dict[str, str] = field(default_factory=dict)
    """What is posted."""
    args: tuple[str, ...] = ()
    csrf: bool = True
    """Whether a POST needs the token. Only an API that reads no cookie does without."""


PROMPT = {"positive_prompt": "a pig", "endpoint": "default", "upstream": "sandbox", "count": "1"}
GRID = {
    "positive_prompt": "a pig",
    "prompt_mode": "text",
    "endpoint": "default",
    "proportion": "landscape",
    "format": "JPEG",
    "seed_mode": "list",
    "seeds": "1-2",
    "upstream": "sandbox",
    "agreed": "0",
}
A_KEY = {"label": "Ours", "api_key": "pig-secret-0123456789"}
BAD_LINK = ("no-such-key",)

TABLE: dict[str, Page] = {
    # The frame
    "home": Page(STRANGERS, NO_FOR_ALL),
    "theme": Page(NO_FOR_ALL, AWAY, data={"theme": "dark"}),
    "livez": Page(PUBLIC, NO_FOR_ALL),
    "readyz": Page(PUBLIC, NO_FOR_ALL),
    # Where no token is set there is none.
    "metrics": Page(always(404), NO_FOR_ALL),
    # The playground
    "playground": Page(SIGNED_IN, MAKE, data={**PROMPT, "token": "t" * 43}),
    "playground_fields": Page(NO, SIGNED_IN, data=PROMPT),
    "recall_file": Page(NO, (LOGIN, 422, 403, 422, 422, 422), data=PROMPT),
    "results": Page(READ, query="submission={submission}"),
    "wait": Page(SIGNED_IN, query="seen={picture}.9"),
    "recent_prompts": Page(SIGNED_IN),
    "surprise": Page(SIGNED_IN),
    "cancel": Page(NO, CHANGE, of="queued"),
    "retry": Page(NO, CHANGE, of="failed"),
    "answer": Page(CHANGED_READ, of="unusable"),
    "cancel_all": Page(NO, CHANGE, of="submission"),
    "retry_failed": Page(NO, CHANGE, of="submission"),
    # The gallery
    "gallery": Page(SIGNED_IN),
    "arriving_pictures": Page(SIGNED_IN, query="seen={picture}.9"),
    "new_pictures": Page(SIGNED_IN, query="than=0&shown=9"),
    "gallery_bulk": Page(NO, SAVE, data={"action": "star", "ids": "{picture}"}),
    "gallery_count": Page(SIGNED_IN),
    "gallery_days": Page(SIGNED_IN),
    "gallery_names": Page(SIGNED_IN, args=("tag",)),
    "gallery_bin": Page(SIGNED_IN),
    "binned_thumbnail": Page(READ, of="binned"),
    "gallery_restore": Page(NO, MAKE, data={"ids": "{picture}"}),
    "gallery_view_save": Page(NO, SAVE, data={"name": "Pigs", "query": "text=pig"}),
    "gallery_view_rename": Page(NO, OWN, of="view", data={"name": "Better"}),
    "gallery_view_delete": Page(NO, OWN, of="view"),
    "collections": Page(SIGNED_IN),
    "collection_create": Page(NO, MAKE, data={"name": "Worst"}),
    "collection_rename": Page(NO, CHANGE, of="collection", data={"name": "Better"}),
    "collection_delete": Page(NO, CHANGE, of="collection"),
    "collection_restore": Page(NO, CHANGE, of="collection"),
    "examples": Page(NO, MAKE),
    "export": Page(NO, (LOGIN, 302, 200, 200, 200, 302), data={"all": "1", "download": "1"}),
    "transfer_many": Page(NO, (LOGIN, 302, 403, 200, 200, 302), data={"ids": "{picture}"}),
    "compare": Page(READ, query="ids={picture},{second}"),
    "picture": Page(READ, of="picture"),
    "picture_details": Page(READ, of="picture"),
    "picture_file": Page(READ, of="picture"),
    "picture_thumbnail": Page(READ, of="picture"),
    "picture_download": Page(READ, of="picture"),
    "picture_with_memory": Page(READ, of="picture"),
    "rerun": Page(NO, CHANGE, of="picture"),
    "rerun_pictures": Page(NO, CHANGE, data={"pictures": "{picture},{second}"}),
    "delete_picture": Page(NO, CHANGE, of="picture"),
    "restore_picture": Page(NO, CHANGE, of="picture"),
    "picture_star": Page(NO, LOOK, of="picture", data={"on": "1"}),
    "picture_rate": Page(NO, LOOK, of="picture", data={"stars": "4"}),
    "picture_tag": Page(NO, CHANGE, of="picture", data={"name": "pink"}),
    "picture_untag": Page(NO, CHANGE, of="picture", data={"tag": "{tag}"}),
    "picture_collect": Page(NO, CHANGE, of="picture", data={"name": "Best"}),
    "picture_uncollect": Page(NO, CHANGE, of="picture", data={"collection": "{collection}"}),
    "transfer": Page(CHANGED_READ, CHANGED_WRONG, of="picture", data={"team": "0"}),
    "picture_comment": Page(NO, LOOK, of="picture", data={"text": "Nice"}),
    "comment_delete": Page(NO, OWNED, of="comment"),
    "comment_restore": Page(NO, OWNED, of="comment"),
    "picture_pick": Page(NO, CHANGE, of="picture", data={"pick": "picked"}),
    "review": Page(SIGNED_IN),
    "picture_share": Page(CHANGED_READ, CHANGED_READ, of="picture"),
    "collection_share": Page(CHANGED_READ, CHANGED_READ, of="collection"),
    "experiment_share": Page(CHANGED_READ, CHANGED_READ, of="experiment"),
    "shares": Page(SIGNED_IN),
    "revoke_share": Page(NO, CHANGE, of="share"),
    # For whoever has a link; these have none
    "shared": Page(always(404), NO_FOR_ALL, args=BAD_LINK),
    "shared_card": Page(always(404), NO_FOR_ALL, args=BAD_LINK),
    "shared_picture": Page(always(404), NO_FOR_ALL, args=(*BAD_LINK, "1")),
    "shared_file": Page(always(404), NO_FOR_ALL, args=(*BAD_LINK, "1")),
    "shared_thumbnail": Page(always(404), NO_FOR_ALL, args=(*BAD_LINK, "1")),
    # Experiments
    "experiments": Page(SIGNED_IN),
    "new_experiment": Page(
        (LOGIN, 200, 403, 200, 200, 200), MAKE, data={**GRID, "token": "x" * 43}
    ),
    "preview_experiment": Page(NO, (LOGIN, 200, 403, 200, 200, 200), data=GRID),
    "race": Page(NO, MAKE, data={**PROMPT, "token": "r" * 43}),
    "race_picture": Page(NO, CHANGE, of="picture"),
    "experiment": Page(READ, of="experiment"),
    "experiment_wait": Page(READ, of="experiment", query="seen={cell}.9"),
    "pause_experiment": Page(NO, CHANGE, of="experiment"),
    "resume_experiment": Page(NO, CHANGE, of="experiment"),
    "cancel_experiment": Page(NO, CHANGE, of="experiment"),
    "retry_cells": Page(NO, CHANGE, of="experiment"),
    "run_cells_anyway": Page(NO, CHANGE, of="experiment", data={"cell": "0"}),
    "rename_experiment": Page(NO, CHANGE, of="experiment", data={"name": "Better"}),
    "delete_experiment": Page(NO, CHANGE, of="experiment"),
    "experiment_poster": Page(READ, of="experiment"),
    "experiment_choose": Page(
        READ, (LOGIN, 404, 302, 302, 302, 404), of="experiment", data={"choice": "neither"}
    ),
    "experiment_ranking": Page(READ, of="experiment"),
    "restore_experiment": Page(NO, CHANGE, of="binned experiment"),
    # The library
    "styles": Page(SIGNED_IN, MAKE, data={"name": "Fog", "positive_prompt": "{prompt}, fog"}),
    "style_starters": Page(NO, MAKE),
    "style": Page(
        CHANGED_READ, CHANGE, of="style", data={"name": "A", "positive_prompt": "{prompt}!"}
    ),
    "style_delete": Page(NO, CHANGE, of="style"),
    "style_restore": Page(NO, (LOGIN, *(404,) * 5), of="style"),
    "word_lists": Page(SIGNED_IN, MAKE, data={"name": "weather", "words": "rain"}),
    "word_list": Page(CHANGED_READ, CHANGE, of="list", data={"name": "animals", "words": "a pig"}),
    "word_list_delete": Page(NO, CHANGE, of="list"),
    "word_list_restore": Page(NO, (LOGIN, *(404,) * 5), of="list"),
    # The sandbox's API: without a key it answers 401, whoever asks
    "sandbox": Page(PUBLIC, always(401), csrf=False),
    "sandbox_api": Page(always(405), always(401), args=("xl",), csrf=False),
    # People and teams
    "account": Page(SIGNED_IN, SAVE, data={"name": "Somebody"}),
    "delete_account": Page(CONFIRMED, CONFIRMED),
    "export_mine": Page(NO, SIGNED_IN),
    "usage": Page(SIGNED_IN, NO),
    "usage_file": Page(SIGNED_IN, NO),
    "budget": Page((LOGIN, 200, 403, 403, 200, 200), MANAGE, data={"team": "500"}),
    "team": Page(SIGNED_IN),
    "create_team": Page(NO, SAVE, data={"name": "Barn"}),
    "team_history": Page((LOGIN, 200, 403, 403, 200, 200)),
    "switch_team": Page(NO, LOOK, of="team"),
    "rename_team": Page(NO, OWNED, of="team", data={"name": "Barn"}),
    "leave_team": Page(NO, LOOK, of="team"),
    "delete_team": Page(
        (LOGIN, 404, 403, 403, CONFIRM, 404), (LOGIN, 404, 403, 403, CONFIRM, 404), of="team"
    ),
    "restore_team": Page(NO, OWN, of="deleted team"),
    "invite": Page(
        (LOGIN, 404, 403, 403, 200, 404),
        (LOGIN, 404, 403, 403, 200, 404),
        of="team",
        data={"role": "viewer", "days": "7"},
    ),
    "change_role": Page(NO, OWNED, of="member", data={"role": "editor"}),
    "remove_member": Page(NO, OWNED, of="member"),
    "revoke_invitation": Page(NO, OWNED, of="invitation"),
    "invitation": Page(always(404), always(404), args=BAD_LINK),
    "notices": Page(SIGNED_IN),
    "read_notices": Page(NO, SAVE, data={"newest": "{notice}"}),
    "choose_notices": Page(NO, SAVE, data={"told": "mentioned"}),
    "open_notice": Page(NO, OWN, of="notice"),
    "api_key": Page(SIGNED_IN, (LOGIN, 302, 403, 403, 302, 302), data=A_KEY),
    "replace_api_key": Page(MANAGE_CONFIRMED, NO),
    "remove_api_key": Page(NO, MANAGE_CONFIRMED),
    "resume_api_key": Page(NO, MANAGE),
    # allauth
    "account_login": Page(STRANGERS, STRANGERS),
    "account_signup": Page(STRANGERS, STRANGERS),
    "account_logout": Page((302, *(200,) * 5), AWAY),
    "account_inactive": Page(PUBLIC, NO_FOR_ALL),
    "account_reauthenticate": Page(SIGNED_IN, SIGNED_IN, data={"password": "wrong-password"}),
    "account_email": Page(SIGNED_IN, CONFIRMED, data={"email": "x@example.com", "action_add": ""}),
    "account_email_verification_sent": Page(PUBLIC, NO_FOR_ALL),
    "account_confirm_email": Page(PUBLIC, always(404), args=BAD_LINK),
    "account_change_password": Page(SIGNED_IN, SIGNED_IN, data={"oldpassword": "wrong-password"}),
    "account_set_password": Page(SAVE, SAVE),
    "account_reset_password": Page(PUBLIC, AWAY, data={"email": "nobody@example.com"}),
    "account_reset_password_done": Page(PUBLIC, NO_FOR_ALL),
    "account_reset_password_from_key": Page(PUBLIC, PUBLIC, args=("abc", "no-such-key")),
    "account_reset_password_from_key_done": Page(PUBLIC, NO_FOR_ALL),
    "account_confirm_login_code": Page(AWAY, AWAY),
    "mfa_index": Page(SIGNED_IN, NO),
    "mfa_authenticate": Page(AWAY, AWAY),
    "mfa_reauthenticate": Page(CONFIRMED, CONFIRMED),
    "mfa_activate_totp": Page(CONFIRMED, CONFIRMED),
    "mfa_deactivate_totp": Page((LOGIN, *(404,) * 5), (LOGIN, *(404,) * 5)),
    "mfa_view_recovery_codes": Page((LOGIN, *(404,) * 5), (LOGIN, *(405,) * 5)),
    "mfa_generate_recovery_codes": Page(CONFIRMED, CONFIRMED),
    "mfa_download_recovery_codes": Page((LOGIN, *(404,) * 5), (LOGIN, *(404,) * 5)),
    "mfa_list_webauthn": Page(SIGNED_IN, NO),
    "mfa_add_webauthn": Page(CONFIRMED, CONFIRMED),
    "mfa_edit_webauthn": Page(CONFIRMED, CONFIRMED, args=("1",)),
    "mfa_remove_webauthn": Page(CONFIRMED, CONFIRMED, args=("1",)),
    "mfa_login_webauthn": Page(AWAY, AWAY),
    "mfa_reauthenticate_webauthn": Page(CONFIRMED, CONFIRMED),
    "usersessions_list": Page(SIGNED_IN, SAVE),
}

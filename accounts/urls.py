"""Addresses of people, teams and their API keys."""

from django.urls import path

from .views import account, api_key, deletion, invitations, leaving, notices, passkeys, teams

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/delete/", leaving.delete_account, name="delete_account"),
    path("team/", teams.team, name="team"),
    path("team/new/", teams.create_team, name="create_team"),
    path("team/history/", teams.team_history, name="team_history"),
    path("teams/<int:pk>/switch/", teams.switch_team, name="switch_team"),
    path("teams/<int:pk>/rename/", teams.rename_team, name="rename_team"),
    path("teams/<int:pk>/leave/", teams.leave_team, name="leave_team"),
    path("teams/<int:pk>/delete/", deletion.delete_team, name="delete_team"),
    path("teams/<int:pk>/restore/", deletion.restore_team, name="restore_team"),
    path("teams/<int:pk>/invite/", invitations.invite, name="invite"),
    path("members/<int:pk>/role/", teams.change_role, name="change_role"),
    path("members/<int:pk>/remove/", teams.remove_member, name="remove_member"),
    path("invitations/<int:pk>/revoke/", invitations.revoke_invitation, name="revoke_invitation"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_notices, name="read_notices"),
    path("notices/choose/", notices.choose_notices, name="choose_notices"),
    path("notices/<int:pk>/open/", notices.open_notice, name="open_notice"),
    path("team/api-key/", api_key.api_key, name="api_key"),
    path("team/api-key/replace/", api_key.replace_api_key, name="replace_api_key"),
    path("team/api-key/remove/", api_key.remove_api_key, name="remove_api_key"),
    path("team/api-key/resume/", api_key.resume_api_key, name="resume_api_key"),
    # In front of allauth's own, which stand at the same addresses.
    path("accounts/2fa/webauthn/add/", passkeys.add_passkey, name="mfa_add_webauthn"),
    path("accounts/2fa/webauthn/login/", passkeys.login_with_passkey, name="mfa_login_webauthn"),
    path(
        "accounts/2fa/webauthn/reauthenticate/",
        passkeys.reauthenticate_with_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
]

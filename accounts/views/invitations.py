"""Inviting somebody, and what somebody sees who has got the link."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitations
from accounts.access import managed_invitation, owning_membership_in, person, switch
from accounts.context import sends_mail
from accounts.forms import InvitationForm
from accounts.invitations import Made
from accounts.models import Invitation
from accounts.teams import NotPossible

logger = logging.getLogger(__name__)

RATES = {"invite": "60/h/user", "guess": "20/m/ip"}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for an invitation; or make one, and send it or show its link, this once."""
    membership = owning_membership_in(request, pk)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, app="accounts", action="invite", config=RATES):
            return _too_fast(request)
        try:
            made = invitations.invite(team=membership.team, by=person(request), **form.cleaned_data)
        except NotPossible as problem:
            form.add_error("email" if form.cleaned_data["email"] else None, str(problem))
        else:
            return _handed_over(request, made)
    context = {"team": membership.team, "form": form}
    return render(request, "accounts/invite.html", context, status=422 if form.errors else 200)


def _too_fast(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = ratelimit.respond_429(request)
    return response


def _handed_over(request: HttpRequest, made: Made) -> HttpResponse:
    """What has become of an invitation: it is on its way, or its link is here to be copied."""
    invitation = made.invitation
    if invitation.email and sends_mail():
        try:
            invitations.send(made)
        except (OSError, SMTPException) as error:
            logger.warning("invitation %s: no mail sent: %s", invitation.pk, type(error).__name__)
            messages.warning(request, "The mail could not be sent. Here is the link instead.")
        else:
            messages.success(request, f"The invitation to {invitation.email} is on its way.")
            return redirect("team")
    context = {
        "team": invitation.team,
        "invitation": invitation,
        "link": invitations.link(made.token),
    }
    return render(request, "accounts/invited.html", context)


@login_required
@require_POST
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    found = managed_invitation(request, pk)
    if invitations.revoke(invitation=found, by=person(request)):
        messages.success(request, "The invitation is taken back. Its link lets nobody in any more.")
    else:
        messages.info(request, "This invitation was not open any more.")
    return redirect("team")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation leads to, and a button; or join, or sign up or log in on the way."""
    found = invitations.find(token)
    if found is None:
        rate = {"app": "accounts", "action": "guess", "config": RATES, "limit_get": True}
        if not ratelimit.consume(request, **rate):
            return _too_fast(request)
        raise Http404("No such invitation.")
    if request.method == "POST" and not request.user.is_authenticated:
        return _on_the_way(request, found)
    if request.method == "POST":
        return _join(request, found)
    return _shown(request, found)


def _shown(request: HttpRequest, found: Invitation, problem: str = "") -> HttpResponse:
    user = person(request) if request.user.is_authenticated else None
    member = user and found.team.memberships.filter(user=user).exists()
    context = {
        "invitation": found,
        "team": found.team,
        "member": member,
        "may_sign_up": settings.SIGN_UP != "closed",
        "problem": problem or invitations.why_not(found, user),
    }
    return render(request, "accounts/invitation.html", context)


def _on_the_way(request: HttpRequest, found: Invitation) -> HttpResponse:
    if invitations.why_not(found):
        return _shown(request, found)
    invitations.carry(request, found)
    return redirect("account_login" if request.POST.get("way") == "login" else "account_signup")


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    try:
        membership = invitations.accept(invitation=found, by=person(request))
    except invitations.CannotAccept as problem:
        return _shown(request, found, str(problem))
    switch(request, membership.team)
    messages.success(request, invitations.welcome(membership))
    return redirect("gallery")

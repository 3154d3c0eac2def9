"""The form in which an owner sets what may be spent in a month."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.models import Membership, Team

CALLS_MAXIMUM = 10_000_000


class BudgetForm(forms.Form):
    """The team's calls a month, and each member's; an empty field is no bound."""

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data)
        self.team = team
        self.members = list(
            Membership.objects.filter(team=team).select_related("user").order_by("user__name", "pk")
        )
        self.fields["team"] = _calls("All members together", team.monthly_calls)
        for member in self.members:
            self.fields[f"member-{member.pk}"] = _calls(str(member.user), member.monthly_calls)

    @property
    def for_members(self) -> list[tuple[Membership, forms.BoundField]]:
        return [(member, self[f"member-{member.pk}"]) for member in self.members]

    def changes(self) -> list[tuple[Team | Membership, int | None]]:
        """What differs from what stands, with the new number of calls or None."""
        holders: list[tuple[str, Team | Membership]] = [("team", self.team)]
        holders += [(f"member-{member.pk}", member) for member in self.members]
        return [
            (holder, self.cleaned_data[name])
            for name, holder in holders
            if self.cleaned_data[name] != holder.monthly_calls
        ]


def _calls(label: str, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        initial=initial,
        validators=[MinValueValidator(0), MaxValueValidator(CALLS_MAXIMUM)],
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "No bound"}
        ),
    )

"""What a link shows and for how long it works."""

from __future__ import annotations

from django import forms

from .links import DAYS

FOR_EVER = ""
CHOICES = [(str(days), "1 day" if days == 1 else f"{days} days") for days in DAYS]


class ShareForm(forms.Form):
    shows_prompt = forms.BooleanField(label="With its prompt", required=False, initial=True)
    shows_seed = forms.BooleanField(label="With its seed", required=False, initial=True)
    days = forms.TypedChoiceField(
        label="It works for",
        choices=[*CHOICES, (FOR_EVER, "As long as nobody takes it back")],
        coerce=int,
        empty_value=None,
        required=False,
        initial="30",
    )

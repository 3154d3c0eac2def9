"""The forms of styles and word lists."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms

from accounts.models import Team

from ..models import Style, WordList
from .styles import PLACE
from .word_lists import LINE_LENGTH, LINES_MAXIMUM, NAME, tidy_words


class NamedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form for something that has a name of its own in its team."""

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        others = self._meta.model.objects.filter(team=self.team, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"There is one called “{name}” already.")
        return name


class StyleForm(NamedForm):
    class Meta:
        model = Style
        fields = ("name", "positive_prompt", "negative_prompt")
        labels: ClassVar = {"positive_prompt": "Prompt", "negative_prompt": "Avoid"}
        help_texts: ClassVar = {
            "positive_prompt": "Write {prompt} where the rest of the prompt goes.",
            "negative_prompt": "Joins what is typed under “Avoid”. FLUX ignores it.",
        }
        widgets: ClassVar = {
            "positive_prompt": forms.Textarea(attrs={"rows": 3}),
            "negative_prompt": forms.Textarea(attrs={"rows": 2}),
        }

    def clean_positive_prompt(self) -> str:
        text = str(self.cleaned_data["positive_prompt"]).replace("\r\n", "\n").strip()
        if PLACE not in text:
            raise forms.ValidationError("Write {prompt} where the rest of the prompt goes.")
        if text.count(PLACE) > 1:
            raise forms.ValidationError("Write {prompt} only once.")
        return text

    def clean_negative_prompt(self) -> str:
        return str(self.cleaned_data["negative_prompt"]).replace("\r\n", "\n").strip()


class WordListForm(NamedForm):
    class Meta:
        model = WordList
        fields = ("name", "words")
        labels: ClassVar = {"words": "Words"}
        help_texts: ClassVar = {
            "name": "Letters, digits, - and _. A prompt takes its words by __name__.",
            "words": "One a line: a word, or several that belong together.",
        }
        widgets: ClassVar = {"words": forms.Textarea(attrs={"rows": 8})}
        error_messages: ClassVar = {"name": {"invalid": "Use only letters, digits, - and _."}}

    def clean_name(self) -> str:
        name = super().clean_name()
        if not re.fullmatch(NAME, name):
            raise forms.ValidationError("Put single _ only, and between other characters.")
        return name

    def clean_words(self) -> str:
        lines = tidy_words(str(self.cleaned_data["words"]))
        if not lines:
            raise forms.ValidationError("Enter at least one word.")
        if len(lines) > LINES_MAXIMUM:
            raise forms.ValidationError(
                f"These are {len(lines):,} lines; at most {LINES_MAXIMUM} fit."
            )
        longest = max(len(line) for line in lines)
        if longest > LINE_LENGTH:
            raise forms.ValidationError(
                f"The longest line has {longest:,} characters; at most {LINE_LENGTH} fit."
            )
        return "\n".join(lines)

"""The playground's form. Its fields, their checks and help texts follow from the table."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorDict

from .imagepig.endpoints import TABLE, Endpoint, all_parameters
from .imagepig.parameters import SEED_MAXIMUM, Choice, InvalidValue, Parameter, Text, WholeNumber
from .library import Shelf, Wording, avoiding, worded
from .library.wording import as_template
from .models import Style, Upstream

COUNT_MAXIMUM = 8
COUNT = WholeNumber(
    name="count",
    label="Pictures",
    help="A fixed seed counts up: 7, 8, 9 …",
    minimum=1,
    maximum=COUNT_MAXIMUM,
)
"""How many pictures a click makes: the playground's own, read as the API's numbers are."""
TOKEN = re.compile(r"\A[\w-]{16,43}\Z", re.ASCII)


class ParameterField(forms.Field):
    """A form field for one of the API's parameters."""

    def __init__(self, parameter: Parameter, *, checked: bool) -> None:
        self.parameter = parameter
        self.checked = checked
        super().__init__(
            label=parameter.label,
            help_text=parameter.help,
            required=parameter.required and checked,
            widget=widget_of(parameter),
            error_messages={"required": "Say what you want to see."},
        )

    def clean(self, value: Any) -> str | int | None:
        """The value to send; None where the API or the playground is to choose one."""
        if not self.checked:
            return None
        text = (super().clean(value) or "").strip()
        if not text and not self.required and not isinstance(self.parameter, Choice):
            return self.parameter.absent
        try:
            return self.parameter.parse(text)
        except InvalidValue as error:
            raise forms.ValidationError(str(error)) from None

    def endpoints(self) -> list[Endpoint]:
        return [each for each in TABLE.values() if each.parameter(self.parameter.name)]

    @property
    def only_for(self) -> str:
        """ "FLUX", "Default and XL": the endpoints that know it; empty where all do."""
        known = [endpoint.label for endpoint in self.endpoints()]
        return "" if len(known) == len(TABLE) else " and ".join(known)


class CountField(forms.IntegerField):
    """How many pictures, by the same reading as the bill's (`COUNT`)."""

    def __init__(self) -> None:
        super().__init__(
            label=COUNT.label,
            help_text=COUNT.help,
            min_value=COUNT.minimum,
            max_value=COUNT.maximum,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )

    def to_python(self, value: object) -> int:
        try:
            return COUNT.parse(str(value or ""))
        except InvalidValue as error:
            raise forms.ValidationError(str(error)) from None


class UpstreamField(forms.ChoiceField):
    """Where pictures are made, and what that means for the bill."""

    def __init__(self) -> None:
        super().__init__(
            label="Generate with",
            help_text="Image Pig costs calls, the sandbox nothing.",
            choices=Upstream.choices,
            widget=forms.RadioSelect,
        )


class DescribedRadios(forms.RadioSelect):
    """Radio buttons of which each has words of its own: what has its id and "_summary"."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_summary"
        return option


def widget_of(parameter: Parameter) -> forms.Widget:
    match parameter:
        case Text(max_length=length):
            rows = 4 if parameter.required else 2
            # No maxlength: a browser would cut a pasted prompt short without a word.
            return forms.Textarea(attrs={"rows": rows, "data-max-length": length})
        case Choice(options=options):
            return forms.RadioSelect(choices=[(each.value, each.label) for each in options])
        case WholeNumber(default=default):
            placeholder = "random" if default is None else str(default)
            # Not type=number: browsers round what they take for a number.
            return forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "autocomplete": "off",
                    "placeholder": placeholder,
                    "spellcheck": "false",
                }
            )
        case _:
            raise TypeError(f"No field for {type(parameter).__name__}.")


class OnceForm(forms.Form):
    """A form whose click counts once, however often it is sent: by a token that comes with it."""

    token = forms.RegexField(TOKEN, max_length=43, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if "token" not in self.cleaned_data:
            # Nobody sees that field, and the form comes back with a good one.
            self.add_error(
                None,
                "Nothing was generated, because this page was old or had not arrived whole. All "
                "that you typed is still here: just press the button again.",
            )
        return self.cleaned_data

    @property
    def good_token(self) -> str:
        """The token that came with the form; a new one where none came that is any."""
        typed = self._typed("token")
        return typed if TOKEN.fullmatch(typed) else new_token()

    def _typed(self, name: str) -> str:
        """What is typed in a field at the moment, as a parameter reads it."""
        typed = self.data.get(name) if self.is_bound else self.initial.get(name)
        return str(typed or "").replace("\r\n", "\n").strip()


class GenerationForm(OnceForm):
    """What to generate: where, with which endpoint and parameters, and how many."""

    upstream = UpstreamField()
    count = CountField()
    most = COUNT_MAXIMUM

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        has_key: bool,
        shelf: Shelf | None = None,
        said: Mapping[str, str] | None = None,
        **kwargs: Any,
    ):
        """`said` is what the API said of the values that an unsent form starts from, by field."""
        super().__init__(data, **kwargs)
        self.has_key = has_key
        self.shelf = shelf
        if shelf and shelf.styles:
            self.fields["style"] = forms.ChoiceField(
                label="Style",
                help_text="A style puts words of its own round your prompt.",
                required=False,
                choices=[("", "No style"), *((str(each.pk), each.name) for each in shelf.styles)],
                error_messages={"invalid_choice": "This style is no longer there."},
            )
        # The picture whose record the form was filled in from; whoever may see it decides the view.
        self.fields["from"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if not has_key:
            del self.fields["upstream"]
        self.fields["endpoint"] = forms.ChoiceField(
            label="Endpoint",
            choices=[(each.key, each.label) for each in TABLE.values()],
            widget=DescribedRadios,
            error_messages={"required": "Choose an endpoint."},
        )
        known = self.chosen_endpoint
        for parameter in all_parameters().values():
            # What this endpoint does not know is kept as typed, neither checked nor sent.
            checked = known.parameter(parameter.name) is not None
            self.fields[parameter.name] = ParameterField(parameter, checked=checked)
        if said:
            self._errors = ErrorDict()
            for name, words in said.items():
                at = name if name in self.fields else NON_FIELD_ERRORS
                self._errors.setdefault(at, self.error_class()).append(words)

    @property
    def chosen_endpoint(self) -> Endpoint:
        """The endpoint that is chosen at the moment; the first one where none is."""
        chosen = self.data.get("endpoint") if self.is_bound else self.initial.get("endpoint")
        return TABLE.get(str(chosen)) or next(iter(TABLE.values()))

    @property
    def chosen_upstream(self) -> Upstream:
        """Where the pictures are made, as chosen at the moment."""
        if not self.has_key:
            return Upstream.SANDBOX
        chosen = self.data.get("upstream") if self.is_bound else self.initial.get("upstream")
        return Upstream.SANDBOX if chosen == Upstream.SANDBOX else Upstream.IMAGEPIG

    @property
    def chosen_count(self) -> int:
        """How many pictures are asked for at the moment; 1 where that is no number from 1 to 8."""
        try:
            return COUNT.parse(self._typed("count"))
        except InvalidValue:
            return 1

    @cached_property
    def chosen_style(self) -> Style | None:
        return self.shelf.style(self._typed("style")) if self.shelf else None

    @cached_property
    def wording(self) -> Wording:
        """What the prompt comes to, as typed at the moment."""
        typed = self._typed("positive_prompt")
        return worded(typed, self.shelf, self.chosen_style, COUNT_MAXIMUM)

    @property
    def sent_negative(self) -> str:
        """What will be avoided, where the style adds to it; empty where it does not."""
        known = self.chosen_endpoint.parameter("negative_prompt")
        adds = known and self.chosen_style and self.chosen_style.negative_prompt
        return avoiding(self.chosen_style, self._typed("negative_prompt")) if adds else ""

    @property
    def as_template(self) -> str:
        """The prompt with its style, for the form of an experiment."""
        return as_template(self.wording.typed, self.chosen_style)

    @property
    def pictures(self) -> int:
        """How many pictures the click asks for."""
        return self.chosen_count * self.wording.total

    @property
    def many_in_words(self) -> str:
        return in_words(self.pictures)

    @property
    def too_many(self) -> bool:
        return self.pictures > COUNT_MAXIMUM

    @property
    def calls(self) -> int:
        """How many calls the click will count as."""
        if self.chosen_upstream == Upstream.SANDBOX:
            return 0
        return self.pictures * self.chosen_endpoint.calls

    @property
    def values(self) -> dict[str, Any]:
        """API attribute → value, of the chosen endpoint's parameters; what says nothing is out.

        Of several prompts it has the first: `wording` has them all.
        """
        values = {
            each.name: self.cleaned_data[each.name]
            for each in self.chosen_endpoint.parameters
            if self.cleaned_data.get(each.name) is not None
        }
        values["positive_prompt"] = self.wording.prompts[0]
        if self.sent_negative:
            values["negative_prompt"] = self.sent_negative
        return values

    def clean(self) -> dict[str, Any]:
        super().clean()
        seed, count = self.cleaned_data.get("seed"), self.cleaned_data.get("count")
        if isinstance(seed, int) and count and seed + count - 1 > SEED_MAXIMUM:
            self.add_error(
                "seed",
                f"With {count} pictures the seed may be at most {SEED_MAXIMUM - count + 1}.",
            )
        if "positive_prompt" in self.cleaned_data:
            self._clean_wording()
        return self.cleaned_data

    def _clean_wording(self) -> None:
        if self.wording.problem:
            self.add_error("positive_prompt", self.wording.problem)
        elif not all(self.wording.prompts):
            self.add_error("positive_prompt", "One of these variations is empty.")
        elif self.too_many and "count" in self.cleaned_data:
            self.add_error(
                "positive_prompt",
                f"This asks for {self.many_in_words} pictures. Up to {COUNT_MAXIMUM} are "
                "made here at once; an experiment makes more.",
            )

    def main_fields(self) -> list[forms.BoundField]:
        """The fields of the chosen endpoint's parameters in the table's order.

        Three have places of their own: the prompt comes first, the seed stands beside the number of
        pictures, and what is seldom needed comes last.
        """
        return [
            self[each.name]
            for each in self.chosen_endpoint.parameters
            if each.name not in {"positive_prompt", "seed"} and not each.seldom
        ]

    def seldom_fields(self) -> list[forms.BoundField]:
        """The fields of the chosen endpoint's parameters that are seldom needed."""
        return [self[each.name] for each in self.chosen_endpoint.parameters if each.seldom]

    def seldom_open(self) -> bool:
        """Whether one of them holds something to see."""
        return any(
            field.errors or str(field.value() or "0") != "0" for field in self.seldom_fields()
        )

    def other_fields(self) -> list[forms.BoundField]:
        """The fields of parameters that only other endpoints know."""
        return [
            self[name] for name in all_parameters() if self.chosen_endpoint.parameter(name) is None
        ]

    def endpoint_options(self) -> list[tuple[forms.boundfield.BoundWidget, Endpoint]]:
        """Each endpoint with its radio button."""
        return list(zip(self["endpoint"], TABLE.values(), strict=True))


def in_words(number: int) -> str:
    """ "1,234"; beyond what anybody counts, "more than a million"."""
    return f"{number:,}" if number <= 1_000_000 else "more than a million"


def new_token() -> str:
    """A token that is good for one submission."""
    return secrets.token_urlsafe(24)


def blank(*, has_key: bool) -> dict[str, Any]:
    """What a form holds that nobody has typed in."""
    defaults = {
        each.name: each.default for each in all_parameters().values() if isinstance(each, Choice)
    }
    return {
        "upstream": Upstream.IMAGEPIG if has_key else Upstream.SANDBOX,
        "endpoint": next(iter(TABLE)),
        "count": 1,
        "token": new_token(),
        **defaults,
    }

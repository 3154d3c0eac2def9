"""The form of an experiment. Its fields follow from the table, as the playground's do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings

from ..forms import OnceForm, ParameterField, UpstreamField, new_token
from ..imagepig.endpoints import TABLE, InvalidRequest, all_parameters
from ..imagepig.parameters import Choice, InvalidValue, Parameter, Text, draw_seed
from ..models import Experiment, Generation, Upstream
from . import axes
from .grid import Cell, Grid, TooLarge, ignored, plan
from .layout import Layout
from .running import NAME_LENGTH, Known
from .variations import InvalidTemplate, Lists, literal

SEEDS_DRAWN = 20
PROMPTS_LENGTH = 8000
"""Characters of all prompts together, as they are typed."""
ONE_TEXT, A_LINE = "text", "lines"
SAME, LISTED, DRAWN = "same", "list", "random"
AXES = ("positive_prompt", "seed")
"""Parameters with fields of their own here; choices get boxes to tick, the rest is as it is."""


class Ticks(forms.MultipleChoiceField):
    """Some of a few choices: with more than one, an axis."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, name: str, choices: list[tuple[str, str]], label: str) -> None:
        self.api_name = name
        super().__init__(
            choices=choices,
            label=label,
            error_messages={"required": "Choose at least one."},
        )


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A cell before the click, with the picture that it will show without making one."""

    cell: Cell
    known: Generation | None


class ExperimentForm(OnceForm):
    """Which pictures to make, along which axes."""

    name = forms.CharField(
        max_length=NAME_LENGTH,
        required=False,
        label="Name",
        widget=forms.TextInput(attrs={"placeholder": "the prompt’s first words"}),
    )
    upstream = UpstreamField()
    prompt_mode = forms.ChoiceField(
        label="Read it as",
        choices=[(ONE_TEXT, "One prompt"), (A_LINE, "One a line")],
        widget=forms.RadioSelect,
    )
    seed_mode = forms.ChoiceField(
        label="Seeds",
        choices=[(SAME, "One random for all"), (LISTED, "These"), (DRAWN, "Some random")],
        widget=forms.RadioSelect,
    )
    seeds = forms.CharField(
        label="Which seeds",
        required=False,
        help_text="For example 7, 42 or 100-107.",
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )
    seed_count = forms.IntegerField(
        label="How many random seeds",
        required=False,
        min_value=1,
        max_value=SEEDS_DRAWN,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    anew = forms.BooleanField(required=False)
    """Whether what is there already is made once more."""
    confirmed = forms.BooleanField(required=False)
    agreed = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    """The calls that the page named before the click."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        has_key: bool,
        lists: Lists | None = None,
        find_known: Callable[[str, Grid], Known] | None = None,
        **kwargs: Any,
    ) -> None:
        """`find_known` gives the pictures of a grid that are there already, for an upstream."""
        super().__init__(data, **kwargs)
        self.has_key, self.lists, self.find_known = has_key, lists or {}, find_known
        self.grid: Grid | None = None
        self.known: Known = {}
        # The picture whose record the form was filled in from; whoever may see it decides the view.
        self.fields["from"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if not has_key:
            del self.fields["upstream"]
        endpoints = [(each.key, each.label) for each in TABLE.values()]
        self.fields["endpoint"] = Ticks("endpoint", endpoints, "Endpoints")
        for parameter in all_parameters().values():
            if isinstance(parameter, Choice):
                options = [(each.value, each.label) for each in parameter.options]
                self.fields[parameter.name] = Ticks(parameter.name, options, f"{parameter.label}s")
            elif parameter.name != "seed":
                self.fields[parameter.name] = ParameterField(roomy(parameter), checked=True)

    @property
    def chosen_upstream(self) -> str:
        """Where the pictures are made, as chosen at the moment."""
        chosen = self.data.get("upstream") if self.is_bound else self.initial.get("upstream")
        in_sandbox = not self.has_key or chosen == Upstream.SANDBOX
        return Upstream.SANDBOX if in_sandbox else Upstream.IMAGEPIG

    def clean(self) -> dict[str, Any]:
        """Lay the grid out: `grid` is there where all that was asked for fits."""
        super().clean()
        found = self._axes()
        if not self.errors:
            try:
                self.grid = plan(self.base, found)
            except TooLarge as error:
                self.add_error(None, str(error))
            except InvalidRequest as error:
                for name, message in error.problems.items():
                    self.add_error(name if name in self.fields else None, message)
        if self.grid and self.find_known:
            self.known = self.find_known(self.chosen_upstream, self.grid)
        self.found = found
        return self.cleaned_data

    def _axes(self) -> list[axes.Axis]:
        found = [
            axes.chosen(name, self.cleaned_data.get(name, []))
            for name in ("endpoint", *axes.choice_names())
        ]
        for name, field, read in (
            ("positive_prompt", "positive_prompt", self._prompts),
            ("seed", self._seed_field, self._seeds),
        ):
            try:
                found.append(axes.Axis(name, tuple(read())))
            except (InvalidTemplate, InvalidValue) as error:
                self.add_error(field, str(error))
        return [axis for axis in found if axis.values]

    @property
    def _seed_field(self) -> str:
        return "seed_count" if self.cleaned_data.get("seed_mode") == DRAWN else "seeds"

    def _prompts(self) -> list[axes.Value]:
        text = self.cleaned_data.get("positive_prompt") or ""
        a_line = self.cleaned_data.get("prompt_mode") == A_LINE
        return axes.prompts(text, self.lists, a_line=a_line)

    def _seeds(self) -> list[axes.Value]:
        mode = self.cleaned_data.get("seed_mode")
        if mode == LISTED:
            numbers = axes.seeds(self.cleaned_data.get("seeds", ""))
        elif mode == DRAWN:
            many = self.cleaned_data.get("seed_count")
            if many is None and "seed_count" not in self.errors:
                raise InvalidValue(f"Enter a whole number from 1 to {SEEDS_DRAWN}.")
            numbers = [draw_seed() for _ in range(many or 1)]
        else:
            numbers = [draw_seed()]
        return [axes.Value(str(number)) for number in numbers]

    @property
    def base(self) -> dict[str, Any]:
        """What all cells share, beside axes of one value: API attribute → value."""
        own = {"endpoint", *AXES, *axes.choice_names()}
        values = {name: self.cleaned_data.get(name) for name in all_parameters() if name not in own}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def common(self) -> dict[str, Any]:
        """The same with the axes of one value, for the record."""
        single = {axis.name: axis.values[0].value for axis in self.found if len(axis.values) == 1}
        return single | self.base

    @property
    def ignored(self) -> list[str]:
        """What some endpoints ignore, in sentences."""
        return ignored(self.base, self.found)

    @property
    def preview(self) -> Layout[PreviewCell] | None:
        """The grid as its page will lay it out; seeds that are yet to be drawn have no number."""
        if self.grid is None:
            return None
        drawn = self.cleaned_data.get("seed_mode") == DRAWN
        shown = [
            _unnamed(axis) if drawn and axis.name == "seed" else axis for axis in self.grid.axes
        ]
        known = self.shown_known
        cells = [PreviewCell(cell, known.get(cell.number)) for cell in self.grid.cells]
        return Layout(shown, cells)

    @property
    def shown_known(self) -> Known:
        """The pictures that are there already and will be shown, not made."""
        return {} if self.cleaned_data.get("anew") else self.known

    @property
    def making(self) -> list[Cell]:
        """The cells whose pictures the click has made."""
        cells = self.grid.requests if self.grid else []
        return [cell for cell in cells if cell.number not in self.shown_known]

    @property
    def calls(self) -> int:
        """How many calls the click will count as."""
        return self._calls_of(self.making)

    @property
    def known_calls(self) -> int:
        """How many calls making what is there already would count as."""
        cells = self.grid.requests if self.grid else []
        return self._calls_of([cell for cell in cells if cell.number in self.known])

    def _calls_of(self, cells: list[Cell]) -> int:
        if self.chosen_upstream == Upstream.SANDBOX:
            return 0
        return sum(cell.endpoint.calls for cell in cells)

    @property
    def asks(self) -> bool:
        """Whether it is so much that it wants to be confirmed."""
        return self.calls > settings.ASK_ABOVE_CALLS

    @property
    def agreed_to(self) -> bool:
        """Whether the person has seen what it counts as, and confirmed it where that is much."""
        confirmed = self.cleaned_data.get("confirmed") or not self.asks
        return bool(confirmed) and self.calls <= (self.cleaned_data.get("agreed") or 0)

    @property
    def title(self) -> str:
        """The name that was given, or the prompt's first words."""
        given: str = self.cleaned_data.get("name", "").strip()
        prompt: str = self.cleaned_data.get("positive_prompt") or ""
        return given or " ".join(prompt.split())[:NAME_LENGTH]

    def choice_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("endpoint", *axes.choice_names())]

    def seldom_fields(self) -> list[forms.BoundField]:
        return [self[each.name] for each in all_parameters().values() if each.seldom]

    def text_fields(self) -> list[forms.BoundField]:
        """The parameters that are the same for all cells and not seldom needed."""
        own = {*AXES, *axes.choice_names()}
        return [
            self[each.name]
            for each in all_parameters().values()
            if each.name not in own and not each.seldom
        ]


def roomy(parameter: Parameter) -> Parameter:
    """The prompt's field holds many prompts; each of them is checked when it is one."""
    if isinstance(parameter, Text) and parameter.name == "positive_prompt":
        return replace(parameter, max_length=PROMPTS_LENGTH)
    return parameter


def _unnamed(seeds: axes.Axis) -> axes.Axis:
    numbered = (axes.Value(f"random {number}") for number, _ in enumerate(seeds.values, start=1))
    return axes.Axis(seeds.name, tuple(numbered))


def blank(*, has_key: bool) -> dict[str, Any]:
    """What a form holds that nobody has filled in."""
    choices = {
        name: [each.default] for name, each in all_parameters().items() if isinstance(each, Choice)
    }
    return {
        "upstream": Upstream.IMAGEPIG if has_key else Upstream.SANDBOX,
        "endpoint": [next(iter(TABLE))],
        "prompt_mode": ONE_TEXT,
        "seed_mode": SAME,
        "seed_count": 3,
        "token": new_token(),
        **choices,
    }


def from_experiment(experiment: Experiment) -> dict[str, Any]:
    """A form's values for an experiment like an earlier one: its prompts as they were written."""
    spec = experiment.spec
    read = [axes.Axis.read(each) for each in spec["axes"]]
    found = {name: [axes.Value(value)] for name, value in spec["base"].items()}
    found |= {axis.name: list(axis.values) for axis in read}
    many = {"endpoint", *axes.choice_names()}
    values: dict[str, Any] = {
        name: [each.value for each in found[name]] if name in many else found[name][0].value
        for name in found
        if name in many or name not in AXES
    }
    prompts = found.get("positive_prompt", [])
    lines = list(dict.fromkeys(each.template or literal(each.value) for each in prompts))
    values |= {"positive_prompt": "\n".join(lines), "upstream": experiment.upstream}
    values |= {"prompt_mode": A_LINE if len(lines) > 1 else ONE_TEXT}
    if seeds := ", ".join(each.value for each in found.get("seed", [])):
        values |= {"seed_mode": LISTED, "seeds": seeds}
    return values


def from_record(values: Mapping[str, Any]) -> dict[str, Any]:
    """A form's values for an experiment from the playground's: a seed is kept, or drawn."""
    many = {"endpoint", *axes.choice_names()}
    taken = {name: [value] if name in many else value for name, value in values.items() if value}
    seed = str(taken.pop("seed", ""))
    if seed:
        taken |= {"seed_mode": LISTED, "seeds": seed}
    return taken

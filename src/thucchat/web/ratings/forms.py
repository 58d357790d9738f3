"""Forms of ratings."""

from dataclasses import replace
from typing import Any

from django import forms

from thucchat.engine.growth.rating import RuleSet
from thucchat.web.shared.forms import StyledForm


class PublishForm(StyledForm):
    """Why a run is to be published."""

    reason = forms.CharField(label="Lý do", max_length=300, min_length=5)


class ObjectionForm(StyledForm):
    """What is wrong with a rating."""

    text = forms.CharField(
        label="Số liệu nào chưa đúng, căn cứ", max_length=1000, widget=forms.Textarea({"rows": 3})
    )


class AnswerForm(StyledForm):
    """The answer to an objection."""

    answer = forms.CharField(label="Trả lời, căn cứ", max_length=1000, widget=forms.Textarea({"rows": 2}))


class RulesForm(StyledForm):
    """Weights, scales and classes of a rule set."""

    def __init__(self, *args: Any, starting: RuleSet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.starting = starting
        for one in starting.components:
            for name, label, value in (
                ("weight", "trọng số", one.weight),
                ("zero", "0 điểm khi", one.zero),
                ("full", "100 điểm khi", one.full),
            ):
                self._add(f"{name}_{one.code}", f"{one.name}: {label} ({one.unit})", value)
        for place, (name, least) in enumerate(starting.classes[:-1]):
            self._add(f"class_{place}", f"Mức “{name}”: từ (điểm)", least)
        self._add("fewest", "Ít nhất bao nhiêu học sinh thì xếp loại", starting.fewest)

    def _add(self, name: str, label: str, value: float) -> None:
        field = forms.FloatField(label=label, initial=value)
        field.widget.attrs |= {"class": "form-control", "step": "any"}
        self.fields[name] = field

    def rules(self) -> RuleSet:
        """The rule set as filled in; components of no weight are left out."""
        facts = self.cleaned_data
        parts = [
            replace(
                one,
                **{name: facts[f"{name}_{one.code}"] for name in ("weight", "zero", "full")},
            )
            for one in self.starting.components
        ]
        last = self.starting.classes[-1]
        classes = [
            (name, facts[f"class_{place}"]) for place, (name, _) in enumerate(self.starting.classes[:-1])
        ]
        return replace(
            self.starting,
            components=tuple(one for one in parts if one.weight),
            classes=(*classes, last),
            fewest=int(facts["fewest"]),
        )

"""Forms as the style sheet wants them."""

from typing import Any

from django import forms

CLASSES: dict[type[forms.Widget], str] = {
    forms.CheckboxInput: "form-check-input",
    forms.Select: "form-select",
    forms.SelectMultiple: "form-select",
}


class Styled(forms.BaseForm):
    """Gives every field the class of its kind."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", CLASSES.get(type(field.widget), "form-control"))


class StyledForm(Styled, forms.Form):
    """A plain form."""


class StyledModelForm(Styled, forms.ModelForm):  # type: ignore[type-arg]  # the model is named in each Meta
    """A form over a row."""


class Day(forms.DateInput):
    """A day, entered with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Because(StyledForm):
    """Every change of a person's or a unit's data says why."""

    reason = forms.CharField(label="Lý do thay đổi", max_length=300, min_length=5)

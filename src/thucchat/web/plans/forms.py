"""Forms of figures: the fields follow from the indicator's kind."""

from decimal import Decimal
from typing import Any

from django import forms

from thucchat.engine.planning.evaluation import AWARDS, Status
from thucchat.engine.planning.indicators import Indicator, Kind, Unit
from thucchat.engine.planning.reported import MOST, SCALES
from thucchat.web.plans.queries.measured import LABELS, called
from thucchat.web.shared.forms import StyledForm

WHEN = {"now": "năm nay", "before": "năm trước"}
SUBJECTS = (
    "toan", "van", "ngoai_ngu", "li", "hoa", "sinh", "su", "dia", "gdcd", "gdkt_pl", "tin_hoc",
    "cn_cong_nghiep", "cn_nong_nghiep",
)  # fmt: skip  # of the graduation exam


class YearForm(StyledForm):
    """Which school year is shown."""

    nam = forms.ChoiceField(label="Năm học", required=False)

    def __init__(self, *args: Any, years: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["nam"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(year, year) for year in years]


class UnitsForm(YearForm):
    """Which units of an indicator are shown."""

    trang_thai = forms.ChoiceField(
        label="Trạng thái",
        required=False,
        choices=[("", "Mọi trạng thái"), *((str(status), label) for status, label in LABELS.items())],
    )


class FigureForm(StyledForm):
    """One figure, and the document that carries it."""

    evidence = forms.CharField(label="Căn cứ: số, ngày, trích yếu của văn bản", max_length=300, min_length=5)

    def __init__(self, *args: Any, indicator: Indicator, **options: Any) -> None:
        super().__init__(*args, **options)
        self.indicator = indicator
        made = _fields(indicator)
        for field in made.values():
            field.widget.attrs["class"] = (
                "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            )
        self.fields = made | self.fields

    @property
    def counts(self) -> dict[str, Any]:
        """What was filled in, in the form of `engine.planning.reported`; blanks are left out."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "evidence"}
        if self.indicator.kind == Kind.EVIDENCE:
            return {"met": given["met"] == Status.MET}
        if self.indicator.kind not in {Kind.RISE, Kind.FALL}:
            return given
        pairs: dict[str, dict[str, str]] = {when: {} for when in WHEN}
        for name, value in given.items():
            when, _, subject = name.partition("_")
            if value is not None:
                pairs[when][subject] = str(value)
        return pairs


class RefusalForm(StyledForm):
    """Why a figure is not confirmed."""

    why = forms.CharField(label="Lí do không xác nhận", max_length=300, min_length=5)


def _fields(indicator: Indicator) -> dict[str, forms.Field]:
    match indicator.kind:
        case Kind.SHARE:
            return {"reached": _count("Số đạt"), "of": _count("Tổng số")}
        case Kind.RISE | Kind.FALL:
            return _pairs(indicator)
        case Kind.EVIDENCE:
            choices = [(str(Status.MET), "Đạt"), (str(Status.NOT_MET), "Chưa đạt")]
            return {"met": forms.ChoiceField(label="Kết luận từ minh chứng", choices=choices)}
    return {name: _count(called(name)) for name in indicator.members or AWARDS}


def _count(label: str) -> forms.Field:
    return forms.IntegerField(label=label[:1].upper() + label[1:], min_value=0, max_value=MOST)


def _pairs(indicator: Indicator) -> dict[str, forms.Field]:
    """A value of this year and one of the last; of subjects those that were held."""
    low, high = SCALES[indicator.unit]
    sign = "%" if indicator.unit == Unit.PERCENT else "điểm"
    found: dict[str, forms.Field] = {}
    for subject in SUBJECTS if indicator.per_subject else ("",):
        for when, label in WHEN.items():
            found[f"{when}_{subject}"] = forms.DecimalField(
                label=f"{called(subject) if subject else 'Giá trị'}, {label} ({sign})",
                required=not subject,
                min_value=Decimal(low),
                max_value=Decimal(high),
                decimal_places=4,
            )
    return found

"""Forms of exams and of files of results."""

from typing import Any, ClassVar

from django import forms

from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.exams.queries.cuts import AREAS, LABELS, Cut
from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Unit
from thucchat.web.org.queries.tree import units_visible_to
from thucchat.web.shared.forms import Day, StyledForm, StyledModelForm
from thucchat.web.shared.scope import WHOLE_PROVINCE

LEVELS = {Exam.Kind.GRADUATION: ["THPT", "GDTX"], Exam.Kind.ENTRANCE: ["THCS"]}


class ExamForm(StyledModelForm):
    """A new exam."""

    class Meta:
        model = Exam
        fields = ("kind", "name", "code", "year", "held_on")
        widgets: ClassVar = {"held_on": Day}
        help_texts: ClassVar = {
            "code": "Chữ không dấu, số và gạch nối, ví dụ tn-2025. Không đổi được về sau."
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [
            one for one in Exam.Kind.choices if one[0] != Exam.Kind.SURVEY
        ]  # those come from a campaign


class CampaignForm(StyledForm):
    """When a survey is held."""

    moment = forms.ChoiceField(label="Thời điểm", choices=Campaign.Moment.choices)
    opens_on = forms.DateField(label="Từ ngày", widget=Day())
    closes_on = forms.DateField(label="Đến hết ngày", widget=Day())


class FileForm(StyledForm):
    """A file to read."""

    file = forms.FileField(
        label="Tệp kết quả",
        help_text="Excel (.xlsx, .xls) hoặc CSV, tối đa 50 MB. Chưa ghi gì tới khi bạn duyệt.",
    )


class ApplyForm(StyledForm):
    """Writing a file that changes scores already written needs a reason."""

    reason = forms.CharField(label="Lí do đổi điểm đã ghi", max_length=300, min_length=5)


class UndoForm(StyledForm):
    """Taking a file back needs a reason."""

    reason = forms.CharField(label="Lí do hoàn tác", max_length=300, min_length=5)


class CutForm(StyledForm):
    """Which unit's results to show, and how they are compared."""

    def __init__(self, *args: Any, acting: Acting, exam: Exam, cut: Cut, **options: Any) -> None:
        super().__init__(*args, **options)
        units = units_visible_to(acting).open_on(exam.held_on)
        groups = [("", "Cả đơn vị của bạn")]
        rows = list(_places(units, exam).only("pk", "name", "kind"))
        areas = [(str(unit.pk), unit.name) for unit in rows if unit.kind in AREAS]
        schools = [(str(unit.pk), unit.name) for unit in rows if unit.kind == Unit.Kind.SCHOOL]
        choices = [*groups, ("Huyện, xã", areas), ("Trường", schools)]
        if acting.scope.path == WHOLE_PROVINCE or len(rows) > 1:
            self.fields["don-vi"] = forms.ChoiceField(
                label="Đơn vị", required=False, choices=[one for one in choices if one[1]]
            )
            self.initial["don-vi"] = str(cut.unit.pk)
        if cut.unit.kind == Unit.Kind.PROVINCE:
            self.fields["theo"] = forms.ChoiceField(
                label="So sánh", required=False, choices=[(name, label) for name, label in LABELS.items()]
            )
            self.initial["theo"] = cut.grouping
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


def _places(units: Any, exam: Exam) -> Any:
    levels = LEVELS.get(Exam.Kind(exam.kind))
    schools = units.filter(kind=Unit.Kind.SCHOOL)
    if levels:
        schools = schools.filter(levels__overlap=levels)
    return units.filter(kind__in=AREAS) | schools


class NationalForm(StyledForm):
    """Which province to place, and the target it has set itself."""

    tinh = forms.ChoiceField(label="Tỉnh", required=False)
    chi_tieu = forms.CharField(
        label="Chỉ tiêu", required=False, max_length=4, help_text="+3: tăng 3 bậc; 50: hạng 50 trở lên"
    )

    def __init__(self, *args: Any, provinces: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["tinh"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in provinces]

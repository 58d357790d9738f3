"""Forms of importing: the file, and what its columns are."""

from datetime import date
from typing import Any

from django import forms

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.people.forms import open_schools
from thucchat.web.people.importers.kinds import KINDS
from thucchat.web.people.models import ImportBatch
from thucchat.web.people.queries.visible import year_of
from thucchat.web.shared.forms import Day, StyledForm
from thucchat.web.shared.spreadsheets.checks import LARGEST_FILE, MEBIBYTE


class UploadForm(StyledForm):
    """A file, what it lists, and from which day it counts."""

    kind = forms.ChoiceField(label="Danh sách", choices=ImportBatch.Kind.choices)
    file = forms.FileField(
        label="Tệp",
        help_text=f"Excel (.xlsx, .xls) hoặc CSV, không quá {LARGEST_FILE // MEBIBYTE} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    school = forms.ModelChoiceField(
        label="Trường",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="Theo cột “Mã trường” trong tệp",
    )
    school_year = forms.ModelChoiceField(
        label="Năm học", queryset=SchoolYear.objects.order_by("-code"), empty_label=None
    )
    effective_on = forms.DateField(
        label="Áp dụng từ ngày",
        widget=Day,
        help_text="Danh sách đầu năm: chọn ngày đầu năm học. Giữa năm: chọn ngày thay đổi có hiệu lực.",
    )

    def __init__(self, *args: Any, acting: Acting, **options: Any) -> None:
        year = year_of(acting.day)
        options.setdefault("initial", {"school_year": year, "effective_on": _first_choice(year, acting.day)})
        super().__init__(*args, **options)
        school = self.fields["school"]
        assert isinstance(school, forms.ModelChoiceField)
        school.queryset = open_schools(acting)
        if acting.unit.is_school:
            del self.fields["school"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                f"Tệp vượt quá {LARGEST_FILE // MEBIBYTE} MB. Hãy chia nhỏ.", "file.size"
            )
        return file


def _first_choice(year: SchoolYear | None, today: date) -> date:
    return min(today, year.ends) if year else today


class MappingForm(StyledForm):
    """For each heading of the file, the field it is."""

    def __init__(self, *args: Any, batch: ImportBatch, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "Không dùng"), *((field.name, field.label) for field in KINDS[batch.kind].fields)]
        for place, column in enumerate(batch.content.columns):
            samples = "; ".join(str(sample) for sample in column["samples"]) or "không có giá trị"
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column["heading"],
                choices=choices,
                required=False,
                initial=column["field"] or column["guess"],
                help_text=f"Ví dụ: {samples[:120]}",
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        self.headings = [column["heading"] for column in batch.content.columns]

    @property
    def mapping(self) -> dict[str, str]:
        """Heading to field; empty for a column that is not used."""
        return {heading: self.cleaned_data[f"column-{place}"] for place, heading in enumerate(self.headings)}

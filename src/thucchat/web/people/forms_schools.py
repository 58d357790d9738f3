"""Forms of schools that merge, split or close."""

from typing import Any

from django import forms

from thucchat.web.org.forms import LEVELS
from thucchat.web.org.models import Unit
from thucchat.web.people.models import SchoolClass, Staff
from thucchat.web.shared.forms import Day, StyledForm


class SplitForm(StyledForm):
    """The new school, and who goes there."""

    name = forms.CharField(label="Tên trường mới", max_length=200)
    code = forms.CharField(label="Mã trường mới", max_length=20)
    school_type = forms.ChoiceField(label="Loại hình", choices=Unit.SchoolType.choices)
    levels = forms.MultipleChoiceField(label="Cấp học", choices=LEVELS, widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label="Từ ngày", widget=Day)
    decision = forms.CharField(label="Quyết định số, ngày", max_length=200, min_length=5)
    classes = forms.ModelMultipleChoiceField(
        SchoolClass.objects.none(), label="Lớp chuyển sang trường mới", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    staff = forms.ModelMultipleChoiceField(
        Staff.objects.none(), label="Cán bộ, giáo viên chuyển sang trường mới", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, school: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        classes, staff = self.fields["classes"], self.fields["staff"]
        assert isinstance(classes, forms.ModelMultipleChoiceField)
        assert isinstance(staff, forms.ModelMultipleChoiceField)
        latest = SchoolClass.objects.filter(school=school).order_by("-school_year").values("school_year")[:1]
        classes.queryset = SchoolClass.objects.filter(school=school, school_year__in=latest)
        staff.queryset = Staff.objects.filter(unit=school, left_on=None)

    def clean_code(self) -> str:
        """Codes are the ministry's: one school each."""
        code = str(self.cleaned_data["code"])
        if Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(f"Mã “{code}” đã là của một đơn vị khác.")
        return code

"""Forms and filters of pupils, staff and classes."""

from typing import Any, ClassVar

from django import forms

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Unit
from thucchat.web.people.models import Pupil, SchoolClass, Staff, Subject
from thucchat.web.people.queries.visible import staff_visible_to
from thucchat.web.shared.forms import Day, StyledForm, StyledModelForm
from thucchat.web.shared.scope import below

GRADES = [("", "Mọi khối"), *((str(grade), f"Khối {grade}") for grade in range(1, 13))]


def open_schools(acting: Acting) -> Any:
    """Schools at or below the user's place that exist today."""
    return Unit.objects.open_on(acting.day).filter(below(acting.scope.path), kind=Unit.Kind.SCHOOL)


class SchoolFilter(StyledForm):
    """The choice of a school, shown only to those who see several."""

    q = forms.CharField(label="Tên hoặc mã", required=False)
    truong = forms.ModelChoiceField(
        Unit.objects.none(), label="Trường", required=False, empty_label="Mọi trường"
    )

    def __init__(self, *args: Any, acting: Acting, **options: Any) -> None:
        super().__init__(*args, **options)
        school = self.fields["truong"]
        assert isinstance(school, forms.ModelChoiceField)
        school.queryset = open_schools(acting)
        if acting.unit.is_school or acting.scope.classes:
            del self.fields["truong"]


class PupilFilter(SchoolFilter):
    """Which pupils to list."""

    khoi = forms.ChoiceField(label="Khối", choices=GRADES, required=False)
    trang_thai = forms.ChoiceField(
        label="Trạng thái",
        choices=[("", "Đang học"), ("tat-ca", "Mọi trạng thái"), *Pupil.Status.choices[1:]],
        required=False,
    )


class ClassFilter(SchoolFilter):
    """Which classes to list."""

    khoi = forms.ChoiceField(label="Khối", choices=GRADES, required=False)
    nam_hoc = forms.ChoiceField(label="Năm học", required=False)

    def __init__(self, *args: Any, acting: Acting, **options: Any) -> None:
        super().__init__(*args, acting=acting, **options)
        years = self.fields["nam_hoc"]
        assert isinstance(years, forms.ChoiceField)
        # Counted from the calendar, which spares a query: a year that was never announced has no classes.
        codes = (f"{first}-{first + 1}" for first in range(acting.day.year, acting.day.year - 8, -1))
        years.choices = [("", "Năm học này"), *((code, code) for code in codes)]


class StaffFilter(SchoolFilter):
    """Which staff to list."""

    vi_tri = forms.ChoiceField(
        label="Vị trí", choices=[("", "Mọi vị trí"), *Staff.Position.choices], required=False
    )


class PupilForm(StyledModelForm):
    """What a school may change of a pupil."""

    class Meta:
        model = Pupil
        fields = (
            "full_name",
            "born_on",
            "sex",
            "ethnic",
            "personal_id",
            "birthplace",
            "address",
            "is_boarding",
            "is_poor",
            "has_disability",
        )
        widgets: ClassVar = {"born_on": Day}


class StaffForm(StyledModelForm):
    """What an office or a school may change of a member of staff."""

    class Meta:
        model = Staff
        fields = (
            "full_name",
            "born_on",
            "sex",
            "ethnic",
            "personal_id",
            "position",
            "team",
            "is_team_head",
            "is_core",
            "qualification",
        )
        widgets: ClassVar = {"born_on": Day}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Unit.objects.filter(parent=self.instance.unit_id, kind=Unit.Kind.TEAM)


class ClassForm(StyledModelForm):
    """A class's name and its homeroom teacher."""

    class Meta:
        model = SchoolClass
        fields = ("name", "homeroom")

    def __init__(self, *args: Any, acting: Acting, **options: Any) -> None:
        super().__init__(*args, **options)
        homeroom = self.fields["homeroom"]
        assert isinstance(homeroom, forms.ModelChoiceField)
        homeroom.queryset = staff_visible_to(acting).filter(unit=self.instance.school_id, left_on=None)


class TransferForm(StyledForm):
    """A pupil goes to another class, here or elsewhere."""

    class_code = forms.CharField(
        label="Mã lớp đến", max_length=40, help_text="Mã lớp do trường tiếp nhận cấp, xem ở trang của lớp."
    )
    on = forms.DateField(label="Từ ngày", widget=Day)


class LeaveForm(StyledForm):
    """A pupil leaves school."""

    on = forms.DateField(label="Từ ngày", widget=Day)


class AdmitForm(StyledForm):
    """A pupil who finished or left elsewhere is admitted; two facts show that the school knows him."""

    code = forms.CharField(label="Mã định danh của học sinh", max_length=20)
    born_on = forms.DateField(label="Ngày sinh", widget=Day)
    on = forms.DateField(label="Vào lớp từ ngày", widget=Day)


class AssignmentForm(StyledForm):
    """A teacher takes a subject of a class, wholly or in part, from a day."""

    subject = forms.ModelChoiceField(Subject.objects.none(), label="Môn")
    staff = forms.ModelChoiceField(Staff.objects.none(), label="Giáo viên")
    share = forms.DecimalField(
        label="Phần phụ trách (0–1)", max_digits=4, decimal_places=3, min_value=0, max_value=1, initial=1
    )
    on = forms.DateField(label="Từ ngày", widget=Day)

    def __init__(self, *args: Any, acting: Acting, school_class: SchoolClass, **options: Any) -> None:
        super().__init__(*args, **options)
        subject, staff = self.fields["subject"], self.fields["staff"]
        assert isinstance(subject, forms.ModelChoiceField)
        assert isinstance(staff, forms.ModelChoiceField)
        subject.queryset = Subject.objects.filter(grades__contains=[school_class.grade])
        staff.queryset = staff_visible_to(acting).filter(unit=school_class.school_id, left_on=None)

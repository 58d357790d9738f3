"""Forms of units, accounts and roles."""

from typing import Any, ClassVar

from django import forms

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Cluster, Role, SchoolYear, Unit
from thucchat.web.org.permissions import MAY_GIVE
from thucchat.web.org.queries.tree import units_visible_to
from thucchat.web.shared.forms import Day, StyledForm, StyledModelForm

LEVELS = [("MN", "Mầm non"), ("TH", "Tiểu học"), ("THCS", "THCS"), ("THPT", "THPT"), ("GDTX", "GDTX")]
# What may be founded below a unit.
BELOW: dict[Unit.Kind, tuple[Unit.Kind, ...]] = {
    Unit.Kind.PROVINCE: (Unit.Kind.SCHOOL, Unit.Kind.COMMUNE, Unit.Kind.DISTRICT),
    Unit.Kind.DISTRICT: (Unit.Kind.SCHOOL,),
    Unit.Kind.COMMUNE: (Unit.Kind.SCHOOL,),
    Unit.Kind.SCHOOL: (Unit.Kind.TEAM,),
}
NO_SCHOOL: dict[str, Any] = {"school_type": "", "levels": [], "is_key": False, "zone": None}


class UnitForm(StyledModelForm):
    """What may be changed of a unit."""

    class Meta:
        model = Unit
        fields = ("name", "school_type", "is_key", "zone")

    on = forms.DateField(label="Tên mới có hiệu lực từ ngày", widget=Day, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.is_school:
            for name in ("school_type", "is_key", "zone"):
                del self.fields[name]


class YearForm(StyledModelForm):
    """A school year; years follow one another."""

    class Meta:
        model = SchoolYear
        fields = ("code", "starts", "ends")
        widgets: ClassVar = {"starts": Day, "ends": Day}

    def clean(self) -> dict[str, Any] | None:
        """Two years that share a day would leave a class between them."""
        facts = super().clean() or {}
        starts, ends = facts.get("starts"), facts.get("ends")
        if starts and ends and SchoolYear.objects.filter(starts__lte=ends, ends__gte=starts).exists():
            self.add_error("starts", "Năm học này trùng ngày với một năm học đã có.")
        return facts


class FoundForm(StyledModelForm):
    """A new unit below another one."""

    class Meta:
        model = Unit
        fields = ("kind", "name", "code", "school_type", "levels", "is_key", "zone", "opened_on")
        widgets: ClassVar = {"opened_on": Day}

    levels = forms.MultipleChoiceField(
        label="Cấp học", choices=LEVELS, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, parent: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(one.value, one.label) for one in BELOW.get(Unit.Kind(parent.kind), ())]
        if parent.is_school:
            for name in ("school_type", "levels", "is_key", "zone"):
                del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        """A school has a type and levels; no other unit has."""
        facts = super().clean() or {}
        is_school = facts.get("kind") == Unit.Kind.SCHOOL
        if is_school and not (facts.get("school_type") and facts.get("levels")):
            self.add_error("school_type", "Trường cần có loại hình và ít nhất một cấp học.")
        if not is_school:
            facts |= {name: empty for name, empty in NO_SCHOOL.items() if name in facts}
        return facts


class ClusterForm(StyledModelForm):
    """A cluster of schools."""

    class Meta:
        model = Cluster
        fields = ("code", "name")


class MemberForm(StyledForm):
    """A school joins a cluster."""

    school = forms.ModelChoiceField(Unit.objects.none(), label="Trường")
    on = forms.DateField(label="Từ ngày", widget=Day)

    def __init__(self, *args: Any, acting: Acting, cluster: Cluster, **options: Any) -> None:
        super().__init__(*args, **options)
        school = self.fields["school"]
        assert isinstance(school, forms.ModelChoiceField)
        schools = units_visible_to(acting).open_on(acting.day).filter(kind=Unit.Kind.SCHOOL)
        school.queryset = schools.exclude(memberships__in=cluster.members.filter(days__upper_inf=True))


class MergeForm(StyledForm):
    """One unit goes on in another."""

    into = forms.ModelChoiceField(Unit.objects.none(), label="Sáp nhập vào")
    on = forms.DateField(label="Từ ngày", widget=Day)
    decision = forms.CharField(label="Quyết định số, ngày", max_length=200, min_length=5)

    def __init__(self, *args: Any, acting: Acting, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = units_visible_to(acting).open_on(acting.day).filter(kind=unit.kind).exclude(pk=unit.pk)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices


class MoveForm(StyledForm):
    """A unit gets another parent."""

    parent = forms.ModelChoiceField(Unit.objects.none(), label="Đơn vị cấp trên mới")
    on = forms.DateField(label="Từ ngày", widget=Day)
    decision = forms.CharField(label="Quyết định số, ngày", max_length=200, min_length=5)

    def __init__(self, *args: Any, acting: Acting, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = (Unit.Kind.PROVINCE, Unit.Kind.DISTRICT, Unit.Kind.COMMUNE)
        choices = units_visible_to(acting).open_on(acting.day).filter(kind__in=kinds).exclude(pk=unit.pk)
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices


class CloseForm(StyledForm):
    """A unit ends."""

    on = forms.DateField(label="Giải thể từ ngày", widget=Day)
    decision = forms.CharField(label="Quyết định số, ngày", max_length=200, min_length=5)


class AccountForm(StyledForm):
    """A new account, or a new role of an old one."""

    username = forms.CharField(label="Tên đăng nhập", max_length=60)
    full_name = forms.CharField(label="Họ và tên", max_length=100)
    staff_code = forms.CharField(label="Mã cán bộ", max_length=20, required=False)
    role = forms.ChoiceField(label="Vai trò")
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Tại đơn vị")

    def __init__(self, *args: Any, acting: Acting, **options: Any) -> None:
        super().__init__(*args, **options)
        given = [role for role in Role if role in MAY_GIVE.get(acting.role, frozenset())]
        role, unit = self.fields["role"], self.fields["unit"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(unit, forms.ModelChoiceField)
        role.choices = [(choice.value, choice.label) for choice in given]
        unit.queryset = units_visible_to(acting).open_on(acting.day)


class AnswerForm(StyledForm):
    """What the second person says; needed where he refuses."""

    answer = forms.CharField(
        label="Ý kiến", required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )

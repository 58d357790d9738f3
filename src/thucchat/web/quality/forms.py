"""Forms of the contract of quality."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from thucchat.web.people.models import Pupil, Staff, Subject
from thucchat.web.quality.models import Exemption, Handover
from thucchat.web.shared.forms import Day, StyledForm


class HandoverFilter(StyledForm):
    """What the list of handovers shows."""

    trang_thai = forms.ChoiceField(
        label="Trạng thái", required=False, choices=[("", "Mọi trạng thái"), *Handover.State.choices]
    )
    loai = forms.ChoiceField(
        label="Loại bàn giao", required=False, choices=[("", "Mọi loại"), *Handover.Kind.choices]
    )


class ObjectionForm(StyledForm):
    """Which pupils or figures are wrong, and on what grounds."""

    objection = forms.CharField(
        label="Học sinh nào, số liệu nào chưa đúng, căn cứ",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class RulingForm(StyledForm):
    """The head's ruling; corrected scores are entered beside the pupils."""

    ruling = forms.CharField(label="Kết luận và căn cứ", max_length=1000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, pupils: list[tuple[int, str]] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pupils = pupils or []
        for key, name in self.pupils:
            field = forms.DecimalField(
                label=f"Điểm khảo sát lại: {name}",
                required=False,
                min_value=0,
                max_value=10,
                decimal_places=2,
            )
            field.widget.attrs |= {"class": "form-control"}
            self.fields[f"score_{key}"] = field

    @property
    def corrections(self) -> dict[int, int]:
        """Hundredths by pupil, of those that were filled in."""
        values = ((key, self.cleaned_data.get(f"score_{key}")) for key, _ in self.pupils)
        return {key: int(value * 100) for key, value in values if value is not None}


class MeasuresForm(StyledForm):
    """What who promises will do."""

    measures = forms.CharField(
        label="Biện pháp của tôi", required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class WhyForm(StyledForm):
    """Why something is sent back or not agreed to."""

    why = forms.CharField(label="Lý do, căn cứ", max_length=500, widget=forms.Textarea({"rows": 2}))


class ConclusionForm(StyledForm):
    """What the level above concludes."""

    conclusion = forms.CharField(label="Kết luận", max_length=1000, widget=forms.Textarea({"rows": 3}))


class CounterForm(StyledForm):
    """Another amount for a target, with its reason."""

    amount = forms.IntegerField(label="Mức đề nghị (học sinh)", min_value=0)
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea({"rows": 2}))


class RebaseForm(StyledForm):
    """Another amount beside the signed one."""

    amount = forms.IntegerField(label="Mức tính lại (học sinh)", min_value=0)
    reason = forms.CharField(label="Lý do, căn cứ", max_length=500, widget=forms.Textarea({"rows": 2}))


class ExemptionForm(StyledForm):
    """A pupil whose result is not to count, and on what evidence."""

    pupil = forms.ModelChoiceField(label="Học sinh", queryset=Pupil.objects.none())
    reason = forms.ChoiceField(label="Lý do", choices=Exemption.Reason.choices)
    evidence = forms.CharField(label="Minh chứng (giấy tờ, ngày, nơi cấp)", max_length=300)

    def __init__(self, *args: Any, pupils: "QuerySet[Pupil]", **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["pupil"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = pupils


class MeetingForm(StyledForm):
    """A review that took place."""

    held_on = forms.DateField(label="Ngày họp", widget=Day())
    place = forms.CharField(label="Địa điểm", max_length=150, required=False)
    secretary = forms.ModelChoiceField(label="Thư kí", queryset=Staff.objects.none(), required=False)
    invited = forms.IntegerField(label="Số người được mời", min_value=1, max_value=500)
    present = forms.IntegerField(label="Số người dự", min_value=1, max_value=500)
    absent = forms.CharField(
        label="Người vắng",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text="Mỗi dòng một người, ví dụ: Lò Thị Mai: đi công tác",
    )
    conclusion = forms.CharField(label="Kết luận", max_length=2000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, staff: "QuerySet[Staff]", **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["secretary"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = staff

    def clean_absent(self) -> tuple[tuple[str, str], ...]:
        """Name and reason of each line."""
        lines = (line.strip() for line in self.cleaned_data["absent"].splitlines())
        pairs = tuple(tuple(map(str.strip, line.split(":", 1))) for line in lines if line)
        if bad := [pair for pair in pairs if len(pair) != 2 or not all(pair)]:
            raise forms.ValidationError(
                f"“{': '.join(bad[0])}” thiếu tên hoặc lí do; hãy ghi “họ tên: lí do”."
            )
        return tuple((name, reason) for name, reason in pairs)


class ActionForm(StyledForm):
    """What somebody of the unit will do by a day."""

    cause = forms.CharField(label="Nguyên nhân", max_length=500)
    what = forms.CharField(label="Việc cần làm", max_length=500)
    owner = forms.ModelChoiceField(label="Người làm", queryset=Staff.objects.none())
    due_on = forms.DateField(label="Hạn", widget=Day())

    def __init__(self, *args: Any, staff: "QuerySet[Staff]", **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = staff


class OutcomeForm(StyledForm):
    """What came of an action."""

    outcome = forms.CharField(label="Kết quả", max_length=500)


class HandOverStep(StyledForm):
    """When last year's teachers still taught, and how long receivers have."""

    last_taught = forms.DateField(
        label="Một ngày giáo viên năm trước còn dạy", widget=Day(), help_text="Để biết ai là người giao."
    )
    days = forms.IntegerField(label="Số ngày để bên nhận trả lời", min_value=1, max_value=300, initial=7)


class ShareOutStep(StyledForm):
    """What the province wants of its pupils at the end of the year."""

    subjects = forms.MultipleChoiceField(label="Môn", widget=forms.CheckboxSelectMultiple)
    threshold = forms.DecimalField(
        label="Học sinh đạt từ (điểm)", min_value=0, max_value=10, decimal_places=2, initial=5
    )
    gain = forms.DecimalField(
        label="Điểm năm trước học sinh tăng từ đầu đến cuối năm", min_value=0, max_value=10, decimal_places=2,
        initial=0, help_text="0 khi chưa đo được.",
    )  # fmt: skip
    rise = forms.DecimalField(
        label="Tăng thêm so với dự kiến (% học sinh)", min_value=0, max_value=50, decimal_places=1, initial=3
    )
    answer_by = forms.DateField(label="Hạn trả lời", widget=Day())

    def __init__(self, *args: Any, fields: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        names = dict(Subject.objects.order_by("-level").values_list("field", "name"))
        chosen = self.fields["subjects"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(field, names.get(field, field)) for field in fields]
        chosen.initial = fields

    def clean(self) -> dict[str, Any]:
        """Points become whole hundredths."""
        facts = super().clean() or {}
        for name in ("threshold", "gain"):
            if facts.get(name) is not None:
                facts[name] = int(facts[name] * 100)
        if facts.get("rise") is not None:
            facts["rise"] = float(facts["rise"])
        return facts


class CommitStep(StyledForm):
    """Until when commitments are signed."""

    sign_by = forms.DateField(label="Hạn kí", widget=Day())


class AcceptStep(StyledForm):
    """Until when minutes of acceptance are answered."""

    answer_by = forms.DateField(label="Hạn trả lời", widget=Day())

"""Forms of answers, runs, publication and look-up."""

from datetime import date
from typing import Any

from django import forms

from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.engine.vietnamese import tidy
from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.results.models import MeasureRun, ResponseFile
from thucchat.web.shared.forms import Day, StyledForm

FIRST_BIRTH = date(1920, 1, 1)


class AnswersForm(StyledForm):
    """A file of answers with its key."""

    subject = forms.ChoiceField(label="Môn")
    file = forms.FileField(
        label="Tệp bài làm",
        help_text="Mỗi dòng một thí sinh (cột SBD hoặc mã học sinh), mỗi câu một cột. Ô trống là bỏ trống, "
        "“?” là không đọc được, “-” là không được hỏi.",
    )
    key = forms.FileField(
        label="Tệp đáp án", required=False, help_text="Các cột “Câu”, “Đáp án” và, nếu có, “Điểm”."
    )
    typed_key = forms.CharField(
        label="hoặc gõ đáp án theo thứ tự các cột",
        required=False,
        max_length=3000,
        help_text="Ví dụ: ABCDDBCA, hoặc A; ĐSĐS; 0,5; TL 2",
    )

    def __init__(self, *args: Any, exam: Exam, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["subject"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(subject, subject_label(subject)) for subject in exam.subjects]


class EarlierRun(forms.ModelChoiceField):  # type: ignore[type-arg]  # not a generic at run time
    """A run to link to, called by its exam."""

    def label_from_instance(self, obj: MeasureRun) -> str:
        return f"{obj.exam.name}: {obj} ({obj.get_model_display()})"


class RunForm(StyledForm):
    """How to measure."""

    model = forms.ChoiceField(label="Mô hình", choices=MeasureRun.Model.choices)
    linking = forms.ChoiceField(label="Nối thang", choices=MeasureRun.Linking.choices)
    target = EarlierRun(MeasureRun.objects.none(), label="Nối vào", required=False)
    anchors = forms.CharField(
        label="Câu chung",
        required=False,
        max_length=1000,
        help_text="Tên các câu, cách nhau bằng dấu phẩy; để trống là mọi câu cùng tên và cùng đáp án.",
    )

    def __init__(self, *args: Any, file: ResponseFile, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["target"]
        assert isinstance(field, forms.ModelChoiceField)
        earlier = MeasureRun.objects.filter(subject=file.subject, state=MeasureRun.State.COMPUTED)
        field.queryset = earlier.select_related("exam").order_by("-pk")

    def names(self) -> tuple[str, ...]:
        """Common items that were named."""
        return tuple(filter(None, (tidy(part) for part in self.cleaned_data["anchors"].split(","))))


class ReasonForm(StyledForm):
    """Why results are to be published."""

    reason = forms.CharField(label="Lý do", max_length=300, min_length=5)


class CampaignChoice(StyledForm):
    """Which survey a page is about."""

    dot = forms.ModelChoiceField(Campaign.objects.all(), label="Đợt khảo sát", required=False)


class LookupForm(StyledForm):
    """The public question."""

    exam = forms.ModelChoiceField(Exam.objects.none(), label="Kì thi", empty_label="Chọn kì thi")
    sbd = forms.CharField(label="Số báo danh", max_length=20)
    born_on = forms.DateField(label="Ngày sinh", widget=Day())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["exam"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Exam.objects.filter(published_at__isnull=False)
        self.fields["sbd"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters"}

    def clean_born_on(self) -> date:
        """A day on which a candidate may have been born."""
        day: date = self.cleaned_data["born_on"]
        if day < FIRST_BIRTH:
            raise forms.ValidationError("Hãy nhập ngày sinh đúng như trong hồ sơ dự thi.")
        return day

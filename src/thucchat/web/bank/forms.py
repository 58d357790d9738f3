"""Forms of the bank."""

from typing import Any, ClassVar

from django import forms

from thucchat.engine.papers.blueprint import Level
from thucchat.web.bank.models import Blueprint, Custodian, Item, Round
from thucchat.web.people.models import Subject
from thucchat.web.shared.forms import StyledForm, StyledModelForm

GRADES = [(grade, f"Khối {grade}") for grade in range(1, 13)]
LEVELS = [(level.value, level.value) for level in Level]
STATEMENTS = 4


class Moment(forms.DateTimeInput):
    """A day and a time, entered with the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SubjectGradeForm(StyledForm):
    """What a file is about."""

    subject = forms.ModelChoiceField(
        label="Môn", queryset=Subject.objects.filter(kind=Subject.Kind.SCORED).order_by("level", "name")
    )
    grade = forms.TypedChoiceField(label="Khối", choices=GRADES, coerce=int)


class ItemFileForm(SubjectGradeForm):
    """A Word file whose questions go into the bank."""

    file = forms.FileField(
        label="Tệp Word (.docx)", help_text="Tối đa 20 MB. Mỗi câu thành một câu hỏi nháp."
    )


class ItemFilter(StyledForm):
    """What the list of items shows."""

    q = forms.CharField(label="Tìm trong câu dẫn", required=False, max_length=100)
    mon = forms.ModelChoiceField(
        label="Môn",
        required=False,
        empty_label="Mọi môn",
        queryset=Subject.objects.filter(kind=Subject.Kind.SCORED).order_by("level", "name"),
    )
    khoi = forms.ChoiceField(label="Khối", required=False, choices=[("", "Mọi khối"), *GRADES])
    trang_thai = forms.ChoiceField(
        label="Trạng thái", required=False, choices=[("", "Mọi trạng thái"), *Item.State.choices]
    )


class ItemForm(StyledModelForm):
    """What an item measures; a level for each statement of a true/false question."""

    class Meta:
        model = Item
        fields = ("topic", "content", "outcome", "key", "solution")
        widgets: ClassVar = {"solution": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, instance: Item, **options: Any) -> None:
        super().__init__(*args, instance=instance, **options)
        count = STATEMENTS if instance.kind == Item.Kind.TRUE_FALSE else 1
        for number in range(count):
            label = f"Mức độ ý {'abcd'[number]}" if count > 1 else "Mức độ"
            chosen = instance.levels[number] if number < len(instance.levels) else ""
            field = forms.ChoiceField(
                label=label, required=False, choices=[("", "Chưa xếp"), *LEVELS], initial=chosen
            )
            field.widget.attrs["class"] = "form-select"
            self.fields[f"level_{number}"] = field

    @property
    def facts(self) -> dict[str, Any]:
        """The values with the levels as one list; levels not all given count as none."""
        names = [name for name in self.fields if name.startswith("level_")]
        levels = [self.cleaned_data[name] for name in names]
        return {**self.cleaned_data, "levels": levels if all(levels) else []}


class ReviewForm(StyledForm):
    """A reviewer's word."""

    approves = forms.TypedChoiceField(
        label="Kết luận", choices=[("1", "Đạt"), ("0", "Chưa đạt")], coerce=lambda text: text == "1"
    )
    remark = forms.CharField(
        label="Nhận xét", required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )


class BlueprintFileForm(SubjectGradeForm):
    """A matrix out of a workbook; without a file the page opens an empty one."""

    title = forms.CharField(label="Tên ma trận", max_length=150)
    file = forms.FileField(
        label="Tệp ma trận, đặc tả (.xlsx, .docx)",
        required=False,
        help_text="Theo Công văn 7991 hoặc mẫu cũ; bỏ trống để soạn ngay trên trang.",
    )


class AssembleForm(StyledForm):
    """How many parallel papers."""

    forms_wanted = forms.IntegerField(label="Số đề song song", min_value=1, max_value=8, initial=2)


class RoundForm(StyledModelForm):
    """A new round. Sources are named before anything is known."""

    dice = forms.CharField(
        label="Nguồn xúc xắc",
        max_length=150,
        initial="20 xúc xắc mười mặt tung tại phiên họp công khai",
        help_text="Ghi rõ số xúc xắc; cần ít nhất 20 chữ số.",
    )
    lottery = forms.CharField(
        label="Nguồn xổ số",
        max_length=150,
        required=False,
        help_text="Ví dụ: giải đặc biệt xổ số miền Bắc ngày 20/01/2025.",
    )

    class Meta:
        model = Round
        fields = (
            "code", "title", "blueprint", "scheme", "minutes", "propose_by", "opens_at", "forms", "needed",
            "form_cap", "own_cap",
        )  # fmt: skip
        widgets: ClassVar = {"propose_by": Moment, "opens_at": Moment}
        help_texts: ClassVar = {
            "code": "Chữ không dấu, số và gạch nối, ví dụ ks-hk1-toan-9. Không đổi được về sau.",
            "form_cap": "Chỉ khi bốc từng câu: số câu nhiều nhất của một đơn vị.",
            "own_cap": "0: không đơn vị nào thi đề của chính mình. Bỏ trống: không xét.",
        }

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("propose_by"), values.get("opens_at")
        if start and end and end <= start:
            self.add_error("opens_at", "Giờ mở niêm phong phải sau hạn nộp đề.")
        return values

    @property
    def facts(self) -> tuple[dict[str, Any], Blueprint]:
        """Values of the row, and the blueprint."""
        values = dict(self.cleaned_data)
        blueprint = values.pop("blueprint")
        pairs = [("dice", values.pop("dice")), ("lottery", values.pop("lottery"))]
        values["sources"] = [[kind, name] for kind, name in pairs if name]
        return values, blueprint


class CustodianForm(StyledModelForm):
    """One keeper of a key."""

    class Meta:
        model = Custodian
        fields = ("name", "body", "recipient")
        help_texts: ClassVar = {
            "recipient": "Dòng age1… do người giữ khoá tạo trên máy của mình bằng lệnh thucchat seal key."
        }


class PaperFileForm(StyledForm):
    """A proposed paper."""

    file = forms.FileField(
        label="Tệp đề (.docx)", help_text="Tối đa 20 MB. Tệp được mã hoá ngay khi nhận; không ai sửa được."
    )


class NumberForm(StyledForm):
    """The number a unit chooses for its pledge."""

    number = forms.CharField(
        label="Số do đơn vị tự chọn",
        max_length=40,
        help_text="Bất kì; hệ thống ghép thêm 128 bit ngẫu nhiên.",
    )


class ValueForm(StyledForm):
    """The value a unit saved when it pledged."""

    value = forms.CharField(label="Giá trị đã lưu khi cam kết", max_length=100)


class ReasonForm(StyledForm):
    """Why."""

    reason = forms.CharField(label="Lý do", max_length=300, min_length=5)


class ChanceForm(StyledForm):
    """Digits of each source named in the announcement."""

    def __init__(self, *args: Any, names: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.names = names
        for number, name in enumerate(names):
            field = forms.CharField(label=name, max_length=200, help_text="Chỉ các chữ số, theo đúng thứ tự.")
            field.widget.attrs |= {"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}
            self.fields[f"source_{number}"] = field

    @property
    def results(self) -> dict[str, str]:
        """Digits by name of source; blanks between them do not count."""
        values = (self.cleaned_data[f"source_{number}"] for number in range(len(self.names)))
        return {name: "".join(text.split()) for name, text in zip(self.names, values, strict=True)}


class AskToOpenForm(ReasonForm):
    """Which drawn form to open."""

    form = forms.IntegerField(label="Đề số", min_value=1, max_value=9, initial=1)


class OpenForm(StyledForm):
    """What the custodians and the officer enter when time T has come."""

    codes = forms.CharField(label="Mã đề", max_length=300, initial="101, 102, 103, 104")
    secrets = forms.CharField(
        label="Khoá của những người giữ khoá có mặt",
        widget=forms.Textarea({"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        help_text="Mỗi dòng một khoá AGE-SECRET-KEY-1…; khoá chỉ dùng trong bộ nhớ, không lưu lại.",
    )

    def clean_codes(self) -> tuple[str, ...]:
        codes = tuple(filter(None, (one.strip() for one in self.cleaned_data["codes"].split(","))))
        if not codes or len(set(codes)) < len(codes) or len(codes) > 48:
            raise forms.ValidationError("Cần từ 1 đến 48 mã đề khác nhau, cách nhau bằng dấu phẩy.")
        return codes

    def clean_secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, (line.strip() for line in self.cleaned_data["secrets"].splitlines())))


class StatisticsForm(StyledForm):
    """Results of an analysis of responses."""

    file = forms.FileField(label="Tệp kết quả (.json)")

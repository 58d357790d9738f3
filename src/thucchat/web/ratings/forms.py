"""Forms of ratings."""

from django import forms

from thucchat.web.shared.forms import StyledForm


class PublishForm(StyledForm):
    """Why a run is to be published."""

    reason = forms.CharField(label="Lý do", max_length=300, min_length=5)


class ObjectionForm(StyledForm):
    """What is wrong with a rating."""

    text = forms.CharField(
        label="Số liệu nào chưa đúng, căn cứ", max_length=1000, widget=forms.Textarea({"rows": 3})
    )


class AnswerForm(StyledForm):
    """The answer to an objection."""

    answer = forms.CharField(label="Trả lời, căn cứ", max_length=1000, widget=forms.Textarea({"rows": 2}))

"""Forms of a school's part in a survey: candidates, reports, marks."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django import forms

from thucchat.engine.measurement.results.cells import parse_cells
from thucchat.web.exams.models import CODES, Absence, Candidate, Incident, Sitting
from thucchat.web.exams.queries.sites import mark_text
from thucchat.web.shared.forms import Because, Day, StyledForm

PRESENT = [("", "Có mặt"), *Absence.Reason.choices]


class SeatsForm(StyledForm):
    """How many candidates a room holds at most."""

    seats = forms.IntegerField(label="Số thí sinh tối đa mỗi phòng", min_value=1, max_value=60)


class SupplementForm(Because):
    """The school that the frozen list left out."""

    school = forms.TypedChoiceField(label="Trường", coerce=int)
    field_order = ("school", "reason")

    def __init__(self, *args: Any, schools: Mapping[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].choices = list(schools.items())  # type: ignore[attr-defined]  # a choice field
        self.fields["reason"].label = "Lí do bổ sung sau khi chốt"


class ClosingForm(StyledForm):
    """Results become final; open papers need a reason."""

    reason = forms.CharField(label="Lí do, nếu còn bài chưa rõ", max_length=300, required=False)


class SittingForm(StyledForm):
    """When a paper is written."""

    day = forms.DateField(label="Ngày", widget=Day())
    shift = forms.TypedChoiceField(label="Ca", coerce=int, choices=Sitting.Shift.choices)
    starts = forms.TimeField(label="Giờ bắt đầu", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label="Số phút", min_value=5, max_value=300)


class ArrivalForm(Because):
    """A pupil who came late."""

    pupil_code = forms.CharField(label="Mã định danh học sinh", max_length=20)
    room = forms.IntegerField(label="Phòng", min_value=1, max_value=999)
    field_order = ("pupil_code", "room", "reason")


class RoomForm(Because):
    """Another room for a candidate."""

    room = forms.IntegerField(label="Sang phòng", min_value=1, max_value=999)
    field_order = ("room", "reason")


class IncidentForm(StyledForm):
    """What went wrong."""

    kind = forms.ChoiceField(label="Loại sự cố", choices=Incident.Kind.choices)
    room = forms.IntegerField(label="Phòng", min_value=1, max_value=999, required=False)
    number = forms.CharField(label="Số báo danh", max_length=20, required=False)
    text = forms.CharField(label="Diễn biến, cách xử lí", max_length=1000, widget=forms.Textarea({"rows": 3}))


class OfCandidates(StyledForm):
    """A field for each candidate; `rows` pairs them for the page."""

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **options: Any) -> None:
        super().__init__(*args, **options)
        self.candidates = list(candidates)
        for one in self.candidates:
            self.fields[self.name_of(one)] = self.field_for(one)
        self.fields["reason"] = forms.CharField(
            label="Lí do, nếu sửa điều đã ghi",
            max_length=300,
            required=False,
            widget=forms.TextInput({"class": "form-control"}),
        )

    @staticmethod
    def name_of(candidate: Candidate) -> str:
        return f"c{candidate.pk}"

    def field_for(self, candidate: Candidate) -> forms.Field:
        raise NotImplementedError

    @property
    def rows(self) -> list[tuple[Candidate, forms.BoundField]]:
        return [(one, self[self.name_of(one)]) for one in self.candidates]


class AbsenceForm(OfCandidates):
    """Who was absent from a sitting, and why; everybody else was there."""

    def __init__(self, *args: Any, absent: Mapping[int, str], **options: Any) -> None:
        self.absent_before = absent
        super().__init__(*args, **options)

    def field_for(self, candidate: Candidate) -> forms.Field:
        return forms.ChoiceField(
            label=candidate.full_name,
            choices=PRESENT,
            required=False,
            initial=self.absent_before.get(candidate.pk, ""),
            widget=forms.Select({"class": "form-select", "aria-label": f"{candidate}"}),
        )

    @property
    def absent(self) -> dict[int, Absence.Reason]:
        values = ((one.pk, self.cleaned_data[self.name_of(one)]) for one in self.candidates)
        return {key: Absence.Reason(value) for key, value in values if value}


class MarkField(forms.CharField):
    """Points with a comma, “v” for absent, or nothing; cleaned to hundredths or a code."""

    def clean(self, value: object) -> int | None:
        text = super().clean(value)
        row = parse_cells(pl.Series([text or None], dtype=pl.String)).row(0, named=True)
        if row["state"] == "bad":
            message = f"“{text}” không phải điểm từ 0 đến 10, tối đa hai chữ số thập phân; vắng ghi “v”."
            raise forms.ValidationError(message, code="mark.invalid")
        points: int | None = row["hundredths"]
        return CODES.get(row["state"], points)


class MarksForm(OfCandidates):
    """The marks of one paper, each with a hidden field of the mark that the person saw when he opened it."""

    def __init__(self, *args: Any, marks: Mapping[str, int], **options: Any) -> None:
        self.marks_before = marks
        super().__init__(*args, **options)
        for one in self.candidates:
            self.fields[self.seen_of(one)] = self._mark_of(one, forms.HiddenInput())

    @staticmethod
    def seen_of(candidate: Candidate) -> str:
        return f"seen{candidate.pk}"

    def field_for(self, candidate: Candidate) -> forms.Field:
        attributes = {
            "class": "form-control",
            "inputmode": "decimal",
            "autocomplete": "off",
            "aria-label": f"Điểm của {candidate}",
        }
        return self._mark_of(candidate, forms.TextInput(attributes))

    def _mark_of(self, candidate: Candidate, widget: forms.Widget) -> MarkField:
        initial = mark_text(self.marks_before.get(candidate.sbd))
        return MarkField(
            label=candidate.full_name, required=False, max_length=12, initial=initial, widget=widget
        )

    @property
    def seen(self) -> dict[str, int | None]:
        return {one.sbd: self.cleaned_data[self.seen_of(one)] for one in self.candidates}

    @property
    def marks(self) -> dict[str, int | None]:
        """Those that the person changed."""
        given = {one.sbd: self.cleaned_data[self.name_of(one)] for one in self.candidates}
        seen = self.seen
        return {number: mark for number, mark in given.items() if mark != seen[number]}

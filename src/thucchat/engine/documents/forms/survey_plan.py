"""Plan of a survey (kế hoạch khảo sát chất lượng) at the start, the middle or the end of a school year.

Source of purposes and requirements: Kế hoạch 2362/KH-SGDĐT ngày 30/8/2024, mục III.9 và Phụ lục.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thucchat.engine.documents.forms.common import opening, parts
from thucchat.engine.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import vi_date

LAST_GRADE = 12


class Moment(StrEnum):
    START = "start"
    MID = "mid"
    END = "end"


CALLED = {Moment.START: "đầu năm học", Moment.MID: "giữa năm học", Moment.END: "cuối năm học"}
PURPOSES = {
    Moment.START: "Xác định chất lượng đầu năm theo từng môn của từng học sinh, từng lớp, làm căn cứ bàn "
    "giao chất lượng cụ thể tới từng giáo viên và thống nhất chỉ tiêu cam kết.",
    Moment.MID: "Đánh giá chất lượng học kì I so với lộ trình của chỉ tiêu đã cam kết, để có biện pháp kịp "
    "thời trong học kì II.",
    Moment.END: "Đo kết quả cuối năm so với đầu năm, làm căn cứ nghiệm thu cam kết, đánh giá năng lực đội "
    "ngũ giáo viên và cán bộ quản lí.",
}
SHARED_PURPOSE = (
    "Cung cấp thông tin để nhà trường và các cấp quản lí nắm được trình độ, năng lực của học sinh, từ đó "
    "điều chỉnh việc dạy, việc học và công tác quản lí."
)
DRAWN = (
    "100 % trường có khối lớp được khảo sát tham gia đầy đủ các môn. Đề được chọn ngẫu nhiên từ đề do các "
    "đơn vị đề xuất."
)
TAKING_PART = {
    Moment.START: DRAWN,
    Moment.MID: "100 % trường có khối lớp được khảo sát tự tổ chức đầy đủ các môn.",
    Moment.END: DRAWN,
}
REQUIREMENTS = (
    "Đề bám sát ma trận, bản đặc tả và yêu cầu cần đạt, không vượt quá chương trình.",
    "Coi, chấm và báo cáo kết quả nghiêm túc, khách quan, thực chất; không gây quá tải cho học sinh.",
    (
        "Mọi học sinh trong danh sách đều được ghi nhận có dự hay vắng, kèm lí do; học sinh không có kết quả "
        "không bị tính là điểm 0."
    ),
)
ENDING = (
    "Đề nghị thủ trưởng các đơn vị tổ chức thực hiện; có vướng mắc thì báo cáo kịp thời để được giải quyết./."
)


@dataclass(frozen=True, slots=True)
class SurveyedSubject:
    """One line of the plan: a subject that some grades of a level sit with the same paper format."""

    level: str  # such as “THCS”
    grades: tuple[int, ...]
    subject: str
    format: str  # such as “Trắc nghiệm”
    minutes: int | None  # none: not laid down
    day: date | None  # none: not fixed yet
    setter: str  # who sets the paper


@dataclass(frozen=True, slots=True)
class Duty:
    """What one unit does."""

    unit: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timetable."""

    until: date
    task: str
    unit: str


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """One survey; days of subjects lie between `opens_on` and `closes_on`."""

    moment: Moment
    school_year: str
    opens_on: date
    closes_on: date
    subjects: tuple[SurveyedSubject, ...]
    duties: tuple[Duty, ...]
    steps: tuple[Step, ...]
    graduation: tuple[str, ...] = ()  # subjects whose final survey grade 12 does not sit
    others: tuple[str, ...] = ()  # sentences on the subjects that are not in the table
    bases: tuple[str, ...] = ()

    @property
    def replaced(self) -> tuple[str, ...]:
        """Subjects in which the graduation exam stands for the survey of grade 12."""
        return self.graduation if self.moment == Moment.END else ()


def survey_plan_document(
    plan: SurveyPlan, head: Letterhead, signature: Signature, *, recipients: tuple[str, ...] = ()
) -> Document:
    """The plan as a document tree.

    Raises:
        InvalidInput: `survey.empty`, `survey.grade`, `survey.minutes`, `survey.day`, `survey.graduation`,
            `survey.twice`.
    """
    _check(plan)
    body = opening(plan.bases) + parts(
        ("MỤC ĐÍCH, YÊU CẦU", _aims(plan)),
        ("NỘI DUNG KHẢO SÁT", (Paragraph(_scope(plan)), _subjects(plan), *_notes(plan))),
        ("TỔ CHỨC THỰC HIỆN", _duties(plan)),
        ("LỊCH THỰC HIỆN", (_timetable(plan),) if plan.steps else ()),
    )
    return Document(head, (*body, Paragraph(ENDING)), recipients, (signature,))


def _check(plan: SurveyPlan) -> None:
    if not plan.subjects:
        raise InvalidInput("survey.empty", "Kế hoạch chưa có môn khảo sát; hãy thêm ít nhất một môn.")
    seen: set[tuple[int, str]] = set()
    for one in plan.subjects:
        _check_subject(plan, one)
        sat = {(grade, one.subject) for grade in one.grades}
        if again := sorted(seen & sat):
            raise InvalidInput(
                "survey.twice", f"Khối {again[0][0]} có hai dòng môn {one.subject}; hãy bỏ một dòng."
            )
        seen |= sat


def _check_subject(plan: SurveyPlan, one: SurveyedSubject) -> None:
    if not one.grades or not all(1 <= grade <= LAST_GRADE for grade in one.grades):
        shown = ", ".join(map(str, one.grades)) or "trống"
        raise InvalidInput(
            "survey.grade", f"Khối của môn {one.subject} là {shown}; hãy ghi khối từ 1 đến 12."
        )
    if one.minutes is not None and one.minutes <= 0:
        message = f"Môn {one.subject} làm bài {one.minutes} phút; hãy để trống nếu chưa quy định."
        raise InvalidInput("survey.minutes", message)
    if one.day is not None and not plan.opens_on <= one.day <= plan.closes_on:
        days = f"từ {vi_date(plan.opens_on)} đến {vi_date(plan.closes_on)}"
        raise InvalidInput(
            "survey.day", f"Môn {one.subject} khảo sát ngày {vi_date(one.day)}, ngoài đợt {days}."
        )
    if one.subject in plan.replaced and LAST_GRADE in one.grades:
        message = f"Khối 12 không khảo sát cuối năm môn {one.subject}: đã dùng kết quả thi tốt nghiệp."
        raise InvalidInput("survey.graduation", message)


def _aims(plan: SurveyPlan) -> list[Block]:
    return [
        Heading("1. Mục đích", 2),
        *map(Paragraph, (PURPOSES[plan.moment], SHARED_PURPOSE)),
        Heading("2. Yêu cầu", 2),
        *map(Paragraph, (TAKING_PART[plan.moment], *REQUIREMENTS)),
    ]


def _scope(plan: SurveyPlan) -> str:
    papers = sum(len(one.grades) for one in plan.subjects)
    return (
        f"Đợt khảo sát {CALLED[plan.moment]} {plan.school_year} diễn ra từ ngày {vi_date(plan.opens_on)} đến "
        f"hết ngày {vi_date(plan.closes_on)}, gồm {papers} bài khảo sát của các khối, theo bảng sau."
    )


def _subjects(plan: SurveyPlan) -> Table:
    dated = any(one.day for one in plan.subjects)
    columns = (
        Column("TT", 0, 0.5),
        Column("Cấp học", share=0.9),
        Column("Khối", share=1),
        Column("Môn", share=1.7),
        Column("Hình thức", share=1.6),
        Column("Thời gian (phút)", 0, 0.9),
        *((Column("Ngày khảo sát", share=1.5),) if dated else ()),
        Column("Đơn vị ra đề", share=2),
    )
    rows: list[tuple[Cell, ...]] = []
    for place, one in enumerate(plan.subjects, 1):
        day = (vi_date(one.day) if one.day else None,) if dated else ()
        facts = (one.level, grades_text(one.grades), one.subject, one.format, one.minutes)
        rows.append((place, *facts, *day, one.setter))
    note = "Dấu gạch: chưa ấn định." if any(None in row for row in rows) else ""
    return Table("Môn, hình thức, thời gian và lịch khảo sát", "Môn khảo sát", columns, tuple(rows), note)


def grades_text(grades: tuple[int, ...]) -> str:
    """Grades in order; three or more in a row as “6 đến 9”."""
    ordered = sorted(set(grades))
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]} đến {ordered[-1]}"
    return ", ".join(map(str, ordered))


def _notes(plan: SurveyPlan) -> list[Block]:
    notes = list(plan.others)
    if plan.replaced:
        subjects = " và ".join(plan.replaced)
        notes.append(
            f"Khối 12 không khảo sát cuối năm môn {subjects}; kết quả thi tốt nghiệp THPT được dùng để đánh "
            "giá chất lượng đầu ra."
        )
    return [Paragraph(note) for note in notes]


def _duties(plan: SurveyPlan) -> list[Block]:
    body: list[Block] = []
    for place, duty in enumerate(plan.duties, 1):
        body += [Heading(f"{place}. {duty.unit}", 2), *map(Paragraph, duty.tasks)]
    return body


def _timetable(plan: SurveyPlan) -> Table:
    columns = (Column("Hạn", share=1.1), Column("Việc", share=4), Column("Đơn vị thực hiện", share=2.2))
    ordered = sorted(plan.steps, key=lambda step: step.until)
    rows = tuple((vi_date(step.until), step.task, step.unit) for step in ordered)
    return Table("Các mốc thực hiện", "Lịch", columns, rows)

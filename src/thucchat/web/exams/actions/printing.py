"""Papers of a school for the day: room lists with bag labels, answer sheets, the form for its marks."""

from collections.abc import Iterable

from thucchat.engine.planning.surveys import annex_of
from thucchat.engine.sheets.layout_files import load_layout
from thucchat.engine.sheets.printing.lists import room_documents
from thucchat.engine.sheets.printing.roster import Seat
from thucchat.engine.sheets.printing.sheets import PrintedSheet, print_sheets
from thucchat.engine.vietnamese import vi_date
from thucchat.web.exams.actions.campaigns import GRADES, result_code
from thucchat.web.exams.models import Candidate, Site, Sitting
from thucchat.web.exams.queries.sites import mark_text, marks_of
from thucchat.web.shared.fonts import font_folders
from thucchat.web.shared.spreadsheets.writing import Cell, Form, List, write_list

ESSAY, CHOICE = "tu-luan", "2025"  # layouts of `engine.sheets`


def room_lists(site: Site, sitting: Sitting) -> bytes:
    """Every room's list with places to sign, and its bag label, as PDF.

    Raises InvalidInput: `roster.empty`.
    """
    rows = site.candidates.filter(removed_for="")
    return room_documents(_seats(site, sitting, rows), font_folders())


def answer_sheets(site: Site, sitting: Sitting, room: int) -> bytes:
    """The sheets of one room, each with its candidate, as PDF.

    Raises InvalidInput: `sheets.none` for a room without candidates.
    """
    rows = site.candidates.filter(removed_for="", room=room)
    digits = max((len(row.sbd) for row in rows), default=1)
    layout = load_layout(_layout_name(sitting), candidate=digits)
    return print_sheets(layout, [seat.sheet for seat in _seats(site, sitting, rows)], font_folders())


def marks_template(site: Site) -> bytes:
    """An Excel form of the school's candidates with a column a paper, filled with what stands."""
    subjects = [row.subject for row in Sitting.objects.filter(exam=site.exam_id).order_by("day", "starts")]
    headings = ["SBD", "Họ và tên", "Lớp", "Phòng", *(Sitting(subject=one).label for one in subjects)]
    marks = [marks_of(site, subject) for subject in subjects]
    rows: list[list[Cell]] = [
        [row.sbd, row.full_name, row.class_name, row.room, *(mark_text(one.get(row.sbd)) for one in marks)]
        for row in site.candidates.filter(removed_for="")
    ]
    return write_list(List(f"Điểm {site}", headings, rows), Form.XLSX)


def _seats(site: Site, sitting: Sitting, rows: Iterable[Candidate]) -> list[Seat]:
    common = {"exam": str(site.exam), "school": site.school.name, "subject": sitting.label}
    return [_seat(row, common, place) for place, row in enumerate(rows, 1)]


def _seat(row: Candidate, common: dict[str, str], place: int) -> Seat:
    room = f"{row.room:02d}"
    own = {
        "name": row.full_name,
        "born": vi_date(row.born_on),
        "class": row.class_name,
        "room": room,
        "seat": str(row.seat),
    }
    return Seat(common["school"], room, PrintedSheet(row.sbd, "", f"{place:04d}", common | own))


def _layout_name(sitting: Sitting) -> str:
    """Essays have a sheet of their own; the annex says which papers are."""
    campaign, grade = sitting.exam.campaign, sitting.exam.grade
    assert campaign is not None  # a sitting is of a campaign's exam, which is of a grade
    assert grade is not None
    plan = annex_of(campaign.annex.split(" ")[0])
    parts = [plan.of_level(level) for level, grades in GRADES.items() if grade in grades]
    papers = [paper for part in parts if part for paper in part.papers_of(grade, campaign.moment)]
    essays = {result_code(paper) for paper in papers if paper.format == "Tự luận"}
    return ESSAY if sitting.subject in essays else CHOICE

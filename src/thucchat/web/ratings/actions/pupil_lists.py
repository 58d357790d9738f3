"""The pupils of a rating as a file: whoever doubts the rating can compute it again."""

from datetime import date

from thucchat.web.org.models import User
from thucchat.web.people.actions.exports import keep_file
from thucchat.web.people.models import ExportedFile
from thucchat.web.ratings.models import Rating
from thucchat.web.ratings.queries.counted import counted_pupils
from thucchat.web.shared.scope import Scope
from thucchat.web.shared.spreadsheets.writing import Form, List, write_list

HEADINGS = (
    "Môn", "Lớp", "Mã học sinh", "Họ và tên", "Đầu năm (điểm)", "Sai số đầu năm (điểm)", "Cuối năm (điểm)",
    "Được tính",
)  # fmt: skip
LONGEST = 70  # of whom a file's name tells


def write_pupils(rating: Rating, *, scope: Scope, by: User, on: date) -> ExportedFile:
    """One line a pupil, counted or not.

    Raises RuleBroken: what `counted_pupils` refuses.
    """
    rows = (
        (
            one.subject,
            one.class_name,
            one.code,
            one.name,
            one.start,
            one.error,
            one.end,
            one.lacking or "tính",
        )
        for one in counted_pupils(rating)
    )
    content = write_list(List("Học sinh được tính", HEADINGS, rows), Form.CSV)
    title = f"Học sinh được tính, {rating.called[:LONGEST]}"
    return keep_file(title, Form.CSV, content, scope=scope, by=by, on=on)

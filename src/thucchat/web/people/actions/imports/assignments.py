"""What a list of teaching assignments would change.

For each class and subject it names, the file says all: who else taught it stops on the day from which
the list counts.
"""

from datetime import date

import polars as pl

from thucchat.engine.vietnamese import vi_date
from thucchat.web.people.actions.imports.places import with_classes, with_place
from thucchat.web.people.actions.imports.plan import LINES, MISSING, Plan, Write
from thucchat.web.people.actions.imports.writing import new_ids
from thucchat.web.people.importers.fields import Parsed, gathered, problems_of
from thucchat.web.people.importers.people import twice
from thucchat.web.people.models import ImportBatch
from thucchat.web.people.queries.imports import subjects_by_grade, teachers_of
from thucchat.web.shared.frames import copy_in, copy_out

TABLE = "people_assignment"
OPEN = pl.Schema(
    {
        "id": pl.Int64(),
        "version": pl.Int64(),
        "staff_id": pl.Int64(),
        "class_id": pl.Int64(),
        "subject_id": pl.Int64(),
        "share_before": pl.Float64(),
        "since": pl.Date(),
        "who_before": pl.String(),
    }
)
PAIR = ["class_id", "subject_id"]
WHOLE = [*PAIR, "staff_id"]


def plan_assignments(batch: ImportBatch, parsed: Parsed) -> Plan:
    """Compare every row with the assignments that run now. Nothing is written."""
    rows, problems = with_classes(with_place(parsed.rows), batch, needed=pl.lit(value=True))
    rows, unknown = _with_subjects(rows, batch)
    rows, lost = _with_teachers(rows, batch)
    rows = rows.with_columns(share=pl.coalesce("share", pl.lit(1.0)))
    now = _running(rows)
    rows = rows.join(now, on=WHOLE, how="left", maintain_order="left")
    stopped = now.join(rows.select(WHOLE).drop_nulls(), on=WHOLE, how="anti")
    problems += [*unknown, *lost, *_problems(rows, stopped, batch.effective_on)]
    lines = _lines(rows, stopped)
    everything = gathered(problems)
    whole = not (everything["is_error"].any() or parsed.problems["is_error"].any())
    writes = (_write(rows, stopped, batch.effective_on),) if whole else ()
    missing = stopped.select(
        "id", pl.col("who_before").alias("who"), pl.lit("thôi dạy lớp và môn có trong tệp").alias("where")
    )
    return Plan(lines, writes, everything, missing.cast(MISSING))


def _with_subjects(rows: pl.DataFrame, batch: ImportBatch) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Adds `subject_id`: the subject of that name or code taught in the class's grade."""
    table = subjects_by_grade(batch)
    names = table.select("grade", "subject_id", subject_key="subject_name")
    codes = table.select("grade", "subject_id", subject_key=pl.col("subject_code").str.to_lowercase())
    known = pl.concat([codes, names]).unique(["grade", "subject_key"], keep="first", maintain_order=True)
    rows = rows.with_columns(subject_key=pl.col("subject_name").str.to_lowercase()).join(
        known,
        left_on=["class_grade", "subject_key"],
        right_on=["grade", "subject_key"],
        how="left",
        maintain_order="left",
    )
    lost = (
        pl.col("subject_id").is_null()
        & pl.col("class_id").is_not_null()
        & pl.col("subject_name").is_not_null()
    )
    message = pl.format(
        "Không có môn “{}” ở khối {}; hãy ghi tên môn như trong danh mục môn học.",
        "subject_name",
        "class_grade",
    )
    return rows, [problems_of(rows, lost, column="subject_name", code="subject.unknown", message=message)]


def _with_teachers(rows: pl.DataFrame, batch: ImportBatch) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Adds `staff_id`: by code, else by name where only one of the school bears it."""
    staff = teachers_of(batch)
    by_code = staff.select("staff_code", code_id="staff_id")
    only = staff.filter(pl.struct("school_id", "staff_name").is_unique())
    by_name = only.select("school_id", staff_key="staff_name", name_id="staff_id")
    rows = (
        rows.with_columns(staff_key=pl.col("staff_name").str.to_lowercase())
        .join(by_code, on="staff_code", how="left", maintain_order="left")
        .join(by_name, on=["school_id", "staff_key"], how="left", maintain_order="left")
        .with_columns(
            staff_id=pl.when(pl.col("staff_code").is_not_null()).then("code_id").otherwise("name_id")
        )
    )
    told = pl.coalesce("staff_code", "staff_name")
    message = pl.format(
        "Không có đúng một giáo viên “{}” ở trường; hãy nhập danh sách cán bộ trước, hoặc ghi mã giáo viên.",
        told,
    )
    lost = pl.col("staff_id").is_null() & told.is_not_null() & pl.col("class_id").is_not_null()
    return rows, [problems_of(rows, lost, column="staff_name", code="staff.unknown", message=message)]


def _running(rows: pl.DataFrame) -> pl.DataFrame:
    """Assignments that run now for the classes and subjects of the file, in the schema OPEN."""
    copy_in(rows.select(PAIR).drop_nulls().unique(), "import_keys", "class_id bigint, subject_id bigint")
    return copy_out(
        """SELECT a.id, a.xmin::text::bigint, a.staff_id, a.school_class_id, a.subject_id, a.share,
                  lower(a.days),
                  s.full_name || ', ' || c.name || ', ' || m.name
           FROM people_assignment a
           JOIN import_keys k ON k.class_id = a.school_class_id AND k.subject_id = a.subject_id
           JOIN people_staff s ON s.id = a.staff_id JOIN people_schoolclass c ON c.id = a.school_class_id
           JOIN people_subject m ON m.id = a.subject_id
           WHERE upper_inf(a.days) ORDER BY a.id""",
        OPEN,
    )


def _problems(rows: pl.DataFrame, stopped: pl.DataFrame, on: date) -> list[pl.DataFrame]:
    sums = rows.filter(pl.col("staff_id").is_not_null() & pl.col("subject_id").is_not_null()).with_columns(
        total=pl.col("share").sum().over(PAIR)
    )
    too_much = pl.format(
        "Lớp “{}”, môn “{}”: các phần phụ trách cộng lại vượt quá 1.", "class_label", "subject_name"
    )
    late = stopped.filter(pl.col("since") >= on).select(*PAIR, "who_before").unique(PAIR, keep="first")
    early = rows.join(late.rename({"who_before": "who_late"}), on=PAIR, how="left", maintain_order="left")
    message = pl.format(
        "{} mới nhận lớp từ sau ngày áp dụng " + vi_date(on) + "; hãy chọn ngày muộn hơn.", "who_late"
    )
    return [
        problems_of(
            sums, pl.col("total") > 1.0005, column="share", code="assignment.share", message=too_much
        ),
        problems_of(
            early,
            pl.col("who_late").is_not_null(),
            column="staff_name",
            code="assignment.day",
            message=message,
        ),
        twice(rows, "staff_id", *PAIR, label="mỗi phân công chỉ một dòng."),
    ]


def _lines(rows: pl.DataFrame, stopped: pl.DataFrame) -> pl.DataFrame:
    changed = (pl.col("share") - pl.col("share_before")).abs() > 0.0005
    action = (
        pl.when(pl.col("id").is_null())
        .then(pl.lit("new"))
        .when(changed.fill_null(value=False) | pl.col("ended").is_not_null())
        .then(pl.lit("changed"))
        .otherwise(pl.lit("same"))
    )
    ended = stopped.group_by(PAIR).agg(pl.col("who_before").str.join("; ").alias("ended"))
    shares = pl.when(changed).then(pl.format("Phần phụ trách: {} → {}", "share_before", "share"))
    replaced = pl.format("thay cho {}", "ended")
    return (
        rows.join(ended, on=PAIR, how="left", maintain_order="left")
        .select(
            "sheet",
            "line",
            action.alias("action"),
            pl.concat_str(
                pl.coalesce("staff_name", "staff_code"),
                "class_label",
                "subject_name",
                separator=", ",
                ignore_nulls=True,
            ).alias("who"),
            pl.concat_str(
                shares.str.replace_all(".", ",", literal=True), replaced, separator="; ", ignore_nulls=True
            ).alias("changes"),
        )
        .cast(LINES)
    )


def _write(rows: pl.DataFrame, stopped: pl.DataFrame, on: date) -> Write:
    changed = rows.filter((pl.col("share") - pl.col("share_before")).abs() > 0.0005)
    new = rows.filter(pl.col("id").is_null())
    inserts = new.select(
        new_ids(TABLE, new.height),
        "staff_id",
        pl.col("class_id").alias("school_class_id"),
        "subject_id",
        "share",
        pl.lit(f"[{on},)").alias("days"),
        pl.col("class_path").alias("unit_path"),
    )
    running = pl.format("[{},)", "since").alias("days")
    ending = pl.format("[{},{})", "since", pl.lit(on)).alias("days")
    updates = pl.concat(
        [
            changed.select("id", "version", "share", running),
            stopped.select("id", "version", pl.col("share_before").alias("share"), ending),
        ]
    )
    before = pl.concat(
        [part.select("id", pl.col("share_before").alias("share"), running) for part in (changed, stopped)]
    )
    return Write(TABLE, inserts, updates, before)

"""Writing a plan into the tables and taking it back, each in the caller's one transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.db import IntegrityError, connection, transaction

from thucchat.web.people.actions.imports.plan import Plan, Write
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.frames import copy_in, copy_in_like, copy_out
from thucchat.web.shared.spreadsheets.packing import bytes_to_frame, frame_to_bytes, pack_parts, unpack_parts

USED = "Không thể hoàn tác: đã có dữ liệu khác (phân công, điểm, bài thi…) gắn với dòng mà lần nhập này thêm."
VERSIONS = pl.Schema({"id": pl.Int64(), "version": pl.Int64()})
MEANWHILE = "Dữ liệu đã thay đổi từ lúc xem trước; chưa ghi gì. Hãy bấm “Xem lại” rồi duyệt lại."


@dataclass(frozen=True, slots=True)
class Written:
    """What one write did: enough to take it back."""

    table: str
    lists: tuple[str, ...]
    inserted: pl.DataFrame  # VERSIONS: the xmin that this transaction gave to all its rows
    before: pl.DataFrame  # id, version likewise, and the values found


def new_ids(table: str, count: int) -> pl.Series:
    """Fresh primary keys of `table`."""
    query = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    return copy_out(query, pl.Schema({"id": pl.Int64()}), [table, count])["id"]


def write_plan(plan: Plan) -> bytes:
    """Write everything, in order; returns what undoing needs.

    Raises RuleBroken: `import.meanwhile` when a row has changed since it was compared.
    """
    try:
        with transaction.atomic():
            done = [_write(write) for write in plan.writes]
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise RuleBroken("import.meanwhile", MEANWHILE) from error
    return pack_parts([part for written in done for part in _packed(written)])


def _write(write: Write) -> Written:
    if write.updates.height:
        _update(write.table, write.updates, write.lists)
    if write.inserts.height:
        _insert(write)
    inserted, before = write.inserts.select("id"), write.before
    # One transaction gives all its rows the same version, so one row tells it.
    version = _version(write.table, pl.concat([inserted, before.select("id")])["id"])
    return Written(write.table, write.lists, inserted.with_columns(version), before.with_columns(version))


def _version(table: str, ids: pl.Series) -> pl.Expr:
    with connection.cursor() as cursor:
        query = f"SELECT xmin::text::bigint FROM {table} WHERE id = %s"  # noqa: S608  names are ours
        cursor.execute(query, ids.head(1).to_list() or [None])
        found = cursor.fetchone()
    return pl.lit(found[0] if found else None, pl.Int64).alias("version")


def _insert(write: Write) -> None:
    copy_in_like(write.inserts, "import_rows", write.table, texts=write.lists)
    names = ", ".join(f'"{name}"' for name in write.inserts.columns)
    values = ", ".join(_value(name, write.lists) for name in write.inserts.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {write.table} ({names}) SELECT {values} FROM import_rows r")  # noqa: S608  names are ours


def _update(table: str, rows: pl.DataFrame, lists: Sequence[str]) -> None:
    """Change rows that are still as they were compared; `rows` has id and version."""
    copy_in_like(rows, "import_rows", table, texts=lists)
    columns = [name for name in rows.columns if name not in {"id", "version"}]
    changes = ", ".join(f'"{name}" = {_value(name, lists)}' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {changes} FROM import_rows r "  # noqa: S608  as above
            "WHERE t.id = r.id AND t.xmin::text::bigint = r.version"
        )
        if cursor.rowcount != rows.height:
            raise RuleBroken("import.meanwhile", MEANWHILE)


def _value(name: str, lists: Sequence[str]) -> str:
    if name in lists:
        return f"coalesce(string_to_array(nullif(r.\"{name}\", ''), '; '), '{{}}')"
    return f'r."{name}"'


def _versions(table: str, ids: pl.DataFrame) -> pl.DataFrame:
    if not ids.height:
        return pl.DataFrame(schema=VERSIONS)
    copy_in(ids, "import_ids", "id bigint")
    return copy_out(f"SELECT id, t.xmin::text::bigint FROM {table} t JOIN import_ids USING (id)", VERSIONS)  # noqa: S608  as above


def _packed(written: Written) -> list[bytes]:
    facts = json.dumps([written.table, written.lists]).encode()
    return [facts, frame_to_bytes(written.inserted), frame_to_bytes(written.before)]


def take_back(undo: bytes) -> int:
    """Undo what `write_plan` did, in the opposite order; returns how many rows were put back.

    Raises RuleBroken: `import.changed` when a row has been touched since, `import.used` when other
    rows stand on one that the import added.
    """
    done = _unpacked(undo)
    changed = sum(_count_changed(written) for written in done)
    if changed:
        raise RuleBroken(
            "import.changed",
            f"Không thể hoàn tác: {changed} dòng đã được sửa sau lần nhập này. Hãy sửa tiếp tại từng trang.",
        )
    try:
        with transaction.atomic():
            for written in reversed(done):
                _take_back(written)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise RuleBroken("import.used", USED) from error
    return sum(written.inserted.height + written.before.height for written in done)


def _unpacked(undo: bytes) -> list[Written]:
    parts = unpack_parts(undo)
    done = []
    for facts, inserted, before in zip(parts, parts, parts, strict=True):
        table, lists = json.loads(facts)
        done.append(Written(table, tuple(lists), bytes_to_frame(inserted), bytes_to_frame(before)))
    return done


def _count_changed(written: Written) -> int:
    """Rows that are gone or have been written again since."""
    known = pl.concat([written.inserted.select(VERSIONS.names()), written.before.select(VERSIONS.names())])
    now = _versions(written.table, known.select("id"))
    return known.height - known.join(now, on=["id", "version"], how="semi").height


def _take_back(written: Written) -> None:
    if written.inserted.height:
        copy_in(written.inserted.select("id"), "import_ids", "id bigint")
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {written.table} t USING import_ids r WHERE t.id = r.id")  # noqa: S608  as above
    if written.before.height:
        _update(written.table, written.before, written.lists)

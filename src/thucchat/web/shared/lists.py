"""Long lists: filtered, sorted and paged in the database, at the same few queries for any size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50
COUNT_LIMIT = 2_000  # beyond, a search says "more than"; an exact count would read every row
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)  # slots and generics do not go together in 3.11
class Column(Generic[Row]):
    """One column of a list; the first one links to the row's page."""

    heading: str
    value: Callable[[Row], object]
    numeric: bool = False


@dataclass(frozen=True)  # slots and generics do not go together in 3.11
class Page(Generic[Row]):
    """One page of a list, with what its navigation needs."""

    rows: Sequence[Row]
    number: int
    count: int
    is_count_exact: bool
    columns: Sequence[Column[Row]]
    query: str  # the filters, without the page

    @property
    def last(self) -> int:
        return max(1, -(-self.count // PAGE_SIZE))

    @property
    def first_row(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1 if self.rows else 0

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.last else None

    @property
    def table(self) -> list[tuple[Row, list[tuple[Column[Row], object]]]]:
        return [(row, [(column, column.value(row)) for column in self.columns]) for row in self.rows]


def page_of(
    rows: "QuerySet[Row]",
    request: HttpRequest,
    columns: Sequence[Column[Row]],
    *,
    related: Sequence[str] = (),
    heavy: Sequence[str] = (),
    exact: bool = True,
) -> Page[Row]:
    """The page that the address asks for. Only the rows shown are joined to `related`, without `heavy`.

    A search, whose every row must be read, is not `exact`: one query finds the first keys, and counts them.
    """
    wanted = request.GET.get("trang", "1")
    keys: Any
    if exact:
        count = rows.count()
        start = PAGE_SIZE * (_number(wanted, count) - 1)
        keys = _keys(rows, start, count)
    else:
        first = list(rows.values_list("pk", flat=True)[: COUNT_LIMIT + 1])
        count = len(first)
        start = PAGE_SIZE * (_number(wanted, min(count, COUNT_LIMIT)) - 1)
        keys = first[start : start + PAGE_SIZE]
    manager, options = rows.model._default_manager, rows.model._meta  # noqa: SLF001  Django's way to both
    found = manager.filter(pk__in=keys).select_related(*related).defer(*heavy)
    order = rows.query.order_by or options.ordering or ("pk",)
    shown = list(found.order_by(*order))
    query = request.GET.copy()
    query.pop("trang", None)
    is_exact = exact or count <= COUNT_LIMIT
    return Page(
        shown,
        start // PAGE_SIZE + 1,
        min(count, COUNT_LIMIT) if not exact else count,
        is_exact,
        columns,
        query.urlencode(),
    )


def _keys(rows: "QuerySet[Row]", start: int, count: int) -> "QuerySet[Row, dict[str, Any]]":
    """The keys of one page, found in the index before anything is joined, from whichever end is nearer."""
    if start <= count // 2:
        return rows.values("pk")[start : start + PAGE_SIZE]
    return rows.reverse().values("pk")[max(0, count - start - PAGE_SIZE) : count - start]


def _number(text: str, count: int) -> int:
    """The page's number, kept within the list; the first page for what is no number."""
    last = max(1, -(-count // PAGE_SIZE))
    return min(max(1, int(text)), last) if text.isascii() and text.isdigit() and len(text) < 9 else 1

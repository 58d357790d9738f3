"""Items: the list, one item, and every step from a Word file to use."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.vietnamese import vi_number
from thucchat.web.bank.actions import items as acts
from thucchat.web.bank.actions.item_statistics import read_statistics
from thucchat.web.bank.forms import ItemFileForm, ItemFilter, ItemForm, ReviewForm, StatisticsForm
from thucchat.web.bank.models import Item
from thucchat.web.bank.permissions import REVIEWS, SEES_ITEMS, WRITES_ITEMS
from thucchat.web.bank.queries.repeats import question_texts, repeats_in_bank
from thucchat.web.bank.queries.shown import shown_questions
from thucchat.web.bank.queries.visible import items_visible_to, own_items
from thucchat.web.bank.views.units import unit_of
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import User
from thucchat.web.org.views.acts import carried_out
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.lists import Column, page_of

COLUMNS = [
    Column[Item]("Câu", lambda item: item.code),
    Column[Item]("Câu dẫn", lambda item: item.first_line),
    Column[Item]("Loại", lambda item: item.get_kind_display()),
    Column[Item]("Mức độ", lambda item: ", ".join(item.levels) or None),
    Column[Item]("Nội dung", lambda item: item.content or None),
    Column[Item]("Đơn vị", lambda item: item.unit.name),
    Column[Item]("Trạng thái", lambda item: item.get_state_display()),
    Column[Item]("Đã dùng", lambda item: item.exposure, numeric=True),
    Column[Item]("Độ khó", lambda item: item.difficulty and vi_number(item.difficulty, 2), numeric=True),
]


@requires(SEES_ITEMS)
def items(request: ActingRequest) -> HttpResponse:
    filters = ItemFilter(request.GET)
    filters.is_valid()
    wanted, rows = filters.cleaned_data, items_visible_to(request.acting)
    if wanted.get("mon"):
        rows = rows.filter(subject=wanted["mon"])
    if wanted.get("khoi"):
        rows = rows.filter(grade=int(wanted["khoi"]))
    if wanted.get("trang_thai"):
        rows = rows.filter(state=wanted["trang_thai"])
    if text := (wanted.get("q") or "").strip():
        rows = rows.filter(stem__icontains=text)
    links = [("Ma trận đề", reverse("bank:blueprints")), ("Bốc thăm đề", reverse("bank:rounds"))]
    if request.acting.is_one_of(WRITES_ITEMS):
        links.insert(0, ("Nhập từ tệp Word", reverse("bank:item-take-in")))
    if request.acting.is_one_of(REVIEWS):
        links.append(("Nhập thống kê câu hỏi", reverse("bank:item-statistics")))
    page = page_of(rows, request, COLUMNS, related=("unit",), exact=not wanted.get("q"))
    context = {"title": "Ngân hàng câu hỏi", "page": page, "filters": filters, "actions": links}
    return render(request, "shared/list.html", context)


@requires(WRITES_ITEMS)
def take_in_file(request: ActingRequest) -> HttpResponse:
    form = ItemFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        origin = acts.Origin(facts["subject"], facts["grade"], unit_of(request.acting), request.user)
        file = facts["file"]
        try:
            made = acts.take_in(file.read(), file.name, origin, at=timezone.now())
        except RuleBroken as broken:
            form.add_error("file", str(broken))
        else:
            doubtful = sum(bool(item.flags) for item in made)
            messages.success(request, f"Đã nhập {len(made)} câu, {doubtful} câu có điểm cần xem.")
            return redirect("bank:items")
    note = "Phương trình, hình và đối tượng trong tệp được giữ nguyên; câu nào đọc chưa chắc sẽ được nêu rõ."
    context = {"title": "Nhập câu hỏi từ tệp Word", "forms": [form], "is_multipart": True, "note": note}
    return render(request, "shared/form.html", context | {"back": reverse("bank:items"), "verb": "Nhập"})


@requires(SEES_ITEMS)
def item(request: ActingRequest, item_id: int) -> HttpResponse:
    rows = items_visible_to(request.acting).select_related("subject", "unit", "author", "source")
    found = get_object_or_404(rows, pk=item_id)
    asked = question_texts([acts.question_of(found)], "x")
    similar = [one for one in repeats_in_bank(asked, found.subject_id) if one.found != found.code]
    is_own = own_items(request.acting).filter(pk=found.pk).exists()
    may_write = is_own and request.acting.is_one_of(WRITES_ITEMS)
    is_draft = found.state == Item.State.DRAFT and not found.is_frozen
    context = {
        "item": found,
        "shown": shown_questions([acts.question_of(found)])[0],
        "reviews": found.reviews.select_related("by"),
        "similar": [(one.found, one.found[2:], round(100 * one.similarity)) for one in similar[:5]],
        "form": ItemForm(instance=found) if may_write and is_draft else None,
        "may_write": may_write,
        "review": ReviewForm() if _may_review(request, found) else None,
    }
    return render(request, "bank/item.html", context)


def _may_review(request: ActingRequest, found: Item) -> bool:
    others = found.author_id != request.user.pk
    return request.acting.is_one_of(REVIEWS) and found.state == Item.State.REVIEW and others


@requires(WRITES_ITEMS)
@require_POST
def tag(request: ActingRequest, item_id: int) -> HttpResponse:
    found = _own(request, item_id)
    form = ItemForm(request.POST, instance=found)
    if not form.is_valid():
        messages.error(request, "Còn ô chưa hợp lệ; chưa ghi thay đổi nào.")
        return redirect(found)
    facts = form.facts
    return carried_out(
        request, found, lambda: acts.tag_item(item_id, facts, by=request.user, at=timezone.now())
    )


@requires(WRITES_ITEMS)
@require_POST
def send(request: ActingRequest, item_id: int) -> HttpResponse:
    return _simple(request, item_id, acts.send_to_review)


@requires(WRITES_ITEMS)
@require_POST
def retire(request: ActingRequest, item_id: int) -> HttpResponse:
    return _simple(request, item_id, acts.retire_item)


@requires(WRITES_ITEMS)
@require_POST
def share(request: ActingRequest, item_id: int) -> HttpResponse:
    return _simple(request, item_id, acts.share_item)


@requires(WRITES_ITEMS)
@require_POST
def renew(request: ActingRequest, item_id: int) -> HttpResponse:
    found = _own(request, item_id)
    try:
        found = acts.renew_item(item_id, by=request.user, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return redirect(found)


@requires(REVIEWS)
@require_POST
def review(request: ActingRequest, item_id: int) -> HttpResponse:
    found = _own(request, item_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy chọn kết luận.")
        return redirect(found)
    said = form.cleaned_data
    return carried_out(
        request,
        found,
        lambda: acts.review_item(
            item_id, approves=said["approves"], remark=said["remark"], by=request.user, at=timezone.now()
        ),
    )


@requires(REVIEWS)
def statistics(request: ActingRequest) -> HttpResponse:
    form = StatisticsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = read_statistics(form.cleaned_data["file"].read(), by=request.user, at=timezone.now())
        except RuleBroken as broken:
            form.add_error("file", str(broken))
        else:
            messages.success(request, f"Đã ghi thống kê của {done} câu.")
            return redirect("bank:items")
    note = "Tệp do lệnh “thucchat analyse responses … --json” ghi ra, với tên câu là mã CH… của ngân hàng."
    context = {"title": "Nhập thống kê câu hỏi", "forms": [form], "is_multipart": True, "note": note}
    return render(request, "shared/form.html", context | {"back": reverse("bank:items"), "verb": "Ghi"})


def _own(request: ActingRequest, item_id: int) -> Item:
    return get_object_or_404(own_items(request.acting), pk=item_id)


def _simple(request: ActingRequest, item_id: int, act: Callable[..., Item]) -> HttpResponse:
    found = _own(request, item_id)
    by: User = request.user
    return carried_out(request, found, lambda: act(item_id, by=by, at=timezone.now()))

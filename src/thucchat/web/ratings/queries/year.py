"""The loop of a year, step by step, as far as a person may see it."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from thucchat.engine.vietnamese import vi_number
from thucchat.web.exams.models import Campaign
from thucchat.web.org.acting import Acting
from thucchat.web.quality.queries.visible import (
    acceptances_visible_to,
    commitments_visible_to,
    handovers_visible_to,
    targets_visible_to,
)
from thucchat.web.ratings.models import Rating, Recovered, RuleBook, Run


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the year."""

    title: str
    why: str
    found: str  # what stands in the system now
    links: tuple[tuple[str, str], ...]  # label, address


def steps_of(acting: Acting) -> list[Step]:
    """From the first survey to the ranking."""
    return [
        _surveys(),
        Step(
            "Bàn giao chất lượng",
            "Mỗi lớp, mỗi môn được bàn giao cho đúng giáo viên với kết quả đo của từng học sinh, kèm sai số. "
            "Bên nhận chưa đồng ý thì nêu ý kiến; hiệu trưởng cho khảo sát lại hoặc kết luận.",
            _by_state(handovers_visible_to(acting)),
            (("Bàn giao chất lượng", reverse("quality:handovers")),),
        ),
        Step(
            "Chỉ tiêu",
            "Chỉ tiêu của tỉnh đi xuống huyện, trường, lớp theo số học sinh nguyên, cộng lại đúng bằng nhau. "
            "Khả năng đạt được cho biết trước khi kí.",
            f"{vi_number(targets_visible_to(acting).count())} chỉ tiêu trong phạm vi của bạn.",
            (("Đứng ở đâu so với chỉ tiêu", reverse("quality:board")),),
        ),
        Step(
            "Cam kết",
            "Giáo viên, hiệu trưởng, huyện kí; cấp trên kí nhận. Chỉ tiêu đã kí không ai sửa được nữa.",
            _by_state(commitments_visible_to(acting)),
            (("Cam kết chất lượng", reverse("quality:commitments")),),
        ),
        Step(
            "Nghiệm thu",
            "Kết quả cuối năm so với cam kết. Kết luận chỉ dựa trên điều phép đo gánh được; thiếu số liệu "
            "không phải là không đạt; học sinh chuyển đi không tính.",
            _by_state(acceptances_visible_to(acting)),
            (("Nghiệm thu chất lượng", reverse("quality:acceptances")),),
        ),
        _ratings(),
    ]


def recovered_of() -> list[Recovered]:
    """The published run against the truth; none where nobody knows the truth."""
    return list(
        Recovered.objects.filter(run__state=Run.State.PUBLISHED).order_by("-run", "pk")[: len(Rating.Kind)]
    )


def _surveys() -> Step:
    rows = list(Campaign.objects.order_by("opens_on"))
    return Step(
        "Khảo sát",
        "Đầu năm, giữa năm, cuối năm trên cùng một thang, để tiến bộ có nghĩa. Ai chưa có kết quả đều thấy.",
        f"{len(rows)} đợt khảo sát." if rows else "Chưa có đợt khảo sát nào.",
        tuple((str(row), row.get_absolute_url()) for row in rows),
    )


def _ratings() -> Step:
    run = Run.objects.filter(state=Run.State.PUBLISHED).first()
    links = [(str(book), book.get_absolute_url()) for book in RuleBook.objects.all()[:1]]
    links += [(str(run), run.get_absolute_url())] if run else []
    return Step(
        "Xếp loại, xếp hạng",
        "Quy tắc chốt trước khi biết kết quả. Tiến bộ tính so với học sinh có cùng điểm đầu năm, đã trừ sai "
        "số đo. Mỗi hạng kèm khoảng hạng; ai cũng tự tính lại được điểm của mình và có quyền khiếu nại.",
        "Đã công bố." if run else "Chưa công bố.",
        tuple(links),
    )


def _by_state(rows: "QuerySet") -> str:  # type: ignore[type-arg]  # of any of our tables
    labels = dict(rows.model.State.choices)
    counts = Counter(rows.order_by().values_list("state", flat=True))
    if not counts:
        return "Chưa có gì trong phạm vi của bạn."
    return "; ".join(f"{labels[state].lower()}: {vi_number(n)}" for state, n in counts.most_common()) + "."

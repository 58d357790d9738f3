"""Report on the items of a paper (nhận xét câu hỏi) for teachers and item writers, from one ItemReport."""

import math
from collections.abc import Iterator
from typing import Any

import altair as alt

from thucchat.engine.documents.charts import BLUE, DARK, draw
from thucchat.engine.documents.tree import (
    Block,
    Chart,
    Column,
    Document,
    Figure,
    Heading,
    Letterhead,
    Paragraph,
    Table,
)
from thucchat.engine.tables import ItemAnswer, ItemCard, ItemReport
from thucchat.engine.vietnamese import vi_number

WIDTH = 330  # px, of the plot
SHOWN = 6  # answers in a chart; the rarer ones stand in the workbook only
LOW, HIGH = "1/3 điểm thấp", "1/3 điểm cao"
METHOD = (
    "Cách đọc: mỗi câu có một hình, cho biết bao nhiêu phần trăm của nhóm điểm thấp và nhóm điểm cao "
    "chọn từng câu "
    "trả lời. Nhóm được chia theo điểm các câu còn lại. Câu tốt là câu mà nhóm điểm cao chọn đáp án "
    "nhiều hơn hẳn. "
    "Độ khó là phần điểm đạt được; độ phân biệt là tương quan của câu với các câu còn lại, từ 0,2 là "
    "dùng được."
)


def item_document(report: ItemReport, head: Letterhead) -> Document:
    """The report as a document tree: the paper in one look, outcomes, then item after item."""
    body: list[Block] = [Heading("I. CẢ ĐỀ TRONG MỘT TRANG", 1), *_overview(report)]
    if report.outcomes:
        body += [Heading("II. THEO YÊU CẦU CẦN ĐẠT", 1), outcomes_table(report)]
    body.append(Heading(f"{'III' if report.outcomes else 'II'}. TỪNG CÂU", 1))
    for card in report.items:
        body += _item(card)
    body.append(Paragraph(f"Nguồn: {report.source}; Thực Chất {report.version}.", small=True))
    return Document(head, tuple(body))


def items_table(report: ItemReport) -> Table:
    """All items in a list, the ones to look at marked."""
    columns = (
        Column("Câu"),
        Column("Yêu cầu", share=1.2),
        Column("Số em", 0),
        Column("Độ khó (%)", 0, 1.1),
        Column("Độ phân biệt", 2, 1.1),
        Column("Nhận xét", share=2.4),
    )
    rows = tuple(
        (
            card.item,
            card.outcome or None,
            card.count,
            _known(100 * card.difficulty),
            _known(card.item_rest),
            f"{'! ' if card.urgency == 2 else ''}{card.verdict}",
        )
        for card in report.items
    )
    return Table("Các câu của đề", "Câu hỏi", columns, rows, "Dấu !: soát trước khi công bố điểm.")


def outcomes_table(report: ItemReport) -> Table:
    """Share of the points won in every learning outcome."""
    columns = (
        Column("Mã"),
        Column("Yêu cầu cần đạt", share=3.4),
        Column("Câu", share=1.6),
        Column("Đạt (%)", 0, 0.8),
        Column("Nhận xét", share=2),
    )
    rows = tuple(
        (one.outcome, one.text or None, ", ".join(one.items), _known(100 * one.achieved), one.finding)
        for one in report.outcomes
    )
    return Table("Kết quả theo yêu cầu cần đạt", "Yêu cầu cần đạt", columns, rows)


def answers_chart(card: ItemCard) -> Chart:
    """A pair of bars for every answer: its share in the weakest and in the strongest third."""
    shown = sorted(card.answers, key=lambda answer: -answer.share)[:SHOWN]
    shown.sort(key=lambda answer: (not answer.answer, answer.answer))
    bars = [
        {"answer": _label(answer), "third": third, "share": share, "text": f"{vi_number(100 * share, 0)} %"}
        for answer in shown
        for third, share in ((LOW, answer.by_third[0]), (HIGH, answer.by_third[2]))
        if math.isfinite(share)  # NaN when a third is empty
    ]
    names = [_label(answer) for answer in shown]
    thirds = [LOW, HIGH]
    base = alt.Chart(alt.InlineData(values=bars)).encode(
        y=alt.Y("answer:N", title=None, sort=names, axis=alt.Axis(labelLimit=180, ticks=False, domain=False)),
        yOffset=alt.YOffset("third:N", sort=thirds),
    )
    axis = alt.Axis(format="%", tickCount=5, values=[0, 0.25, 0.5, 0.75, 1])
    drawn = base.mark_bar(stroke=DARK, strokeWidth=0.6).encode(
        x=alt.X("share:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 1.08], nice=False)),
        color=alt.Color(
            "third:N",
            title=None,
            scale=alt.Scale(domain=thirds, range=["#e6ecf3", BLUE]),
            legend=alt.Legend(orient="right"),
        ),
    )
    text = base.mark_text(align="left", dx=3, color=DARK, fontSize=10).encode(x="share:Q", text="text:N")
    chart: Any = alt.layer(drawn, text).properties(width=WIDTH, height=max(23 * len(names), 40))
    return draw(chart, _alternative(card, shown))


def _overview(report: ItemReport) -> Iterator[Block]:
    mean = "" if report.mean is None else f", điểm trung bình {vi_number(report.mean, 2)}"
    yield Paragraph(
        f"{vi_number(report.pupils)} bài, {len(report.items)} câu, điểm tối đa "
        f"{vi_number(report.highest)}{mean}. "
        f"{report.summary}"
    )
    for caveat in report.caveats:
        yield Paragraph(f"Lưu ý: {caveat}", small=True)
    yield items_table(report)
    yield Paragraph(METHOD, small=True)


def _item(card: ItemCard) -> Iterator[Block]:
    outcome = f" ({card.outcome})" if card.outcome else ""
    yield Heading(f"Câu {_bare(card.item)}{outcome}: {card.verdict}", 2)
    if card.count and card.answers:
        yield Figure(answers_chart(card), f"Câu {_bare(card.item)}: phần trăm mỗi nhóm chọn từng câu trả lời")
    yield Paragraph(card.finding)
    for advice in card.advice:
        yield Paragraph(f"→ {advice}")


def _bare(item: str) -> str:
    """“Câu 5” and “cau5” as people say it after the word Câu."""
    for word in ("Câu ", "câu ", "Câu", "câu", "cau_", "cau"):
        if item.startswith(word) and item != word:
            return item[len(word) :].strip()
    return item


def _label(answer: ItemAnswer) -> str:
    text = answer.answer or "để trống"
    return f"{text} ✓" if answer.right else text


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _alternative(card: ItemCard, shown: list[ItemAnswer]) -> str:
    parts = "; ".join(
        f"{answer.answer or 'để trống'}{' (đáp án)' if answer.right else ''}: nhóm điểm thấp "
        f"{vi_number(100 * answer.by_third[0], 0)} %, nhóm điểm cao "
        f"{vi_number(100 * answer.by_third[2], 0)} %"
        for answer in shown
        if all(map(math.isfinite, answer.by_third))
    )
    return f"Câu {_bare(card.item)}. {parts}."

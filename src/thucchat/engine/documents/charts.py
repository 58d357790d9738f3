"""Charts drawn once: the same SVG stands on the page, in the PDF and, as pixels, in Word.

Readable in grey: nothing is told by hue alone. Numbers have a decimal comma. Scores are in points.
"""

from html import escape
from typing import Any

import altair as alt
import vl_convert

from thucchat.engine.documents.tree import Chart
from thucchat.engine.tables import Distribution, GroupResults, Standing
from thucchat.engine.vietnamese import vi_number

LOCALE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đ"]}
FONT = "Tinos, Times New Roman, Liberation Serif, serif"
BLUE, DARK, GREY = "#7fa3c7", "#1d2f45", "#8a8f96"
WIDTH = 480  # px, of the plot


def histogram(subject: Distribution) -> Chart:
    """Score distribution (phổ điểm): a bar per bin, the mean as a line."""
    width = subject.bin_width / 100
    bars = [
        {"low": place * width, "high": (place + 1) * width, "count": count}
        for place, count in enumerate(subject.bins)
    ]
    axis = alt.Axis(values=list(range(11)), format="d", grid=False)
    x = alt.X("low:Q", title="Điểm", axis=axis, scale=alt.Scale(domain=[0, 10 + width], nice=False))
    y = alt.Y("count:Q", title="Số bài", axis=alt.Axis(format=",d", **_ticks(max(subject.bins))))
    drawn = alt.Chart(alt.InlineData(values=bars)).mark_bar(color=BLUE, stroke="white", strokeWidth=0.5)
    layers: list[Any] = [drawn.encode(x=x, x2="high:Q", y=y, y2=alt.datum(0))]
    if subject.mean is not None:
        mean = {"mean": subject.mean, "text": f"TB {vi_number(subject.mean, 2)}"}
        base = alt.Chart(alt.InlineData(values=[mean])).encode(x="mean:Q")
        layers.append(base.mark_rule(color=DARK, strokeDash=[5, 3], strokeWidth=1.5))
        note = base.mark_text(dy=-4, color=DARK, baseline="bottom")
        layers.append(note.encode(text="text:N", y=alt.value(0)))
    return draw(alt.layer(*layers).properties(width=WIDTH, height=155), histogram_alt(subject))


def histogram_alt(subject: Distribution) -> str:
    """The histogram in a sentence."""
    if subject.mean is None or subject.median is None:
        return f"Phổ điểm {subject.label}: không có bài nào."
    highest = subject.bins.index(max(subject.bins))
    low = highest * subject.bin_width / 100
    return (
        f"Phổ điểm {subject.label}: {vi_number(subject.count)} bài, trung bình {vi_number(subject.mean, 2)}, "
        f"trung vị {vi_number(subject.median, 2)}; cột cao nhất bắt đầu từ {vi_number(low, 2)} điểm với "
        f"{vi_number(max(subject.bins))} bài; {vi_number(subject.below_5)} bài dưới 5, "
        f"{vi_number(subject.from_8)} bài từ 8 trở lên."
    )


def group_means(groups: tuple[GroupResults, ...], place: int, *, minimum: int = 2) -> Chart:
    """Mean of one subject in each group of at least `minimum` candidates, with its 95 % interval.

    `place` is the subject's place in the report. Groups stand from the highest mean to the lowest.
    """
    points = [
        {
            "group": group.name,
            "mean": one.mean,
            "low": one.mean_low,
            "high": one.mean_high,
            "count": one.count,
        }
        for group in groups
        if (one := group.subjects[place]).count >= max(minimum, 2)
    ]
    points.sort(key=lambda point: (-float(point["mean"] or 0), str(point["group"])))
    for point in points:
        point["label"] = f"{vi_number(float(point['mean'] or 0), 2)} ({vi_number(int(point['count'] or 0))})"
    names = [str(point["group"]) for point in points]
    y = alt.Y("group:N", title=None, sort=names, axis=alt.Axis(labelLimit=220))
    base = alt.Chart(alt.InlineData(values=points)).encode(y=y)
    scale, axis = alt.Scale(zero=False, nice=True), alt.Axis(format=".2f", tickCount=6, labelOverlap=True)
    interval = base.mark_rule(color=GREY, strokeWidth=3).encode(
        x=alt.X("low:Q", title="Điểm trung bình và khoảng tin cậy 95 %", scale=scale, axis=axis), x2="high:Q"
    )
    dots = base.mark_point(filled=True, color=DARK, size=55, opacity=1).encode(x="mean:Q")
    text = base.mark_text(align="left", color=DARK).encode(text="label:N", x=alt.value(WIDTH - 120))
    chart = alt.layer(interval, dots, text)
    sized = chart.properties(width=WIDTH - 130, height=max(60, 20 * len(points)))
    return draw(sized, _means_alt(groups, place, names))


def standing_line(standing: Standing) -> Chart:
    """Means of the province and of the country by year, the rank written under each year."""
    rows = [
        {"year": f"{year.year}|hạng {year.rank}/{year.of}", "mean": mean, "series": series}
        for year in standing.years
        for series, mean in ((standing.province, year.mean), ("Cả nước", year.national_mean))
    ]
    names = [standing.province, "Cả nước"]
    legend = alt.Legend(orient="top", symbolType="square", symbolStrokeWidth=0)
    color = alt.Color(
        "series:N", title=None, scale=alt.Scale(domain=names, range=[DARK, GREY]), legend=legend
    )
    dash = alt.StrokeDash("series:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 4]]), legend=None)
    shape = alt.Shape("series:N", scale=alt.Scale(domain=names, range=["circle", "square"]), legend=None)
    # The rank stands under the year, where no line can cross it.
    axis = alt.Axis(labelAngle=0, labelExpr="split(datum.label, '|')", labelLimit=90)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("year:O", title="Năm và thứ hạng", axis=axis),
        y=alt.Y("mean:Q", title="Điểm trung bình", scale=alt.Scale(zero=False), axis=alt.Axis(format=".1f")),
        color=color,
    )
    line = base.mark_line(strokeWidth=2).encode(strokeDash=dash)
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(shape=shape)
    chart = alt.layer(line, dots).properties(width=WIDTH, height=230)
    return draw(chart, _standing_alt(standing))


def draw(chart: Any, alternative: str) -> Chart:
    """Render an Altair chart to SVG that says its alternative text."""
    styled = chart.configure(font=FONT, background="white").configure_view(stroke=None)
    styled = styled.configure_axis(
        labelFontSize=12, titleFontSize=13, titleFontWeight="normal", gridColor="#e3e5e8"
    )
    styled = styled.configure_text(font=FONT, fontSize=12).configure_legend(labelFontSize=12)
    svg = vl_convert.vegalite_to_svg(styled.to_dict(), format_locale=LOCALE)
    opening, rest = svg.split(">", 1)
    size = {name: opening.split(f' {name}="')[1].split('"')[0] for name in ("width", "height")}
    named = (
        f'{opening} role="img" aria-label="{escape(alternative)}"><title>{escape(alternative)}</title>{rest}'
    )
    return Chart(named, alternative, round(float(size["width"])), round(float(size["height"])))


def _ticks(highest: int) -> dict[str, Any]:
    return {"values": list(range(highest + 1))} if highest < 5 else {"tickCount": 5}


def _means_alt(groups: tuple[GroupResults, ...], place: int, names: list[str]) -> str:
    label = groups[0].subjects[place].label if groups else ""
    if not names:
        return f"Điểm trung bình {label}: không nhóm nào đủ số bài để so sánh."
    means = {group.name: group.subjects[place].mean or 0.0 for group in groups}
    return (
        f"Điểm trung bình {label} của {len(names)} nhóm, từ cao xuống thấp: cao nhất {names[0]} "
        f"({vi_number(means[names[0]], 2)}), thấp nhất {names[-1]} ({vi_number(means[names[-1]], 2)})."
    )


def _standing_alt(standing: Standing) -> str:
    years = "; ".join(
        f"năm {year.year} đạt {vi_number(year.mean, 2)} (cả nước {vi_number(year.national_mean, 2)}), "
        f"hạng {year.rank}/{year.of}"
        for year in standing.years
    )
    return f"Điểm trung bình mọi bài thi của {standing.province}: {years}."

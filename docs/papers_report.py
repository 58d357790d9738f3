"""Reads every paper of the data folder, compares it with the published JSON, and writes papers-report.md.

Run: THUCCHAT_DATA=<folder> python docs/papers_report.py. The JSON is split by a rule of its own,
lines that begin with A., B., C., D., so that two readers have to agree. Every disagreement needs an
explanation below.
"""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from thucchat.engine.papers.model import Paper, Question
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.vietnamese import tidy

HERE = Path(__file__).parent
DATA = Path(os.environ.get("THUCCHAT_DATA", HERE.parent.parent / "shared" / "data")) / "papers"
NUMBER = re.compile(r"(?:Câu|Question)\s*(\d+)\s*[.:)]*")
EXPLAINED = {
    ("MET_Civ_IE_2019_36", "options"): (
        "Lỗi nguồn: dòng bị ngắt giữa “anh C.”, nên một dòng mở đầu bằng “C.” trước phương án B. Ta đọc đúng "
        "“A. Anh D, ông A và anh C.”, “B. Chị B và ông A.”, và gắn cờ `option.duplicate`."
    ),
    ("MET_Civ_IE_2021_39", "options"): (
        "Lỗi nguồn: “D Ông Q, …” thiếu dấu chấm và nằm trên dòng của phương án C. Ta tách được D và gắn cờ "
        "`option.marker`; quy tắc so sánh theo dòng thì không."
    ),
    ("MET_Math_IE_2019_14", "stem"): (
        "Lỗi nguồn: JSON mất “z=-1+2i” ở cuối câu dẫn; tệp Word có."
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expected:
    """One question of the JSON, by the report's own rule."""

    name: str
    number: int | None
    stem: str
    options: dict[str, str]
    key: str


@dataclass(slots=True)
class Score:
    """What agrees in one paper."""

    name: str
    questions: int
    stems: int = 0
    options: int = 0
    keys: int = 0
    all_options: int = 0
    flags: int = 0


def expected_questions(path: Path) -> list[Expected]:
    """The JSON of a paper, split line by line."""
    return [_expected(found) for found in json.loads(path.read_text("utf-8"))]


def _expected(found: dict[str, str]) -> Expected:
    stem: list[str] = []
    options: dict[str, list[str]] = {}
    current = stem
    for line in found["Question"].split("\n"):
        mark = re.match(r"\s*([A-D])\.(.*)", line)
        if mark:
            current = options.setdefault(mark[1], [])
        current.append(mark[2] if mark else line)
    text = tidy("\n".join(stem))
    number = NUMBER.search(text)
    bare = tidy(text[: number.start()] + " " + text[number.end() :]) if number else text
    read = {letter: tidy("\n".join(lines)) for letter, lines in options.items()}
    return Expected(found["ID"], int(number[1]) if number else None, bare, read, found["Choice"].strip())


def compare(paper: Paper, expected: list[Expected], score: Score) -> list[tuple[str, str, str, str]]:
    """Disagreements as question, field, ours, theirs; counts go into `score`."""
    found = []
    if len(paper.questions) != len(expected):
        found.append((score.name, "count", str(len(paper.questions)), str(len(expected))))
    for question, wanted in zip(paper.questions, expected, strict=False):
        found += _differences(question, wanted, score)
    return found


def _differences(question: Question, wanted: Expected, score: Score) -> list[tuple[str, str, str, str]]:
    options = {letter: tidy(text) for letter, text in question.options.items()}
    stem = tidy(question.stem)
    same_stem = stem == wanted.stem and wanted.number in {question.number, None}
    equal = sum(options.get(letter) == text for letter, text in wanted.options.items())
    score.stems += same_stem
    score.options += equal if len(wanted.options) == 4 else 0
    score.all_options += 4
    score.keys += question.key == wanted.key
    found = []
    if not same_stem:
        found.append((wanted.name, "stem", stem[-90:], wanted.stem[-90:]))
    if options != wanted.options:
        found.append((wanted.name, "options", str(options), str(wanted.options)))
    if question.key != wanted.key:
        found.append((wanted.name, "key", str(question.key), wanted.key))
    return found


def main() -> None:
    """Write the report; fail if a disagreement has no explanation."""
    scores, found = [], []
    for path in sorted(DATA.glob("*.docx")):
        paper = read_paper(path.read_bytes())
        score = Score(path.stem, len(paper.questions), flags=paper.doubtful)
        found += compare(paper, expected_questions(path.with_suffix(".json")), score)
        scores.append(score)
    unexplained = [each for each in found if (each[0], each[1]) not in EXPLAINED]
    (HERE / "papers-report.md").write_text("\n".join(_report(scores, found)) + "\n", encoding="utf-8")
    for each in unexplained:
        print("Chưa giải thích:", *each, sep="\n  ")
    raise SystemExit(1 if unexplained else 0)


def _report(scores: list[Score], found: list[tuple[str, str, str, str]]) -> list[str]:
    lines = [
        "# Đọc các đề thật: so với JSON đã công bố",
        "",
        "Do `docs/papers_report.py` tạo ra. JSON được tách theo dòng bằng quy tắc riêng, độc lập với bộ đọc.",
        "",
        "| Đề | Câu | Câu dẫn đúng | Phương án đúng | Đáp án đúng | Câu có cờ |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {each.name} | {each.questions} | {each.stems} | {each.options}/{each.all_options} | {each.keys}"
        f" | {each.flags} |"
        for each in scores
    ]
    total = sum(each.questions for each in scores)
    stems, keys = sum(each.stems for each in scores), sum(each.keys for each in scores)
    options, all_options = sum(each.options for each in scores), sum(each.all_options for each in scores)
    lines.append(
        f"| **Cộng** | {total} | {stems} | {options}/{all_options} | {keys} | "
        f"{sum(e.flags for e in scores)} |"
    )
    lines += ["", (f"Tỉ lệ bằng nhau: câu dẫn {stems / total:.2%}, phương án {options / all_options:.2%},"
              f" đáp án {keys / total:.2%}"), "", "## Từng chỗ khác nhau", ""]  # fmt: skip
    for name, field, ours, theirs in found:
        lines += [f"### {name}, {field}", "", f"- Ta đọc: `{ours}`", f"- JSON: `{theirs}`"]
        lines += [f"- {EXPLAINED.get((name, field), 'CHƯA GIẢI THÍCH')}", ""]
    return lines


if __name__ == "__main__":
    main()

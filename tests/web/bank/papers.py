"""Small proposed papers on a small matrix, each with words of its own."""

from decimal import Decimal

from tests.engine.papers.word import fraction, omath, p, r
from thucchat.engine.papers.blueprint import Blueprint, Cell, Level, Line
from thucchat.engine.papers.proposed import Tag
from thucchat.engine.papers.writing.new_file import new_file

K, U, A = Level.KNOW, Level.UNDERSTAND, Level.APPLY
MATRIX = Blueprint(
    "Ma trận Toán 9",
    (
        Line("Số học", "Luỹ thừa", {("choice", K): Cell(2, Decimal(2)), ("choice", U): Cell(1, Decimal(2))}),
        Line(
            "Hình học",
            "Tam giác",
            {("true_false", K): Cell(4, Decimal(4)), ("short_answer", A): Cell(1, Decimal(2))},
        ),
    ),
)
TAGS = {
    1: Tag(0, (K,)), 2: Tag(0, (K,)), 3: Tag(0, (U,)), 4: Tag(1, (K, K, K, K)), 5: Tag(1, (A,)),
}  # fmt: skip
KEYS = {1: "A", 2: "B", 3: "C", 4: "ĐSĐS", 5: "12,5"}
CANARY = "chim hoàng yến xanh biếc"
# Nothing in common: near-duplicates are refused.
STEMS = {
    0: (
        f"{CANARY}, đàn trâu cày ruộng bậc thang có bao nhiêu con là bội của năm?",
        "Rút gọn phân thức chứa biến rồi tính khi biết bảy lần ẩn bằng mười bốn:",
        "Dãy số nào sau đây viết được dưới dạng cơ số hai?",
        "Tam giác vuông có hai cạnh góc vuông là ba và bốn.",
        "Con suối Nậm Rốm rộng bao nhiêu mét nếu góc nhìn là ba mươi độ?",
    ),
    1: (
        "Chợ phiên Tủa Chùa bán được tổng cộng mấy tạ ngô nếp nương?",
        "Nhiệt độ ban đêm trên đèo Pha Đin hạ xuống theo quy luật",
        "Chọn cách ghi đúng của một triệu theo luỹ thừa mười.",
        "Hình bình hành được vẽ trên chiếc khăn piêu thêu hoa.",
        "Sợi dây dài nhất buộc quanh cọc tre đo được mấy mét?",
    ),
    2: (
        "Đoàn tàu hoả chạy đêm qua ga thứ mấy thì hết than đá?",
        "Lượng nước hồ Pá Khoang còn lại sau mỗi ngày tưới bằng",
        "Phép khai triển lập phương nào giữ nguyên dấu trừ?",
        "Mặt sân vận động hình chữ nhật có đường chéo kẻ vôi.",
        "Bóng cột cờ đổ xuống cánh đồng Mường Thanh dài bao nhiêu?",
    ),
}
WORDS = {0: "trâu bản sâu", 1: "ngô nương cao", 2: "than ga xa"}


def paper(number: int, *, extra: str = "") -> bytes:
    """A .docx of five questions; `number` chooses its words."""
    first, second, third, fourth, fifth = STEMS[number]
    name = WORDS[number]
    body = (
        p(r("PHẦN I. Trắc nghiệm nhiều lựa chọn", "b"))
        + p(f"Câu 1. {first}")
        + p(f"A. {number}1\tB. {number}2\tC. {number}3\tD. {number}4")
        + p(f"Câu 2. {second} ", omath(fraction(f"{number + 5}x", f"{number + 7}")))
        + p(f"A. {number + 6} {name}\tB. {number + 5}\tC. {number + 7}\tD. {number + 8}")
        + p(f"Câu 3. {third}{extra}")
        + p(f"A. một {name}") + p(f"B. hai {name}") + p(f"C. ba {name}") + p("D. không có")
        + p(r("PHẦN II. Đúng sai", "b"))
        + p(f"Câu 1. {fourth}")
        + p(f"a) Cạnh dài nhất gần {name}.") + p(f"b) {name} cân nặng bằng nhau.")
        + p(f"c) Chu vi là {number + 11} cm.") + p(f"d) {name} không đổi màu.")
        + p(r("PHẦN III. Trả lời ngắn", "b"))
        + p(f"Câu 1. {fifth}")
    )  # fmt: skip
    return new_file(body)

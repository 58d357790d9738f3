"""The two worked examples of the proportions that Công văn 7991 prints, spread over two lines each."""

from decimal import Decimal

from thucchat.engine.papers.blueprint import Blueprint, Cell, Level, Line

K, U, A = Level.KNOW, Level.UNDERSTAND, Level.APPLY
OUTCOMES = {
    K: ("Nhận ra số hữu tỉ.", "Nêu được thứ tự của hai số."),
    U: ("Giải thích được quy tắc dấu ngoặc.",),
    A: ("Giải quyết được vấn đề thực tiễn.",),
}


def example_a():
    """12 choice, 8 statements, 4 short answers, essays of 1 and 2 points."""
    first = {
        ("choice", K): Cell(8),
        ("true_false", K): Cell(4, competency="TD"),
        ("short_answer", A): Cell(2),
        ("essay", U): Cell(1, Decimal(1)),
    }
    second = {
        ("choice", U): Cell(4, competency="GQ"),
        ("true_false", U): Cell(4),
        ("short_answer", K): Cell(2),
        ("essay", A): Cell(1, Decimal(2), "MH"),
    }
    lines = (
        Line("Số hữu tỉ", "Các phép tính", first, OUTCOMES),
        Line("Số hữu tỉ", "Luỹ thừa", second, OUTCOMES),
    )
    return Blueprint("Ma trận đề kiểm tra cuối kì I, Toán 7", lines)


def example_b():
    """12 choice, 16 statements, no short answers, the same essays."""
    cells = {
        ("choice", K): Cell(10),
        ("choice", U): Cell(2),
        ("true_false", K): Cell(6),
        ("true_false", U): Cell(6),
        ("true_false", A): Cell(4),
        ("essay", U): Cell(1, Decimal(1)),
        ("essay", A): Cell(2, Decimal(2)),
    }
    return Blueprint("Ma trận B", (Line("Chương I", "Bài 1", cells),))

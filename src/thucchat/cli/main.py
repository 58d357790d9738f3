"""Entry point: finds the command, imports only that one, and turns errors into sentences and exit codes."""

import sys
from collections.abc import Sequence
from importlib import import_module

from thucchat.cli.parser import Parser
from thucchat.engine.errors import EngineError

USAGE, BAD_INPUT = 1, 2

# Name, the module that configures and runs it, what it does.
COMMANDS = {
    "demo": ("thucchat.cli.demo", "dựng hoặc mở lại tỉnh trình diễn rồi phục vụ"),
    "migrate": ("thucchat.cli.migrate", "cập nhật cơ sở dữ liệu"),
    "serve": ("thucchat.cli.serve", "chạy trang web và công việc nền"),
    "simulate": ("thucchat.cli.simulate", "nạp một tỉnh mô phỏng vào cơ sở dữ liệu trống"),
    "worker": ("thucchat.cli.worker", "chạy công việc nền"),
    "analyse": ("thucchat.cli.analyse", "phân tích kết quả thi, thứ hạng và bài làm"),
    "gap": ("thucchat.cli.gap", "so điểm học bạ với điểm thi theo trường, môn, giáo viên"),
    "growth": ("thucchat.cli.growth", "giá trị gia tăng của giáo viên, trường, huyện"),
    "percentiles": ("thucchat.cli.percentiles", "bách phân vị tiến bộ của từng học sinh"),
    "rank": ("thucchat.cli.rank", "xếp hạng kèm khoảng tin cậy của hạng"),
    "equate": ("thucchat.cli.equate", "quy điểm của một đề sang thang của đề khác, kèm sai số"),
    "link": ("thucchat.cli.link", "nối hai thang ước lượng qua các câu chung, theo dõi câu chung bị trôi"),
    "dif": ("thucchat.cli.dif", "tìm câu hỏi thiên lệch giữa hai nhóm cùng năng lực"),
    "forensics": ("thucchat.cli.forensics", "tìm bài làm và phân bố điểm cần hỏi lại"),
    "calibrate": ("thucchat.cli.calibrate", "ước lượng tham số câu hỏi theo mô hình ứng đáp"),
    "abilities": ("thucchat.cli.abilities", "ước lượng năng lực từ các câu đã có tham số"),
    "paper": ("thucchat.cli.paper", "đọc, kiểm, trộn và viết đề thi Word"),
    "sheet": ("thucchat.cli.sheet", "in, đọc và kiểm toán phiếu trả lời trắc nghiệm"),
    "ledger": ("thucchat.cli.ledger", "xuất sổ sự kiện và kiểm tra sổ theo mã gốc đã in"),
    "draw": ("thucchat.cli.draw", "chốt danh sách đề, bốc thăm và kiểm tra biên bản"),
    "seal": ("thucchat.cli.seal", "khoá của người giữ đề, niêm phong và mở niêm phong"),
    "bench": ("thucchat.cli.bench", "đo tốc độ và bộ nhớ của từng phần"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 no such command, 2 bad input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] not in COMMANDS:
        return _list_commands(words)
    module, purpose = COMMANDS[words[0]]
    parser = Parser(prog=f"thucchat {words[0]}", description=purpose)
    import_module(module).configure(parser)
    options = parser.parse_args(words[1:])
    try:
        return int(options.run(options) or 0)
    except EngineError as error:
        print(f"Lỗi: {error}", file=sys.stderr)
    except FileNotFoundError as error:
        print(f"Lỗi: không có tệp “{error.filename}”.", file=sys.stderr)
    return BAD_INPUT


def _list_commands(words: Sequence[str]) -> int:
    asked = not words or words[0] in {"-h", "--help", "help"}
    out = sys.stdout if asked else sys.stderr
    if not asked:
        print(f"Không có lệnh “{words[0]}”.", file=out)
    print("Cách dùng: thucchat LỆNH [tuỳ chọn]; thucchat LỆNH --help để xem chi tiết.\n", file=out)
    width = max(map(len, COMMANDS))
    for name, (_, purpose) in sorted(COMMANDS.items()):
        print(f"  {name:<{width}}  {purpose}", file=out)
    return 0 if asked else USAGE

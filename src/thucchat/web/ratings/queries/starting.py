"""The rule set that a new one starts from: what can be rated, with weights that an office then sets."""

from thucchat.engine.growth.rating import Component, RuleSet

STARTING = RuleSet(
    version="1",
    components=(
        Component("progress", "Tiến bộ của học sinh", "điểm so với dự kiến", 60, zero=-1.0, full=1.0),
        Component("level", "Học sinh đạt từ 5,0 điểm", "% học sinh", 15, zero=0.0, full=100.0),
        Component(
            "commitment", "Thực hiện cam kết", "% chỉ tiêu đạt hoặc trong sai số", 25, zero=0.0, full=100.0
        ),
    ),
    classes=(("Tốt", 75.0), ("Khá", 60.0), ("Đạt", 45.0), ("Chưa đạt", 0.0)),
    fewest=15,
)

"""What every page shows around its content: who acts, where, and the way to each room he may enter."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from thucchat.web.bank.permissions import SEES_ITEMS, SEES_ROUNDS
from thucchat.web.exams.permissions import SEES_RESULTS
from thucchat.web.org.models import Role
from thucchat.web.org.permissions import (
    EVERYONE,
    SEES_ACCOUNTS,
    SEES_CLUSTERS,
    SEES_DECISIONS,
    SEES_TREE,
    SEES_YEARS,
)
from thucchat.web.people.permissions import (
    MAY_IMPORT,
    ROLLS_OVER,
    SEES_CLASSES,
    SEES_PUPILS,
    SEES_STAFF,
    SEES_SUBJECTS,
)
from thucchat.web.plans.permissions import SEES_PLANS
from thucchat.web.quality.permissions import PREPARES, SEES_QUALITY
from thucchat.web.ratings.permissions import SEES_RATINGS
from thucchat.web.results.permissions import HAS_CLASSES, SEES_EXAMS


@dataclass(frozen=True, slots=True)
class Room:
    """One line of the menu."""

    label: str
    route: str
    roles: frozenset[Role]

    @property
    def url(self) -> str:
        return reverse(self.route)


MENU = (
    Room("Tổng quan", "people:home", EVERYONE),
    Room("Một năm học trong 10 phút", "year", SEES_RATINGS),
    Room("Đơn vị", "org:tree", SEES_TREE),
    Room("Cụm trường", "org:clusters", SEES_CLUSTERS),
    Room("Môn học", "people:subjects", SEES_SUBJECTS),
    Room("Lớp", "people:classes", SEES_CLASSES),
    Room("Học sinh", "people:pupils", SEES_PUPILS),
    Room("Cán bộ, giáo viên", "people:staff-list", SEES_STAFF),
    Room("Khảo sát chất lượng", "exams:campaigns", SEES_RESULTS),
    Room("Chất lượng, việc đến hạn", "quality:board", SEES_QUALITY),
    Room("Các bước của năm học", "quality:steps", PREPARES),
    Room("Bàn giao chất lượng", "quality:handovers", SEES_QUALITY),
    Room("Chỉ tiêu của các văn bản", "plans:board", SEES_PLANS),
    Room("Xếp loại, xếp hạng", "ratings:runs", SEES_RATINGS),
    Room("Kết quả thi", "exams:exams", SEES_RESULTS),
    Room("Kết quả theo lớp", "results:classes", HAS_CLASSES),
    Room("Phân tích, công bố", "results:exams", SEES_EXAMS),
    Room("Ngân hàng câu hỏi", "bank:items", SEES_ITEMS),
    Room("Đề và bốc thăm", "bank:rounds", SEES_ROUNDS),
    Room("Nhập dữ liệu", "people:imports", MAY_IMPORT),
    Room("Chuyển năm học", "people:rollover", ROLLS_OVER),
    Room("Năm học", "org:years", SEES_YEARS),
    Room("Việc chờ duyệt", "org:decisions", SEES_DECISIONS),
    Room("Tài khoản, vai trò", "org:users", SEES_ACCOUNTS),
    Room("Công việc nền", "org:works", EVERYONE),
)


def place(request: HttpRequest) -> dict[str, object]:
    """Template variables `acting`, `menu` and `is_demo`."""
    acting = getattr(request, "acting", None)
    rooms = [room for room in MENU if acting and acting.role in room.roles]
    return {"acting": acting, "menu": rooms, "is_demo": settings.DEMO}

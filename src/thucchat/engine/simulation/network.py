"""The plan of schools: how many of each kind, where, how large, and which send their leavers where."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.changes import with_changes
from thucchat.engine.simulation.places import DISTRICTS, PROVINCE_CODE, District
from thucchat.engine.simulation.sites import Change, Network, School, Site
from thucchat.engine.simulation.years import FIRST_YEARS

SMALLEST, LARGEST = 0.01, 10.0
# Schools at scale 1 in 2023-2024, Điện Biên (regulations §13.1); some of each are of two levels.
PRIMARY, LOWER, UPPER, NURSERY = 140, 123, 33, 168
TWO_LEVELS = {"TH-THCS": 8 / 123, "THCS-THPT": 4 / 33}

TYPE_NAMES = {
    ("MN",): "Trường Mầm non",
    ("TH",): "Trường Tiểu học",
    ("THCS",): "Trường THCS",
    ("TH", "THCS"): "Trường TH và THCS",
    ("THPT",): "Trường THPT",
    ("THCS", "THPT"): "Trường THCS và THPT",
}


def plan_network(scale: float, rng: np.random.Generator) -> Network:
    """All schools of a province `scale` times as large as Điện Biên.

    Raises:
        InvalidInput: `simulation.scale` outside 0.01-10.
    """
    if not SMALLEST <= scale <= LARGEST:
        raise InvalidInput("simulation.scale", f"Tỉ lệ {scale:g} nằm ngoài khoảng 0,01 đến 10.", scale=scale)
    districts = int(np.clip(round(10 * np.sqrt(scale)), 2, len(DISTRICTS)))
    schools, sites = _first_year(scale, districts, rng)
    schools, sites, changes = with_changes(schools, sites)
    return _with_roads(scale, districts, schools, sites, changes)


def district_shares(districts: int) -> NDArray[np.float64]:
    """Share of the pupils in the first so many districts; the city keeps its own, however few the others."""
    weights = np.array([district.weight for district in DISTRICTS])
    city, rural = weights[0] / weights.sum(), weights[1:districts]
    return np.array([city, *(rural / rural.sum() * (1 - city))])


def _first_year(scale: float, districts: int, rng: np.random.Generator) -> tuple[list[School], list[Site]]:
    upper = max(round(UPPER * scale), districts + 2)
    boarding = min(max(1, round(upper * 9 / UPPER)), districts - 1)
    both = round(TWO_LEVELS["THCS-THPT"] * upper)
    lower = max(round(LOWER * scale), 2 * districts)
    through = round(TWO_LEVELS["TH-THCS"] * lower)
    plan = _Plan(districts, rng)
    plan.add(("TH",), max(round(PRIMARY * scale), 2 * districts) + 1)
    plan.add(("THCS",), lower - through)
    plan.add(("TH", "THCS"), through)
    plan.add(("THPT",), max(districts, upper - boarding - both - 1))
    plan.add(("THCS", "THPT"), both)
    plan.add(("MN",), max(round(NURSERY * scale), districts))
    plan.add_upper_schools_apart(boarding)
    return plan.schools, plan.sites_with_shares()


class _Plan:
    """Schools added so far, with the counters that keep codes and names apart."""

    def __init__(self, districts: int, rng: np.random.Generator) -> None:
        self.rng = rng
        self.districts = DISTRICTS[:districts]
        self.schools: list[School] = []
        self.sites: list[Site] = []
        self.serial = dict.fromkeys(range(districts), 0)
        self.names: dict[str, int] = {}
        self.turn: dict[tuple[int, tuple[str, ...]], int] = {}

    def add(self, levels: tuple[str, ...], count: int) -> None:
        """Spread `count` schools over the districts by weight, each district at least one while they last."""
        shares = district_shares(len(self.districts))
        for place, amount in enumerate(_whole_parts(shares, count)):
            for _ in range(amount):
                self._add_ordinary(place, levels)

    def add_upper_schools_apart(self, boarding: int) -> None:
        """The school for the gifted, boarding schools, and a continuing-education centre per district."""
        city = next(iter(self.districts[0].communes))
        self._append(0, "Trường THPT chuyên Lê Quý Đôn", "09", levels=("THPT",), zone="V3", home=(city, city))
        for number in range(boarding):
            # The last one is the province's own, once every rural district has its boarding school.
            home = number + 1 if number + 2 < len(DISTRICTS) else 0
            name = self.districts[home].name
            kind, title = ("02", "tỉnh") if home == 0 else ("03", f"THPT {name}")
            self._append(
                home, f"Trường PTDTNT {title}", kind, levels=("THPT",), zone="V3", home=self._centre(home)
            )
        for home, district in enumerate(self.districts):
            kind, title = ("15", "GDTX tỉnh") if home == 0 else ("16", f"GDNN-GDTX {district.name}")
            self._append(
                home, f"Trung tâm {title}", kind, levels=("GDTX",), zone="V3", home=self._centre(home)
            )

    def sites_with_shares(self) -> list[Site]:
        """Sites whose weights sum to the district's share of pupils."""
        totals = np.zeros(len(self.districts))
        places = [self.schools[site.schools[0]].district for site in self.sites]
        np.add.at(totals, places, [site.weight for site in self.sites])
        factor = district_shares(len(self.districts)) / totals
        return [
            replace(site, weight=site.weight * factor[place])
            for site, place in zip(self.sites, places, strict=True)
        ]

    def _centre(self, place: int) -> tuple[str, str]:
        commune, localities = next(iter(self.districts[place].communes.items()))
        return commune, localities[0]

    def _add_ordinary(self, place: int, levels: tuple[str, ...]) -> None:
        district = self.districts[place]
        turn = self.turn.get((place, levels), 0)
        self.turn[place, levels] = turn + 1
        commune, locality = _locality(district, turn)
        zone = _zone(district, turn, self.rng)
        remote = zone == "V1" and "THPT" not in levels and "MN" not in levels
        semi_boarding = remote and self.rng.random() < 0.72
        title = TYPE_NAMES[levels].replace("Trường", "Trường PTDTBT") if semi_boarding else TYPE_NAMES[levels]
        kind = "13" if levels == ("MN",) else "01" if semi_boarding else "07"
        self._append(place, f"{title} {locality}", kind, levels=levels, zone=zone, home=(commune, locality))

    def _append(
        self, place: int, name: str, kind: str, *, levels: tuple[str, ...], zone: str, home: tuple[str, str]
    ) -> None:
        self.serial[place] += 1
        self.names[name] = self.names.get(name, 0) + 1
        code = f"{PROVINCE_CODE}{self.districts[place].code}{self.serial[place]:03d}"
        full = name if self.names[name] == 1 else f"{name} số {self.names[name]}"
        self.schools.append(School(code, full, kind, levels, zone, place, home[0]))
        size = self.rng.lognormal(0, 0.6) * (1.5 if zone == "V3" else 1.0)
        weight = size * (0.5 if "THCS" in levels else 1.0) if "TH" in levels else 0.0
        index = len(self.schools) - 1
        self.sites.append(Site((index,) * len(FIRST_YEARS), levels, weight, home[1]))


def _whole_parts(shares: NDArray[np.float64], count: int) -> list[int]:
    """`count` as whole parts in proportion to `shares`, each at least 1 when there are enough."""
    least = 1 if count >= len(shares) else 0
    exact = shares / shares.sum() * (count - least * len(shares))
    parts = np.floor(exact).astype(int)
    extra = np.argsort(parts - exact, kind="stable")[: count - least * len(shares) - parts.sum()]
    parts[extra] += 1
    return [int(part) + least for part in parts]


def _locality(district: District, turn: int) -> tuple[str, str]:
    """The first locality of each commune, then the second of each, and round again."""
    deepest = max(map(len, district.communes.values()))
    order = [
        (commune, names[depth])
        for depth in range(deepest)
        for commune, names in district.communes.items()
        if depth < len(names)
    ]
    return order[turn % len(order)]


def _zone(district: District, turn: int, rng: np.random.Generator) -> str:
    # The first school of a kind stands in the district's town.
    if turn == 0 or rng.random() < district.towns:
        return "V3"
    return "V2" if rng.random() < 0.12 else "V1"


def _with_roads(
    scale: float, districts: int, schools: list[School], sites: list[Site], changes: tuple[Change, ...]
) -> Network:
    school_of = np.array([site.schools for site in sites])
    district_of = np.array([schools[index].district for index in school_of[:, 0]])
    types = np.array([schools[index].school_type for index in school_of[:, 0]])
    has = {level: np.array([level in site.levels for site in sites]) for level in ("TH", "THCS", "THPT")}
    ordinary = has["THPT"] & (types == "07")
    return Network(
        scale,
        tuple(schools),
        tuple(sites),
        changes,
        districts,
        school_of,
        district_of,
        lower_of=_roads(district_of, has["TH"], has["THCS"]),
        upper_of=_roads(district_of, has["THCS"], ordinary),
        boarding_of=_one_per_district(district_of, np.isin(types, ("02", "03")), districts),
        centre_of=_one_per_district(district_of, np.isin(types, ("15", "16")), districts),
        gifted=int(np.flatnonzero(types == "09")[0]),
    )


def _roads(
    district_of: NDArray[np.int64], leaves: NDArray[np.bool_], receives: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """One receiving site of the district for each leaving site: itself when it can, else evenly."""
    roads = np.full(len(district_of), -1)
    for place in np.unique(district_of):
        senders = np.flatnonzero(leaves & (district_of == place))
        targets = np.flatnonzero(receives & (district_of == place))
        roads[senders] = targets[np.arange(len(senders)) * len(targets) // len(senders)]
    itself = leaves & receives
    roads[itself] = np.flatnonzero(itself)
    return roads


def _one_per_district(
    district_of: NDArray[np.int64], chosen: NDArray[np.bool_], districts: int
) -> NDArray[np.int64]:
    found = np.full(districts, -1)
    sites = np.flatnonzero(chosen)
    found[district_of[sites]] = sites
    return found

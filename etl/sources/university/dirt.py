"""Planted faults: at known small rates, at places spread evenly, so that no cluster or month suffers more than another.

A fault takes a posting out of what a careful loader counts. Were the places drawn at random, the faults would add
noise to the series that nobody could see through; evenly spread they take nearly the same share everywhere.
"""

from dataclasses import asdict

from etl.sources.university.draws import Draws
from etl.sources.university.world import World

WORDS = ("soon", "TBD", "2023-13-45", "见公告", "next spring")
MISSING = ("title", "requirements", "released_on", "location", "education", "salary", "employer")
PAY = ("1-2元/月", "9,000,000-12,000,000 CNY per month", "¥0.5 - 1 per year", "8-12亿/月")
POSTING_KINDS = (
    "exact_duplicates", "near_duplicates", "missing", "wrong_dates", "implausible_pay", "expired", "unknown_skills",
)  # fmt: skip


def plan(world: World, total: int) -> dict[int, str]:
    """Kind of fault by place, places running through all clean postings, cluster by cluster and month by month."""
    draws = Draws(world.generator("dirt"))
    rates = asdict(world.dirt)
    places: dict[int, str] = {}
    for kind in POSTING_KINDS:
        # Copies are counted against all rows of the file, like the others; see `copies`.
        count = round(rates[kind] * world.postings)
        phase = draws.next()
        for number in range(min(count, total)):
            place = int((number + phase) * total / count) % total
            while place in places:
                place = (place + 1) % total
            places[place] = kind
    return places


def copies(world: World) -> int:
    """How many rows of postings.csv are copies of others."""
    return round(world.dirt.exact_duplicates * world.postings) + round(world.dirt.near_duplicates * world.postings)


def spoil(row: dict[str, str], kind: str, *, draws: Draws) -> str:
    """Plant a fault in a posting and return what it is, in a few words."""
    if kind == "missing":
        column = draws.choice(MISSING)
        row[column] = ""
        if column == "requirements":
            row["responsibilities"] = ""
        return f"missing {column}"
    if kind == "wrong_dates":
        return _wrong_date(row, draws)
    if kind == "implausible_pay":
        row["salary"] = draws.choice(PAY)
        return "implausible pay"
    return kind.replace("_", " ")


def _wrong_date(row: dict[str, str], draws: Draws) -> str:
    way = draws.below(3)
    if way == 0:
        row["closes_on"] = f"{int(row['released_on'][:4]) - 1}-06-30"
        return "closes before release"
    if way == 1:
        row["released_on"] = f"2205{row['released_on'][4:]}"
        return "released in 2205"
    row["released_on"] = draws.choice(WORDS)
    return "no date"


def change_words(text: str, draws: Draws) -> str:
    """A near-duplicate: the last sentence gets a word or two more, the rest stays."""
    if text.isascii():
        return f"{text.rstrip('.')}, {draws.choice(('please', 'as usual', 'from today', 'once more'))}."
    return f"{text.rstrip('。')}{draws.choice(('，欢迎', '，即日起', '，请知悉', '，谢谢'))}。"


def spoil_course_records(world: World, rows: list[list[str]]) -> dict[str, int]:
    """Plant faults among course records: unknown courses, marks out of range, repeated lines. Returns how many."""
    draws = Draws(world.generator("dirt").spawn(1)[0])
    count = len(rows)
    extra: list[tuple[int, list[str]]] = []
    planted = {"bad_course_references": 0, "bad_scores": 0, "repeated_course_records": 0}
    for kind in planted:
        for _ in range(round(getattr(world.dirt, kind) * count)):
            place = draws.below(count)
            row = list(rows[place])
            # Bad lines come on top, so that the good ones still tell the whole training.
            if kind == "bad_course_references":
                row[1] = f"R9{draws.below(9000) + 1000}X"
            elif kind == "bad_scores":
                row[1], row[3] = rows[draws.below(count)][1], draws.choice(("-5", "1050", "absent?", "8O"))
            extra.append((place, row))
            planted[kind] += 1
    for place, row in sorted(extra, key=lambda pair: -pair[0]):
        rows.insert(place + 1, row)
    return planted

"""Employers of the synthetic world: invented names, an industry, a place."""

from dataclasses import dataclass

from etl.sources.university.clusters import Clusters
from etl.sources.university.draws import Draws
from etl.sources.university.world import World
from schema.vocabulary.industries import INDUSTRIES, Industry

# Chinese name, English name, share among postings, currency.
PLACES = (
    ("上海", "Shanghai", 11, "CNY"), ("北京", "Beijing", 10, "CNY"), ("深圳", "Shenzhen", 9, "CNY"),
    ("广州", "Guangzhou", 7, "CNY"), ("杭州", "Hangzhou", 7, "CNY"), ("成都", "Chengdu", 5, "CNY"),
    ("武汉", "Wuhan", 5, "CNY"), ("郑州", "Zhengzhou", 8, "CNY"), ("南京", "Nanjing", 4, "CNY"),
    ("苏州", "Suzhou", 4, "CNY"), ("西安", "Xi'an", 3, "CNY"), ("长沙", "Changsha", 3, "CNY"),
    ("重庆", "Chongqing", 3, "CNY"), ("天津", "Tianjin", 2, "CNY"), ("合肥", "Hefei", 2, "CNY"),
    ("洛阳", "Luoyang", 3, "CNY"), ("平顶山", "Pingdingshan", 4, "CNY"), ("许昌", "Xuchang", 2, "CNY"),
    ("青岛", "Qingdao", 2, "CNY"), ("厦门", "Xiamen", 2, "CNY"), ("新加坡", "Singapore", 2, "SGD"),
    ("伦敦", "London", 1, "GBP"), ("纽约", "New York", 1, "USD"), ("柏林", "Berlin", 1, "EUR"),
)  # fmt: skip
SIZES = ("1-49", "50-149", "150-499", "500-999", "1000-9999", "10000+")
FIRST = "云启恒博远鼎瑞华晟嘉信拓凌卓泰和安盛维新科达弘毅明德立方天泽润丰宏图智联"
SECOND = "辰创达域峰光海合弘景晶康朗力林铭诺攀强融睿森升拓为翔兴旭扬宇源跃哲正众"
ONSETS = (
    "Ar", "Bel", "Cor", "Dal", "El", "Fen", "Gal", "Hal", "Ir", "Jun", "Kel", "Lor", "Mer", "Nor", "Or", "Pel", "Quin",
    "Ros", "Sel", "Tam", "Ul", "Ver", "Win", "Yar", "Zel",
)  # fmt: skip
FORMS = ("Group", "Works", "Partners", "Holdings")
ENDINGS = ("anta", "avik", "edon", "elle", "eria", "estra", "ion", "ivar", "ona", "oria", "owen", "uma")


@dataclass(frozen=True, slots=True)
class Employer:
    """One employer; place is a number in PLACES."""

    code: str
    name: str
    industry: Industry
    place: int
    size: str


@dataclass(frozen=True, slots=True)
class Employers:
    """All employers, and for each cluster the numbers of those of its industries."""

    all: tuple[Employer, ...]
    by_cluster: tuple[tuple[int, ...], ...]


def build(world: World, clusters: Clusters) -> Employers:
    """As many employers as the postings can feed, at most 3,000, every industry of a cluster at least once."""
    draws = Draws(world.generator("employers"))
    divisions = {code[1:]: industry for code, industry in INDUSTRIES.items() if len(code) == 3}
    wanted = [industry for cluster in clusters.all for industry in cluster.industries]
    industries = [divisions[f"{int(number):02d}"] for number in wanted]
    ladder = place_ladder()
    count = max(len(industries), min(3_000, max(40, world.postings // 30)))
    seen: dict[str, int] = {}
    made = []
    for number in range(count):
        industry = industries[number] if number < len(industries) else draws.choice(industries)
        place = draws.choice(ladder)
        name = _name(place, draws)
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name = f"{name} {seen[name]}"
        made.append(Employer(f"E{number + 1:05d}", name, industry, place, draws.choice(SIZES)))
    by_industry: dict[str, list[int]] = {}
    for number, employer in enumerate(made):
        by_industry.setdefault(employer.industry.code, []).append(number)
    return Employers(
        tuple(made),
        tuple(
            tuple(
                number
                for division in dict.fromkeys(f"{int(industry):02d}" for industry in cluster.industries)
                for number in by_industry[divisions[division].code]
            )
            for cluster in clusters.all
        ),
    )


def place_ladder() -> list[int]:
    """Numbers of places, each as often as its share."""
    return [number for number, place in enumerate(PLACES) for _ in range(place[2])]


def _name(place: int, draws: Draws) -> str:
    if PLACES[place][3] != "CNY" or draws.next() < 0.2:
        return f"{draws.choice(ONSETS)}{draws.choice(ENDINGS)} {draws.choice(FORMS)} (synthetic)"
    word = draws.choice(FIRST) + draws.choice(SECOND)
    return f"{PLACES[place][0]}{word}{draws.choice(('有限公司', '股份有限公司', '集团'))}（合成）"


def rows(employers: Employers) -> list[list[str]]:
    """Rows of employers.csv."""
    return [
        [
            employer.code, employer.name,
            employer.industry.zh if PLACES[employer.place][3] == "CNY" else employer.industry.name,
            PLACES[employer.place][0] if PLACES[employer.place][3] == "CNY" else PLACES[employer.place][1],
            employer.size, f"https://example.org/{employer.code.lower()}",
        ]
        for employer in employers.all
    ]  # fmt: skip

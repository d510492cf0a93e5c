"""How the short cells of a posting are written: titles, education, pay, days, made-up skills."""

import math
from datetime import date

from etl.sources.university.clusters import Cluster
from etl.sources.university.draws import Draws

EDUCATION = {
    4: (("高中", "高中及以上", "中专"), ("High school", "Vocational secondary school")),
    5: (("大专", "大专及以上", "专科"), ("Associate degree", "Junior college")),
    6: (("本科", "本科及以上", "学士"), ("Bachelor's degree", "Bachelor", "Bachelor's degree or above")),
    7: (("硕士", "硕士及以上", "硕士研究生"), ("Master's degree", "Master", "Master's degree or above")),
}
# How much of the currency a month of 1,000 CNY is worth there, higher pay abroad included, and a year of it if yearly.
ABROAD = {"SGD": 0.36, "GBP": 0.20, "USD": 0.30, "EUR": 0.24}
SIGNS = {"SGD": "S$", "GBP": "£", "USD": "$", "EUR": "€"}
HEADS = ("Lumen", "Quartz", "Zephyr", "Nimbu", "Orbi", "Tessel", "Velo", "Kestrel", "Marlo", "Pyxa", "Cobalt", "Sable")
TAILS = ("DB", "Flow", "Studio", "Grid", "Cast", "Forge", "Trace", "Lake", "Sheet", "Pilot")
CHINESE_TOOLS = ("智衡排产系统", "云梭报表", "磐石建模平台", "灵犀工单", "知微看板", "沧海调度引擎")


class Wording:
    """Writes cells.

    Arguments:
        draws: what is drawn from.
    """

    def __init__(self, draws: Draws) -> None:
        self._draws = draws

    def title(self, cluster: Cluster, place: tuple[str, str, int, str], *, language: str) -> tuple[str, str]:
        """The name of the job, and the title of the posting, which now and then holds the place too."""
        draws = self._draws
        names = (cluster.zh, *cluster.aliases_zh) if language == "zh" else (cluster.name, *cluster.aliases_en)
        job = names[0] if draws.next() < 0.5 else draws.choice(names)
        if draws.next() < 0.85:
            return job, job
        return job, f"{job}（{place[0]}）" if language == "zh" else f"{job} - {place[1]}"

    def education(self, isced: int, language: str) -> str:
        """The level asked for, now and then one lower or higher."""
        draw = self._draws.next()
        level = isced - 1 if draw < 0.12 else isced + 1 if draw > 0.92 else isced
        return self._draws.choice(EDUCATION[min(max(level, 4), 7)][0 if language == "zh" else 1])

    def pay(self, thousand: float, currency: str, *, language: str) -> str:
        """A range of pay around the cluster's, in one of the usual forms; thousand CNY a month."""
        draws = self._draws
        # Three uniform draws: close to normal, no table of exponentials needed beyond rounding.
        middle = thousand * math.exp(round(0.5 * (draws.next() + draws.next() + draws.next() - 1.5), 9))
        low, high = round(middle * 0.85 * 2) / 2, round(middle * 1.25 * 2) / 2
        low, high = max(low, 2.5), max(high, 3.5)
        if currency != "CNY":
            first, last = (round(amount * ABROAD[currency] * 12) * 1000 for amount in (low, high))
            return f"{SIGNS[currency]}{first:,} - {SIGNS[currency]}{last:,} a year"
        if language == "zh":
            return draws.choice(
                (
                    f"{low:g}k-{high:g}k", f"{low:g}-{high:g}K/月", f"{low / 10:g}-{high / 10:g}万/月",
                    f"{round(low * 1000)}-{round(high * 1000)}元/月", f"{low * 1.2:.3g}-{high * 1.2:.3g}万/年",
                )
            )  # fmt: skip
        return draws.choice(
            (
                f"CNY {round(low * 1000):,} - {round(high * 1000):,} per month",
                f"¥{round(low * 1000):,} - ¥{round(high * 1000):,} a month", f"{low:g}k-{high:g}k CNY/month",
                f"CNY {round(low * 12000):,} - {round(high * 12000):,} per year",
            )
        )  # fmt: skip

    def day(self, day: date, language: str) -> str:
        """A day, mostly in ISO form."""
        draw = self._draws.next()
        if draw < 0.8:
            return day.isoformat()
        if language == "zh":
            return f"{day.year}年{day.month}月{day.day}日" if draw < 0.9 else f"{day.year}/{day.month}/{day.day}"
        return f"{day:%B} {day.day}, {day.year}" if draw < 0.9 else f"{day.year}/{day.month:02d}/{day.day:02d}"

    def unknown_skill(self, language: str) -> str:
        """A made-up tool that no vocabulary knows; the first ones come up often."""
        draws = self._draws
        rank = draws.next() ** 2  # small numbers are more frequent
        if language == "zh" and draws.next() < 0.4:
            return CHINESE_TOOLS[int(rank * len(CHINESE_TOOLS))]
        number = int(rank * len(HEADS) * len(TAILS))
        return HEADS[number % len(HEADS)] + TAILS[number // len(HEADS)]

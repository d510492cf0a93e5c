"""Postings as arrays: text, skills, attributes and time (equation 5), wherever they came from."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schema.errors import JobError

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Postings p = {T, S, M, tau} of equation 5.

    Arguments:
        codes: of the postings, [postings].
        texts: T, title and body; empty where there is none, [postings].
        cluster: place of the job cluster, -1 where it is not known, [postings].
        month: tau, place of the month of release, -1 where it is not known, [postings].
        skill_offsets: where the skills of each posting begin in `skill_places`, and the end, [postings + 1].
        skill_places: S, places of skills, 0 up to `skills`.
        skills: number of skills there are.
        numbers: numeric attributes as they are read, for example log pay; NaN where missing, [postings, numbers].
        categories: places of categorical attributes, -1 where missing, [postings, kinds].
        category_sizes: number of values of each kind, [kinds].

    Raises:
        JobError: the arrays do not fit together.
    """

    codes: tuple[str, ...]
    texts: tuple[str, ...]
    cluster: Places
    month: Places
    skill_offsets: Places
    skill_places: Places
    skills: int
    numbers: Floats
    categories: Places
    category_sizes: tuple[int, ...]

    def __post_init__(self) -> None:
        count = len(self.codes)
        fits = {
            "texts": len(self.texts) == count,
            "cluster": self.cluster.shape == (count,),
            "month": self.month.shape == (count,),
            "skill_offsets": self.skill_offsets.shape == (count + 1,)
            and int(self.skill_offsets[-1]) == len(self.skill_places),
            "skill_places": not len(self.skill_places)
            or (self.skill_places.min() >= 0 and self.skill_places.max() < self.skills),
            "numbers": self.numbers.ndim == 2 and len(self.numbers) == count,
            "categories": self.categories.shape == (count, len(self.category_sizes)),
        }
        for name, holds in fits.items():
            if not holds:
                given = getattr(self, name)
                shape = getattr(given, "shape", None) or len(given)
                raise JobError(f"{name} of {shape} values", f"what fits {count} postings", where=f"corpus.{name}")
        for kind, size in enumerate(self.category_sizes):
            if count and not -1 <= self.categories[:, kind].max() < size:
                raise JobError(f"category {self.categories[:, kind].max()}", f"below {size}", where="corpus.categories")

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, places: Places) -> "Corpus":
        """Return some of the postings, in the order given."""
        lengths = np.diff(self.skill_offsets)[places]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        chosen = np.repeat(self.skill_offsets[:-1][places], lengths) + within
        return Corpus(
            tuple(self.codes[place] for place in places),
            tuple(self.texts[place] for place in places),
            self.cluster[places],
            self.month[places],
            offsets,
            self.skill_places[chosen],
            self.skills,
            self.numbers[places],
            self.categories[places],
            self.category_sizes,
        )

    def before(self, month: int) -> "Corpus":
        """Return the postings of the months before one: later ones are not to be seen, not even without outcome."""
        return self.take(np.flatnonzero((self.month >= 0) & (self.month < month)))

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that differ where the postings differ."""
        found = hashlib.sha256("\x1e".join(self.texts).encode())
        found.update("\x1e".join(self.codes).encode())
        arrays = (self.cluster, self.month, self.skill_offsets, self.skill_places, self.numbers, self.categories)
        for array in arrays:
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()[:12]


def posting_text(*parts: str | None) -> str:
    """Return the text T of a posting from its title, responsibilities and requirements, as far as it has them.

    >>> posting_text("Nurse", None, " Night shifts. ")
    'Nurse\\nNight shifts.'
    """
    return "\n".join(part.strip() for part in parts if part and part.strip())

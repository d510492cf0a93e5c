"""What all settings of jobs have in common: they are checked when they are made, and a hash tells them apart."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import ClassVar

from schema.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a job, as numbers and names; a part of them is `part` of the whole."""

    part: ClassVar[str] = ""

    def require(self, name: str, holds: bool, expected: str) -> None:
        """See that a setting is in its range.

        Raises:
            SettingsError: it is not.
        """
        if not holds:
            where = f"{self.part}.{name}" if self.part else name
            raise SettingsError(f"{name} {getattr(self, name)}", expected, where=where)

    @property
    def json(self) -> str:
        """The settings as JSON, names in order."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def hash(self) -> str:
        """Six hexadecimal digits that differ where settings differ."""
        return hashlib.sha256(self.json.encode()).hexdigest()[:6]

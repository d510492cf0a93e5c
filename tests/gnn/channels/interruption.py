"""Progress that is killed: what a user's Ctrl-C or a killed process does to a job, at a chosen unit."""

from cypher.progress import Silent, Step


class Killed(BaseException):
    """The job is killed here."""


class _Step(Step):
    def __init__(self, title: str, total: int | None, *, unit: str, at: int) -> None:
        super().__init__(title, total, unit=unit)
        self._at = at

    def show(self) -> None:
        if self.count >= self._at:
            raise Killed(self.title)


class Killing(Silent):
    """Kills the job once the step of a title has counted that far.

    Arguments:
        title: how the title of the step begins.
        at: units, >= 1.
    """

    def __init__(self, title: str, at: int) -> None:
        self._title = title
        self._at = at

    def begin(self, title: str, total: int | None, unit: str) -> Step:
        if title.startswith(self._title):
            return _Step(title, total, unit=unit, at=self._at)
        return super().begin(title, total, unit)

"""What happened in the weeks before the demonstration, carried out in the order of its moments."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from maristan.kernel import clock

Deed = Callable[[], object]


@dataclass
class Diary:
    """Deeds by moment; each is done with the clock stopped there, and may note others that come later."""

    zone: str
    today: date
    until: datetime
    _noted: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _turns: Iterator[int] = field(default_factory=count)

    def at(self, moment: datetime, deed: Deed) -> None:
        """Note a deed; one that would come after the present is done at the present."""
        heapq.heappush(self._noted, (min(moment, self.until), next(self._turns), deed))

    def on(self, days: int, hour: int, deed: Deed) -> None:
        """Note a deed for so many days from today, at an hour of the institution's clocks."""
        self.at(self.moment(days, hour), deed)

    def moment(self, days: int, hour: int) -> datetime:
        """An hour of a day, counted from today."""
        return datetime.combine(self.today + timedelta(days=days), time(hour), ZoneInfo(self.zone))

    def live(self) -> None:
        """Do everything that is noted."""
        while self._noted:
            moment, _, deed = heapq.heappop(self._noted)
            with clock.stopped_at(moment):
                deed()

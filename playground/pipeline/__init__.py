"""One generation's way: claim → send → receive → save. The only place that moves a state.

The row is the truth. Each step is one conditional UPDATE on the state that it leaves, so of any
number of deliveries of the same work one moves it and the others do nothing.
"""

from .pausing import go_on, pause
from .sending import run
from .steps import cancel
from .sweeping import next_deadline, sweep
from .transactions import lock
from .turns import Due, queue_is_away, resume, take_waiting
from .upstreams import prepare

__all__ = [
    "Due",
    "cancel",
    "go_on",
    "lock",
    "next_deadline",
    "pause",
    "prepare",
    "queue_is_away",
    "resume",
    "run",
    "sweep",
    "take_waiting",
]

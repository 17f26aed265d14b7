"""Running many small tasks on a few threads, so that every rate limit is used at the same time."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, Protocol, TypeVar


class Task(Protocol):
    """Something to do. Tasks of a `lane` share a rate limit; within it the `group`s take turns."""

    @property
    def lane(self) -> Hashable:
        """What limits the rate at which such tasks can be done."""

    @property
    def group(self) -> Hashable:
        """What the lane's turns go around."""


T = TypeVar("T", bound=Task)


class Scheduler(Generic[T]):
    """Does tasks with `perform`, which returns the tasks that follow from one.

    With at most `per_lane` tasks of a lane under way (None: no limit), threads that wait for one rate limit
    do not keep the other lanes from theirs. A scheduler runs once.
    """

    def __init__(self, perform: Callable[[T], Iterable[T]], *, workers: int, per_lane: int | None) -> None:
        self._perform = perform
        self._workers = workers
        self._per_lane = per_lane or workers
        self._changed = threading.Condition()
        # Lanes and, within them, groups stand in the order in which their turn comes.
        self._lanes: OrderedDict[Hashable, OrderedDict[Hashable, deque[T]]] = OrderedDict()
        self._under_way: dict[Hashable, int] = {}
        self._interrupted: list[T] = []
        self._error: BaseException | None = None

    def run(self, tasks: Iterable[T]) -> tuple[tuple[T, ...], BaseException | None]:
        """Do everything; return the tasks that were not done, and the error that stopped them.

        The first error of any task stops the rest; tasks that are under way still end. An interrupt of the
        calling thread stops them too and is raised.
        """
        self._add(tasks)
        threads = [
            threading.Thread(target=self._work, name=f"poolwatch-{number}", daemon=True)
            for number in range(self._workers)
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException as interrupt:
            self._stop(interrupt)
            raise
        waiting = [task for groups in self._lanes.values() for queue in groups.values() for task in queue]
        return (*self._interrupted, *waiting), self._error

    def _work(self) -> None:
        while (task := self._next()) is not None:
            following: tuple[T, ...] = ()
            try:
                following = tuple(self._perform(task))
            except BaseException as error:  # noqa: BLE001  (handed to the thread that called run)
                self._interrupted.append(task)
                self._stop(error)
            with self._changed:
                self._under_way[task.lane] -= 1
                self._add(following)
                self._changed.notify_all()

    def _next(self) -> T | None:
        with self._changed:
            while self._error is None:
                if (task := self._take()) is not None:
                    self._under_way[task.lane] = self._under_way.get(task.lane, 0) + 1
                    return task
                if not any(self._under_way.values()):
                    break
                self._changed.wait()
            return None

    def _take(self) -> T | None:
        """Take the next task of the first lane that may have one more under way, and end that lane's turn."""
        for lane, groups in self._lanes.items():
            if self._under_way.get(lane, 0) >= self._per_lane:
                continue
            group, queue = next(iter(groups.items()))
            task = queue.popleft()
            if queue:
                groups.move_to_end(group)
            else:
                del groups[group]
            if groups:
                self._lanes.move_to_end(lane)
            else:
                del self._lanes[lane]
            return task
        return None

    def _add(self, tasks: Iterable[T]) -> None:
        for task in tasks:
            self._lanes.setdefault(task.lane, OrderedDict()).setdefault(task.group, deque()).append(task)

    def _stop(self, error: BaseException) -> None:
        with self._changed:
            self._error = self._error or error
            self._changed.notify_all()

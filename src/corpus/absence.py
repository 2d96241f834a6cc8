"""Libraries that count as not installed in a process of ours, though they are. Knows no library.

pyarrow's first array looks for pandas, which takes a quarter of a second, and what we do with arrays never needs it.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType


def leave_out(name: str) -> None:
    """From now on importing the library is refused in this process, if it has not been imported. For processes that nobody else uses."""
    sys.meta_path.insert(0, _Without(name))


class _Without(MetaPathFinder):
    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Refuse the one."""
        if fullname == self._name:
            raise ModuleNotFoundError(f"{fullname} is not to be loaded here", name=fullname)

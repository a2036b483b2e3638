"""The answer to the question of a study as Python and notebooks see it."""

from typing import TYPE_CHECKING, Any

from wargame.batches.api import Batch
from wargame.notebook.batch_result import BatchResult

if TYPE_CHECKING:
    import pandas as pd


class Answer:
    """A sentence (`text`), all numbers as in `--json` (`numbers`), and the `batch` with its runs.

    Each list of rows is also a data frame by its name: `answer.policies`, `answer.payoffs`.
    """

    def __init__(self, batch: Batch, text: str, numbers: dict[str, Any]) -> None:
        self.batch, self.text, self.numbers = BatchResult.of(batch), text, numbers

    def __getattr__(self, name: str) -> "pd.DataFrame":
        """Return a table by its name; AttributeError if there is none."""
        if name not in self._tables():
            raise AttributeError(f"the answer has no table '{name}' (it has {', '.join(self._tables())})")
        import pandas as pd

        return pd.DataFrame(self.numbers[name])

    def _tables(self) -> list[str]:
        return [name for name, value in self.__dict__.get("numbers", {}).items() if isinstance(value, list)]

    def __repr__(self) -> str:
        return f"{self.text}\n  tables {', '.join(self._tables())}\n  folder {self.batch.call}"

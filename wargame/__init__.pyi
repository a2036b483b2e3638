# What editors and type checkers see; at run time the names are loaded when they are first used. As imports of
# `__init__.py`, also unexecuted ones, they would connect every module that reads the version with all others.
from typing import Any

from wargame import env as env
from wargame.errors import Invalid as Invalid
from wargame.errors import UsageFault as UsageFault
from wargame.errors import WargameError as WargameError
from wargame.journal import records as records
from wargame.notebook.functions import batch as batch
from wargame.notebook.functions import decide as decide
from wargame.notebook.functions import game as game
from wargame.notebook.functions import load as load
from wargame.notebook.functions import open_batch as open_batch
from wargame.notebook.functions import open_run as open_run
from wargame.notebook.functions import run as run
from wargame.notebook.functions import search as search
from wargame.scenario.loading.load import Loaded as Loaded
from wargame.simulation.exercise import Exercise as Exercise
from wargame.simulation.kernel.settings import Command as Command
from wargame.simulation.kernel.settings import Settings as Settings

__version__: str

def listed(module: str) -> dict[str, str]: ...
def load_listed(module: str, name: str) -> Any: ...

# What editors and type checkers see; at run time the names are loaded when they are first used. As imports of
# `__init__.py`, also unexecuted ones, they would connect every module that reads the version with all others.
from wargame import env as env
from wargame.notebook.functions import batch as batch
from wargame.notebook.functions import decide as decide
from wargame.notebook.functions import game as game
from wargame.notebook.functions import load as load
from wargame.notebook.functions import open_batch as open_batch
from wargame.notebook.functions import open_run as open_run
from wargame.notebook.functions import run as run

__version__: str

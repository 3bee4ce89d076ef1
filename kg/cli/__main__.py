"""``python -m kg.cli``, the same as ``stkg``."""

import sys

from kg.cli.app import main

sys.exit(main())

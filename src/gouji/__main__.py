"""``python -m gouji`` is ``gouji``."""

from __future__ import annotations

import sys

from gouji.cli import main

sys.exit(main())

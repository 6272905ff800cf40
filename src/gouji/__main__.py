"""``python -m gouji`` is ``gouji``."""

from __future__ import annotations

import sys

from gouji.start import main

sys.exit(main())

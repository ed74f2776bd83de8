#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Print the library's version, which is the package's: as its meson.build says."""

import re
from pathlib import Path

project = Path(__file__).resolve().parent / "subprojects" / "kith" / "meson.build"
print(re.search(r"^\s*version : '([^']+)'", project.read_text(encoding="utf-8"), re.MULTILINE).group(1))

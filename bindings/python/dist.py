#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Put the library's sources into an archive of the package, where the link to them would lead nowhere."""

import os
import shutil
from pathlib import Path

NEEDED = ["include", "lib", "meson.build", "meson_options.txt", "LICENSE"]

source = Path(os.environ["MESON_SOURCE_ROOT"]).resolve().parent.parent
package = Path(os.environ["MESON_DIST_ROOT"]).resolve()
target = package / "subprojects" / "kith"

for link in (target, package / "LICENSE"):
    link.unlink(missing_ok=True)
target.mkdir(parents=True)
for name in NEEDED:
    if (source / name).is_dir():
        shutil.copytree(source / name, target / name)
    else:
        shutil.copy(source / name, target / name)
shutil.copy(source / "LICENSE", package / "LICENSE")
(target.parent / ".wraplock").unlink(missing_ok=True)

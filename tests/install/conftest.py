# SPDX-License-Identifier: MIT
"""Installations of the library to be used, moved after they were made: with both libraries, static, without ISA-L."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# What would lead the tools to another installation, or make them build in another way.
MISLEADING = ("DESTDIR", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH",
              "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "CMAKE_PREFIX_PATH")  # fmt: skip


def run(*command, **environment):
    """Runs a command that must succeed; its output."""
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    result = subprocess.run(
        list(map(str, command)),
        env={**kept, **{name: str(value) for name, value in environment.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}"
    return result.stdout


class Installation:
    """Where the parts of an installation lie."""

    def __init__(self, prefix, static):
        self.prefix = prefix
        self.static = static
        self.pkgconfig = next(prefix.rglob("kith.pc")).parent
        self.lib = self.pkgconfig.parent

    def flags(self, *options):
        """What pkg-config says, as words."""
        return run("pkg-config", *options, "kith", **self.pkg_config_environment()).split()

    def pkg_config_environment(self):
        # kith.pc names the folder that the installation was made for; the sysroot stands for the one it was moved to.
        return {"PKG_CONFIG_PATH": self.pkgconfig, "PKG_CONFIG_SYSROOT_DIR": self.prefix.parents[1]}

    def run_user(self, program):
        """What the user program prints, with the installed library in reach of the loader."""
        return run(program, LD_LIBRARY_PATH=self.lib)


def install(folder, kind, *options):
    """Builds in a folder, for the prefix /opt/kith, and installs below the folder instead."""
    build, stage = folder / "build", folder / "stage"
    run("meson", "setup", "--prefix=/opt/kith", f"-Ddefault_library={kind}", "-Dtests=false", *options, build, ROOT)
    run("meson", "install", "-C", build, DESTDIR=stage)
    return Installation(stage / "opt" / "kith", kind == "static")


@pytest.fixture(scope="session")
def both(tmp_path_factory):
    return install(tmp_path_factory.mktemp("both"), "both")


@pytest.fixture(scope="session")
def static(tmp_path_factory):
    return install(tmp_path_factory.mktemp("static"), "static")


@pytest.fixture(scope="session")
def without_isal(tmp_path_factory):
    """For programs that are static as a whole: Debian has ISA-L as a shared library alone."""
    return install(tmp_path_factory.mktemp("without_isal"), "both", "-Disal=disabled")


@pytest.fixture(params=["both", "static"])
def installation(request):
    return request.getfixturevalue(request.param)

# SPDX-License-Identifier: MIT
"""A small program that uses the installed library, by every way of finding it."""

import re
import shutil

import pytest
from conftest import HERE, ROOT, run

USER = HERE / "user.c"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]


def check(output):
    assert re.fullmatch(r"ana scores \d+\.\d\d\n", output)


@pytest.mark.parametrize(("compiler", "language"), [("cc", "c"), ("c++", "c++")])
def test_pkg_config(installation, tmp_path, compiler, language):
    program = tmp_path / "user"
    run(compiler, *WARNINGS, "-x", language, USER, "-x", "none", *installation.flags("--cflags", "--libs"), "-o", program)
    check(installation.run_user(program))
    assert ("libkith.so.0" in run("objdump", "-p", program)) != installation.static


def test_pkg_config_of_a_static_program(without_isal, tmp_path):
    program = tmp_path / "user"
    run("cc", *WARNINGS, "-static", USER, *without_isal.flags("--static", "--cflags", "--libs"), "-o", program)
    check(run(program))


def test_pkg_config_of_a_program_that_links_the_archive_alone(both, tmp_path):
    program = tmp_path / "user"
    libraries = [word for word in both.flags("--static", "--libs") if word != "-lkith"]
    run("cc", *WARNINGS, USER, *both.flags("--cflags"), both.lib / "libkith.a", *libraries, "-o", program)
    check(run(program))


def write_cmake_user(folder, version):
    (folder / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\n"
        "project(user C)\n"
        f"find_package(kith {version} CONFIG REQUIRED)\n"
        f'add_executable(user "{USER}")\n'
        "target_link_libraries(user PRIVATE kith::kith)\n"
    )


@pytest.mark.parametrize("version", ["", "0.1", "0.1.0 EXACT"])
def test_cmake(installation, tmp_path, version):
    write_cmake_user(tmp_path, version)
    build = tmp_path / "build"
    run("cmake", "-G", "Ninja", "-S", tmp_path, "-B", build, f"-DCMAKE_PREFIX_PATH={installation.prefix}")
    run("cmake", "--build", build)
    # It finds a shared library by itself: CMake leaves the way to it in a program that is not installed.
    check(run(build / "user"))


@pytest.mark.parametrize("version", ["0.0.9", "0.2", "1.0"])
def test_cmake_refuses_another_version(both, tmp_path, version):
    write_cmake_user(tmp_path, version)
    with pytest.raises(AssertionError, match="compatible\\s+with\\s+requested\\s+version"):
        run("cmake", "-G", "Ninja", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={both.prefix}")


@pytest.mark.parametrize("library", ["shared", "static"])
def test_meson_subproject(tmp_path, library):
    sources, build = tmp_path / "user", tmp_path / "build"
    kith = sources / "subprojects" / "kith"
    kith.mkdir(parents=True)
    for name in ("meson.build", "meson_options.txt", "include", "lib"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, kith / name)
    shutil.copy(USER, sources)
    (sources / "meson.build").write_text(
        "project('user', 'c', default_options : ['c_std=c99', 'warning_level=3', 'werror=true'])\n"
        "kith = dependency('kith', version : '>=0.1', fallback : ['kith', 'kith_dep'])\n"
        "executable('user', 'user.c', dependencies : kith)\n"
    )
    run("meson", "setup", "--force-fallback-for=kith", f"-Ddefault_library={library}", build, sources)
    run("ninja", "-C", build)
    check(run(build / "user"))


def test_meson_finds_the_installed_library(installation, tmp_path):
    sources, build = tmp_path / "user", tmp_path / "build"
    sources.mkdir()
    shutil.copy(USER, sources)
    (sources / "meson.build").write_text(
        "project('user', 'c')\n"
        "executable('user', 'user.c', dependencies : dependency('kith', version : '>=0.1', method : 'pkg-config'))\n"
    )
    run("meson", "setup", build, sources, **installation.pkg_config_environment())
    run("ninja", "-C", build)
    check(installation.run_user(build / "user"))

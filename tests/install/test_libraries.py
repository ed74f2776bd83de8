# SPDX-License-Identifier: MIT
"""What is installed: the files, the symbols of the libraries, and a header that stands alone."""

import re
import shutil

import pytest
from conftest import ROOT, run

HEADERS = sorted((ROOT / "include").rglob("*.h"))


def declared_functions():
    text = "".join(header.read_text(encoding="utf-8") for header in HEADERS)
    text = re.sub(r"/\*.*?\*/|^#.*?$", "", text, flags=re.S | re.M)
    return set(re.findall(r"\bKITH_API\b[^;(]*?\b(\w+)\(", text))


def releases():
    """The release that brought each function, as its comment says."""
    text = "".join(header.read_text(encoding="utf-8") for header in HEADERS)
    commented = re.findall(r"/\*\*((?:(?!\*/).)*)\*/\s*KITH_API\b[^;(]*?\b(\w+)\(", text, re.S)
    return {name: re.search(r"@since (\S+)", comment)[1] for comment, name in commented}


def symbol_rows(*arguments):
    """Name and kind of what nm lists as defined and global."""
    rows = [line.split() for line in run("nm", "--defined-only", "--extern-only", *arguments).splitlines()]
    return [(row[2], row[1]) for row in rows if len(row) == 3]


def defined_symbols(*arguments):
    """Names without their version; not the version nodes themselves."""
    return {name.split("@")[0] for name, kind in symbol_rows(*arguments) if kind != "A"}


def versioned_symbols(library):
    """Names with their version; not the version nodes themselves, which not all linkers list."""
    return {name for name, kind in symbol_rows("--dynamic", library) if kind != "A"}


def test_files(both):
    lib = both.lib.relative_to(both.prefix)
    files = {str(path.relative_to(both.prefix)) for path in both.prefix.rglob("*") if not path.is_dir()}
    assert files == {
        "bin/kith",
        *(f"include/{header.relative_to(ROOT / 'include')}" for header in HEADERS),
        f"{lib}/cmake/kith/kith-config-version.cmake",
        f"{lib}/cmake/kith/kith-config.cmake",
        f"{lib}/libkith.a",
        f"{lib}/libkith.so",
        f"{lib}/libkith.so.0",
        *(f"{lib}/{path.name}" for path in both.lib.glob("libkith.so.0.*.*")),
        f"{lib}/pkgconfig/kith.pc",
        "share/man/man1/kith.1",
    }


def test_command_runs(both):
    assert run(both.prefix / "bin" / "kith", "--version", LD_LIBRARY_PATH=both.lib).startswith("kith ")


def test_shared_library_exports_what_the_header_declares(both):
    declared = declared_functions()
    assert "kith_version" in declared
    assert defined_symbols("--dynamic", both.lib / "libkith.so") == declared


def test_each_symbol_has_the_version_of_the_release_that_brought_it(both):
    expected = releases()
    assert set(expected) == declared_functions()
    versioned = {f"{name}@@KITH_{release}" for name, release in expected.items()}
    assert versioned_symbols(both.lib / "libkith.so") == versioned


def other_linkers():
    return [name for name in ("lld", "lld-16", "gold") if shutil.which(f"ld.{name}")]


@pytest.mark.parametrize("linker", other_linkers())
def test_other_linkers_give_the_same_symbols(tmp_path, linker, both):
    """Of a build that takes the objects of the archive, by the option that meson finds the linker to have."""
    library = tmp_path / "libkith.so"
    run("clang" if shutil.which("clang") else "cc", f"-fuse-ld={linker}", "-shared", "-o", library,
        f"-Wl,--version-script,{ROOT / 'lib' / 'kith.map'}", "-Wl,--whole-archive", both.lib / "libkith.a",
        "-Wl,--no-whole-archive")  # fmt: skip
    assert versioned_symbols(library) == versioned_symbols(both.lib / "libkith.so")


def test_shared_library_has_a_soname(both):
    assert re.search(r"SONAME\s+libkith\.so\.0$", run("objdump", "-p", both.lib / "libkith.so"), re.M)


def test_static_library_keeps_to_its_names(installation):
    symbols = defined_symbols(installation.lib / "libkith.a")
    assert declared_functions() <= symbols
    assert {symbol for symbol in symbols if not re.match(r"kithp?_", symbol)} == set()


@pytest.mark.parametrize("header", HEADERS, ids=lambda path: path.name)
@pytest.mark.parametrize("standard", ["c99", "c11", "c++17"])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_header_compiles_alone(tmp_path, compiler, standard, header):
    if not shutil.which(compiler):
        pytest.skip(f"needs {compiler}")
    language = "c++" if "+" in standard else "c"
    source = tmp_path / "alone.c"
    source.write_text(f"#include <{header.relative_to(ROOT / 'include')}>\n")
    run(compiler, "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
        f"-I{ROOT / 'include'}", source)  # fmt: skip


FOREIGN = """
#include <stdint.h>
#define ARROW_C_DATA_INTERFACE
struct ArrowSchema;
struct ArrowArray;
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream;
#include <kith/arrow.h>
"""


@pytest.mark.parametrize("language", ["c", "c++"])
def test_arrow_header_takes_the_structs_of_another(tmp_path, language):
    source = tmp_path / "foreign.c"
    source.write_text(FOREIGN)
    run("cc", "-x", language, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{ROOT / 'include'}",
        source)  # fmt: skip

# SPDX-License-Identifier: MIT
"""
The ABI against the baseline that is kept beside this file: what the headers declare, and what the build has.

A change that programs of before would feel fails, and so does one that they would not, until the baseline is renewed:
what is added stands in the same commit. docs/stability.md says which is which; `sh tests/abi/renew.sh` renews.
"""

import os
import platform
import re
import shutil

import abi
import pytest

RENEW = "sh tests/abi/renew.sh"

needs_abigail = pytest.mark.skipif(
    not shutil.which("abidiff") or platform.machine() != "x86_64",
    reason="needs abidiff, of Debian's abigail-tools, and x86-64, of which the kept ABI is",
)


# --- What is promised ------------------------------------------------------------------------------------------------


@needs_abigail
def test_headers_break_no_program(tmp_path):
    assert abi.broken(tmp_path, abi.build_library(tmp_path)) == ""


@needs_abigail
def test_baseline_is_up_to_date(tmp_path):
    assert abi.abidiff(abi.BASELINE, abi.build_library(tmp_path)) == "", f"nothing is broken, but there is more: {RENEW}"


# Of a library, types of the public headers alone. Those of others are told apart by the file that they stand in.
PUBLIC = ("--drop-private-types", "--headers-dir2", str(abi.INCLUDE))


@pytest.fixture
def built():
    """The library that was built."""
    library = os.environ.get("KITH_LIBRARY", "")
    if not library.endswith((".so", ".dylib")) and ".so." not in library:
        pytest.skip("no shared library was built")
    # With -g1 there are functions and lines, but no types.
    if "DW_TAG_structure_type" not in abi.run("readelf", "--debug-dump=abbrev", library):
        pytest.skip("the library was built without -g")
    return library


@needs_abigail
def test_build_has_what_the_headers_declare(built):
    assert abi.abidiff(abi.BASELINE, built, *PUBLIC) == ""


@needs_abigail
def test_build_is_looked_at(built, tmp_path):
    """As it is told from headers of which a struct has another field."""
    other = abi.build_library(tmp_path, change(tmp_path, *BREAKS["field_inserted"]))
    assert "kith_tier" in abi.abidiff(other, built, *PUBLIC)


def test_constants_keep_their_values(tmp_path):
    assert abi.broken_constants(abi.kept_constants(), abi.constants(tmp_path)) == []


def test_kept_constants_are_up_to_date(tmp_path):
    assert abi.kept_constants() == abi.constants(tmp_path), f"nothing is broken, but there is more: {RENEW}"


def test_all_constants_are_seen():
    names = abi.constant_names(abi.read())
    assert {"KITH_OK", "KITH_BAD_SOURCE", "KITH_NO_TIME", "KITH_DIMENSIONS", "KITH_COUNTED"} <= set(names)
    used = set(re.findall(r"\bKITH_[A-Z_]+\b", abi.read()))
    assert used - set(names) == {"KITH_API", "KITH_NODISCARD", "KITH_KITH_H", "KITH_ARROW_H"}


def test_structs_with_a_size_are_in_no_other():
    """As they grow, what stands behind them would move."""
    text = abi.read()
    for name in abi.sized_structs(text):
        assert not re.search(rf"^    (?:const )?{name} \w+", text, re.M), name


# --- That the tests can fail -----------------------------------------------------------------------------------------


def change(folder, old, new, file="kith.h"):
    """A copy of the headers with one place changed."""
    include = folder / "include"
    shutil.copytree(abi.INCLUDE, include)
    path = include / "kith" / file
    text = path.read_text(encoding="utf-8")
    changed, count = re.subn(old, new, text, flags=re.S)
    assert count == 1, f"{old} stands {count} times in {file}"
    path.write_text(changed, encoding="utf-8")
    return include


TIER = r"(typedef struct kith_tier \{\n    uint32_t size;\n)"
TIER_END = r"(const char \*name;[^\n]*lives as long as the policy \*/\n)(} kith_tier;)"

BREAKS = {
    "field_inserted": (TIER, r"\1    uint32_t more;\n"),
    "field_inserted_at_the_end_of_what_is_in_others": (r"(    uint64_t length;  /[^\n]*\n)(} kith_text;)", r"\1    uint64_t more;\n\2"),
    "field_taken_out": (TIER + r"    int32_t promote_at;[^\n]*\n", r"\1"),
    "fields_exchanged": (TIER + r"(    int32_t promote_at;[^\n]*\n)(    int32_t keep_at;[^\n]*\n)", r"\1\3\2"),
    "field_of_another_type": (TIER + r"    int32_t promote_at;", r"\1    int64_t promote_at;"),
    "fixed_struct_grown": (r"} kith_credit;", "    uint32_t more;\n} kith_credit;"),
    "fixed_struct_of_arrow_grown": (r"(struct ArrowArray \{\n)", r"\1    int64_t more;\n"),
    "parameter_added": (r"kith_version\(void\)", "kith_version(int more)"),
    "parameter_of_another_type": (r"kith_status_name\(kith_status status\)", "kith_status_name(int64_t status)"),
    "result_of_another_type": (r"void kith_policy_free\(", "int kith_policy_free("),
    "callback_changed": (r"(typedef int \(\*kith_write_fn\)\(void \*context, const void \*bytes,) size_t", r"\1 uint16_t"),
    "function_gone": (r"/\*\* @since 0.1 \*/\nKITH_API void kith_policy_free\(kith_policy \*policy\);\n", ""),
}


@needs_abigail
@pytest.mark.parametrize("name", BREAKS)
def test_break_is_found(tmp_path, name):
    old, new = BREAKS[name]
    include = change(tmp_path, old, new, "arrow.h" if "arrow" in name else "kith.h")
    assert abi.broken(tmp_path, abi.build_library(tmp_path, include), include) != ""


@needs_abigail
def test_other_soname_is_found(tmp_path):
    assert "SONAME" in abi.broken(tmp_path, abi.build_library(tmp_path, soname="libkith.so.1"))


@needs_abigail
def test_struct_that_grows_at_its_end_breaks_nothing(tmp_path):
    include = change(tmp_path, TIER_END, r"\1    uint64_t more;\n\2")
    library = abi.build_library(tmp_path, include)
    assert abi.broken(tmp_path, library, include) == ""
    assert "more" in abi.abidiff(abi.BASELINE, library)


@needs_abigail
def test_function_that_is_added_breaks_nothing(tmp_path):
    include = change(tmp_path, r"(KITH_API const char \*kith_version\(void\);)", r"\1\nKITH_API int kith_more(int more);")
    symbols = tmp_path / "more.map"
    text = abi.MAP.read_text(encoding="utf-8")
    symbols.write_text(text + "KITH_0.2 {\nglobal:\n    kith_more;\n} KITH_0.1;\n", encoding="utf-8")
    library = abi.build_library(tmp_path, include, symbols=symbols)
    assert abi.broken(tmp_path, library, include) == ""
    assert "kith_more@@KITH_0.2" in abi.abidiff(abi.BASELINE, library)


@needs_abigail
def test_function_in_another_node_is_found(tmp_path):
    symbols = tmp_path / "moved.map"
    text = abi.MAP.read_text(encoding="utf-8").replace("    kith_version;\n", "")
    symbols.write_text(text + "KITH_0.2 {\nglobal:\n    kith_version;\n} KITH_0.1;\n", encoding="utf-8")
    assert "kith_version" in abi.broken(tmp_path, abi.build_library(tmp_path, symbols=symbols))


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (r"KITH_NO_MEMORY = 2", "KITH_NO_MEMORY = 20", ["KITH_NO_MEMORY was 2 and is 20"]),
        (r"    KITH_CHANGE_PINNED = 4[^\n]*\n", "", ["KITH_CHANGE_PINNED is gone"]),
        (r"KITH_REASONS = 11", "KITH_REASONS = 12", []),
        (r"KITH_REASONS = 11", "KITH_REASONS = 10", ["KITH_REASONS was 11 and is 10"]),
    ],
)
def test_constant_that_changes_is_found(tmp_path, old, new, wrong):
    now = abi.constants(tmp_path, change(tmp_path, old, new))
    assert abi.broken_constants(abi.kept_constants(), now) == wrong

# SPDX-License-Identifier: MIT
"""
The ABI as it is kept beside this file, and as the headers have it now.

    abi.py renew            keep what the headers have now, if programs of before still run
    abi.py renew --broken   in any case
"""

import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

HERE = Path(__file__).resolve().parent

ROOT = HERE.parents[1]
INCLUDE = ROOT / "include"
MAP = ROOT / "lib" / "kith.map"

BASELINE = HERE / "kith.abi"  # of abidw
CONSTANTS = HERE / "constants.txt"

# Constants that are no thing's own number, but say how many things there are.
MAY_RISE = {"KITH_REASONS", "KITH_TYPES"}

FUNCTION = re.compile(r"^KITH_API\b[^;]*\);", re.M)


def read(include=INCLUDE):
    """All headers as one text, without comments."""
    names = sorted((include / "kith").glob("*.h"), reverse=True)  # kith.h first, which arrow.h includes
    return re.sub(r"/\*.*?\*/", "", "\n".join(path.read_text(encoding="utf-8") for path in names), flags=re.S)


def run(*command):
    """A command's output; it must succeed."""
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}"
    return result.stdout


def build_library(folder, include=INCLUDE, symbols=MAP, soname="libkith.so.0"):
    """
    A shared library that has every function that is declared, none of which does anything. To a program, and to
    abidiff, it looks like the real one: types come from the headers, versions of symbols from the map.
    """
    source, library = folder / "declared.c", folder / "libkith.so"
    bodies = [declaration.rstrip(";") + " { __builtin_trap(); }" for declaration in FUNCTION.findall(read(include))]
    source.write_text("#include <kith/arrow.h>\n" + "\n".join(bodies) + "\n", encoding="utf-8")
    run("cc", "-g", "-O0", "-fPIC", "-shared", f"-ffile-prefix-map={folder}=.", f"-I{include}", source, "-o", library,
        f"-Wl,-soname,{soname}", f"-Wl,--version-script,{symbols}")  # fmt: skip
    return library


def constant_names(text):
    """Enumerators and macros that stand for a value, in the order of the headers."""
    names = []
    for match in re.finditer(r"\benum\s*\w*\s*\{([^}]*)\}|^#define (KITH_\w+)[ \t]+(?!__attribute__)\S", text, re.M):
        members = re.findall(r"(\w+)\s*(?:=[^,]*)?(?:,|$)", match[1].strip()) if match[1] else [match[2]]
        names += [name for name in members if name not in names]
    return names


def constants(folder, include=INCLUDE):
    """Each constant's value, by name. Texts are in quotes."""
    names = constant_names(read(include))
    source, program = folder / "constants.c", folder / "constants"
    lines = "".join(
        f'    _Generic(({name}), char *: text, default: number)("{name}", (intptr_t)({name}));\n' for name in names
    )
    source.write_text(
        "#include <inttypes.h>\n#include <stdio.h>\n#include <kith/arrow.h>\n"
        'static void text(const char *name, intptr_t value) { printf("%s \\"%s\\"\\n", name, (const char *)value); }\n'
        'static void number(const char *name, intptr_t value) { printf("%s %" PRIdPTR "\\n", name, value); }\n'
        f"int main(void)\n{{\n{lines}    return 0;\n}}\n",
        encoding="utf-8",
    )
    run("cc", f"-I{include}", source, "-o", program)
    values = dict(line.split(" ", 1) for line in run(program).splitlines())
    del values["KITH_VERSION"]
    return values


def kept_constants():
    return dict(line.split(" ", 1) for line in CONSTANTS.read_text(encoding="utf-8").splitlines())


def broken_constants(before, now):
    """What programs of before would feel, in words."""
    wrong = []
    for name, value in before.items():
        if name not in now:
            wrong.append(f"{name} is gone")
        elif now[name] != value and not (name in MAY_RISE and int(now[name]) > int(value)):
            wrong.append(f"{name} was {value} and is {now[name]}")
    return wrong


def sized_structs(text):
    """Names of the structs that begin with `size`, and so may grow at the end."""
    return re.findall(r"typedef struct (kith_\w+)\s*\{\s*uint32_t size;", text)


def write_abi(library, path):
    """The ABI of a library made of the headers. Ids are hashes, so that a change does not number the rest anew."""
    run("abidw", "--no-architecture", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed",
        "--no-parameter-names", "--no-write-default-sizes", "--exported-interfaces-only", "--type-id-style", "hash",
        "--out-file", path, library)  # fmt: skip


def abidiff(before, now, *options):
    """What differs, in abidiff's words; nothing where nothing does."""
    command = ["abidiff", "--no-architecture", "--no-show-locs", *options, str(before), str(now)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    # Bits of the status: 1 and 2 are faults of the call, 4 is a change, 8 one that surely breaks programs.
    assert result.returncode in (0, 4, 12), f"{result.returncode}: {' '.join(command)}\n{result.stdout}{result.stderr}"
    return result.stdout if result.returncode else ""


def structs(tree):
    return {item.get("name"): item for item in tree.iter("class-decl") if item.get("size-in-bits")}


def cut_growth(before, now, names):
    """
    Takes away what structs have got behind all that they had: the one change of a type that programs of before do not
    feel, as the library reads and writes within the caller's `size`. (abidiff has suppressions for that, but those of
    2.2 let pass any change of such a struct that inserts nothing, and any of a struct within it.)
    """
    old, tree = structs(xml.parse(before)), xml.parse(now)
    for name, struct in structs(tree).items():
        if name not in names or name not in old:
            continue
        members = struct.findall("data-member")
        for member in members[len(old[name].findall("data-member")) :]:
            struct.remove(member)
        struct.set("size-in-bits", old[name].get("size-in-bits"))
    tree.write(now, encoding="utf-8")


def broken(folder, library, include=INCLUDE, baseline=BASELINE):
    """What programs of before would feel of a library made of the headers; nothing where they would feel nothing."""
    now = folder / "now.abi"
    write_abi(library, now)
    cut_growth(baseline, now, sized_structs(read(include)))
    return abidiff(baseline, now, "--no-added-syms")


def renew(even_broken):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library, values = build_library(folder), constants(folder)
        if BASELINE.exists():
            print(abidiff(BASELINE, library) or "Functions and types are as they were.")
            wrong = broken_constants(kept_constants(), values)
            print("".join(f"{line}\n" for line in wrong), end="")
            if not even_broken and (wrong or broken(folder, library)):
                sys.exit("Programs of before would not run: nothing was renewed.")
        write_abi(library, folder / "kith.abi")
        shutil.copy(folder / "kith.abi", BASELINE)
        CONSTANTS.write_text("".join(f"{name} {value}\n" for name, value in values.items()), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] not in (["renew"], ["renew", "--broken"]):
        sys.exit(__doc__.strip())
    renew(even_broken=len(sys.argv) > 2)

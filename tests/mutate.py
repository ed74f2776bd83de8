#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Change lib/policy and lib/review in small ways, one at a time, and see that a test fails for each.

    tests/mutate.py                      every change; takes up from an earlier run that was stopped
    tests/mutate.py --sample 200         so many of them, always the same ones
    tests/mutate.py lib/review/risk.c    those of some files

A change that no test notices is a survivor. tests/mutants.txt has those that cannot be noticed, each with the reason;
any other is a failure, and so is an entry of it that a whole run finds killed or gone. Ends with "N passed, N failed".

The library is built once as a shared one. A change is compiled alone, as a library that is loaded before it, so that
only the functions of its file are replaced; where a header is changed, of all files that use the function.
"""

import argparse
import concurrent.futures
import glob
import hashlib
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import threading
import time

from mutators import mutants_of

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "mutants")
EXPLAINED = os.path.join(ROOT, "tests", "mutants.txt")
FILES = ["lib/policy/*.c", "lib/policy/*.h", "lib/review/*.c", "lib/review/*.h"]

# By folder: those that are tried first, and those for what is left.
TESTS = {
    "policy": (
        "carry policy_lookup policy_read policy_write",
        "score engine_review vectors sweep snapshot_policy explain_missing",
    ),
    "review": (
        "score tier flags stage risk activity carried list finish engine_review vectors standing explain_missing merge sweep "
        "engine_members",
        "explain snapshot_golden table explain_members explanation_words accounts forget memory engine_same",
    ),
}
ALL_TESTS = sorted({name for folder in TESTS.values() for names in folder for name in names.split()})
CASES = "cases"  # the command against the slow implementation
CASE_COUNT = 25

# Of a change that makes undefined behaviour, that is what is noticed.
FLAGS = ["-std=c11", "-w", "-g0", "-fPIC", "-pthread", "-D_GNU_SOURCE", "-D_FILE_OFFSET_BITS=64"]
ADDRESS = "-O1 -fsanitize=address"
TRAPS = ["-O0", "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"]
# glibc's own checks: writing past the end of a block is noticed when it is freed, and nothing new is zero.
MEMORY_CHECKER = "libc_malloc_debug.so.0"
MEMORY_CHECKS = {"MALLOC_CHECK_": "3", "MALLOC_PERTURB_": "165"}
WALL_SECONDS = 120  # for what waits without end
MEMORY_BYTES = 4 << 30


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def must(command, **options):
    done = run(command, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}")
    return done.stdout


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def digest(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


class InvalidChange(Exception):
    """It makes no C."""


class Program:
    """A test, or the command: its files as objects, so that those which a header is part of can be made anew."""

    def __init__(self, name, sources, flags, libraries):
        self.name = name
        self.sources = sources
        self.flags = flags
        self.libraries = libraries
        self.seconds = 0.0  # of the processor, when nothing is changed

    def path(self):
        return os.path.join(BUILD, self.name)


class Project:
    """What is built once: the library, its tests, and which object has a copy of which function of a header."""

    def __init__(self, jobs):
        self.jobs = jobs
        self.flags = {}  # by source
        self.objects = {}
        self.programs = {}
        self.local = {}  # by object, as it is without optimisation
        self.depends = {}

    def introspect(self):
        folder = os.path.join(BUILD, "meson")
        if not os.path.exists(os.path.join(folder, "build.ninja")):
            shutil.rmtree(folder, ignore_errors=True)
            must(["meson", "setup", folder, ROOT])
        must(["ninja", "-C", folder, "lib/ready_sources.c"])
        return json.loads(must(["meson", "introspect", folder, "--targets"]))

    @staticmethod
    def libraries_of(target):
        """Those from outside, by build.ninja: meson tells of a linker only from 1.2 on."""
        folder = os.path.join(BUILD, "meson")
        with open(os.path.join(folder, "build.ninja"), encoding="utf-8") as file:
            rules = file.read()
        path = os.path.relpath(target["filename"][0], folder)
        found = re.search(rf"^build {re.escape(path)}: .*\n(?: .*\n)*? LINK_ARGS = (.*)", rules, re.MULTILINE)
        return re.findall(r"(?<!\S)(?:-l\S+|/\S+\.(?:so|a))(?!\S)", found[1]) if found else []

    def read_targets(self):
        wanted = ALL_TESTS
        for target in self.introspect():
            compiles = [part for part in target["target_sources"] if "sources" in part]
            if not compiles:
                continue
            keep = ("-I", "-D", "-pthread")
            flags = [flag for flag in compiles[0]["parameters"] if flag.startswith(keep) and flag != "-DNDEBUG"]
            sources = compiles[0]["sources"] + compiles[0].get("generated_sources", [])
            libraries = self.libraries_of(target)
            name = target["name"]
            if name == "kith-inside":
                self.library = Program("libinside.so", sources, flags, ["-lz"])
                self.library.libraries += ["-lisal"] if "-DKITHP_HAS_ISAL" in flags else []
            elif name == "kith" and target["type"] == "executable":
                self.programs[CASES] = Program("kith", sources, flags, libraries)
            elif name.startswith("test_") and name[5:] in wanted:
                self.programs[name[5:]] = Program(name, sources, flags, libraries)
        missing = set(wanted) - set(self.programs)
        if missing:
            sys.exit(f"meson knows no test {', '.join(sorted(missing))}")

    def addressed(self):
        """The sources that are watched by the address sanitizer, where it comes to that."""
        return [source for source in self.library.sources if re.search(r"/lib/(policy|review)/", source)]

    @staticmethod
    def object_of(program, source, suffix):
        return f"{program.name}.o{suffix}/{os.path.relpath(source, ROOT).replace('/', '_')}.o"

    def write_ninja(self):
        lines = [
            "rule cc\n command = gcc $flags -MD -MF $out.d -c $in -o $out\n depfile = $out.d\n deps = gcc",
            "rule link\n command = gcc $flags $in $libraries -o $out",
        ]

        def build(out, rule, inputs, **variables):
            lines.append(f"build {out}: {rule} {' '.join(inputs)}")
            lines.extend(f" {name} = {' '.join(value)}" for name, value in variables.items())

        def compile_with(program, level, suffix, sources=None):
            for source in program.sources if sources is None else sources:
                flags = [flag.replace('"', '\\"') for flag in [*FLAGS, *level.split(), *program.flags]]
                build(self.object_of(program, source, suffix), "cc", [source], flags=flags)
            return [self.object_of(program, source, suffix) for source in program.sources]

        objects = compile_with(self.library, "-O1", "1")
        compile_with(self.library, "-O0", "0")  # to see what is in them
        compile_with(self.library, ADDRESS, "a", self.addressed())
        build(self.library.name, "link", objects, flags=["-shared"], libraries=[*self.library.libraries, "-pthread"])
        for program in self.programs.values():
            objects = compile_with(program, "-O0", "0")
            build(program.name, "link", [*objects, self.library.name], flags=[f"-Wl,-rpath,{BUILD}"],
                  libraries=[*program.libraries, "-pthread"])
        with open(os.path.join(BUILD, "build.ninja"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def build(self):
        os.makedirs(BUILD, exist_ok=True)
        self.read_targets()
        self.write_ninja()
        must(["ninja", "-C", BUILD, "-j", str(self.jobs)])
        self.find_users()

    def find_users(self):
        """Which files a header is part of, and which of its functions each has a copy of."""
        current = None
        for line in must(["ninja", "-C", BUILD, "-t", "deps"]).splitlines():
            if line.endswith("(VALID)"):
                current = self.depends.setdefault(line.split(":")[0], set())
            elif line.startswith("    "):
                current.add(os.path.relpath(os.path.join(BUILD, line.strip()), ROOT))
        for name in self.depends:
            if "o0/" in name and any(path.startswith(("lib/policy/", "lib/review/")) for path in self.depends[name]):
                symbols = must(["nm", os.path.join(BUILD, name)])
                self.local[name] = set(re.findall(r" t (\w+)$", symbols, re.M))

    def users(self, program, mutant):
        """The sources of a program that must be made anew for a change."""
        if mutant.path.endswith(".c"):
            return [source for source in program.sources if os.path.relpath(source, ROOT) == mutant.path]
        found = []
        for source in program.sources:
            name = self.object_of(program, source, "0")
            if mutant.path in self.depends.get(name, ()) and (
                not mutant.function or mutant.function in self.local[name]
            ):
                found.append(source)
        return found


class Trial:
    """One change, in a folder of its own."""

    def __init__(self, project, mutant, folder):
        self.project = project
        self.mutant = mutant
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        self.changed = os.path.join(folder, os.path.relpath(mutant.path, "lib"))
        os.makedirs(os.path.dirname(self.changed))
        with open(self.changed, "w", encoding="utf-8") as file:
            file.write(mutant.apply(read(mutant.path)))
        self.preload = os.path.join(folder, "mutant.so")

    def sources(self, program):
        return [
            self.changed if os.path.relpath(source, ROOT) == self.mutant.path else source
            for source in self.project.users(program, self.mutant)
        ]

    def includes(self, program):
        return ["-I" + self.folder, *program.flags]

    def compile(self):
        library = self.project.library
        sources = self.sources(library)
        if not sources:
            return not self.mutant.path.endswith(".c")
        command = ["gcc", "-shared", *FLAGS, *TRAPS, *self.includes(library), *sources, "-o", self.preload]
        return run(command).returncode == 0

    def compile_addressed(self):
        """The same once more under the address sanitizer, with all that it might read or write beyond."""
        library = self.project.library
        users = self.project.users(library, self.mutant)
        same = [source for source in self.project.addressed() if source not in users]
        objects = [os.path.join(BUILD, self.project.object_of(library, source, "a")) for source in same]
        path = os.path.join(self.folder, "addressed.so")
        must(["gcc", "-shared", *FLAGS, *ADDRESS.split(), *self.includes(library), *self.sources(library), *objects,
              "-o", path])
        return path

    def program(self, program):
        """The program with the change, where it has a copy of it."""
        again = self.sources(program)
        if not again:
            return program.path()
        path = os.path.join(self.folder, program.name)
        objects = [
            os.path.join(BUILD, self.project.object_of(program, source, "0"))
            for source in program.sources
            if source not in self.project.users(program, self.mutant)
        ]
        command = ["gcc", *FLAGS, "-O0", *self.includes(program), *again, *objects, self.project.library.path()]
        done = run([*command, f"-Wl,-rpath,{BUILD}", *program.libraries, "-pthread", "-o", path])
        if done.returncode != 0:
            raise InvalidChange
        return path

    def run(self, name, addressed=""):
        """Whether a test fails."""
        program = self.project.programs[name]
        if addressed:
            limit = 20 * program.seconds + 5
            return run_program(self.program(program), name, addressed, limit, self.folder, True) is None
        preload = self.preload if os.path.exists(self.preload) else ""
        return run_program(self.program(program), name, preload, 4 * program.seconds + 2, self.folder) is None

    def early_killer(self, names):
        """The same of those that have a copy of what is changed in a header: no library is needed for that."""
        if self.mutant.path.endswith(".c"):
            return ""
        copies = [name for name in names if self.sources(self.project.programs[name])]
        try:
            return self.killer(copies)
        except InvalidChange:
            return ""

    def killer(self, names):
        """The first of some tests that fails, or nothing."""
        return next((name for name in names if self.run(name)), "")

    def addressed_killer(self, names):
        path = self.compile_addressed()
        return next((name for name in names if self.run(name, path)), "")

    def same_code(self):
        """Whether an optimising compiler makes the same of it: then there is nothing to notice."""
        library = self.project.library
        for source, changed in zip(self.project.users(library, self.mutant), self.sources(library)):
            base = ["gcc", *FLAGS, "-O2", "-S", "-o", "-"]
            without, code = run([*base, *library.flags, source]), run([*base, *self.includes(library), changed])
            if without.returncode != 0 or code.returncode != 0:
                return False
            if re.sub(r"\.file\s.*", "", without.stdout) != re.sub(r"\.file\s.*", "", code.stdout):
                return False
        return True


def address_sanitizer():
    return os.path.realpath(must(["gcc", "-print-file-name=libasan.so"]).strip())


def run_program(path, name, preload, limit, folder=BUILD, addressed=False):
    """The seconds of processor time that it took; None where it failed."""
    environment = {**os.environ, "KITH_SHORT": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.update({} if addressed else MEMORY_CHECKS)
    preload = " ".join(filter(None, [address_sanitizer() if addressed else MEMORY_CHECKER, preload]))
    command = [path]
    if name == CASES:
        wrapper = os.path.join(folder, "kith.sh")
        with open(wrapper, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nLD_PRELOAD="{preload}" exec "{path}" "$@"\n')
        os.chmod(wrapper, 0o755)
        compare = os.path.join(ROOT, "tests", "reference", "compare.py")
        vectors = os.path.join(ROOT, "tests", "vectors")
        command = [sys.executable, compare, "--kith", wrapper, "--vectors", vectors, "--cases", str(CASE_COUNT)]
    else:
        environment["LD_PRELOAD"] = preload

    def limits():
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 2))
        if not addressed:  # which takes up a large part of all addresses
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, preexec_fn=limits, start_new_session=True)
    timer = threading.Timer(WALL_SECONDS + 10 * limit, lambda: os.killpg(process.pid, 9))
    timer.start()
    _, status, used = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = status
    return used.ru_utime + used.ru_stime if status == 0 else None


class Results:
    """What earlier runs found: what was killed stays so while its function is the same, what survived while nothing is
    changed at all. Where tests were taken away, --fresh is asked for."""

    def __init__(self, project, fresh):
        self.project = project
        self.path = os.path.join(BUILD, "results.jsonl")
        self.lock = threading.Lock()
        self.known = {}
        sources = sorted(glob.glob(f"{ROOT}/lib/**/*.[ch]", recursive=True) + glob.glob(f"{ROOT}/tests/unit/*.[ch]"))
        self.world = digest(*map(read, sources))
        if fresh and os.path.exists(self.path):
            os.remove(self.path)
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as file:
                for line in file:
                    entry = json.loads(line)
                    self.known[entry["mutant"]] = entry

    def name(self, mutant):
        return digest(mutant.path, mutant.function, mutant.around, str(mutant.at), mutant.put)

    def basis(self, outcome, thorough):
        if outcome != "survived":
            return ""
        return self.world if thorough else "first " + self.world

    def find(self, mutant, thorough):
        entry = self.known.get(self.name(mutant))
        if not entry:
            return None
        outcome, by = entry["outcome"], entry["by"]
        if outcome != "survived" or entry["basis"] in {self.basis(outcome, deep) for deep in {True, thorough}}:
            return outcome, by
        return None

    def add(self, mutant, outcome, by, thorough):
        basis = self.basis(outcome, thorough)
        entry = {"mutant": self.name(mutant), "outcome": outcome, "by": by, "basis": basis}
        with self.lock, open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


class Order:
    """Which tests have found most in a file so far."""

    def __init__(self):
        self.found = {}
        self.lock = threading.Lock()

    def of(self, path):
        stem = os.path.splitext(os.path.basename(path))[0]
        with self.lock:
            found = dict(self.found.get(path, {}))

        def rank(name):
            return (-found.get(name, 0), stem not in name)

        first, last = (names.split() for names in TESTS[path.split("/")[1]])
        # Those that are named after the file are tried first, however long they take.
        first += [name for name in last if name.startswith(stem)]
        last = [name for name in last if name not in first]
        return sorted(first, key=rank), [*sorted(last, key=rank), CASES]

    def note(self, path, name):
        with self.lock:
            found = self.found.setdefault(path, {})
            found[name] = found.get(name, 0) + 1


def try_mutant(project, order, results, mutant, folders, thorough):
    """What becomes of a change, and by which test. Unless thorough, the first tests are all."""
    known = results.find(mutant, thorough)
    if known:
        return known
    folder = folders.pop()
    try:
        trial = Trial(project, mutant, folder)
        first, last = order.of(mutant.path)
        outcome, by = "survived", trial.early_killer(first)
        if by:
            outcome = "killed"
            order.note(mutant.path, by)
        elif not trial.compile():
            outcome = "invalid"
        else:
            by = trial.killer(first)
            if not by and trial.same_code():
                outcome = "same"
            elif not by and thorough:
                by = trial.addressed_killer(first) or trial.killer(last)
            if by:
                outcome = "killed"
                order.note(mutant.path, by)
    finally:
        folders.append(folder)
    results.add(mutant, outcome, by, thorough)
    return outcome, by


def read_explained():
    """The changes that are explained, by what Mutant.key() gives. Several may share the reason that follows them."""
    explained, waiting, place, was = set(), [], ("", ""), ""
    with open(EXPLAINED, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if line.startswith("lib/"):
                path, _, function = line.partition(" ")
                place = (path, function)
            elif line.startswith("- "):
                was = line[2:]
            elif line.startswith("+ "):
                now, nth = re.fullmatch(r"(.*?)(?:  \[(\d+)\])?", line[2:]).groups()
                waiting.append((*place, was, now, int(nth or 1)))
            elif line and not line.startswith("#"):
                explained.update(waiting)
                waiting = []
            elif waiting:
                sys.exit(f"{EXPLAINED}:{number}: no reason behind the change")
    return explained


def measure(project):
    """How long each test takes when nothing is changed; it must succeed. Done once for what was built."""
    path = os.path.join(BUILD, "seconds.json")
    known, since = {}, 0.0
    if os.path.exists(path) and os.path.getmtime(path) > os.path.getmtime(project.library.path()):
        since = os.path.getmtime(path)
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
    base = os.path.join(BUILD, "addressed.so")
    objects = [os.path.join(BUILD, project.object_of(project.library, source, "a")) for source in project.addressed()]
    must(["gcc", "-shared", *ADDRESS.split(), *objects, "-o", base])
    for name, program in project.programs.items():
        if name in known and os.path.getmtime(program.path()) < since:
            program.seconds = known[name]
            continue
        program.seconds = run_program(program.path(), name, "", limit=600)
        if program.seconds is None:
            sys.exit(f"{name} fails although nothing is changed")
        if name != CASES and run_program(program.path(), name, base, 600, BUILD, True) is None:
            sys.exit(f"{name} fails under the address sanitizer although nothing is changed")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({name: program.seconds for name, program in project.programs.items()}, file)


def report(mutants, outcomes, explained, whole):
    table = {}
    unexplained, left = [], set()
    for mutant, (outcome, _) in zip(mutants, outcomes):
        row = table.setdefault(mutant.path, {"killed": 0, "survived": 0, "same": 0, "invalid": 0})
        row[outcome] += 1
        if outcome == "survived":
            left.add(mutant.key())
            if mutant.key() not in explained:
                unexplained.append(mutant)
    print(f"\n{'file':28}{'killed':>8}{'survived':>10}{'same code':>11}{'no C':>6}")
    for path, row in sorted(table.items()):
        print(f"{path:28}{row['killed']:8}{row['survived']:10}{row['same']:11}{row['invalid']:6}")
    sums = {name: sum(row[name] for row in table.values()) for name in ("killed", "survived", "same", "invalid")}
    print(f"{'all':28}{sums['killed']:8}{sums['survived']:10}{sums['same']:11}{sums['invalid']:6}")
    for mutant in unexplained:
        print(f"\n{mutant.path} {mutant.function}\n{mutant.shown()}\nsurvived on line {mutant.line}, and is not explained")
    stale = [key for key in explained if whole and key not in left]
    for path, function, was, now, nth in sorted(stale):
        print(f"\n{path} {function}\n- {was}\n+ {now}  [{nth}]\nexplained in tests/mutants.txt, but killed or gone")
    failed = len(unexplained) + len(stale)
    print(f"\n{sums['killed'] + sums['survived'] - len(unexplained)} passed, {failed} failed")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", help="of lib/, from the root of the project; all by default")
    parser.add_argument("--sample", type=int, metavar="N", help="so many changes, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--first", action="store_true", help="the first tests alone, which find nearly all")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs found")
    parser.add_argument("--list", action="store_true", help="the changes, without trying them")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    paths = arguments.files or sorted(path for pattern in FILES for path in glob.glob(pattern))
    mutants = [mutant for path in paths for mutant in mutants_of(path, read(path))]
    if arguments.sample and arguments.sample < len(mutants):
        chosen = sorted(random.Random(arguments.seed).sample(range(len(mutants)), arguments.sample))
        mutants = [mutants[i] for i in chosen]
    if arguments.list:
        for mutant in mutants:
            print(f"{mutant.path} {mutant.function}\n{mutant.shown()}")
        return 0
    explained = read_explained()
    project = Project(arguments.jobs)
    project.build()
    results = Results(project, arguments.fresh)
    # One that is explained cannot be killed, so that there is no sense in the tests that take long.
    thorough = [not arguments.first and mutant.key() not in explained for mutant in mutants]
    if any(results.find(*asked) is None for asked in zip(mutants, thorough)):
        measure(project)
    order = Order()
    folders = [os.path.join(BUILD, f"trial{i}") for i in range(arguments.jobs)]
    begun = time.monotonic()
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        tried = pool.map(
            lambda mutant, deep: try_mutant(project, order, results, mutant, folders, deep), mutants, thorough
        )
        for outcome in tried:
            outcomes.append(outcome)
            if len(outcomes) % 100 == 0:
                print(f"{len(outcomes)} of {len(mutants)}, {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{len(mutants)} changes in {time.monotonic() - begun:.0f} s")
    whole = not arguments.files and len(mutants) == len(outcomes) and not arguments.sample
    return 1 if report(mutants, outcomes, explained, whole) else 0


if __name__ == "__main__":
    sys.exit(main())

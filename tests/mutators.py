# SPDX-License-Identifier: MIT
"""What a C file may be changed into, one small fault at a time.

It works on the text, and leans on how clang-format lays it out: a binary operator stands between blanks, a unary one or
a pointer's star does not; the body of a function stands between braces in the first column.
"""

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Mutant:
    path: str  # from the root of the project
    begin: int  # what is replaced, in characters of the file
    end: int
    put: str  # what stands there instead
    function: str  # in which it lies; "" outside of any
    line: int
    was: str  # the line, and what it is now
    now: str
    around: str  # the text that it is part of: where that is the same, so is what becomes of it
    at: int  # and where in there
    nth: int = 1  # of those of the function that look the same

    def key(self):
        return (self.path, self.function, self.was, self.now, self.nth)

    def shown(self):
        """As it stands in tests/mutants.txt."""
        return f"- {self.was}\n+ {self.now}" + (f"  [{self.nth}]" if self.nth > 1 else "")

    def apply(self, text):
        return text[: self.begin] + self.put + text[self.end :]


# An operator between blanks, and what it is changed into.
BINARY = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*",),
    "%": ("/",),
    "<<": (">>",),
    ">>": ("<<",),
    "&": ("|",),
    "|": ("&",),
    "^": ("|",),
    "&&": ("||",),
    "||": ("&&",),
    "+=": ("-=",),
    "-=": ("+=",),
    "*=": ("/=",),
    "/=": ("*=",),
    "<<=": (">>=",),
    ">>=": ("<<=",),
    "&=": ("|=",),
    "|=": ("&=",),
    "^=": ("|=",),
    # A condition that always holds, and one that never does.
    "?": ("|| 1 ?", "&& 0 ?"),
}
BINARY_AT = re.compile(r"(?<=\s)(" + "|".join(map(re.escape, sorted(BINARY, key=len, reverse=True))) + r")(?=\s)")
COMPARED = re.compile(r" [<>=!]=? \S+ $")
UNARY_AT = re.compile(r"!(?=[\w(])|~(?=[\w(])|(?<=[\s(,])-(?=[\w(])|\+\+|--")
UNARY = {"!": "", "~": "", "-": "", "++": "--", "--": "++"}
WORD_AT = re.compile(r"\b(true|false)\b")
WORD = {"true": "false", "false": "true"}
NUMBER_AT = re.compile(r"(?<![\w.])(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)(?![\w.])")

HEADER_AT = re.compile(r"\s*(if|while|for|switch)\s*\(")
OTHER_AT = re.compile(r"\s*(else\b|do\b|case\b[^:]*:|default:)")
DECLARATION = re.compile(r"(const |static |struct |enum |unsigned |va_list )|[A-Za-z_]\w*\s+\**[A-Za-z_]\w*\s*[=;,\[]")
NUMBER_TYPE = re.compile(r"\b(u?int\d+_t|size_t|unsigned|int)\s*$")


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def mask(text):
    """The same text, of the same length, without comments, literals and what the preprocessor reads but for values."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", blank, text, flags=re.S)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', lambda match: "_" * len(match.group()), text)
    text = re.sub(r"^#define \w+(\([^)]*\))?", blank, text, flags=re.M)
    return re.sub(r"^#[^\n]*(\\\n[^\n]*)*", blank, text, flags=re.M)


def matching(text, at):
    """Where the bracket at `at` ends, one behind it."""
    depth = 0
    for i in range(at, len(text)):
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
            if depth == 0:
                return i + 1
    return len(text)


def end_of_statement(text, at):
    while at < len(text) and text[at] != ";":
        at = matching(text, at) if text[at] in "([{" else at + 1
    return at + 1


def functions_of(masked):
    """(begin and end of the body, name, type) of each function."""
    for match in re.finditer(r"^\{$.*?^\}$", masked, re.M | re.S):
        head = masked[: match.start()]
        head = head[max(head.rfind(";\n"), head.rfind("}\n"), head.rfind("\n\n")) + 1 :].strip()
        named = re.search(r"(\w+)\(", head)
        if named:
            kind = re.sub(r"\b(static|inline|extern)\b", "", head[: named.start()]).strip()
            yield match.start(), match.end(), named.group(1), kind


def values_of(masked, functions):
    """Where constants and tables stand, outside of functions: (begin, end)."""
    at = 0
    for begin, end, _, _ in [*functions, (len(masked), len(masked), "", "")]:
        for match in re.finditer(r"^[^\s#}][^;{]*?(=|^enum\b[^;]*?\{|enum \{).*?;$", masked[at:begin], re.M | re.S):
            if re.match(r"(static |const |extern |enum )", match.group()) and not match.group().startswith("extern"):
                yield at + match.start(), at + match.end()
        # What is left of a #define is its value.
        for match in re.finditer(r"^ {8,}\S[^\n]*$", masked[at:begin], re.M):
            yield at + match.start(), at + match.end()
        at = end


def change_number(match):
    digits, suffix = match.groups()
    number = int(digits, 0)
    # Of a fraction in so many bits, the last one says nothing.
    by = 1 if number < 1 << 32 else number >> 20
    for changed in (number + by, number - by):
        if changed >= 0:
            yield match.start(), match.end(), (hex(changed) if "x" in digits.lower() else str(changed)) + suffix


def change_words(masked, begin, end):
    """Operators and constants."""
    for match in BINARY_AT.finditer(masked, begin, end):
        if match.group() == "?" and COMPARED.search(masked, masked.rfind("\n", 0, match.start()), match.start()):
            continue  # as changing the operator does
        for put in BINARY[match.group()]:
            yield match.start(), match.end(), put
    for match in UNARY_AT.finditer(masked, begin, end):
        yield match.start(), match.end(), UNARY[match.group()]
    for match in WORD_AT.finditer(masked, begin, end):
        yield match.start(), match.end(), WORD[match.group()]
    for match in NUMBER_AT.finditer(masked, begin, end):
        yield from change_number(match)


def change_return(text, begin, end, kind):
    """A return from `begin`, of a value from there to its semicolon."""
    value = text[begin + len("return") : end - 1].strip()
    if not value:
        if kind == "void":
            yield begin, end, ";"
    elif kind == "bool":
        if value not in WORD:
            yield begin, end, f"return !({value});"
    elif kind == "kith_status":
        yield begin, end, "return KITH_BAD_ARGUMENT;" if value == "KITH_OK" else f"return ({value}), KITH_OK;"
    elif kind.endswith("*"):
        if value != "NULL":
            yield begin, end, "return NULL;"
    elif NUMBER_TYPE.search(kind):
        if not NUMBER_AT.fullmatch(value):
            yield begin, end, f"return ({value}) + 1;"
    elif (kind.startswith("struct") or kind == "kith_text") and not re.fullmatch(r"\([\w ]+\)\{[0, ]*\}", value):
        yield begin, end, f"return ({kind}){{0}};"


def change_condition(text, masked, word, begin, end):
    """What stands between the brackets of if, while or for: negated."""
    if word == "for":
        begin = end_of_statement(masked, begin)
        end = end_of_statement(masked, begin) - 1
    condition = text[begin:end].strip()
    # Of these, changing the operator does the same.
    simple = re.search(r" [<>=!]=? | [<>!=]= ", condition) and not re.search(r"&&|\|\|", condition)
    if condition and word != "switch" and not simple and not re.fullmatch(r"![\w>.\[\]-]+", condition):
        yield begin, end, f" !({condition})" if word == "for" else f"!({condition})"


def change_statements(text, masked, begin, end, kind):
    """Statements left out, conditions negated, other values returned."""
    at = begin
    while at < end:
        header = HEADER_AT.match(masked, at)
        other = OTHER_AT.match(masked, at)
        if header:
            bracket = header.end() - 1
            at = matching(masked, bracket)
            yield from change_condition(text, masked, header.group(1), bracket + 1, at - 1)
        elif other:
            at = other.end()
        elif masked[at] in " \n{};":
            at += 1
        else:
            stop = end_of_statement(masked, at)
            statement = masked[at:stop]
            if re.match(r"return\b", statement):
                yield from change_return(text, at, stop, kind)
            elif not DECLARATION.match(statement) and not re.match(r"\(void\)|va_|_Static_assert", statement):
                yield at, stop, ";"
            at = stop


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def make(path, text, function, change, around):
    begin, end, put = change
    left = text.rfind("\n", 0, begin) + 1
    right = text.find("\n", end)
    was = " ".join(text[left:right].split())
    now = " ".join((text[left:begin] + put + text[end:right]).split())
    whole, first = (around, begin - text.index(around)) if around else (text[left:right], begin - left)
    return Mutant(path, begin, end, put, function, line_of(text, begin), was, now, whole, first)


def mutants_of(path, text):
    """All of a file, in the order of its lines."""
    masked = mask(text)
    functions = list(functions_of(masked))
    mutants = []
    for begin, end, name, kind in functions:
        changes = [*change_words(masked, begin, end), *change_statements(text, masked, begin + 1, end - 1, kind)]
        mutants += [make(path, text, name, change, text[begin:end]) for change in changes]
    for begin, end in values_of(masked, functions):
        mutants += [make(path, text, "", change, "") for change in change_words(masked, begin, end)]
    # The braces of { } may make a table found twice.
    unique = {(mutant.begin, mutant.end, mutant.put): mutant for mutant in mutants}
    counts, numbered = {}, []
    for mutant in sorted(unique.values(), key=lambda mutant: (mutant.begin, mutant.end, mutant.put)):
        counts[mutant.key()] = nth = counts.get(mutant.key(), 0) + 1
        numbered.append(replace(mutant, nth=nth))
    return numbered

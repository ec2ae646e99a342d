"""Rules that read one source file. In: its path in the repository and its text. Out: violations, `path:line: rule`."""
import re

import rules

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SOURCES = (".cc", ".h", ".hpp", ".c")
HEADERS = (".h", ".hpp")
# Written so that this line does not match itself.
LEFT_OVER = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|farm)" r"/\w")


def folder_of(path):
    """The longest row of the include table that `path` lies under, or None."""
    rows = [row for row in rules.INCLUDES if path.startswith(row)]
    return max(rows, key=len) if rows else None


def own_name(path, folder):
    """The prefixes by which a folder's own headers are included."""
    return [folder, "hotroute/"] if folder == rules.PUBLIC_HEADERS else [folder]


def includes(text):
    """(line number, "<" or '"', header) of each #include."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match[1], match[2]


def check_includes(path, text):
    if not path.endswith(SOURCES):
        return
    folder = folder_of(path)
    if folder is None:
        yield f"{path}:1: the folder has no row in the include table (tests/lint/rules.py)"
        return
    allowed = own_name(path, folder) + rules.INCLUDES[folder]
    for number, kind, header in includes(text):
        yield from check_library(path, number, header)
        if kind == '"' and not any(header.startswith(prefix) for prefix in allowed):
            yield f"{path}:{number}: {folder} may not include {header}; allowed: {', '.join(allowed)}"


def check_library(path, number, header):
    for prefix, folders in rules.LIBRARIES.items():
        if header.startswith(prefix) and not path.startswith(tuple(folders)):
            yield f"{path}:{number}: {header} may only be included by {', '.join(folders)}"


def check_public_headers(path, text):
    """A public header includes the standard library and its sibling only."""
    if not path.startswith(rules.PUBLIC_HEADERS):
        return
    for number, kind, header in includes(text):
        if kind == "<" and ("." in header or "/" in header) and header not in rules.PUBLIC_C_HEADERS:
            yield f"{path}:{number}: a public header may only include the standard library, not {header}"


def check_guard(path, text):
    """#pragma once, or in a header that C reads too, an include guard with our prefix."""
    guard = r"^#(pragma once|ifndef HOTROUTE_\w+_H_)$"
    if path.endswith(HEADERS) and not re.search(guard, text, re.MULTILINE):
        yield f"{path}:1: the header has no #pragma once"


def check_size(path, text):
    lines = text.count("\n")
    if lines > rules.MAX_LINES:
        yield f"{path}:{lines}: {lines} lines; split files above {rules.MAX_LINES} by noun"


def check_left_over(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if match := LEFT_OVER.search(line):
            yield f"{path}:{number}: \"{match[1]}\" is left over; finish it or open an issue"


def check_machine_path(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if match := MACHINE_PATH.search(line):
            yield f"{path}:{number}: a path of one machine: {match[0]}..."


RULES = [check_includes, check_public_headers, check_guard, check_size, check_left_over,
         check_machine_path]


def check(path, text):
    return [violation for rule in RULES for violation in rule(path, text)]

"""What the signal handler calls, read from its compiled object file.

From each entry function the calls inside the object are followed; every symbol reached that the object does not define
must be on the allow-list of rules.py. Function pointers are not followed: the walker behind one is an entry of its own.
"""
import pathlib
import re
import subprocess

import rules

FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")
RELOCATION = re.compile(r"^\s+[0-9a-f]+: R_\w+\s+(.+?)(?:[+-]0x[0-9a-f]+)?$")
BRANCH = re.compile(r"\b(?:call|j\w+)\s+[0-9a-f]+ <(.+?)(?:\+0x[0-9a-f]+)?>")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def undefined_symbols(object_file):
    return {line.split()[-1] for line in run("nm", "-u", object_file).splitlines()}


def references(object_file):
    """Function -> symbols that its instructions name."""
    result, current = {}, None
    for line in run("objdump", "-dr", "--no-show-raw-insn", object_file).splitlines():
        if match := FUNCTION.match(line):
            current = result.setdefault(match[1], set())
        elif current is not None:
            if match := RELOCATION.match(line) or BRANCH.search(line):
                current.add(match[1])
    return result


def demangle(symbol):
    return run("c++filt", symbol).strip()


def is_entry(symbol, name):
    return re.search(rf"(^|::){name}(\(|$)", demangle(symbol)) is not None


def reached(graph, entries):
    """Every symbol that the entries reach, through functions of the same object."""
    seen, waiting = set(), list(entries)
    while waiting:
        symbol = waiting.pop()
        if symbol not in seen:
            seen.add(symbol)
            waiting.extend(graph.get(symbol, ()))
    return seen


def check_object(object_file, entry_names):
    """Violations as text."""
    graph = references(object_file)
    entries = []
    for name in entry_names:
        found = [symbol for symbol in graph if is_entry(symbol, name)]
        if not found:
            yield f"{object_file}: no function {name}; correct HANDLER_ENTRIES in tests/lint/rules.py"
        entries += found
    for symbol in sorted(reached(graph, entries) & undefined_symbols(object_file)):
        name = demangle(symbol)
        if not any(re.fullmatch(pattern, name) for pattern in rules.HANDLER_CALLS):
            yield f"{object_file}: the signal handler reaches {name}, which is not on the allow-list"


def check_build(build_directory):
    violations = []
    for objects, entry_names in rules.HANDLER_ENTRIES.items():
        found = list(pathlib.Path(build_directory).glob(objects))
        if not found:
            violations.append(f"{build_directory}: no {objects}; build the library first")
        for object_file in found:
            violations += check_object(str(object_file), entry_names)
    return violations

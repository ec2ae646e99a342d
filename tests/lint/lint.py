#!/usr/bin/env python3
"""Checks the project's own rules. Prints each violation as file:line: rule, and exits 1 if there are any.

Usage: lint.py sources ROOT             include table, guards, sizes, left-overs
       lint.py headers ROOT BUILD       each header compiles on its own
       lint.py handler ROOT BUILD       what the signal handler reaches
"""
import os
import pathlib
import sys

import handler_symbols
import headers
import source_rules

READ = (".cc", ".h", ".hpp", ".c", ".py", ".ts", ".js", ".mjs", ".cmake", ".proto", ".sh")
READ_NAMES = ("CMakeLists.txt", "run")
PASSED_OVER = {"build", "demo-data", "node_modules", ".git", "__pycache__", "corpus"}
# Compiled with what only their own program has.
NEEDS_ITS_PROGRAM = ("docs/examples/", "tests/consumer/")


def source_files(root):
    """Paths below `root` of what people wrote, sorted."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - PASSED_OVER)
        for name in sorted(names):
            if name.endswith(READ) or name in READ_NAMES:
                yield str(pathlib.Path(folder, name).relative_to(root))


def check_sources(root):
    violations = []
    for path in source_files(root):
        violations += source_rules.check(path, pathlib.Path(root, path).read_text(encoding="utf-8"))
    return violations


def check_headers(root, build):
    paths = [path for path in source_files(root)
             if path.endswith(source_rules.HEADERS) and not path.startswith(NEEDS_ITS_PROGRAM)]
    return headers.check(root, build, paths)


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in ("sources", "headers", "handler"):
        print(__doc__, file=sys.stderr)
        return 2
    command, root = arguments[:2]
    if command == "sources":
        violations = check_sources(root)
    elif command == "headers":
        violations = check_headers(root, arguments[2])
    else:
        violations = handler_symbols.check_build(arguments[2])
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Each header compiles on its own, with the compiler and the include folders of the build. Out: violations.

A header that the source file of its name includes first has compiled on its own in the build; only the others are
compiled here.
"""
import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess

import source_rules


def compiler_and_folders(build_directory):
    """(C++ compiler, -I and -isystem arguments of all targets) from compile_commands.json."""
    commands = json.loads(pathlib.Path(build_directory, "compile_commands.json").read_text())
    compiler, folders = "c++", []
    for entry in commands:
        words = shlex.split(entry["command"])
        if entry["file"].endswith(".cc"):
            compiler = next(word for word in words if not word.endswith("ccache"))
        for index, word in enumerate(words):
            argument = [word] if word.startswith("-I") else words[index:index + 2]
            if word.startswith(("-I", "-isystem")) and argument not in folders:
                folders.append(argument)
    return compiler, [word for argument in folders for word in argument]


def compile_alone(compiler, folders, root, path):
    language = "c" if path.endswith("hotroute.h") else "c++"
    standard = "-std=c11" if language == "c" else "-std=c++20"
    command = [compiler, "-fsyntax-only", "-x", language, standard, "-Wno-pragma-once-outside-header",
               *folders, str(pathlib.Path(root, path))]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == 0:
        return []
    errors = [line for line in result.stderr.splitlines() if "error" in line]
    return [f"{path}:1: the header does not compile on its own: {(errors or [result.stderr])[0]}"]


def is_first_include(root, path):
    """Whether the .cc file beside the header begins with it."""
    source = pathlib.Path(root, path).with_suffix(".cc")
    if not source.exists():
        return False
    first = next(source_rules.includes(source.read_text(encoding="utf-8")), None)
    return first is not None and first[2] == path


def check(root, build_directory, paths):
    compiler, folders = compiler_and_folders(build_directory)
    paths = [path for path in paths if not is_first_include(root, path)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda path: compile_alone(compiler, folders, root, path), paths)
    return [violation for result in results for violation in result]

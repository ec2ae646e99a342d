#!/usr/bin/env python3
"""Installs hotroute into an empty prefix and uses it from there, as a CMake project and as a Makefile would.

Usage: consumer_test.py CMAKE BUILD_DIRECTORY VERSION [unittest arguments]
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

CMAKE, BUILD, VERSION = sys.argv[1:4]
HERE = pathlib.Path(__file__).parent
# What hosts have themselves, in other versions: it must not come in with the library.
FORBIDDEN = re.compile(r"lib(protobuf|sqlite3|boost\w*)", re.IGNORECASE)


def run(*command, **options):
    result = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, timeout=300, **options)
    if result.returncode != 0:
        raise AssertionError(f"{command} exited {result.returncode}:\n{result.stdout}")
    return result.stdout


class ConsumerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="hotroute-consumer-"))
        cls.prefix = cls.folder / "prefix"
        run(CMAKE, "--install", BUILD, "--prefix", cls.prefix)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def with_cmake(self):
        build = self.folder / "cmake"
        run(CMAKE, "-S", HERE / "cmake", "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}",
            "-DCMAKE_BUILD_TYPE=Release")
        run(CMAKE, "--build", build)
        return build / "consumer"

    def with_make(self):
        build = self.folder / "make"
        if not build.exists():
            shutil.copytree(HERE / "make", build)
        pc = next(self.prefix.rglob("hotroute.pc")).parent
        run("make", "-C", build, env={**os.environ, "PKG_CONFIG_PATH": str(pc)})
        return build / "consumer"

    def check_host(self, program, data):
        facts = dict(line.split(maxsplit=1) for line in run(program, data).splitlines())
        self.assertEqual(facts["version"], VERSION)
        self.assertIn("libgcc_s", facts["unwinder"])
        loaded = run("ldd", program)
        self.assertIn(str(self.prefix), loaded, "the installed library is not the one in use")
        self.assertIsNone(FORBIDDEN.search(loaded), loaded)
        self.assertIn("consumer.index", run(self.prefix / "bin/hotroute", "urls", "--data-dir", data))

    def test_a_cmake_project_finds_and_uses_it(self):
        self.check_host(self.with_cmake(), self.folder / "data-cmake")

    def test_a_c_program_finds_and_uses_it_with_pkg_config(self):
        self.check_host(self.with_make(), self.folder / "data-make")

    def test_the_shared_library_carries_its_major_version(self):
        names = {path.name for path in self.prefix.rglob("libhotroute.so*")}
        self.assertEqual(names, {"libhotroute.so", f"libhotroute.so.{VERSION.split('.')[0]}",
                                 f"libhotroute.so.{VERSION}"})

    def test_only_the_public_headers_are_installed(self):
        headers = {path.name for path in (self.prefix / "include").rglob("*") if path.is_file()}
        self.assertEqual(headers, {"hotroute.h", "hotroute.hpp"})


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])

#!/usr/bin/env python3
"""Each lint rule fails on a small bad example and passes on its good neighbour."""
import pathlib
import subprocess
import tempfile
import unittest

import handler_symbols
import headers
import rules
import source_rules


def check(path, text):
    return source_rules.check(path, "#pragma once\n" + text)


class IncludeTableTest(unittest.TestCase):
    def assert_refused(self, path, header, kind='""'):
        violations = check(path, f"#include {kind[0]}{header}{kind[1]}\n")
        self.assertEqual(len(violations), 1, violations)
        self.assertIn(f"{path}:2:", violations[0])

    def assert_accepted(self, path, header, kind='""'):
        self.assertEqual(check(path, f"#include {kind[0]}{header}{kind[1]}\n"), [])

    def test_the_halves_do_not_meet(self):
        self.assert_refused("viewer/cli/main.cc", "profiler/select/selector.h")
        self.assert_refused("profiler/session/session.cc", "store/store.h")
        self.assert_accepted("viewer/cli/main.cc", "store/store.h")

    def test_includes_point_back(self):
        self.assert_refused("base/file.cc", "proto/frame.h")
        self.assert_refused("store/index.cc", "viewer/aggregate/call_tree.h")
        self.assert_refused("profiler/select/selector.cc", "profiler/encode/segment_writer.h")
        self.assert_accepted("proto/frame.cc", "base/file.h")

    def test_nothing_includes_tests(self):
        self.assert_refused("store/store.cc", "tests/support/fake_clock.h")
        self.assert_accepted("tests/unit/store/store_test.cc", "tests/support/fake_clock.h")

    def test_a_new_folder_needs_a_row(self):
        self.assertIn("no row", check("plugins/new.cc", "")[0])

    def test_libraries_stay_where_they_belong(self):
        self.assert_refused("profiler/encode/writer.cc", "sqlite3.h", "<>")
        self.assert_refused("proto/frame.cc", "google/protobuf/message.h", "<>")
        self.assert_refused("store/store.cc", "boost/program_options.hpp", "<>")
        self.assert_refused("profiler/session/session.cc", "libunwind.h", "<>")
        self.assert_accepted("store/sqlite.cc", "sqlite3.h", "<>")

    def test_public_headers_need_the_standard_library_only(self):
        self.assert_refused("profiler/include/hotroute/hotroute.h", "unistd.h", "<>")
        self.assert_refused("profiler/include/hotroute/hotroute.hpp", "base/status.h")
        self.assert_accepted("profiler/include/hotroute/hotroute.h", "stdint.h", "<>")


class FileRulesTest(unittest.TestCase):
    def test_a_header_needs_a_guard(self):
        self.assertIn("pragma once", source_rules.check("base/a.h", "int a;\n")[0])
        self.assertEqual(source_rules.check("base/a.h", "#ifndef HOTROUTE_A_H_\n"), [])

    def test_a_long_file_is_refused(self):
        self.assertEqual(check("base/a.cc", "\n" * (rules.MAX_LINES - 1)), [])
        self.assertIn("split", check("base/a.cc", "\n" * rules.MAX_LINES)[0])

    def test_left_overs_are_refused(self):
        for word in ("TO" + "DO", "FIX" + "ME"):
            self.assertIn("base/a.cc:2:", check("base/a.cc", f"// {word}: later\n")[0])

    def test_a_path_of_one_machine_is_refused(self):
        self.assertIn("base/a.cc:2:", check("base/a.cc", '"/ro' + 'ot/file"\n')[0])
        self.assertEqual(check("base/a.cc", '"some/ro' + 'ot/file"\n'), [])


class HandlerTest(unittest.TestCase):
    def compile_and_check(self, source):
        with tempfile.TemporaryDirectory() as folder:
            object_file = str(pathlib.Path(folder, "handler.o"))
            subprocess.run(["c++", "-O1", "-fPIC", "-x", "c++", "-c", "-", "-o", object_file], check=True,
                           input=source, text=True)
            return list(handler_symbols.check_object(object_file, ["HandleSignal"]))

    def test_an_allocation_is_found_behind_another_function(self):
        violations = self.compile_and_check(
            "#include <cstdlib>\nvoid* kept;\n"
            "static __attribute__((noinline)) void Helper() { kept = std::malloc(8); }\n"
            "void HandleSignal(int) { Helper(); }\n")
        self.assertEqual(len(violations), 1, violations)
        self.assertIn("reaches malloc", violations[0])

    def test_first_touch_of_thread_local_storage_is_found(self):
        violations = self.compile_and_check(
            "thread_local int count;\nvoid HandleSignal(int) { ++count; }\n")
        self.assertIn("__tls_get_addr", " ".join(violations))

    def test_what_is_allowed_passes(self):
        self.assertEqual(self.compile_and_check(
            "#include <cerrno>\n#include <cstdlib>\nvoid HandleSignal(int) { errno = 0; }\n"
            "void* Install() { return std::malloc(8); }\n"), [])

    def test_a_renamed_handler_is_noticed(self):
        self.assertIn("no function HandleSignal", self.compile_and_check("void Handle(int) {}\n")[0])


class HeadersTest(unittest.TestCase):
    def test_a_header_that_leans_on_another_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "good.h").write_text("#pragma once\n#include <string>\nstd::string a();\n")
            pathlib.Path(folder, "bad.h").write_text("#pragma once\nstd::string a();\n")
            pathlib.Path(folder, "compile_commands.json").write_text("[]")
            violations = headers.check(folder, folder, ["good.h", "bad.h"])
        self.assertEqual(len(violations), 1, violations)
        self.assertTrue(violations[0].startswith("bad.h:1:"), violations)

    def test_only_a_first_include_counts_as_compiled_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "a.cc")
            self.assertFalse(headers.is_first_include(folder, "a.h"))
            source.write_text('#include <string>\n#include "a.h"\n')
            self.assertFalse(headers.is_first_include(folder, "a.h"))
            source.write_text('#include "a.h"\n#include <string>\n')
            self.assertTrue(headers.is_first_include(folder, "a.h"))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""What google-pprof makes of an exported route, against what `hotroute top` says of the same requests.

Usage: export_test.py TICKETSHOP TICKETSHOP_LOAD HOTROUTE [unittest arguments]
Needs google-pprof (Debian package google-perftools), which reads the file alone, without the profiled binaries.
"""
import collections
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

SHOP, LOAD, HOTROUTE = sys.argv[1:4]

# google-pprof counts whole microseconds; a stack's value is rounded once, so a function's by a few hundred stacks.
ROUNDING_MS = 0.5


def record(folder):
    """Three seconds of the shop, every other request profiled; returns the data directory."""
    profiles = os.path.join(folder, "profiles")
    shop = subprocess.Popen(
        [SHOP, "--dir", os.path.join(folder, "shop"), "--museum-slots", "2000"], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "HOTROUTE_DATA_DIR": profiles, "HOTROUTE_FRACTION": "0.5"})
    try:
        port = re.search(r":(\d+)$", shop.stdout.readline().strip())[1]
        subprocess.run([LOAD, "--port", port, "--seconds", "3", "--rate", "150", "--seed", "7"],
                       check=True, capture_output=True, timeout=60)
    finally:
        shop.send_signal(signal.SIGINT)
        shop.communicate(timeout=60)
    return profiles


def short_name(function):
    """As google-pprof shortens names: without parameters, template arguments and what stands before."""
    for pattern in (r"\([^()]*\)(\s*const)?", r"<[^<>]*>"):
        while re.search(pattern, function):
            function = re.sub(pattern, "", function)
    return re.sub(r"^.*\s+(\w+::)", r"\1", function)


class ExportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="hotroute-export-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.profiles = record(folder.name)

    def run_hotroute(self, *arguments):
        result = subprocess.run([HOTROUTE, *arguments, "--data-dir", self.profiles], capture_output=True, text=True,
                                timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def google_pprof(self, *conditions):
        """Total and, by function, self and cumulative ms of all requests, as google-pprof prints them."""
        path = os.path.join(self.folder, "route.prof")
        self.run_hotroute("export", "event.index", "--to", "pprof", "-o", path, *conditions)
        report = subprocess.run(["google-pprof", "--text", path], capture_output=True, text=True, timeout=60)
        self.assertEqual(report.returncode, 0, report.stderr)
        total = int(re.search(r"^Total: (\d+) samples$", report.stdout, re.MULTILINE)[1])
        rows = re.findall(r"^ *(\d+) +[\d.]+% +[\d.]+% +(\d+) +[\d.]+% (.+)$", report.stdout, re.MULTILINE)
        return total / 1000, {name: (int(own) / 1000, int(all_) / 1000) for own, all_, name in rows}

    def top(self, *conditions):
        document = json.loads(self.run_hotroute("top", "event.index", "--limit", "0", "--format", "json", *conditions))
        by_name = collections.defaultdict(list)
        for row in document["rows"]:
            by_name[short_name(row["function"])].append(row)
        return document["population"]["requests"], by_name

    def assert_same(self, total_ms, functions, scale, by_name):
        """`scale` turns ms per request of `top` into ms of all requests."""
        self.assertGreater(len(functions), 10)
        compared = 0
        for name, (own, cumulative) in functions.items():
            rows = by_name[name]
            self.assertTrue(rows, f"google-pprof knows {name}, hotroute top does not")
            self.assertAlmostEqual(own, scale * sum(row["self_ms"] for row in rows), delta=ROUNDING_MS, msg=name)
            # Functions of two modules with one name are one to google-pprof, and a stack may hold both.
            if len(rows) == 1:
                self.assertAlmostEqual(cumulative, scale * rows[0]["total_ms"], delta=ROUNDING_MS, msg=name)
                compared += 1
        self.assertGreater(compared, 10)
        own_ms = scale * sum(row["self_ms"] for rows in by_name.values() for row in rows)
        self.assertAlmostEqual(total_ms, own_ms, delta=ROUNDING_MS)

    def test_a_label_has_the_same_milliseconds(self):
        only = ("--label", "shop=museum")  # counters know no labels, so `top` shows plain weighted sums
        total_ms, functions = self.google_pprof(*only)
        requests, by_name = self.top(*only)
        self.assert_same(total_ms, functions, requests, by_name)

    def test_a_route_has_the_same_shares(self):
        total_ms, functions = self.google_pprof()
        _, by_name = self.top()  # calibrated with the counters: one factor for all functions
        scale = total_ms / sum(row["self_ms"] for rows in by_name.values() for row in rows)
        self.assert_same(total_ms, functions, scale, by_name)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])

#!/usr/bin/env python3
"""The whole chain on a real service: the ticket shop under load, read back with the hotroute program, checked from outside.

Usage: end_to_end_test.py TICKETSHOP TICKETSHOP_LOAD HOTROUTE [unittest arguments]
Bounds are four sigma of what is drawn at random (one run in 16,000 fails by chance) or stated where they stand.
"""
import http.client
import json
import math
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SHOP, LOAD, HOTROUTE = sys.argv[1:4]


class Shop:
    """A running ticket shop whose profiles go to `profiles` below its own folder."""

    def __init__(self, fraction, museum_slots, **environment):
        self.folder = tempfile.mkdtemp(prefix="hotroute-e2e-")
        self.profiles = os.path.join(self.folder, "profiles")
        self.process = subprocess.Popen(
            [SHOP, "--dir", self.folder, "--museum-slots", str(museum_slots)],
            env={**os.environ, "HOTROUTE_DATA_DIR": self.profiles, "HOTROUTE_FRACTION": str(fraction), **environment},
            stdout=subprocess.PIPE, text=True)
        self.port = re.search(r":(\d+)$", self.process.stdout.readline().strip())[1]

    def drive(self, seconds, rate):
        result = subprocess.run([LOAD, "--port", self.port, "--seconds", str(seconds), "--rate", str(rate), "--seed", "7"],
                                capture_output=True, text=True, timeout=seconds + 60, check=True)
        return json.loads(result.stdout)

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """What the shop itself counted."""
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=60)
        return json.loads(out)

    def remove(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder)


def hotroute(*arguments, data_dir):
    return subprocess.run([HOTROUTE, *arguments, "--data-dir", data_dir], capture_output=True, text=True, timeout=120)


def answer(*arguments, data_dir):
    result = hotroute(*arguments, "--format", "json", "--limit", "1000", data_dir=data_dir)
    if result.returncode not in (0, 1):
        raise AssertionError(f"hotroute {arguments}: {result.stderr}")
    return json.loads(result.stdout)


def segments(data_dir):
    return sorted(pathlib.Path(data_dir).glob("segments/*/*.seg"))


class UnderLoad(unittest.TestCase):
    """One run of the shop at fraction 0.3; each test asks another question about it."""

    FRACTION = 0.3

    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(cls.FRACTION, museum_slots=3000)
        cls.addClassCleanup(cls.shop.remove)
        cls.seen = cls.shop.drive(seconds=12, rate=250)
        cls.counted = cls.shop.stop()
        cls.urls = answer("urls", data_dir=cls.shop.profiles)
        cls.rows = {row["url_name"]: row for row in cls.urls["rows"]}

    def test_exact_counters_equal_what_the_shop_counted(self):
        shop_counts = {name: sum(by_status.values())
                       for kind in ("requests", "tasks") for name, by_status in self.counted[kind].items()}
        self.assertEqual({name: row["requests_exact"] for name, row in self.rows.items()}, shop_counts)
        for name, by_status in self.counted["requests"].items():
            errors = sum(count for status, count in by_status.items() if int(status) >= 500)
            self.assertEqual(self.urls_errors_exact(name), errors, name)

    def urls_errors_exact(self, name):
        failed = answer("urls", "--status", "5xx", data_dir=self.shop.profiles)["rows"]
        return sum(row["requests_exact"] for row in failed if row["url_name"] == name)

    def test_selected_share_is_the_fraction(self):
        selectable = [row for row in self.rows.values() if row["url_name"] != "healthcheck"]
        total = sum(row["requests_exact"] for row in selectable)
        selected = sum(row["profiles"] for row in selectable)
        sigma = math.sqrt(total * self.FRACTION * (1 - self.FRACTION))
        self.assertLess(abs(selected - total * self.FRACTION), 4 * sigma)

    def test_estimates_match_the_exact_counters_per_route(self):
        for name, row in self.rows.items():
            if name == "healthcheck":
                self.assertEqual(row["profiles"], 0)
                continue
            exact = row["requests_exact"]
            sigma = math.sqrt(exact * (1 - self.FRACTION) / self.FRACTION)
            self.assertLess(abs(row["requests"] - exact), 4 * sigma, name)

    def test_names_the_shop_that_carries_the_cost(self):
        rows = answer("labels", "event.index", data_dir=self.shop.profiles)["rows"]
        self.assertEqual((rows[0]["key"], rows[0]["value"]), ("shop", "museum"))

    def test_stacks_reach_from_the_thread_start_to_the_handler(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "stacks.folded")
            result = hotroute("export", "event.index", "--to", "folded", "-o", out, data_dir=self.shop.profiles)
            self.assertEqual(result.returncode, 0, result.stderr)
            stacks = pathlib.Path(out).read_text().splitlines()
        self.assertGreater(len(stacks), 5)
        # Debian's libc names neither clone3 nor start_thread, so the root is libc and an offset, alike for all threads.
        roots = {stack.split(";")[0] for stack in stacks}
        self.assertEqual(len(roots), 1, roots)
        self.assertRegex(roots.pop(), r"^(libc\.so\.6\+0x[0-9a-f]+|.*clone.*)$")
        through = [stack for stack in stacks if re.search("httplib::.*;ticketshop::Handlers::EventIndex", stack)]
        self.assertGreater(len(through), len(stacks) / 2)
        self.assertTrue(any("sqlite3_step" in stack for stack in stacks), stacks[:3])
        self.assertTrue(any("libsqlite3.so" in stack and "+0x" in stack for stack in stacks), stacks[:3])
        self.assertEqual(self.urls["losses"].get("stack_incomplete", 0), 0)

    def test_every_file_verifies(self):
        result = hotroute("verify", data_dir=self.shop.profiles)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_index_can_be_deleted(self):
        before = answer("urls", data_dir=self.shop.profiles)
        for path in pathlib.Path(self.shop.profiles).glob("index.sqlite*"):
            path.unlink()
        self.assertEqual(answer("urls", data_dir=self.shop.profiles), before)


class CpuAccounting(unittest.TestCase):
    def test_cpu_per_request_matches_the_process_accounting(self):
        """One heavy route, called in turn: nearly all CPU time of the process is spent inside requests."""
        shop = Shop(1.0, museum_slots=30000)
        self.addCleanup(shop.remove)
        connection = http.client.HTTPConnection("127.0.0.1", int(shop.port), timeout=60)

        def get():
            connection.request("GET", "/museum/main/")
            response = connection.getresponse()
            response.read()
            self.assertEqual(response.status, 200)

        get()
        before = shop.cpu_seconds()
        for _ in range(40):
            get()
        used = shop.cpu_seconds() - before
        connection.close()
        shop.stop()
        row = answer("urls", data_dir=shop.profiles)["rows"][0]
        self.assertEqual((row["url_name"], row["profiles"]), ("event.index", 41))
        accounted = row["cpu_ms"]["mean"] * 40 / 1000
        self.assertLess(abs(accounted / used - 1), 0.10, f"{accounted:.3f} s of {used:.3f} s")
        # The same from the samples: 10 % holds three sigma of more than 900 samples.
        top = answer("top", "event.index", data_dir=shop.profiles)
        sampled = sum(r["self_ms"] for r in top["rows"]) * 40 / 1000
        self.assertGreater(used, 1.0)
        self.assertLess(abs(sampled / used - 1), 0.10 + 3 * math.sqrt(0.01 / used), f"{sampled:.3f} s of {used:.3f} s")


class Damage(unittest.TestCase):
    def setUp(self):
        self.shop = Shop(1.0, museum_slots=50)
        self.addCleanup(self.shop.remove)

    def profiles(self):
        return sum(row["profiles"] for row in answer("urls", data_dir=self.shop.profiles)["rows"])

    def test_killed_under_load_it_keeps_what_was_written(self):
        load = subprocess.Popen([LOAD, "--port", self.shop.port, "--seconds", "4", "--rate", "200"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        size = 0
        while size < 200_000 and time.monotonic() < deadline:
            time.sleep(0.05)
            size = sum(path.stat().st_size for path in segments(self.shop.profiles))
        visible = self.profiles()
        self.shop.process.kill()
        self.shop.process.wait()
        load.communicate()
        self.assertGreater(visible, 100)
        self.assertGreaterEqual(self.profiles(), visible)
        self.assertEqual(hotroute("verify", data_dir=self.shop.profiles).returncode, 0)

    def test_flipped_and_missing_bytes_cost_only_their_frame_and_are_reported(self):
        self.shop.drive(seconds=3, rate=150)
        self.shop.process.kill()  # so that the segment stays open, one frame for each profile
        self.shop.process.wait()
        whole = self.profiles()
        (segment,) = segments(self.shop.profiles)
        good = segment.read_bytes()
        flipped = bytearray(good)
        flipped[len(good) // 2] ^= 0x10
        segment.write_bytes(flipped)
        self.assertEqual(self.profiles(), whole - 1)
        result = hotroute("verify", data_dir=self.shop.profiles)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, re.escape(segment.name) + r".*offset \d+")
        reported = answer("urls", data_dir=self.shop.profiles)
        self.assertTrue(any(segment.name in line for line in reported["damage"]), reported["damage"])
        segment.write_bytes(good[:-5])
        self.assertGreaterEqual(self.profiles(), whole - 1)
        self.assertIn(segment.name, hotroute("verify", data_dir=self.shop.profiles).stdout)


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(1.0, museum_slots=50)
        cls.addClassCleanup(cls.shop.remove)
        cls.shop.drive(seconds=2, rate=60)
        cls.shop.stop()

    def refused(self, *arguments, data_dir=None):
        result = hotroute(*arguments, data_dir=data_dir or self.shop.profiles)
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr, r"\Ahotroute: .*\n\Z")
        return result.stderr

    def test_says_what_to_do_about_the_data_directory(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertIn("no such", self.refused("urls", data_dir=folder + "/missing"))
            self.assertIn("start a service", self.refused("urls", data_dir=folder))
            pathlib.Path(folder, "notes.txt").write_text("mine")
            self.assertIn("STORE", self.refused("urls", data_dir=folder))
            pathlib.Path(folder, "STORE").write_text(
                "hotroute data directory\nformat: 99\nid: 00000000-0000-0000-0000-000000000000\ncreated: x\n")
            self.assertIn("format 99", self.refused("urls", data_dir=folder))
            self.assertEqual(pathlib.Path(folder, "notes.txt").read_text(), "mine")

    def test_suggests_the_nearest_route(self):
        self.assertIn("did you mean event.index?", self.refused("top", "event.indx"))

    def test_says_where_there_is_data(self):
        self.assertRegex(self.refused("urls", "--from", "2001-01-01", "--until", "2001-01-02"), r"20\d\d-\d\d-\d\d")

    def test_names_the_wrong_word(self):
        self.assertIn("--sinc", self.refused("urls", "--sinc", "1h"))
        self.assertIn("yesteryear", self.refused("urls", "--since", "yesteryear"))
        self.assertIn("tpo", self.refused("tpo", "event.index"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])

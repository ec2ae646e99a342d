#!/usr/bin/env python3
"""Runs the shop under a short load and compares what both sides counted.

Usage: ticketshop_test.py TICKETSHOP TICKETSHOP_LOAD [unittest arguments]
A small museum keeps it quick; the load's seed is fixed, so every route and task is reached on every run.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

SHOP, LOAD = sys.argv[1:3]
ROUTES = {"shop.index", "event.index", "cart.add", "order.create", "api.orders.list",
          "ticket.download", "healthcheck"}


class RunningShop:
    """A shop in a fresh folder; `summary` is what it printed when it ended."""

    def __init__(self, environment=None, arguments=()):
        self.environment = {**os.environ, **(environment or {})}
        self.arguments = arguments

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [SHOP, "--dir", self.folder.name, "--museum-slots", "200", *self.arguments],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = re.fullmatch(r"ticketshop listens on http://127\.0\.0\.1:(\d+)\n", line)[1]
        return self

    def stop(self):
        self.process.terminate()
        out, self.errors = self.process.communicate(timeout=30)
        self.summary = json.loads(out)
        return self.process.returncode

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self.folder.cleanup()


def drive(port, seed="7"):
    result = subprocess.run([LOAD, "--port", port, "--seconds", "3", "--rate", "200", "--seed", seed],
                            capture_output=True, text=True, timeout=60, check=True)
    return json.loads(result.stdout)


class TicketshopTest(unittest.TestCase):
    def test_serves_what_the_load_sent(self):
        with RunningShop() as shop:
            seen = drive(shop.port)
            self.assertEqual(shop.stop(), 0)
        self.assertEqual(seen["failed"], {})
        self.assertEqual(seen["requests"], shop.summary["requests"])
        self.assertEqual(set(seen["requests"]), ROUTES)
        self.assertEqual(sum(sum(s.values()) for s in seen["requests"].values()), 600)

    def test_answers_with_the_statuses_that_a_shop_has(self):
        with RunningShop() as shop:
            seen = drive(shop.port)["requests"]
            self.assertEqual(shop.stop(), 0)
        self.assertTrue({"201", "402"} <= set(seen["order.create"]), seen)
        self.assertTrue({"200", "404"} <= set(seen["ticket.download"]), seen)
        for url_name, statuses in seen.items():
            self.assertNotIn("500", statuses, url_name)
        self.assertEqual(shop.summary["tasks"]["send_mail"].keys() - {"error", "expected-error"},
                         {"success"})
        self.assertEqual(sum(shop.summary["tasks"]["send_mail"].values()),
                         seen["order.create"]["201"])
        self.assertEqual(set(shop.summary["tasks"]["expire_carts"]), {"success"})

    def test_runs_on_when_profiling_cannot_start(self):
        with RunningShop({"HOTROUTE_FRACTION": "10"}) as shop:
            seen = drive(shop.port)
            self.assertEqual(shop.stop(), 0)
        self.assertEqual(seen["failed"], {})
        self.assertRegex(shop.errors, r"^not profiled: .*0.*1")

    def test_says_when_the_port_is_taken(self):
        with RunningShop() as shop:
            second = subprocess.run([SHOP, "--dir", shop.folder.name, "--port", shop.port],
                                    capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 2)
        self.assertIn(f"port {shop.port} on 127.0.0.1 is taken", second.stderr)

    def test_refuses_a_flag_it_does_not_know(self):
        for program in (SHOP, LOAD):
            result = subprocess.run([program, "--no-such-flag", "1"], capture_output=True, text=True)
            self.assertEqual(result.returncode, 2)
            self.assertIn("see --help", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])

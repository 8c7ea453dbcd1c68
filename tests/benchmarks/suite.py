#!/usr/bin/env python3
"""What benchmarks/run makes of its measurements. Nothing is measured here."""
import pathlib
import sys
import tempfile
import unittest
import xml.dom.minidom

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "benchmarks"))
from suite import callgrind, clients, machine, page, plot, sections, targets  # noqa: E402

PROFILE = """\
events: Ir
ob=(1) /build/send
fl=(1) /usr/include/boost/json/parser.hpp
fn=(1) parse
10 100
fi=(2) /home/ada/include/tidings/wire/request.hpp
11 20
fe=(1)
cob=(2) /lib/x86_64-linux-gnu/libssl.so.3
cfi=(3) ???
cfn=(2) SSL_write
calls=1 0
12 5000
13 3

ob=(2)
fl=(3)
fn=(2)
0 5000
"""


def instructions(count):
    return {"instructions": {"rows": [{"client": "tidings", "tls": tls, "instructions": count} for tls in (False, True)]}}


def judged(data, name):
    return next(each for each in targets.judge_all(data) if each["name"] == name)


class Targets(unittest.TestCase):
    def test_a_value_within_the_target_is_met(self):
        self.assertIs(judged(instructions(21000), "instructions_plain")["met"], True)

    def test_a_value_beyond_the_target_is_missed_by_a_percentage(self):
        found = judged(instructions(42000), "instructions_plain")
        self.assertIs(found["met"], False)
        self.assertEqual(found["missed_by_percent"], 100)

    def test_a_rate_has_to_be_at_least_the_target(self):
        row = {"client": "wrk", "tls": False, "in_flight": 64, "our_rate_over": {"median": 1.0}}
        self.assertIs(judged({"contenders": {"rows": [row]}}, "wrk_plain")["met"], True)
        row["our_rate_over"]["median"] = 0.5
        self.assertEqual(judged({"contenders": {"rows": [row]}}, "wrk_plain")["missed_by_percent"], 70)

    def test_a_section_or_a_contender_that_is_missing_is_not_measured(self):
        self.assertIsNone(judged({}, "instructions_plain")["met"])
        self.assertIsNone(judged({"contenders": {"rows": []}}, "node")["met"])

    def test_every_target_names_a_section(self):
        for target in targets.TARGETS:
            self.assertIn(target.section, sections.SECTIONS)


class Numbers(unittest.TestCase):
    def test_a_ratio_is_the_median_of_each_round_against_its_neighbour(self):
        ours = [{"cpu_ns": 10}, {"cpu_ns": 300}, {"cpu_ns": 30}]
        theirs = [{"cpu_ns": 20}, {"cpu_ns": 600}, {"cpu_ns": 30}]
        self.assertEqual(sections.ratio(ours, theirs)["median"], 0.5)

    def test_few_values_have_their_extremes_and_many_their_quartiles(self):
        self.assertEqual(machine.spread([1, 2, 30]), {"median": 2, "low": 1, "high": 30})
        self.assertEqual(machine.spread([0, 10, 20, 30, 1000]), {"median": 20, "low": 10, "high": 30})

    def test_rounds_take_turns(self):
        order = []
        sections.measure_in_turns(None, {"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2)
        self.assertEqual(order, ["a", "b", "a", "b"])

    def test_a_profile_divides_by_source_file_and_what_a_callee_takes_counts_once(self):
        with tempfile.TemporaryDirectory() as folder:
            profile = pathlib.Path(folder, "profile")
            profile.write_text(PROFILE)
            self.assertEqual(callgrind.self_costs(profile),
                             {"Boost.JSON": 103, "tidings: HTTP and JSON": 20, "OpenSSL": 5000})

    def test_wrk_sends_the_bytes_of_the_other_clients(self):
        self.assertEqual(len(clients.body()), 606)
        self.assertIn("Backup of db-7", clients.message())


class Page(unittest.TestCase):
    def data(self):
        found = {**instructions(20000), "contenders": {"rows": [
            {"client": client, "tls": False, "in_flight": 64, "cpu_us": {"median": cost, "low": cost, "high": cost + 1}}
            for client, cost in (("tidings", 10.0), ("node_sdk", 900.0))]}}
        return {"sections": found, "skipped": {}, "targets": targets.judge_all(found), "machine": {}}

    def test_blocks_and_values_are_renewed_and_the_prose_stays(self):
        text = "Prose.\n<!-- performance: instructions -->\nold\n<!-- end -->\nIt takes <!-- value: instructions_tls -->1<!-- end -->.\n"
        renewed = page.renew(text, self.data())
        self.assertNotIn("old", renewed)
        self.assertIn("| tidings | 20,000 | 20,000 |", renewed)
        self.assertIn("It takes <!-- value: instructions_tls -->20,000<!-- end -->.", renewed)
        self.assertEqual(page.renew(renewed, self.data()), renewed)

    def test_a_section_that_is_missing_says_so(self):
        self.assertIn("Not measured.", page.renew("<!-- performance: growth -->\n<!-- end -->", self.data()))

    def test_a_value_that_nothing_measures_is_refused(self):
        with self.assertRaises(LookupError):
            page.renew("<!-- value: nonsense -->1<!-- end -->", self.data())

    def test_the_plot_is_well_formed_and_names_every_contender(self):
        drawn = plot.draw(self.data()["sections"])
        xml.dom.minidom.parseString(drawn)
        self.assertIn("official Node SDK", drawn)
        self.assertIn("prefers-color-scheme: dark", drawn)


unittest.main()

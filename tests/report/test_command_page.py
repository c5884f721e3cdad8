"""`myriad report`, and that run and compare write the page by themselves: usage test_command_page.py MYRIAD SOURCE_FOLDER"""

import os
import unittest

import pages


SWEEP = """myriad: 1
kind: sweep
title: Two totals
scenario:
  cluster: ppu-8
  fidelity: {network: analytic}
  workload:
    collective: {op: all_reduce, sizes: [256 MiB]}
axes:
  - {name: total, path: cluster.server.link_total, values: [350 GB/s, 700 GB/s]}
columns: [busbw, time]
"""


class Command(unittest.TestCase):
    def test_run_writes_what_the_command_makes_anew(self):
        folder = pages.run("quickstart.yaml", "run", "--network", "analytic")
        with open(f"{folder}/report.html", "rb") as file:
            first = file.read()
        os.remove(f"{folder}/report.html")
        pages.myriad("report", folder)
        with open(f"{folder}/report.html", "rb") as file:
            self.assertEqual(file.read(), first)

    def test_sweep_writes_what_the_command_makes_anew(self):
        with open(f"{pages.FOLDER}/two.yaml", "w", encoding="utf-8") as file:
            file.write(SWEEP)
        pages.myriad("sweep", "two.yaml", "--out", "two")
        with open(f"{pages.FOLDER}/two/report.html", "rb") as file:
            first = file.read()
        os.remove(f"{pages.FOLDER}/two/report.html")
        pages.myriad("report", "two")
        with open(f"{pages.FOLDER}/two/report.html", "rb") as file:
            self.assertEqual(file.read(), first)
        # The page's commands for a point run it.
        scenario = pages.myriad("point", "two", "1", "--scenario").stdout
        with open(f"{pages.FOLDER}/point_1.yaml", "w", encoding="utf-8") as file:
            file.write(scenario)
        pages.myriad("run", "point_1.yaml", "--out", "point_1")
        alone = pages.read(f"{pages.FOLDER}/point_1", "result.json")["collectives"][0]["time_ps"]
        self.assertEqual(alone, pages.read(f"{pages.FOLDER}/two", "sweep.json")["points"][1]["values"]["time"])

    def test_a_result_with_a_page_made_anew_can_be_replaced(self):
        folder = pages.run("quickstart.yaml", "again", "--network", "analytic")
        pages.myriad("report", folder)
        self.assertIn("report.html", pages.read(folder, "manifest.json")["files"])
        pages.run("quickstart.yaml", "again", "--network", "analytic")

    def test_a_page_of_an_older_result_is_added_to_its_files(self):
        folder = pages.run("quickstart.yaml", "older", "--network", "analytic")
        manifest = pages.read(folder, "manifest.json")
        manifest["files"].remove("report.html")
        os.remove(f"{folder}/report.html")
        pages.put("older", "manifest.json", manifest)
        pages.myriad("report", folder)
        self.assertIn("report.html", pages.read(folder, "manifest.json")["files"])

    def test_out_leaves_the_folder_alone(self):
        folder = pages.run("quickstart.yaml", "alone", "--network", "analytic")
        before = sorted(os.listdir(folder))
        pages.myriad("report", folder, "--out", "elsewhere.html")
        self.assertEqual(sorted(os.listdir(folder)), before)
        with open(f"{pages.FOLDER}/elsewhere.html", "rb") as a, open(f"{folder}/report.html", "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_nothing_of_this_machine_is_in_the_page(self):
        folder = pages.run("quickstart.yaml", "clean", "--network", "analytic")
        with open(f"{folder}/report.html", encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn(pages.FOLDER, text)
        self.assertNotIn(pages.SOURCE, text)

    def test_no_result_is_the_users_error(self):
        os.makedirs(f"{pages.FOLDER}/nothing", exist_ok=True)
        done = pages.myriad("report", "nothing", status=2)
        self.assertIn("holds no result: expected result.json, sweep.json or comparison.json", done.stderr)
        self.assertEqual(os.listdir(f"{pages.FOLDER}/nothing"), [])
        pages.put("nothing", "result.json", {"schema": "myriad-result/9"})
        done = pages.myriad("report", "nothing", status=2)
        self.assertIn('nothing/result.json:1:1: error: the schema is "myriad-result/9"', done.stderr)


if __name__ == "__main__":
    pages.main()

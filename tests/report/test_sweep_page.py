"""The page of a sweep: usage test_sweep_page.py MYRIAD SOURCE_FOLDER"""

import csv
import io
import json

import pages
import sweep_fixture

CHART = "document.querySelector('#lines figure.chart').report_chart"


class SweepPage(pages.PageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sweep = sweep_fixture.sweep()
        cls.folder = pages.put("sweep", "sweep.json", cls.sweep)
        cls.path = pages.report(cls.folder)

    def points(self, **wanted):
        """That ran, where each axis has the label."""
        axes = {axis["name"]: (i, axis["values"]) for i, axis in enumerate(self.sweep["axes"])}
        return [
            point
            for point in self.sweep["points"]
            if point["status"] == "ok"
            and all(axes[name][1][point["choice"][axes[name][0]]] == label for name, label in wanted.items())
        ]

    def test_renders_clean_at_every_width_and_in_both_colours(self):
        for width, dark in ((390, False), (820, True), (1400, False)):
            page = self.open(self.path, width=width, dark=dark)
            self.assert_clean(page)
        self.assert_accessible(page)

    def test_ranks_as_the_analysis_does(self):
        page = self.open(self.path)
        ranked = [design for design in self.sweep["analysis"]["ranking"]["designs"] if design["score"] is not None]
        first = page.evaluate("[...document.querySelector('#ranking tbody tr').cells].map(cell => cell.textContent)")
        best = ranked[0]
        labels = [self.sweep["axes"][axis]["values"][best["choice"][axis]] for axis in (1, 2)]
        self.assertEqual(first[:3], ["1", *labels])
        self.assertEqual(first[3:6], [f"{gain:.2f}×" for gain in best["gains"]])
        self.assertEqual(first[6], f"{best['score']:.2f}×")
        self.assertIn(f"{len(ranked)} designs ranked", page.evaluate("document.querySelector('#ranking').textContent"))
        self.assertIn(
            self.sweep["analysis"]["headline"], page.evaluate("document.querySelector('.headline').textContent")
        )

    def test_the_answer_stands_on_the_first_screen(self):
        page = self.open(self.path, width=1400, height=900)
        for selector in (".headline", ".verdict li", "#ranking tbody tr:nth-child(5)", "#ranking canvas"):
            bottom = page.evaluate(f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().bottom")
            self.assertLess(bottom, 900, selector)

    def test_the_main_picture_is_the_mean_gain(self):
        page = self.open(self.path)
        lines = dict(
            page.evaluate(
                "document.querySelector('#ranking figure.chart').report_chart.options.series.map(line => [line.name, line.points.map(point => [point.x, point.y])])"
            )
        )
        numbers, names = self.sweep["axes"][1]["numbers"], self.sweep["axes"][2]["values"]
        for wiring, line in lines.items():
            expected = [
                [numbers[design["choice"][1]], design["score"]]
                for design in self.sweep["analysis"]["ranking"]["designs"]
                if design["score"] is not None and names[design["choice"][2]] == wiring
            ]
            self.assertEqual(line, sorted(expected), wiring)

    def test_a_filter_changes_the_lines(self):
        page = self.open(self.path)
        page.choose("#lines .controls label:nth-child(1) select", "step_time")
        series = f"{CHART}.options.series.map(line => [line.name, line.points.length])"
        before = dict(page.evaluate(series))
        self.assertEqual(set(before), {"16 hypercube", "8 mesh", "16 ring", "16 K4xK4", "16 mesh"})
        self.assertEqual(before["16 ring"], 7)
        self.assertEqual(before["16 mesh"], 5)  # two of seven failed
        page.click("input[data-axis=wiring][data-value='16 ring']")
        page.click("input[data-axis=total][data-value='350 GB/s']")
        after = dict(page.evaluate(series))
        self.assertNotIn("16 ring", after)
        self.assertEqual(after["16 hypercube"], 6)
        self.assertIn(
            "72 of 105 points shown", page.evaluate("document.querySelector('#filter').textContent")
        )  # 3 x 6 x 4
        page.click("[aria-label='None of workload']")
        self.assertIn(
            "No point that the filter lets through", page.evaluate("document.querySelector('#lines').textContent")
        )
        page.click("[aria-label='All of workload']")
        self.assertEqual(dict(page.evaluate(series)), after)
        self.assert_clean(page)

    def test_lines_are_the_figures_of_the_sweep(self):
        page = self.open(self.path)
        page.choose("#lines .controls label:nth-child(1) select", "step_time")
        line = page.evaluate(
            f"{CHART}.options.series.find(line => line.name === '8 mesh').points.map(point => [point.x, point.y])"
        )
        expected = [
            [self.sweep["axes"][1]["numbers"][point["choice"][1]], point["values"]["step_time"]]
            for point in self.points(workload="Qwen3-32B training", wiring="8 mesh")
        ]
        self.assertEqual(line, sorted(expected))
        page.choose("#lines .controls label:nth-child(1) select", "busbw")
        self.assertEqual(
            page.evaluate("document.querySelectorAll('#lines figure').length"), 2
        )  # a panel a load that has it

    def test_heat_map_shows_the_best_over_other_axes(self):
        page = self.open(self.path)
        for place, value in enumerate(("busbw", "total", "wiring"), 1):
            page.choose(f"#heat .controls label:nth-child({place}) select", value)
        cells = page.evaluate(
            "[...document.querySelectorAll('#heat tbody tr')].map(row => [...row.cells].slice(1).map(cell => cell.dataset.value ? Number(cell.dataset.value) : null))"
        )
        for row, total in enumerate(self.sweep["axes"][1]["values"]):
            for column, wiring in enumerate(self.sweep["axes"][2]["values"]):
                values = [
                    point["values"]["busbw"]
                    for point in self.points(total=total, wiring=wiring)
                    if "busbw" in point["values"]
                ]
                self.assertEqual(cells[row][column], max(values) if values else None)  # higher is better
        self.assertEqual(page.evaluate("document.querySelectorAll('#heat td.best').length"), 1)

    def test_front_holds_what_no_other_beats(self):
        page = self.open(self.path)
        page.choose("#pareto .controls label:nth-child(1) select", "step_time")
        page.choose("#pareto .controls label:nth-child(2) select", "cost")
        shown = page.evaluate(
            "[...document.querySelectorAll('#pareto tbody tr')].map(row => Number(row.cells[0].textContent))"
        )
        both = [
            (point["values"]["step_time"], point["values"]["cost"], point["point"])
            for point in self.points()
            if "cost" in point["values"]
        ]
        front = [number for x, y, number in both if not any(a <= x and b <= y and (a, b) != (x, y) for a, b, _ in both)]
        self.assertEqual(sorted(shown), sorted(front))

    def test_effects_and_knees_are_told(self):
        page = self.open(self.path)
        self.assertIn("82.0", page.evaluate("document.querySelector('#effects tbody tr').textContent"))
        self.assertIn("stops gaining at 1050 GB/s", page.evaluate("document.querySelector('#knees').textContent"))

    def test_failed_points_have_their_reason(self):
        page = self.open(self.path)
        failed = [point["point"] for point in self.sweep["points"] if point["status"] != "ok"]
        text = page.evaluate("document.querySelector('#failed').textContent")
        self.assertIn(f"{len(failed)} of 105 points gave no result", text)
        self.assertIn("a full mesh of 16 cards takes 15 links a card", text)
        self.assertIn(", ".join(map(str, failed)), text)

    def test_points_copy_as_csv(self):
        page = self.open(self.path)
        text = self.copied(page, "#points .table > .tools button:last-child")
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(len(rows), 105)
        for row, point in zip(rows, self.sweep["points"]):
            self.assertEqual(int(row["point"]), point["point"])
            self.assertEqual(
                [row[axis["name"]] for axis in self.sweep["axes"]],
                [axis["values"][at] for axis, at in zip(self.sweep["axes"], point["choice"])],
            )
            for name, column in (("step_time", "step_time_ps"), ("busbw", "busbw_B_per_s")):
                value = point["values"].get(name)
                self.assertEqual(float(row[column]) if row[column] else None, value)

    def test_hover_tells_a_figure_with_its_unit(self):
        page = self.open(self.path)
        for part in ("heat", "lines"):
            page.choose(f"#{part} .controls label:nth-child(1) select", "step_time")
        page.hover("#heat td.heat")
        self.assertRegex(page.evaluate("document.getElementById('tip').innerText"), r"^\d+\.\d+ s\n")
        page.evaluate("document.querySelector('#lines canvas').scrollIntoView({block: 'center'})")
        page.settle()
        x, y = page.evaluate(
            f"(() => {{ const chart = {CHART}.chart, point = chart.getDatasetMeta(0).data[2], box = chart.canvas.getBoundingClientRect(); return [box.x + point.x, box.y + point.y]; }})()"
        )
        page.move(x, y)
        page.settle()
        tip = page.evaluate("document.getElementById('tip').innerText")
        self.assertIn("total: 700 GB/s", tip)
        self.assertRegex(tip, r"16 hypercube: \d+\.\d+ s")

    def test_points_left_by_halving_are_pale_and_can_be_filtered(self):
        halved = json.loads(json.dumps(self.sweep))
        halved["stages"] = ["rough", "fine"]
        for point in halved["points"]:
            point["stage"] = point["point"] % 2
        page = self.open(pages.report(pages.put("halved", "sweep.json", halved)))
        self.assert_clean(page)
        page.choose("#lines .controls label:nth-child(1) select", "step_time")
        by_x = {}
        for point in halved["points"]:
            labels = [axis["values"][at] for axis, at in zip(halved["axes"], point["choice"])]
            if labels[0] == "Qwen3-32B training" and labels[2] == "16 ring" and point["status"] == "ok":
                by_x[halved["axes"][1]["numbers"][point["choice"][1]]] = point["stage"] == 0
        line = page.evaluate(
            f"{CHART}.options.series.find(line => line.name === '16 ring').points.map(point => [point.x, point.pale])"
        )
        self.assertEqual(line, [[x, by_x[x]] for x in sorted(by_x)])
        page.click("input[data-axis=stage][data-value=rough]")
        fine = sum(point["stage"] for point in halved["points"])
        self.assertIn(f"{fine} of 105 points shown", page.evaluate("document.querySelector('#filter').textContent"))
        stages = page.evaluate("[...document.querySelectorAll('#points tbody tr')].map(row => row.cells[1].textContent)")
        self.assertEqual(set(stages), {"fine"})

    def test_uncertainty_stands_beside_the_ranking(self):
        moved = json.loads(json.dumps(self.sweep))
        ranked = [design for design in moved["analysis"]["ranking"]["designs"] if design["score"] is not None]
        moved["uncertainty"] = {
            "samples": 8,
            "judged": 8,
            "assumptions": 3,
            "reference": moved["analysis"]["ranking"]["reference"],
            "runs": 840,
            "failures": [{"reason": "does not fit", "runs": 2}],
            "designs": [
                {"name": one["name"], "best": 5 - i, "ranked": 8, "p5": one["score"] - 0.2, "p50": one["score"], "p95": one["score"] + 0.25}
                for i, one in enumerate(ranked[:3])
            ],
            "points": [
                {"point": 1, "metric": "step_time", "nominal": 8e12, "p5": 7e12, "p50": 8e12, "p95": 1e13, "ran": 8}
            ],
        }
        page = self.open(pages.report(pages.put("moved", "sweep.json", moved)))
        self.assert_clean(page)
        self.assert_accessible(page)
        row = page.evaluate("document.querySelector('#ranking tbody tr').textContent")
        self.assertIn(f"{ranked[0]['score'] - 0.2:.2f}× to {ranked[0]['score'] + 0.25:.2f}×", row)
        self.assertIn("5 of 8", row)
        self.assertIn("stays best in 5 of 8 samples", page.evaluate("document.querySelector('.verdict').textContent"))
        text = page.evaluate("document.querySelector('#uncertainty').textContent")
        for words in ("−12.5 % to +25.0 %", "2 runs: does not fit", "10 s"):
            self.assertIn(words, text)

    def test_a_point_tells_how_to_run_it_again(self):
        page = self.open(self.path)
        number = self.sweep["points"][3]["point"]
        text = self.copied(page, f"#points [aria-label='Commands of point {number}']")
        wanted = f"myriad point results/icn_bandwidth {number} --scenario > point_{number}.yaml && myriad run point_{number}.yaml"
        self.assertEqual(text, wanted)
        self.assertIn(wanted, page.evaluate("document.querySelector('#points .again').textContent"))

    def test_paper_shows_all_rows(self):
        page = self.open(self.path)
        rows = "document.querySelectorAll('#points tbody tr').length"
        self.assertEqual(page.evaluate(rows), 25)
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(page.evaluate(rows), 105)
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        self.assertEqual(page.evaluate(rows), 25)

    def test_words_of_others_stay_words(self):
        hostile = json.loads(json.dumps(self.sweep))
        hostile["title"] = "</script><script>window.broken = 1</script><!--"
        hostile["axes"][2]["values"][0] = "<img src=x onerror='window.broken = 2'>"
        hostile["analysis"]["verdict"] = ["<b>bold</b>"]
        page = self.open(pages.report(pages.put("hostile", "sweep.json", hostile)))
        self.assert_clean(page)
        self.assertIsNone(page.evaluate("window.broken || null"))
        self.assertEqual(page.evaluate("document.querySelector('h1').textContent"), hostile["title"])
        self.assertEqual(page.evaluate("document.querySelectorAll('main img, main b').length"), 0)

    def test_a_sweep_where_nothing_ran_has_a_page(self):
        empty = json.loads(json.dumps(self.sweep))
        for point in empty["points"]:
            point.update(status="user_error", reason="does not fit", values={})
        empty["metrics"] = []
        empty["analysis"] = {
            "headline": "no point ran",
            "verdict": [],
            "ranking": None,
            "fronts": [],
            "effects": [],
            "knees": [],
            "warnings": [],
        }
        page = self.open(pages.report(pages.put("empty", "sweep.json", empty)))
        self.assert_clean(page)
        self.assertIn(
            "105 of 105 points gave no result", page.evaluate("document.querySelector('#failed').textContent")
        )


if __name__ == "__main__":
    pages.main()

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
        self.assertEqual(first[4], f"{best['gains'][0]:.2f}×")
        self.assertIn(f"{len(ranked)} designs ranked", page.evaluate("document.querySelector('#ranking').textContent"))
        self.assertIn(
            self.sweep["analysis"]["headline"], page.evaluate("document.querySelector('.headline').textContent")
        )

    def test_a_filter_changes_the_lines(self):
        page = self.open(self.path)
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
        page.choose("#heat .controls label:nth-child(1) select", "busbw")
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

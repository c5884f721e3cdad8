"""The page of a comparison: usage test_comparison_page.py MYRIAD SOURCE_FOLDER"""

import csv
import io

import fixtures
import pages


class ComparisonPage(pages.PageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = pages.report(pages.put("comparison", "comparison.json", fixtures.comparison()))
        scenarios = [f"{pages.SOURCE}/scenarios/{name}.yaml" for name in ("quickstart", "qwen3_32b_h20")]
        pages.myriad("compare", *scenarios, "--set", "fidelity.network=analytic", "--out", "real")
        cls.real = f"{pages.FOLDER}/real"

    def test_renders_clean(self):
        for path in (self.made, f"{self.real}/report.html"):
            for width, dark in ((390, True), (1400, False)):
                page = self.open(path, width=width, dark=dark)
                self.assert_clean(page)
            self.assert_accessible(page)

    def test_causes_add_up_to_the_difference(self):
        comparison = pages.read(self.real, "comparison.json")
        page = self.open(f"{self.real}/report.html")
        total = comparison["total"]["difference"][1]
        self.assertAlmostEqual(sum(cause["difference"][1] for cause in comparison["causes"]), total, delta=10)
        shown = page.evaluate(
            "[...document.querySelectorAll('#causes .bar-row:not(.ends) .sum')].map(node => node.textContent)"
        )
        self.assertEqual(shown[-1], f"{'−' if total < 0 else '+'}{abs(total) / 1e9:.4g} ms")
        self.assertEqual(page.evaluate("document.querySelector('.headline').textContent"), comparison["headline"])

    def test_links_over_time_stand_side_by_side_to_one_scale(self):
        pages.myriad("compare", *[f"{pages.SOURCE}/scenarios/{name}.yaml" for name in ("ring_1024", "ring_1024_hpn")], "--set", "fidelity.network=flow", "--out", "rings")
        page = self.open(f"{pages.FOLDER}/rings/report.html")
        self.assert_clean(page)
        charts = page.evaluate(
            "[...document.querySelectorAll('#links-time figure.chart')].map(figure => { const {title, x, series} = figure.report_chart.options; return [title, x.max, series.map(line => [line.name, line.points.map(point => point.y)])]; })"
        )
        activities = [pages.read(f"{pages.FOLDER}/rings", f"activity_{run}.json") for run in (1, 2)]
        self.assertEqual([chart[0] for chart in charts], ["ring_1024", "ring_1024_hpn"])
        for (_, longest, lines), activity in zip(charts, activities):
            self.assertEqual(longest, max(one["elapsed_ps"] for one in activities))
            known = {one["name"]: one["mean"] for one in activity["links_over_time"]["classes"] if max(one["most"]) > 0}
            self.assertEqual(dict(lines), known)

    def test_a_page_made_anew_has_the_same_bytes(self):
        with open(f"{self.real}/report.html", "rb") as file:
            first = file.read()
        with open(pages.report(self.real), "rb") as file:
            self.assertEqual(file.read(), first)

    def test_operators_differ_to_both_sides(self):
        comparison = pages.read(self.real, "comparison.json")
        changes = {row["name"]: row["values"][1] - row["values"][0] for row in comparison["operators"]}
        page = self.open(f"{self.real}/report.html")
        shown = page.evaluate(
            "[...document.querySelectorAll('#operators .bar-row:not(.ends)')].map(row => [row.querySelector('.name').textContent, row.querySelector('.piece').classList.contains('less')])"
        )
        self.assertEqual(len(shown), min(10, sum(change != 0 for change in changes.values())))
        for name, less in shown:
            self.assertEqual(less, changes[name] < 0, name)

    def test_time_of_each_run_adds_up(self):
        page = self.open(f"{self.real}/report.html")
        comparison = pages.read(self.real, "comparison.json")
        longest = max(comparison["total"]["values"])
        widths = page.evaluate(
            "[...document.querySelectorAll('#time .stack')].map(stack => [...stack.children].reduce((sum, piece) => sum + parseFloat(piece.style.flexBasis), 0))"
        )
        for width, total in zip(widths, comparison["total"]["values"]):
            self.assertAlmostEqual(width, total / longest * 100, delta=0.01)

    def test_figures_have_units(self):
        page = self.open(f"{self.real}/report.html")
        text = page.evaluate("document.querySelector('#figures').textContent")
        self.assertRegex(text, r"memory61\.08 GiB")
        self.assertRegex(text, r"mfu7\d\.\d %")

    def test_inputs_that_differ_are_listed(self):
        comparison = pages.read(self.real, "comparison.json")
        text = self.copied(self.open(f"{self.real}/report.html"), "#inputs .tools button:last-child")
        rows = list(csv.reader(io.StringIO(text)))  # a value may have several lines
        self.assertEqual([row[0] for row in rows[1:]], [one["path"] for one in comparison["inputs"]])


if __name__ == "__main__":
    pages.main()

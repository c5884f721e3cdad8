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

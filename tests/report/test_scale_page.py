"""Large results stay small and readable pages: usage test_scale_page.py MYRIAD SOURCE_FOLDER"""

import os
import time

import fixtures
import pages
import sweep_fixture

SECONDS_MOST = 20  # to load and draw, on a machine that does other things too; measured: below two


class ScalePage(pages.PageTest):
    def assert_small(self, path):
        self.assertLess(os.path.getsize(path), pages.BYTES_MOST)

    def timed_open(self, path, **options):
        begin = time.monotonic()
        page = self.open(path, **options)
        self.assertLess(time.monotonic() - begin, SECONDS_MOST)
        return page

    def test_a_thousand_points_of_forty_metrics(self):
        sweep = sweep_fixture.sweep(1000, 40)
        self.assertEqual((len(sweep["points"]), len(sweep["metrics"])), (1000, 40))
        path = pages.report(pages.put("large", "sweep.json", sweep))
        self.assert_small(path)
        page = self.timed_open(path, width=1400)
        self.assert_clean(page)
        self.assertIn("1,000 of 1,000 points shown", page.evaluate("document.querySelector('#filter').textContent"))
        begin = time.monotonic()
        page.click("input[data-axis=wiring][data-value='16 ring']")
        self.assertLess(time.monotonic() - begin, SECONDS_MOST)
        self.assertIn("800 of 1,000 points shown", page.evaluate("document.querySelector('#filter').textContent"))
        # Every figure of every point can be taken along.
        lines = self.copied(page, "#points .table > .tools button:last-child").splitlines()
        self.assertEqual(len(lines), 801)

    def test_sixteen_thousand_cards(self):
        folder = pages.run("quickstart.yaml", "cards", "--network", "analytic")
        activity = fixtures.activity(16, 1024)
        pages.put("cards", "activity.json", activity)
        path = pages.report(folder)
        self.assert_small(path)
        page = self.timed_open(path, width=1400, dark=True)
        self.assert_clean(page)
        self.assert_accessible(page)
        cells = page.evaluate(
            "[...document.querySelectorAll('#load svg.cells')].map(grid => grid.querySelectorAll('.cell').length)"
        )
        self.assertEqual(cells, [len(tier["cells"]) for tier in activity["topology"]["tiers"]])
        self.assertEqual(cells[0], 1024)
        # The first grid names its busiest cell; arrows and End go to others.
        tier = activity["topology"]["tiers"][0]["cells"]
        readout = "document.querySelector('#load .readout').textContent"
        self.assertTrue(page.evaluate(readout).startswith(max(tier, key=lambda cell: cell["most"])["name"] + ";"))
        page.evaluate("document.querySelector('#load svg.cells').focus()")
        page.press("Home")
        self.assertTrue(page.evaluate(readout).startswith("server 0;"))
        page.press("ArrowRight")
        self.assertTrue(page.evaluate(readout).startswith("server 1;"))
        page.press("ArrowDown")
        self.assertTrue(page.evaluate(readout).startswith("server 33;"))  # 32 a row
        self.assertIn(f"mean {tier[33]['mean'] * 100:.1f} %", page.evaluate(readout))
        # Cells can be told apart: at least 8 pixels wide.
        self.assertGreaterEqual(
            page.evaluate("document.querySelector('#load svg.cells .cell').getBoundingClientRect().width"), 8
        )

    def test_heat_follows_load(self):
        folder = pages.run("quickstart.yaml", "heat", "--network", "analytic")
        pages.put("heat", "activity.json", fixtures.activity(16, 1024))
        page = self.open(pages.report(folder))
        cells = page.evaluate(
            "[...document.querySelectorAll('#load svg.cells')[2].querySelectorAll('.cell')].map(cell => [Number(cell.dataset.load), getComputedStyle(cell).fill])"
        )
        red = lambda fill: int(fill.split("(")[1].split(",")[1])  # green falls from idle to busy, in light colours
        cells.sort()
        greens = [red(fill) for _, fill in cells]
        self.assertGreater(greens[0], greens[-1])
        for a, b in zip(greens, greens[1:]):
            self.assertGreaterEqual(a + 1, b)
        page.choose("#load .controls label:nth-of-type(1) select", "mean")
        self.assertLess(
            page.evaluate(
                "Math.max(...[...document.querySelectorAll('#load svg.cells')[2].querySelectorAll('.cell')].map(cell => Number(cell.dataset.load)))"
            ),
            cells[-1][0],
        )

    def test_a_real_run_of_16384_cards(self):
        folder = pages.run("all_reduce_16384.yaml", "giant", "--network", "analytic")
        self.assert_small(f"{folder}/report.html")
        page = self.timed_open(f"{folder}/report.html")
        self.assert_clean(page)
        self.assertIn("among 16,384 cards", page.evaluate("document.querySelector('.headline').textContent"))


if __name__ == "__main__":
    pages.main()

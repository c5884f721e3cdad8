"""The page of a run: usage test_run_page.py MYRIAD SOURCE_FOLDER"""

import csv
import io
import os

import fixtures
import pages

TIME_TABLE = "#time table"


class RunPage(pages.PageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = pages.run("quickstart.yaml", "run")
        pages.put("run", "activity.json", fixtures.activity(16, 1))
        cls.path = pages.report(cls.folder)
        cls.result = pages.read(cls.folder, "result.json")

    def test_renders_clean_at_every_width_and_in_both_colours(self):
        for width in (390, 820, 1400):
            for dark in (False, True):
                with self.subTest(width=width, dark=dark):
                    page = self.open(self.path, width=width, dark=dark)
                    self.assert_clean(page)
        self.assert_accessible(page)

    def test_says_the_verdict_from_the_result(self):
        page = self.open(self.path)
        step = self.result["training"]
        share = step["time_per_card"]["compute"]["mean_ps"] / step["step_time_ps"]
        headline = page.evaluate("document.querySelector('.headline').textContent")
        self.assertIn(f"{share * 100:.1f} % computing", headline)
        self.assertIn(f"{step['step_time_ps'] / 1e12:.2f} s", headline)
        verdict = page.evaluate("document.querySelector('.verdict').textContent")
        self.assertIn(f"{len(self.result['laws'])} laws of the simulation were checked and held", verdict)
        self.assertIn("could save most", verdict)

    def test_parts_of_the_time_add_up(self):
        page = self.open(self.path)
        widths = page.evaluate(
            "[...document.querySelectorAll('#time .piece')].map(piece => parseFloat(piece.style.flexBasis))"
        )
        self.assertAlmostEqual(sum(widths), 100, delta=0.01)
        kinds = page.evaluate("[...document.querySelectorAll('#time .piece')].map(piece => piece.dataset.kind)")
        shown = {kind for kind, spread in self.result["training"]["time_per_card"].items() if spread["mean_ps"] > 0}
        self.assertEqual(set(kinds), shown)

    def test_states_what_it_rests_on(self):
        page = self.open(self.path)
        assumed = page.evaluate("document.querySelector('#assumed').textContent")
        self.assertIn(f"{len(self.result['assumed'])} values of the input are assumed", assumed)
        trust = page.evaluate("document.querySelector('#trust').textContent")
        for line in self.result["not_modelled"]:
            self.assertIn(line, trust)

    def test_sorts_by_click_and_by_key(self):
        page = self.open(self.path)
        cells = f"[...document.querySelectorAll('{TIME_TABLE} tbody tr')].map(row => row.cells[0].textContent)"
        means = {
            kind: spread["mean_ps"]
            for kind, spread in self.result["training"]["time_per_card"].items()
            if spread["max_ps"] > 0
        }
        names = lambda order: [
            kind if kind in ("compute", "optimizer", "bubble") else f"exposed: {kind}" for kind in order
        ]
        page.click(f"{TIME_TABLE} th:nth-child(2) button")
        self.assertEqual(
            page.evaluate(f"document.querySelector('{TIME_TABLE} th:nth-child(2)').ariaSort"), "descending"
        )
        self.assertEqual(page.evaluate(cells), names(sorted(means, key=means.get, reverse=True)))
        page.evaluate(f"document.querySelector('{TIME_TABLE} th:nth-child(2) button').focus()")
        page.press("Enter")
        page.settle()
        self.assertEqual(page.evaluate(f"document.querySelector('{TIME_TABLE} th:nth-child(2)').ariaSort"), "ascending")
        self.assertEqual(page.evaluate(cells), names(sorted(means, key=means.get)))
        self.assertIn("ascending", page.evaluate("document.getElementById('status').textContent"))
        page.click(f"{TIME_TABLE} th:nth-child(1) button")
        self.assertEqual(page.evaluate(cells), sorted(names(means)))
        self.assertIsNone(page.evaluate(f"document.querySelector('{TIME_TABLE} th:nth-child(2)').ariaSort"))

    def test_copies_every_row_as_csv_with_raw_figures(self):
        page = self.open(self.path)
        text = self.copied(page, "#operators .tools button:last-child")
        rows = list(csv.DictReader(io.StringIO(text)))
        operators = self.result["training"]["operators"]
        self.assertEqual([row["operator"] for row in rows], [operator["name"] for operator in operators])
        self.assertEqual(
            [int(row["mean_per_card_ps"]) for row in rows], [operator["mean_per_card_ps"] for operator in operators]
        )
        self.assertIn(f"copied {len(operators)} rows", page.evaluate("document.getElementById('status').textContent"))

    def test_shows_all_rows_when_asked(self):
        page = self.open(self.path)
        count = "document.querySelectorAll('#operators tbody tr').length"
        self.assertEqual(page.evaluate(count), 12)
        page.click("#operators .tools button")
        self.assertEqual(page.evaluate(count), len(self.result["training"]["operators"]))

    def test_changes_colours(self):
        page = self.open(self.path)
        background = "getComputedStyle(document.body).backgroundColor"
        self.assertEqual(page.evaluate(background), "rgb(255, 255, 255)")
        line = "getComputedStyle(document.querySelector('.topology .link')).stroke"
        before = page.evaluate(line)
        page.click("#theme")
        self.assertEqual(page.evaluate(background), "rgb(20, 24, 29)")
        self.assertNotEqual(page.evaluate(line), before)
        self.assertEqual(
            page.evaluate("document.getElementById('theme').getAttribute('aria-label')"), "Use light colours"
        )
        self.assert_clean(page)

    def test_colours_can_be_read(self):
        """WCAG: text 4.5 to 1 against the page; heat rises in lightness alone."""
        names = ["--page", "--ink", "--ink-soft", "--accent", *(f"--heat-{i}" for i in range(5))]
        for dark in (False, True):
            page = self.open(self.path, dark=dark)
            colours = page.evaluate(f"{names}.map(name => Report.colours.css(name))")
            light = [luminance(colour) for colour in colours]
            for name, value in zip(names[1:4], light[1:4]):
                low, high = sorted((value, light[0]))
                self.assertGreater((high + 0.05) / (low + 0.05), 4.5, f"{name} dark={dark}")
            heat = light[4:]
            self.assertEqual(heat, sorted(heat, reverse=not dark))

    def test_keyboard_reaches_everything_in_order(self):
        page = self.open(self.path)
        where = "(document.activeElement.className || document.activeElement.tagName) + ' ' + document.activeElement.textContent.trim()"
        page.press("Tab")
        self.assertIn("Skip to the result", page.evaluate(where))
        self.assertGreaterEqual(page.evaluate("document.activeElement.getBoundingClientRect().x"), 0)  # comes into view
        page.press("Enter")
        page.settle()
        self.assertEqual(page.evaluate("document.activeElement.id"), "main")
        page.press("Tab")
        self.assertTrue(page.evaluate("document.querySelector('main').contains(document.activeElement)"))
        # From the top: no focus jumps back, every stop shows where it is.
        page.evaluate("document.activeElement.blur(); document.querySelector('.skip').focus()")
        order, last = [], -1
        for _ in range(40):
            page.press("Tab")
            place = page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
            self.assertGreater(place, last)
            self.assertNotEqual(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none")
            order.append(page.evaluate("document.activeElement.tagName"))
            last = place
        self.assertIn("BUTTON", order)

    def test_paper_is_light_and_has_no_controls(self):
        page = self.open(self.path, dark=True)
        seen = "[...document.querySelectorAll('.control, .contents, select, #tip, .skip')].filter(node => getComputedStyle(node).display !== 'none' && !node.closest('.contents, .choice')).length"
        self.assertGreater(page.evaluate(seen), 5)
        page.evaluate(
            "window.seen_on_paper = null; window.addEventListener('beforeprint', () => { window.seen_on_paper = document.documentElement.dataset.theme; })"
        )
        page.pdf(f"{pages.FOLDER}/run.pdf")
        with open(f"{pages.FOLDER}/run.pdf", "rb") as file:
            self.assertEqual(file.read(5), b"%PDF-")
        self.assertEqual(page.evaluate("window.seen_on_paper"), "light")
        page.media("print", True)
        self.assertEqual(page.evaluate(seen), 0)
        page.media("screen", True)
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "dark")

    def test_picture_of_the_topology_tells_links(self):
        page = self.open(self.path)
        activity = pages.read(self.folder, "activity.json")
        self.assertEqual(
            page.evaluate("document.querySelectorAll('#load svg.topology line.link').length"),
            len(activity["topology"]["links"]),
        )
        self.assertEqual(
            page.evaluate("document.querySelectorAll('#load figure > .scroll .node').length"),
            len(activity["topology"]["nodes"]),
        )
        page.evaluate(
            "document.querySelector('#load line.link').dispatchEvent(new PointerEvent('pointermove', {clientX: 300, clientY: 300}))"
        )
        tip = page.evaluate("document.getElementById('tip').innerText")
        self.assertRegex(tip, r"GB/s a direction")
        self.assertRegex(tip, r"there \d+\.\d % busy")
        page.choose("#load .controls label:nth-child(1) select", "pcie")
        self.assertEqual(
            page.evaluate(
                "[...document.querySelectorAll('#load line.link')].filter(line => line.style.display !== 'none').every(line => line.dataset.class === 'pcie')"
            ),
            True,
        )

    def test_timeline_zooms_by_button_key_and_wheel(self):
        page = self.open(self.path)
        span = "(() => { const lines = document.getElementById('timeline').report_timeline; return [lines.from, lines.to]; })()"
        whole = page.evaluate(span)
        self.assertEqual(whole, [0, self.result["training"]["step_time_ps"]])
        page.click("#timeline [aria-label='Zoom in']")
        near = page.evaluate(span)
        self.assertAlmostEqual((near[1] - near[0]) / whole[1], 0.5, delta=0.01)
        page.click("#timeline [aria-label='Show the whole run']")
        page.evaluate("document.querySelector('#timeline canvas').focus()")
        page.press("+")
        page.press("ArrowRight")
        moved = page.evaluate(span)
        self.assertGreater(moved[0], near[0])
        page.press("Home")
        self.assertEqual(page.evaluate(span), whole)
        page.evaluate(
            "document.querySelector('#timeline canvas').dispatchEvent(new WheelEvent('wheel', {deltaY: -100, cancelable: true, clientX: 500, clientY: 60}))"
        )
        self.assertLess(page.evaluate(span)[1] - page.evaluate(span)[0], whole[1])

    def test_timeline_tells_the_slice_under_the_pointer(self):
        page = self.open(self.path)
        page.hover("#timeline canvas", 0.2, 0.12)  # first rank, lane compute
        tip = page.evaluate("document.getElementById('tip').hidden ? '' : document.getElementById('tip').innerText")
        self.assertIn("rank 0", tip)
        self.assertIn("compute", tip)

    def test_timeline_tells_slices_by_keys_as_the_pointer_does(self):
        page = self.open(self.path)
        page.evaluate("document.querySelector('#timeline canvas').focus()")
        page.settle()  # scrolling to it hides what is shown
        tip = "document.getElementById('tip').hidden ? '' : document.getElementById('tip').innerText"
        ranks = pages.read(self.folder, "activity.json")["ranks"]
        lane = next(lane for lane in ranks["rows"][0]["lanes"] if lane["slices"])
        page.press("ArrowDown")
        self.assertIn(ranks["labels"][lane["slices"][0][2]]["name"], page.evaluate(tip))
        page.press(".")
        said = page.evaluate("document.getElementById('status').textContent")
        self.assertIn(ranks["labels"][lane["slices"][1][2]]["name"], said)
        self.assertIn(f"rank {ranks['rows'][0]['rank']}", said)
        page.press("ArrowDown")
        self.assertNotEqual(page.evaluate("document.getElementById('status').textContent"), said)
        page.evaluate("document.querySelector('#timeline canvas').blur()")
        self.assertEqual(page.evaluate(tip), "")

    def test_uncertainty_is_told_with_ranges(self):
        folder = pages.run("quickstart.yaml", "uncertain", "--network", "analytic", "--uncertainty", "6")
        page = self.open(f"{folder}/report.html")
        self.assert_clean(page)
        self.assert_accessible(page)
        known = pages.read(folder, "uncertainty.json")
        step = next(one for one in known["figures"] if one["metric"] == "step_time")
        row = page.evaluate("[...document.querySelector('#uncertainty tbody tr').cells].map(cell => cell.textContent)")
        self.assertEqual(row[0], "step time")
        self.assertEqual([float(cell.split()[0]) for cell in row[1:5]], [float(f"{step[key] / 1e12:.4g}") for key in ("nominal", "p5", "p50", "p95")])
        self.assertEqual(row[7], step["matters"].removeprefix("cluster.") if step["matters"] else "not distinguishable")
        told = page.evaluate("document.querySelector('.verdict').textContent")
        self.assertIn(f"{len(known['assumptions'])} assumptions over their ranges at once, 6 samples", told)
        # A bar reaches as far as its end moves the figure: the longest takes a half of the track.
        longest = page.evaluate(
            "Math.max(...[...document.querySelectorAll('.tornado .piece')].map(piece => parseFloat(piece.style.width)))"
        )
        self.assertAlmostEqual(longest, 50, delta=0.01)

    def test_says_so_where_activity_is_absent(self):
        folder = pages.run("all_reduce_server.yaml", "bare", "--network", "analytic")
        if os.path.exists(os.path.join(folder, "activity.json")):
            os.remove(os.path.join(folder, "activity.json"))
        page = self.open(pages.report(folder))
        self.assert_clean(page)
        self.assertIn(
            "activity.json is not among the files", page.evaluate("document.getElementById('load').textContent")
        )

    def test_every_workload_has_a_page(self):
        for scenario, words in (
            ("permutation_1024.yaml", "flows of permutation"),
            ("live_peer_copy.yaml", "Together the parts take"),
            ("training_like_1024.yaml", "An iteration takes"),
            ("inference/qwen3_235b_decode_ppu16.yaml", "(TPOT)"),
            ("inference/qwen3_32b_prefill_h20.yaml", "(TTFT)"),
            ("all_reduce_server.yaml", "bus bandwidth"),
        ):
            options = [] if scenario.startswith("live") else ["--network", "analytic"]
            with self.subTest(scenario=scenario):
                folder = pages.run(scenario, scenario.replace("/", "_"), *options)
                page = self.open(f"{folder}/report.html")
                self.assert_clean(page)
                self.assert_accessible(page)
                self.assertIn(words, page.evaluate("document.querySelector('.headline').textContent"))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


if __name__ == "__main__":
    pages.main()

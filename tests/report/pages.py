"""What the tests of report.html share: folders to make reports of, one browser, and what every page must keep."""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser  # noqa: E402

PROGRAM, SOURCE = map(os.path.abspath, sys.argv[1:3])
FOLDER = tempfile.mkdtemp(prefix="myriad-report-")
atexit.register(shutil.rmtree, FOLDER, True)
BYTES_MOST = 3_000_000


def myriad(*arguments, status=0):
    done = subprocess.run([PROGRAM, *arguments], cwd=FOLDER, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != status:
        raise AssertionError(f"myriad {' '.join(arguments)} left {done.returncode}: {done.stdout}{done.stderr}")
    return done


def run(scenario, name, *options):
    """A real result, and its folder."""
    myriad("run", os.path.join(SOURCE, "scenarios", scenario), "--out", name, *options)
    return os.path.join(FOLDER, name)


def put(name, file, data):
    folder = os.path.join(FOLDER, name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
        json.dump(data, out)
    return folder


def read(folder, file):
    with open(os.path.join(folder, file), encoding="utf-8") as text:
        return json.load(text)


def report(folder):
    myriad("report", folder)
    return os.path.join(folder, "report.html")


class PageTest(unittest.TestCase):
    """One browser for all tests of a file."""

    @classmethod
    def setUpClass(cls):
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.__exit__)

    def open(self, path, **options):
        page = self.browser.open(f"file://{path}", **options)
        self.addCleanup(page.close)
        page.settle()
        self.assertEqual(page.evaluate("document.documentElement.dataset.ready"), "yes", page.errors)
        return page

    def assert_clean(self, page):
        """No complaint in the console, nothing asked of any network, no sideways scrolling of the page."""
        self.assertEqual(page.errors, [])
        self.assertEqual(page.requests, [])
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), page.evaluate("innerWidth"))

    def assert_accessible(self, page):
        """Names and roles that a screen reader needs; each list holds what lacks one."""
        checks = {
            "pictures without a text": "[...document.querySelectorAll('canvas, svg:not([aria-hidden]):not([aria-hidden] svg)')].filter(node => !node.getAttribute('aria-label'))",
            "buttons without a name": "[...document.querySelectorAll('button')].filter(node => !node.textContent.trim() && !node.getAttribute('aria-label') && !node.hidden)",
            "unlabelled controls": "[...document.querySelectorAll('select, input')].filter(node => !node.closest('label'))",
            "tables without a caption": "[...document.querySelectorAll('table')].filter(node => !node.caption || !node.caption.textContent)",
            "headers without a scope": "[...document.querySelectorAll('th')].filter(node => !node.getAttribute('scope'))",
            "sections without a title": "[...document.querySelectorAll('section')].filter(node => !document.getElementById(node.getAttribute('aria-labelledby')))",
            "ids that stand twice": "[...document.querySelectorAll('[id]')].filter(node => document.querySelectorAll('#' + CSS.escape(node.id)).length > 1)",
        }
        for what, expression in checks.items():
            self.assertEqual(page.evaluate(f"{expression}.map(node => node.outerHTML.slice(0, 120))"), [], what)
        self.assertEqual(page.evaluate("document.querySelectorAll('h1').length"), 1)
        self.assertEqual(page.evaluate("document.documentElement.lang"), "en")

    def copied(self, page, selector):
        self.browser.command("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        page.command("Page.bringToFront")
        page.click(selector)
        return page.evaluate("navigator.clipboard.readText()")


def main():
    if browser.find_chromium() is None:
        sys.exit("chromium is not installed; scripts/bootstrap installs it")
    unittest.main(argv=sys.argv[:1], verbosity=1)

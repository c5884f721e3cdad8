"""Plants mistakes in documents of its own and expects documents.py to find each, and nothing else."""

import os
import stat
import tempfile
import unittest

import documents

# Stands in for the program: prints two lines, or fails as it is told.
PROGRAM = """#!/bin/sh
case "$1" in
    say) printf 'one\\ntwo\\nthree\\n' ;;
    check) grep -q good "$2" && exit 0; echo "$2:1:1: error: bad" >&2; exit 2 ;;
    wrong) echo 'a.yaml:1:1: error: no' >&2; exit 2 ;;
    *) exit 2 ;;
esac
[ "$2" = --help ] && echo '  --loud   says it louder'
exit 0
"""


class PlantedMistakes(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = self.folder.name
        self.start = os.getcwd()
        for entry in ("configs", "scenarios", "docs"):
            os.mkdir(os.path.join(self.root, entry))
        self.program = os.path.join(self.root, "program")
        self.write("program", PROGRAM)
        os.chmod(self.program, stat.S_IRWXU)

    def tearDown(self):
        os.chdir(self.start)
        self.folder.cleanup()

    def write(self, path, text):
        with open(os.path.join(self.root, path), "w", encoding="utf-8") as file:
            file.write(text)

    def commands(self, text):
        self.write("README.md", text)
        return documents.check_commands(self.root, self.program)

    def links(self, text):
        self.write("README.md", text)
        return documents.check_links(self.root)

    def test_a_good_command_is_good(self):
        self.assertEqual(self.commands("```sh\nmyriad say   # comment\n```\n\n```text\none\n...\nthree\n```\n"), [])

    def test_no_command_at_all_is_a_mistake(self):
        self.assertEqual(len(self.commands("```sh\n./scripts/test\n```\n")), 1)

    def test_a_command_that_fails_is_found_with_its_line(self):
        found = self.commands("words\n\n```sh\n./scripts/test\nmyriad nonsense\n```\n")
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("README.md:5: exits with 2"), found)

    def test_output_that_is_not_printed_is_found(self):
        for shown in ("one\nthree\n", "four\n", "two\n...\none\n", "three\ntwo\n"):
            found = self.commands(f"```sh\nmyriad say\n```\n```text\n{shown}```\n")
            self.assertEqual(len(found), 1, shown)

    def test_text_after_other_words_is_not_output(self):
        self.assertEqual(self.commands("```sh\nmyriad say\n```\nFormat:\n```text\nfour\n```\n"), [])

    def test_an_expected_failure_must_happen_and_print_its_message(self):
        self.assertEqual(self.commands("<!-- exits 2 -->\n```sh\nmyriad wrong\n```\n```text\na.yaml:1:1: error: no\n```\n"), [])
        self.assertEqual(len(self.commands("<!-- exits 2 -->\n```sh\nmyriad say\n```\n")), 1)

    def test_what_is_not_run_must_still_exist(self):
        marker = "<!-- not run: takes minutes -->\n"
        self.assertEqual(self.commands(marker + "```sh\nmyriad say --loud\n```\n"), [])
        self.assertEqual(len(self.commands(marker + "```sh\nmyriad say --quiet\n```\n")), 1)
        self.assertEqual(len(self.commands(marker + "```sh\nmyriad say gone.yaml\n```\n")), 1)
        self.assertEqual(len(self.commands(marker + "```sh\nmyriad nonsense\n```\n")), 1)

    def test_a_file_that_is_shown_must_be_good(self):
        run = "```sh\nmyriad say\n```\n"
        self.assertEqual(self.commands(run + "```yaml\nmyriad: 1\ngood: 1\n```\n```yaml\nbad: 1\n```\n"), [])
        found = self.commands(run + "\n```yaml\nmyriad: 1\nbad: 1\n```\n")
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("README.md:6: not a good file"), found)

    def test_links(self):
        self.write("docs/a.md", "# A heading, `code`\n[up](../README.md) [out](https://example.org/x)\n")
        self.assertEqual(self.links("# R\n[a](docs/a.md#a-heading-code) [r](#r)\n```sh\n[no](no.md)\n```\n"), [])
        self.assertEqual(len(self.links("[a](docs/b.md)\n")), 1)
        self.assertEqual(len(self.links("![a](docs/a.svg)\n")), 1)
        self.assertEqual(self.links("\n[a](docs/a.md#gone)\n"), ["README.md:2: docs/a.md has no heading 'gone'"])


if __name__ == "__main__":
    unittest.main()

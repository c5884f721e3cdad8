"""Plants one violation of each rule in a small house of its own and expects floors.py to find it, and only it."""

import os
import tempfile
import unittest

import floors

# A house in which every rule holds, with one file on each floor.
HOUSE = {
    "CMakeLists.txt": "add_subdirectory(sim)\n",
    "sim/CMakeLists.txt": "add_subdirectory(units)\nadd_subdirectory(config)\n",
    "sim/units/CMakeLists.txt": "myriad_library(sim_units SOURCES units.cpp)\n",
    "sim/units/units.h": "#pragma once\n#include <chrono>\n",
    "sim/units/units.cpp": '// Units.\n#include "sim/units/units.h"\n',
    "sim/config/CMakeLists.txt": "myriad_library(sim_config SOURCES reader.cpp)\n",
    "sim/config/reader.cpp": "// Reader.\n#include <yaml-cpp/yaml.h>\n",
    "models/CMakeLists.txt": "myriad_library(models)\nadd_subdirectory(ppu)\n",
    "models/card.h": '#pragma once\n#include "sim/units/units.h"\n',
    "models/ppu/CMakeLists.txt": "myriad_library(models_ppu SOURCES ppu.cpp)\n",
    "models/ppu/ppu.cpp": '// Card.\n#include "models/card.h"\n#include <systemc>\n#include <tlm>\n',
    "interconnect/CMakeLists.txt": "myriad_library(interconnect)\n",
    "interconnect/network.h": '#pragma once\n#include "sim/units/units.h"\n',
    "workloads/CMakeLists.txt": "myriad_library(workloads)\n",
    "workloads/step.h": '#pragma once\n#include "models/card.h"\n#include "interconnect/network.h"\n',
    "app/CMakeLists.txt": "add_executable(myriad main.cpp)\n",
    "app/main.cpp": '// Program.\n#include "workloads/step.h"\n#include <CLI/CLI.hpp>\n',
    "tests/CMakeLists.txt": "add_executable(test_units unit/test_units.cpp)\n",
    "tests/unit/test_units.cpp": '#include "sim/units/units.h"\n',
}


class PlantedViolations(unittest.TestCase):
    def broken(self, changes):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**HOUSE, **changes}.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            return floors.broken_rules(root)

    def expect(self, path, added, line, rule, base=None):
        """Appends `added` to a file of the house: exactly one rule breaks, in that file and line."""
        text = HOUSE.get(path, "") if base is None else base
        found = self.broken({path: text + added})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{path}:{line}: {rule}: "), found[0])

    def test_a_sound_house_breaks_nothing(self):
        self.assertEqual(self.broken({}), [])

    def test_an_empty_root_is_not_taken_for_a_sound_house(self):
        with tempfile.TemporaryDirectory() as root:
            self.assertEqual(len(floors.broken_rules(root)), 1)

    def test_includes_go_down_only(self):
        self.expect("sim/units/units.h", '#include "models/card.h"\n', 3, "floor")
        self.expect("sim/units/units.h", '#  include "interconnect/network.h"\n', 3, "floor")
        self.expect("models/card.h", '#include "workloads/step.h"\n', 3, "floor")
        self.expect("workloads/step.h", '#include "app/main.cpp"\n', 4, "floor")

    def test_models_and_interconnect_stand_side_by_side(self):
        self.expect("models/card.h", '#include "interconnect/network.h"\n', 3, "floor")
        self.expect("interconnect/network.h", '#include "models/card.h"\n', 3, "floor")

    def test_no_floor_includes_tests(self):
        self.expect("app/main.cpp", '#include "tests/unit/test_units.cpp"\n', 4, "floor")

    def test_includes_start_at_the_root(self):
        self.expect("sim/units/units.cpp", '#include "units.h"\n', 3, "include")
        self.expect("sim/units/units.cpp", '#include "../units/units.h"\n', 3, "include")
        self.expect("sim/units/units.cpp", "#include <sim/units/units.h>\n", 3, "include")
        self.expect("tests/unit/test_units.cpp", '#include "no/such/file.h"\n', 2, "include")

    def test_an_include_in_a_comment_is_no_include(self):
        self.assertEqual(self.broken({"sim/units/units.cpp": '// Units.\n// #include "app/main.h"\n'}), [])

    def test_libraries_stay_in_their_folders(self):
        self.expect("sim/units/units.cpp", "#include <yaml-cpp/yaml.h>\n", 3, "library")
        self.expect("models/ppu/ppu.cpp", "#include <yaml-cpp/yaml.h>\n", 5, "library")
        self.expect("sim/units/units.cpp", "#include <systemc>\n", 3, "library")
        self.expect("workloads/step.h", "#include <tlm>\n", 4, "library")
        self.expect("interconnect/network.h", "#include <systemc.h>\n", 3, "library")

    def test_slow_headers_stay_out_of_headers(self):
        self.expect("workloads/step.h", "#include <nlohmann/json.hpp>\n", 4, "library")
        self.expect("workloads/step.h", "#include <boost/graph/graphml.hpp>\n", 4, "library")

    def test_files_have_a_limit(self):
        full = "// Units.\n" + "\n" * (floors.LINES_MAX - 1)
        self.assertEqual(self.broken({"sim/units/units.cpp": full}), [])
        self.expect("sim/units/units.cpp", "\n", 501, "length", base=full)
        self.expect("scripts/long", "\n" * 501, 501, "length")

    def test_words_that_have_one_home(self):
        self.expect("app/main.cpp", "auto t = std::chrono::steady_clock::now();\n", 4, "host clock")
        self.expect("models/ppu/ppu.cpp", "std::mt19937_64 engine;\n", 5, "random")
        self.expect("models/ppu/ppu.cpp", "int x = std::rand();\n", 5, "random")
        self.expect("models/ppu/ppu.cpp", "SC_THREAD(run);\n", 5, "thread process")
        self.assertEqual(self.broken({"app/main.cpp": '// steady_clock\nint x; // rand()\nauto s = "SC_THREAD";\n'}), [])

    def test_headers(self):
        self.expect("models/card.h", "", 1, "header", base="#include <chrono>\n")
        self.expect("models/card.h", "using namespace std;\n", 3, "header")

    def test_sources_open_with_their_model(self):
        self.expect("app/main.cpp", "", 1, "opening", base="int main() {}\n")

    def test_every_folder_has_a_target(self):
        self.expect("models/hbm/hbm.h", "#pragma once\n", 1, "target")
        found = self.broken({"models/hbm/hbm.h": "#pragma once\n",
                             "models/hbm/CMakeLists.txt": "myriad_library(models_hbm)\n"})
        self.assertEqual(found, ["models/hbm/hbm.h:1: target: models/CMakeLists.txt has no add_subdirectory(hbm)"])

    def test_every_source_is_built(self):
        self.expect("sim/units/text.cpp", "// Text.\n", 1, "target")
        self.expect("tests/unit/test_text.cpp", "\n", 1, "target")

    def test_no_path_of_one_machine(self):
        self.expect("scenarios/a.yaml", "file: /ho" + "me/someone/chip.yaml\n", 1, "machine path")
        self.expect("sim/units/units.cpp", "// see /wo" + "rk/main\n", 3, "machine path")
        self.assertEqual(self.broken({"scenarios/a.yaml": "a: usr/ho" + "me/x, ../wo" + "rk/y\n"}), [])


if __name__ == "__main__":
    unittest.main()

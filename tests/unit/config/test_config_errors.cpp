// Golden messages: every mistake that the reader knows, with its place.

#include "tests/unit/config/scratch.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace myriad;

TEST_CASE("unknown and duplicate keys") {
    const Scratch scratch;
    CHECK(scratch.scenario_errors("server: box\nplan: {tpp: 8}\n") ==
          "run.yaml:4:8: error: unknown key 'tpp' in plan; did you mean 'tp'?");
    CHECK(scratch.scenario_errors("server: box\nplan:\n  tp: 8\n  pp: 2\n  tp: 4\n") ==
          "run.yaml:7:3: error: duplicate key 'tp'; first at line 5");
    CHECK(scratch.scenario_errors("server: {base: box, status: assumed}\nstatus: assumed\nplan: {status: assumed}\n") ==
          "run.yaml:5:8: error: unknown key 'status' in plan");  // nothing in a plan has a source
}

TEST_CASE("missing keys point at the map that lacks them") {
    const Scratch scratch;
    CHECK(
        scratch.scenario_errors("seed: 3\n") ==
        "run.yaml:1:1: error: missing key 'server' in scenario; expected the name of a server, a path ending in .yaml, "
        "or a map");
    CHECK(scratch.scenario_errors("server:\n  chip: ppu\n") ==
          "run.yaml:4:3: error: missing key 'cards' in server; expected a whole number");
}

TEST_CASE("wrong units, types, ranges and words") {
    const Scratch scratch;
    CHECK(scratch.scenario_errors("server: box\nsizes: [8 B, 50]\n") ==
          "run.yaml:4:14: error: 'sizes': expected a size with its unit, like '96 GiB', found '50'");
    CHECK(scratch.scenario_errors("server: box\nplan: {tp: many}\n") ==
          "run.yaml:4:12: error: 'tp': expected a whole number, found 'many'");
    CHECK(scratch.scenario_errors("server: box\nplan: {tp: [1]}\n") ==
          "run.yaml:4:12: error: 'tp': expected a whole number, found a list");
    CHECK(scratch.scenario_errors("server: box\nplan: 7\n") ==
          "run.yaml:4:7: error: 'plan': expected a map, found '7'");
    CHECK(scratch.scenario_errors("server: box\nsizes: 8 B\n") ==
          "run.yaml:4:8: error: 'sizes': expected a list, found '8 B'");
    CHECK(scratch.scenario_errors("server: box\nprices: [1 USD/h]\n") ==
          "run.yaml:4:9: error: 'prices': expected a map, found a list");
    CHECK(scratch.scenario_errors("server: box\nplan: {tp: 0}\n") ==
          "run.yaml:4:12: error: 'tp': '0' is out of range; expected 1 to 1024");
    CHECK(scratch.scenario_errors("server: box\nseed: -1\n") ==
          "run.yaml:4:7: error: 'seed': '-1' is out of range; expected at least 0");
    CHECK(scratch.scenario_errors("server: box\nplan: {recompute: yes}\n") ==
          "run.yaml:4:19: error: 'recompute': expected true or false, found 'yes'");
    CHECK(scratch.scenario_errors("server: {base: box, wiring: {recipe: mash}}\n") ==
          "run.yaml:3:38: error: 'recipe': expected one of mesh, ring, product; found 'mash'; did you mean 'mesh'?");
    CHECK(scratch.scenario_errors("server: box\nplan:\n") ==
          "run.yaml:4:1: error: 'plan': expected a map, found nothing");
    CHECK(scratch.scenario_errors("server: {base: box, cards: 99999999999}\n") == "");  // the type tells, when read
    const Document document = scratch.scenario("server: {base: box, cards: 99999999999}\n");
    CHECK(scratch.errors([&] { (void)document.root().section("server").get<int>("cards"); }) ==
          "run.yaml:3:28: error: '99999999999' is too large");
}

TEST_CASE("several mistakes come together, by place, twenty at most") {
    const Scratch scratch;
    CHECK(scratch.scenario_errors("plan: {pp: x, tp: 0}\nserver: box\nsede: 1\n") ==
          "run.yaml:3:12: error: 'pp': expected a whole number, found 'x'\n"
          "run.yaml:3:19: error: 'tp': '0' is out of range; expected 1 to 1024\n"
          "run.yaml:5:1: error: unknown key 'sede' in scenario; did you mean 'seed'?");
    std::string many = "server: box\n";
    for (int i = 0; i < 30; ++i) {
        many += "zzzzzzzzzzzz" + std::to_string(i) + ": 1\n";
    }
    const std::string errors = scratch.scenario_errors(many);
    CHECK(std::count(errors.begin(), errors.end(), '\n') == 19);
    CHECK(errors.ends_with("; 10 more errors follow"));  // 30 wrong keys, 20 shown
}

TEST_CASE("the head of a file") {
    const Scratch scratch;
    CHECK(scratch.chip_errors("kind: chip\nmyriad: 1\n") ==
          "chip.yaml:1:1: error: every file starts with 'myriad: 1', found 'kind'");
    CHECK(scratch.chip_errors("- 1\n") == "chip.yaml:1:1: error: every file starts with 'myriad: 1', found a list");
    CHECK(scratch.chip_errors("just words\n") ==
          "chip.yaml:1:1: error: every file starts with 'myriad: 1', found 'just words'");
    CHECK(scratch.chip_errors("myriad: 2\nkind: chip\n") ==
          "chip.yaml:1:9: error: unsupported version '2'; expected 'myriad: 1'");
    CHECK(scratch.chip_errors("myriad: 1\nclock: 1 GHz\n") ==
          "chip.yaml:1:1: error: missing key 'kind'; expected 'kind: chip'");
    CHECK(scratch.scenario_errors("server: configs/chips/ppu.yaml\n") ==
          "configs/chips/ppu.yaml:2:7: error: expected a file of kind 'server', found 'chip'");
}

TEST_CASE("files that are no YAML text") {
    const Scratch scratch;
    CHECK(scratch.chip_errors("") == "chip.yaml: error: empty file");
    CHECK(scratch.chip_errors("# a comment\n\n") == "chip.yaml: error: empty file");
    CHECK(scratch.chip_errors(std::string("myriad: 1\0kind", 14)) ==
          "chip.yaml: error: binary file, no UTF-8 at byte 9; expected YAML text");
    CHECK(scratch.chip_errors("myriad: 1\nname: \xff\xfe\n") ==
          "chip.yaml: error: binary file, no UTF-8 at byte 16; expected YAML text");
    CHECK(scratch.chip_errors(std::string((1 << 20) + 1, '#')) ==
          "chip.yaml: error: file of 1048577 bytes; expected at most 1048576");
    CHECK(scratch.chip_errors("myriad: 1\nlinks:\n\tcount: 1\n") ==
          "chip.yaml:3:1: error: tab in the indentation; YAML indents by spaces");
    CHECK(scratch.chip_errors("myriad: 1\nkind: [chip\n").rfind("chip.yaml:3:1: error: no valid YAML: ", 0) == 0);
    CHECK(scratch.chip_errors("myriad: 1\n---\nkind: chip\n") ==
          "chip.yaml:2:1: error: second document in the file; expected one");
    CHECK(scratch.chip_errors("myriad: 1\nx: &a 1\ny: *a\n") ==
          "chip.yaml:2:4: error: anchors (&name) are not supported; use 'base' or 'include'");
    CHECK(scratch.chip_errors("myriad: 1\nx: !!binary aa\n") ==
          "chip.yaml:2:4: error: tags (tag:yaml.org,2002:binary) are not supported");
    CHECK(scratch.chip_errors("myriad: 1\n[a]: 1\n") == "chip.yaml:2:1: error: expected a word as a key, found a list");
    CHECK(scratch.chip_errors("myriad: " + std::string(100, '[') + std::string(100, ']')) ==
          "chip.yaml:1:72: error: nested deeper than 64 levels");  // the map is level 1; column 9 + 63
}

TEST_CASE("files and names that do not exist") {
    const Scratch scratch;
    CHECK(scratch.scenario_errors("server: {base: box, chip: ppv}\n") ==
          "run.yaml:3:27: error: unknown chip 'ppv'; did you mean 'ppu'?");
    CHECK(scratch.scenario_errors("server: {base: box, chip: trainium}\n") ==
          "run.yaml:3:27: error: unknown chip 'trainium'; expected one of h20, ppu");
    CHECK(scratch.scenario_errors("server: configs/servers/bax.yaml\n") ==
          "run.yaml:3:9: error: no file 'configs/servers/bax.yaml'; did you mean 'box.yaml'?");
    CHECK(scratch.scenario_errors("server: ./configs/\n") ==
          "run.yaml:3:9: error: 'configs/' is a folder; expected a YAML file");
    CHECK(scratch.errors([&] { (void)Document::load(scenario_schema_of_test(), "quick", scratch.options()); }) ==
          "error: a scenario has no names; expected a path ending in .yaml, found 'quick'");
    CHECK(scratch.errors([&] {
        (void)Document::load(scenario_schema_of_test(), scratch.path("rum.yaml"), scratch.options());
    }) == "error: no file 'rum.yaml'; did you mean 'run.yaml'?");
}

TEST_CASE("cycles and depth of naming") {
    const Scratch scratch;
    scratch.write("a.yaml", "myriad: 1\nkind: chip\nbase: b.yaml\n");
    scratch.write("b.yaml", "myriad: 1\nkind: chip\nbase: ./sub/../a.yaml\n");
    CHECK(scratch.errors([&] {
        (void)Document::load(chip_schema_of_test(), scratch.path("a.yaml"), scratch.options());
    }) == "b.yaml:3:7: error: cyclic include: a.yaml -> b.yaml -> a.yaml");
    for (int i = 0; i < 40; ++i) {
        scratch.write("c" + std::to_string(i) + ".yaml",
                      "myriad: 1\nkind: chip\nbase: c" + std::to_string(i + 1) + ".yaml\n");
    }
    // c0 is level 1, so c31 is level 32 and may not name another.
    CHECK(scratch.errors([&] {
        (void)Document::load(chip_schema_of_test(), scratch.path("c0.yaml"), scratch.options());
    }) == "c31.yaml:3:7: error: files name each other too deeply; expected at most 32 levels, 1000 files and 16777216 "
          "bytes");
}

TEST_CASE("a tree of includes that doubles at each level is stopped") {
    const Scratch scratch;
    for (int i = 0; i < 20; ++i) {
        const std::string next = "n" + std::to_string(i + 1) + ".yaml";
        scratch.write("n" + std::to_string(i) + ".yaml",
                      "myriad: 1\nkind: fragment\ninclude: [" + next + ", " + next + "]\n");
    }
    scratch.write("n20.yaml", "myriad: 1\nkind: fragment\ntp: 1\n");
    const std::string errors = scratch.scenario_errors("server: box\nplan: {include: n0.yaml}\n");
    CHECK(errors.find("files name each other too deeply") != std::string::npos);
}

TEST_CASE("sourced values") {
    const Scratch scratch;
    const std::string head = "myriad: 1\nkind: chip\nlinks: {source: s, status: derived, count: 1, per_link: 1 GB/s}\n";
    CHECK(scratch.chip_errors(head + "clock: 1 GHz\n") ==
          "chip.yaml:4:8: error: 'clock' needs a status and a source, like '{value: 1 GHz, status: published, source: "
          "\"...\"}'");
    CHECK(scratch.chip_errors(head + "clock: {value: 1 GHz, status: published}\n") ==
          "chip.yaml:4:8: error: 'clock' is published but has no source");
    CHECK(scratch.chip_errors(head + "clock: {value: 1 GHz, status: assumed, source: s}\n") ==
          "chip.yaml:4:8: error: 'clock' is assumed but has no range, like 'range: [low, high]'");
    CHECK(scratch.chip_errors(head + "clock: {value: 1 GHz, status: guessed, source: s}\n") ==
          "chip.yaml:4:31: error: 'clock': expected a status, one of published, reported, derived, assumed; found "
          "'guessed'");
    CHECK(scratch.chip_errors(head + "clock: {value: 1 GHz, status: reported, sorce: s, source: s}\n") ==
          "chip.yaml:4:41: error: unknown key 'sorce' in the value 'clock'; did you mean 'source'?");
    CHECK(scratch.chip_errors(head + "clock: {value: 3 GHz, status: assumed, source: s, range: [1 GHz, 2 GHz]}\n") ==
          "chip.yaml:4:58: error: 'clock': the value '3 GHz' is outside its range 1 GHz to 2 GHz");
    CHECK(scratch.chip_errors(head + "clock: {value: 3 GHz, status: assumed, source: s, range: 1 GHz}\n") ==
          "chip.yaml:4:58: error: 'clock': expected a range of two numbers, like '[low, high]', found '1 GHz'");
    CHECK(scratch.chip_errors(head + "clock: {status: reported, source: s}\n") ==
          "chip.yaml:4:8: error: 'clock': missing key 'value'");
    CHECK(
        scratch.chip_errors(head + "clock: {value: 1 GHz, status: reported, source: s}\npeak: {bf16: 1 TFLOPs}\n") ==
        "chip.yaml:5:14: error: 'peak.bf16' needs a status and a source, like '{value: 1 TFLOPs, status: published, "
        "source: \"...\"}'\n"
        "chip.yaml:5:14: error: 'peak.bf16': expected a throughput with its unit, like '118.7 TFLOP/s', found the unit "
        "'TFLOPs'; did you mean 'TFLOP/s'?");
}

TEST_CASE("an override") {
    const Scratch scratch;
    const std::string body = "server: box\naxes:\n- {path: a, values: [1]}\n";
    CHECK(scratch.scenario_errors(body, {"plan.tpp=8"}) ==
          "--set plan.tpp=8: error: unknown key 'tpp' in plan; did you mean 'tp'?");
    CHECK(scratch.scenario_errors(body, {"plan.tp=0"}) ==
          "--set plan.tp=0: error: 'tp': '0' is out of range; expected 1 to 1024");
    CHECK(scratch.scenario_errors(body, {"plan.tp"}) == "--set plan.tp: error: expected path=value, like 'plan.tp=8'");
    CHECK(scratch.scenario_errors(body, {"plan.tp="}) == "--set plan.tp=: error: no value after '='");
    CHECK(scratch.scenario_errors(body, {"plan.tp.x=1"}) ==
          "--set plan.tp.x=1: error: 'tp' is a value; nothing is called 'x' in it");
    CHECK(scratch.scenario_errors(body, {"axes.1.path=b"}) ==
          "--set axes.1.path=b: error: no entry 1 in the list 'axes', which has 1");
    CHECK(scratch.scenario_errors(body, {"axes.first.path=b"}) ==
          "--set axes.first.path=b: error: expected a number as the index into the list 'axes', found 'first'");
    CHECK(scratch.scenario_errors(body, {"server.chip=h21"}) ==
          "--set server.chip=h21: error: unknown chip 'h21'; did you mean 'h20'?");
    CHECK(
        scratch.scenario_errors(body, {"server.chip.links.per_link=100"}) ==
        "--set server.chip.links.per_link=100: error: 'per_link': expected a bandwidth with its unit, like '50 GB/s', "
        "found '100'");
    CHECK(scratch.scenario_errors(body, {"plan={tp: 1"}).rfind("--set plan={tp: 1: error: no valid YAML: ", 0) == 0);
}

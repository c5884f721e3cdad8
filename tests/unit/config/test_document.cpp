// What good files mean: references, base, include, overrides, sources, defaults, the effective text.

#include "sim/config/schema_text.h"
#include "tests/unit/config/scratch.h"

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

using namespace myriad;

namespace {

// The chip of a document whose root is a scenario.
Section chip_of(const Document& document) { return document.root().section("server").section("chip"); }

}  // namespace

TEST_CASE("names are resolved and defaults filled in") {
    const Scratch scratch;
    const Document document = scratch.scenario("server: box\n");
    Section root = document.root();
    CHECK(root.get<std::int64_t>("seed") == 1);
    CHECK_FALSE(root.has("share"));
    CHECK_FALSE(root.find<double>("share").has_value());
    Section server = root.section("server");
    CHECK(server.get<std::string>("name") == "box");
    CHECK(server.get<int>("cards") == 16);
    CHECK(server.section("wiring").enumeration("recipe", kShapeWords) == Shape3::mesh);
    Section chip = server.section("chip");
    CHECK(chip.path() == "server.chip");
    CHECK(chip.get<std::string>("name") == "ppu");
    CHECK(chip.get<Hertz>("clock").count() == 1'700'000'000);
    Section links = chip.section("links");
    CHECK(links.get<BytesPerSecond>("per_link").count() == 50'000'000'000);  // 400 Gb/s / 8
    CHECK(links.get<Picoseconds>("latency") == ns(1'200));
    CHECK(root.section("plan").get<bool>("recompute") == false);
    CHECK(document.files().size() == 3);
}

TEST_CASE("a value knows its source, its range and its place") {
    const Scratch scratch;
    const Document document = scratch.scenario("server: box\n");
    Section chip = chip_of(document);
    const Sourced<Hertz> clock = chip.sourced<Hertz>("clock");
    CHECK(clock.status == Status::published);
    CHECK(clock.source == "data sheet");
    CHECK_FALSE(clock.range.has_value());
    CHECK(clock.mark.file == scratch.path("configs/chips/ppu.yaml"));
    CHECK(clock.mark.line == 5);
    CHECK(clock.mark.column == 8);  // after "clock: "
    const auto tdp = chip.find_sourced<Watts>("tdp");
    REQUIRE(tdp.has_value());
    CHECK(tdp->status == Status::assumed);
    CHECK(tdp->range->first.count() == 300.0);
    CHECK(tdp->range->second.count() == 500.0);
    const auto peaks = chip.named_sourced<FlopPerSecond>("peak");
    REQUIRE(peaks.size() == 2);
    CHECK(peaks[0].second.source == "data sheet");
    CHECK(peaks[1].first == "int8");
    CHECK(peaks[1].second.status == Status::derived);
    CHECK(peaks[1].second.value.count() == 237e12);
}

TEST_CASE("lists, named maps and free values") {
    const Scratch scratch;
    const Document document = scratch.scenario(
        "server: box\nshare: 0.25\nsizes: [8 B, 1 KiB]\nprices: {b: 2 USD/h, a: 1.5 USD/h}\n"
        "axes:\n- {path: plan.tp, values: [1, 2, {tp: 4}]}\nfree: {x: [1, \"2\"], y: null}\n");
    Section root = document.root();
    CHECK(root.get<double>("share") == 0.25);
    const auto sizes = root.list<Bytes>("sizes");
    REQUIRE(sizes.size() == 2);
    CHECK(sizes[1] == Bytes{1024});
    const auto prices = root.named<UsDollarsPerHour>("prices");
    REQUIRE(prices.size() == 2);
    CHECK(prices[0].first == "b");  // the order of the file
    CHECK(prices[1].second.count() == 1.5);
    std::vector<Section> axes = root.sections("axes");
    REQUIRE(axes.size() == 1);
    CHECK(axes[0].path() == "axes.0");
    CHECK(axes[0].yaml_list("values") == std::vector<std::string>{"1", "2", "{tp: 4}"});
    CHECK(root.yaml("free") == "{x: [1, \"2\"], \"y\": null}");
}

TEST_CASE("a map overrides its base and keeps the marks of both files") {
    const Scratch scratch;
    const Document document =
        scratch.scenario("server:\n  base: box\n  cards: 8\n  chip: {base: h20, clock: 1.5 GHz}\n");
    Section server = document.root().section("server");
    CHECK(server.get<int>("cards") == 8);
    Section chip = server.section("chip");
    CHECK(chip.get<std::string>("name") == "h20");
    const Sourced<Hertz> clock = chip.sourced<Hertz>("clock");
    CHECK(clock.value.count() == 1'500'000'000);
    CHECK(clock.status == Status::assumed);
    CHECK(clock.source == "run.yaml:6");
    CHECK(clock.range->first == clock.value);
    CHECK(clock.mark.line == 6);
    CHECK(chip.mark("tdp").file == scratch.path("configs/chips/h20.yaml"));
}

TEST_CASE("an inline map without base changes the value below it") {
    const Scratch scratch;
    const Document document = scratch.scenario("server: {base: box, chip: {links: {count: 6}}}\n");
    Section links = chip_of(document).section("links");
    CHECK(links.get<int>("count") == 6);
    CHECK(links.get<BytesPerSecond>("per_link").count() == 50'000'000'000);
}

TEST_CASE("a hardware file may override a sourced value of its base, or only its range") {
    const Scratch scratch;
    scratch.write("configs/chips/fast.yaml",
                  "myriad: 1\nkind: chip\nbase: ppu\nclock: 2 GHz\ntdp: {range: [350 W, 450 W]}\n");
    const Document document = Document::load(chip_schema_of_test(), "fast", scratch.options());
    Section chip = document.root();
    CHECK(chip.get<std::string>("name") == "fast");
    CHECK(chip.sourced<Hertz>("clock").status == Status::assumed);  // the data sheet spoke of 1.7 GHz
    const Sourced<Watts> tdp = chip.sourced<Watts>("tdp");
    CHECK(tdp.value.count() == 400.0);
    CHECK(tdp.source == "guess");
    CHECK(tdp.range->first.count() == 350.0);
}

TEST_CASE("fragments are included after the base and before the map's own keys") {
    const Scratch scratch;
    scratch.write("parts/plan.yaml", "myriad: 1\nkind: fragment\ntp: 4\npp: 2\n");
    const Document document = scratch.scenario("server: box\nplan: {include: parts/plan.yaml, pp: 8}\n");
    Section plan = document.root().section("plan");
    CHECK(plan.get<int>("tp") == 4);
    CHECK(plan.get<int>("pp") == 8);
}

TEST_CASE("paths are relative to the file that names them") {
    const Scratch scratch;
    scratch.write("deep/box.yaml", "myriad: 1\nkind: server\nchip: ../configs/chips/h20.yaml\ncards: 2\n");
    const Document document = scratch.scenario("server: deep/box.yaml\n");
    CHECK(chip_of(document).get<std::string>("name") == "h20");
}

TEST_CASE("the option --set goes through references, lists, defaults and absent keys") {
    const Scratch scratch;
    const Document document =
        scratch.scenario("server: box\naxes:\n- {path: a, values: [1]}\nprices: {v.1: 1 USD/h}\n",
                         {"server.chip.links.per_link=100 GB/s", "plan.tp=8", "axes.0.values=[3, 4]", "share=0.5",
                          "prices.v.1=3 USD/h", "server.wiring={recipe: product, factors: [{recipe: ring, size: 3}]}",
                          "server.wiring.factors.0.size=5", "server.chip.peak.fp8=1 PFLOP/s"});
    Section root = document.root();
    CHECK(root.section("plan").get<int>("tp") == 8);
    CHECK(root.section("plan").get<int>("pp") == 1);
    CHECK(root.sections("axes")[0].yaml_list("values") == std::vector<std::string>{"3", "4"});
    CHECK(root.get<double>("share") == 0.5);
    CHECK(root.named<UsDollarsPerHour>("prices")[0].second.count() == 3.0);
    Section server = root.section("server");
    std::vector<Section> factors = server.section("wiring").sections("factors");
    REQUIRE(factors.size() == 1);
    CHECK(factors[0].get<int>("size") == 5);
    Section chip = server.section("chip");
    const Sourced<BytesPerSecond> rate = chip.section("links").sourced<BytesPerSecond>("per_link");
    CHECK(rate.value.count() == 100'000'000'000);
    CHECK(rate.status == Status::assumed);
    CHECK(rate.source == "--set");
    CHECK(chip.named<FlopPerSecond>("peak").size() == 3);
}

TEST_CASE("the option --set replaces a whole reference by name") {
    const Scratch scratch;
    const Document document = scratch.scenario("server: box\n", {"server.chip=h20", "server.cards=3"});
    CHECK(chip_of(document).get<std::string>("name") == "h20");
}

TEST_CASE("the effective text reads back to the same document") {
    const Scratch scratch;
    const Document document = scratch.scenario(
        "server: {base: box, wiring: {recipe: product, factors: [{recipe: ring, size: 3}, {recipe: mesh, size: 2}]}}\n"
        "sizes: [1024 B, 400 Gb]\nprices: {}\nfree: {a: [\"1\", x y]}\naxes: [{path: p, values: [\"on\", 1 GB/s]}]\n",
        {"server.chip.clock=1.5 GHz", "server.chip.title=\"quote \\\" and: colon\""});
    const std::string text = document.effective_yaml();
    INFO(text);
    const Document again = Document::parse(scenario_schema_of_test(), text, "effective.yaml", {.config_roots = {}});
    CHECK(again.effective_yaml() == text);
    CHECK(chip_of(again).get<std::string>("title") == "quote \" and: colon");
    CHECK(chip_of(again).sourced<Hertz>("clock").source == "--set");
    CHECK(text.find("per_link: {value: 50 GB/s, status: published, source: \"data sheet\"}") != std::string::npos);
    CHECK(text.find("- 50 GB\n") != std::string::npos);       // 400 Gb
    CHECK(text.find(scratch.path("")) == std::string::npos);  // no folder of this machine
    CHECK(text.rfind("myriad: 1\nkind: scenario\nserver:\n  name: \"box\"\n", 0) == 0);
}

TEST_CASE("the effective text of a hardware file with an override is a good hardware file") {
    const Scratch scratch;
    const Document document =
        Document::load(chip_schema_of_test(), "ppu", scratch.options({"clock=1.5 GHz", "links.count=6"}));
    const std::string text = document.effective_yaml();
    CHECK(Document::parse(chip_schema_of_test(), text, "effective.yaml", {}).effective_yaml() == text);
}

TEST_CASE("assumed values are listed with path and range") {
    const Scratch scratch;
    const Document document = scratch.scenario("server: box\n", {"server.chip.clock=1.5 GHz"});
    const std::vector<SourcedText> assumed = document.assumed();
    REQUIRE(assumed.size() == 3);  // the order of the schema; the mesh is a default of the test's schema
    CHECK(assumed[0].path == "server.chip.clock");
    CHECK(assumed[0].source == "--set");
    CHECK(assumed[1].path == "server.chip.tdp");
    CHECK(assumed[1].range->second == "500 W");
    CHECK(assumed[2].path == "server.wiring.recipe");
    CHECK(assumed[2].source == "default");
    CHECK(document.sourced().size() == 7);  // clock, two peaks, tdp, two of links, recipe
}

TEST_CASE("names and kinds of files") {
    const Scratch scratch;
    CHECK(names_in_folder(chip_schema_of_test(), scratch.options()) == std::vector<std::string>{"h20", "ppu"});
    CHECK(kind_of_file(scratch.path("configs/servers/box.yaml")).name == "server");
    CHECK(locate_file(chip_schema_of_test(), "ppu", scratch.options()) == scratch.path("configs/chips/ppu.yaml"));
}

TEST_CASE("a reader's own errors are located and thrown at the end, in order") {
    const Scratch scratch;
    const Document document = scratch.scenario("server: box\nplan: {pp: 3, tp: 5}\n");
    Section plan = document.root().section("plan");
    CHECK(plan.get<int>("tp") == 5);
    plan.error("tp", "5 does not divide 16 cards");
    plan.finish();  // pp was written and not read; recompute was neither
    CHECK(scratch.errors([&] { document.finish(); }) ==
          "run.yaml:4:8: error: 'pp' has no effect here; remove it\n"
          "run.yaml:4:19: error: 5 does not divide 16 cards");
}

TEST_CASE("every key is on the reference page and in the JSON Schema") {
    const std::string page = reference_page({scenario_schema_of_test, chip_schema_of_test});
    const std::string json = json_schema(scenario_schema_of_test());
    for (const Schema* schema : {&scenario_schema_of_test(), &server_schema_of_test(), &chip_schema_of_test(),
                                 &links_schema(), &plan_schema(), &wiring_schema(), &axis_schema()}) {
        const std::string heading = "\n## " + schema->name() + "\n";
        CHECK(page.find(heading) != std::string::npos);
        CHECK(page.find(heading) == page.rfind(heading));  // once, although two roots reach it
        for (const SchemaKey& key : schema->keys()) {
            INFO(key.name);
            CHECK(page.find("| `" + key.name + "` |") != std::string::npos);
            CHECK(json.find("\"" + key.name + "\": {") != std::string::npos);
        }
    }
    CHECK(page.find("| `per_link` | a bandwidth; sourced | required | 1 MB/s to 100 TB/s | per direction |") !=
          std::string::npos);
    CHECK(page.find("| `chip` | [chip](#chip): name, path or map | required |  | the card |") != std::string::npos);
    CHECK(page.find("- `ring`: neighbours | both ways") != std::string::npos);
    CHECK(json.find("\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"") != std::string::npos);
}

TEST_CASE("asking for what the schema does not document is an internal error") {
    const Scratch scratch;
    const Document document = scratch.scenario("server: box\n");
    const auto aborts = [&](auto&& ask) {
        const pid_t child = ::fork();
        if (child == 0) {
            std::signal(SIGABRT, SIG_DFL);  // Catch would report the child's end as its own
            std::fclose(stderr);
            ask(document.root());
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    };
    CHECK_FALSE(aborts([](Section root) { (void)root.get<std::int64_t>("seed"); }));
    CHECK(aborts([](Section root) { (void)root.get<std::int64_t>("sead"); }));      // not documented
    CHECK(aborts([](Section root) { (void)root.get<Bytes>("seed"); }));             // another type
    CHECK(aborts([](Section root) { (void)root.get<double>("share"); }));           // may be absent
    CHECK(aborts([](Section root) { (void)root.sourced<std::int64_t>("seed"); }));  // has no source
    CHECK(aborts([](Section root) { (void)root.list<std::int64_t>("seed"); }));     // no list
    CHECK(aborts([](Section) { (void)Schema("s", "doc", {key<int>("a", "x").by_default("b")}); }));
    CHECK(aborts([](Section) { (void)Schema("s", "doc", {key<int>("a", "x"), key<int>("a", "y")}); }));
    CHECK(aborts([](Section) { (void)Schema("s", "doc", {key<int>("a", "")}); }));
    CHECK(aborts([](Section) { (void)Schema("s", "doc", {key<Bytes>("a", "x").at_least("5")}); }));
}

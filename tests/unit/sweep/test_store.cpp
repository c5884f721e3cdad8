// What a sweep keeps: keys, records, resume, the database, the words of Slurm's commands.

#include "app/config_files/load.h"
#include "app/executor/slurm_queue.h"
#include "app/store/limits.h"
#include "app/store/plan.h"
#include "app/store/sqlite.h"
#include "app/sweep/sweep_database.h"
#include "tests/unit/sweep/scratch_sweep.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;

namespace {

constexpr const char* kFour = R"(myriad: 1
kind: sweep
scenario:
  cluster: ppu-8
  fidelity: {network: analytic}
  workload: {collective: {op: all_reduce, sizes: [1 MiB]}}
axes:
  - {name: op, path: workload.collective.op, values: [all_reduce, all_gather]}
  - {path: seed, values: [1, 2]}
columns: [busbw]
)";

std::string key_of_text(const std::string& text) {
    const Loaded<Scenario> loaded = load_scenario_text(text, "x.yaml");
    return key_of(identity_of(nameless(loaded.document.effective_yaml())));
}

constexpr const char* kHead = "myriad: 1\nkind: scenario\n";

std::size_t reused(const SweepOutcome& outcome) {
    return static_cast<std::size_t>(
        std::count_if(outcome.points.begin(), outcome.points.end(), [](const auto& point) { return point.reused; }));
}

}  // namespace

TEST_CASE("two ways of writing a scenario have one key, and any value makes another") {
    const ScratchSweep folder(kFour);  // sets where configs are
    const std::string head = kHead;
    const std::string plain =
        key_of_text(head + "cluster: ppu-8\nworkload: {collective: {op: all_reduce, sizes: [1 MiB]}}\n");
    CHECK(plain.size() == 32);
    // Another order, a default written out, a name and a title.
    CHECK(plain == key_of_text(head + "name: a\ntitle: b\nseed: 1\nworkload:\n  collective:\n    sizes: [1 MiB]\n"
                                      "    op: all_reduce\ncluster: ppu-8\n"));
    CHECK(plain != key_of_text(head + "cluster: ppu-8\nworkload: {collective: {op: all_reduce, sizes: [2 MiB]}}\n"));
    CHECK(plain != key_of_text(head + "seed: 2\ncluster: ppu-8\n"
                                      "workload: {collective: {op: all_reduce, sizes: [1 MiB]}}\n"));
    CHECK(key_of("x", "one model") != key_of("x", "another"));
}

TEST_CASE("names of parts, and where their values come from, are no part of a key") {
    const ScratchSweep folder(kFour);
    const std::string load = "workload: {collective: {op: all_reduce, sizes: [1 MiB]}}\n";
    const auto of = [&](const std::string& cluster) {
        return key_of_text(kHead + ("cluster: " + cluster + "\n" + load));
    };
    const std::string plain = of("ppu-8");
    // The same cluster written another way, called otherwise, and its clock with a source of its own: 1.7 GHz stands in
    // configs/chips/zhenwu-810e.yaml.
    CHECK(plain == of("{base: ppu-8}"));
    CHECK(plain == of("{base: ppu-8, name: mine, title: My own}"));
    CHECK(plain == of("{base: ppu-8, server: {name: box, title: A box, chip: {name: card}}}"));
    CHECK(plain ==
          of("{base: ppu-8, server: {chip: {clock: {value: 1700 MHz, status: published, source: a letter}}}}"));
    CHECK(plain != of("{base: ppu-8, server: {link_total: 351 GB/s}}"));
    CHECK(plain != of("{base: ppu-8, server: {chip: {clock: 1.6 GHz}}}"));
    CHECK(plain != of("ppu-16"));
}

TEST_CASE("a record reads back the same, and half of one is none") {
    PointRecord record;
    record.key = "00";
    record.values.resize(all_metrics().size());
    record.values[find_metric("busbw").value()] = 1e12 / 3.0;
    record.values[find_metric("time").value()] = 9'007'199'254'740'991.0;  // 2^53 - 1
    record.algorithms = "direct";
    record.scenario_yaml = "a: \"b\"\n";
    const std::string text = text_of(record);
    const std::optional<PointRecord> again = parse_record(text);
    REQUIRE(again.has_value());
    CHECK(again->values == record.values);
    CHECK(again->scenario_yaml == record.scenario_yaml);
    CHECK(text_of(*again) == text);
    for (std::size_t size = 0; size + 2 < text.size(); ++size) {
        CHECK_FALSE(parse_record(text.substr(0, size)).has_value());
    }
}

TEST_CASE("a sweep takes from its store what is there") {
    const ScratchSweep sweep(kFour);
    const SweepOutcome first = sweep.run({.folder = sweep.result_folder()});
    CHECK(reused(first) == 0);
    CHECK(first.failures() == 0);
    const SweepOutcome second = sweep.run({.folder = sweep.result_folder()});
    CHECK(reused(second) == 4);
    CHECK(sweep_csv(first) == sweep_csv(second));
    CHECK(sweep_csv(first) == sweep_csv(sweep.run()));  // without a store

    // A file that is damaged, or holds the record of another key, is run again.
    const Store store = Store::open(sweep.result_folder());
    const std::string key = first.points[1].key;
    const std::string path = (store.root() / "results" / key.substr(0, 2) / (key + ".json")).string();
    std::ofstream(path) << "{";
    CHECK(reused(sweep.run({.folder = sweep.result_folder()})) == 3);
    const std::string another = first.points[2].key;
    std::filesystem::copy_file(store.root() / "results" / another.substr(0, 2) / (another + ".json"), path,
                               std::filesystem::copy_options::overwrite_existing);
    CHECK_FALSE(store.find(key).has_value());
    const SweepOutcome again = sweep.run({.folder = sweep.result_folder()});
    CHECK(reused(again) == 3);
    CHECK(sweep_csv(again) == sweep_csv(first));
}

TEST_CASE("the database holds every point and its results") {
    const ScratchSweep sweep(kFour);
    const SweepOutcome outcome = sweep.run({.folder = sweep.result_folder()});
    SqliteDatabase database(database_path(Store::open(sweep.result_folder())));
    SqliteStatement rows(database, "SELECT op, busbw, status FROM wide ORDER BY point");
    for (const SweepPointResult& point : outcome.points) {
        REQUIRE(rows.step());
        CHECK(rows.text(0) == (point.point.choice[0] == 0 ? "all_reduce" : "all_gather"));
        CHECK(rows.real(1) == value_of(point, "busbw"));
        CHECK(rows.text(2) == "ok");
    }
    CHECK_FALSE(rows.step());
}

TEST_CASE("the same system twice is run once") {
    std::string text = kFour;
    text.replace(text.find("{path: seed, values: [1, 2]}"), 28,
                 "{name: n, choices: [{name: a, set: [seed=1]}, {name: b, set: [seed=1]}]}");
    const ScratchSweep sweep(text);
    const SweepOutcome outcome = sweep.run({.folder = sweep.result_folder()});
    CHECK(outcome.failures() == 0);
    CHECK(outcome.points[0].key == outcome.points[1].key);
    CHECK(Store::open(sweep.result_folder()).unused({}) == 2);  // records of four points
    CHECK(Store::open(sweep.result_folder()).prune({outcome.points[0].key}) == 1);
}

TEST_CASE("times of the host have units") {
    CHECK(parse_host_time("10min").value == std::chrono::minutes{10});
    CHECK(parse_host_time("1.5 h").value == std::chrono::minutes{90});
    CHECK(parse_host_time("250 ms").value == std::chrono::milliseconds{250});
    CHECK(parse_host_time("3 s").value == std::chrono::seconds{3});
    for (const char* wrong : {"10", "min", "-1 s", "0 s", "1 day", "1e9 h", ""}) {
        INFO(wrong);
        CHECK_THAT(parse_host_time(wrong).problem, Contains("like '10 min', found '"));
    }
}

TEST_CASE("Slurm is asked in its own words") {
    CHECK(array_text({0, 1, 2, 3, 7, 9, 10}) == "0-3,7,9-10");
    CHECK(array_text({5}) == "5");
    CHECK(split_words("--partition=p  --comment='a b'\t\"c d\"") ==
          std::vector<std::string>{"--partition=p", "--comment=a b", "c d"});
    CHECK(split_words("").empty());
    CHECK_THROWS_AS(split_words("--x='a"), UserError);
}

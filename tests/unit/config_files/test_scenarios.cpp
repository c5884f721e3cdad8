// Scenarios and sweeps: plans held against models and clusters, placements, points of a grid.

#include "app/config_files/load.h"
#include "app/config_files/schemas.h"
#include "tests/unit/config_files/files.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>

using namespace myriad;
using Catch::Matchers::Contains;
using myriad::test::source_path;

namespace {

std::string scenario_path(const std::string& name) { return source_path("scenarios/" + name + ".yaml"); }

Scenario scenario(const std::string& name, const Overrides& overrides = {}) {
    return load_scenario(scenario_path(name), overrides).value;
}

std::vector<Diagnostic> problems(const std::string& name, const Overrides& overrides) {
    try {
        static_cast<void>(load_scenario(scenario_path(name), overrides));
        return {};
    } catch (const UserError& error) {
        return error.diagnostics();
    }
}

}  // namespace

TEST_CASE("the quickstart trains Qwen3-32B on sixteen cards at packet level with 1 MiB cells") {
    const Scenario s = scenario("quickstart");
    CHECK(s.fidelity.network == NetworkLevel::packet);
    CHECK(s.fidelity.cell == Bytes{1 << 20});
    const auto& training = std::get<TrainingWorkload>(s.workload);
    CHECK(training.model.name == "qwen3-32b");
    CHECK(training.plan.ranks() == s.cluster.cards());
    // 32 sequences over 2 copies, one at a time.
    CHECK(training.plan.micro_batches() == 16);
}

TEST_CASE("a scenario takes over its base") {
    const Scenario s = scenario("qwen3_32b_h20");
    CHECK(s.cluster.chip.chip.name == "h20");
    CHECK(std::get<TrainingWorkload>(s.workload).plan.tensor_parallel == 4);
}

TEST_CASE("a plan that does not fit is reported at its place") {
    const auto ranks = problems("quickstart", {"workload.training.plan.data_parallel=4"});
    REQUIRE(ranks.size() == 1);
    CHECK_THAT(ranks[0].message, Contains("is 32 ranks, but the cluster has 16 cards"));
    // Reported where tensor_parallel stands: line 16 of the file, in column 24, after "      tensor_parallel: ".
    CHECK(ranks[0].mark.line == 16);
    CHECK(ranks[0].mark.column == 24);

    const auto stages =
        problems("quickstart",
                 {"workload.training.plan.tensor_parallel=1", "workload.training.plan.pipeline_parallel=16",
                  "workload.training.plan.data_parallel=1", "workload.training.model={base: qwen3-32b, layers: 12}"});
    REQUIRE_FALSE(stages.empty());
    CHECK_THAT(stages[0].message, Contains("pipeline_parallel 16 is more than the 12 layers"));

    const auto memory = problems("quickstart", {"workload.training.plan.sequence_length=40960"});
    REQUIRE(memory.size() == 1);
    CHECK_FALSE(memory[0].mark.file.empty());
}

TEST_CASE("experts are divided only where the model has some") {
    const auto found = problems("quickstart", {"workload.training.plan.expert_parallel=2"});
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0].message, Contains("qwen3-32b has no experts to divide"));
}

TEST_CASE("ranks of a collective are placed by stride or by a list") {
    const auto strided = std::get<CollectiveWorkload>(
        scenario("all_reduce_server", {"workload.collective.ranks=4", "workload.collective.stride=4"}).workload);
    CHECK(strided.cards == std::vector<CardId>{CardId{0}, CardId{4}, CardId{8}, CardId{12}});
    const auto listed =
        std::get<CollectiveWorkload>(scenario("all_reduce_server", {"workload.collective.cards=[3, 1]"}).workload);
    CHECK(listed.cards == std::vector<CardId>{CardId{3}, CardId{1}});
    const auto all = std::get<CollectiveWorkload>(scenario("all_reduce_16384").workload);
    CHECK(all.cards.size() == 16384);
    CHECK(all.hierarchy == std::vector<int>{4, 4, 1024});
}

TEST_CASE("impossible placements are refused") {
    const auto message = [](const Overrides& overrides) {
        const auto found = problems("all_reduce_server", overrides);
        return found.empty() ? std::string{} : found[0].message;
    };
    CHECK_THAT(message({"workload.collective.cards=[0, 16]"}), Contains("card 16 does not exist"));
    CHECK_THAT(message({"workload.collective.cards=[5, 5]"}), Contains("card 5 is named twice"));
    CHECK_THAT(message({"workload.collective.ranks=17"}), Contains("17 ranks at a stride of 1 do not fit"));
    CHECK_THAT(message({"workload.collective.hierarchy=[4, 2]"}), Contains("has 8 ranks, but 16 take part"));
    CHECK_THAT(message({"workload.collective.sizes=[1]"}), Contains("1"));
    CHECK_THAT(message({"workload.training={model: qwen3-8b, plan: {}}"}), Contains("exactly one of"));
}

TEST_CASE("the ICN sweep has every combination once") {
    const Loaded<SweepFile> file = load_sweep(source_path("scenarios/sweeps/icn_collectives.yaml"));
    const Sweep& sweep = file.value.sweep;
    // 18 wirings x 4 collectives x 2 budgets x 7 totals.
    REQUIRE(sweep.points.size() == 1008);
    std::set<std::vector<std::string>> seen;
    for (std::size_t i = 0; i < sweep.points.size(); ++i) {
        seen.insert(sweep.points[i].overrides);
    }
    CHECK(seen.size() == 1008);
    CHECK(sweep.tables.size() == 6);  // two for each number of cards
    CHECK(sweep.plots.size() == 6);
}

TEST_CASE("a point of the ICN sweep is the scenario that its labels say") {
    const std::string path = source_path("scenarios/sweeps/icn_collectives.yaml");
    const Sweep sweep = load_sweep(path).value.sweep;
    // Digits of 18 x 4 x 2 x 7: wiring 7 (16 K4xK4), collective 3 (all_to_all), links 1 (fixed), total 4 (700 GB/s).
    const std::size_t index = ((7 * 4 + 3) * 2 + 1) * 7 + 4;
    const SweepPoint& point = sweep.points[index];
    CHECK(sweep.axes[0].values[point.choice[0]].label == "16 K4xK4");
    CHECK(sweep.axes[3].values[point.choice[3]].label == "700 GB/s");
    const Loaded<Scenario> loaded = load_sweep_point(path, {}, point.overrides);
    CHECK(loaded.value.cluster.cards() == 16);
    CHECK(loaded.value.cluster.cluster.server.wiring.recipe == WiringRecipe::hyperx);
    CHECK(loaded.value.cluster.cluster.server.link_budget == LinkBudget::fixed);
    CHECK(loaded.value.cluster.cluster.server.links.per_link.count() == 50'000'000'000);
    CHECK(std::get<CollectiveWorkload>(loaded.value.workload).op == CollectiveOp::all_to_all);
}

TEST_CASE("of the ICN sweep only fixed links that the chip does not have cannot be built") {
    const std::string path = source_path("scenarios/sweeps/icn_collectives.yaml");
    const Sweep sweep = load_sweep(path).value.sweep;
    // One total and one collective stand for all: they do not change what can be built.
    for (std::size_t index = 0; index < sweep.points.size(); index += 7) {
        const SweepPoint& point = sweep.points[index];
        if (point.choice[1] != 0) {
            continue;
        }
        const std::string& wiring = sweep.axes[0].values[point.choice[0]].label;
        const bool is_fixed = sweep.axes[2].values[point.choice[2]].label == "fixed";
        INFO(wiring << (is_fixed ? " fixed" : " divided"));
        bool built = true;
        try {
            static_cast<void>(load_sweep_point(path, {}, point.overrides));
        } catch (const UserError& error) {
            INFO(error.what());
            built = false;
        }
        // Links of a card: 15, 63 and 9; the chip has 7.
        const bool needs_more = wiring == "16 mesh" || wiring == "64 mesh" || wiring == "64 K4xK4xK4";
        CHECK(built != (needs_more && is_fixed));
    }
}

TEST_CASE("the effective scenario of a point reads back to the same scenario") {
    const std::string path = source_path("scenarios/sweeps/icn_collectives.yaml");
    const Loaded<Scenario> point = load_sweep_point(path, {}, {"cluster=ppu-16", "cluster.server.link_total=350 GB/s"});
    const std::string file =
        std::filesystem::temp_directory_path() / ("myriad_point_scenario_" + std::to_string(getpid()) + ".yaml");
    std::ofstream(file) << point_scenario_yaml(point);
    const Loaded<Scenario> again = load_scenario(file);
    std::filesystem::remove(file);
    CHECK(again.value.cluster.cards() == 16);
    CHECK(again.value.cluster.cluster.server.links.per_link == point.value.cluster.cluster.server.links.per_link);
    CHECK(std::get<CollectiveWorkload>(again.value.workload).sizes ==
          std::get<CollectiveWorkload>(point.value.workload).sizes);
}

TEST_CASE("a sweep with a typo in a path, an unknown axis or a label twice says so where it stands") {
    const auto message = [](const Overrides& overrides) -> std::string {
        try {
            static_cast<void>(load_sweep(source_path("scenarios/sweeps/icn_collectives.yaml"), overrides));
            return "";
        } catch (const UserError& error) {
            return error.diagnostics().front().message;
        }
    };
    CHECK(message({}).empty());
    CHECK_THAT(message({"axes.3.path=cluster.server.link_totl"}), Contains("did you mean 'link_total'"));
    CHECK_THAT(message({"axes.0.choices=[{name: a, set: ['cluster.severs=2']}]"}), Contains("did you mean 'servers'"));
    CHECK_THAT(message({"axes.0.choices=[{name: a, set: [cluster]}]"}), Contains("expected 'path=value'"));
    CHECK_THAT(message({"axes.2.values=[fixed, fixed]"}), Contains("stands twice"));
    CHECK_THAT(message({"tables.0.rows=totl"}), Contains("did you mean 'total'"));
    CHECK_THAT(message({"tables.0.value=busw"}), Contains("did you mean 'busbw'"));
    CHECK_THAT(message({"tables.0.where={links: fixd}"}), Contains("did you mean 'fixed'"));
}

TEST_CASE("configuration folders are found upwards from a file") {
    const ConfigRoots roots = find_config_roots(source_path("scenarios/sweeps/icn_collectives.yaml"));
    REQUIRE_FALSE(roots.folders.empty());
    CHECK(std::filesystem::equivalent(roots.folders.front(), source_path("configs")));
}

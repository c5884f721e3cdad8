// Whole runs from scenario files: the order of construction changes nothing, and the case that simulators are timed on
// takes the time that arithmetic says. Each run in a child process, because SystemC elaborates once a process.

#include "app/config_files/load.h"
#include "app/result/activity_json.h"
#include "app/result/csv.h"
#include "app/result/result_json.h"
#include "app/run/run.h"
#include "sim/process/children.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace myriad;

namespace {

RunReport run(const std::string& scenario, const Overrides& overrides, BuildOrder order) {
    const Loaded<Scenario> loaded = load_scenario(MYRIAD_SOURCE_FOLDER "/scenarios/" + scenario, overrides);
    return run_scenario(loaded.value, {.progress = false, .order = order}).report;
}

// Everything of a result but what stands in it for the host.
std::string results(const std::string& scenario, const Overrides& overrides, BuildOrder order) {
    const Loaded<Scenario> loaded = load_scenario(MYRIAD_SOURCE_FOLDER "/scenarios/" + scenario, overrides);
    const RunOutcome outcome = run_scenario(loaded.value, {.progress = false, .activity = true, .order = order});
    return result_json(outcome.report) + links_csv(outcome.report) + ops_csv(outcome.report) +
           activity_json(*outcome.activity);
}

void check_order(const std::string& scenario, const Overrides& overrides) {
    const auto children = run_children(2, [&](std::size_t job) {
        return results(scenario, overrides, job == 0 ? BuildOrder::forward : BuildOrder::reversed);
    });
    REQUIRE(children.size() == 2);
    for (const ChildResult& child : children) {
        CAPTURE(child.reason, child.output);
        REQUIRE(child.succeeded());
        CHECK(child.payload.size() > 1000);
    }
    // Not CHECK(a == b): a difference would print both whole.
    const bool is_same = children[0].payload == children[1].payload;
    CHECK(is_same);
}

}  // namespace

TEST_CASE("a training step on a server built in reverse gives the same result to the byte") {
    check_order("quickstart.yaml", {"workload.training.plan.global_batch=8"});
}

TEST_CASE("what is noted of a run does not change it") {
    const auto children = run_children(2, [&](std::size_t job) {
        const Loaded<Scenario> loaded = load_scenario(MYRIAD_SOURCE_FOLDER "/scenarios/all_reduce_server.yaml",
                                                      {"cluster=ppu-128", "workload.collective.sizes=[1 KiB, 10 MB]"});
        const RunOutcome outcome =
            run_scenario(loaded.value, {.progress = false, .activity = job == 1, .trace_ranks = job == 1 ? 4 : 0});
        return std::string(outcome.activity ? "noted" : "plain!").substr(0, 5) + result_json(outcome.report) +
               links_csv(outcome.report);
    });
    for (const ChildResult& child : children) {
        CAPTURE(child.reason, child.output);
        REQUIRE(child.succeeded());
    }
    CHECK(children[0].payload.substr(0, 5) == "plain");
    CHECK(children[1].payload.substr(0, 5) == "noted");
    const bool is_same = children[0].payload.substr(5) == children[1].payload.substr(5);
    CHECK(is_same);
}

TEST_CASE("a training step on two servers built in reverse gives the same result to the byte") {
    check_order("qwen3_32b_h20.yaml", {"workload.training.plan.global_batch=8"});
}

TEST_CASE("a training step at card level tile built in reverse gives the same result to the byte") {
    check_order("quickstart.yaml", {"workload.training.plan.global_batch=4", "fidelity.card=tile"});
}

TEST_CASE("inference built in reverse gives the same result to the byte") {
    check_order("inference/qwen3_235b_decode_ppu16.yaml", {"workload.inference.batch=16"});
}

TEST_CASE("cores that collectives occupy slow a step down with interference, and only then") {
    // Kernels of the matrix units work on 20 of 64 cores: while collectives hold 54 of them, on half of that.
    const Overrides common{"workload.training.plan.global_batch=4", "fidelity.network=analytic",
                           "cluster.server.chip.communication.cores=54"};
    const auto children = run_children(2, [&](std::size_t job) {
        Overrides all = common;
        all.emplace_back(job == 0 ? "fidelity.interference=on" : "fidelity.interference=off");
        return std::to_string(run("quickstart.yaml", all, BuildOrder::forward).training->result.step_time.count());
    });
    for (const ChildResult& child : children) {
        CAPTURE(child.reason, child.output);
        REQUIRE(child.succeeded());
    }
    CHECK(std::stoll(children[0].payload) > std::stoll(children[1].payload));
}

TEST_CASE("collectives over a fabric built in reverse give the same result to the byte") {
    check_order("all_reduce_server.yaml", {"cluster=ppu-128", "workload.collective.sizes=[1 KiB, 10 MB]"});
}

TEST_CASE("live cards built in reverse give the same result to the byte") {
    check_order("live_overlap.yaml",
                {"workload.overlap.gemm={m: 512, n: 512, k: 512}", "workload.overlap.collective.size=256 KiB"});
}

TEST_CASE("the ring of 1,024 cards takes 2 (n - 1) (S / (n B) + latency)") {
    const RunReport report = run("ring_1024.yaml", {}, BuildOrder::forward);
    REQUIRE(report.collectives.size() == 1);
    REQUIRE(report.links.size() == 1024);  // one way of each link carries, the other is dark
    // 2 x 1,023 steps; each sends 1 GiB / 1,024 = 1 MiB over one link, as the report gives its payload rate, and waits
    // for the 200 ns of configs/chips/zhenwu-810e.yaml. A message ends on a whole picosecond: up to 1 ps more a step.
    const double steps = 2.0 * 1023.0;
    const double step_ps = 1048576.0 * 1e12 / static_cast<double>(report.links.front().bandwidth.count()) + 200'000.0;
    CHECK(static_cast<double>(report.collectives.front().time.count()) >= std::floor(steps * step_ps));
    CHECK(static_cast<double>(report.collectives.front().time.count()) <= steps * (step_ps + 1.0));
    // Every message was simulated, each as one packet over one link.
    CHECK(report.counters.hops == 1024 * 2046);
}

TEST_CASE("the seed chooses the up-links of hashed flows, and nothing where there is no choice") {
    // Direct all-to-all over 128 cards of one segment: messages between rails go over one of 60 aggregation switches,
    // those inside a server or on one rail have no choice. At analytic level, so that one process can run both.
    const auto links = [](const std::string& seed, const std::string& routing) {
        return links_csv(run("all_reduce_server.yaml",
                             {"cluster=ppu-128", "fidelity.network=analytic", "workload.collective.op=all_to_all",
                              "workload.collective.algorithm=direct", "workload.collective.sizes=[1 MiB]",
                              "seed=" + seed, "cluster.routing=" + routing},
                             BuildOrder::forward));
    };
    const bool hashed_alike = links("1", "ecmp") == links("2", "ecmp");
    const bool same_seed_alike = links("2", "ecmp") == links("2", "ecmp");
    const bool dealt_alike = links("1", "spread") == links("2", "spread");
    CHECK(!hashed_alike);
    CHECK(same_seed_alike);
    CHECK(dealt_alike);
}

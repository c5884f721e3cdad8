// A training step with one card of each class run against the same step with all of them: step time, every kind of time,
// messages and collectives agree to 1e-9, on 16 to 512 cards and with every kind of parallelism. At packet level, where
// every cell is a packet, the same step is within the bound stated for flow level.

#include "app/config_files/load.h"
#include "app/run/run.h"
#include "sim/process/children.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

using namespace myriad;

namespace {

// What of a step two runs must share.
struct Figures {
    double step = 0.0;
    std::vector<double> kinds;  // mean and maximum over ranks, of each kind
    std::vector<double> busy;
    double messages = 0.0;
    double bytes = 0.0;
    double collectives = 0.0;
    double programs = 0.0;
};

std::string encode(const TrainingResult& result) {
    std::ostringstream out;
    out.precision(17);
    out << result.step_time.count() << ' ' << result.messages << ' ' << result.message_bytes.count() << ' '
        << result.collectives << ' ' << result.programs;
    for (std::size_t kind = 0; kind < kSpanKinds; ++kind) {
        out << ' ' << result.time[kind].mean.count() << ' ' << result.time[kind].max.count();
    }
    for (const Picoseconds busy : result.busy) {
        out << ' ' << busy.count();
    }
    return out.str();
}

Figures decode(const std::string& text) {
    std::istringstream in(text);
    Figures figures;
    in >> figures.step >> figures.messages >> figures.bytes >> figures.collectives >> figures.programs;
    figures.kinds.resize(2 * kSpanKinds);
    figures.busy.resize(kSpanKinds);
    for (auto* list : {&figures.kinds, &figures.busy}) {
        for (double& value : *list) {
            in >> value;
        }
    }
    return figures;
}

// One run in a process of its own each: SystemC elaborates once.
std::vector<Figures> run_with(const Overrides& base, const std::vector<Overrides>& variants) {
    const auto results = run_children(variants.size(), [&](std::size_t i) {
        Overrides overrides = base;
        overrides.insert(overrides.end(), variants[i].begin(), variants[i].end());
        const auto scenario = load_scenario(MYRIAD_SOURCE_FOLDER "/tests/differential/training/step.yaml", overrides);
        return encode(run_scenario(scenario.value, RunOptions{}).report.training->result);
    });
    std::vector<Figures> figures;
    for (const ChildResult& result : results) {
        INFO(result.reason << result.output);
        REQUIRE(result.succeeded());
        figures.push_back(decode(result.payload));
    }
    return figures;
}

bool same(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

// The overrides of a plan, without its path.
Overrides plan(const std::vector<std::string>& keys) {
    Overrides overrides;
    for (const std::string& key : keys) {
        overrides.push_back((key.starts_with("cluster") ? "" : "workload.training.plan.") + key);
    }
    return overrides;
}

// `most`: programs that may run.
void check_folded(const std::vector<std::string>& keys, double most) {
    const auto figures = run_with(plan(keys), {{"fidelity.fold=automatic"}, {"fidelity.fold=off"}});
    const Figures& folded = figures[0];
    const Figures& whole = figures[1];
    CAPTURE(keys, folded.programs, whole.programs);
    CHECK(folded.programs <= most);
    CHECK(whole.programs > most);
    CHECK(same(folded.step, whole.step));
    // Means are cut to picoseconds: a picosecond beside the share.
    for (std::size_t i = 0; i < folded.kinds.size(); ++i) {
        CAPTURE(name_of(static_cast<SpanKind>(i / 2)), i % 2, folded.kinds[i], whole.kinds[i]);
        CHECK(std::abs(folded.kinds[i] - whole.kinds[i]) <= 1.0 + 1e-9 * whole.step);
    }
    for (std::size_t i = 0; i < folded.busy.size(); ++i) {
        CHECK(std::abs(folded.busy[i] - whole.busy[i]) <= 1.0 + 1e-9 * whole.busy[i]);
    }
    CHECK(folded.messages == whole.messages);
    CHECK(folded.bytes == whole.bytes);
    CHECK(folded.collectives == whole.collectives);
}

}  // namespace

TEST_CASE("on 16 cards a folded step is the whole step") {
    check_folded({"cluster=ppu-16", "data_parallel=4", "pipeline_parallel=2", "global_batch=16"}, 8);
}

TEST_CASE("on 128 cards a folded step is the whole step, schedule by schedule") {
    check_folded({"schedule=1f1b"}, 32);
    check_folded({"schedule=interleaved", "virtual_stages=3"}, 32);
    check_folded({"schedule=zb-h1"}, 32);
    check_folded({"schedule=dualpipe"}, 64);
}

TEST_CASE("on 128 cards a folded step is the whole step with weights, sequences or experts divided") {
    check_folded({"zero_stage=3", "prefetch=2"}, 64);
    check_folded({"context_parallel=2", "data_parallel=8", "global_batch=64"}, 64);
    check_folded({"context_parallel=2", "data_parallel=8", "global_batch=64", "context_exchange=all_gather"}, 64);
    check_folded({"expert_tensor_parallel=2", "expert_parallel=4", "recompute=full"}, 64);
    check_folded({"dispatch=per_expert", "overlap_gradient_reduction=false"}, 64);
}

TEST_CASE("on 512 cards with evenly spread routes a folded step is the whole step") {
    check_folded({"cluster=h100-1024", "cluster.servers=64", "cluster.routing=spray", "tensor_parallel=4",
                  "data_parallel=32", "global_batch=256"},
                 256);
}

TEST_CASE("where experts are uneven every card is its own, and the step says so") {
    const auto figures = run_with(plan({"routing={distribution: zipf}"}), {{"fidelity.fold=automatic"}});
    CHECK(figures[0].programs == 128);
}

// A host that issues operations one by one, and stages that wait for their messages.

#include "tests/unit/training/cluster.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

namespace {

// Kernels of a step of `small_model` on one card, one micro-batch, each launched once.
std::int64_t kernels_of_step(const ParallelPlan& plan) {
    std::int64_t kernels = 0;
    Cluster cluster(1, [&](const Kernel&) { return Picoseconds{0}; });
    TrainingStep step(small_model(), plan, cluster.platform());
    std::int64_t of_layer = 0;
    step.visit_kernels([&](std::string_view, const Kernel& kernel) {
        // One layer stands for eight.
        const bool edge = kernel.label.starts_with("embedding") || kernel.label.starts_with("final_norm") ||
                          kernel.label.starts_with("lm_head") || kernel.label.starts_with("cross_entropy") ||
                          kernel.label == "adam";
        (edge ? kernels : of_layer) += kernel.launches;
    });
    return kernels + 8 * of_layer;
}

}  // namespace

TEST_CASE("with kernels of no time a step takes what the host needs to issue them") {
    ParallelPlan plan = small_plan(1, 1, 1, 1);
    plan.host_issue = us(7);
    Cluster cluster(1, [](const Kernel&) { return Picoseconds{0}; });
    const TrainingResult result = cluster.run(small_model(), plan);
    CHECK(result.step_time == us(7) * kernels_of_step(plan));
    CHECK(result.of(SpanKind::compute).mean == result.step_time);
}

TEST_CASE("a host that is faster than its kernels costs its first one only, and again after the norm") {
    // Every kernel takes 9 us, more than the 2 us that the host needs for the next: the card waits before the first
    // kernel, and before the optimizer, which the host issues when all that was before has ended.
    ParallelPlan plan = small_plan(1, 1, 1, 1);
    const auto time = [](const Kernel&) { return us(9); };
    const TrainingResult without = Cluster(1, time).run(small_model(), plan);
    plan.host_issue = us(2);
    const TrainingResult with = Cluster(1, time).run(small_model(), plan);
    CHECK(with.step_time == without.step_time + us(2) + us(2));
}

TEST_CASE("stages that wait for their messages take the message time twice a micro-batch longer") {
    // Two stages, m micro-batches, no compute: overlapped, messages of one direction follow each other at once; not
    // overlapped, a stage goes on when its message has arrived, so that with 1F1B each micro-batch takes one message
    // there and one back, one after the other: 2 m messages in a row.
    const auto step = [](bool overlap, std::int64_t m) {
        Cluster cluster(2, [](const Kernel&) { return Picoseconds{0}; });
        cluster.network.message_time = us(5);
        ParallelPlan plan = small_plan(1, 2, 1, m);
        plan.clip_gradients = false;
        plan.overlap_pipeline = overlap;
        return cluster.run(small_model(), plan).step_time;
    };
    CHECK(step(true, 1) == us(2 * 5));
    CHECK(step(false, 1) == us(2 * 5));
    CHECK(step(false, 6) > step(true, 6));
    CHECK(step(false, 6) <= us(2 * 6 * 5));
}

// Sums and bounds by hand, then on real steps: each bound is held against the step run again with the resource made twice
// as fast.

#include "tests/unit/explanation/spans.h"
#include "tests/unit/training/cluster.h"
#include "workloads/training/explanation.h"
#include "workloads/training/rank_waits.h"

#include "sim/random/random_stream.h"

#include <catch2/catch.hpp>

#include <iostream>

using namespace myriad;
using namespace myriad::test;

namespace {

GroupLinks over(LinkTier slowest, std::initializer_list<LinkTier> crossed) {
    GroupLinks links;
    links.slowest = slowest;
    for (const LinkTier kind : crossed) {
        links.crossed[static_cast<std::size_t>(kind)] = true;
    }
    return links;
}

Picoseconds bound_of(const Explanation& explanation, Change change) {
    for (const Bound& bound : explanation.bounds) {
        if (bound.change == change) {
            return bound.saves_at_most;
        }
    }
    return Picoseconds{0};
}

Explanation explained(const SpanLog& log, TimePoint end, const LinksOfGroups& links) {
    return make_explanation(log, critical_path(log, at(0), end), at(0), end, links);
}

}  // namespace

TEST_CASE("shares of the path add up, and half of a resource's share is what its doubling can save") {
    // rank 0: kernel 0-10 (2 launches), tensor wait 10-16 of which 1 is latency, expert wait 16-24, kernel 24-30 (HBM)
    Span gemm = kernel(0, 0, 10);
    gemm.fixed = us(2);
    Span tensor = wait(SpanKind::tensor, GroupKind::tensor, 0, 10, 16, {0, 10});
    tensor.fixed = us(1);
    const SpanLog log = log_of(1, {gemm, tensor, wait(SpanKind::expert, GroupKind::expert, 0, 16, 24, {0, 16}),
                                   kernel(0, 24, 30, ComputeBound::hbm, "router")});
    LinksOfGroups links{};
    links[static_cast<std::size_t>(GroupKind::tensor)] = over(LinkTier::icn, {LinkTier::icn});
    links[static_cast<std::size_t>(GroupKind::expert)] = over(LinkTier::nic, {LinkTier::icn, LinkTier::nic});
    const Explanation explanation = explained(log, at(30), links);
    CHECK(explanation.step == us(30));
    REQUIRE(explanation.path.size() == 4);
    CHECK(explanation.path[0] == PathShare{PathCategory::matrix, GroupKind::none, LinkTier::none, us(10), us(2), ""});
    CHECK(explanation.path[1] ==
          PathShare{PathCategory::network, GroupKind::expert, LinkTier::nic, us(8), us(0), "expert"});
    Picoseconds sum{0};
    for (const PathShare& share : explanation.path) {
        sum += share.time;
    }
    CHECK(sum == us(30));
    REQUIRE(explanation.operators.size() == 2);
    CHECK(explanation.operators[1] == PathOperator{"router", PathCategory::hbm, us(6)});
    CHECK(bound_of(explanation, Change::matrix) == us(4));  // (10 - 2) / 2
    CHECK(bound_of(explanation, Change::hbm) == us(3));     // 6 / 2
    CHECK(bound_of(explanation, Change::nic) == us(4));     // 8 / 2
    CHECK(bound_of(explanation, Change::icn) ==
          ps(6'500'000));  // (6 - 1) / 2 + 8 / 2: the expert's routes cross it too
    CHECK(bound_of(explanation, Change::launch) == us(2));
    CHECK(bound_of(explanation, Change::bubble) == us(0));
    CHECK(bound_of(explanation, Change::fabric) == us(0));
    CHECK(explanation.bounds.front().change == Change::icn);
    CHECK(explanation.bounds.front().slower_elsewhere == us(4));
}

TEST_CASE("what is not known may be of any resource") {
    SpanLogOptions options;
    options.chosen = {0};
    options.chosen_only = true;
    const SpanLog log =
        log_of(2, {kernel(0, 0, 4), wait(SpanKind::tensor, GroupKind::tensor, 0, 4, 10, {1, 8})}, options);
    LinksOfGroups links{};
    links[static_cast<std::size_t>(GroupKind::tensor)] = over(LinkTier::icn, {LinkTier::icn});
    const Explanation explanation = explained(log, at(10), links);
    CHECK(bound_of(explanation, Change::matrix) == us(2 + 2));  // half of 4, and half of the 4 that rank 1 was late
    CHECK(bound_of(explanation, Change::icn) == us(1 + 2));
    CHECK(explanation.recorded_ranks == 1);
}

TEST_CASE("a wait of one lane beside a kernel of the other is hidden") {
    // lane 0: kernel 0-6, tensor wait 6-8; lane 1: expert wait 2-9, of which the last peer came at 7; reduction 1-4 beside
    const SpanLog log = log_of(1, {kernel(0, 0, 6), wait(SpanKind::tensor, GroupKind::tensor, 0, 6, 8, {0, 6}),
                                   on_lane(1, wait(SpanKind::expert, GroupKind::expert, 0, 2, 9, {0, 7})),
                                   on_lane(2, wait(SpanKind::data, GroupKind::data, 0, 1, 4, {0, 1}))});
    const RankWaits waits = waits_of(log, 0, at(0), at(12));
    const auto of = [&](GroupKind group) { return waits.groups[static_cast<std::size_t>(group)]; };
    CHECK(of(GroupKind::expert).busy == us(7));
    CHECK(of(GroupKind::expert).exposed == us(3));  // 6-9
    CHECK(of(GroupKind::expert).late == us(1));     // 6-7
    CHECK(of(GroupKind::tensor).exposed == us(2));
    CHECK(of(GroupKind::data).busy == us(3));
    CHECK(of(GroupKind::data).exposed == us(0));
    CHECK(waits.bubble == us(3));  // done at 9, the step ends at 12
}

TEST_CASE("waiting again for what has long begun beside counts once") {
    // an all-gather begins at 0, beside a kernel until 5; then the rank waits for it until 8
    const SpanLog log =
        log_of(1, {kernel(0, 0, 5), on_lane(2, wait(SpanKind::tensor, GroupKind::tensor, 0, 0, 8, {0, 0})),
                   wait(SpanKind::tensor, GroupKind::tensor, 0, 5, 8, {0, 0})});
    const GroupWait tensor = waits_of(log, 0, at(0), at(8)).groups[static_cast<std::size_t>(GroupKind::tensor)];
    CHECK(tensor.busy == us(8));
    CHECK(tensor.exposed == us(3));
    CHECK(tensor.late == us(0));
}

namespace {

// Times of a step: of everything, drawn from a seed.
struct Times {
    std::int64_t forward, backward, tensor, data, model, message, optimizer;
    std::int64_t unit = 1;     // divides kernels
    std::int64_t network = 1;  // divides tensor, data, model
    std::int64_t pipeline = 1;
};

struct Ran {
    Picoseconds step;
    Explanation explanation;
};

Ran run(const ParallelPlan& plan, const Times& times) {
    Cluster cluster(plan.ranks(), [&](const Kernel& k) {
        const std::int64_t time = k.label == "mlp_up"         ? times.forward
                                  : k.label == "mlp_up_dgrad" ? times.backward
                                  : k.label == "adam"         ? times.optimizer
                                                              : 0;
        return ns(time) / times.unit;
    });
    cluster.network.collective_time = {{"tp", ns(times.tensor) / times.network},
                                       {"dp", ns(times.data) / times.network},
                                       {"model", ns(times.model) / times.network}};
    cluster.network.message_time = ns(times.message) / times.pipeline;
    SpanLogOptions options;
    options.ranks = plan.ranks();
    SpanLog log(options);
    TrainingPlatform platform = cluster.platform();
    platform.spans = &log;
    platform.nature = [](const Kernel&) { return KernelNature{ComputeBound::matrix, {}}; };
    TrainingStep step(small_model(), plan, platform);
    step.start();
    cluster.agenda.run();
    log.finish();
    const TimePoint end = TimePoint{step.result().step_time};
    const CriticalPath path = critical_path(log, at(0), end);
    TimePoint before = at(0);
    for (const PathSegment& segment : path.segments) {
        CHECK(segment.from == before);
        CHECK(segment.category != PathCategory::idle);
        CHECK(segment.category != PathCategory::late);
        before = segment.to;
    }
    CHECK(before == end);
    LinksOfGroups links{};
    for (GroupLinks& of : links) {
        of = over(LinkTier::icn, {LinkTier::icn});
    }
    links[static_cast<std::size_t>(GroupKind::none)] = over(LinkTier::nic, {LinkTier::nic});
    return {end.time_since_epoch(), make_explanation(log, path, at(0), end, links)};
}

}  // namespace

TEST_CASE("no run with a resource made twice as fast beats its bound") {
    constexpr std::uint64_t kSeed = 20261126;
    std::cout << "seed " << kSeed << "\n";
    RandomStream random(kSeed, "explanation");
    const auto draw = [&](std::uint64_t most) { return static_cast<std::int64_t>(random.bits() % most); };
    Picoseconds most_saved{0};
    for (int round = 0; round < 40; ++round) {
        const std::int64_t tp = std::int64_t{1} << draw(3);
        const std::int64_t pp = std::int64_t{1} << draw(3);
        const std::int64_t dp = std::int64_t{1} << draw(2);
        ParallelPlan plan = small_plan(tp, pp, dp, 1 + draw(6));
        plan.sequence_parallel = draw(2) == 0;
        plan.overlap_gradient_reduction = draw(2) == 0;
        plan.clip_gradients = draw(2) == 0;
        plan.zero_stage = static_cast<int>(draw(2));
        plan.schedule = draw(2) == 0 ? PipelineSchedule::gpipe : PipelineSchedule::one_forward_one_backward;
        const Times times{1 + draw(2000), 1 + draw(4000), draw(500), draw(3000), draw(300), draw(2000), 1 + draw(2000)};
        CAPTURE(kSeed, round, tp, pp, dp);
        const Ran base = run(plan, times);
        const auto check = [&](Change change, Times changed) {
            const Picoseconds saving = base.step - run(plan, changed).step;
            most_saved = std::max(most_saved, saving);
            CAPTURE(name_of(change));
            // Halving a time of a whole number of nanoseconds rounds down by less than a picosecond each.
            CHECK(saving <= bound_of(base.explanation, change));
        };
        Times changed = times;
        changed.unit = 2;
        check(Change::matrix, changed);
        changed = times;
        changed.network = 2;
        check(Change::icn, changed);
        changed = times;
        changed.pipeline = 2;
        check(Change::nic, changed);
    }
    CHECK(most_saved > us(1));  // the bounds were not compared with nothing
}

TEST_CASE("where one chain is all there is, its bound is what is saved") {
    // One micro-batch through two stages: 8 layers there and back, one message each way; nothing else takes time.
    ParallelPlan plan = small_plan(1, 2, 1, 1);
    plan.clip_gradients = false;
    const Times times{2000, 4000, 0, 0, 0, 1000, 0};
    const Ran base = run(plan, times);
    // 8 x 6 us of kernels + 2 x 1 us of messages
    CHECK(base.step == us(50));
    CHECK(bound_of(base.explanation, Change::matrix) == us(24));
    CHECK(bound_of(base.explanation, Change::nic) == us(1));
    Times faster = times;
    faster.unit = 2;
    CHECK(base.step - run(plan, faster).step == us(24));
    // Stage 0 computes 24 of the 50, stage 1 likewise, each waits for one message: the first for the gradient, its own
    // message beside nobody; so stage 0 is idle for 50 - 24 - 1. Stage 1 sends last and waits until that has arrived.
    CHECK(base.explanation.least_bubble == us(24));
}

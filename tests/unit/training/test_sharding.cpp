// What copies share: gradients, optimizer states, weights; sequences and experts divided over ranks.

#include "tests/unit/training/cluster.h"
#include "workloads/training/memory.h"

#include <catch2/catch.hpp>

#include <map>

using namespace myriad;
using namespace myriad::test;

namespace {

struct Seen {
    int calls = 0;
    std::int64_t bytes = 0;
    bool operator==(const Seen&) const = default;
};
std::map<CollectiveOp, Seen> seen(const FakeNetwork& network, const std::string& dimension) {
    std::map<CollectiveOp, Seen> result;
    for (const auto& record : network.collectives) {
        if (record.dimension == dimension) {
            ++result[record.op].calls;
            result[record.op].bytes += record.size.count();
        }
    }
    return result;
}

LlmConfig small_experts() {
    LlmConfig model = small_model();
    model.name = "small experts";
    model.ffn = 0;
    model.experts.experts = 8;
    model.experts.active_experts = 2;
    model.experts.intermediate = 32;
    return model;
}

}  // namespace

TEST_CASE("ZeRO-2 scatters gradients after every micro-batch, ZeRO-3 gathers weights before every use") {
    const LlmConfig model = small_model();
    const std::int64_t parameters = total_parameters(model);
    ParallelPlan plan = small_plan(1, 1, 4, 3);
    plan.clip_gradients = false;
    const auto run = [&](int zero) {
        Cluster cluster(4, layer_times(us(1), us(2)));
        plan.zero_stage = zero;
        cluster.run(model, plan);
        CHECK(cluster.network.mismatches.empty());
        return seen(cluster.network, "dp");
    };
    // Ten buckets (head, 8 layers, embedding) of fp32 gradients each micro-batch; weights once after the optimizer.
    CHECK(run(2)[CollectiveOp::reduce_scatter] == Seen{30, 3 * 4 * parameters});
    CHECK(run(2)[CollectiveOp::all_gather] == Seen{1, 2 * parameters});
    // Ten parts forward and ten backward for each of three micro-batches, none at the end.
    CHECK(run(3)[CollectiveOp::reduce_scatter] == Seen{30, 3 * 4 * parameters});
    CHECK(run(3)[CollectiveOp::all_gather] == Seen{60, 6 * 2 * parameters});
}

TEST_CASE("weights gathered ahead are hidden behind the layer before") {
    // A layer takes 4 us forward, a gather 3 us: with one layer ahead only the first of a step is exposed (the
    // embedding's takes no time to compute, so the first layer's gather is too).
    const auto exposed = [](Picoseconds gather, std::int64_t prefetch) {
        Cluster cluster(2, layer_times(us(4), us(4)));
        cluster.network.collective_time["dp"] = gather;
        ParallelPlan plan = small_plan(1, 1, 2, 1);
        plan.zero_stage = 3;
        plan.prefetch = prefetch;
        plan.clip_gradients = false;
        const TrainingResult result = cluster.run(small_model(), plan);
        return result.of(SpanKind::data).max;
    };
    // Gathers follow each other from the start: embedding at 3, layers at 6, 9 ...: exposed 6 us. The head is used twice
    // in no time, so the last layer's second gather is asked for when its forward has ended: 3 us. At the end the
    // reduction of a layer and of the embedding: 2 x 3 us.
    CHECK(exposed(us(3), 2) == us(6 + 3 + 6));
    // Twice as long as a layer: everything waits for gathers. Forward 10 and backward 10 of 8 us, less what computes
    // beside them, then reductions.
    CHECK(exposed(us(8), 4) > us(8 * 20 - 4 * 16));
}

TEST_CASE("memory shrinks with the ZeRO stage by what is divided") {
    const LlmConfig model = small_model();
    ParallelPlan plan = small_plan(1, 1, 8, 1);
    const auto use = [&](int zero) {
        plan.zero_stage = zero;
        return memory_by_stage(model, plan)[0];
    };
    const std::int64_t parameters = total_parameters(model);
    const std::int64_t layer = dense_layer_parameters(model).matrices + dense_layer_parameters(model).replicated;
    CHECK(use(0).optimizer == Bytes{12 * parameters});
    CHECK(use(1).optimizer == Bytes{12 * parameters / 8});
    CHECK(use(1).gradients == Bytes{4 * parameters});
    CHECK(use(2).gradients == Bytes{4 * (parameters / 8 + layer)});
    CHECK(use(2).weights == Bytes{2 * parameters});
    CHECK(use(3).weights == Bytes{2 * (parameters / 8 + 2 * layer)});  // this layer and the next
}

TEST_CASE("experts exchange tokens four times a layer, and reduce gradients in their own group") {
    // tp 1, dp 4, ep 2: each expert is on two ranks.
    Cluster cluster(4, layer_times(us(1), us(2)));
    const LlmConfig model = small_experts();
    ParallelPlan plan = small_plan(1, 1, 4, 1);
    plan.expert_parallel = 2;
    plan.clip_gradients = false;
    plan.dispatch = ExpertDispatch::per_expert;
    cluster.run(model, plan);
    const auto exchanges = seen(cluster.network, "ep");
    // Two groups x 8 layers x (dispatch, combine) x (forward, backward); a rank sends 32 tokens x 2 copies x 64
    // channels x 2 bytes, its own share included.
    CHECK(exchanges.at(CollectiveOp::all_to_all) == Seen{2 * 8 * 4, std::int64_t{2} * 8 * 4 * 32 * 2 * 64 * 2});
    // 3 x 64 x 32 parameters an expert, 4 experts a rank, two groups of two ranks: fp32 gradients of 8 layers.
    CHECK(seen(cluster.network, "edp").at(CollectiveOp::reduce_scatter) ==
          Seen{2 * 8, std::int64_t{2} * 8 * 4 * 3 * 64 * 32 * 4});
    CHECK(cluster.network.mismatches.empty());
}

TEST_CASE("exchanges by way of servers run side by side, over rails and inside servers") {
    // dp 4, ep 4, two ranks a server: two servers of two, two rails of two.
    Cluster cluster(4, layer_times(us(1), us(2)));
    cluster.network.collective_time["ep-rail"] = us(5);
    cluster.network.collective_time["ep-server"] = us(3);
    const LlmConfig model = small_experts();
    ParallelPlan plan = small_plan(1, 1, 4, 1);
    plan.expert_parallel = 4;
    plan.dispatch = ExpertDispatch::per_server;
    plan.expert_server = 2;
    plan.clip_gradients = false;
    REQUIRE(validate(plan, model, 4).empty());
    const TrainingResult result = cluster.run(model, plan);
    CHECK(cluster.network.mismatches.empty());
    CHECK(seen(cluster.network, "ep").empty());
    // Two of eight experts, four a server: both on one with probability 2 C(4, 2) / C(8, 2) = 3/7, so 11/7 servers; two a
    // rank: 4 C(2, 2) / C(8, 2) = 1/7, so 13/7 ranks. 32 tokens of 64 channels of 2 bytes, rounded up.
    const std::int64_t servers = 51;  // 32 x 11 / 7 = 50.3
    const std::int64_t ranks = 60;    // 32 x 13 / 7 = 59.4
    CHECK(seen(cluster.network, "ep-rail").at(CollectiveOp::all_to_all) == Seen{2 * 8 * 4, 2 * 8 * 4 * servers * 128});
    CHECK(seen(cluster.network, "ep-server").at(CollectiveOp::all_to_all) == Seen{2 * 8 * 4, 2 * 8 * 4 * ranks * 128});
    // The longer of the two is waited for, four times a layer.
    CHECK(result.of(SpanKind::expert).mean == us(8 * 4 * 5));
    CHECK(result.busy_of(SpanKind::expert) == us(8 * 4 * (5 + 3)));
}

TEST_CASE("ring attention shifts keys and values round, an all-gather collects them") {
    Cluster ring(4, layer_times(us(1), us(2)));
    ring.network.message_time = us(3);
    ParallelPlan plan = small_plan(1, 1, 1, 1);
    plan.context_parallel = 4;
    plan.sequence_length = 64;
    const TrainingResult result = ring.run(small_model(), plan);
    // A layer on each of 4 ranks: 3 shifts forward; 4 backward, as the gradients of a block go on to where it came from.
    // Nothing computes beside them here.
    CHECK(result.messages == 4 * 8 * (3 + 4));
    CHECK(result.busy_of(SpanKind::context) == us(3 * 8 * (3 + 4)));
    CHECK(result.of(SpanKind::context).mean == us(3 * 8 * (3 + 4)));
    // K and V of 16 tokens, 4 heads of 8 channels, 2 bytes; backward 3 shifts of K and V and 4 of their gradients.
    const std::int64_t block = 2 * 16 * 4 * 8 * 2;
    CHECK(result.message_bytes == Bytes{4 * 8 * (3 + 3 + 4) * block});

    Cluster gather(4, layer_times(us(1), us(2)));
    plan.context_exchange = ContextExchange::all_gather;
    gather.run(small_model(), plan);
    const auto calls = seen(gather.network, "cp");
    CHECK(calls.at(CollectiveOp::all_gather).calls == 8);
    CHECK(calls.at(CollectiveOp::all_gather).bytes == 8 * 4 * block);
    CHECK(calls.at(CollectiveOp::reduce_scatter).calls == 8);
    // Parameters are the same on all of them: gradients are reduced over context-parallel ranks too.
    CHECK(seen(gather.network, "dp").at(CollectiveOp::reduce_scatter).calls == 10);
}

TEST_CASE("uneven routing gives ranks different work, and the fullest decides") {
    LlmConfig model = small_experts();
    // Time of a grouped GEMM by its rows.
    const auto rows = [](const Kernel& kernel) {
        const auto* shape = std::get_if<GroupedGemmShape>(&kernel.shape);
        std::int64_t sum = 0;
        for (const std::int64_t r : shape != nullptr ? shape->rows : std::span<const std::int64_t>{}) {
            sum += r;
        }
        return ns(sum);
    };
    const auto run = [&](RoutingDistribution distribution) {
        Cluster cluster(4, rows);
        ParallelPlan plan = small_plan(1, 1, 4, 2);
        plan.expert_parallel = 4;
        plan.routing.distribution = distribution;
        plan.routing.skew = 1.0;
        const TrainingResult result = cluster.run(model, plan);
        CHECK(cluster.network.mismatches.empty());
        return result;
    };
    const TrainingResult even = run(RoutingDistribution::balanced);
    const TrainingResult skewed = run(RoutingDistribution::zipf);
    CHECK(even.imbalance == 1.0);
    CHECK(skewed.imbalance > 1.2);
    CHECK(even.of(SpanKind::compute).min == even.of(SpanKind::compute).max);
    CHECK(skewed.of(SpanKind::compute).max > skewed.of(SpanKind::compute).min);
    // As many rows in all: 32 tokens x 2 experts a rank, 8 layers, 2 micro-batches, 4 products of a row (up and down,
    // forward and dgrad; gradients of weights have another shape, which takes no time here).
    CHECK(even.of(SpanKind::compute).mean == ns(32 * 2 * 8 * 2 * 4));
    CHECK(skewed.of(SpanKind::compute).mean == even.of(SpanKind::compute).mean);
    CHECK(skewed.step_time > even.step_time);
}

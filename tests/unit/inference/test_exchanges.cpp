// What goes over the network in a step.

#include "tests/unit/inference/cluster.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace myriad;
using namespace myriad::test;

namespace {

std::int64_t count_of(const FakeNetwork& network, std::string_view dimension, CollectiveOp op) {
    return std::count_if(network.collectives.begin(), network.collectives.end(),
                         [&](const FakeNetwork::Record& r) { return r.dimension == dimension && r.op == op; });
}

}  // namespace

TEST_CASE("tensor parallelism waits for two all-reduces a layer, one of the embedding, and the logits") {
    InferenceCluster cluster(4, layer_time(us(10)));
    cluster.network.collective_time["tp"] = us(2);
    InferencePlan plan;
    plan.tensor_parallel = 4;
    plan.batch = 3;
    plan.context = 50;
    const InferenceResult result = cluster.run(eight_layers(), plan);
    CHECK(result.step_time == us(8 * 10 + (2 * 8 + 2) * 2));
    CHECK(result.of(SpanKind::tensor).mean == us((2 * 8 + 2) * 2));
    CHECK(result.busy_of(SpanKind::tensor) == us((2 * 8 + 2) * 2));
    // 6 steps in all.
    CHECK(count_of(cluster.network, "tp", CollectiveOp::all_reduce) == 6 * 17);
    CHECK(count_of(cluster.network, "tp", CollectiveOp::all_gather) == 6);
    // The sum of 3 tokens' hidden states of 64 channels, two bytes.
    CHECK(cluster.network.collectives.front().size == Bytes{3 * 64 * 2});
    CHECK(cluster.network.mismatches.empty());
}

TEST_CASE("expert parallelism dispatches and combines once a layer with experts") {
    LlmConfig model = qwen3_30b_a3b();
    model.layers = 5;
    for (const bool random : {false, true}) {
        InferenceCluster cluster(8, layer_time(us(0)));
        cluster.network.collective_time["ep"] = us(4);
        InferencePlan plan;
        plan.data_parallel = 8;
        plan.expert_parallel = 8;
        plan.batch = 64;
        plan.context = 50;
        plan.routing.distribution = random ? RoutingDistribution::uniform : RoutingDistribution::balanced;
        const InferenceResult result = cluster.run(model, plan);
        const CollectiveOp op = random ? CollectiveOp::all_to_allv : CollectiveOp::all_to_all;
        CAPTURE(random);
        CHECK(count_of(cluster.network, "ep", op) == 6 * 5 * 2);
        CHECK(result.of(SpanKind::expert).mean == us(5 * 2 * 4));
        CHECK(result.step_time == us(5 * 2 * 4));
        CHECK(cluster.network.mismatches.empty());
        CHECK((result.imbalance > 1.0) == random);
        if (!random) {
            // 8 tokens of a rank, each to the ranks that have one of its 8 experts: 8 (1 - C(112, 8) / C(128, 8)) =
            // 5.36 ranks on average, 42.9 copies, rounded up; 2048 channels of two bytes.
            CHECK(cluster.network.collectives.front().size == Bytes{43 * 2048 * 2});
        }
    }
}

TEST_CASE("experts cut by tensor parallelism need no exchange but the sum") {
    LlmConfig model = qwen3_30b_a3b();
    model.layers = 2;
    InferenceCluster cluster(4, layer_time(us(0)));
    InferencePlan plan;
    plan.tensor_parallel = 4;
    plan.batch = 4;
    plan.context = 50;
    (void)cluster.run(model, plan);
    CHECK(count_of(cluster.network, "tp", CollectiveOp::all_reduce) == 6 * (2 * 2 + 1));
    CHECK(count_of(cluster.network, "ep", CollectiveOp::all_to_all) == 0);
}

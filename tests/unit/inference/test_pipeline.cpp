// Steps through pipelines against closed forms. layer_time(t): a stage with n layers takes n t for a micro-batch.

#include "sim/error/error.h"
#include "tests/unit/inference/cluster.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace myriad;
using namespace myriad::test;

namespace {

InferencePlan decode_plan(std::int64_t stages, std::int64_t micro_batches) {
    InferencePlan plan;
    plan.pipeline_parallel = stages;
    plan.micro_batches = micro_batches;
    plan.batch = 2 * micro_batches;
    plan.context = 100;
    return plan;
}

InferencePlan prefill_plan(std::int64_t stages, std::int64_t micro_batches) {
    InferencePlan plan = decode_plan(stages, micro_batches);
    plan.phase = InferencePhase::prefill;
    plan.tokens = 16;
    plan.context = 0;
    return plan;
}

// Ways to cut eight layers.
const std::vector<std::vector<std::int64_t>> kCuts{{8}, {4, 4}, {2, 2, 2, 2}, {5, 1, 1, 1}, {1, 4, 2, 1}, {3, 5}};

std::int64_t longest(const std::vector<std::int64_t>& cut) { return *std::max_element(cut.begin(), cut.end()); }

}  // namespace

TEST_CASE("decode: a token takes m longest stages, or its way through all of them") {
    // Every stage has m micro-batches a step, so m t_max; a micro-batch comes back after its pass through all eight layers
    // and one message a stage (p - 1 activations and one of tokens), where there are stages.
    for (const std::vector<std::int64_t>& cut : kCuts) {
        for (const std::int64_t m : {1, 2, 3, 4, 8}) {
            for (const std::int64_t message : {0, 7}) {
                const auto p = static_cast<std::int64_t>(cut.size());
                InferenceCluster cluster(p, layer_time(us(3)));
                cluster.network.message_time = us(message);
                InferencePlan plan = decode_plan(p, m);
                plan.layers_of_stage = cut;
                const InferenceResult result = cluster.run(eight_layers(), plan);
                const std::int64_t through = 8 * 3 + (p > 1 ? p * message : 0);
                const Picoseconds expected = us(std::max(m * 3 * longest(cut), through));
                CAPTURE(p, longest(cut), m, message);
                CHECK(result.step_time == expected);
                CHECK(result.shortest_step == expected);
                CHECK(result.longest_step == expected);
                CHECK(result.tokens_per_second == Approx(2.0 * static_cast<double>(m) / seconds(expected)));
                // The bound of the run knows no time of messages here.
                CHECK(result.lower_bound == us(std::max(m * 3 * longest(cut), std::int64_t{8 * 3})));
            }
        }
    }
}

TEST_CASE("decode: kinds of time add up to the step, on every rank") {
    InferenceCluster cluster(4, layer_time(us(3)));
    cluster.network.message_time = us(2);
    InferencePlan plan = decode_plan(4, 4);
    plan.layers_of_stage = {1, 4, 2, 1};
    const InferenceResult result = cluster.run(eight_layers(), plan);
    // The second stage works all the time: 4 x 4 x 3 us. The others have 4, 8 and 4 layers' passes a step.
    CHECK(result.step_time == us(48));
    CHECK(result.of(SpanKind::compute).max == us(48));
    CHECK(result.of(SpanKind::compute).min == us(12));
    CHECK(result.of(SpanKind::compute).mean == us((12 + 48 + 24 + 12) / 4));
    Picoseconds sum{0};
    for (const Spread& spread : result.time) {
        sum += spread.mean;
    }
    CHECK(sum <= result.step_time);
    CHECK(sum >= result.step_time - Picoseconds{static_cast<std::int64_t>(kSpanKinds)});  // rounded down
}

TEST_CASE("prefill: the first token after all stages, the last one m - 1 longest stages later") {
    for (const std::vector<std::int64_t>& cut : kCuts) {
        for (const std::int64_t m : {1, 2, 5}) {
            const auto p = static_cast<std::int64_t>(cut.size());
            InferenceCluster cluster(p, layer_time(us(3)));
            InferencePlan plan = prefill_plan(p, m);
            plan.layers_of_stage = cut;
            const InferenceResult result = cluster.run(eight_layers(), plan);
            CAPTURE(p, longest(cut), m);
            CHECK(result.first_tokens == us(8 * 3));
            CHECK(result.all_first_tokens == us(8 * 3 + (m - 1) * 3 * longest(cut)));
            // Batch after batch: as fast as the longest stage.
            CHECK(result.step_time == us(m * 3 * longest(cut)));
            CHECK(result.tokens == 2 * m * 16);
        }
    }
}

TEST_CASE("every message is received once; the last step sends no tokens back") {
    InferenceCluster cluster(4 * 2, layer_time(us(1)));
    cluster.network.message_time = us(1);
    InferencePlan plan = decode_plan(4, 4);
    plan.data_parallel = 2;
    plan.batch = 16;
    const InferenceResult result = cluster.run(eight_layers(), plan);
    for (const auto& [key, count] : cluster.network.messages) {
        CHECK(count == std::pair{1, 1});
    }
    // 2 copies, 6 steps of 4 micro-batches over 3 boundaries; tokens after all steps but the last.
    CHECK(result.messages == 2 * (6 * 4 * 3 + 5 * 4));
    // 2 sequences x 64 channels x 2 bytes; 2 tokens x 4 bytes
    CHECK(result.message_bytes == Bytes{2 * (6 * 4 * 3 * 256 + 5 * 4 * 8)});
}

TEST_CASE("a message that never comes is reported as what is waited for") {
    InferenceCluster cluster(2, layer_time(us(1)));
    cluster.network.loses_from_tag = 4;
    InferenceRun run(eight_layers(), decode_plan(2, 2), cluster.platform());
    run.start();
    cluster.agenda.run();
    CHECK_FALSE(run.finished());
    CHECK_THROWS_AS(run.result(), LawError);
    CHECK_THAT(run.unfinished(), Catch::Matchers::Contains("waits for"));
}

TEST_CASE("the same run twice gives the same result") {
    LlmConfig model = qwen3_30b_a3b();
    model.layers = 3;
    InferencePlan plan;
    plan.data_parallel = 4;
    plan.expert_parallel = 4;
    plan.batch = 32;
    plan.context = 64;
    plan.routing.distribution = RoutingDistribution::uniform;
    const auto run = [&] {
        InferenceCluster cluster(4, roofline_of(memory_bound_chip()));
        return cluster.run(model, plan);
    };
    const InferenceResult first = run();
    const InferenceResult second = run();
    CHECK(first.step_time == second.step_time);
    CHECK(first.experts_hit == second.experts_hit);
    REQUIRE(first.operators.size() == second.operators.size());
    for (std::size_t i = 0; i < first.operators.size(); ++i) {
        CHECK(first.operators[i].label == second.operators[i].label);
        CHECK(first.operators[i].total == second.operators[i].total);
    }
}

TEST_CASE("spans of a rank follow each other without a gap from the start to its end") {
    struct Sink final : SpanSink {
        void on_span(const Span& span) override {
            CHECK(span.start == end[span.rank]);
            end[span.rank] = span.end;
        }
        std::map<std::int64_t, TimePoint> end;
    } sink;
    InferenceCluster cluster(2, layer_time(us(1)));
    cluster.spans = &sink;
    cluster.network.message_time = us(1);
    const InferenceResult result = cluster.run(eight_layers(), decode_plan(2, 2));
    CHECK(result.step_time > Picoseconds{0});
    CHECK(sink.end.size() == 2);
}

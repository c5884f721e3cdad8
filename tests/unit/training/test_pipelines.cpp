// Steps of every pipeline schedule against closed forms: a layer takes f forward, b for the gradient of its input and w
// for that of its weight; communication is free. Eight layers, so a stage of P takes 8 / P layers.

#include "tests/unit/training/cluster.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

namespace {

FakeCard::Time three_times(Picoseconds f, Picoseconds b, Picoseconds w) {
    return [=](const Kernel& kernel) {
        return kernel.label == "mlp_up"         ? f
               : kernel.label == "mlp_up_dgrad" ? b
               : kernel.label == "mlp_up_wgrad" ? w
                                                : Picoseconds{0};
    };
}

ParallelPlan pipeline_plan(PipelineSchedule schedule, std::int64_t stages, std::int64_t micro_batches) {
    ParallelPlan plan = small_plan(1, stages, 1, micro_batches);
    plan.schedule = schedule;
    plan.virtual_stages = schedule == PipelineSchedule::interleaved ? 2 : 1;
    return plan;
}

}  // namespace

TEST_CASE("the bubble of each schedule is its closed form when communication is free") {
    // The step ends when all stages have: the zero-bubble schedules lose (P - 1) max(f, f + b - w) or
    // (P - 1) max(f, f + b - 2 w) with such an end (docs/pipelines.md), the others (P - 1)(f + b + w) or its v-th part.
    // DualPipe: (P / 2 - 1)(f + b + w + b + w - 3 w), side by side as long as one after the other on one card.
    const std::int64_t stages = 4;
    const auto bubble = [&](PipelineSchedule schedule, Picoseconds f, Picoseconds b, Picoseconds w) {
        Cluster cluster(stages, three_times(f, b, w));
        const TrainingResult result = cluster.run(small_model(), pipeline_plan(schedule, stages, 16));
        const Picoseconds work = (f + b + w) * (8 * 16 / stages);
        CHECK(result.of(SpanKind::compute).min == work);
        CHECK(result.of(SpanKind::bubble).min == result.step_time - work);
        return result.step_time - work;
    };
    using enum PipelineSchedule;
    for (const auto& [f, b, w] : {std::tuple{us(2), us(2), us(2)}, {us(3), us(4), us(2)}, {us(5), us(4), us(3)}}) {
        CAPTURE(f.count(), b.count(), w.count());
        const std::int64_t layers = 8 / stages;  // of a stage
        const std::int64_t fill = (stages - 1) * layers;
        CHECK(bubble(gpipe, f, b, w) == (f + b + w) * fill);
        CHECK(bubble(one_forward_one_backward, f, b, w) == (f + b + w) * fill);
        CHECK(bubble(interleaved, f, b, w) == (f + b + w) * fill / 2);
        CHECK(bubble(zb_h1, f, b, w) == std::max(f, f + b - w) * fill);
        CHECK(bubble(zb_h2, f, b, w) == std::max(f, f + b - 2 * w) * fill);
    }
}

TEST_CASE("DualPipe leaves (P/2 - 1)(F&B + B - 3W) idle where forward and input gradient take as long") {
    // f = b, w <= f: where the published form holds. A chunk of P = 4 has 8 / 4 layers.
    for (const auto& [f, w] : {std::pair{us(2), us(2)}, {us(4), us(1)}}) {
        Cluster cluster(4, three_times(f, f, w));
        const TrainingResult result = cluster.run(small_model(), pipeline_plan(PipelineSchedule::dualpipe, 4, 16));
        const Picoseconds work = (f + f + w) * (2 * 16);
        const Picoseconds together = f + f + w;
        CAPTURE(f.count(), w.count());
        CHECK(result.of(SpanKind::compute).min == work);
        CHECK(result.step_time - work == (together + f + w - 3 * w) * 2 * (4 / 2 - 1));
    }
}

TEST_CASE("DualPipe hides what one pass waits for behind the kernels of another") {
    // Two ranks of experts in each of two stages. Attention and experts take 2 us each way, an exchange 1 us. Alone every
    // exchange is exposed; side by side, the kernels of one pass run while the other's tokens travel.
    LlmConfig model = small_model();
    model.ffn = 0;
    model.experts.experts = 4;
    model.experts.active_experts = 2;
    model.experts.intermediate = 64;
    const auto exposed = [&](PipelineSchedule schedule) {
        Cluster cluster(4, [](const Kernel& kernel) {
            const bool counts = kernel.label == "expert_up" || kernel.label == "expert_up_dgrad" ||
                                kernel.label == "flash_attention" || kernel.label == "flash_attention_grad";
            return counts ? us(2) : Picoseconds{0};
        });
        cluster.network.collective_time["ep"] = us(1);
        ParallelPlan plan = small_plan(1, 2, 2, 16);
        plan.schedule = schedule;
        plan.expert_parallel = 2;
        const TrainingResult result = cluster.run(model, plan);
        // Hidden or not: four exchanges a layer and micro-batch. DualPipe: eight layers a rank, half of the micro-batches.
        CHECK(result.busy_of(SpanKind::expert) == us(1) * (4 * 4 * 16));
        return result.of(SpanKind::expert).mean;
    };
    CHECK(exposed(PipelineSchedule::one_forward_one_backward) == us(4 * 4 * 16));
    CHECK(exposed(PipelineSchedule::dualpipe) < us(4 * 4 * 16 / 2));
}

TEST_CASE("layers that do not come out even go to the middle, or where the plan says") {
    // 8 layers + embedding + head = 10 units on 3 positions: 3, 4, 3 less the edges' own.
    const auto counts = [](const ParallelPlan& plan) {
        std::vector<std::int64_t> result;
        for (const LayerRange& range : layer_ranges(plan, small_model())) {
            result.push_back(range.count);
        }
        return result;
    };
    ParallelPlan plan = pipeline_plan(PipelineSchedule::one_forward_one_backward, 3, 6);
    CHECK(counts(plan) == std::vector<std::int64_t>{2, 4, 2});
    plan.layers_of_stage = {1, 6, 1};
    CHECK(counts(plan) == std::vector<std::int64_t>{1, 6, 1});
    Cluster cluster(3, layer_times(us(1), us(2)));
    // The middle stage works 6 x 3 us a micro-batch; one layer before it forward, one backward after its last.
    CHECK(cluster.run(small_model(), plan).step_time == us(6 * 18 + 1 + 2));
    plan.layers_of_stage = {1, 6, 2};
    const auto problems = validate(plan, small_model(), 3);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].key == "layers_of_stage");
    CHECK_THAT(problems[0].message,
               Catch::Contains("expected 3 counts") && Catch::Contains("found 3 that add up to 9"));
}

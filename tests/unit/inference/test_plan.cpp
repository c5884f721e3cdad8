// What is wrong with a plan, key by key.

#include "tests/unit/inference/cluster.h"

#include <catch2/catch.hpp>

#include <functional>

using namespace myriad;
using namespace myriad::test;
using Catch::Matchers::Contains;

namespace {

struct Wrong {
    std::function<void(InferencePlan&)> change;
    const char* key;
    const char* words;
};

InferencePlan good() {
    InferencePlan plan;
    plan.tensor_parallel = 4;
    plan.data_parallel = 2;
    plan.pipeline_parallel = 2;
    plan.expert_parallel = 8;
    plan.batch = 64;
    plan.context = 1000;
    return plan;
}

LlmConfig limited() {
    LlmConfig model = qwen3_235b_a22b();
    model.max_position = 40960;
    return model;
}

}  // namespace

TEST_CASE("a good plan has no problem, and everything wrong is found at its key") {
    CHECK(validate(good(), limited(), 16).empty());
    const Wrong wrongs[] = {
        {[](InferencePlan& p) { p.batch = 0; }, "batch", "expected at least 1"},
        {[](InferencePlan& p) { p.batch = 62; }, "batch",
         "batch 62 is not a multiple of data_parallel 2 x micro_batches 2 (a pipeline stage each)"},
        {[](InferencePlan& p) { p.micro_batches = 3; }, "batch", "x micro_batches 3"},
        {[](InferencePlan& p) { p.data_parallel = 1; }, "tensor_parallel", "is 8 ranks, but the cluster has 16 cards"},
        {[](InferencePlan& p) { p.expert_parallel = 3; }, "expert_parallel", "does not divide the 128 experts"},
        {[](InferencePlan& p) { p.expert_tensor_parallel = 4; }, "expert_parallel",
         "does not divide the 8 ranks of a pipeline stage"},
        {[](InferencePlan& p) {
             p.layers_of_stage = {90, 3};
         },
         "layers_of_stage", "add up to the 94 layers"},
        {[](InferencePlan& p) { p.context = 40960; }, "context", "above the max_position 40960"},
        {[](InferencePlan& p) {
             p.phase = InferencePhase::prefill;
             p.tokens = 40000;
         },
         "tokens", "context 1000 and 40000 new are above"},
        {[](InferencePlan& p) { p.dispatch = ExpertDispatch::per_server; }, "dispatch",
         "unsupported: inference with dispatch per_server"},
        {[](InferencePlan& p) { p.context = -1; }, "context", "expected at least 0"},
        {[](InferencePlan& p) { p.type = DataType::fp32; }, "data_type", "bf16 or fp16"},
    };
    for (const Wrong& wrong : wrongs) {
        InferencePlan plan = good();
        wrong.change(plan);
        const std::vector<PlanProblem> problems = validate(plan, limited(), 16);
        CAPTURE(wrong.key, wrong.words);
        REQUIRE_FALSE(problems.empty());
        CHECK(problems[0].key == wrong.key);
        CHECK_THAT(problems[0].message, Contains(wrong.words));
    }
}

TEST_CASE("tensor parallelism beyond the key-value heads is fine where it is a multiple of them") {
    const LlmConfig model = qwen3_235b_a22b();  // 4 key-value heads
    InferencePlan plan;
    plan.expert_parallel = 1;
    plan.context = 10;
    for (const auto& [tp, fits] : {std::pair{2, true}, {4, true}, {8, true}, {16, true}}) {
        plan.tensor_parallel = tp;
        CHECK(validate(plan, model, tp).empty() == fits);
    }
    LlmConfig odd = dense("odd", {8, 96, 12, 6, 8, 96, 512});
    plan.tensor_parallel = 4;  // neither 6 % 4 nor 4 % 6
    const std::vector<PlanProblem> problems = validate(plan, odd, 4);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("neither divides the 6 kv_heads"));
}

TEST_CASE("experts are cut by tensor parallelism where they are not spread") {
    InferencePlan plan;
    plan.tensor_parallel = 8;
    CHECK(plan.tensor_of_experts() == 8);
    plan.expert_parallel = 8;
    CHECK(plan.tensor_of_experts() == 1);
    plan.expert_tensor_parallel = 2;
    CHECK(plan.tensor_of_experts() == 2);
}

TEST_CASE("dense models refuse what is about experts") {
    InferencePlan plan;
    plan.context = 10;
    plan.tensor_parallel = 4;
    plan.expert_parallel = 4;
    plan.routing.distribution = RoutingDistribution::uniform;
    const std::vector<PlanProblem> problems = validate(plan, qwen3_8b(), 4);
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].key == "expert_parallel");
    CHECK(problems[1].key == "routing");
}

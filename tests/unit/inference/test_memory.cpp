// Memory of a card: weights from published totals, caches by hand.

#include "tests/unit/inference/cluster.h"

#include <catch2/catch.hpp>

#include <numeric>

using namespace myriad;
using namespace myriad::test;
using Catch::Matchers::Contains;

namespace {

InferencePlan plan_of(std::int64_t tp, std::int64_t pp, std::int64_t dp, std::int64_t batch) {
    InferencePlan plan;
    plan.tensor_parallel = tp;
    plan.pipeline_parallel = pp;
    plan.data_parallel = dp;
    plan.micro_batches = 1;
    plan.batch = batch;
    plan.context = 4095;
    return plan;
}

}  // namespace

TEST_CASE("one card holds all parameters, two bytes each") {
    for (const LlmConfig& model : {qwen3_8b(), qwen3_30b_a3b(), deepseek_v3()}) {
        CAPTURE(model.name);
        const std::vector<InferenceMemory> memory = memory_by_stage(model, plan_of(1, 1, 1, 1));
        REQUIRE(memory.size() == 1);
        // DeepSeek-V3's vocabulary of 129280 and the others' are multiples of 128: no padding.
        CHECK(memory[0].weights == Bytes{2 * total_parameters(model)});
    }
}

TEST_CASE("expert parallelism divides the experts, tensor parallelism the rest") {
    const LlmConfig model = qwen3_235b_a22b();
    InferencePlan plan = plan_of(4, 1, 4, 16);
    plan.expert_parallel = 16;
    // Of 128 experts of 3 x 4096 x 1536 in 94 layers a sixteenth; attention, table and head a quarter; router and norms
    // whole.
    const std::int64_t experts = 94 * 8 * (3 * std::int64_t{4096} * 1536);
    const std::int64_t attention = std::int64_t{94} * (4096 * (8192 + 2 * 512) + 8192 * 4096) / 4;
    const std::int64_t vocabulary = 2 * 4096 * std::int64_t{151936 + 128} / 4;  // padded to a multiple of 512
    const std::int64_t whole = 94 * (4096 * 128 + 2 * 4096 + 2 * 128) + 4096;
    CHECK(memory_by_stage(model, plan)[0].weights == Bytes{2 * (experts + attention + vocabulary + whole)});
    plan.weights = WeightType::fp8;
    const Bytes narrow = memory_by_stage(model, plan)[0].weights;
    CHECK(narrow == Bytes{experts + attention + 2 * (vocabulary + whole)});
}

TEST_CASE("a cache has the heads and layers of its card, and the sequences of its copy") {
    const LlmConfig model = qwen3_32b();
    // 262144 bytes a token over all heads and layers, 4096 tokens.
    const Bytes sequence = kv_bytes_per_token(model, Bytes{2}) * 4096;
    CHECK(memory_by_stage(model, plan_of(1, 1, 1, 1))[0].cache == sequence);
    CHECK(memory_by_stage(model, plan_of(8, 1, 1, 5))[0].cache == sequence * 5 / 8);
    CHECK(memory_by_stage(model, plan_of(1, 4, 2, 12))[1].cache == sequence * 6 / 4);
    // Eight key-value heads on sixteen ranks: each of them on two.
    CHECK(memory_by_stage(model, plan_of(16, 1, 1, 1))[0].cache == sequence / 8);
    InferencePlan narrow = plan_of(1, 1, 1, 1);
    narrow.cache = CacheType::fp8;
    CHECK(memory_by_stage(model, narrow)[0].cache == sequence / 2);
}

TEST_CASE("latent attention keeps one latent and one rotated key a token, whole on every rank") {
    const LlmConfig model = deepseek_v3();
    const Bytes token{61 * (512 + 64) * 2};  // 70272 B
    CHECK(kv_bytes_per_token(model, Bytes{2}) == token);
    for (const std::int64_t tp : {1, 8}) {
        CHECK(memory_by_stage(model, plan_of(tp, 1, 1, 3))[0].cache == token * (3 * 4096));
    }
    // And decode reads as much: of one sequence, the 4096 latents of 61 layers.
    LlmConfig short_model = model;
    short_model.layers = 4;
    short_model.mtp_layers = 0;
    InferenceCluster cluster(1, layer_time(us(1)));
    CHECK(cluster.run(short_model, plan_of(1, 1, 1, 2)).memory_bound.cache == Bytes{2 * 4096 * 4 * (512 + 64) * 2});
}

TEST_CASE("linear attention keeps a state instead of keys and values") {
    const LlmConfig model = qwen3_next();
    const LinearAttentionConfig& a = model.linear;
    const InferencePlan plan = plan_of(1, 1, 1, 1);
    const Bytes keys = kv_bytes_per_token(model, Bytes{2}) * 4096;
    const Bytes states = linear_state_bytes_per_sequence(model, Bytes{2});
    // And the last tokens that the convolution looks at: queries, keys and values.
    const std::int64_t channels = 2 * a.key_heads * a.key_head_dim + a.value_heads * a.value_head_dim;
    const Bytes convolution{2 * linear_attention_layers(model) * channels * a.conv_kernel};
    CHECK(cache_of_sequence(model, plan, {0, model.layers}) == keys + states + convolution);
}

TEST_CASE("what does not fit is told with what was tried") {
    const LlmConfig model = qwen3_32b();
    const Bytes capacity{std::int64_t{96} << 30};
    CHECK(validate_memory(model, plan_of(4, 1, 1, 32), capacity, false).empty());
    // A sequence of 4096 tokens is 1 GiB over four cards: 512 sequences 128 GiB on each.
    const std::vector<PlanProblem> problems = validate_memory(model, plan_of(4, 1, 1, 512), capacity, false);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("cache 128.0"));
    CHECK_THAT(problems[0].message, Contains("cache_type: fp8 (79."));
    CHECK_THAT(problems[0].message, !Contains("weight_type"));
    // 96 - 15.3 of weights - activations: 322 sequences of a quarter GiB.
    const std::size_t at = problems[0].message.find("batch: ");
    REQUIRE(at != std::string::npos);
    const std::int64_t batch = std::stoll(problems[0].message.substr(at + 7));
    CHECK(validate_memory(model, plan_of(4, 1, 1, batch), capacity, false).empty());
    CHECK_FALSE(validate_memory(model, plan_of(4, 1, 1, batch + 1), capacity, false).empty());
}

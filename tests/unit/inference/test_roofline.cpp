// Decode on a card that only HBM and launches limit, against bytes counted by hand.

#include "tests/unit/inference/cluster.h"
#include "workloads/inference/program.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace myriad;
using namespace myriad::test;

namespace {

InferenceResult run_alone(const LlmConfig& model, const InferencePlan& plan) {
    InferenceCluster cluster(1, roofline_of(memory_bound_chip()));
    cluster.memory = {BytesPerSecond{2'000'000'000'000}, BytesPerSecond{1'600'000'000'000}};
    return cluster.run(model, plan);
}

InferencePlan decode(std::int64_t batch, std::int64_t context) {
    InferencePlan plan;
    plan.fuse_small_kernels = false;
    plan.batch = batch;
    plan.context = context;
    return plan;
}

}  // namespace

TEST_CASE("a decode step of Qwen3-8B takes its weights and cache over HBM, and its launches") {
    const LlmConfig model = qwen3_8b();
    const InferenceResult result = run_alone(model, decode(8, 4095));
    // A layer: QKV 4096 x (4096 + 2 x 1024), output 4096 x 4096, gate, up and down 3 x 4096 x 12288; the head
    // 4096 x 151936; two bytes each. The vocabulary needs no padding: 151936 = 1187 x 128.
    const std::int64_t layer = 4096 * (4096 + 2048) + 4096 * 4096 + 3 * 4096 * 12288;
    const std::int64_t weights = 2 * (36 * layer + 4096 * std::int64_t{151936});
    CHECK(result.memory_bound.weights == Bytes{weights});
    // 8 sequences of 4096 keys, the new one included: 36 layers x 2 x 8 heads x 128 x 2 bytes a token.
    const std::int64_t cache = 8 * std::int64_t{4096} * (36 * 2 * 8 * 128 * 2);
    CHECK(result.memory_bound.cache == Bytes{cache});
    CHECK(kv_bytes_per_token(model, Bytes{2}) * (8 * 4096) == Bytes{cache});
    const double seconds_at_peak = static_cast<double>(weights + cache) / 2e12;
    CHECK(seconds(result.memory_bound.at_peak) == Approx(seconds_at_peak));
    CHECK(seconds(result.memory_bound.at_streaming) == Approx(seconds_at_peak / 0.8));

    // A layer launches: norm, QKV, norm of queries and keys, rotation, cache write, attention, output, residual, norm, up,
    // SwiGLU, down, residual; beside the layers: embedding, norm, head, sampling. 3 us each.
    const Picoseconds launches = us(3) * (36 * 13 + 4);
    const Picoseconds floor = result.memory_bound.at_streaming + launches;
    CHECK(result.step_time >= floor);
    // What is left is activations: of 8 tokens, thousandths of the weights.
    CHECK(seconds(result.step_time - floor) < 0.01 * seconds(result.step_time));
    CHECK(result.tokens_per_second == Approx(8 / seconds(result.step_time)));
}

TEST_CASE("fused, four small kernels of a layer are not launched") {
    const LlmConfig model = qwen3_8b();
    InferencePlan plan = decode(8, 4095);
    const InferenceResult apart = run_alone(model, plan);
    plan.fuse_small_kernels = true;
    const InferenceResult fused = run_alone(model, plan);
    // Two residuals, rotation after the norm of queries and keys, cache write; nothing else changes.
    CHECK(apart.step_time - fused.step_time == us(3) * (36 * 4));
    CHECK(fused.memory_bound.weights == apart.memory_bound.weights);
    // A model without that norm keeps the launch of the rotation.
    const LlmConfig llama = llama_8b();
    plan.fuse_small_kernels = false;
    const InferenceResult llama_apart = run_alone(llama, plan);
    plan.fuse_small_kernels = true;
    CHECK(llama_apart.step_time - run_alone(llama, plan).step_time == us(3) * (32 * 3));
}

TEST_CASE("micro-batches read the weights again, the cache once") {
    const LlmConfig model = qwen3_8b();
    InferencePlan plan = decode(8, 1024);
    const InferenceResult one = run_alone(model, plan);
    plan.micro_batches = 4;
    const InferenceResult four = run_alone(model, plan);
    CHECK(four.memory_bound.weights == one.memory_bound.weights * 4);
    CHECK(four.memory_bound.cache == one.memory_bound.cache);
}

TEST_CASE("a token of an expert model reads the experts that it visits, not all of them") {
    LlmConfig model = qwen3_30b_a3b();  // 128 experts of 3 x 2048 x 768, 8 of them a token
    model.layers = 4;
    const std::int64_t expert = 3 * 2048 * 768;
    const std::int64_t rest = 4 * (2048 * (4096 + 2 * 512) + 4096 * 2048 + 2048 * 128) + 2048 * std::int64_t{151936};
    // Balanced: tokens x 8 experts, until all 128 are hit.
    for (const auto& [tokens, hit] : {std::pair{1, 8}, {4, 32}, {15, 120}, {16, 128}, {64, 128}}) {
        const InferenceResult result = run_alone(model, decode(tokens, 16));
        CAPTURE(tokens);
        CHECK(result.experts_hit == hit);
        CHECK(result.memory_bound.weights == Bytes{2 * (rest + 4 * hit * expert)});
    }
}

TEST_CASE("random routing hits as many experts as chance has it") {
    LlmConfig model = qwen3_30b_a3b();
    model.layers = 4;
    InferencePlan plan = decode(16, 16);
    plan.routing.distribution = RoutingDistribution::uniform;
    plan.routing.samples = 64;
    plan.routing.seed = 7;
    plan.steps = 16;  // layers and steps take turns over the samples
    const InferenceResult result = run_alone(model, plan);
    // An expert is missed by all 16 tokens with probability (1 - 8 / 128)^16.
    const double expected = 128.0 * (1.0 - std::pow(1.0 - 8.0 / 128.0, 16.0));  // 82.4
    // A sample's count has a deviation below sqrt(128 x 0.356 x 0.644) = 5.4 (choices are negatively correlated); of 19
    // or more samples the mean 1.3. Five of these:
    INFO("seed " << plan.routing.seed);
    CHECK(std::abs(result.experts_hit - expected) < 6.5);
    CHECK(result.experts_hit < 128.0);
}

TEST_CASE("fp8 halves the weights of layers, fp8 caches halve what attention reads") {
    const LlmConfig model = qwen3_8b();
    InferencePlan plan = decode(8, 4095);
    const InferenceResult plain = run_alone(model, plan);
    plan.cache = CacheType::fp8;
    const InferenceResult cache = run_alone(model, plan);
    CHECK(cache.memory_bound.cache * 2 == plain.memory_bound.cache);
    // 1.6 TB/s of streaming: the step is shorter by what attention does not read, and by the write of 8 tokens.
    const Bytes written = kv_bytes_per_token(model, Bytes{1}) * 8;
    CHECK(seconds(plain.step_time - cache.step_time) ==
          Approx(static_cast<double>((plain.memory_bound.cache / 2 + written).count()) / 1.6e12));
    plan.weights = WeightType::fp8;
    const InferenceResult both = run_alone(model, plan);
    const std::int64_t head = 2 * 4096 * std::int64_t{151936};
    CHECK(both.memory_bound.weights == Bytes{(plain.memory_bound.weights.count() - head) / 2 + head});
    CHECK(both.step_time < cache.step_time);
}

TEST_CASE("flop of a step are those of its tokens, the head once a sequence") {
    const LlmConfig model = qwen3_8b();
    // 2 a parameter of a layer's matrices and token, the head for one of 3 x 1024 tokens a sequence, causal pairs:
    // 4 x 128 flop, 32 heads, 36 layers.
    const double layer = 4096.0 * (4096 + 2048) + 4096.0 * 4096 + 3.0 * 4096 * 12288;
    const double head = 4096.0 * 151936;
    InferencePlan plan = decode(3, 0);
    plan.phase = InferencePhase::prefill;
    plan.tokens = 1024;
    const double pairs = 1024.0 * 1025 / 2;
    CHECK(model_flop(model, plan).count() ==
          Approx(3 * (2 * 36 * layer * 1024 + 2 * head + 4.0 * 128 * 32 * 36 * pairs)).epsilon(1e-12));
    // Without the masked pairs and the heads of other tokens: a third of what training counts, which has both.
    const double training = training_flop_per_token(model, 1024, AttentionCount::causal).count() / 3 * 3 * 1024;
    CHECK(model_flop(model, plan).count() == Approx(training - 3 * 2 * head * 1023).epsilon(1e-12));
    // Decode against 4095 in the cache: 4096 pairs.
    const InferencePlan step = decode(8, 4095);
    CHECK(model_flop(model, step).count() ==
          Approx(8 * (2 * (36 * layer + head) + 4.0 * 128 * 32 * 36 * 4096)).epsilon(1e-12));
}

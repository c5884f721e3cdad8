// Parameter counts against totals that were derived from the config.json of each model (matrices, biases and norms of
// the public implementation, added up by hand); rounded they are the advertised sizes: 72.7 B, 8.2 B, 32.8 B, 70.6 B,
// 405.9 B, 30.5 B, 235.1 B, 480.2 B, 79.7 B, 396.3 B, 671.0 B, 1026.4 B. All agree to the last digit.

#include "tests/unit/llm/models.h"
#include "workloads/llm/model_config.h"

#include <catch2/catch.hpp>

using namespace myriad;
using myriad::test::dense;
using myriad::test::gpt;

namespace {

LlmConfig qwen_experts(const char* name, const test::DenseShape& shape, std::int64_t experts, std::int64_t width) {
    LlmConfig m = dense(name, shape);
    m.qk_norm = true;
    m.experts = {.experts = experts, .active_experts = 8, .intermediate = width};
    return m;
}

LlmConfig deepseek(const char* name, std::int64_t heads, std::int64_t vocab, std::int64_t experts,
                   std::int64_t dense_layers) {
    LlmConfig m = dense(name, {61, 7168, heads, heads, 0, 18432, vocab});
    m.experts = {.experts = experts,
                 .active_experts = 8,
                 .shared_experts = 1,
                 .intermediate = 2048,
                 .dense_layers = dense_layers,
                 .router_bias = true};
    m.latent = {1536, 512, 128, 64, 128};
    return m;
}

LlmConfig qwen_hybrid(const char* name, const test::DenseShape& shape, std::int64_t width, std::int64_t value_heads) {
    LlmConfig m = dense(name, shape);
    m.qk_norm = true;
    m.attention_output_gate = true;
    m.experts = {.experts = 512,
                 .active_experts = 10,
                 .shared_experts = 1,
                 .intermediate = width,
                 .shared_intermediate = width,
                 .shared_expert_gate = true};
    m.linear = {4, 16, value_heads, 128, 128, 4};
    return m;
}

}  // namespace

TEST_CASE("dense models have their published number of parameters") {
    LlmConfig qwen25 = dense("Qwen2.5-72B", {80, 8192, 64, 8, 128, 29568, 152064});
    qwen25.qkv_bias = true;
    CHECK(total_parameters(qwen25) == 72'706'203'648);
    LlmConfig qwen3_8b = dense("Qwen3-8B", {36, 4096, 32, 8, 128, 12288, 151936});
    qwen3_8b.qk_norm = true;
    CHECK(total_parameters(qwen3_8b) == 8'190'735'360);
    CHECK(total_parameters(test::qwen3_32b()) == 32'762'123'264);
    CHECK(total_parameters(dense("Llama-3-8B", {32, 4096, 32, 8, 128, 14336, 128256})) == 8'030'261'248);
    CHECK(total_parameters(dense("Llama-3-70B", {80, 8192, 64, 8, 128, 28672, 128256})) == 70'553'706'496);
    CHECK(total_parameters(dense("Llama-3-405B", {126, 16384, 128, 8, 128, 53248, 128256})) == 405'853'388'800);
    CHECK(active_parameters(qwen25) == total_parameters(qwen25));
}

TEST_CASE("mixtures of experts have their published number of parameters, in all and active") {
    const LlmConfig a3b = qwen_experts("Qwen3-30B-A3B", {48, 2048, 32, 4, 128, 6144, 151936}, 128, 768);
    CHECK(total_parameters(a3b) == 30'532'122'624);
    CHECK(active_parameters(a3b) == 3'353'032'704);
    const LlmConfig a22b = qwen_experts("Qwen3-235B-A22B", {94, 4096, 64, 4, 128, 12288, 151936}, 128, 1536);
    CHECK(total_parameters(a22b) == 235'093'634'560);
    CHECK(active_parameters(a22b) == 22'190'763'520);
    const LlmConfig a35b = qwen_experts("Qwen3-Coder-480B-A35B", {62, 6144, 96, 8, 128, 8192, 151936}, 160, 2560);
    CHECK(total_parameters(a35b) == 480'154'875'392);
    CHECK(active_parameters(a35b) == 35'474'765'312);
}

TEST_CASE("models with latent attention have their published number of parameters") {
    // DeepSeek-V3, R1 and V3.2 (its indexer not counted) have one shape.
    const LlmConfig v3 = deepseek("DeepSeek-V3", 128, 129280, 256, 3);
    CHECK(total_parameters(v3) == 671'026'419'200);
    CHECK(active_parameters(v3) == 37'552'297'472);
    const LlmConfig kimi = deepseek("Kimi-K2", 64, 163840, 384, 1);
    CHECK(total_parameters(kimi) == 1'026'408'232'448);
    CHECK(active_parameters(kimi) == 32'861'500'928);
}

TEST_CASE("hybrids of full and linear attention have their published number of parameters") {
    const LlmConfig next = qwen_hybrid("Qwen3-Next-80B-A3B", {48, 2048, 16, 2, 256, 5120, 151936}, 512, 32);
    CHECK(linear_attention_layers(next) == 36);
    CHECK(total_parameters(next) == 79'674'391'296);
    CHECK(active_parameters(next) == 3'874'929'408);
    const LlmConfig big = qwen_hybrid("Qwen3.5-397B-A17B", {60, 4096, 32, 2, 256, 0, 248320}, 1024, 64);
    CHECK(total_parameters(big) == 396'346'350'336);
    CHECK(active_parameters(big) == 17'349'040'896);
}

TEST_CASE("cache of keys and values") {
    // 2 x 64 layers x 8 heads x 128 x 2 bytes
    CHECK(kv_bytes_per_token(test::qwen3_32b(), Bytes{2}) == Bytes{262'144});
    // 61 layers x (512 + 64) x 2 bytes: one latent for all heads
    CHECK(kv_bytes_per_token(deepseek("DeepSeek-V3", 128, 129280, 256, 3), Bytes{2}) == Bytes{70'272});
    // 12 full layers x 2 x 2 heads x 256 x 2 bytes; 36 linear layers x 32 x 128 x 128 x 2 bytes a sequence
    const LlmConfig next = qwen_hybrid("Qwen3-Next-80B-A3B", {48, 2048, 16, 2, 256, 5120, 151936}, 512, 32);
    CHECK(kv_bytes_per_token(next, Bytes{2}) == Bytes{24'576});
    CHECK(linear_state_bytes_per_sequence(next, Bytes{2}) == Bytes{37'748'736});
    CHECK(linear_state_bytes_per_sequence(test::qwen3_32b(), Bytes{2}) == Bytes{0});
}

TEST_CASE("GPT follows Megatron's formula 12 l h^2 (1 + 13 / (12 h) + (V + s) / (12 l h))") {
    // Narayanan et al. 2021, equation 2; it leaves out the final norm, which is 2 h.
    for (const auto& [layers, hidden, heads] : {std::tuple{24, 2304, 24}, {80, 12288, 96}, {128, 25600, 160}}) {
        const std::int64_t l = layers;
        const std::int64_t h = hidden;
        const std::int64_t formula = 12 * l * h * h + 13 * l * h + (51200 + 2048) * h;
        CHECK(total_parameters(gpt("GPT", l, h, heads, 51200, 2048)) == formula + 2 * h);
    }
}

TEST_CASE("training work of a token follows Megatron's formula") {
    // Without recompute: 72 B s l h^2 (1 + s / (6 h) + V / (12 l h)); per token without B s; masked pairs counted.
    const double l = 96;
    const double h = 12288;
    const double s = 2048;
    const double vocab = 51200;
    const double formula = 72 * l * h * h * (1 + s / (6 * h) + vocab / (12 * l * h));
    const LlmConfig model = gpt("GPT-3 175B", 96, 12288, 96, 51200, 2048);
    CHECK(training_flop_per_token(model, 2048, AttentionCount::full).count() == Approx(formula).epsilon(1e-12));
    // The causal mask leaves (s + 1) / 2 of s pairs: 12 l h (s - 1) / 2 flop less.
    CHECK(training_flop_per_token(model, 2048, AttentionCount::causal).count() ==
          Approx(formula - 12 * l * h * (s - 1) / 2).epsilon(1e-12));
}

// Parameter counts against totals that were derived from the config.json of each model (matrices, biases and norms of
// the public implementation, added up by hand); rounded they are the advertised sizes: 72.7 B, 8.2 B, 32.8 B, 70.6 B,
// 405.9 B, 30.5 B, 235.1 B, 480.2 B, 79.7 B, 396.3 B, 671.0 B, 1026.4 B. All agree to the last digit.

#include "tests/unit/llm/models.h"
#include "workloads/llm/model_config.h"

#include <catch2/catch.hpp>

#include <vector>

using namespace myriad;
using myriad::test::gpt;

TEST_CASE("models have their published number of parameters, in all and active") {
    struct Expected {
        LlmConfig model;
        std::int64_t total, active;
    };
    const std::vector<Expected> table{
        {test::qwen25_72b(), 72'706'203'648, 72'706'203'648},
        {test::qwen3_8b(), 8'190'735'360, 8'190'735'360},
        {test::qwen3_32b(), 32'762'123'264, 32'762'123'264},
        {test::llama_8b(), 8'030'261'248, 8'030'261'248},
        {test::llama_70b(), 70'553'706'496, 70'553'706'496},
        {test::llama_405b(), 405'853'388'800, 405'853'388'800},
        {test::qwen3_30b_a3b(), 30'532'122'624, 3'353'032'704},
        {test::qwen3_235b_a22b(), 235'093'634'560, 22'190'763'520},
        {test::qwen3_coder(), 480'154'875'392, 35'474'765'312},
        {test::deepseek_v3(), 671'026'419'200, 37'552'297'472},  // R1 and V3.2 (its indexer not counted), too
        {test::kimi_k2(), 1'026'408'232'448, 32'861'500'928},
        {test::qwen3_next(), 79'674'391'296, 3'874'929'408},
        {test::qwen35_397b(), 396'346'350'336, 17'349'040'896},
    };
    for (const Expected& row : table) {
        CAPTURE(row.model.name);
        CHECK(total_parameters(row.model) == row.total);
        CHECK(active_parameters(row.model) == row.active);
    }
    CHECK(linear_attention_layers(test::qwen3_next()) == 36);
}

TEST_CASE("cache of keys and values") {
    // 2 x 64 layers x 8 heads x 128 x 2 bytes
    CHECK(kv_bytes_per_token(test::qwen3_32b(), Bytes{2}) == Bytes{262'144});
    // 61 layers x (512 + 64) x 2 bytes: one latent for all heads
    CHECK(kv_bytes_per_token(test::deepseek_v3(), Bytes{2}) == Bytes{70'272});
    // 12 full layers x 2 x 2 heads x 256 x 2 bytes; 36 linear layers x 32 x 128 x 128 x 2 bytes a sequence
    const LlmConfig next = test::qwen3_next();
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

TEST_CASE("training work of a token, counted by hand") {
    // 6 a matrix parameter, and 3 x 2 (d + v) a causal pair and head, 2048.5 pairs a token in sequences of 4096.
    const auto work = [](const LlmConfig& model) {
        return training_flop_per_token(model, 4096, AttentionCount::causal).count();
    };
    SECTION("experts: of 128, the 8 that a token visits") {
        const LlmConfig m = test::qwen3_235b_a22b();
        // A layer: Q 4096 x 8192, K and V 2 x 4096 x 512, output 8192 x 4096; router 4096 x 128; 8 x 3 x 4096 x 1536.
        const double layer = 4096.0 * (8192 + 2 * 512 + 8192) + 4096.0 * 128 + 8.0 * 3 * 4096 * 1536;
        const double matrices = 94 * layer + 151936.0 * 4096;
        CHECK(work(m) == Approx(6 * matrices + 6 * 94 * 64 * 256 * 2048.5).epsilon(1e-12));
    }
    SECTION("latent attention: keys 128 + 64 wide, values 128; DeepSeek-V3") {
        const double attention = 7168.0 * 1536 + 1536.0 * 128 * 192 + 7168.0 * 576 + 512.0 * 128 * 256 + 16384.0 * 7168;
        const double experts = 7168.0 * 256 + 9 * 3 * 7168.0 * 2048;  // 8 and the shared one
        const double matrices = 61 * attention + 3 * 3 * 7168.0 * 18432 + 58 * experts + 129280.0 * 7168;
        CHECK(work(test::deepseek_v3()) == Approx(6 * matrices + 6 * 61 * 128 * 320 * 2048.5).epsilon(1e-12));
        // "Insights into DeepSeek-V3" (Zhao et al. 2025, arXiv 2505.09343; from memory): 250 GFLOP a token at 4096 tokens.
        CHECK(work(test::deepseek_v3()) == Approx(250e9).epsilon(0.005));
    }
    SECTION("every fourth layer full attention with a gate, the others a gated delta net; Qwen3-Next") {
        const double full = 2048.0 * (2 * 4096 + 2 * 512) + 4096.0 * 2048;
        const double linear = 2048.0 * (2 * 2048 + 2 * 4096 + 2 * 32) + 4096.0 * 2048;
        const double experts = 2048.0 * 512 + 11 * 3 * 2048.0 * 512 + 2048;  // 10, a shared one and its gate
        const double matrices = 12 * full + 36 * linear + 48 * experts + 151936.0 * 2048;
        const double pairs = 6.0 * 12 * 16 * 512 * 2048.5;
        CHECK(work(test::qwen3_next()) == Approx(6 * matrices + pairs + 3.0 * 36 * 32 * 7 * 128 * 128).epsilon(1e-12));
    }
}

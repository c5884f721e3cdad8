#pragma once
// Published models for tests, transcribed from their config.json files.

#include "workloads/llm/model_config.h"

#include <string>

namespace myriad::test {

struct DenseShape {
    std::int64_t layers, hidden, heads, kv_heads, head_dim, ffn, vocab;
};

inline LlmConfig dense(const std::string& name, const DenseShape& shape) {
    LlmConfig m;
    m.name = name;
    m.layers = shape.layers;
    m.hidden = shape.hidden;
    m.heads = shape.heads;
    m.kv_heads = shape.kv_heads;
    m.head_dim = shape.head_dim;
    m.ffn = shape.ffn;
    m.vocab = shape.vocab;
    return m;
}

inline LlmConfig with_qk_norm(LlmConfig m) {
    m.qk_norm = true;
    return m;
}

inline LlmConfig qwen25_72b() {
    LlmConfig m = dense("Qwen2.5-72B", {80, 8192, 64, 8, 128, 29568, 152064});
    m.qkv_bias = true;
    return m;
}
inline LlmConfig qwen3_8b() { return with_qk_norm(dense("Qwen3-8B", {36, 4096, 32, 8, 128, 12288, 151936})); }
inline LlmConfig qwen3_32b() { return with_qk_norm(dense("Qwen3-32B", {64, 5120, 64, 8, 128, 25600, 151936})); }
inline LlmConfig llama_8b() { return dense("Llama-3-8B", {32, 4096, 32, 8, 128, 14336, 128256}); }
inline LlmConfig llama_70b() { return dense("Llama-3-70B", {80, 8192, 64, 8, 128, 28672, 128256}); }
inline LlmConfig llama_405b() { return dense("Llama-3-405B", {126, 16384, 128, 8, 128, 53248, 128256}); }

inline LlmConfig qwen_experts(const std::string& name, const DenseShape& shape, std::int64_t experts,
                              std::int64_t width) {
    LlmConfig m = with_qk_norm(dense(name, shape));
    m.experts = {.experts = experts, .active_experts = 8, .intermediate = width};
    return m;
}
inline LlmConfig qwen3_30b_a3b() { return qwen_experts("Qwen3-30B-A3B", {48, 2048, 32, 4, 128, 0, 151936}, 128, 768); }
inline LlmConfig qwen3_235b_a22b() {
    return qwen_experts("Qwen3-235B-A22B", {94, 4096, 64, 4, 128, 0, 151936}, 128, 1536);
}
inline LlmConfig qwen3_coder() {
    return qwen_experts("Qwen3-Coder-480B-A35B", {62, 6144, 96, 8, 128, 0, 151936}, 160, 2560);
}

inline LlmConfig deepseek(const std::string& name, std::int64_t heads, std::int64_t vocab, std::int64_t experts,
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
inline LlmConfig deepseek_v3() {
    LlmConfig m = deepseek("DeepSeek-V3", 128, 129280, 256, 3);
    m.experts.expert_groups = 8;
    m.experts.top_groups = 4;
    m.mtp_layers = 1;
    return m;
}
inline LlmConfig kimi_k2() { return deepseek("Kimi-K2", 64, 163840, 384, 1); }

inline LlmConfig qwen_hybrid(const std::string& name, const DenseShape& shape, std::int64_t width,
                             std::int64_t value_heads) {
    LlmConfig m = with_qk_norm(dense(name, shape));
    m.attention_output_gate = true;
    m.partial_rotary_factor = 0.25;
    m.experts = {.experts = 512,
                 .active_experts = 10,
                 .shared_experts = 1,
                 .intermediate = width,
                 .shared_intermediate = width,
                 .shared_expert_gate = true};
    m.linear = {4, 16, value_heads, 128, 128, 4};
    return m;
}
inline LlmConfig qwen3_next() { return qwen_hybrid("Qwen3-Next-80B-A3B", {48, 2048, 16, 2, 256, 0, 151936}, 512, 32); }
inline LlmConfig qwen35_397b() { return qwen_hybrid("Qwen3.5-397B-A17B", {60, 4096, 32, 2, 256, 0, 248320}, 1024, 64); }

// GPT as Megatron trains it: layer norm, GeLU, biases everywhere, heads = key-value heads, ffn = 4 hidden.
inline LlmConfig gpt(const std::string& name, std::int64_t layers, std::int64_t hidden, std::int64_t heads,
                     std::int64_t vocab, std::int64_t positions) {
    LlmConfig m = dense(name, {layers, hidden, heads, heads, hidden / heads, 4 * hidden, vocab});
    m.activation = Activation::gelu;
    m.normalisation = Normalisation::layer;
    m.linear_bias = true;
    m.learned_positions = true;
    m.max_position = positions;
    m.tied_embeddings = true;
    return m;
}

}  // namespace myriad::test

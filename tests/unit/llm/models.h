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

inline LlmConfig qwen3_32b() {
    LlmConfig m = dense("Qwen3-32B", {64, 5120, 64, 8, 128, 25600, 151936});
    m.qk_norm = true;
    return m;
}

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

// Counting of parameters and of the key-value cache. Every term is a matrix of the published model code; the
// derivation stands beside it. Assumptions: norms without bias unless `Normalisation::layer`; multi-token-prediction
// layers and the sparse-attention indexer are left out, as published totals do.

#include "workloads/llm/model_config.h"

#include "sim/error/error.h"

namespace myriad {
namespace {

std::int64_t norm_width(const LlmConfig& model) { return model.normalisation == Normalisation::layer ? 2 : 1; }

// Parameters of one part of the model, matrices that multiply every token apart from the rest.
struct Count {
    std::int64_t matrices = 0;
    std::int64_t others = 0;
    [[nodiscard]] std::int64_t total() const { return matrices + others; }
};

Count full_attention(const LlmConfig& m) {
    const std::int64_t query = m.heads * m.head_dim;
    const std::int64_t key_value = 2 * m.kv_heads * m.head_dim;
    const std::int64_t gate = m.attention_output_gate ? query : 0;
    Count count;
    count.matrices = m.hidden * (query + gate + key_value) + query * m.hidden;
    count.others += m.qkv_bias || m.linear_bias ? query + key_value : 0;
    count.others += m.linear_bias ? m.hidden : 0;    // output projection
    count.others += m.qk_norm ? 2 * m.head_dim : 0;  // one norm for all query heads, one for all key heads
    return count;
}

Count latent_attention(const LlmConfig& m) {
    const LatentAttentionConfig& a = m.latent;
    Count count;
    count.matrices = m.hidden * a.q_lora_rank + a.q_lora_rank * m.heads * (a.qk_nope_head_dim + a.qk_rope_head_dim) +
                     m.hidden * (a.kv_lora_rank + a.qk_rope_head_dim) +
                     a.kv_lora_rank * m.heads * (a.qk_nope_head_dim + a.v_head_dim) + m.heads * a.v_head_dim * m.hidden;
    count.others = a.q_lora_rank + a.kv_lora_rank;  // norms of both latents
    return count;
}

Count linear_attention(const LlmConfig& m) {
    const LinearAttentionConfig& a = m.linear;
    const std::int64_t key = a.key_heads * a.key_head_dim;
    const std::int64_t value = a.value_heads * a.value_head_dim;
    Count count;
    // in: query, key, value and output gate; beta and decay a value head; out.
    count.matrices = m.hidden * (2 * key + 2 * value) + m.hidden * 2 * a.value_heads + value * m.hidden;
    // depthwise convolution over query, key and value; decay rate and time-step bias a head; gated output norm.
    count.others = (2 * key + value) * a.conv_kernel + 2 * a.value_heads + a.value_head_dim;
    return count;
}

Count dense_feed_forward(const LlmConfig& m) {
    const std::int64_t inner = m.activation == Activation::silu_gated ? 2 * m.ffn : m.ffn;
    Count count;
    count.matrices = m.hidden * inner + m.ffn * m.hidden;
    count.others = m.linear_bias ? inner + m.hidden : 0;
    return count;
}

Count expert_feed_forward(const LlmConfig& m, std::int64_t experts_counted) {
    const ExpertsConfig& e = m.experts;
    const std::int64_t shared = e.shared_intermediate > 0 ? e.shared_intermediate : e.shared_experts * e.intermediate;
    Count count;
    count.matrices = m.hidden * e.experts + 3 * m.hidden * (experts_counted * e.intermediate + shared);
    count.others = e.router_bias ? e.experts : 0;
    count.matrices += e.shared_expert_gate ? m.hidden : 0;
    return count;
}

Count whole(const LlmConfig& m, std::int64_t experts_counted) {
    const std::int64_t linear_layers = linear_attention_layers(m);
    const std::int64_t moe_layers = expert_layers(m);
    Count count;
    const auto add = [&count](std::int64_t times, const Count& part) {
        count.matrices += times * part.matrices;
        count.others += times * part.others;
    };
    add(m.layers - linear_layers, m.has_latent_attention() ? latent_attention(m) : full_attention(m));
    add(linear_layers, linear_attention(m));
    add(m.layers - moe_layers, dense_feed_forward(m));
    add(moe_layers, expert_feed_forward(m, experts_counted));
    count.others += (2 * m.layers + 1) * m.hidden * norm_width(m);
    count.others += m.learned_positions ? m.max_position * m.hidden : 0;
    // The output head multiplies; a separate embedding table is looked up. Tied: one table does both.
    count.matrices += m.vocab * m.hidden;
    count.others += m.tied_embeddings ? 0 : m.vocab * m.hidden;
    return count;
}

}  // namespace

std::int64_t linear_attention_layers(const LlmConfig& model) {
    return model.has_linear_attention() ? model.layers - model.layers / model.linear.full_attention_interval : 0;
}

std::int64_t full_attention_layers(const LlmConfig& model) { return model.layers - linear_attention_layers(model); }

std::int64_t expert_layers(const LlmConfig& model) {
    return model.has_experts() ? model.layers - model.experts.dense_layers : 0;
}

std::int64_t total_parameters(const LlmConfig& model) { return whole(model, model.experts.experts).total(); }

std::int64_t active_parameters(const LlmConfig& model) { return whole(model, model.experts.active_experts).total(); }

std::int64_t matrix_parameters(const LlmConfig& model) { return whole(model, model.experts.active_experts).matrices; }

LayerParameters dense_layer_parameters(const LlmConfig& model) {
    MYRIAD_CHECK(model.is_plain_dense(), model.name);
    const std::int64_t qkv = (model.heads + 2 * model.kv_heads) * model.head_dim;
    const std::int64_t inner = model.activation == Activation::silu_gated ? 2 * model.ffn : model.ffn;
    LayerParameters parameters;
    parameters.matrices = full_attention(model).matrices + dense_feed_forward(model).matrices;
    parameters.sharded_biases = model.qkv_bias || model.linear_bias ? qkv : 0;
    parameters.sharded_biases += model.linear_bias ? inner : 0;
    parameters.replicated = 2 * model.hidden * norm_width(model);
    parameters.replicated += model.qk_norm ? 2 * model.head_dim : 0;
    parameters.replicated += model.linear_bias ? 2 * model.hidden : 0;
    return parameters;
}

Bytes kv_bytes_per_token(const LlmConfig& model, Bytes element) {
    const std::int64_t elements = model.has_latent_attention()
                                      ? model.latent.kv_lora_rank + model.latent.qk_rope_head_dim
                                      : 2 * model.kv_heads * model.head_dim;
    return element * (full_attention_layers(model) * elements);
}

Bytes linear_state_bytes_per_sequence(const LlmConfig& model, Bytes element) {
    const LinearAttentionConfig& a = model.linear;
    return element * (linear_attention_layers(model) * a.value_heads * a.key_head_dim * a.value_head_dim);
}

Flop training_flop_per_token(const LlmConfig& model, std::int64_t sequence, AttentionCount count) {
    const double pairs =
        count == AttentionCount::causal ? static_cast<double>(sequence + 1) / 2.0 : static_cast<double>(sequence);
    const LatentAttentionConfig& latent = model.latent;
    const std::int64_t widths = model.has_latent_attention()
                                    ? latent.qk_nope_head_dim + latent.qk_rope_head_dim + latent.v_head_dim
                                    : 2 * model.head_dim;
    const double attention = 2.0 * static_cast<double>(full_attention_layers(model) * model.heads * widths) * pairs;
    const LinearAttentionConfig& a = model.linear;
    const double recurrence =
        7.0 * static_cast<double>(linear_attention_layers(model) * a.value_heads * a.key_head_dim * a.value_head_dim);
    return Flop{6.0 * static_cast<double>(matrix_parameters(model)) + 3.0 * (attention + recurrence)};
}

}  // namespace myriad

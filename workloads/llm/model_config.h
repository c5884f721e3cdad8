#pragma once
// An LLM as data: the hyper-parameters of its published configuration, and what follows from them by counting.
// A count of 0 means "this model has none of it" (no experts, no latent attention, no linear attention).

#include "sim/units/units.h"

#include <cstdint>
#include <string>

namespace myriad {

enum class Activation : std::uint8_t {
    silu_gated,  // SwiGLU: gate, up and down matrices
    gelu,        // two matrices, as GPT
};
enum class Normalisation : std::uint8_t {
    rms,    // one weight a channel
    layer,  // weight and bias a channel
};

// Mixture of experts. Layers before `dense_layers` keep the dense feed-forward part of width LlmConfig::ffn.
struct ExpertsConfig {
    std::int64_t experts = 0;
    std::int64_t active_experts = 0;       // routed experts that one token visits
    std::int64_t shared_experts = 0;       // visited by every token
    std::int64_t intermediate = 0;         // width of a routed expert
    std::int64_t shared_intermediate = 0;  // width of all shared experts together; 0: shared_experts x intermediate
    std::int64_t dense_layers = 0;
    std::int64_t expert_groups = 0;
    std::int64_t top_groups = 0;
    double routed_scaling_factor = 1.0;
    bool router_bias = false;         // one correction bias an expert (DeepSeek-V3 and its kin)
    bool shared_expert_gate = false;  // one weight a hidden channel that scales the shared expert (Qwen3-Next)
};

// Multi-head latent attention; used when kv_lora_rank > 0.
struct LatentAttentionConfig {
    std::int64_t q_lora_rank = 0;
    std::int64_t kv_lora_rank = 0;
    std::int64_t qk_nope_head_dim = 0;
    std::int64_t qk_rope_head_dim = 0;
    std::int64_t v_head_dim = 0;
};

// Gated delta net in all layers but every `full_attention_interval`-th one; used when the interval is > 0.
struct LinearAttentionConfig {
    std::int64_t full_attention_interval = 0;
    std::int64_t key_heads = 0;
    std::int64_t value_heads = 0;
    std::int64_t key_head_dim = 0;
    std::int64_t value_head_dim = 0;
    std::int64_t conv_kernel = 0;
};

// Sparse attention's indexer (DeepSeek-V3.2): its parameters are not counted.
struct SparseIndexConfig {
    std::int64_t heads = 0;
    std::int64_t head_dim = 0;
    std::int64_t top_k = 0;
};

struct LlmConfig {
    std::string name;
    std::int64_t layers = 0;
    std::int64_t hidden = 0;
    std::int64_t heads = 0;
    std::int64_t kv_heads = 0;
    std::int64_t head_dim = 0;  // not used by latent attention
    std::int64_t ffn = 0;       // width of the dense feed-forward part; 0 where every layer has experts
    std::int64_t vocab = 0;
    std::int64_t max_position = 0;
    double rope_theta = 0.0;
    double rms_norm_eps = 0.0;
    double partial_rotary_factor = 1.0;
    std::int64_t mtp_layers = 0;  // multi-token-prediction layers: never counted, as in published totals
    Activation activation = Activation::silu_gated;
    Normalisation normalisation = Normalisation::rms;
    bool tied_embeddings = false;
    bool qkv_bias = false;
    bool linear_bias = false;  // a bias on every matrix of a layer (GPT); includes qkv_bias
    bool qk_norm = false;
    bool attention_output_gate = false;  // doubles the query projection (Qwen3-Next)
    bool learned_positions = false;      // a table of max_position x hidden (GPT)
    ExpertsConfig experts;
    LatentAttentionConfig latent;
    LinearAttentionConfig linear;
    SparseIndexConfig index;

    [[nodiscard]] bool has_experts() const { return experts.experts > 0; }
    [[nodiscard]] bool has_latent_attention() const { return latent.kv_lora_rank > 0; }
    [[nodiscard]] bool has_linear_attention() const { return linear.full_attention_interval > 0; }
    // Nothing but grouped-query attention and a dense feed-forward part.
    [[nodiscard]] bool is_plain_dense() const {
        return !has_experts() && !has_latent_attention() && !has_linear_attention() && !attention_output_gate;
    }
};

[[nodiscard]] std::int64_t linear_attention_layers(const LlmConfig& model);
[[nodiscard]] std::int64_t full_attention_layers(const LlmConfig& model);
[[nodiscard]] std::int64_t expert_layers(const LlmConfig& model);

// All parameters, every expert counted; without multi-token-prediction layers and sparse-attention indexers.
[[nodiscard]] std::int64_t total_parameters(const LlmConfig& model);
// Parameters that one token uses: its active and the shared experts; embedding and output head both counted.
[[nodiscard]] std::int64_t active_parameters(const LlmConfig& model);
// Parameters of the matrices that multiply one token: what "6 N D" counts. Without the embedding table (a lookup),
// norms, biases, convolutions; with the output head, also where it is tied.
[[nodiscard]] std::int64_t matrix_parameters(const LlmConfig& model);

// One layer of a plain dense model, cut the way memory and optimizer need it.
struct LayerParameters {
    std::int64_t matrices = 0;        // divided by tensor parallelism
    std::int64_t sharded_biases = 0;  // biases of column-parallel matrices: divided too
    std::int64_t replicated = 0;      // norms, biases of row-parallel matrices: on every rank
};
[[nodiscard]] LayerParameters dense_layer_parameters(const LlmConfig& model);

// Keys and values that one token leaves in the cache over all layers; latent attention keeps one latent and one
// rotary key for all heads; layers of linear attention keep a state a sequence instead.
[[nodiscard]] Bytes kv_bytes_per_token(const LlmConfig& model, Bytes element);
[[nodiscard]] Bytes linear_state_bytes_per_sequence(const LlmConfig& model, Bytes element);

// Floating-point operations of one training token, forward and backward, nothing recomputed, in sequences of
// `sequence` tokens. 6 x matrix_parameters (2 forward, 4 backward), plus three times (forward, two gradients) what mixes
// tokens:
//   full attention    a pair of a query and a key costs 2 (d + v) flop a head: QK^T with heads d wide, PV with v. d = v =
//                     head_dim, or for latent attention qk_nope + qk_rope and v_head_dim (keys and values projected up).
//                     A token has (sequence + 1) / 2 pairs under the causal mask; Megatron and PaLM count `sequence`,
//                     masked pairs included.
//   linear attention  7 d v flop a value head, as the recurrence has it: decay, S^T k, outer product, S^T q. The chunked
//                     form that is run does more.
// Convolutions, norms, multi-token-prediction layers and sparse attention's choice of keys are left out.
enum class AttentionCount : std::uint8_t { causal, full };
[[nodiscard]] Flop training_flop_per_token(const LlmConfig& model, std::int64_t sequence, AttentionCount count);

}  // namespace myriad

// Multi-head latent attention (DeepSeek-V2 report, 2.1), from its norm to its residual. Queries and keys-values are
// projected down to latents on every tensor-parallel rank, normed, and projected up to the rank's heads; a part of
// `qk_rope_head_dim` is rotated, for keys one for all heads.
//   training, prefill   keys and values are projected up for every head, those of cached tokens again: heads of
//                       qk_nope + qk_rope wide keys and v wide values. What tensor parallelism gathers are latents.
//   decode              the up-projection of keys is absorbed into queries, that of values into the output: one head of
//                       latent + rotated keys for all query heads, straight from the cache, which every rank has whole
//   sparse              the same over chosen keys, in prefill too (sparse_attention.cpp)
// Selective recomputation projects up again (DeepSeek-V3 report, 3.2.3).

#include "workloads/llm/parts.h"

#include "sim/error/error.h"

namespace myriad {
namespace {

constexpr MatrixLabels kQueryDown{"query_down", "query_down_dgrad", "query_down_wgrad"};
constexpr MatrixLabels kQueryUp{"query_up", "query_up_dgrad", "query_up_wgrad"};
constexpr MatrixLabels kKeyValueDown{"kv_down", "kv_down_dgrad", "kv_down_wgrad"};
constexpr MatrixLabels kKeyValueUp{"kv_up", "kv_up_dgrad", "kv_up_wgrad"};
constexpr MatrixLabels kQueryAbsorb{"query_absorb", "query_absorb_dgrad", "query_absorb_wgrad"};
constexpr MatrixLabels kValueAbsorb{"value_absorb", "value_absorb_dgrad", "value_absorb_wgrad"};
constexpr MatrixLabels kOutput{"attention_output", "attention_output_dgrad", "attention_output_wgrad"};

class LatentBuilder {
public:
    LatentBuilder(OperatorList& list, const PartContext& c)
        : list_(list), c_(c), a_(c.model.latent), heads_(c.model.heads / c.tensor) {
        MYRIAD_CHECK(c.model.heads % c.tensor == 0 && a_.q_lora_rank > 0, c.model.name);
    }

    void append() {
        list_.push_back(branch_norm_operator(c_, {"input_norm", "input_norm_grad"}));
        append_latents();
        // Query and key latents and the rotated key.
        append_gather(list_, c_, c_.elements(c_.tokens * (a_.q_lora_rank + cache_width())));
        append_up(kQueryUp, heads_ * query_width(), a_.q_lora_rank, c_.tokens);
        if (c_.shape.phase == ModelPhase::decode || attends_sparsely(c_)) {
            append_absorbed();
        } else {
            append_projected();
        }
        list_.push_back(matrix_operator(
            c_, {kOutput, {c_.tokens, c_.model.hidden, heads_ * a_.v_head_dim}, MatrixInput::shared, 0, true}));
        append_reduce(list_, c_, c_.elements(c_.tokens * c_.model.hidden));
        list_.push_back(residual_operator(c_));
    }

private:
    [[nodiscard]] std::int64_t query_width() const { return a_.qk_nope_head_dim + a_.qk_rope_head_dim; }
    [[nodiscard]] std::int64_t cache_width() const { return a_.kv_lora_rank + a_.qk_rope_head_dim; }

    // Down-projections: the same on every rank, of the tokens that it has.
    void append_down(const MatrixLabels& labels, std::int64_t outputs, MatrixInput input) {
        const bool second = input == MatrixInput::shared;
        Operator op =
            matrix_operator(c_, {labels, {c_.region, outputs, c_.model.hidden}, input, c_.region, true, second});
        op.replicated = op.parameters;
        list_.push_back(op);
    }

    void append_latents() {
        append_down(kQueryDown, a_.q_lora_rank, MatrixInput::cheap);
        list_.push_back(norm_operator(c_, {"query_latent_norm", "query_latent_norm_grad"}, NormKind::rms, c_.region,
                                      a_.q_lora_rank));
        append_down(kKeyValueDown, cache_width(), MatrixInput::shared);
        list_.push_back(
            norm_operator(c_, {"kv_latent_norm", "kv_latent_norm_grad"}, NormKind::rms, c_.region, a_.kv_lora_rank));
    }

    void append_up(const MatrixLabels& labels, std::int64_t outputs, std::int64_t inputs, std::int64_t rows) {
        Operator op = matrix_operator(c_, {labels, {rows, outputs, inputs}, MatrixInput::cheap, c_.region, true});
        op.recomputed_selective = c_.drops_outputs();
        list_.push_back(op);
    }

    void append_projected() {
        const std::int64_t cached = c_.training() ? 0 : c_.shape.context / c_.shape.context_parallel;
        append_up(kKeyValueUp, heads_ * (a_.qk_nope_head_dim + a_.v_head_dim), a_.kv_lora_rank,
                  c_.tokens + c_.shape.micro_batch * cached);
        append_rope(c_.shape.micro_batch * cached);
        CoreExtents extents{heads_, heads_, query_width(), a_.v_head_dim, Bytes{0}, cache_width(), 0};
        if (c_.drops_outputs()) {
            extents.projected_again = c_.elements(c_.tokens * heads_ * (2 * query_width() + a_.v_head_dim));
        }
        append_attention_core(list_, c_, extents);
    }

    // Rotates queries in place and the one key of a token, and writes whole keys: both parts for every head. 3 rounded
    // operations a rotated element.
    void append_rope(std::int64_t cached_tokens) {
        const std::int64_t rope = a_.qk_rope_head_dim;
        const std::int64_t keys = c_.tokens + cached_tokens;
        const std::int64_t read = c_.tokens * heads_ * rope + keys * (heads_ * a_.qk_nope_head_dim + rope);
        const std::int64_t written = c_.tokens * heads_ * rope + keys * heads_ * query_width();
        Operator op;
        op.name = "rope";
        const auto kernel = [&](std::int64_t in, std::int64_t out, std::string_view label) {
            Kernel k = vector_kernel(c_.shape.type, keys, heads_ * query_width(), {0.0, 1, 1, 0.0}, label);
            k.work = Flop{3.0 * static_cast<double>(c_.tokens * (heads_ + 1) * rope)};
            k.read = c_.elements(in);
            k.written = c_.elements(out);
            return k;
        };
        op.forward.push_back(kernel(read, written, "rope"));
        op.input_grad.push_back(kernel(written, read, "rope_grad"));
        op.recomputed_selective = c_.drops_outputs();
        list_.push_back(op);
    }

    // Queries into the latent space of keys; attention over the cache; its result out of the latent space of values.
    void append_absorbed() {
        const std::int64_t tokens = c_.tokens;
        list_.push_back(matrix_operator(
            c_, {kQueryAbsorb, {tokens, a_.kv_lora_rank, a_.qk_nope_head_dim, heads_}, MatrixInput::shared, 0, false}));
        Operator rope;
        rope.name = "rope";
        rope.forward.push_back(rope_kernel(c_.shape.type, tokens, heads_ + 1, a_.qk_rope_head_dim, 1.0, "rope"));
        list_.push_back(rope);
        Operator write;
        write.name = "kv_cache_write";
        write.forward.push_back(copy_kernel(c_.elements(tokens * cache_width()), "kv_cache_write"));
        list_.push_back(write);
        if (attends_sparsely(c_)) {
            append_index(list_, c_);
        }
        Operator core;
        core.name = "attention";
        core.forward.push_back(attends_sparsely(c_) ? sparse_attention_kernel(c_, heads_) : decode_kernel());
        list_.push_back(core);
        list_.push_back(matrix_operator(
            c_, {kValueAbsorb, {tokens, a_.v_head_dim, a_.kv_lora_rank, heads_}, MatrixInput::shared, 0, false}));
    }

    [[nodiscard]] Kernel decode_kernel() const {
        MlaExtents extents;
        extents.sequences = c_.shape.micro_batch;
        extents.heads = heads_;
        extents.queries = c_.shape.sequence_length;
        extents.keys = c_.shape.context + c_.shape.sequence_length;
        extents.latent = a_.kv_lora_rank;
        extents.rope = a_.qk_rope_head_dim;
        return mla_decode_kernel(c_.shape.type, extents, "mla_decode");
    }

    OperatorList& list_;
    const PartContext& c_;
    const LatentAttentionConfig& a_;
    std::int64_t heads_;  // of this rank
};

}  // namespace

void append_latent_attention(OperatorList& list, const PartContext& c) { LatentBuilder(list, c).append(); }

}  // namespace myriad

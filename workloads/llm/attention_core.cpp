// softmax(Q K^T) V of one rank, with whatever context parallelism adds to it.
//   flash     forward 2 (d + v) flop a (query, key) pair and head, causal pairs only; backward 2 (3 d + 2 v)
//   unfused   all pairs; scores go through HBM
// Context parallelism cuts a sequence of s tokens into 2 cp pieces of c tokens and gives rank i pieces i and 2 cp - 1 - i
// (zigzag), so that every rank has the same 2 cp c^2 + c causal pairs:
//   ring        cp - 1 shifts of keys and values. Beside the first the rank works on its own block: causal over 2 c
//               tokens, 2 c^2 + c pairs. Of another rank's block either all 2 c queries see the earlier piece or the
//               later c queries see both: 2 c^2 pairs, counted as 2 c queries by c keys. Each partial result is merged
//               into the sum by its log-sum-exp. Backward shifts keys and values once more with their gradients, which
//               take one shift more to come home.
//   all_gather  all keys and values first; c queries against the (i + 1) c keys up to them and c against (2 cp - i) c:
//               again 2 cp c^2 + c pairs and (2 cp + 1) c keys whatever i is; the kernels are those of i = (cp - 1) / 2.
//               Backward gathers again and reduce-scatters the gradients.
// Tokens in the cache (prefill) are spread over the ranks and seen by every query.

#include "workloads/llm/parts.h"

#include "sim/error/error.h"

namespace myriad {
namespace {

constexpr std::int64_t kFp32Bytes = 4;

class CoreBuilder {
public:
    CoreBuilder(const PartContext& c, const CoreExtents& extents) : c_(c), e_(extents) {
        MYRIAD_CHECK(c.shape.context_parallel == 1 || c.shape.sequence_length % (2 * c.shape.context_parallel) == 0,
                     "a sequence is cut into two pieces a context-parallel rank");
    }

    void append(OperatorList& list) const {
        if (!c_.training()) {
            append_cache_write(list);
        }
        if (c_.shape.context_parallel == 1) {
            list.push_back(whole());
        } else if (c_.shape.context_exchange == ContextExchange::ring) {
            append_ring(list);
        } else {
            append_gathered(list);
        }
    }

private:
    [[nodiscard]] std::int64_t queries() const { return c_.shape.sequence_length / c_.shape.context_parallel; }
    [[nodiscard]] std::int64_t cached() const {
        return c_.training() ? 0 : c_.shape.context / c_.shape.context_parallel;
    }

    [[nodiscard]] AttentionShape shape(std::int64_t query_tokens, std::int64_t keys, bool causal) const {
        AttentionShape shape;
        shape.sequences = c_.shape.micro_batch;
        shape.heads = e_.heads;
        shape.kv_heads = e_.kv_heads;
        shape.queries = query_tokens;
        shape.keys = keys;
        shape.head_dim = e_.head_dim;
        shape.value_dim = e_.value_dim;
        shape.causal = causal;
        shape.page_tokens = cached() > 0 ? e_.page_tokens : 0;
        return shape;
    }

    void add_flash(Operator& op, AttentionShape shape) const {
        const bool decode = c_.shape.phase == ModelPhase::decode;
        op.forward.push_back(attention_kernel(c_.shape.type, shape, decode ? "decode_attention" : "flash_attention"));
        if (c_.training()) {
            shape.backward = true;
            op.input_grad.push_back(attention_kernel(c_.shape.type, shape, "flash_attention_grad"));
        }
    }

    // Q, K, V, output, and log-sum-exp or scores.
    void keep(Operator& op) const {
        const std::int64_t keys = e_.kv_heads * (e_.head_dim + e_.value_dim);
        const Bytes projected = c_.elements(c_.tokens * (e_.heads * e_.head_dim + keys));
        const Bytes output = c_.elements(c_.tokens * e_.heads * e_.value_dim);
        op.kept = projected + output;
        op.kept_selective = op.kept;
        if (c_.shape.attention == AttentionKernel::flash) {
            const Bytes log_sum_exp{c_.tokens * e_.heads * kFp32Bytes};
            op.kept += log_sum_exp;
            op.kept_selective += log_sum_exp - e_.projected_again;
        } else {
            const std::int64_t scores = c_.tokens * e_.heads * c_.shape.sequence_length;
            // With dropout: softmax, its mask and what is left of it.
            op.kept += Bytes{scores * (c_.shape.dropout ? 2 * c_.element + 1 : c_.element)};
            op.recomputed_selective = true;
        }
    }

    [[nodiscard]] Operator whole() const {
        Operator op;
        op.name = "attention";
        if (c_.shape.attention == AttentionKernel::flash) {
            add_flash(op, shape(queries(), cached() + queries(), true));
        } else {
            add_unfused(op);
        }
        keep(op);
        return op;
    }

    void add_unfused(Operator& op) const {
        const DataType type = c_.shape.type;
        const std::int64_t s = c_.shape.sequence_length;
        const std::int64_t d = e_.head_dim;
        const std::int64_t v = e_.value_dim;
        const std::int64_t batch = c_.shape.micro_batch * e_.heads;
        op.forward = {gemm_kernel(type, {s, s, d, batch}, "attention_scores"),
                      softmax_kernel(type, batch * s, s, "attention_softmax"),
                      gemm_kernel(type, {s, v, s, batch}, "attention_context")};
        op.input_grad = {gemm_kernel(type, {s, s, v, batch}, "attention_probability_grad"),  // dP = dO V^T
                         gemm_kernel(type, {s, v, s, batch}, "attention_value_grad"),        // dV = P^T dO
                         row_kernel(type, batch * s, s, {5.0, 2, 1, 0.0}, "attention_softmax_grad"),
                         gemm_kernel(type, {s, d, s, batch}, "attention_query_grad"),  // dQ = dS K
                         gemm_kernel(type, {s, d, s, batch}, "attention_key_grad")};   // dK = dS^T Q
        if (c_.eager()) {
            add_eager(op, batch, s);
        }
    }

    // Dropout of the softmax's result, the output from heads to channels, and backward the gradients of Q, K and V into
    // one tensor.
    void add_eager(Operator& op, std::int64_t batch, std::int64_t s) const {
        const DataType type = c_.shape.type;
        make_softmax_eager(op, batch, s);
        if (c_.shape.dropout) {
            op.forward.insert(op.forward.end() - 1, dropout_kernel(c_, batch * s, s, "attention_dropout"));
            op.input_grad.insert(op.input_grad.begin() + 2,
                                 dropout_grad_kernel(c_, batch * s, s, "attention_dropout_grad"));
        }
        op.forward.push_back(
            vector_kernel(type, c_.tokens, e_.heads * e_.value_dim, {0.0, 1, 1, 0.0}, "attention_transpose"));
        const std::int64_t width = e_.heads * e_.head_dim + e_.kv_heads * (e_.head_dim + e_.value_dim);
        op.input_grad.push_back(vector_kernel(type, c_.tokens, width, {0.0, 1, 1, 0.0}, "attention_qkv_concat"));
    }

    // Megatron-LM's fused causal softmax reads what the mask leaves and writes zeros elsewhere. It takes matrices by
    // fours and up to 2,048 keys (fused_softmax.py, is_kernel_available); else copy to fp32, scale, mask, softmax and copy
    // back are kernels, there and back again.
    void make_softmax_eager(Operator& op, std::int64_t batch, std::int64_t s) const {
        constexpr std::int64_t kFusedMatrices = 4;
        constexpr std::int64_t kFusedKeys = 2048;
        const auto softmax = op.forward.begin() + 1;
        const auto gradient = op.input_grad.begin() + 2;
        if (batch % kFusedMatrices == 0 && s <= kFusedKeys) {
            softmax->read = softmax->read / 2;
            gradient->read = gradient->read / 2;
            return;
        }
        const Bytes narrow = c_.elements(batch * s * s);
        const auto fp32 = [&](double flop, std::int64_t reads, std::int64_t writes, std::string_view label) {
            return vector_kernel(DataType::fp32, batch * s, s, {flop, reads, writes, 0.0}, label);
        };
        Kernel widen = fp32(0.0, 0, 1, "scores_to_fp32");
        widen.read = narrow;
        Kernel shorten = fp32(0.0, 1, 0, "scores_to_half");
        shorten.written = narrow;
        const std::vector<Kernel> there{widen, fp32(1.0, 1, 1, "scores_scale"), fp32(1.0, 1, 1, "scores_mask"),
                                        softmax_kernel(DataType::fp32, batch * s, s, "attention_softmax"), shorten};
        const std::vector<Kernel> back{
            widen, row_kernel(DataType::fp32, batch * s, s, {5.0, 2, 1, 0.0}, "attention_softmax_grad"),
            fp32(1.0, 1, 1, "scores_mask"), fp32(1.0, 1, 1, "scores_scale"), shorten};
        op.forward.insert(op.forward.erase(softmax), there.begin(), there.end());
        op.input_grad.insert(op.input_grad.erase(gradient), back.begin(), back.end());
    }

    [[nodiscard]] Bytes key_value_bytes(std::int64_t tokens) const {
        return c_.elements(c_.shape.micro_batch * tokens * e_.kv_heads * (e_.head_dim + e_.value_dim));
    }

    void append_ring(OperatorList& list) const {
        const Bytes block = key_value_bytes(cached() + queries());
        if (c_.training()) {
            // Gradients of the rank's own keys and values are with its neighbour when the last block is done.
            Operator home = exchange_operator({"ring_return", GroupKind::context, {}, shift_call(block)});
            home.exchange.shift = true;
            list.push_back(home);
        }
        for (std::int64_t step = 0; step < c_.shape.context_parallel; ++step) {
            if (step + 1 < c_.shape.context_parallel) {
                Operator shift =
                    exchange_operator({"ring_shift", GroupKind::context, shift_call(block), shift_call(block * 2)});
                shift.exchange.shift = true;
                shift.exchange.beside = 1;
                list.push_back(shift);
            }
            list.push_back(ring_block(step));
        }
    }

    [[nodiscard]] static CollectiveCall shift_call(Bytes size) { return {CollectiveOp::all_gather, size}; }

    [[nodiscard]] Operator ring_block(std::int64_t step) const {
        Operator op;
        op.name = "attention";
        const std::int64_t keys = step == 0 ? queries() : queries() / 2;
        add_flash(op, shape(queries(), cached() + keys, step == 0));
        if (step == 0) {
            keep(op);
        } else {
            op.forward.push_back(
                vector_kernel(c_.shape.type, c_.tokens, e_.heads * e_.value_dim, {3.0, 2, 1, 0.0}, "attention_merge"));
        }
        return op;
    }

    void append_gathered(OperatorList& list) const {
        const std::int64_t cp = c_.shape.context_parallel;
        const Bytes all = key_value_bytes((cached() + queries()) * cp);
        Operator gather =
            exchange_operator({"context_gather", GroupKind::context, CollectiveCall{CollectiveOp::all_gather, all},
                               CollectiveCall{CollectiveOp::reduce_scatter, all}});
        gather.exchange.regathered = true;
        list.push_back(gather);
        Operator op;
        op.name = "attention";
        const std::int64_t piece = queries() / 2;
        const std::int64_t i = (cp - 1) / 2;
        add_flash(op, shape(piece, cached() * cp + (i + 1) * piece, true));
        add_flash(op, shape(piece, cached() * cp + (2 * cp - i) * piece, true));
        keep(op);
        list.push_back(op);
    }

    // New keys and values into the cache, as the projection left them.
    void append_cache_write(OperatorList& list) const {
        Operator op;
        op.name = "kv_cache_write";
        op.forward.push_back(copy_kernel(c_.elements(c_.tokens * e_.cached_width), "kv_cache_write"));
        list.push_back(op);
    }

    const PartContext& c_;
    CoreExtents e_;
};

}  // namespace

void append_attention_core(OperatorList& list, const PartContext& c, const CoreExtents& extents) {
    CoreBuilder(c, extents).append(list);
}

}  // namespace myriad

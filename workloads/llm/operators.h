#pragma once
// The operators of a dense transformer as kernels of one rank under tensor parallelism (Megatron's cut: QKV, up and
// LM head by columns, attention output and down by rows; vocabulary and heads divided; with sequence parallelism the
// norms and residuals work on 1 / tp of the tokens). One micro-batch of T = micro_batch x sequence_length tokens.
//
// Work and HBM bytes are the formulas of models/kernels.h, or stated beside the function in operators.cpp. Every operand
// is read once and every result written once; reuse beyond that (tiles, caches) belongs to the card.

#include "models/card.h"
#include "workloads/llm/model_config.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace myriad {

enum class AttentionKernel : std::uint8_t {
    flash,    // fused and causal: masked pairs are not computed, scores never reach HBM, backward recomputes QK^T
    unfused,  // batched GEMM, softmax, batched GEMM over all pairs, as Megatron in 2022
};

struct OperatorShape {
    std::int64_t micro_batch = 1;
    std::int64_t sequence_length = 0;
    std::int64_t tensor_parallel = 1;
    bool sequence_parallel = false;
    AttentionKernel attention = AttentionKernel::flash;
    DataType type = DataType::bf16;
    std::int64_t gradient_bytes = 4;  // of the accumulated weight gradient

    [[nodiscard]] std::int64_t tokens() const { return micro_batch * sequence_length; }
    // Tokens that one rank holds where sequence parallelism divides them.
    [[nodiscard]] std::int64_t region_tokens() const {
        return sequence_parallel ? tokens() / tensor_parallel : tokens();
    }
};

// Vocabulary padded to a multiple of 128 x tp, as Megatron does (--make-vocab-size-divisible-by 128).
[[nodiscard]] std::int64_t padded_vocabulary(std::int64_t vocab, std::int64_t tensor_parallel);

enum class Linear : std::uint8_t { attention_qkv, attention_output, mlp_up, mlp_down, lm_head };
enum class Norm : std::uint8_t { input, post_attention, final };

class DenseOperators {
public:
    // The model is plain dense and every division is exact (ParallelPlan validation sees to both).
    DenseOperators(const LlmConfig& model, const OperatorShape& shape);

    [[nodiscard]] Kernel embedding() const;
    [[nodiscard]] Kernel embedding_grad() const;
    [[nodiscard]] Kernel norm(Norm which) const;
    [[nodiscard]] Kernel norm_grad(Norm which) const;
    [[nodiscard]] Kernel residual() const;       // y = x + branch
    [[nodiscard]] Kernel residual_grad() const;  // adds the gradients of both paths
    [[nodiscard]] Kernel linear(Linear which) const;
    [[nodiscard]] Kernel linear_dgrad(Linear which) const;  // gradient of the input
    [[nodiscard]] Kernel linear_wgrad(Linear which) const;  // gradient of the weight, added to the accumulated one
    [[nodiscard]] Kernel qk_norm() const;
    [[nodiscard]] Kernel qk_norm_grad() const;
    [[nodiscard]] Kernel rope() const;
    [[nodiscard]] Kernel rope_grad() const;
    // softmax(Q K^T) V with grouped queries.
    [[nodiscard]] std::vector<Kernel> attention_core() const;
    [[nodiscard]] std::vector<Kernel> attention_core_grad() const;
    [[nodiscard]] Kernel activation() const;
    [[nodiscard]] Kernel activation_grad() const;
    [[nodiscard]] Kernel cross_entropy() const;
    [[nodiscard]] Kernel cross_entropy_grad() const;

    [[nodiscard]] const OperatorShape& shape() const { return shape_; }
    [[nodiscard]] const LlmConfig& model() const { return model_; }

private:
    struct Extent {
        std::int64_t outputs;
        std::int64_t inputs;
    };
    [[nodiscard]] Extent extent(Linear which) const;
    [[nodiscard]] AttentionShape attention_shape() const;  // of one rank, forward
    [[nodiscard]] std::int64_t query_key_heads() const;    // heads of queries and of keys, of one rank
    [[nodiscard]] std::int64_t query_width() const;        // of one rank
    [[nodiscard]] std::int64_t key_value_width() const;    // keys alone, of one rank

    LlmConfig model_;
    OperatorShape shape_;
};

}  // namespace myriad

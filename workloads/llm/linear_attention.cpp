// Gated delta net (Yang et al. 2024, arXiv 2412.06464; Qwen3-Next), from its norm to its residual. Every value head has
// a state S of key_head_dim x value_head_dim:  S <- decay S + k (beta (v - S^T k))^T,  o = S^T q.
//
// Training and prefill take the chunked form of flash-linear-attention (fla/ops/gated_delta_rule), C = 64 tokens a chunk.
// Flop a token and value head, d = key_head_dim, v = value_head_dim:
//   forward   delta_scores  K K^T                                    2 C d
//             delta_solve   inverse of a unit triangle               C^2 / 3
//             delta_wu      W = T K, U = T V                         2 C (d + v)
//             delta_state   V' = U - W S, S += K^T V'                4 d v
//             delta_output  Q S, Q K^T, (Q K^T) V'                   2 d v + 2 C (d + v)
//   backward  delta_wu and delta_state once more, then
//             delta_value_grad   Q K^T, its transpose times dO       2 C (d + v)
//             delta_state_grad   K dS, Q^T dO, W^T dV                6 d v
//             delta_output_grad  dO S, V' dS, dV S, dO V'^T and its products with K and Q    6 d v + C (4 d + 2 v)
//             delta_wu_grad      dW K^T, dU V^T, T^T dW, T^T dU, through the inverse, with K twice
//                                                                    C (8 d + 4 v) + 4 C^2
// Every kernel reads its operands and writes its results once; states go through HBM once a chunk. That the chunks of a
// sequence follow one another is not modelled.
// Decode: one pass over the state, read and written in the model's type: 7 d v flop a token and head.
//
// Tensor parallelism divides heads. Context parallelism exchanges parts of sequences for parts of the heads around the
// recurrence (all-to-all), as Megatron-core does.

#include "workloads/llm/parts.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {
namespace {

constexpr MatrixLabels kIn{"linear_in", "linear_in_dgrad", "linear_in_wgrad"};
constexpr MatrixLabels kGates{"linear_gates", "linear_gates_dgrad", "linear_gates_wgrad"};
constexpr MatrixLabels kOut{"linear_out", "linear_out_dgrad", "linear_out_wgrad"};
constexpr std::int64_t kFp32Bytes = 4;
constexpr std::int64_t kChunk = 64;

class DeltaBuilder {
public:
    DeltaBuilder(OperatorList& list, const PartContext& c) : list_(list), c_(c), a_(c.model.linear) {
        const std::int64_t cp = c.shape.context_parallel;
        MYRIAD_CHECK(a_.key_heads % (c.tensor * cp) == 0 && a_.value_heads % (c.tensor * cp) == 0, c.model.name);
        key_width_ = a_.key_heads * a_.key_head_dim / c.tensor;
        value_width_ = a_.value_heads * a_.value_head_dim / c.tensor;
        key_heads_ = a_.key_heads / (c.tensor * cp);
        heads_ = a_.value_heads / (c.tensor * cp);
        tokens_ = c.tokens * cp;
        chunk_ = std::min(kChunk, c.shape.sequence_length);
    }

    void append() {
        const Bytes activation = c_.elements(c_.tokens * c_.model.hidden);
        list_.push_back(branch_norm_operator(c_, {"input_norm", "input_norm_grad"}));
        append_gather(list_, c_, activation);
        append_projections();
        append_heads_exchange(2 * key_width_ + value_width_ + 2 * a_.value_heads / c_.tensor);
        append_convolution();
        append_recurrence();
        append_heads_exchange(value_width_);
        append_gated_norm();
        list_.push_back(matrix_operator(
            c_, {kOut, {c_.tokens, c_.model.hidden, value_width_}, MatrixInput::cheap, c_.tokens, true}));
        append_reduce(list_, c_, activation);
        list_.push_back(residual_operator(c_));
    }

private:
    // What the recurrence works on: heads_ of all tokens of the sequences.
    [[nodiscard]] std::int64_t channels() const {
        return 2 * key_heads_ * a_.key_head_dim + heads_ * a_.value_head_dim;
    }
    [[nodiscard]] std::int64_t keys() const { return tokens_ * key_heads_ * a_.key_head_dim; }
    [[nodiscard]] std::int64_t values() const { return tokens_ * heads_ * a_.value_head_dim; }
    [[nodiscard]] std::int64_t wide_keys() const { return tokens_ * heads_ * a_.key_head_dim; }
    [[nodiscard]] std::int64_t triangles() const { return tokens_ * heads_ * chunk_; }
    [[nodiscard]] std::int64_t chunks() const {
        return c_.shape.micro_batch * ((c_.shape.sequence_length + chunk_ - 1) / chunk_);
    }
    [[nodiscard]] std::int64_t state() const { return heads_ * a_.key_head_dim * a_.value_head_dim; }
    [[nodiscard]] Bytes decays() const { return Bytes{2 * tokens_ * heads_ * kFp32Bytes}; }  // and betas

    void append_projections() {
        const std::int64_t hidden = c_.model.hidden;
        list_.push_back(matrix_operator(
            c_, {kIn, {c_.tokens, 2 * key_width_ + 2 * value_width_, hidden}, MatrixInput::cheap, c_.region, true}));
        list_.push_back(matrix_operator(
            c_, {kGates, {c_.tokens, 2 * a_.value_heads / c_.tensor, hidden}, MatrixInput::shared, 0, false, true}));
    }

    // Parts of sequences for parts of heads, or back; `width` of a rank's tokens before.
    void append_heads_exchange(std::int64_t width) {
        if (c_.shape.context_parallel > 1) {
            const CollectiveCall call{CollectiveOp::all_to_all, c_.elements(c_.tokens * width)};
            list_.push_back(exchange_operator({"heads_exchange", GroupKind::context, call, call}));
        }
    }

    // Depthwise and causal over the last conv_kernel tokens, then SiLU; q and k to unit length.
    void append_convolution() {
        const double flop = 2.0 * static_cast<double>(a_.conv_kernel) + 4.0;
        const DataType type = c_.shape.type;
        Operator op;
        op.name = "short_convolution";
        op.forward.push_back(vector_kernel(type, tokens_, channels(), {flop, 1, 1, 2.0}, "short_convolution"));
        op.input_grad.push_back(
            vector_kernel(type, tokens_, channels(), {2.0 * flop, 2, 1, 2.0}, "short_convolution_grad"));
        op.kept = c_.elements(tokens_ * channels());
        op.kept_selective = op.kept;
        op.parameters = (2 * key_width_ + value_width_) * a_.conv_kernel;
        if (c_.shape.phase == ModelPhase::decode) {
            // The last tokens' channels are a state, too.
            const Bytes state = c_.elements(c_.shape.micro_batch * channels() * a_.conv_kernel);
            op.forward.back().read += state;
            op.forward.back().written += state;
        }
        list_.push_back(op);
        Operator norm;
        norm.name = "key_query_norm";
        const std::int64_t rows = 2 * tokens_ * key_heads_;
        norm.forward.push_back(row_kernel(type, rows, a_.key_head_dim, {3.0, 1, 1, 0.0}, "key_query_norm"));
        norm.input_grad.push_back(row_kernel(type, rows, a_.key_head_dim, {6.0, 2, 1, 0.0}, "key_query_norm_grad"));
        norm.kept = c_.elements(rows * a_.key_head_dim);
        norm.kept_selective = norm.kept;
        list_.push_back(norm);
    }

    // Work `flop` a token and head on the matrix unit, shown to the tile level as one chunk's product a chunk and head.
    [[nodiscard]] Kernel kernel(double flop, Bytes read, Bytes written, std::int64_t n, std::int64_t k,
                                std::string_view label) const {
        Kernel kernel = gemm_kernel(c_.shape.type, {chunk_, n, k, chunks() * heads_}, label);
        kernel.work = Flop{flop * static_cast<double>(tokens_ * heads_)};
        kernel.read = read;
        kernel.written = written;
        return kernel;
    }

    struct Terms {
        double d, v, chunk, dv;
    };
    [[nodiscard]] Terms terms() const {
        const auto d = static_cast<double>(a_.key_head_dim);
        const auto v = static_cast<double>(a_.value_head_dim);
        return {d, v, static_cast<double>(chunk_), d * v};
    }

    [[nodiscard]] Kernel wu(std::string_view label) const {
        const Terms t = terms();
        return kernel(2.0 * t.chunk * (t.d + t.v), c_.elements(triangles() + keys() + values()) + decays(),
                      c_.elements(wide_keys() + values()), a_.key_head_dim + a_.value_head_dim, chunk_, label);
    }
    [[nodiscard]] Kernel states(std::string_view label) const {
        return kernel(4.0 * terms().dv, c_.elements(keys() + wide_keys() + values()) + decays(),
                      c_.elements(values() + chunks() * state()), 2 * a_.value_head_dim, a_.key_head_dim, label);
    }

    void append_recurrence() {
        Operator op;
        op.name = "delta_rule";
        op.parameters = 2 * a_.value_heads / c_.tensor;  // decay rate and time-step bias
        if (c_.shape.phase == ModelPhase::decode) {
            op.forward.push_back(step());
        } else {
            add_forward(op);
            add_backward(op);
            // q, k, v, the inverse triangle, decays and betas; W, U and states are computed again.
            op.kept = c_.elements(2 * keys() + values() + triangles()) + decays();
            op.kept_selective = op.kept;
        }
        list_.push_back(op);
    }

    [[nodiscard]] Kernel step() const {
        const std::int64_t state_elements = c_.shape.micro_batch * state();
        Kernel kernel = vector_kernel(c_.shape.type, c_.shape.micro_batch * heads_, a_.key_head_dim * a_.value_head_dim,
                                      {7.0 * static_cast<double>(c_.shape.sequence_length), 1, 1, 0.0}, "delta_step");
        kernel.read = c_.elements(state_elements + 2 * keys() + values()) + decays();
        kernel.written = c_.elements(state_elements + values());
        return kernel;
    }

    void add_forward(Operator& op) const {
        const Terms t = terms();
        const Bytes fp32_triangles{triangles() * kFp32Bytes};
        op.forward = {
            kernel(2.0 * t.chunk * t.d, c_.elements(keys()) + decays(), fp32_triangles, chunk_, a_.key_head_dim,
                   "delta_scores"),
            kernel(t.chunk * t.chunk / 3.0, fp32_triangles, c_.elements(triangles()), chunk_, chunk_, "delta_solve"),
            wu("delta_wu"), states("delta_state"),
            kernel(2.0 * t.dv + 2.0 * t.chunk * (t.d + t.v),
                   c_.elements(2 * keys() + values() + chunks() * state()) + decays(), c_.elements(values()),
                   a_.value_head_dim + chunk_, a_.key_head_dim, "delta_output")};
        if (!c_.training()) {
            // From the state in the cache and back to it.
            op.forward[3].read += c_.elements(c_.shape.micro_batch * state());
            op.forward[3].written += c_.elements(c_.shape.micro_batch * state());
        }
    }

    void add_backward(Operator& op) const {
        const Terms t = terms();
        const std::int64_t d = a_.key_head_dim;
        const std::int64_t v = a_.value_head_dim;
        const std::int64_t all_states = chunks() * state();
        op.input_grad = {
            wu("delta_wu_again"),
            states("delta_state_again"),
            kernel(2.0 * t.chunk * (t.d + t.v), c_.elements(2 * keys() + values()) + decays(), c_.elements(values()),
                   chunk_ + v, d, "delta_value_grad"),
            kernel(6.0 * t.dv, c_.elements(2 * keys() + wide_keys() + 2 * values()) + decays(),
                   c_.elements(values() + all_states), 3 * v, d, "delta_state_grad"),
            kernel(6.0 * t.dv + t.chunk * (4.0 * t.d + 2.0 * t.v),
                   c_.elements(2 * keys() + wide_keys() + 3 * values() + 2 * all_states) + decays(),
                   c_.elements(3 * wide_keys()), 3 * v + 2 * chunk_, d, "delta_output_grad"),
            kernel(t.chunk * (8.0 * t.d + 4.0 * t.v) + 4.0 * t.chunk * t.chunk,
                   c_.elements(keys() + 2 * values() + triangles() + wide_keys()) + decays(),
                   c_.elements(wide_keys() + values()) + decays(), 4 * d + 2 * v, chunk_, "delta_wu_grad")};
    }

    // Norm of every head's output times SiLU of the gate.
    void append_gated_norm() {
        const DataType type = c_.shape.type;
        const std::int64_t rows = c_.tokens * (value_width_ / a_.value_head_dim);
        Operator op;
        op.name = "gated_norm";
        op.forward.push_back(row_kernel(type, rows, a_.value_head_dim, {9.0, 2, 1, 2.0}, "gated_norm"));
        op.input_grad.push_back(row_kernel(type, rows, a_.value_head_dim, {18.0, 3, 2, 2.0}, "gated_norm_grad"));
        op.kept = c_.elements(2 * rows * a_.value_head_dim);
        op.kept_selective = op.kept;
        op.recomputed_selective = c_.drops_outputs();
        op.parameters = a_.value_head_dim;
        op.replicated = op.parameters;
        list_.push_back(op);
    }

    OperatorList& list_;
    const PartContext& c_;
    const LinearAttentionConfig& a_;
    std::int64_t key_width_ = 0;  // of keys, and of queries, of a tensor-parallel rank
    std::int64_t value_width_ = 0;
    std::int64_t key_heads_ = 0;  // in the recurrence
    std::int64_t heads_ = 0;
    std::int64_t tokens_ = 0;
    std::int64_t chunk_ = 0;
};

}  // namespace

void append_linear_attention(OperatorList& list, const PartContext& c) { DeltaBuilder(list, c).append(); }

}  // namespace myriad

// The expert feed-forward part, from its norm to its residual.
//
//   router, top_k   fp32 scores of E experts a token
//   dispatch        per_expert: tokens are copied into order of their experts, then all-to-all; per_rank (DeepEP): one
//                   copy for each rank with one of the experts, sent from where the token lies, copied at its destination;
//                   per_server (DeepEP between servers): one copy for each server, sent on inside it; the two exchanges run
//                   side by side, because tokens are sent on a few at a time
//   expert_up, expert_swiglu, expert_down    grouped GEMMs on load.rows
//   combine         results go back: per_rank those of one token and rank are added first;
//                   per_server also those of one token and server, by the rank that sent it on
//   combine_sum     a token's results are added
// The weights of top_k are multiplied into the activation, as Megatron-core and DeepEP's normal kernels do, so that the
// experts' results need not be kept. Indices and weights that travel with tokens (8 bytes an expert) are left out, and so
// are auxiliary losses.
//
// Tensor parallelism: with sequence parallelism every rank routes its own tokens. Without it all ranks have all tokens:
// where experts are divided just as the other matrices (expert_tensor_parallel = tensor_parallel) every rank works on
// all of them and the results are summed; else each takes its 1 / tp of the tokens, and all are gathered at the end.
// Experts divided over expert_tensor ranks: what arrives is gathered among them, and results are reduce-scattered.
// Shared experts are cut as a dense feed-forward part and may run beside the dispatch.

#include "workloads/llm/parts.h"
#include "workloads/llm/routing.h"

#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {
namespace {

constexpr MatrixLabels kRouter{"router", "router_dgrad", "router_wgrad"};
constexpr MatrixLabels kUp{"expert_up", "expert_up_dgrad", "expert_up_wgrad"};
constexpr MatrixLabels kDown{"expert_down", "expert_down_dgrad", "expert_down_wgrad"};
constexpr MatrixLabels kSharedUp{"shared_up", "shared_up_dgrad", "shared_up_wgrad"};
constexpr MatrixLabels kSharedDown{"shared_down", "shared_down_dgrad", "shared_down_wgrad"};
constexpr std::int64_t kFp32Bytes = 4;

// A kernel that moves rows: `flop` an element of the larger side.
Kernel move_kernel(const PartContext& c, std::int64_t rows, double flop, Bytes read, Bytes written,
                   std::string_view label) {
    Kernel kernel = vector_kernel(c.shape.type, rows, c.model.hidden, {flop, 1, 1, 0.0}, label);
    kernel.read = read;
    kernel.written = written;
    return kernel;
}

class ExpertBuilder {
public:
    ExpertBuilder(OperatorList& list, const PartContext& c, const ExpertLoad& load)
        : list_(list), c_(c), load_(load), e_(c.model.experts) {
        const OperatorShape& s = c.shape;
        MYRIAD_CHECK(e_.experts % s.expert_parallel == 0 && e_.intermediate % s.expert_tensor_parallel == 0,
                     c.model.name);
        MYRIAD_CHECK(static_cast<std::int64_t>(load.rows.size()) == e_.experts / s.expert_parallel,
                     fmt::format("{}: rows for {} experts of a rank", c.model.name, load.rows.size()));
        tokens_ = routed_tokens(s);
        replicated_ = experts_see_all_tokens(s);
        exchanged_ = s.expert_parallel > 1;
        per_rank_ = copies_per_rank(s);
        per_server_ = copies_per_server(s);
        gathered_ = expert_token_copies(s);
        sent_ = load.total / gathered_;
        arrived_ = sent_;
        if (exchanged_) {
            sent_ = load.sent >= 0 ? load.sent : load.dispatched;
            sent_ = per_server_ ? load.server_copies : sent_;
            arrived_ = load.received >= 0 ? load.received : load.combined;
        }
    }

    void append() {
        list_.push_back(branch_norm_operator(c_, {"post_attention_norm", "post_attention_norm_grad"}));
        append_begin();
        append_router();
        append_dispatch();
        append_computation();
        append_combine();
        append_end();
        list_.push_back(residual_operator(c_));
    }

private:
    [[nodiscard]] Bytes activation() const { return c_.elements(c_.tokens * c_.model.hidden); }
    [[nodiscard]] Bytes rows(std::int64_t count) const { return c_.elements(count * c_.model.hidden); }
    // As they are sent to the experts.
    [[nodiscard]] Bytes sent_rows(std::int64_t count) const {
        return c_.shape.dispatch_fp8 ? fp8_bytes(count * c_.model.hidden) : rows(count);
    }
    // As the experts' first matrix reads them.
    [[nodiscard]] Bytes expert_rows(std::int64_t count) const {
        return c_.shape.dispatch_fp8 && c_.fp8() ? fp8_bytes(count * c_.model.hidden) : rows(count);
    }
    [[nodiscard]] bool sliced() const { return c_.tensor > 1 && !c_.sharded() && !replicated_; }
    [[nodiscard]] bool has_shared() const { return shared_width() > 0; }
    [[nodiscard]] std::int64_t shared_width() const {
        return e_.shared_intermediate > 0 ? e_.shared_intermediate : e_.shared_experts * e_.intermediate;
    }

    // Gradients of the input, where every rank has a part of them (replicated) or of some tokens (sliced).
    void append_begin() {
        if (replicated_ || sliced()) {
            const CollectiveOp op = replicated_ ? CollectiveOp::all_reduce : CollectiveOp::all_gather;
            list_.push_back(
                exchange_operator({"expert_input", GroupKind::tensor, {}, CollectiveCall{op, activation()}}));
        }
    }

    void append_end() {
        if (has_shared()) {
            Operator add;
            add.name = "shared_add";
            add.forward.push_back(residual_kernel(c_.shape.type, c_.region, c_.model.hidden, "shared_add"));
            list_.push_back(add);
        }
        if (replicated_ || sliced()) {
            const CollectiveOp op = replicated_ ? CollectiveOp::all_reduce : CollectiveOp::all_gather;
            list_.push_back(
                exchange_operator({"expert_output", GroupKind::tensor, CollectiveCall{op, activation()}, {}}));
        }
    }

    void append_router() {
        const std::int64_t hidden = c_.model.hidden;
        Operator router =
            matrix_operator(c_, {kRouter, {tokens_, e_.experts, hidden}, MatrixInput::cheap, tokens_, false});
        router.forward.back() =
            gemm_kernel(c_.shape.type, {tokens_, e_.experts, hidden, 1, false, kFp32Bytes}, kRouter.forward);
        // The gradients of router, experts and shared experts meet in the input.
        router.input_grad.push_back(vector_kernel(c_.shape.type, tokens_, hidden,
                                                  {has_shared() ? 2.0 : 1.0, has_shared() ? 3 : 2, 1, 0.0},
                                                  "expert_input_grad"));
        router.parameters += e_.router_bias ? e_.experts : 0;
        router.replicated = router.parameters;
        list_.push_back(router);

        // Softmax or sigmoid, then the largest k: one comparison a score and the rest of the choice counted as four.
        const Bytes scores{tokens_ * e_.experts * kFp32Bytes};
        const Bytes chosen{tokens_ * e_.active_experts * 2 * kFp32Bytes};
        Operator top_k;
        top_k.name = "top_k";
        Kernel choose = row_kernel(DataType::fp32, tokens_, e_.experts, {10.0, 1, 0, 1.0}, "top_k");
        choose.written = chosen;
        top_k.forward.push_back(choose);
        Kernel back = row_kernel(DataType::fp32, tokens_, e_.experts, {5.0, 1, 1, 0.0}, "top_k_grad");
        back.read += chosen;
        top_k.input_grad.push_back(back);
        top_k.kept = scores + chosen;
        top_k.kept_selective = top_k.kept;
        list_.push_back(top_k);
    }

    void append_dispatch() {
        Operator prepare;
        prepare.name = "dispatch_permute";
        if (c_.shape.dispatch_fp8) {
            prepare.forward.push_back(cast_kernel(c_, tokens_, c_.model.hidden));
        }
        if (!per_rank_) {
            prepare.forward.push_back(
                move_kernel(c_, sent_, 0.0, sent_rows(tokens_), sent_rows(sent_), "dispatch_permute"));
        }
        // The gradients of a token's copies are added.
        prepare.input_grad.push_back(move_kernel(c_, sent_, 1.0, rows(sent_), rows(tokens_), "dispatch_permute_grad"));
        list_.push_back(prepare);
        const std::size_t first = list_.size();
        if (per_server_) {
            append_dispatch_by_server();
        } else if (exchanged_) {
            Operator dispatch = exchange_operator(
                {"dispatch", GroupKind::expert, exchange(sent_rows(load_.dispatched)), exchange(rows(load_.combined))});
            dispatch.exchange.routing = load_.routing;
            list_.push_back(dispatch);
        }
        append_shared();
        if (exchanged_ && c_.shape.overlap_shared_experts) {
            run_beside(first);
        }
        if (gathered_ > 1 && arrived_ > 0) {
            list_.push_back(
                exchange_operator({"expert_gather", GroupKind::expert_tensor,
                                   CollectiveCall{CollectiveOp::all_gather, sent_rows(arrived_ * gathered_)},
                                   CollectiveCall{CollectiveOp::reduce_scatter, rows(arrived_ * gathered_)}}));
        }
    }

    // To the servers, then on inside them. Backward, the gradients of a token's copies are added where it was sent on.
    void append_dispatch_by_server() {
        list_.push_back(exchange_operator(
            {"dispatch_rail", GroupKind::expert_rail, exchange(sent_rows(sent_)), exchange(rows(sent_))}));
        list_.push_back(exchange_operator({"dispatch_server", GroupKind::expert_server,
                                           exchange(sent_rows(load_.dispatched)), exchange(rows(load_.combined))}));
        Operator on;
        on.name = "dispatch_forward";
        on.input_grad.push_back(
            move_kernel(c_, load_.combined, 1.0, rows(load_.combined), rows(sent_), "dispatch_forward_grad"));
        list_.push_back(on);
        run_beside(list_.size() - 3);
    }

    void append_combine_by_server() {
        list_.push_back(exchange_operator({"combine_server", GroupKind::expert_server, exchange(rows(load_.combined)),
                                           exchange(sent_rows(load_.dispatched))}));
        list_.push_back(exchange_operator(
            {"combine_rail", GroupKind::expert_rail, exchange(rows(sent_)), exchange(sent_rows(sent_))}));
        Operator back;
        back.name = "combine_forward";
        back.forward.push_back(
            move_kernel(c_, load_.combined, 1.0, rows(load_.combined), rows(sent_), "combine_forward"));
        list_.push_back(back);
        for (const std::size_t at : {list_.size() - 3, list_.size() - 2}) {
            list_[at].exchange.returns = true;
        }
        run_beside(list_.size() - 3);
    }

    // The exchange at `first`, or the two, last until the end of the list as it is.
    void run_beside(std::size_t first) {
        for (std::size_t at = first; at < first + (per_server_ ? 2 : 1); ++at) {
            list_[at].exchange.beside = static_cast<int>(list_.size() - at - 1);
        }
    }

    [[nodiscard]] CollectiveCall exchange(Bytes size) const {
        return {load_.routing < 0 ? CollectiveOp::all_to_all : CollectiveOp::all_to_allv, size};
    }

    void append_shared() {
        if (!has_shared()) {
            return;
        }
        const std::int64_t hidden = c_.model.hidden;
        MYRIAD_CHECK(shared_width() % c_.tensor == 0, c_.model.name);
        const std::int64_t inner = shared_width() / c_.tensor;
        if (!replicated_) {
            append_gather(list_, c_, activation());
        }
        // The router keeps the input in the model's type; what it does not have is the tokens of other ranks.
        Operator up = matrix_operator(c_, {kSharedUp, {c_.tokens, 2 * inner, hidden}, MatrixInput::shared, 0, true});
        if (e_.shared_expert_gate) {
            up.parameters += hidden;
            up.replicated = hidden;
            add_shared_gate(up);
        }
        list_.push_back(up);
        list_.push_back(activation_operator(c_, {"shared_swiglu", "shared_swiglu_grad"}, c_.tokens, inner));
        list_.push_back(
            matrix_operator(c_, {kSharedDown, {c_.tokens, hidden, inner}, MatrixInput::cheap, c_.tokens, true}));
        if (!replicated_) {
            append_reduce(list_, c_, activation());
        }
    }

    // One scalar a token: a matrix with one column. Its sigmoid scales the shared expert where it is added.
    void add_shared_gate(Operator& up) const {
        const std::int64_t hidden = c_.model.hidden;
        const DataType type = c_.shape.type;
        up.forward.push_back(gemm_kernel(type, {c_.tokens, 1, hidden}, "shared_gate"));
        up.input_grad.push_back(gemm_kernel(type, {c_.tokens, hidden, 1}, "shared_gate_dgrad"));
        up.weight_grad.push_back(
            gemm_kernel(type, {1, hidden, c_.tokens, 1, true, c_.shape.gradient_bytes}, "shared_gate_wgrad"));
    }

    // Tokens of several senders into order of their experts; per_rank: a copy for each expert.
    [[nodiscard]] bool reorders() const { return exchanged_ || gathered_ > 1; }
    [[nodiscard]] std::int64_t present() const { return arrived_ * gathered_; }

    void append_computation() {
        const OperatorShape& s = c_.shape;
        const std::int64_t hidden = c_.model.hidden;
        const std::int64_t inner = e_.intermediate / s.expert_tensor_parallel;
        const std::int64_t experts = e_.experts / s.expert_parallel;
        const bool any = load_.total > 0;
        if (reorders() && any) {
            Operator op;
            op.name = "expert_permute";
            op.forward.push_back(
                move_kernel(c_, load_.total, 0.0, sent_rows(present()), expert_rows(load_.total), "expert_permute"));
            op.input_grad.push_back(move_kernel(c_, load_.total, per_rank_ ? 1.0 : 0.0, rows(load_.total),
                                                rows(present()), "expert_permute_grad"));
            list_.push_back(op);
        }
        list_.push_back(
            grouped_operator(c_, {kUp, 2 * inner, hidden, experts, MatrixInput::costly, s.dispatch_fp8}, load_));
        if (any) {
            list_.push_back(activation_operator(c_, {"expert_swiglu", "expert_swiglu_grad"}, load_.total, inner));
        }
        list_.push_back(grouped_operator(c_, {kDown, hidden, inner, experts, MatrixInput::cheap, false}, load_));
    }

    void append_combine() {
        if (reorders() && load_.total > 0) {
            Operator op;
            op.name = "expert_unpermute";
            op.forward.push_back(move_kernel(c_, load_.total, per_rank_ ? 1.0 : 0.0, rows(load_.total), rows(present()),
                                             "expert_unpermute"));
            op.input_grad.push_back(
                move_kernel(c_, load_.total, 0.0, sent_rows(present()), rows(load_.total), "expert_unpermute_grad"));
            list_.push_back(op);
        }
        if (gathered_ > 1 && arrived_ > 0) {
            list_.push_back(
                exchange_operator({"expert_scatter", GroupKind::expert_tensor,
                                   CollectiveCall{CollectiveOp::reduce_scatter, rows(arrived_ * gathered_)},
                                   CollectiveCall{CollectiveOp::all_gather, sent_rows(arrived_ * gathered_)}}));
        }
        if (per_server_) {
            append_combine_by_server();
        } else if (exchanged_) {
            Operator combine = exchange_operator(
                {"combine", GroupKind::expert, exchange(rows(load_.combined)), exchange(sent_rows(load_.dispatched))});
            combine.exchange.routing = load_.routing;
            combine.exchange.returns = true;
            list_.push_back(combine);
        }
        Operator sum;
        sum.name = "combine_sum";
        sum.forward.push_back(move_kernel(c_, sent_, 1.0, rows(sent_), rows(tokens_), "combine_sum"));
        if (c_.shape.dispatch_fp8) {
            sum.input_grad.push_back(cast_kernel(c_, tokens_, c_.model.hidden));
        }
        if (!per_rank_) {
            sum.input_grad.push_back(
                move_kernel(c_, sent_, 0.0, sent_rows(tokens_), sent_rows(sent_), "combine_sum_grad"));
        }
        list_.push_back(sum);
    }

    OperatorList& list_;
    const PartContext& c_;
    const ExpertLoad& load_;
    const ExpertsConfig& e_;
    std::int64_t tokens_ = 0;    // that this rank routes
    std::int64_t gathered_ = 1;  // expert-tensor ranks whose tokens each of them works on
    std::int64_t sent_ = 0;      // copies of its tokens
    std::int64_t arrived_ = 0;   // copies of all ranks' tokens for its experts
    bool replicated_ = false;
    bool exchanged_ = false;
    bool per_rank_ = false;
    bool per_server_ = false;
};

}  // namespace

void append_experts(OperatorList& list, const PartContext& c, const ExpertLoad& load) {
    ExpertBuilder(list, c, load).append();
}

}  // namespace myriad

// The lists of a dense transformer under Megatron's tensor parallelism. With sequence parallelism an all-gather stands
// before each column-parallel matrix and a reduce-scatter after each row-parallel one; without it, an all-reduce after
// each row-parallel one. Backward mirrors them; a column-parallel matrix gathers its input once more (each rank kept
// its share only) beside dgrad, and reduces its input's gradient beside wgrad.
// Vocabulary-parallel loss: three all-reduces of one fp32 a token (maximum, sum, target logit).

#include "workloads/training/program.h"

#include "workloads/training/memory.h"

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

constexpr std::int64_t kFp32Bytes = 4;

class ListBuilder {
public:
    ListBuilder(const LlmConfig& model, const ParallelPlan& plan, std::vector<std::string>& labels)
        : plan_(plan),
          ops_(model, plan.shape()),
          labels_(labels),
          activation_(plan.shape().tokens() * model.hidden * plan.weight_bytes) {}

    StepList embedding() {
        compute(ops_.embedding());
        reduce_output();
        return take();
    }

    StepList embedding_grad() {
        gather_gradient();
        compute(ops_.embedding_grad());
        return take();
    }

    StepList layer() {
        append_layer();
        return take();
    }

    StepList layer_grad() {
        if (plan_.recompute == Recompute::full) {
            recomputing_ = true;
            append_layer();
            recomputing_ = false;
        }
        append_mlp_grad();
        append_attention_grad();
        return take();
    }

    StepList head() {
        compute(ops_.norm(Norm::final));
        gather_input();
        compute(ops_.linear(Linear::lm_head));
        compute(ops_.cross_entropy());
        for (int i = 0; i < 3; ++i) {
            blocking(CollectiveOp::all_reduce, Bytes{plan_.shape().tokens() * kFp32Bytes});
        }
        return take();
    }

    StepList head_grad() {
        compute(ops_.cross_entropy_grad());
        column_grad(Linear::lm_head);
        compute(ops_.norm_grad(Norm::final));
        return take();
    }

    StepList message_gather() {
        if (plan_.scatter_gather_pipeline && !sharded()) {
            blocking(CollectiveOp::all_gather, activation_);
        }
        return take();
    }

    std::uint16_t label_index(const std::string& label) {
        const auto found = std::find(labels_.begin(), labels_.end(), label);
        if (found != labels_.end()) {
            return static_cast<std::uint16_t>(found - labels_.begin());
        }
        labels_.push_back(label);
        return static_cast<std::uint16_t>(labels_.size() - 1);
    }

private:
    StepList take() { return std::exchange(list_, {}); }

    void compute(const Kernel& kernel) {
        ProgramStep step;
        step.kernel = kernel;
        step.label = label_index((recomputing_ ? "recompute " : "") + std::string(kernel.label));
        list_.push_back(step);
    }
    void compute(const std::vector<Kernel>& kernels) {
        for (const Kernel& kernel : kernels) {
            compute(kernel);
        }
    }
    void compute_again(const std::vector<Kernel>& kernels) {
        recomputing_ = true;
        compute(kernels);
        recomputing_ = false;
    }

    void begin(std::uint8_t slot, CollectiveOp op, Bytes size) {
        if (plan_.tensor_parallel > 1) {
            ProgramStep step;
            step.kind = StepKind::begin;
            step.slot = slot;
            step.call = {op, size, 0};
            list_.push_back(step);
        }
    }
    void wait(std::uint8_t slot) {
        if (plan_.tensor_parallel > 1) {
            ProgramStep step;
            step.kind = StepKind::wait;
            step.slot = slot;
            list_.push_back(step);
        }
    }
    void blocking(CollectiveOp op, Bytes size) {
        begin(0, op, size);
        wait(0);
    }

    [[nodiscard]] bool sharded() const { return plan_.sharded_sequence(); }
    void gather_input() {
        if (sharded()) {
            blocking(CollectiveOp::all_gather, activation_);
        }
    }
    void gather_gradient() { gather_input(); }
    void reduce_output() { blocking(sharded() ? CollectiveOp::reduce_scatter : CollectiveOp::all_reduce, activation_); }

    void append_layer() {
        const LlmConfig& model = ops_.model();
        compute(ops_.norm(Norm::input));
        gather_input();
        compute(ops_.linear(Linear::attention_qkv));
        if (model.qk_norm) {
            compute(ops_.qk_norm());
        }
        if (!model.learned_positions) {
            compute(ops_.rope());
        }
        compute(ops_.attention_core());
        compute(ops_.linear(Linear::attention_output));
        reduce_output();
        compute(ops_.residual());
        compute(ops_.norm(Norm::post_attention));
        gather_input();
        compute(ops_.linear(Linear::mlp_up));
        compute(ops_.activation());
        compute(ops_.linear(Linear::mlp_down));
        reduce_output();
        compute(ops_.residual());
    }

    [[nodiscard]] bool rebuilds_cheap_parts() const {
        return plan_.recompute == Recompute::selective && plan_.attention == AttentionKernel::flash;
    }

    void append_mlp_grad() {
        gather_gradient();
        if (rebuilds_cheap_parts()) {
            compute_again({ops_.activation(), ops_.norm(Norm::post_attention)});
        }
        compute(ops_.linear_dgrad(Linear::mlp_down));
        compute(ops_.linear_wgrad(Linear::mlp_down));
        compute(ops_.activation_grad());
        column_grad(Linear::mlp_up);
        compute(ops_.norm_grad(Norm::post_attention));
        compute(ops_.residual_grad());
    }

    void append_attention_grad() {
        const LlmConfig& model = ops_.model();
        gather_gradient();
        if (rebuilds_cheap_parts()) {
            compute_again({ops_.norm(Norm::input)});
        }
        compute(ops_.linear_dgrad(Linear::attention_output));
        compute(ops_.linear_wgrad(Linear::attention_output));
        if (plan_.recompute == Recompute::selective && plan_.attention == AttentionKernel::unfused) {
            compute_again(ops_.attention_core());
        }
        compute(ops_.attention_core_grad());
        if (!model.learned_positions) {
            compute(ops_.rope_grad());
        }
        if (model.qk_norm) {
            compute(ops_.qk_norm_grad());
        }
        column_grad(Linear::attention_qkv);
        compute(ops_.norm_grad(Norm::input));
        compute(ops_.residual_grad());
    }

    void column_grad(Linear which) {
        const CollectiveOp reduction = sharded() ? CollectiveOp::reduce_scatter : CollectiveOp::all_reduce;
        const bool beside = plan_.overlap_tensor_parallel;
        if (sharded()) {
            begin(0, CollectiveOp::all_gather, activation_);
            if (!beside) {
                wait(0);
            }
        }
        compute(ops_.linear_dgrad(which));
        if (sharded() && beside) {
            wait(0);
        }
        begin(1, reduction, activation_);
        if (!beside) {
            wait(1);
        }
        compute(ops_.linear_wgrad(which));
        if (beside) {
            wait(1);
        }
    }

    const ParallelPlan& plan_;
    DenseOperators ops_;
    std::vector<std::string>& labels_;
    Bytes activation_;  // of one micro-batch, all tokens and channels
    StepList list_;
    bool recomputing_ = false;
};

}  // namespace

StagePrograms make_programs(const LlmConfig& model, const ParallelPlan& plan) {
    StagePrograms programs;
    ListBuilder builder(model, plan, programs.labels);
    programs.embedding = builder.embedding();
    programs.layer = builder.layer();
    programs.head = builder.head();
    programs.head_grad = builder.head_grad();
    programs.layer_grad = builder.layer_grad();
    programs.embedding_grad = builder.embedding_grad();
    programs.message_gather = builder.message_gather();
    programs.optimizer_label = builder.label_index("adam");
    return programs;
}

Flop tensor_work(const StepList& list) {
    Flop work{0.0};
    for (const ProgramStep& step : list) {
        if (step.kind == StepKind::compute && step.kernel.unit == KernelUnit::tensor) {
            work += step.kernel.work;
        }
    }
    return work;
}

Flop executed_tensor_work(const LlmConfig& model, const ParallelPlan& plan, const StagePrograms& programs) {
    Flop once = (tensor_work(programs.layer) + tensor_work(programs.layer_grad)) * static_cast<double>(model.layers);
    once += tensor_work(programs.head) + tensor_work(programs.head_grad);
    return once * static_cast<double>(plan.tensor_parallel * plan.data_parallel * plan.micro_batches());
}

Bytes pipeline_message(const LlmConfig& model, const ParallelPlan& plan) {
    const Bytes whole{plan.shape().tokens() * model.hidden * plan.weight_bytes};
    return plan.sharded_sequence() || plan.scatter_gather_pipeline ? whole / plan.tensor_parallel : whole;
}

GradientBuckets gradient_buckets(const LlmConfig& model, const ParallelPlan& plan, std::int64_t stage) {
    const StageParameters parameters = stage_parameters(model, plan, stage);
    const std::int64_t layers = model.layers / plan.pipeline_parallel;
    const bool last = stage == plan.pipeline_parallel - 1;
    GradientBuckets buckets;
    buckets.layer = Bytes{parameters.layers / layers * plan.gradient_bytes};
    buckets.head = Bytes{parameters.head * plan.gradient_bytes};
    buckets.embedding = Bytes{parameters.embedding * plan.gradient_bytes};
    if (plan.sharded_sequence()) {
        const std::int64_t final_norm = model.normalisation == Normalisation::layer ? 2 : 1;
        buckets.norms =
            Bytes{(layers * dense_layer_parameters(model).replicated + (last ? final_norm * model.hidden : 0)) *
                  plan.gradient_bytes};
    }
    if (model.tied_embeddings && plan.pipeline_parallel > 1 && (stage == 0 || last)) {
        buckets.tied = Bytes{padded_vocabulary(model.vocab, plan.tensor_parallel) / plan.tensor_parallel *
                             model.hidden * plan.gradient_bytes};
    }
    const std::int64_t shards = plan.zero_stage >= 1 ? plan.data_parallel : 1;
    buckets.weights = Bytes{parameters.total() * plan.weight_bytes};
    buckets.owned = (parameters.total() + shards - 1) / shards;
    return buckets;
}

}  // namespace myriad

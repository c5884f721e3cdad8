// The parts of a model as lists, each made once for all ranks that run it alike.

#include "workloads/training/program.h"

#include "workloads/training/list_builder.h"

#include <algorithm>

namespace myriad {
namespace {

class ProgramMaker {
public:
    ProgramMaker(const LlmConfig& model, const ParallelPlan& plan, const ExpertLoads& loads, StagePrograms& programs)
        : model_(model), plan_(plan), shape_(plan.shape()), loads_(loads), programs_(programs) {}

    void make() {
        // Embedding, head and multi-token prediction are never recomputed as a whole.
        const Recompute edges = plan_.recompute == Recompute::full ? Recompute::none : plan_.recompute;
        programs_.embedding = builder(edges).part(embedding_operators(model_, shape_));
        collect_kinds();
        make_layers();
        programs_.head = builder(edges).part(head_operators(model_, shape_));
        for (std::size_t load = 0; model_.mtp_layers > 0 && load < static_cast<std::size_t>(loads_.size()); ++load) {
            programs_.mtp.push_back(layer_part(plan_.recompute, mtp_operators(model_, shape_, loads_[load])));
        }
        make_message_gather();
        programs_.optimizer_label = builder(edges).label_index("adam");
        programs_.host_label = builder(edges).label_index("host");
    }

private:
    ListBuilder builder(Recompute recompute) { return {programs_.labels, {recompute, plan_.overlap_tensor_parallel}}; }

    void collect_kinds() {
        for (std::int64_t layer = 0; layer < model_.layers; ++layer) {
            const LayerKind kind = layer_kind(model_, layer);
            const auto known = std::find(programs_.kinds.begin(), programs_.kinds.end(), kind);
            programs_.kind_of.push_back(static_cast<std::uint8_t>(known - programs_.kinds.begin()));
            if (known == programs_.kinds.end()) {
                programs_.kinds.push_back(kind);
            }
        }
    }

    PartProgram layer_part(Recompute recompute, const OperatorList& operators) {
        PartProgram part = builder(recompute).part(operators);
        if (recompute == Recompute::full) {
            part.kept = layer_input_bytes(model_, shape_);
        }
        return part;
    }

    void make_layers() {
        programs_.loads = loads_.size();
        for (const LayerKind& kind : programs_.kinds) {
            for (const bool plain : {false, true}) {
                for (std::size_t load = 0; load < static_cast<std::size_t>(loads_.size()); ++load) {
                    const bool needed = (!plain || plan_.recompute_layers > 0) && (kind.experts || load == 0);
                    programs_.layers.push_back(needed ? layer_part(plain ? Recompute::none : plan_.recompute,
                                                                   layer_operators(model_, kind, shape_, loads_[load]))
                                                      : PartProgram{});
                }
            }
        }
    }

    void make_message_gather() {
        if (!plan_.scatter_gather_pipeline || plan_.sharded_sequence() || plan_.tensor_parallel == 1) {
            return;
        }
        Operator gather;
        gather.exchange.group = GroupKind::tensor;
        gather.exchange.forward = CollectiveCall{CollectiveOp::all_gather, layer_input_bytes(model_, shape_), 0};
        programs_.message_gather = builder(Recompute::none).forward({gather});
    }

    const LlmConfig& model_;
    const ParallelPlan& plan_;
    OperatorShape shape_;
    const ExpertLoads& loads_;
    StagePrograms& programs_;
};

}  // namespace

StagePrograms make_programs(const LlmConfig& model, const ParallelPlan& plan, const ExpertLoads& loads) {
    StagePrograms programs;
    ProgramMaker(model, plan, loads, programs).make();
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

Bytes pipeline_message(const LlmConfig& model, const ParallelPlan& plan) {
    const Bytes input = layer_input_bytes(model, plan.shape());
    return plan.scatter_gather_pipeline && !plan.sharded_sequence() ? input / plan.tensor_parallel : input;
}

}  // namespace myriad

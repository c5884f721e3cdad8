// Memory of a card, by stage: parameters from the operators' lists, activations from what operators keep times the
// micro-batches that the pipeline's order has in flight.
// Assumptions: no fragmentation, no workspace of libraries, collectives work in place.

#include "workloads/training/memory.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {
namespace {

std::int64_t share(std::int64_t count, std::int64_t shards) { return (count + shards - 1) / shards; }

Bytes most_kept(const StagePrograms& programs, std::int64_t layer, bool plain) {
    Bytes most{0};
    const bool experts = programs.kinds[programs.kind_of[static_cast<std::size_t>(layer)]].experts;
    for (std::size_t load = 0; load < static_cast<std::size_t>(experts ? programs.loads : 1); ++load) {
        most = std::max(most, programs.layer(layer, plain, load).kept);
    }
    return most;
}

// The most that the chunks of a stage hold at once, in passes of its order.
Bytes peak_activations(const std::vector<PipelineSlot>& order, const std::vector<Bytes>& kept) {
    Bytes held{0};
    Bytes peak{0};
    const auto ends = [](Pass pass) { return pass == Pass::backward || pass == Pass::weight_grad; };
    for (std::size_t i = 0; i < order.size(); ++i) {
        // Passes side by side are both under way before either ends.
        const std::size_t last = order[i].beside_next ? i + 1 : i;
        for (std::size_t j = i; j <= last; ++j) {
            held += order[j].pass == Pass::forward ? kept[static_cast<std::size_t>(order[j].chunk)] : Bytes{0};
        }
        peak = std::max(peak, held);
        for (std::size_t j = i; j <= last; ++j) {
            held -= ends(order[j].pass) ? kept[static_cast<std::size_t>(order[j].chunk)] : Bytes{0};
        }
        i = last;
    }
    return peak;
}

// Logits in the model's type, then their gradient over them; what the loss keeps, in fp32, is an activation.
Bytes logits(const LlmConfig& model, const ParallelPlan& plan) {
    const std::int64_t vocabulary = padded_vocabulary(model.vocab, plan.tensor_parallel) / plan.tensor_parallel;
    return Bytes{plan.shape().tokens() * vocabulary * plan.weight_bytes};
}

// What a layer that is run again holds beyond what was kept of it.
Bytes rebuilt_layer(const LlmConfig& model, const ParallelPlan& plan) {
    if (plan.recompute == Recompute::none) {
        return Bytes{0};
    }
    ParallelPlan plain = plan;
    plain.recompute = Recompute::none;
    return layer_activations(model, plain) - layer_activations(model, plan);
}

class StageMemory {
public:
    StageMemory(const LlmConfig& model, const ParallelPlan& plan)
        : model_(model), plan_(plan), loads_(model, plan), programs_(make_programs(model, plan, loads_)) {}

    [[nodiscard]] MemoryUse of(std::int64_t stage, Bytes rebuilt) const {
        const std::vector<ChunkContent> chunks = chunks_of_stage(plan_, model_, stage);
        const StageWeights weights = stage_weights(programs_, model_, plan_, stage);
        const bool last = std::any_of(chunks.begin(), chunks.end(), [](const auto& chunk) { return chunk.last; });
        std::vector<Bytes> kept;
        for (const ChunkContent& chunk : chunks) {
            kept.push_back(chunk_activations(programs_, model_, plan_, chunk));
        }
        MemoryUse use;
        use.weights = Bytes{shared(weights.held, 3, plan_.prefetch + 1) * plan_.weight_bytes};
        use.gradients = Bytes{shared(weights.held, 2, 1) * plan_.gradient_bytes};
        use.optimizer = Bytes{weights.owned * plan_.optimizer_bytes};
        use.activations = peak_activations(pipeline_order(plan_.pipeline(), stage), kept);
        const Bytes gathered =
            plan_.sharded_sequence() ? Bytes{plan_.shape().tokens() * model_.hidden * plan_.weight_bytes} : Bytes{0};
        use.transient = std::max(rebuilt, last ? logits(model_, plan_) : Bytes{0}) + gathered;
        return use;
    }

private:
    // Parameters whose weights or gradients a rank holds, divided from `zero_stage` on but for `whole` layers at a time.
    [[nodiscard]] std::int64_t shared(const ParameterCount& held, int zero_stage, std::int64_t whole) const {
        if (plan_.zero_stage < zero_stage) {
            return held.total();
        }
        std::int64_t layer = 0;
        for (std::size_t kind = 0; kind < programs_.kinds.size(); ++kind) {
            const PartProgram& part = programs_.layers[kind * 2 * static_cast<std::size_t>(programs_.loads)];
            layer = std::max(layer, part.dense + part.expert);
        }
        const std::int64_t divided = share(held.dense, dense_shards(plan_)) + share(held.expert, expert_shards(plan_));
        return std::min(held.total(), divided + layer * whole);
    }

    const LlmConfig& model_;
    const ParallelPlan& plan_;
    ExpertLoads loads_;
    StagePrograms programs_;
};

}  // namespace

Bytes chunk_activations(const StagePrograms& programs, const LlmConfig& model, const ParallelPlan& plan,
                        const ChunkContent& chunk) {
    Bytes kept{0};
    for (std::int64_t i = 0; i < chunk.layers.count; ++i) {
        const bool plain = plan.recompute_layers > 0 && i >= plan.recompute_layers;
        kept += most_kept(programs, chunk.layers.first + i, plain);
    }
    if (chunk.first) {
        kept += programs.embedding.kept;
    }
    if (chunk.last) {
        const std::int64_t modules = programs.mtp.empty() ? 0 : model.mtp_layers;
        kept += programs.head.kept * (1 + modules);
        for (std::int64_t module = 0; module < modules; ++module) {
            kept += programs.mtp.front().kept;
        }
    }
    return kept;
}

Bytes layer_activations(const LlmConfig& model, const ParallelPlan& plan) {
    const ExpertLoads loads(model, plan);
    const OperatorShape shape = plan.shape();
    if (plan.recompute == Recompute::full) {
        return layer_input_bytes(model, shape);
    }
    Bytes kept{0};
    for (const Operator& op : layer_operators(model, layer_kind(model, model.layers - 1), shape, loads[0])) {
        kept += plan.recompute == Recompute::selective ? op.kept_selective : op.kept;
    }
    return kept;
}

std::vector<MemoryUse> memory_by_stage(const LlmConfig& model, const ParallelPlan& plan) {
    const StageMemory memory(model, plan);
    const Bytes rebuilt = rebuilt_layer(model, plan);
    std::vector<MemoryUse> stages;
    for (std::int64_t stage = 0; stage < plan.pipeline_parallel; ++stage) {
        stages.push_back(memory.of(stage, rebuilt));
    }
    return stages;
}

}  // namespace myriad

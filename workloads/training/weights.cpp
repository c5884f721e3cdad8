// Counts of parameters read off the lists. Assumption: a tied table on a pipeline of one stage is held once; with more
// stages the last one has a copy, whose gradient is summed with the first one's.

#include "workloads/training/weights.h"

#include <algorithm>

namespace myriad {
namespace {

bool shared_table(const LlmConfig& model, const ParallelPlan& plan) {
    return model.tied_embeddings && plan.pipeline_parallel == 1;
}

std::int64_t table(const LlmConfig& model, const ParallelPlan& plan) {
    return padded_vocabulary(model.vocab, plan.tensor_parallel) / plan.tensor_parallel * model.hidden;
}

// All chunks of a stage at once, but where each has a group of its own.
void add_gather(const ParallelPlan& plan, const ParameterCount& held, StageWeights& weights) {
    if (plan.zero_stage != 1 && plan.zero_stage != 2) {
        return;
    }
    if (weights.gathers.empty() || plan.schedule == PipelineSchedule::dualpipe) {
        weights.gathers.push_back({static_cast<int>(weights.gathers.size()), Bytes{0}, Bytes{0}});
    }
    weights.gathers.back().dense += Bytes{filled_up(held.dense, dense_shards(plan)) * plan.weight_bytes};
    weights.gathers.back().expert += Bytes{filled_up(held.expert, expert_shards(plan)) * plan.weight_bytes};
}

std::int64_t share(std::int64_t parameters, std::int64_t shards) { return (parameters + shards - 1) / shards; }

}  // namespace

std::vector<ChunkContent> chunks_of_stage(const ParallelPlan& plan, const LlmConfig& model, std::int64_t stage) {
    const PipelineShape shape = plan.pipeline();
    const std::vector<LayerRange> ranges = layer_ranges(plan, model);
    std::vector<ChunkContent> chunks;
    for (int chunk = 0; chunk < static_cast<int>(shape.chunks); ++chunk) {
        ChunkContent content;
        content.position = position_of(shape, {stage, chunk});
        content.layers = ranges[static_cast<std::size_t>(content.position)];
        content.first = content.position == 0;
        content.last = content.position == path_length(shape) - 1;
        chunks.push_back(content);
    }
    return chunks;
}

ParameterCount parameters_of(const PartProgram& part) { return {part.dense, part.expert}; }

ParameterCount layer_parameters(const StagePrograms& programs, std::int64_t layer) {
    return parameters_of(programs.layer(layer, false, 0));
}

ParameterCount head_parameters(const StagePrograms& programs, const LlmConfig& model, const ParallelPlan& plan) {
    ParameterCount count = parameters_of(programs.head);
    if (!programs.mtp.empty()) {
        for (std::int64_t module = 0; module < model.mtp_layers; ++module) {
            count += parameters_of(programs.mtp.front());
        }
    }
    if (shared_table(model, plan)) {
        count.dense -= table(model, plan);
    }
    return count;
}

ParameterCount chunk_parameters(const StagePrograms& programs, const LlmConfig& model, const ParallelPlan& plan,
                                const ChunkContent& chunk) {
    ParameterCount count;
    for (std::int64_t i = 0; i < chunk.layers.count; ++i) {
        count += layer_parameters(programs, chunk.layers.first + i);
    }
    if (chunk.first) {
        count += parameters_of(programs.embedding);
    }
    if (chunk.last) {
        count += head_parameters(programs, model, plan);
    }
    return count;
}

std::int64_t dense_shards(const ParallelPlan& plan) {
    const std::int64_t copies = plan.schedule == PipelineSchedule::dualpipe ? 2 : 1;
    return plan.data_parallel * plan.context_parallel * copies;
}

std::int64_t expert_shards(const ParallelPlan& plan) {
    const std::int64_t copies = plan.schedule == PipelineSchedule::dualpipe ? 2 : 1;
    return plan.layout().expert_data() * copies;
}

StageWeights stage_weights(const StagePrograms& programs, const LlmConfig& model, const ParallelPlan& plan,
                           std::int64_t stage) {
    StageWeights weights;
    std::int64_t replicated = 0;
    bool edge = false;
    for (const ChunkContent& chunk : chunks_of_stage(plan, model, stage)) {
        const ParameterCount held = chunk_parameters(programs, model, plan, chunk);
        weights.held += held;
        add_gather(plan, held, weights);
        for (std::int64_t i = 0; i < chunk.layers.count; ++i) {
            replicated += programs.layer(chunk.layers.first + i, false, 0).replicated;
        }
        replicated += chunk.first ? programs.embedding.replicated : 0;
        replicated += chunk.last ? programs.head.replicated : 0;
        if (chunk.last && !programs.mtp.empty()) {
            replicated += programs.mtp.front().replicated * model.mtp_layers;
        }
        edge = edge || chunk.first || chunk.last;
    }
    if (plan.sharded_sequence()) {
        weights.norms = Bytes{replicated * plan.gradient_bytes};
    }
    if (model.tied_embeddings && plan.pipeline_parallel > 1 && edge) {
        weights.tied = Bytes{table(model, plan) * plan.gradient_bytes};
    }
    // Both stages that share a chunk must come to its group in the same order.
    const PipelineShape shape = plan.pipeline();
    std::sort(weights.gathers.begin(), weights.gathers.end(), [&](const auto& a, const auto& b) {
        return position_of(shape, {stage, a.chunk}) < position_of(shape, {stage, b.chunk});
    });
    const bool divided = plan.zero_stage >= 1;
    weights.owned = share(weights.held.dense, divided ? dense_shards(plan) : 1) +
                    share(weights.held.expert, divided ? expert_shards(plan) : 1);
    return weights;
}

}  // namespace myriad

#pragma once
// Which parameters a rank holds, what of their gradients and weights goes over the network, and what its optimizer owns.

#include "workloads/training/program.h"

#include <cstdint>
#include <vector>

namespace myriad {

// Parameters on one rank, by the group that their gradients are reduced over.
struct ParameterCount {
    std::int64_t dense = 0;
    std::int64_t expert = 0;
    [[nodiscard]] std::int64_t total() const { return dense + expert; }
    ParameterCount& operator+=(const ParameterCount& other) {
        dense += other.dense;
        expert += other.expert;
        return *this;
    }
};

// A chunk of a stage: the part of the model at one position of the pipeline.
struct ChunkContent {
    std::int64_t position = 0;
    LayerRange layers;
    bool first = false;  // the embedding too
    bool last = false;   // head and multi-token prediction too
};
// Of a pipeline stage, in order of chunks.
[[nodiscard]] std::vector<ChunkContent> chunks_of_stage(const ParallelPlan& plan, const LlmConfig& model,
                                                        std::int64_t stage);

[[nodiscard]] ParameterCount parameters_of(const PartProgram& part);
[[nodiscard]] ParameterCount layer_parameters(const StagePrograms& programs, std::int64_t layer);
// Embedding of the first chunk; where the table is tied and the pipeline has stages, the head's copy is its own.
[[nodiscard]] ParameterCount chunk_parameters(const StagePrograms& programs, const LlmConfig& model,
                                              const ParallelPlan& plan, const ChunkContent& chunk);
[[nodiscard]] ParameterCount head_parameters(const StagePrograms& programs, const LlmConfig& model,
                                             const ParallelPlan& plan);

// Of one stage, what the end of a step moves.
struct StageWeights {
    ParameterCount held;     // of all its chunks
    std::int64_t owned = 0;  // that this rank's optimizer updates
    Bytes norms;  // gradients of replicated parameters, summed over tensor parallelism where the sequence is divided
    Bytes tied;   // gradient of the embedding table, summed between first and last stage
    struct Gather {
        int chunk = 0;  // whose group it is
        Bytes dense;
        Bytes expert;
    };
    std::vector<Gather> gathers;  // weights gathered after the optimizer (ZeRO-1 and 2)
};
[[nodiscard]] StageWeights stage_weights(const StagePrograms& programs, const LlmConfig& model,
                                         const ParallelPlan& plan, std::int64_t stage);

// Elements of a buffer that is divided over `shards`: filled up to a multiple of them, as Megatron's distributed
// optimizer does, so that all shares are alike.
[[nodiscard]] constexpr std::int64_t filled_up(std::int64_t elements, std::int64_t shards) {
    return (elements + shards - 1) / shards * shards;
}

// Copies that optimizer states (gradients, weights) of dense and expert parameters are divided over.
[[nodiscard]] std::int64_t dense_shards(const ParallelPlan& plan);
[[nodiscard]] std::int64_t expert_shards(const ParallelPlan& plan);

}  // namespace myriad

#pragma once
// The parts of a model as lists of steps, made once for all ranks that run them alike, and what they must read from HBM.
// Internal to inference/.

#include "workloads/inference/plan.h"
#include "workloads/training/expert_loads.h"
#include "workloads/training/list_builder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

// Bytes that one pass of a part reads (of recurrent states also writes) because of what the model is, whatever the
// kernels do: weights of matrices, of experts only those that tokens visit; cached keys and values; recurrent states.
struct ModelBytes {
    Bytes weights;
    Bytes cache;
    [[nodiscard]] Bytes total() const { return weights + cache; }
    ModelBytes& operator+=(const ModelBytes& other) {
        weights += other.weights;
        cache += other.cache;
        return *this;
    }
};

struct PassPart {
    StepList list;
    ModelBytes bytes;
    Bytes parameters;              // weights held on this rank
    Bytes working;                 // the most that two neighbouring operators leave for each other
    std::int64_t experts_hit = 0;  // experts of this rank with any token
};

struct InferencePrograms {
    std::vector<PassPart> parts;  // embedding, head, then layers by kind and load
    std::vector<std::string> labels;
    std::vector<LayerKind> kinds;
    std::vector<std::uint8_t> kind_of;  // by layer
    std::int64_t loads = 1;

    static constexpr std::size_t kEmbedding = 0;
    static constexpr std::size_t kHead = 1;
    [[nodiscard]] std::size_t layer(std::int64_t layer, std::size_t load) const {
        const std::size_t kind = kind_of[static_cast<std::size_t>(layer)];
        return 2 + kind * static_cast<std::size_t>(loads) + (kinds[kind].experts ? load : 0);
    }
};
// Kernels refer to `loads`, so the result may be moved but must not outlive them.
[[nodiscard]] InferencePrograms make_programs(const LlmConfig& model, const InferencePlan& plan,
                                              const ExpertLoads& loads);

// Bytes that one rank sends to the next stage for one micro-batch, and that the last stage sends back to the first.
[[nodiscard]] Bytes activation_message(const LlmConfig& model, const InferencePlan& plan);
[[nodiscard]] Bytes token_message(const InferencePlan& plan);

// Operations that a step asks for, at least: 2 a parameter of a matrix and token, the output head for one token of a
// sequence, attention pairs under the causal mask (as training_flop_per_token() counts them, forward only).
[[nodiscard]] Flop model_flop(const LlmConfig& model, const InferencePlan& plan);

}  // namespace myriad

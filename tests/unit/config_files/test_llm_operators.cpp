// Operators of every model file hold the parameters that the file states, and their matrices are those that count.

#include "app/config_files/load.h"
#include "tests/unit/config_files/files.h"
#include "workloads/llm/layers.h"
#include "workloads/llm/routing.h"

#include <catch2/catch.hpp>

using namespace myriad;
using myriad::test::source_path;
using myriad::test::yaml_files;

namespace {

// Distinct parameters over all ranks of one copy of the model.
std::int64_t distinct(const OperatorList& list, const OperatorShape& shape) {
    std::int64_t sum = 0;
    for (const Operator& op : list) {
        const std::int64_t same = op.replicated + op.mirrored;
        sum += op.expert_parameters ? op.parameters * shape.expert_parallel * shape.expert_tensor_parallel
                                    : (op.parameters - same) * shape.tensor_parallel + same;
    }
    return sum;
}

}  // namespace

TEST_CASE("operators hold the parameters of every model file") {
    for (const std::string& file : yaml_files("configs/llms")) {
        const LlmConfig model = load_llm(file).value.model;
        for (const ModelPhase phase : {ModelPhase::training, ModelPhase::prefill, ModelPhase::decode}) {
            OperatorShape shape{
                .phase = phase, .micro_batch = 8, .sequence_length = phase == ModelPhase::decode ? 1 : 512};
            shape.tensor_parallel = 2;
            shape.sequence_parallel = phase != ModelPhase::decode;
            shape.expert_parallel = model.has_experts() ? 16 : 1;
            const BalancedLoad load = model.has_experts() ? balanced_load(model, shape) : BalancedLoad{};
            std::int64_t sum =
                distinct(embedding_operators(model, shape), shape) + distinct(head_operators(model, shape), shape);
            // Both tables are padded; a tied one is there once.
            sum -= 2 * (padded_vocabulary(model.vocab, 2) - model.vocab) * model.hidden;
            sum -= model.tied_embeddings ? model.vocab * model.hidden : 0;
            for (std::int64_t layer = 0; layer < model.layers; ++layer) {
                sum += distinct(layer_operators(model, layer_kind(model, layer), shape, load.load), shape);
            }
            INFO(file);
            CHECK(sum == total_parameters(model));
        }
    }
}

// The parameters that operators hold, over all ranks, are those of the model.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"
#include "workloads/llm/routing.h"

using namespace myriad;

namespace {

std::int64_t distinct(const OperatorList& list, const OperatorShape& shape) {
    std::int64_t sum = 0;
    for (const Operator& op : list) {
        const std::int64_t same = op.replicated + op.mirrored;
        sum += op.expert_parameters ? op.parameters * shape.expert_parallel * shape.expert_tensor_parallel
                                    : (op.parameters - same) * shape.tensor_parallel + same;
    }
    return sum;
}

// All layers, embedding and head.
std::int64_t all_parameters(const LlmConfig& model, const OperatorShape& shape) {
    const BalancedLoad load = model.has_experts() ? balanced_load(model, shape) : BalancedLoad{};
    std::int64_t sum =
        distinct(embedding_operators(model, shape), shape) + distinct(head_operators(model, shape), shape);
    const std::int64_t padding = (padded_vocabulary(model.vocab, shape.tensor_parallel) - model.vocab) * model.hidden;
    sum -= 2 * padding + (model.tied_embeddings ? model.vocab * model.hidden : 0);
    for (std::int64_t layer = 0; layer < model.layers; ++layer) {
        sum += distinct(layer_operators(model, layer_kind(model, layer), shape, load.load), shape);
    }
    return sum;
}

std::vector<LlmConfig> models() {
    return {test::qwen25_72b(),    test::qwen3_8b(),
            test::qwen3_32b(),     test::llama_8b(),
            test::llama_70b(),     test::llama_405b(),
            test::qwen3_30b_a3b(), test::qwen3_235b_a22b(),
            test::qwen3_coder(),   test::deepseek_v3(),
            test::kimi_k2(),       test::qwen3_next(),
            test::qwen35_397b(),   test::gpt("GPT-3", 96, 12288, 96, 51200, 2048)};
}

}  // namespace

TEST_CASE("operators hold the parameters of the model, however it is divided") {
    for (const LlmConfig& model : models()) {
        for (const std::int64_t tp : {1, 2}) {
            for (const auto& [ep, etp] : {std::pair{1, 1}, {8, 1}, {4, 2}}) {
                OperatorShape shape{.sequence_length = 2048, .tensor_parallel = tp, .sequence_parallel = tp > 1};
                shape.expert_parallel = model.has_experts() ? ep : 1;
                shape.expert_tensor_parallel = model.has_experts() ? etp : 1;
                CAPTURE(model.name, tp, ep, etp);
                CHECK(all_parameters(model, shape) == total_parameters(model));
            }
        }
    }
}

TEST_CASE("decode holds the same parameters as training") {
    for (const LlmConfig& model : models()) {
        OperatorShape shape{.phase = ModelPhase::decode, .micro_batch = 16, .sequence_length = 1, .context = 1023};
        shape.tensor_parallel = 2;
        CAPTURE(model.name);
        CHECK(all_parameters(model, shape) == total_parameters(model));
    }
}

TEST_CASE("matrices of a token are the extents of its GEMMs") {
    // Forward on one rank with one row an expert and choice: 2 flop a matrix parameter and token, without attention and
    // without what the delta rule computes.
    for (const LlmConfig& model : models()) {
        const OperatorShape shape{.sequence_length = 2048};
        const BalancedLoad load = model.has_experts() ? balanced_load(model, shape) : BalancedLoad{};
        double work = test::tensor_work(head_operators(model, shape)).forward;
        for (std::int64_t layer = 0; layer < model.layers; ++layer) {
            for (const Operator& op : layer_operators(model, layer_kind(model, layer), shape, load.load)) {
                work += op.name == "attention" || op.name == "delta_rule" ? 0.0 : test::tensor_work(op.forward);
            }
        }
        // The padding of the vocabulary multiplies, too.
        const std::int64_t padding = (padded_vocabulary(model.vocab, 1) - model.vocab) * model.hidden;
        CAPTURE(model.name);
        CHECK(work / 2048 / 2 == Approx(static_cast<double>(matrix_parameters(model) + padding)).epsilon(1e-12));
    }
}

TEST_CASE("multi-token prediction holds a layer, a projection and two norms more") {
    // DeepSeek-V3: a layer with experts as the last one, 2 x 7168 x 7168 and 2 x 7168; embedding and head are shared.
    const LlmConfig model = test::deepseek_v3();
    OperatorShape shape{.sequence_length = 2048, .tensor_parallel = 2, .sequence_parallel = true};
    shape.expert_parallel = 8;
    const BalancedLoad load = balanced_load(model, shape);
    const std::int64_t layer = distinct(layer_operators(model, layer_kind(model, 60), shape, load.load), shape);
    CHECK(distinct(mtp_operators(model, shape, load.load), shape) == layer + 2 * 7168 * 7168 + 2 * 7168);
}

TEST_CASE("kinds of layers") {
    // DeepSeek-V3: three dense layers first. Qwen3-Next: layers 3, 7, ... of 0 ... have full attention.
    CHECK(layer_kind(test::deepseek_v3(), 2) == LayerKind{false, false});
    CHECK(layer_kind(test::deepseek_v3(), 3) == LayerKind{true, false});
    CHECK(layer_kind(test::qwen3_next(), 2) == LayerKind{true, true});
    CHECK(layer_kind(test::qwen3_next(), 3) == LayerKind{true, false});
    CHECK(layer_kind(test::qwen3_32b(), 0) == LayerKind{false, false});
}

// Laws that hold for every model under every division, on random shapes; seeds are printed.

#include "sim/random/random_stream.h"
#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"
#include "workloads/llm/routing.h"

#include <algorithm>

using namespace myriad;

namespace {

LlmConfig sparse_v32() {
    LlmConfig m = test::deepseek_v3();
    m.index = {64, 128, 2048};
    return m;
}

std::vector<LlmConfig> models() {
    return {test::qwen3_32b(), test::qwen3_235b_a22b(), test::deepseek_v3(),
            sparse_v32(),      test::qwen3_next(),      test::gpt("GPT-3", 96, 12288, 96, 51200, 8192)};
}

template <class T>
T pick(RandomStream& random, const std::vector<T>& values) {
    return values[static_cast<std::size_t>(random.below(values.size()))];
}

OperatorShape random_shape(RandomStream& random, const LlmConfig& model) {
    OperatorShape shape;
    shape.micro_batch = random.integer(1, 4);
    shape.sequence_length = 256 * random.integer(1, 16);
    shape.tensor_parallel = pick<std::int64_t>(random, {1, 2, 4});
    shape.sequence_parallel = shape.tensor_parallel > 1 && random.chance(0.5);
    shape.context_parallel = pick<std::int64_t>(random, {1, 2, 4});
    shape.context_exchange = random.chance(0.5) ? ContextExchange::ring : ContextExchange::all_gather;
    if (model.has_experts()) {
        shape.expert_parallel = pick<std::int64_t>(random, {1, 2, 8, 32});
        shape.expert_tensor_parallel = random.chance(0.5) ? 1 : shape.tensor_parallel;
        shape.dispatch = random.chance(0.5) ? ExpertDispatch::per_expert : ExpertDispatch::per_rank;
        shape.capacity_factor = random.chance(0.3) ? 1.25 : 0.0;
        if (shape.expert_parallel >= 4 && random.chance(0.3)) {
            shape.dispatch = ExpertDispatch::per_server;
            shape.expert_server = 2;
        }
    }
    shape.precision = random.chance(0.5) ? Precision::fp8 : Precision::plain;
    shape.dispatch_fp8 = random.chance(0.5);
    shape.dropout = random.chance(0.5);
    if (shape.context_parallel == 1 && random.chance(0.3)) {
        shape.attention = AttentionKernel::unfused;
    }
    return shape;
}

std::vector<LayerKind> kinds_of(const LlmConfig& model) {
    std::vector<LayerKind> kinds{layer_kind(model, 0)};
    for (std::int64_t layer = 1; layer < model.layers; ++layer) {
        const LayerKind kind = layer_kind(model, layer);
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
            kinds.push_back(kind);
        }
    }
    return kinds;
}

std::int64_t group_size(const OperatorShape& shape, GroupKind kind) {
    switch (kind) {
        case GroupKind::tensor:
            return shape.tensor_parallel;
        case GroupKind::context:
            return shape.context_parallel;
        case GroupKind::expert:
            return shape.expert_parallel;
        case GroupKind::expert_server:
            return shape.expert_server;
        case GroupKind::expert_rail:
            return shape.expert_parallel / shape.expert_server;
        case GroupKind::expert_tensor:
            return shape.expert_tensor_parallel;
        default:
            return 0;
    }
}

void check_list(const OperatorList& list, const OperatorShape& shape) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Operator& op = list[i];
        INFO(op.name);
        REQUIRE(op.kept_selective.count() >= 0);
        REQUIRE(op.kept_selective <= op.kept);
        REQUIRE(op.replicated + op.mirrored <= op.parameters);
        for (const auto* kernels : {&op.forward, &op.input_grad, &op.weight_grad}) {
            for (const Kernel& k : *kernels) {
                INFO(k.label);
                REQUIRE(k.work.count() >= 0.0);
                REQUIRE(k.read.count() + k.written.count() > 0);
                REQUIRE_FALSE(std::holds_alternative<std::monostate>(k.shape));
            }
        }
        if (op.exchange.group == GroupKind::none) {
            continue;
        }
        REQUIRE(group_size(shape, op.exchange.group) > 1);
        REQUIRE(op.forward.empty());
        REQUIRE((op.exchange.forward.has_value() || op.exchange.backward.has_value()));
        REQUIRE((!op.exchange.forward || op.exchange.forward->size.count() > 0));
        REQUIRE((!op.exchange.backward || op.exchange.backward->size.count() > 0));
        REQUIRE(i + static_cast<std::size_t>(op.exchange.beside) < list.size());
    }
}

double matrix_work(const OperatorList& list) { return test::tensor_work(list).forward; }

}  // namespace

TEST_CASE("every list of every model is sound under every division") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        RandomStream random(seed, "shapes");
        for (const LlmConfig& model : models()) {
            OperatorShape shape = random_shape(random, model);
            INFO("seed " << seed << ", " << model.name);
            if (shape.attention == AttentionKernel::unfused && model.has_linear_attention()) {
                shape.attention = AttentionKernel::flash;
            }
            const BalancedLoad load = model.has_experts() ? balanced_load(model, shape) : BalancedLoad{};
            check_list(embedding_operators(model, shape), shape);
            check_list(head_operators(model, shape), shape);
            for (const LayerKind& kind : kinds_of(model)) {
                const OperatorList training = layer_operators(model, kind, shape, load.load);
                check_list(training, shape);
                if (shape.attention == AttentionKernel::unfused || model.index.top_k > 0) {
                    continue;
                }
                // Prefill on an empty cache multiplies what forward multiplies.
                OperatorShape prefill = shape;
                prefill.phase = ModelPhase::prefill;
                const OperatorList forward = layer_operators(model, kind, prefill, load.load);
                check_list(forward, prefill);
                REQUIRE(matrix_work(forward) == Approx(matrix_work(training)).epsilon(1e-12));
            }
        }
    }
}

TEST_CASE("ranks together multiply what one does alone, and no less") {
    // Equal where nothing is done twice. Without sequence parallelism latent attention's down-projections are, and the
    // router where all ranks have all tokens; key-value heads are where ranks share them.
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        RandomStream random(seed, "divisions");
        for (const LlmConfig& model : models()) {
            OperatorShape shape = random_shape(random, model);
            shape.attention = AttentionKernel::flash;
            shape.capacity_factor = 0.0;
            OperatorShape alone;
            alone.micro_batch = shape.micro_batch;
            alone.sequence_length = shape.sequence_length;
            const BalancedLoad load = model.has_experts() ? balanced_load(model, shape) : BalancedLoad{};
            const BalancedLoad all = model.has_experts() ? balanced_load(model, alone) : BalancedLoad{};
            INFO("seed " << seed << ", " << model.name << ", tp " << shape.tensor_parallel);
            for (const LayerKind& kind : kinds_of(model)) {
                const double ranks = static_cast<double>(shape.tensor_parallel * shape.context_parallel);
                const double together = ranks * matrix_work(layer_operators(model, kind, shape, load.load));
                const double one = matrix_work(layer_operators(model, kind, alone, all.load));
                const bool repeats = shape.tensor_parallel > model.kv_heads ||
                                     (shape.tensor_parallel > 1 && !shape.sequence_parallel &&
                                      (model.has_latent_attention() || experts_see_all_tokens(shape)));
                REQUIRE(together >= one * (1 - 1e-9));
                REQUIRE((repeats || together < one * (1 + 1e-3)));
            }
        }
    }
}

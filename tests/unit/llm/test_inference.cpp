// Prefill and decode: forward only, rows of the new tokens, the cache read and written.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"
#include "workloads/llm/routing.h"

using namespace myriad;
using test::find;
using test::kernel;

namespace {

OperatorShape decode_of(std::int64_t sequences, std::int64_t context) {
    return {.phase = ModelPhase::decode, .micro_batch = sequences, .sequence_length = 1, .context = context};
}

std::vector<OperatorList> all_lists(const LlmConfig& model, const OperatorShape& shape) {
    const BalancedLoad load = model.has_experts() ? balanced_load(model, shape) : BalancedLoad{};
    std::vector<OperatorList> lists{embedding_operators(model, shape), head_operators(model, shape)};
    for (const std::int64_t layer : {std::int64_t{0}, model.layers - 1}) {
        lists.push_back(layer_operators(model, layer_kind(model, layer), shape, load.load));
    }
    return lists;
}

}  // namespace

TEST_CASE("inference computes no gradients, keeps nothing and exchanges forward only") {
    for (const LlmConfig& model : {test::qwen3_32b(), test::deepseek_v3(), test::qwen3_next()}) {
        for (const ModelPhase phase : {ModelPhase::prefill, ModelPhase::decode}) {
            OperatorShape shape = decode_of(8, 1023);
            shape.phase = phase;
            shape.sequence_length = phase == ModelPhase::prefill ? 256 : 1;
            shape.tensor_parallel = 2;
            for (const OperatorList& list : all_lists(model, shape)) {
                for (const Operator& op : list) {
                    CAPTURE(model.name, op.name);
                    CHECK(op.input_grad.empty());
                    CHECK(op.weight_grad.empty());
                    CHECK(op.kept == Bytes{0});
                    CHECK_FALSE(op.recomputed_selective);
                    CHECK_FALSE(op.exchange.backward.has_value());
                    CHECK((op.exchange.group == GroupKind::none || op.exchange.forward.has_value()));
                }
            }
        }
    }
}

TEST_CASE("a decode step multiplies one row a sequence and reads the cache once") {
    // Qwen3-32B, tp 8: 8 query heads and one key-value head of 128, 4096 keys: 256 pages of 16 tokens.
    OperatorShape shape = decode_of(64, 4095);
    shape.tensor_parallel = 8;
    const OperatorList list = test::layer(test::qwen3_32b(), shape);
    CHECK(std::get<GemmShape>(kernel(list, "attention_qkv").shape).m == 64);
    const Kernel& attention = kernel(list, "decode_attention");
    CHECK(attention.work.count() == 4.0 * 128 * 8 * 4096 * 64);
    CHECK(attention.read == Bytes{64 * (2 * 8 * 128 + 4096 * 2 * 128 * 2 + 256 * 4)});
    CHECK(attention.written == Bytes{64 * 8 * (2 * 128 + 4)});
    CHECK(kernel(list, "kv_cache_write").written == Bytes{64 * 2 * 128 * 2});
    CHECK(std::get<AttentionShape>(attention.shape).page_tokens == 16);
}

TEST_CASE("speculated tokens see each other causally") {
    // 4 tokens a sequence after 1000 cached ones: 4 x 1000 + 4 x 5 / 2 pairs.
    OperatorShape shape = decode_of(2, 1000);
    shape.sequence_length = 4;
    const OperatorList list = test::layer(test::qwen3_32b(), shape);
    CHECK(kernel(list, "decode_attention").work.count() == 4.0 * 128 * 64 * 2 * (4 * 1000 + 10));
    CHECK(std::get<GemmShape>(kernel(head_operators(test::qwen3_32b(), shape), "lm_head").shape).m == 8);
}

TEST_CASE("a decode batch reads the weights of the experts that it touches") {
    // One sequence on 8 ranks of Qwen3-235B-A22B, each with one of its own: 8 rows a rank, on 8 of its 16 experts.
    const LlmConfig model = test::qwen3_235b_a22b();
    OperatorShape shape = decode_of(1, 100);
    shape.expert_parallel = 8;
    const BalancedLoad load = balanced_load(model, shape);
    const OperatorList list = layer_operators(model, {true, false}, shape, load.load);
    CHECK(kernel(list, "expert_up").read == Bytes{2 * (8 * 4096 + 8 * 4096 * 3072)});
    // Random choices repeat: fewer experts in all than 64 rows.
    const RoutingCounts counts = route(model, shape, {.distribution = RoutingDistribution::uniform}, 0, 0);
    std::int64_t touched = 0;
    for (const std::int64_t rows : counts.rows) {
        touched += rows > 0 ? 1 : 0;
    }
    CHECK(touched < 64);
    CHECK(touched >= 8);
}

TEST_CASE("the head works on the last token of a sequence") {
    OperatorShape shape{.phase = ModelPhase::prefill, .micro_batch = 4, .sequence_length = 1024, .tensor_parallel = 8};
    const OperatorList list = head_operators(test::qwen3_32b(), shape);
    CHECK(test::names(list) == "final_norm lm_head logits_gather sampling");
    CHECK(std::get<GemmShape>(kernel(list, "lm_head").shape).m == 4);
    CHECK(kernel(list, "final_norm").read == Bytes{4 * 5120 * 2});
    CHECK(find(list, "logits_gather").exchange.forward->size == Bytes{4 * 152576 * 2});
}

TEST_CASE("prefill sees the tokens before it") {
    const OperatorShape shape{.phase = ModelPhase::prefill, .sequence_length = 512, .context = 1536};
    const OperatorList list = test::layer(test::qwen3_32b(), shape);
    CHECK(kernel(list, "flash_attention").work.count() == 4.0 * 128 * 64 * (512.0 * 1536 + 512.0 * 513 / 2));
    // Keys and values of all 2048 tokens are read, of 512 written; 128 pages.
    CHECK(kernel(list, "flash_attention").read == Bytes{2 * 512 * 64 * 128 + 2 * 2048 * 8 * 2 * 128 + 128 * 4});
    CHECK(kernel(list, "kv_cache_write").written == Bytes{2 * 512 * 8 * 2 * 128});
}

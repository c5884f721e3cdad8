// The gated delta net of Qwen3-Next: 16 key and 32 value heads, 128 wide, in chunks of 64 tokens.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"
#include "workloads/llm/routing.h"

using namespace myriad;
using test::find;
using test::kernel;

namespace {

OperatorList linear_layer(const OperatorShape& shape) {
    LlmConfig model = test::qwen3_next();
    model.experts = {};
    model.ffn = 5120;
    return layer_operators(model, {false, true}, shape, {});
}

}  // namespace

TEST_CASE("chunks of the delta rule, product by product") {
    const OperatorShape shape{.micro_batch = 2, .sequence_length = 4096, .tensor_parallel = 2};
    const OperatorList list = linear_layer(shape);
    CHECK(test::names(list).find("input_norm gather linear_in linear_gates short_convolution key_query_norm delta_rule "
                                 "gated_norm linear_out reduce residual") == 0);
    const double heads = 16;  // of 32 value heads
    const double tokens = 8192;
    // Chunks of c = 64 tokens, 128 of them: products c x 128 x c for K K^T and Q K^T, c x c x 128 for W, U and
    // (Q K^T) V', c x 128 x 128 for W S, K^T V' and Q S.
    const double chunks = 128;
    const double square = 2.0 * 64 * 64 * 128;
    const double state = 2.0 * 64 * 128 * 128;
    CHECK(kernel(list, "delta_scores").work.count() == heads * chunks * square);
    CHECK(kernel(list, "delta_wu").work.count() == heads * chunks * 2 * square);
    CHECK(kernel(list, "delta_state").work.count() == heads * chunks * 2 * state);
    CHECK(kernel(list, "delta_output").work.count() == heads * chunks * (state + 2 * square));
    // Inverse of a unit triangle: c^3 / 3.
    CHECK(kernel(list, "delta_solve").work.count() == Approx(heads * chunks * 64.0 * 64 * 64 / 3));
    // Backward: 13 of the first kind and 8 of the second: W, U again, 2 of dV, 3 of the output's, 6 of W and U's
    // gradients; 2 states again, 3 of dS, 3 of the output's. And twice c x c x c through the inverse.
    const double backward = test::tensor_work(find(list, "delta_rule").input_grad);
    CHECK(backward == Approx(heads * chunks * (13 * square + 8 * state + 4.0 * 64 * 64 * 64)).epsilon(1e-12));
    // More than the recurrence that training_flop_per_token() counts (7 x 128 x 128 a token and head), three times.
    CHECK(test::tensor_work(find(list, "delta_rule").forward) > heads * tokens * 7 * 128 * 128);
}

TEST_CASE("states go through HBM once a chunk") {
    const OperatorShape shape{.micro_batch = 2, .sequence_length = 4096};
    const OperatorList list = linear_layer(shape);
    // A token: 16 keys of 128 in bf16, 32 values; W and U for 32 heads; decay and beta 2 x 4 bytes a head. A chunk: 32
    // states of 128 x 128.
    const std::int64_t key = 2 * 16 * 128;
    const std::int64_t wide = 2 * 32 * 128;
    CHECK(kernel(list, "delta_state").read == Bytes{8192 * (key + 2 * wide + 32 * 8)});
    CHECK(kernel(list, "delta_state").written == Bytes{8192 * wide + 128 * 32 * 128 * 128 * 2});
    CHECK(kernel(list, "delta_output").read == Bytes{8192 * (2 * key + wide + 32 * 8) + 128 * 32 * 128 * 128 * 2});
    CHECK(kernel(list, "delta_output").written == Bytes{8192 * wide});
    CHECK(kernel(list, "delta_scores").written == Bytes{8192 * 32 * 64 * 4});
}

TEST_CASE("both projections of the input add their gradients") {
    const OperatorList list = linear_layer({.sequence_length = 4096});
    // 64 columns (decay and beta of 32 heads): dy and W in, and the sum so far.
    CHECK(kernel(list, "linear_gates_dgrad").read == Bytes{2 * (4096 * 64 + 2048 * 64) + 2 * 4096 * 2048});
    CHECK(kernel(list, "linear_in_dgrad").read == Bytes{2 * (4096 * 12288 + 2048 * 12288)});
}

TEST_CASE("context parallelism exchanges parts of sequences for heads") {
    OperatorShape shape{.sequence_length = 8192, .context_parallel = 4};
    const OperatorList list = linear_layer(shape);
    int exchanges = 0;
    for (const Operator& op : list) {
        if (op.name == "heads_exchange") {
            // 2048 tokens here: queries, keys, values, and decay and beta of 32 heads in; values out.
            const std::int64_t width = exchanges == 0 ? 2 * 2048 + 4096 + 64 : 4096;
            CHECK(op.exchange.group == GroupKind::context);
            CHECK(op.exchange.forward->op == CollectiveOp::all_to_all);
            CHECK(op.exchange.forward->size == Bytes{2048 * width * 2});
            CHECK(op.exchange.backward->size == op.exchange.forward->size);
            ++exchanges;
        }
    }
    CHECK(exchanges == 2);
    // A quarter of the heads on the whole sequence: as much as all heads on a quarter of it.
    const OperatorList quarter = linear_layer({.sequence_length = 2048});
    CHECK(kernel(list, "delta_state").work == kernel(quarter, "delta_state").work);
}

TEST_CASE("decode reads and writes the state of every sequence") {
    const OperatorShape shape{.phase = ModelPhase::decode, .micro_batch = 16, .sequence_length = 1, .context = 100'000};
    const OperatorList list = linear_layer(shape);
    const Kernel& step = kernel(list, "delta_step");
    const std::int64_t state = 32 * 128 * 128 * 2;
    CHECK(step.work.count() == 16 * 32.0 * 7 * 128 * 128);
    CHECK(step.read == Bytes{16 * (state + 2 * (2 * 2048 + 4096) + 32 * 8)});
    CHECK(step.written == Bytes{16 * (state + 2 * 4096)});
    // And the last four tokens' channels of the convolution: 2 x 2048 + 4096.
    CHECK(kernel(list, "short_convolution").read == Bytes{16 * 8192 * 2 * (1 + 4)});
    CHECK_FALSE(test::has(list, "kv_cache_write"));
}

TEST_CASE("gated attention doubles the query projection and scales its output") {
    LlmConfig model = test::qwen3_next();
    model.experts = {};
    model.ffn = 5120;
    const OperatorList list = test::layer(model, {.sequence_length = 4096, .tensor_parallel = 2});
    // 8 query heads and as wide a gate, one key and one value head of 256.
    CHECK(std::get<GemmShape>(kernel(list, "attention_qkv").shape).n == 2 * 2048 + 2 * 256);
    CHECK(kernel(list, "attention_gate").read == Bytes{4096 * 2 * 2 * 2048});
    // Norm and its output, QK-norm's input 9 heads of 256, Q, K, V and output, log-sum-exp; gate, gated output.
    Bytes attention{0};
    for (const Operator& op : list) {
        if (op.name == "post_attention_norm") {
            break;
        }
        attention += op.kept;
    }
    CHECK(attention == Bytes{4096 * (4 * 2048 + 2 * 9 * 256 + 2 * 10 * 256 + 2 * 2048 + 4 * 8 + 2 * 2 * 2048)});
    // A quarter of a head is rotated: 3 flop an element of it.
    CHECK(kernel(list, "rope").work.count() == Approx(3 * 0.25 * 4096 * 9 * 256));
}

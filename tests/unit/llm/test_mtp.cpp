// Multi-token prediction and the embedding.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"
#include "workloads/llm/routing.h"

using namespace myriad;
using test::find;
using test::kernel;

TEST_CASE("a prediction module: embedding, two norms, a projection, a layer") {
    const LlmConfig model = test::deepseek_v3();
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 4, .sequence_parallel = true};
    shape.expert_parallel = 8;
    const BalancedLoad load = balanced_load(model, shape);
    const OperatorList list = mtp_operators(model, shape, load.load);
    CHECK(test::names(list).find("mtp_embedding reduce mtp_embedding_norm mtp_hidden_norm gather mtp_projection "
                                 "mtp_gather input_norm query_down") == 0);
    // Both normed vectors of 4096 tokens are gathered: 2 x 7168 channels; a quarter of the output's columns each.
    CHECK(find(list, "gather").exchange.forward->size == Bytes{4096 * 2 * 7168 * 2});
    CHECK(kernel(list, "mtp_projection").work.count() == 2.0 * 4096 * 2 * 7168 * 7168 / 4);
    CHECK(find(list, "mtp_gather").exchange.forward->op == CollectiveOp::all_gather);
    CHECK(find(list, "mtp_gather").exchange.forward->size == Bytes{4096 * 7168 * 2});
    CHECK(find(list, "mtp_gather").exchange.backward->size == Bytes{4096 * 7168 * 2});
    // It ends with the last layer, which has experts.
    CHECK(test::has(list, "expert_up"));
    // Without tensor parallelism nothing is gathered.
    shape.tensor_parallel = 1;
    shape.sequence_parallel = false;
    const BalancedLoad alone = balanced_load(model, shape);
    CHECK_FALSE(test::has(mtp_operators(model, shape, alone.load), "mtp_gather"));
}

TEST_CASE("the embedding is reduced over the ranks that have parts of the table") {
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 8};
    OperatorList list = embedding_operators(test::qwen3_32b(), shape);
    CHECK(test::names(list) == "embedding reduce");
    CHECK(find(list, "reduce").exchange.forward->op == CollectiveOp::all_reduce);
    CHECK(find(list, "reduce").exchange.forward->size == Bytes{4096 * 5120 * 2});
    CHECK_FALSE(find(list, "reduce").exchange.backward.has_value());
    CHECK(find(list, "embedding").parameters == 152576 / 8 * 5120);
    CHECK(find(list, "embedding").kept == Bytes{0});
    shape.sequence_parallel = true;
    shape.dropout = true;
    list = embedding_operators(test::qwen3_32b(), shape);
    CHECK(find(list, "reduce").exchange.backward->op == CollectiveOp::all_gather);
    // The mask, a byte for each of the rank's 512 tokens' channels.
    CHECK(find(list, "embedding").kept == Bytes{512 * 5120});
    // GPT's table of positions is whole on every rank.
    const OperatorList gpt = embedding_operators(test::gpt("GPT", 2, 1024, 16, 51200, 2048), shape);
    CHECK(find(gpt, "embedding").mirrored == 2048 * 1024);
}

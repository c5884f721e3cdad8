// Context parallelism of full attention: every causal pair exactly once over all ranks, and what moves.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"

using namespace myriad;

namespace {

OperatorShape shape_of(std::int64_t cp, ContextExchange exchange) {
    OperatorShape shape{.micro_batch = 2, .sequence_length = 8192, .tensor_parallel = 2, .context_parallel = cp};
    shape.context_exchange = exchange;
    return shape;
}

}  // namespace

TEST_CASE("all ranks together compute the causal pairs, forward and backward") {
    const LlmConfig model = test::qwen3_32b();
    for (const ContextExchange exchange : {ContextExchange::ring, ContextExchange::all_gather}) {
        for (const std::int64_t cp : {1, 2, 4, 8}) {
            double forward = 0, backward = 0;
            for (const Operator& op : test::layer(model, shape_of(cp, exchange))) {
                if (op.name == "attention") {
                    forward += test::tensor_work(op.forward);
                    backward += test::tensor_work(op.input_grad);
                }
            }
            const double pairs = 2 * 8192.0 * 8193 / 2 * 32;  // 32 heads of a tensor-parallel rank
            CAPTURE(cp);
            CHECK(static_cast<double>(cp) * forward == Approx(4 * 128 * pairs).epsilon(1e-12));
            CHECK(static_cast<double>(cp) * backward == Approx(10 * 128 * pairs).epsilon(1e-12));
        }
    }
}

TEST_CASE("a ring shifts keys and values beside attention, backward with their gradients") {
    const OperatorList list = test::layer(test::qwen3_32b(), shape_of(4, ContextExchange::ring));
    CHECK(test::names(list).find("rope ring_return ring_shift attention ring_shift attention ring_shift attention "
                                 "attention attention_output") != std::string::npos);
    // 2 sequences x 2048 tokens of the rank, 4 key and 4 value heads of 128, two bytes.
    const Bytes block{2 * 2048 * 2 * 4 * 128 * 2};
    for (const Operator& op : list) {
        if (op.name == "ring_shift") {
            CHECK(op.exchange.shift);
            CHECK(op.exchange.group == GroupKind::context);
            CHECK(op.exchange.beside == 1);
            CHECK(op.exchange.forward->size == block);
            CHECK(op.exchange.backward->size == block * 2);
        }
        if (op.name == "ring_return") {
            CHECK(op.exchange.shift);
            CHECK_FALSE(op.exchange.forward.has_value());
            CHECK(op.exchange.backward->size == block);
        }
    }
    // What the rank has so far and the new part, 32 heads of 128 of 4096 tokens each.
    CHECK(test::kernel(list, "attention_merge").read == Bytes{2 * 4096 * 32 * 128 * 2});
    CHECK(test::kernel(list, "attention_merge").written == Bytes{4096 * 32 * 128 * 2});
}

TEST_CASE("keys and values are gathered, and again in backward") {
    const OperatorList list = test::layer(test::qwen3_32b(), shape_of(4, ContextExchange::all_gather));
    const Exchange& gather = test::find(list, "context_gather").exchange;
    const Bytes whole{2 * 8192 * 2 * 4 * 128 * 2};
    CHECK(gather.forward->op == CollectiveOp::all_gather);
    CHECK(gather.forward->size == whole);
    CHECK(gather.backward->op == CollectiveOp::reduce_scatter);
    CHECK(gather.backward->size == whole);
    CHECK(gather.regathered);
}

TEST_CASE("a rank keeps its part only") {
    // Everything in a dense layer is by token, so a quarter of the sequence keeps a quarter.
    for (const ContextExchange exchange : {ContextExchange::ring, ContextExchange::all_gather}) {
        const Bytes whole = test::kept(test::layer(test::qwen3_32b(), shape_of(1, exchange)));
        CHECK(test::kept(test::layer(test::qwen3_32b(), shape_of(4, exchange))) * 4 == whole);
    }
}

TEST_CASE("prefill over ranks sees cached tokens from every rank") {
    for (const ContextExchange exchange : {ContextExchange::ring, ContextExchange::all_gather}) {
        OperatorShape shape = shape_of(4, exchange);
        shape.phase = ModelPhase::prefill;
        shape.context = 4096;
        double work = 0;
        for (const Operator& op : test::layer(test::qwen3_32b(), shape)) {
            work += op.name == "attention" ? test::tensor_work(op.forward) : 0.0;
        }
        const double pairs = 8192.0 * 4096 + 8192.0 * 8193 / 2;
        CHECK(4 * work == Approx(4 * 128 * 2 * pairs * 32).epsilon(1e-12));
    }
}

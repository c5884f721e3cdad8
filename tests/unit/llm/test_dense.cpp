// Dense layers: work against published formulas, bytes of every kernel, order of operators and their exchanges.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"

using namespace myriad;
using test::kernel;
using test::layer;

TEST_CASE("forward and backward are 6 N flop a token plus attention") {
    // Vocabularies that need no padding: 151936 = 1187 x 128; with tp 4, 152064 = 297 x 512.
    for (const auto& [model, tp] : {std::pair{test::qwen3_32b(), 1}, std::pair{test::qwen25_72b(), 4}}) {
        OperatorShape shape{.micro_batch = 2, .sequence_length = 4096, .tensor_parallel = tp};
        const double layers = static_cast<double>(model.layers);
        const OperatorList list = layer(model, shape);
        const test::Work one = test::tensor_work(list);
        const test::Work head = test::tensor_work(head_operators(model, shape));
        const double ranks = static_cast<double>(tp);
        const double forward = ranks * (layers * one.forward + head.forward);
        const double backward = ranks * (layers * one.backward + head.backward);
        const double tokens = 2 * 4096;
        const double n = static_cast<double>(matrix_parameters(model));
        // Causal pairs of a sequence: 4096 x 4097 / 2; 4 flop a pair, channel and head forward, 10 backward (QK^T
        // again).
        const double pairs = 2 * 4096.0 * 4097.0 / 2;
        const double channels = static_cast<double>(model.layers * model.heads * model.head_dim);
        CHECK(forward == Approx(2 * n * tokens + 4 * channels * pairs).epsilon(1e-12));
        CHECK(backward == Approx(4 * n * tokens + 10 * channels * pairs).epsilon(1e-12));
        // The model's work counts backward attention as 8: what flash attention computes again is not model work.
        CHECK(training_flop_per_token(model, 4096, AttentionCount::causal).count() * tokens ==
              Approx(forward + backward - 2 * channels * pairs).epsilon(1e-12));
    }
}

TEST_CASE("a GPT layer follows Korthikanti's 24 B s h^2 + 4 B s^2 h forward and twice that backward") {
    // Korthikanti et al. 2022, appendix A: 24 B s h^2 (1 + s / (6 h)) a layer forward; unfused attention, all pairs.
    OperatorShape shape{.micro_batch = 4, .sequence_length = 2048, .tensor_parallel = 8};
    shape.attention = AttentionKernel::unfused;
    const test::Work work = test::tensor_work(layer(test::gpt("22B", 48, 6144, 64, 51200, 2048), shape));
    const double expected = 24.0 * 4 * 2048 * 6144 * 6144 + 4.0 * 4 * 2048 * 2048 * 6144;
    CHECK(8 * work.forward == Approx(expected).epsilon(1e-12));
    CHECK(8 * work.backward == Approx(2 * expected).epsilon(1e-12));
}

TEST_CASE("a GEMM reads its operands and writes its result once") {
    const OperatorList list = layer(test::qwen3_32b(), {.sequence_length = 4096, .tensor_parallel = 8});
    // Down projection by rows: 4096 tokens x (25600 / 8) times (25600 / 8) x 5120, two bytes an element.
    const Kernel& down = kernel(list, "mlp_down");
    CHECK(std::get<GemmShape>(down.shape).m == 4096);
    CHECK(std::get<GemmShape>(down.shape).n == 5120);
    CHECK(std::get<GemmShape>(down.shape).k == 3200);
    CHECK(down.read == Bytes{2 * (4096 * 3200 + 3200 * 5120)});
    CHECK(down.written == Bytes{2 * 4096 * 5120});
    // The weight's gradient (3200 x 5120, fp32) is read, added to and written.
    const Kernel& wgrad = kernel(list, "mlp_down_wgrad");
    CHECK(wgrad.read == Bytes{2 * (4096 * 3200 + 4096 * 5120) + 4 * 3200 * 5120});
    CHECK(wgrad.written == Bytes{4 * 3200 * 5120});
}

TEST_CASE("sequence parallelism divides norms and residuals, not the matrices") {
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 8};
    const OperatorList whole = layer(test::qwen3_32b(), shape);
    shape.sequence_parallel = true;
    const OperatorList divided = layer(test::qwen3_32b(), shape);
    CHECK(kernel(divided, "input_norm").read * 8 == kernel(whole, "input_norm").read);
    CHECK(kernel(divided, "residual").written * 8 == kernel(whole, "residual").written);
    CHECK(kernel(divided, "mlp_up").read == kernel(whole, "mlp_up").read);
}

TEST_CASE("the vocabulary is padded to a multiple of 128 x tp") {
    CHECK(padded_vocabulary(151936, 1) == 151936);  // 1187 x 128
    CHECK(padded_vocabulary(151936, 8) == 152576);  // 149 x 1024
    CHECK(padded_vocabulary(50257, 1) == 50304);    // GPT-2: 393 x 128
    const OperatorList head = head_operators(test::qwen3_32b(), {.sequence_length = 4096, .tensor_parallel = 8});
    CHECK(std::get<GemmShape>(kernel(head, "lm_head").shape).n == 152576 / 8);
}

TEST_CASE("vector operators and attention read each operand and write each result once") {
    const OperatorShape shape{.micro_batch = 2, .sequence_length = 4096, .tensor_parallel = 8};
    OperatorList list = layer(test::qwen3_32b(), shape);
    for (const OperatorList& more :
         {embedding_operators(test::qwen3_32b(), shape), head_operators(test::qwen3_32b(), shape)}) {
        list.insert(list.end(), more.begin(), more.end());
    }
    const std::int64_t tokens = 2 * 4096;
    struct Expected {
        const char* label;
        std::int64_t read, written;  // bytes a token
    };
    // Channels of a rank: hidden 5120, ffn 3200, queries 1024, keys 128, 8 heads; two bytes each, log-sum-exp four.
    const std::vector<Expected> table{
        {"input_norm", 2 * 5120, 2 * 5120},
        {"input_norm_grad", 2 * 2 * 5120, 2 * 5120},  // input and its output's gradient in
        {"residual", 2 * 2 * 5120, 2 * 5120},
        {"residual_grad", 2 * 2 * 5120, 2 * 5120},
        {"rope", 2 * (1024 + 128), 2 * (1024 + 128)},  // queries and keys
        {"qk_norm_grad", 2 * 2 * (1024 + 128), 2 * (1024 + 128)},
        {"swiglu", 2 * 2 * 3200, 2 * 3200},           // gate and up in, product out
        {"swiglu_grad", 3 * 2 * 3200, 2 * 2 * 3200},  // and the gradient in; two gradients out
        {"flash_attention", 2 * (1024 + 2 * 128), 2 * 1024 + 4 * 8},
        {"flash_attention_grad", 2 * (3 * 1024 + 2 * 128) + 4 * 8, 2 * (1024 + 2 * 128)},
        {"embedding", 2 * 5120 / 8, 2 * 5120},  // an eighth of the rows is here
        {"embedding_grad", (2 + 4) * 5120 / 8, 4 * 5120 / 8},
        {"cross_entropy", 2 * 152576 / 8, 4 * 152576 / 8},  // bf16 logits become fp32
        {"cross_entropy_grad", 4 * 152576 / 8, 2 * 152576 / 8},
    };
    for (const Expected& row : table) {
        CAPTURE(row.label);
        CHECK(kernel(list, row.label).read == Bytes{tokens * row.read});
        CHECK(kernel(list, row.label).written == Bytes{tokens * row.written});
    }
}

TEST_CASE("operators stand in Megatron's order, with the exchanges that tensor parallelism asks for") {
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 1};
    const LlmConfig model = test::qwen3_32b();
    CHECK(test::names(layer(model, shape)) ==
          "input_norm attention_qkv qk_norm rope attention attention_output residual "
          "post_attention_norm mlp_up swiglu mlp_down residual");
    for (const bool sequence_parallel : {false, true}) {
        shape.tensor_parallel = 8;
        shape.sequence_parallel = sequence_parallel;
        const OperatorList list = layer(model, shape);
        CHECK(test::names(list) ==
              "input_norm gather attention_qkv qk_norm rope attention attention_output reduce residual "
              "post_attention_norm gather mlp_up swiglu mlp_down reduce residual");
        const Exchange& gather = test::find(list, "gather").exchange;
        const Exchange& reduce = test::find(list, "reduce").exchange;
        CHECK(gather.group == GroupKind::tensor);
        CHECK(gather.regathered == sequence_parallel);
        CHECK(gather.forward.has_value() == sequence_parallel);
        CHECK(reduce.backward.has_value() == sequence_parallel);
        // 4096 tokens x 5120 channels x 2 bytes, whatever the collective.
        CHECK(gather.backward->size == Bytes{4096 * 5120 * 2});
        CHECK(gather.backward->op == (sequence_parallel ? CollectiveOp::reduce_scatter : CollectiveOp::all_reduce));
        CHECK(reduce.forward->op == (sequence_parallel ? CollectiveOp::reduce_scatter : CollectiveOp::all_reduce));
        CHECK(reduce.forward->size == Bytes{4096 * 5120 * 2});
    }
}

TEST_CASE("the loss over a divided vocabulary takes three all-reduces of an fp32 a token") {
    const OperatorShape shape{.micro_batch = 2, .sequence_length = 4096, .tensor_parallel = 8};
    int reduces = 0;
    for (const Operator& op : head_operators(test::qwen3_32b(), shape)) {
        if (op.name == "loss_reduce") {
            ++reduces;
            CHECK(op.exchange.forward->size == Bytes{2 * 4096 * 4});
            CHECK_FALSE(op.exchange.backward.has_value());
        }
    }
    CHECK(reduces == 3);
    CHECK(test::names(head_operators(test::qwen3_32b(), {.sequence_length = 4096})) ==
          "final_norm lm_head cross_entropy");
}

TEST_CASE("fewer key-value heads than ranks: ranks share them") {
    // 4 key-value heads of 128 over 8 ranks: a whole one each, beside 8 of 64 query heads.
    const LlmConfig model = test::qwen3_235b_a22b();
    LlmConfig dense = model;
    dense.experts = {};
    dense.ffn = 12288;
    const OperatorList list = layer(dense, {.sequence_length = 4096, .tensor_parallel = 8});
    CHECK(std::get<GemmShape>(kernel(list, "attention_qkv").shape).n == 8 * 128 + 2 * 128);
    CHECK(std::get<AttentionShape>(kernel(list, "flash_attention").shape).kv_heads == 1);
}

TEST_CASE("every kernel carries the shape that its card level may need") {
    for (const AttentionKernel attention : {AttentionKernel::flash, AttentionKernel::unfused}) {
        OperatorShape shape{.micro_batch = 2, .sequence_length = 4096, .tensor_parallel = 8};
        shape.attention = attention;
        for (const Operator& op : layer(test::qwen3_32b(), shape)) {
            for (const auto* kernels : {&op.forward, &op.input_grad, &op.weight_grad}) {
                for (const Kernel& k : *kernels) {
                    CAPTURE(k.label);
                    CHECK_FALSE(std::holds_alternative<std::monostate>(k.shape));
                }
            }
        }
    }
}

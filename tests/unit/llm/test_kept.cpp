// What a layer keeps for backward, against Korthikanti et al. 2022 (arXiv 2205.05198) and counted by hand.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"
#include "workloads/llm/routing.h"

using namespace myriad;
using test::find;
using test::kept;
using test::kept_selective;

TEST_CASE("a GPT layer keeps Korthikanti's s b h (10 + 24 / t + 5 a s / (h t))") {
    // Equation 2, and with sequence parallelism equation 4: s b h / t (34 + 5 a s / h); fp16, dropout, unfused attention.
    // Selective recomputation (equation 6) drops 5 a s / (h t).
    const std::int64_t s = 2048;
    const std::int64_t b = 4;
    for (const auto& [h, a] : {std::pair{6144, 64}, {12288, 96}, {20480, 128}, {25600, 160}}) {
        for (const std::int64_t t : {1, 8}) {
            OperatorShape shape{.micro_batch = b, .sequence_length = s, .tensor_parallel = t};
            shape.attention = AttentionKernel::unfused;
            shape.type = DataType::fp16;
            shape.dropout = true;
            const LlmConfig model = test::gpt("GPT", 2, h, a, 51200, s);
            const std::int64_t scores = 5 * a * s * s * b / t;
            OperatorList list = test::layer(model, shape);
            CHECK(kept(list) == Bytes{s * b * h * 10 + s * b * h * 24 / t + scores});
            CHECK(kept_selective(list) == Bytes{s * b * h * 10 + s * b * h * 24 / t});
            shape.sequence_parallel = true;
            list = test::layer(model, shape);
            CHECK(kept(list) == Bytes{s * b * h * 34 / t + scores});
            CHECK(kept_selective(list) == Bytes{s * b * h * 34 / t});
            // Equation 5's 2 s b h (/ t): only the input.
            CHECK(layer_input_bytes(model, shape) == Bytes{2 * s * b * h / t});
        }
    }
}

TEST_CASE("a dense layer with grouped queries and flash attention, term by term") {
    // A token of Qwen3-32B with tp 8, bytes: inputs of norms 2 x 2 x 5120; inputs of QKV and up as many; QK-norm's input
    // 2 (1024 + 128); Q, K, V 2 (1024 + 2 x 128), output 2 x 1024, log-sum-exp 4 x 8; gate and up 2 x 2 x 3200; product
    // 2 x 3200.
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 8};
    const std::int64_t divided = 2 * 1152 + 2 * 1280 + 2 * 1024 + 32 + 4 * 3200;
    OperatorList list = test::layer(test::qwen3_32b(), shape);
    CHECK(kept(list) == Bytes{4096 * (8 * 5120 + divided + 2 * 3200)});
    // Selective drops outputs of norms and activation.
    CHECK(kept_selective(list) == Bytes{4096 * (4 * 5120 + divided)});
    for (const char* name : {"input_norm", "post_attention_norm", "swiglu"}) {
        CHECK(find(list, name).recomputed_selective);
    }
    CHECK_FALSE(find(list, "attention").recomputed_selective);
    shape.sequence_parallel = true;
    list = test::layer(test::qwen3_32b(), shape);
    CHECK(kept(list) == Bytes{4096 * (8 * 5120 / 8 + divided + 2 * 3200)});
}

TEST_CASE("an expert layer keeps its permuted rows, gate and up, products and scores") {
    // Qwen3-235B-A22B, ep 8: 8 rows a token (balanced). Bytes a token: norm and its output 2 x 2 x 4096, scores 4 x 128,
    // choices 8 x 8; a row: input 2 x 4096, gate and up 2 x 2 x 1536, product 2 x 1536.
    OperatorShape shape{.sequence_length = 4096, .expert_parallel = 8};
    const LlmConfig model = test::qwen3_235b_a22b();
    const BalancedLoad load = balanced_load(model, shape);
    OperatorList list;
    for (const Operator& op : layer_operators(model, {true, false}, shape, load.load)) {
        if (op.name == "post_attention_norm" || !list.empty()) {
            list.push_back(op);
        }
    }
    const std::int64_t row = 2 * 4096 + 2 * 2 * 1536;
    CHECK(kept(list) == Bytes{4096 * (4 * 4096 + 4 * 128 + 64 + 8 * (row + 2 * 1536))});
    CHECK(kept_selective(list) == Bytes{4096 * (2 * 4096 + 4 * 128 + 64 + 8 * row)});
}

TEST_CASE("latent attention keeps latents, and selectively not what it projects up from them") {
    // DeepSeek-V3, tp 1, bytes a token: norm 2 x 7168 and its output; query latent 2 x 1536 before and after its norm, that
    // of keys 2 x 512 likewise; Q and K 2 x 128 x 192, V 2 x 128 x 128, output as V, log-sum-exp 4 x 128.
    const LlmConfig model = test::deepseek_v3();
    const OperatorShape shape{.sequence_length = 4096};
    OperatorList list;
    for (const Operator& op : test::layer(model, shape)) {
        if (op.name == "post_attention_norm") {
            break;
        }
        list.push_back(op);
    }
    const std::int64_t value = 2 * 128 * 128;
    const std::int64_t query = 2 * 128 * 192;
    CHECK(kept(list) == Bytes{4096 * (4 * 7168 + 4 * (1536 + 512) + 2 * query + 2 * value + 512)});
    CHECK(kept_selective(list) == Bytes{4096 * (2 * 7168 + 2 * (1536 + 512) + value + 512)});
    CHECK(find(list, "kv_up").recomputed_selective);
    CHECK(find(list, "query_up").recomputed_selective);
}

TEST_CASE("in fp8 a matrix keeps its input in a byte an element and a scale for 128") {
    OperatorShape shape{.sequence_length = 4096, .precision = Precision::fp8};
    const OperatorList list = test::layer(test::qwen3_32b(), shape);
    CHECK(find(list, "mlp_up").kept == Bytes{4096 * 5120 + 4096 * 5120 / 128 * 4});
    CHECK(find(list, "post_attention_norm").kept == Bytes{4096 * 5120 * 2});
}

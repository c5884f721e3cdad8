// fp8 by the recipe of DeepSeek-V3: a scale for 1 x 128 of an activation and 128 x 128 of a weight.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"

using namespace myriad;
using test::find;
using test::kernel;

TEST_CASE("all three products of a matrix run in fp8, between casts") {
    const LlmConfig model = test::qwen3_32b();
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 8};
    const OperatorList plain = test::layer(model, shape);
    shape.precision = Precision::fp8;
    const OperatorList list = test::layer(model, shape);
    const Operator& down = find(list, "mlp_down");  // 4096 x 3200 times 3200 x 5120
    CHECK(test::labels(down.forward) == "fp8_cast mlp_down");
    CHECK(test::labels(down.input_grad) == "fp8_gradient_cast mlp_down_dgrad");
    CHECK(test::labels(down.weight_grad) == "fp8_transpose_cast mlp_down_wgrad");
    for (const char* label : {"mlp_down", "mlp_down_dgrad", "mlp_down_wgrad"}) {
        CAPTURE(label);
        CHECK(kernel(list, label).type == DataType::fp8);
        CHECK(kernel(list, label).work == kernel(plain, label).work);
    }
    const std::int64_t x = 4096 * 3200;
    const std::int64_t y = 4096 * 5120;
    const std::int64_t w = 3200 * 5120;
    CHECK(kernel(list, "mlp_down").read == Bytes{x + x / 128 * 4 + w + w / 16384 * 4});
    CHECK(kernel(list, "mlp_down").written == Bytes{2 * y});
    CHECK(kernel(list, "mlp_down_dgrad").read == Bytes{y + y / 128 * 4 + w + w / 16384 * 4});
    CHECK(kernel(list, "mlp_down_dgrad").written == Bytes{2 * x});
    CHECK(kernel(list, "mlp_down_wgrad").read == Bytes{x + y + (x + y) / 128 * 4 + 4 * w});
    CHECK(kernel(list, "mlp_down_wgrad").written == Bytes{4 * w});
    CHECK(down.forward[0].read == Bytes{2 * x});
    CHECK(down.forward[0].written == Bytes{x + x / 128 * 4});
    CHECK(down.input_grad[0].read == Bytes{2 * y});
    CHECK(down.input_grad[0].written == Bytes{2 * (y + y / 128 * 4)});
    CHECK(down.weight_grad[0].read == Bytes{x + x / 128 * 4});
    CHECK(down.weight_grad[0].written == Bytes{x + x / 128 * 4});
    // Attention keeps its output in bf16 for its own backward: 1024 channels.
    CHECK(find(list, "attention_output").weight_grad[0].read == Bytes{2 * 4096 * 1024});
}

TEST_CASE("attention, router, embedding, head and norms stay as they are") {
    OperatorShape shape{.sequence_length = 4096, .precision = Precision::fp8};
    const LlmConfig model = test::qwen3_32b();
    for (const OperatorList& list :
         {test::layer(model, shape), head_operators(model, shape), embedding_operators(model, shape)}) {
        for (const Operator& op : list) {
            for (const Kernel& k : op.forward) {
                CAPTURE(k.label);
                const bool matrix = op.name == "attention_qkv" || op.name == "attention_output" ||
                                    op.name == "mlp_up" || op.name == "mlp_down";
                CHECK((k.type == DataType::fp8) == (matrix && k.unit == KernelUnit::tensor));
            }
        }
    }
}

TEST_CASE("a matrix of a layer has three casts, nothing else has any") {
    OperatorShape shape{.sequence_length = 8192, .tensor_parallel = 8};
    shape.precision = Precision::fp8;
    for (const Operator& op : test::layer(test::llama_405b(), shape)) {
        int casts = 0;
        for (const auto* kernels : {&op.forward, &op.input_grad, &op.weight_grad}) {
            for (const Kernel& k : *kernels) {
                casts += k.label.find("cast") != std::string_view::npos ? 1 : 0;
            }
        }
        CAPTURE(op.name);
        CHECK(casts == (op.weight_grad.empty() ? 0 : 3));
    }
}

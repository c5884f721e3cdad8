// Kernels that nobody has fused, KernelFusion::eager: which there are and what they move, counted by hand for a GPT of
// 64 channels, 8 heads and 256 inner channels on 2 x 32 tokens, two bytes an element, masks of one byte.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"

using namespace myriad;
using test::kernel;

namespace {

LlmConfig small_gpt() {
    LlmConfig m = test::gpt("small", 2, 64, 8, 512, 32);
    m.qkv_bias = true;
    m.linear_bias = true;
    return m;
}

OperatorShape eager_shape() {
    OperatorShape shape{.micro_batch = 2, .sequence_length = 32};
    shape.attention = AttentionKernel::unfused;
    shape.dropout = true;
    shape.fusion = KernelFusion::eager;
    return shape;
}

std::int64_t launches(const OperatorList& list) {
    std::int64_t sum = 0;
    for (const Operator& op : list) {
        for (const auto* kernels : {&op.forward, &op.input_grad, &op.weight_grad}) {
            for (const Kernel& k : *kernels) {
                sum += k.launches;
            }
        }
    }
    return sum;
}

}  // namespace

TEST_CASE("an eager layer runs biases, dropout and copies as kernels") {
    const OperatorList list = test::layer(small_gpt(), eager_shape());
    CHECK(test::labels(test::find(list, "attention_qkv").forward) == "attention_qkv bias_add");
    CHECK(test::labels(test::find(list, "attention").forward) ==
          "attention_scores attention_softmax attention_dropout attention_context attention_transpose");
    CHECK(test::labels(test::find(list, "residual").input_grad) == "residual_dropout_grad");
    // 64 tokens x 192 channels.
    CHECK(kernel(list, "bias_add").read == Bytes{64 * 192 * 2});
    CHECK(kernel(list, "bias_add").written == Bytes{64 * 192 * 2});
    // 2 x 8 matrices of 32 x 32 scores. The fused softmax reads the half below the diagonal and writes everything.
    CHECK(kernel(list, "attention_softmax").read == Bytes{2 * 8 * 32 * 32 * 2 / 2});
    CHECK(kernel(list, "attention_softmax").written == Bytes{2 * 8 * 32 * 32 * 2});
    CHECK(kernel(list, "attention_dropout").read == Bytes{2 * 8 * 32 * 32 * 2});
    CHECK(kernel(list, "attention_dropout").written == Bytes{2 * 8 * 32 * 32 * (2 + 1)});
    CHECK(kernel(list, "attention_dropout_grad").read == Bytes{2 * 8 * 32 * 32 * (2 + 1)});
    // Bias, dropout and residual are one kernel that writes the mask too.
    CHECK(kernel(list, "residual").written == Bytes{64 * 64 * (2 + 1)});
    // 15 forward: two norms, four matrices, a bias, five of attention (scores, softmax, dropout, context, transpose),
    // GeLU, two residuals. Backward: two of each matrix (8); seven of attention and the concatenation (7 + 1 - 1 with
    // softmax and dropout counted in the seven); GeLU; per norm its gradient, the residual's and four launches for the
    // weight (12); per residual the mask (2); four bias gradients of two launches (8): 8 + 7 + 1 + 12 + 2 + 8 = 38.
    CHECK(launches(list) == 15 + 38);
}

TEST_CASE("matrix work is the same, fused or not") {
    OperatorShape shape = eager_shape();
    const test::Work eager = test::tensor_work(test::layer(small_gpt(), shape));
    shape.fusion = KernelFusion::fused;
    const test::Work fused = test::tensor_work(test::layer(small_gpt(), shape));
    CHECK(eager.forward == fused.forward);
    CHECK(eager.backward == fused.backward);
}

TEST_CASE("a gradient that its GEMM does not add up is added by a kernel") {
    OperatorShape shape = eager_shape();
    shape.fused_accumulation = false;
    shape.gradient_bytes = 4;
    const OperatorList list = test::layer(small_gpt(), shape);
    // Down projection of 256 x 64: written in two bytes, then read with the fp32 sum, which is written.
    CHECK(kernel(list, "mlp_down_wgrad").written == Bytes{256 * 64 * 2});
    const Operator& down = test::find(list, "mlp_down");
    REQUIRE(test::labels(down.weight_grad) == "mlp_down_wgrad gradient_accumulation");
    CHECK(down.weight_grad[1].read == Bytes{256 * 64 * (2 + 4)});
    CHECK(down.weight_grad[1].written == Bytes{256 * 64 * 4});
}

TEST_CASE("the eager loss goes over the logits in fp32 eight times") {
    const OperatorList list = head_operators(small_gpt(), eager_shape());
    const Operator& loss = test::find(list, "cross_entropy");
    Bytes forward{0};
    for (const Kernel& k : loss.forward) {
        forward += k.read + k.written;
    }
    Bytes backward{0};
    for (const Kernel& k : loss.input_grad) {
        backward += k.read + k.written;
    }
    // To fp32 2 + 4; maximum 4; difference 8; exponential 8; sum 4; quotient 8. Back: 8, then 4 + 2.
    CHECK(forward == Bytes{64 * 512 * 38});
    CHECK(backward == Bytes{64 * 512 * 14});
}

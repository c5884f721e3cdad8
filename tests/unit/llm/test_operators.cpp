#include "tests/unit/llm/models.h"
#include "workloads/llm/operators.h"

#include <catch2/catch.hpp>

#include <vector>

using namespace myriad;

namespace {

const std::vector<Linear> kLayerLinears{Linear::attention_qkv, Linear::attention_output, Linear::mlp_up,
                                        Linear::mlp_down};

double tensor_work(const std::vector<Kernel>& kernels) {
    double work = 0;
    for (const Kernel& kernel : kernels) {
        work += kernel.unit == KernelUnit::tensor ? kernel.work.count() : 0.0;
    }
    return work;
}

struct Work {
    double matrices_forward = 0, matrices_backward = 0, attention_forward = 0, attention_backward = 0;
};

// One micro-batch through the whole model, all tensor-parallel ranks.
Work whole_work(const LlmConfig& model, const OperatorShape& shape) {
    const DenseOperators ops(model, shape);
    const double ranks = static_cast<double>(shape.tensor_parallel);
    Work work;
    const auto add = [&](Linear which, double times) {
        work.matrices_forward += ranks * times * ops.linear(which).work.count();
        work.matrices_backward +=
            ranks * times * (ops.linear_dgrad(which).work.count() + ops.linear_wgrad(which).work.count());
    };
    const double layers = static_cast<double>(model.layers);
    for (const Linear which : kLayerLinears) {
        add(which, layers);
    }
    add(Linear::lm_head, 1.0);
    work.attention_forward = ranks * layers * tensor_work(ops.attention_core());
    work.attention_backward = ranks * layers * tensor_work(ops.attention_core_grad());
    return work;
}

}  // namespace

TEST_CASE("forward and backward are 6 N flop a token plus attention") {
    // Vocabularies that need no padding: 151936 = 1187 x 128; with tp 4, 152064 = 297 x 512.
    const LlmConfig qwen3 = test::qwen3_32b();
    LlmConfig qwen25 = test::dense("Qwen2.5-72B", {80, 8192, 64, 8, 128, 29568, 152064});
    qwen25.qkv_bias = true;
    for (const auto& [model, tp] : {std::pair{qwen3, 1}, std::pair{qwen25, 4}}) {
        OperatorShape shape;
        shape.micro_batch = 2;
        shape.sequence_length = 4096;
        shape.tensor_parallel = tp;
        const Work work = whole_work(model, shape);
        const double tokens = 2 * 4096;
        const double n = static_cast<double>(matrix_parameters(model));
        CHECK(work.matrices_forward == Approx(2 * n * tokens).epsilon(1e-12));
        CHECK(work.matrices_backward == Approx(4 * n * tokens).epsilon(1e-12));
        // Causal pairs of a sequence: 4096 x 4097 / 2; 4 flop a pair, channel and head forward, 10 backward (QK^T
        // again).
        const double pairs = 2 * 4096.0 * 4097.0 / 2;
        const double channels = static_cast<double>(model.layers * model.heads * model.head_dim);
        CHECK(work.attention_forward == Approx(4 * channels * pairs).epsilon(1e-12));
        CHECK(work.attention_backward == Approx(10 * channels * pairs).epsilon(1e-12));
        // The model's work counts backward attention as 8: what flash attention computes again is not model work.
        CHECK(training_flop_per_token(model, 4096, AttentionCount::causal).count() * tokens ==
              Approx(work.matrices_forward + work.matrices_backward + 3 * work.attention_forward).epsilon(1e-12));
    }
}

TEST_CASE("a GPT layer follows Korthikanti's 24 B s h^2 + 4 B s^2 h forward and twice that backward") {
    // Korthikanti et al. 2022, appendix A: 24 B s h^2 (1 + s / (6 h)) a layer forward; unfused attention, all pairs.
    const LlmConfig model = test::gpt("22B", 48, 6144, 64, 51200, 2048);
    OperatorShape shape;
    shape.micro_batch = 4;
    shape.sequence_length = 2048;
    shape.tensor_parallel = 8;
    shape.attention = AttentionKernel::unfused;
    const DenseOperators ops(model, shape);
    double forward = tensor_work(ops.attention_core());
    double backward = tensor_work(ops.attention_core_grad());
    for (const Linear which : kLayerLinears) {
        forward += ops.linear(which).work.count();
        backward += ops.linear_dgrad(which).work.count() + ops.linear_wgrad(which).work.count();
    }
    const double expected = 24.0 * 4 * 2048 * 6144 * 6144 + 4.0 * 4 * 2048 * 2048 * 6144;
    CHECK(8 * forward == Approx(expected).epsilon(1e-12));
    CHECK(8 * backward == Approx(2 * expected).epsilon(1e-12));
}

TEST_CASE("a GEMM reads its operands and writes its result once") {
    const DenseOperators ops(test::qwen3_32b(), {.sequence_length = 4096, .tensor_parallel = 8});
    // Down projection by rows: 4096 tokens x (25600 / 8) times (25600 / 8) x 5120, two bytes an element.
    const Kernel down = ops.linear(Linear::mlp_down);
    CHECK(std::get<GemmShape>(down.shape).m == 4096);
    CHECK(std::get<GemmShape>(down.shape).n == 5120);
    CHECK(std::get<GemmShape>(down.shape).k == 3200);
    CHECK(down.read == Bytes{2 * (4096 * 3200 + 3200 * 5120)});
    CHECK(down.written == Bytes{2 * 4096 * 5120});
    // The weight's gradient (3200 x 5120, fp32) is read, added to and written.
    const Kernel wgrad = ops.linear_wgrad(Linear::mlp_down);
    CHECK(wgrad.read == Bytes{2 * (4096 * 3200 + 4096 * 5120) + 4 * 3200 * 5120});
    CHECK(wgrad.written == Bytes{4 * 3200 * 5120});
}

TEST_CASE("sequence parallelism divides norms and residuals, not the matrices") {
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 8};
    const DenseOperators whole(test::qwen3_32b(), shape);
    shape.sequence_parallel = true;
    const DenseOperators divided(test::qwen3_32b(), shape);
    CHECK(divided.norm(Norm::input).read * 8 == whole.norm(Norm::input).read);
    CHECK(divided.residual().written * 8 == whole.residual().written);
    CHECK(divided.linear(Linear::mlp_up).read == whole.linear(Linear::mlp_up).read);
}

TEST_CASE("the vocabulary is padded to a multiple of 128 x tp") {
    CHECK(padded_vocabulary(151936, 1) == 151936);  // 1187 x 128
    CHECK(padded_vocabulary(151936, 8) == 152576);  // 149 x 1024
    CHECK(padded_vocabulary(50257, 1) == 50304);    // GPT-2: 393 x 128
    const DenseOperators ops(test::qwen3_32b(), {.sequence_length = 4096, .tensor_parallel = 8});
    CHECK(std::get<GemmShape>(ops.linear(Linear::lm_head).shape).n == 152576 / 8);
}

TEST_CASE("vector operators and attention read each operand and write each result once") {
    OperatorShape shape{.micro_batch = 2, .sequence_length = 4096, .tensor_parallel = 8};
    const DenseOperators ops(test::qwen3_32b(), shape);
    const std::int64_t tokens = 2 * 4096;
    struct Expected {
        Kernel kernel;
        std::int64_t read, written;  // bytes a token
    };
    // Channels of a rank: hidden 5120, ffn 3200, queries 1024, keys 128, 8 heads; two bytes each, log-sum-exp four.
    const std::vector<Expected> table{
        {ops.norm(Norm::input), 2 * 5120, 2 * 5120},
        {ops.norm_grad(Norm::input), 2 * 2 * 5120, 2 * 5120},  // input and its output's gradient in
        {ops.residual(), 2 * 2 * 5120, 2 * 5120},
        {ops.rope(), 2 * (1024 + 128), 2 * (1024 + 128)},  // queries and keys
        {ops.qk_norm_grad(), 2 * 2 * (1024 + 128), 2 * (1024 + 128)},
        {ops.activation(), 2 * 2 * 3200, 2 * 3200},           // gate and up in, product out
        {ops.activation_grad(), 3 * 2 * 3200, 2 * 2 * 3200},  // and the gradient in; two gradients out
        {ops.attention_core()[0], 2 * (1024 + 2 * 128), 2 * 1024 + 4 * 8},
        {ops.attention_core_grad()[0], 2 * (3 * 1024 + 2 * 128) + 4 * 8, 2 * (1024 + 2 * 128)},
        {ops.embedding(), 2 * 5120 / 8, 2 * 5120},  // an eighth of the rows is here
        {ops.embedding_grad(), (2 + 4) * 5120 / 8, 4 * 5120 / 8},
        {ops.cross_entropy(), 2 * 152576 / 8, 4 * 152576 / 8},  // bf16 logits become fp32
        {ops.cross_entropy_grad(), 4 * 152576 / 8, 2 * 152576 / 8},
    };
    for (const Expected& row : table) {
        CAPTURE(row.kernel.label);
        CHECK(row.kernel.read == Bytes{tokens * row.read});
        CHECK(row.kernel.written == Bytes{tokens * row.written});
    }
}

TEST_CASE("every operator carries the shape that its card level may need") {
    for (const AttentionKernel attention : {AttentionKernel::flash, AttentionKernel::unfused}) {
        OperatorShape shape{.micro_batch = 2, .sequence_length = 4096, .tensor_parallel = 8};
        shape.attention = attention;
        const DenseOperators ops(test::qwen3_32b(), shape);
        std::vector<Kernel> kernels{
            ops.embedding(),     ops.embedding_grad(),     ops.norm(Norm::input), ops.norm_grad(Norm::input),
            ops.residual(),      ops.residual_grad(),      ops.qk_norm(),         ops.qk_norm_grad(),
            ops.rope(),          ops.rope_grad(),          ops.activation(),      ops.activation_grad(),
            ops.cross_entropy(), ops.cross_entropy_grad(),
        };
        for (const Linear which : kLayerLinears) {
            kernels.insert(kernels.end(), {ops.linear(which), ops.linear_dgrad(which), ops.linear_wgrad(which)});
        }
        for (const auto& core : {ops.attention_core(), ops.attention_core_grad()}) {
            kernels.insert(kernels.end(), core.begin(), core.end());
        }
        for (const Kernel& kernel : kernels) {
            CAPTURE(kernel.label);
            CHECK_FALSE(std::holds_alternative<std::monostate>(kernel.shape));
        }
    }
}

#include "models/kernels.h"
#include "sim/error/error.h"

#include <catch2/catch.hpp>

#include <array>

using namespace myriad;

TEST_CASE("a GEMM counts two flop a product, its operands once, its result once") {
    // 3 x 5 = (3 x 7)(7 x 5), twice: 2 x 105 flop each; operands 21 + 35 elements, result 15.
    const Kernel plain = gemm_kernel(DataType::bf16, {3, 5, 7, 2});
    CHECK(plain.work == Flop{420});
    CHECK(plain.read == Bytes{2LL * 2 * (21 + 35)});
    CHECK(plain.written == Bytes{2LL * 2 * 15});
    CHECK(plain.unit == KernelUnit::tensor);
    // Adds to an fp32 result: 15 elements of four bytes are read and written.
    const Kernel adds = gemm_kernel(DataType::bf16, {3, 5, 7, 1, true, 4});
    CHECK(adds.read == Bytes{2LL * (21 + 35) + 60});
    CHECK(adds.written == Bytes{60});
    for (const auto& [type, bytes] : {std::pair{DataType::fp32, std::int64_t{4}},
                                      {DataType::tf32, 4},
                                      {DataType::bf16, 2},
                                      {DataType::fp16, 2},
                                      {DataType::fp8, 1},
                                      {DataType::int8, 1}}) {
        CHECK(gemm_kernel(type, {3, 5, 7}).read == Bytes{56LL * bytes});
    }
}

TEST_CASE("an expert without rows costs nothing in a grouped GEMM") {
    // 4 + 0 + 1 rows, n 3, k 2: 2 x 5 x 3 x 2 flop; rows 5 x 2 and the weights of two experts, 2 x (2 x 3), in.
    const std::array<std::int64_t, 3> rows{4, 0, 1};
    const Kernel kernel = grouped_gemm_kernel(DataType::fp8, {rows, 3, 2});
    CHECK(kernel.work == Flop{60});
    CHECK(kernel.read == Bytes{10 + 12});
    CHECK(kernel.written == Bytes{15});
}

TEST_CASE("attention counts the pairs that the mask leaves") {
    AttentionShape shape;
    shape.queries = 3;
    shape.keys = 5;
    CHECK(attention_pairs(shape) == 3 + 4 + 5);  // the last query sees all five keys
    shape.causal = false;
    CHECK(attention_pairs(shape) == 15);
    shape.causal = true;
    shape.queries = 5;
    CHECK(attention_pairs(shape) == 1 + 2 + 3 + 4 + 5);
}

TEST_CASE("grouped-query attention reads keys and values of the key-value heads only") {
    AttentionShape shape;
    shape.sequences = 2;
    shape.heads = 4;
    shape.kv_heads = 2;
    shape.queries = 3;
    shape.keys = 5;
    shape.head_dim = 8;
    shape.value_dim = 6;
    // 12 pairs x 4 heads x 2 sequences x 2 (8 + 6) flop.
    const Kernel forward = attention_kernel(DataType::bf16, shape);
    CHECK(forward.work == Flop{96 * 28});
    const std::int64_t query = 2LL * 2 * 3 * 4 * 8;
    const std::int64_t key_value = 2LL * 2 * 5 * 2 * (8 + 6);
    const std::int64_t output = 2LL * 2 * 3 * 4 * 6;
    const std::int64_t log_sum_exp = 4LL * 2 * 3 * 4;
    CHECK(forward.read == Bytes{query + key_value});
    CHECK(forward.written == Bytes{output + log_sum_exp});
    // Backward: three products of width 8, two of width 6.
    shape.backward = true;
    const Kernel backward = attention_kernel(DataType::bf16, shape);
    CHECK(backward.work == Flop{96 * 2 * (3 * 8 + 2 * 6)});
    CHECK(backward.read == Bytes{query + key_value + 2 * output + log_sum_exp});
    CHECK(backward.written == Bytes{query + key_value});
}

TEST_CASE("decode attention reads the cache and its block tables") {
    // 2 sequences of 33 tokens: three pages of 16, an int32 each.
    const Kernel kernel = decode_attention_kernel(DataType::bf16, {2, 8, 2, 33, 4, 1, 16});
    CHECK(kernel.work == Flop{2.0 * 8 * 33 * 4 * 4});  // sequences, heads, keys, 4 flop a channel
    CHECK(kernel.read == Bytes{2LL * (2 * 8 * 4) + 2 * (2 * 33 * 2 * 8) + 4 * (2 * 3)});
    CHECK(kernel.written == Bytes{2LL * (2 * 8 * 4) + 4 * (2 * 8)});
    const auto& shape = std::get<AttentionShape>(kernel.shape);
    CHECK(shape.queries == 1);
    CHECK(shape.page_tokens == 16);
}

TEST_CASE("absorbed MLA reads one stream of 576 channels and multiplies 576 + 512") {
    MlaExtents extents;
    extents.keys = 100;
    extents.page_tokens = 0;
    const Kernel decode = mla_decode_kernel(DataType::bf16, extents);
    CHECK(decode.work == Flop{2.0 * (576 + 512) * 128 * 100});
    CHECK(decode.read == Bytes{2LL * (128 * 576 + 100 * 576)});
    CHECK(decode.written == Bytes{2LL * 128 * 512 + 4 * 128});
    // Prefill: keys 128 + 64 wide, values 128, for every head; 100 queries see 5050 keys.
    extents.queries = 100;
    const Kernel prefill = mla_prefill_kernel(DataType::bf16, extents);
    CHECK(prefill.work == Flop{2.0 * (192 + 128) * 128 * 5050});
    CHECK(prefill.read == Bytes{2LL * 100 * 128 * (192 + 192 + 128)});
    CHECK(prefill.written == Bytes{2LL * 100 * 128 * 128 + 4 * 100 * 128});
}

TEST_CASE("vector kernels count their elements") {
    struct Expected {
        Kernel kernel;
        double flop;
        std::int64_t read, written;  // bytes
        bool row;
        double special;
    };
    const std::vector<Expected> table{
        // 10 rows of 16 in bf16: 160 elements, 320 bytes an operand.
        {norm_kernel(DataType::bf16, NormKind::rms, 10, 16), 4 * 160, 320, 320, true, 1.0 / 16},
        {norm_kernel(DataType::bf16, NormKind::layer, 10, 16), 7 * 160, 320, 320, true, 1.0 / 16},
        {softmax_kernel(DataType::bf16, 10, 16), 5 * 160, 320, 320, true, 1},
        {activation_kernel(DataType::bf16, ActivationKind::swiglu, 10, 16), 5 * 160, 640, 320, false, 2},
        {activation_kernel(DataType::bf16, ActivationKind::gelu, 10, 16), 8 * 160, 320, 320, false, 2},
        {residual_kernel(DataType::bf16, 10, 16), 160, 640, 320, false, 0},
        // 10 tokens, 2 heads of 8.
        {rope_kernel(DataType::bf16, 10, 2, 8), 3 * 160, 320, 320, false, 0},
        {rope_kernel(DataType::bf16, 10, 2, 8, 0.25), 0.75 * 160, 320, 320, false, 0},
        {embedding_kernel(DataType::bf16, 10, 16), 0, 320, 320, false, 0},
        {embedding_kernel(DataType::bf16, 10, 16, 4), 0, 80, 320, false, 0},
        {cross_entropy_kernel(DataType::bf16, 10, 16), 5 * 160, 320, 640, true, 1},
        {copy_kernel(Bytes{320}), 0, 320, 320, false, 0},
        // Three operands of 160 elements: two additions each.
        {reduce_kernel(DataType::bf16, 3, Bytes{320}), 320, 960, 320, false, 0},
        // Gradient, master weight, two moments of four bytes in; master, moments and a bf16 weight out.
        {adam_kernel(160, Bytes{2}, Bytes{4}), 12 * 160, 16LL * 160, 14LL * 160, false, 2},
        {adam_kernel(160, Bytes{2}, Bytes{2}), 12 * 160, 14LL * 160, 14LL * 160, false, 2},
    };
    for (const Expected& row : table) {
        CAPTURE(row.kernel.label, row.kernel.written.count());
        CHECK(row.kernel.work.count() == row.flop);
        CHECK(row.kernel.read == Bytes{row.read});
        CHECK(row.kernel.written == Bytes{row.written});
        CHECK(row.kernel.unit == KernelUnit::vector);
        const auto& shape = std::get<VectorShape>(row.kernel.shape);
        CHECK(shape.row_reduction == row.row);
        CHECK(shape.special == row.special);
    }
}

TEST_CASE("a kernel that no card could hold is the user's error") {
    CHECK(extent_product({1 << 30, 1 << 30}) == std::int64_t{1} << 60);
    CHECK_THROWS_AS(extent_product({1 << 30, 1 << 30, 2}), UserError);
    constexpr std::int64_t kHuge = std::int64_t{1} << 62;
    CHECK_THROWS_AS(gemm_kernel(DataType::bf16, {kHuge, kHuge, kHuge}), UserError);
}

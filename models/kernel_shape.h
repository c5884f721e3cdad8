#pragma once
// What a kernel computes, beyond its flop and bytes: what the tile level needs to cut it into tiles. Row-major operands.

#include "sim/units/units.h"

#include <cstdint>
#include <span>
#include <variant>

namespace myriad {

// C[m, n] = A[m, k] B[k, n], `batch` times with operands of their own. `accumulate`: C is read and added to.
struct GemmShape {
    std::int64_t m = 0;
    std::int64_t n = 0;
    std::int64_t k = 0;
    std::int64_t batch = 1;
    bool accumulate = false;
    std::int64_t output_bytes = 0;  // an element of C; 0: as the operands
};

// One GEMM an expert: rows[e] x k times k x n, weights of their own. `rows` must outlive the kernel.
struct GroupedGemmShape {
    std::span<const std::int64_t> rows;
    std::int64_t n = 0;
    std::int64_t k = 0;
};

// softmax(Q K^T) V, fused. Every key-value head serves heads / kv_heads query heads. Decode: queries = 1. Absorbed MLA:
// kv_heads = 1, head_dim = 576, value_dim = 512, where K and V are one stream (`shared_key_value`).
struct AttentionShape {
    std::int64_t sequences = 1;
    std::int64_t heads = 1;
    std::int64_t kv_heads = 1;
    std::int64_t queries = 0;  // of a sequence; they are its last ones when fewer than keys
    std::int64_t keys = 0;     // of a sequence
    std::int64_t head_dim = 128;
    std::int64_t value_dim = 128;
    bool causal = true;
    bool backward = false;
    bool shared_key_value = false;
    std::int64_t page_tokens = 0;  // of a paged cache; 0: contiguous
};

// `rows` x `width` elements, each row on its own (norm, softmax, cross-entropy) or the whole as a stream (`width` 0 is
// not allowed; elementwise kernels take any cut). Bytes and flop are those of the kernel, spread evenly.
struct VectorShape {
    std::int64_t rows = 0;
    std::int64_t width = 0;
    bool row_reduction = false;      // a row is read twice by one core: reduced, then finished
    double special = 0.0;            // exponentials, square roots... an element
    std::int64_t access_bytes = 16;  // of one load of a thread: 16 where the kernel is vectorised, an element where not
};

using KernelShape = std::variant<std::monostate, GemmShape, GroupedGemmShape, AttentionShape, VectorShape>;

}  // namespace myriad

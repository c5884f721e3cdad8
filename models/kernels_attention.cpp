// Fused attention: prefill, backward, decode over a paged cache, and multi-head latent attention as shapes of the same.

#include "models/kernels.h"
#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {
namespace {

constexpr std::int64_t kFp32Bytes = 4;
constexpr std::int64_t kBlockTableEntryBytes = 4;

void check(const AttentionShape& shape, std::string_view label) {
    const bool positive = shape.sequences > 0 && shape.heads > 0 && shape.kv_heads > 0 && shape.queries > 0 &&
                          shape.keys > 0 && shape.head_dim > 0 && shape.value_dim > 0 && shape.page_tokens >= 0;
    MYRIAD_CHECK(positive, fmt::format("{}: an extent is not positive", label));
    MYRIAD_CHECK(shape.heads % shape.kv_heads == 0,
                 fmt::format("{}: {} heads, {} key-value heads", label, shape.heads, shape.kv_heads));
    MYRIAD_CHECK(!shape.causal || shape.queries <= shape.keys,
                 fmt::format("{}: {} queries, {} keys", label, shape.queries, shape.keys));
}

// Bytes that pass between HBM and the card, each operand once.
struct Operands {
    std::int64_t query = 0;
    std::int64_t key_value = 0;
    std::int64_t output = 0;
    std::int64_t log_sum_exp = 0;
    std::int64_t block_table = 0;
};

Operands operands(const AttentionShape& shape, std::int64_t element) {
    Operands bytes;
    const std::int64_t width = shape.head_dim + (shape.shared_key_value ? 0 : shape.value_dim);
    bytes.query = extent_product({shape.sequences, shape.queries, shape.heads, shape.head_dim, element});
    bytes.key_value = extent_product({shape.sequences, shape.keys, shape.kv_heads, width, element});
    bytes.output = extent_product({shape.sequences, shape.queries, shape.heads, shape.value_dim, element});
    bytes.log_sum_exp = extent_product({shape.sequences, shape.queries, shape.heads, kFp32Bytes});
    if (shape.page_tokens > 0) {
        const std::int64_t pages = (shape.keys + shape.page_tokens - 1) / shape.page_tokens;
        bytes.block_table = extent_product({shape.sequences, pages, kBlockTableEntryBytes});
    }
    return bytes;
}

}  // namespace

double attention_pairs(const AttentionShape& shape) {
    const auto queries = static_cast<double>(shape.queries);
    const auto keys = static_cast<double>(shape.keys);
    return shape.causal ? queries * (keys - queries) + queries * (queries + 1.0) / 2.0 : queries * keys;
}

Kernel attention_kernel(DataType type, const AttentionShape& shape, std::string_view label) {
    check(shape, label);
    MYRIAD_CHECK(!shape.backward || !shape.shared_key_value, "nothing trains on absorbed keys and values");
    const Operands bytes = operands(shape, size_of(type).count());
    const auto d = static_cast<double>(shape.head_dim);
    const auto v = static_cast<double>(shape.value_dim);
    const double pairs =
        attention_pairs(shape) * static_cast<double>(shape.heads) * static_cast<double>(shape.sequences);
    Kernel kernel;
    kernel.label = label;
    kernel.type = type;
    kernel.shape = shape;
    kernel.work = Flop{2.0 * (d + v) * pairs};
    kernel.read = Bytes{bytes.query + bytes.key_value + bytes.block_table};
    kernel.written = Bytes{bytes.output + bytes.log_sum_exp};
    if (shape.backward) {
        kernel.work = Flop{2.0 * (3.0 * d + 2.0 * v) * pairs};
        kernel.read += Bytes{2 * bytes.output + bytes.log_sum_exp};
        kernel.written = Bytes{bytes.query + bytes.key_value};
    }
    return kernel;
}

Kernel decode_attention_kernel(DataType type, const DecodeExtents& extents, std::string_view label) {
    AttentionShape shape;
    shape.sequences = extents.sequences;
    shape.heads = extents.heads;
    shape.kv_heads = extents.kv_heads;
    shape.queries = extents.queries;
    shape.keys = extents.keys;
    shape.head_dim = extents.head_dim;
    shape.value_dim = extents.head_dim;
    shape.page_tokens = extents.page_tokens;
    return attention_kernel(type, shape, label);
}

Kernel mla_decode_kernel(DataType type, const MlaExtents& extents, std::string_view label) {
    AttentionShape shape;
    shape.sequences = extents.sequences;
    shape.heads = extents.heads;
    shape.kv_heads = 1;
    shape.queries = extents.queries;
    shape.keys = extents.keys;
    shape.head_dim = extents.latent + extents.rope;
    shape.value_dim = extents.latent;
    shape.shared_key_value = true;
    shape.page_tokens = extents.page_tokens;
    return attention_kernel(type, shape, label);
}

Kernel mla_prefill_kernel(DataType type, const MlaExtents& extents, std::string_view label) {
    AttentionShape shape;
    shape.sequences = extents.sequences;
    shape.heads = extents.heads;
    shape.kv_heads = extents.heads;
    shape.queries = extents.queries;
    shape.keys = extents.keys;
    shape.head_dim = extents.head_dim + extents.rope;
    shape.value_dim = extents.head_dim;
    return attention_kernel(type, shape, label);
}

}  // namespace myriad

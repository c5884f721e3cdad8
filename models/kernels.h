#pragma once
// Kernels as workloads and the command line ask for them: work, HBM bytes and shape from extents. Every operand is read
// once and every result written once; reuse beyond that (tiles, caches) belongs to the card. e is the size of an element
// of the data type. Vector work is counted in rounded operations an element (assumed; it matters only where the vector
// rate of a card, not its HBM, limits). Extents are positive unless it says otherwise. UserError when a count leaves 64
// bits.

#include "models/card.h"

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace myriad {

// --- matrices (kernels_matrix.cpp) ---

// work    2 m n k a batch
// read    e (m k + k n) a batch, and C when it accumulates
// written m n elements of C a batch, of `output_bytes` each (0: e)
[[nodiscard]] Kernel gemm_kernel(DataType type, const GemmShape& shape, std::string_view label = "gemm");

// R rows of all experts, E experts that have any.
// work    2 R n k
// read    e (R k + E k n): the weights of an expert without rows are not touched
// written e R n
[[nodiscard]] Kernel grouped_gemm_kernel(DataType type, const GroupedGemmShape& shape,
                                         std::string_view label = "grouped_gemm");

// --- attention (kernels_attention.cpp) ---

// (query, key) pairs of one sequence and head. Causal: the last query sees all keys, each one before it one key less.
[[nodiscard]] double attention_pairs(const AttentionShape& shape);

// S sequences, a heads, g key-value heads, q queries, s keys, d and v wide, P pairs; the scores never reach HBM.
// forward  work    2 (d + v) P a S: the two products
//          read    e S (q a d + s g (d + v)), without the v when keys and values are one stream; 4 bytes a page of a
//                  paged cache, its block table
//          written S q a (e v + 4): the output and the log-sum-exp of a query and head in fp32
// backward work    2 (3 d + 2 v) P a S: scores once more, dP = dO V^T, dV = P^T dO, dQ = dS K, dK = dS^T Q
//          read    as forward, and output, its gradient and the log-sum-exp
//          written e S (q a d + s g (d + v)): dQ, dK, dV
[[nodiscard]] Kernel attention_kernel(DataType type, const AttentionShape& shape,
                                      std::string_view label = "flash_attention");

// One new token (or `queries` of them, speculated) of each sequence against a cache of `keys` tokens, itself included.
struct DecodeExtents {
    std::int64_t sequences = 1;
    std::int64_t heads = 1;
    std::int64_t kv_heads = 1;
    std::int64_t keys = 0;
    std::int64_t head_dim = 128;
    std::int64_t queries = 1;
    std::int64_t page_tokens = 16;  // 0: contiguous cache
};
[[nodiscard]] Kernel decode_attention_kernel(DataType type, const DecodeExtents& extents,
                                             std::string_view label = "decode_attention");

// Multi-head latent attention: a cache entry is a latent and a rotated part, shared by all heads.
struct MlaExtents {
    std::int64_t sequences = 1;
    std::int64_t heads = 128;
    std::int64_t queries = 1;  // of a sequence
    std::int64_t keys = 0;
    std::int64_t latent = 512;
    std::int64_t rope = 64;
    std::int64_t head_dim = 128;  // prefill only: the part of a key that is not rotated, and a value
    std::int64_t page_tokens = 64;
};
// Decode with the up-projections absorbed into queries and output: one key-value head, keys latent + rope wide, values
// the first `latent` of them.
[[nodiscard]] Kernel mla_decode_kernel(DataType type, const MlaExtents& extents, std::string_view label = "mla_decode");
// Prefill on keys and values that have been projected up for every head: keys head_dim + rope wide, values head_dim.
[[nodiscard]] Kernel mla_prefill_kernel(DataType type, const MlaExtents& extents,
                                        std::string_view label = "mla_prefill");

// --- vectors (kernels_vector.cpp) ---

// An element's share of a kernel that goes through `rows` x `width` of them.
struct ElementCost {
    double flop = 0.0;
    std::int64_t reads = 1;   // operands
    std::int64_t writes = 1;  // results
    double special = 0.0;     // exponentials, roots, reciprocals
};
// work flop x elements; read e reads x elements; written e writes x elements.
[[nodiscard]] Kernel vector_kernel(DataType type, std::int64_t rows, std::int64_t width, const ElementCost& cost,
                                   std::string_view label);
// The same where a row must be whole before its result can be written.
[[nodiscard]] Kernel row_kernel(DataType type, std::int64_t rows, std::int64_t width, const ElementCost& cost,
                                std::string_view label);

enum class NormKind : std::uint8_t { rms, layer };
enum class ActivationKind : std::uint8_t { swiglu, gelu };

// rms: square, sum, scale, weight (4); layer: subtracts a mean and adds a bias too (7). One root a row. The weight
// stays in the caches.
[[nodiscard]] Kernel norm_kernel(DataType type, NormKind kind, std::int64_t rows, std::int64_t width,
                                 std::string_view label = "norm");
// Maximum, difference, exponential, sum, product with the reciprocal: 5, one exponential an element.
[[nodiscard]] Kernel softmax_kernel(DataType type, std::int64_t rows, std::int64_t width,
                                    std::string_view label = "softmax");
// `width` is that of the result. swiglu: reads both halves; exponential, sum, division, two products (5), two special.
// gelu by tanh: one operand, 8, two special (exponential and reciprocal).
[[nodiscard]] Kernel activation_kernel(DataType type, ActivationKind kind, std::int64_t rows, std::int64_t width,
                                       std::string_view label = "activation");
// y = x + branch: reads two, writes one, 1.
[[nodiscard]] Kernel residual_kernel(DataType type, std::int64_t rows, std::int64_t width,
                                     std::string_view label = "residual");
// Queries and keys of `heads` heads in all; two products and a sum an element of the rotated part, the rest passes.
[[nodiscard]] Kernel rope_kernel(DataType type, std::int64_t tokens, std::int64_t heads, std::int64_t head_dim,
                                 double rotated_share = 1.0, std::string_view label = "rope");
// A lookup: no flop. Of the rows, 1 / parts are in this card's part of the table and read; all are written (zeros where
// another card has the row).
[[nodiscard]] Kernel embedding_kernel(DataType type, std::int64_t tokens, std::int64_t hidden, std::int64_t parts = 1,
                                      std::string_view label = "embedding");
// Maximum, difference, exponential, sum, division over the logits, which become fp32 on the way out.
[[nodiscard]] Kernel cross_entropy_kernel(DataType type, std::int64_t tokens, std::int64_t vocabulary,
                                          std::string_view label = "cross_entropy");
// One Adam step with fp32 states: reads gradient, master weight and both moments; writes master weight, moments and
// the weight of the forward pass. About 12 flop a parameter (two moving averages, bias corrections, root, division,
// decay, update), two of them special.
[[nodiscard]] Kernel adam_kernel(std::int64_t parameters, Bytes weight, Bytes gradient,
                                 std::string_view label = "adam");
// Reads and writes `bytes`.
[[nodiscard]] Kernel copy_kernel(Bytes bytes, std::string_view label = "copy");
// The sum of `operands` buffers of `bytes` each, as a step of a collective takes it: operands - 1 additions an element.
// `bytes` is a multiple of e.
[[nodiscard]] Kernel reduce_kernel(DataType type, std::int64_t operands, Bytes bytes,
                                   std::string_view label = "reduce");

// --- shared by the three ---

// Their product. UserError above 2^60: no card holds so much, and sums of a few stay within 64 bits.
[[nodiscard]] std::int64_t extent_product(std::initializer_list<std::int64_t> factors);

}  // namespace myriad

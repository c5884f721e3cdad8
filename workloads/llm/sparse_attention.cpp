// Sparse attention over latents (DeepSeek-V3.2-Exp report: lightning indexer), in prefill and decode on caches longer than
// what it chooses. Every query attends to the `top_k` keys with the largest index scores,
//   sum over index heads of  weight x ReLU(q_index . k_index),
// computed in fp8 on one index key a token that all index heads share and the cache keeps (a byte a channel and a scale).
//   index_query    from the query latent; index_key, index_weights from the hidden state, all on every tensor-parallel rank
//   index_scores   2 x heads x head_dim flop a causal pair; scores leave it in fp32
//   index_top_k    one comparison a score and the rest of the choice counted as one
// Attention is that of absorbed decode over the chosen latents; each distinct one of them is read from HBM once, the choice
// is 4 bytes a key. Training attends to all keys, without an indexer, and so does prefill under context parallelism. Total
// parameters leave the indexer out (model_config.h), and so do these operators.

#include "workloads/llm/parts.h"

#include <algorithm>

namespace myriad {
namespace {

constexpr MatrixLabels kQuery{"index_query", "index_query_dgrad", "index_query_wgrad"};
constexpr MatrixLabels kKey{"index_key", "index_key_dgrad", "index_key_wgrad"};
constexpr MatrixLabels kWeights{"index_weights", "index_weights_dgrad", "index_weights_wgrad"};
constexpr std::int64_t kFp32Bytes = 4;
constexpr std::int64_t kIndexBytes = 4;

std::int64_t keys_of(const PartContext& c) { return c.shape.context + c.shape.sequence_length; }

void append_matrix(OperatorList& list, const PartContext& c, const MatrixLabels& labels, const MatrixExtent& extent,
                   bool low_precision) {
    Operator op = matrix_operator(c, {labels, extent, MatrixInput::shared, 0, low_precision});
    op.parameters = 0;
    list.push_back(op);
}

void append_kernel(OperatorList& list, const Kernel& kernel) {
    Operator op;
    op.name = kernel.label;
    op.forward.push_back(kernel);
    list.push_back(op);
}

// Causal pairs that are scored, and of these the ones that attention computes, of one sequence.
double scored_pairs(const PartContext& c) {
    const auto queries = static_cast<double>(c.shape.sequence_length);
    return queries * static_cast<double>(c.shape.context) + queries * (queries + 1.0) / 2.0;
}

double chosen_pairs(const PartContext& c) {
    const std::int64_t top_k = c.model.index.top_k;
    const std::int64_t queries = c.shape.sequence_length;
    // The first queries may see fewer keys than they could choose.
    const auto few = static_cast<double>(std::clamp<std::int64_t>(top_k - c.shape.context, 0, queries));
    return few * static_cast<double>(c.shape.context) + few * (few + 1.0) / 2.0 +
           (static_cast<double>(queries) - few) * static_cast<double>(top_k);
}

}  // namespace

bool attends_sparsely(const PartContext& c) {
    return c.model.index.top_k > 0 && !c.training() && c.shape.context_parallel == 1 &&
           keys_of(c) > c.model.index.top_k;
}

void append_index(OperatorList& list, const PartContext& c) {
    const SparseIndexConfig& index = c.model.index;
    const std::int64_t sequences = c.shape.micro_batch;
    const std::int64_t queries = c.shape.sequence_length;
    append_matrix(list, c, kQuery, {c.tokens, index.heads * index.head_dim, c.model.latent.q_lora_rank}, true);
    append_matrix(list, c, kKey, {c.tokens, index.head_dim, c.model.hidden}, true);
    append_matrix(list, c, kWeights, {c.tokens, index.heads, c.model.hidden}, false);
    append_kernel(list, copy_kernel(fp8_bytes(c.tokens * index.head_dim), "index_cache_write"));

    Kernel scores =
        gemm_kernel(DataType::fp8, {queries * index.heads, keys_of(c), index.head_dim, sequences}, "index_scores");
    scores.work = Flop{2.0 * static_cast<double>(index.heads * index.head_dim * sequences) * scored_pairs(c)};
    scores.read = fp8_bytes(c.tokens * index.heads * index.head_dim) +
                  fp8_bytes(sequences * keys_of(c) * index.head_dim) + c.elements(c.tokens * index.heads);
    scores.written = Bytes{c.tokens * keys_of(c) * kFp32Bytes};
    append_kernel(list, scores);
    Kernel choice = row_kernel(DataType::fp32, c.tokens, keys_of(c), {2.0, 1, 0, 0.0}, "index_top_k");
    choice.written = Bytes{c.tokens * index.top_k * kIndexBytes};
    append_kernel(list, choice);
}

Kernel sparse_attention_kernel(const PartContext& c, std::int64_t heads) {
    const LatentAttentionConfig& a = c.model.latent;
    AttentionShape shape;
    shape.sequences = c.tokens;  // every query has keys of its own
    shape.heads = heads;
    shape.kv_heads = 1;
    shape.queries = 1;
    shape.keys = c.model.index.top_k;
    shape.head_dim = a.kv_lora_rank + a.qk_rope_head_dim;
    shape.value_dim = a.kv_lora_rank;
    shape.shared_key_value = true;
    Kernel kernel = attention_kernel(c.shape.type, shape, "sparse_attention");
    kernel.work = Flop{2.0 * static_cast<double>((shape.head_dim + shape.value_dim) * heads * c.shape.micro_batch) *
                       chosen_pairs(c)};
    const std::int64_t distinct = std::min(keys_of(c), c.shape.sequence_length * c.model.index.top_k);
    kernel.read = c.elements(c.tokens * heads * shape.head_dim) +
                  c.elements(c.shape.micro_batch * distinct * shape.head_dim) +
                  Bytes{c.tokens * c.model.index.top_k * kIndexBytes};
    return kernel;
}

}  // namespace myriad

// Keys of an LLM file: the hyper-parameters of its published configuration, and the totals that a test compares with
// what follows from them.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

SchemaKey count(const char* name, const char* doc) { return key<std::int64_t>(name, doc).at_least("0").sourced(); }

const Schema& moe_schema() {
    static const Schema schema{
        "moe",
        "Mixture of experts.",
        {
            count("experts", "routed experts of a layer").required(),
            count("active_experts", "routed experts that one token visits").required(),
            count("shared_experts", "experts that every token visits").required(),
            count("intermediate", "width of a routed expert").required(),
            count("shared_intermediate", "width of all shared experts together; absent: shared_experts x intermediate"),
            count("dense_layers", "first layers, without experts; absent: 0"),
            count("expert_groups", "groups that routing is limited to; absent: 0"),
            count("top_groups", "groups that one token may use; absent: 0"),
            key<double>("routed_scaling_factor", "of the routed experts' sum; absent: 1").at_least("0").sourced(),
            key<bool>("router_bias", "one correction bias an expert; absent: false").sourced(),
            key<bool>("shared_expert_gate", "a weight a hidden channel scales the shared expert; absent: false")
                .sourced(),
        }};
    return schema;
}

const Schema& mla_schema() {
    static const Schema schema{
        "mla",
        "Multi-head latent attention.",
        {
            count("q_lora_rank", "rank of the query").required(),
            count("kv_lora_rank", "rank of keys and values: the latent that is cached").required(),
            count("qk_nope_head_dim", "part of a head without rotation").required(),
            count("qk_rope_head_dim", "rotated part, shared by all heads in the cache").required(),
            count("v_head_dim", "value width of a head").required(),
        }};
    return schema;
}

const Schema& linear_attention_schema() {
    static const Schema schema{"linear_attention",
                               "Gated delta net in all layers but every n-th.",
                               {
                                   count("full_attention_interval", "every n-th layer has full attention").required(),
                                   count("key_heads", "key heads").required(),
                                   count("value_heads", "value heads").required(),
                                   count("key_head_dim", "width of a key head").required(),
                                   count("value_head_dim", "width of a value head").required(),
                                   count("conv_kernel", "taps of the short convolution").required(),
                               }};
    return schema;
}

const Schema& sparse_attention_schema() {
    static const Schema schema{"sparse_attention",
                               "Indexer of sparse attention.",
                               {
                                   count("heads", "heads of the indexer").required(),
                                   count("head_dim", "width of a head").required(),
                                   count("top_k", "positions that attention keeps").required(),
                               }};
    return schema;
}

const Schema& expected_schema() {
    static const Schema schema{
        "expected",
        "Totals as published or derived elsewhere; not read into the model.",
        {
            count("params_total", "parameters, all experts").required(),
            count("params_active", "parameters that one token uses"),
            key<Bytes>("kv_bytes_per_token", "keys and values of one token, 16 bit").required().sourced(),
            key<Bytes>("linear_state_bytes", "state of the linear layers of one sequence, 16 bit").sourced(),
        }};
    return schema;
}

}  // namespace

const Schema& llm_schema() {
    static const Schema schema =
        Schema{
            "llm",
            "A language model, as its published configuration describes it.",
            {
                key<std::string>("name", "how results call it").by_file_name(),
                key<std::string>("title", "name as people write it"),
                key<std::int64_t>("layers", "transformer layers").required().at_least("1").sourced(),
                key<std::int64_t>("hidden", "width of the residual stream").required().at_least("1").sourced(),
                key<std::int64_t>("heads", "query heads").required().at_least("1").sourced(),
                key<std::int64_t>("kv_heads", "key and value heads").required().at_least("1").sourced(),
                count("head_dim", "width of a head; absent with mla"),
                count("ffn", "width of the dense feed-forward part; absent: every layer has experts"),
                key<std::int64_t>("vocab", "size of the vocabulary").required().at_least("1").sourced(),
                key<std::int64_t>("max_position", "longest sequence").required().at_least("1").sourced(),
                key<double>("rope_theta", "base of the rotary embedding").sourced(),
                key<double>("partial_rotary_factor", "rotated share of a head; absent: 1").between("0", "1").sourced(),
                key<double>("rms_norm_eps", "epsilon of the norms").sourced(),
                key<bool>("tied_embeddings", "output head shares the embedding table").required().sourced(),
                word_key("activation", "feed-forward activation", kActivationWords).required().sourced(),
                word_key("normalisation", "norm layers; absent: rms", kNormalisationWords).sourced(),
                key<bool>("qkv_bias", "bias on query, key and value; absent: false").sourced(),
                key<bool>("linear_bias", "bias on every matrix of a layer; absent: false").sourced(),
                key<bool>("qk_norm", "norm on queries and keys; absent: false").sourced(),
                key<bool>("learned_positions", "a table of positions instead of rotation; absent: false").sourced(),
                key<bool>("attention_output_gate", "gate that doubles the query projection; absent: false").sourced(),
                section_key("moe", "mixture of experts; absent: dense", moe_schema),
                section_key("mla", "latent attention; absent: grouped-query", mla_schema),
                section_key("linear_attention", "absent: full attention in every layer", linear_attention_schema),
                section_key("sparse_attention", "absent: none", sparse_attention_schema),
                count("mtp_layers", "multi-token-prediction layers, not counted; absent: 0"),
                section_key("expected", "totals to check against", expected_schema),
            }}
            .in_folder("llms")
            .require_sources();
    return schema;
}

}  // namespace myriad

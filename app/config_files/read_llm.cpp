// An LLM file becomes an LlmConfig. Stated totals are kept beside it and not enforced here: a scenario may change the
// shape of a model on purpose. The files of the project are held to them by a test.

#include "app/config_files/read_llm.h"

#include "app/config_files/words.h"

#include <fmt/format.h>

namespace myriad {
namespace {

std::int64_t count_or_zero(Section& s, const char* key) { return s.find<std::int64_t>(key).value_or(0); }

ExpertsConfig read_experts(Section s) {
    ExpertsConfig e;
    e.experts = s.get<std::int64_t>("experts");
    e.active_experts = s.get<std::int64_t>("active_experts");
    e.shared_experts = s.get<std::int64_t>("shared_experts");
    e.intermediate = s.get<std::int64_t>("intermediate");
    e.shared_intermediate = count_or_zero(s, "shared_intermediate");
    e.dense_layers = count_or_zero(s, "dense_layers");
    e.expert_groups = count_or_zero(s, "expert_groups");
    e.top_groups = count_or_zero(s, "top_groups");
    e.routed_scaling_factor = s.find<double>("routed_scaling_factor").value_or(1.0);
    e.router_bias = s.find<bool>("router_bias").value_or(false);
    e.shared_expert_gate = s.find<bool>("shared_expert_gate").value_or(false);
    if (e.active_experts > e.experts) {
        s.error("active_experts",
                fmt::format("active_experts is {}, but there are {} experts", e.active_experts, e.experts));
    }
    s.finish();
    return e;
}

LatentAttentionConfig read_latent(Section s) {
    LatentAttentionConfig l;
    l.q_lora_rank = s.get<std::int64_t>("q_lora_rank");
    l.kv_lora_rank = s.get<std::int64_t>("kv_lora_rank");
    l.qk_nope_head_dim = s.get<std::int64_t>("qk_nope_head_dim");
    l.qk_rope_head_dim = s.get<std::int64_t>("qk_rope_head_dim");
    l.v_head_dim = s.get<std::int64_t>("v_head_dim");
    s.finish();
    return l;
}

LinearAttentionConfig read_linear(Section s) {
    LinearAttentionConfig l;
    l.full_attention_interval = s.get<std::int64_t>("full_attention_interval");
    l.key_heads = s.get<std::int64_t>("key_heads");
    l.value_heads = s.get<std::int64_t>("value_heads");
    l.key_head_dim = s.get<std::int64_t>("key_head_dim");
    l.value_head_dim = s.get<std::int64_t>("value_head_dim");
    l.conv_kernel = s.get<std::int64_t>("conv_kernel");
    s.finish();
    return l;
}

SparseIndexConfig read_index(Section s) {
    SparseIndexConfig index;
    index.heads = s.get<std::int64_t>("heads");
    index.head_dim = s.get<std::int64_t>("head_dim");
    index.top_k = s.get<std::int64_t>("top_k");
    s.finish();
    return index;
}

LlmTotals read_expected(Section s) {
    LlmTotals totals;
    totals.params_total = s.get<std::int64_t>("params_total");
    totals.params_active = s.find<std::int64_t>("params_active");
    totals.kv_bytes_per_token = s.get<Bytes>("kv_bytes_per_token");
    totals.linear_state_bytes = s.find<Bytes>("linear_state_bytes");
    s.finish();
    return totals;
}

void read_shape(Section& s, LlmConfig& m) {
    m.layers = s.get<std::int64_t>("layers");
    m.hidden = s.get<std::int64_t>("hidden");
    m.heads = s.get<std::int64_t>("heads");
    m.kv_heads = s.get<std::int64_t>("kv_heads");
    m.head_dim = count_or_zero(s, "head_dim");
    m.ffn = count_or_zero(s, "ffn");
    m.vocab = s.get<std::int64_t>("vocab");
    m.max_position = s.get<std::int64_t>("max_position");
    m.rope_theta = s.find<double>("rope_theta").value_or(0.0);
    m.partial_rotary_factor = s.find<double>("partial_rotary_factor").value_or(1.0);
    m.rms_norm_eps = s.find<double>("rms_norm_eps").value_or(0.0);
    m.tied_embeddings = s.get<bool>("tied_embeddings");
    m.activation = s.enumeration("activation", kActivationWords);
    if (s.has("normalisation")) {
        m.normalisation = s.enumeration("normalisation", kNormalisationWords);
    }
    m.qkv_bias = s.find<bool>("qkv_bias").value_or(false);
    m.linear_bias = s.find<bool>("linear_bias").value_or(false);
    m.qk_norm = s.find<bool>("qk_norm").value_or(false);
    m.learned_positions = s.find<bool>("learned_positions").value_or(false);
    m.attention_output_gate = s.find<bool>("attention_output_gate").value_or(false);
    m.mtp_layers = count_or_zero(s, "mtp_layers");
}

void check_shape(Section& s, const LlmConfig& m) {
    if (!m.has_latent_attention() && m.head_dim == 0) {
        s.error("heads", "'head_dim' is missing; only a model with 'mla' has none");
    }
    if (m.heads % m.kv_heads != 0) {
        s.error("kv_heads", fmt::format("kv_heads {} does not divide heads {}", m.kv_heads, m.heads));
    }
    const bool has_dense_layer = !m.has_experts() || m.experts.dense_layers > 0;
    if (has_dense_layer && m.ffn == 0) {
        s.error("layers", "'ffn' is missing; only a model with experts in every layer has none");
    }
    if (m.experts.dense_layers > m.layers) {
        s.error("layers", fmt::format("{} dense layers of {} layers", m.experts.dense_layers, m.layers));
    }
}

}  // namespace

LlmFile read_llm(Section s) {
    LlmFile file;
    LlmConfig& model = file.model;
    model.name = s.get<std::string>("name");
    file.title = s.find<std::string>("title").value_or(model.name);
    read_shape(s, model);
    if (s.has("moe")) {
        model.experts = read_experts(s.section("moe"));
    }
    if (s.has("mla")) {
        model.latent = read_latent(s.section("mla"));
    }
    if (s.has("linear_attention")) {
        model.linear = read_linear(s.section("linear_attention"));
    }
    if (s.has("sparse_attention")) {
        model.index = read_index(s.section("sparse_attention"));
    }
    check_shape(s, model);
    if (s.has("expected")) {
        file.expected = read_expected(s.section("expected"));
    }
    s.finish();
    return file;
}

std::vector<std::string> disagreements(const LlmFile& file) {
    static constexpr Bytes kElement{2};
    std::vector<std::string> found;
    if (!file.expected) {
        return found;
    }
    const auto compare = [&](const char* key, std::int64_t stated, std::int64_t counted) {
        if (stated != counted) {
            found.push_back(fmt::format("{} is stated as {}, but the shape gives {}", key, stated, counted));
        }
    };
    const LlmTotals& stated = *file.expected;
    compare("params_total", stated.params_total, total_parameters(file.model));
    if (stated.params_active) {
        compare("params_active", *stated.params_active, active_parameters(file.model));
    }
    compare("kv_bytes_per_token", stated.kv_bytes_per_token.count(), kv_bytes_per_token(file.model, kElement).count());
    if (stated.linear_state_bytes) {
        compare("linear_state_bytes", stated.linear_state_bytes->count(),
                linear_state_bytes_per_sequence(file.model, kElement).count());
    }
    return found;
}

}  // namespace myriad

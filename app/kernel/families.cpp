// The table of kernels, in the order of --help.

#include "app/kernel/families.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

Kernel make_gemm(const KernelSpec& spec) {
    return gemm_kernel(spec.type, {spec.at("m"), spec.at("n"), spec.at("k"), spec.at("batch")});
}

Kernel make_grouped_gemm(const KernelSpec& spec) {
    return grouped_gemm_kernel(spec.type, {spec.rows, spec.at("n"), spec.at("k")});
}

std::string grouped_gemm_problem(const KernelSpec& spec) {
    const bool any = std::any_of(spec.rows.begin(), spec.rows.end(), [](std::int64_t rows) { return rows > 0; });
    return any ? "" : "no expert has a row, expected at least one";
}

std::string attention_problem(const KernelSpec& spec) {
    if (spec.at("heads") % spec.at("kv_heads") != 0) {
        return fmt::format("{} heads cannot share {} key-value heads evenly; expected a multiple", spec.at("heads"),
                           spec.at("kv_heads"));
    }
    const bool causal = spec.values.find("causal") == spec.values.end() || spec.at("causal") != 0;
    if (causal && spec.at("queries") > spec.at("keys")) {
        return fmt::format("{} queries, but only {} keys; expected no more queries than keys{}", spec.at("queries"),
                           spec.at("keys"), spec.values.count("causal") != 0 ? ", or causal=no" : "");
    }
    return {};
}

Kernel make_attention(const KernelSpec& spec) {
    AttentionShape shape;
    shape.sequences = spec.at("batch");
    shape.heads = spec.at("heads");
    shape.kv_heads = spec.at("kv_heads");
    shape.queries = spec.at("queries");
    shape.keys = spec.at("keys");
    shape.head_dim = spec.at("head_dim");
    shape.value_dim = spec.at("value_dim");
    shape.causal = spec.at("causal") != 0;
    shape.backward = spec.at("backward") != 0;
    return attention_kernel(spec.type, shape);
}

Kernel make_decode(const KernelSpec& spec) {
    return decode_attention_kernel(spec.type, {spec.at("batch"), spec.at("heads"), spec.at("kv_heads"), spec.at("keys"),
                                               spec.at("head_dim"), spec.at("queries"), spec.at("page")});
}

std::string mla_problem(const KernelSpec& spec) {
    return spec.at("queries") > spec.at("keys")
               ? fmt::format("{} queries, but only {} keys; expected no more queries than keys", spec.at("queries"),
                             spec.at("keys"))
               : "";
}

Kernel make_mla(const KernelSpec& spec) {
    const MlaExtents extents{spec.at("batch"),  spec.at("heads"), spec.at("queries"),  spec.at("keys"),
                             spec.at("latent"), spec.at("rope"),  spec.at("head_dim"), spec.at("page")};
    return spec.at("prefill") != 0 ? mla_prefill_kernel(spec.type, extents) : mla_decode_kernel(spec.type, extents);
}

Kernel make_norm(const KernelSpec& spec) {
    return norm_kernel(spec.type, spec.at("kind") == 0 ? NormKind::rms : NormKind::layer, spec.at("rows"),
                       spec.at("width"));
}

Kernel make_softmax(const KernelSpec& spec) { return softmax_kernel(spec.type, spec.at("rows"), spec.at("width")); }

Kernel make_activation(const KernelSpec& spec) {
    return activation_kernel(spec.type, spec.at("kind") == 0 ? ActivationKind::swiglu : ActivationKind::gelu,
                             spec.at("rows"), spec.at("width"));
}

Kernel make_residual(const KernelSpec& spec) { return residual_kernel(spec.type, spec.at("rows"), spec.at("width")); }

Kernel make_rope(const KernelSpec& spec) {
    return rope_kernel(spec.type, spec.at("tokens"), spec.at("heads") + spec.at("kv_heads"), spec.at("head_dim"));
}

Kernel make_embedding(const KernelSpec& spec) {
    return embedding_kernel(spec.type, spec.at("tokens"), spec.at("hidden"));
}

Kernel make_cross_entropy(const KernelSpec& spec) {
    return cross_entropy_kernel(spec.type, spec.at("tokens"), spec.at("vocabulary"));
}

Kernel make_adam(const KernelSpec& spec) {
    return adam_kernel(spec.at("parameters"), size_of(spec.type), Bytes{spec.at("gradient_bytes")});
}

Kernel make_copy(const KernelSpec& spec) { return copy_kernel(Bytes{spec.at("bytes")}); }

Kernel make_reduce(const KernelSpec& spec) {
    return reduce_kernel(spec.type, spec.at("operands"), Bytes{spec.at("bytes")});
}

std::string reduce_problem(const KernelSpec& spec) {
    const std::int64_t element = size_of(spec.type).count();
    return spec.at("bytes") % element == 0 ? ""
                                           : fmt::format("{} bytes are no whole number of {} elements of {} bytes",
                                                         spec.at("bytes"), name_of(spec.type), element);
}

std::vector<KernelFamily> matrix_families() {
    return {
        {"gemm",
         "M,N,K[,BATCH]",
         "C[m,n] = A[m,k] B[k,n], batch times",
         {{"m"}, {"n"}, {"k"}, {"batch", FieldKind::whole, 1}},
         make_gemm},
        {"grouped-gemm",
         "ROWS:ROWS:...,N,K",
         "One GEMM an expert with rows of its own; 8x128 is eight times 128",
         {{"rows", FieldKind::rows, {}, {}, 0}, {"n"}, {"k"}},
         make_grouped_gemm,
         grouped_gemm_problem},
        {"attention",
         "KEY=VALUE,...",
         "Fused attention: batch, heads, kv_heads, queries, keys, head_dim, value_dim, causal, backward",
         {{"batch", FieldKind::whole, 1},
          {"heads"},
          {"kv_heads", FieldKind::whole, {}, "heads"},
          {"queries"},
          {"keys", FieldKind::whole, {}, "queries"},
          {"head_dim", FieldKind::whole, 128},
          {"value_dim", FieldKind::whole, {}, "head_dim"},
          {"causal", FieldKind::flag, 1},
          {"backward", FieldKind::flag, 0}},
         make_attention,
         attention_problem},
        {"decode",
         "KEY=VALUE,...",
         "Decode attention over a paged cache: batch, heads, kv_heads, keys, head_dim, queries, page (tokens; 0: "
         "contiguous)",
         {{"batch", FieldKind::whole, 1},
          {"heads"},
          {"kv_heads", FieldKind::whole, {}, "heads"},
          {"keys"},
          {"head_dim", FieldKind::whole, 128},
          {"queries", FieldKind::whole, 1},
          {"page", FieldKind::whole, 16, {}, 0}},
         make_decode,
         attention_problem},
        {"mla",
         "KEY=VALUE,...",
         "Multi-head latent attention, absorbed decode or 'prefill': batch, heads, keys, queries, latent, rope, "
         "head_dim, "
         "page, prefill",
         {{"batch", FieldKind::whole, 1},
          {"heads", FieldKind::whole, 128},
          {"keys"},
          {"queries", FieldKind::whole, 1},
          {"latent", FieldKind::whole, 512},
          {"rope", FieldKind::whole, 64},
          {"head_dim", FieldKind::whole, 128},
          {"page", FieldKind::whole, 64, {}, 0},
          {"prefill", FieldKind::flag, 0}},
         make_mla,
         mla_problem},
    };
}

std::vector<KernelFamily> vector_families() {
    const KernelField rows{"rows"};
    const KernelField width{"width"};
    return {
        {"norm",
         "ROWS,WIDTH[,KIND]",
         "RMS norm, or layer norm with kind 'layer'",
         {rows, width, {"kind", FieldKind::word, 0, {}, 0, {"rms", "layer"}}},
         make_norm},
        {"softmax", "ROWS,WIDTH", "Softmax of each row", {rows, width}, make_softmax},
        {"activation",
         "ROWS,WIDTH[,KIND]",
         "swiglu, or gelu with kind 'gelu'; width of the result",
         {rows, width, {"kind", FieldKind::word, 0, {}, 0, {"swiglu", "gelu"}}},
         make_activation},
        {"residual", "ROWS,WIDTH", "y = x + branch", {rows, width}, make_residual},
        {"rope",
         "TOKENS,HEADS,KV_HEADS,HEAD_DIM",
         "Rotary embedding of queries and keys",
         {{"tokens"}, {"heads"}, {"kv_heads", FieldKind::whole, {}, "heads"}, {"head_dim", FieldKind::whole, 128}},
         make_rope},
        {"embedding", "TOKENS,HIDDEN", "Look-up of rows in a table", {{"tokens"}, {"hidden"}}, make_embedding},
        {"cross-entropy",
         "TOKENS,VOCABULARY",
         "Softmax of logits into fp32, and the loss",
         {{"tokens"}, {"vocabulary"}},
         make_cross_entropy},
        {"adam",
         "PARAMETERS[,GRADIENT_BYTES]",
         "One optimizer step with fp32 states; dtype: of the weights",
         {{"parameters"}, {"gradient_bytes", FieldKind::whole, 4}},
         make_adam},
        {"copy", "SIZE", "Reads and writes a size, like 256MiB", {{"bytes", FieldKind::size}}, make_copy},
        {"reduce",
         "OPERANDS,SIZE",
         "Adds buffers of a size, as a step of a collective does",
         {{"operands"}, {"bytes", FieldKind::size}},
         make_reduce,
         reduce_problem},
    };
}

}  // namespace

std::int64_t KernelSpec::at(std::string_view field) const {
    const auto found = values.find(field);
    MYRIAD_CHECK(found != values.end(), "no field " + std::string(field));
    return found->second;
}

const KernelField* KernelFamily::field(std::string_view field_name) const {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const KernelField& f) { return f.name == field_name; });
    return found == fields.end() ? nullptr : &*found;
}

std::vector<std::string> KernelFamily::field_names() const {
    std::vector<std::string> names;
    for (const KernelField& each : fields) {
        names.emplace_back(each.name);
    }
    return names;
}

const std::vector<KernelFamily>& kernel_families() {
    static const std::vector<KernelFamily> families = [] {
        std::vector<KernelFamily> all = matrix_families();
        std::vector<KernelFamily> vectors = vector_families();
        for (KernelFamily& family : vectors) {
            all.push_back(std::move(family));
        }
        return all;
    }();
    return families;
}

const KernelFamily& kernel_family(std::string_view name) {
    for (const KernelFamily& family : kernel_families()) {
        if (family.name == name) {
            return family;
        }
    }
    MYRIAD_CHECK(false, "no kernel " + std::string(name));
}

}  // namespace myriad

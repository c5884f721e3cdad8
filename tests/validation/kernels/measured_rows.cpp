// Kernels of the families. What was timed, by source:
//   aiconfigurator gemm       one linear layer, replayed as a CUDA graph: launch included
//   aiconfigurator attention  the attention operator of vLLM: it writes the new keys and values into the paged cache
//                             (a kernel of its own), then attends; launches included
//   vidur                     operators of one layer by the profiler: kernels alone; element-wise ones load element by
//                             element, as their source does
//   llmcompass                from Python, 28 us of launch and synchronisation in every row (their own fit: 28 to 31)
//   flash-attention           forward, and forward with backward, kernels alone

#include "tests/validation/kernels/measured_rows.h"

#include "models/kernels.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad::accuracy {
namespace {

constexpr double kPythonOverhead = 28e-6;

Kernel linear(const Extents& e, DataType type) {
    GemmShape shape{e["m"], e["n"], e["k"]};
    shape.output_bytes = 2;
    return gemm_kernel(type, shape);
}

AttentionShape attention_shape(const Extents& e) {
    AttentionShape shape;
    shape.sequences = e["batch"];
    shape.heads = e["heads"];
    shape.kv_heads = e["kv_heads"];
    shape.queries = e["queries"];
    shape.keys = e["keys"];
    shape.head_dim = e["head_dim"];
    shape.value_dim = shape.head_dim;
    return shape;
}

// Element-wise kernels that load one element a thread.
Kernel narrow(Kernel kernel) {
    std::get<VectorShape>(kernel.shape).access_bytes = size_of(kernel.type).count();
    return kernel;
}

// New keys and values go into the pages of the cache.
Kernel cache_write(const AttentionShape& shape) {
    const std::int64_t width = 2 * shape.kv_heads * shape.head_dim;
    return narrow(
        vector_kernel(DataType::bf16, shape.sequences * shape.queries, width, {0.0, 1, 1, 0.0}, "cache_write"));
}

std::vector<Kernel> attention_operator(const Extents& e, bool decode) {
    AttentionShape shape = attention_shape(e);
    shape.page_tokens = decode ? 16 : 0;
    return {cache_write(shape), attention_kernel(DataType::bf16, shape)};
}

std::vector<Kernel> flash_attention(const Extents& e, bool backward) {
    AttentionShape shape = attention_shape(e);
    shape.causal = e["causal"] != 0;
    std::vector<Kernel> kernels{attention_kernel(DataType::fp16, shape)};
    if (backward) {
        shape.backward = true;
        kernels.push_back(attention_kernel(DataType::fp16, shape));
    }
    return kernels;
}

std::vector<Kernel> kernels_of(const std::string& family, const Extents& e) {
    if (family == "gemm bf16" || family == "layer gemm") {
        return {linear(e, DataType::bf16)};
    }
    if (family == "gemm fp16, Python") {
        return {linear(e, DataType::fp16)};
    }
    if (family == "gemm fp8") {
        return {linear(e, DataType::fp8)};
    }
    if (family == "prefill" || family == "decode") {
        return attention_operator(e, family == "decode");
    }
    if (family == "flash attention forward" || family == "flash attention with backward") {
        return flash_attention(e, family != "flash attention forward");
    }
    if (family == "norm") {
        return {narrow(norm_kernel(DataType::bf16, NormKind::rms, e["rows"], e["width"]))};
    }
    if (family == "activation") {
        return {narrow(activation_kernel(DataType::bf16, ActivationKind::swiglu, e["rows"], e["width"]))};
    }
    if (family == "rope") {
        return {narrow(rope_kernel(DataType::bf16, e["rows"], e["heads"], e["head_dim"]))};
    }
    throw UserError("no kernels for family '" + family + "'");
}

}  // namespace

bool Row::large() const { return measured >= (family.find("gemm") != std::string::npos ? 10e-6 : 20e-6); }

std::int64_t Extents::operator[](std::string_view name) const {
    const auto found = std::find_if(values.begin(), values.end(), [name](const auto& v) { return v.first == name; });
    if (found == values.end()) {
        throw UserError("a row has no '" + std::string(name) + "'");
    }
    return found->second;
}

std::string Extents::text() const {
    std::string text;
    for (const auto& [name, value] : values) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
    }
    return text;
}

bool in_fitted_half(const std::string& family, const Extents& extents) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
    for (const char c : family + extents.text()) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return (hash >> 17 & 1) == 0;
}

Row make_row(const std::string& chip, const std::string& family, const Extents& extents, double microseconds,
             bool fitted) {
    Row row;
    row.chip = chip;
    row.family = family;
    row.name = extents.text();
    row.kernels = kernels_of(family, extents);
    row.measured = microseconds * 1e-6;
    row.fitted = fitted;
    const bool profiled = family == "layer gemm" || family == "norm" || family == "activation" || family == "rope";
    row.kernel_only = profiled || family.starts_with("flash");
    row.harness = family == "gemm fp16, Python" ? kPythonOverhead : 0.0;
    return row;
}

}  // namespace myriad::accuracy

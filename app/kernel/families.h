#pragma once
// The kernels that `myriad kernel` knows: one entry each, with the fields that its text has, and how a Kernel is made of
// them. The command line, the sweep axes, messages and the documentation follow from this table.

#include "models/kernels.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

enum class FieldKind : std::uint8_t {
    whole,  // a whole number
    size,   // "256 MiB"
    flag,   // "causal", "causal=yes", "causal=no"
    word,   // one of `words`; its value is the position there
    rows,   // rows of experts: "128:64:0:32", "8x128" for eight times 128
};

struct KernelField {
    std::string_view name;
    FieldKind kind = FieldKind::whole;
    std::optional<std::int64_t> preset;  // neither this nor `as`: the field must be given
    std::string_view as = {};            // an earlier field whose value it has when not given
    std::int64_t least = 1;
    std::vector<std::string_view> words = {};
};

struct KernelFamily;

// A kernel as asked for. The Kernel made from it refers to `rows`, so the spec outlives it.
struct KernelSpec {
    const KernelFamily* family = nullptr;
    DataType type = DataType::bf16;
    std::map<std::string, std::int64_t, std::less<>> values;  // every field but rows
    std::vector<std::int64_t> rows;

    [[nodiscard]] std::int64_t at(std::string_view field) const;
};

struct KernelFamily {
    std::string_view name;         // "gemm": the option is --gemm
    std::string_view placeholder;  // "M,N,K[,BATCH]"
    std::string_view help;
    std::vector<KernelField> fields;  // in the order of a text without names
    Kernel (*make)(const KernelSpec& spec);
    // What is wrong with fields that are good one by one; empty: nothing. nullptr: nothing can be.
    std::string (*problem)(const KernelSpec& spec) = nullptr;

    [[nodiscard]] const KernelField* field(std::string_view field_name) const;
    [[nodiscard]] std::vector<std::string> field_names() const;
};

[[nodiscard]] const std::vector<KernelFamily>& kernel_families();
[[nodiscard]] const KernelFamily& kernel_family(std::string_view name);  // it exists

}  // namespace myriad

#pragma once
// From the texts of a command line to the kernels to be run: "8192,8192,8192" or "m=8192,n=8192,k=8192", and sweep axes
// "m=1:16384:2x". What is wrong is a UserError at the option.

#include "app/kernel/families.h"

#include <string>
#include <vector>

namespace myriad {

struct KernelAxis {
    std::string field;
    std::vector<std::int64_t> values;
};

struct KernelRequest {
    std::string option;  // "--gemm 8192,8192,8192", as the user wrote it
    std::vector<KernelAxis> axes;
    std::vector<KernelSpec> points;  // every combination, the last axis fastest; one without axes
};

[[nodiscard]] DataType parse_data_type(const std::string& text);

// `sweeps`: one text an axis.
[[nodiscard]] KernelRequest parse_kernel_request(const KernelFamily& family, const std::string& text, DataType type,
                                                 const std::vector<std::string>& sweeps);

// The kernel of a point; what the factory refuses is told at `option`.
[[nodiscard]] Kernel make_kernel(const KernelSpec& spec, const std::string& option);

// "m 8192, n 8192, k 8192, batch 1"
[[nodiscard]] std::string fields_text(const KernelSpec& spec);
// The value of a field as it is written: "8192", "256 MiB", "yes", "swiglu", "8x128:64".
[[nodiscard]] std::string field_text(const KernelSpec& spec, const KernelField& field);

}  // namespace myriad

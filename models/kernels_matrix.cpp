// GEMM and grouped GEMM, and the product that all counts go through.

#include "models/kernels.h"
#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {

std::int64_t extent_product(std::initializer_list<std::int64_t> factors) {
    constexpr Int128 kMost = Int128{1} << 60;
    Int128 product = 1;
    for (const std::int64_t factor : factors) {
        MYRIAD_CHECK(factor >= 0, fmt::format("an extent of {}", factor));
        product *= factor;  // below 2^60 x 2^63
        if (product > kMost) {
            throw UserError("the kernel moves more than 2^60 bytes; expected one that fits a card");
        }
    }
    return static_cast<std::int64_t>(product);
}

Kernel gemm_kernel(DataType type, const GemmShape& shape, std::string_view label) {
    const auto [m, n, k, batch, accumulate, output_bytes] = shape;
    MYRIAD_CHECK(m > 0 && n > 0 && k > 0 && batch > 0 && output_bytes >= 0,
                 fmt::format("{}: {} x {} x {}", label, m, n, k));
    const std::int64_t element = size_of(type).count();
    Kernel kernel;
    kernel.label = label;
    kernel.type = type;
    kernel.work = Flop{2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k) *
                       static_cast<double>(batch)};
    kernel.written = Bytes{extent_product({batch, m, n, output_bytes > 0 ? output_bytes : element})};
    kernel.read = Bytes{extent_product({batch, m, k, element}) + extent_product({batch, k, n, element})};
    if (accumulate) {
        kernel.read += kernel.written;
    }
    kernel.shape = shape;
    return kernel;
}

Kernel grouped_gemm_kernel(DataType type, const GroupedGemmShape& shape, std::string_view label) {
    MYRIAD_CHECK(shape.n > 0 && shape.k > 0, fmt::format("{}: n {} k {}", label, shape.n, shape.k));
    std::int64_t rows = 0;
    std::int64_t experts = 0;
    for (const std::int64_t of_expert : shape.rows) {
        MYRIAD_CHECK(of_expert >= 0, fmt::format("{}: {} rows", label, of_expert));
        rows += of_expert;
        experts += of_expert > 0 ? 1 : 0;
    }
    MYRIAD_CHECK(rows > 0, fmt::format("{}: no expert has a row", label));
    const std::int64_t element = size_of(type).count();
    Kernel kernel;
    kernel.label = label;
    kernel.type = type;
    kernel.work = Flop{2.0 * static_cast<double>(rows) * static_cast<double>(shape.n) * static_cast<double>(shape.k)};
    kernel.read =
        Bytes{extent_product({rows, shape.k, element}) + extent_product({experts, shape.k, shape.n, element})};
    kernel.written = Bytes{extent_product({rows, shape.n, element})};
    kernel.shape = shape;
    return kernel;
}

}  // namespace myriad

// The fp8 recipe of DeepSeek-V3 (report, section 3.3.2): activations in groups of 1 x 128 elements, weights in blocks of
// 128 x 128, one fp32 scale each. A cast finds the largest of a group, its reciprocal scale and the product: 3 rounded
// operations an element, one reciprocal a group (assumed, like all vector work).

#include "workloads/llm/parts.h"

namespace myriad {
namespace {

constexpr std::int64_t kGroup = 128;
constexpr std::int64_t kScaleBytes = 4;
constexpr double kCastFlop = 3.0;
constexpr double kCastSpecial = 1.0 / static_cast<double>(kGroup);

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

Bytes fp8_bytes(std::int64_t elements) { return Bytes{elements + ceil_div(elements, kGroup) * kScaleBytes}; }

Bytes fp8_weight_scale_bytes(std::int64_t elements) { return Bytes{ceil_div(elements, kGroup * kGroup) * kScaleBytes}; }

Kernel cast_kernel(const PartContext& c, std::int64_t rows, std::int64_t width) {
    Kernel kernel = vector_kernel(c.shape.type, rows, width, {kCastFlop, 1, 0, kCastSpecial}, "fp8_cast");
    kernel.written = fp8_bytes(rows * width);
    return kernel;
}

Kernel gradient_cast_kernel(const PartContext& c, std::int64_t rows, std::int64_t width) {
    Kernel kernel =
        vector_kernel(c.shape.type, rows, width, {2.0 * kCastFlop, 1, 0, 2.0 * kCastSpecial}, "fp8_gradient_cast");
    kernel.written = fp8_bytes(rows * width) * 2;
    return kernel;
}

Kernel transpose_cast_kernel(const PartContext& c, std::int64_t rows, std::int64_t width, Bytes kept) {
    Kernel kernel =
        vector_kernel(c.shape.type, rows, width, {kCastFlop + 1.0, 0, 0, kCastSpecial}, "fp8_transpose_cast");
    kernel.read = kept;
    kernel.written = fp8_bytes(rows * width);
    return kernel;
}

Bytes kept_input_bytes(const PartContext& c, std::int64_t elements, bool low_precision) {
    return low_precision ? fp8_bytes(elements) : c.elements(elements);
}

}  // namespace myriad

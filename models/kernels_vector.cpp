// Kernels of the vector lanes: element by element or row by row. Work and bytes spread evenly over the elements.

#include "models/kernels.h"
#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {
namespace {

constexpr std::int64_t kFp32Bytes = 4;

Kernel stream(DataType type, const VectorShape& shape, const ElementCost& cost, std::string_view label) {
    MYRIAD_CHECK(shape.rows > 0 && shape.width > 0, fmt::format("{}: {} x {}", label, shape.rows, shape.width));
    MYRIAD_CHECK(cost.flop >= 0.0 && cost.reads >= 0 && cost.writes >= 0, label.data());
    const std::int64_t element = size_of(type).count();
    Kernel kernel;
    kernel.label = label;
    kernel.unit = KernelUnit::vector;
    kernel.type = type;
    kernel.work = Flop{cost.flop * static_cast<double>(extent_product({shape.rows, shape.width}))};
    kernel.read = Bytes{extent_product({shape.rows, shape.width, cost.reads, element})};
    kernel.written = Bytes{extent_product({shape.rows, shape.width, cost.writes, element})};
    kernel.shape = shape;
    return kernel;
}

}  // namespace

Kernel vector_kernel(DataType type, std::int64_t rows, std::int64_t width, const ElementCost& cost,
                     std::string_view label) {
    return stream(type, {rows, width, false, cost.special}, cost, label);
}

Kernel row_kernel(DataType type, std::int64_t rows, std::int64_t width, const ElementCost& cost,
                  std::string_view label) {
    return stream(type, {rows, width, true, cost.special}, cost, label);
}

Kernel norm_kernel(DataType type, NormKind kind, std::int64_t rows, std::int64_t width, std::string_view label) {
    MYRIAD_CHECK(width > 0, label.data());
    const double root = 1.0 / static_cast<double>(width);
    return row_kernel(type, rows, width, {kind == NormKind::rms ? 4.0 : 7.0, 1, 1, root}, label);
}

Kernel softmax_kernel(DataType type, std::int64_t rows, std::int64_t width, std::string_view label) {
    return row_kernel(type, rows, width, {5.0, 1, 1, 1.0}, label);
}

Kernel activation_kernel(DataType type, ActivationKind kind, std::int64_t rows, std::int64_t width,
                         std::string_view label) {
    const ElementCost cost = kind == ActivationKind::swiglu ? ElementCost{5.0, 2, 1, 2.0} : ElementCost{8.0, 1, 1, 2.0};
    return vector_kernel(type, rows, width, cost, label);
}

Kernel residual_kernel(DataType type, std::int64_t rows, std::int64_t width, std::string_view label) {
    return vector_kernel(type, rows, width, {1.0, 2, 1, 0.0}, label);
}

Kernel rope_kernel(DataType type, std::int64_t tokens, std::int64_t heads, std::int64_t head_dim, double rotated_share,
                   std::string_view label) {
    return vector_kernel(type, tokens, extent_product({heads, head_dim}), {3.0 * rotated_share, 1, 1, 0.0}, label);
}

Kernel embedding_kernel(DataType type, std::int64_t tokens, std::int64_t hidden, std::int64_t parts,
                        std::string_view label) {
    MYRIAD_CHECK(parts > 0, label.data());
    Kernel kernel = vector_kernel(type, tokens, hidden, {0.0, 0, 1, 0.0}, label);
    kernel.read = Bytes{kernel.written.count() / size_of(type).count() / parts * size_of(type).count()};
    return kernel;
}

Kernel cross_entropy_kernel(DataType type, std::int64_t tokens, std::int64_t vocabulary, std::string_view label) {
    Kernel kernel = row_kernel(type, tokens, vocabulary, {5.0, 1, 0, 1.0}, label);
    kernel.written = Bytes{extent_product({tokens, vocabulary, kFp32Bytes})};
    return kernel;
}

Kernel adam_kernel(std::int64_t parameters, Bytes weight, Bytes gradient, std::string_view label) {
    constexpr std::int64_t kStates = 3;  // master weight and two moments
    Kernel kernel = vector_kernel(DataType::fp32, 1, parameters, {12.0, kStates, kStates, 2.0}, label);
    kernel.read += Bytes{extent_product({parameters, gradient.count()})};
    kernel.written += Bytes{extent_product({parameters, weight.count()})};
    return kernel;
}

Kernel copy_kernel(Bytes bytes, std::string_view label) {
    // Bytes for elements: an int8 that nothing computes with.
    return vector_kernel(DataType::int8, 1, bytes.count(), {0.0, 1, 1, 0.0}, label);
}

Kernel reduce_kernel(DataType type, std::int64_t operands, Bytes bytes, std::string_view label) {
    MYRIAD_CHECK(operands > 0 && bytes.count() % size_of(type).count() == 0,
                 fmt::format("{}: {} operands of {} bytes", label, operands, bytes.count()));
    return vector_kernel(type, 1, count_of(bytes, size_of(type)), {static_cast<double>(operands - 1), operands, 1, 0.0},
                         label);
}

}  // namespace myriad

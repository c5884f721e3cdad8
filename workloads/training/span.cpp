// Names of kinds, in the order of the enumeration.

#include "workloads/training/span.h"

#include <array>

namespace myriad {

std::string_view name_of(SpanKind kind) {
    constexpr std::array<std::string_view, kSpanKinds> names{"compute", "tensor", "context", "expert",   "pipeline",
                                                             "bubble",  "data",   "model",   "optimizer"};
    return names[static_cast<std::size_t>(kind)];
}

}  // namespace myriad

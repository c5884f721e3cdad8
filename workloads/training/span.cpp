// Names of kinds, in the order of the enumeration.

#include "workloads/training/span.h"

#include <array>

namespace myriad {

std::string_view name_of(SpanKind kind) {
    constexpr std::array<std::string_view, kSpanKinds> names{"compute", "tensor", "context", "expert",   "pipeline",
                                                             "bubble",  "data",   "model",   "optimizer"};
    return names[static_cast<std::size_t>(kind)];
}

SpanKind kind_of(GroupKind group) {
    switch (group) {
        case GroupKind::tensor:
        case GroupKind::expert_tensor:
            return SpanKind::tensor;
        case GroupKind::context:
            return SpanKind::context;
        case GroupKind::expert:
        case GroupKind::expert_server:
        case GroupKind::expert_rail:
            return SpanKind::expert;
        case GroupKind::data:
        case GroupKind::expert_data:
            return SpanKind::data;
        case GroupKind::model:
        case GroupKind::embedding:
            return SpanKind::model;
        case GroupKind::none:
            break;
    }
    return SpanKind::compute;
}

}  // namespace myriad

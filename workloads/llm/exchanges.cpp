// Exchanges of tensor parallelism around matrices, sizes as CollectiveCall counts them: the whole activation.

#include "workloads/llm/parts.h"

namespace myriad {

std::string_view name_of(GroupKind kind) {
    constexpr std::string_view kNames[kGroupKinds] = {"none", "tp",    "cp",        "ep",        "etp",    "dp",
                                                      "edp",  "model", "embedding", "ep-server", "ep-rail"};
    return kNames[static_cast<std::size_t>(kind)];
}

Operator exchange_operator(const ExchangeSpec& spec) {
    Operator op;
    op.name = spec.name;
    op.exchange.group = spec.group;
    op.exchange.forward = spec.forward;
    op.exchange.backward = spec.backward;
    return op;
}

void append_gather(OperatorList& list, const PartContext& c, Bytes size) {
    if (c.tensor == 1) {
        return;
    }
    ExchangeSpec spec{"gather", GroupKind::tensor, {}, CollectiveCall{CollectiveOp::all_reduce, size}};
    if (c.sharded()) {
        spec.forward = CollectiveCall{CollectiveOp::all_gather, size};
        spec.backward = CollectiveCall{CollectiveOp::reduce_scatter, size};
    }
    Operator op = exchange_operator(spec);
    op.exchange.regathered = c.sharded();
    list.push_back(op);
}

void append_reduce(OperatorList& list, const PartContext& c, Bytes size) {
    if (c.tensor == 1) {
        return;
    }
    ExchangeSpec spec{"reduce", GroupKind::tensor, CollectiveCall{CollectiveOp::all_reduce, size}, {}};
    if (c.sharded()) {
        spec.forward = CollectiveCall{CollectiveOp::reduce_scatter, size};
        spec.backward = CollectiveCall{CollectiveOp::all_gather, size};
    }
    list.push_back(exchange_operator(spec));
}

}  // namespace myriad

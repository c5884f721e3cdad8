// From what a machine's file states to what a call pays. Wire bytes per payload byte are kept as a whole number of
// millionths, so that every level rounds alike.

#include "interconnect/collective/protocol.h"

#include "sim/error/error.h"

#include <cmath>

namespace myriad {

CallCost call_cost(const CollectiveLibrary& library, const ProtocolCost& protocol, CollectiveOp op, Bytes size,
                   int ranks) {
    MYRIAD_CHECK(protocol.efficiency > 0.0 && protocol.efficiency <= 1.0, "a protocol's efficiency is in (0, 1]");
    CallCost cost;
    cost.start = protocol.launch;
    cost.step = protocol.step;
    cost.copy = protocol.copy;
    cost.wire_per_million = std::llround(static_cast<double>(CallCost::kMillion) / protocol.efficiency);
    if (library.own_copy.count() > 0 && !has_root(op) && ranks > 1) {
        cost.start += transfer_time_ceil(Bytes{size.count() / ranks}, library.own_copy);
    }
    return cost;
}

}  // namespace myriad

// Names and definitions that every fidelity level of the network shares.

#include "interconnect/network.h"

#include "sim/error/error.h"

namespace myriad {

std::string_view name_of(CollectiveOp op) {
    switch (op) {
        case CollectiveOp::all_reduce:
            return "all_reduce";
        case CollectiveOp::all_gather:
            return "all_gather";
        case CollectiveOp::reduce_scatter:
            return "reduce_scatter";
        case CollectiveOp::all_to_all:
            return "all_to_all";
        case CollectiveOp::broadcast:
            return "broadcast";
    }
    return "unknown";
}

std::string_view name_of(CollectiveAlgorithm algorithm) {
    switch (algorithm) {
        case CollectiveAlgorithm::automatic:
            return "automatic";
        case CollectiveAlgorithm::ring:
            return "ring";
        case CollectiveAlgorithm::direct:
            return "direct";
        case CollectiveAlgorithm::halving_doubling:
            return "halving_doubling";
        case CollectiveAlgorithm::hierarchical:
            return "hierarchical";
    }
    return "unknown";
}

double bus_bandwidth_factor(CollectiveOp op, int ranks) {
    MYRIAD_CHECK(ranks >= 1, "a group has at least one rank");
    const double others = static_cast<double>(ranks - 1) / ranks;
    switch (op) {
        case CollectiveOp::all_reduce:
            return 2.0 * others;
        case CollectiveOp::all_gather:
        case CollectiveOp::reduce_scatter:
        case CollectiveOp::all_to_all:
            return others;
        case CollectiveOp::broadcast:
            return 1.0;
    }
    return 0.0;
}

}  // namespace myriad

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
        case CollectiveOp::reduce:
            return "reduce";
        case CollectiveOp::gather:
            return "gather";
        case CollectiveOp::scatter:
            return "scatter";
        case CollectiveOp::all_to_allv:
            return "all_to_allv";
    }
    return "unknown";
}

std::string_view name_of(CollectiveAlgorithm algorithm) {
    switch (algorithm) {
        case CollectiveAlgorithm::automatic:
            return "automatic";
        case CollectiveAlgorithm::ring:
            return "ring";
        case CollectiveAlgorithm::bidirectional_ring:
            return "bidirectional_ring";
        case CollectiveAlgorithm::multi_ring:
            return "multi_ring";
        case CollectiveAlgorithm::direct:
            return "direct";
        case CollectiveAlgorithm::halving_doubling:
            return "halving_doubling";
        case CollectiveAlgorithm::rabenseifner:
            return "rabenseifner";
        case CollectiveAlgorithm::recursive_doubling:
            return "recursive_doubling";
        case CollectiveAlgorithm::bruck:
            return "bruck";
        case CollectiveAlgorithm::pairwise:
            return "pairwise";
        case CollectiveAlgorithm::binomial_tree:
            return "binomial_tree";
        case CollectiveAlgorithm::double_binary_tree:
            return "double_binary_tree";
        case CollectiveAlgorithm::hierarchical:
            return "hierarchical";
        case CollectiveAlgorithm::multi_dimensional:
            return "multi_dimensional";
        case CollectiveAlgorithm::in_network:
            return "in_network";
        case CollectiveAlgorithm::user_schedule:
            return "user_schedule";
    }
    return "unknown";
}

bool has_root(CollectiveOp op) {
    return op == CollectiveOp::broadcast || op == CollectiveOp::reduce || op == CollectiveOp::gather ||
           op == CollectiveOp::scatter;
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
        case CollectiveOp::all_to_allv:
        case CollectiveOp::gather:
        case CollectiveOp::scatter:
            return others;
        case CollectiveOp::broadcast:
        case CollectiveOp::reduce:
            return 1.0;
    }
    return 0.0;
}

}  // namespace myriad

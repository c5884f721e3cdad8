#pragma once
// The links of a topology as a fluid sees them: links in series that carry the same flows are one resource, as wide as
// the narrowest of them. (A card's link to its PCIe switch, the switch's to the NIC and the NIC's to the ToR are one
// where no other card shares them.) Half as many resources are half the work of every change of rate.

#include "interconnect/topology/topology.h"
#include "sim/identity/card_id.h"
#include "sim/network/route.h"
#include "sim/units/units.h"

#include <cstdint>
#include <span>
#include <vector>

namespace myriad {

class FluidLinks {
public:
    // `topology` must outlive this.
    explicit FluidLinks(const Topology& topology);

    [[nodiscard]] std::size_t resources() const { return first_member_.size() - 1; }
    // Of all resources, by number: the narrowest member's bandwidth.
    [[nodiscard]] std::vector<BytesPerSecond> capacities() const;
    [[nodiscard]] BytesPerSecond capacity(std::uint32_t resource) const;
    // The directed links that the resource stands for, as 2 * edge + direction.
    [[nodiscard]] std::span<const std::uint32_t> members(std::uint32_t resource) const {
        return {members_.data() + first_member_[resource], members_.data() + first_member_[resource + 1]};
    }
    [[nodiscard]] std::uint32_t resource_of(std::uint32_t directed_link) const { return resource_of_[directed_link]; }
    [[nodiscard]] Picoseconds latency(std::uint32_t directed_link) const { return latency_[directed_link]; }
    [[nodiscard]] std::size_t directed_links() const { return resource_of_.size(); }
    [[nodiscard]] BytesPerSecond bandwidth(std::uint32_t directed_link) const { return bandwidth_[directed_link]; }

    // Replaces `resources` by those that the route crosses, each once; gives the sum of the links' latencies.
    [[nodiscard]] Picoseconds walk(CardId from, Route route, std::vector<std::uint32_t>& resources) const;

    // From now on; gives the resource whose capacity that may have changed.
    std::uint32_t set_bandwidth(DirectedEdge link, BytesPerSecond bandwidth);

private:
    struct Hop {
        std::uint32_t link = 0;  // directed
        std::uint32_t next = 0;  // node
    };
    void join_series(const Topology& topology);

    std::vector<std::uint32_t> first_port_;  // by node, into hops_
    std::vector<Hop> hops_;
    std::vector<std::uint32_t> end_nodes_;
    std::vector<BytesPerSecond> bandwidth_;  // by directed link, like the next two
    std::vector<Picoseconds> latency_;
    std::vector<std::uint32_t> resource_of_;
    std::vector<std::uint32_t> members_;       // of all resources, one after the other
    std::vector<std::uint32_t> first_member_;  // by resource, and the end
};

}  // namespace myriad

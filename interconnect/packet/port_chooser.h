#pragma once
// Which of the equal ports a switch takes for each packet: in turn (spraying), or the one with the shortest queue
// (adaptive; of those that are idle the one that has been idle longest, so that an idle switch takes turns as well).

#include "interconnect/routing/routes.h"
#include "interconnect/topology/topology.h"
#include "sim/network/message.h"
#include "sim/units/units.h"

#include <cstdint>
#include <vector>

namespace myriad {

class PortChooser {
public:
    // `router` outlives the chooser; the switch is node `self` with `ports` ports.
    PortChooser(Router& router, NodeId self, std::size_t ports, bool by_queue)
        : router_(router), self_(self), by_queue_(by_queue), free_at_(by_queue ? ports : 0) {}

    // Picks the port and moves the packet's route on where it leads to the switch that the route names.
    [[nodiscard]] std::uint16_t choose(Packet& packet);

    // A packet was given to a port, whose link is free again at this time.
    void sent(std::uint16_t port, TimePoint free_at) {
        if (by_queue_) {
            free_at_[port] = free_at;
        }
    }

private:
    Router& router_;
    NodeId self_;
    bool by_queue_;
    std::vector<TimePoint> free_at_;   // by port
    std::vector<std::uint32_t> turn_;  // by target
};

}  // namespace myriad

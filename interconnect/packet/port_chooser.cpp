// Turns are kept a target: one counter for all of them would fall in step with traffic that alternates between two.

#include "interconnect/packet/port_chooser.h"

#include "sim/error/error.h"
#include "sim/network/route_choice.h"

namespace myriad {

std::uint16_t PortChooser::choose(Packet& packet) {
    MYRIAD_CHECK(*packet.next_port == kRouteChoice, "a switch is told to forward to a port that it does not have");
    const std::uint32_t target = chosen_target(packet.next_port);
    const std::span<const WayOn> ways = router_.ways_on(self_, target);
    MYRIAD_CHECK(!ways.empty(), "no way leads on to the switch that a route names");
    std::size_t best = 0;
    if (by_queue_) {
        for (std::size_t way = 1; way < ways.size(); ++way) {
            best = free_at_[ways[way].port] < free_at_[ways[best].port] ? way : best;
        }
    } else {
        if (turn_.size() <= target) {
            turn_.resize(target + 1, 0);
        }
        best = turn_[target]++ % ways.size();
    }
    if (ways[best].next == target) {
        packet.next_port += kRouteChoiceWords;
    }
    return ways[best].port;
}

}  // namespace myriad

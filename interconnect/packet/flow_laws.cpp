// Deadlock found after the fact, and credits counted. A packet that waits for link N and occupies the buffer behind link M
// keeps M from sending: M waits for N. A circle of these never ends.

#include "interconnect/packet/flow_laws.h"

#include "sim/error/error.h"

#include <algorithm>
#include <map>

namespace myriad {
namespace {

struct Direction {
    LinkDirection* direction = nullptr;
    std::string name;
};

std::vector<Direction> controlled_directions(PacketFabric& fabric) {
    std::vector<Direction> all;
    for (std::uint32_t e = 0; e < fabric.links(); ++e) {
        for (int d = 0; d < 2; ++d) {
            LinkDirection& direction = fabric.link(EdgeId{e}).direction(d);
            if (direction.control() != nullptr) {
                all.push_back(
                    {&direction, std::string(fabric.link(EdgeId{e}).name()) + (d == 0 ? " forward" : " backward")});
            }
        }
    }
    return all;
}

}  // namespace

std::vector<std::string> waiting_circle(PacketFabric& fabric) {
    const std::vector<Direction> all = controlled_directions(fabric);
    std::map<const PacketBuffer*, std::size_t> number;  // for look-up alone: its order is that of addresses
    for (std::size_t i = 0; i < all.size(); ++i) {
        number[all[i].direction] = i;
    }
    std::vector<std::vector<std::size_t>> waits_for(all.size());
    for (std::size_t n = 0; n < all.size(); ++n) {
        all[n].direction->control()->waiting().each([&](const Packet& packet) {
            if (packet.buffer != nullptr) {
                waits_for[number.at(packet.buffer)].push_back(n);
            }
        });
    }
    // What waits for nothing that waits is taken away until nothing changes; what is left waits in a circle or for one.
    std::vector<bool> stuck(all.size(), true);
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t m = 0; m < all.size(); ++m) {
            const bool waits = std::any_of(waits_for[m].begin(), waits_for[m].end(),
                                           [&](std::size_t n) { return static_cast<bool>(stuck[n]); });
            if (stuck[m] && !waits) {
                stuck[m] = false;
                changed = true;
            }
        }
    }
    const auto start = static_cast<std::size_t>(std::find(stuck.begin(), stuck.end(), true) - stuck.begin());
    if (start == all.size()) {
        return {};
    }
    std::vector<std::size_t> path;
    std::size_t at = start;
    while (std::find(path.begin(), path.end(), at) == path.end()) {
        path.push_back(at);
        at = *std::find_if(waits_for[at].begin(), waits_for[at].end(),
                           [&](std::size_t n) { return static_cast<bool>(stuck[n]); });
    }
    std::vector<std::string> circle;
    for (auto step = std::find(path.begin(), path.end(), at); step != path.end(); ++step) {
        circle.push_back(all[*step].name);
    }
    return circle;
}

void check_flow_laws(PacketFabric& fabric, std::vector<std::string>& held) {
    if (!fabric.queueing().control.modelled) {
        return;
    }
    if (const std::vector<std::string> circle = waiting_circle(fabric); !circle.empty()) {
        std::string text = "buffers are full and wait for each other:";
        for (const std::string& link : circle) {
            text += "\n  " + link;
        }
        throw LawError("packets move on", "network", text);
    }
    for (const Direction& one : controlled_directions(fabric)) {
        LinkControl& control = *one.direction->control();
        control.settle_all();
        for (int c = 0; c < control.channels(); ++c) {
            const CreditLedger& credit = control.credit(c);
            if (credit.available() != credit.capacity()) {
                throw LawError("all credits come back", one.name,
                               std::to_string(credit.capacity() - credit.available()) + " B of channel " +
                                   std::to_string(c) + " have not");
            }
        }
    }
    const std::size_t nodes = fabric.topology().nodes.size();
    for (std::uint32_t n = 0; n < nodes; ++n) {
        const SharedBuffer* buffer = fabric.shared_buffer(NodeId{n});
        if (buffer != nullptr && (!buffer->lossless() || buffer->used() != 0)) {
            throw LawError("nothing is dropped", fabric.topology().nodes[n].name,
                           buffer->lossless() ? std::to_string(buffer->used()) + " B are left over"
                                              : "an input's headroom was too small");
        }
    }
    held.emplace_back("no buffer over its capacity, all credits came back");
}

}  // namespace myriad

// Counters of link models, collected.

#include "app/system/fabric_use.h"

namespace myriad {

std::vector<LinkUse> link_use_of(const Topology& topology, PacketFabric& fabric) {
    std::vector<LinkUse> used;
    for (std::uint32_t e = 0; e < topology.edges.size(); ++e) {
        for (std::uint8_t d = 0; d < 2; ++d) {
            const LinkModel& model = fabric.link(EdgeId{e}).direction(d).model();
            if (model.stats().packets > 0) {
                used.push_back({{EdgeId{e}, d},
                                model.stats().bytes,
                                model.busy(),
                                model.stats().packets,
                                model.stats().backlog_max});
            }
        }
    }
    return used;
}

}  // namespace myriad

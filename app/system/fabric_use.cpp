// Counters of link models, collected.

#include "app/system/fabric_use.h"

#include <algorithm>

namespace myriad {
namespace {

LinkFlowUse flow_use_of(const LinkControl& control) {
    LinkFlowUse use;
    use.credit_stalls = control.stats().credit_stalls;
    use.credit_stalled = control.stats().credit_stalled;
    use.pauses = control.stats().pauses;
    use.paused = control.stats().paused;
    use.marks = control.stats().marks;
    use.retries = control.stats().retries;
    for (int channel = 0; channel < control.channels(); ++channel) {
        use.buffer_max = std::max(use.buffer_max, Bytes{control.credit(channel).claimed_max()});
    }
    return use;
}

// `changing` is null where the link never changes.
void add_losses(LinkUse& use, const ChangingDirection* changing) {
    use.losses = LinkLosses{};
    if (changing != nullptr) {
        use.bytes = changing->carried();
        use.busy = changing->busy();
        use.losses = LinkLosses{changing->lost_packets(), changing->lost()};
    }
}

}  // namespace

std::vector<LinkUse> link_use_of(const Topology& topology, PacketFabric& fabric, const PacketFaults* faults) {
    std::vector<LinkUse> used;
    for (std::uint32_t e = 0; e < topology.edges.size(); ++e) {
        for (std::uint8_t d = 0; d < 2; ++d) {
            const LinkDirection& direction = fabric.link(EdgeId{e}).direction(d);
            const LinkModel& model = direction.model();
            if (model.stats().packets == 0) {
                continue;
            }
            LinkUse& use = used.emplace_back();
            use.way = {EdgeId{e}, d};
            use.bytes = model.stats().bytes;
            use.busy = model.busy();
            use.packets = model.stats().packets;
            use.backlog_max = model.stats().backlog_max;
            if (fabric.queueing().control.modelled) {
                use.flow = flow_use_of(*direction.control());
            }
            if (faults != nullptr) {
                add_losses(use, faults->direction(use.way));
            }
        }
    }
    return used;
}

void add_flow_statistics(const Topology& topology, PacketFabric& fabric, StatisticReport& report) {
    if (!fabric.queueing().control.modelled) {
        return;
    }
    LinkFlowUse sum;
    for (const LinkUse& use : link_use_of(topology, fabric)) {
        sum.credit_stalls += use.flow->credit_stalls;
        sum.credit_stalled += use.flow->credit_stalled;
        sum.pauses += use.flow->pauses;
        sum.paused += use.flow->paused;
        sum.marks += use.flow->marks;
        sum.retries += use.flow->retries;
        sum.buffer_max = std::max(sum.buffer_max, use.flow->buffer_max);
    }
    report.add_count("network.credit_stalls", sum.credit_stalls,
                     "times that a link was free, a packet waited for it, and credit lacked, all links");
    report.add("network.credit_stalled", sum.credit_stalled, "time that links spent so, sum over links and directions");
    report.add_count("network.pauses", sum.pauses, "times that a sender was told to pause (PFC), all links");
    report.add("network.paused", sum.paused, "time that senders paused, sum over links and directions");
    report.add_count("network.marks", sum.marks, "packets marked by a long queue (ECN), all links");
    report.add_count("network.retries", sum.retries, "packets that a link had to send again, all links");
    report.add("network.buffer_max", sum.buffer_max,
               "most that was claimed at once of one buffer, any link and channel");
}

}  // namespace myriad

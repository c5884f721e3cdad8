// The flow level. Component ids: cards, the transport, the network, the timetable of links. Without cards there is not
// one SystemC module: the agenda runs by itself.

#include "app/system/flow_system.h"

#include "app/system/card_laws.h"
#include "app/system/card_speeds.h"
#include "app/system/card_statistics.h"
#include "app/system/link_meter.h"
#include "interconnect/analytic/model_planner.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"

namespace myriad {

FlowSystem::FlowSystem(const ClusterConfig& cluster, const ChipConfig& chip, bool with_cards,
                       const CardOptions& options, CollectiveLibrary library)
    : chip_(chip), topology_(build_topology(cluster)), router_(make_router(topology_, routing_of(cluster))) {
    const auto count = static_cast<std::uint32_t>(with_cards ? topology_.cards.size() : 0);
    if (with_cards) {
        bridge_ = std::make_unique<AgendaBridge>("agenda", agenda_);
    }
    for (std::uint32_t c = 0; c < count; ++c) {
        cards_.push_back(std::make_unique<PpuCard>(
            ("card" + std::to_string(c)).c_str(), agenda_, ComponentId{c}, memory_, Bytes{4096}, chip_,
            std::vector<PortSpec>{},
            CardLevels{options.kernels, options.interference ? &solver_ : nullptr, nullptr, CardId{c}}));
    }
    set_speeds(topology_, cluster.changes, cards_);
    transport_ = std::make_unique<FlowTransport>(topology_, *router_, agenda_, ComponentId{count});
    network_ =
        std::make_unique<MessageNetwork>(topology_, agenda_, ComponentId{count + 1}, *transport_,
                                         std::make_unique<ModelPlanner>(topology_, *router_, std::move(library)));
    if (has_timed_link_changes(cluster.changes)) {
        timetable_ = std::make_unique<TimedFaults>(topology_, *router_, agenda_, ComponentId{count + 2},
                                                   link_steps(topology_, cluster.changes),
                                                   static_cast<ChangeableNetwork&>(*this));
    }
}

void FlowSystem::set_link(const LinkState& state) {
    for (std::uint8_t d = 0; d < 2; ++d) {
        transport_->set_bandwidth({state.edge, d}, state.down ? BytesPerSecond{0} : state.bandwidth);
    }
}

void FlowSystem::routes_changed() {
    transport_->forget_routes();
    transport_->leave_still_links();
}

void FlowSystem::elaborate() {
    if (bridge_) {
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
    if (timetable_) {
        timetable_->start();
    }
}

void FlowSystem::run() {
    if (bridge_) {
        sc_core::sc_start();
    } else {
        while (agenda_.pending() > transport_->void_records()) {
            agenda_.run_instant();
        }
    }
}

// Without the matching of sends and receives, which a copy does not need: traffic is millions of them.
void FlowSystem::copy(const PeerCopy& copy, Completion done) {
    transport_->post(copy.from, copy.to, copy.size, copies_.size(), Arrival::store, *this);
    copies_.push_back(done);
    ++copies_under_way_;
}

void FlowSystem::on_arrival(CardId /*from*/, CardId /*to*/, std::uint64_t copy) {
    const Completion done = copies_[copy];
    if (--copies_under_way_ == 0) {
        copies_.clear();
    }
    done();
}

std::unique_ptr<LinkMeter> FlowSystem::link_meter() {
    return make_flow_meter(topology_,
                           [this](TimePoint at, std::uint64_t& steps) { return transport_->link_bytes_at(at, steps); });
}

std::vector<LinkUse> FlowSystem::link_use() {
    std::vector<LinkUse> used;
    const std::vector<Bytes> carried = transport_->link_bytes();
    for (std::uint32_t link = 0; link < carried.size(); ++link) {
        if (carried[link].count() > 0) {
            const DirectedEdge way{EdgeId{link / 2}, static_cast<std::uint8_t>(link % 2)};
            // At the bandwidth that it had at the start.
            const Picoseconds busy = transfer_time_ceil(carried[link], class_of(topology_, way.edge).bandwidth);
            used.push_back({way, carried[link], busy, 0, {}});
        }
    }
    return used;
}

NetworkCounters FlowSystem::counters() const {
    constexpr std::int64_t kModulesPerCard = 6;
    NetworkCounters counters;
    counters.modules = bridge_ ? 1 + kModulesPerCard * static_cast<std::int64_t>(cards_.size()) : 0;
    counters.messages = transport_->messages();
    counters.payload = network_->payload();
    counters.wire = transport_->posted();
    return counters;
}

void FlowSystem::add_statistics(StatisticReport& report) const {
    if (transport_->messages() > 0) {
        report.add("network.message_latency", transport_->latency(), "ps",
                   "from the moment a message is posted to the arrival of its last byte");
    }
    add_card_statistics(cards_, report);
}

double FlowSystem::arrived_share(Bytes total) const {
    return static_cast<double>(transport_->arrived().count()) / static_cast<double>(total.count());
}

void FlowSystem::check_laws(std::vector<std::string>& held) {
    if (!network_->idle()) {
        throw LawError("every operation issued has finished", "network", network_->waiting_text());
    }
    held.emplace_back("every operation issued has finished");
    if (transport_->in_flight() != 0 || transport_->posted() != transport_->arrived()) {
        throw LawError("bytes sent = bytes received", "network",
                       std::to_string(transport_->posted().count()) + " B sent, " +
                           std::to_string(transport_->arrived().count()) + " B received, " +
                           std::to_string(transport_->in_flight()) + " messages under way");
    }
    held.emplace_back("bytes sent = bytes received, in every message");
    const Picoseconds elapsed = agenda_.now().time_since_epoch();
    for (const LinkUse& link : link_use()) {
        if (link.busy > elapsed) {
            throw LawError(
                "no link above its capacity",
                "link " + std::to_string(index(link.way.edge)) + ", direction " + std::to_string(link.way.direction),
                "busy for " + std::to_string(link.busy.count()) + " ps of " + std::to_string(elapsed.count()) + " ps");
        }
    }
    held.emplace_back("no link above its capacity");
    held.emplace_back("every queue is empty");
    check_card_laws(cards_, elapsed, held);
}

}  // namespace myriad

// Wiring of a cluster at packet level. Component ids: links, then one a card, then the network, then whoever comes.

#include "app/system/packet_system.h"

#include "app/system/card_laws.h"
#include "app/system/card_speeds.h"
#include "app/system/card_statistics.h"
#include "app/system/fabric_use.h"
#include "app/system/link_meter.h"
#include "interconnect/analytic/model_planner.h"
#include "interconnect/packet/channel_dependency.h"
#include "interconnect/packet/flow_laws.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"

namespace myriad {

PacketSystem::PacketSystem(const ClusterConfig& cluster, const ChipConfig& chip, const PacketSystemOptions& options)
    : chip_(chip),
      options_(options),
      topology_(build_topology(cluster)),
      router_(make_router(topology_, routing_of(cluster))),
      bridge_("agenda", agenda_),
      cards_(topology_.cards.size()),
      reducers_(topology_.reducers.size()) {
    options_.queueing.largest_packet = options_.cell;
    settle_channels(options_.queueing.control, topology_, *router_, options_.check_channels);
    fabric_ = std::make_unique<PacketFabric>(topology_, agenda_, memory_.arena, static_cast<CardMaker&>(*this),
                                             options_.order, options_.queueing);
    if (options_.queueing.control.paced()) {
        congestion_ = std::make_unique<CongestionControl>(topology_, agenda_, ComponentId{first_free_component() - 4},
                                                          *options_.queueing.control.ethernet->dcqcn);
    }
    if (cluster.routing == FabricRouting::spray || cluster.routing == FabricRouting::adaptive) {
        fabric_->choose_ways(*router_, cluster.routing == FabricRouting::adaptive);
    }
    set_speeds(topology_, cluster.changes, cards_);
    std::vector<ReroutableSource*> sources;
    sources.reserve(cards_.size());
    for (const auto& card : cards_) {
        if (!options.queueing.plain()) {
            card->ports.leave_turns_to_links();
        }
        if (congestion_) {
            card->ports.pace_by(*congestion_);
        }
        sources.push_back(&card->dma.source());
    }
    std::vector<MessageSource*> ends(sources.begin(), sources.end());
    for (const auto& reducer : reducers_) {
        if (!options.queueing.plain()) {
            reducer->ports.leave_turns_to_links();
        }
        ends.push_back(reducer.get());  // it adds
        ends.push_back(reducer.get());  // it multicasts
    }
    transport_ = std::make_unique<PacketTransport>(agenda_, *router_, memory_, std::move(ends));
    network_ =
        std::make_unique<MessageNetwork>(topology_, agenda_, ComponentId{first_free_component() - 3}, *transport_,
                                         std::make_unique<ModelPlanner>(topology_, *router_, options.library));
    if (has_timed_link_changes(cluster.changes)) {
        prepare_faults(cluster, std::move(sources));
    }
}

void PacketSystem::prepare_faults(const ClusterConfig& cluster, std::vector<ReroutableSource*> sources) {
    if (!options_.queueing.plain()) {
        throw UserError(
            "links that change during the run need plain FIFO links at network packet: 'flow_control: none' and "
            "'arbitration: fifo'");
    }
    if (cluster.routing == FabricRouting::spray || cluster.routing == FabricRouting::adaptive) {
        throw UserError(
            "links that change during the run need routes that messages take, not ports that switches pick: "
            "not routing spray or adaptive at network packet");
    }
    std::vector<LinkStep> steps = link_steps(topology_, cluster.changes);
    faults_ = std::make_unique<PacketFaults>(*fabric_, *transport_, memory_, agenda_,
                                             ComponentId{first_free_component() - 2}, std::move(sources), steps);
    timetable_ = std::make_unique<TimedFaults>(topology_, *router_, agenda_, ComponentId{first_free_component() - 1},
                                               std::move(steps), *faults_);
}

std::uint32_t PacketSystem::first_free_component() const {
    const auto links = static_cast<std::uint32_t>(2 * topology_.edges.size());
    return links + static_cast<std::uint32_t>(cards_.size()) * PpuCard::kComponentIds + 4;
}

void PacketSystem::make_card(CardId card, const std::string& name, const std::vector<PortSpec>& ports) {
    const auto links = static_cast<std::uint32_t>(2 * topology_.edges.size());
    cards_[index(card)] =
        std::make_unique<PpuCard>(name.c_str(), agenda_, ComponentId{links + index(card) * PpuCard::kComponentIds},
                                  memory_, options_.cell, chip_, ports,
                                  CardLevels{options_.cards.kernels, options_.cards.interference ? &solver_ : nullptr,
                                             options_.cards.interference ? &traffic_ : nullptr, card});
}

PortSocket& PacketSystem::card_port(CardId card, std::uint16_t port) { return cards_[index(card)]->ports.port(port); }

void PacketSystem::make_reducer(std::uint32_t reducer, const std::string& name, const std::vector<PortSpec>& ports) {
    const auto first_end = static_cast<std::uint32_t>(topology_.cards.size()) + 2 * reducer;
    reducers_[reducer] =
        std::make_unique<ReducingSwitch>(name, agenda_, memory_, options_.cell, ports,
                                         options_.cards.interference ? &traffic_ : nullptr, CardId{first_end});
}

PortSocket& PacketSystem::reducer_port(std::uint32_t reducer, std::uint16_t port) {
    return reducers_[reducer]->ports.port(port);
}

void PacketSystem::elaborate() {
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    if (timetable_) {
        timetable_->start();
    }
}

void PacketSystem::run() { sc_core::sc_start(); }

std::unique_ptr<LinkMeter> PacketSystem::link_meter() { return make_packet_meter(topology_, *fabric_, faults_.get()); }

std::vector<LinkUse> PacketSystem::link_use() { return link_use_of(topology_, *fabric_, faults_.get()); }

NetworkCounters PacketSystem::counters() const {
    constexpr std::int64_t kModulesPerCard = 6;  // the card and its five parts
    return {fabric_->hops(), transport_->messages(), network_->payload(), transport_->posted(),
            static_cast<std::int64_t>(fabric_->modules() + 1) +
                (kModulesPerCard - 1) * static_cast<std::int64_t>(cards_.size())};
}

void PacketSystem::add_statistics(StatisticReport& report) const {
    if (transport_->messages() > 0) {
        report.add("network.message_latency", transport_->latency(), "ps",
                   "from the moment a message is posted to the arrival of its last byte");
    }
    if (congestion_) {
        report.add_count("network.notifications", congestion_->notifications(),
                         "congestion notifications that receivers sent for marks (DCQCN)");
    }
    if (faults_) {
        report.add_count("network.lost_packets", faults_->lost_packets(), "packets lost by links that died");
        report.add("network.lost", faults_->lost(), "payload lost by links that died; all of it was sent again");
    }
    add_flow_statistics(topology_, *fabric_, report);
    add_card_statistics(cards_, report);
}

void PacketSystem::check_laws(std::vector<std::string>& held) {
    check_flow_laws(*fabric_, held);
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
    if (faults_) {
        if (faults_->lost() != faults_->sent_again()) {
            throw LawError("bytes lost = bytes sent again", "network",
                           std::to_string(faults_->lost().count()) + " B lost, " +
                               std::to_string(faults_->sent_again().count()) + " B sent again");
        }
        held.emplace_back("bytes lost = bytes sent again");
    }
    check_links(held);
    for (const auto& card : cards_) {
        if (card->ports.waiting_streams() != 0) {
            throw LawError("every queue is empty", card->name(), "messages still wait");
        }
    }
    for (const auto& reducer : reducers_) {
        if (reducer->ports.waiting_streams() != 0) {
            throw LawError("every queue is empty", reducer->ports.name(), "messages still wait");
        }
    }
    check_card_laws(cards_, agenda_.now().time_since_epoch(), held);
}

void PacketSystem::check_links(std::vector<std::string>& held) {
    const Picoseconds elapsed = agenda_.now().time_since_epoch();
    for (std::uint32_t e = 0; e < topology_.edges.size(); ++e) {
        for (int d = 0; d < 2; ++d) {
            const LinkDirection& direction = fabric_->link(EdgeId{e}).direction(d);
            if (direction.in_flight() != 0) {
                throw LawError("every queue is empty", fabric_->link(EdgeId{e}).name(),
                               std::to_string(direction.in_flight()) + " packets have not left");
            }
            const ChangingDirection* changing =
                faults_ ? faults_->direction({EdgeId{e}, static_cast<std::uint8_t>(d)}) : nullptr;
            const Picoseconds busy = changing != nullptr ? changing->busy() : direction.model().busy();
            if (busy > elapsed) {
                throw LawError(
                    "no link above its capacity", fabric_->link(EdgeId{e}).name(),
                    "busy for " + std::to_string(busy.count()) + " ps of " + std::to_string(elapsed.count()) + " ps");
            }
        }
    }
    if (memory_.packets.in_use() + memory_.messages.in_use() + memory_.streams.in_use() != 0) {
        throw LawError("every queue is empty", "network",
                       std::to_string(memory_.packets.in_use()) + " packets, " +
                           std::to_string(memory_.messages.in_use()) + " messages and " +
                           std::to_string(memory_.streams.in_use()) + " waiting parts of messages are left over");
    }
    held.emplace_back("every queue is empty");
    held.emplace_back("no link above its capacity");
}

double PacketSystem::arrived_share(Bytes total) const {
    return static_cast<double>(transport_->arrived().count()) / static_cast<double>(total.count());
}

}  // namespace myriad

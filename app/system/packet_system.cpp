// Wiring of a cluster at packet level. Component ids: links, then one a card, then the network, then whoever comes.

#include "app/system/packet_system.h"

#include "interconnect/topology/build.h"

namespace myriad {

PacketSystem::PacketSystem(const ClusterConfig& cluster, const ChipConfig& chip, const PacketSystemOptions& options)
    : chip_(chip),
      options_(options),
      topology_(build_topology(cluster)),
      router_(make_router(topology_, {cluster.routing, cluster.routing_seed})),
      bridge_("agenda", agenda_),
      cards_(topology_.cards.size()) {
    fabric_ = std::make_unique<PacketFabric>(topology_, agenda_, memory_.arena, *this, options.order);
    std::vector<MessageSource*> sources;
    sources.reserve(cards_.size());
    for (const auto& card : cards_) {
        sources.push_back(&card->dma);
    }
    transport_ = std::make_unique<PacketTransport>(*router_, memory_, std::move(sources));
    network_ = std::make_unique<PacketNetwork>(topology_, agenda_, ComponentId{first_free_component() - 1}, *transport_);
}

std::uint32_t PacketSystem::first_free_component() const {
    const auto links = static_cast<std::uint32_t>(2 * topology_.edges.size());
    return links + static_cast<std::uint32_t>(cards_.size()) * PpuCard::kComponentIds + 1;
}

std::size_t PacketSystem::modules() const { return fabric_->modules() + 5 * cards_.size() + 1; }

void PacketSystem::make_card(CardId card, const std::string& name, const std::vector<PortSpec>& ports) {
    const auto links = static_cast<std::uint32_t>(2 * topology_.edges.size());
    cards_[index(card)] =
        std::make_unique<PpuCard>(name.c_str(), agenda_, ComponentId{links + index(card) * PpuCard::kComponentIds},
                                  memory_, options_.cell, chip_, ports);
}

PortSocket& PacketSystem::card_port(CardId card, std::uint16_t port) { return cards_[index(card)]->ports.port(port); }

void PacketSystem::elaborate() { sc_core::sc_start(sc_core::SC_ZERO_TIME); }

void PacketSystem::run() { sc_core::sc_start(); }

}  // namespace myriad

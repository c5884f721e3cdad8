// Wiring of a server at live level. Component ids: links, then those of each card, then the network's.

#include "app/system/live_system.h"

#include "app/system/fabric_use.h"
#include "app/system/link_meter.h"
#include "interconnect/packet/channel_dependency.h"
#include "interconnect/packet/flow_laws.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {

namespace {

// Cores move every byte themselves here: no switch adds for them.
ClusterConfig without_reduction(ClusterConfig cluster) {
    cluster.server.switch_reduction = false;
    return cluster;
}

}  // namespace

LiveSystem::LiveSystem(const ClusterConfig& cluster, const ChipConfig& chip, const LiveSystemOptions& options)
    : chip_(chip),
      options_(options),
      topology_(build_topology(without_reduction(cluster))),
      router_(make_router(topology_, routing_of(cluster))),
      bridge_("agenda", agenda_),
      cards_(topology_.cards.size()) {
    options_.queueing.largest_packet = options_.cell;
    settle_channels(options_.queueing.control, topology_, *router_, true);
    fabric_ = std::make_unique<PacketFabric>(topology_, agenda_, memory_.arena, static_cast<CardMaker&>(*this),
                                             options_.order, options_.queueing);
    std::vector<MessageSource*> sources;
    std::vector<LiveCard*> cards;
    for (const auto& card : cards_) {
        if (!options_.queueing.plain()) {
            card->ports.leave_turns_to_links();
        }
        sources.push_back(card->gateway.get());
        cards.push_back(card.get());
    }
    transport_ = std::make_unique<PacketTransport>(agenda_, *router_, memory_, std::move(sources));
    const auto first =
        static_cast<std::uint32_t>(2 * topology_.edges.size() + cards_.size() * LiveCard::component_ids(chip_));
    network_ = std::make_unique<LiveNetwork>(agenda_, ComponentId{first}, chip_, std::move(cards),
                                             options.communication_cores);
}

void LiveSystem::make_card(CardId card, const std::string& name, const std::vector<PortSpec>& ports) {
    const auto first =
        static_cast<std::uint32_t>(2 * topology_.edges.size()) + index(card) * LiveCard::component_ids(chip_);
    const LiveCard::Surroundings around{agenda_, memory_, accesses_, *this, options_.cell};
    cards_[index(card)] = std::make_unique<LiveCard>(name.c_str(), around, ComponentId{first}, card, chip_, ports);
}

PortSocket& LiveSystem::card_port(CardId card, std::uint16_t port) { return cards_[index(card)]->ports.port(port); }

void LiveSystem::elaborate() { sc_core::sc_start(sc_core::SC_ZERO_TIME); }

void LiveSystem::run() { sc_core::sc_start(); }

void LiveSystem::send_request(CardId from, CardId to, Bytes size, RemoteAccesses::Number access) {
    transport_->post(from, to, size, access, Arrival::store, requests_);
}

void LiveSystem::send_answer(CardId from, CardId to, Bytes size, RemoteAccesses::Number access) {
    transport_->post(from, to, size, access, Arrival::store, answers_);
}

void LiveSystem::Requests::on_arrival(CardId /*from*/, CardId to, std::uint64_t tag) {
    system_.cards_[index(to)]->gateway->on_request(static_cast<RemoteAccesses::Number>(tag));
}

void LiveSystem::Answers::on_arrival(CardId /*from*/, CardId to, std::uint64_t tag) {
    system_.cards_[index(to)]->gateway->on_answer(static_cast<RemoteAccesses::Number>(tag));
}

std::optional<LiveUse> LiveSystem::use() const {
    LiveUse use;
    for (const auto& card : cards_) {
        use.traffic += card->traffic();
        LiveUse::Card& one = use.cards.emplace_back();
        for (const auto& slice : card->slices) {
            one.slices.push_back(slice->stats().busy);
        }
        for (const auto& channel : card->hbm) {
            for (std::size_t p = 0; p < channel->pseudo_channels(); ++p) {
                const PseudoChannelTrains::Stats stats = channel->stats(p);
                one.channels.push_back(stats.busy);
                use.bursts += stats.bursts;
                use.row_hits += stats.row_hits;
            }
        }
        one.barriers = card->commands->barriers().passed;
        one.barrier_wait = card->commands->barriers().waited;
    }
    return use;
}

std::unique_ptr<LinkMeter> LiveSystem::link_meter() { return make_packet_meter(topology_, *fabric_); }

std::vector<LinkUse> LiveSystem::link_use() { return link_use_of(topology_, *fabric_); }

NetworkCounters LiveSystem::counters() const {
    std::size_t modules = fabric_->modules() + 1;  // the bridge; cards are among the fabric's
    for (const auto& card : cards_) {
        modules += card->modules() - 1;
    }
    return {fabric_->hops(), transport_->messages(), transport_->posted(), transport_->posted(),
            static_cast<std::int64_t>(modules)};
}

void LiveSystem::add_statistics(StatisticReport& report) const {
    if (transport_->messages() > 0) {
        report.add("network.message_latency", transport_->latency(), "ps",
                   "from the moment a message is posted to the arrival of its last byte");
    }
    add_flow_statistics(topology_, *fabric_, report);
    const LiveUse used = *use();
    const LiveTraffic& sum = used.traffic;
    report.add("cards.hbm_read", sum.hbm_read, "bytes that kernels read from HBM, all cards");
    report.add("cards.hbm_written", sum.hbm_written, "bytes that kernels wrote to HBM, all cards");
    report.add("cards.core_read", sum.core_read, "bytes that cores loaded, on their own card and on others");
    report.add("cards.core_written", sum.core_written, "bytes that cores stored, on their own card and on others");
    report.add("cards.remote_read", sum.remote_read, "of the bytes loaded, those of other cards");
    report.add("cards.remote_written", sum.remote_written, "of the bytes stored, those on other cards");
    report.add("cards.cache_hit", sum.slice_hit, "bytes loaded that a cache slice had, all cards");
    Summary slices;
    Summary channels;
    std::int64_t forwarded = 0;
    std::int64_t kernels = 0;
    for (const auto& card : cards_) {
        forwarded += card->ports.packets_forwarded();
        kernels += card->commands->kernels();
    }
    for (const LiveUse::Card& card : used.cards) {
        for (const Picoseconds busy : card.slices) {
            slices.add(busy.count());
        }
        for (const Picoseconds busy : card.channels) {
            channels.add(busy.count());
        }
    }
    report.add_count("cards.packets_forwarded", forwarded, "packets that cards passed on for others");
    report.add_count("cards.kernels", kernels, "kernels run, all cards");
    report.add_count("cards.hbm_bursts", used.bursts, "bursts of HBM, all cards");
    report.add_count("cards.hbm_row_hits", used.row_hits, "of those, bursts that found their row open");
    report.add("cards.slice_busy", slices, "ps", "time in which a cache slice moves bytes, over slices");
    report.add("cards.hbm_busy", channels, "ps", "time in which the data bus of a pseudo channel moves, over them");
}

void LiveSystem::check_queues() const {
    for (const auto& card : cards_) {
        if (card->commands->unfinished() + card->waiting_accesses() + card->ports.waiting_streams() != 0) {
            throw LawError(
                "every queue is empty", card->name(),
                fmt::format("{} kernels, {} accesses and {} parts of messages are left over",
                            card->commands->unfinished(), card->waiting_accesses(), card->ports.waiting_streams()));
        }
    }
    const std::size_t left =
        memory_.packets.in_use() + memory_.messages.in_use() + memory_.streams.in_use() + accesses_.under_way();
    if (left != 0 || !network_->idle()) {
        throw LawError("every queue is empty", "network",
                       std::to_string(left) + " packets, messages or accesses to other cards are left over");
    }
}

void LiveSystem::check_bytes() const {
    const auto need = [](const std::string& law, const std::string& where, Bytes one, Bytes other) {
        if (one != other) {
            throw LawError(law, where, fmt::format("{} B against {} B", one.count(), other.count()));
        }
    };
    LiveTraffic sum;
    for (const auto& card : cards_) {
        const LiveTraffic t = card->traffic();
        need("bytes asked by cores and for other cards = bytes served by cache slices", card->name(),
             t.core_read - t.remote_read + t.served_read, t.slice_read);
        need("bytes asked by cores and for other cards = bytes served by cache slices", card->name(),
             t.core_written - t.remote_written + t.served_written, t.slice_written);
        need("cache misses = HBM reads, stores = HBM writes", card->name(), t.slice_read - t.slice_hit, t.hbm_read);
        need("cache misses = HBM reads, stores = HBM writes", card->name(), t.slice_written, t.hbm_written);
        sum += t;
    }
    need("bytes asked of other cards = bytes served for other cards", "system", sum.remote_read, sum.served_read);
    need("bytes asked of other cards = bytes served for other cards", "system", sum.remote_written + sum.flags,
         sum.served_written);
    need("bytes sent = bytes received", "network", transport_->posted(), transport_->arrived());
}

void LiveSystem::check_capacity() {
    const TimePoint now = agenda_.now();
    for (const auto& card : cards_) {
        for (const auto& channel : card->hbm) {
            const Picoseconds elapsed = std::max(channel->finish(), now).time_since_epoch();
            for (std::size_t p = 0; p < channel->pseudo_channels(); ++p) {
                if (channel->stats(p).busy > elapsed) {
                    throw LawError(
                        "no HBM channel above its capacity", channel->name(),
                        fmt::format("busy for {} ps of {} ps", channel->stats(p).busy.count(), elapsed.count()));
                }
            }
        }
    }
    for (std::uint32_t e = 0; e < topology_.edges.size(); ++e) {
        for (int d = 0; d < 2; ++d) {
            const LinkDirection& direction = fabric_->link(EdgeId{e}).direction(d);
            if (direction.in_flight() != 0 || direction.model().busy() > now.time_since_epoch()) {
                throw LawError("no link above its capacity, none holds packets", fabric_->link(EdgeId{e}).name(),
                               fmt::format("{} packets inside, busy for {} ps", direction.in_flight(),
                                           direction.model().busy().count()));
            }
        }
    }
}

void LiveSystem::check_laws(std::vector<std::string>& held) {
    check_flow_laws(*fabric_, held);
    check_queues();
    held.emplace_back("every queue is empty: cores, gateways, links, command processors");
    check_bytes();
    held.emplace_back("bytes asked by cores and for other cards = bytes served by cache slices");
    held.emplace_back("cache misses = HBM reads, stores = HBM writes");
    held.emplace_back("bytes asked of other cards = bytes served there");
    held.emplace_back("bytes sent = bytes received, in every message");
    check_capacity();
    held.emplace_back("no HBM channel and no link above its capacity");
}

double LiveSystem::arrived_share(Bytes total) const {
    return static_cast<double>(transport_->arrived().count()) / static_cast<double>(total.count());
}

}  // namespace myriad

// Component ids: cards by their numbers, also where most of them are not made; the transport, the network, the timetable of
// links.

#include "app/system/folded_system.h"

#include "app/system/card_laws.h"
#include "app/system/card_speeds.h"
#include "app/system/card_statistics.h"
#include "app/system/link_meter.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"

#include <fmt/core.h>

#include <map>
#include <utility>

namespace myriad {

namespace {

std::string obstacle_of(const ClusterConfig& cluster) {
    if (has_timed_link_changes(cluster.changes)) {
        return "links change during the run";
    }
    if (cluster.routing == FabricRouting::valiant || cluster.server.routing == ServerRouting::valiant) {
        return "routes go over random places (valiant)";
    }
    return {};
}

}  // namespace

FoldedSystem::FoldedSystem(const ClusterConfig& cluster, const ChipConfig& chip, bool with_cards,
                           const CardOptions& options, CollectiveLibrary library)
    : cluster_(cluster),
      chip_(chip),
      options_(options),
      with_cards_(with_cards),
      topology_(build_topology(cluster)),
      router_(make_router(topology_, routing_of(cluster))),
      first_component_(static_cast<std::uint32_t>(with_cards ? topology_.cards.size() : 0)),
      network_(topology_, *router_, agenda_, {ComponentId{first_component_}, ComponentId{first_component_ + 1}},
               std::move(library), obstacle_of(cluster)) {
    if (with_cards) {
        bridge_ = std::make_unique<AgendaBridge>("agenda", agenda_);
    }
}

const Folding& FoldedSystem::fold(std::span<const std::uint32_t> program_of_card) {
    std::vector<std::uint32_t> programs(program_of_card.begin(), program_of_card.end());
    if (!cluster_.changes.empty()) {
        for (const Picoseconds time : speed_times(cluster_.changes)) {
            const std::vector<CardCondition> conditions = card_conditions(topology_, cluster_.changes, time);
            std::map<std::tuple<std::uint32_t, double, double>, std::uint32_t> numbers;
            for (std::size_t card = 0; card < programs.size(); ++card) {
                const std::tuple key{programs[card], conditions[card].compute, conditions[card].hbm};
                programs[card] = numbers.try_emplace(key, static_cast<std::uint32_t>(numbers.size())).first->second;
            }
        }
    }
    const Folding& folding = network_.fold(programs);
    for (std::size_t c = 0; c < folding.representatives.size() && with_cards_; ++c) {
        const CardId card = folding.representatives[c];
        cards_.push_back(std::make_unique<PpuCard>(
            ("card" + std::to_string(index(card))).c_str(), agenda_, ComponentId{index(card)}, memory_, Bytes{4096},
            chip_, std::vector<PortSpec>{},
            CardLevels{options_.kernels, options_.interference ? &solver_ : nullptr, nullptr, card}));
    }
    set_speeds(topology_, cluster_.changes, cards_, folding.representatives);
    if (has_timed_link_changes(cluster_.changes)) {
        timetable_ = std::make_unique<TimedFaults>(topology_, *router_, agenda_, ComponentId{first_component_ + 2},
                                                   link_steps(topology_, cluster_.changes),
                                                   static_cast<ChangeableNetwork&>(*this));
    }
    return folding;
}

PpuCard& FoldedSystem::card(CardId card) {
    const Folding& folding = network_.folding();
    const std::uint32_t number = folding.class_of.at(index(card));
    MYRIAD_CHECK(folding.representatives[number] == card,
                 fmt::format("card {} is represented by another and was not made", index(card)));
    return *cards_.at(number);
}

void FoldedSystem::set_link(const LinkState& state) {
    for (std::uint8_t d = 0; d < 2; ++d) {
        network_.transport().set_bandwidth({state.edge, d}, state.down ? BytesPerSecond{0} : state.bandwidth);
    }
}

void FoldedSystem::routes_changed() {
    network_.transport().forget_routes();
    network_.transport().leave_still_links();
}

void FoldedSystem::elaborate() {
    if (bridge_) {
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
    if (timetable_) {
        timetable_->start();
    }
}

void FoldedSystem::run() {
    if (bridge_) {
        sc_core::sc_start();
    } else {
        while (agenda_.pending() > network_.transport().void_records()) {
            agenda_.run_instant();
        }
    }
}

std::unique_ptr<LinkMeter> FoldedSystem::link_meter() {
    return make_flow_meter(topology_,
                           [this](TimePoint at, std::uint64_t& steps) { return network_.link_bytes_at(at, steps); });
}

std::vector<LinkUse> FoldedSystem::link_use() {
    std::vector<LinkUse> used;
    const std::vector<Bytes> carried = network_.link_bytes();
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

NetworkCounters FoldedSystem::counters() const {
    constexpr std::int64_t kModulesPerCard = 6;
    NetworkCounters counters;
    counters.modules = bridge_ ? 1 + kModulesPerCard * static_cast<std::int64_t>(cards_.size()) : 0;
    counters.messages = network_.transport().messages();
    counters.payload = network_.payload();
    counters.wire = network_.transport().posted();
    return counters;
}

void FoldedSystem::add_statistics(StatisticReport& report) const {
    const FlowTransport& transport = network_.transport();
    if (transport.messages() > 0) {
        report.add("network.message_latency", transport.latency(), "ps",
                   "from the moment a message is posted to the arrival of its last byte");
    }
    add_card_statistics(cards_, report, network_.folding().multiplicity);
}

double FoldedSystem::arrived_share(Bytes total) const {
    return static_cast<double>(network_.transport().arrived().count()) / static_cast<double>(total.count());
}

void FoldedSystem::check_laws(std::vector<std::string>& held) {
    if (!network_.idle()) {
        throw LawError("every operation issued has finished", "network", network_.waiting_text());
    }
    held.emplace_back("every operation issued has finished");
    const FlowTransport& transport = network_.transport();
    if (transport.in_flight() != 0 || transport.posted() != transport.arrived()) {
        throw LawError("bytes sent = bytes received", "network",
                       fmt::format("{} B sent, {} B received, {} messages under way", transport.posted().count(),
                                   transport.arrived().count(), transport.in_flight()));
    }
    held.emplace_back("bytes sent = bytes received, in every message");
    const Picoseconds elapsed = agenda_.now().time_since_epoch();
    for (const LinkUse& link : link_use()) {
        if (link.busy > elapsed) {
            throw LawError("no link above its capacity",
                           fmt::format("link {}, direction {}", index(link.way.edge), link.way.direction),
                           fmt::format("busy for {} ps of {} ps", link.busy.count(), elapsed.count()));
        }
    }
    held.emplace_back("no link above its capacity");
    held.emplace_back("every queue is empty");
    check_card_laws(cards_, elapsed, held);
}

}  // namespace myriad

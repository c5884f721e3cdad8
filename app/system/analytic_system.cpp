// The analytic level. Without cards there is not one SystemC module: the agenda runs by itself.

#include "app/system/analytic_system.h"

#include "app/system/card_laws.h"
#include "app/system/card_speeds.h"
#include "app/system/card_statistics.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"

namespace myriad {

AnalyticSystem::AnalyticSystem(const ClusterConfig& cluster, const ChipConfig& chip, bool with_cards,
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
    network_ = std::make_unique<AnalyticNetwork>(topology_, *router_, agenda_, ComponentId{count}, std::move(library));
}

void AnalyticSystem::elaborate() {
    if (bridge_) {
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
}

void AnalyticSystem::run() {
    if (bridge_) {
        sc_core::sc_start();
    } else {
        agenda_.run();
    }
}

std::vector<LinkUse> AnalyticSystem::link_use() {
    std::vector<LinkUse> used;
    const auto all = network_->link_use();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].bytes.count() > 0) {
            const DirectedEdge way{EdgeId{static_cast<std::uint32_t>(i / 2)}, static_cast<std::uint8_t>(i % 2)};
            used.push_back({way, all[i].bytes, all[i].busy, 0, {}});
        }
    }
    return used;
}

NetworkCounters AnalyticSystem::counters() const {
    constexpr std::int64_t kModulesPerCard = 6;
    NetworkCounters counters;
    counters.modules = bridge_ ? 1 + kModulesPerCard * static_cast<std::int64_t>(cards_.size()) : 0;
    return counters;
}

void AnalyticSystem::add_statistics(StatisticReport& report) const { add_card_statistics(cards_, report); }

void AnalyticSystem::check_laws(std::vector<std::string>& held) {
    if (!network_->idle()) {
        throw LawError("every operation issued has finished", "network", network_->waiting_text());
    }
    held.emplace_back("every operation issued has finished");
    const Picoseconds elapsed = agenda_.now().time_since_epoch();
    held.emplace_back("every queue is empty");
    check_card_laws(cards_, elapsed, held);
}

}  // namespace myriad

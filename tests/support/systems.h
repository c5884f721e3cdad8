#pragma once
// Drives a whole system (any network level) from a test: one call, one time. Asserts nothing itself.

#include "app/system/analytic_system.h"
#include "app/system/flow_system.h"
#include "app/system/packet_system.h"
#include "tests/support/reference_clusters.h"

#include <string>
#include <vector>

namespace myriad::test {

inline CardId card(int number) { return CardId{static_cast<std::uint32_t>(number)}; }

// One server of `cards` joined by `recipe`, each link `rate` a direction and `latency` long.
inline ClusterConfig icn_server(WiringRecipe recipe, int cards, BytesPerSecond rate, Picoseconds latency) {
    ServerConfig server = reference::ppu_server(cards, WiringConfig{recipe, cards, {}});
    // Through a switch a card's links are bonded: one link, so that the bond is as fast as a link of the other recipes.
    server.links = {recipe == WiringRecipe::icn_switch ? 1 : cards - 1, rate, 1.0, latency};
    return reference::one_server(std::move(server));
}

// All cards in order of their numbers.
inline CommunicatorSpec world_spec(const Topology& topology, CollectiveAlgorithm algorithm) {
    CommunicatorSpec spec{"world", "world", {}, algorithm, {}};
    for (std::uint32_t c = 0; c < topology.cards.size(); ++c) {
        spec.cards.push_back(CardId{c});
    }
    return spec;
}

// When each of several things ended.
struct Finishes {
    explicit Finishes(Platform& p) : platform(p) {}
    Platform& platform;
    std::vector<TimePoint> at;  // by argument of the completion; zero: not yet
    std::size_t count = 0;

    Completion expect() {
        at.emplace_back();
        return {&Finishes::note, this, at.size() - 1};
    }
    [[nodiscard]] bool all() const { return count == at.size(); }
    [[nodiscard]] TimePoint last() const {
        TimePoint latest{};
        for (const TimePoint time : at) {
            latest = std::max(latest, time);
        }
        return latest;
    }

private:
    static void note(void* context, std::uint64_t number) {
        auto& finishes = *static_cast<Finishes*>(context);
        finishes.at[number] = finishes.platform.agenda().now();
        ++finishes.count;
    }
};

// From the entry of all ranks to the end of the last; -1 ps when a rank never ended.
inline Picoseconds collective_time(Platform& platform, CommunicatorId group, const CollectiveCall& call) {
    const auto ranks = static_cast<int>(platform.topology().cards.size());
    const TimePoint start = platform.agenda().now();
    Finishes finishes(platform);
    for (int rank = 0; rank < ranks; ++rank) {
        platform.network().collective(group, rank, call, finishes.expect());
    }
    platform.run();
    return finishes.all() ? finishes.last() - start : ps(-1);
}

// One message on a network that carries nothing else; -1 ps when it never arrived.
inline Picoseconds message_time(Platform& platform, CardId from, CardId to, Bytes size) {
    const TimePoint start = platform.agenda().now();
    Finishes finishes(platform);
    platform.network().receive(to, from, 0, finishes.expect());
    platform.network().send(from, to, size, 0, finishes.expect());
    platform.run();
    return finishes.all() ? finishes.last() - start : ps(-1);
}

// The same cluster at all levels. Never destroyed: SystemC takes longer to tear 100,000 modules down than to run them.
struct AllLevels {
    AllLevels(const ClusterConfig& cluster, Bytes cell)
        : packet(*new PacketSystem(cluster, reference::round_chip(), {cell})),
          flow(*new FlowSystem(cluster, reference::round_chip(), false)),
          analytic(*new AnalyticSystem(cluster, reference::round_chip(), false)) {
        static auto* const kept = new std::vector<Platform*>;  // reachable to the end: no leak to report
        kept->push_back(&packet);
        kept->push_back(&flow);
        kept->push_back(&analytic);
        packet.elaborate();
        flow.elaborate();
        analytic.elaborate();
    }
    PacketSystem& packet;
    FlowSystem& flow;
    AnalyticSystem& analytic;
};

}  // namespace myriad::test

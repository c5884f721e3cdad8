// Orders of cards. Only packed keeps a server's cards together, so only it lets collectives see the server's structure
// in a group of ranks that follow one another.

#include "app/scenario/placement.h"

#include "sim/random/random_stream.h"

#include <charconv>

namespace myriad {
namespace {

constexpr std::uint32_t kMostCards = 1'000'000;

// Calls visit(server, card of the server) in the order of the placement.
template <class Visit>
void for_each_place(PlacementOrder order, const ClusterConfig& cluster, Visit&& visit) {
    const int cards = cluster.server.cards;
    const int servers = cluster.servers;
    if (order == PlacementOrder::round_robin || order == PlacementOrder::by_rail) {
        const int nics =
            order == PlacementOrder::by_rail && cluster.server.nics.count > 0 ? cluster.server.nics.count : cards;
        for (int rail = 0; rail < nics; ++rail) {
            for (int server = 0; server < servers; ++server) {
                for (int card = rail * cards / nics; card < (rail + 1) * cards / nics; ++card) {
                    visit(server, card);
                }
            }
        }
        return;
    }
    for (int server = 0; server < servers; ++server) {
        for (int card = 0; card < cards; ++card) {
            visit(server, card);
        }
    }
}

}  // namespace

std::string_view name_of(PlacementOrder order) {
    switch (order) {
        case PlacementOrder::packed:
            return "packed";
        case PlacementOrder::round_robin:
            return "round_robin";
        case PlacementOrder::by_rail:
            return "by_rail";
        case PlacementOrder::random:
            return "random";
        case PlacementOrder::listed:
            return "listed";
    }
    return "";
}

std::vector<CardId> placed_cards(const PlacementConfig& placement, const ClusterConfig& cluster,
                                 const std::vector<bool>& down, std::uint64_t run_seed) {
    if (placement.order == PlacementOrder::listed) {
        return placement.cards;
    }
    std::vector<CardId> cards;
    for_each_place(placement.order, cluster, [&](int server, int card) {
        const auto number = static_cast<std::uint32_t>(server * cluster.server.cards + card);
        if (number >= down.size() || !down[number]) {
            cards.push_back(CardId{number});
        }
    });
    if (placement.order == PlacementOrder::random) {
        RandomStream(run_seed, "placement." + std::to_string(placement.seed)).shuffle(cards);
    }
    return cards;
}

std::vector<std::uint32_t> parse_card_range(std::string_view text) {
    std::uint32_t first = 0;
    const char* const end = text.data() + text.size();
    const auto start = std::from_chars(text.data(), end, first);
    if (start.ec != std::errc{} || first >= kMostCards) {
        return {};
    }
    std::uint32_t last = first;
    if (start.ptr != end) {
        const auto stop = *start.ptr == '-' ? std::from_chars(start.ptr + 1, end, last) : start;
        if (stop.ec != std::errc{} || stop.ptr != end || last < first || last >= kMostCards) {
            return {};
        }
    }
    std::vector<std::uint32_t> cards;
    for (std::uint32_t card = first; card <= last; ++card) {
        cards.push_back(card);
    }
    return cards;
}

}  // namespace myriad

// Cards by number.

#include "app/config_files/read_cards.h"

#include <fmt/format.h>

#include <set>

namespace myriad {

std::vector<CardId> explicit_cards(Section& s, int cards_in_cluster, const std::vector<bool>& down) {
    std::vector<CardId> cards;
    std::set<int> seen;
    for (const int card : s.list<int>("cards")) {
        if (card < 0 || card >= cards_in_cluster) {
            s.error("cards",
                    fmt::format("card {} does not exist, the cluster has cards 0 to {}", card, cards_in_cluster - 1));
        } else if (!seen.insert(card).second) {
            s.error("cards", fmt::format("card {} is named twice", card));
        } else if (static_cast<std::size_t>(card) < down.size() && down[static_cast<std::size_t>(card)]) {
            s.error("cards", fmt::format("card {} is down", card));
        }
        cards.push_back(CardId{static_cast<std::uint32_t>(card)});
    }
    return cards;
}

}  // namespace myriad

#pragma once
// The list `cards` of a workload.

#include "sim/config/section.h"
#include "sim/identity/card_id.h"

#include <vector>

namespace myriad {

// In the order of the list; a card that does not exist, is named twice or is down (by card; empty: none) is an error.
[[nodiscard]] std::vector<CardId> explicit_cards(Section& s, int cards_in_cluster, const std::vector<bool>& down);

}  // namespace myriad

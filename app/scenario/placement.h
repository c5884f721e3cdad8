#pragma once
// Which card each rank of a workload runs on.

#include "interconnect/topology/config.h"
#include "sim/identity/card_id.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

//   packed       card by card, server by server
//   round_robin  the first card of every server, then the second of every server
//   by_rail      all cards of NIC 0 of every server, then those of NIC 1; without NICs as round_robin
//   random       a permutation, from the stream "placement.SEED" of the run's seed
//   listed       as the file says
enum class PlacementOrder : std::uint8_t { packed, round_robin, by_rail, random, listed };

struct PlacementConfig {
    PlacementOrder order = PlacementOrder::packed;
    std::uint64_t seed = 1;     // random
    std::vector<CardId> cards;  // listed
};

[[nodiscard]] std::string_view name_of(PlacementOrder order);

// Cards in the order in which ranks take them, those that are down left out. A list is taken as it is.
[[nodiscard]] std::vector<CardId> placed_cards(const PlacementConfig& placement, const ClusterConfig& cluster,
                                               const std::vector<bool>& down, std::uint64_t run_seed);

// "0-7" or "12" as numbers of cards; empty when it is neither.
[[nodiscard]] std::vector<std::uint32_t> parse_card_range(std::string_view text);

}  // namespace myriad

#pragma once
// Traffic without a program: which card sends how much to which, all at once. The patterns that networks are compared by.

#include "sim/identity/card_id.h"
#include "sim/units/units.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace myriad {

enum class TrafficPattern : std::uint8_t { permutation, shift, incast, all_to_all, random, hotspot };
enum class SizeDistribution : std::uint8_t { fixed, uniform, exponential };

[[nodiscard]] std::string_view name_of(TrafficPattern pattern);

struct TrafficSpec {
    TrafficPattern pattern = TrafficPattern::permutation;
    Bytes size;  // of a flow; of a distribution the mean
    SizeDistribution distribution = SizeDistribution::fixed;
    std::vector<CardId> cards;  // that take part, at least two
    std::int64_t shift = 1;     // to the card that many places further on
    std::int64_t flows = 0;     // random, hotspot
    double hot_share = 0.5;     // hotspot: of the flows, those to the first card
    std::uint64_t seed = 1;
};

struct TrafficFlow {
    CardId from{};
    CardId to{};
    Bytes size;
};

// In the order in which they are posted. Nobody sends to itself. Depends on the spec alone.
//   permutation  each card to another one, each receives from one, at random
//   shift        each card to the one `shift` places on
//   incast       all others to the first card
//   all_to_all   each card to every other, its next neighbour first
//   random       `flows` between two cards at random
//   hotspot      likewise, but a share of them goes to the first card
// Sizes: fixed; uniform from 1 B to twice the mean; exponential, at least 1 B.
[[nodiscard]] std::vector<TrafficFlow> make_traffic(const TrafficSpec& spec);

}  // namespace myriad

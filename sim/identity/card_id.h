#pragma once
// Names for things that several floors speak of.

#include <cstdint>

namespace myriad {

// A card of the cluster, numbered server by server from 0.
enum class CardId : std::uint32_t {};

constexpr std::uint32_t index(CardId card) { return static_cast<std::uint32_t>(card); }

}  // namespace myriad

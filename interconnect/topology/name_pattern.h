#pragma once
// Selection of nodes and links by name.

#include "interconnect/topology/topology.h"

#include <string>
#include <string_view>
#include <vector>

namespace myriad {

// `*` in the pattern stands for any characters, also none.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

// "server0.card0-server0.card1", the end of the lower tier first.
[[nodiscard]] std::string link_name(const Topology& topology, EdgeId edge);

// In ascending order; empty when nothing matches.
[[nodiscard]] std::vector<std::uint32_t> links_named(const Topology& topology, std::string_view pattern);
[[nodiscard]] std::vector<std::uint32_t> links_of_class(const Topology& topology, std::string_view pattern);
// Numbers of cards, not of nodes.
[[nodiscard]] std::vector<std::uint32_t> cards_named(const Topology& topology, std::string_view pattern);
// Switches and NICs.
[[nodiscard]] std::vector<std::uint32_t> switches_named(const Topology& topology, std::string_view pattern);

// Why links_named found nothing: which end does not exist (and the nearest name), or that the two are not joined.
[[nodiscard]] std::string why_no_link(const Topology& topology, std::string_view pattern);

}  // namespace myriad

#pragma once
// A topology reduced to what fits on a page: boxes that stand for one node or for many alike, and bundles of links
// between boxes.

#include "interconnect/topology/topology.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

struct DrawBox {
    std::string title;   // "segment3", "server0", "spine2"
    std::string detail;  // "128 servers, 2,048 cards"; empty for a single switch
    NodeKind kind = NodeKind::card;
    std::int32_t tier = 0;         // servers are drawn as tier 1
    std::int64_t members = 0;      // servers or switches that the box stands for
    std::int64_t inner_links = 0;  // between switches of the box
};

struct DrawBundle {
    std::size_t lower = 0;  // box
    std::size_t upper = 0;
    std::uint16_t link_class = 0;
    std::int64_t links = 0;
};

struct DrawModel {
    std::vector<DrawBox> boxes;  // by tier from below, then in the order of nodes
    std::vector<DrawBundle> bundles;
};

// At most this many boxes in a row; more become groups, and more groups share boxes with their neighbours.
inline constexpr std::size_t kMaxBoxesPerTier = 16;

[[nodiscard]] DrawModel draw_model(const Topology& topology);

// "16,384"
[[nodiscard]] std::string with_commas(std::int64_t count);

}  // namespace myriad

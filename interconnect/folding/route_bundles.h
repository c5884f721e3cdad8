#pragma once
// The routes of very many pairs of cards, kept so that what they share is kept once, and the two sums over them that
// refinement.h needs.
//
// A bundle is what is left of the routes of a connection at a node: some lanes in order, by their ports. Connections whose
// routes come together share the rest. (A message that is sprayed over 120 paths of a Clos fabric is 120 lanes of eight
// links; all messages from a ToR to a NIC share the bundle of these paths.)
//
//   down   the colour of a bundle: an ordered hash of the colours of the links that its lanes go on by. Of the first
//          bundle of a connection: of all links of all of its routes in order
//   up     the colour of a link: sum over lanes l of connections c that cross it of h(c) x^l modulo 2^61 - 1, h a hash of
//          the connection's colour, l the lane's number in it, x a constant: equal sums mean equal multisets of
//          (colour, lane), but for a chance of 2^-50. Sums go from bundle to bundle: what begins with lane d of a
//          bundle is worth x^d of it, and k lanes side by side are worth 1 + x + ... + x^(k-1)

#include "interconnect/flow/fluid_links.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/topology.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace myriad {

// Numbers that pairs of 32 bits were given. Half the memory and a third of the time of std::unordered_map.
class PairNumbers {
public:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
    [[nodiscard]] std::uint32_t find(std::uint32_t a, std::uint32_t b) const;
    void add(std::uint32_t a, std::uint32_t b, std::uint32_t number);

private:
    struct Slot {
        std::uint32_t a = 0;
        std::uint32_t b = 0;
        std::uint32_t number = kNone;
    };
    [[nodiscard]] std::size_t place_of(std::uint32_t a, std::uint32_t b) const;
    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

class RouteBundles {
public:
    // Both outlive this. No route crosses a link twice.
    RouteBundles(const Topology& topology, const FluidLinks& links);

    // The first bundle of the routes that leave a card.
    std::uint32_t add(CardId from, RouteSet routes);

    // Replaces colour_of(bundle) by what the resources' colours make of it.
    void sum_down(std::span<const std::uint64_t> resource_colours);
    [[nodiscard]] std::uint64_t colour_of(std::uint32_t bundle) const { return values_[bundle]; }

    // Sums of weights that were put on first bundles since clear(), by resource.
    void clear();
    void put(std::uint32_t bundle, std::uint64_t weight);
    void sum_up(std::span<std::uint64_t> resource_sums);

    [[nodiscard]] std::size_t bundles() const { return first_edge_.size(); }
    [[nodiscard]] std::size_t edges() const { return edges_.size(); }

private:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
    struct Branch {  // of what is left of a route set, without the node where it is
        std::uint32_t rest = 0;
        std::uint16_t port = 0;
        std::uint16_t lanes = 0;
    };
    struct Rest {
        std::uint32_t first = 0;  // in branches_
        std::uint32_t count = 0;
    };
    struct Edge {
        std::uint32_t resource = kNone;  // none: goes on with the resource of the link before
        std::uint32_t bundle = 0;
        std::uint16_t lane = 0;  // first of the bundle's that go this way
        std::uint16_t lanes = 0;
    };

    std::uint32_t rest_of(RouteSet routes, std::size_t first, std::size_t end, std::size_t depth);
    std::uint32_t keep(const std::vector<Branch>& branches);
    std::uint32_t bundle_at(std::uint32_t node, std::uint32_t rest);
    [[nodiscard]] static std::uint64_t times(std::uint64_t a, std::uint64_t b);

    const Topology& topology_;
    const FluidLinks& links_;
    std::vector<Branch> branches_;
    std::vector<Rest> rests_;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> rests_by_hash_;  // looked up, never iterated
    std::unordered_map<const std::uint16_t*, std::uint32_t> known_;                // likewise, by RouteSet::words
    PairNumbers numbers_;                                                          // of (node, rest)
    std::vector<std::uint32_t> first_edge_;  // by bundle; a bundle comes after those that it leads to
    std::vector<std::uint32_t> edge_count_;
    std::vector<Edge> edges_;
    std::vector<std::uint64_t> values_;  // by bundle: colours or sums
    std::vector<std::uint64_t> power_;   // x^i
    std::vector<std::uint64_t> series_;  // 1 + x + ... + x^(i-1)
};

}  // namespace myriad

// Route sets become tries in the order of their routes, equal rests of different sets the same one; a bundle is a rest
// at a node. Children are numbered before their parents, so that a pass in order of numbers meets each after what it needs.

#include "interconnect/folding/route_bundles.h"

#include "interconnect/routing/flow_hash.h"
#include "sim/error/error.h"
#include "sim/units/units.h"

#include <algorithm>

namespace myriad {

namespace {

constexpr std::uint64_t kPrime = (std::uint64_t{1} << 61) - 1;
constexpr std::uint64_t kBase = 0x0123'4567'89AB'CDEF % kPrime;
constexpr std::size_t kLanesMax = 1u << 12;
constexpr std::uint64_t kContinued = 0x636F6E74;  // stands for a link whose resource has been counted

std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t sum = a + b;
    return sum >= kPrime ? sum - kPrime : sum;
}

}  // namespace

std::size_t PairNumbers::place_of(std::uint32_t a, std::uint32_t b) const {
    return mix_bits(std::uint64_t{a} << 32 | b) & (slots_.size() - 1);
}

std::uint32_t PairNumbers::find(std::uint32_t a, std::uint32_t b) const {
    if (slots_.empty()) {
        return kNone;
    }
    for (std::size_t at = place_of(a, b);; at = (at + 1) & (slots_.size() - 1)) {
        const Slot& slot = slots_[at];
        if (slot.number == kNone || (slot.a == a && slot.b == b)) {
            return slot.number;
        }
    }
}

void PairNumbers::add(std::uint32_t a, std::uint32_t b, std::uint32_t number) {
    constexpr std::size_t kFirst = 1024;
    if (2 * (used_ + 1) > slots_.size()) {
        std::vector<Slot> before(slots_.empty() ? kFirst : 2 * slots_.size());
        before.swap(slots_);
        used_ = 0;
        for (const Slot& slot : before) {
            if (slot.number != kNone) {
                add(slot.a, slot.b, slot.number);
            }
        }
    }
    std::size_t at = place_of(a, b);
    while (slots_[at].number != kNone) {
        at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = {a, b, number};
    ++used_;
}

std::uint64_t RouteBundles::times(std::uint64_t a, std::uint64_t b) {
    const Int128 product = static_cast<Int128>(a) * static_cast<Int128>(b);
    return plus(static_cast<std::uint64_t>(product & static_cast<Int128>(kPrime)),
                static_cast<std::uint64_t>(product >> 61));
}

RouteBundles::RouteBundles(const Topology& topology, const FluidLinks& links) : topology_(topology), links_(links) {
    power_.push_back(1);
    series_.push_back(0);
    for (std::size_t i = 1; i < kLanesMax; ++i) {
        series_.push_back(plus(series_.back(), power_.back()));
        power_.push_back(times(power_.back(), kBase));
    }
    rests_.push_back({0, 0});  // of a route that has arrived
}

std::uint32_t RouteBundles::keep(const std::vector<Branch>& branches) {
    std::uint64_t hash = branches.size();
    for (const Branch& branch : branches) {
        hash = hash_step(hash, std::uint64_t{branch.rest} << 32 | std::uint32_t{branch.port} << 16 | branch.lanes);
    }
    std::vector<std::uint32_t>& alike = rests_by_hash_[hash];
    for (const std::uint32_t known : alike) {
        const Rest& rest = rests_[known];
        const bool same = rest.count == branches.size() &&
                          std::equal(branches.begin(), branches.end(), branches_.begin() + rest.first,
                                     [](const Branch& a, const Branch& b) {
                                         return a.rest == b.rest && a.port == b.port && a.lanes == b.lanes;
                                     });
        if (same) {
            return known;
        }
    }
    const auto number = static_cast<std::uint32_t>(rests_.size());
    alike.push_back(number);
    rests_.push_back({static_cast<std::uint32_t>(branches_.size()), static_cast<std::uint32_t>(branches.size())});
    branches_.insert(branches_.end(), branches.begin(), branches.end());
    return number;
}

// Of the routes [first, end), which are alike up to `depth`.
std::uint32_t RouteBundles::rest_of(RouteSet routes, std::size_t first, std::size_t end, std::size_t depth) {
    if (routes[first].hops() == depth) {
        MYRIAD_CHECK(end - first == 1, "routes of a set differ, and none is the beginning of another");
        return 0;
    }
    std::vector<Branch> branches;
    for (std::size_t i = first; i < end;) {
        const std::uint16_t port = routes[i][depth];
        std::size_t next = i + 1;
        while (next < end && routes[next].hops() > depth && routes[next][depth] == port) {
            ++next;
        }
        // Most lanes that part here go on alike: over another switch, then the same way.
        const bool as_before = next - i == 1 && i > first && branches.back().lanes == 1 &&
                               std::equal(routes[i].begin() + depth + 1, routes[i].end(),
                                          routes[i - 1].begin() + depth + 1, routes[i - 1].end());
        const std::uint32_t rest = as_before ? branches.back().rest : rest_of(routes, i, next, depth + 1);
        branches.push_back({rest, port, static_cast<std::uint16_t>(next - i)});
        i = next;
    }
    return keep(branches);
}

std::uint32_t RouteBundles::bundle_at(std::uint32_t node, std::uint32_t rest) {
    const std::uint32_t known = numbers_.find(node, rest);
    if (known != PairNumbers::kNone) {
        return known;
    }
    std::vector<Edge> edges;
    std::uint16_t lane = 0;
    for (std::uint32_t i = 0; i < rests_[rest].count; ++i) {
        const Branch branch = branches_[rests_[rest].first + i];
        const Step step = step_over(topology_, NodeId{node}, branch.port);
        const std::uint32_t link = 2 * index(step.way.edge) + step.way.direction;
        const std::uint32_t resource = links_.resource_of(link);
        const bool begins = links_.members(resource).front() == link;
        edges.push_back({begins ? resource : kNone, bundle_at(index(step.to), branch.rest), lane, branch.lanes});
        lane = static_cast<std::uint16_t>(lane + branch.lanes);
    }
    const auto number = static_cast<std::uint32_t>(first_edge_.size());
    first_edge_.push_back(static_cast<std::uint32_t>(edges_.size()));
    edge_count_.push_back(static_cast<std::uint32_t>(edges.size()));
    edges_.insert(edges_.end(), edges.begin(), edges.end());
    numbers_.add(node, rest, number);
    return number;
}

std::uint32_t RouteBundles::add(CardId from, RouteSet routes) {
    MYRIAD_CHECK(routes.size() < kLanesMax, "a message is spread over fewer than 4096 routes");
    const auto [known, fresh] = known_.try_emplace(routes.words(), 0);
    if (fresh) {
        known->second = rest_of(routes, 0, routes.size(), 0);
    }
    return bundle_at(index(node_of(topology_, from)), known->second);
}

void RouteBundles::sum_down(std::span<const std::uint64_t> resource_colours) {
    values_.resize(first_edge_.size());
    for (std::size_t b = 0; b < first_edge_.size(); ++b) {
        std::uint64_t colour = edge_count_[b];
        for (std::uint32_t e = first_edge_[b]; e < first_edge_[b] + edge_count_[b]; ++e) {
            const Edge& edge = edges_[e];
            const std::uint64_t link = edge.resource == kNone ? kContinued : resource_colours[edge.resource];
            colour = mix_bits(colour * 0x9E37'79B9'7F4A'7C15u + mix_bits(link + 0x51ED'270B * edge.lanes) +
                              values_[edge.bundle]);
        }
        values_[b] = colour;
    }
}

void RouteBundles::clear() { values_.assign(first_edge_.size(), 0); }

void RouteBundles::put(std::uint32_t bundle, std::uint64_t weight) {
    values_[bundle] = plus(values_[bundle], weight % kPrime);
}

void RouteBundles::sum_up(std::span<std::uint64_t> resource_sums) {
    std::fill(resource_sums.begin(), resource_sums.end(), 0);
    for (std::size_t b = first_edge_.size(); b-- > 0;) {
        if (values_[b] == 0) {
            continue;
        }
        for (std::uint32_t e = first_edge_[b]; e < first_edge_[b] + edge_count_[b]; ++e) {
            const Edge& edge = edges_[e];
            const std::uint64_t value = edge.lane == 0 ? values_[b] : times(values_[b], power_[edge.lane]);
            values_[edge.bundle] = plus(values_[edge.bundle], value);
            if (edge.resource != kNone) {
                std::uint64_t& sum = resource_sums[edge.resource];
                sum = plus(sum, edge.lanes == 1 ? value : times(value, series_[edge.lanes]));
            }
        }
    }
}

}  // namespace myriad

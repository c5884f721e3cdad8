// Adds up bytes on links, step by step; load_model.h states the formula and what it leaves out. Two passes over the
// transfers of a step, the first for the loads, the second for the slowest transfer; routes are asked for in both
// because millions of them would not fit. Assumes sizes below 2^59 bytes.

#include "interconnect/analytic/load_model.h"

#include "interconnect/collective/chunk_sizes.h"
#include "interconnect/collective/helpers.h"
#include "sim/error/error.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

namespace myriad {

LoadModel::LoadModel(const Topology& topology, Router& router) : topology_(topology), router_(router) {
    const std::size_t links = 2 * topology.edges.size();
    bandwidth_.resize(links);
    latency_.resize(links);
    load_.resize(links);
    for (std::size_t edge = 0; edge < topology.edges.size(); ++edge) {
        for (std::uint8_t direction = 0; direction < 2; ++direction) {
            const DirectedEdge way{EdgeId{static_cast<std::uint32_t>(edge)}, direction};
            bandwidth_[link_index(way)] = class_of(topology, way.edge).bandwidth;
            latency_[link_index(way)] = latency_of(topology, way);
        }
    }
    for (std::size_t node = 0; node < topology.nodes.size(); ++node) {
        first_port_.push_back(static_cast<std::uint32_t>(hops_.size()));
        for (std::size_t port = 0; port < topology.nodes[node].ports.size(); ++port) {
            const Step step =
                step_over(topology, NodeId{static_cast<std::uint32_t>(node)}, static_cast<std::uint16_t>(port));
            hops_.push_back({static_cast<std::uint32_t>(link_index(step.way)), index(step.to)});
        }
    }
}

// Calls visit(first hop's node, route, bytes of its share) for the routes that carry something; all of them when the
// message is empty, because its header takes some route.
template <class Visit>
void LoadModel::for_each_share(CardId from, CardId to, Bytes size, Visit&& visit) {
    const RouteSet routes = router_.between(from, to);
    const auto count = static_cast<std::int64_t>(routes.size());
    std::int64_t begin = 0;
    for (std::int64_t r = 0; r < count; ++r) {
        const std::int64_t end = r + 1 == count ? size.count() : size.count() * (r + 1) / count;
        if (end > begin || size.count() == 0) {
            visit(index(node_of(topology_, from)), routes[static_cast<std::size_t>(r)], end - begin);
        }
        begin = end;
    }
}

void LoadModel::load(CardId from, CardId to, Bytes size) {
    for_each_share(from, to, size, [&](std::uint32_t node, Route route, std::int64_t share) {
        for (const std::uint16_t port : route) {
            const Hop hop = hops_[first_port_[node] + port];
            if (load_[hop.link] == 0) {
                touched_.push_back(hop.link);
            }
            load_[hop.link] += share;
            node = hop.next;
        }
    });
}

void LoadModel::clear() {
    for (const std::uint32_t link : touched_) {
        load_[link] = 0;
    }
    touched_.clear();
}

void LoadModel::add_costs(CardId from, CardId to, CostEnvelope& costs) {
    for_each_share(from, to, Bytes{0}, [&](std::uint32_t node, Route route, std::int64_t) {
        PathCost cost;
        double slowest = -1.0;
        for (const std::uint16_t port : route) {
            const Hop hop = hops_[first_port_[node] + port];
            cost.latency += latency_[hop.link];
            const double busy =
                static_cast<double>(load_[hop.link]) / static_cast<double>(bandwidth_[hop.link].count());
            if (busy > slowest) {
                slowest = busy;
                cost.load = load_[hop.link];
                cost.bandwidth = bandwidth_[hop.link];
            }
            node = hop.next;
        }
        costs.add(cost);
    });
}

namespace {

int all_ranks(const Schedule& schedule) {
    return schedule.helped() ? HelperRanks{schedule.ranks()}.all() : schedule.ranks();
}

}  // namespace

SiblingGroups LoadModel::seats(const Schedule& schedule, const SiblingGroups& groups) const {
    if (!schedule.helped()) {
        return groups;
    }
    SiblingGroups all;
    for (const std::vector<CardId>& cards : groups) {
        all.push_back(seats_of(topology_, cards));
    }
    return all;
}

CostEnvelope LoadModel::costs_together(const Schedule& schedule, int first, int end, const SiblingGroups& groups) {
    const auto for_each_transfer = [&](auto&& visit) {
        for (int step = first; step < end; ++step) {
            for (int rank = 0; rank < all_ranks(schedule); ++rank) {
                schedule.sends(rank, step, transfers_);
                for (const Transfer& transfer : transfers_) {
                    for (const std::vector<CardId>& cards : groups) {
                        visit(cards[static_cast<std::size_t>(rank)], cards[static_cast<std::size_t>(transfer.peer)],
                              transfer.chunk_count);
                    }
                }
            }
        }
    };
    for_each_transfer(
        [&](CardId from, CardId to, std::int64_t chunks) { load(from, to, Bytes{chunks * kPartsPerChunk}); });
    CostEnvelope costs;
    for_each_transfer([&](CardId from, CardId to, std::int64_t) { add_costs(from, to, costs); });
    clear();
    return costs;
}

namespace {

struct EqualSteps {
    int first = 0;
    std::int64_t count = 0;
};

std::map<int, EqualSteps> distinct_steps(const Schedule& schedule) {
    std::map<int, EqualSteps> patterns;
    for (int step = 0; step < schedule.steps(); ++step) {
        ++patterns.try_emplace(schedule.pattern(step), EqualSteps{step, 0}).first->second.count;
    }
    return patterns;
}

}  // namespace

namespace {

// The peers of ranks 0, 1, ... when every step is the same and each rank sends one equal message along one ring; else
// nothing.
std::vector<int> ring_of(const Schedule& schedule, std::size_t patterns) {
    if (patterns != 1 || schedule.steps() < 2) {
        return {};
    }
    std::vector<int> next;
    std::vector<Transfer> transfers;
    std::int64_t chunks = 0;
    for (int rank = 0; rank < schedule.ranks(); ++rank) {
        schedule.sends(rank, 0, transfers);
        if (transfers.size() != 1 || (rank > 0 && transfers.front().chunk_count != chunks)) {
            return {};
        }
        chunks = transfers.front().chunk_count;
        next.push_back(transfers.front().peer);
    }
    int rank = 0;
    int length = 0;
    do {
        rank = next[static_cast<std::size_t>(rank)];
        ++length;
    } while (rank != 0 && length < schedule.ranks());
    return rank == 0 && length == schedule.ranks() ? next : std::vector<int>{};
}

}  // namespace

std::vector<std::vector<RingHop>> LoadModel::ring_costs(const Schedule& schedule, const SiblingGroups& groups) {
    const std::vector<int> next = ring_of(schedule, distinct_steps(schedule).size());
    if (next.empty()) {
        return {};
    }
    schedule.sends(0, 0, transfers_);
    const Bytes parts{transfers_.front().chunk_count * kPartsPerChunk};
    const auto for_each_hop = [&](const std::vector<CardId>& cards, auto&& visit) {
        for (std::size_t rank = 0; rank < next.size(); ++rank) {
            visit(cards[rank], cards[static_cast<std::size_t>(next[rank])]);
        }
    };
    for (const std::vector<CardId>& cards : groups) {
        for_each_hop(cards, [&](CardId from, CardId to) { load(from, to, parts); });
    }
    // Hops that cost the same are one entry; so are rings.
    using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // latency, load, bandwidth
    std::set<std::map<Key, std::int64_t>> distinct;
    for (const std::vector<CardId>& cards : groups) {
        std::map<Key, std::int64_t> hops;
        for_each_hop(cards, [&](CardId from, CardId to) {
            CostEnvelope costs;
            add_costs(from, to, costs);
            const PathCost path = costs.slowest();
            ++hops[{path.latency.count(), path.load, path.bandwidth.count()}];
        });
        distinct.insert(std::move(hops));
    }
    clear();
    std::vector<std::vector<RingHop>> rings;
    for (const std::map<Key, std::int64_t>& hops : distinct) {
        std::vector<RingHop>& ring = rings.emplace_back();
        for (const auto& [key, count] : hops) {
            const auto& [latency, load, bandwidth] = key;
            ring.push_back({{Picoseconds{latency}, load, BytesPerSecond{bandwidth}}, count});
        }
    }
    return rings;
}

// In chunks, of what ranks send; helpers are hardware and wait for nothing. 0: no rank sends.
std::int64_t LoadModel::largest_message(const Schedule& schedule, int step) {
    std::int64_t largest = 0;
    for (int rank = 0; rank < schedule.ranks(); ++rank) {
        schedule.sends(rank, step, transfers_);
        for (const Transfer& transfer : transfers_) {
            largest = std::max(largest, transfer.chunk_count);
        }
    }
    return largest;
}

CollectiveProfile LoadModel::profile(const Schedule& schedule, const SiblingGroups& given) {
    for (const std::vector<CardId>& cards : given) {
        MYRIAD_CHECK(static_cast<int>(cards.size()) == schedule.ranks(), "a sibling group has another size");
    }
    const SiblingGroups groups = seats(schedule, given);
    const std::unique_ptr<Schedule> lone = schedule.lone_piece();
    const Schedule& added_up = lone == nullptr ? schedule : *lone;
    CollectiveProfile profile(added_up.chunks(), schedule.chunks() / added_up.chunks());
    for (const auto& [pattern, steps] : distinct_steps(added_up)) {
        profile.add_part(costs_together(added_up, steps.first, steps.first + 1, groups), steps.count,
                         largest_message(added_up, steps.first));
    }
    if (lone != nullptr) {
        // In the steady state every step of the way carries a piece at the same time.
        profile.set_way(costs_together(*lone, 0, lone->steps(), groups));
    } else {
        profile.set_rings(ring_costs(schedule, groups));
    }
    return profile;
}

Picoseconds LoadModel::message_time(CardId from, CardId to, Bytes size) {
    load(from, to, size);
    // One buffer, whose parts are bytes.
    CostEnvelope costs;
    add_costs(from, to, costs);
    clear();
    return costs.time(Bytes{kPartsPerChunk}, 1, {});
}

void LoadModel::add_message_bytes(CardId from, CardId to, Bytes size, std::vector<Bytes>& bytes) {
    load(from, to, size);
    for (const std::uint32_t link : touched_) {
        bytes[link] += Bytes{load_[link]};
        load_[link] = 0;  // a link may be listed twice while its load is 0
    }
    clear();
}

void LoadModel::add_collective_bytes(const Schedule& schedule, Bytes size, const std::vector<CardId>& group,
                                     std::int64_t times, std::vector<Bytes>& bytes, const CallCost& cost) {
    // All pieces of a pipeline go the same way, on which they put together what one piece as large as the buffer does.
    const std::unique_ptr<Schedule> lone = schedule.lone_piece();
    const Schedule& counted = lone == nullptr ? schedule : *lone;
    const ChunkSizes sizes(size, counted.chunks());
    const std::vector<CardId> cards = seats(schedule, {group}).front();
    for (const auto& [pattern, steps] : distinct_steps(counted)) {
        for (int rank = 0; rank < all_ranks(counted); ++rank) {
            counted.sends(rank, steps.first, transfers_);
            for (const Transfer& transfer : transfers_) {
                load(cards[static_cast<std::size_t>(rank)], cards[static_cast<std::size_t>(transfer.peer)],
                     cost.wire(sizes.of(transfer)));
            }
        }
        for (const std::uint32_t link : touched_) {
            bytes[link] += Bytes{load_[link] * times * steps.count};
            load_[link] = 0;
        }
        clear();
    }
}

Picoseconds analytic_collective_time(const Topology& topology, Router& router, const Schedule& schedule, Bytes size,
                                     const SiblingGroups& groups) {
    return LoadModel(topology, router).profile(schedule, groups).time(size);
}

}  // namespace myriad

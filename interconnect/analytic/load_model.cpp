// Adds up bytes on links, step by step; load_model.h states the formula and what it leaves out. Two passes over the
// transfers of a step, the first for the loads, the second for the slowest transfer; routes are asked for in both
// because millions of them would not fit.

#include "interconnect/analytic/load_model.h"

#include "interconnect/collective/chunk_sizes.h"
#include "sim/error/error.h"

#include <algorithm>
#include <map>

namespace myriad {

LoadModel::LoadModel(const Topology& topology, Router& router) : topology_(topology), router_(router) {
    const std::size_t links = 2 * topology.edges.size();
    bandwidth_.resize(links);
    latency_.resize(links);
    load_.resize(links);
    busy_.resize(links);
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
            const Step step = step_over(topology, NodeId{static_cast<std::uint32_t>(node)},
                                        static_cast<std::uint16_t>(port));
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
        const std::int64_t end = static_cast<std::int64_t>(static_cast<Int128>(size.count()) * (r + 1) / count);
        if (end > begin || size.count() == 0) {
            visit(index(topology_.cards[index(from)]), routes[static_cast<std::size_t>(r)], end - begin);
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

void LoadModel::settle() {
    for (const std::uint32_t link : touched_) {
        busy_[link] = transfer_time_ceil(Bytes{load_[link]}, bandwidth_[link]);
    }
}

void LoadModel::clear() {
    for (const std::uint32_t link : touched_) {
        load_[link] = 0;
        busy_[link] = Picoseconds{0};
    }
    touched_.clear();
}

Picoseconds LoadModel::loaded_time(CardId from, CardId to, Bytes size, bool with_latency) {
    Picoseconds slowest{0};
    for_each_share(from, to, size, [&](std::uint32_t node, Route route, std::int64_t) {
        Picoseconds latency{0};
        Picoseconds busy{0};
        for (const std::uint16_t port : route) {
            const Hop hop = hops_[first_port_[node] + port];
            latency += latency_[hop.link];
            busy = std::max(busy, busy_[hop.link]);
            node = hop.next;
        }
        slowest = std::max(slowest, busy + (with_latency ? latency : Picoseconds{0}));
    });
    return slowest;
}

Picoseconds LoadModel::step_time(const Schedule& schedule, int step, Bytes size, const SiblingGroups& groups) {
    const ChunkSizes sizes(size, schedule.chunks());
    for (int rank = 0; rank < schedule.ranks(); ++rank) {
        schedule.sends(rank, step, transfers_);
        for (const Transfer& transfer : transfers_) {
            for (const std::vector<CardId>& cards : groups) {
                load(cards[static_cast<std::size_t>(rank)], cards[static_cast<std::size_t>(transfer.peer)],
                     sizes.of(transfer));
            }
        }
    }
    settle();
    Picoseconds slowest{0};
    for (int rank = 0; rank < schedule.ranks(); ++rank) {
        schedule.sends(rank, step, transfers_);
        for (const Transfer& transfer : transfers_) {
            for (const std::vector<CardId>& cards : groups) {
                slowest = std::max(slowest, loaded_time(cards[static_cast<std::size_t>(rank)],
                                                        cards[static_cast<std::size_t>(transfer.peer)],
                                                        sizes.of(transfer), true));
            }
        }
    }
    clear();
    return slowest;
}

namespace {

// The ranks of a pipelined schedule in the order of the chain. Piece 0 leaves the k-th of them in step k.
std::vector<int> chain_of(const Schedule& schedule) {
    std::vector<Transfer> transfers;
    int rank = 0;
    for (; transfers.empty(); ++rank) {
        MYRIAD_CHECK(rank < schedule.ranks(), "a chain has a first rank");
        schedule.sends(rank, 0, transfers);
    }
    std::vector<int> chain{rank - 1};
    while (chain.size() < static_cast<std::size_t>(schedule.ranks())) {
        schedule.sends(chain.back(), static_cast<int>(chain.size()) - 1, transfers);
        MYRIAD_CHECK(transfers.size() == 1 && transfers[0].first_chunk == 0, "a chain passes on piece by piece");
        chain.push_back(transfers[0].peer);
    }
    return chain;
}

}  // namespace

Picoseconds LoadModel::pipeline_time(const Schedule& schedule, Bytes size, const SiblingGroups& groups) {
    const std::vector<int> chain = chain_of(schedule);
    const Bytes last = ChunkSizes(size, schedule.chunks()).of({.first_chunk = schedule.chunks() - 1, .chunk_count = 1});
    // Loads every hop of every group with `amount`, then calls visit(time of the slowest group) for hop after hop.
    const auto with_loads = [&](Bytes amount, bool with_latency, auto&& visit) {
        const auto card = [&](const std::vector<CardId>& cards, std::size_t place) {
            return cards[static_cast<std::size_t>(chain[place])];
        };
        for (std::size_t hop = 0; hop + 1 < chain.size(); ++hop) {
            for (const std::vector<CardId>& cards : groups) {
                load(card(cards, hop), card(cards, hop + 1), amount);
            }
        }
        settle();
        for (std::size_t hop = 0; hop + 1 < chain.size(); ++hop) {
            Picoseconds slowest{0};
            for (const std::vector<CardId>& cards : groups) {
                slowest = std::max(slowest, loaded_time(card(cards, hop), card(cards, hop + 1), amount, with_latency));
            }
            visit(slowest);
        }
        clear();
    };
    Picoseconds fill{0};
    Picoseconds bottleneck{0};
    with_loads(last, true, [&](Picoseconds hop) { fill += hop; });
    with_loads(size - last, false, [&](Picoseconds hop) { bottleneck = std::max(bottleneck, hop); });
    return fill + bottleneck;
}

Picoseconds LoadModel::collective_time(const Schedule& schedule, Bytes size, const SiblingGroups& groups) {
    for (const std::vector<CardId>& cards : groups) {
        MYRIAD_CHECK(static_cast<int>(cards.size()) == schedule.ranks(), "a sibling group has another size");
    }
    if (schedule.steps() == 0) {
        return Picoseconds{0};
    }
    if (schedule.pipelined()) {
        return pipeline_time(schedule, size, groups);
    }
    std::map<int, Picoseconds> known;
    Picoseconds total{0};
    for (int step = 0; step < schedule.steps(); ++step) {
        const auto [entry, fresh] = known.try_emplace(schedule.pattern(step));
        if (fresh) {
            entry->second = step_time(schedule, step, size, groups);
        }
        total += entry->second;
    }
    return total;
}

Picoseconds LoadModel::message_time(CardId from, CardId to, Bytes size) {
    load(from, to, size);
    settle();
    const Picoseconds time = loaded_time(from, to, size, true);
    clear();
    return time;
}

void LoadModel::add_message_bytes(CardId from, CardId to, Bytes size, std::vector<Bytes>& bytes) {
    load(from, to, size);
    for (const std::uint32_t link : touched_) {
        bytes[link] += Bytes{load_[link]};
        load_[link] = 0;  // a link may be listed twice while its load is 0
    }
    clear();
}

void LoadModel::add_collective_bytes(const Schedule& schedule, Bytes size, const std::vector<CardId>& cards,
                                     std::int64_t times, std::vector<Bytes>& bytes) {
    if (schedule.pipelined() && schedule.steps() > 0) {
        const std::vector<int> chain = chain_of(schedule);
        for (std::size_t hop = 0; hop + 1 < chain.size(); ++hop) {
            load(cards[static_cast<std::size_t>(chain[hop])], cards[static_cast<std::size_t>(chain[hop + 1])], size);
        }
        for (const std::uint32_t link : touched_) {
            bytes[link] += Bytes{load_[link] * times};
            load_[link] = 0;
        }
        return clear();
    }
    const ChunkSizes sizes(size, schedule.chunks());
    std::map<int, std::pair<int, std::int64_t>> repeats;  // pattern -> first step, number of steps
    for (int step = 0; step < schedule.steps(); ++step) {
        ++repeats.try_emplace(schedule.pattern(step), step, 0).first->second.second;
    }
    for (const auto& [pattern, steps] : repeats) {
        for (int rank = 0; rank < schedule.ranks(); ++rank) {
            schedule.sends(rank, steps.first, transfers_);
            for (const Transfer& transfer : transfers_) {
                load(cards[static_cast<std::size_t>(rank)], cards[static_cast<std::size_t>(transfer.peer)],
                     sizes.of(transfer));
            }
        }
        for (const std::uint32_t link : touched_) {
            bytes[link] += Bytes{load_[link] * times * steps.second};
            load_[link] = 0;
        }
        clear();
    }
}

Picoseconds analytic_collective_time(const Topology& topology, Router& router, const Schedule& schedule, Bytes size,
                                     const SiblingGroups& groups) {
    return LoadModel(topology, router).collective_time(schedule, size, groups);
}

}  // namespace myriad

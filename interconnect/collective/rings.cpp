// The search works on a matrix of links between ranks. A path is grown to an unused neighbour of its end; where there is
// none, a link from the end back into the path turns the rest of it around, which gives another end.

#include "interconnect/collective/rings.h"

#include "sim/random/random_stream.h"

#include <algorithm>
#include <map>
#include <string>

namespace myriad {

namespace {

constexpr int kSeeds = 300;
constexpr int kTurnsPerRank = 60;

using Ring = std::vector<int>;
using Neighbours = std::vector<std::vector<int>>;  // by rank, in order

std::size_t at(int rank) { return static_cast<std::size_t>(rank); }

Neighbours direct_neighbours(const Topology& topology, const std::vector<CardId>& cards) {
    std::map<NodeId, int> rank_of;
    for (std::size_t rank = 0; rank < cards.size(); ++rank) {
        rank_of[topology.cards[index(cards[rank])]] = static_cast<int>(rank);
    }
    Neighbours neighbours(cards.size());
    for (const auto& [node, rank] : rank_of) {
        for (std::size_t port = 0; port < topology.nodes[index(node)].ports.size(); ++port) {
            const auto found = rank_of.find(step_over(topology, node, static_cast<std::uint16_t>(port)).to);
            if (found != rank_of.end()) {
                neighbours[at(rank)].push_back(found->second);
            }
        }
        std::vector<int>& mine = neighbours[at(rank)];
        std::sort(mine.begin(), mine.end());
        mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
    }
    return neighbours;
}

// Walecki's zigzag: of the 2m ranks below the last one, i, i + 1, i - 1, i + 2 ... i + m, closed over the last one. For
// an even number of ranks the one left over goes between two of them m apart, which are others in every ring.
std::vector<Ring> rings_of_full_mesh(int ranks) {
    const bool even = ranks % 2 == 0;
    const int m = (even ? ranks - 2 : ranks - 1) / 2;
    std::vector<Ring> rings;
    for (int i = 0; i < m; ++i) {
        Ring ring;
        for (int step = 0; step < 2 * m; ++step) {
            if (even && step == m) {
                ring.push_back(ranks - 1);
            }
            const int offset = step % 2 == 1 ? (step + 1) / 2 : -(step / 2);
            ring.push_back((i + offset + 2 * m) % (2 * m));
        }
        ring.push_back(2 * m);
        rings.push_back(std::move(ring));
    }
    return rings;
}

bool contains(const std::vector<int>& list, int value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

// A ring through all ranks; empty when this walk does not find one.
Ring hamiltonian_ring(const Neighbours& links, RandomStream& random) {
    const int ranks = static_cast<int>(links.size());
    Ring path{0};
    std::vector<bool> used(links.size(), false);
    used[0] = true;
    for (int turn = 0; turn < kTurnsPerRank * ranks; ++turn) {
        const std::vector<int>& next = links[at(path.back())];
        if (next.empty()) {
            return {};
        }
        if (static_cast<int>(path.size()) == ranks && contains(next, path.front())) {
            return path;
        }
        std::vector<int> fresh;
        std::copy_if(next.begin(), next.end(), std::back_inserter(fresh), [&](int rank) { return !used[at(rank)]; });
        if (!fresh.empty()) {
            path.push_back(fresh[random.below(fresh.size())]);
            used[at(path.back())] = true;
        } else {
            const int pivot = next[random.below(next.size())];
            std::reverse(std::find(path.begin(), path.end(), pivot) + 1, path.end());
        }
    }
    return {};
}

void remove_ring(Neighbours& links, const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const int a = ring[i];
        const int b = ring[(i + 1) % ring.size()];
        std::erase(links[at(a)], b);
        std::erase(links[at(b)], a);
    }
}

}  // namespace

std::vector<std::vector<int>> edge_disjoint_rings(const Topology& topology, const std::vector<CardId>& cards) {
    const int ranks = static_cast<int>(cards.size());
    if (ranks < 3 || ranks > kRingSearchMax) {
        return {};
    }
    const Neighbours links = direct_neighbours(topology, cards);
    std::size_t fewest = cards.size();
    for (const std::vector<int>& mine : links) {
        fewest = std::min(fewest, mine.size());
    }
    if (fewest + 1 == cards.size()) {
        return rings_of_full_mesh(ranks);
    }
    std::vector<Ring> best;
    for (int seed = 0; seed < kSeeds && best.size() < fewest / 2; ++seed) {
        RandomStream random(static_cast<std::uint64_t>(seed), "rings");
        Neighbours left = links;
        std::vector<Ring> rings;
        while (rings.size() < fewest / 2) {
            const Ring ring = hamiltonian_ring(left, random);
            if (ring.empty()) {
                break;
            }
            remove_ring(left, ring);
            rings.push_back(ring);
        }
        if (rings.size() > best.size()) {
            best = std::move(rings);
        }
    }
    return best;
}

}  // namespace myriad

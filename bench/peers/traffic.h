#pragma once
// The work that every simulator of the comparison does: who sends how much to whom, and over what. Knows no simulator.

#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace peers {

// All links: 100 GB/s per direction and 500 ns.
inline constexpr std::int64_t kBytesPerSecond = 100'000'000'000;
inline constexpr std::int64_t kLatencyPs = 500'000;
// Two-level Clos: 16 hosts a leaf, 16 spines, one link from each leaf to each spine: full bisection.
inline constexpr int kLeafHosts = 16;
inline constexpr int kSpines = 16;

struct Case {
    std::string topology;  // star, clos, torus (three dimensions of equal odd size)
    std::string pattern;   // permutation, all_to_all, incast, ring_all_reduce
    int hosts = 0;
    std::int64_t bytes = 0;  // a flow; ring_all_reduce: the whole buffer
};

struct Flow {
    int from = 0;
    int to = 0;
};

inline Case case_of(int argc, char** argv) {
    if (argc < 5) {
        throw std::invalid_argument("expected TOPOLOGY PATTERN HOSTS BYTES");
    }
    return {argv[1], argv[2], std::atoi(argv[3]), std::atoll(argv[4])};
}

inline int torus_side(int hosts) {
    for (int side = 2; side * side * side <= hosts; ++side) {
        if (side * side * side == hosts) {
            return side;
        }
    }
    throw std::invalid_argument("a torus has a cube of hosts");
}

// All start at time zero. Empty for ring_all_reduce, which is a program and not a set of flows.
inline std::vector<Flow> flows_of(const Case& c) {
    std::vector<Flow> flows;
    if (c.pattern == "permutation") {
        // i -> a i + b modulo the hosts, a without common factor: crosses leaves and dimensions, the same everywhere.
        int a = 2 * (c.hosts / 5) + 1;
        while (std::gcd(a, c.hosts) != 1 || std::gcd(a - 1, c.hosts) == c.hosts) {
            ++a;
        }
        for (int i = 0; i < c.hosts; ++i) {
            const auto to = static_cast<int>((static_cast<std::int64_t>(a) * i + c.hosts / 2 + 1) % c.hosts);
            if (to != i) {
                flows.push_back({i, to});
            }
        }
    } else if (c.pattern == "all_to_all") {
        for (int i = 0; i < c.hosts; ++i) {
            for (int k = 1; k < c.hosts; ++k) {
                flows.push_back({i, (i + k) % c.hosts});
            }
        }
    } else if (c.pattern == "incast") {
        for (int i = 1; i < c.hosts; ++i) {
            flows.push_back({i, 0});
        }
    } else if (c.pattern != "ring_all_reduce") {
        throw std::invalid_argument("unknown pattern " + c.pattern);
    }
    return flows;
}

}  // namespace peers

// A flow that stands for several against all of them: a random network in which every flow and every link comes in
// several copies, solved by plain filling as it is, and by the solver with one of each. Seeds are printed.

#include "interconnect/flow/max_min.h"
#include "sim/random/random_stream.h"
#include "tests/property/flow/plain_filling.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace myriad;
using namespace myriad::test;

namespace {

// Four copies of each flow; one, two or four of each link. Copy c of a flow crosses copy c mod m of a link that has m,
// which so is crossed by 4 / m copies of the flow: its weight.
constexpr std::uint32_t kCopies = 4;

struct Copied {
    Copied(std::uint64_t seed, std::uint32_t links, std::uint32_t flows, std::uint32_t hops_max)
        : random(seed, "weights") {
        for (std::uint32_t l = 0; l < links; ++l) {
            const auto copies = std::uint32_t{1} << random.below(3);
            // Few figures, so that levels tie.
            capacities.emplace_back(10'000'000'000 * random.integer(1, 4));
            first_copy.push_back(static_cast<std::uint32_t>(whole.capacity.size()));
            link_copies.push_back(copies);
            whole.capacity.insert(whole.capacity.end(), copies, static_cast<double>(capacities.back().count()));
        }
        for (std::uint32_t f = 0; f < flows; ++f) {
            std::vector<std::uint32_t> path = random.permutation(links);
            path.resize(static_cast<std::size_t>(random.integer(1, hops_max)));
            paths.push_back(path);
            for (std::uint32_t copy = 0; copy < kCopies; ++copy) {
                auto& crossed = whole.paths.emplace_back();
                for (const std::uint32_t l : path) {
                    crossed.push_back(first_copy[l] + copy % link_copies[l]);
                }
                whole.active.push_back(false);
            }
        }
    }

    void define(MaxMin& solver) const {
        for (const auto& path : paths) {
            std::vector<std::uint32_t> weights;
            for (const std::uint32_t l : path) {
                weights.push_back(kCopies / link_copies[l]);
            }
            solver.define(path, weights);
        }
    }

    RandomStream random;
    std::vector<BytesPerSecond> capacities;
    std::vector<std::uint32_t> link_copies;
    std::vector<std::uint32_t> first_copy;
    std::vector<std::vector<std::uint32_t>> paths;
    PlainFilling whole;
};

void check(std::uint64_t first_seed, int seeds, std::size_t relax_limit) {
    double worst = 0.0;
    std::int64_t weighted = 0;
    for (std::uint64_t seed = first_seed; seed < first_seed + static_cast<std::uint64_t>(seeds); ++seed) {
        Copied network(seed, 12, 40, 4);
        MaxMin solver(network.capacities);
        solver.set_relax_limit(relax_limit);
        network.define(solver);
        for (int step = 0; step < 40; ++step) {
            for (std::int64_t change = network.random.integer(1, 4); change > 0; --change) {
                const auto f = static_cast<std::uint32_t>(network.random.below(network.paths.size()));
                const bool was_active = network.whole.active[kCopies * f];
                was_active ? solver.stop(f) : solver.start(f);
                for (std::uint32_t copy = 0; copy < kCopies; ++copy) {
                    network.whole.active[kCopies * f + copy] = !was_active;
                }
            }
            if (network.random.chance(0.1)) {
                const auto l = static_cast<std::uint32_t>(network.random.below(network.capacities.size()));
                const std::int64_t capacity = 10'000'000'000 * network.random.integer(0, 4);
                solver.set_capacity(l, BytesPerSecond{capacity});
                std::fill_n(network.whole.capacity.begin() + network.first_copy[l], network.link_copies[l],
                            static_cast<double>(capacity));
            }
            solver.settle();
            const std::vector<double> expected = network.whole.rates();
            for (std::uint32_t f = 0; f < network.paths.size(); ++f) {
                for (std::uint32_t copy = 0; copy < kCopies && network.whole.active[kCopies * f]; ++copy) {
                    const double rate = expected[kCopies * f + copy];
                    const double difference = std::abs(solver.rate(f) - rate) / std::max(rate, 1.0);
                    CAPTURE(seed, step, f, copy, rate, solver.rate(f));
                    REQUIRE(difference < 1e-9);
                    worst = std::max(worst, difference);
                    weighted += network.link_copies[network.paths[f][0]] < kCopies ? 1 : 0;
                }
            }
        }
    }
    std::printf("seeds %llu..%llu: largest relative difference %.1e\n", static_cast<unsigned long long>(first_seed),
                static_cast<unsigned long long>(first_seed + static_cast<std::uint64_t>(seeds) - 1), worst);
    CHECK(weighted > 0);  // the seeds do draw weights above one
}

}  // namespace

TEST_CASE("a flow with weights has the rate of each flow that it stands for, relaxed") { check(6100, 40, 1000); }

TEST_CASE("a flow with weights has the rate of each flow that it stands for, filled anew") { check(6200, 40, 0); }

// Shares by hand, and what must hold for any: nothing above its capacity, nothing idle that could run faster, and no one
// faster than another at the other's cost.

#include "sim/random/random_stream.h"
#include "sim/share/fair_share.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace myriad;

namespace {

std::vector<double> speeds_of(const std::vector<double>& capacities, const std::vector<std::vector<double>>& demands,
                              const std::vector<double>& caps) {
    std::vector<ShareActivity> activities;
    for (std::size_t a = 0; a < demands.size(); ++a) {
        activities.push_back({demands[a], caps[a]});
    }
    FairShare share;
    const auto speeds = share.solve(capacities, activities);
    return {speeds.begin(), speeds.end()};
}

}  // namespace

TEST_CASE("what fits runs at full speed") {
    CHECK(speeds_of({10.0}, {{4.0}, {6.0}}, {1.0, 1.0}) == std::vector<double>{1.0, 1.0});
    CHECK(speeds_of({10.0}, {{0.0}}, {0.5}) == std::vector<double>{0.5});
    CHECK(speeds_of({10.0}, {}, {}).empty());
}

TEST_CASE("those that meet on a full resource slow down alike") {
    // 8 + 8 wanted of 10: both at 10 / 16.
    CHECK(speeds_of({10.0}, {{8.0}, {8.0}}, {1.0, 1.0}) == std::vector<double>{0.625, 0.625});
    // 16 + 4 of 10: both at a half, whatever they ask for.
    CHECK(speeds_of({10.0}, {{16.0}, {4.0}}, {1.0, 1.0}) == std::vector<double>{0.5, 0.5});
}

TEST_CASE("what a capped one leaves goes to the others") {
    // Capped at 1/4 the first takes 2 of 10, the second needs 16: (10 - 2) / 16.
    CHECK(speeds_of({10.0}, {{8.0}, {16.0}}, {0.25, 1.0}) == std::vector<double>{0.25, 0.5});
}

TEST_CASE("the scarcest resource decides, and others are left to those who need only them") {
    // The second needs 20 of 10 cores: at a half it takes 5 of the 12 that pass; the first takes what is left of them,
    // (12 - 5) / 8 = 7/8. The third needs nothing that is full.
    const auto speeds = speeds_of({10.0, 12.0}, {{0.0, 8.0}, {20.0, 10.0}, {0.0, 0.0}}, {1.0, 1.0, 1.0});
    CHECK(speeds == std::vector<double>{0.875, 0.5, 1.0});
}

TEST_CASE("random shares are feasible, leave nothing idle and are max-min fair") {
    const auto seed = GENERATE(range<std::uint64_t>(1, 301));
    CAPTURE(seed);
    RandomStream random(seed, "share");
    std::vector<double> capacities(static_cast<std::size_t>(random.integer(1, 5)));
    for (double& capacity : capacities) {
        capacity = random.real(0.1, 100.0);
    }
    std::vector<std::vector<double>> demands(static_cast<std::size_t>(random.integer(1, 12)));
    std::vector<double> caps;
    for (auto& demand : demands) {
        for (std::size_t r = 0; r < capacities.size(); ++r) {
            demand.push_back(random.chance(0.4) ? 0.0 : random.real(0.0, 80.0));
        }
        caps.push_back(random.chance(0.5) ? 1.0 : random.real(0.01, 2.0));
    }
    const std::vector<double> speeds = speeds_of(capacities, demands, caps);
    constexpr double kRounding = 1e-9;
    std::vector<double> taken(capacities.size());
    for (std::size_t a = 0; a < demands.size(); ++a) {
        CHECK(speeds[a] > 0.0);
        CHECK(speeds[a] <= caps[a]);
        for (std::size_t r = 0; r < capacities.size(); ++r) {
            taken[r] += speeds[a] * demands[a][r];
        }
    }
    for (std::size_t r = 0; r < capacities.size(); ++r) {
        CHECK(taken[r] <= capacities[r] * (1.0 + kRounding));
    }
    for (std::size_t a = 0; a < demands.size(); ++a) {
        if (speeds[a] == caps[a]) {
            continue;
        }
        // Below its cap: some resource that it needs is full, and nobody on it is faster.
        bool stopped = false;
        for (std::size_t r = 0; r < capacities.size(); ++r) {
            double fastest = 0.0;
            for (std::size_t b = 0; b < demands.size(); ++b) {
                fastest = std::max(fastest, demands[b][r] > 0.0 ? speeds[b] : 0.0);
            }
            stopped = stopped || (demands[a][r] > 0.0 && taken[r] >= capacities[r] * (1.0 - kRounding) &&
                                  speeds[a] >= fastest * (1.0 - kRounding));
        }
        CHECK(stopped);
    }
}

// Random sweeps: what the analysis finds depends neither on the order of points nor on the unit of a result.

#include "sim/random/random_stream.h"
#include "tests/unit/analysis/made_sweep.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace myriad;
using namespace myriad::test;

namespace {

SweepOutcome random_sweep(RandomStream& stream) {
    std::vector<SweepAxis> axes;
    const std::size_t count = 1 + stream.below(3);
    for (std::size_t a = 0; a < count; ++a) {
        std::vector<double> numbers;
        for (std::size_t v = 0; v < 1 + stream.below(4) || v < 1; ++v) {
            numbers.push_back(std::exp2(static_cast<double>(v)));
        }
        axes.push_back(number_axis("a" + std::to_string(a), numbers));
    }
    axes.push_back(axis("plan", {"p", "q"}, AxisRole::tuning));
    axes.push_back(axis("load", {"t", "c"}, AxisRole::load));
    return made_sweep(axes, {"step_time", "busbw"}, [&](const Choice& choice) -> MadeValues {
        if (stream.below(8) == 0) {
            return {};
        }
        return {{choice.back() == 0 ? "step_time" : "busbw", 1.0 + 9.0 * stream.real()}};
    });
}

// The same points in another order; numbers stay with their points.
SweepOutcome shuffled(const SweepOutcome& outcome, RandomStream& stream) {
    SweepOutcome other = outcome;
    std::vector<std::size_t> order(outcome.points.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    stream.shuffle(order);
    for (std::size_t i = 0; i < order.size(); ++i) {
        other.points[i] = outcome.points[order[i]];
    }
    return other;
}

SweepOutcome scaled(SweepOutcome outcome, double factor) {
    for (SweepPointResult& point : outcome.points) {
        for (std::optional<double>& value : point.values) {
            value = value ? std::optional(*value * factor) : std::nullopt;
        }
    }
    return outcome;
}

void check_same(const Analysis& a, const Analysis& b) {
    REQUIRE(a.ranking->designs.size() == b.ranking->designs.size());
    for (std::size_t d = 0; d < a.ranking->designs.size(); ++d) {
        const RankedDesign& of_a = a.ranking->designs[d];
        const RankedDesign& of_b = b.ranking->designs[d];
        CHECK(of_a.name == of_b.name);
        CHECK(of_a.tunings == of_b.tunings);
        CHECK(of_a.excluded.empty() == of_b.excluded.empty());
        CHECK(of_a.on_front == of_b.on_front);
        CHECK(of_a.score.value_or(0.0) == Approx(of_b.score.value_or(0.0)));
    }
    REQUIRE(a.effects.size() == b.effects.size());
    const auto find = [&](const AxisEffect& wanted) {
        return std::find_if(b.effects.begin(), b.effects.end(), [&](const AxisEffect& effect) {
            return effect.axis == wanted.axis && effect.load == wanted.load && effect.metric == wanted.metric;
        });
    };
    for (const AxisEffect& effect : a.effects) {
        const auto other = find(effect);
        REQUIRE(other != b.effects.end());
        CHECK(effect.spread == Approx(other->spread));
        CHECK(effect.share == Approx(other->share).margin(1e-9));
    }
    CHECK(a.knee_summary == b.knee_summary);
}

}  // namespace

TEST_CASE("the order of points and the unit of results change nothing that a sweep teaches") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        RandomStream stream(seed, "random_sweeps");
        const SweepOutcome outcome = random_sweep(stream);
        const Analysis analysis = analyse(outcome);
        REQUIRE(analysis.ranking.has_value());
        check_same(analysis, analyse(shuffled(outcome, stream)));
        check_same(analysis, analyse(scaled(outcome, 1024.0)));
    }
}

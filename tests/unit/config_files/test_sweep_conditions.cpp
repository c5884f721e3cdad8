// Conditions over axes: what is left of a grid, and what is wrong with them.

#include "tests/unit/config_files/sweep_text.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

namespace {

constexpr const char* kPlan = R"(axes:
  - {name: tp, path: workload.training.plan.tensor_parallel, values: [1, 2, 4, 8, 16]}
  - {name: pp, path: workload.training.plan.pipeline_parallel, values: [1, 2, 4, 8, 16]}
)";
constexpr const char* kDerive =
    "derive: [{path: workload.training.plan.data_parallel, value: 16 / (tp * pp), as: dp}]\n";

constexpr const char* kNumbers = R"(axes:
  - {name: a, path: seed, values: [1, 2, 3]}
  - {name: b, path: fidelity.cell, values: [64 KiB, 1 MiB]}
)";

}  // namespace

TEST_CASE("required formulas leave the combinations where they hold, derived paths follow") {
    const Sweep sweep = sweep_of(training_sweep(std::string(kPlan) + kDerive + "require: [tp * pp * dp == 16]\n"));
    // Divisors of 16: 2^i x 2^j x 2^k with i + j + k = 4: (4 + 2 over 2) = 15.
    REQUIRE(sweep.points.size() == 15);
    for (const SweepPoint& point : sweep.points) {
        const int tp = 1 << point.choice[0];
        const int pp = 1 << point.choice[1];
        REQUIRE(tp * pp <= 16);
        CHECK(point.overrides.back() == "workload.training.plan.data_parallel=" + std::to_string(16 / (tp * pp)));
    }
    CHECK(sweep.points[14].index == 14);
    CHECK(sweep.notes.empty());
}

TEST_CASE("a derived number may carry a unit, and formulas see quantities in base units") {
    const Sweep sweep = sweep_of(collective_sweep(R"(axes:
  - {name: cards, path: cluster.server.cards, values: [4, 8]}
  - {name: cell, path: fidelity.cell, values: [64 KiB, 1 MiB]}
derive: [{path: cluster.server.link_total, value: 100 * cards, unit: GB/s}]
require: [cell / cards >= 16384]
)"));
    // 64 KiB / 4 = 16384 stays, 64 KiB / 8 = 8192 goes.
    CHECK(point_names(sweep) == Strings{"4/64 KiB", "4/1 MiB", "8/1 MiB"});
    CHECK(sweep.points[2].overrides.back() == "cluster.server.link_total=800 GB/s");
}

TEST_CASE("skip leaves out points that match all of a combination") {
    const Sweep sweep =
        sweep_of(collective_sweep(std::string(kNumbers) + "skip: [{a: 1, b: 1 MiB}, {a: [2, 3], b: 64*}]\n"));
    CHECK(point_names(sweep) == Strings{"1/64 KiB", "2/1 MiB", "3/1 MiB"});
}

TEST_CASE("conditions that do nothing are noted") {
    const Sweep sweep =
        sweep_of(collective_sweep(std::string(kNumbers) + "skip: [{a: 1}, {a: 1, b: 1 MiB}]\nrequire: [a < 9]\n"));
    CHECK(sweep.notes ==
          Strings{"skip 2 leaves out nothing", "'a < 9' leaves out nothing", "no point has '1' of axis 'a'"});
}

TEST_CASE("what is wrong with conditions is told where it stands") {
    const auto wrong = [](const std::string& rest) { return wrong_with(collective_sweep(kNumbers + rest)); };
    CHECK_THAT(wrong("skip: [{c: 1}]\n"), Contains("sweep.yaml:11:9: error: unknown axis 'c'"));
    CHECK_THAT(wrong("skip: [{b: 2 MiB}]\n"),
               Contains("sweep.yaml:11:12: error: axis 'b' has no value '2 MiB'; did you mean '1 MiB'?"));
    CHECK_THAT(wrong("skip: [a]\n"), Contains("11:8: error: expected the labels of a combination"));
    CHECK_THAT(wrong("require: [a +]\n"),
               Contains("11:11: error: expected a number, a name or '('") && !Contains("at a = 1"));
    CHECK_THAT(wrong("require: [a == aa]\n"),
               Contains("11:11: error: formula 'a == aa' names no axis 'aa'; did you mean 'a'?"));
    CHECK_THAT(wrong("require: [1 == 1]\n"), Contains("names no axis"));
    CHECK_THAT(wrong("require: [6 / (a - 2) > 0]\n"), Contains("division by zero") && Contains("at a = 2"));
    CHECK_THAT(wrong("require: [a > 3]\n"), Contains("11:10: error: the conditions leave no point of the sweep"));
    CHECK_THAT(wrong("derive: [{path: seed, value: a + 1}]\n"), Contains("axis 'a' sets seed too"));
    CHECK_THAT(wrong("derive: [{path: sed, value: a + 1}]\n"), Contains("unknown key 'sed'"));
    CHECK_THAT(wrong("derive: [{path: fidelity.card, value: a, as: b}]\n"),
               Contains("axis 'b' is called 'b' in formulas"));
}

TEST_CASE("an axis of words is no number, and one with spaces needs a name") {
    CHECK_THAT(wrong_with(collective_sweep(R"(axes:
  - {name: op, path: workload.collective.op, values: [all_reduce, all_gather]}
require: [op > 1]
)")),
               Contains("axis 'op' is no number at 'all_reduce', but formula 'op > 1' uses it"));
    CHECK_THAT(wrong_with(collective_sweep(R"(axes:
  - {name: of runs, path: seed, values: [1, 2]}
require: [runs > 1]
)")),
               Contains("give the axis a name for formulas with 'as'"));
    CHECK_THAT(wrong_with(collective_sweep(R"(axes:
  - {name: of runs, as: 1st, path: seed, values: [1, 2]}
)")),
               Contains("expected a name of letters, digits and '_', found '1st'"));
}

TEST_CASE("'when' knows other axes and leads not back to itself") {
    CHECK_THAT(wrong_with(collective_sweep(R"(axes:
  - {name: a, path: seed, values: [1, 2], when: {b: 1 MiB}}
  - {name: b, path: fidelity.cell, values: [64 KiB, 1 MiB], when: {a: 1}}
)")),
               Contains("'when' of axis 'a' leads back to itself"));
    CHECK_THAT(wrong_with(collective_sweep("axes:\n  - {name: a, path: seed, values: [1, 2], when: {a: 1}}\n")),
               Contains("axis 'a' cannot depend on itself"));
    CHECK_THAT(wrong_with(collective_sweep("axes:\n  - {name: a, path: seed, values: [1, 2], when: {b: 1}}\n")),
               Contains("unknown axis 'b'"));
}

TEST_CASE("an inert axis is out of formulas and matches only its own label") {
    const Sweep sweep = sweep_of(collective_sweep(R"(axes:
  - {name: a, path: seed, values: [1, 2]}
  - {name: b, path: fidelity.cell, values: [64 KiB, 1 MiB], when: {a: 1}}
require: [b > 65536]
)"));
    CHECK(point_names(sweep) == Strings{"1/1 MiB", "2/-"});
    const Sweep stars = sweep_of(collective_sweep(R"(axes:
  - {name: a, path: seed, values: [1, 2]}
  - {name: b, path: fidelity.cell, values: [64 KiB, 1 MiB], when: {a: 1}}
skip: [{b: "*"}]
)"));
    CHECK(point_names(stars) == Strings{"2/-"});
}

TEST_CASE("a grid that is too large is refused, a large one with few points is not") {
    const auto axis = [](const char* name, const char* path, int count) {
        return "  - {name: " + std::string(name) + ", path: " + path +
               ", range: {from: 1, to: " + std::to_string(count) + ", step: 1}}\n";
    };
    const std::string grid = "axes:\n" + axis("a", "seed", 1000) + axis("b", "workload.collective.ranks", 1000);
    CHECK_THAT(wrong_with(collective_sweep(grid + axis("c", "workload.collective.stride", 101))),
               Contains("101000000 combinations, at most 100000000 are looked at"));
    CHECK_THAT(wrong_with(collective_sweep(grid + axis("c", "workload.collective.stride", 2))),
               Contains("more than 1000000 points") && Contains("'sample'"));
    const Sweep few = sweep_of(
        collective_sweep(grid + axis("c", "workload.collective.stride", 100) + "require: [a * b == 7, c % b == 0]\n"));
    // a x b = 7: 1 x 7 with c in 7, 14 .. 98, and 7 x 1 with all c.
    CHECK(few.points.size() == 14 + 100);
}

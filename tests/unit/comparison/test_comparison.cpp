// Comparing runs: figures by hand, words by what they must say.

#include "app/comparison/comparison.h"
#include "sim/error/error.h"

#include <catch2/catch.hpp>

using namespace myriad;
using Catch::Matchers::Contains;

namespace {

// 10 s: 7 s of kernels, 2 s of waiting, 1 s of bubble.
ComparedRun run_a() {
    ComparedRun run;
    run.name = "a";
    run.workload = "training";
    run.what = "training step of x";
    run.network = "flow";
    run.card = "roofline";
    run.total = 10e12;
    run.work = 1000;
    run.causes = {{"compute", "kernels", CauseKind::compute, 7e12},
                  {"tensor", "waiting", CauseKind::communication, 2e12},
                  {"bubble", "bubble", CauseKind::bubble, 1e12}};
    run.operators = {{"gemm", 6e12}, {"norm", 1e12}};
    run.groups = {{"tp", 3e12, 2e12}};
    run.tiers = {{"icn", 50e9, 0.2, 0.4}};
    run.inputs = {{"cluster.links", "7"}, {"workload.batch", "32"}, {"cluster.same", "x"}};
    return run;
}

// 8 s: as `run_a`, but without waiting.
ComparedRun run_b() {
    ComparedRun run = run_a();
    run.name = "b";
    run.total = 8e12;
    run.causes.erase(run.causes.begin() + 1);
    run.groups = {{"tp", 1.5e12, 0.0}};
    run.tiers = {{"icn", 100e9, 0.1, 0.2}};
    run.inputs[0].second = "14";
    return run;
}

const ComparedRow& row_called(const std::vector<ComparedRow>& rows, const std::string& name) {
    for (const ComparedRow& row : rows) {
        if (row.name == name) {
            return row;
        }
    }
    throw std::runtime_error("no row " + name);
}

}  // namespace

TEST_CASE("causes of a difference add up to it and the largest comes first") {
    const Comparison c = compare_runs({run_a(), run_b()});
    CHECK(c.total.difference(1) == -2e12);
    REQUIRE(c.causes.size() == 3);
    CHECK(c.causes[0].name == "waiting");
    CHECK(c.causes[0].kind == CauseKind::communication);
    CHECK(c.causes[0].values == std::vector<double>{2e12, 0.0});  // b has no such cause: no time
    double sum = 0.0;
    for (const ComparedRow& row : c.causes) {
        sum += row.difference(1);
    }
    CHECK(sum == c.total.difference(1));
    CHECK_THAT(c.headline, Contains("b is 1.250 times as fast as a: 8 s instead of 10 s"));
    REQUIRE(c.verdict.size() == 2);
    CHECK_THAT(c.verdict[0], Contains("waiting -2 s (2 s -> 0 ps)") && !Contains("kernels"));
    CHECK_THAT(c.verdict[1], Contains("icn 50 GB/s -> 100 GB/s a link and direction, busiest 40.0 % -> 20.0 %"));
    CHECK(c.warnings.empty());
}

TEST_CASE("a run slower than the first is told so") {
    const Comparison c = compare_runs({run_b(), run_a()});
    CHECK_THAT(c.headline, Contains("a is 1.250 times as slow as b: 10 s instead of 8 s (+2 s, +25.0 %)"));
}

TEST_CASE("algorithms are listed where the runs chose differently") {
    ComparedRun a = run_a();
    ComparedRun b = run_b();
    a.algorithms = {{"tp all_reduce", "direct"}, {"dp all_reduce", "ring"}};
    b.algorithms = {{"tp all_reduce", "ring"}, {"dp all_reduce", "ring"}};
    const Comparison c = compare_runs({a, b});
    REQUIRE(c.algorithms.size() == 1);
    CHECK(c.algorithms[0].path == "tp all_reduce");
    CHECK(c.algorithms[0].values == std::vector<std::string>{"direct", "ring"});
}

TEST_CASE("only inputs that differ are listed") {
    const Comparison c = compare_runs({run_a(), run_b()});
    REQUIRE(c.inputs.size() == 1);
    CHECK(c.inputs[0].path == "cluster.links");
    CHECK(c.inputs[0].values == std::vector<std::string>{"7", "14"});
    CHECK_THAT(compare_runs({run_a(), run_a()}).warnings.at(0), Contains("inputs of the runs do not differ"));
}

TEST_CASE("steps of other numbers of tokens are compared at the tokens of the first") {
    ComparedRun twice = run_a();
    twice.name = "twice";
    twice.total *= 2;
    twice.work *= 2;
    for (ComparedCause& cause : twice.causes) {
        cause.time *= 2;
    }
    const Comparison c = compare_runs({run_a(), twice});
    CHECK(c.scale == std::vector<double>{1.0, 0.5});
    CHECK(c.total.difference(1) == 0.0);
    CHECK(row_called(c.causes, "kernels").difference(1) == 0.0);
    CHECK_THAT(c.headline, Contains("twice takes as long as a: 10 s"));
    CHECK_THAT(c.warnings.at(0), Contains("1,000 tokens") && Contains("2,000") && Contains("scaled by 0.5"));
}

TEST_CASE("runs at other levels are warned of") {
    ComparedRun packet = run_b();
    packet.network = "packet";
    CHECK_THAT(compare_runs({run_a(), packet}).warnings.at(0),
               Contains("a ran at levels flow/roofline, b at packet/roofline"));
}

TEST_CASE("causes that do not add up to the time of a run break a law") {
    ComparedRun wrong = run_b();
    wrong.total += 1e9;
    CHECK_THROWS_AS(compare_runs({run_a(), wrong}), LawError);
}

TEST_CASE("runs of different workloads cannot be compared") {
    ComparedRun other = run_b();
    other.workload = "collectives";
    CHECK_THROWS_WITH(compare_runs({run_a(), other}),
                      Contains("'a' is of workload training, 'b' of collectives: expected runs of one workload"));
}

TEST_CASE("three runs are headed by letters") {
    const std::string text = comparison_text(compare_runs({run_a(), run_b(), run_a()}));
    CHECK_THAT(text, Contains("B - A") && Contains("C - A"));
}

TEST_CASE("an input is its value, whatever it rests on") {
    const auto inputs = flat_inputs(
        "myriad: 1\nkind: scenario\nname: n\ncluster:\n  clock: {value: 1.7 GHz, status: assumed, source: x, "
        "range: [1 GHz, 2 GHz]}\n  sizes: [4, 2]\n");
    CHECK(inputs ==
          std::vector<std::pair<std::string, std::string>>{{"cluster.clock", "1.7 GHz"}, {"cluster.sizes", "[4, 2]"}});
}

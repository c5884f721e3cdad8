#include "tests/support/value_change_reader.h"

#include "sim/trace/value_change_dump.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

TimePoint at(std::int64_t picoseconds) { return TimePoint{ps(picoseconds)}; }
using Changes = std::vector<std::pair<std::int64_t, char>>;

}  // namespace

TEST_CASE("a dump declares its signals and changes them in order of time") {
    ValueChangeDump dump;
    const std::size_t tensor = dump.add_signal("core0", "tensor");
    const std::size_t loading = dump.add_signal("core0", "loading");
    const std::size_t hbm = dump.add_signal("memory", "hbm");
    dump.busy(loading, at(0), at(10));
    dump.busy(tensor, at(20), at(30));
    dump.busy(tensor, at(10), at(20));   // joins the one above: no change at 20
    dump.busy(loading, at(5), at(12));   // overlaps
    dump.busy(loading, at(40), at(40));  // takes no time
    const auto read = test::read_value_changes(dump.finish("gemm", at(50)));
    CHECK(read.problem.empty());
    CHECK(read.timescale == "1 ps");
    CHECK(read.end == 50);
    CHECK(read.changes.size() == 3);
    CHECK(read.changes.at("gemm.core0.tensor") == Changes{{0, '0'}, {10, '1'}, {30, '0'}});
    CHECK(read.changes.at("gemm.core0.loading") == Changes{{0, '0'}, {0, '1'}, {12, '0'}});
    CHECK(read.changes.at("gemm.memory.hbm") == Changes{{0, '0'}});
    static_cast<void>(hbm);
}

TEST_CASE("more signals than one character can name keep different names") {
    ValueChangeDump dump;
    for (int i = 0; i < 300; ++i) {
        const std::size_t signal = dump.add_signal("core" + std::to_string(i), "tensor");
        dump.busy(signal, at(i + 1), at(i + 2));
    }
    const auto read = test::read_value_changes(dump.finish("top", at(0)));
    CHECK(read.problem.empty());
    REQUIRE(read.changes.size() == 300);
    CHECK(read.changes.at("top.core299.tensor") == Changes{{0, '0'}, {300, '1'}, {301, '0'}});
}

TEST_CASE("the reader of the tests refuses what no dump may hold") {
    const std::string head = "$timescale 1 ps $end\n$scope module a $end\n$var wire 1 ! x $end\n$upscope $end\n";
    const std::string body = "$enddefinitions $end\n#0\n$dumpvars\n0!\n$end\n";
    CHECK(test::read_value_changes(head + body).problem.empty());
    CHECK_FALSE(test::read_value_changes(head + body + "#5\n1?\n").problem.empty());      // unknown signal
    CHECK_FALSE(test::read_value_changes(head + body + "#5\n1!\n#5\n").problem.empty());  // time stands still
    CHECK_FALSE(test::read_value_changes(head + body + "#5\n0!\n").problem.empty());      // no change
    CHECK_FALSE(test::read_value_changes(head).problem.empty());                          // no end of definitions
}

// Ranges of axes: labels that a person would write, and that read back to what they say.

#include "app/config_files/axis_range.h"

#include <catch2/catch.hpp>

using namespace myriad;
using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("steps of a quantity keep its unit and four digits") {
    // (1400 - 100) / 6 = 216.67 apart: 100, 316.67, 533.33, 750 ...
    CHECK(AxisRange("100 GB/s", "1400 GB/s", false).by_steps(7).labels ==
          Strings{"100 GB/s", "316.7 GB/s", "533.3 GB/s", "750 GB/s", "966.7 GB/s", "1183 GB/s", "1400 GB/s"});
    CHECK(AxisRange("100 GB/s", "1400 GB/s", false).by_steps(14).labels[1] == "200 GB/s");
    // Equal ratios: 100 x 16^(k/4)
    CHECK(AxisRange("100 GB/s", "1600 GB/s", true).by_steps(5).labels ==
          Strings{"100 GB/s", "200 GB/s", "400 GB/s", "800 GB/s", "1600 GB/s"});
    CHECK(AxisRange("1.5 us", "3.5 us", false).by_steps(3).labels == Strings{"1.5 us", "2.5 us", "3.5 us"});
}

TEST_CASE("a step adds and a factor multiplies, exactly") {
    CHECK(AxisRange("0.1 GB/s", "0.7 GB/s", false).by_step("0.1 GB/s").labels ==
          Strings{"0.1 GB/s", "0.2 GB/s", "0.3 GB/s", "0.4 GB/s", "0.5 GB/s", "0.6 GB/s", "0.7 GB/s"});
    CHECK(AxisRange("100 GB/s", "1 TB/s", false).by_step("400 GB/s").labels ==
          Strings{"100 GB/s", "500 GB/s", "900 GB/s"});
    CHECK(AxisRange("64 KiB", "1 GiB", false).by_factor("16x").labels ==
          Strings{"64 KiB", "1 MiB", "16 MiB", "256 MiB"});
    CHECK(AxisRange("1 B", "1048576 B", false).by_factor("1024").labels == Strings{"1 B", "1024 B", "1048576 B"});
    CHECK(AxisRange("1", "20", false).by_factor("2x").labels == Strings{"1", "2", "4", "8", "16"});
    CHECK(AxisRange("100 MB", "500 MB", false).by_factor("1.5x").labels ==
          Strings{"100 MB", "150 MB", "225 MB", "337.5 MB"});
}

TEST_CASE("whole ends make whole values, and two that round to one are told") {
    CHECK(AxisRange("1", "10", false).by_steps(4).labels == Strings{"1", "4", "7", "10"});
    CHECK(AxisRange("1", "8", false).by_steps(3).labels == Strings{"1", "5", "8"});  // 4.5 rounds up
    CHECK(AxisRange("0.0", "1", false).by_steps(3).labels == Strings{"0.0", "0.5", "1"});
    // 1, 1.5, 2, 2.5, 3 round to 1, 2, 2 ...
    CHECK_THAT(AxisRange("1", "3", false).by_steps(5).problem,
               Contains("values 2 and 3 both round to '2'; take fewer, or '1.0' for fractions"));
    CHECK_THAT(AxisRange("1", "9", false).by_factor("1.2x").problem, Contains("both round to '1'"));
    CHECK_THAT(AxisRange("1", "3", false).by_step("0.5").problem, Contains("expected a whole step"));
}

TEST_CASE("what a range cannot be is told") {
    CHECK_THAT(AxisRange("8", "4", false).problem(), Contains("expected 'from' below 'to', found '8' and '4'"));
    CHECK_THAT(AxisRange("8 GB", "9 GB/s", false).problem(), Contains("of different kinds"));
    CHECK_THAT(AxisRange("fast", "9 GB/s", false).problem(),
               Contains("expected a number or a quantity") && Contains("'fast'"));
    CHECK_THAT(AxisRange("0", "9", true).problem(), Contains("above 0"));
    CHECK_THAT(AxisRange("1", "9", false).by_factor("1x").problem, Contains("expected a factor above 1"));
    CHECK_THAT(AxisRange("1", "9", false).by_factor("two").problem, Contains("expected a factor above 1"));
    CHECK_THAT(AxisRange("0", "9", false).by_factor("2").problem, Contains("above 0"));
    CHECK_THAT(AxisRange("1 GB", "9 GB", false).by_step("1 s").problem,
               Contains("a step above 0 of the kind of '1 GB'"));
    CHECK_THAT(AxisRange("1", "1000000", false).by_step("1").problem, Contains("more than 100000 values"));
}

TEST_CASE("a label's number is in base units") {
    CHECK(number_of_label("700 GB/s")->value == 700e9);
    CHECK(number_of_label("[1 MiB]")->value == 1048576.0);
    CHECK(number_of_label("[\"1 MiB\"]")->value == 1048576.0);
    CHECK(number_of_label("1.5 us")->value == 1.5e6);
    CHECK(number_of_label("16")->value == 16.0);
    CHECK(number_of_label("2.5e-3")->value == 2.5e-3);
    CHECK_FALSE(number_of_label("ring").has_value());
    CHECK_FALSE(number_of_label("[4, 4]").has_value());
    CHECK_FALSE(number_of_label("16 mesh").has_value());
}

TEST_CASE("a label of a range says where on the way it stands") {
    const AxisRange range("100 GB/s", "1600 GB/s", true);
    CHECK(range.label_at(0.5) == "400 GB/s");
    CHECK(range.share_of("400 GB/s").value() == Approx(0.5));
    CHECK(range.share_of("0.4 TB/s").value() == Approx(0.5));
    CHECK_FALSE(range.share_of("99 GB/s").has_value());
    CHECK_FALSE(range.share_of("400 GB").has_value());
}

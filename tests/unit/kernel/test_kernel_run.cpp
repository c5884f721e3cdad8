#include "app/kernel/kernel_plot.h"
#include "app/kernel/kernel_result_text.h"
#include "sim/error/error.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace myriad;
using Catch::Matchers::Contains;

namespace {

// 100 TFLOP/s, 1 TB/s, all of it reached, 2 us a launch.
ChipConfig simple_chip() {
    ChipConfig chip;
    chip.name = "simple";
    chip.cores = 10;
    chip.matrix_cores = 10;
    chip.tensor.set(DataType::bf16, FlopPerSecond{100e12});
    chip.vector.set(DataType::bf16, FlopPerSecond{10e12});
    chip.hbm.bandwidth = BytesPerSecond{1'000'000'000'000};
    chip.hbm.capacity = Bytes{1'000'000'000};
    chip.launch_latency = us(2);
    return chip;
}

struct Run {
    Run(const ChipConfig& of, const std::string& family, const std::string& text,
        const std::vector<std::string>& sweeps = {})
        : chip(of), request(parse_kernel_request(kernel_family(family), text, DataType::bf16, sweeps)) {
        report.chip = &chip;
        report.level = KernelLevel::roofline;
        report.request = &request;
        for (const KernelSpec& spec : request.points) {
            report.points.push_back(std::make_unique<KernelPoint>(spec, request.option));
            run_point(chip, *report.points.back(), KernelLevel::roofline, nullptr, request.option);
        }
    }
    ChipConfig chip;
    KernelRequest request;
    KernelReport report;
};

}  // namespace

TEST_CASE("rates are over the whole time and shares of the peaks") {
    // 2 x 1000^3 flop in 20 us, 6 MB in 6 us: 22 us with the launch.
    const Run run(simple_chip(), "gemm", "1000,1000,1000");
    const KernelRates rates = roofline_rates(run.chip, *run.report.points[0]);
    CHECK(rates.total == us(22));
    CHECK(rates.body == us(20));
    CHECK(rates.flop_per_s == Approx(2e9 / 22e-6));
    CHECK(rates.peak_share == Approx(20.0 / 22.0));
    CHECK(rates.hbm_share == Approx(6.0 / 22.0));
    CHECK(rates.flop_per_byte == Approx(2e9 / 6e6));
    CHECK(rates.bound == "matrix units");
    // One row: 2 MB and little flop.
    const Run thin(simple_chip(), "gemm", "1,1000,1000");
    CHECK(roofline_rates(thin.chip, *thin.report.points[0]).bound == "HBM bandwidth");
}

TEST_CASE("operands beyond the memory of the card are refused with both sizes") {
    // 2 x 2 x 10^5 x 10^4 bytes of operands are 4 GB.
    CHECK_THROWS_WITH(Run(simple_chip(), "gemm", "100000,100000,10000"), Contains("do not fit"));
    CHECK_THROWS_WITH(Run(simple_chip(), "gemm", "100000,100000,10000"), Contains("--gemm 100000,100000,10000"));
}

TEST_CASE("JSON has a point each, with what was asked and what came out") {
    const Run run(simple_chip(), "gemm", "1,1000,1000", {"m=1000,2000"});
    const auto json = nlohmann::json::parse(kernel_json(run.report));
    CHECK(json.at("schema") == "myriad-kernel/1");
    REQUIRE(json.at("points").size() == 2);
    CHECK(json.at("points")[1].at("fields").at("m") == 2000);
    CHECK(json.at("points")[0].at("roofline").at("time_ps") == 22'000'000);
    CHECK(json.at("points")[0].count("tile") == 0);
}

TEST_CASE("the plot shows a point each below the roofs") {
    const Run run(simple_chip(), "gemm", "1,1000,1000", {"m=1:1000:10x"});
    const std::string svg = roofline_svg(run.report);
    for (const char* text : {">m 1<", ">m 10<", ">m 100<", ">m 1000<", "bf16 matrix peak 100 TFLOP/s",
                             "HBM peak 1 TB/s", "bound by HBM bandwidth", "FLOP/B", "FLOP/s"}) {
        CHECK_THAT(svg, Contains(text));
    }
}

TEST_CASE("a sweep prints a line a point and names what is fixed") {
    const Run run(simple_chip(), "gemm", "1,1000,1000", {"m=1000,2000"});
    const std::string text = sweep_text(run.report);
    CHECK_THAT(text, Contains("n 1000, k 1000, batch 1"));
    CHECK_THAT(text, Contains("1000  22 us"));
    CHECK_THAT(text, Contains("90.9 %"));  // 20 of 22 us
}

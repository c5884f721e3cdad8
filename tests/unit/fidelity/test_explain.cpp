// Causes and their factors, by hand.

#include "app/run/explain_kernel.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

// 1e12 flop at 100 TFLOP/s: 10 ms at the peak. 1e9 bytes.
struct Case {
    ChipConfig chip = reference::round_chip();
    Kernel kernel;
    KernelResult result;

    Case() {
        kernel.work = Flop{1e12};
        kernel.read = Bytes{900'000'000};
        kernel.written = Bytes{100'000'000};
        result.body = ms(10);
        result.launch = us(1);
        result.total = result.body + result.launch;
        result.hbm_read = kernel.read;
        result.hbm_written = kernel.written;
        result.tiles = 216;
        result.cores = 108;
        result.waves = 1.0;
        result.tensor_busy = 1.0;
        result.limit = KernelLimit::tensor;
    }
    [[nodiscard]] std::vector<std::string> why() const { return explain(chip, kernel, result); }
};

}  // namespace

TEST_CASE("a kernel at the peak has nothing to explain") { CHECK(Case().why().empty()); }

TEST_CASE("waves that are not full") {
    Case kernel;
    kernel.result.tiles = 300;
    kernel.result.waves = 300.0 / 216.0;
    // Two waves of 216 slots for 300 tiles: 432 / 300.
    CHECK(kernel.why() ==
          std::vector<std::string>{"1.44x wave quantisation: 300 tiles on 216 slots = 2 waves of 1.39"});
    kernel.result.tiles = 54;
    kernel.result.waves = 0.25;
    CHECK(kernel.why() == std::vector<std::string>{"4.00x too few tiles: 54 on 216 slots"});
}

TEST_CASE("a full number of waves is no cause, whatever rounding makes of it") {
    Case kernel;
    kernel.result.tiles = 648;
    kernel.result.waves = 648.0 / 216.0 + 1e-12;
    CHECK(kernel.why().empty());
}

TEST_CASE("causes come with the largest first") {
    Case kernel;
    kernel.result.body = ms(20);  // busy all the time with 10 ms of work: 2x
    kernel.result.launch = ms(10);
    kernel.result.total = ms(30);  // 1.5x
    CHECK(kernel.why() ==
          std::vector<std::string>{"2.00x tensor fill: edges of tiles and issue", "1.50x launch: 10 ms of 30 ms"});
}

TEST_CASE("HBM is a cause where it is the limit") {
    Case kernel;
    kernel.result.tensor_busy = 0.5;
    kernel.result.body = ms(20);
    kernel.result.total = ms(20) + us(1);
    kernel.result.hbm_read = Bytes{1'900'000'000};
    kernel.result.hbm_busy = 0.8;
    kernel.result.row_hit_rate = 0.9;
    kernel.result.refresh = 0.07;
    kernel.result.limit = KernelLimit::hbm;
    CHECK(kernel.why() == std::vector<std::string>{"2.00x HBM traffic: 2 GB moved, every operand once is 1 GB",
                                                   "1.25x HBM bus idle: 90 % row hits, 7.0 % refresh"});
    kernel.result.hbm_busy = 0.3;
    kernel.result.limit = KernelLimit::tensor;
    CHECK(kernel.why().empty());
}

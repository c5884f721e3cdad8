// A card at roofline level: what the modules do through TLM calls is what roofline_time() says.

#include "models/ppu/ppu_card.h"
#include "models/ppu/roofline.h"
#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

#include <memory>

using namespace myriad;

namespace {

// 100 TFLOP/s, 10 on the vector lanes, 1 TB/s of HBM, 1 us a launch.
struct System {
    explicit System(ChipConfig c = reference::round_chip()) : chip(std::move(c)) {
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
    void submit(const Kernel& kernel) {
        ends.emplace_back();
        card.execute(kernel, {&System::note, this, ends.size() - 1});
    }
    void run() { sc_core::sc_start(); }
    static void note(void* context, std::uint64_t number) {
        auto& system = *static_cast<System*>(context);
        system.order.push_back(number);
        system.ends[number] = system.agenda.now().time_since_epoch();
    }

    ChipConfig chip;
    Agenda agenda;
    NetworkMemory memory;
    AgendaBridge bridge{"bridge", agenda};
    PpuCard card{"card", agenda, ComponentId{0}, memory, Bytes{4096}, chip, {}};
    std::vector<Picoseconds> ends;
    std::vector<std::uint64_t> order;
};

Kernel kernel_of(double flop, std::int64_t read, std::int64_t written, int launches = 1) {
    Kernel kernel;
    kernel.label = "test";
    kernel.work = Flop{flop};
    kernel.read = Bytes{read};
    kernel.written = Bytes{written};
    kernel.launches = launches;
    return kernel;
}

}  // namespace

TEST_CASE("a kernel takes its launches and the longer of compute and memory") {
    System system;
    // 1e9 flop at 100 TFLOP/s: 10 us; 4 MB at 1 TB/s: 4 us; 1 us of launch.
    system.submit(kernel_of(1e9, 3'000'000, 1'000'000));
    system.run();
    CHECK(system.ends[0] == us(11));
    // 1e8 flop: 1 us; 30 MB read and 10 MB written: 40 us; three launches: 3 us.
    system.submit(kernel_of(1e8, 30'000'000, 10'000'000, 3));
    system.run();
    CHECK(system.ends[1] == us(11 + 43));
    CHECK(system.card.compute.stats().kernels == 2);
    CHECK(system.card.compute.stats().busy == us(10 + 40));
    CHECK(system.card.compute.stats().work == Flop{1.1e9});
    CHECK(system.card.hbm.stats().read == Bytes{33'000'000});
    CHECK(system.card.hbm.stats().written == Bytes{11'000'000});
}

TEST_CASE("kernels of one stream run one after the other, in order") {
    System system;
    for (const double flop : {5e9, 1e8, 3e9, 0.0}) {
        system.submit(kernel_of(flop, 0, 0));
    }
    CHECK(system.card.command_processor.queued() == 4);
    system.run();
    // 50, 1, 30 and 0 us, each behind 1 us of launch
    CHECK(system.order == std::vector<std::uint64_t>{0, 1, 2, 3});
    CHECK(system.ends == std::vector<Picoseconds>{us(51), us(53), us(84), us(85)});
    CHECK(system.card.command_processor.queued() == 0);
}

TEST_CASE("the modules and roofline_time agree to the picosecond") {
    ChipConfig chip = reference::round_chip();
    chip.tensor.set(DataType::bf16, FlopPerSecond{118.7e12});
    chip.vector.set(DataType::bf16, FlopPerSecond{13.9e12});
    chip.gemm_efficiency = 0.91;
    chip.vector_efficiency = 0.77;
    chip.hbm.bandwidth = BytesPerSecond{2'765'000'000'000};
    chip.hbm.efficiency = 0.873;
    chip.launch_latency = ps(2'345'678);
    System system(chip);
    Picoseconds expected{};
    // Sizes on both sides of 1 GiB, which is where a transfer is cut into transactions; none divides by the bandwidth.
    const std::int64_t sizes[] = {0,
                                  1,
                                  4097,
                                  12'345'679,
                                  (std::int64_t{1} << 30) - 1,
                                  std::int64_t{1} << 30,
                                  (std::int64_t{1} << 30) + 1,
                                  5'000'000'021};
    int number = 0;
    for (const std::int64_t read : sizes) {
        for (const double flop : {0.0, 1.0, 3.3e9, 7.7e12}) {
            Kernel kernel = kernel_of(flop, read, read / 3, 1 + number % 4);
            kernel.unit = number % 2 == 0 ? KernelUnit::tensor : KernelUnit::vector;
            ++number;
            const RooflineTime time = roofline_time(system.chip, kernel);
            CHECK(time.total == time.launch + std::max(time.compute, time.memory));
            CHECK(system.card.duration(kernel) == time.total);
            expected += time.total;
            system.submit(kernel);
            system.run();
            CAPTURE(read, flop);
            CHECK(system.ends.back() == expected);
        }
    }
}

// Half the compute speed doubles 10 us of arithmetic; a quarter of the HBM bandwidth makes 40 us of memory 160 us. Launches
// of 1 us stay. What starts before a time keeps the speed of before.
TEST_CASE("a slower card scales the work of kernels that start from then on, not their launches") {
    System system;
    system.card.set_speed(TimePoint{}, {0.5, 1.0});
    system.card.set_speed(TimePoint{us(30)}, {1.0, 0.25});
    system.submit(kernel_of(1e9, 0, 0));           // from 0: 1 + 20
    system.submit(kernel_of(1e9, 0, 0));           // from 21, before the change: 1 + 20
    system.submit(kernel_of(1e9, 0, 40'000'000));  // from 42: 1 + 160
    system.run();
    CHECK(system.ends == std::vector<Picoseconds>{us(21), us(42), us(203)});
    // A bound may count on the fastest that the card has been in each: 10 us, and 40 us of memory.
    CHECK(system.card.duration(kernel_of(1e9, 0, 40'000'000)) == us(41));
}

TEST_CASE("what bounds a kernel is named") {
    const ChipConfig chip = reference::round_chip();
    CHECK(roofline_time(chip, kernel_of(1e9, 1000, 0)).bound == KernelBound::compute);
    CHECK(roofline_time(chip, kernel_of(1e3, 100'000'000, 0)).bound == KernelBound::memory);
    CHECK(roofline_time(chip, kernel_of(1e3, 1000, 0)).bound == KernelBound::launch);
    // 1 us of work against 1 us of launch is not launch-bound; a picosecond less is.
    CHECK(roofline_time(chip, kernel_of(1e8, 0, 0)).bound == KernelBound::compute);
    CHECK(roofline_time(chip, kernel_of(0.9999e8, 0, 0)).bound == KernelBound::launch);
}

TEST_CASE("a data type that the unit does not have is the user's error") {
    ChipConfig chip = reference::round_chip();
    chip.tensor.set(DataType::fp8, FlopPerSecond{0});
    Kernel kernel = kernel_of(1.0, 0, 0);
    kernel.type = DataType::fp8;
    CHECK_THROWS_AS(roofline_time(chip, kernel), UserError);
    CHECK_THROWS_WITH(roofline_time(chip, kernel), Catch::Contains("fp8") && Catch::Contains("matrix units"));
    kernel.unit = KernelUnit::vector;
    CHECK_NOTHROW(roofline_time(chip, kernel));
}

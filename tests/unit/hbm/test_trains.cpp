// Trains on one pseudo channel of HBM2 at 1 ns a cycle.

#include "models/hbm/train_channel.h"
#include "tests/unit/hbm/presets.h"

#include <catch2/catch.hpp>

using namespace myriad;
using myriad::test::hbm2;

namespace {

HbmPreset without_refresh() {
    HbmPreset preset = hbm2();
    preset.controller.refresh = HbmRefresh::none;
    return preset;
}

TimePoint at(std::int64_t nanoseconds) { return TimePoint{ns(nanoseconds)}; }

// Bytes a second of the pseudo channel's 16 GB/s.
double share(Bytes bytes, TimePoint end) {
    return static_cast<double>(bytes.count()) / (seconds(end.time_since_epoch()) * 16e9);
}

}  // namespace

TEST_CASE("the first read of a closed bank takes activate, column and burst") {
    PseudoChannelTrains trains(without_refresh());
    // Seen at 1; activate at 1, timed from its second cycle, so read at 1 + 1 + 14 = 16; data from 30 to 32.
    // The second burst lies in the same bank group: tCCD_L 4 later.
    const auto result = trains.serve(0, Bytes{64}, false, at(0));
    CHECK(result.first == at(32));
    CHECK(result.last == at(36));
    CHECK(trains.stats().activates == 1);
    CHECK(trains.stats().row_hits == 1);
}

TEST_CASE("a row hit takes column and burst") {
    PseudoChannelTrains trains(without_refresh());
    (void)trains.serve(0, Bytes{32}, false, at(0));
    // Seen at 101, data from 115 on; slots of the data bus begin at even cycles: 116 to 118.
    CHECK(trains.serve(32, Bytes{32}, false, at(100)).last == at(118));
    CHECK(trains.stats().activates == 1);
}

TEST_CASE("a row conflict waits for the precharge too") {
    PseudoChannelTrains trains(without_refresh());
    (void)trains.serve(0, Bytes{32}, false, at(0));
    // The next row of bank 0 is 16 banks x 1 KiB further. Seen at 101: precharge, activate at 101 + 14 - 1, read at
    // 114 + 1 + 14 = 129, data from 143, in the slot at 144, to 146.
    CHECK(trains.serve(16 * 1024, Bytes{32}, false, at(100)).last == at(146));
    CHECK(trains.stats().activates == 2);
}

TEST_CASE("a stream of reads fills the data bus") {
    PseudoChannelTrains trains(without_refresh());
    TimePoint end{};
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        end = trains.serve(i * 256, Bytes{256}, false, at(0)).last;
    }
    CHECK(share(Bytes{2'560'000}, end) > 0.99);
    CHECK(share(Bytes{2'560'000}, end) <= 1.0);
}

TEST_CASE("one bank group alone gets every second slot") {
    PseudoChannelTrains trains(without_refresh());
    TimePoint end{};
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        end = trains.serve(i * 256, Bytes{64}, false, at(0)).last;
    }
    // tCCD_L 4 against a burst of 2.
    CHECK(share(Bytes{640'000}, end) == Approx(0.5).epsilon(0.01));
}

TEST_CASE("an all-bank refresh takes its share of a stream") {
    PseudoChannelTrains trains(hbm2());
    TimePoint end{};
    for (std::uint64_t i = 0; i < 40'000; ++i) {
        end = trains.serve(i * 256, Bytes{256}, false, at(0)).last;
    }
    // 350 of 3900 ns, and at most 80 to close the banks and to open them again.
    CHECK(share(Bytes{40'000 * 256}, end) < 1.0 - 350.0 / 3900.0);
    CHECK(share(Bytes{40'000 * 256}, end) > 1.0 - 430.0 / 3900.0);
}

TEST_CASE("less than a burst is carried on") {
    PseudoChannelTrains trains(without_refresh());
    for (std::uint64_t i = 0; i < 100; ++i) {
        (void)trains.serve(i * 8, Bytes{8}, false, at(0));
    }
    CHECK(trains.stats().bursts == 25);  // 800 B
    CHECK(trains.stats().read == Bytes{800});
}

TEST_CASE("writes are gathered and reads turn around twice a batch") {
    PseudoChannelTrains trains(without_refresh());
    // 32 entries: a batch begins above 25 and ends at 7, so 32 writes of one burst make one batch of 19 (26 to 7).
    for (std::uint64_t i = 0; i < 26; ++i) {
        (void)trains.serve(i * 32, Bytes{32}, false, at(0));
        (void)trains.serve(1'048'576 + i * 32, Bytes{32}, true, at(0));
    }
    // Bus idles 13 - 14 + 5 - 2 = 2 cycles before and 6 + 14 = 20 after.
    CHECK(trains.stats().turnaround == ns(22));
    CHECK(trains.stats().bursts == 26 + 19);
    (void)trains.finish();
    CHECK(trains.stats().bursts == 52);
}

TEST_CASE("cycles are counted anew at another data rate") {
    HbmPreset preset = hbm2();
    // 16 PC x 64 bit x 2 / 8 = 256 B a cycle; 5 stacks at 2.039 TB/s: 1.59296875 GHz.
    preset = preset.at_bandwidth(BytesPerSecond{2'039'000'000'000}, 5);
    CHECK(preset.clock == Hertz{1'592'968'750});
    // 14 ns x 1.593 = 22.3.
    CHECK(preset.timing().precharge == 23);
    CHECK(preset.timing().column_long == 4);
}

TEST_CASE("cycles of a clock do not drift") {
    const CycleClock clock(Hertz{1'800'000'000});
    // 9 cycles are 5 ns, after a minute as well.
    CHECK(clock.time_of(9) == at(5));
    CHECK(clock.time_of(9LL * 12'000'000'000) == TimePoint{ps(60'000'000'000'000)});
    for (const std::int64_t cycle : {1LL, 2LL, 7LL, 1'000'003LL}) {
        CHECK(clock.first_cycle_at(clock.time_of(cycle)) == cycle);
        CHECK(clock.first_cycle_at(clock.time_of(cycle) + ps(1)) == cycle + 1);
    }
}

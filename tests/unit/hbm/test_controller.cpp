// The channel controller of HBM2 at 1 ns a cycle: earliest times derived by hand, and random traffic whose commands an
// independent checker goes through.

#include "models/hbm/channel_controller.h"
#include "sim/random/random_stream.h"
#include "tests/unit/hbm/legality.h"
#include "tests/unit/hbm/presets.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace myriad;
using myriad::test::hbm2;
using myriad::test::Legality;
using C = HbmCommand;

namespace {

HbmPreset without_refresh() {
    HbmPreset preset = hbm2();
    preset.controller.refresh = HbmRefresh::none;
    return preset;
}

struct Rig {
    explicit Rig(const HbmPreset& preset) : controller(preset) { controller.log_to(&log); }
    void run() {
        while (!controller.idle()) {
            controller.step(controller.next_cycle(), done);
        }
    }
    [[nodiscard]] std::int64_t cycle_of(C command, std::int32_t bank, int nth = 0) const {
        for (const ChannelController::Issued& one : log) {
            if (one.command == command && one.bank == bank && nth-- == 0) {
                return one.cycle;
            }
        }
        return -1;
    }
    ChannelController controller;
    std::vector<ChannelController::Issued> log;
    std::vector<ChannelController::Done> done;
};

}  // namespace

TEST_CASE("a read of a closed bank: activate, read, data") {
    Rig rig(without_refresh());
    REQUIRE(rig.controller.accept({.tag = 7, .bank = 0, .row = 3}, 0));
    rig.run();
    // Seen at 1; the activate ends at 2, tRCDRD 14 later the read, tCL 14 and a burst of 2 later its last data.
    CHECK(rig.cycle_of(C::activate, 0) == 1);
    CHECK(rig.cycle_of(C::read, 0) == 16);
    REQUIRE(rig.done.size() == 1);
    CHECK(rig.done[0].tag == 7);
    CHECK(rig.done[0].cycle == 32);
}

TEST_CASE("a conflict waits for tRAS, tRP and tRC") {
    Rig rig(without_refresh());
    REQUIRE(rig.controller.accept({.bank = 0, .row = 1}, 0));
    REQUIRE(rig.controller.accept({.bank = 0, .row = 2}, 0));
    rig.run();
    // Activate at 1 to 2; precharge at 2 + tRAS 34 = 36 (tRTP allows 16 + 5); activate: tRP 14 allows its last cycle at
    // 50, so it begins at 49, which is 1 + tRC 48 as well.
    CHECK(rig.cycle_of(C::precharge, 0) == 36);
    CHECK(rig.cycle_of(C::activate, 0, 1) == 49);
}

TEST_CASE("activates are spaced by tRRD, tFAW and the row bus, of both pseudo channels") {
    Rig rig(without_refresh());
    for (std::int32_t bank = 0; bank < 5; ++bank) {
        REQUIRE(rig.controller.accept({.bank = bank, .row = 1}, 0));
    }
    REQUIRE(rig.controller.accept({.bank = 16, .row = 1}, 0));  // the other pseudo channel
    rig.run();
    // tRRD 4: 1, 5, 9, 13; the fifth: tFAW 15 allows 16, tRRD 17. The other pseudo channel takes the bus in between: it
    // is the only one ready when the first activate ends.
    CHECK(rig.cycle_of(C::activate, 3) == 13);
    CHECK(rig.cycle_of(C::activate, 4) == 17);
    CHECK(rig.cycle_of(C::activate, 16) == 3);
}

TEST_CASE("bursts of one bank group are tCCD_L apart, of two tCCD_S") {
    Rig rig(without_refresh());
    for (const std::int32_t bank : {0, 0, 1}) {
        REQUIRE(rig.controller.accept({.bank = bank, .row = 1}, 0));
    }
    rig.run();
    // Bank 1 is activated at 5 and read at 20; by then bank 0 was read at 16, and its second burst is due at 20 as well.
    // The request that opened a row goes first; the other one 2 later.
    CHECK(rig.cycle_of(C::read, 0, 0) == 16);
    CHECK(rig.cycle_of(C::read, 1, 0) == 20);
    CHECK(rig.cycle_of(C::read, 0, 1) == 22);
}

TEST_CASE("reads and writes turn around") {
    Rig rig(without_refresh());
    REQUIRE(rig.controller.accept({.bank = 0, .row = 1, .write = true}, 0));
    rig.run();
    REQUIRE(rig.controller.accept({.bank = 0, .row = 1}, 14));
    rig.run();
    // Write at 1 + 1 + tRCDWR 12 = 14; read at 14 + tCWL 5 + 2 + tWTR_L 8 = 29.
    CHECK(rig.cycle_of(C::write, 0) == 14);
    CHECK(rig.cycle_of(C::read, 0) == 29);
    REQUIRE(rig.controller.accept({.bank = 0, .row = 1, .write = true}, 29));
    rig.run();
    // tCL 14 + 2 + 2 - tCWL 5 = 13.
    CHECK(rig.cycle_of(C::write, 0, 1) == 42);
}

TEST_CASE("writes wait until 80 % of their queue is filled while reads come") {
    Rig rig(without_refresh());
    // A read that conflicts keeps the read queue filled for a while.
    REQUIRE(rig.controller.accept({.bank = 0, .row = 1}, 0));
    REQUIRE(rig.controller.accept({.bank = 0, .row = 2}, 0));
    for (int i = 0; i < 51; ++i) {  // 0.8 x 64 = 51.2
        REQUIRE(rig.controller.accept({.bank = 8, .row = 1, .write = true}, 0));
    }
    std::vector<ChannelController::Done> done;
    while (rig.controller.next_cycle() < 30) {
        rig.controller.step(rig.controller.next_cycle(), done);
    }
    CHECK(rig.controller.stats().write_bursts == 0);
    REQUIRE(rig.controller.accept({.bank = 8, .row = 1, .write = true}, 30));
    while (rig.controller.next_cycle() < 60) {
        rig.controller.step(rig.controller.next_cycle(), done);
    }
    CHECK(rig.controller.stats().write_bursts > 0);
}

TEST_CASE("a full queue takes nothing more") {
    Rig rig(without_refresh());
    for (int i = 0; i < 64; ++i) {
        REQUIRE(rig.controller.accept({.bank = 0, .row = i}, 0));
    }
    CHECK_FALSE(rig.controller.accept({.bank = 1, .row = 0}, 0));
    CHECK(rig.controller.accept({.bank = 1, .row = 0, .write = true}, 0));
}

TEST_CASE("an all-bank refresh is due every 3,900 cycles, one pseudo channel after the other") {
    Rig rig(hbm2());
    std::vector<ChannelController::Done> done;
    while (rig.controller.next_cycle() <= 4'000) {
        rig.controller.step(rig.controller.next_cycle(), done);
    }
    CHECK(rig.cycle_of(C::refresh_all, 0) == 3'900);
    CHECK(rig.cycle_of(C::refresh_all, 16) == 3'901);
}

TEST_CASE("the checker finds a command that comes one cycle early") {
    Rig rig(without_refresh());
    for (const std::int32_t bank : {0, 4, 1, 0, 16}) {
        for (std::int32_t row = 0; row < 3; ++row) {
            REQUIRE(rig.controller.accept({.bank = bank, .row = row, .write = row == 1}, 0));
        }
    }
    rig.run();
    REQUIRE(Legality(without_refresh()).check(rig.log).empty());
    // Conflicts in one bank follow each other as closely as allowed: the second activate of bank 0 is at its limit.
    std::vector<ChannelController::Issued> early = rig.log;
    const auto second = std::find_if(early.begin(), early.end(), [&](const ChannelController::Issued& one) {
        return one.cycle == rig.cycle_of(C::activate, 0, 1) && one.command == C::activate;
    });
    REQUIRE(second != early.end());
    --second->cycle;  // t - 1
    CHECK_FALSE(Legality(without_refresh()).check(early).empty());
}

namespace {

void check_random_traffic(const HbmPreset& preset, std::uint64_t seed) {
    INFO("seed " << seed << ", " << preset.name << ", refresh " << static_cast<int>(preset.controller.refresh));
    Rig rig(preset);
    RandomStream random(seed, "hbm traffic");
    constexpr std::uint64_t kRequests = 3'000;
    const auto banks = static_cast<std::uint64_t>(preset.organisation.banks() * preset.organisation.pseudo_channels);
    std::int64_t cycle = 0;
    std::uint64_t sent = 0;
    while (sent < kRequests || !rig.controller.idle()) {
        const std::uint64_t now = sent < kRequests ? random.below(4) : 0;
        for (std::uint64_t i = 0; i < now; ++i) {
            sent += rig.controller.accept({.tag = sent,
                                           .bank = static_cast<std::int32_t>(random.below(banks)),
                                           .row = static_cast<std::int32_t>(random.below(4)),
                                           .write = random.below(5) < 2},
                                          cycle)
                        ? 1U
                        : 0U;
        }
        cycle = std::max(cycle + 1 + static_cast<std::int64_t>(random.below(3)), cycle + 1);
        rig.controller.step(cycle, rig.done);
        if (sent >= kRequests) {
            cycle = std::max(cycle, rig.controller.next_cycle());
            rig.controller.step(cycle, rig.done);
        }
    }
    CHECK(Legality(preset).check(rig.log) == "");
    // Everything is served once.
    std::vector<std::uint64_t> tags;
    for (const ChannelController::Done& one : rig.done) {
        tags.push_back(one.tag);
    }
    std::sort(tags.begin(), tags.end());
    REQUIRE(tags.size() == sent);
    for (std::uint64_t i = 0; i < tags.size(); ++i) {
        REQUIRE(tags[i] == i);
    }
}

}  // namespace

TEST_CASE("random traffic breaks no timing rule and loses nothing") {
    HbmPreset fast = hbm2().at_bandwidth(BytesPerSecond{460'800'000'000}, 1);
    fast.name = "at 3.6 Gb/s";
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        for (const HbmRefresh refresh :
             {HbmRefresh::none, HbmRefresh::all_bank, HbmRefresh::per_bank, HbmRefresh::per_bank_stall}) {
            HbmPreset preset = seed == 2 ? fast : hbm2();
            preset.controller.refresh = refresh;
            check_random_traffic(preset, seed);
        }
    }
}

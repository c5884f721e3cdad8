// A card whose kernels come from a table: time, launch and HBM bytes are those of the result.

#include "tests/unit/interference/two_cards.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

namespace {

// 2 us of launch, 7 ms of body, more bytes than the kernel names.
KernelResult made_up(const ChipConfig& /*chip*/, const Kernel& kernel) {
    KernelResult result;
    result.launch = us(2) * kernel.launches;
    result.body = ms(7);
    result.total = result.launch + result.body;
    result.hbm_read = kernel.read * 2;
    result.hbm_written = Bytes{100};
    result.cores = 10;
    return result;
}

struct TileSystem {
    explicit TileSystem(bool interference) : interfering(interference) { system.elaborate(); }

    bool interfering;
    ChipConfig chip = narrow_chip();
    KernelTable table{chip, nullptr, made_up};
    PacketSystem system{icn_server(WiringRecipe::full_mesh, 2, BytesPerSecond{50'000'000'000}, ns(500)),
                        chip,
                        {Bytes{1'000'000}, BuildOrder::forward, {&table, interfering}}};
    Finishes finishes{system};
};

}  // namespace

TEST_CASE("a card at tile level takes time and bytes from the table, once a kernel") {
    TileSystem tile(false);
    Kernel kernel = TwoCards::streaming();
    kernel.launches = 3;
    for (const int on : {0, 0, 1}) {
        tile.system.card(card(on)).execute(kernel, tile.finishes.expect());
    }
    CHECK(tile.system.card(card(0)).duration(kernel) == ms(7) + us(6));
    tile.system.run();
    CHECK(tile.finishes.at[0].time_since_epoch() == ms(7) + us(6));
    CHECK(tile.finishes.at[1].time_since_epoch() == ms(14) + us(12));
    CHECK(tile.finishes.at[2].time_since_epoch() == ms(7) + us(6));
    CHECK(tile.system.card(card(0)).hbm.stats().read == Bytes{4'000'000'000});
    CHECK(tile.system.card(card(0)).hbm.stats().written == Bytes{200});
    CHECK(tile.system.card(card(0)).busy() == ms(14));
    CHECK(tile.table.distinct() == 1);
}

TEST_CASE("with interference a kernel of a table shares as any other, and its launch shares nothing") {
    TileSystem tile(true);
    Kernel kernel;
    kernel.unit = KernelUnit::vector;
    kernel.read = Bytes{350'000'000 - 50};  // 700 MB of HBM in 7 ms: 100 GB/s
    tile.system.card(card(0)).execute(kernel, tile.finishes.expect());
    tile.system.network().receive(card(1), card(0), 0, {});
    tile.system.network().send(card(0), card(1), Bytes{100'000'000}, 0, tile.finishes.expect());
    tile.system.run();
    // 2 us of the message's 2 ms pass alone. The rest, 1.998 ms, takes 2.997 ms at 2/3, and the kernel as much longer as
    // it lost: a third of 2.997 ms.
    CHECK(near(tile.finishes.at[1].time_since_epoch(), us(2) + us(2'997) + ns(500)));
    CHECK(near(tile.finishes.at[0].time_since_epoch(), us(2) + ms(7) + us(999)));
}

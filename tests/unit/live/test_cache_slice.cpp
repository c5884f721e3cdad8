// One slice with its HBM channels behind it: hits, misses, stores.

#include "app/config_files/load.h"
#include "models/live/cache_slice.h"
#include "sim/systemc/agenda_bridge.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

// Slice 5 of a PPU, a socket to call it by, and the channels that it reaches.
class Bench final : public sc_core::sc_module, private TransportInitiator {
public:
    explicit Bench(const sc_core::sc_module_name& name)
        : sc_module(name), chip_(load_chip("zhenwu-810e").value.chip), spread_(64, 96, LocalMap(chip_.hbm.preset)) {
        slice = std::make_unique<CacheSlice>("slice", agenda_, chip_, spread_, 5);
        socket_.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
        socket_.bind(slice->in);
        for (std::size_t i = 0; i < slice->channels().size(); ++i) {
            channels.push_back(
                std::make_unique<LiveHbmChannel>(("hbm" + std::to_string(i)).c_str(), agenda_, chip_.hbm.preset, 1));
            slice->memory(i).bind(channels.back()->socket(0));
        }
    }

    // Accesses the slice's part of a block; its time.
    Picoseconds access(const BlockAccess& block) {
        call_.fill(block);
        std::vector<std::int64_t> shares;
        spread_.share_out(block.address, block.bytes.count(), shares);
        call_.payload.set_data_length(static_cast<unsigned>(shares[5]));
        sc_core::sc_time delay;
        socket_->b_transport(call_.payload, delay);
        return to_picoseconds(delay);
    }
    [[nodiscard]] const ChipConfig& chip() const { return chip_; }

    std::unique_ptr<CacheSlice> slice;
    std::vector<std::unique_ptr<LiveHbmChannel>> channels;

private:
    Agenda agenda_;
    ChipConfig chip_;
    AddressSpread spread_;
    LiveInitiatorSocket socket_{"socket"};
    LivePayload call_;
};

// Three stripes of 192 granules of 256 B: 9 granules = 2,304 B in every slice.
constexpr std::int64_t kBlock = 3 * 192 * 256;

}  // namespace

TEST_CASE("a part that misses is read from HBM once, and found by those who come after") {
    Bench bench("bench");
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    const Picoseconds miss = bench.access({0, Bytes{kBlock}, false, 1, true});
    const TileConfig& tile = bench.chip().tile;
    CHECK(miss > tile.cache_latency + tile.memory_latency);
    CHECK(bench.slice->stats().hbm_read == Bytes{2304});
    CHECK(bench.slice->stats().hit == Bytes{0});
    // Comes at the same instant: waits for the same fill.
    CHECK(bench.access({0, Bytes{kBlock}, false, 1, true}) == miss);
    CHECK(bench.slice->stats().hbm_read == Bytes{2304});
    CHECK(bench.slice->stats().hit == Bytes{2304});
    CHECK(bench.slice->stats().read == Bytes{2 * 2304});
    // A slice has 1/64 of 3.146 TB/s: 49.15625 GB/s, and 2,304 B take 46,871.0 ps (rounded up).
    CHECK(bench.slice->stats().busy == ps(2 * 46'871));
    Bytes counted;
    for (const auto& channel : bench.channels) {
        counted += channel->stats(0).read + channel->stats(1).read;
    }
    CHECK(counted == Bytes{2304});
}

TEST_CASE("a stream that nobody else reads is not kept") {
    Bench bench("bench");
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    bench.access({0, Bytes{kBlock}, false, 1, false});
    bench.access({0, Bytes{kBlock}, false, 1, false});
    CHECK(bench.slice->stats().hit == Bytes{0});
    CHECK(bench.slice->stats().hbm_read == Bytes{2 * 2304});
}

TEST_CASE("a store leaves at the slice's pace, goes to HBM, and is found if it is kept") {
    Bench bench("bench");
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    CHECK(bench.access({0, Bytes{kBlock}, true, 1, true}) == ps(46'871));
    CHECK(bench.slice->stats().hbm_written == Bytes{2304});
    bench.access({0, Bytes{kBlock}, false, 1, true});
    CHECK(bench.slice->stats().hit == Bytes{2304});
    CHECK(bench.slice->stats().hbm_read == Bytes{0});
}

TEST_CASE("a read that four cores share costs the slice a quarter") {
    Bench bench("bench");
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    bench.access({0, Bytes{kBlock}, false, 4, true});
    // 576 B: 11,717.8 ps.
    CHECK(bench.slice->stats().busy == ps(11'718));
    CHECK(bench.slice->stats().read == Bytes{2304});
}

TEST_CASE("the slice reaches three pseudo channels of three channels") {
    Bench bench("bench");
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    // gcd(64, 96) = 32: slice 5 reaches pseudo channels 5, 37 and 69, which are in channels 2, 18 and 34.
    CHECK(bench.slice->channels() == std::vector<std::int64_t>{2, 18, 34});
}

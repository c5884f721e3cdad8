#pragma once
// The round chip with round cores: 20 of 64 cores have matrix units, each 5 TFLOP/s; ports of 64 GB/s, a cache of
// 2 TB/s, no delays. What a test needs otherwise it sets.

#include "tests/support/reference_clusters.h"

namespace myriad::test {

inline ChipConfig tile_chip() {
    ChipConfig chip = reference::round_chip();
    TileConfig& tile = chip.tile;
    tile.gemm_tiles = {{128, 128, 64}};
    tile.local_bytes_per_cycle = 1e6;  // never the limit
    tile.core_port = BytesPerSecond{64'000'000'000};
    tile.cache = BytesPerSecond{2'000'000'000'000};
    tile.slices = 16;
    tile.stages = 4;
    chip.local_memory = Bytes{1 << 20};
    chip.l2 = Bytes{32 << 20};
    HbmTimes& t = chip.hbm.preset.times;
    t.read_latency = ns(14);
    t.write_latency = ns(5);
    t.activate_to_read = ns(14);
    t.activate_to_write = ns(12);
    t.precharge = ns(14);
    t.activate_to_precharge = ns(34);
    t.row_cycle = ns(48);
    t.read_to_precharge = ns(5);
    t.write_recovery = ns(16);
    t.write_to_read_short = ns(6);
    t.write_to_read_long = ns(8);
    t.activate_short = ns(4);
    t.activate_long = ns(4);
    t.four_activates = ns(15);
    t.refresh_all = ns(350);
    t.refresh_bank = ns(160);
    t.refresh_to_activate = ns(8);
    t.refresh_interval = ns(3900);
    chip.hbm.preset.controller.map = HbmAddressMap::channel_256;
    chip.hbm.preset.clock = Hertz{1'000'000'000};
    chip.hbm.preset = chip.hbm.preset.at_bandwidth(chip.hbm.bandwidth, chip.hbm.stacks);
    return chip;
}

inline Kernel gemm_kernel(std::int64_t m, std::int64_t n, std::int64_t k) {
    Kernel kernel;
    kernel.work = Flop{2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k)};
    kernel.read = Bytes{2 * (m * k + n * k)};
    kernel.written = Bytes{2 * m * n};
    kernel.shape = GemmShape{m, n, k};
    return kernel;
}

inline Kernel stream_kernel(std::int64_t read, std::int64_t written) {
    Kernel kernel;
    kernel.unit = KernelUnit::vector;
    kernel.read = Bytes{read};
    kernel.written = Bytes{written};
    kernel.shape = VectorShape{1, std::max<std::int64_t>(read, written) / 2, false, 0.0};
    return kernel;
}

}  // namespace myriad::test

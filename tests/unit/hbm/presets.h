#pragma once
// HBM2 at 2.0 Gb/s (configs/hbm/hbm2-2.0.yaml) without a file: 1 cycle = 1 ns.

#include "models/hbm/hbm_timing.h"

namespace myriad::test {

inline HbmPreset hbm2() {
    HbmPreset preset;
    preset.name = "hbm2-2.0";
    preset.clock = Hertz{1'000'000'000};
    preset.times = HbmTimes{.read_latency = ns(14),
                            .write_latency = ns(5),
                            .activate_to_read = ns(14),
                            .activate_to_write = ns(12),
                            .precharge = ns(14),
                            .activate_to_precharge = ns(34),
                            .row_cycle = ns(48),
                            .read_to_precharge = ns(5),
                            .write_recovery = ns(16),
                            .write_to_read_short = ns(6),
                            .write_to_read_long = ns(8),
                            .activate_short = ns(4),
                            .activate_long = ns(4),
                            .four_activates = ns(15),
                            .refresh_all = ns(350),
                            .refresh_bank = ns(160),
                            .refresh_to_activate = ns(8),
                            .refresh_interval = ns(3900)};
    return preset;
}

}  // namespace myriad::test

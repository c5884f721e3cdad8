// Nanoseconds to cycles: the least number of cycles that is not shorter, as a memory controller's registers are set.

#include "models/hbm/hbm_timing.h"

#include "sim/error/error.h"

#include <cmath>

namespace myriad {
namespace {

std::int32_t cycles(Picoseconds time, Hertz clock) {
    const Int128 scaled = static_cast<Int128>(time.count()) * clock.count();
    return static_cast<std::int32_t>((scaled + kPicosecondsPerSecond - 1) / kPicosecondsPerSecond);
}

}  // namespace

HbmTiming HbmPreset::timing() const {
    MYRIAD_CHECK(clock.count() > 0, "HBM needs a clock");
    HbmTiming t;
    t.clock = clock;
    t.burst = organisation.burst_cycles();
    t.read_latency = cycles(times.read_latency, clock);
    t.write_latency = cycles(times.write_latency, clock);
    t.activate_to_read = cycles(times.activate_to_read, clock);
    t.activate_to_write = cycles(times.activate_to_write, clock);
    t.precharge = cycles(times.precharge, clock);
    t.activate_to_precharge = cycles(times.activate_to_precharge, clock);
    t.row_cycle = cycles(times.row_cycle, clock);
    t.read_to_precharge = cycles(times.read_to_precharge, clock);
    t.write_recovery = cycles(times.write_recovery, clock);
    t.write_to_read_short = cycles(times.write_to_read_short, clock);
    t.write_to_read_long = cycles(times.write_to_read_long, clock);
    t.activate_short = cycles(times.activate_short, clock);
    t.activate_long = cycles(times.activate_long, clock);
    t.four_activates = cycles(times.four_activates, clock);
    t.refresh_all = cycles(times.refresh_all, clock);
    t.refresh_bank = cycles(times.refresh_bank, clock);
    t.refresh_to_activate = cycles(times.refresh_to_activate, clock);
    const double interval = static_cast<double>(times.refresh_interval.count()) / controller.refresh_rate;
    t.refresh_interval = cycles(Picoseconds{std::llround(interval)}, clock);
    t.column_short = times.column_short;
    t.column_long = times.column_long;
    t.activate_cycles = times.activate_cycles;
    t.precharge_cycles = times.precharge_cycles;
    t.read_to_write = t.read_latency + t.burst + times.read_to_write_gap - t.write_latency;
    return t;
}

HbmPreset HbmPreset::at_bandwidth(BytesPerSecond bandwidth, int stacks) const {
    HbmPreset scaled = *this;
    const Int128 bytes = static_cast<Int128>(organisation.bytes_per_cycle().count()) * stacks;
    scaled.clock = Hertz{static_cast<std::int64_t>((bandwidth.count() + bytes / 2) / bytes)};
    return scaled;
}

bool refresh_fits(const HbmPreset& preset) {
    const double interval = static_cast<double>(preset.times.refresh_interval.count()) / preset.controller.refresh_rate;
    const double banks = preset.organisation.banks() * preset.organisation.pseudo_channels;
    switch (preset.controller.refresh) {
        case HbmRefresh::none:
            return true;
        case HbmRefresh::all_bank:
            return interval >= 2.0 * static_cast<double>(preset.times.refresh_all.count());
        case HbmRefresh::per_bank:
        case HbmRefresh::per_bank_stall:  // each bank once an interval, one after the other
            return interval >= 2.0 * static_cast<double>(preset.times.refresh_bank.count()) &&
                   interval >= banks * static_cast<double>(preset.times.row_cycle.count());
    }
    return false;
}

CycleClock::CycleClock(Hertz frequency) {
    MYRIAD_CHECK(frequency.count() >= 50'000'000 && frequency.count() <= 7'000'000'000, "clock of HBM out of range");
    const Int128 period = static_cast<Int128>(kPicosecondsPerSecond) << kFraction;
    period_ = static_cast<std::int64_t>((period + frequency.count() - 1) / frequency.count());
    // f / 10^12 x 2^70 in two steps, because f x 2^70 does not fit into the 128 bits with room to spare.
    const Int128 high = (static_cast<Int128>(frequency.count()) << 60) / kPicosecondsPerSecond;
    frequency_ = static_cast<std::int64_t>(high << (kInverseFraction - 60));
}

}  // namespace myriad

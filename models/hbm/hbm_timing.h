#pragma once
// What an HBM stack is made of and how fast its parts are: the data that every bank-level model of this folder reads.
// Nanoseconds belong to the DRAM (HbmTimes, as in configs/hbm/), cycles to a data rate (HbmTiming): a chip that runs its
// stacks slower or faster keeps the nanoseconds and counts the cycles anew, rounded up.

#include "sim/units/units.h"

#include <cstdint>
#include <string>

namespace myriad {

struct HbmOrganisation {
    std::int32_t channels = 8;         // of a stack
    std::int32_t pseudo_channels = 2;  // of a channel; they share its row and column command buses
    std::int32_t pseudo_channel_bits = 64;
    std::int32_t transfers_per_clock = 2;  // of the command clock, a pin: HBM2 2, HBM3 4
    std::int32_t burst_transfers = 4;
    std::int32_t bank_groups = 4;  // of a pseudo channel
    std::int32_t banks_per_group = 4;
    std::int32_t rows = 65536;  // of a bank
    Bytes page{1024};           // of a row, in one pseudo channel

    [[nodiscard]] constexpr std::int32_t banks() const { return bank_groups * banks_per_group; }
    [[nodiscard]] constexpr Bytes burst() const {
        return Bytes{std::int64_t{pseudo_channel_bits} * burst_transfers / 8};
    }
    [[nodiscard]] constexpr std::int32_t bursts_per_page() const {
        return static_cast<std::int32_t>(count_of(page, burst()));
    }
    [[nodiscard]] constexpr std::int32_t burst_cycles() const { return burst_transfers / transfers_per_clock; }
    [[nodiscard]] constexpr Bytes pseudo_channel_capacity() const { return page * rows * banks(); }
    [[nodiscard]] constexpr Bytes capacity() const {
        return pseudo_channel_capacity() * (std::int64_t{channels} * pseudo_channels);
    }
    // Bytes that a stack moves in one cycle of the command clock.
    [[nodiscard]] constexpr Bytes bytes_per_cycle() const {
        return Bytes{std::int64_t{channels} * pseudo_channels * pseudo_channel_bits * transfers_per_clock / 8};
    }
    [[nodiscard]] constexpr BytesPerSecond peak(Hertz clock) const {
        return BytesPerSecond{bytes_per_cycle().count() * clock.count()};
    }
};

// Names follow the data sheets: tCL is read_latency, tRCDRD activate_to_read, ...
struct HbmTimes {
    Picoseconds read_latency{};           // tCL
    Picoseconds write_latency{};          // tCWL
    Picoseconds activate_to_read{};       // tRCDRD
    Picoseconds activate_to_write{};      // tRCDWR
    Picoseconds precharge{};              // tRP
    Picoseconds activate_to_precharge{};  // tRAS
    Picoseconds row_cycle{};              // tRC
    Picoseconds read_to_precharge{};      // tRTP
    Picoseconds write_recovery{};         // tWR
    Picoseconds write_to_read_short{};    // tWTR_S
    Picoseconds write_to_read_long{};     // tWTR_L
    Picoseconds activate_short{};         // tRRD_S
    Picoseconds activate_long{};          // tRRD_L
    Picoseconds four_activates{};         // tFAW
    Picoseconds refresh_all{};            // tRFCab
    Picoseconds refresh_bank{};           // tRFCpb
    Picoseconds refresh_to_activate{};    // tRREFD
    Picoseconds refresh_interval{};       // tREFI
    // Set by the interface, so in cycles at any data rate.
    std::int32_t column_short = 2;       // tCCD_S
    std::int32_t column_long = 4;        // tCCD_L
    std::int32_t read_to_write_gap = 2;  // idle cycles of the data bus between a read and a write
    std::int32_t activate_cycles = 2;    // of the row bus
    std::int32_t precharge_cycles = 1;
};

// In cycles of the command clock.
struct HbmTiming {
    Hertz clock{};
    std::int32_t burst = 0;
    std::int32_t read_latency = 0;
    std::int32_t write_latency = 0;
    std::int32_t activate_to_read = 0;
    std::int32_t activate_to_write = 0;
    std::int32_t precharge = 0;
    std::int32_t activate_to_precharge = 0;
    std::int32_t row_cycle = 0;
    std::int32_t read_to_precharge = 0;
    std::int32_t write_recovery = 0;
    std::int32_t write_to_read_short = 0;
    std::int32_t write_to_read_long = 0;
    std::int32_t activate_short = 0;
    std::int32_t activate_long = 0;
    std::int32_t four_activates = 0;
    std::int32_t refresh_all = 0;
    std::int32_t refresh_bank = 0;
    std::int32_t refresh_to_activate = 0;
    std::int32_t refresh_interval = 0;  // between two all-bank refreshes, refresh rate counted in
    std::int32_t column_short = 0;
    std::int32_t column_long = 0;
    std::int32_t activate_cycles = 0;
    std::int32_t precharge_cycles = 0;
    std::int32_t read_to_write = 0;  // command to command
};

// per_bank_stall: as per_bank, but no other bank is served while a refresh waits for its turn.
enum class HbmRefresh : std::uint8_t { none, all_bank, per_bank, per_bank_stall };

// Where the address of a 32-byte burst goes, least significant bits first. "column" is what is left of a page.
enum class HbmAddressMap : std::uint8_t {
    reference,         // column 1 bit, channel, pseudo channel, bank group, column, bank, row
    channel_256,       // column 3 bits (256 B), channel, pseudo channel, bank group, column, bank, row
    row_linear,        // column 1 bit, channel, column, pseudo channel, bank group, bank, row
    banks_low,         // column 1 bit, channel, pseudo channel, bank group, bank, column, row
    burst_interleave,  // channel, pseudo channel, bank group, column, bank, row
};

struct HbmControllerConfig {
    std::int32_t read_queue = 64;  // bursts a channel, both pseudo channels
    std::int32_t write_queue = 64;
    double write_high = 0.8;  // share of the write queue above which writes are drained
    double write_low = 0.2;   // share below which reads are served again
    HbmRefresh refresh = HbmRefresh::all_bank;
    double refresh_rate = 1.0;  // times the base rate; 2 above 85 degrees Celsius
    HbmAddressMap map = HbmAddressMap::reference;
};

struct HbmPreset {
    std::string name;
    HbmOrganisation organisation;
    HbmTimes times;
    HbmControllerConfig controller;
    Hertz clock{};  // of the command buses

    [[nodiscard]] HbmTiming timing() const;
    [[nodiscard]] BytesPerSecond stack_peak() const { return organisation.peak(clock); }
    // The same DRAM run so that `stacks` of it move `bandwidth`.
    [[nodiscard]] HbmPreset at_bandwidth(BytesPerSecond bandwidth, int stacks) const;
};

// At least half of the time is left between refreshes; the models rely on it.
[[nodiscard]] bool refresh_fits(const HbmPreset& preset);

// Cycle n of a clock starts at time floor(n / f), from a fixed-point period: within a picosecond for a day, so that a
// period of 555.55 ps does not drift. Multiplies only: it is called for every request.
class CycleClock {
public:
    explicit CycleClock(Hertz frequency);
    [[nodiscard]] TimePoint time_of(std::int64_t cycle) const {
        return TimePoint{Picoseconds{static_cast<std::int64_t>((static_cast<Int128>(cycle) * period_) >> kFraction)}};
    }
    // The first cycle that starts at `time` or later; `time` is not before 0.
    [[nodiscard]] std::int64_t first_cycle_at(TimePoint time) const {
        const std::int64_t t = time.time_since_epoch().count();
        auto cycle = static_cast<std::int64_t>((static_cast<Int128>(t) * frequency_) >> kInverseFraction);
        while (time_of(cycle) < time) {
            ++cycle;
        }
        return cycle;
    }

private:
    static constexpr int kFraction = 48;
    static constexpr int kInverseFraction = 70;
    std::int64_t period_ = 0;     // ps x 2^48, rounded up
    std::int64_t frequency_ = 0;  // cycles a picosecond x 2^70, rounded down
};

}  // namespace myriad

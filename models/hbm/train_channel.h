#pragma once
// One pseudo channel of HBM as reservations: every access is a train of bursts that is given its place on the data bus
// when it is served, in a few operations a row that it touches. For a tile engine, which needs bandwidth and latency of
// millions of accesses; the commands themselves are modelled by HbmChannel, and a differential test holds the two
// together for streams and for blocks at random addresses.

#include "models/hbm/address_map.h"
#include "models/hbm/burst_slots.h"
#include "models/hbm/hbm_timing.h"

#include <array>
#include <cstdint>
#include <vector>

namespace myriad {

class PseudoChannelTrains {
public:
    // Ends of the first and the last burst of a train on the data bus. Writes are posted: theirs is the time at which
    // the controller has room for them.
    struct Result {
        TimePoint first;
        TimePoint last;
    };
    struct Stats {
        Bytes read;
        Bytes written;
        std::int64_t bursts = 0;
        std::int64_t row_hits = 0;  // bursts that found their row open
        std::int64_t activates = 0;
        Picoseconds busy{};        // of the data bus
        Picoseconds refresh{};     // in which no bank could be opened
        Picoseconds turnaround{};  // of the data bus between reads and writes
    };

    explicit PseudoChannelTrains(const HbmPreset& preset);

    // `local_address`: inside this pseudo channel, after the map took the channel bits away; modulo the capacity.
    // Arrivals do not decrease. What is left of less than a burst is carried to the next train of the same direction.
    Result serve(std::uint64_t local_address, Bytes bytes, bool write, TimePoint arrival);
    // Writes what is buffered; the time at which the data bus has carried everything.
    TimePoint finish();

    [[nodiscard]] Stats stats() const;

private:
    struct Bank {
        std::int64_t read_ready = 0;  // cycles, as everything below
        std::int64_t write_ready = 0;
        std::int64_t activate_ready = 0;
        std::int64_t precharge_ready = 0;
        std::int32_t row = -1;
    };
    // Bursts of one access in one row; `ways` rows take turns.
    struct Part {
        BankPart place;
        std::int32_t bursts = 0;
        std::int32_t ways = 1;
    };
    // When the controller sees the first turn of a train's rows, and the rest of them.
    struct Seen {
        std::int64_t first = 0;
        std::int64_t rest = 0;
    };
    struct Write {
        Part part;
        std::int64_t visible = 0;
    };
    struct Placed {
        std::int64_t first = 0;  // end of the first burst
        std::int64_t last = 0;   // of the last one
        std::int32_t bursts = 0;
        std::int32_t opened = 0;     // 1: its first burst opened the row
        std::int64_t activated = 0;  // when
        std::int64_t first_command = 0;
        std::int64_t last_command = 0;
    };
    // The last trains that hold an entry of a queue: a new one is seen when enough entries are free.
    struct Window {
        struct Entry {
            std::int64_t leaves = 0;
            std::int32_t bursts = 0;
        };
        std::vector<Entry> entries;  // a ring
        std::size_t first = 0;
        std::size_t count = 0;
        std::int32_t bursts = 0;
        std::int32_t limit = 0;

        // `held`: entries that are taken, but not by trains that have their time.
        [[nodiscard]] std::int64_t enter(std::int32_t more, std::int32_t held, std::int64_t cycle);
        void add(const Placed& train);
        void insert(std::int32_t more, std::int64_t leaves);
    };
    [[nodiscard]] std::int32_t whole_bursts(std::int64_t bytes, bool write);
    [[nodiscard]] Seen see(std::uint64_t piece, std::int64_t cycle);
    [[nodiscard]] std::int64_t buffer_write(const Part& part, std::int64_t cycle);
    void place(const Part& part, const Seen& seen, bool write, Placed& placed);
    [[nodiscard]] std::int64_t activate(Bank& bank, std::int32_t row, std::int64_t visible);
    void drain(std::int64_t cycle, std::int32_t keep);
    void refresh_until(std::int64_t cycle);
    void refresh_all_banks();
    void refresh_one_bank();

    HbmTiming t_;
    LocalMap map_;
    std::int64_t burst_bytes_;
    std::uint64_t piece_;  // bytes: a power of two
    CycleClock clock_;
    HbmRefresh refresh_;
    BurstSlots slots_;
    CommandTurns turns_;  // of activates
    std::array<Bank, 64> banks_{};
    std::int32_t bank_count_;
    Window reads_;
    Window writes_;
    std::array<Placed, 64> placed_{};  // reads of the piece at hand
    std::int32_t placed_count_ = 0;
    std::int64_t last_entered_ = 0;  // when the last read entered its queue
    std::int32_t turn_bursts_ = 0;   // of one row, before the next row's turn
    std::vector<Write> buffered_;    // in order of arrival
    std::int32_t buffered_bursts_ = 0;
    std::int32_t write_high_;
    std::int32_t write_low_;
    std::int64_t read_end_ = 0;  // of the last data
    std::int64_t write_end_ = 0;
    std::int64_t last_write_ = 0;  // command
    std::int64_t next_refresh_ = 0;
    std::int64_t refresh_step_ = 0;
    std::int32_t next_bank_ = 0;
    std::array<std::int64_t, 2> carried_{};  // bytes of less than a burst, of reads and writes
    std::int64_t refresh_cycles_ = 0;
    std::int64_t turnaround_cycles_ = 0;
    Stats stats_;
};

}  // namespace myriad

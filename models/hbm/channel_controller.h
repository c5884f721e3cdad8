#pragma once
// One HBM channel command by command: two pseudo channels with their banks, one row and one column command bus, and the
// FR-FCFS controller in front of them. A cycle issues at most one row command (activate, precharge, refresh) and one
// column command (read, write). The caller steps it at next_cycle(); nothing is done for cycles in which nothing can
// happen.

#include "models/hbm/hbm_timing.h"

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace myriad {

enum class HbmCommand : std::uint8_t { activate, precharge, precharge_all, read, write, refresh_all, refresh_bank };

// One burst. Banks of a channel are numbered pseudo channel x banks + bank, the bank group in the low bits of a bank.
struct HbmRequest {
    std::uint64_t tag = 0;  // the caller's
    std::int32_t bank = 0;
    std::int32_t row = 0;
    bool write = false;
};

class ChannelController {
public:
    // What a data bus did, in cycles summed over the pseudo channels. A gap before a burst counts for one cause.
    struct Stats {
        std::int64_t read_bursts = 0;
        std::int64_t write_bursts = 0;
        std::int64_t activates = 0;
        std::int64_t precharges = 0;
        std::int64_t refreshes = 0;
        std::int64_t row_bus = 0;  // cycles that the row bus was taken
        // Idle cycles of the data buses.
        std::int64_t no_request = 0;
        std::int64_t refresh = 0;
        std::int64_t turnaround = 0;
        std::int64_t row = 0;    // a row had to be opened
        std::int64_t group = 0;  // two bursts of one bank group, or the column bus was taken
    };
    // A read is done when its last data has left, a write when its command is given.
    struct Done {
        std::uint64_t tag = 0;
        std::int64_t cycle = 0;
    };
    struct Issued {
        std::int64_t cycle = 0;
        HbmCommand command = HbmCommand::activate;
        std::int32_t bank = 0;  // of all-bank commands: the first bank of the pseudo channel
        std::int32_t row = 0;
    };
    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

    explicit ChannelController(const HbmPreset& preset);

    // Takes a burst into the queue of its direction; false when that is full. It can be served from the next step on.
    [[nodiscard]] bool accept(const HbmRequest& request, std::int64_t cycle);
    [[nodiscard]] std::int64_t next_cycle() const { return next_cycle_; }
    // Cycles do not decrease, and none before next_cycle() does anything. Appends what it completes.
    void step(std::int64_t cycle, std::vector<Done>& done);

    [[nodiscard]] bool idle() const { return in_queue_[0] + in_queue_[1] == 0 && active_ == 0; }
    [[nodiscard]] const Stats& stats() const { return stats_; }
    void log_to(std::vector<Issued>* log) { log_ = log; }  // for tests: every command

private:
    static constexpr std::int32_t kBanks = 64;  // of both pseudo channels at most
    static constexpr std::int32_t kGroups = 32;
    static constexpr std::int16_t kNone = -1;
    using BankMask = std::uint64_t;

    // The oldest of what is ready: its order above, its bank in the low bits, so that one comparison finds it.
    using Key = std::int64_t;
    static constexpr Key kNoKey = std::numeric_limits<Key>::max();
    static constexpr int kBankBits = 6;

    struct Entry {
        Key key = 0;  // by acceptance
        std::int64_t accepted = 0;
        std::uint64_t tag = 0;
        std::int32_t row = 0;
        std::int16_t before = kNone;  // in the list of its bank
        std::int16_t after = kNone;
    };
    struct BankQueue {
        std::int16_t head = kNone;
        std::int16_t tail = kNone;
        std::int16_t hit = kNone;  // the oldest entry of the open row
    };
    // A request that opened its row leaves the queue and has the first claim on the column bus.
    struct Active {
        std::int64_t accepted = 0;
        std::uint64_t tag = 0;
    };
    struct PseudoChannel {
        std::array<std::int64_t, 2> column_ready{};  // read, write
        std::int64_t activate_ready = 0;
        std::int64_t precharge_all_ready = 0;
        std::int64_t refresh_ready = 0;
        std::array<std::int64_t, 4> activates{};  // a ring, for tFAW
        std::int32_t oldest_activate = 0;
        std::int64_t data_end = 0;
        bool last_write = false;
        bool refreshed = false;  // since the last burst
    };
    struct Pick {
        std::int32_t bank = -1;
        bool from_active = false;
        bool write = false;
    };

    [[nodiscard]] Key oldest_ready_column(BankMask banks, bool write, const std::array<Key, kBanks>& keys,
                                          std::int64_t cycle, std::int64_t& next) const;
    [[nodiscard]] BankMask banks_of(std::int32_t pseudo) const { return pc_mask_ << (pseudo * banks_per_pc_); }
    [[nodiscard]] bool is_open(std::int32_t bank) const { return (open_ >> bank & 1) != 0; }

    void update_mode();
    void request_refresh(std::int64_t cycle);
    bool try_column(std::int64_t cycle, std::int64_t& next, std::vector<Done>& done);
    bool try_row(std::int64_t cycle, std::int64_t& next);
    bool try_refresh(std::int64_t cycle, std::int64_t& next);
    bool try_refresh_all(std::int64_t cycle, std::int32_t pseudo, std::int64_t& next);
    bool try_refresh_bank(std::int64_t cycle, std::int32_t bank, std::int64_t& next);

    void issue_column(const Pick& pick, std::int64_t cycle, std::vector<Done>& done);
    void account_gap(PseudoChannel& pc, std::int64_t data, std::int64_t accepted, const Pick& pick);
    void issue_activate(std::int32_t bank, std::int64_t cycle);
    void issue_precharge(std::int32_t bank, std::int64_t cycle);
    void take_row_bus(std::int32_t cycles, std::int64_t cycle);
    void record(std::int64_t cycle, HbmCommand command, std::int32_t bank, std::int32_t row);

    void unlink(bool write, std::int32_t bank, std::int16_t index);
    void find_hit(bool write, std::int32_t bank, std::int16_t from);
    void update_masks(bool write, std::int32_t bank);

    HbmTiming t_;
    HbmRefresh refresh_;
    std::int32_t banks_per_pc_;
    std::int32_t pseudo_channels_;
    std::int32_t group_mask_;
    std::int32_t groups_per_pc_;
    BankMask pc_mask_;
    std::array<std::int32_t, 2> capacity_{};
    double write_high_;
    double write_low_;

    std::array<std::vector<Entry>, 2> entries_;      // reads, writes
    std::array<std::vector<std::int16_t>, 2> free_;  // entries
    std::array<std::array<BankQueue, kBanks>, 2> queues_;
    std::array<std::int32_t, 2> in_queue_{};
    std::array<BankMask, 2> hits_{};    // banks with an entry of the open row
    std::array<BankMask, 2> misses_{};  // banks whose oldest entry needs a row command
    BankMask open_ = 0;
    BankMask active_ = 0;
    BankMask active_writes_ = 0;
    std::array<Active, kBanks> actives_{};
    std::array<Key, kBanks> active_key_{};
    std::array<std::array<Key, kBanks>, 2> head_key_{};  // of the oldest entry
    std::array<std::array<Key, kBanks>, 2> hit_key_{};   // of the oldest entry of the open row
    bool writing_ = false;                               // mode
    std::int64_t order_ = 0;

    std::array<std::int32_t, kBanks> open_row_{};
    std::array<std::array<std::int64_t, kBanks>, 2> bank_column_ready_{};
    std::array<std::int64_t, kBanks> bank_activate_ready_{};
    std::array<std::int64_t, kBanks> bank_precharge_ready_{};
    std::array<std::int64_t, kBanks> bank_refresh_ready_{};
    std::array<std::array<std::int64_t, kGroups>, 2> group_column_ready_{};
    std::array<std::int64_t, kGroups> group_activate_ready_{};
    std::array<PseudoChannel, 2> pcs_{};
    std::int64_t row_bus_ready_ = 0;

    std::int64_t next_refresh_ = kNever;
    std::int64_t refresh_step_ = 0;
    std::int32_t next_refresh_bank_ = 0;
    std::vector<std::int32_t> refreshes_;  // waiting, oldest first: pseudo channels or banks

    std::int64_t next_cycle_ = 0;
    Stats stats_;
    std::vector<Issued>* log_ = nullptr;
};

}  // namespace myriad

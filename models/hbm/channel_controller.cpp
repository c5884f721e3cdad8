// First-ready, first-come-first-served with row hits kept: the policy of Ramulator 2.1's HBM controller with its row-hit
// scheduler, restated over banks instead of over requests.
//
// - Reads and writes wait in two queues; one of them is served (`writing_`). Writes are served from write_high of their
//   queue, or when no read waits, until write_low and a read waits.
// - Column bus: of the requests that opened a row ("active"), the oldest that is ready; if none is, the oldest ready
//   burst of the served queue whose row is open.
// - Row bus: the oldest ready activate or precharge that a burst of the served queue needs. A row is not closed while
//   its active request waits, nor before older bursts of the same queue that hit it.
// - All bursts of one bank, row and direction become ready together, so a bank offers its oldest one only, and a scan
//   goes over at most 32 banks instead of 128 entries.
// - While a refresh waits, nothing new is chosen; active requests are finished first. All-bank refreshes of the two
//   pseudo channels are due together and taken one after the other. Under per_bank the other banks go on; under
//   per_bank_stall they wait as well, as they do in Ramulator.
// - Timings run between the last cycles of commands: an activate of two cycles is timed from its second one.
//
// Not modelled: a read that finds its data in the write queue, auto-precharge, stack ids, self refresh, ECC.

#include "models/hbm/channel_controller.h"

#include "sim/error/error.h"

#include <algorithm>
#include <bit>

namespace myriad {
namespace {

// Calls f(bank) for every bank of a mask.
template <class F>
void for_each_bank(std::uint64_t mask, F f) {
    for (; mask != 0; mask &= mask - 1) {
        f(std::countr_zero(mask));
    }
}

constexpr std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }
constexpr std::size_t direction(bool write) { return write ? 1 : 0; }
constexpr std::uint64_t bit(std::int32_t bank) { return std::uint64_t{1} << bank; }

void raise(std::int64_t& time, std::int64_t to) { time = std::max(time, to); }

}  // namespace

ChannelController::ChannelController(const HbmPreset& preset)
    : t_(preset.timing()),
      refresh_(preset.controller.refresh),
      banks_per_pc_(preset.organisation.banks()),
      pseudo_channels_(preset.organisation.pseudo_channels),
      group_mask_(preset.organisation.bank_groups - 1),
      groups_per_pc_(preset.organisation.bank_groups),
      pc_mask_((bit(banks_per_pc_ - 1) << 1) - 1),
      capacity_{preset.controller.read_queue, preset.controller.write_queue},
      write_high_(preset.controller.write_high * preset.controller.write_queue),
      write_low_(preset.controller.write_low * preset.controller.write_queue) {
    MYRIAD_CHECK(banks_per_pc_ * pseudo_channels_ <= kBanks, "a channel has more banks than the controller can hold");
    MYRIAD_CHECK(groups_per_pc_ * pseudo_channels_ <= kGroups, "a channel has more bank groups than it can hold");
    for (std::size_t d = 0; d < 2; ++d) {
        entries_[d].resize(at(capacity_[d]));
        for (std::int32_t i = capacity_[d]; i-- > 0;) {
            free_[d].push_back(static_cast<std::int16_t>(i));
        }
    }
    for (PseudoChannel& pc : pcs_) {
        pc.activates.fill(std::numeric_limits<std::int32_t>::min());
    }
    if (refresh_ != HbmRefresh::none) {
        const std::int32_t banks = banks_per_pc_ * pseudo_channels_;
        refresh_step_ =
            refresh_ == HbmRefresh::all_bank ? t_.refresh_interval : (t_.refresh_interval + banks - 1) / banks;
        next_refresh_ = refresh_step_;
    }
    next_cycle_ = next_refresh_;
}

bool ChannelController::accept(const HbmRequest& request, std::int64_t cycle) {
    const std::size_t d = direction(request.write);
    if (free_[d].empty()) {
        return false;
    }
    const std::int16_t index = free_[d].back();
    free_[d].pop_back();
    ++in_queue_[d];
    BankQueue& queue = queues_[d][at(request.bank)];
    entries_[d][at(index)] =
        Entry{(order_++ << kBankBits) | request.bank, cycle, request.tag, request.row, queue.tail, kNone};
    (queue.tail == kNone ? queue.head : entries_[d][at(queue.tail)].after) = index;
    queue.tail = index;
    if (queue.hit == kNone && is_open(request.bank) && open_row_[at(request.bank)] == request.row) {
        queue.hit = index;
    }
    update_masks(request.write, request.bank);
    next_cycle_ = std::min(next_cycle_, cycle + 1);
    return true;
}

void ChannelController::update_masks(bool write, std::int32_t bank) {
    const std::size_t d = direction(write);
    const BankQueue& queue = queues_[d][at(bank)];
    const BankMask here = bit(bank);
    hits_[d] = queue.hit != kNone ? hits_[d] | here : hits_[d] & ~here;
    misses_[d] = queue.head != kNone && queue.head != queue.hit ? misses_[d] | here : misses_[d] & ~here;
    if (queue.hit != kNone) {
        hit_key_[d][at(bank)] = entries_[d][at(queue.hit)].key;
    }
    if (queue.head != kNone) {
        head_key_[d][at(bank)] = entries_[d][at(queue.head)].key;
    }
}

void ChannelController::find_hit(bool write, std::int32_t bank, std::int16_t from) {
    const std::size_t d = direction(write);
    std::int16_t entry = is_open(bank) ? from : kNone;
    while (entry != kNone && entries_[d][at(entry)].row != open_row_[at(bank)]) {
        entry = entries_[d][at(entry)].after;
    }
    queues_[d][at(bank)].hit = entry;
    update_masks(write, bank);
}

void ChannelController::unlink(bool write, std::int32_t bank, std::int16_t index) {
    const std::size_t d = direction(write);
    BankQueue& queue = queues_[d][at(bank)];
    const Entry& entry = entries_[d][at(index)];
    (entry.before == kNone ? queue.head : entries_[d][at(entry.before)].after) = entry.after;
    (entry.after == kNone ? queue.tail : entries_[d][at(entry.after)].before) = entry.before;
    free_[d].push_back(index);
    --in_queue_[d];
}

void ChannelController::update_mode() {
    if (!writing_) {
        writing_ = in_queue_[1] > write_high_ || in_queue_[0] == 0;
    } else {
        writing_ = !(in_queue_[1] < write_low_ && in_queue_[0] != 0);
    }
}

void ChannelController::step(std::int64_t cycle, std::vector<Done>& done) {
    if (cycle < next_cycle_) {
        return;
    }
    request_refresh(cycle);
    std::int64_t next = next_refresh_;
    const bool column = try_column(cycle, next, done);
    const bool row = try_row(cycle, next);
    next_cycle_ = column || row ? cycle + 1 : std::max(next, cycle + 1);
}

void ChannelController::request_refresh(std::int64_t cycle) {
    for (; cycle >= next_refresh_; next_refresh_ += refresh_step_) {
        if (refresh_ == HbmRefresh::all_bank) {
            for (std::int32_t pseudo = 0; pseudo < pseudo_channels_; ++pseudo) {
                refreshes_.push_back(pseudo);
            }
        } else {
            refreshes_.push_back(next_refresh_bank_);
            next_refresh_bank_ = (next_refresh_bank_ + 1) % (banks_per_pc_ * pseudo_channels_);
        }
    }
}

// Without branches in the loop: which bank is ready when is close to random.
ChannelController::Key ChannelController::oldest_ready_column(BankMask banks, bool write,
                                                              const std::array<Key, kBanks>& keys, std::int64_t cycle,
                                                              std::int64_t& next) const {
    const std::size_t d = direction(write);
    Key best = kNoKey;
    for (std::int32_t pseudo = 0; pseudo < pseudo_channels_; ++pseudo) {
        const BankMask mask = banks & banks_of(pseudo);
        const std::int64_t pc_ready = pcs_[at(pseudo)].column_ready[d];
        if (mask == 0) {
            continue;
        }
        if (pc_ready > cycle) {
            next = std::min(next, pc_ready);
            continue;
        }
        const std::int64_t* group_ready = &group_column_ready_[d][at(pseudo * groups_per_pc_)];
        for_each_bank(mask, [&](std::int32_t bank) {
            const std::int64_t ready = std::max(bank_column_ready_[d][at(bank)], group_ready[bank & group_mask_]);
            const bool now = ready <= cycle;
            best = std::min(best, now ? keys[at(bank)] : kNoKey);
            next = std::min(next, now ? kNever : ready);
        });
    }
    return best;
}

bool ChannelController::try_column(std::int64_t cycle, std::int64_t& next, std::vector<Done>& done) {
    Pick pick{.from_active = true};
    Key best = kNoKey;
    if (active_ != 0) {
        const Key read = oldest_ready_column(active_ & ~active_writes_, false, active_key_, cycle, next);
        const Key write = oldest_ready_column(active_ & active_writes_, true, active_key_, cycle, next);
        pick.write = write < read;
        best = std::min(read, write);
    }
    if (best == kNoKey && (refreshes_.empty() || refresh_ == HbmRefresh::per_bank)) {
        update_mode();
        const std::size_t d = direction(writing_);
        const BankMask refreshing = refreshes_.empty() ? 0 : bit(refreshes_.front());
        best = oldest_ready_column(hits_[d] & ~refreshing, writing_, hit_key_[d], cycle, next);
        pick = Pick{.from_active = false, .write = writing_};
    }
    if (best == kNoKey) {
        return false;
    }
    pick.bank = static_cast<std::int32_t>(best & ((Key{1} << kBankBits) - 1));
    issue_column(pick, cycle, done);
    return true;
}

bool ChannelController::try_row(std::int64_t cycle, std::int64_t& next) {
    if (row_bus_ready_ > cycle) {
        if (!refreshes_.empty() || misses_[0] != 0 || misses_[1] != 0) {
            next = std::min(next, row_bus_ready_);
        }
        return false;
    }
    if (!refreshes_.empty()) {
        if (try_refresh(cycle, next)) {
            return true;
        }
        if (refresh_ != HbmRefresh::per_bank) {
            return false;
        }
    }
    update_mode();
    const std::size_t d = direction(writing_);
    BankMask mask = misses_[d] & ~(open_ & active_);
    if (!refreshes_.empty()) {
        mask &= ~bit(refreshes_.front());
    }
    Key best = kNoKey;
    for_each_bank(mask & open_, [&](std::int32_t bank) {
        const bool now = bank_precharge_ready_[at(bank)] <= cycle;
        best = std::min(best, now ? head_key_[d][at(bank)] : kNoKey);
        next = std::min(next, now ? kNever : bank_precharge_ready_[at(bank)]);
    });
    for (std::int32_t pseudo = 0; pseudo < pseudo_channels_; ++pseudo) {
        const BankMask closed = mask & ~open_ & banks_of(pseudo);
        if (closed == 0) {
            continue;
        }
        if (pcs_[at(pseudo)].activate_ready > cycle) {
            next = std::min(next, pcs_[at(pseudo)].activate_ready);
            continue;
        }
        const std::int64_t* group_ready = &group_activate_ready_[at(pseudo * groups_per_pc_)];
        for_each_bank(closed, [&](std::int32_t bank) {
            const std::int64_t ready = std::max(bank_activate_ready_[at(bank)], group_ready[bank & group_mask_]);
            const bool now = ready <= cycle;
            best = std::min(best, now ? head_key_[d][at(bank)] : kNoKey);
            next = std::min(next, now ? kNever : ready);
        });
    }
    if (best == kNoKey) {
        return false;
    }
    const auto bank = static_cast<std::int32_t>(best & ((Key{1} << kBankBits) - 1));
    if (is_open(bank)) {
        issue_precharge(bank, cycle);
    } else {
        issue_activate(bank, cycle);
    }
    return true;
}

void ChannelController::issue_column(const Pick& pick, std::int64_t cycle, std::vector<Done>& done) {
    const std::size_t d = direction(pick.write);
    std::uint64_t tag = actives_[at(pick.bank)].tag;
    std::int64_t accepted = actives_[at(pick.bank)].accepted;
    if (pick.from_active) {
        active_ &= ~bit(pick.bank);
    } else {
        const std::int16_t index = queues_[d][at(pick.bank)].hit;
        const std::int16_t after = entries_[d][at(index)].after;
        tag = entries_[d][at(index)].tag;
        accepted = entries_[d][at(index)].accepted;
        unlink(pick.write, pick.bank, index);
        find_hit(pick.write, pick.bank, after);
    }
    const std::int32_t pseudo = pick.bank >= banks_per_pc_ ? 1 : 0;
    const std::int32_t group = pseudo * groups_per_pc_ + (pick.bank & group_mask_);
    PseudoChannel& pc = pcs_[at(pseudo)];
    account_gap(pc, cycle + (pick.write ? t_.write_latency : t_.read_latency), accepted, pick);
    record(cycle, pick.write ? HbmCommand::write : HbmCommand::read, pick.bank, open_row_[at(pick.bank)]);
    raise(pc.column_ready[d], cycle + std::max(t_.burst, t_.column_short));
    raise(group_column_ready_[d][at(group)], cycle + t_.column_long);
    std::int64_t close = cycle + t_.read_to_precharge;
    if (pick.write) {
        const std::int64_t end = cycle + t_.write_latency + t_.burst;
        raise(pc.column_ready[0], end + t_.write_to_read_short);
        raise(group_column_ready_[0][at(group)], end + t_.write_to_read_long);
        close = end + t_.write_recovery;
        ++stats_.write_bursts;
        done.push_back(Done{tag, cycle});
    } else {
        raise(pc.column_ready[1], cycle + t_.read_to_write);
        ++stats_.read_bursts;
        done.push_back(Done{tag, cycle + t_.read_latency + t_.burst});
    }
    raise(bank_precharge_ready_[at(pick.bank)], close);
    raise(pc.precharge_all_ready, close);
}

// Why the data bus stood still before this burst: first for want of a request, then one cause.
void ChannelController::account_gap(PseudoChannel& pc, std::int64_t data, std::int64_t accepted, const Pick& pick) {
    std::int64_t gap = data - pc.data_end;
    if (gap > 0) {
        const std::int32_t latency = pick.write ? t_.write_latency : t_.read_latency;
        const std::int64_t waited_for = std::clamp(accepted + 1 + latency - pc.data_end, std::int64_t{0}, gap);
        stats_.no_request += waited_for;
        gap -= waited_for;
        if (pc.refreshed) {
            stats_.refresh += gap;
        } else if (pick.write != pc.last_write) {
            stats_.turnaround += gap;
        } else if (pick.from_active) {
            stats_.row += gap;
        } else {
            stats_.group += gap;
        }
    }
    pc.data_end = data + t_.burst;
    pc.last_write = pick.write;
    pc.refreshed = false;
}

void ChannelController::take_row_bus(std::int32_t cycles, std::int64_t cycle) {
    row_bus_ready_ = cycle + cycles;
    stats_.row_bus += cycles;
}

void ChannelController::issue_activate(std::int32_t bank, std::int64_t cycle) {
    const std::size_t d = direction(writing_);
    const std::int16_t index = queues_[d][at(bank)].head;
    const Entry entry = entries_[d][at(index)];
    actives_[at(bank)] = Active{entry.accepted, entry.tag};
    active_key_[at(bank)] = entry.key;
    active_ |= bit(bank);
    active_writes_ = writing_ ? active_writes_ | bit(bank) : active_writes_ & ~bit(bank);
    open_ |= bit(bank);
    open_row_[at(bank)] = entry.row;
    unlink(writing_, bank, index);
    find_hit(false, bank, queues_[0][at(bank)].head);
    find_hit(true, bank, queues_[1][at(bank)].head);

    const std::int32_t pseudo = bank >= banks_per_pc_ ? 1 : 0;
    const std::int32_t group = pseudo * groups_per_pc_ + (bank & group_mask_);
    PseudoChannel& pc = pcs_[at(pseudo)];
    const std::int32_t more = t_.activate_cycles - 1;
    record(cycle, HbmCommand::activate, bank, entry.row);
    take_row_bus(t_.activate_cycles, cycle);
    raise(bank_column_ready_[0][at(bank)], cycle + more + t_.activate_to_read);
    raise(bank_column_ready_[1][at(bank)], cycle + more + t_.activate_to_write);
    raise(bank_activate_ready_[at(bank)], cycle + t_.row_cycle);
    raise(bank_precharge_ready_[at(bank)], cycle + more + t_.activate_to_precharge);
    raise(bank_refresh_ready_[at(bank)], cycle + more + t_.row_cycle);
    raise(group_activate_ready_[at(group)], cycle + t_.activate_long);
    raise(pc.precharge_all_ready, cycle + more + t_.activate_to_precharge);
    raise(pc.refresh_ready, cycle + more + t_.row_cycle);
    pc.activates[at(pc.oldest_activate)] = cycle;
    pc.oldest_activate = (pc.oldest_activate + 1) % 4;
    raise(pc.activate_ready,
          std::max(cycle + t_.activate_short, pc.activates[at(pc.oldest_activate)] + t_.four_activates));
    ++stats_.activates;
}

void ChannelController::issue_precharge(std::int32_t bank, std::int64_t cycle) {
    record(cycle, HbmCommand::precharge, bank, open_row_[at(bank)]);
    take_row_bus(t_.precharge_cycles, cycle);
    open_ &= ~bit(bank);
    find_hit(false, bank, kNone);
    find_hit(true, bank, kNone);
    raise(bank_activate_ready_[at(bank)], cycle + t_.precharge - (t_.activate_cycles - 1));
    raise(bank_refresh_ready_[at(bank)], cycle + t_.precharge);
    raise(pcs_[bank >= banks_per_pc_ ? 1 : 0].refresh_ready, cycle + t_.precharge);
    ++stats_.precharges;
}

bool ChannelController::try_refresh(std::int64_t cycle, std::int64_t& next) {
    const std::int32_t front = refreshes_.front();
    return refresh_ == HbmRefresh::all_bank ? try_refresh_all(cycle, front, next)
                                            : try_refresh_bank(cycle, front, next);
}

bool ChannelController::try_refresh_all(std::int64_t cycle, std::int32_t pseudo, std::int64_t& next) {
    PseudoChannel& pc = pcs_[at(pseudo)];
    const BankMask banks = banks_of(pseudo);
    const std::int32_t first = pseudo * banks_per_pc_;
    if ((open_ & banks) != 0) {
        if ((active_ & banks) != 0) {
            return false;  // they go first, and step the channel
        }
        if (pc.precharge_all_ready > cycle) {
            next = std::min(next, pc.precharge_all_ready);
            return false;
        }
        record(cycle, HbmCommand::precharge_all, first, 0);
        take_row_bus(t_.precharge_cycles, cycle);
        const BankMask closing = open_ & banks;
        open_ &= ~banks;
        for_each_bank(closing, [&](std::int32_t bank) {
            find_hit(false, bank, kNone);
            find_hit(true, bank, kNone);
        });
        for (std::int32_t bank = first; bank < first + banks_per_pc_; ++bank) {
            raise(bank_activate_ready_[at(bank)], cycle + t_.precharge - (t_.activate_cycles - 1));
        }
        raise(pc.refresh_ready, cycle + t_.precharge);
        ++stats_.precharges;
        return true;
    }
    if (pc.refresh_ready > cycle) {
        next = std::min(next, pc.refresh_ready);
        return false;
    }
    record(cycle, HbmCommand::refresh_all, first, 0);
    take_row_bus(1, cycle);
    for (std::int32_t bank = first; bank < first + banks_per_pc_; ++bank) {
        raise(bank_activate_ready_[at(bank)], cycle + t_.refresh_all - (t_.activate_cycles - 1));
    }
    raise(pc.precharge_all_ready, cycle + t_.refresh_all);
    raise(pc.refresh_ready, cycle + t_.refresh_all);
    pc.refreshed = true;
    refreshes_.erase(refreshes_.begin());
    ++stats_.refreshes;
    return true;
}

bool ChannelController::try_refresh_bank(std::int64_t cycle, std::int32_t bank, std::int64_t& next) {
    if (is_open(bank)) {
        if ((active_ & bit(bank)) != 0) {
            return false;
        }
        if (bank_precharge_ready_[at(bank)] > cycle) {
            next = std::min(next, bank_precharge_ready_[at(bank)]);
            return false;
        }
        issue_precharge(bank, cycle);
        return true;
    }
    PseudoChannel& pc = pcs_[bank >= banks_per_pc_ ? 1 : 0];
    const std::int64_t after_activate = pc.activates[at((pc.oldest_activate + 3) % 4)] + t_.activate_short;
    const std::int64_t ready = std::max(bank_refresh_ready_[at(bank)], after_activate + (t_.activate_cycles - 1));
    if (ready > cycle) {
        next = std::min(next, ready);
        return false;
    }
    record(cycle, HbmCommand::refresh_bank, bank, 0);
    take_row_bus(1, cycle);
    raise(bank_activate_ready_[at(bank)], cycle + t_.refresh_bank - (t_.activate_cycles - 1));
    raise(bank_refresh_ready_[at(bank)], cycle + t_.refresh_bank);
    raise(pc.activate_ready, cycle + t_.refresh_to_activate - (t_.activate_cycles - 1));
    refreshes_.erase(refreshes_.begin());
    ++stats_.refreshes;
    return true;
}

void ChannelController::record(std::int64_t cycle, HbmCommand command, std::int32_t bank, std::int32_t row) {
    if (log_ != nullptr) {
        log_->push_back(Issued{cycle, command, bank, row});
    }
}

}  // namespace myriad

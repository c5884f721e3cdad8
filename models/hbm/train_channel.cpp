// Reservations instead of commands. A train waits for an entry of the controller's queue, for its row and for slots of
// the data bus; each is a time kept in cycles.
//
// Assumptions, all of them held by the differential test:
// - The other pseudo channel of the channel is as busy as this one, so the shared row bus gives this one every second
//   turn: an activate costs twice its cycles, and so does the precharge before it.
// - Half of the channel's queue entries serve this pseudo channel.
// - The controller reorders: a train takes the first free slots of the data bus (BurstSlots), whoever was before it.
// - Trains of one bank are served in their order; rows that interleave in one bank are not gathered.
// - Writes wait in the write queue until it is filled to write_high, or until reads pause; then they are written down
//   to write_low in one batch. Rows for them are opened when the batch begins.
// - An all-bank refresh begins when what was placed before it has ended; the two pseudo channels close their banks one
//   after the other, so on average a refresh waits half a precharge for the other one.

#include "models/hbm/train_channel.h"

#include "sim/error/error.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace myriad {
namespace {

// From one activate of a pseudo channel to the next: tRRD and tFAW, or both pseudo channels' turns of the row bus.
std::int32_t cycles_between_activates(const HbmTiming& t, std::int32_t pseudo_channels) {
    return std::max(
        {t.activate_short, (t.four_activates + 3) / 4, pseudo_channels * (t.activate_cycles + t.precharge_cycles)});
}

}  // namespace

PseudoChannelTrains::PseudoChannelTrains(const HbmPreset& preset)
    : t_(preset.timing()),
      map_(preset),
      burst_bytes_(preset.organisation.burst().count()),
      clock_(preset.clock),
      refresh_(preset.controller.refresh),
      slots_(t_),
      turns_(cycles_between_activates(t_, preset.organisation.pseudo_channels)),
      bank_count_(preset.organisation.banks()) {
    MYRIAD_CHECK(bank_count_ <= static_cast<std::int32_t>(banks_.size()), "more banks than a pseudo channel has");
    const HbmControllerConfig& c = preset.controller;
    const int shares = preset.organisation.pseudo_channels;
    reads_.limit = std::max(1, c.read_queue / shares);
    writes_.limit = std::max(1, c.write_queue / shares);
    // A long train is cut at the size of the queue, so that its banks take turns as its addresses do.
    turn_bursts_ = static_cast<std::int32_t>((std::int64_t{1} << map_.granule_bits) / burst_bytes_);
    const std::uint64_t queue = std::bit_floor(static_cast<std::uint64_t>(reads_.limit * burst_bytes_));
    const std::uint64_t turn = std::uint64_t{1} << (map_.granule_bits + map_.way_bits);
    const std::uint64_t span = std::uint64_t{1} << (map_.page_bits + map_.way_bits);
    piece_ = std::min(span, std::max(turn, queue));
    // An entry holds a burst or more; what is held is at most the queue and the pieces on both sides of a batch.
    for (Window* window : {&reads_, &writes_}) {
        window->entries.resize(static_cast<std::size_t>(window->limit) +
                               2 * piece_ / static_cast<std::uint64_t>(burst_bytes_) + 2);
    }
    write_high_ = static_cast<std::int32_t>(c.write_high * writes_.limit);
    write_low_ = static_cast<std::int32_t>(std::ceil(c.write_low * writes_.limit));
    refresh_step_ =
        refresh_ == HbmRefresh::all_bank ? t_.refresh_interval : std::max(1, t_.refresh_interval / bank_count_);
    next_refresh_ = refresh_ == HbmRefresh::none ? std::numeric_limits<std::int64_t>::max() : refresh_step_;
}

std::int64_t PseudoChannelTrains::Window::enter(std::int32_t more, std::int32_t held, std::int64_t cycle) {
    while (bursts + held + more > limit && count > 0) {
        cycle = std::max(cycle, entries[first].leaves);
        bursts -= entries[first].bursts;
        first = first + 1 == entries.size() ? 0 : first + 1;
        --count;
    }
    return cycle;
}

// Kept in the order of leaving: an entry that waits for its bank does not keep the later ones.
void PseudoChannelTrains::Window::add(const Placed& train) {
    // The burst that opened the row left the queue with the activate.
    if (train.opened > 0) {
        insert(train.opened, train.activated);
    }
    // The others leave one by one: two halves, each at its middle.
    const std::int32_t rest = train.bursts - train.opened;
    const std::int64_t quarter = (train.last_command - train.first_command) / 4;
    const std::int32_t half = rest > 2 ? rest / 2 : 0;
    if (half > 0) {
        insert(half, train.first_command + quarter);
    }
    if (rest > half) {
        insert(rest - half, half > 0 ? train.last_command - quarter : train.last_command);
    }
}

void PseudoChannelTrains::Window::insert(std::int32_t more, std::int64_t leaves) {
    const std::size_t size = entries.size();
    MYRIAD_CHECK(count < size, "a window holds no more than its queue");
    std::size_t place = first + count;
    place = place >= size ? place - size : place;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t before = place == 0 ? size - 1 : place - 1;
        if (entries[before].leaves <= leaves) {
            break;
        }
        entries[place] = entries[before];
        place = before;
    }
    entries[place] = Entry{leaves, more};
    ++count;
    bursts += more;
}

std::int32_t PseudoChannelTrains::whole_bursts(std::int64_t bytes, bool write) {
    std::int64_t& carried = carried_[write ? 1 : 0];
    const std::int64_t all = carried + bytes;
    const std::int64_t bursts = all / burst_bytes_;
    carried = all - bursts * burst_bytes_;
    return static_cast<std::int32_t>(bursts);
}

PseudoChannelTrains::Result PseudoChannelTrains::serve(std::uint64_t local_address, Bytes bytes, bool write,
                                                       TimePoint arrival) {
    MYRIAD_CHECK(bytes.count() > 0, "a train carries bytes");
    (write ? stats_.written : stats_.read) += bytes;
    const std::int64_t cycle = clock_.first_cycle_at(arrival) + 1;  // seen in the cycle after it arrives
    const std::int64_t idle_from = std::max(read_end_, write_end_);
    if (buffered_bursts_ > 0 && cycle > idle_from) {
        drain(std::max(idle_from, buffered_.back().visible), 0);  // the bus had nothing else to do
    }
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = cycle;
    std::uint64_t address = local_address;
    for (auto left = static_cast<std::uint64_t>(bytes.count()); left > 0;) {
        const std::uint64_t piece = std::min(left, piece_ - (address & (piece_ - 1)));
        const Seen seen = write ? Seen{} : see(piece, std::max(cycle, last_write_));
        map_.for_each_row(address, piece, [&](const BankPart& place, std::int64_t of_row, std::int32_t ways) {
            const Part part{place, whole_bursts(of_row, write), ways};
            if (part.bursts == 0) {
                return;
            }
            if (write) {
                last = std::max(last, buffer_write(part, cycle));
                return;
            }
            Placed& placed = placed_[static_cast<std::size_t>(placed_count_++)];
            this->place(part, seen, false, placed);
            first = std::min(first, placed.first);
            last = std::max(last, placed.last);
        });
        for (std::int32_t i = 0; i < placed_count_; ++i) {
            reads_.add(placed_[static_cast<std::size_t>(i)]);
        }
        placed_count_ = 0;
        address += piece;
        left -= piece;
    }
    return Result{clock_.time_of(std::min(first, last)), clock_.time_of(last)};
}

// Bursts enter the queue in their order. The rows of a piece take turns, so each is seen with the first turn; the rest of
// it is taken to be seen half-way to the piece's last burst.
PseudoChannelTrains::Seen PseudoChannelTrains::see(std::uint64_t piece, std::int64_t cycle) {
    const auto bursts = static_cast<std::int32_t>((piece + static_cast<std::uint64_t>(burst_bytes_) - 1) /
                                                  static_cast<std::uint64_t>(burst_bytes_));
    const std::int32_t turn = std::min(bursts, turn_bursts_ << map_.way_bits);
    Seen seen;
    seen.first = reads_.enter(turn, 0, std::max(cycle, last_entered_));
    last_entered_ = bursts > turn ? reads_.enter(bursts, 0, seen.first) : seen.first;
    seen.rest = (seen.first + last_entered_) / 2;
    return seen;
}

// The cycle in which the queue has room for it.
std::int64_t PseudoChannelTrains::buffer_write(const Part& part, std::int64_t cycle) {
    const std::int64_t visible = writes_.enter(part.bursts, buffered_bursts_, cycle);
    buffered_.push_back(Write{part, visible});
    buffered_bursts_ += part.bursts;
    if (write_end_ >= read_end_) {
        drain(0, 0);  // no read came since the last write: the batch goes on
    } else if (buffered_bursts_ > write_high_) {
        drain(visible, write_low_);
    }
    return visible;
}

// One batch of writes: the oldest first, until at most `keep` bursts are left.
void PseudoChannelTrains::drain(std::int64_t cycle, std::int32_t keep) {
    const bool turns = read_end_ > write_end_;
    const std::int64_t last_read = read_end_ - t_.burst - t_.read_latency;
    const std::int64_t begin = turns ? std::max(cycle, last_read) : cycle;
    std::size_t done = 0;
    for (; done < buffered_.size() && buffered_bursts_ > keep; ++done) {
        const Write& write = buffered_[done];
        const std::int64_t visible = std::max(begin, write.visible);
        Placed placed;
        place(write.part, {visible, visible}, true, placed);
        writes_.add(placed);
        buffered_bursts_ -= write.part.bursts;
    }
    buffered_.erase(buffered_.begin(), buffered_.begin() + static_cast<std::ptrdiff_t>(done));
    last_write_ = write_end_ - t_.burst - t_.write_latency;
    if (turns) {
        turnaround_cycles_ += (t_.read_to_write - t_.read_latency + t_.write_latency - t_.burst) +
                              (t_.write_to_read_short + t_.read_latency);
    }
}

void PseudoChannelTrains::place(const Part& part, const Seen& seen, bool write, Placed& placed) {
    refresh_until(seen.first);
    Bank& bank = banks_[static_cast<std::size_t>(part.place.bank)];
    const bool hit = bank.row == part.place.row;
    const std::int64_t activated = hit ? seen.first : activate(bank, part.place.row, seen.first);
    stats_.bursts += part.bursts;
    stats_.row_hits += hit ? part.bursts : part.bursts - 1;

    const std::int32_t latency = write ? t_.write_latency : t_.read_latency;
    const std::int64_t command = std::max(seen.first, write ? bank.write_ready : bank.read_ready);
    const std::int64_t turned = write ? read_end_ + (t_.read_to_write - t_.read_latency + t_.write_latency - t_.burst)
                                      : write_end_ + t_.write_to_read_short + t_.read_latency;
    const std::int64_t ready = std::max(command + latency, turned);
    const std::int32_t at_once = seen.rest > seen.first ? std::min(part.bursts, turn_bursts_) : part.bursts;
    BurstSlots::Taken taken = slots_.take(at_once, part.place.group, part.ways, ready);
    if (part.bursts > at_once) {
        const std::int64_t rest = std::max(taken.last + t_.column_long, seen.rest + latency);
        taken.last = slots_.take(part.bursts - at_once, part.place.group, part.ways, rest).last;
    }
    const std::int64_t last_command = taken.last - latency;
    const std::int64_t end = taken.last + t_.burst;
    const std::int64_t close = write ? end + t_.write_recovery : last_command + t_.read_to_precharge;
    bank.precharge_ready = std::max(bank.precharge_ready, close);
    std::int64_t& end_of_direction = write ? write_end_ : read_end_;
    end_of_direction = std::max(end_of_direction, end);
    placed.first = taken.first + t_.burst;
    placed.last = end;
    placed.bursts = part.bursts;
    placed.opened = hit ? 0 : 1;
    placed.activated = activated;
    placed.first_command = taken.first - latency;
    placed.last_command = last_command;
}

// A row is opened as soon as bank and row bus allow. An activate is timed from its last cycle, hence the + and - 1.
std::int64_t PseudoChannelTrains::activate(Bank& bank, std::int32_t row, std::int64_t visible) {
    const std::int32_t more = t_.activate_cycles - 1;
    std::int64_t ready = std::max(visible, bank.activate_ready);
    if (bank.row >= 0) {
        ready = std::max(ready, std::max(visible, bank.precharge_ready) + t_.precharge - more);
    }
    const std::int64_t at = turns_.take(ready);
    bank.row = row;
    bank.read_ready = at + more + t_.activate_to_read;
    bank.write_ready = at + more + t_.activate_to_write;
    bank.activate_ready = at + t_.row_cycle;
    bank.precharge_ready = at + more + t_.activate_to_precharge;
    ++stats_.activates;
    return at;
}

void PseudoChannelTrains::refresh_until(std::int64_t cycle) {
    while (cycle >= next_refresh_) {
        if (refresh_ == HbmRefresh::all_bank) {
            refresh_all_banks();
        } else {
            refresh_one_bank();
        }
        next_refresh_ += refresh_step_;
    }
}

void PseudoChannelTrains::refresh_all_banks() {
    std::int64_t closable = next_refresh_;
    for (std::int32_t i = 0; i < bank_count_; ++i) {
        const Bank& bank = banks_[static_cast<std::size_t>(i)];
        closable = std::max(closable, bank.row >= 0 ? bank.precharge_ready : next_refresh_);
    }
    const std::int64_t begin = closable + t_.precharge + (t_.precharge + t_.precharge_cycles) / 2;
    const std::int64_t end = begin + t_.refresh_all;
    for (std::int32_t i = 0; i < bank_count_; ++i) {
        Bank& bank = banks_[static_cast<std::size_t>(i)];
        bank.row = -1;
        bank.activate_ready = end - (t_.activate_cycles - 1);
    }
    refresh_cycles_ += end - next_refresh_;
}

void PseudoChannelTrains::refresh_one_bank() {
    Bank& bank = banks_[static_cast<std::size_t>(next_bank_)];
    next_bank_ = next_bank_ + 1 == bank_count_ ? 0 : next_bank_ + 1;
    const std::int64_t closed =
        bank.row >= 0 ? std::max(next_refresh_, bank.precharge_ready) + t_.precharge : next_refresh_;
    bank.row = -1;
    bank.activate_ready = std::max(closed, bank.activate_ready) + t_.refresh_bank;
}

TimePoint PseudoChannelTrains::finish() {
    if (buffered_bursts_ > 0) {
        drain(buffered_.back().visible, 0);
    }
    return clock_.time_of(std::max(read_end_, write_end_));
}

PseudoChannelTrains::Stats PseudoChannelTrains::stats() const {
    const auto time = [this](std::int64_t cycles) { return clock_.time_of(cycles).time_since_epoch(); };
    Stats stats = stats_;
    stats.busy = time(stats_.bursts * t_.burst);
    stats.refresh = time(refresh_cycles_);
    stats.turnaround = time(turnaround_cycles_);
    return stats;
}

}  // namespace myriad

#pragma once
// The credits of one virtual channel of one direction of a link, as its sender knows them. Kernel-free arithmetic.
//
// A sender may begin a packet only when the receiver's buffer has room for all of it; it claims that room, and the room
// comes back a link latency after the packet's last byte has left the buffer. Returns are entered ahead of time, when
// the leaving begins, and counted when they are due: a credit costs no event unless a packet is waiting for it.
//
// A buffer of C bytes and cells of c bytes that take x to serialise carry at most
//     min(bandwidth, floor(C / c) x c / (latency there + latency back + x)).

#include "sim/error/error.h"
#include "sim/network/pool.h"
#include "sim/units/units.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace myriad {

inline constexpr TimePoint kNever = TimePoint::max();

struct CreditReturn {
    TimePoint due;
    std::int64_t bytes = 0;
    CreditReturn* next = nullptr;
};

class CreditLedger {
public:
    // `capacity` of the buffer; negative: unbounded.
    explicit CreditLedger(std::int64_t capacity) : capacity_(capacity), available_(capacity), lowest_(capacity) {}

    [[nodiscard]] bool bounded() const noexcept { return capacity_ >= 0; }

    // Counts what is due.
    void settle(TimePoint now, Pool<CreditReturn>& pool) {
        while (first_ != nullptr && first_->due <= now) {
            CreditReturn& due = *first_;
            available_ += due.bytes;
            first_ = due.next;
            pool.give_back(due);
        }
        if (first_ == nullptr) {
            last_ = nullptr;
        }
    }

    [[nodiscard]] bool covers(std::int64_t bytes) const noexcept { return !bounded() || available_ >= bytes; }

    void claim(std::int64_t bytes) {
        if (bounded()) {
            available_ -= bytes;
            lowest_ = std::min(lowest_, available_);
            MYRIAD_CHECK(available_ >= 0, "a link sent " + std::to_string(-available_) + " B without credit");
        }
    }

    // `bytes` of room are known here again from `due` on. Calls may come in any order of `due`.
    void give_back(std::int64_t bytes, TimePoint due, Pool<CreditReturn>& pool) {
        if (!bounded()) {
            return;
        }
        CreditReturn& entry = pool.take();
        entry.due = due;
        entry.bytes = bytes;
        if (last_ == nullptr || last_->due <= due) {
            (last_ == nullptr ? first_ : last_->next) = &entry;
            last_ = &entry;
            return;
        }
        CreditReturn** place = &first_;
        while ((*place)->due <= due) {
            place = &(*place)->next;
        }
        entry.next = *place;
        *place = &entry;
    }

    // The first moment from `now` on, as far as is known, at which `bytes` are covered; kNever if no return is on its way.
    [[nodiscard]] TimePoint when_covered(std::int64_t bytes, TimePoint now) const {
        std::int64_t sum = available_;
        TimePoint time = now;
        for (const CreditReturn* entry = first_; bounded() && sum < bytes; entry = entry->next) {
            if (entry == nullptr) {
                return kNever;
            }
            sum += entry->bytes;
            time = std::max(time, entry->due);
        }
        return time;
    }

    [[nodiscard]] std::int64_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] std::int64_t available() const noexcept { return available_; }
    // The most that was claimed at once.
    [[nodiscard]] std::int64_t claimed_max() const noexcept { return bounded() ? capacity_ - lowest_ : 0; }

private:
    std::int64_t capacity_;
    std::int64_t available_;
    std::int64_t lowest_;
    CreditReturn* first_ = nullptr;  // by time due
    CreditReturn* last_ = nullptr;
};

}  // namespace myriad

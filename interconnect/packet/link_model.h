#pragma once
// One direction of a link: a FIFO serialiser with cut-through, as arithmetic. Kernel-free.
//
// A packet whose head is at the link at time h, whose tail reaches the link at t and that takes x to serialise starts
// at s = max(h, t - x, end of the packet before it), so that it never runs dry, and its tail leaves at s + x. One packet
// over links of any speeds therefore takes sum(latency) + size / slowest, and a train of packets the same with the
// train's size. The serialiser keeps fractions of a picosecond, so a train of N packets ends where one packet of N times
// the size would: no rounding per cell. The queue is unbounded; its high-water mark is kept.

#include "sim/network/message.h"
#include "sim/units/units.h"

#include <cstdint>

namespace myriad {

struct LinkStats {
    Bytes bytes{};
    std::int64_t packets = 0;
    Picoseconds backlog_max{};    // longest wait from arrival of a head to its start
};

class LinkModel {
public:
    LinkModel(BytesPerSecond bandwidth, Picoseconds latency) : rate_(bandwidth.count()), latency_(latency) {}

    struct Passage {
        bool accepted = false;
        TimePoint retry;      // not accepted: offer it again at this time (its tail is still too far behind)
        TimePoint head_out;   // accepted: the head is at the other end
        TimePoint tail_out;   // accepted: the tail is at the other end
    };

    // The head of `packet` is at this link now.
    [[nodiscard]] Passage offer(const Packet& packet, TimePoint now) {
        const Serialisation x = serialisation(packet.bytes);
        std::int64_t start = now.time_since_epoch().count();
        std::int64_t fraction = 0;
        if (start < free_ps_ || (start == free_ps_ && free_fraction_ > 0)) {
            start = free_ps_;
            fraction = free_fraction_;
        }
        const std::int64_t tail_in = packet.tail.time_since_epoch().count();
        if (start + x.whole + kRounding < tail_in) {
            return {false, TimePoint{Picoseconds{tail_in - x.whole}}, {}, {}};
        }
        note(packet, now, start);
        std::int64_t end = start + x.whole;
        std::int64_t end_fraction = fraction + x.fraction;
        if (end_fraction >= rate_) {
            end_fraction -= rate_;
            ++end;
        }
        free_ps_ = end;
        free_fraction_ = end_fraction;
        const std::int64_t tail_out = end + (end_fraction > 0 ? 1 : 0);
        return {true,
                {},
                TimePoint{Picoseconds{start} + latency_},
                TimePoint{Picoseconds{tail_out > tail_in ? tail_out : tail_in} + latency_}};
    }

    // When the next packet could start; not before the past.
    [[nodiscard]] TimePoint free_at() const { return TimePoint{Picoseconds{free_ps_}}; }

    // Time spent serialising so far.
    [[nodiscard]] Picoseconds busy() const { return transfer_time_ceil(stats_.bytes, bandwidth()); }
    [[nodiscard]] const LinkStats& stats() const noexcept { return stats_; }
    [[nodiscard]] BytesPerSecond bandwidth() const noexcept { return BytesPerSecond{rate_}; }
    [[nodiscard]] Picoseconds latency() const noexcept { return latency_; }

private:
    // A tail that is this much late is the rounding of the links before, not a slower link.
    static constexpr std::int64_t kRounding = 2;

    struct Serialisation {
        std::int64_t whole = 0;     // ps
        std::int64_t fraction = 0;  // in units of 1/rate ps
    };

    // Cells of one run are nearly all of one size: the division is done once.
    Serialisation serialisation(std::int32_t bytes) {
        if (bytes != known_bytes_) {
            const Int128 scaled = static_cast<Int128>(bytes) * kPicosecondsPerSecond;
            known_ = {static_cast<std::int64_t>(scaled / rate_), static_cast<std::int64_t>(scaled % rate_)};
            known_bytes_ = bytes;
        }
        return known_;
    }

    void note(const Packet& packet, TimePoint now, std::int64_t start) {
        stats_.bytes += Bytes{packet.bytes};
        ++stats_.packets;
        const Picoseconds waited = Picoseconds{start} - now.time_since_epoch();
        if (waited > stats_.backlog_max) {
            stats_.backlog_max = waited;
        }
    }

    std::int64_t rate_;
    Picoseconds latency_;
    std::int64_t free_ps_ = 0;
    std::int64_t free_fraction_ = 0;
    Serialisation known_;
    std::int32_t known_bytes_ = -1;
    LinkStats stats_;
};

}  // namespace myriad

#pragma once
// One direction of a link: a FIFO serialiser with cut-through, as arithmetic. Kernel-free.
//
// A packet whose head is at the link at time h, whose tail reaches the link at t and that takes x to serialise starts
// at s = max(h, t - x, end of the packet before it), so that it never runs dry, and its tail leaves at s + x. One packet
// over links of any speeds therefore takes sum(latency) + size / slowest, and a train of packets the same with the
// train's size. The serialiser keeps fractions of a picosecond, so a train of N packets ends where one packet of N times
// the size would: no rounding per cell. The queue is unbounded; its high-water mark is kept.
//
// A packet from a slow link must not hold a fast one until its tail comes (t - x), so it is told to come back then.
// Its first bytes have trickled through meanwhile, and a slow link further on could have begun with them: how far the
// head is ahead of the record that stands for it goes along with the packet (Packet::head_lag), and that link may count
// its start from then if it was idle.

#include "sim/network/message.h"
#include "sim/units/units.h"

#include <algorithm>
#include <cstdint>

namespace myriad {

struct LinkStats {
    Bytes bytes{};
    std::int64_t packets = 0;
    Picoseconds backlog_max{};  // longest wait of a packet for its start
};

class LinkModel {
public:
    LinkModel(BytesPerSecond bandwidth, Picoseconds latency) : rate_(bandwidth.count()), latency_(latency) {}

    struct Passage {
        bool accepted = false;
        TimePoint retry;        // not accepted: offer it again at this time (its tail is still too far behind)
        TimePoint start;        // accepted: it is on the wire from here on; before now where the head was ahead
        TimePoint head_out;     // accepted: hand it to the other end then
        Picoseconds lag_out{};  // accepted: by how much its head is ahead of that
        TimePoint tail_out;     // accepted: the tail is at the other end
    };

    // When offer() would accept the packet that is handed to this link now: now, or when its tail is near enough.
    [[nodiscard]] TimePoint ready_at(const Packet& packet, TimePoint now) {
        const std::int64_t not_dry = packet.tail.time_since_epoch().count() - serialisation(packet.bytes).whole;
        const bool waits = std::max(now.time_since_epoch().count(), free_ps_) + kRounding < not_dry;
        return waits ? TimePoint{Picoseconds{not_dry}} : now;
    }

    // `packet` is handed to this link now; its head came head_lag before.
    [[nodiscard]] Passage offer(const Packet& packet, TimePoint now_point) {
        const Serialisation x = serialisation(packet.bytes);
        const std::int64_t now = now_point.time_since_epoch().count();
        std::int64_t start = now - packet.head_lag;
        std::int64_t fraction = 0;
        if (start < free_ps_ || (start == free_ps_ && free_fraction_ > 0)) {
            start = free_ps_;
            fraction = free_fraction_;
        }
        const std::int64_t head = start + latency_.count();
        const std::int64_t tail_in = packet.tail.time_since_epoch().count();
        const std::int64_t not_dry = tail_in - x.whole;
        if (start + kRounding < not_dry) {
            if (now + kRounding < not_dry) {
                return {false, TimePoint{Picoseconds{not_dry}}, {}, {}, {}, {}};
            }
            start = not_dry;
            fraction = 0;
        }
        note(packet, Picoseconds{start - now});
        std::int64_t end = start + x.whole;
        std::int64_t end_fraction = fraction + x.fraction;
        if (end_fraction >= rate_) {
            end_fraction -= rate_;
            ++end;
        }
        free_ps_ = end;
        free_fraction_ = end_fraction;
        const std::int64_t tail_out = end + (end_fraction > 0 ? 1 : 0);
        const std::int64_t head_out = head > now ? head : now;
        return {true,
                {},
                TimePoint{Picoseconds{start}},
                TimePoint{Picoseconds{head_out}},
                Picoseconds{head_out - head},
                TimePoint{Picoseconds{tail_out > tail_in ? tail_out : tail_in} + latency_}};
    }

    // From now on for packets that have not been offered; the queue ends at `queue_end`.
    void set_bandwidth(BytesPerSecond bandwidth, TimePoint queue_end) {
        rate_ = bandwidth.count();
        known_bytes_ = -1;
        free_ps_ = queue_end.time_since_epoch().count();
        free_fraction_ = 0;
    }

    // A packet waited for this long in a queue before it was offered.
    void note_wait(Picoseconds waited) { stats_.backlog_max = std::max(stats_.backlog_max, waited); }

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

    void note(const Packet& packet, Picoseconds waited) {
        stats_.bytes += Bytes{packet.bytes};
        ++stats_.packets;
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

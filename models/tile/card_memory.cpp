// A load: the core's port, the cache's bandwidth, and on a miss HBM; the three move side by side, so the last byte comes
// when the slowest is through, plus the latencies. A load that misses makes its block known at once, so that cores which
// want the same block wait for the same fill. A store leaves through port and cache; it is written to HBM at once, in
// the background, and stays in the cache if others will read it (`keep`): what a later kernel saves by finding it there
// is not counted.

#include "models/tile/card_memory.h"

#include "models/hbm/page_shuffle.h"

#include <algorithm>

namespace myriad {

namespace {

Bytes shared_capacity(const ChipConfig& chip) {
    const Bytes capacity = std::max(chip.last_level_cache, chip.l2);
    return Bytes{static_cast<std::int64_t>(static_cast<double>(capacity.count()) * chip.tile.cache_share)};
}

}  // namespace

CardMemory::CardMemory(const ChipConfig& chip)
    : config_(chip.tile),
      ports_(static_cast<std::size_t>(chip.cores)),
      directory_(shared_capacity(chip)),
      map_(chip.hbm.preset),
      channel_(chip.hbm.preset),
      channels_(std::int64_t{chip.hbm.stacks} * chip.hbm.preset.organisation.channels *
                chip.hbm.preset.organisation.pseudo_channels),
      granule_(std::int64_t{1} << map_.granule_bits),
      idle_(chip.hbm.preset.times.activate_to_read + chip.hbm.preset.times.read_latency) {}

// A range lies over the pseudo channels a granule each in turn; this one gets one of every `channels_` granules that are
// asked for, at the place where a granule of the block at hand would lie. What asks between two of them waits like the
// one before.
TimePoint CardMemory::hbm(const BlockAccess& access, TimePoint now) {
    (access.write ? stats_.hbm_written : stats_.hbm_read) += access.bytes;
    std::int64_t& carried = carried_[access.write ? 1 : 0];
    carried += access.bytes.count();
    const std::int64_t turn = granule_ * channels_;
    const std::int64_t granules = carried / turn;
    carried -= granules * turn;
    TimePoint& last = last_[access.write ? 1 : 0];
    if (granules > 0) {
        const auto place = access.address / static_cast<std::uint64_t>(turn);
        for (std::int64_t i = 0; i < granules; ++i) {
            const std::uint64_t local = shuffled(map_, place + static_cast<std::uint64_t>(i));
            const auto served =
                channel_.serve(local * static_cast<std::uint64_t>(granule_), Bytes{granule_}, access.write, now);
            last = served.last;
            if (trace_ != nullptr) {
                trace_->memory(true, access.write, served.first, served.last, access.bytes);
            }
        }
    }
    return std::max(now + idle_, last);
}

std::optional<TimePoint> CardMemory::access(std::int64_t core, const BlockAccess& access, std::uint64_t /*ticket*/,
                                            TimePoint now) {
    TimePoint& port = ports_[static_cast<std::size_t>(core)];
    const Picoseconds on_port = transfer_time_ceil(access.bytes, config_.core_port);
    const Picoseconds in_cache = transfer_time_ceil(access.bytes / access.sharers, config_.cache);
    port = std::max(port, now) + on_port;
    const TimePoint cache_begin = std::max(cache_free_, now);
    cache_free_ = cache_begin + in_cache;
    stats_.port_busy += on_port;
    stats_.cache_busy += in_cache;
    if (trace_ != nullptr) {
        trace_->memory(false, access.write, cache_begin, cache_free_, access.bytes);
    }
    TimePoint done = std::max(port, cache_free_);
    if (access.write) {
        settled_ = std::max(settled_, hbm(access, now));
        if (access.keep && directory_.find(access.address) == nullptr) {
            directory_.insert(access.address, access.bytes, done);
        }
        return done;
    }
    stats_.cache_read += access.bytes;
    if (const TimePoint* ready = directory_.find(access.address)) {
        stats_.cache_hit += access.bytes;
        return std::max(done, *ready) + config_.cache_latency;
    }
    done = std::max(done, hbm(access, now) + config_.memory_latency);
    if (access.keep) {
        directory_.insert(access.address, access.bytes, done);
    }
    return done + config_.cache_latency;
}

}  // namespace myriad

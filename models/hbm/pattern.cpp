// The patterns of the comparison that docs/memory.md shows, so that figures of other simulators can be set beside ours.

#include "models/hbm/pattern.h"

#include "sim/error/error.h"

namespace myriad {
namespace {

constexpr std::uint64_t kRequestBytes = static_cast<std::uint64_t>(kRequest.count());
constexpr std::uint64_t kArrayStep = std::uint64_t{256} << 20;
constexpr std::uint64_t kOtherBank = std::uint64_t{64} << 10;
constexpr std::uint64_t kStreamBlock = 4096;

}  // namespace

PatternSource::PatternSource(const PatternConfig& config, Bytes capacity)
    : config_(config),
      capacity_(static_cast<std::uint64_t>(capacity.count())),
      together_(static_cast<std::uint64_t>(config.reads) + static_cast<std::uint64_t>(config.writes)) {
    MYRIAD_CHECK(config.reads >= 0 && config.writes >= 0 && together_ > 0, "a pattern reads or writes");
    MYRIAD_CHECK(config.step.count() > 0 && count_of(config.step, kRequest) * kRequest.count() == config.step.count(),
                 "a step of requests");
}

std::uint64_t PatternSource::random() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
}

PatternSource::Request PatternSource::next() {
    const std::uint64_t i = count_++;
    const auto reads = static_cast<std::uint64_t>(config_.reads);
    const std::uint64_t turn = i % together_;
    const std::uint64_t round = i / together_;
    Request request{.address = 0, .write = turn >= reads};
    switch (config_.pattern) {
        case MemoryPattern::sequential:
            request.address = kRequestBytes * i;
            break;
        case MemoryPattern::stream:
            request.address = turn * (kArrayStep + kOtherBank) + kRequestBytes * round;
            break;
        case MemoryPattern::stream_conflict:
            request.address = turn * kArrayStep + kRequestBytes * round;
            break;
        case MemoryPattern::stream_blocks: {
            const std::uint64_t per_block = kStreamBlock / kRequestBytes;
            const std::uint64_t block = i / per_block;
            const std::uint64_t array = block % together_;
            request.address = array * (kArrayStep + kOtherBank) + (block / together_) * kStreamBlock +
                              (i % per_block) * kRequestBytes;
            request.write = array >= reads;
            break;
        }
        case MemoryPattern::random:
            request.address = kRequestBytes * (random() % (capacity_ / kRequestBytes));
            request.write = config_.writes > 0 && random() % together_ < static_cast<std::uint64_t>(config_.writes);
            break;
        case MemoryPattern::random_block: {
            const auto block = static_cast<std::uint64_t>(config_.step.count());
            if (in_block_ == 0) {
                block_ = random() % (capacity_ / block) * block;
            }
            request.address = block_ + in_block_;
            in_block_ = in_block_ + kRequestBytes == block ? 0 : in_block_ + kRequestBytes;
            break;
        }
        case MemoryPattern::strided:
            request.address = i * static_cast<std::uint64_t>(config_.step.count());
            break;
    }
    request.address %= capacity_;
    return request;
}

}  // namespace myriad

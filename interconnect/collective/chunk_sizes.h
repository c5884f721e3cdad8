#pragma once
// How many bytes a transfer carries.

#include "interconnect/collective/schedule.h"
#include "sim/error/error.h"
#include "sim/units/units.h"

#include <cstdint>

namespace myriad {

// A buffer cut into chunks, chunk i from byte floor(i * size / chunks) on.
class ChunkSizes {
public:
    ChunkSizes(Bytes size, std::int64_t chunks)
        : size_(size), chunks_(chunks), whole_(size.count() / chunks), remainder_(size.count() % chunks) {
        MYRIAD_CHECK(size.count() >= 0 && chunks >= 1 && (chunks <= INT32_MAX || remainder_ == 0),
                     "size or chunks out of range");
    }

    [[nodiscard]] Bytes size() const { return size_; }

    [[nodiscard]] Bytes of(const Transfer& transfer) const {
        const std::int64_t end = transfer.first_chunk + transfer.chunk_count;
        if (end <= chunks_) {
            return Bytes{boundary(end) - boundary(transfer.first_chunk)};
        }
        return Bytes{size_.count() - boundary(transfer.first_chunk) + boundary(end - chunks_)};
    }

private:
    // Without leaving 64 bits: the remainder is below `chunks`, which is below 2^31. No division where sizes divide.
    [[nodiscard]] std::int64_t boundary(std::int64_t chunk) const {
        return chunk * whole_ + (remainder_ == 0 ? 0 : chunk * remainder_ / chunks_);
    }

    Bytes size_;
    std::int64_t chunks_;
    std::int64_t whole_;
    std::int64_t remainder_;
};

}  // namespace myriad

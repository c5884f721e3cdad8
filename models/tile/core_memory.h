#pragma once
// What a core asks of the memory behind it: the contract between TileCore and the cache, HBM and, at live level, the
// sockets that lead there.

#include "models/tile/block_access.h"

#include <cstdint>
#include <optional>

namespace myriad {

class CoreMemory {
public:
    virtual ~CoreMemory() = default;
    // `core` asks at `now` (never before an earlier call's now). The instant at which the last byte of a load is in the
    // core, or of a store has left it; nothing if that is not known yet: then TileCore::arrive(ticket) is called then.
    virtual std::optional<TimePoint> access(std::int64_t core, const BlockAccess& access, std::uint64_t ticket,
                                            TimePoint now) = 0;
};

}  // namespace myriad

#pragma once
// A core as a module: the TileCore of the tile level, whose memory is a socket.

#include "models/live/live_access.h"
#include "models/live/transport_ends.h"
#include "models/tile/tile_core.h"

#include <memory>
#include <vector>

namespace myriad {

class LiveCore final : public sc_core::sc_module, private CoreMemory, private TransportInitiator {
public:
    LiveInitiatorSocket memory;

    LiveCore(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, std::int64_t number);

    // As TileCore's; the program's own addresses begin at `base`.
    void begin(const TileProgram& program, TileSource& source, const TileCore::Timing& timing, std::uint64_t base);
    bool offer() { return tile_.offer(); }

    [[nodiscard]] const TileCore& tile() const noexcept { return tile_; }
    [[nodiscard]] std::size_t number() const noexcept { return number_; }
    // When HBM had taken in the last of what the program stored on this card.
    [[nodiscard]] TimePoint settled() const noexcept { return settled_; }
    [[nodiscard]] std::size_t waiting() const noexcept { return calls_.size() - free_.size(); }

private:
    std::optional<TimePoint> access(std::int64_t core, const BlockAccess& access, std::uint64_t ticket,
                                    TimePoint now) override;
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;

    TileCore tile_;
    std::size_t number_;
    std::uint64_t base_ = 0;
    TimePoint settled_{};
    LivePayload local_;
    std::vector<std::unique_ptr<LivePayload>> calls_;  // remote accesses, under way or free
    std::vector<LivePayload*> free_;
};

}  // namespace myriad

#pragma once
// One HBM channel: both its pseudo channels, each the trains of models/hbm. Reads are answered with the time to their
// last burst, writes with the time until the controller has room for them.

#include "models/hbm/train_channel.h"
#include "models/live/transport_ends.h"
#include "sim/time/agenda.h"

#include <memory>
#include <vector>

namespace myriad {

class LiveHbmChannel final : public sc_core::sc_module, private TransportTarget {
public:
    // The pseudo channel of an access stands above its address.
    static constexpr int kPseudoShift = 48;

    // A socket for each of the `slices` that reach the channel.
    LiveHbmChannel(const sc_core::sc_module_name& name, const Agenda& agenda, const HbmPreset& preset,
                   std::size_t slices);

    [[nodiscard]] LiveTargetSocket& socket(std::size_t number) { return *sockets_.at(number); }

    // Writes what is buffered. When the data buses have carried everything.
    TimePoint finish();
    [[nodiscard]] std::size_t pseudo_channels() const { return trains_.size(); }
    [[nodiscard]] PseudoChannelTrains::Stats stats(std::size_t pseudo_channel) const {
        return trains_[pseudo_channel].stats();
    }

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;

    const Agenda& agenda_;
    std::vector<PseudoChannelTrains> trains_;
    std::vector<std::unique_ptr<LiveTargetSocket>> sockets_;
};

}  // namespace myriad

// An access arrives now, whatever delay its slice will add: slice and channel work side by side (see cache_slice.cpp).

#include "models/live/live_hbm.h"

#include "sim/systemc/agenda_bridge.h"

#include <algorithm>
#include <string>

namespace myriad {

LiveHbmChannel::LiveHbmChannel(const sc_core::sc_module_name& name, const Agenda& agenda, const HbmPreset& preset,
                               std::size_t slices)
    : sc_module(name),
      agenda_(agenda),
      trains_(static_cast<std::size_t>(preset.organisation.pseudo_channels), PseudoChannelTrains(preset)) {
    for (std::size_t s = 0; s < slices; ++s) {
        sockets_.push_back(std::make_unique<LiveTargetSocket>(("slice" + std::to_string(s)).c_str()));
        sockets_.back()->bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
    }
}

void LiveHbmChannel::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    constexpr std::uint64_t kAddress = (std::uint64_t{1} << kPseudoShift) - 1;
    const TimePoint now = agenda_.now();
    PseudoChannelTrains& trains = trains_[static_cast<std::size_t>(payload.get_address() >> kPseudoShift)];
    const auto served =
        trains.serve(payload.get_address() & kAddress, Bytes{payload.get_data_length()}, payload.is_write(), now);
    delay += to_sc_time(std::max(served.last, now) - now);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

TimePoint LiveHbmChannel::finish() {
    TimePoint last{};
    for (PseudoChannelTrains& trains : trains_) {
        last = std::max(last, trains.finish());
    }
    return last;
}

}  // namespace myriad

// Ports and slices are reserved now and move side by side: the annotated delay of a call is that of the slowest. The
// network between them is a crossbar that does not block: its two ends, the ports and the slices, have the bandwidth.

#include "models/live/core_network.h"

#include "sim/systemc/agenda_bridge.h"

#include <algorithm>
#include <string>

namespace myriad {

CorePort::CorePort(const sc_core::sc_module_name& name, const Agenda& agenda, BytesPerSecond bandwidth)
    : sc_module(name), core("core"), network("network"), agenda_(agenda), bandwidth_(bandwidth) {
    core.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
    network.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
}

Picoseconds CorePort::take(Bytes bytes) {
    const Picoseconds busy = transfer_time_ceil(bytes, bandwidth_);
    stats_.busy += busy;
    free_ = std::max(free_, agenda_.now()) + busy;
    return free_ - agenda_.now();
}

void CorePort::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const Bytes bytes{payload.get_data_length()};
    (payload.is_write() ? stats_.written : stats_.read) += bytes;
    const Picoseconds own = take(bytes);
    sc_core::sc_time behind;
    network->b_transport(payload, behind);
    delay += std::max(to_sc_time(own), behind);
}

tlm::tlm_sync_enum CorePort::nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                             sc_core::sc_time& delay) {
    const Bytes bytes{payload.get_data_length()};
    (payload.is_write() ? stats_.remote_written : stats_.remote_read) += bytes;
    take(bytes);  // other cards are farther than the port's queue is long: only its bandwidth matters
    return network->nb_transport_fw(payload, phase, delay);
}

tlm::tlm_sync_enum CorePort::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                             sc_core::sc_time& delay) {
    return core->nb_transport_bw(payload, phase, delay);
}

CoreNetwork::CoreNetwork(const sc_core::sc_module_name& name, const AddressSpread& spread, std::size_t inputs)
    : sc_module(name), gateway("gateway"), spread_(spread) {
    gateway.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    for (std::size_t i = 0; i < inputs; ++i) {
        inputs_.push_back(std::make_unique<LiveTargetSocket>(("input" + std::to_string(i)).c_str()));
        inputs_.back()->bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
    }
    for (std::int64_t s = 0; s < spread.slices(); ++s) {
        slices_.push_back(std::make_unique<LiveInitiatorSocket>(("slice" + std::to_string(s)).c_str()));
        slices_.back()->bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    }
}

void CoreNetwork::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const BlockAccess& block = access_of(payload).block;
    spread_.share_out(block.address, block.bytes.count(), shares_);
    sc_core::sc_time slowest;
    for (std::size_t s = 0; s < shares_.size(); ++s) {
        if (shares_[s] == 0) {
            continue;
        }
        payload.set_data_length(static_cast<unsigned>(shares_[s]));
        sc_core::sc_time taken;
        (*slices_[s])->b_transport(payload, taken);
        slowest = std::max(slowest, taken);
    }
    payload.set_data_length(static_cast<unsigned>(block.bytes.count()));
    delay += slowest;
}

tlm::tlm_sync_enum CoreNetwork::nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                                sc_core::sc_time& delay) {
    return gateway->nb_transport_fw(payload, phase, delay);
}

tlm::tlm_sync_enum CoreNetwork::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                                sc_core::sc_time& delay) {
    return (*inputs_[access_of(payload).input])->nb_transport_bw(payload, phase, delay);
}

}  // namespace myriad

#pragma once
// The on-chip network. A port for every core, with the core's bandwidth, carries whole blocks; the network cuts a block
// over the slices that its addresses belong to, a call each, and sends what lies on another card to the gateway, without
// waiting. The gateway is an input too: by it the other cards' accesses come in.

#include "models/live/address_spread.h"
#include "models/live/live_access.h"
#include "models/live/transport_ends.h"
#include "sim/time/agenda.h"

#include <memory>
#include <vector>

namespace myriad {

struct CorePortStats {
    Bytes read;
    Bytes written;
    Bytes remote_read;
    Bytes remote_written;
    Picoseconds busy{};
};

// Between one core and the network. Local accesses are blocking calls, remote ones non-blocking, answered later.
class CorePort final : public sc_core::sc_module, private TransportTarget, private TransportInitiator {
public:
    LiveTargetSocket core;
    LiveInitiatorSocket network;

    CorePort(const sc_core::sc_module_name& name, const Agenda& agenda, BytesPerSecond bandwidth);
    [[nodiscard]] const CorePortStats& stats() const noexcept { return stats_; }

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    Picoseconds take(Bytes bytes);

    const Agenda& agenda_;
    BytesPerSecond bandwidth_;
    TimePoint free_{};
    CorePortStats stats_;
};

class CoreNetwork final : public sc_core::sc_module, private TransportTarget, private TransportInitiator {
public:
    // `inputs`: cores and, last, the gateway.
    CoreNetwork(const sc_core::sc_module_name& name, const AddressSpread& spread, std::size_t inputs);

    [[nodiscard]] LiveTargetSocket& input(std::size_t number) { return *inputs_.at(number); }
    [[nodiscard]] LiveInitiatorSocket& slice(std::size_t number) { return *slices_.at(number); }
    LiveInitiatorSocket gateway;

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;

    const AddressSpread& spread_;
    std::vector<std::unique_ptr<LiveTargetSocket>> inputs_;
    std::vector<std::unique_ptr<LiveInitiatorSocket>> slices_;
    std::vector<std::int64_t> shares_;
};

}  // namespace myriad

#pragma once
// The DMA engines: where messages leave and enter a card's memory. The ports set the pace; with interference a message
// also waits for its share of HBM at both ends (traffic_shares.h).

#include "models/ppu/port_bank.h"
#include "models/ppu/traffic_shares.h"
#include "sim/network/message.h"

#include <tlm>

namespace myriad {

// What every message passes; lies in the HotArena.
class DmaEngine final : public ReroutableSource, public ArrivalListener {
public:
    DmaEngine(PortBankContext& ports, NetworkMemory& memory, TrafficShares* traffic, int reduction_bytes)
        : ports_(ports), transfer_(memory.transfer), traffic_(traffic), reduction_bytes_(reduction_bytes) {}

    void attach(tlm::tlm_fw_transport_if<>& hbm) { hbm_ = &hbm; }
    void inject(Message& message, Arrival arrival) override;
    // The bytes have been read from HBM before.
    void inject_again(Message& message, Bytes bytes) override { ports_.post(message, bytes); }
    void withdraw(const RouteFilter& closed, std::vector<UnsentBytes>& unsent) override {
        ports_.withdraw(closed, unsent);
    }
    [[nodiscard]] bool on_message_bytes(Message& message) override;

private:
    PortBankContext& ports_;
    tlm::tlm_generic_payload& transfer_;
    tlm::tlm_fw_transport_if<>* hbm_ = nullptr;
    TrafficShares* traffic_;
    int reduction_bytes_;
};

class Dma final : public sc_core::sc_module, public tlm::tlm_bw_transport_if<> {
public:
    tlm::tlm_initiator_socket<32> memory;

    // `traffic`: with interference; null: HBM is never short. `reduction_bytes`: of HBM, a byte that is added.
    Dma(const sc_core::sc_module_name& name, PortBank& ports, NetworkMemory& network_memory, TrafficShares* traffic,
        int reduction_bytes);

    [[nodiscard]] ReroutableSource& source() { return engine_; }

    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

private:
    void end_of_elaboration() override { engine_.attach(*memory.operator->()); }

    DmaEngine& engine_;
};

}  // namespace myriad

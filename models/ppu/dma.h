#pragma once
// The DMA engines: where messages leave and enter a card's memory. The ports set the pace; with interference a message
// also waits for its share of HBM at both ends (traffic_shares.h).

#include "models/ppu/port_bank.h"
#include "models/ppu/traffic_shares.h"
#include "sim/network/message.h"

#include <tlm>

namespace myriad {

class Dma final : public sc_core::sc_module,
                  public tlm::tlm_bw_transport_if<>,
                  public MessageSource,
                  public ArrivalListener {
public:
    tlm::tlm_initiator_socket<32> memory;

    // `traffic`: with interference; null: HBM is never short. `reduction_bytes`: of HBM, a byte that is added.
    Dma(const sc_core::sc_module_name& name, PortBank& ports, TrafficShares* traffic, int reduction_bytes);

    void inject(Message& message, Arrival arrival) override;
    [[nodiscard]] bool on_message_bytes(Message& message) override;

    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

private:
    PortBank& ports_;
    TrafficShares* traffic_;
    int reduction_bytes_;
    tlm::tlm_generic_payload transfer_;
};

}  // namespace myriad

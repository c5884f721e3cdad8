#pragma once
// The DMA engines: where messages leave and enter a card's memory. At roofline level HBM outruns the links, so a message
// is counted against HBM and costs no time there; the ports set the pace.

#include "models/ppu/port_bank.h"
#include "sim/network/message.h"

#include <tlm>

namespace myriad {

class Dma final : public sc_core::sc_module,
                  public tlm::tlm_bw_transport_if<>,
                  public MessageSource,
                  public ArrivalListener {
public:
    tlm::tlm_initiator_socket<32> memory;

    Dma(const sc_core::sc_module_name& name, PortBank& ports);

    void inject(Message& message) override;
    void on_message_bytes(Message& message) override;

    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

private:
    PortBank& ports_;
    tlm::tlm_generic_payload transfer_;
};

}  // namespace myriad

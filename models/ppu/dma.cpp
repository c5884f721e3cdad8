// Messages between a card's HBM and its ports.

#include "models/ppu/dma.h"

#include "models/hbm/roofline_hbm.h"
#include "sim/error/error.h"

namespace myriad {

Dma::Dma(const sc_core::sc_module_name& name, PortBank& ports) : sc_module(name), memory("memory"), ports_(ports) {
    memory.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    ports.listen(*this);
}

void Dma::inject(Message& message) {
    sc_core::sc_time delay;
    bulk_transfer(memory, transfer_, tlm::TLM_READ_COMMAND, message.size, delay);
    ports_.post(message);
}

void Dma::on_message_bytes(Message& message) {
    sc_core::sc_time delay;
    bulk_transfer(memory, transfer_, tlm::TLM_WRITE_COMMAND, message.size, delay);
}

tlm::tlm_sync_enum Dma::nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) {
    MYRIAD_CHECK(false, "HBM at roofline level answers within the call");
}

}  // namespace myriad

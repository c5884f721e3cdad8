// Messages between a card's HBM and its ports.

#include "models/ppu/dma.h"

#include "models/hbm/roofline_hbm.h"
#include "sim/error/error.h"

namespace myriad {

void DmaEngine::inject(Message& message, Arrival arrival) {
    sc_core::sc_time delay;
    bulk_transfer(*hbm_, transfer_, tlm::TLM_READ_COMMAND, message.size, delay);
    if (traffic_ != nullptr) {
        traffic_->post(message, arrival == Arrival::add ? reduction_bytes_ : 0);
    }
    ports_.post(message, message.size);
}

bool DmaEngine::on_message_bytes(Message& message) {
    sc_core::sc_time delay;
    bulk_transfer(*hbm_, transfer_, tlm::TLM_WRITE_COMMAND, message.size, delay);
    if (traffic_ == nullptr) {
        return true;
    }
    bulk_transfer(*hbm_, transfer_, tlm::TLM_READ_COMMAND, message.size * traffic_->extra(message), delay);
    return traffic_->arrive(message);
}

Dma::Dma(const sc_core::sc_module_name& name, PortBank& ports, NetworkMemory& network_memory, TrafficShares* traffic,
         int reduction_bytes)
    : sc_module(name),
      memory("memory"),
      engine_(network_memory.arena.make<DmaEngine>(ports.context(), network_memory, traffic, reduction_bytes)) {
    memory.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    ports.listen(engine_);
}

tlm::tlm_sync_enum Dma::nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) {
    MYRIAD_CHECK(false, "HBM at roofline level answers within the call");
}

}  // namespace myriad

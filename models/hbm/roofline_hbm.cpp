// HBM at roofline level: see the header for the formula.

#include "models/hbm/roofline_hbm.h"

#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

namespace myriad {

RooflineHbmModel::RooflineHbmModel(const HbmConfig& config)
    : attained_(static_cast<std::int64_t>(static_cast<double>(config.bandwidth.count()) * config.efficiency)) {
    MYRIAD_CHECK(attained_.count() > 0, "HBM needs a positive bandwidth and efficiency");
}

RooflineHbm::RooflineHbm(const sc_core::sc_module_name& name, const HbmConfig& config)
    : sc_module(name), compute("compute"), dma("dma"), model_(config) {
    compute.register_b_transport(this, &RooflineHbm::serve_compute);
    dma.register_b_transport(this, &RooflineHbm::serve_dma);
}

void RooflineHbm::count(const tlm::tlm_generic_payload& payload) {
    const Bytes size{static_cast<std::int64_t>(payload.get_data_length())};
    (payload.is_read() ? stats_.read : stats_.written) += size;
}

void RooflineHbm::serve_compute(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    count(payload);
    delay += to_sc_time(model_.transfer(Bytes{static_cast<std::int64_t>(payload.get_data_length())}));
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

void RooflineHbm::serve_dma(tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
    count(payload);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

}  // namespace myriad

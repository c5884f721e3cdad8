// HBM at roofline level: see the header for the formula.

#include "models/hbm/roofline_hbm.h"

#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

namespace myriad {

RooflineHbmModel::RooflineHbmModel(const HbmConfig& config)
    : attained_(static_cast<std::int64_t>(static_cast<double>(config.bandwidth.count()) * config.efficiency)) {
    MYRIAD_CHECK(attained_.count() > 0, "HBM needs a positive bandwidth and efficiency");
}

namespace {

void count(const tlm::tlm_generic_payload& payload, HbmStats& stats) {
    const Bytes size{static_cast<std::int64_t>(payload.get_data_length())};
    (payload.is_read() ? stats.read : stats.written) += size;
}

}  // namespace

void HbmDmaTarget::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
    count(payload, stats_);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

tlm::tlm_sync_enum HbmDmaTarget::nb_transport_fw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) {
    MYRIAD_CHECK(false, "HBM at roofline level answers within the call");
}

RooflineHbm::RooflineHbm(const sc_core::sc_module_name& name, const HbmConfig& config, HotArena& arena)
    : sc_module(name), compute("compute"), dma("dma"), model_(config), dma_target_(arena.make<HbmDmaTarget>()) {
    compute.register_b_transport(this, &RooflineHbm::serve_compute);
    dma.bind(static_cast<tlm::tlm_fw_transport_if<>&>(dma_target_));
}

void RooflineHbm::serve_compute(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    count(payload, stats_);
    delay += to_sc_time(model_.transfer(Bytes{static_cast<std::int64_t>(payload.get_data_length())}));
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

}  // namespace myriad

#pragma once
// Ends of sockets that use one or two of TLM-2.0's transports: the others are an error. Raw sockets bound to these start
// no process, which the convenience sockets do for what they convert.

#include "sim/error/error.h"

#include <tlm>

namespace myriad {

class TransportTarget : public tlm::tlm_fw_transport_if<> {
public:
    void b_transport(tlm::tlm_generic_payload&, sc_core::sc_time&) override {
        MYRIAD_CHECK(false, "this socket takes non-blocking calls only");
    }
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override {
        MYRIAD_CHECK(false, "this socket takes blocking calls only");
    }
    bool get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi&) override { return false; }
    unsigned transport_dbg(tlm::tlm_generic_payload&) override { return 0; }
};

class TransportInitiator : public tlm::tlm_bw_transport_if<> {
public:
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override {
        MYRIAD_CHECK(false, "nothing answers this socket later");
    }
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}
};

using LiveInitiatorSocket = tlm::tlm_initiator_socket<32>;
using LiveTargetSocket = tlm::tlm_target_socket<32>;

}  // namespace myriad

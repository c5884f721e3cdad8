// Ports: the socket, its binding and what the protocol leaves out.

#include "sim/network/port.h"

#include "sim/error/error.h"

namespace myriad {

NetworkPort::NetworkPort(PortOwner& owner, std::uint16_t number, PortRole role, const std::string& name)
    : owner_(owner), number_(number) {
    if (role == PortRole::initiator) {
        initiator_ = std::make_unique<NetworkInitiatorSocket>(name.c_str());
        initiator_->bind(static_cast<NetworkBackwardInterface&>(*this));
    } else {
        target_ = std::make_unique<NetworkTargetSocket>(name.c_str());
        target_->bind(static_cast<NetworkForwardInterface&>(*this));
    }
}

void NetworkPort::resolve() {
    if (initiator_) {
        forward_ = initiator_->operator->();
    } else {
        backward_ = target_->operator->();
    }
}

void NetworkPort::send_credit(Packet& packet) {
    NetworkPhase phase = NetworkPhase::credit;
    sc_core::sc_time delay;
    if (forward_ != nullptr) {
        forward_->nb_transport_fw(packet, phase, delay);
    } else {
        backward_->nb_transport_bw(packet, phase, delay);
    }
}

void NetworkPort::b_transport(Packet& /*packet*/, sc_core::sc_time& /*delay*/) {
    MYRIAD_CHECK(false, "the network protocol has no blocking transport");
}

bool NetworkPort::get_direct_mem_ptr(Packet& /*packet*/, tlm::tlm_dmi& /*dmi*/) { return false; }

unsigned NetworkPort::transport_dbg(Packet& /*packet*/) { return 0; }

void NetworkPort::invalidate_direct_mem_ptr(sc_dt::uint64 /*first*/, sc_dt::uint64 /*last*/) {}

void bind_ports(NetworkPort& one, NetworkPort& other) {
    MYRIAD_CHECK(one.role() != other.role(), "a link joins an initiator to a target");
    if (one.role() == PortRole::initiator) {
        one.initiator().bind(other.target());
    } else {
        other.initiator().bind(one.target());
    }
}

}  // namespace myriad

// Sockets of ports and their binding.

#include "sim/network/port.h"

#include "sim/error/error.h"

namespace myriad {

PortSocket::PortSocket(PortRole role, const std::string& name) {
    if (role == PortRole::initiator) {
        initiator_ = std::make_unique<NetworkInitiatorSocket>(name.c_str());
    } else {
        target_ = std::make_unique<NetworkTargetSocket>(name.c_str());
    }
}

void PortSocket::receive_at(NetworkForwardInterface& forward, NetworkBackwardInterface& backward) {
    if (initiator_) {
        initiator_->bind(backward);
    } else {
        target_->bind(forward);
    }
}

PortPeer PortSocket::peer() {
    PortPeer peer;
    if (initiator_) {
        peer.attach((*initiator_).operator->(), nullptr);
    } else {
        peer.attach(nullptr, (*target_).operator->());
    }
    return peer;
}

void bind_ports(PortSocket& one, PortSocket& other) {
    MYRIAD_CHECK(one.role() != other.role(), "a link joins an initiator to a target");
    if (one.role() == PortRole::initiator) {
        one.initiator().bind(other.target());
    } else {
        other.initiator().bind(one.target());
    }
}

}  // namespace myriad

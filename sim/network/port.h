#pragma once
// One end of a full-duplex link at a module, in two parts: the socket, which belongs to the module and is touched at
// elaboration only, and the end itself, which every packet passes and which lies in the HotArena with others of its
// kind. An end implements both paths of the protocol, because its socket may have either role.

#include "sim/network/protocol.h"
#include "sim/units/units.h"

#include <cstdint>
#include <memory>
#include <string>

namespace myriad {

enum class PortRole : std::uint8_t { initiator, target };

// What the wiring asks of a port of a node.
struct PortSpec {
    PortRole role = PortRole::initiator;
    Picoseconds lookahead{};  // latency of the link that leads out
    BytesPerSecond bandwidth;
};

// The other side of a link, as an end sees it once elaboration is over.
class PortPeer {
public:
    void send(Packet& packet, sc_core::sc_time& delay) const { call(packet, NetworkPhase::packet, delay); }
    void send_credit(Packet& packet) const {
        sc_core::sc_time delay;
        call(packet, NetworkPhase::credit, delay);
    }
    void send_hint(Packet& packet, bool behind) const {
        sc_core::sc_time delay = behind ? sc_core::sc_time::from_value(1) : sc_core::SC_ZERO_TIME;
        call(packet, NetworkPhase::hint, delay);
    }
    void send_credit_hint(Packet& packet) const {
        sc_core::sc_time delay;
        call(packet, NetworkPhase::credit_hint, delay);
    }
    void attach(NetworkForwardInterface* forward, NetworkBackwardInterface* backward) {
        forward_ = forward;
        backward_ = backward;
    }

    // Brings the object behind the interface into the cache.
    void prefetch() const {
        const auto* object = forward_ != nullptr ? reinterpret_cast<const std::byte*>(forward_)
                                                 : reinterpret_cast<const std::byte*>(backward_);
        __builtin_prefetch(object);
        __builtin_prefetch(object + 64);
    }

private:
    void call(Packet& packet, NetworkPhase phase, sc_core::sc_time& delay) const {
        if (forward_ != nullptr) {
            forward_->nb_transport_fw(packet, phase, delay);
        } else {
            backward_->nb_transport_bw(packet, phase, delay);
        }
    }

    NetworkForwardInterface* forward_ = nullptr;
    NetworkBackwardInterface* backward_ = nullptr;
};

// Both paths of the protocol lead to Derived::on_packet(Packet&, sc_time&), on_credit(), on_hint(const Packet&,
// bool behind) const and on_credit_hint() const.
template <class Derived>
class PortEnd : public NetworkForwardInterface, public NetworkBackwardInterface {
public:
    tlm::tlm_sync_enum nb_transport_fw(Packet& packet, NetworkPhase& phase, sc_core::sc_time& delay) final {
        return receive(packet, phase, delay);
    }
    tlm::tlm_sync_enum nb_transport_bw(Packet& packet, NetworkPhase& phase, sc_core::sc_time& delay) final {
        return receive(packet, phase, delay);
    }

private:
    tlm::tlm_sync_enum receive(Packet& packet, NetworkPhase phase, sc_core::sc_time& delay) {
        if (phase == NetworkPhase::packet) {
            static_cast<Derived*>(this)->on_packet(packet, delay);
        } else if (phase == NetworkPhase::credit) {
            static_cast<Derived*>(this)->on_credit();
        } else if (phase == NetworkPhase::hint) {
            static_cast<const Derived*>(this)->on_hint(packet, delay != sc_core::SC_ZERO_TIME);
        } else {
            static_cast<const Derived*>(this)->on_credit_hint();
        }
        return tlm::TLM_ACCEPTED;
    }
};

// The socket of one end. Must be constructed while its module is, so that it becomes the module's child.
class PortSocket {
public:
    PortSocket(PortRole role, const std::string& name);

    // What arrives at this socket goes here. Once, before elaboration.
    void receive_at(NetworkForwardInterface& forward, NetworkBackwardInterface& backward);

    // The peer's interface; from end of elaboration on.
    [[nodiscard]] PortPeer peer();

    [[nodiscard]] PortRole role() const noexcept { return initiator_ ? PortRole::initiator : PortRole::target; }
    [[nodiscard]] NetworkInitiatorSocket& initiator() { return *initiator_; }
    [[nodiscard]] NetworkTargetSocket& target() { return *target_; }

private:
    std::unique_ptr<NetworkInitiatorSocket> initiator_;
    std::unique_ptr<NetworkTargetSocket> target_;
};

// Joins an initiator to a target, whichever is which.
void bind_ports(PortSocket& one, PortSocket& other);

}  // namespace myriad

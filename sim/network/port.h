#pragma once
// One end of a full-duplex link at a module: a TLM socket of either role and the calls that cross it. A node or a link
// owns its ports; what arrives goes to a PortOwner with the port's number.

#include "sim/network/protocol.h"

#include <memory>
#include <string>

namespace myriad {

class PortOwner {
public:
    // The head of `packet` arrives at port `port` now. `delay` is the protocol's answer (protocol.h).
    virtual void on_packet(std::uint16_t port, Packet& packet, sc_core::sc_time& delay) = 0;
    // A credit for a packet that went out at `port`.
    virtual void on_credit(std::uint16_t port) = 0;

protected:
    ~PortOwner() = default;
};

enum class PortRole : std::uint8_t { initiator, target };

// What the wiring asks of a port of a node.
struct PortSpec {
    PortRole role = PortRole::initiator;
    Picoseconds lookahead{};  // latency of the link that leads out
};

class NetworkPort final : public NetworkForwardInterface, public NetworkBackwardInterface {
public:
    // Must be called while the owner module is constructed, so that the socket becomes its child.
    NetworkPort(PortOwner& owner, std::uint16_t number, PortRole role, const std::string& name);

    // Packets and credits out of the module.
    void send(Packet& packet, sc_core::sc_time& delay) {
        NetworkPhase phase = NetworkPhase::packet;
        if (forward_ != nullptr) {
            forward_->nb_transport_fw(packet, phase, delay);
        } else {
            backward_->nb_transport_bw(packet, phase, delay);
        }
    }
    void send_credit(Packet& packet);

    [[nodiscard]] PortRole role() const noexcept { return initiator_ ? PortRole::initiator : PortRole::target; }
    [[nodiscard]] NetworkInitiatorSocket& initiator() { return *initiator_; }
    [[nodiscard]] NetworkTargetSocket& target() { return *target_; }

    // Keeps the peer's interface at hand; called by the owner at end of elaboration.
    void resolve();

    // Both paths of the socket end here.
    tlm::tlm_sync_enum nb_transport_fw(Packet& packet, NetworkPhase& phase, sc_core::sc_time& delay) override {
        return receive(packet, phase, delay);
    }
    tlm::tlm_sync_enum nb_transport_bw(Packet& packet, NetworkPhase& phase, sc_core::sc_time& delay) override {
        return receive(packet, phase, delay);
    }
    void b_transport(Packet& packet, sc_core::sc_time& delay) override;
    bool get_direct_mem_ptr(Packet& packet, tlm::tlm_dmi& dmi) override;
    unsigned transport_dbg(Packet& packet) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) override;

private:
    tlm::tlm_sync_enum receive(Packet& packet, NetworkPhase phase, sc_core::sc_time& delay) {
        if (phase == NetworkPhase::packet) {
            owner_.on_packet(number_, packet, delay);
        } else {
            owner_.on_credit(number_);
        }
        return tlm::TLM_ACCEPTED;
    }

    PortOwner& owner_;
    NetworkForwardInterface* forward_ = nullptr;
    NetworkBackwardInterface* backward_ = nullptr;
    std::uint16_t number_;
    std::unique_ptr<NetworkInitiatorSocket> initiator_;
    std::unique_ptr<NetworkTargetSocket> target_;
};

// Joins an initiator port to a target port, whichever is which.
void bind_ports(NetworkPort& one, NetworkPort& other);

}  // namespace myriad

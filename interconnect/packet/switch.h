#pragma once
// What forwards packets between links: ICN switch, Ethernet switch, PCIe switch and NIC. A packet leaves by the port
// that its route names, or that the switch's PortChooser picks; queues sit in the links (output queueing), the forwarding delay is part of the latency of the
// link that leads in (topology.h), so a switch itself is non-blocking.

#include "interconnect/packet/port_chooser.h"
#include "interconnect/topology/topology.h"
#include "sim/network/hot_arena.h"
#include "sim/network/port.h"

#include <memory>
#include <string>
#include <vector>

namespace myriad {

class SwitchPort final : public PortEnd<SwitchPort> {
public:
    SwitchPort(SwitchPort* ports, std::uint16_t count) : ports_(ports), count_(count) {}

    void attach(PortPeer peer) { peer_ = peer; }
    void choose_by(PortChooser& chooser) { chooser_ = &chooser; }
    void on_packet(Packet& packet, sc_core::sc_time& delay);
    void on_credit();
    void on_hint(const Packet& packet, bool behind) const;
    void on_credit_hint() const {}
    [[nodiscard]] std::int64_t forwarded() const noexcept { return forwarded_; }

private:
    SwitchPort* ports_;  // all ports of the switch
    PortPeer peer_;
    std::int64_t forwarded_ = 0;      // packets that came in here
    PortChooser* chooser_ = nullptr;  // of the switch; null: routes name every port
    std::uint16_t count_;
};

class Switch : public sc_core::sc_module {
public:
    // roles[p] is the role of port p.
    Switch(const sc_core::sc_module_name& name, HotArena& arena, const std::vector<PortRole>& roles);

    [[nodiscard]] PortSocket& port(std::size_t number) { return sockets_.at(number); }
    // Ports that routes leave open are picked by it. Before elaboration.
    void choose_by(std::unique_ptr<PortChooser> chooser);
    // Packets forwarded so far.
    [[nodiscard]] std::int64_t forwarded() const;

private:
    void end_of_elaboration() override;

    std::vector<PortSocket> sockets_;
    SwitchPort* ports_;
    std::unique_ptr<PortChooser> chooser_;
};

// The four kinds differ in where they stand and in their links, not in how they forward.
class IcnSwitch final : public Switch {
public:
    using Switch::Switch;
};
class EthernetSwitch final : public Switch {
public:
    using Switch::Switch;
};
class PcieSwitch final : public Switch {
public:
    using Switch::Switch;
};
// Both directions of a NIC: from the host's PCIe link to one of its Ethernet ports and back.
class Nic final : public Switch {
public:
    using Switch::Switch;
};

[[nodiscard]] std::unique_ptr<Switch> make_switch(NodeKind kind, const std::string& name, HotArena& arena,
                                                  const std::vector<PortRole>& roles);

}  // namespace myriad

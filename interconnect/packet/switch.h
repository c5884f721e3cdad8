#pragma once
// What forwards packets between links: ICN switch, Ethernet switch, PCIe switch and NIC. A packet leaves by the port
// that its route names; queues sit in the links (output queueing), the forwarding delay is part of the latency of the
// link that leads in (topology.h), so a switch itself is non-blocking.

#include "interconnect/topology/topology.h"
#include "sim/network/port.h"

#include <deque>
#include <string>
#include <vector>

namespace myriad {

class Switch : public sc_core::sc_module, public PortOwner {
public:
    // roles[p] is the role of port p.
    Switch(const sc_core::sc_module_name& name, const std::vector<PortRole>& roles);

    [[nodiscard]] NetworkPort& port(std::size_t number) { return ports_.at(number); }

    void on_packet(std::uint16_t port, Packet& packet, sc_core::sc_time& delay) override;
    void on_credit(std::uint16_t port) override;

    [[nodiscard]] std::int64_t forwarded() const noexcept { return forwarded_; }

private:
    void end_of_elaboration() override;

    std::deque<NetworkPort> ports_;
    std::int64_t forwarded_ = 0;
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

[[nodiscard]] std::unique_ptr<Switch> make_switch(NodeKind kind, const std::string& name,
                                                  const std::vector<PortRole>& roles);

}  // namespace myriad

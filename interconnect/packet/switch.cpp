// Forwarding by source route.

#include "interconnect/packet/switch.h"

#include "sim/error/error.h"

namespace myriad {

Switch::Switch(const sc_core::sc_module_name& name, const std::vector<PortRole>& roles) : sc_module(name) {
    for (std::size_t p = 0; p < roles.size(); ++p) {
        ports_.emplace_back(*this, static_cast<std::uint16_t>(p), roles[p], "port" + std::to_string(p));
    }
}

void Switch::end_of_elaboration() {
    for (NetworkPort& port : ports_) {
        port.resolve();
    }
}

void Switch::on_packet(std::uint16_t /*port*/, Packet& packet, sc_core::sc_time& delay) {
    const std::uint16_t out = *packet.next_port;
    MYRIAD_CHECK(out < ports_.size(), std::string(name()) + " is told to forward to port " + std::to_string(out));
    ++packet.next_port;
    ++forwarded_;
    sc_core::sc_time consumed = delay;
    ports_[out].send(packet, consumed);
    delay = sc_core::SC_ZERO_TIME;
}

void Switch::on_credit(std::uint16_t /*port*/) {
    MYRIAD_CHECK(false, std::string(name()) + " never asks for credits");
}

std::unique_ptr<Switch> make_switch(NodeKind kind, const std::string& name, const std::vector<PortRole>& roles) {
    switch (kind) {
        case NodeKind::icn_switch: return std::make_unique<IcnSwitch>(name.c_str(), roles);
        case NodeKind::ethernet_switch: return std::make_unique<EthernetSwitch>(name.c_str(), roles);
        case NodeKind::pcie_switch: return std::make_unique<PcieSwitch>(name.c_str(), roles);
        case NodeKind::nic: return std::make_unique<Nic>(name.c_str(), roles);
        case NodeKind::card: break;
    }
    MYRIAD_CHECK(false, name + " is not a switch");
}

}  // namespace myriad

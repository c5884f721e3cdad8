// Forwarding by source route, or by the chooser where the route leaves it open.

#include "interconnect/packet/switch.h"

#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

namespace myriad {

void SwitchPort::on_packet(Packet& packet, sc_core::sc_time& delay) {
    std::uint16_t out = *packet.next_port;
    if (out < count_) [[likely]] {
        ++packet.next_port;
    } else {
        MYRIAD_CHECK(chooser_ != nullptr, "a switch of " + std::to_string(count_) +
                                              " ports is told to forward to port " + std::to_string(out));
        out = chooser_->choose(packet);
    }
    ++forwarded_;
    // A delay that came with the call is passed on; what the link answers is its own affair: queues sit in links.
    ports_[out].peer_.send(packet, delay);
    if (chooser_ != nullptr) {
        chooser_->sent(out, TimePoint{to_picoseconds(sc_core::sc_time_stamp() + delay)});
    }
    delay = sc_core::SC_ZERO_TIME;
}

void SwitchPort::on_credit() { MYRIAD_CHECK(false, "a switch never asks for credits"); }

void SwitchPort::on_hint(const Packet& packet, bool behind) const {
    if (*packet.next_port >= count_) {
        return;  // the choice depends on queues as they are then
    }
    const SwitchPort& out = ports_[*packet.next_port];
    if (behind) {
        out.peer_.prefetch();
    } else {
        __builtin_prefetch(&out);
    }
}

Switch::Switch(const sc_core::sc_module_name& name, HotArena& arena, const std::vector<PortRole>& roles)
    : sc_module(name), ports_(static_cast<SwitchPort*>(arena.allocate(roles.size() * sizeof(SwitchPort), 64))) {
    sockets_.reserve(roles.size());
    for (std::size_t p = 0; p < roles.size(); ++p) {
        auto* port = new (ports_ + p) SwitchPort(ports_, static_cast<std::uint16_t>(roles.size()));
        sockets_.emplace_back(roles[p], "port" + std::to_string(p));
        sockets_.back().receive_at(*port, *port);
    }
}

void Switch::choose_by(std::unique_ptr<PortChooser> chooser) {
    chooser_ = std::move(chooser);
    for (std::size_t p = 0; p < sockets_.size(); ++p) {
        ports_[p].choose_by(*chooser_);
    }
}

void Switch::end_of_elaboration() {
    for (std::size_t p = 0; p < sockets_.size(); ++p) {
        ports_[p].attach(sockets_[p].peer());
    }
}

std::int64_t Switch::forwarded() const {
    std::int64_t packets = 0;
    for (std::size_t p = 0; p < sockets_.size(); ++p) {
        packets += ports_[p].forwarded();
    }
    return packets;
}

std::unique_ptr<Switch> make_switch(NodeKind kind, const std::string& name, HotArena& arena,
                                    const std::vector<PortRole>& roles) {
    switch (kind) {
        case NodeKind::icn_switch:
            return std::make_unique<IcnSwitch>(name.c_str(), arena, roles);
        case NodeKind::ethernet_switch:
            return std::make_unique<EthernetSwitch>(name.c_str(), arena, roles);
        case NodeKind::pcie_switch:
            return std::make_unique<PcieSwitch>(name.c_str(), arena, roles);
        case NodeKind::nic:
            return std::make_unique<Nic>(name.c_str(), arena, roles);
        case NodeKind::card:
            break;
    }
    MYRIAD_CHECK(false, name + " is not a switch");
}

}  // namespace myriad

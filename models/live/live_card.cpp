// Assembly of a live card. Identifiers: cores, gateway, command processor.

#include "models/live/live_card.h"

#include "models/tile/simulate_kernel.h"

#include <algorithm>
#include <string>

namespace myriad {
namespace {

std::int64_t pseudo_channels(const ChipConfig& chip) {
    const HbmOrganisation& stack = chip.hbm.preset.organisation;
    return std::int64_t{chip.hbm.stacks} * stack.channels * stack.pseudo_channels;
}

template <class Number>
std::string numbered(const char* word, Number number) {
    return word + std::to_string(number);
}

}  // namespace

LiveCard::LiveCard(const sc_core::sc_module_name& name, const Surroundings& around, ComponentId self, CardId card,
                   const ChipConfig& chip, const std::vector<PortSpec>& port_specs)
    : sc_module(name),
      chip_(chip),
      spread_(chip.tile.slices, pseudo_channels(chip), LocalMap(chip.hbm.preset)),
      ports("ports", around.agenda, around.memory, around.cell, port_specs) {
    const auto first = static_cast<std::uint32_t>(self);
    const auto count = static_cast<std::uint32_t>(chip.cores);
    network = std::make_unique<CoreNetwork>("network", spread_, count + 1);
    for (std::uint32_t c = 0; c < count; ++c) {
        cores.push_back(
            std::make_unique<LiveCore>(numbered("core", c).c_str(), around.agenda, ComponentId{first + c}, c));
        core_ports.push_back(
            std::make_unique<CorePort>(numbered("core_port", c).c_str(), around.agenda, chip.tile.core_port));
        cores.back()->memory.bind(core_ports.back()->core);
        core_ports.back()->network.bind(network->input(c));
    }
    build_memory(around.agenda);
    gateway = std::make_unique<RemoteGateway>("gateway", around.agenda, ComponentId{first + count}, card, count,
                                              around.accesses, around.messages, ports);
    network->gateway.bind(gateway->outgoing);
    gateway->incoming.bind(network->input(count));
    commands = std::make_unique<LiveCommands>("command_processor", around.agenda, ComponentId{first + count + 1}, chip,
                                              cores, *gateway);
}

void LiveCard::build_memory(const Agenda& agenda) {
    const HbmPreset& preset = chip_.hbm.preset;
    std::vector<std::size_t> sockets(
        static_cast<std::size_t>(spread_.pseudo_channels() / preset.organisation.pseudo_channels), 0);
    for (std::int64_t s = 0; s < spread_.slices(); ++s) {
        slices.push_back(std::make_unique<CacheSlice>(numbered("slice", s).c_str(), agenda, chip_, spread_, s));
        network->slice(static_cast<std::size_t>(s)).bind(slices.back()->in);
        for (const std::int64_t channel : slices.back()->channels()) {
            ++sockets[static_cast<std::size_t>(channel)];
        }
    }
    for (std::size_t c = 0; c < sockets.size(); ++c) {
        hbm.push_back(std::make_unique<LiveHbmChannel>(numbered("hbm", c).c_str(), agenda, preset, sockets[c]));
    }
    std::vector<std::size_t> next(sockets.size(), 0);
    for (const auto& slice : slices) {
        for (std::size_t i = 0; i < slice->channels().size(); ++i) {
            const auto channel = static_cast<std::size_t>(slice->channels()[i]);
            slice->memory(i).bind(hbm[channel]->socket(next[channel]++));
        }
    }
}

Picoseconds LiveCard::duration(const Kernel& kernel) const { return simulate_kernel(chip_, kernel).total; }

LiveTraffic LiveCard::traffic() const {
    LiveTraffic sum;
    for (const auto& port : core_ports) {
        const CorePortStats& s = port->stats();
        sum.core_read += s.read + s.remote_read;
        sum.core_written += s.written + s.remote_written;
        sum.remote_read += s.remote_read;
        sum.remote_written += s.remote_written;
    }
    sum.served_read = gateway->stats().served_read;
    sum.served_written = gateway->stats().served_written;
    sum.flags = RemoteGateway::kFlag * gateway->stats().flags;
    for (const auto& slice : slices) {
        const CacheSliceStats& s = slice->stats();
        sum.slice_read += s.read;
        sum.slice_written += s.written;
        sum.slice_hit += s.hit;
        sum.slice_hbm_read += s.hbm_read;
        sum.slice_hbm_written += s.hbm_written;
    }
    for (const auto& channel : hbm) {
        for (std::size_t p = 0; p < channel->pseudo_channels(); ++p) {
            sum.hbm_read += channel->stats(p).read;
            sum.hbm_written += channel->stats(p).written;
        }
    }
    return sum;
}

std::size_t LiveCard::waiting_accesses() const {
    std::size_t waiting = 0;
    for (const auto& core : cores) {
        waiting += core->waiting();
    }
    return waiting;
}

std::size_t LiveCard::modules() const {
    // The card, its ports, the on-chip network, the gateway and the command processor.
    return 5 + cores.size() + core_ports.size() + slices.size() + hbm.size();
}

}  // namespace myriad

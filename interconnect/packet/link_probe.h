#pragma once
// Signals of one direction of a link, for waveforms and for processes of the user's own modules. Costs up to three
// agenda records a packet, so it is put where somebody looks.
//
//   busy          a packet is on the wire
//   packets       that have begun to be sent
//   queued_bytes  that the link has taken and not begun to send. A packet that waits because its own tail is still far
//                 (a slow link feeds this one) does not count.
//
// A packet whose head passed while it was waiting for its tail (link_model.h) is drawn from when it is taken: a signal
// cannot change in the past.

#include "interconnect/packet/link.h"
#include "sim/time/agenda.h"

#include <systemc>

#include <cstdint>

namespace myriad {

class LinkProbe final : public sc_core::sc_module, private LinkObserver, private AgendaClient {
public:
    // `self` is a component id of its own (PacketSystem::first_free_component and up). Before elaboration.
    LinkProbe(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, LinkDirection& direction);

    sc_core::sc_signal<bool> busy;
    sc_core::sc_signal<sc_dt::uint64> packets;
    sc_core::sc_signal<sc_dt::uint64> queued_bytes;

    // Adds the three signals under the module's name.
    void trace(sc_core::sc_trace_file* file) const override;

private:
    enum class Event : std::uint8_t { queued, begun, ended };

    void on_transmission(Packet& packet, const Transmission& times) override;
    void on_agenda(const AgendaRecord& record) override;
    void expect(TimePoint time, Event event, std::int32_t bytes);

    Agenda& agenda_;
    ComponentId self_;
    std::int64_t on_wire_ = 0;
    std::int64_t begun_ = 0;
    std::int64_t queued_ = 0;
};

}  // namespace myriad

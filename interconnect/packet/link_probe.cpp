// Events of a link direction as signals. They are written in the observing phase of their instant, when all packets of
// that instant have been taken, so a link that goes from one packet to the next does not blink. An event's kind and
// bytes ride in its record: nothing is stored.

#include "interconnect/packet/link_probe.h"

#include <algorithm>
#include <string>

namespace myriad {

namespace {
constexpr unsigned kKindBits = 2;
}

LinkProbe::LinkProbe(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, LinkDirection& direction)
    : sc_module(name), busy("busy"), packets("packets"), queued_bytes("queued_bytes"), agenda_(agenda), self_(self) {
    agenda.enroll(self, *this);
    direction.observe(*this);
}

void LinkProbe::trace(sc_core::sc_trace_file* file) const {
    const std::string prefix = std::string(name()) + ".";
    sc_core::sc_trace(file, busy, prefix + "busy");
    sc_core::sc_trace(file, packets, prefix + "packets");
    sc_core::sc_trace(file, queued_bytes, prefix + "queued_bytes");
}

void LinkProbe::expect(TimePoint time, Event event, std::int32_t bytes) {
    agenda_.schedule(time, Phase::observe, self_, self_,
                     static_cast<std::uint64_t>(bytes) << kKindBits | static_cast<std::uint64_t>(event));
}

void LinkProbe::on_transmission(Packet& packet, const Transmission& times) {
    const TimePoint now = agenda_.now();
    const std::int32_t bytes = packet.bytes;
    if (times.start > now) {
        expect(now, Event::queued, bytes);
    } else {
        queued_ += bytes;  // begins at this instant: never seen waiting
    }
    expect(std::max(times.start, now), Event::begun, bytes);
    expect(std::max(times.end, now), Event::ended, bytes);
}

void LinkProbe::on_agenda(const AgendaRecord& record) {
    const auto bytes = static_cast<std::int64_t>(record.payload >> kKindBits);
    switch (static_cast<Event>(record.payload & ((1u << kKindBits) - 1))) {
        case Event::queued:
            queued_ += bytes;
            break;
        case Event::begun:
            queued_ -= bytes;
            ++begun_;
            ++on_wire_;
            break;
        case Event::ended:
            --on_wire_;
            break;
    }
    // The last write of an instant is what the signals take.
    busy.write(on_wire_ > 0);
    packets.write(static_cast<sc_dt::uint64>(begun_));
    queued_bytes.write(static_cast<sc_dt::uint64>(queued_));
}

}  // namespace myriad

#pragma once
// The one module that drives SystemC time from the agenda, so that sc_time_stamp(), VCD traces and foreign SystemC
// modules are right. One SC_METHOD and one sc_event for the whole system.

#include "sim/time/agenda.h"

#include <systemc>

namespace myriad {

// The only places where picoseconds become sc_time and back; the resolution is checked once by the bridge.
[[nodiscard]] inline sc_core::sc_time to_sc_time(Picoseconds time) {
    return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(time.count()));
}
[[nodiscard]] inline Picoseconds to_picoseconds(const sc_core::sc_time& time) {
    return Picoseconds{static_cast<std::int64_t>(time.value())};
}

class AgendaBridge final : public sc_core::sc_module {
public:
    AgendaBridge(const sc_core::sc_module_name& name, Agenda& agenda);

private:
    void step();
    void wake();

    Agenda& agenda_;
    sc_core::sc_event due_;
};

}  // namespace myriad

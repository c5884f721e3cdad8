// The bridge. It sleeps until the agenda's next instant and delivers it. Records that a foreign process writes while
// the bridge sleeps move its alarm forward.

#include "sim/systemc/agenda_bridge.h"

#include "sim/error/error.h"

namespace myriad {

AgendaBridge::AgendaBridge(const sc_core::sc_module_name& name, Agenda& agenda) : sc_module(name), agenda_(agenda) {
    MYRIAD_CHECK(sc_core::sc_get_time_resolution() == sc_core::sc_time(1, sc_core::SC_PS),
                 "the time resolution of SystemC must be 1 ps");
    SC_HAS_PROCESS(AgendaBridge);
    SC_METHOD(step);
    sensitive << due_;
    agenda_.attach_host(
        [] { return TimePoint{to_picoseconds(sc_core::sc_time_stamp())}; },
        Completion{[](void* self, std::uint64_t) { static_cast<AgendaBridge*>(self)->wake(); }, this, 0});
}

void AgendaBridge::step() {
    const TimePoint now{to_picoseconds(sc_core::sc_time_stamp())};
    if (!agenda_.empty() && agenda_.next_time() == now) {
        agenda_.run_instant();
    }
    if (!agenda_.empty()) {
        due_.notify(to_sc_time(agenda_.next_time() - now));
    }
}

void AgendaBridge::wake() {
    // An earlier notification overrides a later one, a later one is ignored: exactly what an alarm needs.
    due_.notify(to_sc_time(agenda_.next_time() - TimePoint{to_picoseconds(sc_core::sc_time_stamp())}));
}

}  // namespace myriad

#pragma once
// A value change dump (IEEE 1364, section 18) of one-bit signals, for gtkwave. sc_trace samples signals while SystemC
// runs; this takes intervals that are known afterwards, in any order.

#include "sim/units/units.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

class ValueChangeDump {
public:
    // Signals of one scope stand together: declare them one after the other. Names: letters, digits, underscores.
    [[nodiscard]] std::size_t add_signal(const std::string& scope, const std::string& name);
    // The signal is 1 in [begin, end); intervals of one signal may overlap.
    void busy(std::size_t signal, TimePoint begin, TimePoint end);
    // The whole file, in picoseconds, under a scope `top`; it ends at the last change, or at `end` if that is later.
    [[nodiscard]] std::string finish(const std::string& top, TimePoint end) const;

private:
    struct Signal {
        std::string scope;
        std::string name;
        std::vector<std::pair<TimePoint, int>> edges;  // +1 begin, -1 end
    };
    std::vector<Signal> signals_;
};

}  // namespace myriad

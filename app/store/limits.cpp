// Times of the host are minutes and hours, which the times of a simulation are not.

#include "app/store/limits.h"

#include <array>
#include <string>

namespace myriad {

Parsed<HostDuration> parse_host_time(std::string_view text) {
    struct Unit {
        std::string_view name;
        double seconds;
    };
    // "min" ends with no other unit; "ms" is looked at before "s".
    constexpr std::array<Unit, 4> kUnits{{{"min", 60.0}, {"ms", 1e-3}, {"s", 1.0}, {"h", 3600.0}}};
    constexpr double kMost = 365.0 * 24.0 * 3600.0;
    const std::string_view whole = trimmed(text);
    for (const Unit& unit : kUnits) {
        if (!whole.ends_with(unit.name)) {
            continue;
        }
        const Parsed<double> number = parse_number(trimmed(whole.substr(0, whole.size() - unit.name.size())));
        if (number && number.value > 0.0 && number.value * unit.seconds <= kMost) {
            return {HostDuration{static_cast<HostDuration::rep>(number.value * unit.seconds * 1e9)}, {}};
        }
        break;
    }
    return {{},
            "expected a time of the host above 0 with its unit (ms, s, min, h), like '10 min', found '" +
                std::string(whole) + "'"};
}

}  // namespace myriad

// Field by field.

#include "models/live/live_traffic.h"

namespace myriad {

LiveTraffic& LiveTraffic::combine(const LiveTraffic& other, std::int64_t sign) {
    constexpr Bytes LiveTraffic::*kFields[] = {
        &LiveTraffic::core_read,      &LiveTraffic::core_written,   &LiveTraffic::remote_read,
        &LiveTraffic::remote_written, &LiveTraffic::served_read,    &LiveTraffic::served_written,
        &LiveTraffic::flags,          &LiveTraffic::slice_read,     &LiveTraffic::slice_written,
        &LiveTraffic::slice_hit,      &LiveTraffic::slice_hbm_read, &LiveTraffic::slice_hbm_written,
        &LiveTraffic::hbm_read,       &LiveTraffic::hbm_written};
    for (const auto field : kFields) {
        this->*field += Bytes{(other.*field).count() * sign};
    }
    return *this;
}

}  // namespace myriad

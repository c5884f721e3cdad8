#pragma once
// How long links have been busy until a moment, read between two instants of the agenda. Reading changes nothing.

#include "app/system/platform.h"
#include "interconnect/packet/fabric.h"
#include "interconnect/packet/packet_faults.h"

#include <functional>
#include <memory>

namespace myriad {

// At packet level: what a link has taken less what of it is still to be sent. Exact to a picosecond or two a packet that
// comes over links of different speeds; where the link's bandwidth changes during the run, what waits at that moment may be
// told too early or too late.
[[nodiscard]] std::unique_ptr<LinkMeter> make_packet_meter(const Topology& topology, const PacketFabric& fabric,
                                                           const PacketFaults* faults = nullptr);

// Where links are fluid: bytes by directed link until a moment. `steps` is raised by what was looked at.
using BytesUntil = std::function<std::vector<Bytes>(TimePoint at, std::uint64_t& steps)>;
[[nodiscard]] std::unique_ptr<LinkMeter> make_flow_meter(const Topology& topology, BytesUntil bytes);

}  // namespace myriad

#pragma once
// What the network does for a rank over time, by kind of communication group, whether the rank waits for it or not.

#include "workloads/training/span_log.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace myriad {

// Collectives of each kind of group (GroupKind::none: messages between pipeline stages) while they are under way: from the
// moment when the last rank has entered (the message is sent) until they have ended on this rank. In order of begin; two
// of a kind may overlap. A message that comes before it is awaited is told by no span and missing.
[[nodiscard]] std::map<GroupKind, std::vector<Span>> under_way(const SpanLog& log, std::int64_t rank);
// "tp collectives", "pp messages".
[[nodiscard]] std::string name_of_group_lane(GroupKind group);

}  // namespace myriad

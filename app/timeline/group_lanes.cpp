// From the spans of a rank. A collective that ran beside the program has a span of its own, from its entry; the wait that
// ends with it then is the tail of the same collective and is left out. A wait without one is a collective that the rank
// entered and waited for at once. What the wait for several at once is called (gradients) has no say: they have spans
// beside.

#include "app/timeline/group_lanes.h"

#include "workloads/training/explanation.h"

#include <algorithm>
#include <set>
#include <utility>

namespace myriad {
namespace {

// When it ended, and what a wait for it counts as.
using End = std::pair<TimePoint, SpanKind>;

bool works_on_network(const Span& span) { return !computes(span.kind) && span.kind != SpanKind::bubble; }

// Programs without a plan tell what a wait counts as, but no group.
GroupKind group_of(const Span& span) {
    if (span.group != GroupKind::none || span.kind == SpanKind::pipeline) {
        return span.group;
    }
    switch (span.kind) {
        case SpanKind::context:
            return GroupKind::context;
        case SpanKind::expert:
            return GroupKind::expert;
        case SpanKind::data:
            return GroupKind::data;
        case SpanKind::model:
            return GroupKind::model;
        default:
            return GroupKind::tensor;
    }
}

}  // namespace

std::map<GroupKind, std::vector<Span>> under_way(const SpanLog& log, std::int64_t rank) {
    std::set<End> beside;
    for (std::int64_t i = 0; i < log.count(rank); ++i) {
        const Span span = log.at(rank, i);
        if (span.beside) {
            beside.emplace(span.end, span.kind);
        }
    }
    std::map<GroupKind, std::vector<Span>> groups;
    for (std::int64_t i = 0; i < log.count(rank); ++i) {
        Span span = log.at(rank, i);
        if (!works_on_network(span) || (!span.beside && beside.contains({span.end, span.kind}))) {
            continue;
        }
        span.group = group_of(span);
        if (span.cause_rank >= 0) {
            // A message is sent before the wait for it; a group is complete after the rank's own entry.
            span.start = span.group == GroupKind::none ? span.cause_at : std::max(span.start, span.cause_at);
        }
        if (span.start < span.end) {
            groups[span.group].push_back(span);
        }
    }
    for (auto& [group, spans] : groups) {
        std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.start < b.start; });
    }
    return groups;
}

std::string name_of_group_lane(GroupKind group) {
    return std::string(key_of(group)) + (group == GroupKind::none ? " messages" : " collectives");
}

}  // namespace myriad

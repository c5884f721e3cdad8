#pragma once
// What is known of one scenario under one version of the model: the content of a file of the store, and what a point's
// process hands back.

#include "sim/process/children.h"
#include "sim/progress/host_clock.h"
#include "sim/units/units.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

struct PointRecord {
    std::string key;
    ChildOutcome outcome = ChildOutcome::succeeded;
    std::string reason;                         // why there is no result
    std::vector<std::optional<double>> values;  // by index in all_metrics()
    std::string algorithms;
    std::string scenario_yaml;  // effective, without name and title
    // Of the host that ran it.
    HostDuration elapsed{};
    HostDuration cpu{};  // of the run alone
    Bytes peak_memory{};
};

// The scenario's effective text without its own name and title.
[[nodiscard]] std::string nameless(std::string_view scenario_yaml);
// What a scenario's effective text means, without what is there for people: names and titles of its parts, and where its
// values come from.
[[nodiscard]] std::string identity_of(std::string_view nameless_yaml);
// Hash of an identity and the version of the model, 32 hexadecimal digits. Two scenarios that
// mean the same system have one key, however they are written and whatever their parts are called.
[[nodiscard]] std::string key_of(std::string_view identity_yaml);
[[nodiscard]] std::string key_of(std::string_view identity_yaml, std::string_view model);

// Whether the same scenario gives the same end on every host: a result, a user error, a broken law. A crash, a limit or
// an interrupt may go away.
[[nodiscard]] bool is_final(ChildOutcome outcome);
// The opposite of name_of; nothing for another word.
[[nodiscard]] std::optional<ChildOutcome> outcome_of(std::string_view name);

// JSON; without_scenario where the reader has the text.
[[nodiscard]] std::string text_of(const PointRecord& record, bool with_scenario = true);
// Nothing if the text is no whole record of this form.
[[nodiscard]] std::optional<PointRecord> parse_record(const std::string& text);

}  // namespace myriad

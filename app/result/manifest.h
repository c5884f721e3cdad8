#pragma once
// The two small JSON files of a result beside result.json: what made it, and what it cost the host.

#include "app/result/folder.h"
#include "app/run/report.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace myriad {

inline constexpr const char* kManifestSchema = "myriad-manifest/1";
inline constexpr const char* kHostSchema = "myriad-host/1";

// FNV-1a, 64 bits: tells apart inputs that differ by accident, not by malice.
[[nodiscard]] std::uint64_t fnv1a_64(std::string_view bytes);

[[nodiscard]] std::string manifest_json(const Manifest& manifest, const RunReport& report,
                                        std::string_view effective_yaml);
[[nodiscard]] std::string host_json(const RunOutcome& outcome);

// `manifest` with the names that stand in its folder, so that a later run knows what it may replace.
[[nodiscard]] std::string with_files(const std::string& manifest, const std::set<std::string>& names);
// Those names; none if `text` is not a manifest of any version.
[[nodiscard]] std::optional<std::set<std::string>> files_of_manifest(const std::string& text);

}  // namespace myriad

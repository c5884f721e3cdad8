#pragma once
// Paths of a scenario that a sweep sets: whether they exist, and whether two axes set the same.

#include "app/scenario/sweep.h"
#include "sim/config/section.h"

#include <string>
#include <string_view>
#include <vector>

namespace myriad {

struct ConfigNode;

// What is wrong with `path` as a path of a scenario; empty if every key on it exists. A list index or a name of the
// user's choice is judged when a point is loaded.
[[nodiscard]] std::string path_problem(std::string_view path);
// "path=value": its form and its path.
[[nodiscard]] std::string override_problem(const std::string& text);
[[nodiscard]] std::string path_of_override(const std::string& text);

// `with` of a choice: a piece of a scenario as overrides, one a key at its top. Errors are collected at their places.
[[nodiscard]] std::vector<std::string> overrides_of_piece(Section& s, const ConfigNode& piece);

// The values that an override sets: "cluster={server: ppu-16}" sets cluster.server. `is_whole`: a part, a list or a map
// with a base, of which nothing stays.
struct PathSet {
    std::string path;
    bool is_whole = false;
};
[[nodiscard]] std::vector<PathSet> paths_set_by(const std::string& override_text);

}  // namespace myriad

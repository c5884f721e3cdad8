#pragma once
// The text of `myriad show KIND NAME`: every value of a file with its status, range and source, and what follows from
// the values. Also as JSON, sorted keys, for scripts.

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

enum class ShowFormat : std::uint8_t { text, json };

// `name_or_path` as in app/config_files/load.h; `overrides` are "path=value". All throw UserError.
[[nodiscard]] std::string show_hbm(const std::string& name_or_path, ShowFormat format = ShowFormat::text,
                                   const std::vector<std::string>& overrides = {});
[[nodiscard]] std::string show_chip(const std::string& name_or_path, ShowFormat format = ShowFormat::text,
                                    const std::vector<std::string>& overrides = {});
[[nodiscard]] std::string show_core(const std::string& name_or_path, ShowFormat format = ShowFormat::text,
                                    const std::vector<std::string>& overrides = {});
[[nodiscard]] std::string show_server(const std::string& name_or_path, ShowFormat format = ShowFormat::text,
                                      const std::vector<std::string>& overrides = {});
[[nodiscard]] std::string show_fabric(const std::string& name_or_path, ShowFormat format = ShowFormat::text,
                                      const std::vector<std::string>& overrides = {});
[[nodiscard]] std::string show_cluster(const std::string& name_or_path, ShowFormat format = ShowFormat::text,
                                       const std::vector<std::string>& overrides = {});
[[nodiscard]] std::string show_llm(const std::string& name_or_path, ShowFormat format = ShowFormat::text,
                                   const std::vector<std::string>& overrides = {});

// "hbm", "chip", "server", "fabric", "cluster", "llm": what can be shown, for help and did-you-mean.
[[nodiscard]] std::vector<std::string> shown_kinds();
// Any of them by its kind; throws UserError for another word.
[[nodiscard]] std::string show(const std::string& kind, const std::string& name_or_path,
                               ShowFormat format = ShowFormat::text, const std::vector<std::string>& overrides = {});
// Names that exist of a kind, one a line, sorted.
[[nodiscard]] std::string list_names(const std::string& kind);

}  // namespace myriad

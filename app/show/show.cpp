// A file as a table: what it says, where that comes from, and what follows from it.

#include "app/show/show.h"

#include "app/config_files/load.h"
#include "app/config_files/read_hardware.h"
#include "app/config_files/schemas.h"
#include "app/show/summary.h"
#include "app/show/table.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace myriad {
namespace {

namespace fs = std::filesystem;

// Everything that is shown of one file.
struct Sheet {
    std::string kind;
    std::string name;
    std::string title;
    std::vector<SourcedText> values;
    std::vector<Figure> figures;
    std::vector<std::string> notes;
};

// In the text of a chip and of what holds one, values of the HBM preset and of the core file are left to their sheets.
bool is_of_preset(const Sheet& sheet, const SourcedText& value) {
    const auto folder = fs::path(value.mark.file).parent_path().filename();
    return (sheet.kind != hbm_schema().name() && folder == hbm_schema().folder()) ||
           (sheet.kind != core_schema().name() && folder == core_schema().folder());
}

std::string core_note(const ChipFile& chip) {
    if (!has_core(chip.chip)) {
        return "core: none; the tile and live levels refuse this chip";
    }
    return fmt::format("core: {}; its values: myriad show core {}", chip.chip.tile.name, chip.chip.tile.name);
}

std::string preset_note(const ChipFile& chip) {
    const HbmPreset& preset = chip.chip.hbm.preset;
    return fmt::format("hbm.preset: {} at {}; its values: myriad show hbm {}", preset.name, human_text(preset.clock),
                       preset.name);
}

// "139264 GFLOP/s" -> "139.264 TFLOP/s": the exact text of a quantity takes the shortest unit, people the nearest one.
std::string display_text(const std::string& exact) {
    static constexpr std::string_view kPrefixes = "kMGTP";
    const std::size_t blank = exact.find(' ');
    if (blank == std::string::npos || blank < 5 || blank + 2 >= exact.size() ||
        exact.find_first_not_of("0123456789") != blank) {
        return exact;
    }
    const std::size_t prefix = kPrefixes.find(exact[blank + 1]);
    if (prefix == std::string_view::npos || prefix + 1 == kPrefixes.size() || exact[blank + 2] == 'i') {
        return exact;
    }
    std::string number = exact.substr(0, blank - 3) + "." + exact.substr(blank - 3, 3);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') {
        number.pop_back();
    }
    return number + " " + kPrefixes[prefix + 1] + exact.substr(blank + 2);
}

// "50 ns .. 500 ns" -> "50 .. 500 ns".
std::string range_text(const SourcedText& value) {
    if (!value.range) {
        return "";
    }
    std::string low = display_text(value.range->first);
    const std::string high = display_text(value.range->second);
    const std::size_t low_unit = low.find(' ');
    const std::size_t high_unit = high.find(' ');
    if (low_unit != std::string::npos && high_unit != std::string::npos &&
        low.substr(low_unit) == high.substr(high_unit)) {
        low.resize(low_unit);
    }
    return low + " .. " + high;
}

// A list that would take the width of the table; JSON has it whole.
std::string shortened(const std::string& text, std::size_t width) {
    return text.size() <= width ? text : text.substr(0, text.rfind(' ', width)) + " ...";
}

std::string as_text(const Sheet& sheet) {
    constexpr std::size_t kValueWidth = 32;
    constexpr std::size_t kFigureWidth = 48;
    std::string out = sheet.title == sheet.name ? fmt::format("{} {}\n\n", sheet.kind, sheet.name)
                                                : fmt::format("{} {}: {}\n\n", sheet.kind, sheet.name, sheet.title);
    TextTable values({"value", "", "status", "range", "source"});
    std::int64_t assumed = 0;
    for (const SourcedText& value : sheet.values) {
        if (is_of_preset(sheet, value)) {
            continue;
        }
        assumed += value.status == Status::assumed ? 1 : 0;
        values.add({value.path, shortened(display_text(value.value), kValueWidth), std::string(name_of(value.status)),
                    range_text(value), value.source});
    }
    out += values.text();
    TextTable figures({"follows from it", "", "how"});
    for (const Figure& figure : sheet.figures) {
        figures.add({figure.name, shortened(figure.text, kFigureWidth), figure.meaning});
    }
    if (figures.rows() > 0) {
        out += "\n" + figures.text();
    }
    out += fmt::format("\n{} values, {} of them assumed\n", values.rows(), assumed);
    for (const std::string& note : sheet.notes) {
        out += note + "\n";
    }
    return out;
}

std::string as_json(const Sheet& sheet) {
    nlohmann::json out;
    out["kind"] = sheet.kind;
    out["name"] = sheet.name;
    out["title"] = sheet.title;
    out["values"] = nlohmann::json::array();
    for (const SourcedText& value : sheet.values) {
        nlohmann::json entry{{"path", value.path},
                             {"value", value.value},
                             {"source", value.source},
                             {"status", std::string(name_of(value.status))}};
        if (value.range) {
            entry["range"] = {value.range->first, value.range->second};
        }
        out["values"].push_back(std::move(entry));
    }
    out["figures"] = nlohmann::json::object();
    for (const Figure& figure : sheet.figures) {
        out["figures"][figure.name] = {
            {"value", figure.value}, {"unit", figure.unit}, {"text", figure.text}, {"meaning", figure.meaning}};
    }
    out["notes"] = sheet.notes;
    return out.dump(2) + "\n";
}

std::string render(const Sheet& sheet, ShowFormat format) {
    return format == ShowFormat::json ? as_json(sheet) : as_text(sheet);
}

struct Shown {
    const char* kind;
    std::string (*show)(const std::string&, ShowFormat, const std::vector<std::string>&);
    SchemaFunction schema;
};

const std::array<Shown, 7>& table() {
    static const std::array<Shown, 7> kShown{{
        {"hbm", show_hbm, hbm_schema},
        {"chip", show_chip, chip_schema},
        {"core", show_core, core_schema},
        {"server", show_server, server_schema},
        {"fabric", show_fabric, fabric_schema},
        {"cluster", show_cluster, cluster_schema},
        {"llm", show_llm, llm_schema},
    }};
    return kShown;
}

const Shown& shown_by_kind(const std::string& kind) {
    for (const Shown& entry : table()) {
        if (kind == entry.kind) {
            return entry;
        }
    }
    throw UserError(fmt::format("unknown kind '{}', expected one of {}{}", kind, fmt::join(shown_kinds(), ", "),
                                did_you_mean(kind, shown_kinds())));
}

}  // namespace

std::string show_hbm(const std::string& name, ShowFormat format, const std::vector<std::string>& overrides) {
    const Loaded<HbmFile> file = load_hbm(name, overrides);
    return render(
        {"hbm", file.value.preset.name, file.value.title, file.document.sourced(), hbm_figures(file.value.preset), {}},
        format);
}

std::string show_chip(const std::string& name, ShowFormat format, const std::vector<std::string>& overrides) {
    const Loaded<ChipFile> file = load_chip(name, overrides);
    return render({"chip",
                   file.value.chip.name,
                   file.value.title,
                   file.document.sourced(),
                   chip_figures(file.value),
                   {preset_note(file.value), core_note(file.value)}},
                  format);
}

std::string show_core(const std::string& name, ShowFormat format, const std::vector<std::string>& overrides) {
    const Loaded<TileConfig> file = load_core(name, overrides);
    return render({"core", file.value.name, file.value.name, file.document.sourced(), {}, {}}, format);
}

std::string show_server(const std::string& name, ShowFormat format, const std::vector<std::string>& overrides) {
    const Loaded<ServerFile> file = load_server(name, overrides);
    return render({"server",
                   file.value.server.name,
                   file.value.title,
                   file.document.sourced(),
                   server_figures(file.value),
                   {preset_note(file.value.chip), core_note(file.value.chip)}},
                  format);
}

std::string show_fabric(const std::string& name, ShowFormat format, const std::vector<std::string>& overrides) {
    const Loaded<FabricFile> file = load_fabric(name, overrides);
    const FabricConfig& fabric = file.value.fabric;
    return render({"fabric", fabric.name, fabric.name, file.document.sourced(), fabric_figures(fabric), {}}, format);
}

std::string show_cluster(const std::string& name, ShowFormat format, const std::vector<std::string>& overrides) {
    const Loaded<ClusterFile> file = load_cluster(name, overrides);
    return render({"cluster",
                   file.value.cluster.name,
                   file.value.title,
                   file.document.sourced(),
                   cluster_figures(file.value),
                   {preset_note(file.value.chip), core_note(file.value.chip)}},
                  format);
}

std::string show_llm(const std::string& name, ShowFormat format, const std::vector<std::string>& overrides) {
    const Loaded<LlmFile> file = load_llm(name, overrides);
    return render({"llm", file.value.model.name, file.value.title, file.document.sourced(), llm_figures(file.value),
                   disagreements(file.value)},
                  format);
}

std::vector<std::string> shown_kinds() {
    std::vector<std::string> kinds;
    for (const Shown& entry : table()) {
        kinds.emplace_back(entry.kind);
    }
    return kinds;
}

std::string show(const std::string& kind, const std::string& name_or_path, ShowFormat format,
                 const std::vector<std::string>& overrides) {
    return shown_by_kind(kind).show(name_or_path, format, overrides);
}

std::string list_names(const std::string& kind) {
    const Schema& schema = shown_by_kind(kind).schema();
    std::string out;
    for (const std::string& name : names_in_folder(schema, LoadOptions{find_config_roots().folders, {}})) {
        out += name + "\n";
    }
    return out;
}

}  // namespace myriad

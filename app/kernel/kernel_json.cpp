// JSON of the same figures. Keys are sorted and carry their unit; docs/kernels.md is the reference.

#include "app/kernel/kernel_result_text.h"

#include <nlohmann/json.hpp>

namespace myriad {
namespace {

using Json = nlohmann::json;

constexpr const char* kSchema = "myriad-kernel/1";

Json json_of(const KernelRates& rates) {
    return {{"time_ps", rates.total.count()},
            {"launch_ps", rates.launch.count()},
            {"body_ps", rates.body.count()},
            {"hbm_bytes", rates.hbm.count()},
            {"flop_per_s", rates.flop_per_s},
            {"bytes_per_s", rates.bytes_per_s},
            {"share_of_peak", rates.peak_share},
            {"share_of_hbm_peak", rates.hbm_share},
            {"flop_per_hbm_byte", rates.flop_per_byte},
            {"bound", rates.bound}};
}

Json fields_json(const KernelSpec& spec) {
    Json fields = Json::object();
    for (const KernelField& field : spec.family->fields) {
        const std::string name(field.name);
        switch (field.kind) {
            case FieldKind::rows:
                fields[name] = spec.rows;
                break;
            case FieldKind::flag:
                fields[name] = spec.at(field.name) != 0;
                break;
            case FieldKind::word:
                fields[name] = field_text(spec, field);
                break;
            case FieldKind::whole:
            case FieldKind::size:
                fields[name] = spec.at(field.name);
                break;
        }
    }
    return fields;
}

Json tile_json(const ChipConfig& chip, const KernelPoint& point) {
    const KernelResult& tile = *point.tile;
    Json json = json_of(tile_rates(chip, point));
    json["hbm_read_bytes"] = tile.hbm_read.count();
    json["hbm_written_bytes"] = tile.hbm_written.count();
    json["cache_read_bytes"] = tile.cache_read.count();
    json["cache_hit_bytes"] = tile.cache_hit.count();
    json["tiles"] = tile.tiles;
    json["cores"] = tile.cores;
    json["waves"] = tile.waves;
    json["plan"] = tile.plan;
    json["limit"] = std::string(name_of(tile.limit));
    json["tensor_busy_share"] = tile.tensor_busy;
    json["vector_busy_share"] = tile.vector_busy;
    json["hbm_busy_share"] = tile.hbm_busy;
    json["hbm_refresh_share"] = tile.refresh;
    json["hbm_row_hit_share"] = tile.row_hit_rate;
    json["cache_busy_share"] = tile.cache_busy;
    json["core_port_busy_share"] = tile.port_busy;
    json["events"] = tile.events;
    return json;
}

}  // namespace

std::string kernel_json(const KernelReport& report) {
    const ChipConfig& chip = *report.chip;
    Json points = Json::array();
    for (const auto& point : report.points) {
        Json entry = {{"fields", fields_json(point->spec)},
                      {"work_flop", point->kernel.work.count()},
                      {"read_bytes", point->kernel.read.count()},
                      {"written_bytes", point->kernel.written.count()}};
        if (point->roofline) {
            entry["roofline"] = json_of(roofline_rates(chip, *point));
        }
        if (point->tile) {
            entry["tile"] = tile_json(chip, *point);
        }
        points.push_back(std::move(entry));
    }
    const KernelPoint& first = *report.points.front();
    const Json json = {{"schema", kSchema},
                       {"chip", chip.name},
                       {"kernel", std::string(first.spec.family->name)},
                       {"data_type", std::string(name_of(first.spec.type))},
                       {"unit", first.kernel.unit == KernelUnit::tensor ? "matrix" : "vector"},
                       {"peak_flop_per_s", peak_of(chip, first.kernel).count()},
                       {"hbm_peak_bytes_per_s", chip.hbm.bandwidth.count()},
                       {"cores", chip.cores},
                       {"points", points}};
    return json.dump(2) + "\n";
}

}  // namespace myriad

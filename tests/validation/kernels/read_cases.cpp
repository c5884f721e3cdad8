// Cases in YAML: rows of the published tables that the tests need, each file with its source.

#include "tests/validation/kernels/measured_rows.h"

#include <yaml-cpp/yaml.h>

namespace myriad::accuracy {

std::vector<Row> read_cases(const std::string& path) {
    std::vector<Row> rows;
    const YAML::Node root = YAML::LoadFile(path);
    for (const YAML::Node& group : root["groups"]) {
        const auto chip = group["chip"].as<std::string>();
        const auto family = group["family"].as<std::string>();
        const auto columns = group["columns"].as<std::vector<std::string>>();
        for (const YAML::Node& line : group["rows"]) {
            Extents extents;
            for (std::size_t i = 0; i + 1 < columns.size(); ++i) {
                extents.values.emplace_back(columns[i], line[i].as<std::int64_t>());
            }
            const auto microseconds = line[columns.size() - 1].as<double>();
            rows.push_back(make_row(chip, family, extents, microseconds, in_fitted_half(family, extents)));
        }
    }
    return rows;
}

}  // namespace myriad::accuracy

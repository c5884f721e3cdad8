// The files say what they are in their first lines. Half precision; sizes in bytes; nccl-tests out of place.

#include "tests/validation/collectives/measured_collectives.h"

#include "tests/validation/csv_records.h"

#include <bit>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include <yaml-cpp/yaml.h>

namespace myriad::accuracy {
namespace {

CollectiveOp op_of(const std::string& name) {
    for (const CollectiveOp op :
         {CollectiveOp::all_reduce, CollectiveOp::all_gather, CollectiveOp::reduce_scatter, CollectiveOp::all_to_all}) {
        if (name == name_of(op) || (name == "alltoall" && op == CollectiveOp::all_to_all)) {
            return op;
        }
    }
    throw std::runtime_error("no collective '" + name + "'");
}

std::string server_of(const std::string& chip) { return chip == "h100" ? "hgx-8" : "hgx-8-" + chip; }

CollectiveCase make_case(const std::string& chip, const std::string& source, CollectiveOp op, int ranks, Bytes size,
                         double seconds) {
    return {server_of(chip), source, op, ranks, size, seconds, in_fitted_part(source, ranks, size)};
}

double nccl_seconds(const CsvRecord& record, Bytes size) {
    for (const char* column : {"time_us", "oop_time_us"}) {
        const auto found = record.find(column);
        if (found != record.end()) {
            return std::stod(found->second) * 1e-6;
        }
    }
    return static_cast<double>(size.count()) / (std::stod(record.at("algbw_GBps")) * 1e9);
}

}  // namespace

bool in_fitted_part(const std::string& source, int ranks, Bytes size) {
    constexpr int kSmallest = 9;  // 512 B
    const auto bytes = static_cast<std::uint64_t>(size.count());
    return source == "aiconfigurator" && ranks != 4 && (std::bit_width(bytes) - 1 - kSmallest) % 2 == 0;
}

int band_of(Bytes size) {
    const std::int64_t bytes = size.count();
    return bytes < (64 << 10) ? 0 : bytes < (1 << 20) ? 1 : bytes < (16 << 20) ? 2 : 3;
}

const char* band_text(int band) {
    constexpr const char* kTexts[kBands] = {"below 64 KiB", "64 KiB to 1 MiB", "1 MiB to 16 MiB", "16 MiB and more"};
    return kTexts[band];
}

std::vector<CollectiveCase> read_measured_collectives(const std::string& folder, const std::string& chip) {
    std::vector<CollectiveCase> cases;
    for (const CsvRecord& record : csv_records(folder + "/aiconfigurator_nccl_" + chip + ".csv")) {
        cases.push_back(make_case(chip, "aiconfigurator", op_of(record.at("op")), std::stoi(record.at("gpus")),
                                  Bytes{std::stoll(record.at("derived_bytes"))},
                                  std::stod(record.at("latency_ms")) * 1e-3));
    }
    for (const CsvRecord& record : csv_records(folder + "/nccl_allreduce_" + chip + "_8gpu_1node.csv")) {
        const Bytes size{std::stoll(record.at("size_B"))};
        cases.push_back(make_case(chip, "nccl-tests", CollectiveOp::all_reduce, 8, size, nccl_seconds(record, size)));
    }
    return cases;
}

std::vector<CollectiveCase> read_collective_cases(const std::string& path) {
    std::vector<CollectiveCase> cases;
    const YAML::Node root = YAML::LoadFile(path);
    const auto chip = root["chip"].as<std::string>();
    for (const YAML::Node& group : root["groups"]) {
        for (const YAML::Node& line : group["rows"]) {
            cases.push_back(make_case(chip, group["kind"].as<std::string>(), op_of(group["op"].as<std::string>()),
                                      line[0].as<int>(), Bytes{line[1].as<std::int64_t>()},
                                      line[2].as<double>() * 1e-6));
        }
    }
    return cases;
}

}  // namespace myriad::accuracy
